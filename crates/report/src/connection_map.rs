//! Who connects to what, and how safely: the outcome as a picture shows it.

use crate::Report;
use crate::display::Words;
use crate::explain::{consumer_name, native_user};
use base::source::Span;
use deployment::environment::Environment;
use python::{Data, Origin, Value};
use simulate::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Knowable, Native, NodeAddress, Outcome,
    Role, Verify,
};

/// The parts of LiteLLM that use Redis, what they connect to, and the connections between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionMap {
    /// The parts of LiteLLM; those that share an object are one.
    pub users: Vec<User>,
    /// What they connect to.
    pub targets: Vec<Target>,
    /// One for each client and target.
    pub edges: Vec<Edge>,
}

/// One part of LiteLLM, or several that share their clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Whose clients they are.
    pub consumer: Consumer,
    /// Its name, then those of the parts that share its clients.
    pub names: Vec<&'static str>,
    /// Used only if the Redis answers when LiteLLM starts.
    pub only_if_reachable: bool,
}

/// A server, or several that serve as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `Redis`, `Redis Cluster`, `Sentinel`, `Master`.
    pub kind: &'static str,
    /// The addresses; the name of a master.
    pub names: Vec<String>,
}

impl Target {
    /// Whether both are the same, also where redis-py's cluster has `127.0.0.1` for `localhost`.
    fn is(&self, other: &Self) -> bool {
        let named = |target: &Self| -> Vec<String> {
            let local = |name: &String| match name.strip_prefix("localhost:") {
                Some(port) if target.kind == "Redis Cluster" => format!("127.0.0.1:{port}"),
                _ => name.clone(),
            };
            target.names.iter().map(local).collect()
        };
        self.kind == other.kind && (self.names == other.names || named(self) == named(other))
    }
}

/// One client's connections to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// A place in [`ConnectionMap::users`].
    pub user: usize,
    /// Sync, async, or the Rust client.
    pub api: Api,
    /// A place in [`ConnectionMap::targets`]; `None` where construction failed before any is known.
    pub target: Option<usize>,
    /// Whether it asks sentinels for the master: each such client has another edge, to that master.
    pub to_sentinels: bool,
    /// Why it can't be opened.
    pub error: Option<String>,
    /// How the connection is protected.
    pub tls: Protection,
    /// How the client says who it is.
    pub login: Login,
    /// Whether another client to the same target, or the same part's other client, does better, or
    /// goes elsewhere.
    pub falls_behind: bool,
    /// The places in the texts that made it.
    pub places: Vec<Span>,
}

/// What protects a connection, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Anyone on the way reads along.
    Plaintext,
    /// TLS with anyone.
    Unverified,
    /// TLS with anyone who has a certificate of the CA.
    Chain,
    /// TLS with the server of that name.
    ChainAndName,
    /// It depends on something that can't be known.
    Unknown,
}

/// How a client says who it is, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Login {
    /// Not at all.
    None,
    /// With a password.
    Password,
    /// With a token of a cloud.
    Token,
    /// It depends on something that can't be known.
    Unknown,
}

impl Protection {
    fn of(connection: &Connection) -> Self {
        let tls = match &connection.tls {
            Knowable::Unknown(_) => return Self::Unknown,
            Knowable::Known(None) => return Self::Plaintext,
            Knowable::Known(Some(tls)) => tls,
        };
        match (tls.verify, &tls.check_hostname.value.data) {
            (Verify::None, _) => Self::Unverified,
            (_, Data::Unknown(_)) => Self::Unknown,
            (_, Data::Bool(true)) => Self::ChainAndName,
            _ => Self::Chain,
        }
    }

    /// In a few words: `TLS, name not checked`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Unverified => "TLS, not verified",
            Self::Chain => "TLS, name not checked",
            Self::ChainAndName => "TLS, verified",
            Self::Unknown => "TLS unknown",
        }
    }
}

impl Login {
    fn of(connection: &Connection) -> Self {
        if connection.auth != Auth::Static {
            return Self::Token;
        }
        match &connection.password.value {
            Knowable::Unknown(_) => Self::Unknown,
            Knowable::Known(None) => Self::None,
            Knowable::Known(Some(_)) => Self::Password,
        }
    }

    /// In a few words: `no password`.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "no password",
            Self::Password => "password",
            Self::Token => "token",
            Self::Unknown => "password unknown",
        }
    }
}

