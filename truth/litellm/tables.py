"""Cases by hand: URLs, cache types, sections, the router, coordination, variables, IAM, references, published shapes."""

import itertools
import json

from configs import Raw, add, cached, coordinated, routed, section
from values import BASES, IAM, FIELDS

URLS = """redis://h redis://h/ redis://h/x redis://h/1/2 redis://h/-1 redis://h/1.5 redis://h:99999 redis://h:x redis://h: redis://:p@h redis://u@h redis://u:@h redis://@h redis://u:p@h:1/2
redis://u:p%40@h:1/2?db=3 redis://u%3A:p%2F@h redis://a@b@h redis://[::1]:6379 redis://[::1] redis://[zz] redis://[1.2.3.4] redis://::1:6379 redis://[fe80::1%25eth0]:1 unix:///tmp/s.sock unix://u:p@/tmp/s?db=1
unix://u:p@host/tmp/s unix: redis: redis:// rediss:// redis:/h redis:h REDIS://h Rediss://H.Example http://h redis+tls://h tcp://h:1 h h:6379 //h redis://H.Example redis://h.example. rediss://h?ssl_cert_reqs=none
rediss://h?ssl_cert_reqs=None rediss://h?ssl_cert_reqs=CERT_NONE rediss://h?ssl_cert_reqs= rediss://h?ssl_cert_reqs=bad&ssl_check_hostname=no rediss://h?ssl_check_hostname=False rediss://h?ssl_check_hostname=1 redis://h?ssl=true
rediss://h?ssl=true redis://h?timeout=3 redis://h?timeout=x redis://h?max_connections=9 redis://h?max_connections=-1 redis://h?max_connections=x redis://h?socket_timeout=abc redis://h?socket_timeout=2.5&retry_on_timeout=no
redis://h?socket_timeout=inf redis://h?socket_timeout=nan redis://h?socket_timeout=1_0 redis://h?socket_timeout=+3 redis://h?socket_timeout= redis://h?socket_connect_timeout=2 redis://h?foo=1 redis://h?foo rediss://h?ssl_min_version=771
rediss://h?ssl_min_version=TLSv1.2 redis://h?protocol=3 redis://h?protocol=2 redis://h?protocol=x redis://h?protocol=4 redis://h?client_name=a%2520b redis://h?client_name=a+b redis://h/0?db= redis://h?db=x redis://h/1?db=2 redis://h/%31
redis://a,b:1 redis://h?health_check_interval=9&socket_keepalive=yes redis://h?health_check_interval=1.5 redis://h#f redis://h/1#f redis://h?retry_on_error=ab redis://h?decode_responses=true redis://h?username=q&password=w redis://u:p@h?password=w
rediss://h?ssl_ca_certs=/ca&ssl_certfile=/c&ssl_keyfile=/k redis://h?ssl_ca_certs=/ca rediss://u:p@h:6380/2?ssl_ca_certs=%2Fca.pem rediss://h?ssl_ca_path=/x rediss://h?ssl_password=x rediss://h?ssl_validate_ocsp=true redis://%68:1 redis://h:0
redis://h:-1 redis://h:6379?a=1&a=2 redis://h?db=1&db=2 redis://h?db=1;socket_timeout=3 redis://h?host=other&port=2 redis://h?url=x redis://h?connection_class=x redis://h?retry=1 redis://h?legacy_responses=no redis://h?socket_read_size=5
redis://h?socket_keepalive_options=x redis://h?credential_provider=x redis://h?unix_socket_path=/x redis://é:1 redis://u:p@ redis://user:pass:word@h redis://h:6379/0?ssl_cert_reqs=none rediss://h:6379/0?ssl_include_verify_flags=x
rediss://default:p%23w%3F@cache.example.com:6380/0""".split() + ["", " redis://h", "redis://h ", "redis://h\n", "redis://h/a b", "redis://h\t:1", "os.environ/SET", "os.environ/UNSET", "os.environ/EMPTY", 5, True, None, [], {}, float("nan")]


def urls():
    for url in URLS:
        add("url", cached({"type": "redis", "url": url}))
        add("url-kwargs", cached({"type": "redis", "url": url, "ssl": True, "socket_timeout": 3, "password": "pp", "username": "uu"}))
        add("url-router", routed({"redis_url": url}))
        add("url-coordination", coordinated({"url": url}))
        add("url-cluster", cached({"type": "redis", "redis_startup_nodes": [{"host": "n", "port": 1}], "url": url}))
        add("url-valkey", cached({"type": "valkey-semantic", "similarity_threshold": 0.8, "redis_url": url}))
        if isinstance(url, str):
            env = {"REDIS_URL": url}
            for name in ("nothing", "host", "cluster", "sentinel"):
                add("url-env", cached(BASES[name]), env)
            add("url-env", section("litellm_settings", {"cache": True}), env)
            add("url-env-router", routed({"redis_host": "rh", "redis_port": 1}), env)
            add("url-env-none", "model_list: []\n", env)
            add("url-ref", cached({"type": "redis", "url": "os.environ/U"}), {"U": url})


def cache_switch():
    switches = ["true", "false", "null", "'true'", "'True'", "1", "0", "{}", "{type: redis}", "yes", "on", "off", "[]", "''", "True", "TRUE", "y", "redis"]
    params = ["", "cache_params: null", "cache_params: {}", "cache_params: []", "cache_params: [a]", "cache_params: abc", "cache_params: [[type, redis], [host, h]]", "cache_params: 5", "cache_params: {type: redis, host: h}", "cache_params: {1: 2}", "cache_params: {host: h}", "cache_params: {type: local}", "cache_params: ''", "cache_params: {<<: {type: redis, host: m}}", "cache_params: {type: redis, type: local}", "cache_params: &a {type: redis, host: h, a: *a}"]
    for switch, param in itertools.product(switches, params):
        text = f"litellm_settings:\n  cache: {switch}\n" + (f"  {param}\n" if param else "")
        for env in ({}, {"REDIS_HOST": "eh", "REDIS_PORT": "7", "REDIS_PASSWORD": "ep"}):
            add("switch", text, env)
    for param in params[1:]:
        add("no-switch", f"litellm_settings:\n  {param}\n")
        add("no-switch", f"litellm_settings:\n  {param}\n  cache: true\n")


