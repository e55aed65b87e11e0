use serde_json::json;

use super::case::raises;
use super::context::is_tls;
use super::{Check, Context, Example, misplaced_key, other_releases};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use facts::catalogue::{self, Section};
use facts::keys::Place;
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
            .severity(Severity::Warning),
        raises("router_settings:\n  master_key: sk-1\n").says(&["under `general_settings`"]),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, origin, _) in context.dropped(&[DropReason::NotARouterSetting]) {
        let name = path.rsplit('.').next().unwrap_or("");
        if matches!(name, "cache" | "cache_params" | "cache_type") {
            // The rule on misplaced cache settings speaks of these.
            continue;
        }
        let meant = catalogue::cache_kwarg(name, context.pair);
        let diagnostic = RULE
            .at(
                context.span_of(origin),
                format!("LiteLLM drops `{name}`: its Router has no such setting."),
            )
            .path(path)
            .label("dropped");
        found.push(match meant {
            Some(meant) => move_to_kwargs(context, diagnostic, path, name, &meant),
            None => {
                let redis = name.contains("redis") || name.contains("cache");
                let severity = if redis { Severity::Error } else { Severity::Warning };
                let remove = Operation::Remove { path: path.to_owned() };
                let fix = context.fix(format!("Remove {name}"), Safety::Unsafe, &[remove]);
                let diagnostic = diagnostic.severity(severity).fix(fix);
                match advice(context, name) {
                    Some(advice) => diagnostic.help(advice),
                    None => diagnostic,
                }
            }
        });
    }
    found
}

/// Which releases know a name, which setting was meant by it, or which other section reads it.
fn advice(context: &Context<'_>, name: &str) -> Option<String> {
    if let Some(elsewhere) = other_releases::of_key("router_settings", name, context.pair) {
        return Some(elsewhere);
    }
    let places = misplaced_key::others(Place::Router, name, context);
    let read = || {
        let words = misplaced_key::in_words(&places);
        (!places.is_empty()).then(|| format!("LiteLLM reads it {words}."))
    };
    let meant = || catalogue::meant(name, Section::RouterSettings, context.pair);
    read().or_else(|| meant().map(|meant| format!("Write `{meant}`, if that is meant.")))
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
