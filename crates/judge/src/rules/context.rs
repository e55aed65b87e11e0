//! What a rule looks at, and the questions that rules ask of it.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base::finding::{Change, Proposal, Safety};
use base::secret::MASK;
use base::source::{Source, SourceId, Span};
use deployment::Container;
use deployment::environment::Environment;
use facts::Pair;
use facts::keys::Place;
use facts::services::Service;
use python::{Data, Entry, Met, Origin, Value};
use serving::Serving;
use simulate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Knowable, Outcome, PyException, Role, Startup,
};
use simulate::trace::{DropReason, Event};
use yaml::patch::Operation;
use yaml::{Document, ReadError};

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The texts that spans point into; the config is the first.
    pub sources: &'a [Source],
    /// The text that the config was read from: the first source's, with white space in place of
    /// what is not the config where that is inside a manifest.
    pub config_text: &'a str,
    /// The config, as PyYAML reads it.
    pub document: &'a Result<Document, ReadError>,
    /// Its sections.
    pub sections: Sections<'a>,
    /// The environment.
    pub environment: &'a Environment,
    /// What LiteLLM does.
    pub outcome: &'a Outcome,
    /// The releases.
    pub pair: Pair,
    /// Nothing says that it is this redis-py release.
    pub redis_py_assumed: bool,
    /// What runs the config, where files say so.
    pub container: Option<&'a Container>,
    /// The time, in seconds since 1970, if it is known.
    pub now: Option<i64>,
    /// What rules have worked out so far.
    pub memo: &'a Memo,
}

/// The sections that rules ask for most, each behind the one that it is in.
const SECTIONS: [&str; 6] = [
    "litellm_settings",
    "router_settings",
    "general_settings",
    "litellm_settings.cache_params",
    "router_settings.cache_kwargs",
    "general_settings.coordination_redis",
];

/// The entries of [`SECTIONS`].
#[derive(Clone, Copy)]
pub struct Sections<'a>([Option<&'a Entry>; SECTIONS.len()]);

impl<'a> Sections<'a> {
    /// The sections of a config.
    pub fn of(document: &'a Result<Document, ReadError>) -> Self {
        fn find<'a>(root: &'a Value, path: &str) -> Option<&'a Entry> {
            entry_below(root, path, |section| find(root, section))
        }
        let root = document.as_ref().ok().map(|document| &document.root);
        Self(SECTIONS.map(|path| find(root?, path)))
    }
}

impl fmt::Debug for Sections<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let there = SECTIONS.iter().zip(self.0).filter(|(_, entry)| entry.is_some());
        f.debug_set().entries(there.map(|(path, _)| path)).finish()
    }
}

/// The entry at a path in a config, of which `section` finds what the last name is in.
fn entry_below<'a>(
    root: &'a Value,
    path: &str,
    section: impl Fn(&str) -> Option<&'a Entry>,
) -> Option<&'a Entry> {
    match memchr::memrchr(b'.', path.as_bytes()) {
        Some(dot) => section(&path[..dot])?.value.as_dict()?.entry(&path[dot + 1..]),
        None => root.as_dict()?.entry(path),
    }
}

/// What the rules work out once for all of them.
#[derive(Debug, Default)]
pub struct Memo {
    /// Nobody reads the findings' advice: it need not be worked out.
    plain: bool,
    /// How many places were looked for.
    looked_for: Cell<usize>,
    /// The keys by the places of themselves and of their values, each with its path.
    keys: OnceCell<HashMap<Span, (Arc<str>, Span)>>,
    /// What the running proxy does.
    serving: OnceCell<Option<Serving>>,
    /// The keys that the release does not read: where they are written, and the number of the entry.
    pub(super) unread: OnceCell<Vec<(Place, usize)>>,
    /// The managed service that each client of redis-py goes to.
    pub(super) services: OnceCell<Vec<Option<&'static Service>>>,
}

impl Memo {
    /// For findings of which only their place and severity are asked.
    pub fn plain() -> Self {
        Self { plain: true, ..Self::default() }
    }
}

