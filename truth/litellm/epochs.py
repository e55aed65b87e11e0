"""What releases changed: each row names the release that brought it, and asks about it.

A row's cases are asked of every pair that is recorded. `cargo xtask oracle report` finds the recorded pairs
on both sides of each row and fails where no answer differs between them.
"""

from configs import Raw, cached, coordinated, routed, section

HOST = {"type": "redis", "host": "h", "port": 6379}
TLS = {**HOST, "ssl": True}
CLUSTER = {"type": "redis", "redis_startup_nodes": [{"host": "n1", "port": 7001}]}
SENTINEL = {"type": "redis", "sentinel_nodes": [["s1", 26379]], "service_name": "m"}
ROUTER = {"redis_host": "rh", "redis_port": 6379}
NONE = "model_list: []\n"
NODES = '[{"host": "c1", "port": 7001}]'
SENTINELS = '[["es", 26379]]'
AWS = {"aws_iam_auth": True, "aws_iam_user_name": "u", "aws_iam_cache_name": "c", "aws_iam_region": "eu-west-1"}
AZURE = {"REDIS_AZURE_AD_TOKEN": "true", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"}

ROWS = []


def row(software, since, name, what, *cases):
    """One change: the software, its first release, and configurations that show it."""
    cases = [case if isinstance(case, tuple) else (case, {}) for case in cases]
    ROWS.append({"name": name, "software": software, "since": since, "what": what, "cases": cases})


def litellm(since, name, what, *cases):
    row("LiteLLM", since, name, what, *cases)


def redis_py(since, name, what, *cases):
    row("redis-py", since, name, what, *cases)


# --- LiteLLM -------------------------------------------------------------------------------------

litellm("1.61.2", "cluster-class", "`redis_startup_nodes` makes the cache a RedisClusterCache",
        cached(CLUSTER), cached({**CLUSTER, "host": "h", "port": 1}), cached({"type": "redis", "startup_nodes": [{"host": "n1", "port": 7001}]}))
litellm("1.62.1", "router-shares-cache", "the router uses the response cache's Redis when it has none of its own",
        cached(HOST), cached(CLUSTER), cached(SENTINEL), cached(HOST) + routed({"num_retries": 1}), cached(HOST) + routed(ROUTER))
litellm("1.63.3", "router-cluster-class", "`startup_nodes` in the router's `cache_kwargs` makes a RedisClusterCache",
        routed({**ROUTER, "cache_kwargs": {"startup_nodes": [{"host": "c", "port": 1}]}}), routed({**ROUTER, "cache_kwargs": {"redis_startup_nodes": [{"host": "c", "port": 1}]}}))
litellm("1.63.12", "default-timeout", "a default `socket_timeout` of 5 seconds, which hides REDIS_SOCKET_TIMEOUT",
        cached(HOST), (cached(HOST), {"REDIS_SOCKET_TIMEOUT": "12"}), cached({"type": "redis", "url": "redis://h:1"}), cached(SENTINEL))
litellm("1.63.12", "async-timeout-given-twice", "a configured `socket_timeout` reaches the async client; before, it was given twice",
        cached({**HOST, "socket_timeout": 3}), cached({**HOST, "socket_timeout": None}), routed({**ROUTER, "cache_kwargs": {"socket_timeout": 3}}), cached({**SENTINEL, "socket_timeout": 3}))
litellm("1.63.8", "credential-list", "`credential_list` is read",
        "credential_list: 5\n" + cached(HOST), "credential_list: [{credential_name: a, credential_info: {}, credential_values: {}}]\n" + cached(HOST), "credential_list: [a]\n")
litellm("1.65.1", "sentinel-password", "the sync Sentinel client sends `sentinel_password` (to the master)",
        cached({**SENTINEL, "sentinel_password": "sp"}), (cached(SENTINEL), {"REDIS_SENTINEL_PASSWORD": "sp"}), (cached({"type": "redis"}), {"REDIS_SENTINEL_NODES": SENTINELS, "REDIS_SERVICE_NAME": "m", "REDIS_SENTINEL_PASSWORD": "sp"}))
litellm("1.67.2", "config-is-not-dumped", "the config is not dumped as JSON for the debug log, which stopped at dates",
        "a: 2001-01-01\n" + cached(HOST), cached({**HOST, "namespace": Raw("2001-01-01")}), "1: {2: 3}\n" + cached(HOST))
litellm("1.69.3", "timeout-constant", "REDIS_SOCKET_TIMEOUT is read on import: a value that is no number stops it",
        (cached(HOST), {"REDIS_SOCKET_TIMEOUT": "abc"}), (cached(SENTINEL), {"REDIS_SOCKET_TIMEOUT": "3"}), (cached(SENTINEL), {"REDIS_CONNECTION_POOL_TIMEOUT": "x"}), (NONE, {"REDIS_SOCKET_TIMEOUT": ""}), (cached(HOST), {"REDIS_CONNECTION_POOL_TIMEOUT": "7"}))
litellm("1.68.0", "one-async-client", "the async client is kept under one key for all caches",
        cached(HOST) + routed(ROUTER), cached(TLS) + routed(ROUTER), cached(CLUSTER) + routed(ROUTER), cached(SENTINEL) + routed({**ROUTER, "cache_kwargs": {"ssl": True}}))
litellm("1.80.11", "async-client-per-configuration", "each Redis configuration has its own async client",
        cached({**HOST, "db": 2}) + routed(ROUTER), cached(TLS) + routed({**ROUTER, "redis_password": "rp"}), cached({"type": "redis", "url": "redis://u"}) + routed(ROUTER))
litellm("1.71.1", "ignore-invalid-deployments", "`ignore_invalid_deployments` is the proxy's own setting of the router", routed({"ignore_invalid_deployments": True}), routed({**ROUTER, "ignore_invalid_deployments": False}))
litellm("1.72.1", "default-redis-ttl", "`default_redis_ttl` ends in a TypeError, no longer in a KeyError",
        cached({**HOST, "default_redis_ttl": 60}), cached({**HOST, "default_in_redis_ttl": 60}), cached({"type": "local", "default_redis_ttl": 60}))
litellm("1.73.7", "empty-config", "an empty file is refused by name", "", "# nothing\n", "null\n", "{}\n")
litellm("1.74.2", "environment-section-wins", "`environment_variables` beats the process's environment; an unset name gets its value, not the text None",
        ("environment_variables: {REDIS_HOST: a}\n" + cached({"type": "redis", "port": 1}), {"REDIS_HOST": "b"}), ("environment_variables: {REDIS_HOST: a}\n" + cached({"type": "redis", "port": 1}), {}),
        ("environment_variables: {REDIS_PASSWORD: a}\n" + cached(HOST), {"REDIS_PASSWORD": "b"}), ("environment_variables: {REDIS_SSL: true}\n" + cached(HOST), {}), ("environment_variables: {REDIS_PORT: 7}\n" + cached({"type": "redis", "host": "h"}), {}))
litellm("1.74.4", "azure-blob", "the cache type `azure-blob`", cached({"type": "azure-blob", "azure_account_url": "https://a.blob.core.windows.net", "azure_blob_container": "c"}), cached({"type": "azure-blob"}))
litellm("1.75.0", "gcs", "the cache type `gcs`", cached({"type": "gcs", "gcs_bucket_name": "b"}), cached({"type": "gcs"}))
litellm("1.75.2", "gcp-iam", "`gcp_service_account` and `gcp_ssl_ca_certs` are understood, in part",
        cached({**HOST, "gcp_service_account": "sa"}), cached({**TLS, "gcp_service_account": "sa", "gcp_ssl_ca_certs": "/ca"}), (cached(HOST), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}),
        (cached(TLS), {"REDIS_GCP_SERVICE_ACCOUNT": "sa", "REDIS_GCP_SSL_CA_CERTS": "/ca"}), cached({**CLUSTER, "gcp_service_account": "sa"}), routed({**ROUTER, "cache_kwargs": {"gcp_service_account": "sa"}}))