/// The map of a report. No secret is in it.
pub fn connection_map(report: &Report) -> ConnectionMap {
    let mut drawing = Drawing {
        words: Words::new(report, false),
        environment: &report.environment,
        map: ConnectionMap { users: vec![], targets: vec![], edges: vec![] },
    };
    let outcome = &report.outcome;
    for client in outcome.redis_py_clients() {
        drawing.client(outcome, client, false);
    }
    for native in [&outcome.native, &outcome.router_native].into_iter().flatten() {
        drawing.native(outcome, native, false);
    }
    if let Some(fallback) = &outcome.usage_if_reachable {
        for client in &fallback.clients {
            drawing.client(outcome, client, true);
        }
        if let Some(native) = &fallback.native {
            drawing.native(outcome, native, true);
        }
    }
    let edges = drawing.map.edges.clone();
    for edge in &mut drawing.map.edges {
        edge.falls_behind = edges.iter().any(|other| behind(edge, other));
    }
    drawing.map
}

/// Whether an edge is less safe than one that it should equal.
fn behind(edge: &Edge, other: &Edge) -> bool {
    let known = |one: &Edge| one.tls != Protection::Unknown && one.login != Login::Unknown;
    if edge.error.is_some() || other.error.is_some() || !known(edge) || !known(other) {
        return false;
    }
    let same_target = edge.target == other.target;
    let twins =
        edge.user == other.user && edge.api != other.api && edge.to_sentinels == other.to_sentinels;
    let weaker = edge.tls < other.tls || edge.login < other.login;
    same_target && weaker
        || twins && !same_target && edge.target.is_some() && other.target.is_some()
}

struct Drawing<'r> {
    words: Words<'r>,
    environment: &'r Environment,
    map: ConnectionMap,
}

