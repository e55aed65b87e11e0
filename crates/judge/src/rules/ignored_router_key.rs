use serde_json::json;

use super::context::is_tls;
use super::{Context, Example, Rule, other_releases};
use base::diagnostic::{Diagnostic, Safety, Severity};
use facts::catalogue;
use simulate::outcome::{Client, Consumer};
use simulate::trace::Why;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP201",
    name: "ignored-router-key",
    severity: Severity::Error,
    summary: "LiteLLM's Router has no setting of this name and drops it.",
    why: "`router_settings` keys that `Router.__init__` does not name are dropped, at most with a \
        line in the log. The router's Redis has only `redis_url`, `redis_host`, `redis_port`, \
        `redis_password` (and `redis_db` in newer releases); everything else, TLS too, goes into \
        `cache_kwargs`.",
    failing: Example::new(
        "router_settings:\n  redis_host: localhost\n  redis_port: 6379\n  redis_ssl: true\n",
    ),
    mended: Example::new(
        "router_settings:\n  redis_host: localhost\n  redis_port: 6379\n  cache_kwargs:\n    ssl: true\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, origin, _) in context.dropped(&[Why::NotARouterSetting]) {
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
                match other_releases::of_key("router_settings", name, context.pair) {
                    Some(elsewhere) => diagnostic.help(elsewhere),
                    None => diagnostic,
                }
            }
        });
    }
    found
}

fn move_to_kwargs(
    context: &Context<'_>,
    found: Diagnostic,
    path: &str,
    name: &str,
    meant: &str,
) -> Diagnostic {
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
    let found = Diagnostic { message, ..found };
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