TYPES = ["redis", "redis-semantic", "valkey-semantic", "local", "s3", "gcs", "azure-blob", "qdrant-semantic", "disk", "memcached", "", None, 5, 0, ["redis"], {}, True, False, "REDIS", "Redis", " redis", "redis_semantic", "dual", "os.environ/SET", "os.environ/UNSET", Raw("redis\n      "), 1.5]
TYPE_SETTINGS = [
    {}, {"host": "h", "port": 1, "password": "p", "similarity_threshold": 0.8}, {"similarity_threshold": "x"}, {"similarity_threshold": 0}, {"similarity_threshold": None},
    {"redis_url": "redis://x", "similarity_threshold": 1}, {"redis_url": "", "similarity_threshold": 1}, {"host": "h", "similarity_threshold": 0.8}, {"port": 1, "similarity_threshold": 0.8, "host": ""},
    {"namespace": "n", "ttl": 5, "foo": 2}, {"url": "redis://x", "ssl": True}, {"redis_startup_nodes": [{"host": "n", "port": 1}], "similarity_threshold": 0.8},
    {"s3_bucket_name": "b", "s3_region_name": "eu-west-1", "s3_path": "p"}, {"s3_bucket_name": "b", "s3_path": 5}, {"s3_bucket_name": "b", "foo": 1}, {"s3_bucket_name": "b", "config": 1}, {"s3_bucket_name": "b", "aws_account_id": "1"}, {"s3_bucket_name": "b", "s3_region_name": "eu west"}, {"s3_bucket_name": "b", "s3_region_name": "r", "s3_endpoint_url": "nonsense"}, {"s3_bucket_name": "b", "s3_config": {"a": 1}}, {"s3_region_name": 5},
    {"gcs_bucket_name": "b"}, {"gcs_bucket_name": "b", "gcs_path": "p", "gcs_path_service_account": "/sa.json"}, {"gcs_bucket_name": "b", "gcs_path": 5}, {"gcs_bucket_name": None},
    {"azure_account_url": "https://a.blob.core.windows.net", "azure_blob_container": "c"}, {"azure_account_url": "a"}, {"azure_blob_container": "c"}, {"azure_account_url": 5, "azure_blob_container": "c"},
    {"qdrant_collection_name": "c", "similarity_threshold": 0.5}, {"qdrant_collection_name": "c", "similarity_threshold": 0.5, "qdrant_api_base": "http://q:6333"}, {"qdrant_api_base": "http://q:6333"}, {"qdrant_collection_name": "c"},
    {"disk_cache_dir": "/tmp/x"}, {"semantic_cache_embedding_timeout": "x", "similarity_threshold": 0.5, "host": "h", "port": 1, "password": "p"}, {"redis_semantic_cache_index_name": "i", "similarity_threshold": 0.5, "host": "h", "port": 1, "password": "p", "ssl": True}, {"supported_call_types": None, "mode": "default_off"}, {"semantic_cache_scope": "bad", "host": "h", "port": 1, "password": "p", "similarity_threshold": 0.5},
]
TYPE_ENVS = [{}, {"REDIS_HOST": "eh", "REDIS_PORT": "1", "REDIS_PASSWORD": "ep"}, {"REDIS_URL": "redis://eh"}, {"VALKEY_HOST": "vh", "VALKEY_PORT": "2", "VALKEY_PASSWORD": "vp"}, {"REDIS_HOST": "eh"}, {"QDRANT_URL": "http://q"}, {"REDIS_CLUSTER_NODES": '[{"host": "c1", "port": 1}]'}]


def cache_types():
    for kind in TYPES:
        for settings in TYPE_SETTINGS[:12]:
            add("type", cached({"type": kind, **settings}))
        for env in TYPE_ENVS[1:]:
            add("type-env", cached({"type": kind}), env)
            add("type-env", cached({"type": kind, "similarity_threshold": 0.7}), env)
    for kind in TYPES[:9]:
        for settings in TYPE_SETTINGS:
            add("type-own", cached({"type": kind, **settings}))
            for env in TYPE_ENVS[1:4]:
                add("type-own-env", cached({"type": kind, **settings}), env)
        add("type-router", cached({"type": kind, "similarity_threshold": 0.7, "redis_url": "redis://x"}) + routed({"redis_host": "rh", "redis_port": 1}))
        add("type-coordination", cached({"type": kind, "similarity_threshold": 0.7, "redis_url": "redis://x"}) + coordinated({"host": "ch"}))


