//! What LiteLLM does with a configuration: the answer of [`crate`].

use base::secret::Secret;
use facts::Asked;
use python::{AzureIam, Kwargs, Origin, Value};
pub use python::{PyException, Raise};

/// What happens when the proxy loads the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Startup {
    /// It loads.
    Ok,
    /// It stops with an exception.
    Exception(PyException),
    /// It depends on something that can't be known; the text says on what.
    Unknown(String),
}

/// What simulating a configuration on a release pair gives.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether the proxy starts.
    pub startup: Startup,
    /// The class of `litellm.cache.cache`.
    pub response_cache: Option<Knowable<String>>,
    /// The router's Redis.
    pub router_cache: Option<Knowable<Role>>,
    /// The proxy's coordination Redis (`redis_usage_cache`).
    pub usage_cache: Option<Knowable<Role>>,
    /// The clients built, sync and async.
    pub clients: Vec<Client>,
    /// The client of `redis-semantic` and `valkey-semantic`, which is none of LiteLLM's Redis
    /// caches: it takes a url alone, and needs the server's search module.
    pub semantic: Option<Client>,
    /// What start-up raises where Redis answers, and does not where it is cut off: a cluster's client
    /// refuses its settings while it looks for its nodes.
    pub cluster_refuses: Option<PyException>,
    /// A coordination Redis from `REDIS_*` alone, which LiteLLM uses if it answers at start-up.
    pub usage_if_reachable: Option<Box<Fallback>>,
    /// Variables that are not given, and without which it would not start: they are taken as set to
    /// something unknown.
    pub leans_on: &'static [&'static str],
    /// The files that start-up reads, and stops where it can't: whether they are there is not known.
    pub opens: Vec<Opened>,
    /// What the running proxy goes on with; `None` where it does not start.
    pub running: Option<Running>,
    /// The Rust client of budgets, rate limits, cooldowns and the auth cache; `None` on releases
    /// that have none. It is that of the coordination Redis, or else of the router's.
    pub native: Option<Box<Native>>,
    /// The router's Rust client, where the router has a Redis of its own beside the coordination
    /// Redis.
    pub router_native: Option<Box<Native>>,
    /// What was noticed on the way: keys ignored, values overridden.
    pub trace: Vec<crate::trace::Event>,
    /// The facts that were asked for: on releases that answer them alike, it is the same.
    pub asked: Asked,
}

/// A file that start-up reads.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The setting that names it.
    pub setting: &'static str,
    /// The file.
    pub path: String,
    /// What the start-up depends on: `whether PATH can be read`.
    pub whether: String,
    /// Who names it.
    pub origin: Origin,
    /// What is raised where it can't be read, or does not hold what it should.
    pub missing: PyException,
}

/// Where the stores of the Rust client keep their state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stores {
    /// In Redis, where it is reachable.
    Redis,
    /// In each process for itself.
    Memory,
}

/// A Rust client, since LiteLLM 1.110.0.
#[derive(Clone, Debug)]
pub struct Native {
    /// Where state is kept.
    pub stores: Knowable<Stores>,
    /// Why it stays in memory, as the log says; `None` where nothing is wrong.
    pub reason: Option<Knowable<String>>,
    /// The client; `None` where there is none. Its `api` is [`Api::Native`].
    pub client: Option<Client>,
    /// The settings that it ignores, each with a line in the log.
    pub ignored: Vec<Ignored>,
}

/// A setting that a Rust client ignores.
#[derive(Clone, Debug)]
pub struct Ignored {
    /// Its name; `url ?name` is one of an address' query.
    pub name: String,
    /// Where it was given.
    pub origin: Origin,
}

impl Native {
    /// What the client connects with. For a cluster and for sentinels, `host` and `port` are `None`.
    pub fn connection(&self) -> Option<&Connection> {
        self.client.as_ref()?.connection.as_ref()
    }
}

/// Clients that are used only where their Redis answers at start-up.
#[derive(Clone, Debug)]
pub struct Fallback {
    /// The class of its cache.
    pub class: &'static str,
    /// The variable that names the Redis.
    pub origin: Option<Origin>,
    /// redis-py's clients.
    pub clients: Vec<Client>,
    /// The Rust client; `None` on releases that have none.
    pub native: Option<Box<Native>>,
}

