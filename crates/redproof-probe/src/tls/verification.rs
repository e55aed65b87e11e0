//! What OpenSSL has against the server's certificate, for LiteLLM's client and for a strict one.

use openssl::nid::Nid;
use openssl::ssl::SslRef;
use openssl::x509::{X509, X509NameRef, X509Ref, X509StoreContextRef, X509VerifyResult};
use redproof_core::releases::Python;

use super::certificate::{describe, name, names_for_people};
use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::report::Strict;
use crate::tls_settings::TlsSettings;

/// OpenSSL's `X509_V_ERR_*` numbers that get an outcome of their own.
mod code {
    pub(super) const UNABLE_TO_GET_ISSUER_CERT: i32 = 2;
    pub(super) const CERT_SIGNATURE_FAILURE: i32 = 7;
    pub(super) const CERT_NOT_YET_VALID: i32 = 9;
    pub(super) const CERT_HAS_EXPIRED: i32 = 10;
    pub(super) const DEPTH_ZERO_SELF_SIGNED_CERT: i32 = 18;
    pub(super) const SELF_SIGNED_CERT_IN_CHAIN: i32 = 19;
    pub(super) const UNABLE_TO_GET_ISSUER_CERT_LOCALLY: i32 = 20;
    pub(super) const UNABLE_TO_VERIFY_LEAF_SIGNATURE: i32 = 21;
    pub(super) const PATH_LENGTH_EXCEEDED: i32 = 25;
    pub(super) const INVALID_PURPOSE: i32 = 26;
    pub(super) const CERT_UNTRUSTED: i32 = 27;
    pub(super) const CERT_REJECTED: i32 = 28;
    pub(super) const KEYUSAGE_NO_CERTSIGN: i32 = 32;
    pub(super) const UNHANDLED_CRITICAL_EXTENSION: i32 = 34;
    pub(super) const INVALID_NON_CA: i32 = 37;
    pub(super) const KEYUSAGE_NO_DIGITAL_SIGNATURE: i32 = 39;
    pub(super) const PERMITTED_VIOLATION: i32 = 47;
    pub(super) const EXCLUDED_VIOLATION: i32 = 48;
    pub(super) const HOSTNAME_MISMATCH: i32 = 62;
    pub(super) const IP_ADDRESS_MISMATCH: i32 = 64;
    pub(super) const EE_KEY_TOO_SMALL: i32 = 66;
    pub(super) const CA_KEY_TOO_SMALL: i32 = 67;
    pub(super) const CA_MD_TOO_WEAK: i32 = 68;
    pub(super) const INVALID_CA: i32 = 79;
    /// What `VERIFY_X509_STRICT` alone objects to.
    pub(super) const STRICT: std::ops::RangeInclusive<i32> = 80..=94;
    /// `INVALID_CA` before OpenSSL 3.0.
    pub(super) const INVALID_CA_BEFORE_3: i32 = 24;
}

/// What a chain needs under `VERIFY_X509_STRICT`.
const STRICT_CURE: &str = "Issue the chain anew: the CA with `-addext basicConstraints=critical,CA:TRUE -addext \
    keyUsage=critical,keyCertSign,cRLSign -addext subjectKeyIdentifier=hash`, what it signs with \
    `subjectKeyIdentifier=hash` and `authorityKeyIdentifier=keyid`.";

/// One objection of OpenSSL's.
#[derive(Clone, Debug)]
pub(super) struct Objection {
    code: i32,
    text: &'static str,
    depth: u32,
    certificate: Option<X509>,
}

/// Objections in the order in which OpenSSL raises them. A client stops at the first; going on
/// past it gives the whole picture in one handshake.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objections {
    /// Whether the server's certificate came at all.
    pub(super) asked: bool,
    list: Vec<Objection>,
}

impl Objections {
    /// Takes note of one call of OpenSSL's verify callback.
    pub(super) fn note(&mut self, fine: bool, context: &X509StoreContextRef) {
        self.asked = true;
        // The callback is called on for certificates that are fine: a few would do, thousands
        // would be a hostile chain.
        if fine || self.list.len() >= 32 {
            return;
        }
        self.list.push(Objection::of(context));
    }