litellm("1.75.2", "gcp-ca-alone", "REDIS_GCP_SSL_CA_CERTS without a service account stops start-up", (cached(HOST), {"REDIS_GCP_SSL_CA_CERTS": "/ca"}), (cached(CLUSTER), {"REDIS_GCP_SSL_CA_CERTS": "/ca"}))
litellm("1.75.2", "cluster-tls", "cluster clients take `ssl_ca_certs`, `ssl_cert_reqs` and `ssl_check_hostname`",
        cached({**CLUSTER, "ssl": True, "ssl_ca_certs": "/ca"}), cached({**CLUSTER, "ssl": True, "ssl_cert_reqs": "none", "ssl_check_hostname": False}), cached({**CLUSTER, "ssl": True, "ssl_check_hostname": True}))
litellm("1.78.7", "cluster-max-connections", "cluster clients take `max_connections`", cached({**CLUSTER, "max_connections": 5}), cached({**CLUSTER, "max_connections": -1}), cached({**CLUSTER, "max_connections": "5"}), cached({**CLUSTER, "max_connections": "x"}))
litellm("1.78.7", "search-tools", "`search_tools` of the config go to the router", "search_tools: 5\n" + routed(ROUTER), "search_tools: [{a: 1}]\n" + cached(HOST), routed({"search_tools": []}), "search_tools: [a]\n")
litellm("1.81.3", "router-health-check-interval", "`router_settings.health_check_interval` stops start-up", routed({**ROUTER, "health_check_interval": 3}), routed({"health_check_interval": 3}))
litellm("1.81.7", "router-db", "`router_settings.redis_db` is used", routed({**ROUTER, "redis_db": 3}), routed({**ROUTER, "redis_db": "x"}), routed({**ROUTER, "redis_db": 0}), routed({"redis_url": "redis://h", "redis_db": 3}))
litellm("1.80.12", "routing-strategy", "an unknown `routing_strategy` stops start-up", routed({"routing_strategy": "nonsense"}), routed({**ROUTER, "routing_strategy": "nonsense"}), routed({"routing_strategy": "latency-based-routing"}))
litellm("1.81.14", "url-pool", "a `url` client serves requests from LiteLLM's blocking pool",
        cached({"type": "redis", "url": "redis://h:1?timeout=3"}), cached({"type": "redis", "url": "redis://h:1", "max_connections": -1}), cached({"type": "redis", "url": "redis://h:1", "max_connections": 7}), cached({"type": "redis", "url": "redis://h:1", "max_connections": "x"}), cached({"type": "redis", "url": "redis://h:1?ssl_cert_reqs=none"}), cached({"type": "redis", "url": "redis://h:1?max_connections=-1"}))
