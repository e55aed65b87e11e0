use serde_json::json;

use super::case::raises;
use super::context::is_tls;
use super::{Check, Context, Example, misplaced_key, other_releases, written_keys};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use facts::catalogue::{self, Kind, Section};
use facts::keys::{self, Place};
use python::{Data, Value};
use simulate::outcome::{Client, Consumer};
use simulate::trace::DropReason;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP201",
    name: "ignored-router-key",
    category: Category::NoEffect,
    aspects: &[Aspect::Shared],
    severity: Severity::Error,
    summary: "LiteLLM's Router has no setting of this name and drops it.",
    why: "`router_settings` keys that `Router.__init__` does not name are dropped, at most with a \
        line in the log. The router's Redis has only `redis_url`, `redis_host`, `redis_port`, \
        `redis_password` (and `redis_db` in newer releases); everything else, TLS too, goes into \
        `cache_kwargs`.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
router_settings:
  redis_host: localhost
  redis_port: 6379
  redis_ssl: true
",
    )
    .refused_by_schema(),
    fixed: Example::new(
        r"
router_settings:
  redis_host: localhost
  redis_port: 6379
  cache_kwargs:
    ssl: true
",
    ),
    cases: &[
        raises(
            r"
router_settings:
  redis_host: redis
  redis_port: 6379
  redis_ssl: true
",
        )
        .says(&["plaintext"]),
        raises(
            r"
router_settings:
  redis_host: redis
  redis_port: 6379
  redis_ssl: true
  cache_kwargs:
    ssl: true
",
        )
        .says_not(&["plaintext"])
        .fixed(
            r"
router_settings:
  redis_host: redis
  redis_port: 6379
  cache_kwargs:
    ssl: true
",
        ),
        raises("router_settings:\n  routing_strategi: least-busy\n")
            .says(&["`routing_strategy`"])
            .severity(Severity::Warning)
            .fixed("router_settings:\n  routing_strategy: least-busy\n"),
        raises("router_settings:\n  enable_pre_call_check: true\n")
            .says(&["`enable_pre_call_checks`"])
            .fixed("router_settings:\n  enable_pre_call_checks: true\n"),
        raises("router_settings:\n  host: redis\n  redis_port: 6379\n")
            .fixed("router_settings:\n  redis_host: redis\n  redis_port: 6379\n"),
        // A switch is no host, and what is set twice is not made one.
        raises("router_settings:\n  redis_enabled: true\n").says(&["`redis_host`"]).not_fixed(),
        raises("router_settings:\n  num_retrys: 1\n  num_retries: 2\n")
            .says(&["is set too"])
            .fixed("router_settings:\n  num_retries: 2\n"),
        // Both may mean the one: the first alone is offered it.
        raises("router_settings:\n  num_retrys: 1\n  num_retires: 2\n")
            .times(2)
            .fixed("router_settings:\n  num_retries: 1\n  num_retires: 2\n"),
        raises("router_settings:\n  master_key: sk-1\n")
            .says(&["under `general_settings`"])
            .fixed("general_settings:\n  master_key: sk-1\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let (mut found, mut offered) = (Vec::new(), Vec::new());
    for (path, origin, _) in context.dropped(&[DropReason::NotARouterSetting]) {
        let name = path.rsplit('.').next().unwrap_or("");
        if matches!(name, "cache" | "cache_params" | "cache_type") {
            // The rule on misplaced cache settings speaks of these.
            continue;
        }
        let meant =
            catalogue::cache_kwarg(name, context.pair).filter(|_| !is_routers(context, name));
        let diagnostic = RULE
            .at(
                context.span_of(origin),
                format!("LiteLLM drops `{name}`: its Router has no such setting."),
            )
            .path(path)
            .label("dropped");
        found.push(match meant {
            Some(meant) => move_to_kwargs(context, diagnostic, path, name, &meant),
            None => without_kwargs(context, diagnostic, path, name, &mut offered),
        });
    }
    found
}

/// Whether a setting of the router's own is meant: `redis_host` by `host`, which makes no Redis in `cache_kwargs`.
fn is_routers(context: &Context<'_>, name: &str) -> bool {
    catalogue::listed(name, Section::RouterSettings, context.pair).is_some()
}

/// What is said of a key that no client's argument is meant by. `offered` are the places that other keys' fixes fill.
fn without_kwargs(
    context: &Context<'_>,
    found: Finding,
    path: &str,
    name: &str,
    offered: &mut Vec<String>,
) -> Finding {
    let redis = name.contains("redis") || name.contains("cache");
    let found = found.severity(if redis { Severity::Error } else { Severity::Warning });
    let propose = |title: String, operation| context.fix(title, Safety::Unsafe, &[operation]);
    let remove = || propose(format!("Remove {name}"), Operation::Remove { path: path.to_owned() });
    if let Some(elsewhere) = other_releases::of_key("router_settings", name, context.pair) {
        return found.help(elsewhere).fix(remove());
    }
    let places = misplaced_key::others(Place::Router, name, context);
    if !places.is_empty() {
        let target = written_keys::path(places[0], &keys::spelled(name));
        let is_free = context.entry(&target).is_none() && !offered.contains(&target);
        let fix = (places.len() == 1 && is_free).then(|| {
            let to = target.clone();
            offered.push(target);
            propose(format!("Move {name} to {to}"), Operation::Move { path: path.to_owned(), to })
        });
        let words = misplaced_key::in_words(&places);
        return found.help(format!("LiteLLM reads it {words}.")).fix(fix.flatten());
    }
    let Some(meant) = catalogue::meant(name, Section::RouterSettings, context.pair) else {
        return found.fix(remove());
    };
    let target = format!("router_settings.{meant}");
    if context.entry(&target).is_some() {
        return found.help(format!("Remove it: `{meant}` is set too.")).fix(remove());
    }
    let found = found.help(format!("Write `{meant}`, if that is meant."));
    let fits = context.value(path).is_some_and(|value| says_the_same(value, meant));
    // Which of two is meant is not known before one of them is written.
    if !fits || offered.contains(&target) {
        return found;
    }
    offered.push(target);
    let rename = Operation::Rename { path: path.to_owned(), to: meant.to_owned() };
    found.fix(propose(format!("Rename {name} to {meant}"), rename))
}

/// Whether a value can be one of the setting that was meant: `redis_enabled: true` names no host.
fn says_the_same(value: &Value, meant: &str) -> bool {
    let is_flag = matches!(value.data, Data::Bool(_));
    let of_flag = catalogue::find(meant, Section::RouterSettings)
        .is_some_and(|field| matches!(field.kind, Kind::Bool));
    is_flag == of_flag || (of_flag && value.as_str().is_some())
}

fn move_to_kwargs(
    context: &Context<'_>,
    found: Finding,
    path: &str,
    name: &str,
    meant: &str,
) -> Finding {
    let of_router = |client: &Client| client.consumer == Consumer::Router;
    let mut connections = context.connections().into_iter();
    let plain = connections.any(|(client, one)| of_router(client) && is_tls(one) == Some(false));
    let message = if meant == "ssl" && plain {
        format!(
            "LiteLLM drops `{name}`: the router's Redis connection is plaintext, its password included."
        )
    } else {
        found.message.clone()
    };
    let found = Finding { message, ..found };
    let target = format!("router_settings.cache_kwargs.{meant}");
    let remove = Operation::Remove { path: path.to_owned() };
    if context.entry(&target).is_some() {
        return found
            .help(format!("Remove it: `cache_kwargs.{meant}` is what counts."))
            .fix(context.fix(format!("Remove {name}"), Safety::Safe, &[remove]));
    }
    let mut operations = vec![Operation::Move { path: path.to_owned(), to: target.clone() }];
    if context.value(path).is_some_and(|value| value.as_str() == Some("true")) {
        // A text is true, whatever it says.
        operations.push(Operation::Set { path: target, value: json!(true) });
    }
    let fix =
        context.fix(format!("Move {name} to cache_kwargs.{meant}"), Safety::Safe, &operations);
    found.help(format!("Write it as `cache_kwargs: {{{meant}: …}}`.")).fix(fix)
}
