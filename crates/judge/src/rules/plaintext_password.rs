use serde_json::json;

use super::beside::met;
use super::case::{raises, silent};
use super::context::{SEMANTIC_TLS, arguments, client_name_within, is_local, is_tls, target, url};
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Proposal, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use deployment::RedisServer;
use deployment::environment::{Lookup, Variable};
use simulate::outcome::{Client, ClientKind, Connection, Consumer, Startup};
use simulate::simulate;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP302",
    name: "plaintext-password",
    category: Category::Passwords,
    aspects: &[Aspect::Encrypted, Aspect::LoggedIn],
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
    cases: &[
        raises(
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
        .says(&["a host that is not known here"]),
        // Its Redis is in the same files, and speaks no TLS.
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379, password: correct-horse-battery}}\n",
        )
        .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7.4\n    command: redis-server --requirepass correct-horse-battery\n")
        .severity(Severity::Hint)
        .says(&["`--tls-port`"]),
        // A semantic cache makes a url of its own.
        raises("litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: redis.example.com, port: 6379, password: correct-horse-battery, ssl: true, similarity_threshold: 0.8}}\n")
            .on("1.91.0", "5.3.1")
            .says(&["The semantic cache's client sends", "redis.example.com:6379", "rediss://"])
            .severity(Severity::Warning),
        silent("litellm_settings: {cache: true, cache_params: {type: redis-semantic, redis_url: 'rediss://:correct-horse-battery@redis.example.com:6379', similarity_threshold: 0.8}}\n")
            .on("1.91.0", "5.3.1"),
        // redis-py sends no empty password.
        silent(
            r#"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    password: ""
"#,
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let connections = context.every_connection();
    // Where others speak TLS, the rule on differing clients says it, and louder.
    if connections.iter().any(|(_, connection)| is_tls(connection) == Some(true)) {
        return vec![];
    }
    let mut found: Vec<Finding> = Vec::new();
    let mut depends = None;
    for (client, connection) in connections {
        if is_tls(connection) != Some(false)
            || !connection.password.may_be_sent()
            || is_local(client, connection)
        {
            continue;
        }
        let span = context.span_of(&connection.password.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let plaintext =
            |other: &Connection| other.password.may_be_sent() && is_tls(other) == Some(false);
        let beside = context.rust_client_beside(client, plaintext);
        let too = beside
            .map_or_else(String::new, |native| format!(" So does {}.", client_name_within(native)));
        let who = context.name_where(client, |_, other| {
            plaintext(other) && context.span_of(&other.password.origin) == span
        });
        let to = target(client, connection);
        let message = format!("{who} sends this password to {to} in plaintext.{too}");
        let mut diagnostic = RULE.at(span, message).label("sent in plaintext");
        let host = context.span_of(&connection.host.value.origin);
        diagnostic = diagnostic.related(host, "to this host");
        if let Some((path, _)) = span.and_then(|span| context.key_at(span)) {
            diagnostic = diagnostic.path(path);
        }
        if let Some(server) = without_tls(context, client) {
            // TLS on one side alone ends every connection.
            found.push(
                diagnostic
                    .related(server.span, "speaks no TLS")
                    .severity(Severity::Hint)
                    .help("Start the server with `--tls-port` and a certificate, then turn TLS on for LiteLLM."),
            );
            continue;
        }
        if client.consumer != Consumer::Semantic {
            diagnostic = diagnostic.fix(tls_everywhere(context, client.kind));
        }
        diagnostic =
            context.cured_by(&CHECK, diagnostic, cures(context, context.settings_of(client)));
        if *depends.get_or_insert_with(|| depends_on_redis_ssl(context)) {
            diagnostic.message = format!(
                "Whether {} sends this password to {to} in plaintext depends on REDIS_SSL, {}.",
                who.replacen("The", "the", 1),
                context.environment.whence("REDIS_SSL")
            );
            diagnostic.severity = Severity::Hint;
            diagnostic.proposal = None;
        }
        found.push(diagnostic);
    }
    found
}

/// The server of a client, where the same files start it without TLS.
fn without_tls<'a>(context: &Context<'a>, client: &'a Client) -> Option<&'a RedisServer> {
    let server = met(context.container?, client)?.server;
    (server.plain && server.tls_port().is_none()).then_some(server)
}

/// How TLS is turned on for this client: by its own url, by its own section, by a variable.
fn cures(context: &Context<'_>, consumer: Consumer) -> Vec<Cure> {
    if consumer == Consumer::Semantic {
        return vec![Cure::Elsewhere { words: SEMANTIC_TLS }];
    }
    let (url, section) = (url(consumer), arguments(consumer));
    let ssl = format!("{section}.ssl");
    let written = context.value(url).and_then(python::Value::as_str);
    let secure = written.and_then(|text| text.strip_prefix("redis://")).map(|rest| {
        let value = json!(format!("rediss://{rest}"));
        let operations = vec![Operation::Set { path: url.to_owned(), value }];
        Cure::edit(format!("Write `{url}` with `rediss://`."), operations)
    });
    let stands = consumer == Consumer::Router
        || context.value(section).is_some_and(|section| section.as_dict().is_some());
    let on = stands.then(|| {
        let operations = vec![Operation::Set { path: ssl.clone(), value: json!(true) }];
        Cure::edit(format!("Set `{ssl}: true`."), operations)
    });
    let variable = Cure::Set { variable: "REDIS_SSL".to_owned(), value: Some("True") };
    let mut cures: Vec<Cure> = secure.into_iter().chain(on).collect();
    // One is enough where the config can say it.
    if cures.is_empty() || written.is_some() && cures.len() == 1 {
        cures.push(variable);
    }
    cures
}

/// Whether every connection would be TLS with `REDIS_SSL`, which is not known.
pub(super) fn depends_on_redis_ssl(context: &Context<'_>) -> bool {
    if !matches!(context.environment.lookup("REDIS_SSL"), Lookup::NotGiven) {
        return false;
    }
    let mut environment = context.environment.clone();
    environment.set("REDIS_SSL", Variable::known("True", None));
    let outcome = simulate(context.document, &environment, context.pair);
    outcome.startup == Startup::Ok
        && outcome.redis_py_clients().all(|client| {
            let connections = client.connection.iter().chain(&client.sentinels);
            connections.into_iter().all(|one| is_tls(one) == Some(true) || is_local(client, one))
        })
}

/// Turns TLS on in every section that names a Redis by host or nodes.
fn tls_everywhere(context: &Context<'_>, kind: ClientKind) -> Option<Proposal> {
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