impl<'a> Context<'a> {
    /// Whether somebody reads what findings advise.
    pub(super) fn advises(&self) -> bool {
        !self.memo.plain
    }

    /// The entry at a path such as `litellm_settings.cache_params.host`.
    pub(super) fn entry(&self, path: &str) -> Option<&'a Entry> {
        if let Some(section) = SECTIONS.iter().position(|section| *section == path) {
            return self.sections.0[section];
        }
        entry_below(&self.document.as_ref().ok()?.root, path, |section| self.entry(section))
    }

    /// The value at a path.
    pub(super) fn value(&self, path: &str) -> Option<&'a Value> {
        self.entry(path).map(|entry| &entry.value)
    }

    /// The entries of a mapping at a path; `""` for the whole config.
    pub(super) fn entries(&self, path: &str) -> &'a [Entry] {
        let value = match (path, self.document.as_ref().ok()) {
            ("", Some(document)) => Some(&document.root),
            _ => self.value(path),
        };
        value.and_then(Value::as_dict).map_or(&[], |dict| &dict.entries)
    }

    /// What the config says of Redis: the section, the setting, and its entry.
    pub(super) fn redis_settings(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'a str, &'a Entry)> + use<'a, '_> {
        let sections = [
            "litellm_settings.cache_params",
            "router_settings",
            "router_settings.cache_kwargs",
            "general_settings.coordination_redis",
        ];
        let entries = sections
            .into_iter()
            .flat_map(|section| self.entries(section).iter().map(move |entry| (section, entry)));
        entries
            .map(|(section, entry)| (section, entry.key.as_str().unwrap_or(""), entry))
            // The router has other settings beside.
            .filter(|(section, key, _)| *section != "router_settings" || key.starts_with("redis_"))
    }

    /// Whether an entry's value has an anchor (`redis: &redis`): it is there to be named elsewhere.
    pub(super) fn is_anchored(&self, entry: &Entry) -> bool {
        let key = entry.key.span();
        let behind = key.and_then(|key| self.text_of(key.source)?.get(key.end as usize..));
        behind
            .and_then(|text| text.trim_start().strip_prefix(':'))
            .is_some_and(|value| value.trim_start().starts_with('&'))
    }

    /// The text that spans of a source point into.
    fn text_of(&self, source: SourceId) -> Option<&'a str> {
        if source == SourceId::CONFIG {
            return Some(self.config_text);
        }
        self.sources.iter().find(|one| one.id == source).map(|source| source.text.as_str())
    }

    /// The name of a file.
    pub(super) fn source_name(&self, source: SourceId) -> Option<&'a str> {
        self.sources.iter().find(|one| one.id == source).map(|source| source.name.as_str())
    }

    /// What is written at a place.
    pub(super) fn written(&self, span: Span) -> Option<&'a str> {
        self.text_of(span.source)?.get(span.range())
    }

    /// Where a value was written: in the config, or where its variable is set.
    pub(super) fn span_of(&self, origin: &Origin) -> Option<Span> {
        match origin {
            Origin::Environment(name) => match self.environment.get(name) {
                Some(variable) => variable.span,
                // Where the config names it, nothing else tells that it is set.
                None => self.reference_to(name),
            },
            Origin::Computed(computed) => computed.from.iter().find_map(|from| self.span_of(from)),
            origin => origin.span(),
        }
    }

    /// Where what a value says is written: of a variable that the config names, where that is set.
    pub(super) fn said_at(&self, origin: &Origin) -> Option<Span> {
        let variable = |name: &str| self.environment.get(name).and_then(|one| one.span);
        match origin {
            Origin::Reference { at, variable: name } => variable(name).or(Some(*at)),
            Origin::Computed(computed) => computed.from.iter().find_map(|from| self.said_at(from)),
            origin => self.span_of(origin),
        }
    }

    /// Where a setting of a Redis names a variable.
    fn reference_to(&self, variable: &str) -> Option<Span> {
        let mut values = self.redis_settings().map(|(_, _, entry)| &entry.value);
        values.find(|value| reference(value) == Some(variable))?.span()
    }

    /// The key of the entry that holds a place, with its path.
    pub(super) fn key_at(&self, span: Span) -> Option<(String, Span)> {
        let looked_for = self.memo.looked_for.get();
        if looked_for < FEW {
            self.memo.looked_for.set(looked_for + 1);
            let mut search = Search { span, path: vec![], met: Met::default() };
            let key = search.find(self.entries(""))?;
            let path = search.path.into_iter().fold(String::new(), |path, name| match &*path {
                "" => name.to_owned(),
                path => format!("{path}.{name}"),
            });
            return Some((path, key));
        }
        let keys = self.memo.keys.get_or_init(|| {
            let mut keys = Keys::default();
            keys.note(self.entries(""), "");
            keys.places
        });
        keys.get(&span).map(|(path, key)| (path.to_string(), *key))
    }

    /// What the running proxy does; `None` where it does not start.
    pub(super) fn serving(&self) -> Option<&Serving> {
        let serving = self
            .memo
            .serving
            .get_or_init(|| Serving::new(self.outcome, self.environment, self.pair));
        serving.as_ref()
    }

    /// The exception that stops the proxy.
    pub(super) fn startup_exception(&self) -> Option<&'a PyException> {
        match &self.outcome.startup {
            Startup::Exception(exception) => Some(exception),
            Startup::Ok | Startup::Unknown(_) => None,
        }
    }

    /// Whether the proxy starts.
    pub(super) fn starts(&self) -> bool {
        self.outcome.startup == Startup::Ok
    }

    /// Settings that were dropped, for these reasons.
    pub(super) fn dropped(
        &self,
        reasons: &'a [DropReason],
    ) -> impl Iterator<Item = (&'a str, &'a Origin, DropReason)> {
        self.outcome.trace.iter().filter_map(|event| match event {
            Event::Dropped { setting, origin, why } if reasons.contains(why) => {
                Some((setting.as_str(), origin, *why))
            }
            _ => None,
        })
    }

    /// Every connection of redis-py's clients, sentinels' included.
    pub(super) fn connections(&self) -> Vec<(&'a Client, &'a Connection)> {
        self.outcome.clients.iter().flat_map(connections_of).collect()
    }

    /// Every connection, those of the Rust clients after redis-py's.
    pub(super) fn every_connection(&self) -> Vec<(&'a Client, &'a Connection)> {
        self.outcome.every_client().flat_map(connections_of).collect()
    }

    /// Whose settings a client is made of: a Rust client has those of the cache whose Redis it uses.
    pub(super) fn settings_of(&self, client: &Client) -> Consumer {
        let role = match (client.api, client.consumer) {
            (Api::Native, Consumer::Usage) => &self.outcome.usage_cache,
            (Api::Native, Consumer::Router) => &self.outcome.router_cache,
            _ => return client.consumer,
        };
        match role {
            Some(Knowable::Known(Role::Shared)) => Consumer::Response,
            Some(Knowable::Known(Role::Usage)) => Consumer::Usage,
            _ => client.consumer,
        }
    }

    /// The Rust client that is made of the same settings, if `holds` of its connection.
    pub(super) fn rust_client_beside(
        &self,
        client: &Client,
        holds: impl Fn(&Connection) -> bool,
    ) -> Option<&'a Client> {
        let alike = |native: &&Client| {
            native.api != client.api && self.settings_of(native) == self.settings_of(client)
        };
        let mut natives = self.outcome.native_clients().filter(alike);
        natives.find(|native| native.connection.as_ref().is_some_and(&holds))
    }

    /// [`name_where`], among the clients of this outcome.
    pub(super) fn name_where(
        &self,
        client: &Client,
        holds: impl Fn(&Client, &Connection) -> bool,
    ) -> String {
        name_where(self.outcome, client, holds)
    }

    /// A fix that makes these changes to the config. It is worked out, and proved, where it is shown.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "a fix is one of the config that is looked at, and what a finding takes"
    )]
    pub(super) fn fix(
        &self,
        title: impl Into<String>,
        safety: Safety,
        operations: &[Operation],
    ) -> Option<Proposal> {
        Some(Proposal::new(title, safety, Change::Operations(operations.to_vec())))
    }
}

