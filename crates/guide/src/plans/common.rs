//! Fields that several systems ask for.

use super::needs::{always, cluster_certificates, cluster_hostname, since};
use crate::field::{Field, Kind, Off, Place};
use facts::Behaviour;

pub(super) const FIELD: Field = Field {
    id: "",
    label: "",
    help: "",
    kind: Kind::Text,
    required: false,
    default: "",
    comment: "",
    place: Place::Router,
    otherwise: &[],
    router: None,
    placeholder: "change-me",
    replaces: &[],
    carries: &[],
    needs: always,
};

pub(super) const HOST: Field = Field {
    id: "host",
    label: "Host",
    help: "The name under which LiteLLM reaches Redis. The server's certificate must name it.",
    kind: Kind::Host,
    required: true,
    default: "redis.example.com",
    comment: "the server's certificate must name it",
    place: Place::Config(cache!("host")),
    router: Some("router_settings.redis_host"),
    ..FIELD
};
pub(super) const PORT: Field = Field {
    id: "port",
    label: "Port",
    help: "The port on which Redis speaks TLS.",
    kind: Kind::Port,
    required: true,
    default: "6379",
    place: Place::Config(cache!("port")),
    router: Some("router_settings.redis_port"),
    ..FIELD
};
pub(super) const USERNAME: Field = Field {
    id: "username",
    label: "User",
    help: "The ACL user, where Redis has one for LiteLLM. Without it, it is `default`.",
    comment: "the ACL user",
    place: Place::Config(cache!("username")),
    router: kwargs!("username"),
    ..FIELD
};
pub(super) const PASSWORD: Field = Field {
    id: "password",
    label: "Password variable",
    help: "The name of the environment variable that holds the password.",
    kind: Kind::Secret,
    default: "REDIS_PASSWORD",
    comment: "from the environment",
    place: Place::Config(cache!("password")),
    router: Some("router_settings.redis_password"),
    ..FIELD
};
pub(super) const TLS: Field = Field {
    id: "tls",
    label: "TLS",
    help: "Encrypts every connection. The port must be one that speaks TLS.",
    kind: Kind::Flag(Off::Absent),
    default: "true",
    comment: "TLS, for all of LiteLLM's clients",
    place: Place::Config(cache!("ssl")),
    router: kwargs!("ssl"),
    carries: &["check_hostname", "ca", "certificate", "key"],
    ..FIELD
};
pub(super) const CHECK_HOSTNAME: Field = Field {
    id: "check_hostname",
    label: "Check the host name",
    help: "Accepts only a certificate that names the host. Releases of redis-py differ in what they \
        do when this is not written.",
    kind: Kind::Flag(Off::False),
    default: "true",
    comment: "written out, since redis-py's default differs",
    place: Place::Config(cache!("ssl_check_hostname")),
    router: kwargs!("ssl_check_hostname"),
    ..FIELD
};
pub(super) const CA: Field = Field {
    id: "ca",
    label: "CA file",
    help: "The file with the CA's certificate, as LiteLLM sees it. Leave it empty for a CA that the \
        system trusts.",
    kind: Kind::Path,
    default: "/etc/redis-certs/ca.crt",
    comment: "the CA that signed the server's certificate",
    place: Place::Config(cache!("ssl_ca_certs")),
    router: kwargs!("ssl_ca_certs"),
    ..FIELD
};
pub(super) const CERTIFICATE: Field = Field {
    id: "certificate",
    label: "Client certificate",
    help: "The file with the certificate that LiteLLM shows to Redis.",
    kind: Kind::Path,
    required: true,
    default: "/etc/redis-certs/client.crt",
    comment: "the client's certificate",
    place: Place::Config(cache!("ssl_certfile")),
    router: kwargs!("ssl_certfile"),
    ..FIELD
};
pub(super) const KEY: Field = Field {
    id: "key",
    label: "Client key",
    help: "The file with the private key of that certificate.",
    default: "/etc/redis-certs/client.key",
    comment: "and its private key",
    place: Place::Config(cache!("ssl_keyfile")),
    router: kwargs!("ssl_keyfile"),
    ..CERTIFICATE
};
pub(super) const TTL: Field = Field {
    id: "ttl",
    label: "Seconds to keep a response",
    help: "How long a cached response is used.",
    kind: Kind::Seconds,
    default: "3600",
    comment: "seconds that a response is kept",
    place: Place::Config(cache!("ttl")),
    ..FIELD
};
pub(super) const NAMESPACE: Field = Field {
    id: "namespace",
    label: "Namespace",
    help: "A prefix for LiteLLM's keys, for a Redis that others use too.",
    comment: "the prefix of LiteLLM's keys",
    place: Place::Config(cache!("namespace")),
    ..FIELD
};
pub(super) const TIMEOUT: Field = Field {
    id: "timeout",
    label: "Seconds to wait",
    help: "How long LiteLLM waits for an answer of Redis. Without it, 5 seconds on most releases.",
    kind: Kind::Seconds,
    comment: "seconds to wait for an answer",
    place: Place::Config(cache!("socket_timeout")),
    router: kwargs!("socket_timeout"),
    needs: |pair| {
        since(pair, Behaviour::AsyncClientTakesSocketTimeout, "LiteLLM's async client takes it")
    },
    ..FIELD
};
pub(super) const CONNECTIONS: Field = Field {
    id: "connections",
    label: "Most connections",
    help: "How many connections a LiteLLM process opens at most. Without it, 50 for requests.",
    kind: Kind::Count,
    comment: "the most connections of a process",
    place: Place::Config(cache!("max_connections")),
    router: kwargs!("max_connections"),
    ..FIELD
};
pub(super) const ROUTER: Field = Field {
    id: "router",
    label: "A connection of the router's own",
    help: "Without it, the router uses the response cache's connection. With it, router_settings name \
        the same Redis again, and every answer is written to both.",
    kind: Kind::Flag(Off::Absent),
    ..FIELD
};
pub(super) const NODES: Field = Field {
    id: "nodes",
    label: "Nodes",
    help: "A few of the cluster's nodes. The clients learn the others from them.",
    kind: Kind::Nodes,
    required: true,
    default: "redis-node-1:6379 redis-node-2:6379 redis-node-3:6379",
    comment: "some nodes; they name the others",
    place: Place::Config(cache!("redis_startup_nodes")),
    otherwise: &[cache!("startup_nodes")],
    ..FIELD
};

