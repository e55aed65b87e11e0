use super::{Check, Context, Example};
use crate::defects::met_by;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::defects::{Defect, Reach, When};

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
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let asked = Defect::all().filter(|defect| defect.reach.is_asked());
    let met = met_by(asked, context.document, context.environment, context.outcome, context.pair);
    met.into_iter().map(|defect| finding(context, defect)).collect()
}

fn finding(context: &Context<'_>, defect: &Defect) -> Finding {
    let release = context.pair.litellm;
    let depends = defect.depends.map_or(String::new(), |what| format!(", if {what}"));
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
