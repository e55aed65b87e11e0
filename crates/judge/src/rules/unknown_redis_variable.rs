use super::{Context, Example, Rule, other_releases};
use base::diagnostic::{Diagnostic, Severity};
use facts::Behaviour;

pub(super) static RULE: Rule = Rule {
    code: "RP208",
    name: "unknown-redis-variable",
    severity: Severity::Warning,
    summary: "LiteLLM reads no variable of this name.",
    why: "LiteLLM reads `REDIS_` with the name of a redis-py argument in capitals, and a few names \
        of its own. Other `REDIS_*` variables have no effect, however much they look like it.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n",
    )
    .env("REDIS_GCP_IAM_SERVICE_ACCOUNT=projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n"),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n",
    ),
    check,
};

/// Names that are read elsewhere in LiteLLM, and what brought them where that is not in all releases.
const OWN: &[(&str, Option<Behaviour>)] = &[
    ("REDIS_CLUSTER_NODES", None),
    ("REDIS_SENTINEL_NODES", None),
    ("REDIS_SENTINEL_PASSWORD", None),
    ("REDIS_SERVICE_NAME", None),
    ("REDIS_AZURE_AD_TOKEN", Some(Behaviour::AzureAd)),
    ("REDIS_CONNECTION_POOL_TIMEOUT", Some(Behaviour::ConstantsReadEnvironment)),
    ("REDIS_SOCKET_TIMEOUT", None),
    ("REDIS_CIRCUIT_BREAKER_ENABLED", Some(Behaviour::ValkeySemanticCache)),
    ("REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD", Some(Behaviour::CircuitBreaker)),
    ("REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT", Some(Behaviour::CircuitBreaker)),
    ("REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION", Some(Behaviour::CircuitBreakerTimeouts)),
    ("REDIS_TIMEOUT_LOG_INTERVAL", Some(Behaviour::TimeoutLogInterval)),
    ("REDIS_UPDATE_BUFFER_KEY", None),
    ("REDIS_DAILY_SPEND_UPDATE_BUFFER_KEY", None),
    ("REDIS_CLUSTER_HEALTH_CHECK_INTERVAL", None),
];

/// Names that people set, and the one that is read.
const MEANT: &[(&str, &str)] = &[
    ("REDIS_GCP_IAM_SERVICE_ACCOUNT", "REDIS_GCP_SERVICE_ACCOUNT"),
    ("REDIS_TLS", "REDIS_SSL"),
    ("REDIS_USE_SSL", "REDIS_SSL"),
    ("REDIS_USE_TLS", "REDIS_SSL"),
    ("REDIS_USER", "REDIS_USERNAME"),
    ("REDIS_PASS", "REDIS_PASSWORD"),
    ("REDIS_AUTH", "REDIS_PASSWORD"),
    ("REDIS_DATABASE", "REDIS_DB"),
    ("REDIS_SENTINEL_MASTER", "REDIS_SERVICE_NAME"),
    ("REDIS_MASTER_NAME", "REDIS_SERVICE_NAME"),
    ("REDIS_SENTINELS", "REDIS_SENTINEL_NODES"),
    ("REDIS_SENTINEL_HOSTS", "REDIS_SENTINEL_NODES"),
    ("REDIS_STARTUP_NODES", "REDIS_CLUSTER_NODES"),
    ("REDIS_CA_CERT", "REDIS_SSL_CA_CERTS"),
    ("REDIS_SSL_CA_CERT", "REDIS_SSL_CA_CERTS"),
    ("REDIS_SSL_CERT", "REDIS_SSL_CERTFILE"),
    ("REDIS_SSL_KEY", "REDIS_SSL_KEYFILE"),
];

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    if context.outcome.clients.is_empty() && context.starts() {
        return vec![];
    }
    let signature = &context.pair.redis_py_data().redis();
    let mut found = Vec::new();
    for (name, variable) in context.environment.iter() {
        let upper = name.to_ascii_uppercase();
        let Some(argument) = upper.strip_prefix("REDIS_") else { continue };
        let argument = argument.to_ascii_lowercase();
        let own = OWN.iter().find(|(own, _)| *own == upper);
        let known = argument == "url"
            || signature.names(&argument)
            || own.is_some()
            || facts::litellm_names::brought_by(&argument).is_some();
        let referenced = context
            .sources
            .first()
            .is_some_and(|source| source.text.contains(&format!("os.environ/{name}")));
        let elsewhere = match own {
            Some((_, brought)) => {
                brought.and_then(|one| other_releases::of_behaviour(one, context.pair))
            }
            None => other_releases::of_key("", &argument, context.pair),
        };
        if (known && name == upper && elsewhere.is_none()) || referenced {
            continue;
        }
        let meant = MEANT.iter().find(|(set, _)| *set == upper).map(|(_, meant)| *meant);
        let message = format!("LiteLLM does not read {name}.");
        let diagnostic = RULE.at(variable.span, message).label("has no effect");
        found.push(match (meant, elsewhere) {
            (_, Some(elsewhere)) => diagnostic.help(elsewhere),
            (Some(meant), None) => diagnostic.help(format!("Set {meant} instead.")),
            (None, None) if known => {
                diagnostic.help(format!("Set {upper}: names are in capitals."))
            }
            (None, None) => diagnostic,
        });
    }
    found
}