    /// Whether more trusted roots might lead to another verdict: they may complete a chain, or
    /// give another way up that is not expired. They change no name.
    pub(super) fn depend_on_roots(&self) -> bool {
        self.list.iter().any(|objection| !objection.is_about_name())
    }

    /// Why LiteLLM's client refuses the certificate, if it does.
    pub(crate) fn for_client(
        &self,
        settings: &TlsSettings,
        host: &str,
        ssl: &SslRef,
    ) -> Option<Failure> {
        if !settings.verify {
            return None;
        }
        self.list
            .iter()
            .find(|objection| settings.check_hostname || !objection.is_about_name())
            .map(|objection| objection.failure(host, ssl))
    }

    /// What such a client has against the name, whatever it has against the chain.
    pub(super) fn about_name(
        &self,
        settings: &TlsSettings,
        host: &str,
        ssl: &SslRef,
    ) -> Option<Failure> {
        let about = self.list.iter().find(|objection| objection.is_about_name());
        about.filter(|_| settings.check_hostname).map(|objection| objection.failure(host, ssl))
    }

    /// The verdict of a client that checks everything.
    pub(crate) fn strict(
        &self,
        client: Option<&Failure>,
        settings: &TlsSettings,
        host: &str,
        ssl: &SslRef,
    ) -> Strict {
        let Some(objection) = self.list.first() else {
            return Strict { outcome: ProbeOutcome::Ok, detail: None };
        };
        let failure = objection.failure(host, ssl);
        let detail = if client.is_some() {
            failure.detail
        } else if settings.verify {
            format!(
                "{} This client does not check the name: any certificate of that authority passes.",
                failure.detail
            )
        } else {
            format!(
                "{} This client verifies nothing: an impostor would pass just as well.",
                failure.detail
            )
        };
        Strict { outcome: failure.outcome, detail: Some(detail) }
    }
}

impl Objection {
    /// What a context objects to at the moment.
    pub(super) fn of(context: &X509StoreContextRef) -> Self {
        let error = context.error();
        Self {
            code: error.as_raw(),
            text: error.error_string(),
            depth: context.error_depth(),
            certificate: context.current_cert().map(ToOwned::to_owned),
        }
    }

    /// Whether the certificate is one that the client trusts, rather than one that the server sent: a
    /// root, or an authority that is not in the server's chain.
    fn is_trusted_one(&self, ssl: &SslRef) -> bool {
        let Some(certificate) = self.certificate.as_deref().filter(|_| self.depth > 0) else {
            return false;
        };
        let der = certificate.to_der().ok();
        let root = certificate.issued(certificate) == X509VerifyResult::OK;
        let sent = ssl
            .peer_cert_chain()
            .is_some_and(|chain| chain.iter().any(|sent| sent.to_der().ok() == der));
        root || !sent
    }

    fn is_about_name(&self) -> bool {
        matches!(self.code, code::HOSTNAME_MISMATCH | code::IP_ADDRESS_MISMATCH)
    }

