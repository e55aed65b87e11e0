//! `redproof explain --format json`.

use std::collections::BTreeMap;
use std::time::Duration;

use redproof_core::depends::{Case as ByValue, Dependence, Effect as Does};
use redproof_core::explain::{
    ExplainedConnection, Explanation, Pool, Row, StartupWait, Verdict, consumer_name,
};
use redproof_core::served::{self, Served};
use redproof_core::{Report, defects, depends};
use schemars::JsonSchema;
use serde::Serialize;

use super::compare::DefectPart;
use super::parts::{Location, Releases, Word};
use super::{VERSION, Version};
use crate::places::Places;
use crate::words::{api_name, kind_name};

/// What LiteLLM connects to, and where every setting comes from.
#[derive(Serialize, JsonSchema)]
pub struct ExplanationDocument<'a> {
    /// The version of this format.
    schema: Version,
    file: Option<&'a str>,
    releases: Releases<'a>,
    startup: ExplainedStartup<'a>,
    /// The response cache, the router's Redis and the coordination Redis, in words.
    roles: BTreeMap<String, &'a str>,
    /// Variables whose values are not known, and what LiteLLM does for each.
    depends_on: Vec<DependsOn<'a>>,
    connections: Vec<Connection<'a>>,
    /// What holds start-up up while Redis is unreachable.
    startup_waits: Vec<StartupWaitPart<'a>>,
    /// What the pools of the clients that serve requests open at most.
    pools: Vec<PoolPart<'a>>,
    /// What the running proxy caches and shares; null where LiteLLM does not start.
    served: Option<ServedPart<'a>>,
    /// Known defects of the release that the configuration meets.
    known_defects: Vec<DefectPart>,
    notes: Vec<&'a str>,
}

/// Whether LiteLLM starts: `ok`, the exception that stops it, or what that depends on.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum ExplainedStartup<'a> {
    Ok(Word),
    Exception {
        exception: &'a str,
        message: &'a str,
        /// Where the values that matter come from.
        because_of: &'a [String],
    },
    Unknown {
        unknown: &'a str,
    },
}

impl<'a> ExplainedStartup<'a> {
    pub(crate) fn of(startup: &'a Verdict) -> Self {
        match startup {
            Verdict::Starts => Self::Ok(Word::Ok),
            Verdict::Unknown(why) => Self::Unknown { unknown: why },
            Verdict::Stops { class, message, origins } => {
                Self::Exception { exception: class, message, because_of: origins }
            }
        }
    }
}

/// A client that tries to connect again and again before the proxy serves.
#[derive(Serialize, JsonSchema)]
struct StartupWaitPart<'a> {
    consumer: &'static str,
    /// `redis:6379`, or the first sentinel.
    target: &'a str,
    /// How often it tries to connect.
    attempts: u32,
    /// At most, where connections are refused; null where it gives up at once.
    refused_seconds: Option<f64>,
    /// At most, where nothing answers; null where an attempt has no limit.
    silent_seconds: Option<f64>,
}

impl<'a> StartupWaitPart<'a> {
    fn of(wait: &'a StartupWait) -> Self {
        Self {
            consumer: consumer_name(wait.consumer),
            target: &wait.target,
            attempts: wait.attempts,
            refused_seconds: wait.refused.map(tenths),
            silent_seconds: wait.silent.map(tenths),
        }
    }
}

/// The pool of a client that serves requests; a cluster's clients are left out.
#[derive(Serialize, JsonSchema)]
struct PoolPart<'a> {
    consumer: &'static str,
    /// `redis:6379`
    target: &'a str,
    /// Connections in each process, at most; null where there is no limit.
    in_each_process: Option<u64>,
    /// How many processes run at most; null where no file says so.
    processes: Option<u64>,
    /// `3 replicas of 2 workers`; null where no file says so.
    running: Option<&'a str>,
}

impl<'a> PoolPart<'a> {
    fn of(pool: &'a Pool) -> Self {
        Self {
            consumer: consumer_name(pool.consumer),
            target: &pool.target,
            in_each_process: pool.most,
            processes: pool.running.as_ref().map(|running| running.processes),
            running: pool.running.as_ref().map(|running| running.words.as_str()),
        }
    }
}

/// Seconds, to a tenth.
fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}

/// A variable whose value is not known.
#[derive(Serialize, JsonSchema)]
struct DependsOn<'a> {
    variable: &'a str,
    /// Why its value is not known.
    why: &'a str,
    /// Where it is set or named.
    location: Option<Location<'a>>,
    cases: Vec<Case<'a>>,
}

/// What happens for some values.
#[derive(Serialize, JsonSchema)]
struct Case<'a> {
    /// The values, in words.
    when: &'a [&'static str],
    /// What LiteLLM does then, as far as it differs from the other cases.
    effects: Vec<Effect<'a>>,
}

/// One thing that LiteLLM does.
#[derive(Serialize, JsonSchema)]
struct Effect<'a> {
    /// Whose; empty for LiteLLM as a whole.
    clients: &'a str,
    what: &'a str,
    value: &'a str,
}