/// What cluster clients take of the common fields.
pub(super) const CLUSTER_CA: Field = Field { needs: cluster_certificates, router: None, ..CA };
pub(super) const CLUSTER_CHECK: Field =
    Field { needs: cluster_hostname, router: None, ..CHECK_HOSTNAME };
pub(super) const CLUSTER_TLS: Field = Field { router: None, ..TLS };
pub(super) const CLUSTER_PASSWORD: Field = Field { router: None, ..PASSWORD };
pub(super) const CLUSTER_USERNAME: Field = Field { router: None, ..USERNAME };
pub(super) const CLUSTER_TIMEOUT: Field = Field {
    router: None,
    needs: |pair| {
        since(pair, Behaviour::ClusterTakesTimeouts, "LiteLLM passes it to cluster clients")
    },
    ..TIMEOUT
};
pub(super) const CLUSTER_CONNECTIONS: Field = Field {
    router: None,
    needs: |pair| {
        since(pair, Behaviour::ClusterTakesMaxConnections, "LiteLLM passes it to cluster clients")
    },
    ..CONNECTIONS
};

/// One server, or the nodes of a cluster.
pub(super) const ONE_HOST: Field =
    Field { required: false, router: None, replaces: &["nodes"], ..HOST };
pub(super) const ONE_PORT: Field = Field { required: false, router: None, ..PORT };
pub(super) const OR_NODES: Field =
    Field { required: false, default: "", replaces: &["host", "port"], ..NODES };
