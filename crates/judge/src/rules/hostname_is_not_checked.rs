use serde_json::json;

use super::context::{client_name, is_local};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use python::{Origin, Truth};
use simulate::outcome::{ClientKind, Consumer, Knowable, Verify};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP304",
    name: "hostname-is-not-checked",
    category: Category::Tls,
    severity: Severity::Warning,
    summary: "The certificate is verified, but not for which host it was issued.",
    why: "redis-py before 6.0 does not check the host name unless it is set to: a certificate of the same CA \
        for another host is accepted. From 6.0 on it checks by default, so that the same \
        configuration may stop working with an upgrade.",
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
    host: redis.example.com
    port: 6379
    ssl: true
",
    ),
    fixed: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    ssl: true
    ssl_check_hostname: true
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (client, connection) in context.connections() {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        let off = tls.check_hostname.value.truth() == Truth::False;
        if !off || tls.verify == Verify::None || is_local(client, connection) {
            continue;
        }
        let path = match client.consumer {
            Consumer::Response => "litellm_settings.cache_params",
            Consumer::Usage => "general_settings.coordination_redis",
            Consumer::Router => "router_settings.cache_kwargs",
        };
        let written = !matches!(tls.check_hostname.value.origin, Origin::RedisPyDefault(_));
        let span = context
            .span_of(&tls.check_hostname.value.origin)
            .or_else(|| context.span_of(&connection.tls_origin));
        if found.iter().any(|other| other.path == path || other.primary.span == span) {
            continue;
        }
        let why = if written {
            "it is switched off".to_owned()
        } else {
            format!("redis-py {} does not unless it is set to", context.pair.redis_py)
        };
        let message = format!(
            "{} does not check the host name in the certificate: {why}.",
            client_name(client)
        );
        let url = connection.host.value.origin.span().is_some()
            && matches!(connection.host.value.origin, Origin::Computed(_));
        let help = if url {
            "Add `ssl_check_hostname=true` to the url's query."
        } else {
            "Set `ssl_check_hostname: true`."
        };
        let set = Operation::Set { path: format!("{path}.ssl_check_hostname"), value: json!(true) };
        let standalone = client.kind == ClientKind::Redis && !url;
        let fix = standalone
            .then(|| context.fix("Add ssl_check_hostname: true", Safety::Unsafe, &[set]))
            .flatten();
        let severity = if written { Severity::Warning } else { Severity::Hint };
        found.push(
            RULE.at(span, message)
                .severity(severity)
                .label("TLS without a host name check")
                .path(path)
                .help(help)
                .fix(fix),
        );
    }
    found
}