/// So many places are looked for one by one. Where there are more, all keys are noted by place.
const FEW: usize = 32;

/// Looks for the key of a place.
struct Search<'a> {
    span: Span,
    /// The names down to it.
    path: Vec<&'a str>,
    /// Mappings gone through: aliases may name one any number of times.
    met: Met,
}

impl<'a> Search<'a> {
    fn find(&mut self, entries: &'a [Entry]) -> Option<Span> {
        for entry in entries {
            let Some(key) = entry.key.span() else {
                continue;
            };
            self.path.push(entry.key.as_str().unwrap_or("?"));
            if key == self.span || entry.value.span() == Some(self.span) {
                return Some(key);
            }
            if let Data::Dict(dict) = &entry.value.data
                && self.met.is_first(&entry.value)
                && let Some(found) = self.find(&dict.entries)
            {
                return Some(found);
            }
            self.path.pop();
        }
        None
    }
}

/// The keys of a config by place.
#[derive(Default)]
struct Keys {
    places: HashMap<Span, (Arc<str>, Span)>,
    /// Mappings gone through: aliases may name one any number of times.
    met: Met,
}

impl Keys {
    fn note(&mut self, entries: &[Entry], path: &str) {
        for entry in entries {
            let Some(key) = entry.key.span() else {
                continue;
            };
            let name = entry.key.as_str().unwrap_or("?");
            let here: Arc<str> =
                if path.is_empty() { name.into() } else { format!("{path}.{name}").into() };
            for place in [Some(key), entry.value.span()].into_iter().flatten() {
                self.places.entry(place).or_insert_with(|| (here.clone(), key));
            }
            if let Data::Dict(dict) = &entry.value.data
                && self.met.is_first(&entry.value)
            {
                self.note(&dict.entries, &here);
            }
        }
    }
}

