use super::case::{raises, silent};
use super::url_password_is_misread::{text_of, uncut};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use base::source::Span;
use simulate::outcome::{Consumer, Knowable, Native, Role};

pub(super) static RULE: Rule = Rule {
    code: "RP808",
    name: "rust-client-keeps-state-in-memory",
    category: Category::Reliability,
    aspects: &[Aspect::Shared],
    severity: Severity::Error,
    summary: "LiteLLM's Rust client can't use the settings: budgets and rate limits are counted in each process.",
    why: "From 1.110.0 on, budgets, rate limits, cooldowns and the auth cache go over a client in Rust, which reads the \
        settings by rules of its own. What it can't use, it says in one line of the log (`Redis is not usable from the \
        Rust stores, their state stays in memory`) and goes on without Redis: each replica then counts for itself, and \
        a restart forgets what was spent. The response cache works all the same, so that nothing else shows it.",
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
    url: redis://localhost:6379/cache
",
    )
    .on("1.110.2", "8.1.0"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379/0
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
    ssl: true
    ssl_cert_reqs: CERT_NONE
",
        )
        .on("1.110.2", "8.1.0")
        .path("litellm_settings.cache_params.ssl_cert_reqs")
        .says(&["ssl_cert_reqs", "each process"]),
        raises(
            r"
general_settings:
  coordination_redis:
    url: redis://localhost:6379/limits
",
        )
        .on("1.110.0", "5.3.1")
        .path("general_settings.coordination_redis.url")
        .says(&["Invalid database number"]),
        raises(
            r"
router_settings:
  redis_url: redis://localhost:6379/router
",
        )
        .on("1.110.2", "8.1.0")
        .path("router_settings.redis_url")
        .says(&["the router's usage and cooldowns"]),
        // Whether the file can be read is not known.
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
    ssl_ca_certs: /etc/redis/ca.crt
",
        )
        .on("1.110.2", "8.1.0"),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379/cache
",
        )
        .on("1.109.3", "8.1.0"),
        // A `/` of the password is the path, and the cure is about it.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, url: 'rediss://:p@ss/word#1@redis:6379'}}\n")
            .on("1.110.2", "8.1.0")
            .says(&["`%2F`"])
            .says_not(&["word#", "ss:6379"]),
        // Nothing asks for Redis.
        silent("model_list: []\n").on("1.110.2", "8.1.0"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let outcome = context.outcome;
    let router_alone = outcome.usage_cache.is_none() && outcome.usage_if_reachable.is_none();
    let first = if router_alone { Consumer::Router } else { Consumer::Usage };
    let fallback = outcome.usage_if_reachable.as_ref().and_then(|one| one.native.as_ref());
    let natives = [
        (first, outcome.native.as_ref()),
        (Consumer::Usage, fallback),
        (Consumer::Router, outcome.router_native.as_ref()),
    ];
    let natives = natives.into_iter().filter_map(|(consumer, native)| Some((consumer, native?)));
    natives.filter_map(|(consumer, native)| in_memory(context, consumer, native)).collect()
}

fn in_memory(context: &Context<'_>, consumer: Consumer, native: &Native) -> Option<Finding> {
    let Some(Knowable::Known(reason)) = &native.reason else { return None };
    let section = section(context, consumer);
    let what = match consumer {
        Consumer::Router => "the router's usage and cooldowns",
        Consumer::Response | Consumer::Usage | Consumer::Semantic => "budgets and rate limits",
    };
    let message = format!(
        "LiteLLM's Rust client can't use these settings: {reason}. It keeps {what} in the memory of each process."
    );
    let (span, path) = place(context, section, reason);
    let finding = RULE.at(span, message).label("refused by the Rust client").path(path);
    let url = context.value(&finding.path).and_then(|url| text_of(context, &url.origin));
    let cut = url.and_then(uncut);
    Some(finding.help(cut.unwrap_or_else(|| help(reason))))
}

fn help(reason: &str) -> String {
    match reason.split_once(": expected ") {
        Some((_, expected)) => format!("Write {expected}: redis-py's clients read that too."),
        None if reason.contains("database number") => {
            "Write the database as a number: `redis://host:6379/0`.".to_owned()
        }
        None => "Write the address as `redis://user:password@host:port/0`.".to_owned(),
    }
}

/// The section that the settings are in.
fn section(context: &Context<'_>, consumer: Consumer) -> &'static str {
    let role = match consumer {
        Consumer::Usage => &context.outcome.usage_cache,
        Consumer::Router => &context.outcome.router_cache,
        Consumer::Response | Consumer::Semantic => return "litellm_settings.cache_params",
    };
    match (role, consumer) {
        (Some(Knowable::Known(Role::Shared)), _) => "litellm_settings.cache_params",
        (Some(Knowable::Known(Role::Usage)), _) | (_, Consumer::Usage) => {
            "general_settings.coordination_redis"
        }
        _ => "router_settings",
    }
}

/// The setting that the reason names, or what it can only be about.
fn place(context: &Context<'_>, section: &str, reason: &str) -> (Option<Span>, String) {
    let named = reason.strip_prefix("invalid Redis setting ");
    let named = named.and_then(|rest| rest.split([':', '[', ' ']).next()).unwrap_or("url");
    let router = section == "router_settings";
    let inside = format!("{section}.cache_kwargs.{named}");
    let prefixed = format!("{section}.redis_{named}");
    let paths = [format!("{section}.{named}"), inside, prefixed, format!("{section}.url")];
    let whole =
        paths.iter().filter(|path| !router || path.contains("redis_") || path.contains("kwargs"));
    let found = whole
        .map(String::as_str)
        .chain([section])
        .find_map(|path| Some((context.entry(path)?.key.span(), path.to_owned())));
    found.unwrap_or((None, section.to_owned()))
}