def sections():
    names = ["litellm_settings", "router_settings", "general_settings", "environment_variables", "model_list", "callback_settings", "include", "credential_list", "guardrails", "search_tools", "assistant_settings", "finetune_settings", "files_settings", "default_vertex_config"]
    for name in names:
        for value in ["null", "[]", "{}", "[a]", "abc", "5", "''", "true", "{1: 2}", "{a: 2001-01-01}", "[{}]", "[null]"]:
            add("section", f"{name}: {value}\n")
            if name != "litellm_settings":
                add("section-cached", f"{name}: {value}\n" + cached(BASES["host"]))
    for text in ["", "# c\n", "[]", "a", "5", "- a\n- b", "{}", "true", "null", "a: b: c", "a: [", "\tx: 1", "include: x.yaml\n", "include: [no.yaml]\n", "1: 2\n", "a: 1\n---\nb: 2\n", "--- {}\n", "...", "? a\n", "a: *x\n", "a: !!python/object:os.system x\n", "a: !foo x\n", "a: \"\n", "a: '\n", "%YAML 1.2\n---\na: 1\n", "litellm_settings:\n\tcache: true\n", "\ufefflitellm_settings: {cache: true, cache_params: {type: redis, host: h}}\n", "litellm_settings:\r\n  cache: true\r\n  cache_params:\r\n    type: redis\r\n    host: h\r\n", "a: \u0007\n", "a: {b\n", "- - -\n a", "litellm_settings: {cache: true, cache_params: {type: redis, host: h}}\nlitellm_settings: {cache: false}\n", "litellm_settings:\n  cache_params: &p {type: redis, host: h}\n  cache: true\nrouter_settings: {redis_host: r, redis_port: 1, cache_kwargs: *p}\n"]:
        add("document", text)
        add("document", text, {"REDIS_HOST": "eh", "REDIS_PORT": "1"})
    models = [
        [{"model_name": "m", "litellm_params": {"model": "openai/gpt-4o", "api_key": "os.environ/SET"}}], [{"model_name": "m"}], [{"litellm_params": {"model": "openai/x"}}], [{"model_name": "m", "litellm_params": {}}],
        [{"model_name": "m", "litellm_params": None}], [{"model_name": "m", "litellm_params": {"model": "nonsense"}}], [{"model_name": "*", "litellm_params": {"model": "*"}}], {"model_name": "m"},
    ]
    for models_here in models:
        add("models", section("model_list", models_here) + cached(BASES["host"]))
        add("models", section("model_list", models_here))
    for key, value in [("drop_params", True), ("num_retries", "x"), ("request_timeout", None), ("callbacks", ["prometheus"]), ("callbacks", "prometheus"), ("success_callback", ["langfuse"]), ("failure_callback", None), ("default_redis_ttl", 60), ("default_redis_ttl", "x"), ("default_in_redis_ttl", 60), ("cache_type", "redis"), ("cache_host", "h"), ("cache_port", 1), ("redis_host", "h"), ("type", "redis"), ("enable_redis_auth_cache", True), ("enable_caching", True), ("set_verbose", True), ("service_callback", ["prometheus_system"]), ("fallbacks", [{"a": ["b"]}]), ("caching", True), ("caching_with_models", True), ("in_memory_llm_clients_cache", 1), ("json_logs", True), ("max_budget", 5), ("default_team_settings", []), ("turn_off_message_logging", True), ("redis_url", "redis://h"), ("secret_manager_client", 1), ("cache_params", None)]:
        add("litellm-settings", section("litellm_settings", {key: value}))
        add("litellm-settings", section("litellm_settings", {key: value, "cache": True, "cache_params": BASES["host"]}))
        add("litellm-settings", section("litellm_settings", {"cache": True, "cache_params": BASES["host"], key: value}))
        add("general-settings", section("general_settings", {key: value}) + cached(BASES["host"]))
    general = [("cache", True), ("cache_params", BASES["host"]), ("use_redis_transaction_buffer", True), ("use_redis_transaction_buffer", "true"), ("use_redis_transaction_buffer", "x"), ("master_key", "sk-1"), ("master_key", "os.environ/UNSET"), ("master_key", 5), ("use_shared_health_check", True), ("background_health_checks", True), ("user_api_key_cache_ttl", 5), ("user_api_key_cache_ttl", "x"), ("key_management_system", "x"), ("coordination_redis", None), ("alerting", ["slack"]), ("alerting", 5), ("redis_host", "h"), ("store_model_in_db", True), ("custom_auth", "a.b"), ("database_url", "os.environ/UNSET"), ("pass_through_endpoints", [])]
    for key, value in general:
        add("general", section("general_settings", {key: value}))
        add("general", section("general_settings", {key: value}), {"REDIS_HOST": "eh", "REDIS_PORT": "1"})
        add("general", section("general_settings", {key: value}) + cached(BASES["host"]))
        add("general", section("general_settings", {key: value}) + cached({"type": "local"}))


