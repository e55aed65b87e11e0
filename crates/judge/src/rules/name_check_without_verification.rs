use super::case::{raises, silent};
use super::context::client_name;
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use python::Data;
use simulate::outcome::{Api, ClientKind, Knowable, Tls, Verify};

pub(super) static RULE: Rule = Rule {
    code: "RP311",
    name: "name-check-without-verification",
    category: Category::ClientFails,
    aspects: &[Aspect::Connects, Aspect::Verified],
    severity: Severity::Error,
    summary: "The host name is checked in a certificate that is not verified: Python refuses it.",
    why: "`ssl.SSLContext` takes no `CERT_NONE` while `check_hostname` is on: `ValueError: Cannot set verify_mode to \
        CERT_NONE when check_hostname is enabled.` No connection is opened. The sync cluster client connects while \
        LiteLLM starts, and so stops it with a `RedisClusterException`. Some redis-py releases turn the name check on by \
        themselves, and the sync cluster client of some drops `ssl_check_hostname: false`.",
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
    host: redis.internal
    port: 6379
    ssl: true
    ssl_cert_reqs: none
    ssl_check_hostname: true
",
    )
    .on("1.109.1", "5.3.1"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.internal
    port: 6379
    ssl: true
    ssl_check_hostname: true
",
    )
    .on("1.109.1", "5.3.1"),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: r, port: 6379}], ssl: true, ssl_cert_reqs: none, ssl_check_hostname: false}}\n")
            .on("1.80.0", "6.0.0")
            .says(&["does not start"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: r, ssl: true, ssl_cert_reqs: none}}\n")
            .on("1.80.0", "6.0.0"),
        // This redis-py turns the check off by itself.
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: r, ssl: true, ssl_cert_reqs: none, ssl_check_hostname: true}}\n")
            .on("1.109.1", "8.1.0"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: r, ssl: true, ssl_cert_reqs: none}}\n")
            .on("1.109.1", "5.3.1"),
    ],
    check,
};

/// Whether Python refuses to make a context of these settings.
pub(super) fn is_refused(tls: &Tls) -> bool {
    tls.verify == Verify::None && matches!(tls.check_hostname.value.data, Data::Bool(true))
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = vec![];
    for (client, connection) in context.connections() {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        if client.api == Api::Native || !is_refused(tls) {
            continue;
        }
        let span = context.span_of(&tls.verify_origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let starts = client.kind == ClientKind::RedisCluster && client.api == Api::Sync;
        let raised = "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.";
        let message = match starts {
            true => format!(
                "LiteLLM does not start: its sync cluster client connects then, and raises RedisClusterException: {raised}"
            ),
            false => format!("{} opens no connection: ValueError: {raised}", client_name(client)),
        };
        let help = match starts {
            true => {
                "Verify the certificate: leave `ssl_cert_reqs` out, and name the CA in `ssl_ca_certs`."
            }
            false => {
                "Verify the certificate: leave `ssl_cert_reqs` out, and name the CA in `ssl_ca_certs`. Or set \
                 `ssl_check_hostname: false`."
            }
        };
        let finding = RULE.at(span, message).label("not verified").help(help);
        let finding = placed(context, finding, span);
        found.push(
            finding.related(context.span_of(&tls.check_hostname.value.origin), "the name check"),
        );
    }
    found
}
