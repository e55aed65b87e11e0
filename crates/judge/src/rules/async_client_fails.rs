use super::context::client_name;
use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Safety, Severity};
use simulate::outcome::Knowable;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP110",
    name: "client-fails",
    severity: Severity::Error,
    summary: "LiteLLM starts, and every use of a Redis client raises an exception.",
    why: "Pools make their connections when they are first used. What redis-py refuses there does \
        not stop start-up: the proxy runs, its health checks pass, and every request that needs \
        Redis fails or goes without.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n    ssl_cert_reqs: CERT_NONE\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n    ssl_cert_reqs: required\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for client in &context.outcome.clients {
        let Some(Knowable::Known(exception)) = &client.error else { continue };
        let span = exception.origins.iter().find_map(|origin| context.span_of(origin));
        let message = format!("LiteLLM starts. {} can't be used: {exception}", client_name(client));
        let mut diagnostic = RULE.at(span, message).label(exception.class.clone());
        let key = span.and_then(|span| context.key_at(span));
        if let Some((path, _)) = key {
            let name = path.rsplit('.').next().unwrap_or("").to_owned();
            diagnostic = mend(context, diagnostic.path(&*path), &path, &name);
        } else if exception.message.contains("unexpected keyword argument 'ssl_") {
            diagnostic = diagnostic.help(
                "The connection has no TLS and takes no setting of it: turn TLS on for this client too, or unset the variable.",
            );
        }
        // Sync and async fail alike, and so do consumers that share their settings: say it once.
        let said = found.iter().any(|other| {
            other.primary.span.is_some() && other.primary.span == diagnostic.primary.span
        });
        if !said {
            found.push(diagnostic);
        }
    }
    found
}

fn mend(context: &Context<'_>, found: Diagnostic, path: &str, name: &str) -> Diagnostic {
    let value = context.value(path).and_then(python::Value::as_str).unwrap_or("");
    let words =
        [("CERT_NONE", "none"), ("CERT_REQUIRED", "required"), ("CERT_OPTIONAL", "optional")];
    let plain = value.rsplit('.').next().unwrap_or("").to_ascii_uppercase();
    if name == "ssl_cert_reqs" {
        let meant = words
            .iter()
            .find(|(written, word)| plain == *written || plain == word.to_ascii_uppercase())
            .map(|(_, word)| *word);
        let found = found.help("redis-py takes `required`, `optional` or `none`, in lower case.");
        return match meant {
            Some(word) => {
                let set = Operation::Set { path: path.to_owned(), value: serde_json::json!(word) };
                found.fix(context.fix(format!("Write {word}"), Safety::Safe, &[set]))
            }
            None => found,
        };
    }
    let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
    let tls_off = context.entry(&format!("{parent}.ssl")).is_none() && name.starts_with("ssl_");
    if tls_off && !parent.is_empty() {
        let set = Operation::Set { path: format!("{parent}.ssl"), value: serde_json::json!(true) };
        return found
            .help("Turn TLS on with `ssl: true`: without it the async client refuses the other TLS settings.")
            .fix(context.fix("Add ssl: true", Safety::Safe, &[set]));
    }
    let remove = Operation::Remove { path: path.to_owned() };
    found.fix(context.fix(format!("Remove {name}"), Safety::Unsafe, &[remove]))
}
