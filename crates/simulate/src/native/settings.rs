//! The settings of the Rust client, but for whom it connects to.

use crate::outcome::{Auth, Knowable, Setting, Tls, Verify};
use python::{Data, Integer, Kwargs, Stop, Value, case, convert};

use super::values::{
    CERT_REQS, Refused, SECONDS, flag, is_duration, is_set, text, unusable, verify,
};
use super::{none, own, setting, tls_settings};

/// Settings that ask for checks which rustls has not.
pub(super) const UNVERIFIABLE: [(&str, &str); 4] = [
    ("ssl_exclude_verify_flags", "X.509 verify flags such as CRL checking"),
    ("ssl_include_verify_flags", "X.509 verify flags such as CRL checking"),
    ("ssl_validate_ocsp", "OCSP revocation checks"),
    ("ssl_validate_ocsp_stapled", "OCSP revocation checks"),
];

/// Refuses one of [`UNVERIFIABLE`]; `shown` names it.
///
/// # Errors
/// `TypeError` where it is asked for; a flag that is neither yes nor no leaves the state in memory.
pub(super) fn refuse(shown: &str, name: &str, what: &str, value: &Value) -> Result<(), Refused> {
    if let Data::Unknown(why) = &value.data {
        return Err(Refused::Raised(Stop::Unknown(why.to_string())));
    }
    let asked = if name.ends_with("flags") {
        is_set(value)
    } else {
        flag(value).ok_or_else(|| unusable(shown, "a boolean"))?
    };
    if !asked {
        return Ok(());
    }
    let message = format!(
        "{shown} asks for {what}, which rustls cannot perform, so Redis is not connected without them"
    );
    Err(Stop::raise("TypeError", message).because_of(&value.origin).into())
}

/// The settings of one client.
pub(super) struct Reader<'k> {
    pub(super) kwargs: &'k Kwargs,
}

