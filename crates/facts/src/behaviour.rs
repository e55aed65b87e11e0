//! What releases do differently: one name each, with the release that brought it.

use super::{Pair, ReleaseRange, Software, Version};

/// A behaviour that some releases have and others have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Behaviour {
    /// `redis_startup_nodes` makes the response cache a `RedisClusterCache`; before, a
    /// `RedisCache` that holds a cluster client.
    StartupNodesMakeClusterCache,
    /// A router without a Redis of its own gets the response cache's.
    RouterSharesCoordinationRedis,
    /// `startup_nodes` in `cache_kwargs` makes the router a `RedisClusterCache`.
    RouterStartupNodesMakeClusterCache,
    /// The async client takes `socket_timeout`; before, LiteLLM gave 5 beside it, and Python
    /// refused the second.
    AsyncClientTakesSocketTimeout,
    /// `redis-semantic` fills in each missing setting from `REDIS_*`, and names its index.
    SemanticCacheUsesRedisvlCache,
    /// The sync Sentinel client sends `sentinel_password`, to the master.
    SyncSentinelSendsPassword,
    /// The config is not dumped as JSON for the debug log, which stopped at dates.
    ConfigIsNotDumped,
    /// All caches share one async client, the first that was made.
    AsyncClientUnderOneKey,
    /// Each cache has its async client under its settings as JSON, which can't hold dates and the
    /// like.
    AsyncClientKeyIsJson,
    /// A `disk` cache without its package names the extra that brings it.
    DiskCacheNamesItsExtra,
    /// LiteLLM's constants are read from the environment when it is imported.
    ConstantsReadEnvironment,
    /// `default_redis_ttl` is looked up under its own name.
    DefaultRedisTtlIsRead,
    /// An empty config is refused as such.
    EmptyConfigIsRefused,
    /// `environment_variables` replace what the environment has; before, what it had won, and a
    /// name that it lacked became the text `None`.
    EnvironmentVariablesSectionWins,
    /// `gcp_service_account` and `gcp_ssl_ca_certs` are understood.
    GcpIam,
    /// Cluster clients take `ssl_cert_reqs`, `ssl_check_hostname` and `ssl_ca_certs`.
    ClusterTakesCertificateSettings,
    /// Cluster clients take `max_connections`.
    ClusterTakesMaxConnections,
    /// `search_tools` of the config go to the router.
    RouterGetsSearchTools,
    /// `ignore_invalid_deployments` is the proxy's own setting of the router.
    RouterIgnoresInvalidDeployments,
    /// `credential_list` is read.
    CredentialListIsRead,
    /// Async cluster clients authenticate to Google Cloud by redis-py's `credential_provider`.
    AsyncClusterCredentialProvider,
    /// Async clients of one server authenticate by redis-py's `credential_provider`.
    AsyncCredentialProvider,
    /// Async clients drop user name and password where IAM authenticates; Sentinels get no
    /// provider.
    AsyncIamReplacesPassword,
    /// What goes beside a `url` is read through redis-py's decorators.
    UnwrappedUrlSignatures,
    /// The JSON in `REDIS_CLUSTER_NODES` must be a list of mappings.
    ClusterNodesVariableIsValidated,
    /// The settings sections must be what JSON can hold.
    SettingsMustBeJson,
    /// Each entry of `credential_list` must be a mapping.
    CredentialListIsChecked,
    /// A name in `environment_variables` that is no text is skipped.
    OddVariableNamesAreSkipped,
    /// `coordination_redis` is validated as a whole; before, its keys were keyword arguments.
    CoordinationIsValidatedWhole,
    /// Two lists of cluster nodes are one argument; before, Python refused the second.
    ClusterCacheMergesArguments,
    /// `CredentialItem` has a module of its own.
    CredentialItemMoved,
    /// `optional_pre_call_checks` of the router are searched, not only walked.
    OptionalChecksAreSearched,
    /// A retry policy of the router that is no mapping is passed over.
    OddRetryPolicyIsIgnored,
    /// A router fallback's targets must be a list.
    FallbackTargetsAreChecked,
    /// Spend is collected in Redis: `use_redis_transaction_buffer`.
    SpendBuffer,
    /// Replicas share health checks: `use_shared_health_check`.
    SharedHealthCheck,
    /// `DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE` is read.
    BatchCacheSize,
    /// `DEFAULT_REDIS_MAJOR_VERSION` is read.
    RedisMajorVersion,
    /// A Redis that keeps failing is not called for a while.
    CircuitBreaker,
    /// Virtual keys are looked up in Redis: `enable_redis_auth_cache`.
    RedisAuthCache,
    /// The cache type `valkey-semantic`, and the switch of the circuit breaker.
    ValkeySemanticCache,
    /// Timeouts count for the circuit breaker only when they go on.
    CircuitBreakerTimeouts,
    /// `user_api_key_cache_max_size` is read.
    AuthCacheSize,
    /// `REDIS_TIMEOUT_LOG_INTERVAL` is read.
    TimeoutLogInterval,
    /// `fail_closed_rate_limit_enforcement` is read.
    FailClosedRateLimits,
    /// `lar1` is a routing strategy.
    RoutingStrategyLar1,
    /// `environment_variables` keys such as PATH are skipped.
    EnvironmentVariablesBlocklist,
    /// The config's settings sections must be JSON: `SettingsStore`.
    SettingsAreValidatedAsJson,
    /// `REDIS_CLUSTER_NODES` makes the response cache and the router a `RedisClusterCache`.
    ClusterNodesVariableMakesClusterCache,
    /// `startup_nodes` beats `url`; an unset or empty `startup_nodes` is dropped; clusters have no
    /// async pool.
    StartupNodesBeatUrl,
    /// Sentinels and master get the Redis settings; before, only `sentinel_password` (sent to the
    /// master) and a short timeout.
    SentinelGetsRedisSettings,
    /// `azure_redis_ad_token` and kin are understood.
    AzureAd,
    /// Cluster clients take `socket_timeout` and `socket_connect_timeout`.
    ClusterTakesTimeouts,
    /// `redis-semantic` builds its index on first use, not at start-up.
    SemanticCacheIsLazy,
    /// Cluster clients take `health_check_interval` and `socket_keepalive`; the async one has
    /// defaults for them.
    ClusterTakesHealthCheck,
    /// A configured host, `startup_nodes` or `sentinel_nodes` beats `REDIS_URL`.
    ConfiguredTargetBeatsEnvironmentUrl,
    /// The async pool is TLS only when `ssl` is true; before, whenever the key was there.
    FalsySslMeansPlaintextPool,
    /// `general_settings.coordination_redis`, and coordination from `REDIS_*` beside other caches.
    CoordinationRedis,
    /// `url` connections get the connection's other settings, but for TLS, db and password.
    UrlTakesConnectionSettings,
    /// A `url` client serves requests from LiteLLM's blocking pool.
    UrlUsesBlockingPool,
    /// A `credential_provider` that was given wins over IAM, password and the url's user.
    CredentialProvider,
    /// Texts are converted to the type that redis-py's signature declares.
    TypeCoercion,
    /// Signatures are read through decorators, and each cluster client has its own allow-list.
    UnwrappedSignatures,
    /// Without a cache, coordination is built from `REDIS_*` when that Redis answers.
    CoordinationFromEnvironmentAlone,
    /// `aws_iam_auth` and kin are understood.
    AwsIam,
    /// Sync cluster clients authenticate by `credential_provider`.
    SyncClusterCredentialProvider,
    /// `REDIS_SOCKET_TIMEOUT` defaults to 5 s, fills in a missing `socket_timeout`, and a value that
    /// is no number is ignored; before, 0.1 s, used for Sentinel alone, and such a value stops the
    /// import.
    SocketTimeoutConstantFillsIn,
    /// An unknown cache type is refused by name.
    UnknownCacheTypeIsRefused,
    /// `router_settings.health_check_interval` stops start-up.
    RouterRefusesHealthCheckInterval,
    /// `router_settings.routing_strategy` that no release knows stops start-up.
    RoutingStrategyIsChecked,
    /// LiteLLM's own requirements bring hiredis, whose parser redis-py then uses.
    HiredisIsInstalled,
    /// redis-py lets `ssl_cert_reqs: none` go without a host name check.
    CertNoneDropsHostnameCheck,
    /// redis-py's asyncio TLS resolves `ssl_cert_reqs` that is not text.
    AsyncTakesNumericCertReqs,
    /// redis-py quotes the name of a bad value in a URL's query with `'`, not with backticks.
    UrlErrorQuotesPlainly,
    /// redis-py reads a value of a URL's query once, not twice, through `unquote`.
    UrlQueryUnquotedOnce,
    /// redis-py reports a bad `protocol` as itself.
    ProtocolErrorIsClean,
    /// redis-py's clients no longer add `TimeoutError` to `retry_on_error` for `retry_on_timeout`.
    RetryOnTimeoutIsDeprecated,
    /// redis-py's sync connections copy `retry_on_error` into a list of their own.
    RetryOnErrorIsCopied,
    /// redis-py speaks RESP 3 where no protocol is set.
    Resp3ByDefault,
    /// redis-py has no `redis.commands.search.indexDefinition`, which LiteLLM's valkey-semantic
    /// cache imports.
    SearchModuleRenamed,
    /// redis-py's asyncio TLS loads a client certificate when either of its two files is named,
    /// and takes a CA directory and a key password, as the sync one always did.
    AsyncTlsMatchesSync,
}

