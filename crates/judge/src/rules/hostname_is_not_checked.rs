use serde_json::json;

use super::case::{raises, silent};
use super::context::{arguments, client_name_within, is_local};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use python::{Origin, Truth};
use simulate::outcome::{Api, Client, ClientKind, Connection, Knowable, Verify};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP304",
    name: "hostname-is-not-checked",
    category: Category::Tls,
    aspects: &[Aspect::Verified],
    severity: Severity::Warning,
    summary: "The certificate is verified, but not for which host it was issued.",
    why: "redis-py before 6.0 does not check the host name unless it is set to: a certificate of the same CA \
        for another host is accepted. From 6.0 on it checks by default, so that the same \
        configuration may stop working with an upgrade. LiteLLM's Rust client (1.110 and newer), which has \
        budgets, rate limits and cooldowns, never checks unless it is set to, whatever redis-py does; with Sentinel \
        alone it always does.",
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
    cases: &[
        // redis-py checks, and the Rust client does not.
        raises(CONFIG)
            .on("1.110.2", "8.1.0")
            .severity(Severity::Hint)
            .says(&["The Rust client of budgets and rate limits", "ssl_check_hostname: true"])
            .says_not(&["The response cache"]),
        raises(CONFIG)
            .on("1.110.0", "5.3.1")
            .says(&["The response cache's client", "Neither does the Rust client"]),
        silent(CONFIG).on("1.109.3", "8.1.0"),
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379, ssl: false}}\n",
        )
        .on("1.80.0", "5.2.1"),
        // The sync cluster client drops what is set, and the async one keeps it.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    redis_startup_nodes: [{host: redis.example.com, port: 6379}]
    ssl: true
    ssl_check_hostname: true
",
        )
        .on("1.109.1", "5.3.1")
        .says(&["drops `ssl_check_hostname` for it", "requests use the async client"])
        .says_not(&["Set `ssl_check_hostname"]),
        // Beside a url it is not read.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: rediss://redis.example.com:6379
    ssl_check_hostname: true
",
        )
        .on("1.110.2", "8.1.0")
        .says(&["The Rust client", "the url's query"]),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: rediss://redis.example.com:6379?ssl_check_hostname=true
",
        )
        .on("1.110.2", "8.1.0"),
        // Sentinels' names, and their master's, are always checked.
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    sentinel_nodes: [[sentinel.example.com, 26379]]
    service_name: main
    ssl: true
",
        )
        .on("1.110.2", "8.1.0"),
        // The router's own.
        raises(
            r"
router_settings:
  redis_host: redis.example.com
  redis_port: 6379
  cache_kwargs:
    ssl: true
",
        )
        .on("1.110.2", "8.1.0")
        .path("router_settings.cache_kwargs")
        .says(&["The router's Rust client"]),
    ],
    check,
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    ssl: true
";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (client, connection) in context.every_connection() {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        if !is_unchecked(connection) || is_local(client, connection) {
            continue;
        }
        let path = arguments(context.settings_of(client));
        // Who writes `ssl: false` wants no TLS: RP301 says that it is there.
        let by_key = context.span_of(&connection.tls_origin);
        let is_off =
            |value: &python::Value| value.truth() == Truth::False && value.span() == by_key;
        if context.value(&format!("{path}.ssl")).is_some_and(is_off) {
            continue;
        }
        let written = !matches!(
            tls.check_hostname.value.origin,
            Origin::RedisPyDefault(_) | Origin::LitellmDefault(_)
        );
        let span = context
            .span_of(&tls.check_hostname.value.origin)
            .or_else(|| context.span_of(&connection.tls_origin));
        if found.iter().any(|other| other.path == path || other.primary.span == span) {
            continue;
        }
        // The config sets it, and this client drops it.
        let dropped = !written
            && context
                .value(&format!("{path}.ssl_check_hostname"))
                .is_some_and(|value| value.truth() == Truth::True);
        let message = message(context, client, written, dropped);
        let url = is_of_url(client, connection);
        let help = if dropped && served_by_another(context, client) {
            "Nothing, in this configuration: requests use the async client, which checks the name."
        } else if dropped {
            "Nothing, in this configuration: use a redis-py release whose client keeps the setting."
        } else if url {
            "Add `ssl_check_hostname=true` to the url's query."
        } else {
            "Set `ssl_check_hostname: true`."
        };
        let set = Operation::Set { path: format!("{path}.ssl_check_hostname"), value: json!(true) };
        let standalone = client.kind == ClientKind::Redis && !url && !dropped;
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

fn is_unchecked(connection: &Connection) -> bool {
    let Knowable::Known(Some(tls)) = &connection.tls else { return false };
    tls.verify != Verify::None && tls.check_hostname.value.truth() == Truth::False
}

/// Whether requests are served by a client that does check.
fn served_by_another(context: &Context<'_>, client: &Client) -> bool {
    context.connections().into_iter().any(|(other, connection)| {
        other.consumer == client.consumer && other.api == Api::Async && !is_unchecked(connection)
    })
}

fn message(context: &Context<'_>, client: &Client, written: bool, dropped: bool) -> String {
    let name = context.name_where(client, |_, other| is_unchecked(other));
    let said = format!("{name} does not check the host name in the certificate");
    let native = client.api == Api::Native;
    let why = match (written, native) {
        _ if dropped => {
            format!("redis-py {} drops `ssl_check_hostname` for it", context.pair.redis_py)
        }
        (true, _) => "it is switched off".to_owned(),
        (false, true) => "it does not unless it is set to, whatever redis-py does".to_owned(),
        (false, false) => {
            format!("redis-py {} does not unless it is set to", context.pair.redis_py)
        }
    };
    match context.rust_client_beside(client, is_unchecked).filter(|_| !native) {
        Some(beside) => format!("{said}: {why}. Neither does {}.", client_name_within(beside)),
        None => format!("{said}: {why}."),
    }
}

/// Whether a url of the config says where the client goes.
fn is_of_url(client: &Client, connection: &Connection) -> bool {
    let host = &connection.host.value.origin;
    let one = match client.api {
        // What a url says of it has the url's own place.
        Api::Native => *host == connection.tls_origin,
        Api::Sync | Api::Async => matches!(host, Origin::Computed(_)),
    };
    one && host.span().is_some()
}
