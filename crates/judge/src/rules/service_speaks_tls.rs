use super::case::raises;
use super::context::{client_name_within, is_tls};
use super::managed::at_services;
use super::plaintext_password::depends_on_redis_ssl;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::services::{Ports, Transport};

pub(super) static RULE: Rule = Rule {
    code: "RP310",
    name: "service-speaks-tls",
    category: Category::Tls,
    severity: Severity::Error,
    summary: "A managed service speaks TLS and the client plaintext, or the other way round.",
    why: "Most managed services speak TLS, many of them nothing else. They close a plaintext connection \
        without a word: `Connection reset by peer`. The host's name tells the service. Where its owner \
        chooses between the two, or may turn TLS off, this is a warning.",
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
    redis_startup_nodes: [{host: litellm-abc.serverless.use1.cache.amazonaws.com, port: 6379}]
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    redis_startup_nodes: [{host: litellm-abc.serverless.use1.cache.amazonaws.com, port: 6379}]
    ssl: true
",
    ),
    cases: &[
        // Nobody said whether REDIS_SSL is set.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: x.upstash.io, port: 6379, password: pw-1234}}\n")
            .beside(SECRET)
            .severity(Severity::Hint)
            .says(&["depends on REDIS_SSL"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: x.redis.cache.windows.net, port: 6379, password: pw-1234}}\n")
            .says(&["Write port 6380 with it."]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: x.redis.cache.windows.net, port: 6380, password: pw-1234}}\n")
            .says_not(&["Write port"]),
    ],
    check,
};

const SECRET: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.109.1\n          envFrom: [{secretRef: {name: redis}}]\n";

const TURN_ON: &str = "Turn TLS on: `ssl: true` under `cache_params` (for the router `cache_kwargs: {ssl: true}`), REDIS_SSL=True where variables name the Redis, or a `rediss://` URL.";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for at in at_services(context) {
        let Some(tls) = is_tls(at.connection) else { continue };
        let on_tls_port = match at.service.ports {
            Ports::ByTransport { tls, .. } => at.port == Some(tls),
            _ => false,
        };
        let goes = at.goes();
        let (severity, message) = match (at.service.transport, tls) {
            (Transport::Tls, false) => {
                (Severity::Error, format!("{goes} in plaintext, and it speaks only TLS."))
            }
            (_, false) if on_tls_port => {
                (Severity::Error, format!("{goes} in plaintext, and this port speaks TLS."))
            }
            (Transport::TlsByDefault, false) => (
                Severity::Warning,
                format!("{goes} in plaintext, which it refuses unless TLS was turned off for it."),
            ),
            (Transport::Chosen, false) => (
                Severity::Warning,
                format!("{goes} in plaintext, which it refuses where encryption in transit is on."),
            ),
            (Transport::Plaintext, true) => {
                (Severity::Error, format!("{goes} with TLS, and it speaks only plaintext."))
            }
            _ => continue,
        };
        let help = if tls {
            "Turn TLS off for this client (`ssl: false`, or `redis://`).".to_owned()
        } else {
            // A port that speaks plaintext alone takes no TLS.
            let port = match at.service.ports {
                Ports::ByTransport { tls, plaintext } if at.port == Some(plaintext) => {
                    format!(" Write port {tls} with it.")
                }
                _ => String::new(),
            };
            format!("{TURN_ON}{port}")
        };
        let may_be_on = !tls && depends_on_redis_ssl(context);
        let (severity, message) = match may_be_on {
            true => (
                Severity::Hint,
                format!(
                    "Whether {} goes to {} with TLS, as that service wants it, depends on REDIS_SSL, {}.",
                    client_name_within(at.client),
                    at.service.name,
                    context.environment.whence("REDIS_SSL")
                ),
            ),
            false => (severity, message),
        };
        let decides = Some(&at.connection.tls_origin);
        at.report(&RULE, context, decides, &mut found, (severity, message, help));
    }
    found
}