fn connections_of(client: &Client) -> impl Iterator<Item = (&Client, &Connection)> {
    client.connection.iter().chain(&client.sentinels).map(move |connection| (client, connection))
}

/// The variable that a value names: `REDIS_HOST` of `os.environ/REDIS_HOST`.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix("os.environ/")
}

/// How a client is called at the start of a sentence: `The router's async client`.
pub(super) fn client_name(client: &Client) -> String {
    let api = match (client.api, client.consumer) {
        (_, Consumer::Semantic) => return consumer_name(client.consumer),
        (Api::Sync, _) => "sync",
        (Api::Async, _) => "async",
        (Api::Native, Consumer::Router) => "Rust",
        (Api::Native, _) => return "The Rust client of budgets and rate limits".to_owned(),
    };
    consumer_name(client.consumer).replace("client", &format!("{api} client"))
}

/// How a client is called at the start of a sentence, where `holds` of it. Where it holds of the
/// consumer's other client of redis-py too, nothing is said of the one alone: `The router's client`.
pub(super) fn name_where(
    outcome: &Outcome,
    client: &Client,
    holds: impl Fn(&Client, &Connection) -> bool,
) -> String {
    let mut others = outcome.redis_py_clients();
    let both = client.api != Api::Native
        && others.any(|other| {
            let mut connections = connections_of(other);
            (other.consumer, other.api != client.api) == (client.consumer, true)
                && connections.any(|(client, connection)| holds(client, connection))
        });
    if both { consumer_name(client.consumer) } else { client_name(client) }
}

/// How what a consumer's redis-py clients have in common is told: `The router's client`.
fn consumer_name(consumer: Consumer) -> String {
    let name = match consumer {
        Consumer::Response => "The response cache",
        Consumer::Usage => "The coordination Redis",
        Consumer::Router => "The router",
        Consumer::Semantic => "The semantic cache",
    };
    format!("{name}'s client")
}

