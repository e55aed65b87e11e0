use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::{Data, Origin, Value};
use simulate::outcome::ClientKind;

pub(super) static RULE: Rule = Rule {
    code: "RP802",
    name: "socket-timeout-is-short",
    category: Category::Reliability,
    severity: Severity::Hint,
    summary: "A client gives up after a fraction of a second.",
    why: "A socket timeout below half a second turns a busy moment of Redis, or one lost packet, into \
        an error. 0 does not mean without a limit: redis-py's asyncio client, which serves requests, gives up \
        before it is connected, and nothing is cached or shared. LiteLLM before 1.108.0 uses 0.1 seconds for \
        Sentinel unless REDIS_SOCKET_TIMEOUT says otherwise.",
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
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, socket_timeout: 0}}\n")
            .severity(Severity::Error)
            .says(&["0 seconds", "`socket_timeout`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, socket_timeout: -1.5}}\n")
            .severity(Severity::Error)
            .on("1.80.0", "5.3.1"),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, socket_connect_timeout: false}}\n")
            .severity(Severity::Error)
            .says(&["`socket_connect_timeout`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, url: 'redis://h?socket_timeout=0'}}\n")
            .severity(Severity::Error),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, socket_timeout: 1}}\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (client, connection) in context.connections() {
        let both = [
            ("socket_timeout", &connection.socket_timeout),
            ("socket_connect_timeout", &connection.socket_connect_timeout),
        ];
        for (name, setting) in both {
            let value = &setting.value;
            let Some(seconds) = number(value).filter(|seconds| *seconds <= 0.0) else { continue };
            let span = context.span_of(&value.origin);
            if found.iter().any(|one| one.primary.span == span) {
                continue;
            }
            let message = format!(
                "Redis has {seconds} seconds to answer: LiteLLM's asyncio client gives up before it can (`{name}`)."
            );
            let here = RULE.at(span, message).label("no time at all").severity(Severity::Error);
            found.push(here.help(
                "Write the seconds that Redis may take, or leave it out: LiteLLM's own are 5, and 0 is not without a \
                 limit.",
            ));
        }
        let value = &connection.socket_timeout.value;
        let short = number(value).filter(|seconds| *seconds > 0.0 && *seconds < 0.5);
        let sentinel_default = client.kind == ClientKind::Sentinel
            && matches!(value.origin, Origin::LitellmDefault(_));
        if let Some(seconds) = short.filter(|_| !sentinel_default && found.is_empty()) {
            let message = format!("Redis has {seconds} seconds to answer.");
            let span = context.span_of(&value.origin);
            found.push(RULE.at(span, message).label("a short timeout").help(
                "Leave it at LiteLLM's 5 seconds, or set it above the slowest answer that you measure.",
            ));
        }
    }
    found
}

/// A number of seconds, as Python has them.
fn number(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Float(seconds) => Some(*seconds),
        Data::Int(seconds) => i32::try_from(seconds).ok().map(f64::from),
        Data::Bool(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    }
}
