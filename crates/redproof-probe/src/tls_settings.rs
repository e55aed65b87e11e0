//! What LiteLLM's clients make of `ssl_…` settings, as far as the wire shows it.

use redproof_core::outcome::{Api, Tls, Verify};
use redproof_core::python::{Data, Origin, Value};
use redproof_core::releases::{Behaviour, Pair};
use redproof_core::secret::Secret;

use crate::outcome::{Failure, ProbeOutcome};
use crate::values::{truth, truthy_text, unknown, value_text};

/// TLS settings as the client's API uses them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsSettings {
    pub(crate) verify: bool,
    pub(crate) check_hostname: bool,
    /// Nobody chose `check_hostname`: another release's default may differ.
    pub(crate) default_check_hostname: bool,
    /// The files that `load_cert_chain` gets, when redis-py calls it.
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) ca_file: Option<String>,
    pub(crate) ca_path: Option<String>,
    pub(crate) ca_data: Option<String>,
    /// A `TLSVersion` number: 771 is TLS 1.2.
    pub(crate) min_version: Option<i64>,
    pub(crate) ciphers: Option<String>,
    /// `ssl_include_verify_flags` and `ssl_exclude_verify_flags`.
    pub(crate) verification: Verification,
}

impl TlsSettings {
    /// The same for whoever chose them: what goes over the wire, and what a certificate is held to.
    pub(crate) fn as_chosen(&self) -> Self {
        Self { default_check_hostname: false, ..self.clone() }
    }

    /// Whether the settings name authorities of their own.
    pub(crate) fn names_authorities(&self) -> bool {
        self.ca_file.is_some() || self.ca_path.is_some() || self.ca_data.is_some()
    }
}

/// The arguments of `SSLContext.load_cert_chain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientCertificate {
    pub(crate) certfile: Option<String>,
    pub(crate) keyfile: Option<String>,
    pub(crate) password: Option<Secret>,
}

/// What the settings change of how certificates are verified, as bits of `ssl.VerifyFlags`, which are
/// OpenSSL's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verification {
    include: u64,
    exclude: u64,
}

/// `ssl.VerifyFlags`, by name.
const FLAGS: [(&str, u64); 7] = [
    ("VERIFY_DEFAULT", 0),
    ("VERIFY_CRL_CHECK_LEAF", 0x4),
    ("VERIFY_CRL_CHECK_CHAIN", 0xc),
    ("VERIFY_X509_STRICT", STRICT),
    ("VERIFY_ALLOW_PROXY_CERTS", 0x40),
    ("VERIFY_X509_TRUSTED_FIRST", TRUSTED_FIRST),
    ("VERIFY_X509_PARTIAL_CHAIN", PARTIAL_CHAIN),
];
const STRICT: u64 = 0x20;
const TRUSTED_FIRST: u64 = 0x8000;
const PARTIAL_CHAIN: u64 = 0x8_0000;

impl Verification {
    /// The flags of a context: `ssl.create_default_context()`, then what the settings add and take.
    pub(crate) fn flags(self, strict: bool) -> u64 {
        let default = if strict { TRUSTED_FIRST | STRICT | PARTIAL_CHAIN } else { TRUSTED_FIRST };
        (default | self.include) & !self.exclude
    }
}

/// `for flag in flags: context.verify_flags |= flag`. A URL's query gives flags, a config text, with
/// which Python can't do that.
fn flags(name: &str, value: &Value, wrong: impl Fn(&str) -> String) -> Result<u64, Failure> {
    let refused = |message: String| {
        Err(Failure::new(
            ProbeOutcome::InvalidConfig,
            format!("TypeError: {message}. redis-py can't use `{name}` as it is written."),
        )
        .help(format!(
            "Leave `{name}` out, or write it into the query of the url: `?{name}=VERIFY_…`."
        )))
    };
    if !truth(name, value)? {
        return Ok(0);
    }
    let items = match &value.data {
        Data::List(items) => items,
        Data::Unknown(why) => return Err(unknown(&format!("`{name}`"), why)),
        Data::Str(_) => return refused(wrong("str")),
        _ => {
            let kind = value.type_name().unwrap_or("object");
            return refused(format!("'{kind}' object is not iterable"));
        }
    };
    let mut bits = 0;
    for item in items.iter() {
        bits |= match &item.data {
            Data::Str(text) if matches!(item.origin, Origin::RedisPyDefault(_)) => {
                FLAGS.iter().find(|(flag, _)| **flag == **text).map_or(0, |(_, bits)| *bits)
            }
            Data::Int(number) => u64::try_from(number).unwrap_or(0),
            Data::Bool(flag) => u64::from(*flag),
            Data::Unknown(why) => return Err(unknown(&format!("`{name}`"), why)),
            _ => return refused(wrong(item.type_name().unwrap_or("object"))),
        };
    }
    Ok(bits)
}

