//! Each connection that LiteLLM would open, setting by setting, with where each value comes from.

use crate::{Report, Running};
use std::time::Duration;

pub use crate::display::consumer_name;
use crate::display::{Words, auth, option_name};
use crate::served::{Served, part_name, served};
use base::source::Span;
use python::{Origin, Value};
use serving::Serving;
use serving::sharing::{Carrier, Holder, Share, Why as ServedWhy};
use serving::waiting::waits;
use simulate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Knowable, Native, Outcome, Role, SecretSetting,
    Setting, Startup, Verify,
};

/// What LiteLLM does at start-up, and what it connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// `starts`, or the exception, or what it depends on.
    pub startup: Verdict,
    /// The response cache, the router's Redis and the coordination Redis, in words.
    pub roles: Vec<(&'static str, String)>,
    /// The connections.
    pub connections: Vec<ExplainedConnection>,
    /// What holds start-up up while Redis is unreachable.
    pub waits: Vec<StartupWait>,
    /// What the pools of the clients that serve requests open at most.
    pub pools: Vec<Pool>,
    /// What the running proxy caches and shares; `None` where LiteLLM does not start.
    pub served: Option<Served>,
}

/// The pool of a client that serves requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Who uses it.
    pub consumer: Consumer,
    /// `redis:6379`
    pub target: String,
    /// What it opens at most in each process; `None` where redis-py sets no limit that matters.
    pub most: Option<u64>,
    /// How many processes run, in words and as a number, where files say so.
    pub running: Option<Running>,
}

/// A client that holds start-up up while its Redis is unreachable; LiteLLM then starts without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartupWait {
    /// Who uses it.
    pub consumer: Consumer,
    /// `redis:6379`, or the first sentinel.
    pub target: String,
    /// How often it tries to connect.
    pub attempts: u32,
    /// How long that takes at most where connections are refused; `None` where it gives up at once.
    pub refused: Option<Duration>,
    /// The same where nothing answers; `None` where an attempt has no limit.
    pub silent: Option<Duration>,
}

impl StartupWait {
    /// `up to 10.5 s where it refuses, up to 120.5 s where it does not answer (3 attempts)`
    #[must_use]
    pub fn in_words(&self) -> String {
        let at_most = |time: Duration| format!("up to {:.1} s", time.as_secs_f64());
        let refused = self.refused.map(|time| format!("{} where it refuses, ", at_most(time)));
        let silent = self.silent.map_or_else(|| "without a limit".to_owned(), at_most);
        let refused = refused.unwrap_or_default();
        format!("{refused}{silent} where it does not answer ({} attempts)", self.attempts)
    }
}

/// Whether LiteLLM starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It starts.
    Starts,
    /// It stops with this exception: its class, its message, and the places that play a part.
    Stops {
        /// `ValueError`
        class: String,
        /// LiteLLM's own words.
        message: String,
        /// Where the values that matter come from.
        origins: Vec<String>,
    },
    /// It depends on something that can't be known.
    Unknown(String),
}

/// One client's connection, to a server, a sentinel or a cluster's nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedConnection {
    /// Who uses it.
    pub consumer: Consumer,
    /// Sync or async.
    pub api: Api,
    /// The kind of client.
    pub kind: ClientKind,
    /// What it leads to: `one server`, `each node of the cluster`, `the master`, `sentinel 1 of 3`.
    pub target: String,
    /// Used only if the Redis answers when LiteLLM starts.
    pub only_if_reachable: bool,
    /// Why it can't be opened; for the Rust client, why it keeps its state in memory.
    pub error: Option<String>,
    /// Whether that is only possible: it depends on what `error` says.
    pub error_is_possible: bool,
    /// What goes over it, where that is not all that the consumer does.
    pub carries: Vec<&'static str>,
    /// Settings that are written down, and that this client alone passes over.
    pub ignores: Vec<String>,
    /// The settings, in a fixed order.
    pub rows: Vec<Row>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// redis-py's name.
    pub setting: String,
    /// The value, as text.
    pub value: String,
    /// Where it comes from: a place, a variable, a default and whose.
    pub origin: String,
    /// The place that it was written in: a line of the config or of an environment file.
    pub at: Option<Span>,
    /// What lost to it.
    pub overrode: Vec<String>,
}

