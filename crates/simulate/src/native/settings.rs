//! How the Rust client reads values: as JSON, each kind by its own rules.

use crate::outcome::{Auth, Knowable, NodeAddress, Setting, Tls, Verify};
use python::{Data, Integer, Kwargs, Raise, Stop, Value, case, convert, json};

use super::{none, own, setting, tls_settings};

/// Why there is no client.
pub(super) enum Refused {
    /// An exception.
    Raised(Stop),
    /// The state stays in memory, and the log says why.
    Unusable(String),
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        Self::Raised(stop)
    }
}

/// Whom the settings lead to, where it is not a URL.
pub(super) enum Target {
    /// One server.
    Host(Setting),
    /// The start-up nodes of a cluster.
    Nodes(Vec<NodeAddress>),
    /// The sentinels that know a master.
    Sentinels {
        /// The master's name.
        service: Value,
        /// The sentinels.
        addresses: Vec<NodeAddress>,
    },
}

/// Whether the value is more than null, empty text, an empty list or an empty mapping. NaN and
/// infinity are null in JSON.
pub(super) fn is_set(value: &Value) -> bool {
    match &value.data {
        Data::None => false,
        Data::Float(number) => number.is_finite(),
        Data::Str(text) => !text.is_empty(),
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => !items.is_empty(),
        Data::Dict(dict) => !dict.entries.is_empty(),
        _ => true,
    }
}

/// The text that a setting of text is; lists and mappings are none.
pub(super) fn text(value: &Value) -> Option<String> {
    if !is_set(value) {
        return None;
    }
    scalar(value)
}

/// The text of what is neither a list nor a mapping nor null.
fn scalar(value: &Value) -> Option<String> {
    match &value.data {
        Data::Bool(flag) => Some(flag.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) if number.is_finite() => Some(convert::repr_float(*number)),
        Data::Str(text) => Some(text.to_string()),
        Data::None
        | Data::Float(_)
        | Data::List(_)
        | Data::Tuple(_)
        | Data::Set(_)
        | Data::Dict(_)
        | Data::Unknown(_) => None,
        // What JSON lacks is only known to be there.
        _ => Some("true".to_owned()),
    }
}

/// A flag: `None` where the text is neither yes nor no.
fn flag(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(flag) => Some(*flag),
        Data::Int(number) => Some(*number != 0.into()),
        Data::Float(number) if number.is_finite() => Some(*number != 0.0),
        Data::Str(text) => match case::lower(text).as_str() {
            "1" | "true" | "yes" => Some(true),
            "0" | "false" | "no" | "off" | "n" | "f" => Some(false),
            _ => None,
        },
        Data::None
        | Data::Float(_)
        | Data::List(_)
        | Data::Tuple(_)
        | Data::Set(_)
        | Data::Dict(_)
        | Data::Unknown(_) => None,
        _ => Some(true),
    }
}

pub(super) fn invalid(name: &str, expected: &str) -> String {
    format!("invalid Redis setting {name}: expected {expected}")
}

fn unusable(name: &str, expected: &str) -> Refused {
    Refused::Unusable(invalid(name, expected))
}

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

const NODES: &str = "a list of objects with host and port";
const PAIRS: &str = "a non-empty list of [host, port] pairs";

/// A setting that should be a list: its items, or `None` where it is none.
struct Listed(Option<Vec<Value>>);

impl Listed {
    fn items(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().flatten()
    }

    fn all(&self, fits: impl Fn(&Value) -> bool) -> bool {
        self.0.as_ref().is_some_and(|items| items.iter().all(fits))
    }
}

/// The settings of one client.
pub(super) struct Reader<'k> {
    pub(super) kwargs: &'k Kwargs,
}

