use super::{Check, Context, Example};
use crate::defects::met_by;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::defects::{Defect, Reach, SEVERAL, When};

pub(super) static RULE: Rule = Rule {
    code: "RP910",
    name: "known-defect",
    category: Category::KnownDefects,
    severity: Severity::Hint,
    summary: "The LiteLLM release has a known defect that the configuration meets.",
    why: "A configuration can be right and still not work: some releases have defects around Redis, \
        and LiteLLM's issues tell of them. This hint names those whose broken part the configuration \
        asks for. [All that are known](../defects.md) are listed with their releases; \
        `redproof compare` says which an upgrade brings and which it takes away, those included that \
        any proxy with a Redis meets.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::old(
        r"
general_settings:
  use_redis_transaction_buffer: true
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    )
    .on("1.84.1", "5.3.1"),
    fixed: Example::new(
        r"
general_settings:
  use_redis_transaction_buffer: true
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[
        super::case::raises("litellm_settings: {cache: true, cache_params: {type: redis, sentinel_nodes: [[s, 26379]], service_name: m, db: 2}}\n")
            .severity(Severity::Error)
            .says(&["SELECT"]),
        super::case::raises(LOCK)
            .on("1.81.0", "5.2.1")
            .times(2)
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.81.0\n    command: --num_workers 8\n")
            .says(&["LD21225", "since 8 workers run"]),
        super::case::raises(LOCK)
            .on("1.81.0", "5.2.1")
            .beside("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - image: ghcr.io/berriai/litellm:v1.81.0\n")
            .says_not(&["LD21225"]),
    ],
    check,
};

/// Replicas can take the lock from each other on some releases.
const LOCK: &str = "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let release = context.pair.litellm;
    let alone = context.container.is_some_and(|container| container.runs_alone(release));
    let asked = Defect::all().filter(|defect| defect.reach.is_asked());
    let asked = asked.filter(|defect| !(alone && defect.depends == Some(SEVERAL)));
    let met = met_by(asked, context.document, context.environment, context.outcome, context.pair);
    met.into_iter().map(|defect| finding(context, defect)).collect()
}

fn finding(context: &Context<'_>, defect: &Defect) -> Finding {
    let release = context.pair.litellm;
    let running = context.container.and_then(|container| container.running(release));
    let depends = match (defect.depends, running) {
        (Some(SEVERAL), Some(running)) => format!(", since {running} run"),
        (Some(what), _) => format!(", if {what}"),
        (None, _) => String::new(),
    };
    let message = format!(
        "LiteLLM {release} has a known defect{depends} ({}): {}",
        defect.id, defect.happens
    );
    let path = asks(&defect.when, context).or_else(|| {
        let mut redis = REDIS.into_iter();
        redis.find(|path| context.entry(path).is_some())
    });
    let span = path.and_then(|path| context.entry(path)?.key.span());
    let seen =
        defect.references.first().map_or(String::new(), |one| format!(" See {}.", one.url()));
    let mut found = RULE.at(span, message).label(defect.name).path(path.unwrap_or_default());
    if defect.reach == Reach::Breaks {
        found = found.severity(Severity::Error);
    }
    found.help(format!("{}{seen}", defect.cure))
}

/// The first setting of a condition that the config has.
fn asks(when: &When, context: &Context<'_>) -> Option<&'static str> {
    let path = match *when {
        When::All(parts) | When::AnyOf(parts) => {
            return parts.iter().find_map(|part| asks(part, context));
        }
        When::Given(path)
        | When::On(path)
        | When::Is(path, _)
        | When::Names(path, _)
        | When::IsModelName(path) => path,
        When::DeploymentGives(_) | When::DeploymentGivesZero(_) => "model_list",
        _ => return None,
    };
    context.entry(path).map(|_| path)
}

/// Where a Redis is given, for what is wrong with it as a whole.
const REDIS: [&str; 9] = [
    "litellm_settings.cache_params.redis_startup_nodes",
    "litellm_settings.cache_params.startup_nodes",
    "general_settings.coordination_redis.startup_nodes",
    "litellm_settings.cache_params.sentinel_nodes",
    "litellm_settings.cache_params.namespace",
    "general_settings.coordination_redis",
    "litellm_settings.cache_params",
    "router_settings.cache_kwargs",
    "router_settings.redis_host",
];