/// Explains a report. Passwords are `•••` unless `reveal`.
pub fn explain(report: &Report, reveal: bool) -> Explanation {
    let explainer = Explainer { words: Words::new(report, reveal) };
    let outcome = &report.outcome;
    let mut connections = vec![];
    for client in outcome.redis_py_clients() {
        explainer.client(client, false, &mut connections);
    }
    for native in [&outcome.native, &outcome.router_native].into_iter().flatten() {
        explainer.native(report, native, false, &mut connections);
    }
    if let Some(fallback) = &outcome.usage_if_reachable {
        for client in &fallback.clients {
            explainer.client(client, true, &mut connections);
        }
        if let Some(native) = &fallback.native {
            explainer.native(report, native, true, &mut connections);
        }
    }
    let served = served(report, &explainer.words);
    let startup = startup(report, &explainer.words);
    let waits = startup_waits(report, &explainer.words);
    let pools = pools(report, &explainer.words);
    Explanation { startup, roles: roles(report), connections, waits, pools, served }
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

fn startup_waits(report: &Report, words: &Words<'_>) -> Vec<StartupWait> {
    if report.outcome.startup != Startup::Ok {
        return vec![];
    }
    let waits = waits(&report.outcome, report.pair).into_iter().filter_map(|wait| {
        let asked = wait.client.sentinels.first().or(wait.client.connection.as_ref())?;
        let target = words.address(wait.client, asked);
        Some(StartupWait {
            consumer: wait.client.consumer,
            target,
            attempts: wait.attempts,
            refused: Some(wait.pauses).filter(|_| wait.refused).and_then(duration),
            silent: wait.silent().and_then(duration),
        })
    });
    waits.collect()
}

fn pools(report: &Report, words: &Words<'_>) -> Vec<Pool> {
    let all = serving::pools::pools(&report.outcome).into_iter().map(|pool| Pool {
        consumer: pool.client.consumer,
        target: words.address(pool.client, pool.connection),
        most: pool.most,
        running: report.running.clone(),
    });
    all.collect()
}

/// What LiteLLM does at start-up; no secret is shown.
pub fn verdict(report: &Report) -> Verdict {
    startup(report, &Words::new(report, false))
}

fn startup(report: &Report, words: &Words<'_>) -> Verdict {
    match &report.outcome.startup {
        Startup::Ok => Verdict::Starts,
        Startup::Unknown(why) => Verdict::Unknown(words.shown(why)),
        Startup::Exception(exception) => Verdict::Stops {
            class: exception.class.clone(),
            message: words.shown(&exception.message),
            origins: exception.origins.iter().map(|origin| words.origin(origin)).collect(),
        },
    }
}

/// The response cache, the router's Redis and the coordination Redis, in words; none where LiteLLM
/// does not start.
pub fn roles(report: &Report) -> Vec<(&'static str, String)> {
    if report.outcome.startup != Startup::Ok {
        return vec![];
    }
    let outcome = &report.outcome;
    let unknown = |why: &str| format!("unknown: {why}");
    let response = match &outcome.response_cache {
        None => "none".to_owned(),
        Some(Knowable::Known(class)) => class.clone(),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let role = |role: &Option<Knowable<Role>>| match role {
        None => "no Redis: state stays in this process".to_owned(),
        Some(Knowable::Known(Role::Shared)) => "the response cache's Redis".to_owned(),
        Some(Knowable::Known(Role::Usage)) => "the coordination Redis".to_owned(),
        Some(Knowable::Known(Role::Own(class))) => format!("its own {class}"),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let coordination = if outcome.usage_if_reachable.is_some() {
        "from REDIS_* variables alone, if that Redis answers at start-up".to_owned()
    } else {
        role(&outcome.usage_cache)
    };
    vec![
        ("response cache", response),
        ("router", role(&outcome.router_cache)),
        ("coordination", coordination),
    ]
}

struct Explainer<'r> {
    words: Words<'r>,
}

impl Explainer<'_> {
    fn client(
        &self,
        client: &Client,
        only_if_reachable: bool,
        found: &mut Vec<ExplainedConnection>,
    ) {
        let mut add = |target: String, connection: Option<&Connection>, first: Vec<Row>| {
            let mut rows = first;
            if let Some(connection) = connection {
                rows.extend(self.rows(connection));
            }
            found.push(ExplainedConnection {
                consumer: client.consumer,
                api: client.api,
                kind: client.kind,
                target,
                only_if_reachable,
                error: client.error.as_ref().map(|error| self.words.error(error)),
                error_is_possible: false,
                carries: vec![],
                ignores: vec![],
                rows,
            });
        };
        let target = match client.kind {
            ClientKind::Redis => "one server",
            ClientKind::RedisCluster => "each node of the cluster",
            ClientKind::Sentinel => "the master",
        };
        let mut first = vec![];
        for (at, node) in client.nodes.iter().enumerate() {
            first.push(self.row(&format!("node {} host", at + 1), &node.host));
            first.push(self.row(&format!("node {} port", at + 1), &node.port));
        }
        if let Some(name) = &client.service_name {
            first.push(Row {
                setting: "service_name".to_owned(),
                value: self.words.value(name),
                origin: self.words.origin(&name.origin),
                at: self.words.written_at(&name.origin),
                overrode: vec![],
            });
        }
        add(target.to_owned(), client.connection.as_ref(), first);
        for (at, sentinel) in client.sentinels.iter().enumerate() {
            let target = format!("sentinel {} of {}", at + 1, client.sentinels.len());
            add(target, Some(sentinel), vec![]);
        }
    }

    /// The client in Rust: what goes over it, what it passes over, and why it is not used.
    fn native(
        &self,
        report: &Report,
        native: &Native,
        only_if_reachable: bool,
        found: &mut Vec<ExplainedConnection>,
    ) {
        let at = found.len();
        let consumer = match &native.client {
            Some(client) => {
                self.client(client, only_if_reachable, found);
                client.consumer
            }
            None if native.reason.is_none() => return,
            None => {
                let consumer = native_user(&report.outcome, native);
                found.push(ExplainedConnection {
                    consumer,
                    api: Api::Native,
                    kind: ClientKind::Redis,
                    target: "no server".to_owned(),
                    only_if_reachable,
                    error: None,
                    error_is_possible: false,
                    carries: vec![],
                    ignores: vec![],
                    rows: vec![],
                });
                consumer
            }
        };
        let noted = |name: &str, origin: &Origin| format!("{name} ({})", self.words.origin(origin));
        let ignored = native.ignored.iter();
        let mut passed_over: Vec<String> =
            ignored.map(|one| self.words.shown(&noted(&one.name, &one.origin))).collect();
        if let Some(namespace) = lost_namespace(&report.outcome, consumer) {
            passed_over.push(noted("namespace", &namespace.origin));
        }
        for connection in found.iter_mut().skip(at) {
            connection.carries = carried(report, native);
            connection.ignores.clone_from(&passed_over);
            connection.error = match &native.reason {
                None => None,
                Some(Knowable::Known(reason)) => Some(self.words.shown(reason)),
                Some(Knowable::Unknown(why)) => Some(self.words.shown(why)),
            };
            connection.error_is_possible = matches!(native.reason, Some(Knowable::Unknown(_)));
        }
    }

    fn rows(&self, connection: &Connection) -> Vec<Row> {
        let mut rows = vec![];
        if let Some(path) = &connection.path {
            rows.push(self.row("path", path));
        } else {
            rows.push(self.row("host", &connection.host));
            rows.push(self.row("port", &connection.port));
        }
        rows.push(self.row("db", &connection.db));
        rows.push(self.row("username", &connection.username));
        rows.push(self.secret_row(&connection.password));
        if let Some(auth) = auth(&connection.auth) {
            rows.push(Row {
                setting: "auth".to_owned(),
                value: auth,
                origin: String::new(),
                at: None,
                overrode: vec![],
            });
        }
        self.tls_rows(connection, &mut rows);
        rows.push(self.row("socket_timeout", &connection.socket_timeout));
        rows.push(self.row("socket_connect_timeout", &connection.socket_connect_timeout));
        rows.push(self.row("health_check_interval", &connection.health_check_interval));
        rows.push(self.row("client_name", &connection.client_name));
        rows
    }

    fn tls_rows(&self, connection: &Connection, rows: &mut Vec<Row>) {
        let row = |setting: &str, value: &str, origin: &Origin| Row {
            setting: setting.to_owned(),
            value: value.to_owned(),
            origin: self.words.origin(origin),
            at: self.words.written_at(origin),
            overrode: vec![],
        };
        match &connection.tls {
            Knowable::Unknown(why) => {
                rows.push(row(
                    "tls",
                    &format!("unknown: {}", self.words.shown(why)),
                    &connection.tls_origin,
                ));
            }
            Knowable::Known(None) => rows.push(row("tls", "off", &connection.tls_origin)),
            Knowable::Known(Some(tls)) => {
                rows.push(row("tls", "on", &connection.tls_origin));
                let verify = match tls.verify {
                    Verify::Required => "required",
                    Verify::Optional => "optional",
                    Verify::None => "none",
                };
                rows.push(row("ssl_cert_reqs", verify, &tls.verify_origin));
                rows.push(self.row("ssl_check_hostname", &tls.check_hostname));
                rows.push(self.row("ssl_ca_certs", &tls.ca_certs));
                rows.push(self.row("ssl_ca_path", &tls.ca_path));
                rows.push(self.row("ssl_certfile", &tls.certfile));
                rows.push(self.row("ssl_keyfile", &tls.keyfile));
                for (name, setting) in &tls.others {
                    rows.push(self.row(&option_name(name), setting));
                }
            }
        }
    }

    fn row(&self, name: &str, setting: &Setting) -> Row {
        Row {
            setting: name.to_owned(),
            value: self.words.named_value(name, &setting.value),
            origin: self.words.origin(&setting.value.origin),
            at: self.words.written_at(&setting.value.origin),
            overrode: setting
                .overrode
                .iter()
                .filter(|lost| !same_source(&lost.origin, &setting.value.origin))
                .map(|lost| {
                    let value = self.words.named_value(name, lost);
                    format!("{value} from {}", self.words.origin(&lost.origin))
                })
                .collect(),
        }
    }

    fn secret_row(&self, setting: &SecretSetting) -> Row {
        Row {
            setting: "password".to_owned(),
            value: self.words.secret(setting),
            origin: self.words.origin(&setting.origin),
            at: self.words.written_at(&setting.origin),
            overrode: setting
                .overrode
                .iter()
                .filter(|lost| !same_source(lost, &setting.origin))
                .map(|origin| self.words.origin(origin))
                .collect(),
        }
    }
}

/// Which part of LiteLLM a Rust client is made for.
pub(crate) fn native_user(outcome: &Outcome, native: &Native) -> Consumer {
    let is = |other: Option<&Native>| other.is_some_and(|other| std::ptr::eq(other, native));
    let alone = outcome.usage_cache.is_none() && outcome.usage_if_reachable.is_none();
    if is(outcome.router_native.as_deref()) || alone { Consumer::Router } else { Consumer::Usage }
}

/// The namespace of a part's Redis cache, where the Rust client does not have it: `Cache` sets it on
/// the cache that it has made.
pub fn lost_namespace(outcome: &Outcome, consumer: Consumer) -> Option<&Value> {
    let namespaces = &outcome.running.as_ref()?.namespaces;
    let own = namespaces.iter().find(|one| one.consumer == consumer)?;
    own.held.as_ref().filter(|_| own.constructed.is_none())
}

/// What goes over a Rust client, or would.
fn carried(report: &Report, native: &Native) -> Vec<&'static str> {
    let Some(serving) = Serving::new(&report.outcome, &report.environment, report.pair) else {
        return vec![];
    };
    let is_of = |of| report.outcome.native_of(of).is_some_and(|one| std::ptr::eq(one, native));
    let over = |share: &&Share| match (&share.holder, &share.why) {
        (Holder::Redis { of, written: Carrier::Native, .. }, _)
        | (_, ServedWhy::RustClientRefuses { of, .. }) => is_of(*of),
        _ => false,
    };
    serving.sharing.shares.iter().filter(over).map(|share| part_name(share.part)).collect()
}

/// Whether two values come from one variable: a setting that names `REDIS_HOST` does not lose
/// anything by winning over `REDIS_HOST`.
fn same_source(one: &Origin, other: &Origin) -> bool {
    one.variable().is_some() && one.variable() == other.variable()
}
