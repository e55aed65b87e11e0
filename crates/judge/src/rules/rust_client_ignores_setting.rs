use super::case::{raises, silent};
use super::context::client_name;
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::listed::listed_code;
use base::rule::{Aspect, Category, Rule};
use python::{Origin, Value};
use simulate::outcome::{Auth, Client, Ignored, Knowable};

pub(super) static RULE: Rule = Rule {
    code: "RP219",
    name: "rust-client-ignores-setting",
    category: Category::NoEffect,
    aspects: &[Aspect::Shared],
    severity: Severity::Hint,
    summary: "LiteLLM's Rust client ignores a setting that redis-py's clients take.",
    why: "From 1.110.0 on, budgets, rate limits, cooldowns and the auth cache go over a client in Rust. It is made of \
        the same settings, knows fewer of them, and says so in one line of the log. A name for `CLIENT LIST`, a cap on \
        connections or a list of ciphers holds for redis-py's clients alone.",
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
    client_name: litellm
",
    )
    .on("1.110.2", "8.1.0"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    )
    .on("1.110.2", "8.1.0"),
    cases: &[
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    max_connections: 50
",
        )
        .on("1.110.2", "5.3.1")
        .severity(Severity::Hint)
        .says(&[
            "The Rust client of budgets and rate limits",
            "`max_connections`",
            "one connection",
        ]),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
    ssl_ciphers: ECDHE-RSA-AES256-GCM-SHA384
",
        )
        .on("1.110.0", "5.3.1")
        .severity(Severity::Warning)
        .path("litellm_settings.cache_params.ssl_ciphers")
        .says(&["rustls"]),
        // The router's own Rust client.
        raises(
            r"
router_settings:
  redis_host: localhost
  redis_port: 6379
  cache_kwargs:
    client_name: router
",
        )
        .on("1.110.2", "8.1.0")
        .says(&["`client_name`"]),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379?max_connections=5&client_name=a
",
        )
        .on("1.110.2", "8.1.0")
        .says(&["`max_connections` and `client_name`"]),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    username: litellm
",
        )
        .on("1.110.2", "8.1.0")
        .severity(Severity::Warning)
        .says(&["`default`"]),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    client_name: litellm
    max_connections: 50
",
        )
        .on("1.109.3", "8.1.0"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (client, ignored) in context.outcome.natives_that_ignore() {
        let name = client_name(client);
        for group in by_place(ignored) {
            // What nobody wrote nobody misses.
            let Some(span) = context.span_of(&group[0].origin) else { continue };
            if found.iter().any(|other| other.primary.span == Some(span)) {
                continue;
            }
            let names: Vec<&str> = group.iter().map(|one| plain(&one.name)).collect();
            let message =
                format!("{name} ignores {}: {}.", listed_code(&names, "and"), instead(&names));
            let tls = names.iter().any(|name| name.starts_with("ssl"));
            let severity = if tls { Severity::Warning } else { Severity::Hint };
            found.push(at(context, span, message).severity(severity).help(help(tls)));
        }
        if let Some(span) = user_without_password(context, client)
            && !found.iter().any(|other| other.primary.span == Some(span))
        {
            let message = format!(
                "{name} signs in only with a password: `username` goes nowhere, and it is the user `default`."
            );
            let finding = at(context, span, message).severity(Severity::Warning);
            found.push(finding.help("Give the user a password, and set `password`."));
        }
    }
    found
}

fn at(context: &Context<'_>, span: base::source::Span, message: String) -> Finding {
    let finding = RULE.at(Some(span), message).label("not for the Rust client");
    placed(context, finding, Some(span))
}

fn help(tls: bool) -> &'static str {
    if tls {
        "Demand it of the server: `tls-protocols`, `tls-ciphers` and `tls-ciphersuites` hold for every client."
    } else {
        "Count on it for redis-py's clients alone, or remove it."
    }
}

/// The options of one url have one place.
fn by_place(ignored: &[Ignored]) -> Vec<Vec<&Ignored>> {
    let mut groups: Vec<Vec<&Ignored>> = Vec::new();
    for one in ignored {
        match groups.iter_mut().find(|group| group[0].origin == one.origin) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

fn plain(name: &str) -> &str {
    name.strip_prefix("url ?").unwrap_or(name)
}

/// What the client does in place of it.
fn instead(names: &[&str]) -> &'static str {
    match names {
        ["client_name"] => "`CLIENT LIST` shows it without a name",
        ["max_connections"] => "it has one connection to a server, beside those of the pool",
        ["protocol"] => "it speaks RESP 2",
        ["decode_responses" | "encoding" | "encoding_errors"] => "it reads bytes by itself",
        ["read_from_replicas" | "load_balancing_strategy"] => "it asks masters alone",
        [name] if name.starts_with("retry") => "it tries again by rules of its own",
        [name] if name.starts_with("ssl") => {
            "rustls offers TLS 1.2 and 1.3, with ciphers of its own choice"
        }
        _ => "it has no such setting",
    }
}

/// Where a user is named that the Rust client does not sign in as.
fn user_without_password(context: &Context<'_>, native: &Client) -> Option<base::source::Span> {
    let own = native.connection.as_ref()?;
    if !own.username.value.is_none() || own.auth != Auth::Static {
        return None;
    }
    let named = |value: &Value| value.as_str().is_some_and(|user| !matches!(user, "" | "default"));
    let consumer = context.settings_of(native);
    let beside = context.outcome.clients.iter().filter(|client| client.consumer == consumer);
    let mut connections = beside.filter_map(|client| client.connection.as_ref());
    let redis_py = connections.find(|one| {
        let password = matches!(&one.password.value, Knowable::Known(None));
        password && one.auth == Auth::Static && named(&one.username.value)
    })?;
    let origin = &redis_py.username.value.origin;
    match origin {
        Origin::LitellmDefault(_) | Origin::RedisPyDefault(_) => None,
        origin => context.span_of(origin),
    }
}
