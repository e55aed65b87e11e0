use super::context::client_name;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use simulate::outcome::{ClientKind, Consumer};

pub(super) static RULE: Rule = Rule {
    code: "RP801",
    name: "no-socket-timeout",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "A client waits for Redis without a limit.",
    why: "Without `socket_timeout` a Redis that accepts connections and does not answer holds up every \
        request that uses it. LiteLLM's default of 5 seconds does not reach clients that are built \
        from a url (before 1.96.0) or for a cluster (before 1.87.0).",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379
",
    ),
    fixed: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379?socket_timeout=5
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen: Vec<Consumer> = Vec::new();
    for (client, connection) in context.connections() {
        if !connection.socket_timeout.value.is_none() {
            continue;
        }
        let consumer_said = seen.contains(&client.consumer);
        if consumer_said {
            continue;
        }
        seen.push(client.consumer);
        let origin = match client.kind {
            ClientKind::RedisCluster => client.nodes.first().map(|node| &node.host.value.origin),
            _ => Some(&connection.host.value.origin),
        };
        let span = origin.and_then(|origin| context.span_of(origin));
        let message = format!(
            "{} has no socket timeout: it waits for Redis without a limit.",
            client_name(client)
        );
        let help = match client.kind {
            ClientKind::RedisCluster => "Use LiteLLM 1.87.0 or newer.",
            _ => "Add `?socket_timeout=5` to the url, or give host and port instead.",
        };
        if span.is_some() && found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        found.push(RULE.at(span, message).label("no socket_timeout").help(help));
    }
    found
}
