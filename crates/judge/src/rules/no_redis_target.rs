use super::context::reference;
use super::unknown_redis_argument::sentinel_fix;
use super::{Check, Context, Example};
use base::finding::{Finding, Label, Severity};
use base::listed::{listed, listed_code};
use base::rule::{Category, Rule};
use base::source::Span;
use deployment::environment::Lookup;
use python::{Value, convert};
use simulate::outcome::Raise;

pub(super) static RULE: Rule = Rule {
    code: "RP104",
    name: "no-redis-target",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "Redis is asked for, and nothing says where it is: LiteLLM does not start.",
    why: "A Redis client needs a `host`, a `url`, `redis_startup_nodes` or `sentinel_nodes`, in the \
        config or as `REDIS_HOST`, `REDIS_URL`, `REDIS_CLUSTER_NODES`, `REDIS_SENTINEL_NODES`. \
        Without one LiteLLM raises a `ValueError` at start-up.",
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
    port: 6379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if !context.outcome.leans_on.is_empty() {
        return vec![leans(context)];
    }
    let Some(exception) =
        context.startup_exception().filter(|exception| exception.reason == Raise::NoTarget)
    else {
        return vec![];
    };
    let sections = ["litellm_settings.cache_params", "router_settings.cache_kwargs"];
    let unset = sections.iter().flat_map(|section| context.entries(section)).any(|entry| {
        let target = matches!(entry.key.as_str(), Some("host" | "url"));
        let name = reference(&entry.value);
        target
            && name.is_some_and(|name| matches!(context.environment.lookup(name), Lookup::Absent))
    });
    if unset {
        // The rule on unset references names the variable.
        return vec![];
    }
    let (path, span) = place(context);
    let message = format!("LiteLLM does not start: {exception}");
    let found = RULE.at(span, message).label("no host, url or nodes here").path(path);
    let fix = sentinel_fix(context, path);
    let found = match &fix {
        Some(_) => found.help(SENTINELS),
        None => found.help("Set `host`, or set REDIS_HOST where LiteLLM runs."),
    };
    vec![found.fix(fix)]
}

const SENTINELS: &str = "LiteLLM reads sentinels from `sentinel_nodes`, a list of `[host, port]` pairs, and the master's name from `service_name`.";

/// Where the Redis would be named.
fn place(context: &Context<'_>) -> (&'static str, Option<Span>) {
    let path = "litellm_settings.cache_params";
    let place = context.entry(path).or_else(|| context.entry("litellm_settings.cache"));
    (path, place.and_then(|entry| entry.key.span()))
}

/// What a semantic cache wants to know and the config does not say: keys, and the variables that stand
/// in for them (`RedisSemanticCache.__init__`).
pub(super) fn semantic_target(context: &Context<'_>) -> Vec<(&'static str, &'static str)> {
    let mut wanted =
        vec![("host", "REDIS_HOST"), ("port", "REDIS_PORT"), ("password", "REDIS_PASSWORD")];
    wanted.retain(|(key, variable)| {
        let given = context.value(&format!("litellm_settings.cache_params.{key}"));
        // A reference to a variable that is not set is read as nothing.
        let is_unset = |value: &Value| {
            let name = reference(value);
            name.is_some_and(|name| !matches!(context.environment.lookup(name), Lookup::Set(_)))
        };
        given.is_none_or(|value| convert::truth(value) == Ok(false) || is_unset(value))
            && !matches!(context.environment.lookup(variable), Lookup::Set(_))
    });
    wanted
}

/// What is not given here may name the Redis.
fn leans(context: &Context<'_>) -> Finding {
    let (path, span) = place(context);
    let (names, which, label, keys) = match context.outcome.leans_on {
        ["REDIS_URL"] => (
            "REDIS_URL or REDIS_HOST".to_owned(),
            "REDIS_URL",
            "no host, url or nodes here".to_owned(),
            "`host`".to_owned(),
        ),
        _ => {
            let lacking = semantic_target(context);
            let names: Vec<&str> = lacking.iter().map(|(_, variable)| *variable).collect();
            let keys: Vec<&str> = lacking.iter().map(|(key, _)| *key).collect();
            let first = names.first().copied().unwrap_or("REDIS_HOST");
            (
                listed(&names, "and"),
                first,
                format!("no {} here", listed(&keys, "or")),
                listed_code(&keys, "and"),
            )
        }
    };
    let whence = context.environment.whence(which);
    let message = format!("Whether LiteLLM starts depends on {names}, {whence}.");
    let mut found = RULE
        .at(span, message)
        .severity(Severity::Hint)
        .label(label)
        .path(path)
        .help(format!("Set {keys} here, or give the environment with --env-file; --require-env takes what is not given as unset."));
    if let Some(fix) = sentinel_fix(context, path) {
        // Whoever writes sentinels wants no other target.
        found = found.severity(Severity::Warning).help(SENTINELS).fix(Some(fix));
    }
    for source in context.environment.open.iter().filter(|source| which.starts_with(&source.prefix))
    {
        if let Some(span) = source.span {
            let text = "sets variables that are not known here".to_owned();
            found.related.push(Label { span: Some(span), text });
        }
    }
    found
}