impl Reader<'_> {
    pub(super) fn given(&self, name: &str) -> Option<&Value> {
        super::given(self.kwargs, name)
    }

    pub(super) fn refuse_unverifiable(&self) -> Result<(), Refused> {
        for (name, what) in UNVERIFIABLE {
            if let Some(value) = self.kwargs.get(name) {
                refuse(name, name, what, value)?;
            }
        }
        Ok(())
    }

    /// A flag that is off where it is unset.
    pub(super) fn flag(&self, name: &str) -> Result<Knowable<bool>, Refused> {
        match self.given(name) {
            None => Ok(Knowable::Known(false)),
            Some(Value { data: Data::Unknown(why), .. }) => Ok(Knowable::Unknown(why.to_string())),
            Some(value) => {
                flag(value).map(Knowable::Known).ok_or_else(|| unusable(name, "a boolean"))
            }
        }
    }

    /// IAM, which is looked at before everything else.
    pub(super) fn auth(&self, tls: &Result<Knowable<bool>, Refused>) -> Result<Auth, Refused> {
        if let Some(provider) = self.given("credential_provider")
            && !matches!(provider.data, Data::Object(_) | Data::Unknown(_))
        {
            let why = "credential_provider is a host object, and the host passed no handle for it";
            return Err(Refused::Unusable(why.to_owned()));
        }
        let aws = self.flag("aws_iam_auth")?;
        if let Some(service_account) = self.given("gcp_service_account").and_then(text) {
            return Ok(Auth::Gcp { service_account });
        }
        let azure = self.given("azure_redis_ad_token").and_then(text);
        if azure.is_some_and(|token| case::lower(&token) == "true") {
            let word = |name: &str| self.given(name).and_then(text);
            return Ok(Auth::Azure(python::AzureIam {
                client_id: word("azure_client_id"),
                tenant_id: word("azure_tenant_id"),
                client_secret: word("azure_client_secret").map(base::secret::Secret::new),
            }));
        }
        match aws {
            Knowable::Known(true) => self.elasticache(tls),
            _ => Ok(Auth::Static),
        }
    }

    fn elasticache(&self, tls: &Result<Knowable<bool>, Refused>) -> Result<Auth, Refused> {
        match tls {
            Ok(Knowable::Known(false)) => {
                let message = "AWS ElastiCache IAM Redis authentication requires TLS";
                return Err(Stop::raise("ValueError", message).into());
            }
            Err(_) => {
                self.flag("ssl")?;
            }
            Ok(_) => {}
        }
        let word = |name: &str| self.given(name).and_then(text);
        let names = ["aws_iam_user_name", "aws_iam_cache_name", "aws_iam_region"];
        let [user_name, cache_name, region] = names.map(word);
        let missing: Vec<&str> = names
            .into_iter()
            .filter(|name| {
                word(name).is_none()
                    && !self.given(name).is_some_and(|v| matches!(v.data, Data::Unknown(_)))
            })
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "AWS ElastiCache IAM Redis authentication requires: {}",
                missing.join(", ")
            );
            return Err(Stop::raise("ValueError", message).into());
        }
        let serverless = matches!(self.flag("aws_iam_serverless")?, Knowable::Known(true));
        Ok(Auth::Aws {
            user_name: user_name.unwrap_or_default(),
            cache_name: cache_name.unwrap_or_default(),
            region: region.unwrap_or_default(),
            serverless,
        })
    }

    pub(super) fn unknown(&self, name: &str) -> Result<(), Refused> {
        match self.given(name) {
            Some(Value { data: Data::Unknown(why), .. }) => {
                Err(Refused::Raised(Stop::Unknown(why.to_string())))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn raise(&self, class: &str, message: &str, name: &str) -> Refused {
        let stop = Stop::raise(class, message);
        match self.kwargs.get(name) {
            Some(value) => stop.because_of(&value.origin).into(),
            None => stop.into(),
        }
    }

    /// A whole number. What is none counts as unset, with a line in the log.
    pub(super) fn whole(&self, name: &str, default: i64) -> Result<Setting, Refused> {
        match self.number(name) {
            Some(Value { data: Data::Int(number), origin }) => {
                let number = i64::try_from(&number);
                let number = number.map_err(|_| unusable(name, "an integer"))?;
                Ok(setting(Value::int(number, origin)))
            }
            Some(value) => Ok(setting(value)),
            None => Ok(setting(Value::int(default, own()))),
        }
    }

    /// `port`.
    pub(super) fn port(&self) -> Result<Setting, Refused> {
        let port = self.whole("port", 6379)?;
        match &port.value.data {
            Data::Int(number) if !(Integer::ZERO..=65_535.into()).contains(number) => {
                Err(unusable("port", "an integer"))
            }
            _ => Ok(port),
        }
    }

    fn number(&self, name: &str) -> Option<Value> {
        let value = self.given(name)?;
        match &value.data {
            Data::Int(_) | Data::Unknown(_) => Some(value.clone()),
            Data::Str(text) => {
                convert::parse_int(text).map(|number| Value::int(number, value.origin.clone()))
            }
            _ => None,
        }
    }

    /// A time in seconds.
    pub(super) fn seconds(&self, name: &str) -> Result<Setting, Refused> {
        let Some(value) = self.given(name) else { return Ok(none()) };
        let number = match &value.data {
            Data::Unknown(_) => return Ok(setting(value.clone())),
            Data::Int(_) | Data::Float(_) => convert::float(value).ok(),
            Data::Str(text) => convert::parse_float(text),
            _ => None,
        };
        match number {
            None => Ok(none()),
            Some(number) if is_duration(number) => {
                Ok(setting(Value::new(Data::Float(number), value.origin.clone())))
            }
            Some(_) => Err(unusable(name, SECONDS)),
        }
    }

    /// The settings of TLS.
    pub(super) fn tls(&self) -> Result<Tls, Refused> {
        let verify = match self.kwargs.get("ssl_cert_reqs") {
            Some(value) => verify(value).ok_or_else(|| unusable("ssl_cert_reqs", CERT_REQS))?,
            None => Verify::Required,
        };
        let check_hostname = match self.flag("ssl_check_hostname")? {
            Knowable::Known(flag) => {
                let origin =
                    self.kwargs.get("ssl_check_hostname").map_or_else(own, |v| v.origin.clone());
                setting(Value::bool(flag, origin))
            }
            Knowable::Unknown(_) => {
                self.kwargs.get("ssl_check_hostname").cloned().map_or_else(none, setting)
            }
        };
        // Google's authority goes with its account.
        let google = self.given("gcp_service_account").and_then(|_| self.given("gcp_ssl_ca_certs"));
        Ok(tls_settings(verify, check_hostname, &|name| match google {
            Some(authority) if name == "ssl_ca_certs" => Some(authority.clone()),
            _ => self.kwargs.get(name).cloned(),
        }))
    }
}
