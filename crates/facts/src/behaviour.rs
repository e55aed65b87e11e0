//! What releases do differently: one row each, with the release that brought it.
//!
//! A row is all that is known of a change: the enum, what `compare` says, the releases that a rule names, and
//! the recordings that prove it come from it.

use crate::version::v;
use crate::{Aspect, Pair, ReleaseRange, Software, Version};

/// One change.
#[derive(Clone, Copy, Debug)]
pub struct BehaviourRow {
    /// Which.
    pub behaviour: Behaviour,
    /// The package, and its first release that behaves so.
    pub since: (Software, Version),
    /// The first release that no longer does.
    pub lost: Option<(Software, Version)>,
    /// What the releases that behave so do.
    pub what: &'static str,
    /// What it explains of an upgrade to a release that behaves so. One or two sentences.
    pub explains: Option<&'static str>,
    /// What it explains of an upgrade to a release that no longer does.
    pub explains_loss: Option<&'static str>,
    /// The aspects of an outcome that it can touch, as far as it explains differences.
    pub shows_in: &'static [Aspect],
    /// What shows it on both sides of its boundaries: rows of recorded cases of start-up, and, where
    /// start-up does not show it, readings of the published wheels (`truth/wheels`).
    pub evidence: &'static [&'static str],
}

/// `None` where nothing is given.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

macro_rules! behaviours {
    ($($name:ident {
        since: $since:expr,
        $(lost: $lost:expr,)?
        what: $what:literal,
        $(explains: $explains:literal,)?
        $(explains_loss: $explains_loss:literal,)?
        $(shows_in: [$($aspect:ident),* $(,)?],)?
        evidence: [$($evidence:literal),*],
    })*) => {
        /// A behaviour that some releases have and others have not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Behaviour {
            $(#[doc = $what] $name,)*
        }

        /// All changes: LiteLLM's, then redis-py's, each oldest first.
        pub static BEHAVIOURS: &[BehaviourRow] = &[
            $(BehaviourRow {
                behaviour: Behaviour::$name,
                since: $since,
                lost: optional!($($lost)?),
                what: $what,
                explains: optional!($($explains)?),
                explains_loss: optional!($($explains_loss)?),
                shows_in: &[$($(Aspect::$aspect),*)?],
                evidence: &[$($evidence),*],
            },)*
        ];
    };
}

const fn litellm(major: u16, minor: u16, patch: u16) -> (Software, Version) {
    (Software::Litellm, Version::new(major, minor, patch))
}

const fn redis_py(major: u16, minor: u16, patch: u16) -> (Software, Version) {
    (Software::RedisPy, Version::new(major, minor, patch))
}

/// A release after the one that has the same three numbers.
const LITELLM_1_73_6_POST1: (Software, Version) = (Software::Litellm, v(1, 73, 6, 1));

/// The same of another.
const LITELLM_1_72_2_POST1: (Software, Version) = (Software::Litellm, v(1, 72, 2, 1));

