"""Cases drawn from the catalogue: each field alone, on each topology, from each source, in each spelling, and in pairs."""

import itertools

from configs import Raw, VARIABLES, add, cached, coordinated, routed, section, yaml
from values import BASES, BY_NAME, CATALOGUE, CONNECTION, FEW, FIELDS, RIGHT, WRONG, fields_of, plain, right

ROUTER = {"redis_host": "rh", "redis_port": 6379}


def fields_alone():
    for field in FIELDS:
        for value in WRONG + right(field):
            add("alone", cached({**BASES["host"], field: value}))
        for value in FEW + right(field):
            for name in list(BASES)[1:-1]:
                add(f"on-{name}", cached({**BASES[name], field: value}))
            add("router", routed({**ROUTER, "cache_kwargs": {field: value}}))
            add("coordination", coordinated({"host": "ch", field: value}))
    for field in FIELDS:
        for value in ["a", 1, None]:
            add("only", cached({field: value}))
            add("only", cached({"type": "redis", field: value}))
            add("coordination-only", coordinated({field: value}))
            add("router-only", routed({field: value}))


def other_sections():
    """Fields that configure no connection: the router's own, and the sections'."""
    for field in fields_of("router_settings"):
        name = field["name"]
        for value in FEW + right(name, field):
            add("router-field", routed({name: value}))
            add("router-field-redis", routed({**ROUTER, name: value}))
        add("router-field-cache", cached(BASES["host"]) + routed({name: plain(name, field)}))
        for spelled in (name.upper(), name.replace("_", "-"), name + "s"):
            add("router-field-wrong", routed({**ROUTER, spelled: plain(name, field)}))
    for path in ("litellm_settings", "general_settings"):
        for field in fields_of(path):
            name = field["name"]
            for value in FEW + right(name, field):
                add("section-field", section(path, {name: value}))
                if path == "general_settings":
                    add("section-field", section(path, {name: value}) + cached(BASES["host"]))
                elif name not in ("cache", "cache_params"):
                    add("section-field", cached(BASES["host"], **{name: value}))


