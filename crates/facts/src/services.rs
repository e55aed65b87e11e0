//! Managed services, known by the host names that they give: what each demands of a client.
//!
//! Heroku (hosts of EC2) and Memorystore (addresses) give no names that tell them.

/// A service, or one kind of endpoint of it.
#[derive(Debug)]
pub struct Service {
    /// `Amazon ElastiCache Serverless`
    pub name: &'static str,
    /// The names of its hosts.
    pub hosts: &'static [HostName],
    /// Where it listens.
    pub ports: Ports,
    /// TLS or plaintext.
    pub transport: Transport,
    /// The databases that a client may select.
    pub databases: Databases,
    /// What kind of client it is for.
    pub shape: Shape,
    /// Whether it answers without a login.
    pub login: Login,
    /// Whether it takes writes: reader endpoints do not.
    pub writes: bool,
    /// How many connections one of its nodes takes at most, whatever its size. ElastiCache's:
    /// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/BestPractices.Clients.Redis.Connections.html>
    pub clients: Option<u64>,
    /// The page of its documentation.
    pub source: &'static str,
}

/// A pattern of host names, in lower case; an empty part says nothing.
#[derive(Clone, Copy, Debug)]
pub struct HostName {
    /// How it begins.
    pub prefix: &'static str,
    /// What it holds.
    pub infix: &'static str,
    /// How it ends.
    pub suffix: &'static str,
}

/// The ports of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Chosen by its owner.
    Any,
    /// One.
    One(u16),
    /// One for TLS, another one for plaintext.
    ByTransport {
        /// The port for TLS.
        tls: u16,
        /// The port for plaintext.
        plaintext: u16,
    },
    /// Each database has its own, and none has 6379.
    OwnOfEach,
}

/// What a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TLS alone.
    Tls,
    /// TLS, unless its owner turned it off.
    TlsByDefault,
    /// As its owner chose.
    Chosen,
    /// Plaintext alone.
    Plaintext,
}

/// Which databases there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Databases {
    /// Database 0 alone.
    Zero,
    /// More, or it is not known.
    More,
}

/// What a client must be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A cluster.
    Cluster,
    /// A cluster, unless its owner chose another policy.
    ClusterByDefault,
    /// A cluster behind one endpoint: a client for one server meets no MOVED there, and keys of several slots in
    /// one command are refused.
    Endpoint,
    /// One server.
    Single,
    /// As its owner chose, or both work.
    Chosen,
}

/// Whether a login is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// Always.
    Always,
    /// As its owner chose.
    Chosen,
}

const fn ends(suffix: &'static str) -> HostName {
    HostName { prefix: "", infix: "", suffix }
}

const fn begins(prefix: &'static str, suffix: &'static str) -> HostName {
    HostName { prefix, infix: "", suffix }
}

const fn holds(infix: &'static str, suffix: &'static str) -> HostName {
    HostName { prefix: "", infix, suffix }
}

const ELASTICACHE: &str = ".cache.amazonaws.com";