litellm("1.82.1", "cluster-variable-class", "REDIS_CLUSTER_NODES makes a RedisClusterCache", (cached({"type": "redis"}), {"REDIS_CLUSTER_NODES": NODES}), (cached(HOST), {"REDIS_CLUSTER_NODES": NODES}), (routed(ROUTER), {"REDIS_CLUSTER_NODES": NODES}))
litellm("1.82.6", "startup-nodes-beat-url", "`startup_nodes` beat `url`",
        (cached(CLUSTER), {"REDIS_URL": "redis://u:p@e:1/2"}), cached({**CLUSTER, "url": "redis://u:p@e:1/2"}), (cached(HOST), {"REDIS_URL": "redis://e", "REDIS_CLUSTER_NODES": NODES}), cached({**CLUSTER, "url": "redis://e", "password": "cp", "ssl": True}))
litellm("1.82.6", "empty-startup-nodes", "empty `startup_nodes` are dropped", cached({**HOST, "startup_nodes": []}), cached({**HOST, "redis_startup_nodes": []}), cached({"type": "redis", "startup_nodes": []}))
litellm("1.83.3", "async-cluster-credential-provider", "the async cluster client gets its token by a credential provider", (cached({**CLUSTER, "ssl": True}), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}), cached({**CLUSTER, "gcp_service_account": "sa"}))
litellm("1.85.0", "async-credential-provider", "the async client of one server gets its token by a credential provider, which suffers no password beside it", (cached({**TLS, "password": "p"}), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}), (routed({**ROUTER, "redis_password": "p"}), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}))
litellm("1.85.0", "sentinel-settings", "sentinels and master get the Redis settings",
        cached({**SENTINEL, "ssl": True, "password": "pw", "sentinel_password": "sp"}), cached({**SENTINEL, "username": "u", "db": 2}), cached({**SENTINEL, "ssl": True, "ssl_ca_certs": "/ca", "ssl_certfile": "/c", "ssl_keyfile": "/k"}),
        (cached({"type": "redis"}), {"REDIS_SENTINEL_NODES": SENTINELS, "REDIS_SERVICE_NAME": "m", "REDIS_SSL": "True", "REDIS_PASSWORD": "ep"}))
litellm("1.85.0", "sentinel-beside-host", "a host beside sentinels stops start-up", cached({**SENTINEL, "host": "h"}), (cached(SENTINEL), {"REDIS_HOST": "eh"}), cached({**SENTINEL, "port": 1}))
litellm("1.85.0", "azure-ad", "`azure_redis_ad_token` is understood", cached({**TLS, "azure_redis_ad_token": True}), (cached(TLS), AZURE), (cached(CLUSTER), AZURE), cached({**TLS, "azure_redis_ad_token": "true", "azure_client_id": "c", "azure_tenant_id": "t", "azure_client_secret": "s"}))
litellm("1.87.0", "cluster-timeouts", "cluster clients take timeouts", cached(CLUSTER), cached({**CLUSTER, "socket_timeout": 9, "socket_connect_timeout": 4}), cached({**CLUSTER, "socket_timeout": "x"}))
litellm("1.90.0", "valkey-semantic", "the cache type `valkey-semantic`",
        cached({"type": "valkey-semantic", "similarity_threshold": 0.8, "redis_url": "redis://x"}), cached({"type": "valkey-semantic", "similarity_threshold": 0.8, "redis_startup_nodes": [{"host": "n", "port": 1}]}), cached({"type": "valkey-semantic"}), (cached({"type": "valkey-semantic", "similarity_threshold": 0.8}), {"VALKEY_HOST": "v", "VALKEY_PORT": "1", "VALKEY_PASSWORD": "p"}))
litellm("1.91.0", "semantic-is-lazy", "redis-semantic builds its index on first use", cached({"type": "redis-semantic", "similarity_threshold": 0.8, "host": "h", "port": 2, "password": "p"}), cached({"type": "redis-semantic", "similarity_threshold": 0.8, "redis_url": "redis://h"}))
litellm("1.91.0", "routing-strategy-lar1", "`lar1` is a routing strategy", routed({"routing_strategy": "lar1"}), routed({**ROUTER, "routing_strategy": "lar1"}))
litellm("1.92.0", "cluster-health-check", "cluster clients take `health_check_interval`", cached(CLUSTER), cached({**CLUSTER, "health_check_interval": 9}), cached({**CLUSTER, "socket_keepalive": False}))
litellm("1.93.0", "ssl-false", "`ssl: false` means plaintext for the async client too",
        cached({**HOST, "ssl": False}), (cached(HOST), {"REDIS_SSL": "False"}), cached({**HOST, "ssl": False, "ssl_ca_certs": "/ca"}), cached({**HOST, "ssl": None}), cached({**HOST, "ssl": 0}), routed({**ROUTER, "cache_kwargs": {"ssl": False}}))
