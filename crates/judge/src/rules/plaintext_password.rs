use serde_json::json;

use super::case::raises;
use super::context::{client_name, is_local, is_tls, target};
use super::{Check, Context, Example};
use base::finding::{Finding, Fix, Safety, Severity};
use base::rule::{Category, Rule};
use deployment::environment::{Lookup, Variable};
use simulate::outcome::{ClientKind, Knowable, Startup};
use simulate::simulate;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP302",
    name: "plaintext-password",
    category: Category::Passwords,
    severity: Severity::Warning,
    summary: "A password goes over the network without TLS.",
    why: "Redis sends its password in the clear at the start of each connection. Without TLS, whoever \
        can read the traffic between LiteLLM and Redis can read it, and all that is cached.",
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
    host: redis.example.com
    port: 6379
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    ssl: true
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[raises(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/HOST
    port: os.environ/PORT
    password: os.environ/REDIS_PASSWORD
",
    )
    .from_secret(&["HOST", "PORT", "REDIS_PASSWORD"])
    .says(&["a host that is not known here"])],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let connections = context.connections();
    // Where others speak TLS, the rule on differing clients says it, and louder.
    if connections.iter().any(|(_, connection)| is_tls(connection) == Some(true)) {
        return vec![];
    }
    let mut found: Vec<Finding> = Vec::new();
    let mut depends = None;
    for (client, connection) in connections {
        let password = !matches!(connection.password.value, Knowable::Known(None));
        if is_tls(connection) != Some(false) || !password || is_local(client, connection) {
            continue;
        }
        let span = context.span_of(&connection.password.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let message = format!(
            "{} sends this password to {} in plaintext.",
            client_name(client),
            target(client, connection)
        );
        let help = match context.value("litellm_settings.cache_params.url").is_some() {
            true => "Write the url with `rediss://`.",
            false => {
                "Turn TLS on: `ssl: true` for the cache, `cache_kwargs: {ssl: true}` for the router."
            }
        };
        let fix = tls_everywhere(context, client.kind);
        let mut diagnostic = RULE.at(span, message).label("sent in plaintext").help(help).fix(fix);
        if *depends.get_or_insert_with(|| depends_on_redis_ssl(context)) {
            diagnostic.message = format!(
                "Whether {} sends this password to {} in plaintext depends on REDIS_SSL, {}.",
                client_name(client).replacen("The", "the", 1),
                target(client, connection),
                context.environment.whence("REDIS_SSL")
            );
            diagnostic.severity = Severity::Hint;
            diagnostic.fix = None;
        }
        found.push(match span.and_then(|span| context.key_at(span)) {
            Some((path, _)) => diagnostic.path(path),
            None => diagnostic,
        });
    }
    found
}

/// Whether every connection would be TLS with `REDIS_SSL`, which is not known.
fn depends_on_redis_ssl(context: &Context<'_>) -> bool {
    if !matches!(context.environment.lookup("REDIS_SSL"), Lookup::NotGiven) {
        return false;
    }
    let mut environment = context.environment.clone();
    environment.set("REDIS_SSL", Variable::known("True", None));
    let outcome = simulate(context.document, &environment, context.pair);
    outcome.startup == Startup::Ok
        && outcome.clients.iter().all(|client| {
            let connections = client.connection.iter().chain(&client.sentinels);
            connections.into_iter().all(|one| is_tls(one) == Some(true) || is_local(client, one))
        })
}

/// Turns TLS on in every section that names a Redis by host or nodes.
fn tls_everywhere(context: &Context<'_>, kind: ClientKind) -> Option<Fix> {
    let sections = [
        ("litellm_settings.cache_params", &["host", "redis_startup_nodes", "sentinel_nodes"][..]),
        ("general_settings.coordination_redis", &["host", "startup_nodes", "sentinel_nodes"][..]),
        ("router_settings", &["redis_host"][..]),
    ];
    let mut operations = Vec::new();
    for (section, targets) in sections {
        let named =
            targets.iter().any(|name| context.entry(&format!("{section}.{name}")).is_some());
        let inside = if section == "router_settings" { "cache_kwargs.ssl" } else { "ssl" };
        if named {
            let path = format!("{section}.{inside}");
            operations.push(Operation::Set { path, value: json!(true) });
        }
    }
    // A url says for itself whether it is TLS.
    if operations.is_empty() || kind == ClientKind::RedisCluster && operations.len() > 1 {
        return None;
    }
    context.fix("Turn TLS on for every client", Safety::Unsafe, &operations)
}
