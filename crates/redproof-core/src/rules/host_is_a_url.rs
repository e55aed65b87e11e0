use serde_json::json;

use super::context::client_name;
use super::{Context, Example, Rule, kept};
use crate::diagnostic::{Diagnostic, Fix, Safety, Severity};
use crate::document::patch::Operation;
use crate::outcome::ClientKind;
use crate::python::url::urlsplit;

pub(super) static RULE: Rule = Rule {
    code: "RP111",
    name: "host-is-a-url",
    severity: Severity::Error,
    summary: "A host is written as a url, or with its port: no connection can be opened.",
    why: kept(
        "redis-py looks up what stands in `host` as a host name, scheme and port included. Nothing \
        has such a name: LiteLLM starts, and every use of Redis fails with `Name or service not known`.",
    ),
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis://localhost:6379\n    port: 6379\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for client in context.outcome.clients.iter().filter(|one| one.kind == ClientKind::Redis) {
        let Some(host) = client.connection.as_ref().map(|connection| &connection.host.value) else {
            continue;
        };
        let Some(part) = host.as_str().and_then(stranger) else { continue };
        let span = context.span_of(&host.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        // What it says is not repeated: a url may hold a password.
        let message =
            format!("{} opens no connection: no host has a name with {part}.", client_name(client));
        let diagnostic = RULE.at(span, message).label("no host name");
        let diagnostic = diagnostic.help("Write the name alone, and the port in its own setting.");
        found.push(match span.and_then(|span| context.key_at(span)) {
            Some((path, _)) => {
                let fix = taken_apart(context, &path);
                diagnostic.path(path).fix(fix)
            }
            None => diagnostic,
        });
    }
    found
}

/// What a text holds that no host name does.
fn stranger(host: &str) -> Option<&'static str> {
    if host.contains("://") {
        Some("`://` in it")
    } else {
        let port = |(name, port): (&str, &str)| !name.contains(':') && is_number(port);
        host.rsplit_once(':').is_some_and(port).then_some("a port in it")
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes host and port on their own. A url that says more than that is left to its owner.
fn taken_apart(context: &Context<'_>, path: &str) -> Option<Fix> {
    let written = context.value(path)?.as_str()?;
    let (scheme, rest) = written.split_once("://").unwrap_or(("redis", written));
    let url = urlsplit(&format!("{scheme}://{rest}")).ok()?;
    let more = url.userinfo() != (None, None) || !url.path.trim_matches('/').is_empty();
    if more || !url.query.is_empty() || scheme != "redis" {
        return None;
    }
    let set = |path: String, value| Operation::Set { path, value };
    let mut operations = vec![set(path.to_owned(), json!(url.hostname()?))];
    if let Some(port) = url.port().ok()? {
        let (parent, name) = path.rsplit_once('.')?;
        operations.push(set(format!("{parent}.{}", name.replace("host", "port")), json!(port)));
    }
    context.fix("Write host and port on their own", Safety::Safe, &operations)
}