/// All that are known; of several that fit, the first.
static SERVICES: &[Service] = &[
    Service {
        name: "Amazon ElastiCache Serverless",
        hosts: &[holds(".serverless.", ELASTICACHE)],
        // 6380 of the same name reads from replicas.
        ports: Ports::One(6379),
        transport: Transport::Tls,
        databases: Databases::Zero,
        shape: Shape::Endpoint,
        login: Login::Chosen,
        writes: true,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless.html",
    },
    Service {
        name: "Amazon ElastiCache (configuration endpoint, TLS)",
        hosts: &[begins("clustercfg.", ELASTICACHE)],
        ports: Ports::Any,
        transport: Transport::TlsByDefault,
        databases: Databases::Zero,
        shape: Shape::Cluster,
        login: Login::Chosen,
        writes: true,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html",
    },
    Service {
        name: "Amazon ElastiCache (configuration endpoint)",
        hosts: &[holds(".clustercfg.", ELASTICACHE)],
        ports: Ports::Any,
        transport: Transport::Chosen,
        databases: Databases::Zero,
        shape: Shape::Cluster,
        login: Login::Chosen,
        writes: true,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html",
    },
    Service {
        name: "Amazon ElastiCache (reader endpoint, TLS)",
        hosts: &[begins("replica.", ELASTICACHE)],
        ports: Ports::Any,
        transport: Transport::TlsByDefault,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Chosen,
        writes: false,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Endpoints.html",
    },
    Service {
        name: "Amazon ElastiCache (reader endpoint)",
        hosts: &[holds("-ro.", ELASTICACHE)],
        ports: Ports::Any,
        transport: Transport::Chosen,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Chosen,
        writes: false,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Endpoints.html",
    },
    Service {
        name: "Amazon ElastiCache (primary endpoint, TLS)",
        hosts: &[begins("master.", ELASTICACHE)],
        ports: Ports::Any,
        transport: Transport::TlsByDefault,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Chosen,
        writes: true,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Endpoints.html",
    },
    Service {
        // A node is called by its shard and its place there; with cluster mode disabled by the place alone.
        name: "Amazon ElastiCache (node of a cluster)",
        hosts: &[
            holds("-0001-00", ELASTICACHE),
            holds("-0002-00", ELASTICACHE),
            holds("-0003-00", ELASTICACHE),
            holds("-0004-00", ELASTICACHE),
        ],
        ports: Ports::Any,
        transport: Transport::Chosen,
        databases: Databases::Zero,
        shape: Shape::Cluster,
        login: Login::Chosen,
        writes: true,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html",
    },
    Service {
        name: "Amazon ElastiCache",
        hosts: &[ends(ELASTICACHE)],
        ports: Ports::Any,
        transport: Transport::Chosen,
        databases: Databases::More,
        shape: Shape::Chosen,
        login: Login::Chosen,
        writes: true,
        clients: Some(65_000),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
    },
    Service {
        name: "Amazon MemoryDB",
        hosts: &[holds(".memorydb.", ".amazonaws.com")],
        ports: Ports::Any,
        transport: Transport::TlsByDefault,
        databases: Databases::Zero,
        shape: Shape::Cluster,
        login: Login::Chosen,
        writes: true,
        clients: None,
        source: "https://docs.aws.amazon.com/memorydb/latest/devguide/endpoints.html",
    },
    Service {
        name: "Azure Cache for Redis",
        hosts: &[
            ends(".redis.cache.windows.net"),
            ends(".redis.cache.usgovcloudapi.net"),
            ends(".redis.cache.chinacloudapi.cn"),
        ],
        ports: Ports::ByTransport { tls: 6380, plaintext: 6379 },
        transport: Transport::TlsByDefault,
        databases: Databases::More,
        shape: Shape::Chosen,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure",
    },
    Service {
        name: "Azure Cache for Redis Enterprise",
        hosts: &[ends(".redisenterprise.cache.azure.net")],
        ports: Ports::One(10000),
        transport: Transport::TlsByDefault,
        databases: Databases::Zero,
        shape: Shape::Chosen,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-overview",
    },
    Service {
        name: "Azure Managed Redis",
        hosts: &[ends(".redis.azure.net")],
        ports: Ports::One(10000),
        transport: Transport::TlsByDefault,
        databases: Databases::Zero,
        shape: Shape::ClusterByDefault,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://learn.microsoft.com/azure/redis/tls-configuration",
    },
    Service {
        name: "Upstash",
        hosts: &[ends(".upstash.io")],
        ports: Ports::Any,
        transport: Transport::Tls,
        databases: Databases::Zero,
        shape: Shape::Single,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://upstash.com/docs/redis/howto/connectclient",
    },
    Service {
        name: "Redis Cloud",
        hosts: &[ends(".redis-cloud.com"), ends(".cloud.redislabs.com"), ends(".cloud.rlrcp.com")],
        ports: Ports::OwnOfEach,
        transport: Transport::Chosen,
        databases: Databases::Zero,
        shape: Shape::Chosen,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://redis.io/docs/latest/operate/rc/databases/connect/",
    },
    Service {
        name: "Aiven",
        hosts: &[ends(".aivencloud.com")],
        ports: Ports::OwnOfEach,
        transport: Transport::TlsByDefault,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://aiven.io/docs/products/valkey",
    },
    Service {
        name: "DigitalOcean",
        hosts: &[ends(".db.ondigitalocean.com")],
        ports: Ports::One(25061),
        transport: Transport::Tls,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://docs.digitalocean.com/products/databases/valkey/how-to/connect/",
    },
    Service {
        name: "Railway",
        hosts: &[ends(".proxy.rlwy.net")],
        ports: Ports::OwnOfEach,
        transport: Transport::Plaintext,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://docs.railway.com/guides/redis",
    },
    Service {
        name: "Render (external URL)",
        hosts: &[ends("-keyvalue.render.com"), ends("-redis.render.com")],
        ports: Ports::One(6379),
        transport: Transport::Tls,
        databases: Databases::More,
        shape: Shape::Single,
        login: Login::Always,
        writes: true,
        clients: None,
        source: "https://render.com/docs/key-value",
    },
];

