use super::context::is_tls;
use super::managed::at_services;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::services::Ports;

pub(super) static RULE: Rule = Rule {
    code: "RP507",
    name: "service-listens-elsewhere",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "The managed service listens on another port.",
    why: "A service has its own port: 6380 for TLS at Azure Cache for Redis, 10000 at Azure Managed Redis, \
        25061 at DigitalOcean, another one for each database at Redis Cloud and Aiven. On the wrong one \
        LiteLLM waits for a timeout or meets another service.",
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
    host: litellm.redis.cache.windows.net
    port: 6379
    password: os.environ/REDIS_PASSWORD
    ssl: true
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: litellm.redis.cache.windows.net
    port: 6380
    password: os.environ/REDIS_PASSWORD
    ssl: true
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for at in at_services(context) {
        let Some(port) = at.port else { continue };
        let help = match (at.service.ports, is_tls(at.connection)) {
            (Ports::One(right), _) if port != right => format!("Write port {right}."),
            (Ports::ByTransport { tls, plaintext }, Some(true)) if port == plaintext => {
                format!("Write port {tls}: {plaintext} speaks plaintext.")
            }
            (Ports::ByTransport { tls, plaintext }, _) if port != tls && port != plaintext => {
                format!("Write port {tls}, with TLS.")
            }
            (Ports::OwnOfEach, _) if port == 6379 => {
                "Write the port that the service's console shows for this database.".to_owned()
            }
            _ => continue,
        };
        let message = format!("{}, which does not listen for it on port {port}.", at.goes());
        let decides = match at.client.nodes.first() {
            Some(node) => &node.port.value.origin,
            None => &at.connection.port.value.origin,
        };
        at.report(&RULE, context, Some(decides), &mut found, (Severity::Warning, message, help));
    }
    found
}
