use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use simulate::outcome::{PyException, Raise};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP503",
    name: "sentinel-beside-host",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "A host or port beside `sentinel_nodes`: LiteLLM does not start.",
    why: "From LiteLLM 1.85.0 on every Redis setting goes to the sentinels' clients too, beside the host \
        and port of each sentinel. A `host` or `port` in the config, or `REDIS_HOST` or `REDIS_PORT` \
        in the environment, is then given twice, and Python raises a `TypeError`.",
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
    sentinel_nodes: [[localhost, 26379]]
    service_name: mymaster
    port: 6379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    sentinel_nodes: [[localhost, 26379]]
    service_name: mymaster
",
    ),
    cases: &[],
    check,
};

/// The part of a sentinel's address that an exception says is given twice.
pub(super) fn repeated(exception: &PyException) -> Option<&str> {
    match &exception.reason {
        Raise::RepeatedArgument(name) if matches!(&**name, "host" | "port") => Some(name),
        _ => None,
    }
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(exception) = context.startup_exception() else {
        return vec![];
    };
    let Some(name) = repeated(exception) else {
        return vec![];
    };
    let variable = exception.origins.iter().find_map(|origin| origin.variable());
    let span = exception.origins.iter().find_map(|origin| context.span_of(origin));
    let message = match variable {
        Some(variable) => format!(
            "LiteLLM does not start: {variable} is set beside `sentinel_nodes` ({exception})."
        ),
        None => format!(
            "LiteLLM does not start: `{name}` is set beside `sentinel_nodes` ({exception})."
        ),
    };
    let found = RULE.at(span, message).label("given twice");
    let key = span.and_then(|span| context.key_at(span));
    vec![match (variable, key) {
        (None, Some((path, _))) => {
            let remove = Operation::Remove { path: path.clone() };
            found.path(path).help("Remove it: the sentinels name the master.").fix(context.fix(
                format!("Remove {name}"),
                Safety::Safe,
                &[remove],
            ))
        }
        (Some(variable), _) => found.help(format!("Unset {variable} where LiteLLM runs.")),
        (None, None) => found,
    }]
}
