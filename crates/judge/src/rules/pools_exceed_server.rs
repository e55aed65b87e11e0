use super::beside::met;
use super::case::{raises, silent};
use super::context::{arguments, client_name, is_local, target};
use super::managed::at_services;
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::source::Span;
use serde_json::json;
use serving::pools::{Pool, pools};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP811",
    name: "pools-exceed-server",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "LiteLLM's processes may open more connections than the server takes.",
    why: "Each worker of each replica has pools of its own. LiteLLM's async clients have redis-py's blocking pool: \
        `max_connections` connections, 50 where nothing is set. A pool fills when answers are slow, in all processes at \
        once. A server refuses what is beyond its `maxclients` with \"max number of clients reached\"; Redis takes \
        10,000 where nothing else is set. Every ten minutes LiteLLM builds the pool anew while the old one's connections \
        stay open for a while, so that half of the server's limit is what can be relied on.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(REPLICAS),
    fixed: Example::new(FEWER).beside(REPLICAS),
    cases: &[
        raises(CONFIG)
            .beside(REPLICAS)
            .path("litellm_settings.cache_params.max_connections")
            .severity(Severity::Hint)
            .says(&["240000", "40 replicas of 6 workers", "1000 in each", "10,000 unless", "Set `max_connections: 20`"]),
        // The server is in the same files.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n")
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: --num_workers 4\n  redis:\n    image: redis:7\n    command: redis-server --maxclients 100\n",
            )
            .severity(Severity::Warning)
            .says(&["200 connections", "takes 100", "4 workers", "max_connections: 12"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n").beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: --num_workers 4\n  redis:\n    image: redis:7\n    command: redis-server --maxclients 400\n",
        ),
        // ElastiCache takes 65,000, whatever the node.
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: master.x.abc.use1.cache.amazonaws.com, port: 6379, ssl: true, max_connections: 200}}\n",
        )
        .beside(REPLICAS),
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: master.x.abc.use1.cache.amazonaws.com, port: 6379, ssl: true, max_connections: 1000}}\n",
        )
        .beside(REPLICAS)
        .severity(Severity::Warning)
        .says(&["takes 65000"]),
        // Nobody says how many processes run: one is enough here.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379, max_connections: 20000}}\n")
            .says(&["20000 connections", "each process"]),
        silent(CONFIG),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, port: 6379, max_connections: 20000}}\n"),
    ],
    check,
};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n    max_connections: 1000\n    ssl: true\n";
const FEWER: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n    max_connections: 20\n    ssl: true\n";
const REPLICAS: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\nspec:\n  replicas: 40\n  template:\n    spec:\n      enableServiceLinks: false\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.109.1\n          args: [--num_workers, \"6\"]\n";

/// `maxclients` of Redis and Valkey, where nothing else is set.
const DEFAULT: u64 = 10_000;

/// What a server takes.
struct Limit {
    most: u64,
    /// Whether that is known of this server, and not only the default of all.
    known: bool,
    /// Where the server is started.
    span: Option<Span>,
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let all = pools(context.outcome);
    let mut found: Vec<Finding> = vec![];
    let mut seen: Vec<String> = vec![];
    for pool in &all {
        let goes_to = target(pool.client, pool.connection);
        if pool.most.is_none() || is_local(pool.client, pool.connection) || seen.contains(&goes_to)
        {
            continue;
        }
        let same = all.iter().filter(|other| target(other.client, other.connection) == goes_to);
        let in_each: u64 = same.filter_map(|other| other.most).sum();
        found.extend(beyond(context, pool, &goes_to, in_each));
        seen.push(goes_to);
    }
    found
}

/// What is said where the processes' pools together pass what the server takes.
fn beyond(context: &Context<'_>, pool: &Pool<'_>, goes_to: &str, in_each: u64) -> Option<Finding> {
    let litellm = context.pair.litellm;
    let processes = context.container.and_then(|one| one.processes(litellm)).unwrap_or(1);
    let limit = limit(context, pool)?;
    let opens = in_each.saturating_mul(processes);
    if opens <= limit.most {
        return None;
    }
    let running = context.container.and_then(|one| one.running(litellm));
    let by = match running {
        Some(running) => format!("{running}, {in_each} in each process"),
        None => "each process".to_owned(),
    };
    let takes = match limit.known {
        true => format!("which takes {}", limit.most),
        false => "and a Redis takes 10,000 unless its `maxclients` says otherwise".to_owned(),
    };
    let message = format!(
        "{} may open {opens} connections to {goes_to} ({by}), {takes}.",
        client_name(pool.client)
    );
    let path = format!("{}.max_connections", arguments(pool.client.consumer));
    let entry = context.entry(&path);
    let origin = &pool.connection.host.value.origin;
    let span = entry.map_or_else(|| context.span_of(origin), |entry| entry.value.span());
    let severity = if limit.known { Severity::Warning } else { Severity::Hint };
    let finding = RULE.at(span, message).label("of each pool").severity(severity);
    let finding = if entry.is_some() { finding.path(&path) } else { finding };
    let finding = finding.related(limit.span, "what takes them");
    let container = context.container.and_then(|container| container.span);
    let finding = finding.related(container, "what runs several times");
    let fewer = (limit.most / processes / 2).max(1);
    let cure = Cure::edit(
        format!("Set `max_connections: {fewer}`, with which all pools have half of what it takes."),
        vec![Operation::Set { path, value: json!(fewer) }],
    );
    let more = Cure::Elsewhere { words: "Raise the server's `maxclients`." };
    let finding = context.cured_by(&CHECK, finding, [cure]);
    Some(finding.cure(more))
}

/// What the server takes; `None` where that is for its owner to say.
fn limit(context: &Context<'_>, pool: &Pool<'_>) -> Option<Limit> {
    if let Some(met) = context.container.and_then(|container| met(container, pool.client)) {
        let span = met.server.span;
        return match met.server.option("--maxclients") {
            Some(most) => Some(Limit { most: most.parse().ok()?, known: true, span }),
            None => Some(Limit { most: DEFAULT, known: false, span }),
        };
    }
    let mut services = at_services(context);
    match services.find(|at| std::ptr::eq(at.client, pool.client)) {
        Some(at) => Some(Limit { most: at.service.clients?, known: true, span: None }),
        None => Some(Limit { most: DEFAULT, known: false, span: None }),
    }
}