/// One client's connection.
#[derive(Serialize, JsonSchema)]
struct Connection<'a> {
    /// Who uses it: `response cache`, `coordination`, `router`.
    consumer: &'static str,
    /// `sync`, `async` or `native`.
    api: &'static str,
    /// `Redis`, `RedisCluster` or `Sentinel`.
    client: &'static str,
    /// What it leads to: `one server`, `sentinel 1 of 3`.
    target: &'a str,
    /// Used only if the Redis answers when LiteLLM starts.
    only_if_reachable: bool,
    /// Why it can't be opened; for the Rust client, why it keeps its state in memory.
    error: Option<&'a str>,
    /// What it depends on whether it is opened.
    depends_on: Option<&'a str>,
    /// What goes over it, where that is not all that the consumer does.
    carries: &'a [&'static str],
    /// Settings that are written down, and that this client alone passes over.
    ignores: &'a [String],
    settings: Vec<SettingPart<'a>>,
}

/// One setting.
#[derive(Serialize, JsonSchema)]
struct SettingPart<'a> {
    /// redis-py's name.
    setting: &'a str,
    value: &'a str,
    /// Where it comes from: a place, a variable, a default and whose.
    origin: &'a str,
    /// What lost to it.
    overrode: &'a [String],
}

/// What the running proxy caches and shares.
#[derive(Serialize, JsonSchema)]
struct ServedPart<'a> {
    /// What stops the proxy after its config is loaded.
    refused: Option<&'a str>,
    shared: Vec<SharedPart<'a>>,
    cached: Vec<Cached<'a>>,
    acls: Vec<Acl<'a>>,
}

/// A part of LiteLLM, and where it keeps its state.
#[derive(Serialize, JsonSchema)]
struct SharedPart<'a> {
    part: &'static str,
    holder: &'a str,
    /// Whether replicas share it; null where that can't be known.
    shared: Option<bool>,
    why: Option<&'a str>,
}

/// What is cached, how and for how long.
#[derive(Serialize, JsonSchema)]
struct Cached<'a> {
    name: &'a str,
    value: &'a str,
    origin: Option<&'a str>,
}

/// The least that one Redis must allow.
#[derive(Serialize, JsonSchema)]
struct Acl<'a> {
    /// Whose Redis.
    of: &'a [&'static str],
    /// The `ACL SETUSER`.
    command: &'a str,
    /// Whether that is all: what redis-py's clients for a Cluster and for sentinels send beside it is
    /// not in it.
    complete: bool,
}

/// What a configuration connects to, as it is printed.
pub fn explained(report: &Report, explanation: &Explanation) -> String {
    let places = Places::new(report);
    let depends = depends(report);
    let roles = explanation.roles.iter();
    super::text(&ExplanationDocument {
        schema: VERSION,
        file: report.sources.first().map(|source| &*source.name),
        releases: Releases::of(report),
        startup: ExplainedStartup::of(&explanation.startup),
        roles: roles.map(|(role, what)| (role.replace(' ', "_"), &**what)).collect(),
        depends_on: depends.iter().map(|one| DependsOn::of(one, &places)).collect(),
        connections: explanation.connections.iter().map(Connection::of).collect(),
        startup_waits: explanation.waits.iter().map(StartupWaitPart::of).collect(),
        pools: explanation.pools.iter().map(PoolPart::of).collect(),
        served: explanation.served.as_ref().map(ServedPart::of),
        known_defects: defects::met(report).into_iter().map(DefectPart::of).collect(),
        notes: report.notes.iter().map(|note| &*note.text).collect(),
    })
}

impl<'a> DependsOn<'a> {
    fn of(one: &'a Dependence, places: &'a Places<'_>) -> Self {
        let effect =
            |one: &'a Does| Effect { clients: &one.whose, what: &one.what, value: &one.value };
        let case = |one: &'a ByValue| Case {
            when: &one.when,
            effects: one.effects.iter().map(effect).collect(),
        };
        Self {
            variable: &one.variable,
            why: &one.why,
            location: Location::of(one.at, places),
            cases: one.cases.iter().map(case).collect(),
        }
    }
}

impl<'a> Connection<'a> {
    fn of(one: &'a ExplainedConnection) -> Self {
        let setting = |row: &'a Row| SettingPart {
            setting: &row.setting,
            value: &row.value,
            origin: &row.origin,
            overrode: &row.overrode,
        };
        let (error, depends_on) = match one.error_is_possible {
            true => (None, one.error.as_deref()),
            false => (one.error.as_deref(), None),
        };
        Self {
            consumer: consumer_name(one.consumer),
            api: api_name(one.api),
            client: kind_name(one.kind),
            target: &one.target,
            only_if_reachable: one.only_if_reachable,
            error,
            depends_on,
            carries: &one.carries,
            ignores: &one.ignores,
            settings: one.rows.iter().map(setting).collect(),
        }
    }
}

impl<'a> ServedPart<'a> {
    fn of(served: &'a Served) -> Self {
        let shared = |one: &'a served::SharedPart| SharedPart {
            part: one.part,
            holder: &one.holder,
            shared: one.shared,
            why: one.why.as_deref(),
        };
        let cached = |one: &'a served::Fact| Cached {
            name: &one.name,
            value: &one.value,
            origin: one.origin.as_deref(),
        };
        let acl = |one: &'a served::Allowed| Acl {
            of: &one.of,
            command: &one.command,
            complete: one.complete,
        };
        Self {
            refused: served.refused.as_deref(),
            shared: served.shared.iter().map(shared).collect(),
            cached: served.cached.iter().map(cached).collect(),
            acls: served.acls.iter().map(acl).collect(),
        }
    }
}
