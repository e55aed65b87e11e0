use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::{Data, Origin};
use simulate::outcome::ClientKind;

pub(super) static RULE: Rule = Rule {
    code: "RP802",
    name: "socket-timeout-is-short",
    category: Category::Reliability,
    severity: Severity::Hint,
    summary: "A client gives up after a fraction of a second.",
    why: "A socket timeout below half a second turns a busy moment of Redis, or one lost packet, into \
        an error. LiteLLM before 1.108.0 uses 0.1 seconds for Sentinel unless REDIS_SOCKET_TIMEOUT \
        says otherwise.",
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
    socket_timeout: 0.1
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
    socket_timeout: 2.0
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (client, connection) in context.connections() {
        let value = &connection.socket_timeout.value;
        let short = matches!(value.data, Data::Float(seconds) if seconds < 0.5);
        let sentinel_default = client.kind == ClientKind::Sentinel
            && matches!(value.origin, Origin::LitellmDefault(_));
        if !short || sentinel_default || !found.is_empty() {
            continue;
        }
        let Data::Float(seconds) = value.data else { continue };
        let message = format!("Redis has {seconds} seconds to answer.");
        let span = context.span_of(&value.origin);
        found.push(RULE.at(span, message).label("a short timeout").help(
            "Leave it at LiteLLM's 5 seconds, or set it above the slowest answer that you measure.",
        ));
    }
    found
}