const fn litellm(major: u16, minor: u16, patch: u16) -> (Software, Version) {
    (Software::Litellm, Version::new(major, minor, patch))
}

const fn redis_py(major: u16, minor: u16, patch: u16) -> (Software, Version) {
    (Software::RedisPy, Version::new(major, minor, patch))
}

/// The behaviours that later releases lost, with the first of these.
const LOST: [(Behaviour, Version); 2] = [
    (Behaviour::AsyncClientUnderOneKey, Version::new(1, 80, 11)),
    (Behaviour::AsyncClientKeyIsJson, Version::new(1, 100, 0)),
];

impl Behaviour {
    /// The first release that behaves so.
    fn since(self) -> (Software, Version) {
        match self {
            Self::StartupNodesMakeClusterCache => litellm(1, 61, 2),
            Self::RouterSharesCoordinationRedis => litellm(1, 62, 1),
            Self::RouterStartupNodesMakeClusterCache => litellm(1, 63, 3),
            Self::CredentialListIsRead => litellm(1, 63, 8),
            Self::AsyncClientTakesSocketTimeout => litellm(1, 63, 12),
            Self::SemanticCacheUsesRedisvlCache => litellm(1, 64, 1),
            Self::SyncSentinelSendsPassword | Self::SpendBuffer => litellm(1, 65, 1),
            Self::ConfigIsNotDumped => litellm(1, 67, 2),
            Self::AsyncClientUnderOneKey => litellm(1, 68, 0),
            Self::ConstantsReadEnvironment => litellm(1, 69, 3),
            Self::RouterIgnoresInvalidDeployments => litellm(1, 71, 1),
            Self::DefaultRedisTtlIsRead => litellm(1, 72, 1),
            Self::DiskCacheNamesItsExtra => litellm(1, 72, 4),
            Self::EmptyConfigIsRefused => litellm(1, 73, 7),
            Self::EnvironmentVariablesSectionWins => litellm(1, 74, 2),
            Self::GcpIam
            | Self::ClusterTakesCertificateSettings
            | Self::ClusterCacheMergesArguments => litellm(1, 75, 2),
            Self::SharedHealthCheck => litellm(1, 78, 0),
            Self::BatchCacheSize => litellm(1, 78, 5),
            Self::ClusterTakesMaxConnections | Self::RouterGetsSearchTools => litellm(1, 78, 7),
            Self::RedisMajorVersion => litellm(1, 79, 2),
            Self::AsyncClientKeyIsJson => litellm(1, 80, 11),
            Self::RoutingStrategyIsChecked => litellm(1, 80, 12),
            Self::RouterRefusesHealthCheckInterval => litellm(1, 81, 3),
            Self::OddRetryPolicyIsIgnored => litellm(1, 81, 11),
            Self::OptionalChecksAreSearched | Self::UrlUsesBlockingPool => litellm(1, 81, 14),
            Self::ClusterNodesVariableMakesClusterCache => litellm(1, 82, 1),
            Self::StartupNodesBeatUrl | Self::CircuitBreaker => litellm(1, 82, 6),
            Self::EnvironmentVariablesBlocklist => litellm(1, 83, 0),
            Self::AsyncClusterCredentialProvider => litellm(1, 83, 3),
            Self::RedisAuthCache => litellm(1, 84, 0),
            Self::SentinelGetsRedisSettings | Self::AzureAd | Self::AsyncCredentialProvider => {
                litellm(1, 85, 0)
            }
            Self::ClusterTakesTimeouts => litellm(1, 87, 0),
            Self::ValkeySemanticCache | Self::CredentialItemMoved => litellm(1, 90, 0),
            Self::SemanticCacheIsLazy | Self::RoutingStrategyLar1 => litellm(1, 91, 0),
            Self::ClusterTakesHealthCheck => litellm(1, 92, 0),
            Self::ConfiguredTargetBeatsEnvironmentUrl
            | Self::FalsySslMeansPlaintextPool
            | Self::CoordinationRedis => litellm(1, 93, 0),
            Self::UrlTakesConnectionSettings => litellm(1, 96, 0),
            Self::UnwrappedUrlSignatures => litellm(1, 98, 0),
            Self::HiredisIsInstalled => litellm(1, 97, 0),
            Self::AsyncIamReplacesPassword => litellm(1, 99, 0),
            Self::CredentialProvider => litellm(1, 100, 0),
            Self::TypeCoercion
            | Self::UnwrappedSignatures
            | Self::CoordinationFromEnvironmentAlone
            | Self::CircuitBreakerTimeouts => litellm(1, 101, 0),
            Self::AwsIam | Self::AuthCacheSize | Self::CoordinationIsValidatedWhole => {
                litellm(1, 102, 0)
            }
            Self::TimeoutLogInterval | Self::SettingsMustBeJson => litellm(1, 103, 0),
            Self::SyncClusterCredentialProvider => litellm(1, 104, 0),
            Self::FailClosedRateLimits => litellm(1, 105, 0),
            Self::CredentialListIsChecked => litellm(1, 106, 0),
            Self::SocketTimeoutConstantFillsIn => litellm(1, 108, 0),
            Self::FallbackTargetsAreChecked => litellm(1, 108, 1),
            Self::UnknownCacheTypeIsRefused
            | Self::SettingsAreValidatedAsJson
            | Self::OddVariableNamesAreSkipped
            | Self::ClusterNodesVariableIsValidated => litellm(1, 109, 0),
            Self::UrlErrorQuotesPlainly => redis_py(5, 1, 0),
            Self::CertNoneDropsHostnameCheck => redis_py(6, 1, 0),
            Self::AsyncTakesNumericCertReqs
            | Self::SearchModuleRenamed
            | Self::RetryOnTimeoutIsDeprecated => redis_py(6, 0, 0),
            Self::RetryOnErrorIsCopied => redis_py(7, 0, 0),
            Self::AsyncTlsMatchesSync => redis_py(7, 2, 0),
            Self::ProtocolErrorIsClean => redis_py(7, 2, 1),
            Self::Resp3ByDefault => redis_py(8, 0, 0),
            Self::UrlQueryUnquotedOnce => redis_py(8, 1, 0),
        }
    }

    /// The releases that behave so. What a release lost is named by the last release before.
    pub fn releases(self) -> ReleaseRange {
        let (software, since) = self.since();
        let lost = LOST.iter().find(|(lost, _)| *lost == self).map(|(_, release)| *release);
        let before = |release: Version| {
            Pair::litellm_releases().iter().copied().take_while(|known| *known < release).last()
        };
        ReleaseRange { software, since: Some(since), until: lost.and_then(before) }
    }

    /// [`Self::releases`] of a behaviour that no release has lost.
    pub fn brought_in(self) -> ReleaseRange {
        let (software, since) = self.since();
        ReleaseRange { software, since: Some(since), until: None }
    }

    pub(super) fn holds(self, pair: &Pair) -> bool {
        if LOST.iter().any(|(lost, release)| *lost == self && pair.litellm >= *release) {
            return false;
        }
        let (software, since) = self.since();
        let release = match software {
            Software::Litellm => pair.litellm,
            Software::RedisPy => pair.redis_py,
        };
        release >= since
    }
}