impl Outcome {
    /// What becomes of the proxy where [`Outcome::startup`] is an exception. `litellm.cache` that is not a cache stops only
    /// those who look into it: the proxy itself serves, and answers every request with 400 (1.109.1, run with `cache: "true"`).
    pub fn stopped(&self) -> &'static str {
        match &self.startup {
            Startup::Exception(exception) if exception.reason == Raise::NotACache => {
                "starts, and every use of the cache fails"
            }
            _ => "does not start",
        }
    }

    /// No cache, no clients.
    pub fn nothing() -> Self {
        Self {
            startup: Startup::Ok,
            response_cache: None,
            router_cache: None,
            usage_cache: None,
            clients: vec![],
            semantic: None,
            cluster_refuses: None,
            usage_if_reachable: None,
            opens: vec![],
            running: None,
            native: None,
            router_native: None,
            leans_on: &[],
            trace: vec![],
            asked: Asked::default(),
        }
    }

    /// The Rust clients that keep their state in Redis.
    pub fn native_clients(&self) -> impl Iterator<Item = &Client> {
        let natives = [&self.native, &self.router_native];
        natives.into_iter().flatten().filter_map(|native| native.client.as_ref())
    }

    /// The Rust clients with the settings that each ignores, those that depend on an answer at start-up included.
    pub fn natives_that_ignore(&self) -> impl Iterator<Item = (&Client, &[Ignored])> {
        let fallback = self.usage_if_reachable.as_ref().and_then(|one| one.native.as_ref());
        let natives = [self.native.as_ref(), fallback, self.router_native.as_ref()];
        let natives = natives.into_iter().flatten();
        natives.filter_map(|native| Some((native.client.as_ref()?, native.ignored.as_slice())))
    }

    /// The Rust client of what uses this consumer's Redis; `None` on releases that have none.
    pub fn native_of(&self, consumer: Consumer) -> Option<&Native> {
        let fallback =
            self.usage_if_reachable.as_ref().and_then(|fallback| fallback.native.as_deref());
        match consumer {
            Consumer::Router => self.router_native.as_deref().or(self.native.as_deref()),
            Consumer::Response | Consumer::Usage => fallback.or(self.native.as_deref()),
            Consumer::Semantic => None,
        }
    }

    /// redis-py's clients, that of a semantic cache included.
    pub fn redis_py_clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.iter().chain(&self.semantic)
    }

    /// Every client that LiteLLM makes, whether its Redis answers at start-up or not.
    pub fn every_client(&self) -> impl Iterator<Item = &Client> {
        self.redis_py_clients().chain(self.native_clients())
    }
}

/// What start-up leaves for requests, beside the clients.
#[derive(Clone, Debug)]
pub struct Running {
    /// The config, its `os.environ/` references resolved.
    pub config: Value,
    /// The arguments of the `Cache` that was made, by name.
    pub cache: Option<Kwargs>,
    /// `litellm.default_redis_ttl`
    pub default_redis_ttl: Option<Value>,
    /// The namespace of each consumer's Redis cache, where it has one; consumers may share a cache.
    pub namespaces: Vec<Namespace>,
    /// `Router.cache_responses`: `None` where the release's default holds.
    pub cache_responses: Option<Value>,
}

/// The namespace of a `RedisCache`.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// Whose cache.
    pub consumer: Consumer,
    /// What its constructor was given.
    pub constructed: Option<Value>,
    /// What it holds: `Cache` sets its own on the one that it has made.
    pub held: Option<Value>,
}

/// A value, or why it can't be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knowable<T> {
    /// Known.
    Known(T),
    /// Can't be known here, and why.
    Unknown(String),
}

/// Which object serves a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The response cache's own object.
    Shared,
    /// The coordination Redis' object.
    Usage,
    /// An object of its own, of this class.
    Own(String),
}

/// Which part of LiteLLM uses a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Consumer {
    /// The response cache.
    Response,
    /// Coordination: rate limits, spend, locks across pods.
    Usage,
    /// The router: usage and cooldowns.
    Router,
    /// The index of `redis-semantic` and `valkey-semantic`.
    Semantic,
}

/// The synchronous or the asyncio client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Api {
    /// `redis.Redis` and kin: used at start-up and by a few paths.
    Sync,
    /// `redis.asyncio`: serves requests.
    Async,
    /// LiteLLM's client in Rust, since 1.110.0: serves what requests count and look up.
    Native,
}

/// The kind of redis-py client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientKind {
    /// One server.
    Redis,
    /// Redis Cluster.
    RedisCluster,
    /// A master found through Sentinel.
    Sentinel,
}

/// One client that LiteLLM builds: of redis-py, or its own in Rust.
#[derive(Clone, Debug)]
pub struct Client {
    /// Who uses it.
    pub consumer: Consumer,
    /// Sync or async.
    pub api: Api,
    /// Its kind.
    pub kind: ClientKind,
    /// Raised when the client, or its first connection, is constructed.
    pub error: Option<Knowable<PyException>>,
    /// What each connection holds; `None` where construction failed.
    pub connection: Option<Connection>,
    /// Startup nodes (`RedisCluster`).
    pub nodes: Vec<NodeAddress>,
    /// The master's name (`Sentinel`).
    pub service_name: Option<Value>,
    /// The connections to the sentinels (`Sentinel`).
    pub sentinels: Vec<Connection>,
}