    pub(super) fn failure(&self, host: &str, ssl: &SslRef) -> Failure {
        use ProbeOutcome as O;
        let certificate = self.certificate.as_deref();
        let who = self.who();
        let report = || certificate.map(describe);
        match self.code {
            code::CERT_HAS_EXPIRED => {
                let until = report().map_or_else(String::new, |report| report.not_after);
                let expired = Failure::new(O::CertExpired, format!("{who} expired at {until}."))
                    .presented(format!("a certificate valid until {until}"))
                    .expected("a certificate that is valid today");
                if self.is_trusted_one(ssl) {
                    expired
                        .help(
                            "Put the authority's new certificate into the file of `ssl_ca_certs`: the expired \
                             one is the client's own, and a new one of the server's would not help.",
                        )
                        .side(Side::Client)
                } else if self.depth > 0 {
                    expired.help(
                        "Put the authority's new certificate into the chain that the server sends (`tls-cert-file`), \
                         behind the server's own, and make the server load it.",
                    )
                } else {
                    expired
                }
            }
            code::CERT_NOT_YET_VALID => {
                let from = report().map_or_else(String::new, |report| report.not_before);
                Failure::new(O::CertNotYetValid, format!("{who} is not valid before {from}."))
                    .presented(format!("a certificate valid from {from}"))
                    .expected("a certificate that is valid today")
            }
            code::HOSTNAME_MISMATCH | code::IP_ADDRESS_MISMATCH => {
                let presented =
                    certificate.map_or_else(|| "a certificate".to_owned(), names_for_people);
                Failure::new(
                    O::HostnameMismatch,
                    format!("The server's certificate is not for {host}."),
                )
                .presented(presented)
                .expected(expected_name(host))
            }
            code::EE_KEY_TOO_SMALL | code::CA_KEY_TOO_SMALL => {
                let key = report().map_or_else(String::new, |report| report.key);
                Failure::new(O::WeakCert, format!("{who} has too small a key: {key}."))
                    .presented(key)
                    .expected("RSA of 2048 bits or more, or EC")
            }
            code::CA_MD_TOO_WEAK => {
                let signature = report().map_or_else(String::new, |report| report.signature);
                Failure::new(
                    O::WeakCert,
                    format!("{who} is signed with too weak a hash: {signature}."),
                )
                .presented(signature)
                .expected("SHA-256 or better")
            }
            code::UNABLE_TO_GET_ISSUER_CERT => Failure::new(
                O::ChainIncomplete,
                format!(
                    "The trusted certificates hold {}, but not its issuer, and OpenSSL accepts no \
                     chain that ends before a root.",
                    subject(certificate)
                ),
            )
            .presented(format!("a chain up to {}", subject(certificate)))
            .expected(format!("{} among the trusted certificates", issuer(certificate)))
            .help("Add the root certificate to the file of `ssl_ca_certs`."),
            code::UNABLE_TO_GET_ISSUER_CERT_LOCALLY | code::UNABLE_TO_VERIFY_LEAF_SIGNATURE => {
                missing_issuer(certificate, ssl)
            }
            code::DEPTH_ZERO_SELF_SIGNED_CERT => Failure::new(
                O::UnknownCa,
                "The server's certificate is signed by itself, and not among the trusted ones.",
            )
            .presented(format!("self-signed: {}", subject(certificate)))
            .expected("a certificate of a trusted authority, or this one in `ssl_ca_certs`"),
            code::SELF_SIGNED_CERT_IN_CHAIN
            | code::CERT_SIGNATURE_FAILURE
            | code::CERT_UNTRUSTED => Failure::new(
                O::UnknownCa,
                format!(
                    "The chain ends at {}, which is not among the trusted certificates.",
                    subject(certificate)
                ),
            )
            .presented(format!("a chain up to {}", subject(certificate)))
            .expected("a chain up to a trusted root"),
            _ => self.misuse(&who).unwrap_or_else(|| {
                let detail = format!("OpenSSL refuses {}: {}.", lower(&who), self.text);
                Failure::new(O::Other, detail)
            }),
        }
    }

    /// What is wrong with the certificate's extensions.
    fn misuse(&self, who: &str) -> Option<Failure> {
        use ProbeOutcome as O;
        let certificate = self.certificate.as_deref();
        Some(match self.code {
            code::INVALID_PURPOSE
            | code::INVALID_CA
            | code::INVALID_CA_BEFORE_3
            | code::INVALID_NON_CA
            | code::KEYUSAGE_NO_CERTSIGN
            | code::KEYUSAGE_NO_DIGITAL_SIGNATURE
            | code::PATH_LENGTH_EXCEEDED
            | code::CERT_REJECTED => Failure::new(
                O::BadKeyUsage,
                format!("{who} may not be used for this: {}.", self.text),
            )
            .presented(self.subject_and_issuer())
            .expected(if self.depth == 0 {
                "a certificate for TLS servers (extendedKeyUsage serverAuth, or none)"
            } else {
                "a CA certificate (basicConstraints CA:TRUE, keyUsage keyCertSign)"
            }),
            code::PERMITTED_VIOLATION | code::EXCLUDED_VIOLATION => Failure::new(
                O::BadKeyUsage,
                format!("{who} carries a name that its CA may not sign (nameConstraints)."),
            )
            .presented(certificate.map_or_else(|| "a certificate".to_owned(), names_for_people))
            .expected("names that the CA's nameConstraints permit")
            .help("Have the certificate signed by a CA whose nameConstraints permit its names."),
            code::UNHANDLED_CRITICAL_EXTENSION => Failure::new(
                O::BadKeyUsage,
                format!("{who} has a critical extension that OpenSSL does not know."),
            )
            .presented("an unknown critical extension")
            .expected("critical extensions that OpenSSL knows")
            .help("Issue the certificate without that extension, or not as critical."),
            number if code::STRICT.contains(&number) => Failure::new(
                O::BadKeyUsage,
                format!("{who} is not as RFC 5280 wants it: {}.", self.text),
            )
            .presented(self.subject_and_issuer())
            .expected(format!("a chain as Python {} and later verify it", Python::FIRST_STRICT))
            .help(STRICT_CURE),
            _ => return None,
        })
    }

