use serde_json::json;

use super::case::{raises, silent};
use super::targets::{placed, targets};
use super::{Check, Context, Example};
use base::finding::{Finding, Proposal, Safety, Severity};
use base::rule::{Category, Rule};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP111",
    name: "host-is-a-url",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "A host is written as a url, or with its port: no connection can be opened.",
    why: "redis-py looks up what is in `host` as a host name, scheme and port included. Nothing \
        has such a name: LiteLLM starts, and every use of Redis fails with `Name or service not known`.",
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
    host: redis://localhost:6379
    port: 6379
",
    ),
    fixed: Example::new(
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
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis://redis:6380
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6380
",
        ),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis:6380
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6380
",
        ),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: '::1'
",
        ),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
",
        ),
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: 10.0.0.1
",
        ),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: 'redis-1:6379,redis-2:6379'}}\n")
            .says(&["`redis_startup_nodes`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: '[::1]', port: 6379}}\n")
            .says(&["brackets"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis.example.com/0}}\n"),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: 'redis://r1', port: 6379}]}}\n"),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, service_name: m, sentinel_nodes: [['s1:26379', 26379]]}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: 'fe80::1%eth0'}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis.example.com.}}\n"),
        // A password is not moved, and not shown. Sync and async are one finding.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis://:s3cr3t-pa55@redis:6380/1
",
        )
        .says_not(&["s3cr3t-pa55"])
        .not_fixed(),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for target in targets(context) {
        let Some((label, help)) = more_than_a_name(target.host) else { continue };
        let span = context.span_of(target.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        // What it says is not repeated: a url may hold a password.
        let message =
            format!("{} opens no connection: no host has such a name.", target.who(context));
        let diagnostic = placed(context, RULE.at(span, message).label(label).help(help), span);
        let fix = taken_apart(context, &diagnostic.path);
        found.push(diagnostic.fix(fix));
    }
    found
}

/// Why a text is not a host name, and what to write.
fn more_than_a_name(host: &str) -> Option<(&'static str, &'static str)> {
    const ALONE: &str = "Write only the name, and the port in its own setting.";
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if host.is_empty() {
        return Some(("an empty text", "Set the host's name, or leave the setting out."));
    }
    if host.contains("://") || port_of(host).is_some() {
        return Some(("no host name", ALONE));
    }
    if bracketed.is_some_and(|(address, _)| address.parse::<std::net::Ipv6Addr>().is_ok()) {
        return Some((
            "an address in brackets",
            "Write the address without brackets, and the port in its own setting.",
        ));
    }
    let listed = |separator: char| {
        let mut names = host.split(separator).map(str::trim);
        host.contains(separator) && names.all(|name| !name.is_empty())
    };
    if listed(',') || listed(';') {
        return Some((
            "several hosts",
            "Write one host. List a cluster's nodes under `redis_startup_nodes`, and sentinels under \
             `sentinel_nodes`.",
        ));
    }
    host.contains(['/', '@', '?', '#']).then_some(("no host name", ALONE))
}

/// The name and the port in `redis:6379`; an IPv6 address has more colons.
fn port_of(host: &str) -> Option<(&str, u16)> {
    let (name, port) = host.trim_end_matches('/').split_once(':')?;
    Some((name, port.parse().ok()?))
}

/// Writes host and port on their own. A url that says more than that is left to its owner.
fn taken_apart(context: &Context<'_>, path: &str) -> Option<Proposal> {
    let written = context.value(path)?.as_str()?;
    let rest = written.strip_prefix("redis://").unwrap_or(written);
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (name, port) = port_of(rest)?;
    if name.contains(['/', '@', '?']) {
        return None;
    }
    let (parent, key) = path.rsplit_once('.')?;
    let operations = [
        Operation::Set { path: path.to_owned(), value: json!(name) },
        Operation::Set {
            path: format!("{parent}.{}", key.replace("host", "port")),
            value: json!(port),
        },
    ];
    context.fix("Write host and port on their own", Safety::Safe, &operations)
}