impl Drawing<'_> {
    /// The Rust client belongs to those whose Redis it uses.
    fn native(&mut self, outcome: &Outcome, native: &Native, only_if_reachable: bool) {
        let consumer = native_user(outcome, native);
        let owner = match (consumer, &outcome.usage_cache) {
            (Consumer::Usage, Some(Knowable::Known(Role::Shared))) => Consumer::Response,
            _ => match &outcome.router_cache {
                Some(Knowable::Known(Role::Shared)) if consumer == Consumer::Router => {
                    Consumer::Response
                }
                _ => consumer,
            },
        };
        let user = self.user(outcome, owner, only_if_reachable);
        if let Some(client) = &native.client {
            self.edges_of(client, user);
        } else if let Some(reason) = &native.reason {
            let reason = match reason {
                Knowable::Known(reason) | Knowable::Unknown(reason) => self.words.shown(reason),
            };
            self.map.edges.push(Edge {
                user,
                api: Api::Native,
                target: None,
                to_sentinels: false,
                error: Some(format!("its state stays in memory: {reason}")),
                tls: Protection::Unknown,
                login: Login::Unknown,
                falls_behind: false,
                places: vec![],
            });
        }
    }

    fn client(&mut self, outcome: &Outcome, client: &Client, only_if_reachable: bool) {
        let user = self.user(outcome, client.consumer, only_if_reachable);
        self.edges_of(client, user);
    }

    fn edges_of(&mut self, client: &Client, user: usize) {
        let address = |host: &Value, port: &Value| {
            let unknown = matches!(host.data, Data::Unknown(_));
            let host = if unknown { "host unknown".to_owned() } else { self.words.value(host) };
            match &port.data {
                Data::Unknown(_) => host,
                _ => format!("{host}:{}", self.words.value(port)),
            }
        };
        let of_node = |node: &NodeAddress| address(&node.host.value, &node.port.value);
        let of_connection = |connection: &Connection| match &connection.path {
            Some(path) => self.words.value(&path.value),
            None => address(&connection.host.value, &connection.port.value),
        };
        let first = client.connection.as_ref();
        let target = match client.kind {
            ClientKind::Redis => {
                first.map(|one| Target { kind: "Redis", names: vec![of_connection(one)] })
            }
            ClientKind::RedisCluster => Some(Target {
                kind: "Redis Cluster",
                names: client.nodes.iter().map(of_node).collect(),
            }),
            ClientKind::Sentinel => client
                .service_name
                .as_ref()
                .map(|name| Target { kind: "Master", names: vec![self.words.value(name)] }),
        };
        let sentinels = Target {
            kind: "Sentinel",
            names: client.sentinels.iter().map(of_connection).collect(),
        };
        let mut places = vec![];
        for node in &client.nodes {
            self.add_places(&node.host.value.origin, &mut places);
            self.add_places(&node.port.value.origin, &mut places);
        }
        if let Some(name) = &client.service_name {
            self.add_places(&name.origin, &mut places);
        }
        if let Some(sentinel) = client.sentinels.first() {
            self.edge(client, user, Some(sentinels), Some(sentinel), vec![]);
        }
        self.edge(client, user, target, first, places);
    }

    /// The user of a client, which may be there already.
    fn user(&mut self, outcome: &Outcome, consumer: Consumer, only_if_reachable: bool) -> usize {
        let there =
            |user: &User| user.consumer == consumer && user.only_if_reachable == only_if_reachable;
        if let Some(at) = self.map.users.iter().position(there) {
            return at;
        }
        let shared = match consumer {
            Consumer::Response => Role::Shared,
            Consumer::Usage => Role::Usage,
            Consumer::Router | Consumer::Semantic => Role::Own(String::new()),
        };
        let others =
            [(&outcome.router_cache, Consumer::Router), (&outcome.usage_cache, Consumer::Usage)];
        let sharing = others.into_iter().filter(|(role, other)| {
            *other != consumer
                && !only_if_reachable
                && matches!(role, Some(Knowable::Known(role)) if *role == shared)
        });
        let names = std::iter::once(consumer).chain(sharing.map(|(_, other)| other));
        let names = names.map(consumer_name).collect();
        self.map.users.push(User { consumer, names, only_if_reachable });
        self.map.users.len() - 1
    }

    fn edge(
        &mut self,
        client: &Client,
        user: usize,
        target: Option<Target>,
        connection: Option<&Connection>,
        mut places: Vec<Span>,
    ) {
        let target = target.map(|target| {
            let there = self.map.targets.iter().position(|one| one.is(&target));
            there.unwrap_or_else(|| {
                self.map.targets.push(target);
                self.map.targets.len() - 1
            })
        });
        if let Some(connection) = connection {
            for origin in origins(connection) {
                self.add_places(origin, &mut places);
            }
        }
        if let Some(Knowable::Known(exception)) = &client.error {
            for origin in &exception.origins {
                self.add_places(origin, &mut places);
            }
        }
        let error = client.error.as_ref().map(|error| self.words.error(error));
        let kind = target.and_then(|at| self.map.targets.get(at)).map(|target| target.kind);
        self.map.edges.push(Edge {
            user,
            api: client.api,
            target,
            to_sentinels: kind == Some("Sentinel"),
            error,
            tls: connection.map_or(Protection::Unknown, Protection::of),
            login: connection.map_or(Login::Unknown, Login::of),
            falls_behind: false,
            places,
        });
    }

    /// Adds where a value was written: in the config, and where its variable is set.
    fn add_places(&self, origin: &Origin, places: &mut Vec<Span>) {
        let set = |name: &str| self.environment.get(name).and_then(|variable| variable.span);
        let mut add = |span: Option<Span>| {
            if let Some(span) = span.filter(|span| !places.contains(span)) {
                places.push(span);
            }
        };
        match origin {
            Origin::Config(at) => add(Some(*at)),
            Origin::Reference { at, variable } => {
                add(Some(*at));
                add(set(variable));
            }
            Origin::Environment(name) => add(set(name)),
            Origin::LitellmDefault(_) | Origin::RedisPyDefault(_) => {}
            Origin::Computed(computed) => {
                for origin in &computed.from {
                    self.add_places(origin, places);
                }
            }
        }
    }
}

/// Where what the map shows of a connection comes from.
fn origins(connection: &Connection) -> Vec<&Origin> {
    let mut origins = vec![&connection.tls_origin, &connection.password.origin];
    let settings = [&connection.host, &connection.port, &connection.username];
    let mut settings: Vec<_> = settings.into_iter().chain(&connection.path).collect();
    if let Knowable::Known(Some(tls)) = &connection.tls {
        origins.push(&tls.verify_origin);
        settings.extend([&tls.check_hostname, &tls.ca_certs, &tls.certfile, &tls.keyfile]);
    }
    origins.extend(settings.into_iter().map(|setting| &setting.value.origin));
    origins
}
