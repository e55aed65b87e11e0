"""Fields, from core's catalogue, and values for them: right ones by what the field takes, and wrong ones.

The catalogue comes on standard input: `cargo xtask oracle catalogue` prints it. A field that it gains is asked about from
then on, alone and in every mixture.
"""

import json
import sys

from configs import Raw

CATALOGUE = json.load(sys.stdin)


def fields_of(*sections):
    """The fields of these sections, each once."""
    found = {field["name"]: field for section in sections for field in CATALOGUE if section in field["sections"]}
    return list(found.values())


CACHE, KWARGS, COORDINATION = "litellm_settings.cache_params", "router_settings.cache_kwargs", "general_settings.coordination_redis"
CONNECTION = fields_of(KWARGS, COORDINATION)
BY_NAME = {field["name"]: field for field in fields_of(CACHE, KWARGS, COORDINATION)}
IAM = [name for name in BY_NAME if name.startswith(("gcp_", "azure_redis", "azure_client", "azure_tenant", "aws_"))]

# What no catalogue has: arguments of redis-py's clusters and pools, and names that people invent.
FOREIGN = """timeout cluster_error_retry_attempts reinitialize_steps auto_close_connection_pool require_full_coverage read_from_replicas dynamic_startup_nodes
skip_full_coverage_check force_master_ip connection_class connection_pool_class parser_class queue_class command_packer load_balancing_strategy policy_resolver
response_callbacks connection_kwargs default_redis_ttl sentinel_kwargs enable_redis_auth_cache service_logger_obj _backend""".split()
INVENTED = """cluster_mode connection_pool_timeout connection_pool_kwargs sentinel_hosts sentinel_master gcp_iam_service_account redis_url redis_host redis_ssl ssl_verify
tls foo self address from_url startup_node_list""".split()
FIELDS = [*BY_NAME, *(name for name in FOREIGN + INVENTED if name not in BY_NAME)]

WRONG = [
    None, "", "x", "1", 1, 0, -1, True, False, "true", "false", "TRUE", "yes", "no", "0", 5.5, "5.5", " 5 ", "1e3", "1_0",
    float("nan"), float("inf"), "nan", "inf", 99999999999999999999, Raw("2001-01-01"), Raw("0o17"), Raw("010"), Raw("1:30"), Raw("yes"), Raw("~"),
    [], ["a"], [1], {}, {"a": 1}, "os.environ/SET", "os.environ/UNSET", "os.environ/EMPTY", "os.environ/TRUE", "os.environ/ONE", "${SET}", "é",
]
FEW = [None, "", "x", "1", 7, True, False, "false", "5.5", [], {"a": 1}, "os.environ/ONE", "os.environ/UNSET"]
RIGHT = {
    "ssl_cert_reqs": ["none", "optional", "required", "NONE", "CERT_NONE", "CERT_REQUIRED", Raw("None"), 2],
    "ssl_min_version": [771, 772, "771", "TLSv1.2"],
    "ssl_ca_certs": ["/etc/ssl/redis-ca.pem"],
    "ssl_certfile": ["/etc/ssl/client.pem"],
    "ssl_keyfile": ["/etc/ssl/client.key"],
    "ssl_ca_path": ["/etc/ssl/certs"],
    "host": ["redis.example", "10.0.0.1", "::1", "localhost", "redis://redis.example", "h:6380", "os.environ/HOST"],
    "port": [6380, "6380", "os.environ/PORT", 70000],
    "db": [3, "3", 15, 16],
    "url": ["redis://u:p@h2:7000/3", "rediss://h2:7000", "unix:///tmp/redis.sock"],
    "unix_socket_path": ["/tmp/redis.sock"],
    "socket_timeout": [30, 0.5, "30", "os.environ/ONE"],
    "max_connections": [100, "100", 2**31],
    "protocol": [2, 3, "3", 4, "2"],
    "retry_on_error": [["a"], [Raw("!!python/name:x")]],
    "startup_nodes": [[{"host": "n1", "port": 7001}], [["n1", 7001]], "n1:7001", '[{"host": "n1", "port": 7001}]', [{"host": "n1"}], [{"port": 1}], [{"host": "n1", "port": 1, "extra": 2}], [None], {"n1": 7001}],
    "redis_startup_nodes": [[{"host": "n1", "port": 7001}], [["n1", 7001]], "n1:7001", '[{"host": "n1", "port": 7001}]', [{"host": "n1"}], [{"port": 1}], [{"host": None, "port": 1}], [{"host": "n1", "port": 1, "server_type": "primary"}], {"n1": 7001}],
    "sentinel_nodes": [[["s1", 26379]], [["s1", "26379"]], [{"host": "s1", "port": 26379}], '[["s1", 26379]]', "s1:26379", ["s1:26379"], [["s1"]], [["s1", 1, 2]], [["os.environ/HOST", 1]], ["ab"]],
    "service_name": ["mymaster"],
    "type": ["redis", "local", "s3", "disk", "redis-semantic"],
    "mode": ["default_on", "default_off", "off"],
    "supported_call_types": [["completion"], "completion"],
    "ttl": [600, "600", "os.environ/ONE"],
    "gcp_service_account": ["projects/-/serviceAccounts/a@b.iam.gserviceaccount.com"],
    "azure_redis_ad_token": ["True"],
    "semantic_cache_scope": ["key", "end_user"],
    "client_name": ["litellm"],
    "decode_responses": [True],
}

BASES = {
    "host": {"type": "redis", "host": "h", "port": 6379},
    "tls": {"type": "redis", "host": "h", "port": 6379, "ssl": True},
    "url": {"type": "redis", "url": "redis://u:p@h2:7000/3"},
    "rediss": {"type": "redis", "url": "rediss://h2:7000"},
    "cluster": {"type": "redis", "redis_startup_nodes": [{"host": "n1", "port": 7001}, {"host": "localhost", "port": "7002"}]},
    "clustertls": {"type": "redis", "redis_startup_nodes": [{"host": "n1", "port": 7001}], "ssl": True, "password": "cp"},
    "startup": {"type": "redis", "startup_nodes": [{"host": "n1", "port": 7001}]},
    "sentinel": {"type": "redis", "sentinel_nodes": [["s1", 26379], ["s2", "26379"]], "service_name": "m"},
    "sentineltls": {"type": "redis", "sentinel_nodes": [["s1", 26379]], "service_name": "m", "ssl": True, "password": "mp", "sentinel_password": "sp"},
    "nothing": {"type": "redis"},
}


def right(name, field=None):
    """Values that a field takes, or that people take it to take."""
    field = field or BY_NAME.get(name, {"kind": "Any", "choices": []})
    choices = field["choices"]
    by_kind = {
        "Bool": [True, False, "true", "False", "0"],
        "Int": [7, "7", 2.5, 0],
        "Float": [2.5, "2.5", 7, 0],
        "Str": ["v", "os.environ/SET"],
        "Path": ["/etc/redis/a file.pem"],
        "Url": ["https://u.example:1/p"],
        "Choice": [*choices, "bad"],
        "List": [["a"], "a"],
        "ListOf": [choices[:2], choices[:1], ["bad"]] if choices else [["a"]],
        "Map": [{"a": 1}, [["a", 1]]],
        "Json": ['[{"host": "c", "port": 1}]'],
        "Object": ["x", {"a": 1}],
    }
    return RIGHT.get(name, []) + by_kind.get(field["kind"], [])


def plain(name, field=None):
    """A first value, for cases that are not about the value."""
    values = right(name, field)
    return values[0] if values else "v"