impl Reader<'_> {
    fn given(&self, name: &str) -> Option<&Value> {
        super::given(self.kwargs, name)
    }

    /// The list in a setting, which may be JSON text; `None` where the setting is unset.
    fn list(&self, name: &str) -> Option<Listed> {
        let value = self.given(name)?;
        let parsed = match value.as_str() {
            Some(text) => json::loads(text, &value.origin).ok(),
            None => Some(value.clone()),
        };
        let items = parsed.and_then(|value| match &value.data {
            Data::List(items) | Data::Tuple(items) => Some(items.to_vec()),
            _ => None,
        });
        match &items {
            // `[]` as text counts as unset too.
            Some(items) if items.is_empty() => None,
            Some(_) | None => Some(Listed(items)),
        }
    }

    /// Whether `startup_nodes` decides.
    pub(super) fn names_nodes(&self) -> bool {
        self.list("startup_nodes").is_some()
    }

    /// The Unix socket of one server.
    pub(super) fn socket(&self) -> Option<&Value> {
        let lists = ["startup_nodes", "sentinel_nodes"];
        let alone = lists.into_iter().all(|name| self.list(name).is_none());
        self.given("unix_socket_path").filter(|_| alone)
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

    /// Whom to connect to.
    pub(super) fn target(&self) -> Result<Target, Refused> {
        if let Some(nodes) = self.list("startup_nodes") {
            self.unknown("startup_nodes")?;
            let node = |node: &Value| {
                let address = node.as_dict();
                let host = address.and_then(|address| address.get("host"));
                let port = address.and_then(|address| address.get("port"));
                names_host(host) && names_port(port)
            };
            if !nodes.all(node) {
                return Err(self.raise(
                    "ValueError",
                    &invalid("startup_nodes", NODES),
                    "startup_nodes",
                ));
            }
            self.cluster_database()?;
            let address = |node: &Value| {
                let node = node.as_dict()?;
                Some(address(node.get("host")?, node.get("port")?))
            };
            return Ok(Target::Nodes(nodes.items().filter_map(address).collect()));
        }
        if let Some(pairs) = self.list("sentinel_nodes") {
            self.unknown("sentinel_nodes")?;
            let pair = |pair: &Value| match &pair.data {
                Data::List(parts) | Data::Tuple(parts) if parts.len() == 2 => {
                    names_host(parts.first()) && names_port(parts.get(1))
                }
                data => matches!(data, Data::Unknown(_)),
            };
            if !pairs.all(pair) {
                return Err(self.raise(
                    "ValueError",
                    &invalid("sentinel_nodes", PAIRS),
                    "sentinel_nodes",
                ));
            }
            let service = self.given("service_name");
            if service.is_none_or(|name| text(name).is_none() && !unknown(name)) {
                let message = "service_name is required with sentinel_nodes";
                return Err(self.raise("ValueError", message, "sentinel_nodes"));
            }
            if let Some(name) = ["host", "port"].into_iter().find(|name| self.given(name).is_some())
            {
                let message = format!(
                    "{name} cannot be combined with sentinel_nodes, which redis-py rejects at startup"
                );
                return Err(self.raise("TypeError", &message, name));
            }
            let address = |pair: &Value| match &pair.data {
                Data::List(parts) | Data::Tuple(parts) => {
                    Some(address(parts.first()?, parts.get(1)?))
                }
                _ => None,
            };
            let addresses = pairs.items().filter_map(address).collect();
            let service = service.cloned().unwrap_or_else(|| Value::none(own()));
            let service = match text(&service) {
                Some(name) => Value::str(name, service.origin),
                None => service,
            };
            return Ok(Target::Sentinels { service, addresses });
        }
        match self.given("host") {
            Some(host) if unknown(host) => Ok(Target::Host(setting(host.clone()))),
            Some(host) if text(host).is_some() => {
                let name = text(host).unwrap_or_default();
                Ok(Target::Host(setting(Value::str(name, host.origin.clone()))))
            }
            _ => {
                let message = "either host or url must be specified for redis";
                let refused = self.raise("ValueError", message, "host");
                Err(match refused {
                    Refused::Raised(stop) => stop.for_reason(Raise::NoTarget).into(),
                    Refused::Unusable(why) => Refused::Unusable(why),
                })
            }
        }
    }

    fn unknown(&self, name: &str) -> Result<(), Refused> {
        match self.given(name) {
            Some(Value { data: Data::Unknown(why), .. }) => {
                Err(Refused::Raised(Stop::Unknown(why.to_string())))
            }
            _ => Ok(()),
        }
    }

    fn raise(&self, class: &str, message: &str, name: &str) -> Refused {
        let stop = Stop::raise(class, message);
        match self.kwargs.get(name) {
            Some(value) => stop.because_of(&value.origin).into(),
            None => stop.into(),
        }
    }

    /// A cluster has one database.
    fn cluster_database(&self) -> Result<(), Refused> {
        let Some(db) = self.given("db") else { return Ok(()) };
        self.unknown("db")?;
        let other = match &db.data {
            Data::Str(text) => convert::parse_int(text).is_some_and(|number| number != 0.into()),
            _ => convert::truth(db).unwrap_or(true),
        };
        if other {
            let message = "db must be 0 in cluster mode";
            return Err(self.raise("RedisClusterException", message, "db"));
        }
        Ok(())
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

fn unknown(value: &Value) -> bool {
    matches!(value.data, Data::Unknown(_))
}

pub(super) const SECONDS: &str = "a non-negative number of seconds";
pub(super) const CERT_REQS: &str = "none, optional, required, null or an ssl.VerifyMode value";

/// Whether Rust's `Duration` holds so many seconds.
pub(super) fn is_duration(seconds: f64) -> bool {
    (0.0..18_446_744_073_709_551_616.0).contains(&seconds)
}

/// `ssl_cert_reqs`
pub(super) fn verify(value: &Value) -> Option<Verify> {
    match &value.data {
        Data::None => Some(Verify::None),
        Data::Str(text) => match &**text {
            "none" => Some(Verify::None),
            "optional" => Some(Verify::Optional),
            "required" | "" => Some(Verify::Required),
            _ => None,
        },
        Data::Int(number) if *number == 0.into() => Some(Verify::None),
        Data::Int(number) if *number == 1.into() => Some(Verify::Optional),
        Data::Int(number) if *number == 2.into() => Some(Verify::Required),
        Data::Unknown(_) => Some(Verify::Required),
        _ if !is_set(value) => Some(Verify::Required),
        _ => None,
    }
}

/// An address, its host text and its port a number.
fn address(host: &Value, port: &Value) -> NodeAddress {
    let host = match scalar(host) {
        Some(name) => Value::str(name, host.origin.clone()),
        None => host.clone(),
    };
    let port = match port.as_str().and_then(|digits| digits.parse::<u16>().ok()) {
        Some(number) => Value::int(number, port.origin.clone()),
        None => port.clone(),
    };
    NodeAddress { host: setting(host), port: setting(port) }
}

fn names_host(host: Option<&Value>) -> bool {
    host.is_some_and(|host| unknown(host) || scalar(host).is_some())
}

/// A port: a number, or its digits.
fn names_port(port: Option<&Value>) -> bool {
    port.is_some_and(|port| match &port.data {
        Data::Int(number) => (Integer::ZERO..=65_535.into()).contains(number),
        Data::Str(text) => text.parse::<u16>().is_ok(),
        data => matches!(data, Data::Unknown(_)),
    })
}
