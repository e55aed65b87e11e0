use serde_json::json;

use super::case::raises;
use super::{Check, Context, Example, other_releases};
use base::finding::{Finding, Proposal, Safety, Severity};
use base::rule::{Category, Rule};
use base::source::SourceId;
use facts::catalogue::{self, Section};
use python::{Data, Value};
use simulate::json::value_json;
use simulate::outcome::Raise;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP103",
    name: "unknown-redis-argument",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "A key reaches redis-py, which has no such argument: LiteLLM does not start.",
    why: "LiteLLM hands every key of `cache_params` (and of the router's `cache_kwargs`) that it \
        does not know to `redis.Redis(…)`. A key that redis-py does not know either raises a \
        `TypeError` at start-up.",
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
    connection_pool_timeout: 5
",
    )
    .refused_by_schema(),
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
    cases: &[
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    prot: 6379
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
        ),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    sssl: true
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    ssl: true
",
        ),
        // What is there is not written twice.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    sssl: true
    ssl: true
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(exception) = context.startup_exception() else {
        return vec![];
    };
    let Raise::UnexpectedArgument(name) = &exception.reason else {
        return vec![];
    };
    let span = exception.origins.iter().find_map(|origin| context.span_of(origin));
    let key = span.and_then(|span| context.key_at(span));
    let message =
        format!("LiteLLM does not start: redis-py has no argument `{name}` ({exception}).");
    let Some((path, key)) = key else {
        let help = match span {
            Some(span) if span.source == SourceId::CONFIG => {
                "Write only `host` and `port` for a node."
            }
            _ => "Unset the variable.",
        };
        return vec![RULE.at(span, message).help(help)];
    };
    let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned();
    let first = RULE.at(Some(key), message).label("not an argument of redis-py").path(&*path);
    let mut found = vec![with_fix(context, first, &path, &parent, name)];
    // Python names one; each of the others would be next.
    for origin in exception.origins.iter().skip(1) {
        let place = context.span_of(origin).and_then(|span| context.key_at(span));
        let Some((path, key)) = place else { continue };
        let Some((above, name)) = path.rsplit_once('.').filter(|(above, _)| *above == parent)
        else {
            continue;
        };
        let message = format!("redis-py has no argument `{name}` either.");
        let next = RULE.at(Some(key), message).label("not an argument of redis-py").path(&*path);
        found.push(with_fix(context, next, &path, above, name));
    }
    found
}

fn with_fix(
    context: &Context<'_>,
    found: Finding,
    path: &str,
    parent: &str,
    name: &str,
) -> Finding {
    if !context.advises() {
        return found;
    }
    if matches!(name, "sentinel_hosts" | "sentinels" | "sentinel_nodes") {
        let fix = sentinel_fix(context, parent);
        return found
            .help("Name the sentinels in `sentinel_nodes`, a list of `[host, port]` pairs, and the master in `service_name`.")
            .fix(fix);
    }
    let elsewhere = other_releases::of_key(parent, name, context.pair);
    // What another release knows is spelled right.
    let meant = match (&elsewhere, Section::at(parent)) {
        (None, Some(section)) => catalogue::meant(name, section, context.pair),
        _ => None,
    };
    match meant {
        Some(meant) if context.entry(&format!("{parent}.{meant}")).is_none() => {
            let rename = Operation::Rename { path: path.to_owned(), to: meant.to_owned() };
            let title = format!("Rename {name} to {meant}");
            found.help(format!("Write `{meant}`.")).fix(context.fix(title, Safety::Safe, &[rename]))
        }
        _ => {
            let remove = Operation::Remove { path: path.to_owned() };
            let (help, safety) = match elsewhere {
                // Who writes it wants what it does.
                Some(elsewhere) => (elsewhere, Safety::Unsafe),
                None => (
                    "Remove the key: LiteLLM has no setting of this name.".to_owned(),
                    Safety::Safe,
                ),
            };
            let fix = context.fix(format!("Remove {name}"), safety, &[remove]);
            found.help(help).fix(fix)
        }
    }
}

/// Turns `sentinel_hosts`, a list of maps, and `sentinel_master` into what LiteLLM reads.
pub(super) fn sentinel_fix(context: &Context<'_>, parent: &str) -> Option<Proposal> {
    let hosts = ["sentinel_hosts", "sentinels"]
        .into_iter()
        .find(|name| context.entry(&format!("{parent}.{name}")).is_some());
    let mut operations = Vec::new();
    if let Some(name) = hosts {
        let path = format!("{parent}.{name}");
        let pairs = pairs(context.value(&path)?)?;
        operations.push(Operation::Rename { path, to: "sentinel_nodes".to_owned() });
        let path = format!("{parent}.sentinel_nodes");
        operations.push(Operation::Set { path, value: pairs });
    }
    for written in ["sentinel_master", "sentinel_master_name", "master_name"] {
        let path = format!("{parent}.{written}");
        if context.entry(&path).is_some() {
            operations.push(Operation::Rename { path, to: "service_name".to_owned() });
        }
    }
    if operations.is_empty() {
        return None;
    }
    context.fix("Use sentinel_nodes and service_name", Safety::Safe, &operations)
}

/// A list of maps, pairs or `host:port` texts as `[host, port]` pairs.
fn pairs(value: &Value) -> Option<serde_json::Value> {
    let pair = |item: &Value| match &item.data {
        Data::Dict(dict) => Some(json!([
            value_json(dict.get("host")?),
            dict.get("port").map_or_else(|| json!(26379), value_json)
        ])),
        Data::List(_) => Some(value_json(item)),
        Data::Str(text) => {
            let (host, port) = text.rsplit_once(':').unwrap_or((text, "26379"));
            Some(json!([host, port.parse::<u16>().ok()?]))
        }
        _ => None,
    };
    value.as_list()?.iter().map(pair).collect::<Option<Vec<_>>>().map(serde_json::Value::Array)
}