/// A cluster's startup node.
#[derive(Clone, Debug)]
pub struct NodeAddress {
    /// The host, as redis-py holds it.
    pub host: Setting,
    /// The port, as redis-py holds it.
    pub port: Setting,
}

/// One setting of a connection: the value that redis-py holds, its origin, and what lost to it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The value, with its origin.
    pub value: Value,
    /// Values that this one took precedence over, nearest first.
    pub overrode: Vec<Value>,
}

/// What a constructed redis-py connection holds.
#[derive(Clone, Debug)]
pub struct Connection {
    /// What the client's pool opens at most; `None` where there is no limit, or none that is known.
    pub max_connections: Option<u64>,
    /// `host`; `None` for Cluster and Sentinel masters.
    pub host: Setting,
    /// `port`.
    pub port: Setting,
    /// The path of a Unix socket, where the connection uses one.
    pub path: Option<Setting>,
    /// `db`.
    pub db: Setting,
    /// `username`.
    pub username: Setting,
    /// `password`: a secret.
    pub password: SecretSetting,
    /// How it authenticates beyond a static password.
    pub auth: Auth,
    /// TLS settings; `None` for plaintext.
    pub tls: Knowable<Option<Tls>>,
    /// Where the choice for or against TLS comes from.
    pub tls_origin: Origin,
    /// `socket_timeout`, seconds.
    pub socket_timeout: Setting,
    /// `socket_connect_timeout`, seconds.
    pub socket_connect_timeout: Setting,
    /// `health_check_interval`, seconds.
    pub health_check_interval: Setting,
    /// `client_name`.
    pub client_name: Setting,
    /// `protocol`: 2 or 3; what redis-py takes where it is `None` depends on its release.
    pub protocol: Setting,
}

/// A setting whose value is a secret.
#[derive(Clone, Debug)]
pub struct SecretSetting {
    /// The secret; `Known(None)` when there is none.
    pub value: Knowable<Option<Secret>>,
    /// The value as redis-py holds it, which need not be text.
    pub held: Value,
    /// Where it comes from.
    pub origin: Origin,
    /// The origins of values that this one took precedence over.
    pub overrode: Vec<Origin>,
}

impl SecretSetting {
    /// Whether a password is sent, as far as is known: redis-py sends no empty one
    /// (`AbstractConnection.on_connect`).
    pub fn may_be_sent(&self) -> bool {
        match &self.value {
            Knowable::Known(secret) => secret.as_ref().is_some_and(|it| !it.reveal().is_empty()),
            Knowable::Unknown(_) => true,
        }
    }
}

/// Authentication beyond a static password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// The username and password of the connection, if any.
    Static,
    /// A GCP IAM access token for this service account.
    Gcp {
        /// `projects/-/serviceAccounts/…`
        service_account: String,
    },
    /// A Microsoft Entra ID token.
    Azure(AzureIam),
    /// An AWS `ElastiCache` IAM token.
    Aws {
        /// The IAM-enabled user.
        user_name: String,
        /// The replication group or serverless cache name.
        cache_name: String,
        /// The region.
        region: String,
        /// Whether the cache is serverless.
        serverless: bool,
    },
}

/// The TLS settings of a connection.
#[derive(Clone, Debug)]
pub struct Tls {
    /// `cert_reqs`.
    pub verify: Verify,
    /// Where `verify` comes from.
    pub verify_origin: Origin,
    /// `check_hostname`.
    pub check_hostname: Setting,
    /// `ca_certs`: a bundle's path.
    pub ca_certs: Setting,
    /// `ca_path`: a directory.
    pub ca_path: Setting,
    /// `certfile`.
    pub certfile: Setting,
    /// `keyfile`.
    pub keyfile: Setting,
    /// Further settings that redis-py holds: `ca_data`, `password` (of the key), `min_version`,
    /// `ciphers`.
    pub others: Vec<(&'static str, Setting)>,
    /// `include_verify_flags`, from redis-py releases on that have it.
    pub include_verify_flags: Setting,
    /// `exclude_verify_flags`, likewise.
    pub exclude_verify_flags: Setting,
}

/// `ssl_cert_reqs` as redis-py resolves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// `ssl.CERT_REQUIRED`
    Required,
    /// `ssl.CERT_OPTIONAL`: verifies like `Required` on a client.
    Optional,
    /// `ssl.CERT_NONE`
    None,
}