ROUTERS = [
    {"redis_host": "h"}, {"redis_host": "h", "redis_port": 6379}, {"redis_port": 1}, {"redis_url": "redis://h"}, {"redis_url": "rediss://u:p@h:1/2"}, {"redis_url": "redis://h", "redis_host": "h2", "redis_port": 2}, {"redis_url": "", "redis_host": "h2", "redis_port": 2},
    {"redis_host": "h", "redis_port": "x"}, {"redis_host": "h", "redis_port": "6379"}, {"redis_host": 5, "redis_port": 6379}, {"redis_host": "h", "redis_port": 6379, "redis_password": "p", "redis_db": 3}, {"redis_host": "h", "redis_port": 6379, "redis_db": "x"}, {"redis_host": "h", "redis_port": 6379, "redis_db": 0}, {"redis_url": "redis://h", "redis_db": 3},
    {"redis_host": "h", "redis_port": 6379, "redis_ssl": True, "redis_username": "u"}, {"redis_host": "h", "redis_port": 6379, "redis_password": 5}, {"redis_host": "h", "redis_port": 6379, "redis_password": ""}, {"redis_host": "h", "redis_port": 6379, "cache_responses": True}, {"cache_responses": True}, {"cache_responses": False}, {"cache_responses": "x"}, {"cache_responses": True, "redis_url": "rediss://h"},
    {"redis_host": "h", "redis_port": 6379, "cache_kwargs": None}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {}}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": "ab"}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": [["a", 1]]}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": 5}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"type": "redis"}, "cache_responses": True}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"type": "local"}, "cache_responses": True},
    {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"ssl": True, "startup_nodes": [{"host": "c", "port": 1}]}}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"redis_startup_nodes": [{"host": "c", "port": 1}]}}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"sentinel_nodes": [["s", 1]], "service_name": "m"}}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"host": "other", "password": "pp", "db": 4}},
    {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"ssl": True, "ssl_ca_certs": "/ca", "ssl_certfile": "/c", "ssl_keyfile": "/k"}}, {"redis_url": "redis://h", "cache_kwargs": {"ssl": True, "socket_timeout": 3}}, {"cache_kwargs": {"host": "h"}}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"gcp_service_account": "sa", "ssl": True}}, {"redis_host": "h", "redis_port": 6379, "cache_kwargs": {"password": "os.environ/SET", "username": "os.environ/UNSET"}},
    {"health_check_interval": 3}, {"redis_host": "os.environ/HOST", "redis_port": "os.environ/PORT"}, {"redis_host": "os.environ/SET", "redis_port": "os.environ/UNSET"}, {"redis_url": "os.environ/UNSET"}, {"model_list": []}, {"search_tools": []}, {"assistants_config": {}}, {"router_general_settings": {}}, {"ignore_invalid_deployments": True}, {"redis_host": "", "redis_port": 0}, {"redis_host": "h", "redis_port": 0}, {"redis_host": "h", "redis_port": None}, {"redis_enabled": True, "redis_host": "h", "redis_port": 1},
    {"routing_strategy": "simple-shuffle"}, {"routing_strategy": "usage-based-routing-v2", "redis_host": "h", "redis_port": 1}, {"routing_strategy": "latency-based-routing"}, {"routing_strategy": "nonsense"}, {"num_retries": "x"}, {"timeout": "x"}, {"allowed_fails": None}, {"cache": True}, {"cache_params": BASES["host"]}, {"client_ttl": 5}, {"enable_pre_call_checks": True}, {"fallbacks": [{"a": ["b"]}]}, {"fallbacks": "x"}, {"model_group_alias": {"a": "b"}}, {"caching_groups": [["a", "b"]]}, {"default_litellm_params": {}}, {"default_max_parallel_requests": "x"}, {"polling_interval": 5},
]
ENVIRONMENTS = [
    {}, {"REDIS_HOST": "eh", "REDIS_SSL": "true", "REDIS_PASSWORD": "ep", "REDIS_PORT": "7"}, {"REDIS_HOST": "eh"}, {"REDIS_URL": "redis://eu:ep@eh:5/4"}, {"REDIS_CLUSTER_NODES": '[{"host": "c1", "port": 1}]'},
    {"REDIS_SENTINEL_NODES": '[["es", 1]]', "REDIS_SERVICE_NAME": "mm"}, {"REDIS_SENTINEL_NODES": '[["es", 1]]', "REDIS_SERVICE_NAME": "mm", "REDIS_SENTINEL_PASSWORD": "sp", "REDIS_SSL": "True"}, {"REDIS_URL": "rediss://eh", "REDIS_SSL_CA_CERTS": "/eca", "REDIS_DB": "3"}, {"REDIS_SSL": "false", "REDIS_USERNAME": "eu"},
]
COORDINATIONS = [
    {"host": "ch"}, {"host": "ch", "port": "6390"}, {"host": "ch", "port": "x"}, {"host": "ch", "port": 1.5}, {"host": "ch", "port": True}, {"port": 1}, {}, None, [], ["a"], "x", 5, True, {"host": 5}, {"host": None}, {"host": ""}, {"host": "ch", "ssl": "false"}, {"host": "ch", "ssl": "maybe"}, {"host": "ch", "ssl": 1}, {"host": "ch", "ssl": 2}, {"host": "ch", "ssl": True, "ssl_ca_certs": "/ca"}, {"host": "ch", "foo": 1}, {"host": "ch", "type": "redis"},
    {"startup_nodes": [{"host": "a", "port": "7"}]}, {"startup_nodes": [{"host": "a"}]}, {"startup_nodes": "x"}, {"startup_nodes": []}, {"startup_nodes": [["a", 1]]}, {"startup_nodes": [{"host": "a", "port": 1}], "password": "p", "ssl": True, "ssl_certfile": "/c"}, {"redis_startup_nodes": [{"host": "a", "port": 1}]},
    {"sentinel_nodes": [["a", 1]], "service_name": "m", "sentinel_password": "sp", "password": "p"}, {"sentinel_nodes": [["a", 1]]}, {"sentinel_nodes": [["a", 1.5]]}, {"sentinel_nodes": [["a", "1"]], "service_name": "m"}, {"sentinel_nodes": [{"host": "a"}]}, {"sentinel_nodes": []}, {"sentinel_nodes": [["a", 1, 2]]}, {"service_name": "m"},
    {"url": "rediss://h"}, {"url": "redis://h", "host": "h2"}, {"url": None}, {"host": "os.environ/HOST", "port": "os.environ/PORT"}, {"host": "os.environ/UNSET"}, {"host": "os.environ/SET", "ssl": "os.environ/TRUE"}, {"host": "ch", "socket_timeout": 9, "max_connections": "4", "username": "u"}, {"host": "ch", "socket_timeout": None}, {"host": "ch", "socket_timeout": "x"}, {"host": "ch", "max_connections": "x"}, {"host": "ch", "db": "2"}, {"host": "ch", "db": 2}, {"host": "ch", "password": 5}, {"host": "ch", "namespace": "n", "startup_nodes": None},
    {"host": "ch", "aws_iam_auth": True}, {"host": "ch", "ssl": True, "aws_iam_auth": True, "aws_iam_user_name": "u", "aws_iam_cache_name": "c", "aws_iam_region": "r"}, {"host": "ch", "gcp_service_account": "sa"}, {"host": "ch", "azure_redis_ad_token": "true"}, {"host": "ch", "redis_flush_size": 5}, {1: 2}, {"host": "ch", 1: 2},
]


def router_and_coordination():
    beside = ["", cached(BASES["host"]), cached({"type": "local"}), cached(BASES["cluster"]), section("litellm_settings", {"cache": True})]
    for settings in ROUTERS:
        for more in beside[:3]:
            for env in ENVIRONMENTS:
                add("router-settings", more + routed(settings), env)
    for settings in COORDINATIONS:
        for more in beside:
            add("coordination-redis", more + coordinated(settings))
        for env in ENVIRONMENTS[1:]:
            add("coordination-redis", coordinated(settings), env)
        add("coordination-redis", coordinated(settings) + routed({"redis_host": "rh", "redis_port": 1}) + beside[1])
    for a, b in itertools.product(BASES, BASES):
        add("two", cached(BASES[a]) + routed({"redis_host": "rh", "redis_port": 1, "cache_kwargs": {k: v for k, v in BASES[b].items() if k != "type"}}))
        add("two", cached(BASES[a]) + coordinated({k: v for k, v in BASES[b].items() if k != "type"}))


VALUES = ["1", "0", "x", "", "true", "True", "false", "FALSE", "yes", "no", "5.5", "None", "none", "null", '[{"host":"e1","port":1}]', '[["es",1]]', "redis://eu:ep@eh:1/2", "/path", " ", "os.environ/SET"]


