//! The least that an ACL must allow: the commands that a deployment's parts send to one Redis, those
//! inside Lua scripts included.

use std::collections::BTreeSet;

use facts::{Behaviour, Pair};
use python::{Origin, Truth, Value};
use simulate::outcome::{Client, ClientKind, Consumer, Knowable, Outcome};

use crate::Serving;
use crate::caching::Prefix;
use crate::sharing::{Bare, Carrier, Holder, Part, Share};

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
                acl.commands.extend(acl_of(client).commands);
                if !acl.of.contains(of) {
                    acl.of.push(*of);
                }
                acl.commands.extend(commands(share.part, self.caching.pair));
                if share.part == Part::Usage {
                    acl.commands.extend(self.strategy());
                }
                if share.part == Part::Limits && *written != Carrier::Native {
                    acl.commands.extend(coordination(self.caching.pair));
                }
                acl.keys.insert(share.pattern());
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

impl Share {
    /// The pattern of its keys, as `ACL` writes it: `my.ns:*`, or `*`.
    pub fn pattern(&self) -> String {
        match &self.prefix {
            Knowable::Known(Some(Prefix::Text(text, _))) if self.bare == Bare::Nothing => {
                format!("{}:*", escaped(text))
            }
            _ => "*".to_owned(),
        }
    }
}

impl Serving {
    /// The commands of a part, as `ACL` writes them.
    pub fn commands_of(&self, part: Part) -> BTreeSet<&'static str> {
        let mut found: BTreeSet<_> = commands(part, self.caching.pair).into_iter().collect();
        if part == Part::Usage {
            found.extend(self.strategy());
        }
        found
    }

    /// The commands of `routing_strategy` and `provider_budget_config`, beside those of usage.
    fn strategy(&self) -> &'static [&'static str] {
        match self.sharing.strategy.as_deref() {
            Some("least-busy") if self.caching.pair.behaves(Behaviour::LeastBusyCountsByScript) => {
                &["eval", "incrby", "mget", "expire", "ttl"]
            }
            Some("least-busy" | "latency-based-routing" | "cost-based-routing") => &["get", "set"],
            Some("usage-based-routing") => &["get", "set", "mget"],
            _ => &[],
        }
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
    let behaves = |behaviour| pair.behaves(behaviour);
    let mut commands = match part {
        Part::Limits if behaves(Behaviour::LimitsByScript) => {
            vec!["evalsha", "script|load", "incrbyfloat", "ttl", "expire", "get", "set", "incr"]
        }
        Part::Spend => vec!["incrbyfloat", "expire"],
        Part::Cooldowns => vec!["mget", "set"],
        Part::Usage => vec!["incrbyfloat", "expire", "ttl", "mget"],
        Part::Lock if behaves(Behaviour::LockIsReleasedByScript) => vec!["set"],
        Part::SpendQueue => vec!["rpush", "lpop"],
        Part::Answers | Part::Limits | Part::Keys | Part::Lock => vec!["get", "set"],
    };
    let mut add = |more: &[&'static str]| commands.extend(more);
    match part {
        Part::Limits if behaves(Behaviour::LimitsByScript) => {
            if behaves(Behaviour::LimitsAskForTheTime) {
                add(&["time", "incrby"]);
            }
            if behaves(Behaviour::ParallelRequestsAreASet) {
                add(&["zadd", "zcard", "zrem", "zremrangebyscore"]);
            }
            if behaves(Behaviour::LimitsDeleteOldWindows) {
                add(&["del"]);
            }
        }
        Part::Limits => {
            if !behaves(Behaviour::PipelinesAreNoTransactions) {
                add(&["multi", "exec"]);
            }
            if behaves(Behaviour::LimitsAreReadTogether) {
                add(&["mget"]);
            }
        }
        Part::Spend if behaves(Behaviour::SpendIsReadTogether) => add(&["mget"]),
        Part::Spend => add(&["get"]),
        // Whoever commits what is queued holds the lock, and gives it back.
        Part::SpendQueue if behaves(Behaviour::LockIsReleasedByScript) => {
            add(&["evalsha", "script|load", "get", "del"]);
        }
        Part::SpendQueue => add(&["get", "del"]),
        _ => {}
    }
    commands
}

/// A text in which `ACL` sees no pattern.
fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '\\');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}