/// What `_wrap_socket_with_ssl` (sync), `RedisSSLContext.get` (async) and the Rust client make of the settings.
pub(crate) fn tls_settings(tls: &Tls, api: Api, pair: Pair) -> Result<TlsSettings, Failure> {
    let full = api != Api::Async || pair.behaves(Behaviour::AsyncTlsMatchesSync);
    let other = |names: &[&str]| {
        tls.others.iter().find(|(name, _)| names.contains(name)).map(|(_, setting)| &setting.value)
    };
    // The sync connection asks `is not None`, the async one for truth.
    let file = |name: &str, value: &Value| {
        let text = value_text(name, value)?;
        Ok(text.filter(|text| api == Api::Sync || !text.is_empty()))
    };
    let verify = tls.verify != Verify::None;
    let mut check_hostname = truth("ssl_check_hostname", &tls.check_hostname.value)?;
    if !verify && check_hostname {
        if api == Api::Native || pair.behaves(Behaviour::CertNoneDropsHostnameCheck) {
            check_hostname = false;
        } else {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                "ValueError: Cannot set verify_mode to CERT_NONE when check_hostname is enabled.",
            )
            .help("Set `ssl_check_hostname: false` beside `ssl_cert_reqs: none`, or verify."));
        }
    }
    let certfile = truthy_text("ssl_certfile", &tls.certfile.value)?;
    let keyfile = truthy_text("ssl_keyfile", &tls.keyfile.value)?;
    let loads_certificate = if api == Api::Native {
        certfile.is_some()
    } else if full {
        certfile.is_some() || keyfile.is_some()
    } else {
        certfile.is_some() && keyfile.is_some()
    };
    let key_password = match other(&["password"]) {
        Some(value) if full => value_text("ssl_password", value)?.map(Secret::new),
        _ => None,
    };
    let optional = |name: &str, names: &[&str]| match other(names) {
        Some(value) => file(name, value),
        None => Ok(None),
    };
    let min_version = match other(&["min_version"]).map(|value| &value.data) {
        None | Some(Data::None) => None,
        Some(Data::Int(number)) => Some(i64::try_from(number).unwrap_or(i64::MAX)),
        Some(Data::Unknown(why)) => return Err(unknown("`ssl_min_version`", why)),
        Some(_) => {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                "`ssl_min_version` must be a number: 771 is TLS 1.2, 772 is TLS 1.3.",
            ));
        }
    };
    Ok(TlsSettings {
        verify,
        check_hostname,
        default_check_hostname: matches!(
            tls.check_hostname.value.origin,
            Origin::RedisPyDefault(_)
        ),
        client_certificate: loads_certificate.then_some(ClientCertificate {
            certfile,
            keyfile,
            password: key_password,
        }),
        ca_file: file("ssl_ca_certs", &tls.ca_certs.value)?,
        ca_path: if full { file("ssl_ca_path", &tls.ca_path.value)? } else { None },
        ca_data: optional("ssl_ca_data", &["ca_data"])?,
        min_version,
        ciphers: optional("ssl_ciphers", &["ciphers"])?,
        verification: Verification {
            include: flags("ssl_include_verify_flags", &tls.include_verify_flags.value, |kind| {
                format!("unsupported operand type(s) for |=: 'VerifyFlags' and '{kind}'")
            })?,
            exclude: flags("ssl_exclude_verify_flags", &tls.exclude_verify_flags.value, |kind| {
                format!("bad operand type for unary ~: '{kind}'")
            })?,
        },
    })
}
