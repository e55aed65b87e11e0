use super::case::raises;
use super::managed::at_services;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::services::Shape;
use simulate::outcome::ClientKind;

pub(super) static RULE: Rule = Rule {
    code: "RP504",
    name: "service-is-a-cluster",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "The client is made for one server and the service is a cluster, or the other way round.",
    why: "A client for one server meets `MOVED` at a cluster, for most keys and not for all. A cluster \
        client asks for the layout, which a single server has not: `Cluster mode is not enabled on this \
        node`, and LiteLLM does not start. Amazon ElastiCache Serverless is a cluster behind one endpoint: single keys \
        work with either client, several in one command only where they share a slot. The host's name tells the service.",
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
    host: clustercfg.litellm.abc.memorydb.us-east-1.amazonaws.com
    port: 6379
    ssl: true
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    redis_startup_nodes:
      - host: clustercfg.litellm.abc.memorydb.us-east-1.amazonaws.com
        port: 6379
    ssl: true
",
    ),
    cases: &[raises(
        "litellm_settings: {cache: true, cache_params: {type: redis, ssl: true, host: x-abc.serverless.use1.cache.amazonaws.com}}\n",
    )
    .severity(Severity::Warning)
    .says(&["CROSSSLOT"])],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for at in at_services(context) {
        let (severity, message, help) = match (at.service.shape, at.client.kind) {
            (Shape::Cluster, ClientKind::Redis) => (
                Severity::Error,
                format!("{}, a cluster, and is made for one server.", at.goes()),
                "Name the host under `redis_startup_nodes` (for the router under `cache_kwargs: {startup_nodes: …}`) instead of `host` and `port`.",
            ),
            (Shape::ClusterByDefault, ClientKind::Redis) => (
                Severity::Hint,
                format!(
                    "{}, a cluster to its clients under the OSS policy, and is made for one server.",
                    at.goes()
                ),
                "With the OSS clustering policy, name the host under `redis_startup_nodes`; with another policy leave it as it is.",
            ),
            (Shape::Endpoint, ClientKind::Redis) => (
                Severity::Warning,
                format!(
                    "{}, a cluster behind one endpoint, and is made for one server: `CROSSSLOT` refuses what has keys of \
                     several slots, such as the scripts of rate limits.",
                    at.goes()
                ),
                "Name the host under `redis_startup_nodes` (for the router under `cache_kwargs: {startup_nodes: …}`) instead of `host` and `port`.",
            ),
            (Shape::Single, ClientKind::RedisCluster) => (
                Severity::Error,
                format!(
                    "{}, which is not a cluster to its clients, and is made for one.",
                    at.goes()
                ),
                "Write `host` and `port` instead of startup nodes, and unset REDIS_CLUSTER_NODES.",
            ),
            _ => continue,
        };
        at.report(&RULE, context, None, &mut found, (severity, message, help.to_owned()));
    }
    found
}