GROUPS = [
    ["ssl", "ssl_cert_reqs", "ssl_check_hostname", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_ca_path", "ssl_min_version"],
    ["host", "port", "db", "url", "username", "password", "unix_socket_path"],
    ["url", "ssl", "ssl_ca_certs", "password", "db", "socket_timeout", "max_connections", "foo"],
    ["redis_startup_nodes", "startup_nodes", "sentinel_nodes", "service_name", "url", "host"],
    ["redis_startup_nodes", "password", "ssl", "db", "ssl_certfile", "max_connections", "decode_responses", "gcp_service_account"],
    ["sentinel_nodes", "service_name", "sentinel_password", "password", "ssl", "db", "username", "host"],
    ["gcp_service_account", "gcp_ssl_ca_certs", "ssl", "azure_redis_ad_token", "aws_iam_auth", "password", "credential_provider"],
    ["socket_timeout", "socket_connect_timeout", "health_check_interval", "retry_on_timeout", "max_connections", "socket_keepalive"],
    ["ttl", "default_in_redis_ttl", "default_redis_ttl", "default_in_memory_ttl", "namespace", "redis_flush_size"],
]


def fields_in_pairs():
    for group in GROUPS:
        for one, other in itertools.combinations(group, 2):
            for a in pairwise_values(one):
                for b in pairwise_values(other):
                    add("pair", cached({"type": "redis", "host": "h", one: a, other: b}))
                    add("pair-bare", cached({"type": "redis", one: a, other: b}))
    for one, other in itertools.permutations(["foo", "bar", "cluster_mode", "redis_ssl", "timeout"], 2):
        # Which unexpected argument is named depends on a set's order on newer releases.
        add("unexpected", cached({"type": "redis", "host": "h", one: 1, other: 2}))


def pairwise_values(field):
    return {
        "ssl": [True, False, "false"],
        "ssl_cert_reqs": ["none", None, "optional"],
        "ssl_check_hostname": [True, False],
        "url": ["redis://uu:up@uh:1/2", "rediss://uh", None],
        "redis_startup_nodes": [[{"host": "n1", "port": 7001}], []],
        "startup_nodes": [[{"host": "n2", "port": 7002}], None],
        "sentinel_nodes": [[["s1", 26379]], None],
        "service_name": ["m", ""],
        "port": [6380, "6380"],
        "db": [2, "2"],
        "aws_iam_auth": [True, "true"],
        "azure_redis_ad_token": [True, "true"],
        "credential_provider": ["x", None],
    }.get(field, [RIGHT[field][0] if field in RIGHT else 1 if BY_NAME.get(field, {}).get("kind") in ("Bool", "Int", "Float") else "v", None])



TEXTS = ["1", "x", "", "true", "False", "2.5", "os.environ/HOST", "  7 "]


def variables():
    """Every variable that the catalogue knows: in the process, in the config, and in other letters."""
    names = {field["variable"]: field for field in CONNECTION if field["variable"]}
    names |= {field["name"]: field for field in fields_of("environment_variables")}
    places = [cached(BASES["host"]), cached({"type": "redis"}), cached(BASES["cluster"]), cached(BASES["sentinel"]), cached(BASES["url"]), routed(ROUTER), coordinated({"host": "ch"})]
    for name, field in names.items():
        texts = TEXTS + [value for value in right(field["name"], field) if isinstance(value, str) and "os.environ" not in value]
        for text in texts:
            for place in places:
                add("variable", place, {name: text})
            add("variable-host", places[1], {"REDIS_HOST": "eh", name: text})
            add("variable-none", "model_list: []\n", {"REDIS_HOST": "eh", name: text})
        for value in [7, True, None, "x", 2.5, "os.environ/HOST", "os.environ/UNSET", [1]]:
            add("variable-section", section("environment_variables", {name: value}) + places[0])
            add("variable-section", section("environment_variables", {name: value}) + places[0], {name: "from-process"})
        for spelled in (name.lower(), name.title(), name + " ", name.replace("_", "-")):
            add("variable-case", places[1], {"REDIS_HOST": "eh", spelled: "1"})


def spellings():
    """Keys in other letters, written twice, merged, quoted, by reference: what YAML allows."""
    for name in FIELDS:
        if name in ("type", "self"):
            continue
        one, two = ([*right(name), "v", "w"])[:2]
        for spelled in sorted({name.upper(), name.title(), name.replace("_", "-"), f" {name}"} - {name}):
            add("key-case", cached({**BASES["host"], spelled: one}))
        def params(*lines):
            return "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n" + "".join(f"    {line}\n" for line in lines)
        base = f"base: &base {{{name}: {yaml(one)}, port: 1}}\nother: &other {{{name}: {yaml(two)}, port: 2}}\n"
        add("yaml-twice", params(f"{name}: {yaml(one)}", f"{name}: {yaml(two)}"))
        add("yaml-twice", params(f"{name}: {yaml(one)}", f"{name}: null"))
        add("yaml-merge", base + params("<<: *base"))
        add("yaml-merge", base + params("<<: *base", f"{name}: {yaml(two)}"))
        add("yaml-merge", base + params(f"{name}: {yaml(two)}", "<<: *base"))
        add("yaml-merge", base + params("<<: [*other, *base]"))
        add("yaml-merge", base + params("<<: *base", "<<: *other"))
        add("yaml-alias", f"value: &value {yaml(one)}\n" + params(f"{name}: *value"))
        add("yaml-quoted", params(f"'{name}': {yaml(one)}"))
        add("yaml-quoted", params(f"? {name}\n    : {yaml(one)}"))
        if isinstance(one, (str, int)) and not isinstance(one, (bool, Raw)):
            add("yaml-text", params(f"{name}: {one}"))
            add("yaml-text", params(f"{name}: '{one}'"))
            add("yaml-text", params(f"{name}: |\n      {one}"))
            add("yaml-text", params(f"{name}: >-\n      {one}"))
            add("yaml-text", params(f"{name}: !!str {one}"))
            add("yaml-text", params(f"{name}: !!int {one}"))
            add("yaml-text", params(f"{name}: # {one}"))
    host = "{type: redis, host: h, port: 1}"
    for text in (
        f"litellm_settings: {{cache: true, cache_params: {host}}}\nlitellm_settings: {{cache: true, cache_params: {{type: redis, host: h2}}}}\n",
        f"litellm_settings: {{cache: true, cache_params: {host}, cache_params: {{type: redis, host: h2}}}}\n",
        f"p: &p {host}\nlitellm_settings: {{cache: true, cache_params: *p}}\nrouter_settings: {{redis_host: r, redis_port: 1, cache_kwargs: *p}}\ngeneral_settings: {{coordination_redis: *p}}\n",
        f"p: &p {host}\nlitellm_settings: {{cache: true, cache_params: {{<<: *p, host: own}}}}\ngeneral_settings: {{coordination_redis: {{<<: *p, type: x}}}}\n",
        "litellm_settings: {cache: true, cache_params: {<<: 5, type: redis, host: h}}\n", "litellm_settings: {cache: true, cache_params: {<<: [], type: redis, host: h}}\n",
        "litellm_settings: {cache: true, cache_params: {<<: [5], type: redis, host: h}}\n", "litellm_settings: {cache: true, cache_params: {<<: null, type: redis, host: h}}\n",
        "litellm_settings: {cache: true, cache_params: {'<<': {port: 1}, type: redis, host: h}}\n", f"<<: {{litellm_settings: {{cache: true, cache_params: {host}}}}}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis, host: h, null: 1}}\n", "litellm_settings: {cache: true, cache_params: {type: redis, host: h, true: 1}}\n", "litellm_settings: {cache: true, cache_params: {type: redis, host: h, 1.5: 1}}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis, host: h, [a]: 1}}\n", "litellm_settings: {cache: true, cache_params: {type: redis, host: h, 2001-01-01: 1}}\n", "litellm_settings: {cache: true, cache_params: !!omap [type: redis, host: h]}\n",
        "litellm_settings: {cache: true, cache_params: !!set {type, host}}\n", "litellm_settings: {cache: true, cache_params: !!pairs [type: redis, host: h]}\n", "litellm_settings: {cache: true, cache_params: {type: redis, host: !!binary aGVsbG8=}}\n",
    ):
        add("yaml-document", text)
        add("yaml-document", text, {"REDIS_HOST": "eh", "REDIS_PASSWORD": "ep"})


NODES = [
    [{"host": "n1", "port": 7001}], [{"host": "n1", "port": "7001"}, {"host": "n2", "port": 7002}], [{"host": "localhost", "port": 7001}], [{"host": "::1", "port": 7001}], [{"host": "n1"}], [{"port": 7001}], [{}], [], [None], [[]], ["n1:7001"], "n1:7001", "n1:7001,n2:7002", 5, True, {"host": "n1", "port": 7001}, [{"host": "n1", "port": 70000}],
    [{"host": "n1", "port": "x"}], [{"host": "n1", "port": None}], [{"host": 5, "port": 1}], [{"host": "n1", "port": 7001, "name": "x"}], [{"host": "n1", "port": 7001}] * 3, [{"HOST": "n1", "PORT": 7001}], [{"host": "", "port": 7001}], [{"host": " n1 ", "port": 7001.0}], [{"host": "os.environ/HOST", "port": "os.environ/PORT"}], [{"host": "os.environ/UNSET", "port": 1}],
    [["n1", 7001]], [["n1", "7001"], ["n2", 7002]], [["n1"]], [["n1", 7001, 1]], [[5, 7001]], [["n1", None]], [["os.environ/HOST", 1]], [["", 1]],
]


def node_lists():
    """Nodes as YAML, as JSON text in YAML, in a variable, and by reference."""
    import json
    for nodes in NODES:
        text = json.dumps(nodes)
        for field in ("startup_nodes", "redis_startup_nodes", "sentinel_nodes"):
            beside = {"service_name": "m"} if field == "sentinel_nodes" else {}
            add("nodes", cached({"type": "redis", field: nodes, **beside}))
            add("nodes", cached({"type": "redis", field: nodes, "ssl": True, "password": "p", **beside}))
            add("nodes-host", cached({**BASES["host"], field: nodes, **beside}))
            add("nodes-json", cached({"type": "redis", field: text, **beside}))
            add("nodes-reference", cached({"type": "redis", field: "os.environ/NODES", **beside}), {"NODES": text})
            add("nodes-router", routed({**ROUTER, "cache_kwargs": {field: nodes, **beside}}))
            add("nodes-coordination", coordinated({field: nodes, **beside}))
        for name in ("REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"):
            for place in (cached({"type": "redis"}), cached(BASES["host"]), routed(ROUTER), coordinated({"host": "ch"}), cached({"type": "local"})):
                add("nodes-variable", place, {name: text, "REDIS_SERVICE_NAME": "m"})
            add("nodes-section", section("environment_variables", {name: text, "REDIS_SERVICE_NAME": "m"}) + cached({"type": "redis"}))


SCHEMES = ["redis", "rediss", "unix", "REDISS", "valkey"]
USERS = ["", "u@", "u:p@", ":p@", "u:@", "u%40x:p%3A%2F%25@", "u:p:q@", "a@b:c@"]
HOSTS = ["h", "h.example.", "10.0.0.1", "[::1]", "[fe80::1]", "", "%68", "H", "a_b", "h,i"]
PORTS = ["", ":1", ":", ":70000", ":x", ":+1"]
PATHS = ["", "/", "/3", "/03", "/x", "/1/2", "/-1", "/%33", "?db=4", "/3?db=4", "/3?socket_timeout=2&ssl_cert_reqs=none", "#f"]


def url_shapes():
    for place, parts in enumerate(itertools.product(SCHEMES, USERS, HOSTS, PORTS, PATHS)):
        # Every so many, so that each part meets the others.
        if place % 41 == 0:
            scheme, user, host, port, path = parts
            url = f"{scheme}://{user}{host}{port}{path}"
            add("url-shape", cached({"type": "redis", "url": url}))
            if place % 3 == 0:
                add("url-shape-router", routed({"redis_url": url, "cache_kwargs": {"ssl": True}}))
                add("url-shape-variable", cached({"type": "redis"}), {"REDIS_URL": url})
    for field in CONNECTION:
        name = field["name"]
        for text in ("1", "x", "", "True", "no", "2.5"):
            for scheme in ("redis", "rediss"):
                add("url-option", cached({"type": "redis", "url": f"{scheme}://h?{name}={text}"}))
        add("url-option-beside", cached({"type": "redis", "url": f"redis://h?{name}=1", name: plain(name)}))
