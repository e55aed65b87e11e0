//! The least that an ACL must allow: the commands that a deployment's parts send to one Redis, those
//! inside Lua scripts included.

use std::collections::BTreeSet;

use simulate::outcome::{Client, ClientKind, Consumer, Knowable, Outcome};
use python::{Origin, Truth, Value};
use facts::{Behaviour, Pair};

use crate::Serving;
use crate::caching::Prefix;
use crate::sharing::{Bare, Carrier, Holder, Part};

/// What one Redis must allow.
#[derive(Clone, Debug)]
pub struct Acl {
    /// Whose clients lead there, as [`Outcome::clients`] names them.
    pub of: Vec<Consumer>,
    /// The server's port.
    pub port: Value,
    /// The commands, as `ACL` writes them: `get`, `script|load`.
    pub commands: BTreeSet<&'static str>,
    /// The patterns of its keys: `my.ns:*`, or `*`.
    pub keys: BTreeSet<String>,
    /// What more a Cluster or Sentinel needs is not told: their own commands are redis-py's.
    pub complete: bool,
}

impl Acl {
    /// The command that makes such a user: its password is for the reader to choose.
    pub fn set_user(&self, name: &str) -> String {
        let keys: String = self.keys.iter().map(|pattern| format!(" ~{pattern}")).collect();
        let commands: String = self.commands.iter().map(|name| format!(" +{name}")).collect();
        format!("ACL SETUSER {name} on >PASSWORD resetchannels{keys} -@all{commands}")
    }
}

impl Serving {
    /// What each Redis must allow, by the server that its clients lead to.
    pub fn acls(&self, outcome: &Outcome) -> Vec<Acl> {
        let mut found: Vec<(Target, Acl)> = Vec::new();
        for share in &self.sharing.shares {
            let Holder::Redis { of, written, .. } = &share.holder else {
                continue;
            };
            let Some(clients) = share.holder.clients(outcome) else {
                continue;
            };
            for client in clients {
                let target = target(client);
                let place = found.iter().position(|(other, _)| *other == target);
                let place = place.unwrap_or_else(|| {
                    found.push((target, acl_of(client)));
                    found.len() - 1
                });
                let acl = &mut found[place].1;
                if !acl.of.contains(of) {
                    acl.of.push(*of);
                }
                acl.commands.extend(commands(share.part, self.caching.pair));
                if share.part == Part::Limits && *written != Carrier::Native {
                    acl.commands.extend(coordination(self.caching.pair));
                }
                match &share.prefix {
                    Knowable::Known(Some(Prefix::Text(text, _))) if share.bare == Bare::Nothing => {
                        acl.keys.insert(format!("{}:*", escaped(text)));
                    }
                    _ => {
                        acl.keys.insert("*".to_owned());
                    }
                }
            }
        }
        for (_, acl) in &mut found {
            if acl.keys.contains("*") {
                acl.keys = BTreeSet::from(["*".to_owned()]);
            }
        }
        found.into_iter().map(|(_, acl)| acl).collect()
    }
}

/// What tells servers apart.
type Target = [Option<String>; 3];

fn target(client: &Client) -> Target {
    let text = |value: &Value| python::convert::str_of(value).ok();
    let connection = client.connection.as_ref();
    [
        connection.and_then(|one| text(&one.host.value)),
        connection.and_then(|one| text(&one.port.value)),
        client.service_name.as_ref().and_then(text),
    ]
}

/// What opening a connection takes.
fn acl_of(client: &Client) -> Acl {
    let mut commands = BTreeSet::from(["ping", "info"]);
    if let Some(connection) = &client.connection {
        let set = |value: &Value| value.truth() != Truth::False;
        if set(&connection.db.value) {
            commands.insert("select");
        }
        if set(&connection.client_name.value) {
            commands.insert("client|setname");
        }
    }
    Acl {
        of: Vec::new(),
        port: match &client.connection {
            Some(connection) => connection.port.value.clone(),
            None => Value::none(Origin::RedisPyDefault("Connection.__init__")),
        },
        commands,
        keys: BTreeSet::new(),
        complete: client.kind == ClientKind::Redis,
    }
}

/// What the coordination Redis is asked at start-up.
fn coordination(_: Pair) -> [&'static str; 2] {
    // `daily_metrics_report_sent`
    ["get", "set"]
}

/// The commands of a part, as recorded.
fn commands(part: Part, pair: Pair) -> Vec<&'static str> {
    let scripts = pair.behaves(Behaviour::LimitsByScript);
    match part {
        Part::Answers => vec!["get", "set"],
        Part::Limits if !scripts => vec!["get", "set", "mget", "multi", "exec"],
        Part::Limits => vec![
            "evalsha", "script|load", "incrbyfloat", "ttl", "expire", "get", "set", "incr",
        ],
        Part::Spend => vec!["incrbyfloat", "expire", "get"],
        Part::Keys => vec!["get", "set", "del"],
        Part::Cooldowns => vec!["mget", "set"],
        Part::Usage => vec!["incrbyfloat", "expire", "ttl", "mget"],
        Part::Lock => vec!["set", "get", "del"],
        Part::SpendQueue => vec!["rpush", "lpop", "set", "get", "del"],
    }
}

/// A text in which `ACL` sees no pattern.
fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '\\');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}