/// The service that a host belongs to.
pub fn service(host: &str) -> Option<&'static Service> {
    let host = host.trim_end_matches('.');
    // Nearly all have another ending.
    let ends = |name: &HostName| ends_with(host, name.suffix);
    if !SERVICES.iter().flat_map(|service| service.hosts).any(ends) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    SERVICES.iter().find(|service| service.hosts.iter().any(|name| name.fits(&host)))
}

/// Whether a name ends so, whatever its case.
fn ends_with(host: &str, suffix: &str) -> bool {
    let (host, suffix) = (host.as_bytes(), suffix.as_bytes());
    // The last letter tells most of them apart.
    host.last().map(u8::to_ascii_lowercase) == suffix.last().copied()
        && host.len() > suffix.len()
        && host[host.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
}

impl HostName {
    fn fits(self, host: &str) -> bool {
        host.len() > self.suffix.len()
            && host.starts_with(self.prefix)
            && host.ends_with(self.suffix)
            && host.contains(self.infix)
    }
}

#[cfg(test)]
mod tests {
    use super::{SERVICES, service};

    #[test]
    fn hosts_tell_their_service() {
        let cases = [
            ("x-abc.serverless.use1.cache.amazonaws.com", "Amazon ElastiCache Serverless"),
            (
                "clustercfg.x.abc.use1.cache.amazonaws.com",
                "Amazon ElastiCache (configuration endpoint, TLS)",
            ),
            (
                "x.abc.clustercfg.use1.cache.amazonaws.com",
                "Amazon ElastiCache (configuration endpoint)",
            ),
            ("replica.x.abc.use1.cache.amazonaws.com", "Amazon ElastiCache (reader endpoint, TLS)"),
            ("x-ro.abc.ng.0001.use1.cache.amazonaws.com", "Amazon ElastiCache (reader endpoint)"),
            (
                "MASTER.x.abc.use1.cache.amazonaws.com.",
                "Amazon ElastiCache (primary endpoint, TLS)",
            ),
            ("x-0001-001.x.abc.usw2.cache.amazonaws.com", "Amazon ElastiCache (node of a cluster)"),
            ("x.abc.ng.0001.use1.cache.amazonaws.com", "Amazon ElastiCache"),
            // A node of a replication group.
            ("x-001.abc.0001.use1.cache.amazonaws.com", "Amazon ElastiCache"),
            ("clustercfg.x.abc.memorydb.us-east-1.amazonaws.com", "Amazon MemoryDB"),
            ("x.redis.cache.windows.net", "Azure Cache for Redis"),
            ("x.eastus.redis.azure.net", "Azure Managed Redis"),
            ("x.eastus.redisenterprise.cache.azure.net", "Azure Cache for Redis Enterprise"),
            ("eu1-x-1.upstash.io", "Upstash"),
            ("redis-1.c1.us-east-1-2.ec2.redns.redis-cloud.com", "Redis Cloud"),
            ("redis-1.c1.us-east-1-2.ec2.cloud.redislabs.com", "Redis Cloud"),
            ("x.aivencloud.com", "Aiven"),
            ("x-do-user-1-0.b.db.ondigitalocean.com", "DigitalOcean"),
            ("roundhouse.proxy.rlwy.net", "Railway"),
            ("oregon-keyvalue.render.com", "Render (external URL)"),
        ];
        for (host, name) in cases {
            assert_eq!(service(host).map(|service| service.name), Some(name), "{host}");
        }
        for host in ["redis", "10.0.0.1", "cache.amazonaws.com.example.com", "upstash.io", ""] {
            assert!(service(host).is_none(), "{host}");
        }
        assert!(SERVICES.iter().all(|service| cases.iter().any(|(_, name)| *name == service.name)));
    }
}
