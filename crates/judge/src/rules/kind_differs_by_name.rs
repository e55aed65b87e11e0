use super::case::{raises, silent};
use super::targets::{Target, targets};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use deployment::{Container, RedisServer};
use facts::services::service;
use simulate::outcome::ClientKind;

pub(super) static RULE: Rule = Rule {
    code: "RP508",
    name: "kind-differs-by-name",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "The host or port is that of a Sentinel or a cluster, and the client is made for one server.",
    why: "Port 26379 is Sentinel's: it tells where the master is, and answers `unknown command 'SET'` to \
        everything else. A node of a cluster answers `MOVED` for keys of other nodes. Charts and compose files \
        give both as if they were one Redis: the Helm chart of LiteLLM sets REDIS_PORT to 26379 where its Redis has \
        Sentinel.",
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
    host: redis-sentinel
    port: 26379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    sentinel_nodes: [[redis-sentinel, 26379]]
    service_name: mymaster
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, url: 'redis://redis:26379/0'}}\n")
            .says(&["`sentinel_nodes`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: r, port: 26379}]}}\n"),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6380}}\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: bitnami/redis-sentinel:7.2\n")
            .severity(Severity::Error),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: my-redis-cluster.ai, port: 6379}}\n")
            .severity(Severity::Hint)
            .says(&["`redis_startup_nodes`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: cache, port: 7000}}\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  cache:\n    image: grokzen/redis-cluster:7.0.10\n")
            .severity(Severity::Error),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, sentinel_nodes: [[redis, 6379]], service_name: m}}\n")
            .severity(Severity::Hint)
            .says(&["26379"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/H, port: 26379}}\n")
            .from_secret(&["H"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis.ai.svc.cluster.local, port: 6379}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: redis-cluster, port: 6379}]}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, sentinel_nodes: [[redis, 26380]], service_name: m}}\n"),
    ],
    check,
};

const SENTINELS: &str = "List it under `sentinel_nodes`, with the master's `service_name`, instead of host and port. Or: name the \
     master's host and port.";
const NODES: &str = "Name the host under `redis_startup_nodes` instead.";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for target in targets(context) {
        let server = context.container.and_then(|container| named(container, target.host));
        let said = match target.client.kind {
            ClientKind::Sentinel => to_sentinel(&target, server),
            kind => from_plain(&target, server, kind),
        };
        let Some((severity, message, origin_is_port, help)) = said else { continue };
        let origin = if origin_is_port { target.port_origin } else { target.origin };
        let message = format!("{} goes to {}, {message}.", target.who(context), target.host);
        if target.report(
            &RULE,
            context,
            origin,
            &mut found,
            (message, "of another kind", help.to_owned()),
        ) && let Some(last) = found.pop()
        {
            found.push(
                last.severity(severity).related(server.and_then(|one| one.span), "this server"),
            );
        }
    }
    found
}

type Said = (Severity, String, bool, &'static str);

/// A client of one server, or of a cluster.
fn from_plain(target: &Target<'_>, server: Option<&RedisServer>, kind: ClientKind) -> Option<Said> {
    if server.is_some_and(is_sentinel) {
        return Some((Severity::Error, "which is a Sentinel".to_owned(), false, SENTINELS));
    }
    if target.port == Some(26379) {
        let message = "port 26379, which is Sentinel's".to_owned();
        return Some((Severity::Warning, message, true, SENTINELS));
    }
    if kind == ClientKind::RedisCluster || service(target.host).is_some() {
        return None;
    }
    if server.is_some_and(|server| image(server).contains("redis-cluster")) {
        return Some((Severity::Error, "which is a cluster".to_owned(), false, NODES));
    }
    let label = target.host.split('.').next().unwrap_or("").to_ascii_lowercase();
    let is_word = label
        .split(['-', '_'])
        .any(|word| matches!(word, "cluster" | "rediscluster" | "clustercfg"));
    is_word.then(|| {
        let message = "which is called a cluster, and the client knows nothing of clusters".to_owned();
        (Severity::Hint, message, false, "If it is a cluster of several shards, name the host under `redis_startup_nodes` instead.")
    })
}

/// A client of a Sentinel.
fn to_sentinel(target: &Target<'_>, server: Option<&RedisServer>) -> Option<Said> {
    (target.port == Some(6379) && !server.is_some_and(is_sentinel)).then(|| {
        let message = "port 6379, which is Redis' own: Sentinels listen on 26379".to_owned();
        (
            Severity::Hint,
            message,
            true,
            "Set the sentinel's port to 26379, unless yours has another.",
        )
    })
}

/// The server of a name, if it is one of the files'.
fn named<'a>(container: &'a Container, host: &str) -> Option<&'a RedisServer> {
    let label = host.split('.').next().unwrap_or(host);
    let is_its =
        |server: &&RedisServer| server.hosts.iter().any(|name| name == host || name == label);
    container.servers.iter().find(is_its)
}

fn image(server: &RedisServer) -> String {
    let name = server.image.split('@').next().unwrap_or("");
    name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase()
}

fn is_sentinel(server: &RedisServer) -> bool {
    image(server).contains("sentinel")
        || server.command.iter().any(|word| {
            word == "--sentinel"
                || word.ends_with("redis-sentinel")
                || word.ends_with("valkey-sentinel")
        })
}
