"""Configurations that nobody chose: random ones from a seed, in other shapes than generate.py's; or the files of a folder.

Usage: fresh.py SEED COUNT < catalogue.json > cases.jsonl
       fresh.py FOLDER < catalogue.json > cases.jsonl

`cargo xtask oracle record --fresh SEED` asks about them, `check --fresh SEED` replays. A simulation that was made from the recorded
cases is tried here with others: whole documents in the styles that people write, with anchors, merges and block scalars; references at
every depth; odd values at random places; sections that feed each other.
"""

import json
import pathlib
import random
import sys

from configs import CASES, VARIABLES, Raw, add, yaml
from values import BASES, CATALOGUE, CONNECTION, FIELDS, fields_of, right

HOSTS = ["redis", "redis-master.cache.svc.cluster.local", "10.1.2.3", "localhost", "127.0.0.1", "my_redis", "REDIS.Example.com", "::1", "fd00::5", "h:6380", "redis://h", "", " h ", 7, None, "host.docker.internal", "xn--bcher-kva.example", "bücher.example"]
PORTS = [6379, "6379", 6380, "6380", Raw("0x18eb"), Raw("6_379"), Raw("014"), 0, -1, 65535, 65536, "6379 ", " 6379", "6379.0", 6379.0, 6379.5, "", None, True, [6379], "abc", Raw("1:30")]
SWITCHES = [True, False, "true", "True", "TRUE", "false", "False", "yes", "no", "on", "1", "0", 1, 0, None, "", "none", Raw("Yes"), Raw("off"), [], {}]
PASSWORDS = ["s3cr3t", "p@ss:w/o?r#d%", 12345, Raw("007"), Raw("1e10"), Raw("2024-01-02"), None, "", "True", "null", True, Raw("!!str 5"), Raw("!!binary c2VjcmV0"), Raw("'it''s'"), "pässwörd", "${REDIS_PASSWORD}", " x"]
TIMES = [5, 0.1, "5", "0.5", 0, None, -1, "", "5s", True, [1], Raw("1_000"), Raw("5."), Raw(".5"), Raw("1e3"), Raw("1.0e+3"), 1e10]
PLAIN = ["v", "", None, 0, 1, -3, 2.5, True, False, "true", "0", "1", [], {}, ["a", 1], {"a": {"b": None}}, Raw("2001-12-14t21:59:43.10-05:00"), Raw("!!set {a}"), Raw("!!omap [a: 1]"), {"a": [Raw("2001-01-01"), {"b": Raw("2002-02-02 02:02:02")}]}, Raw("2001-12-14 21:59:43Z"), Raw("0b11"), Raw("0o7"), Raw("=")]
NAMES = ["SET", "EMPTY", "TRUE", "ONE", "HOST", "PORT", "UNSET", "FALSE", "JSON", "NODES", "URL", "SPACE", "REDIS_HOST", "REDIS_PASSWORD", "REDIS_URL"]
ODD_NODES = [Raw("{1: 2}"), Raw("[[[a]]]"), Raw("{true: a}"), Raw("2001-01-01"), 2.5, Raw("[2001-01-01]"), Raw(".nan"), Raw("{null: null}"), Raw("{2.5: x}"), Raw("{2001-01-01: x}"), Raw("!!str 5"), Raw("!!float 5"), Raw("!!int '5'"), Raw("[[], {}]"), Raw("-.inf"), Raw("0x_f"), Raw("190:20:30"), Raw("!!timestamp 2001-01-01"), Raw("!!null ''"), Raw("!!bool yes"), Raw("!!pairs [a: 1]")]
ENVIRONMENT_TEXTS = ["", " ", "'eh'", '"eh"', " eh ", "eh ", "true ", "'true'", '"6379"', " 6379", "6379\n", "None", "null", "[]", "{}", "os.environ/SET", "${SET}", "0", "-1", "1e3", "\t", "5.0", "é", "eh#c", "False", "FALSE", "no"]
IDENTITIES = [
    {"aws_iam_auth": True}, {"aws_iam_auth": "true"}, {"aws_iam_auth": False}, {"aws_iam_auth": True, "aws_iam_user_name": "iu", "aws_iam_cache_name": "ic", "aws_iam_region": "eu-west-1"}, {"aws_iam_auth": 1, "aws_iam_user_name": 5, "aws_iam_cache_name": None},
    {"aws_iam_auth": True, "aws_iam_user_name": "iu", "aws_iam_cache_name": "ic", "aws_iam_is_serverless": "true"}, {"aws_iam_user_name": "iu"}, {"gcp_service_account": "sa"}, {"gcp_service_account": ""}, {"gcp_service_account": 5}, {"gcp_service_account": "sa", "gcp_ssl_ca_certs": "/gca"},
    {"gcp_ssl_ca_certs": "/gca"}, {"azure_redis_ad_token": True}, {"azure_redis_ad_token": "true", "azure_client_id": "ci"}, {"azure_redis_ad_token": True, "azure_client_id": "ci", "azure_tenant_id": "ti", "azure_client_secret": "cs"}, {"azure_redis_ad_token": "x"},
]
IDENTITY_VARIABLES = {"AWS_REGION": ["eu-west-1", ""], "AWS_DEFAULT_REGION": ["us-east-1"], "REDIS_AWS_IAM_AUTH": ["true", "false", "x", ""], "REDIS_AWS_IAM_USER_NAME": ["eu"], "REDIS_AWS_IAM_CACHE_NAME": ["ec"], "REDIS_GCP_SERVICE_ACCOUNT": ["esa", ""], "REDIS_GCP_IAM_SERVICE_ACCOUNT": ["esa"], "REDIS_GCP_SSL_CA_CERTS": ["/eca"], "REDIS_AZURE_REDIS_AD_TOKEN": ["true", "x"], "AZURE_CLIENT_ID": ["aci"], "AZURE_TENANT_ID": ["ati"]}
HTTP = {"ssl_verify": [True, False, "false", "", "/no/such/ca.pem", None, 5, "True", ["a"], Raw("2001-01-01")], "ssl_certificate": ["/no/such/cert.pem", "", None, 5, True, ["a"], "os.environ/EMPTY", "os.environ/UNSET"], "ssl_security_level": ["DEFAULT@SECLEVEL=1", 1, None], "ssl_ecdh_curve": ["X25519", 5], "force_ipv4": [True, "x"], "aiohttp_trust_env": [True, "x"], "disable_aiohttp_transport": [True]}
HTTP_VARIABLES = {"SSL_VERIFY": ["true", "false", "", "/no/such/ca.pem"], "SSL_CERTIFICATE": ["/no/such/cert.pem", "", " "], "SSL_CERT_FILE": ["/no/such/ca.pem", ""], "SSL_SECURITY_LEVEL": ["x"]}
MORE = {"FALSE": "False", "JSON": '{"a": 1}', "NODES": '[{"host": "jn", "port": 7100}]', "URL": "rediss://uu:pp@url.example:6390/2", "SPACE": "  padded "}


