//! One server: in the cluster, or elsewhere.

use super::common::{
    CA, CERTIFICATE, CHECK_HOSTNAME, CONNECTIONS, HOST, KEY, NAMESPACE, PASSWORD, PORT, ROUTER,
    TIMEOUT, TLS, TTL, USERNAME,
};
use crate::field::Field;
use crate::{Line, Plan, System};

pub(super) static IN_CLUSTER_TLS: Plan = Plan {
    system: System::InClusterTls,
    name: "Redis in the cluster, TLS",
    sentence: "One Redis beside LiteLLM, reached by TLS and a password.",
    refused: |_| None,
    cautions: |_| vec![],
    lines: &[
        Line::Comment("", "Redis in the same cluster, over TLS."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&Field {
            default: "redis-master.redis.svc.cluster.local",
            help: "The Service's DNS name. The server's certificate must name it.",
            ..HOST
        }),
        Line::Ask(&PORT),
        Line::Ask(&USERNAME),
        Line::Ask(&PASSWORD),
        Line::Ask(&TLS),
        Line::Ask(&CHECK_HOSTNAME),
        Line::Ask(&CA),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&TIMEOUT),
        Line::Ask(&CONNECTIONS),
        Line::Ask(&ROUTER),
    ],
};

pub(super) static MUTUAL_TLS: Plan = Plan {
    system: System::MutualTls,
    name: "External Redis, client certificate",
    sentence: "A Redis elsewhere that asks LiteLLM for a certificate of its own (mTLS).",
    refused: |_| None,
    cautions: |_| vec![],
    lines: &[
        Line::Comment("", "External Redis that asks for a client certificate."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&HOST),
        Line::Ask(&PORT),
        Line::Ask(&USERNAME),
        Line::Ask(&PASSWORD),
        Line::Ask(&TLS),
        Line::Ask(&CHECK_HOSTNAME),
        Line::Ask(&CA),
        Line::Ask(&CERTIFICATE),
        Line::Ask(&KEY),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&TIMEOUT),
        Line::Ask(&CONNECTIONS),
        Line::Ask(&ROUTER),
    ],
};