    fn subject_and_issuer(&self) -> String {
        let certificate = self.certificate.as_deref();
        format!("{}, signed by {}", subject(certificate), issuer(certificate))
    }

    fn who(&self) -> String {
        if self.depth == 0 {
            "The server's certificate".to_owned()
        } else {
            format!("The CA certificate {}", subject(self.certificate.as_deref()))
        }
    }
}

/// No trusted certificate signed the last one of the chain: is a link missing, or the authority
/// unknown? OpenSSL says the same of both.
fn missing_issuer(certificate: Option<&X509Ref>, ssl: &SslRef) -> Failure {
    use ProbeOutcome as O;
    let missing = issuer(certificate);
    let presented = ssl.peer_cert_chain().map_or(0, openssl::stack::StackRef::len);
    let failure = |outcome, detail: String| {
        Failure::new(outcome, detail)
            .presented(format!(
                "{presented} certificate{}, the last one signed by {missing}",
                if presented == 1 { "" } else { "s" }
            ))
            .expected("a chain up to a trusted root")
    };
    if certificate.is_some_and(|certificate| issuer_is_intermediate(certificate, ssl)) {
        failure(
            O::ChainIncomplete,
            format!(
                "The server does not send {missing}, which signed its certificate: the chain to \
                 the root has a gap."
            ),
        )
    } else {
        failure(
            O::UnknownCa,
            format!(
                "The certificate is signed by {missing}, which is neither among the trusted \
                 certificates nor sent by the server."
            ),
        )
    }
}

/// Whether the missing issuer is itself signed by another authority: the certificate names that
/// one, says where to fetch its issuer, or carries the organisation of a trusted CA.
fn issuer_is_intermediate(certificate: &X509Ref, ssl: &SslRef) -> bool {
    let issuer = certificate.issuer_name();
    if let Some(names) = certificate.authority_issuer() {
        let above = names.iter().find_map(|name| name.directory_name());
        if let Some(above) = above {
            return !same_name(above, issuer);
        }
    }
    if certificate
        .authority_info()
        .is_some_and(|info| info.iter().any(|access| access.method().nid() == Nid::AD_CA_ISSUERS))
    {
        return true;
    }
    let text = name(issuer).to_lowercase();
    if ["intermediate", "issuing", "sub ca", "subordinate"].iter().any(|word| text.contains(word)) {
        return true;
    }
    let organisation = |name: &X509NameRef| {
        name.entries_by_nid(Nid::ORGANIZATIONNAME)
            .next()
            .and_then(|entry| entry.data().to_string().ok())
    };
    let Some(wanted) = organisation(issuer) else {
        return false;
    };
    ssl.ssl_context().cert_store().all_certificates().iter().any(|trusted| {
        organisation(trusted.subject_name()).as_ref() == Some(&wanted)
            && !same_name(trusted.subject_name(), issuer)
    })
}

fn same_name(one: &X509NameRef, other: &X509NameRef) -> bool {
    one.try_cmp(other).is_ok_and(std::cmp::Ordering::is_eq)
}

fn subject(certificate: Option<&X509Ref>) -> String {
    certificate.map_or_else(
        || "an unnamed certificate".to_owned(),
        |certificate| format!("`{}`", name(certificate.subject_name())),
    )
}

fn issuer(certificate: Option<&X509Ref>) -> String {
    certificate.map_or_else(
        || "an unnamed authority".to_owned(),
        |certificate| format!("`{}`", name(certificate.issuer_name())),
    )
}

fn expected_name(host: &str) -> String {
    let kind = if host.parse::<std::net::IpAddr>().is_ok() { "IP" } else { "DNS" };
    format!("a certificate with subjectAltName {kind}:{host}")
}

fn lower(text: &str) -> String {
    text.replacen("The", "the", 1)
}