class Maker:
    """Makes documents; the same seed makes the same ones."""

    def __init__(self, seed):
        self.chance = random.Random(f"fresh {seed}")
        # What these name, Python imports, or other parts of the router read: Redis does not see it.
        self.routers = [field for field in fields_of("router_settings") if field["name"] not in ("plugins", "provider_budget_config")]
        self.settings = fields_of("litellm_settings")
        self.general = fields_of("general_settings")
        self.variables = sorted({field["variable"] for field in CONNECTION if field["variable"]} | {field["name"] for field in fields_of("environment_variables")})

    def likely(self, share):
        return self.chance.random() < share

    def of(self, values):
        return self.chance.choice(values)

    def reference(self):
        name = self.of(NAMES)
        return self.of([f"os.environ/{name}"] * 8 + [f"os.environ/ {name}", f"os.environ.{name}", f"OS.ENVIRON/{name}", f"prefix-os.environ/{name}", f"${{{name}}}", f"os.environ/{name.lower()}"])

    def value(self, field):
        if self.likely(0.12):
            return self.reference()
        if self.likely(0.1):
            return self.of(PLAIN)
        if self.likely(0.05):
            return self.of(ODD_NODES)
        name = field.lower().removeprefix("redis_")
        if name == "host":
            return self.of(HOSTS)
        if name == "port":
            return self.of(PORTS)
        if name in ("url", "redis_url"):
            return self.url()
        if "nodes" in name:
            return self.sentinels() if "sentinel" in name else self.nodes()
        if "password" in name or name in ("username", "client_name", "namespace", "service_name"):
            return self.of(PASSWORDS)
        if "timeout" in name or "interval" in name or "ttl" in name:
            return self.of(TIMES)
        known = right(field) or right(name)
        if known and self.likely(0.75):
            return self.of(known)
        return self.of(SWITCHES if "ssl" in name or name.startswith(("retry", "decode")) else PLAIN)

    def url(self):
        scheme = self.of(["redis", "redis", "rediss", "rediss", "unix", "REDISS", "redis+tls", "valkey", ""])
        user = self.of(["", "", ":pw@", "u:pw@", "u@", "u:p%40w@", ":@", "u:p:w@", "@"])
        host = self.of(["h", "redis.example", "10.0.0.9", "[::1]", "localhost", "", "H_1", "a.b,c.d", "localhost", "127.0.0.1", "LOCALHOST", "localhost.", "[::ffff:10.0.0.1]", "%6c", "h%20x", "h h", "host_with-odd.chars~", "0", "1.2.3", "[fe80::1%25eth0]", "bücher.example", "h\\x", "a@b"])
        port = self.of(["", ":6380", ":6379", ":0", ":70000", ":x", ":"])
        path = self.of(["", "", "/", "/0", "/2", "/db", "/1/2", "/-1", "/ 1", "/tmp/r.sock"])
        options = ["db=3", "ssl_cert_reqs=none", "ssl_cert_reqs=CERT_OPTIONAL", "ssl_ca_certs=/ca.pem", "ssl_check_hostname=false", "ssl_check_hostname=0", "socket_timeout=3", "socket_timeout=", "protocol=3", "client_name=a%20b", "health_check_interval=7",
                   "max_connections=5", "retry_on_timeout=yes", "decode_responses=1", "foo=1", "db", "password=q", "username=q", "socket_connect_timeout=.5", "ssl_min_version=771", "ssl_certfile=/c&ssl_keyfile=/k", "db=x", "timeout=2", "socket_keepalive=no", "db=1&db=2", "ssl=true", "ssl_ca_path=/p", "ssl_ca_certs=", "ssl_cert_reqs=", "ssl_password=x", "socket_timeout=nan", "socket_timeout=inf", "socket_timeout=-1", "retry_on_error=a", "a=b;c=d", "=x", "&&", "%64b=4", "password=%", "username=%zz", "ssl_ciphers=x", "protocol=x", "health_check_interval=x",
                   "health_check_interval=1.5", "ssl_keyfile=/k", "ssl_min_version=x", "ssl_validate_ocsp=yes", "lib_name=l", "socket_read_size=5", "legacy_responses=no", "max_connections=0", "max_connections=-5", "host=other", "port=1", "path=/s"]
        query = "?" + "&".join(self.chance.sample(options, self.of([1, 1, 2, 3]))) if self.likely(0.35) else ""
        return f"{scheme}://{user}{host}{port}{path}{query}{self.of(['', '', '', '', '#f'])}"

    def node(self):
        host, port = self.of(HOSTS[:9] + [self.reference()]), self.of(PORTS[:8] + [self.reference()])
        node = {"host": host, "port": port}
        if self.likely(0.08):
            node[self.of(["server_type", "name", "db", "ssl"])] = self.of(PLAIN)
        if self.likely(0.05):
            del node[self.of(["host", "port"])]
        return node if self.likely(0.94) else self.of([[host, port], f"{host}:{port}", None, {}, [node]])

    def nodes(self):
        return self.listed([self.node() for _ in range(self.of([0, 1, 1, 2, 3, 6]))])

    def sentinels(self):
        pairs = [[self.of(HOSTS[:9]), self.of(PORTS[:8])] for _ in range(self.of([0, 1, 1, 2, 3]))]
        for at in range(len(pairs)):
            if self.likely(0.1):
                pairs[at] = self.of([self.node(), "s:26379", [], ["s"], ["s", 1, 2], [self.reference(), 26379], ("s", 1)])
        return self.listed(pairs)

    def listed(self, items):
        return items if self.likely(0.9) else self.of([json.dumps(items, default=str), self.reference(), None, items[:1] and items[0], {"a": items}])

    def connection(self, prefixed=True):
        base = dict(self.of(list(BASES.values())))
        if self.likely(0.6):
            for key in list(base):
                if key != "type" and self.likely(0.5):
                    base[key] = self.value(key)
        for _ in range(self.of([0, 0, 1, 1, 2, 3, 5])):
            field = self.of(FIELDS)
            base[field] = self.value(field)
        for field in self.chance.sample(["ssl", "password", "username", "db", "ssl_cert_reqs", "ssl_check_hostname", "ssl_ca_certs", "socket_timeout", "url", "namespace", "ttl", "max_connections"], self.of([0, 1, 2, 3])):
            base[field] = self.value(field)
        if self.likely(0.12):
            base |= self.of(IDENTITIES)
            if self.likely(0.6):
                base["ssl"] = self.of([True, True, "true", False])
        if self.likely(0.06):
            # Several topologies at once.
            for other in self.chance.sample(list(BASES.values()), 2):
                base = {**other, **base}
        if not prefixed:
            base.pop("type", None)
        keys = list(base)
        if self.likely(0.4):
            self.chance.shuffle(keys)
        return {key: base[key] for key in keys}

    def cache_params(self):
        params = self.connection()
        if self.likely(0.2):
            params["type"] = self.of(["redis", "redis-semantic", "valkey-semantic", "local", "s3", "gcs", "disk", "qdrant-semantic", "azure-blob", self.reference(), "Redis", None])
        if params.get("type") in ("redis-semantic", "valkey-semantic", "qdrant-semantic") and self.likely(0.8):
            params["similarity_threshold"] = self.of([0.8, "0.8", 1, None])
            if self.likely(0.5):
                params["redis_semantic_cache_embedding_model"] = "m"
            if self.likely(0.4):
                params["redis_url"] = self.url()
            if self.likely(0.15):
                params[self.of(["index_name", "embedding_model", "similarity_threshold", "redis_semantic_cache_index_name", "semantic_cache_scope", "valkey_url", "ssl", "startup_nodes", "redis_startup_nodes", "embedding_timeout", "qdrant_collection_name", "qdrant_api_base"])] = self.of(PLAIN + ["key", "x"])
        return params

    def litellm_settings(self):
        settings = {}
        if self.likely(0.93):
            settings["cache"] = self.of([True] * 16 + [False, "true", self.reference(), None, 1, {}])
        if self.likely(0.9):
            settings["cache_params"] = self.cache_params() if self.likely(0.96) else self.of(PLAIN)
        for _ in range(self.of([0, 0, 0, 1, 2])):
            field = self.of(self.settings)
            if field["name"] not in ("callbacks", "success_callback", "failure_callback"):
                settings[field["name"]] = self.value(field["name"]) if self.likely(0.3) else self.of(right(field["name"], field) or PLAIN)
        if self.likely(0.12):
            for name in self.chance.sample(sorted(HTTP), self.of([1, 1, 2])):
                settings[name] = self.of(HTTP[name])
        if self.likely(0.04):
            settings[self.of([Raw("true"), Raw("1"), Raw("null"), Raw("2001-01-01"), "os.environ/SET", Raw("2.5"), ""])] = self.of(PLAIN)
        return self.shuffled(settings)

    def router_settings(self):
        settings = {}
        for name in self.chance.sample(["redis_host", "redis_port", "redis_password", "redis_url", "redis_db", "redis_ssl", "redis_username"], self.of([0, 1, 2, 3, 4])):
            settings[name] = self.value(name)
        if self.likely(0.4):
            settings = {"redis_host": "router-redis", "redis_port": self.of(PORTS[:4]), **settings}
        if self.likely(0.4):
            settings["cache_kwargs"] = self.connection(False) if self.likely(0.9) else self.of(PLAIN)
        if self.likely(0.03):
            settings[self.of([Raw("true"), Raw("1"), "os.environ/SET", "redis_startup_nodes", "redis_sentinel_nodes", "cache_params"])] = self.of(PLAIN)
        for _ in range(self.of([0, 0, 1, 2])):
            field = self.of(self.routers)
            settings[field["name"]] = self.of(right(field["name"], field) or PLAIN)
        return self.shuffled(settings)

    def general_settings(self):
        settings = {}
        if self.likely(0.6):
            settings["coordination_redis"] = {("startup_nodes" if k == "redis_startup_nodes" else k): v for k, v in self.connection(False).items()} if self.likely(0.93) else self.of(PLAIN)
        for _ in range(self.of([0, 0, 1, 2])):
            field = self.of(self.general)
            if field["name"] not in ("custom_auth",):
                settings[field["name"]] = self.of(right(field["name"], field) or PLAIN)
        return self.shuffled(settings)

    def shuffled(self, settings):
        keys = list(settings)
        self.chance.shuffle(keys)
        return {key: settings[key] for key in keys}

    def text(self, value, depth=0):
        """A value as people write it: in block style or in flow, quoted or not."""
        pad = "  " * depth
        if isinstance(value, dict) and value and depth < 5 and self.likely(0.8):
            return "".join(f"\n{pad}{self.key(k)}:{self.text(v, depth + 1)}" for k, v in value.items())
        if isinstance(value, list) and value and depth < 5 and self.likely(0.6):
            return "".join(f"\n{pad}-{self.text(v, depth + 2) if isinstance(v, list) else ' ' + yaml(v)}" for v in value)
        if isinstance(value, str) and not isinstance(value, Raw):
            return " " + self.scalar(value, pad)
        return " " + yaml(value)

    def key(self, key):
        return self.of([key] * 20 + [f'"{key}"', f"'{key}'", f"? {key}\n" if False else key])

    def scalar(self, text, pad):
        simple = text and all(c.isalnum() or c in "._/-@" for c in text) and text[0].isalpha()
        if simple and self.likely(0.7):
            return text
        if self.likely(0.06) and text.strip() and "\n" not in text and text == text.strip():
            return self.of(["|", ">-", ">", "|-", "|+"]) + f"\n{pad}  {text}"
        if self.likely(0.3) and "\n" not in text:
            return "'" + text.replace("'", "''") + "'"
        return json.dumps(text, ensure_ascii=self.likely(0.5))

    def document(self):
        sections = []
        if self.likely(0.92):
            sections.append(("litellm_settings", self.litellm_settings()))
        if self.likely(0.4):
            sections.append(("router_settings", self.router_settings()))
        if self.likely(0.4):
            sections.append(("general_settings", self.general_settings()))
        if self.likely(0.15):
            names = self.chance.sample(self.variables, self.of([1, 1, 2, 3]))
            sections.append(("environment_variables", {name: self.of([self.value(name.removeprefix("REDIS_").lower()), self.reference(), "x", 5, True]) for name in names}))
        if self.likely(0.3):
            sections.append(self.of([("model_list", [])] * 1 + [("model_list", None)]) if self.likely(0.1) else ("model_list", [{"model_name": "m", "litellm_params": {"model": "openai/gpt-4o", "api_key": self.of(["sk-1", "os.environ/SET"])}}]))
        if self.likely(0.04):
            at = self.chance.randrange(len(sections) or 1)
            sections[at:at + 1] = [(self.of(["litellm_settings", "router_settings", "general_settings", "environment_variables", "model_list", "callback_settings", "include", "x-other"]), self.of(ODD_NODES + PLAIN + [self.reference()]))]
        self.chance.shuffle(sections)
        text = self.of(["", "", "", "---\n", "# config\n", "%YAML 1.1\n---\n"])
        if self.likely(0.08):
            shared = {"host": self.value("host"), "port": self.value("port"), "password": self.value("password")}
            text += f"x-redis: &redis{self.text(shared, 1) or ' {}'}\n"
            sections.append((self.of(["router_settings", "litellm_settings", "general_settings"]), Raw("{" + self.of(["<<: *redis", "cache: true, cache_params: {<<: *redis, type: redis}", "cache_kwargs: *redis", "coordination_redis: {<<: *redis, ssl: true}", "coordination_redis: *redis"]) + "}")))
        for name, settings in sections:
            text += f"{name}:{self.text(settings, 1) if settings or settings is False or settings == 0 else ' ' + self.of(['{}', '', 'null'])}\n"
        if self.likely(0.03):
            text = text.replace("\n", "\r\n")
        if self.likely(0.02):
            text += self.of(["...\n", "---\n{}\n", "\t\n", "litellm_settings: {cache: true}\n", "# end"])
        return text

    def environment(self):
        env = {}
        for _ in range(self.of([0, 0, 1, 1, 2, 3, 5])):
            name = self.of(["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_SSL", "REDIS_URL", "REDIS_DB", "REDIS_USERNAME", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES", "REDIS_SERVICE_NAME"]) if self.likely(0.6) else self.of(self.variables)
            value = self.value(name.removeprefix("REDIS_").lower())
            if isinstance(value, Raw) or not isinstance(value, (str, int, float, bool)) or isinstance(value, bool):
                value = json.dumps(value, default=str) if not isinstance(value, Raw) else str(value)
            env[name] = str(value) if self.likely(0.85) else self.of(ENVIRONMENT_TEXTS)
        for variables, share in ((IDENTITY_VARIABLES, 0.06), (HTTP_VARIABLES, 0.06)):
            while self.likely(share):
                name = self.of(sorted(variables))
                env[name] = self.of(variables[name])
        return env


def random_ones(seed, count):
    maker = Maker(seed)
    while len(CASES) < count:
        config, env = maker.document(), maker.environment()
        if "os.environ" in config:
            env = {**MORE, **env}
        add("fresh", config, env)


def files(folder):
    """Each file, with nothing set; with all that it refers to; and with a Redis in the environment."""
    import re

    for path in sorted(pathlib.Path(folder).iterdir()):
        config = path.read_text(encoding="utf-8", errors="replace")
        named = {name: VARIABLES.get(name, "6379" if name.endswith("PORT") else f"value-of-{name.lower()}") for name in re.findall(r"os\.environ/(\w+)", config)}
        for env in ({}, named, {**named, "REDIS_HOST": "eh", "REDIS_PORT": "6390", "REDIS_PASSWORD": "ep"}, {**named, "REDIS_URL": "rediss://u:p@eh:6390/1"}):
            add(f"file-{path.stem}", config, {**dict.fromkeys((), ""), **env})


if __name__ == "__main__":
    if len(sys.argv) == 2:
        files(sys.argv[1])
    else:
        random_ones(sys.argv[1], int(sys.argv[2]))
    assert CATALOGUE
    for case in CASES.values():
        print(json.dumps(case, ensure_ascii=False))
