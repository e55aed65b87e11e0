use serde_json::{Value as Json, json};

use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::Behaviour;
use facts::catalogue::{self, Section};
use python::{Data, Value};
use report::explain::lost_namespace;
use simulate::outcome::{Consumer, Knowable, Role};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP407",
    name: "namespace-is-not-for-limits",
    category: Category::Precedence,
    severity: Severity::Warning,
    summary: "The `namespace` of the response cache does not reach the keys of budgets and rate limits.",
    why: "From 1.110.0 on, budgets, rate limits, cooldowns and the router's usage go over a client in Rust. LiteLLM \
        sets the `namespace` of `cache_params` on the response cache after that client got its settings: its keys go \
        without. Two deployments that only a namespace keeps apart then share limits and cooldowns, and a user that \
        may only touch `namespace:*` is refused each of them: LiteLLM logs that, answers all the same, and counts in \
        each process.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    namespace: team-a
",
    )
    .on("1.110.2", "8.1.0"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    namespace: team-a
general_settings:
  coordination_redis:
    host: localhost
    port: 6379
    namespace: team-a
",
    )
    .on("1.110.2", "8.1.0"),
    cases: &[
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379
    namespace: os.environ/NS
",
        )
        .env("NS=team-a\n")
        .on("1.110.0", "5.3.1")
        .path("litellm_settings.cache_params.namespace")
        .says(&["Rust client", "ACL", "coordination_redis"]),
        // A Redis of its own, without one.
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    namespace: team-a
general_settings:
  coordination_redis:
    host: localhost
    port: 6380
",
        )
        .on("1.110.2", "8.1.0"),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    namespace: team-a
",
        )
        .on("1.109.3", "8.1.0"),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    namespace: ''
",
        )
        .on("1.110.2", "8.1.0"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let outcome = context.outcome;
    let carries = |role: &Option<Knowable<Role>>| *role == Some(Knowable::Known(Role::Shared));
    let uses = outcome.native_clients().next().is_some();
    if !context.pair.behaves(Behaviour::RustClient) || !uses || !carries(&outcome.usage_cache) {
        return vec![];
    }
    let Some(namespace) = lost_namespace(outcome, Consumer::Usage).filter(|value| is_set(value))
    else {
        return vec![];
    };
    let span = context.span_of(&namespace.origin);
    let message = "LiteLLM's Rust client goes without this namespace: the keys of budgets, rate limits and cooldowns do not start with it. \
        Deployments that it should keep apart share them, and an ACL that allows its keys alone refuses them.";
    let finding = RULE.at(span, message).label("for the response cache alone");
    let finding = match span.and_then(|span| context.key_at(span)) {
        Some((path, _)) => finding.path(path),
        None => finding,
    };
    vec![context.cured_by(&CHECK, finding, [cure(context)])]
}

fn is_set(value: &Value) -> bool {
    match &value.data {
        Data::Str(text) => !text.is_empty(),
        Data::Unknown(_) => true,
        _ => false,
    }
}

const AGAIN: &str = "Name the Redis in `general_settings.coordination_redis` too, with the `namespace`: there it counts.";

/// The cache's Redis again, where the namespace reaches the Rust client.
fn cure(context: &Context<'_>) -> Cure {
    let known = |name: &str| catalogue::find(name, Section::CoordinationRedis).is_some();
    let own = context.entries("litellm_settings.cache_params").iter();
    let operations = own.filter_map(|entry| {
        let name = entry.key.as_str()?;
        let name = if name == "redis_startup_nodes" { "startup_nodes" } else { name };
        let path = format!("general_settings.coordination_redis.{name}");
        known(name).then_some(Operation::Set { path, value: as_json(&entry.value)? })
    });
    Cure::edit(AGAIN, operations.collect())
}

fn as_json(value: &Value) -> Option<Json> {
    match &value.data {
        Data::Str(text) => Some(json!(**text)),
        Data::Bool(flag) => Some(json!(flag)),
        Data::Int(number) => Some(json!(i64::try_from(number).ok()?)),
        Data::Float(number) => Some(json!(number)),
        Data::List(items) => items.iter().map(as_json).collect::<Option<Vec<_>>>().map(Json::from),
        Data::Dict(dict) => {
            let entries = dict.entries.iter();
            let pairs =
                entries.map(|entry| Some((entry.key.as_str()?.to_owned(), as_json(&entry.value)?)));
            Some(Json::Object(pairs.collect::<Option<_>>()?))
        }
        _ => None,
    }
}
