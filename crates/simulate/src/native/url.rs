//! The address that `url` gives the Rust client, read as the crates `url` and `redis` do.

use crate::outcome::{Connection, Knowable, SecretSetting, Verify};
use base::secret::Secret;
use python::{Data, Kwargs, Origin, Stop, Value, convert, url::Cut, url::unquote};

use super::settings::{UNVERIFIABLE, refuse};
use super::values::{CERT_REQS, Refused, SECONDS, invalid, is_duration, verify};
use super::{none, setting, tls_settings};

/// What the client reads of any address' query.
const READ: [&str; 6] = [
    "db",
    "username",
    "password",
    "socket_timeout",
    "socket_connect_timeout",
    "health_check_interval",
];
/// What it reads of the query behind `rediss://` too.
const READ_OVER_TLS: [&str; 8] = [
    "ssl_cert_reqs",
    "ssl_check_hostname",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_ca_data",
    "ssl_certfile",
    "ssl_keyfile",
    "ssl_password",
];

/// An address.
pub(super) struct Link {
    scheme: String,
    user: Option<String>,
    password: Option<String>,
    host: String,
    port: Option<String>,
    path: String,
    fragment: Option<String>,
    /// Names and values, without those that are empty.
    query: Vec<(String, String)>,
    /// `protocol=` is looked at even where it is empty.
    protocol: Option<String>,
    /// The password ends the host.
    is_cut: bool,
    pub(super) origin: Origin,
}