/// The section in which the arguments of a consumer's client are written.
pub(super) fn arguments(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response | Consumer::Semantic => "litellm_settings.cache_params",
        Consumer::Usage => "general_settings.coordination_redis",
        Consumer::Router => "router_settings.cache_kwargs",
    }
}

/// Where the url of a consumer's client is written.
pub(super) fn url(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response | Consumer::Semantic => "litellm_settings.cache_params.url",
        Consumer::Usage => "general_settings.coordination_redis.url",
        Consumer::Router => "router_settings.redis_url",
    }
}

/// How a semantic cache comes to TLS: of host and port it makes a url of its own.
pub(super) const SEMANTIC_TLS: &str = "Name the server of the semantic cache by a whole url: \
     `redis_url: rediss://…` under `cache_params`.";

/// How a client is called within a sentence.
pub(super) fn client_name_within(client: &Client) -> String {
    client_name(client).replacen("The", "the", 1)
}

/// Where a connection goes, for messages: `redis:6379`.
pub fn target(client: &Client, connection: &Connection) -> String {
    let text = |value: &Value| match &value.data {
        _ if value.origin.is_secret() => MASK.to_owned(),
        Data::Str(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Unknown(_) => "?".to_owned(),
        _ => String::new(),
    };
    if let Some(path) = &connection.path {
        return text(&path.value);
    }
    match client.kind {
        ClientKind::Sentinel if connection.host.value.is_none() => {
            let name = client.service_name.as_ref().map(text).unwrap_or_default();
            format!("the master {name}")
        }
        ClientKind::RedisCluster => match client.nodes.first() {
            Some(node) => {
                format!("the cluster at {}", address(&node.host.value, &node.port.value, text))
            }
            None => "the cluster".to_owned(),
        },
        _ => address(&connection.host.value, &connection.port.value, text),
    }
}

/// Whether two clients go to one place, as [`target`] tells it; `None` where that is not known.
pub(super) fn same_target(
    (one, own): (&Client, &Connection),
    (other, others): (&Client, &Connection),
) -> Option<bool> {
    // What depends on one and the same thing is the same, whatever it is.
    (unknowns(own) == unknowns(others)).then(|| target(one, own) == target(other, others))
}

/// What a connection's target depends on that is not known.
fn unknowns(connection: &Connection) -> Vec<&str> {
    let path = connection.path.as_ref().map(|path| &path.value);
    let parts = [&connection.host.value, &connection.port.value].into_iter().chain(path);
    let unknown = parts.filter_map(|part| match &part.data {
        Data::Unknown(why) => Some(&**why),
        _ => None,
    });
    unknown.collect()
}

/// `redis:6379`, as far as it is known.
fn address(host: &Value, port: &Value, text: impl Fn(&Value) -> String) -> String {
    let unknown = |value: &Value| matches!(value.data, Data::Unknown(_));
    match (unknown(host), unknown(port)) {
        (true, _) => "a host that is not known here".to_owned(),
        (false, true) => text(host),
        (false, false) => format!("{}:{}", text(host), text(port)),
    }
}

/// Whether a connection is TLS; `None` when it can't be known.
pub fn is_tls(connection: &Connection) -> Option<bool> {
    match &connection.tls {
        Knowable::Known(tls) => Some(tls.is_some()),
        Knowable::Unknown(_) => None,
    }
}

/// Whether a connection stays on this machine.
pub(super) fn is_local(client: &Client, connection: &Connection) -> bool {
    let local = |value: &Value| {
        value.as_str().is_some_and(|host| {
            host == "localhost" || host == "::1" || host.starts_with("127.") || host.is_empty()
        })
    };
    connection.path.is_some()
        || match client.kind {
            ClientKind::RedisCluster => client.nodes.iter().all(|node| local(&node.host.value)),
            ClientKind::Sentinel if connection.host.value.is_none() => {
                client.sentinels.iter().all(|sentinel| local(&sentinel.host.value))
            }
            _ => local(&connection.host.value),
        }
}