litellm("1.93.0", "configured-target-beats-url-variable", "a configured target beats REDIS_URL",
        (cached({**HOST, "password": "p"}), {"REDIS_URL": "redis://e:1"}), (routed(ROUTER), {"REDIS_URL": "redis://e:1"}), (cached(SENTINEL), {"REDIS_URL": "redis://e:1"}), (cached({"type": "redis"}), {"REDIS_URL": "redis://e:1", "REDIS_HOST": "eh"}), (cached(CLUSTER), {"REDIS_URL": "redis://e:1"}))
litellm("1.93.0", "coordination-redis", "`general_settings.coordination_redis`",
        coordinated({"host": "ch", "port": 6390}), coordinated({"host": "ch", "port": "6390", "ssl": "false"}), coordinated({}), coordinated("x"), coordinated({"host": "ch", "foo": 1}), coordinated({"startup_nodes": [{"host": "a", "port": 1}]}), coordinated({"sentinel_nodes": [["a", 1]], "service_name": "m"}), cached(HOST) + coordinated({"host": "ch"}), coordinated({"url": "rediss://h"}))
litellm("1.93.0", "coordination-beside-other-cache", "beside another cache, coordination is built from variables",
        (cached({"type": "local"}), {"REDIS_HOST": "eh"}), (cached({"type": "local"}), {"REDIS_URL": "redis://e"}), (cached({"type": "local"}), {"REDIS_URL": "http://e"}), (cached({"type": "local"}), {"REDIS_CLUSTER_NODES": NODES}), (cached({"type": "local"}), {"REDIS_SENTINEL_NODES": SENTINELS, "REDIS_SERVICE_NAME": "m"}))
litellm("1.96.0", "url-settings", "a `url` client takes the connection's other settings",
        cached({"type": "redis", "url": "redis://h:1", "socket_timeout": 9, "health_check_interval": 3, "client_name": "c"}), cached({"type": "redis", "url": "rediss://h:1", "ssl_ca_certs": "/ca"}), cached({"type": "redis", "url": "redis://h:1?socket_timeout=2", "socket_timeout": 9}), cached({"type": "redis", "url": "redis://h:1", "ssl": True, "db": 3, "password": "p"}))
litellm("1.96.0", "url-username", "a `url` client takes the username, without the password", (cached({"type": "redis"}), {"REDIS_URL": "redis://e", "REDIS_USERNAME": "u", "REDIS_PASSWORD": "p"}), cached({"type": "redis", "url": "redis://h", "username": "u", "password": "p"}))
litellm("1.96.0", "url-max-connections-text", "`max_connections` as text stops start-up beside `url`", cached({"type": "redis", "url": "redis://h:1", "max_connections": "7"}), cached({"type": "redis", "url": "redis://h:1", "max_connections": 0}))
litellm("1.97.0", "hiredis", "LiteLLM's own requirements bring hiredis, whose parser wants a number", cached({**HOST, "socket_read_size": "x"}), cached({**HOST, "socket_read_size": None}), cached({**HOST, "socket_read_size": -1}))
litellm("1.98.0", "url-settings-unwrapped", "with redis-py 7.2 and newer too", cached({"type": "redis", "url": "redis://h:1", "socket_timeout": 9}), cached({"type": "redis", "url": "redis://h:1", "client_name": "c"}))
litellm("1.100.0", "credential-provider", "`credential_provider` is a setting of its own, gcp_* are always taken out",
        (cached(HOST), {"REDIS_GCP_SSL_CA_CERTS": "/ca"}), (cached(HOST), {"REDIS_CREDENTIAL_PROVIDER": "x"}), cached({**HOST, "credential_provider": "x"}), cached({"type": "redis", "url": "redis://u:p@h", "credential_provider": "x"}))
litellm("1.99.0", "cluster-iam", "IAM takes the place of name and password on async clusters", (cached({**CLUSTER, "ssl": True, "password": "p", "username": "u"}), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}), (cached(SENTINEL), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}))
litellm("1.101.0", "type-coercion", "text becomes the type of redis-py's default",
        (cached(HOST), {"REDIS_MAX_CONNECTIONS": "7"}), (cached(HOST), {"REDIS_SSL": "0"}), cached({**HOST, "ssl": "false"}), (cached(HOST), {"REDIS_HEALTH_CHECK_INTERVAL": "30"}), cached({**HOST, "port": "abc"}), (cached(HOST), {"REDIS_DB": "abc"}), cached({**HOST, "socket_timeout": "2.5"}), cached({**HOST, "db": "3"}), routed({**ROUTER, "redis_db": 3}), cached({"type": "redis", "url": "redis://h:1", "max_connections": "7"}))