def environment():
    names = [f.upper() for f in FIELDS if f not in ("type", "self", "_backend")]
    places = [cached(BASES["host"]), cached({"type": "redis"}), section("litellm_settings", {"cache": True}), cached({"type": "local"}), routed({"redis_host": "a", "redis_port": 1}), cached(BASES["cluster"]), cached(BASES["sentinel"]), cached(BASES["url"])]
    for name in names:
        for value in VALUES[:6] + VALUES[6:11]:
            add("env", places[0], {"REDIS_" + name: value})
        for value in ["1", "x", "true", "false", ""]:
            add("env", places[1], {"REDIS_" + name: value, "REDIS_HOST": "eh"} if name != "HOST" else {"REDIS_HOST": value})
            for place in places[2:]:
                add("env", place, {"REDIS_" + name: value})
            add("env-none", "model_list: []\n", {"REDIS_HOST": "eh", "REDIS_" + name: value})
        add("env-case", places[1], {"REDIS_HOST": "eh", "redis_" + name.lower(): "1"})
    for name in ("SSL", "HOST", "PORT", "PASSWORD", "DB", "URL", "USERNAME", "SSL_CERT_REQS", "SSL_CHECK_HOSTNAME", "SSL_CA_CERTS", "SSL_CERTFILE", "MAX_CONNECTIONS", "SOCKET_TIMEOUT", "HEALTH_CHECK_INTERVAL", "CONNECTION_POOL_TIMEOUT", "SOCKET_CONNECT_TIMEOUT"):
        for value in VALUES + ["abc", "1_0", "required", "CERT_NONE", "nan", "inf", "1e3", "+5", "٣"]:
            for place in places:
                add("env-main", place, {"REDIS_" + name: value})
            add("env-main", places[0].replace("true", "true", 1) + routed({"redis_host": "rh", "redis_port": 1, "cache_kwargs": {"ssl": True}}), {"REDIS_" + name: value})
        for wrong in (f"redis_{name.lower()}", f"Redis_{name}", f"REDIS{name}", f"LITELLM_REDIS_{name}", f"REDIS__{name}"):
            add("env-wrong", places[1], {"REDIS_HOST": "eh", wrong: "1"})
    nodes = ['[{"host":"c1","port":1}]', '[{"host":"c1","port":"1"},{"host":"localhost","port":2}]', "[]", "x", "{}", "[1]", '[["a",1]]', "true", "True", "null", '[{"host":"c"}]', '[{"port":1}]', '[{"host":"c","port":1,"x":2}]', '"s"', "", '[{"host":"c1","port":1}', "[{'host':'c1','port':1}]", "c1:1,c2:2", '[{"host":null,"port":1}]', "5", "NaN", '[{"host":"c1","port":1}] x']
    sentinels = ['[["a",1]]', '[["a","1"],["b",2]]', "[]", "x", '[{"host":"a","port":1}]', '[["a"]]', '[["a",1,2]]', '["ab"]', "5", "true", "", "null", '[["a",null]]', "{}", "a:1"]
    places += ["", cached(BASES["startup"]), cached({"type": "redis-semantic", "similarity_threshold": 0.7, "host": "h", "port": 1, "password": "p"}), coordinated({"host": "ch"})]
    for place in places:
        for value in nodes:
            add("env-cluster", place, {"REDIS_CLUSTER_NODES": value})
            add("env-cluster", place, {"REDIS_CLUSTER_NODES": value, "REDIS_PASSWORD": "ep", "REDIS_SSL": "true"})
        for value in sentinels:
            add("env-sentinel", place, {"REDIS_SENTINEL_NODES": value, "REDIS_SERVICE_NAME": "m"})
        for env in ({"REDIS_SENTINEL_NODES": '[["a",1]]'}, {"REDIS_SERVICE_NAME": "m"}, {"REDIS_SENTINEL_PASSWORD": "sp"}, {"REDIS_SENTINEL_NODES": '[["a",1]]', "REDIS_SERVICE_NAME": "true"}, {"REDIS_SENTINEL_NODES": '[["a",1]]', "REDIS_SERVICE_NAME": "m", "REDIS_CLUSTER_NODES": nodes[0], "REDIS_URL": "redis://eh"}, {"REDIS_SENTINEL_NODES": '[["a",1]]', "REDIS_SERVICE_NAME": "m", "REDIS_SENTINEL_PASSWORD": "true", "REDIS_PASSWORD": "ep", "REDIS_DB": "2", "REDIS_USERNAME": "eu"}):
            add("env-sentinel", place, env)
        for env in ENVIRONMENTS:
            add("env-place", place, env)
    for name in ("DEFAULT_REDIS_SYNC_INTERVAL", "MAX_REDIS_BUFFER_DEQUEUE_COUNT", "DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE", "DEFAULT_REDIS_MAJOR_VERSION", "QDRANT_VECTOR_SIZE", "REDIS_CIRCUIT_BREAKER_ENABLED", "REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD", "REDIS_CLUSTER_HEALTH_CHECK_INTERVAL", "REDIS_TIMEOUT_LOG_INTERVAL"):
        for value in ("5", "5.5", "x", ""):
            add("env-constant", places[0], {name: value})
            add("env-constant", cached(BASES["cluster"]), {name: value})


