use serde_json::json;

use super::case::{raises, silent};
use super::context::client_name;
use super::{Check, Context, Example};
use base::finding::{Finding, Proposal, Safety, Severity};
use base::rule::{Category, Rule};
use simulate::outcome::ClientKind;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP111",
    name: "host-is-a-url",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "A host is written as a url, or with its port: no connection can be opened.",
    why: "redis-py looks up what is in `host` as a host name, scheme and port included. Nothing \
        has such a name: LiteLLM starts, and every use of Redis fails with `Name or service not known`.",
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
    host: redis://localhost:6379
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
    cases: &[
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis://redis:6380
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6380
",
        ),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis:6380
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6380
",
        ),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: '::1'
",
        ),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
",
        ),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: 10.0.0.1
",
        ),
        // A password is not moved, and not shown. Sync and async are one finding.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis://:s3cr3t-pa55@redis:6380/1
",
        )
        .says_not(&["s3cr3t-pa55"])
        .not_fixed(),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for client in context.outcome.clients.iter().filter(|one| one.kind == ClientKind::Redis) {
        let Some(host) = client.connection.as_ref().map(|connection| &connection.host.value) else {
            continue;
        };
        if !host.as_str().is_some_and(is_more_than_a_name) {
            continue;
        }
        let span = context.span_of(&host.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        // What it says is not repeated: a url may hold a password.
        let message =
            format!("{} opens no connection: no host has such a name.", client_name(client));
        let diagnostic = RULE.at(span, message).label("no host name");
        let diagnostic = diagnostic.help("Write only the name, and the port in its own setting.");
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

/// Whether a text is a url, or has a port.
fn is_more_than_a_name(host: &str) -> bool {
    host.contains("://") || port_of(host).is_some()
}

/// The name and the port in `redis:6379`; an IPv6 address has more colons.
fn port_of(host: &str) -> Option<(&str, u16)> {
    let (name, port) = host.split_once(':')?;
    Some((name, port.parse().ok()?))
}

/// Writes host and port on their own. A url that says more than that is left to its owner.
fn taken_apart(context: &Context<'_>, path: &str) -> Option<Proposal> {
    let written = context.value(path)?.as_str()?;
    let rest = written.strip_prefix("redis://").unwrap_or(written);
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (name, port) = port_of(rest)?;
    if name.contains(['/', '@', '?']) {
        return None;
    }
    let (parent, key) = path.rsplit_once('.')?;
    let operations = [
        Operation::Set { path: path.to_owned(), value: json!(name) },
        Operation::Set {
            path: format!("{parent}.{}", key.replace("host", "port")),
            value: json!(port),
        },
    ];
    context.fix("Write host and port on their own", Safety::Safe, &operations)
}