litellm("1.101.0", "cluster-signatures", "each cluster client has the settings of its own signature",
        cached({**CLUSTER, "ssl": True, "ssl_certfile": "/c", "ssl_keyfile": "/k"}), cached({**CLUSTER, "db": 1}), cached({**CLUSTER, "client_name": "c"}), cached({**CLUSTER, "ssl": True, "ssl_ca_data": "x"}), cached({**CLUSTER, "require_full_coverage": True, "read_from_replicas": True}))
litellm("1.101.0", "variables-on-newer-redis-py", "REDIS_* are read on redis-py 6 and newer",
        (cached({"type": "redis"}), {"REDIS_HOST": "eh", "REDIS_PORT": "7"}), (cached(HOST), {"REDIS_SSL": "True"}), (cached(HOST), {"REDIS_PASSWORD": "ep"}), (cached(HOST), {"REDIS_DB": "3"}))
litellm("1.101.0", "coordination-without-cache", "without a cache, coordination is tried from variables", (NONE, {"REDIS_HOST": "eh"}), (NONE, {"REDIS_URL": "redis://e"}), (NONE, {"REDIS_URL": "http://e"}), (NONE, {"REDIS_CLUSTER_NODES": NODES}))
litellm("1.101.0", "router-own-keys", "`assistants_config` and other keys that the proxy gives itself are left out", routed({"assistants_config": {}}), routed({"router_general_settings": {}}), routed({"ignore_invalid_deployments": True}))
litellm("1.102.0", "aws-iam", "`aws_iam_auth` is understood", cached({**TLS, **AWS}), cached({**HOST, **AWS}), cached({**TLS, "aws_iam_auth": True}), (cached(TLS), {"REDIS_AWS_IAM_AUTH": "true", "REDIS_AWS_IAM_USER_NAME": "u", "REDIS_AWS_IAM_CACHE_NAME": "c", "AWS_REGION": "eu-west-1"}), coordinated({"host": "ch", "ssl": True, **AWS}), cached({**CLUSTER, "ssl": True, **AWS}))
litellm("1.104.0", "sync-cluster-credential-provider", "sync cluster clients authenticate by a credential provider", cached({**CLUSTER, "ssl": True, "gcp_service_account": "sa"}), (cached({**CLUSTER, "ssl": True}), AZURE), (cached({**CLUSTER, "ssl": True, "password": "p"}), {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}))
litellm("1.108.0", "socket-timeout-fills-in", "REDIS_SOCKET_TIMEOUT fills in a missing `socket_timeout`; a bad value is ignored",
        cached({**HOST, "socket_timeout": None}), (cached(HOST), {"REDIS_SOCKET_TIMEOUT": "abc"}), (cached(HOST), {"REDIS_SOCKET_TIMEOUT": "12"}), cached({**SENTINEL, "socket_timeout": None}), (cached({**HOST, "socket_timeout": None}), {"REDIS_SOCKET_TIMEOUT": "3"}))
litellm("1.108.1", "fallback-targets", "a router fallback's targets must be a list", routed({"fallbacks": [{"a": "b"}]}), routed({**ROUTER, "fallbacks": [{"a": 5}]}), routed({"fallbacks": [{"a": ["b"]}]}), routed({"context_window_fallbacks": [{"a": "b"}]}))
litellm("1.109.0", "cluster-variable-is-validated", "REDIS_CLUSTER_NODES must hold a list of mappings", (cached({"type": "redis"}), {"REDIS_CLUSTER_NODES": '["a"]'}), (cached(HOST), {"REDIS_CLUSTER_NODES": "5"}), (cached({"type": "redis"}), {"REDIS_CLUSTER_NODES": "{}"}), (cached(HOST), {"REDIS_CLUSTER_NODES": "x"}))
litellm("1.109.0", "cache-types", "an unknown cache type is refused by name; `disk` is gone", cached({"type": "disk"}), cached({"type": "memcached"}), cached({"type": ""}), cached({**HOST, "disk_cache_dir": "/tmp/x"}))
litellm("1.109.0", "settings-are-json", "the settings must be JSON", "litellm_settings: {a: 2001-01-01}\n" + routed(ROUTER), "router_settings: {redis_host: 2001-01-01, redis_port: 1}\n")

litellm("1.64.1", "semantic-arguments", "`redis-semantic` is given `index_name` by LiteLLM itself, no longer `use_async`",
        cached({"type": "redis-semantic", "similarity_threshold": 0.8, "use_async": True}), cached({"type": "redis-semantic", "similarity_threshold": 0.8, "index_name": "i"}))
