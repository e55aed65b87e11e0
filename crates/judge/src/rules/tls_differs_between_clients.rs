use serde_json::json;

use super::case::{raises, silent};
use super::context::{SEMANTIC_TLS, client_name, is_local, is_tls, target};
use super::{Check, Context, Example};
use base::finding::{Finding, Proposal, Safety, Severity};
use base::rule::{Category, Rule};
use python::Origin;
use simulate::outcome::{Api, Client, Connection, Consumer};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP301",
    name: "tls-differs-between-clients",
    category: Category::Tls,
    severity: Severity::Error,
    summary: "One client speaks TLS, another one plaintext.",
    why: "LiteLLM builds a sync and an async client for each of the response cache, the coordination \
        Redis and the router, and from 1.110 on a client in Rust for budgets and rate limits. A server listens for TLS or for plaintext on a port: where the clients \
        differ, some of them can't connect, or the password of some goes over the wire in the open.",
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
    host: localhost
    port: 6379
    ssl: false
",
    ),
    fixed: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 6379, ssl: false}}\n")
            .env("REDIS_SSL=true\n")
            .on("1.80.0", "5.2.1")
            .says(&["unset REDIS_SSL"]),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
general_settings:
  coordination_redis:
    host: redis.example.com
    port: 6380
    ssl: true
",
        )
        .on("1.110.2", "8.1.0")
        .path("litellm_settings.cache_params"),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6380
    ssl: true
router_settings:
  redis_host: redis.example.com
  redis_port: 6379
",
        )
        .on("1.110.2", "8.1.0")
        .path("router_settings")
        .says(&["The router's client", "The router's Rust client is plaintext too."]),
        // The sentinels and their master are asked over TLS by all clients.
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    ssl: true
    ssl_check_hostname: true
    sentinel_nodes: [[sentinel.example.com, 26379]]
    service_name: mymaster
",
        )
        .on("1.110.2", "8.1.0"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let connections = context.every_connection();
    let secure = connections.iter().find(|(_, c)| is_tls(c) == Some(true));
    let plain: Vec<_> = connections.iter().filter(|(_, c)| is_tls(c) == Some(false)).collect();
    let Some((tls_client, tls_connection)) = secure else {
        return vec![];
    };
    let mut found: Vec<Finding> = Vec::new();
    for (client, connection) in plain {
        let same_consumer = context.settings_of(client) == context.settings_of(tls_client);
        if !same_consumer && is_local(client, connection) && !is_local(tls_client, tls_connection) {
            // A Redis beside the proxy and one elsewhere may well differ.
            continue;
        }
        let path = consumer_path(context, client);
        if found.iter().any(|other| other.path == path) {
            continue;
        }
        let beside = context.rust_client_beside(client, |other| is_tls(other) == Some(false));
        let too = beside.map_or_else(String::new, |native| {
            format!(" {} is plaintext too.", client_name(native))
        });
        let message = format!(
            "{} to {} is plaintext. {} speaks TLS.{too}",
            context.name_where(client, |_, other| is_tls(other) == Some(false)),
            target(client, connection),
            context.name_where(tls_client, |_, other| is_tls(other) == Some(true)),
        );
        let span = context
            .span_of(&connection.tls_origin)
            .or_else(|| section_span(context, client))
            .or_else(|| context.span_of(&tls_connection.tls_origin));
        let diagnostic = RULE
            .at(span, message)
            .label("plaintext")
            .related(context.span_of(&tls_connection.tls_origin), "TLS for the other client")
            .path(path);
        let (help, fix) = help_and_fix(context, client, connection, same_consumer);
        found.push(diagnostic.help(help).fix(fix));
    }
    found
}

fn consumer_path(context: &Context<'_>, client: &Client) -> &'static str {
    match context.settings_of(client) {
        Consumer::Response | Consumer::Semantic => "litellm_settings.cache_params",
        Consumer::Usage => "general_settings.coordination_redis",
        Consumer::Router => "router_settings",
    }
}

fn section_span(context: &Context<'_>, client: &Client) -> Option<base::source::Span> {
    context.entry(consumer_path(context, client)).and_then(|entry| entry.key.span())
}

fn help_and_fix(
    context: &Context<'_>,
    client: &Client,
    connection: &Connection,
    same_consumer: bool,
) -> (&'static str, Option<Proposal>) {
    let set = |path: &str| {
        let operation = Operation::Set { path: path.to_owned(), value: json!(true) };
        context.fix(format!("Set {path} to true"), Safety::Safe, &[operation])
    };
    // A section that is not there is not added: its presence alone tells LiteLLM something.
    let (consumer, path) = (context.settings_of(client), consumer_path(context, client));
    let section = context.value(path);
    let stands = section.is_some_and(|section| section.as_dict().is_some());
    if same_consumer && client.api == Api::Sync {
        let path = format!("{path}.ssl");
        let falsy = context.entry(&path).is_some();
        let remove = Operation::Remove { path };
        if context.environment.get("REDIS_SSL").is_some() {
            return (
                "To turn TLS off on this release, remove the `ssl` key and unset REDIS_SSL, which replaces it: the key's presence alone turns TLS on for the async client. To turn it on, write `ssl: true`.",
                None,
            );
        }
        let fix =
            falsy.then(|| context.fix("Remove ssl: false", Safety::Unsafe, &[remove])).flatten();
        return (
            "To turn TLS off on this release, remove the `ssl` key: its presence alone turns TLS on for the async client. To turn it on, write `ssl: true`.",
            fix,
        );
    }
    if connection.path.is_some() {
        return ("Use TCP for a server that needs TLS.", None);
    }
    if !stands && consumer != Consumer::Router {
        let url = matches!(&connection.host.value.origin, Origin::Computed(_));
        let help = match url {
            true => "Write the variable REDIS_URL with `rediss://`.",
            false => "Set REDIS_SSL=True where LiteLLM runs.",
        };
        return (help, None);
    }
    match consumer {
        Consumer::Router if context.entry("router_settings.redis_url").is_none() => (
            "Turn TLS on for the router with `cache_kwargs: {ssl: true}`.",
            set("router_settings.cache_kwargs.ssl"),
        ),
        Consumer::Router => ("Write the router's `redis_url` with `rediss://`.", None),
        Consumer::Response => {
            ("Turn TLS on with `ssl: true`.", set("litellm_settings.cache_params.ssl"))
        }
        Consumer::Semantic => (SEMANTIC_TLS, None),
        Consumer::Usage => {
            ("Turn TLS on with `ssl: true`.", set("general_settings.coordination_redis.ssl"))
        }
    }
}