impl Link {
    pub(super) fn of(text: &str, origin: &Origin) -> Self {
        // As browsers do.
        let text = text.replace(['\t', '\n', '\r'], "");
        let text = text.trim_matches(|c: char| c <= ' ');
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment.to_owned())),
            None => (rest, None),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.find('/').map_or((rest, ""), |at| rest.split_at(at)),
            None => ("", rest),
        };
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (name, password) = match user.map(|user| user.split_once(':').unwrap_or((user, ""))) {
            Some((name, password)) => (Some(unquote(name)), Some(unquote(password))),
            None => (None, None),
        };
        let bracket = address.rfind(']').unwrap_or(0);
        let (host, port) = match address[bracket..].find(':') {
            Some(at) => (&address[..bracket + at], Some(address[bracket + at + 1..].to_owned())),
            None => (address, None),
        };
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let decoded = |text: &str| unquote(&text.replace('+', " "));
        let pairs: Vec<(String, String)> =
            pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
        let protocol = pairs.iter().rev().find(|(name, _)| name == "protocol");
        let mut link = Self {
            scheme: scheme.to_ascii_lowercase(),
            user: name.filter(|name| !name.is_empty()),
            password: password.filter(|password| !password.is_empty()),
            host: host.to_owned(),
            port,
            path: path.to_owned(),
            fragment,
            protocol: protocol.map(|(_, value)| value.clone()),
            query: pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            is_cut: Cut::of(text).is_some(),
            origin: origin.clone(),
        };
        if !link.is_parsed() {
            // Nothing is read of it.
            link.query.clear();
        }
        link
    }

    /// `rediss://`, as redis-py has it.
    pub(super) fn tls(&self) -> bool {
        self.scheme == "rediss"
    }

    /// The first value of a name, as redis-py's `parse_url` takes it.
    fn option(&self, name: &str) -> Option<Value> {
        let (_, value) = self.query.iter().find(|(option, _)| option == name)?;
        Some(Value::str(value.as_str(), self.origin.clone()))
    }

    pub(super) fn refuse_unverifiable(&self) -> Result<(), Refused> {
        for (name, what) in UNVERIFIABLE {
            if let Some(value) = self.option(name) {
                refuse(&format!("url ?{name}"), name, what, &value)?;
            }
        }
        Ok(())
    }

    /// What the client does not read, in the order of the query.
    pub(super) fn ignored(&self) -> Vec<String> {
        let read = |name: &str| {
            // LiteLLM takes the line about it for a secret, and hides it.
            name == "azure_client_secret"
                || READ.contains(&name)
                || self.tls() && READ_OVER_TLS.contains(&name)
                || UNVERIFIABLE.iter().any(|(other, _)| *other == name)
        };
        let mut names: Vec<String> = vec![];
        for (name, _) in &self.query {
            let shown = format!("url ?{name}");
            if !read(name) && !names.contains(&shown) {
                names.push(shown);
            }
        }
        names
    }

    fn number(&self, name: &str) -> Result<Option<f64>, Refused> {
        let Some(value) = self.option(name) else { return Ok(None) };
        let text = value.as_str().unwrap_or_default();
        let number = convert::parse_float(text).ok_or_else(|| self.no_number(name))?;
        if !is_duration(number) {
            return Err(Refused::Unusable(invalid(&format!("url ?{name}"), SECONDS)));
        }
        Ok(Some(number))
    }

    fn whole(&self, name: &str) -> Result<Option<i64>, Refused> {
        let Some(value) = self.option(name) else { return Ok(None) };
        let text = value.as_str().unwrap_or_default();
        let number = convert::parse_int(text).ok_or_else(|| self.no_number(name))?;
        let wrong = || Refused::Unusable(invalid(&format!("url ?{name}"), "an integer"));
        i64::try_from(&number).map(Some).map_err(|_| wrong())
    }

    fn no_number(&self, name: &str) -> Refused {
        let message = format!(
            "invalid Redis setting url ?{name}: redis-py's parse_url cannot read it as a number"
        );
        Stop::raise("ValueError", message).because_of(&self.origin).into()
    }

    /// What the address says of the connection.
    pub(super) fn fill(&self, connection: &mut Connection, kwargs: &Kwargs) -> Result<(), Refused> {
        let origin = || self.origin.clone();
        let own_db = self.path.trim_matches('/').parse::<i64>().unwrap_or(0);
        let unix = self.is_unix();
        let db = self.whole("db")?.unwrap_or(if unix { 0 } else { own_db });
        connection.db = setting(Value::int(db, origin()));
        for (name, slot) in [
            ("socket_timeout", &mut connection.socket_timeout),
            ("socket_connect_timeout", &mut connection.socket_connect_timeout),
        ] {
            if let Some(number) = self.number(name)? {
                *slot = setting(Value::new(Data::Float(number), origin()));
            }
        }
        if let Some(number) = self.whole("health_check_interval")? {
            connection.health_check_interval = setting(Value::int(number, origin()));
        }
        let out_of = |how| match self.is_cut {
            true => Origin::out_of_a_password(how, origin()),
            false => origin(),
        };
        if unix {
            connection.path =
                Some(setting(Value::str(self.path.as_str(), out_of("the path of the url"))));
        } else {
            let host = self.host.trim_start_matches('[').trim_end_matches(']');
            connection.host = setting(Value::str(unquote(host), out_of("the host of the url")));
            let port =
                self.port.as_deref().and_then(|port| port.parse::<u16>().ok()).unwrap_or(6379);
            connection.port = setting(Value::int(port, out_of("the port of the url")));
        }
        connection.tls_origin = origin();
        if self.tls() {
            let verify = match self.option("ssl_cert_reqs") {
                Some(value) => verify(&value)
                    .ok_or_else(|| Refused::Unusable(invalid("url ?ssl_cert_reqs", CERT_REQS)))?,
                None => Verify::Required,
            };
            let check = self.option("ssl_check_hostname").is_some_and(|value| {
                let word = value.as_str().unwrap_or_default().to_ascii_uppercase();
                !matches!(word.as_str(), "0" | "F" | "FALSE" | "N" | "NO")
            });
            let check = setting(Value::bool(check, origin()));
            let tls = tls_settings(verify, check, &|name| self.option(name));
            connection.tls = Knowable::Known(Some(tls));
        }
        self.login(connection, kwargs);
        Ok(())
    }

    fn login(&self, connection: &mut Connection, kwargs: &Kwargs) {
        let option = |name: &str| self.option(name).and_then(|v| v.as_str().map(str::to_owned));
        let password = self.password.clone().or_else(|| option("password"));
        let Some(password) = password else { return };
        connection.password = SecretSetting {
            value: Knowable::Known(Some(Secret::new(password.clone()))),
            held: Value::str(password, self.origin.clone()),
            origin: self.origin.clone(),
            overrode: vec![],
        };
        let user = self.user.clone().or_else(|| option("username"));
        connection.username = match user {
            Some(user) => setting(Value::str(user, self.origin.clone())),
            None => kwargs.given("username").cloned().map_or_else(none, setting),
        };
    }

    fn is_unix(&self) -> bool {
        matches!(self.scheme.as_str(), "unix" | "redis+unix")
    }

    /// Whether the crate `url` reads it.
    fn is_parsed(&self) -> bool {
        let schemes = ["redis", "rediss", "valkey", "valkeys", "unix", "redis+unix"];
        let forbidden = |c: char| c.is_control() || " #/<>?@[\\]^|".contains(c);
        let v6 = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match v6 {
            Some(host) => host.parse::<std::net::Ipv6Addr>().is_ok(),
            None => !self.host.contains(forbidden),
        };
        let lone = self.host.is_empty()
            && (self.port.is_some() || self.user.is_some() || self.password.is_some());
        let port = self.port.as_deref().unwrap_or_default();
        let port = port.is_empty()
            || port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok();
        schemes.contains(&self.scheme.as_str()) && host && !lone && port
    }

    /// Why the crates can't read the address, if they can't.
    pub(super) fn unreadable(&self) -> Option<String> {
        if !self.is_parsed() {
            return Some("Redis URL did not parse - InvalidClientConfig".to_owned());
        }
        if self.is_unix() {
            if !self.host.is_empty() || !self.path.starts_with('/') {
                return Some("Missing path - InvalidClientConfig".to_owned());
            }
        } else if self.host.is_empty() {
            return Some("Missing hostname - InvalidClientConfig".to_owned());
        } else {
            let path = self.path.trim_matches('/');
            if !path.is_empty() && path.parse::<i64>().is_err() {
                return Some("Invalid database number - InvalidClientConfig".to_owned());
            }
            let tls = matches!(self.scheme.as_str(), "rediss" | "valkeys");
            if tls && self.fragment.as_deref().is_some_and(|fragment| fragment != "insecure") {
                let why = "only #insecure is supported as URL fragment - InvalidClientConfig";
                return Some(why.to_owned());
            }
        }
        match self.protocol.as_deref() {
            None | Some("2" | "3" | "resp2" | "resp3") => None,
            Some(other) => Some(format!("Invalid protocol version - InvalidClientConfig: {other}")),
        }
    }
}