litellm("1.72.4", "disk-names-its-extra", "`disk` without its package names the extra that brings it", cached({"type": "disk"}), cached({**HOST, "type": "disk"}))
litellm("1.75.2", "cluster-lists-are-merged", "`startup_nodes` beside `redis_startup_nodes` is no second argument", cached({**CLUSTER, "startup_nodes": [{"host": "n2", "port": 7002}]}), cached({**CLUSTER, "startup_nodes": []}))
litellm("1.78.5", "batch-cache-size", "DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE is read on import: a value that is no number stops it", (cached(HOST), {"DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE": "x"}), (cached(HOST), {"DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE": "5"}))
litellm("1.79.2", "redis-major-version", "DEFAULT_REDIS_MAJOR_VERSION is read on import: a value that is no number stops it", (cached(HOST), {"DEFAULT_REDIS_MAJOR_VERSION": "x"}), (cached(HOST), {"DEFAULT_REDIS_MAJOR_VERSION": "6"}))
litellm("1.81.11", "odd-retry-policy", "a router's retry policy that is no mapping is ignored", routed({"retry_policy": 5}), routed({**ROUTER, "allowed_fails_policy": "x"}), routed({"retry_policy": []}))
litellm("1.81.14", "optional-checks", "`optional_pre_call_checks` are searched", routed({"optional_pre_call_checks": 5}), routed({**ROUTER, "optional_pre_call_checks": True}), routed({"optional_pre_call_checks": []}))
litellm("1.83.0", "environment-blocklist", "`environment_variables` such as PYTHONHOME are skipped",
        'environment_variables: {PYTHONHOME: "a\\0b"}\n' + cached(HOST), 'environment_variables: {LOGNAME: "\\0"}\n')
litellm("1.90.0", "credential-item", "`CredentialItem` has a module of its own", "credential_list: [a]\n", "credential_list: [5]\n" + cached(HOST))
litellm("1.99.0", "semantic-embedding-limits", "semantic caches are given limits for embeddings by LiteLLM itself",
        cached({"type": "redis-semantic", "similarity_threshold": 0.8, "host": "h", "port": 2, "password": "p", "embedding_timeout": 3}), cached({"type": "redis-semantic", "similarity_threshold": 0.8, "redis_url": "redis://h", "embedding_max_input_tokens": 9}))
litellm("1.100.0", "async-client-key-is-any", "settings that are no JSON are part of the async client's key too", cached({**HOST, "client_name": Raw("2001-01-01")}), cached({**HOST, "redis_connect_func": Raw("2001-01-01")}))
litellm("1.102.0", "coordination-is-validated", "`coordination_redis` is validated as a whole", section("general_settings", {"coordination_redis": Raw("{host: ch, port: 1, 1: 2}")}), section("general_settings", {"coordination_redis": Raw("{1: 2}")}))
litellm("1.102.0", "auth-cache-size", "`user_api_key_cache_max_size` is read", section("general_settings", {"user_api_key_cache_max_size": 0}), section("general_settings", {"user_api_key_cache_max_size": "x"}) + cached(HOST), section("general_settings", {"user_api_key_cache_max_size": 5}))
litellm("1.102.0", "cooldown-read-interval", "DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS is read on import: a value that is no number stops it", (cached(HOST), {"DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS": "x"}), (cached(HOST), {"DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS": "2"}))
litellm("1.103.0", "sections-are-json", "the settings sections must be what JSON can hold", "general_settings: {a: 2001-01-01}\n", "litellm_settings: {a: {1: 2}}\n" + routed(ROUTER), "router_settings: {1: 2}\n", "litellm_settings: {a: 2001-01-01}\n" + routed(ROUTER))
litellm("1.103.0", "timeout-log-interval", "REDIS_TIMEOUT_LOG_INTERVAL is read on import: a value that is no number stops it", (cached(HOST), {"REDIS_TIMEOUT_LOG_INTERVAL": "x"}), (cached(HOST), {"REDIS_TIMEOUT_LOG_INTERVAL": "2"}))
litellm("1.106.0", "credentials-are-mappings", "each entry of `credential_list` must be a mapping", "credential_list: [a]\n", "credential_list: [5]\n" + cached(HOST))
litellm("1.109.0", "other-shapes", "`litellm_settings` that is no mapping is refused otherwise", "[a]\n", "litellm_settings: [a]\n", "litellm_settings: x\n", "include: [5]\n")
litellm("1.110.0", "rust-client", "a Rust client is made of the same settings, and refuses some",
        cached(HOST), cached({**CLUSTER, "db": 2}), cached({**HOST, "host": ""}), cached({**TLS, "ssl_validate_ocsp": True}), cached({**HOST, "ssl_ca_certs": Raw("2001-01-01")}))
litellm("1.110.0", "rust-router", "the router is written in Rust: it ignores settings of wrong types, and refuses times that are no numbers",
        routed({"cooldown_time": True}), routed({"optional_pre_call_checks": 5}), routed({**ROUTER, "retry_policy": "x"}), routed({"routing_groups": [5]}), routed({"timeout": "x"}), routed({"fallbacks": [{"a": 5}]}))
