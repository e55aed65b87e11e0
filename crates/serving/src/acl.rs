//! The least that an ACL must allow: the commands that a deployment's parts send to one Redis, those
//! inside Lua scripts included, its keys and its channels.

use std::collections::BTreeSet;

use facts::{Behaviour, Pair, litellm_names};
use python::{Data, Origin, Truth, Value, convert};
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
    /// The patterns of its channels: `my.ns:*`, or `litellm_proxy.*`. New users of Redis 7 may use none.
    pub channels: BTreeSet<String>,
    /// The channels that replicas with a database subscribe to, as far as they are known.
    pub subscribed: BTreeSet<String>,
    /// The user that the clients log in as, where the configuration names one.
    pub user: Option<String>,
    /// What more Sentinel needs is not told: its sentinels have users of their own.
    pub complete: bool,
}

impl Acl {
    /// The command that makes such a user: its password is for the reader to choose. Without a user in
    /// the configuration, it is called `name`.
    pub fn set_user(&self, name: &str) -> String {
        let name = self.user.as_deref().unwrap_or(name);
        format!("ACL SETUSER {name} on >PASSWORD {}", self.rules())
    }

    /// Allows what another does, too.
    pub fn extend(&mut self, other: &Self) {
        self.commands.extend(&other.commands);
        self.keys.extend(other.keys.iter().cloned());
        self.channels.extend(other.channels.iter().cloned());
        self.all_keys();
    }

    /// Where some key may be any, no other pattern says more.
    fn all_keys(&mut self) {
        if self.keys.contains("*") {
            self.keys = BTreeSet::from(["*".to_owned()]);
        }
    }

    /// The rules alone, as `ACL SETUSER` and redis.conf take them.
    pub fn rules(&self) -> String {
        let each = |sign: char, all: &BTreeSet<String>| -> String {
            all.iter().map(|pattern| format!(" {sign}{pattern}")).collect()
        };
        let commands: String = self.commands.iter().map(|name| format!(" +{name}")).collect();
        format!(
            "resetchannels{}{} -@all{commands}",
            each('~', &self.keys),
            each('&', &self.channels)
        )
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
                if share.part == Part::Lock {
                    self.channels(*of, outcome, acl);
                }
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
            acl.all_keys();
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

    /// What replicas with a database tell each other, through `redis_usage_cache`: what uses the lock
    /// among replicas uses that too.
    fn channels(&self, of: Consumer, outcome: &Outcome, acl: &mut Acl) {
        let pair = self.caching.pair;
        let known = litellm_names::CHANNELS.iter().filter(|(_, since)| pair.behaves(*since));
        let known: Vec<&str> = known.map(|(name, _)| *name).collect();
        if known.is_empty() {
            return;
        }
        acl.commands.extend(["publish", "subscribe"]);
        let all = outcome.running.iter().flat_map(|running| &running.namespaces);
        let held = all.filter(|one| one.consumer == of).find_map(|one| one.held.as_ref());
        let namespace = match held {
            Some(value) if matches!(value.data, Data::Unknown(_)) => None,
            // `if redis_cache.namespace is None`
            Some(value) if !value.is_none() => convert::str_of(value).ok(),
            _ => {
                acl.channels.insert(litellm_names::CHANNEL_PATTERN.to_owned());
                acl.subscribed.extend(known.into_iter().map(str::to_owned));
                return;
            }
        };
        let Some(namespace) = namespace else {
            acl.channels.insert(format!("*{}", litellm_names::CHANNEL_PATTERN));
            return;
        };
        acl.channels.insert(format!("{}:*", escaped(&namespace)));
        acl.subscribed.extend(known.into_iter().map(|name| format!("{namespace}:{name}")));
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

/// What tells servers and their users apart.
type Target = Vec<Option<String>>;

fn target(client: &Client) -> Target {
    let text = |value: &Value| convert::str_of(value).ok();
    let connection = client.connection.as_ref();
    let path = connection.and_then(|one| one.path.as_ref());
    let mut target = vec![
        connection.and_then(|one| text(&one.host.value)),
        connection.and_then(|one| text(&one.port.value)),
        path.and_then(|path| text(&path.value)),
        client.service_name.as_ref().and_then(text),
        user(client),
    ];
    for node in &client.nodes {
        target.extend([text(&node.host.value), text(&node.port.value)]);
    }
    target
}

/// The user that a client logs in as, where its settings name one.
fn user(client: &Client) -> Option<String> {
    let name = &client.connection.as_ref()?.username.value;
    name.as_str()
        .filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))
        .map(str::to_owned)
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
    if client.kind == ClientKind::RedisCluster {
        // redis-py's own: the map, the commands' keys, and where a slot is on its way.
        commands.extend(["cluster|slots", "command", "asking"]);
    }
    Acl {
        of: Vec::new(),
        port: match &client.connection {
            Some(connection) => connection.port.value.clone(),
            None => Value::none(Origin::RedisPyDefault("Connection.__init__")),
        },
        commands,
        keys: BTreeSet::new(),
        channels: BTreeSet::new(),
        subscribed: BTreeSet::new(),
        user: user(client),
        complete: client.kind != ClientKind::Sentinel,
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

/// A text in which `ACL` sees no pattern. It takes no blanks: any character may be there.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(if c.is_whitespace() { '?' } else { c });
    }
    pattern
}
