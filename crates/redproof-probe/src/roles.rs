//! Whether LiteLLM starts, and which of its parts work, by what the connections came to.

use redproof_core::outcome::{Api, Consumer, Outcome, Startup};
use redproof_core::releases::{DefaultValue, Pair};

use crate::needs::{Need, Needs, Role};
use crate::outcome::ProbeOutcome;
use crate::plan::{NOT_BUILT, consumer_name};
use crate::report::{ConnectionReport, Part, RoleReport, StartReport};

/// Whether LiteLLM starts: redis-py's synchronous cluster client connects as it is constructed.
pub(crate) fn startup(
    outcome: &Outcome,
    pair: Pair,
    needs: &Needs,
    connections: &[ConnectionReport],
) -> StartReport {
    let not = |why: String| StartReport { starts: Some(false), why: Some(why) };
    match &outcome.startup {
        Startup::Exception(exception) => return not(exception.to_string()),
        Startup::Unknown(why) => return StartReport { starts: None, why: Some(why.clone()) },
        Startup::Ok => {}
    }
    if let Some(why) = &needs.refused {
        return not(why.clone());
    }
    let cluster = connections.iter().find(|connection| {
        connection.client == "RedisCluster"
            && ["sync", "both"].contains(&connection.api)
            && connection.needed
            && matches!(connection.part, Part::StartupNode | Part::Server)
            && connection.outcome != ProbeOutcome::Ok
            // Then only requests fail.
            && !(connection.outcome == ProbeOutcome::ClusterDown && sync_takes_some_slots(pair))
    });
    if let (None, Some(node)) = (cluster, no_node_reached(connections)) {
        return not(format!(
            "redis-py's cluster client asks a node for its commands as it is constructed, and reaches none of \
             those that the cluster announces, {} among them: {}.",
            node.target,
            node.outcome.name()
        ));
    }
    match cluster {
        Some(connection) => not(format!(
            "redis-py's cluster client asks for the cluster's map as it is constructed, and gets none \
             from {}: {}.",
            connection.target,
            connection.outcome.name()
        )),
        None => StartReport { starts: Some(true), why: None },
    }
}

/// Whether the sync client does with a part of the slots: `require_full_coverage`.
fn sync_takes_some_slots(pair: Pair) -> bool {
    let cluster = pair.redis_py_data().redis_cluster();
    let parameter = cluster.parameter("require_full_coverage");
    parameter.is_some_and(|parameter| parameter.default == DefaultValue::Bool(false))
}

/// A master that the sync cluster client does not reach, where it reaches none.
fn no_node_reached(connections: &[ConnectionReport]) -> Option<&ConnectionReport> {
    use ProbeOutcome as O;
    let mut masters = connections.iter().filter(|one| {
        one.client == "RedisCluster"
            && ["sync", "both"].contains(&one.api)
            && one.part == Part::ClusterNode
    });
    let gone =
        [O::Dns, O::Refused, O::Timeout, O::HostnameMismatch, O::NotTlsServer, O::TlsRequired];
    let first = masters.clone().next()?;
    masters.all(|one| gone.contains(&one.outcome)).then_some(first)
}

/// The verdict on each role that a Redis fills.
pub(crate) fn roles(needs: &Needs, connections: &[ConnectionReport]) -> Vec<RoleReport> {
    let mut found: Vec<RoleReport> = Vec::new();
    for need in &needs.roles {
        let Some(role) = role(need, needs.fail_closed, connections) else {
            continue;
        };
        match found.iter_mut().find(|known| known.role == role.role) {
            // Parts of one role may use two servers.
            Some(known) if known.works => *known = role,
            Some(_) => {}
            None => found.push(role),
        }
    }
    found.sort_by_key(|role| ORDER.iter().position(|one| one.name() == role.role));
    found
}

const ORDER: [Role; 5] =
    [Role::ResponseCache, Role::SemanticIndex, Role::Router, Role::Coordination, Role::Limits];

fn role(need: &Need, fail_closed: bool, connections: &[ConnectionReport]) -> Option<RoleReport> {
    let own: Vec<&ConnectionReport> = connections
        .iter()
        .filter(|connection| {
            connection.semantic == (need.role == Role::SemanticIndex)
                && connection.users.iter().any(|user| {
                    let same = |(consumer, api): &(Consumer, Api)| {
                        user.consumer == consumer_name(*consumer) && user.api == api_name(*api)
                    };
                    need.users.iter().any(same)
                })
        })
        .collect();
    let last = own.iter().rev().find(|connection| counts(connection))?;
    let report = |works, outcome, target: &str, why| RoleReport {
        role: need.role.name(),
        words: need.role.words(),
        works,
        outcome,
        target: Some(target.to_owned()),
        why,
    };
    let bad = own.iter().find(|one| counts(one) && one.outcome != ProbeOutcome::Ok);
    if let Some(bad) = bad {
        let mut why = bad.detail.clone().unwrap_or_default();
        if bad.api == "native" {
            why += without_rust_client(need.role);
            if fail_closed && need.role == Role::Limits && bad.target != NOT_BUILT {
                why += FAILS_CLOSED;
            }
        } else if bad.optional {
            why += " LiteLLM starts without this Redis, and keeps the state in each process.";
        }
        return Some(report(false, bad.outcome, &bad.target, Some(why)));
    }
    for one in &own {
        let refused: Vec<&str> = one
            .refused_commands
            .iter()
            .copied()
            .filter(|name| need.commands.contains(name))
            .collect();
        if !refused.is_empty() {
            let mut why =
                format!("It needs commands that the server refuses: {}.", refused.join(", "));
            if need.role == Role::Limits && refused.iter().any(|name| SCRIPTS.contains(name)) {
                why += if fail_closed { FAILS_CLOSED } else { COUNTS_ALONE };
            }
            return Some(report(false, ProbeOutcome::NoPermission, &one.target, Some(why)));
        }
        if one.bare_keys_refused && matches!(need.role, Role::Limits | Role::Coordination) {
            let why = "Some of its keys go without the namespace, and the user may not use them.";
            return Some(report(false, ProbeOutcome::NoPermission, &one.target, Some(why.into())));
        }
    }
    Some(report(true, ProbeOutcome::Ok, &last.target, None))
}

/// The commands of the limits' scripts, as `ACL` writes them.
const SCRIPTS: [&str; 3] = ["eval", "evalsha", "script|load"];

const FAILS_CLOSED: &str =
    " With `fail_closed_rate_limit_enforcement` it rejects requests that have limits.";

/// `parallel_request_limiter_v3.py`: "any Redis/Lua failure degrades to the local mirror".
const COUNTS_ALONE: &str = " LiteLLM then counts rate limits in each process alone, and requests do not show it: \
    with n processes, n times the limit gets through.";

/// What LiteLLM does where its Rust client has no Redis.
fn without_rust_client(role: Role) -> &'static str {
    match role {
        Role::Limits => {
            " LiteLLM serves requests all the same, and each process counts budgets and limits for itself."
        }
        Role::Router => {
            " LiteLLM serves requests all the same, and each process knows its own cooldowns and usage alone."
        }
        Role::Coordination | Role::ResponseCache | Role::SemanticIndex => {
            " LiteLLM serves requests all the same, and each process looks up keys for itself."
        }
    }
}

/// Whether the role depends on it.
fn counts(connection: &ConnectionReport) -> bool {
    connection.needed || (connection.optional && connection.part != Part::ClusterReplica)
}

fn api_name(api: Api) -> &'static str {
    match api {
        Api::Sync => "sync",
        Api::Async => "async",
        Api::Native => "native",
    }
}