litellm("1.110.0", "names-are-text", "the config's names, and those of `general_settings`, must be text", "1: 2\n" + cached(HOST), "general_settings: {1: 2}\n" + cached(HOST), "true: {}\n")
litellm("1.110.0", "http-settings", "what LiteLLM's Rust side reads of `ssl_verify` and `ssl_certificate` stops a start-up with Redis",
        *(cached(base, **more) for base in (HOST, CLUSTER, {**HOST, "ssl": True, "ssl_cert_reqs": "bad"}) for more in ({"ssl_verify": 5}, {"ssl_verify": ["a"]}, {"ssl_certificate": 5}, {"ssl_certificate": ""}, {"ssl_verify": {}, "ssl_certificate": True})),
        section("litellm_settings", {"ssl_verify": 5, "default_in_memory_ttl": "60"}) + routed(ROUTER), section("litellm_settings", {"ssl_verify": 5}) + coordinated({"host": "ch"}), section("litellm_settings", {"ssl_certificate": ""}) + routed(ROUTER),
        section("litellm_settings", {"ssl_verify": 2.5, "default_in_memory_ttl": "60", "cache": True, "cache_params": HOST}), section("litellm_settings", {"ssl_verify": 5, "cache": True, "cache_params": {"type": "local"}}),
        (cached(HOST), {"SSL_CERTIFICATE": ""}), (cached(HOST, ssl_certificate=None), {"SSL_CERTIFICATE": ""}), ('environment_variables: {SSL_CERTIFICATE: ""}\n' + cached(HOST), {}), ('environment_variables: {SSL_VERIFY: "false"}\n' + cached(HOST, ssl_verify=None), {}))

# --- redis-py --------------------------------------------------------------------------------------

redis_py("5.1.0", "cache-arguments", "`cache` and `cache_config` are arguments", cached({**HOST, "cache_config": None}), cached({**HOST, "cache": None}), cached({**SENTINEL, "force_master_ip": "x"}), cached({**HOST, "cache": "x"}))
redis_py("5.3.0", "event-dispatcher", "`event_dispatcher` is an argument", cached({**HOST, "event_dispatcher": None}), cached({**HOST, "event_dispatcher": "x"}))
redis_py("5.3.0", "cluster-is-decorated", "LiteLLM before 1.101 no longer sees the cluster's own arguments", cached({**CLUSTER, "require_full_coverage": True}), cached({**CLUSTER, "reinitialize_steps": "x"}), cached({**CLUSTER, "url": "redis://u:p@e"}), (cached({"type": "redis"}), {"REDIS_CLUSTER_NODES": NODES, "REDIS_CLUSTER_ERROR_RETRY_ATTEMPTS": "x"}))
redis_py("6.0.0", "hostname-check", "TLS checks the host name", cached(TLS), cached({**CLUSTER, "ssl": True}), cached({"type": "redis", "url": "rediss://h"}), routed({**ROUTER, "cache_kwargs": {"ssl": True}}), cached({**SENTINEL, "ssl": True}))
redis_py("6.0.0", "charset", "`charset` and `errors` are gone", cached({**HOST, "charset": "utf-8"}), cached({**HOST, "errors": "strict"}))
redis_py("6.0.0", "variables-are-not-read", "LiteLLM before 1.101 no longer sees redis.Redis's arguments, so REDIS_* are not read", (cached({"type": "redis"}), {"REDIS_HOST": "eh"}), (cached(HOST), {"REDIS_PASSWORD": "ep", "REDIS_SSL": "True"}))
redis_py("6.0.0", "search-module", "the module that LiteLLM's valkey-semantic cache imports is renamed", cached({"type": "valkey-semantic", "similarity_threshold": 0.8, "redis_url": "redis://x"}))
redis_py("6.1.0", "cert-reqs-none", "`ssl_cert_reqs: none` goes without a host name check", cached({**TLS, "ssl_cert_reqs": "none"}), cached({**TLS, "ssl_cert_reqs": None}), cached({**CLUSTER, "ssl": True, "ssl_cert_reqs": "none"}), cached({"type": "redis", "url": "rediss://h?ssl_cert_reqs=none"}), cached({**TLS, "ssl_cert_reqs": "none", "ssl_check_hostname": True}))
redis_py("6.1.0", "cluster-check-hostname", "the sync cluster takes `ssl_check_hostname`", cached({**CLUSTER, "ssl": True, "ssl_check_hostname": False}))
redis_py("6.2.0", "dynamic-startup-nodes", "the async cluster takes `dynamic_startup_nodes`", cached({**CLUSTER, "dynamic_startup_nodes": False}))
redis_py("7.0.0", "verify-flags", "`ssl_include_verify_flags` are arguments", cached({**TLS, "ssl_include_verify_flags": None}), cached({**TLS, "ssl_exclude_verify_flags": ["x"]}), cached({**HOST, "maint_notifications_config": None}))
redis_py("7.1.0", "policy-resolver", "clusters take `policy_resolver`", cached({**CLUSTER, "policy_resolver": None}), cached({**CLUSTER, "policy_resolver": "x"}))
redis_py("7.2.0", "async-tls", "async TLS takes `ssl_ca_path` and `ssl_password`", cached({**TLS, "ssl_ca_path": "/p"}), cached({**TLS, "ssl_password": "x"}), cached({**TLS, "ssl_certfile": "/c"}), cached({**CLUSTER, "ssl": True, "ssl_ca_path": "/p"}))
redis_py("7.2.0", "driver-info", "`driver_info` is an argument", cached({**HOST, "driver_info": None}), cached({**HOST, "driver_info": "x"}), cached({**HOST, "lib_name": "x"}))
redis_py("7.2.0", "connection-is-decorated", "LiteLLM 1.96 and 1.97 no longer see the connection's arguments", cached({"type": "redis", "url": "redis://h:1", "socket_timeout": 9, "client_name": "c"}))
redis_py("7.2.0", "cluster-cache-config", "a cluster's client makes its client-side cache before it looks for its nodes", cached({**CLUSTER, "cache_config": ""}), cached({**CLUSTER, "protocol": 3, "cache_config": {"a": 1}}))
redis_py("7.2.1", "protocol-error", "a bad `protocol` is reported as itself", cached({**HOST, "protocol": "x"}), cached({"type": "redis", "url": "redis://h?protocol=x"}))
redis_py("8.0.0", "timeouts", "timeouts of 5 seconds by default", cached({"type": "redis", "url": "redis://h:1"}), cached(HOST), routed(ROUTER), cached(SENTINEL), cached(CLUSTER), coordinated({"host": "ch"}))
redis_py("8.0.0", "protocol", "RESP 3 by default, `legacy_responses`, `protocol` in URLs", cached({"type": "redis", "url": "redis://h?protocol=3"}), cached({**HOST, "legacy_responses": False}), cached({"type": "redis", "url": "redis://h?legacy_responses=no"}), cached({"type": "redis", "url": "redis://h?socket_read_size=5"}))
redis_py("8.0.0", "pool-size", "sync pools hold 100 connections", cached({**HOST, "max_connections": None}), cached({**HOST, "max_connections": 100}))
redis_py("8.0.0", "cluster-notices", "a cluster's client speaks RESP 3, and reads `maint_notifications_config`", cached({**CLUSTER, "protocol": 2, "maint_notifications_config": "x"}), cached({**CLUSTER, "maint_notifications_config": {"a": 1}}))
redis_py("8.0.1", "url-min-version", "`ssl_min_version` of a URL is a number", cached({"type": "redis", "url": "rediss://h?ssl_min_version=771"}), cached({"type": "redis", "url": "rediss://h?ssl_min_version=x"}))
redis_py("8.1.0", "url-unquote", "a URL's query is unquoted once", cached({"type": "redis", "url": "redis://h?client_name=a%2520b"}), cached({"type": "redis", "url": "rediss://h?ssl_ca_certs=%252Fca"}))
redis_py("8.1.0", "async-maintenance", "the async client takes `maint_notifications_config`", cached({**HOST, "maint_notifications_config": "x"}))

