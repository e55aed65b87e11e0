//! Whom the Rust client connects to: one server, start-up nodes or sentinels.

use crate::outcome::{NodeAddress, Setting};
use python::{Data, Integer, Raise, Value, convert, json};

use super::settings::Reader;
use super::values::{Refused, invalid, scalar, text, unknown};
use super::{own, setting};

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

impl Reader<'_> {
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
