//! Clusters and sentinels.

use super::common::{
    CA, CHECK_HOSTNAME, CLUSTER_CA, CLUSTER_CHECK, CLUSTER_CONNECTIONS, CLUSTER_PASSWORD,
    CLUSTER_TIMEOUT, CLUSTER_TLS, CLUSTER_USERNAME, FIELD, NAMESPACE, NODES, PASSWORD, TIMEOUT,
    TLS, TTL, USERNAME,
};
use super::needs::{
    master_password, router_without_redis, sends_master_sentinel_password, sentinel_settings,
};
use crate::field::{Field, Kind, Needs, Place};
use crate::{Line, Plan, System};
use facts::Behaviour;

pub(super) static CLUSTER: Plan = Plan {
    system: System::Cluster,
    name: "Redis Cluster",
    sentence: "Many Redis nodes that share the keys among them.",
    refused: |_| None,
    cautions: |pair| {
        let mut cautions = router_without_redis(pair);
        cautions.push(
            "Client certificates (mTLS) do not work here: LiteLLM's sync cluster client never \
                 shows them."
                .to_owned(),
        );
        cautions
    },
    lines: &[
        Line::Comment("", "Redis Cluster."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&NODES),
        Line::Ask(&CLUSTER_USERNAME),
        Line::Ask(&CLUSTER_PASSWORD),
        Line::Ask(&CLUSTER_TLS),
        Line::Ask(&CLUSTER_CHECK),
        Line::Ask(&CLUSTER_CA),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&CLUSTER_TIMEOUT),
        Line::Ask(&CLUSTER_CONNECTIONS),
    ],
};

pub(super) static SENTINEL: Plan = Plan {
    system: System::Sentinel,
    name: "Redis Sentinel",
    sentence: "Sentinels that know which Redis is the master.",
    refused: |_| None,
    cautions: router_without_redis,
    lines: &[
        Line::Comment("", "Redis Sentinel. Write no host and no port beside it."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&Field {
            id: "sentinels",
            label: "Sentinels",
            help: "Host and port of each sentinel.",
            kind: Kind::Pairs,
            required: true,
            default: "redis-sentinel-1:26379 redis-sentinel-2:26379 redis-sentinel-3:26379",
            comment: "[host, port] of each sentinel",
            place: Place::Config(cache!("sentinel_nodes")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "service",
            label: "Master's name",
            help: "The name under which the sentinels know the master.",
            required: true,
            default: "mymaster",
            comment: "the sentinels' name for the master",
            place: Place::Config(cache!("service_name")),
            ..FIELD
        }),
        Line::Ask(&Field { needs: sentinel_settings, router: None, ..USERNAME }),
        Line::Ask(&Field {
            label: "Master password variable",
            help: "The name of the environment variable that holds the master's password.",
            comment: "the master's, from the environment",
            needs: master_password,
            router: None,
            ..PASSWORD
        }),
        Line::Ask(&Field {
            id: "old_password",
            label: "Master password variable",
            help: "The name of the environment variable that holds the master's password. This \
                    release sends sentinel_password to the master.",
            kind: Kind::Secret,
            default: "REDIS_SENTINEL_PASSWORD",
            comment: "this release sends it to the master",
            place: Place::Config(cache!("sentinel_password")),
            needs: |pair| {
                if sends_master_sentinel_password(pair) { Needs::Met } else { Needs::Hidden }
            },
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "sentinel_password",
            label: "Sentinel password variable",
            help: "The name of the environment variable that holds the sentinels' own password, \
                    where they have one.",
            kind: Kind::Secret,
            comment: "the sentinels' own, from the environment",
            place: Place::Config(cache!("sentinel_password")),
            needs: |pair| {
                if pair.behaves(Behaviour::SentinelGetsRedisSettings) {
                    Needs::Met
                } else {
                    Needs::Hidden
                }
            },
            ..FIELD
        }),
        Line::Ask(&Field {
            help: "Encrypts the connections to the sentinels and to the master.",
            comment: "TLS, to sentinels and master",
            needs: sentinel_settings,
            router: None,
            ..TLS
        }),
        Line::Ask(&Field { needs: sentinel_settings, router: None, ..CHECK_HOSTNAME }),
        Line::Ask(&Field { needs: sentinel_settings, router: None, ..CA }),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&Field { needs: sentinel_settings, router: None, ..TIMEOUT }),
    ],
};