OPENAI = "model_list: [{model_name: m, litellm_params: {model: openai/gpt-4o, api_key: k}}]\n"
AZURE_MODEL = "model_list: [{model_name: m, litellm_params: {model: azure/d, api_key: k, api_base: 'https://a.example'}}]\n"
ANTHROPIC = "model_list: [{model_name: m, litellm_params: {model: anthropic/claude-3, api_key: k}}]\n"
MISSING = "/no/such/ca.pem"
litellm("1.63.8", "model-clients", "the clients of OpenAI and Azure are made when a model is asked; before, at start-up, with the files of `ssl_verify`",
        OPENAI + cached(HOST, ssl_verify=MISSING), AZURE_MODEL + cached(HOST, ssl_verify=MISSING), ANTHROPIC + cached(HOST, ssl_verify=MISSING),
        OPENAI + "litellm_settings: {ssl_verify: 'false'}\n", OPENAI + "litellm_settings: {ssl_verify: ''}\n", OPENAI + "litellm_settings: {ssl_verify: false}\n",
        "environment_variables: {SSL_CERT_FILE: " + MISSING + "}\n" + OPENAI + cached(HOST), "environment_variables: {SSL_CERT_FILE: " + MISSING + "}\n" + OPENAI + cached(HOST, ssl_verify=False))
litellm("1.74.0", "ssl-verify-variable", "SSL_VERIFY may be a Boolean; before, any text in it was a path",
        (cached(HOST), {"SSL_VERIFY": "true"}), (cached(HOST), {"SSL_VERIFY": "False"}), (cached(HOST), {"SSL_VERIFY": MISSING}), (cached(HOST), {"SSL_VERIFY": ""}),
        (cached(HOST), {"SSL_CERT_FILE": MISSING}), (cached(HOST), {"SSL_CERT_FILE": ""}), (cached(HOST), {"SSL_CERTIFICATE": "/no/such/cert.pem"}), (NONE, {"SSL_CERT_FILE": MISSING, "SSL_VERIFY": "false"}))
redis_py("6.0.0", "cert-reqs-numbers", "asyncio's TLS takes a number for `ssl_cert_reqs`; what is no mode of Python's ssl is found out on connecting",
         cached({**TLS, "ssl_cert_reqs": Raw("2.0")}), cached({**TLS, "ssl_cert_reqs": 2.5}), cached({**TLS, "ssl_cert_reqs": 1}), cached({**TLS, "ssl_cert_reqs": 7}), cached({**TLS, "ssl_cert_reqs": {"a": "b"}}), cached({**CLUSTER, "ssl": True, "ssl_cert_reqs": 2.5}), cached({**SENTINEL, "ssl": True, "ssl_cert_reqs": [1]}))