behaviours! {
    StartupNodesMakeClusterCache {
        since: litellm(1, 61, 2),
        what: "`redis_startup_nodes` makes the response cache a `RedisClusterCache`; before, a `RedisCache` that holds a cluster client.",
        explains: "`redis_startup_nodes` make the response cache a RedisClusterCache.",
        shows_in: [Cache],
        evidence: ["cluster-class"],
    }

    PipelinesAreNoTransactions {
        since: litellm(1, 61, 2),
        what: "Redis pipelines are not transactions.",
        evidence: ["pipelines-are-no-transactions"],
    }

    RequestNamespace {
        since: litellm(1, 61, 9),
        what: "`namespace` in a request's `cache` goes before the key of its answer.",
        evidence: ["request-namespace"],
    }

    LimitsAreReadTogether {
        since: litellm(1, 61, 11),
        what: "Limits of keys, users and teams are read together, by one MGET.",
        evidence: ["limits-are-read-together"],
    }

    RouterSharesCoordinationRedis {
        since: litellm(1, 62, 1),
        what: "A router without a Redis of its own gets the response cache's.",
        explains: "A router without a Redis of its own gets the response cache's.",
        shows_in: [Presence],
        evidence: ["router-shares-cache"],
    }

    RouterStartupNodesMakeClusterCache {
        since: litellm(1, 63, 3),
        what: "`startup_nodes` in `cache_kwargs` makes the router a `RedisClusterCache`.",
        evidence: ["router-cluster-class"],
    }

    CredentialListIsRead {
        since: litellm(1, 63, 8),
        what: "`credential_list` is read.",
        evidence: ["credential-list"],
    }

    ModelClientsAreMadeOnUse {
        since: litellm(1, 63, 8),
        what: "Clients for models are made when a model is asked; before, the router made some at start-up, which stopped where `ssl_verify` or `SSL_CERT_FILE` named a file that is not there.",
        explains: "OpenAI's and Azure's clients are made when a model is asked, no longer at start-up.",
        shows_in: [Startup],
        evidence: ["model-clients"],
    }

    AsyncClientTakesSocketTimeout {
        since: litellm(1, 63, 12),
        what: "The async client takes `socket_timeout`; before, LiteLLM gave 5 beside it, and Python refused the second.",
        explains: "The async client takes `socket_timeout`. Before, LiteLLM gave one beside it, and Python refused the second.",
        shows_in: [Error],
        evidence: ["async-timeout-given-twice"],
    }

    SemanticCacheUsesRedisvlCache {
        since: litellm(1, 64, 1),
        what: "`redis-semantic` fills in each missing setting from `REDIS_*`, and names its index.",
        evidence: ["semantic-arguments"],
    }

    SpendBuffer {
        since: litellm(1, 65, 1),
        what: "Spend is collected in Redis: `use_redis_transaction_buffer`.",
        evidence: ["spend-buffer"],
    }

    SyncSentinelSendsPassword {
        since: litellm(1, 65, 1),
        what: "The sync Sentinel client sends `sentinel_password`, to the master.",
        explains: "The sync Sentinel client sends `sentinel_password`, to the master.",
        shows_in: [Password],
        evidence: ["sentinel-password"],
    }

    ConfigIsNotDumped {
        since: litellm(1, 67, 2),
        what: "The config is not dumped as JSON for the debug log, which stopped at dates.",
        evidence: ["config-is-not-dumped"],
    }

    AsyncClientUnderOneKey {
        since: litellm(1, 68, 0),
        lost: litellm(1, 80, 11),
        what: "All caches share one async client, the first that was made.",
        explains: "All parts get the async client of the first Redis configuration. Before, each had its own.",
        explains_loss: "Each Redis configuration has its own async client. Before, all parts got the client of the first one.",
        shows_in: [Server, Topology, Tls, Username, Password, Database, SocketTimeout, HostName],
        evidence: ["one-async-client", "async-client-per-configuration"],
    }

    ConstantsReadEnvironment {
        since: litellm(1, 69, 3),
        what: "LiteLLM's constants are read from the environment when it is imported.",
        evidence: ["timeout-constant"],
    }

    UserHeaderNameIsChecked {
        since: litellm(1, 70, 0),
        what: "`user_header_name` must be text.",
        evidence: ["user-header-name"],
    }

    RouterIgnoresInvalidDeployments {
        since: litellm(1, 71, 1),
        what: "`ignore_invalid_deployments` is the proxy's own setting of the router.",
        evidence: ["ignore-invalid-deployments"],
    }

    DefaultRedisTtlIsRead {
        since: litellm(1, 72, 1),
        what: "`default_redis_ttl` is looked up under its own name.",
        evidence: ["default-redis-ttl"],
    }

    MemoryTtlMayBeText {
        since: LITELLM_1_72_2_POST1,
        what: "`InMemoryCache` reads a `ttl` that is text as a number; before, adding it to the time failed, and what was stored never expired.",
        evidence: ["memory-ttl-is-read"],
    }

    DiskCacheNamesItsExtra {
        since: litellm(1, 72, 4),
        what: "A `disk` cache without its package names the extra that brings it.",
        evidence: ["disk-names-its-extra"],
    }

    KeyManagementSettingsMoved {
        since: LITELLM_1_73_6_POST1,
        what: "`KeyManagementSettings` is a class of `litellm.types.secret_managers.main`.",
        evidence: ["key-management-settings-moved"],
    }

    EmptyConfigIsRefused {
        since: litellm(1, 73, 7),
        what: "An empty config is refused as such.",
        explains: "An empty config is refused as such.",
        shows_in: [Startup],
        evidence: ["empty-config"],
    }

    SslVerifyVariableMayBeBoolean {
        since: litellm(1, 74, 0),
        what: "`SSL_VERIFY` may be `true` or `false`, and a file that is not there is passed over; before, any text in it was a path that had to be there.",
        explains: "SSL_VERIFY may be `true` or `false`. Before, it was the path of a file that had to be there.",
        shows_in: [Startup],
        evidence: ["ssl-verify-variable", "ssl-verify-is-parsed"],
    }

    EnvironmentVariablesSectionWins {
        since: litellm(1, 74, 2),
        what: "`environment_variables` replace what the environment has; before, what it had won, and a name that it lacked became the text `None`.",
        explains: "`environment_variables` of the config replace what the environment has. Before, the environment won.",
        shows_in: [Server, Topology, Database, Username, Password, Tls, Startup, Error],
        evidence: ["environment-section-wins"],
    }

    MissingCallbackFileIsNamed {
        since: litellm(1, 74, 4),
        what: "A callback whose Python file is missing is an `ImportError` that names the file, no `FileNotFoundError`: `get_instance_fn`.",
        evidence: ["missing-callback-file-is-named"],
    }

    ModelGroupSettingsAreRead {
        since: litellm(1, 74, 7),
        what: "`model_group_settings` must be a mapping.",
        evidence: ["model-group-settings"],
    }

    ClusterCacheMergesArguments {
        since: litellm(1, 75, 2),
        what: "Two lists of cluster nodes are one argument; before, Python refused the second.",
        evidence: ["cluster-lists-are-merged"],
    }

    ClusterTakesCertificateSettings {
        since: litellm(1, 75, 2),
        what: "Cluster clients take `ssl_cert_reqs`, `ssl_check_hostname` and `ssl_ca_certs`.",
        explains: "Cluster clients get `ssl_cert_reqs`, `ssl_check_hostname` and `ssl_ca_certs`. Before, LiteLLM dropped them.",
        shows_in: [Verification, HostName, Authorities, Setting],
        evidence: ["cluster-tls"],
    }

    GcpIam {
        since: litellm(1, 75, 2),
        what: "`gcp_service_account` and `gcp_ssl_ca_certs` are understood.",
        explains: "LiteLLM understands Google Cloud IAM.",
        shows_in: [Iam, Password, Startup, Setting, Error],
        evidence: ["gcp-iam", "gcp-ca-alone"],
    }

    ProcessesKeepCopies {
        since: litellm(1, 75, 5),
        what: "Each process keeps copies of answers in its own memory, and asks Redis only without one.",
        evidence: ["processes-keep-copies"],
    }

    LimitsByScript {
        since: litellm(1, 77, 1),
        what: "Limits of keys, users and teams are counted by scripts in Redis: `parallel_request_limiter_v3`.",
        evidence: ["limits-by-script"],
    }

    SharedHealthCheck {
        since: litellm(1, 78, 0),
        what: "Replicas share health checks: `use_shared_health_check`.",
        evidence: ["shared-health-check"],
    }

    BatchCacheSize {
        since: litellm(1, 78, 5),
        what: "`DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE` is read.",
        evidence: ["batch-cache-size"],
    }

    ClusterTakesMaxConnections {
        since: litellm(1, 78, 7),
        what: "Cluster clients take `max_connections`.",
        evidence: ["cluster-takes-max-connections"],
    }

    RouterGetsSearchTools {
        since: litellm(1, 78, 7),
        what: "`search_tools` of the config go to the router.",
        evidence: ["search-tools"],
    }

    RedisMajorVersion {
        since: litellm(1, 79, 2),
        what: "`DEFAULT_REDIS_MAJOR_VERSION` is read.",
        evidence: ["redis-major-version"],
    }

    AsyncClientKeyIsJson {
        since: litellm(1, 80, 11),
        lost: litellm(1, 100, 0),
        what: "Each cache has its async client under its settings as JSON, which can't hold dates and the like.",
        evidence: ["async-client-per-configuration", "async-client-key-is-any"],
    }

    AlertingIsSearched {
        since: litellm(1, 80, 11),
        what: "The proxy looks for `slack` in `alerting` before it walks it.",
        evidence: ["alerting-is-searched"],
    }

    RoutingStrategyIsChecked {
        since: litellm(1, 80, 12),
        what: "`router_settings.routing_strategy` that no release knows stops start-up.",
        explains: "An unknown `routing_strategy` stops start-up.",
        shows_in: [Startup],
        evidence: ["routing-strategy"],
    }

    ResponsesAreCached {
        since: litellm(1, 80, 17),
        what: "Answers of `/responses` are cached unless `supported_call_types` says otherwise.",
        evidence: ["responses-are-cached"],
    }

    RouterRefusesHealthCheckInterval {
        since: litellm(1, 81, 3),
        what: "`router_settings.health_check_interval` stops start-up.",
        explains: "`router_settings.health_check_interval` stops start-up.",
        shows_in: [Startup],
        evidence: ["router-health-check-interval"],
    }

    OddRetryPolicyIsIgnored {
        since: litellm(1, 81, 11),
        what: "A retry policy of the router that is not a mapping is ignored.",
        evidence: ["odd-retry-policy"],
    }

    OptionalChecksAreSearched {
        since: litellm(1, 81, 14),
        what: "`optional_pre_call_checks` of the router are searched, not only walked.",
        evidence: ["optional-checks"],
    }

    UrlUsesBlockingPool {
        since: litellm(1, 81, 14),
        what: "A `url` client serves requests from LiteLLM's blocking pool.",
        evidence: ["url-pool"],
    }

    ClusterNodesVariableMakesClusterCache {
        since: litellm(1, 82, 1),
        what: "`REDIS_CLUSTER_NODES` makes the response cache and the router a `RedisClusterCache`.",
        explains: "REDIS_CLUSTER_NODES makes the cache a RedisClusterCache.",
        shows_in: [Cache],
        evidence: ["cluster-variable-class"],
    }

    SpendBufferNeedsRedis {
        since: litellm(1, 82, 1),
        what: "`use_redis_transaction_buffer` without a Redis stops the proxy once its config is loaded.",
        evidence: ["spend-buffer-needs-redis"],
    }

    MemoryTtlReachesRedis {
        since: litellm(1, 82, 2),
        what: "Where no other time is set, Redis keeps answers for `default_in_memory_ttl`.",
        evidence: ["memory-ttl-reaches-redis"],
    }

    CircuitBreaker {
        since: litellm(1, 82, 6),
        what: "A Redis that keeps failing is not called for a while.",
        evidence: ["circuit-breaker"],
    }

    StartupNodesBeatUrl {
        since: litellm(1, 82, 6),
        what: "`startup_nodes` beats `url`; an unset or empty `startup_nodes` is dropped; clusters have no async pool.",
        explains: "Start-up nodes beat a `url`. Before, the `url` replaced them.",
        shows_in: [Server, Topology, Database, Username, Password, Tls, SocketTimeout, Setting, Error, Startup],
        evidence: ["startup-nodes-beat-url", "empty-startup-nodes"],
    }

    AuditLogCallbacksAreRead {
        since: litellm(1, 82, 6),
        what: "`audit_log_callbacks` must be a list.",
        evidence: ["audit-log-callbacks"],
    }

    EnvironmentVariablesBlocklist {
        since: litellm(1, 83, 0),
        what: "`environment_variables` keys such as PATH are skipped.",
        evidence: ["environment-blocklist"],
    }

    SpendCounters {
        since: litellm(1, 83, 0),
        what: "Spend is counted in Redis for budgets.",
        evidence: ["spend-counters"],
    }

    AsyncClusterCredentialProvider {
        since: litellm(1, 83, 3),
        what: "Async cluster clients authenticate to Google Cloud by redis-py's `credential_provider`.",
        explains: "The async cluster client signs in to Google Cloud with a token for each connection. Before, it sent one token as its password.",
        shows_in: [Iam, Username, Password, Error],
        evidence: ["async-cluster-credential-provider"],
    }

    LockIsReleasedByScript {
        since: litellm(1, 83, 9),
        what: "A replica gives its lock back by a script in Redis.",
        evidence: ["lock-is-released-by-script"],
    }

    RedisAuthCache {
        since: litellm(1, 84, 0),
        what: "Virtual keys are looked up in Redis: `enable_redis_auth_cache`.",
        evidence: ["redis-auth-cache"],
    }

    LimitsAskForTheTime {
        since: litellm(1, 84, 0),
        what: "The scripts that count limits ask Redis for the time, and can count more than one.",
        evidence: ["limits-ask-for-the-time"],
    }

    CallbacksBesideTheConfig {
        since: litellm(1, 84, 0),
        what: "`success_callback` and `failure_callback` look for Python files beside the config too.",
        evidence: ["callbacks-beside-the-config"],
    }

    AsyncCredentialProvider {
        since: litellm(1, 85, 0),
        what: "Async clients of one server authenticate by redis-py's `credential_provider`.",
        explains: "IAM for the async client goes through redis-py's credential provider.",
        shows_in: [Iam, Username, Password, Error],
        evidence: ["async-credential-provider"],
    }

    AzureAd {
        since: litellm(1, 85, 0),
        what: "`azure_redis_ad_token` and kin are understood.",
        explains: "LiteLLM understands Microsoft Entra ID.",
        shows_in: [Iam, Startup],
        evidence: ["azure-ad"],
    }

    SentinelGetsRedisSettings {
        since: litellm(1, 85, 0),
        what: "Sentinels and master get the Redis settings; before, only `sentinel_password` (sent to the master) and a short timeout.",
        explains: "Sentinels and their master get the Redis settings. Before, they got a short timeout and `sentinel_password`.",
        shows_in: [Tls, Username, Password, Database, SocketTimeout, ConnectTimeout, Setting, Startup, Error],
        evidence: ["sentinel-settings", "sentinel-beside-host"],
    }

    ClusterTakesTimeouts {
        since: litellm(1, 87, 0),
        what: "Cluster clients take `socket_timeout` and `socket_connect_timeout`.",
        explains: "Cluster clients get `socket_timeout` and `socket_connect_timeout`. Before, LiteLLM dropped them.",
        shows_in: [SocketTimeout, ConnectTimeout, Setting],
        evidence: ["cluster-timeouts"],
    }

    CredentialItemMoved {
        since: litellm(1, 90, 0),
        what: "`CredentialItem` has a module of its own.",
        evidence: ["credential-item"],
    }

    ValkeySemanticCache {
        since: litellm(1, 90, 0),
        what: "The cache type `valkey-semantic`, and the switch of the circuit breaker.",
        evidence: ["valkey-semantic"],
    }

    SpendBufferTakesEnvironment {
        since: litellm(1, 90, 0),
        what: "Without another Redis, the transaction buffer uses the one that `REDIS_*` name.",
        evidence: ["spend-buffer-takes-environment"],
    }

    MaxBudgetIsANumber {
        since: litellm(1, 90, 0),
        what: "`max_budget` in `litellm_settings` must be a number: another value stops the start.",
        evidence: ["max-budget-is-a-number"],
    }

    RoutingStrategyLar1 {
        since: litellm(1, 91, 0),
        what: "`lar1` is a routing strategy.",
        evidence: ["routing-strategy-lar1"],
    }

    SemanticCacheIsLazy {
        since: litellm(1, 91, 0),
        what: "`redis-semantic` builds its index on first use, not at start-up.",
        explains: "The semantic cache builds its index on first use, not at start-up.",
        shows_in: [Startup],
        evidence: ["semantic-is-lazy"],
    }

    ScriptsHeedNamespace {
        since: litellm(1, 91, 0),
        what: "The keys of scripts, of the lock that a replica gives back and of spend on its way to the database start with the `namespace`.",
        evidence: ["scripts-heed-namespace"],
    }

    ClusterTakesHealthCheck {
        since: litellm(1, 92, 0),
        what: "Cluster clients take `health_check_interval` and `socket_keepalive`; the async one has defaults for them.",
        explains: "Cluster clients get `health_check_interval`, and the async one 25 s by default.",
        shows_in: [HealthCheck, Setting],
        evidence: ["cluster-health-check"],
    }

    ConfiguredTargetBeatsEnvironmentUrl {
        since: litellm(1, 93, 0),
        what: "A configured host, `startup_nodes` or `sentinel_nodes` beats `REDIS_URL`.",
        explains: "A host, nodes or sentinels in the config beat REDIS_URL. Before, REDIS_URL replaced them.",
        shows_in: [Server, Topology, Database, Username, Password, Tls, SocketTimeout, Setting, Error, Startup],
        evidence: ["configured-target-beats-url-variable"],
    }

    CoordinationRedis {
        since: litellm(1, 93, 0),
        what: "`general_settings.coordination_redis`, and coordination from `REDIS_*` beside other caches.",
        explains: "LiteLLM reads `general_settings.coordination_redis`, and builds coordination from REDIS_* beside caches that are not Redis.",
        shows_in: [Presence, Sharing, Server, Topology, Tls, Username, Password, Database, Startup, Setting],
        evidence: ["coordination-redis", "coordination-beside-other-cache"],
    }

    FalsySslMeansPlaintextPool {
        since: litellm(1, 93, 0),
        what: "The async pool is TLS only when `ssl` is true; before, whenever the key was there.",
        explains: "The async client speaks TLS only where `ssl` is true. Before, the key alone turned TLS on, whatever its value.",
        shows_in: [Tls, Error],
        evidence: ["ssl-false"],
    }

    ParallelRequestsAreASet {
        since: litellm(1, 94, 0),
        what: "Parallel requests are counted in a sorted set.",
        evidence: ["parallel-requests-are-a-set"],
    }

    CallbacksAreImportedToo {
        since: litellm(1, 94, 0),
        what: "A callback that is not a file next to the config is imported as a module.",
        evidence: ["callbacks-are-imported-too"],
    }

    BudgetResetTimeIsRead {
        since: litellm(1, 95, 0),
        what: "`budget_reset_time` must be a quoted time.",
        evidence: ["budget-reset-time"],
    }

    UrlTakesConnectionSettings {
        since: litellm(1, 96, 0),
        what: "`url` connections get the connection's other settings, but for TLS, db and password.",
        explains: "A `url` connection gets the connection's other settings, too. Before, LiteLLM dropped all but the `url`.",
        shows_in: [SocketTimeout, ConnectTimeout, HealthCheck, Username, Setting],
        evidence: ["url-settings", "url-username", "url-max-connections-text"],
    }

    ConfigChangesArePublished {
        since: litellm(1, 96, 0),
        what: "With a database, replicas tell each other of changes to the stored config: PUBLISH and SUBSCRIBE on the coordination Redis.",
        evidence: ["config-changes-are-published"],
    }

    HiredisIsInstalled {
        since: litellm(1, 97, 0),
        what: "LiteLLM's own requirements bring hiredis, whose parser redis-py then uses.",
        evidence: ["hiredis-is-required"],
    }

    KeyChangesArePublished {
        since: litellm(1, 97, 0),
        what: "With a database, replicas tell each other of keys, teams and users that change or are deleted: PUBLISH and SUBSCRIBE on the coordination Redis.",
        evidence: ["key-changes-are-published"],
    }

    UnwrappedUrlSignatures {
        since: litellm(1, 98, 0),
        what: "What goes beside a `url` is read through redis-py's decorators.",
        explains: "What goes beside a `url` is found behind redis-py's decorators, too.",
        shows_in: [SocketTimeout, ConnectTimeout, HealthCheck, Username, Setting],
        evidence: ["url-settings-unwrapped"],
    }

    MessagesAreCached {
        since: litellm(1, 98, 0),
        what: "Answers of `/v1/messages` are cached as such.",
        evidence: ["messages-are-cached"],
    }

    AllowedFailsByMoreErrors {
        since: litellm(1, 98, 0),
        what: "`allowed_fails_policy` counts an `InternalServerErrorAllowedFails`, and knows three further errors; a 0 in it counts.",
        evidence: ["allowed-fails-by-more-errors"],
    }

    AsyncIamReplacesPassword {
        since: litellm(1, 99, 0),
        what: "Async clients drop user name and password where IAM authenticates; Sentinels get no provider.",
        explains: "Where IAM signs in, the async client drops the user name and the password.",
        shows_in: [Iam, Username, Password, Error],
        evidence: ["cluster-iam"],
    }

    SemanticCacheLimitsEmbedding {
        since: litellm(1, 99, 0),
        what: "Semantic caches have a limit of tokens and a timeout for embeddings.",
        evidence: ["semantic-embedding-limits"],
    }

    CredentialProvider {
        since: litellm(1, 100, 0),
        what: "A `credential_provider` that was given wins over IAM, password and the url's user.",
        evidence: ["credential-provider"],
    }

    NamespaceIsAWholeWord {
        since: litellm(1, 100, 0),
        what: "A key has the `namespace` only if a `:` follows it. Before, `ns` was not put before a key that begins with `ns2`.",
        evidence: ["namespace-is-a-whole-word"],
    }

    HealthChecksByModelGroup {
        since: litellm(1, 100, 0),
        what: "`background_health_check_model_groups` must be a list of names.",
        evidence: ["health-checks-by-model-group"],
    }

    CircuitBreakerTimeouts {
        since: litellm(1, 101, 0),
        what: "Timeouts count for the circuit breaker only when they go on.",
        evidence: ["circuit-breaker-timeouts"],
    }

    CoordinationFromEnvironmentAlone {
        since: litellm(1, 101, 0),
        what: "Without a cache, coordination is built from `REDIS_*` when that Redis answers.",
        explains: "Without a cache, LiteLLM builds coordination from the REDIS_* variables if that Redis answers at start-up.",
        shows_in: [Presence],
        evidence: ["coordination-from-environment-alone"],
    }

    TypeCoercion {
        since: litellm(1, 101, 0),
        what: "Texts are converted to the type that redis-py's signature declares.",
        explains: "Text is converted to the type that redis-py declares: \"false\" means false. Before, any text counted as true.",
        shows_in: [Tls, Database, SocketTimeout, ConnectTimeout, HealthCheck, HostName, Server, Setting, Error, Startup],
        evidence: ["type-coercion"],
    }

    UnwrappedSignatures {
        since: litellm(1, 101, 0),
        what: "Signatures are read through decorators, and each cluster client has its own allow-list.",
        explains: "LiteLLM finds redis-py's arguments behind its decorators. Before, it saw none of them, and did not read the REDIS_* variables.",
        shows_in: [Tls, Server, Database, Username, Password, Verification, HostName, Authorities, ClientCertificate, SocketTimeout, ConnectTimeout, HealthCheck, Setting, Startup, Error],
        evidence: ["cluster-signatures", "variables-on-newer-redis-py"],
    }

    RetriesByMoreErrors {
        since: litellm(1, 101, 0),
        what: "`retry_policy` heeds `InternalServerErrorRetries`, and knows `ServiceUnavailableErrorRetries` and `DefaultRetries`.",
        evidence: ["retries-by-more-errors"],
    }

    AuthCacheSize {
        since: litellm(1, 102, 0),
        what: "`user_api_key_cache_max_size` is read.",
        evidence: ["auth-cache-size"],
    }

    AwsIam {
        since: litellm(1, 102, 0),
        what: "`aws_iam_auth` and kin are understood.",
        explains: "LiteLLM understands AWS IAM.",
        shows_in: [Iam, Startup],
        evidence: ["aws-iam"],
    }

    CooldownReadInterval {
        since: litellm(1, 102, 0),
        what: "`DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS` is read.",
        evidence: ["cooldown-read-interval"],
    }

    CoordinationIsValidatedWhole {
        since: litellm(1, 102, 0),
        what: "`coordination_redis` is validated as a whole; before, its keys were keyword arguments.",
        evidence: ["coordination-is-validated"],
    }

    IncludesAreReadApart {
        since: litellm(1, 102, 0),
        what: "`include` is read by a module of its own, which refuses what is neither a mapping nor a list of texts with other errors.",
        evidence: ["includes-are-read-apart"],
    }

    SpendIsReadTogether {
        since: litellm(1, 102, 0),
        what: "Spend counters are read together, by one MGET.",
        evidence: ["spend-is-read-together"],
    }

    LeastBusyCountsByScript {
        since: litellm(1, 102, 0),
        what: "`least-busy` counts requests by a script in Redis.",
        evidence: ["least-busy-counts-by-script"],
    }

    SettingsMustBeJson {
        since: litellm(1, 103, 0),
        what: "The settings sections must be what JSON can hold.",
        evidence: ["sections-are-json"],
    }

    TimeoutLogInterval {
        since: litellm(1, 103, 0),
        what: "`REDIS_TIMEOUT_LOG_INTERVAL` is read.",
        evidence: ["timeout-log-interval"],
    }

    LimitsDeleteOldWindows {
        since: litellm(1, 103, 0),
        what: "The script that counts requests deletes the counters of a window that is over.",
        evidence: ["limits-delete-old-windows"],
    }

    SyncClusterCredentialProvider {
        since: litellm(1, 104, 0),
        what: "Sync cluster clients authenticate by `credential_provider`.",
        explains: "IAM for the sync cluster client goes through redis-py's credential provider, which fetches a token for each connection.",
        shows_in: [Iam, Username, Password, Error],
        evidence: ["sync-cluster-credential-provider"],
    }

    MasterKeyIsChecked {
        since: litellm(1, 104, 0),
        what: "The proxy refuses to start with a master key that everybody knows, with an empty one, or with none.",
        evidence: ["master-key-is-checked"],
    }

    RetriesWhatIsNotFound {
        since: litellm(1, 104, 0),
        what: "`retry_policy` knows `NotFoundErrorRetries`.",
        evidence: ["retries-what-is-not-found"],
    }

    FailClosedRateLimits {
        since: litellm(1, 105, 0),
        what: "`fail_closed_rate_limit_enforcement` is read.",
        evidence: ["fail-closed-rate-limits"],
    }

    SyncNameCoversResponses {
        since: litellm(1, 105, 0),
        what: "`responses` in `supported_call_types` stands for `aresponses` too.",
        evidence: ["sync-name-covers-responses"],
    }

    CredentialListIsChecked {
        since: litellm(1, 106, 0),
        what: "Each entry of `credential_list` must be a mapping.",
        evidence: ["credentials-are-mappings"],
    }

    SpendLogsFieldsAreChecked {
        since: litellm(1, 106, 0),
        what: "`spend_logs_metadata_fields` must be a mapping.",
        evidence: ["spend-logs-fields"],
    }

    SocketTimeoutConstantFillsIn {
        since: litellm(1, 108, 0),
        what: "`REDIS_SOCKET_TIMEOUT` defaults to 5 s, fills in a missing `socket_timeout`, and a value that is not a number is ignored; before, 0.1 s, used for Sentinel alone, and such a value stops the import.",
        explains: "LiteLLM fills in 5 s, or REDIS_SOCKET_TIMEOUT, where no `socket_timeout` is set.",
        shows_in: [SocketTimeout, ConnectTimeout, Startup],
        evidence: ["socket-timeout-default"],
    }

    FallbackTargetsAreChecked {
        since: litellm(1, 108, 1),
        what: "A router fallback's targets must be a list.",
        evidence: ["fallback-targets"],
    }

    ClusterNodesVariableIsValidated {
        since: litellm(1, 109, 0),
        what: "The JSON in `REDIS_CLUSTER_NODES` must be a list of mappings.",
        explains: "The JSON in REDIS_CLUSTER_NODES must be a list of mappings.",
        shows_in: [Startup],
        evidence: ["cluster-variable-is-validated"],
    }

    OddVariableNamesAreSkipped {
        since: litellm(1, 109, 0),
        what: "A name in `environment_variables` that is not text is skipped.",
        evidence: ["odd-variable-names-are-skipped"],
    }

    SettingsAreValidatedAsJson {
        since: litellm(1, 109, 0),
        what: "The config's settings sections must be JSON: `SettingsStore`.",
        evidence: ["other-shapes"],
    }

    UnknownCacheTypeIsRefused {
        since: litellm(1, 109, 0),
        what: "An unknown cache type is refused by name.",
        explains: "A cache type that LiteLLM does not know, or no longer knows, is refused by name.",
        shows_in: [Startup],
        evidence: ["cache-types"],
    }

    AllowedFailsCountsAsWritten {
        since: litellm(1, 109, 0),
        what: "An `allowed_fails` of the router counts where it is the default's number, too.",
        evidence: ["allowed-fails-counts-as-written"],
    }

    RequestSizeIsParsed {
        since: litellm(1, 109, 0),
        what: "`max_request_size_mb` is read as a number for each request, with or without a license.",
        evidence: ["request-size-is-parsed"],
    }

    RustClient {
        since: litellm(1, 110, 0),
        what: "A Rust client has budgets, rate limits, cooldowns, router usage and the auth cache. What a client is made of is merged from settings and environment once, before redis-py gets it.",
        explains: "A client in Rust has budgets, rate limits and cooldowns. It reads the same settings by rules of its own.",
        shows_in: [
            Startup, Presence, Server, Database, Tls, Verification, HostName, Authorities, ClientCertificate, TlsOption,
            Username, Password, SocketTimeout, ConnectTimeout, HealthCheck, ClientName, Setting,
        ],
        evidence: ["rust-client", "http-settings"],
    }

    RustRouter {
        since: litellm(1, 110, 0),
        what: "The router is written in Rust: it ignores settings of the wrong type that stopped the one in Python, and refuses times that are not numbers.",
        explains: "The router is written in Rust: it ignores settings of the wrong type that stopped the one in Python, and refuses times that are not numbers.",
        shows_in: [Startup],
        evidence: ["rust-router"],
    }

    ConfigNamesMustBeText {
        since: litellm(1, 110, 0),
        what: "The config's names, and those of `general_settings`, must be text.",
        evidence: ["names-are-text"],
    }

    UrlErrorQuotesPlainly {
        since: redis_py(5, 1, 0),
        what: "redis-py quotes the name of a bad value in a URL's query with `'`, not with backticks.",
        evidence: ["cache-arguments"],
    }

    AsyncTakesNumericCertReqs {
        since: redis_py(6, 0, 0),
        what: "redis-py's asyncio TLS resolves `ssl_cert_reqs` that is not text.",
        evidence: ["hostname-check"],
    }

    RetryOnTimeoutIsDeprecated {
        since: redis_py(6, 0, 0),
        what: "redis-py's clients no longer add `TimeoutError` to `retry_on_error` for `retry_on_timeout`.",
        evidence: ["charset"],
    }

    SearchModuleRenamed {
        since: redis_py(6, 0, 0),
        what: "redis-py has no `redis.commands.search.indexDefinition`, which LiteLLM's valkey-semantic cache imports.",
        evidence: ["search-module"],
    }

    ClientsRetryConnecting {
        since: redis_py(6, 0, 0),
        what: "redis-py's sync clients try a TCP connection that times out three times more, after pauses of up to 10 s.",
        evidence: ["clients-retry-connecting"],
    }

    CertNoneDropsHostnameCheck {
        since: redis_py(6, 1, 0),
        what: "redis-py lets `ssl_cert_reqs: none` go without a host name check.",
        explains: "redis-py does not check the host name where `ssl_cert_reqs` is `none`.",
        shows_in: [HostName],
        evidence: ["cert-reqs-none", "cluster-check-hostname"],
    }

    RetryOnErrorIsCopied {
        since: redis_py(7, 0, 0),
        what: "redis-py's sync connections copy `retry_on_error` into a list of their own.",
        evidence: ["verify-flags"],
    }

    AsyncTlsMatchesSync {
        since: redis_py(7, 2, 0),
        what: "redis-py's asyncio TLS loads a client certificate when either of its two files is named, and takes a CA directory and a key password, as the sync one always did.",
        explains: "redis-py's asyncio client takes the TLS settings that the sync one takes.",
        shows_in: [Authorities, ClientCertificate, Error],
        evidence: ["async-tls", "driver-info"],
    }

    ConnectIsRetried {
        since: redis_py(7, 2, 0),
        what: "A client that is not made of a url tries a refused connection again, three times or more.",
        evidence: ["connect-is-retried"],
    }

    ClusterMakesItsCacheAtOnce {
        since: redis_py(7, 2, 0),
        what: "A cluster's client makes its client-side cache when it is constructed; before, once it has found the nodes.",
        evidence: ["cluster-cache-config"],
    }

    ProtocolErrorIsClean {
        since: redis_py(7, 2, 1),
        what: "redis-py reports a bad `protocol` as itself.",
        evidence: ["protocol-error"],
    }

    ClientsRetryTenTimes {
        since: redis_py(8, 0, 0),
        what: "redis-py's clients try ten times more, after pauses of up to 1 s.",
        evidence: ["clients-retry-ten-times"],
    }

    Resp3ByDefault {
        since: redis_py(8, 0, 0),
        what: "redis-py speaks RESP 3 where no protocol is set.",
        evidence: ["timeouts", "protocol", "pool-size"],
    }

    UrlQueryUnquotedOnce {
        since: redis_py(8, 1, 0),
        what: "redis-py reads a value of a URL's query once, not twice, through `unquote`.",
        evidence: ["url-unquote", "async-maintenance"],
    }
}