def iam():
    envs = [
        {"REDIS_GCP_SERVICE_ACCOUNT": "sa"}, {"REDIS_GCP_SSL_CA_CERTS": "/ca"}, {"REDIS_GCP_SERVICE_ACCOUNT": "sa", "REDIS_GCP_SSL_CA_CERTS": "/ca", "REDIS_SSL": "true"}, {"REDIS_GCP_SERVICE_ACCOUNT": "true"}, {"REDIS_GCP_SERVICE_ACCOUNT": ""}, {"REDIS_GCP_IAM_SERVICE_ACCOUNT": "sa"},
        {"REDIS_AZURE_AD_TOKEN": "true", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"}, {"REDIS_AZURE_AD_TOKEN": "true", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "bad tenant!", "AZURE_CLIENT_SECRET": "s"}, {"REDIS_AZURE_AD_TOKEN": "true", "AZURE_CLIENT_ID": "c"}, {"REDIS_AZURE_AD_TOKEN": "true", "REDIS_USERNAME": "u"}, {"REDIS_AZURE_AD_TOKEN": "1"}, {"REDIS_AZURE_AD_TOKEN": "false"}, {"REDIS_AZURE_REDIS_AD_TOKEN": "true"},
        {"REDIS_AWS_IAM_AUTH": "true", "REDIS_SSL": "true"}, {"REDIS_AWS_IAM_AUTH": "true"}, {"REDIS_AWS_IAM_AUTH": "false"}, {"REDIS_AWS_IAM_AUTH": "1", "REDIS_SSL": "true", "REDIS_AWS_IAM_USER_NAME": "u", "REDIS_AWS_IAM_CACHE_NAME": "c", "AWS_REGION": "eu-west-1"}, {"REDIS_AWS_IAM_AUTH": "yes", "REDIS_SSL": "1", "REDIS_AWS_IAM_USER_NAME": "u", "REDIS_AWS_IAM_CACHE_NAME": "c", "AWS_DEFAULT_REGION": "eu-west-1", "REDIS_AWS_IAM_SERVERLESS": "true"},
        {"REDIS_AWS_IAM_AUTH": "true", "REDIS_GCP_SERVICE_ACCOUNT": "sa"}, {"REDIS_AWS_IAM_AUTH": "true", "REDIS_AZURE_AD_TOKEN": "true"}, {"REDIS_GCP_SERVICE_ACCOUNT": "sa", "REDIS_AZURE_AD_TOKEN": "true", "REDIS_PASSWORD": "ep"},
    ]
    places = [
        cached(BASES["host"]), cached({**BASES["tls"], "password": "p", "username": "u"}), cached({"type": "redis", "url": "rediss://u:p@h"}), cached(BASES["url"]), cached(BASES["clustertls"]), cached(BASES["cluster"]), cached(BASES["sentineltls"]), cached(BASES["startup"]),
        routed({"redis_host": "r", "redis_port": 1}), routed({"redis_host": "r", "redis_port": 1, "cache_kwargs": {"ssl": True}}), coordinated({"host": "ch", "ssl": True}), coordinated({"host": "ch"}), cached({**BASES["tls"], "gcp_service_account": "sa2", "gcp_ssl_ca_certs": "/c2"}), "model_list: []\n",
    ]
    for env in envs:
        for place in places:
            add("iam-env", place, env)
    settings = [
        {"gcp_service_account": "sa"}, {"gcp_ssl_ca_certs": "/ca"}, {"gcp_service_account": "sa", "gcp_ssl_ca_certs": "/ca"}, {"gcp_service_account": 5}, {"gcp_service_account": ""}, {"gcp_service_account": "os.environ/SET"}, {"azure_redis_ad_token": True}, {"azure_redis_ad_token": "TRUE", "azure_client_id": "c"}, {"azure_redis_ad_token": "true", "azure_client_id": "c", "azure_tenant_id": "t", "azure_client_secret": "s"}, {"azure_redis_ad_token": "true", "azure_client_id": "c", "azure_tenant_id": "a b", "azure_client_secret": "s"},
        {"azure_redis_ad_token": False}, {"azure_redis_ad_token": 1}, {"azure_client_id": "c"}, {"aws_iam_auth": True}, {"aws_iam_auth": "true", "aws_iam_user_name": "u", "aws_iam_cache_name": "c", "aws_iam_region": "r"}, {"aws_iam_auth": True, "aws_iam_user_name": "u", "aws_iam_cache_name": "c", "aws_iam_region": "r", "aws_iam_serverless": "yes"}, {"aws_iam_auth": True, "aws_iam_user_name": "u"}, {"aws_iam_auth": False, "aws_iam_user_name": "u"}, {"aws_iam_auth": [1]}, {"aws_iam_auth": True, "gcp_service_account": "sa"}, {"gcp_iam_service_account": "sa"},
        {"aws_iam_auth": True, "aws_iam_user_name": 5, "aws_iam_cache_name": ["a"], "aws_iam_region": {}},
    ]
    for setting in settings:
        for name, base in BASES.items():
            add("iam", cached({**base, **setting}))
            if name not in ("nothing", "startup"):
                bare = {k.removeprefix("redis_") if k == "redis_startup_nodes" else k: v for k, v in base.items() if k != "type"}
                add("iam-coordination", coordinated({**bare, **setting}))
                add("iam-router", routed({"redis_host": "r", "redis_port": 1, "cache_kwargs": {k: v for k, v in {**bare, **setting}.items() if k not in ("host", "port")}}))


def environment_section():
    values = ["{REDIS_HOST: a}", "{REDIS_SSL: true}", "{REDIS_PORT: 7}", "{REDIS_HOST: os.environ/HOST}", "{REDIS_HOST: os.environ/UNSET}", "{REDIS_HOST: null}", "{REDIS_HOST: [a]}", "{REDIS_HOST: {a: 1}}", "{1: 2}", "{true: x}", "{REDIS_HOST: ''}", "{REDIS_SSL: 'true', REDIS_HOST: z}", "{REDIS_URL: 'rediss://sec:1'}", "{REDIS_CLUSTER_NODES: '[{\"host\": \"c1\", \"port\": 1}]'}", "{REDIS_SENTINEL_NODES: '[[\"s\", 1]]', REDIS_SERVICE_NAME: m}", "{REDIS_SOCKET_TIMEOUT: 9}", "{REDIS_SOCKET_TIMEOUT: abc}", "{redis_host: low}", "{REDIS_GCP_SERVICE_ACCOUNT: sa}", "{REDIS_PASSWORD: 12345}", "{REDIS_PASSWORD: 1e3}", "{REDIS_DB: 010}", "{'A=B': x}", "{'': x}", "{REDIS_PASSWORD: 2001-01-01}", "[{REDIS_HOST: a}]", "[REDIS_HOST=a]", "REDIS_HOST=a", "{REDIS_HOST: 1.50}"]
    places = [cached({"type": "redis"}), cached({"type": "redis", "host": "os.environ/REDIS_HOST"}), cached(BASES["host"]), section("litellm_settings", {"cache": True}), routed({"redis_host": "os.environ/REDIS_HOST", "redis_port": 1}), "", coordinated({"host": "os.environ/REDIS_HOST"})]
    for value, place in itertools.product(values, places):
        for env in ({}, {"REDIS_HOST": "penv"}):
            add("env-section", f"environment_variables: {value}\n" + place, env)
            add("env-section", place + f"environment_variables: {value}\n", env)


def references():
    """`os.environ/…` and LiteLLM's `get_secret`, at every depth."""
    texts = ["os.environ/SET", "os.environ/UNSET", "os.environ/EMPTY", "os.environ/TRUE", "os.environ/ONE", "os.environ/", "os.environ/ SET", "os.environ/SET ", "OS.ENVIRON/SET", "os.environ.SET", "os.environ/os.environ/SET", "$SET", "${SET}", "${SET:-d}", "env:SET", "oidc/env/SET", "oidc/google/x", "oidc/file/x", "oidc/env_path/SET"]
    for text in texts:
        for field in ("host", "password", "port", "ssl", "username", "db", "socket_timeout", "url", "ssl_ca_certs", "namespace", "ttl", "type", "foo"):
            add("reference", cached({**BASES["host"], field: text}))
        add("reference", cached({"type": "redis", "redis_startup_nodes": [{"host": text, "port": text}]}))
        add("reference", cached({"type": "redis", "redis_startup_nodes": text}))
        add("reference", cached({"type": "redis", "sentinel_nodes": [[text, 1]], "service_name": text}))
        add("reference", section("litellm_settings", {"cache": text, "cache_params": BASES["host"]}))
        add("reference", section("litellm_settings", {"cache": True, "cache_params": text}))
        add("reference", section("litellm_settings", text))
        add("reference", routed({"redis_host": text, "redis_port": text, "redis_password": text}))
        add("reference", routed({"redis_host": "h", "redis_port": 1, "cache_kwargs": text}))
        add("reference", coordinated(text))
    for value in ["true", "True", "TRUE", "tRuE", "false", "False", " true", "true ", "1", "0", "yes", "", "None", "null", "5", "5.0", "[]", "{}", "t"]:
        for field in ("ssl", "password", "host", "port", "db", "ssl_check_hostname", "max_connections", "socket_timeout", "ssl_cert_reqs", "username", "client_name"):
            add("secret", cached({**BASES["tls"], field: "os.environ/V"}), {"V": value})


def client_objects():
    """Settings that want a Python object, in the constructor's order, on a host and on a Unix socket."""
    objects = [{}, {"event_dispatcher": "x"}, {"cache": "x"}, {"cache_config": "x"}, {"single_connection_client": True}]
    for socket, one, other, protocol in itertools.product([{}, {"unix_socket_path": "/tmp/s"}], objects, objects[1:], [{}, {"protocol": 2}, {"protocol": 3}]):
        add("object", cached({**BASES["host"], **socket, **one, **other, **protocol}))


def discovery():
    """What a cluster's client meets when it looks for its nodes, and who answers for variables that name a Redis in odd ways."""
    for cluster in (BASES["cluster"], BASES["startup"], {**BASES["cluster"], "url": "redis://h"}):
        for value in (-1, -0.5, float("inf"), float("nan"), 1e300, 99999999999, [1], {"a": 1}, True, Raw("2001-01-01")):
            add("discovery", cached({**cluster, "socket_connect_timeout": value}))
        for more in ({"cache_config": ""}, {"cache_config": 0, "cache": ""}, {"cache_config": {"a": 1}}, {"cache_config": {"a": 1}, "cache": "x"}):
            for protocol in ({}, {"protocol": 3}):
                add("discovery", cached({**cluster, **more, **protocol}))
    for option in ("socket_connect_timeout=inf", "protocol=3"):
        add("discovery", cached({**BASES["cluster"], "url": f"redis://h?{option}"}))
    environments = [{"REDIS_URL": "unix:///tmp/s.sock"}, {"REDIS_URL": "unix:///tmp/s.sock?protocol=3"}, *ENVIRONMENTS[5:7]]
    for env, router in itertools.product(environments, ("model_list: []\n", routed({"redis_host": "rh", "redis_port": 1}), routed({"redis_url": "redis://h"}))):
        for more in ({}, {"REDIS_SSL": "True"}, {"REDIS_PROTOCOL": "3"}, {"REDIS_SOCKET_TIMEOUT": "-1"}, {"REDIS_SOCKET_CONNECT_TIMEOUT": "inf"}):
            add("discovery", router, {**env, **more})


def real_servers():
    """Configurations that name the servers of servers.py."""
    from servers import ALONE, CLUSTER, GUARDED, MASTER, PASSWORD, SENTINEL, SOCKET

    local = "127.0.0.1"
    alone = {"type": "redis", "host": local, "port": ALONE}
    cluster = {"type": "redis", "redis_startup_nodes": [{"host": local, "port": port} for port in CLUSTER]}
    startup = {"type": "redis", "startup_nodes": [{"host": local, "port": CLUSTER[1]}]}
    sentinel = {"type": "redis", "sentinel_nodes": [[local, SENTINEL]], "service_name": MASTER}
    for params in (
        alone, {**alone, "db": 3}, {**alone, "protocol": 3}, {"type": "redis", "url": f"redis://{local}:{ALONE}/2"}, {"type": "redis", "url": f"unix://{SOCKET}"},
        {**alone, "port": GUARDED, "password": PASSWORD}, {**alone, "port": GUARDED, "password": "wrong"}, {**alone, "port": GUARDED}, {**alone, "socket_timeout": "2"}, {**alone, "socket_connect_timeout": -1},
        cluster, startup, {**cluster, "db": 1}, {**cluster, "socket_timeout": "2"}, {**cluster, "socket_timeout": -1}, {**cluster, "socket_connect_timeout": float("inf")}, {**cluster, "socket_connect_timeout": [1]},
        {**cluster, "cache_config": ""}, {**startup, "cache_config": {"a": 1}, "protocol": 3}, {**cluster, "max_connections": 5}, sentinel, {**sentinel, "db": 1, "socket_timeout": 3}, {**sentinel, "protocol": 3},
    ):
        add("servers", cached(params))
    for env in (
        {"REDIS_HOST": local, "REDIS_PORT": str(ALONE)}, {"REDIS_URL": f"redis://{local}:{ALONE}/1"}, {"REDIS_URL": f"unix://{SOCKET}"}, {"REDIS_CLUSTER_NODES": json.dumps(cluster["redis_startup_nodes"])},
        {"REDIS_HOST": local, "REDIS_PORT": str(GUARDED), "REDIS_PASSWORD": PASSWORD}, {"REDIS_SENTINEL_NODES": json.dumps(sentinel["sentinel_nodes"]), "REDIS_SERVICE_NAME": MASTER},
    ):
        for config in ("model_list: []\n", cached({"type": "local"}), section("litellm_settings", {"cache": True}), routed({"redis_host": local, "redis_port": ALONE})):
            add("servers", config, env)
    add("servers", coordinated({"host": local, "port": ALONE}) + routed({"redis_host": local, "redis_port": GUARDED, "redis_password": PASSWORD}))
    add("servers", coordinated({"startup_nodes": cluster["redis_startup_nodes"]}) + cached(alone))


def seeds():
    """The shapes that published documents show, and those seen in real files."""
    password = "os.environ/REDIS_PASSWORD"
    env = {"REDIS_PASSWORD": "s3cret", "REDIS_HOST": "redis.example", "REDIS_PORT": "6379"}
    shapes = [
        cached({"type": "redis", "host": "h", "port": 6379, "password": password, "ssl": True}) + routed({"redis_host": "h", "redis_port": 6379, "redis_password": password, "redis_ssl": True}),
        cached({"type": "redis", "host": "h", "port": 6379, "password": password, "ssl": True}) + routed({"redis_host": "h", "redis_port": 6379, "redis_password": password, "cache_kwargs": {"ssl": True}}),
        cached({"type": "redis", "host": "h", "port": 6379, "ssl": True, "ssl_certfile": "/tls/tls.crt", "ssl_keyfile": "/tls/tls.key", "ssl_ca_certs": "/tls/ca.crt"}),
        cached({"type": "redis", "startup_nodes": [{"host": "n1", "port": 6379}], "cluster_mode": True, "password": password}),
        cached({"type": "redis", "redis_startup_nodes": [{"host": "n1", "port": 6379}], "ssl": True, "ssl_certfile": "/c", "ssl_keyfile": "/k", "ssl_ca_certs": "/ca"}),
        cached({"type": "redis", "sentinel_hosts": [{"host": "s1", "port": 26379}], "sentinel_master": "mymaster", "password": password}),
        cached({"type": "redis", "sentinel_nodes": [["s1", 26379]], "service_name": "mymaster", "ssl": True, "password": password}),
        cached({"type": "redis", "host": "h", "port": 6379, "password": password, "max_connections": 100, "ttl": 600, "namespace": "litellm:"}),
        cached({"type": "redis", "host": "h", "port": 6379, "gcp_iam_service_account": "projects/-/serviceAccounts/x", "ssl": True, "ssl_ca_certs": "/ca"}),
        cached({"type": "redis", "host": "redis", "port": 6379, "password": "p", "db": 1, "ttl": 1800, "socket_connect_timeout": 10, "socket_timeout": 30, "connection_pool_timeout": 5, "retry_on_timeout": True, "health_check_interval": 30, "supported_call_types": ["acompletion"]}),
        cached({"type": "redis", "host": "redis", "port": 6379, "password": "p", "db": 1, "ttl": 1800, "socket_connect_timeout": 10, "socket_timeout": 30, "retry_on_timeout": True, "health_check_interval": 30, "supported_call_types": ["acompletion"]}),
        cached({"type": "local", "ttl": 1800, "supported_call_types": ["acompletion", "atext_completion"]}),
        routed({"redis_host": "redis", "redis_port": 6379, "redis_password": "p", "redis_db": 1}),
        section("general_settings", {"cache": True, "cache_params": BASES["host"]}), routed({"cache": True, "cache_params": BASES["host"]}), section("cache_params", BASES["host"]), section("litellm_settings", {"cache": True, "cache_type": "redis", "cache_host": "h", "cache_port": 6379}),
        cached({"type": "redis", "host": "${REDIS_HOST:-redis}", "port": "${REDIS_PORT}"}), cached({"type": "redis", "host": "h", "ttl": "os.environ/REDIS_PORT"}), cached({"type": "redis"}), cached({"type": "redis", "host": "h", "port": "os.environ/REDIS_PORT", "db": 0}) + routed({"redis_host": "h", "redis_port": 1, "redis_db": 2}),
        cached({"type": "redis", "host": "h", "port": 6379, "redis_startup_nodes": [{"host": "127.0.0.1", "port": "7001"}], "service_name": "mymaster", "sentinel_nodes": [["localhost", 26379]], "gcp_service_account": "sa", "gcp_ssl_ca_certs": "/ca", "ssl": True, "ssl_cert_reqs": None, "ssl_check_hostname": False}),
        cached({"type": "redis", "url": "rediss://h:6380", "ssl_ca_certs": "/ca", "password": password}), cached({"type": "redis", "host": "h", "port": 6379, "ssl": False}), cached({"type": "redis", "host": "h", "port": 6379, "ssl": True, "ssl_cert_reqs": "CERT_NONE"}), cached({"type": "redis", "host": "h", "ssl_ca_certs": "/ca"}),
    ]
    for shape in shapes:
        for variables in ({}, env, {"REDIS_PASSWORD": "s3cret"}, {**env, "REDIS_SSL": "true"}, {**env, "REDIS_SSL": "false"}, {"REDIS_URL": "redis://localhost:6379"}, {"REDIS_URL": "rediss://:p@u:1", **env}, {"REDIS_SSL_CERT_REQS": "None", **env}, {"REDIS_SSL_CHECK_HOSTNAME": "False", "REDIS_SSL": "True", **env}, {"REDIS_GCP_IAM_SERVICE_ACCOUNT": "sa", **env}, {"REDIS_CONNECTION_POOL_KWARGS": '{"max_connections": 20}', **env}):
            add("seed", shape, variables)
            add("seed", "model_list:\n  - model_name: gpt\n    litellm_params:\n      model: openai/gpt-4o\n      api_key: sk-1\n" + shape, variables)