impl Behaviour {
    /// Its row.
    pub fn row(self) -> &'static BehaviourRow {
        // The enum and the table are made of one list.
        &BEHAVIOURS[self as usize]
    }

    /// The releases that behave so. What a release lost is named by the last release before.
    pub fn releases(self) -> ReleaseRange {
        let BehaviourRow { since: (software, since), lost, .. } = *self.row();
        let before = |(_, release): (Software, Version)| {
            Pair::litellm_releases().iter().copied().take_while(|known| *known < release).last()
        };
        ReleaseRange { software, since: Some(since), until: lost.and_then(before) }
    }

    /// [`Self::releases`] of a behaviour that no release has lost.
    pub fn brought_in(self) -> ReleaseRange {
        let (software, since) = self.row().since;
        ReleaseRange { software, since: Some(since), until: None }
    }

    pub(super) fn holds(self, pair: &Pair) -> bool {
        let row = self.row();
        let reached = |(software, first): (Software, Version)| {
            let release = match software {
                Software::Litellm => pair.litellm,
                Software::RedisPy => pair.redis_py,
            };
            release >= first
        };
        reached(row.since) && !row.lost.is_some_and(reached)
    }
}

#[cfg(test)]
mod tests {
    use super::{BEHAVIOURS, Behaviour};

    #[test]
    fn each_row_is_found_by_its_behaviour() {
        for row in BEHAVIOURS {
            assert_eq!(row.behaviour.row().behaviour, row.behaviour);
        }
    }

    #[test]
    fn rows_are_in_order_and_say_what_they_do() {
        assert!(BEHAVIOURS.is_sorted_by_key(|row| (row.since.0 as usize, row.since.1)));
        for row in BEHAVIOURS {
            assert!(row.what.ends_with('.'), "{:?}", row.behaviour);
            let explained = row.explains.is_some() || row.explains_loss.is_some();
            assert_eq!(explained, !row.shows_in.is_empty(), "{:?}", row.behaviour);
        }
    }

    #[test]
    fn what_a_release_lost_is_no_longer_so() {
        let pair = |litellm| crate::Pair::parse(litellm, "5.3.1").expect("supported");
        let holds = |litellm| pair(litellm).behaves(Behaviour::AsyncClientUnderOneKey);
        assert_eq!(
            ["1.67.2", "1.68.0", "1.80.10", "1.80.11"].map(holds),
            [false, true, true, false]
        );
    }
}
