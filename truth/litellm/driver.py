"""Asks the real LiteLLM what it makes of configurations.

Reads cases, writes what LiteLLM and redis-py did with each: JSON Lines in and out, in order, in
the form of `redproof simulate --reveal-secrets` (README.md beside it says what its words mean
here). Runs in an environment that holds the LiteLLM and the redis-py that the cases name; a case
that names others is an error.

Nothing goes over the network: connecting raises, in redis-py and in the socket module; with
`--answering`, each connection of redis-py leads to a stand-in in this process (standin.py); with `--servers`,
servers on loopback are there (servers.py). LiteLLM is
imported once, so everything that a configuration changes in it is put back before each case.
"""

import asyncio
import contextlib
import dataclasses
import gc
import io
import json
import logging
import math
import os
import pathlib
import re
import signal
import socket
import ssl
import sys
import tempfile
import time
import types
import warnings

for name in ("LITELLM_LOCAL_MODEL_COST_MAP", "HF_HUB_OFFLINE", "DO_NOT_TRACK"):
    os.environ[name] = "True"
os.environ["LITELLM_LOG"] = "CRITICAL"
# Newer releases walk a set of argument names; which one a TypeError names depends on its order.
if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

# What a case does not set, it does not have: everything that Redis, a cloud or LiteLLM reads.
FOREIGN = ("REDIS", "VALKEY", "QDRANT", "AWS_", "AZURE_", "GCP_", "GCS_", "GOOGLE_", "S3_", "DATABASE_URL", "LITELLM_")
KEPT = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_LOG")
OWN_ENVIRONMENT = {k: v for k, v in os.environ.items() if k in KEPT or not k.startswith(FOREIGN)}
os.environ.clear()
os.environ.update(OWN_ENVIRONMENT)

import redis  # noqa: E402
import redis._parsers.commands  # noqa: E402
import redis.asyncio.cluster  # noqa: E402
import redis.asyncio.connection  # noqa: E402
import redis.asyncio.sentinel  # noqa: E402
import redis.cluster  # noqa: E402
import redis.connection  # noqa: E402
import redis.sentinel  # noqa: E402

TOKEN = "a token that Google's IAM service gives"
UNKNOWN_TOKEN = {"unknown": TOKEN}
UNKNOWN_FILE = {"unknown": "whether the certificate can be read"}
UNKNOWN_NETWORK = {"unknown": "another server's answer decides"}


NETWORK_OFF = "the network is off"
# Real servers on loopback, or a stand-in for all.
SERVERS = "--servers" in sys.argv
ANSWERING = SERVERS or "--answering" in sys.argv
# One case takes milliseconds.
LONGEST = 180


class Network:
    """Whether something other than redis-py asked for the network in this case."""

    asked = False


def cut_redis_py():
    def no_connection(*args, **kwargs):
        raise redis.exceptions.ConnectionError(NETWORK_OFF)

    async def no_async_connection(*args, **kwargs):
        raise redis.exceptions.ConnectionError(NETWORK_OFF)

    redis.connection.AbstractConnection.connect = no_connection
    redis.asyncio.connection.AbstractConnection.connect = no_async_connection
    redis.asyncio.cluster.RedisCluster.initialize = no_async_connection
    redis._parsers.commands.CommandsParser.initialize = lambda self, r: None

    def no_discovery(self, *args, **kwargs):
        # The first commands drop nodes that fail; the configuration named these.
        if not hasattr(self, "configured_nodes"):
            self.configured_nodes = list(self.startup_nodes.values())
        self.default_node = self.configured_nodes[0] if self.configured_nodes else None

    redis.cluster.NodesManager.initialize = no_discovery


def may_connect(address):
    return address == STAND_IN or SERVERS and (isinstance(address, str) or address[0] == "127.0.0.1")


def cut_sockets():
    class NoSocket(socket.socket):
        def connect(self, address):
            if may_connect(address):
                return super().connect(address)
            Network.asked = True
            raise ConnectionRefusedError(NETWORK_OFF)

        connect_ex = connect

    address_of = socket.getaddrinfo

    def no_address(host, port, *args, **kwargs):
        if may_connect((host, port)):
            return address_of(host, port, *args, **kwargs)
        Network.asked = True
        raise socket.gaierror(NETWORK_OFF)

    socket.socket = NoSocket
    socket.getaddrinfo = no_address
    # Nobody answers a second time either: clients that wait between attempts need not.
    time.sleep = lambda seconds: None


STAND_IN = None
if ANSWERING:
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    import servers
    import standin

    if SERVERS:
        servers.start()
        standin.note_what_is_configured()
    else:
        STAND_IN = standin.lead_redis_py()
else:
    cut_redis_py()
cut_sockets()
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

with contextlib.redirect_stdout(io.StringIO()):
    import litellm
    import litellm._redis
    import litellm.constants
    import litellm.proxy.proxy_server as proxy_server
    from litellm.caching.dual_cache import DualCache
    from litellm.caching.redis_cache import RedisCache
    from litellm.proxy.auth.handle_jwt import JWTHandler
    from litellm.proxy.auth.litellm_license import LicenseCheck

    try:
        from litellm.rust_bridge._native import NativeRedisClient
    except ImportError:
        NativeRedisClient = None

REDIS_PY = redis.__version__
SCALARS = (bool, int, float, str, type(None))
CONTAINERS = (list, dict, set)
# Tables that no configuration of caches changes: putting back thousands of entries takes time.
LARGEST_CONTAINER = 300


def litellm_version():
    """The release that was imported: it may lie over another that pip installed."""
    (beside,) = pathlib.Path(litellm.__file__).parent.parent.glob("litellm-*.dist-info")
    return beside.name.removeprefix("litellm-").removesuffix(".dist-info")


LITELLM = litellm_version()


class Snapshot:
    """The state of LiteLLM that configurations change: module globals and the proxy's caches."""

    def __init__(self):
        modules = [litellm, proxy_server]
        self.spaces = [(vars(m), self.of(vars(m))) for m in modules]
        caches = [o for o in gc.get_objects() if isinstance(o, DualCache)]
        self.spaces += [(vars(cache), self.of(vars(cache))) for cache in caches]
        self.keep = caches

    @staticmethod
    def of(space):
        kept = {}
        for name, value in space.items():
            if isinstance(value, types.ModuleType):
                continue
            contents = None
            if isinstance(value, CONTAINERS) and len(value) <= LARGEST_CONTAINER:
                contents = type(value)(value) if type(value) in CONTAINERS else None
            kept[name] = (value, contents)
        return kept

    def restore(self):
        for space, kept in self.spaces:
            for name in [n for n in space if n not in kept and isinstance(space[n], SCALARS + CONTAINERS)]:
                # `litellm_settings` sets any name; a module imported later is no setting.
                if not name.startswith("__"):
                    del space[name]
            for name, (value, contents) in kept.items():
                if space.get(name, kept) is not value:
                    space[name] = value
                if contents is not None and value != contents:
                    value.clear()
                    value.extend(contents) if isinstance(value, list) else value.update(contents)
        litellm.in_memory_llm_clients_cache.flush_cache()
        if "prometheus_client" in sys.modules:
            registry = sys.modules["prometheus_client"].REGISTRY
            for collector in list(registry._collector_to_names):
                registry.unregister(collector)


class Constants:
    """`litellm.constants` reads the environment on import: evaluated anew for a case that sets
    something that it reads."""

    def __init__(self):
        path = pathlib.Path(litellm.constants.__file__)
        source = path.read_text()
        self.code = compile(source, str(path), "exec")
        self.names = set(re.findall(r'"([A-Z][A-Z0-9_]+)"', source))
        self.changed = []

    def evaluate(self, environment):
        for module, name, value in self.changed:
            setattr(module, name, value)
        self.changed = []
        if not self.names & environment.keys():
            return
        fresh = {"__name__": "litellm.constants", "__file__": litellm.constants.__file__, "__package__": "litellm"}
        exec(self.code, fresh)
        old = dict(vars(litellm.constants))
        differing = {
            name: value
            for name, value in fresh.items()
            if name.isupper() and isinstance(value, (bool, int, float, str)) and old.get(name) != value
        }
        for module in [m for k, m in list(sys.modules.items()) if k.startswith("litellm") and m is not None]:
            for name, value in differing.items():
                if name in vars(module) and vars(module)[name] == old[name]:
                    self.changed.append((module, name, vars(module)[name]))
                    setattr(module, name, value)


HTTP_VARIABLES = {"SSL_CERT_FILE", "SSL_VERIFY", "SSL_CERTIFICATE"}


def make_http_clients(environment):
    """Those that importing `proxy_server` makes, for a case that sets what they read."""
    if HTTP_VARIABLES & environment.keys():
        LicenseCheck()
        JWTHandler()


def plain(value):
    """A Python value as JSON: what JSON lacks is text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return UNKNOWN_TOKEN if value == TOKEN else str(value)
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return str(value)


class NoMode(Exception):
    """`ssl_cert_reqs` is nothing that Python's ssl knows: it says so where it connects."""


def exception(error, folder):
    """What was raised; unknown where only a server could have said whether it is raised."""
    if isinstance(error, NoMode):
        return {"unknown": "no verify mode"}
    if Network.asked or str(error) == NETWORK_OFF:
        return UNKNOWN_NETWORK
    message = str(error).replace(folder + os.sep, "").replace(sys.prefix + os.sep, "")
    return {"exception": type(error).__name__, "message": re.sub(r"0x[0-9a-f]{6,}", "0x…", message)}


VERIFY = {ssl.CERT_NONE: "none", ssl.CERT_OPTIONAL: "optional", ssl.CERT_REQUIRED: "required"}
SSL_CONNECTIONS = (redis.connection.SSLConnection, redis.asyncio.connection.SSLConnection)


def read(connection, address=True):
    """What a constructed redis-py connection holds."""
    held = {
        "host": getattr(connection, "host", None) if address else None,
        "port": getattr(connection, "port", None) if address else None,
        "db": connection.db,
        "username": connection.username,
        "password": connection.password,
        "tls": isinstance(connection, SSL_CONNECTIONS),
    }
    if held["tls"]:
        # asyncio's keeps its settings in an object of its own.
        asyncio_settings = isinstance(connection, redis.asyncio.connection.SSLConnection)
        settings = connection.ssl_context if asyncio_settings else connection
        try:
            held["verify"] = VERIFY[settings.cert_reqs]
        except (KeyError, TypeError):
            raise NoMode from None
        for name in ("check_hostname", "ca_certs", "ca_path", "certfile", "keyfile"):
            held[name] = getattr(settings, name, None)
    for name in ("socket_timeout", "socket_connect_timeout", "health_check_interval", "client_name"):
        held[name] = getattr(connection, name, None)
    return {name: plain(value) for name, value in held.items()}


def connect(pool):
    return pool.connection_class(**pool.connection_kwargs)


def node(address):
    return {"host": plain(address.host), "port": plain(address.port)}


def client(consumer, api, build, folder):
    """One client and its first connection, constructed."""
    told = {"consumer": consumer, "api": api, "client": None, "error": None, "connection": None}
    try:
        built = build()
    except BaseException as error:
        told["error"] = exception(error, folder)
        return told
    try:
        describe(built, told)
    except BaseException as error:
        told["error"] = exception(error, folder)
        told["connection"] = None
    return told


def describe(built, told):
    if isinstance(built, redis.cluster.RedisCluster):
        manager = built.nodes_manager
        told["client"] = "RedisCluster"
        nodes = standin.configured_nodes(manager) if ANSWERING else manager.configured_nodes
        told["nodes"] = [node(n) for n in nodes]
        first = nodes[0]
        lone = manager.create_redis_node(first.host, first.port, **manager.connection_kwargs)
        told["connection"] = read(connect(lone.connection_pool), address=False)
    elif isinstance(built, redis.asyncio.cluster.RedisCluster):
        manager = built.nodes_manager
        nodes = standin.configured_nodes(manager) if ANSWERING else list(manager.startup_nodes.values())
        told["client"] = "RedisCluster"
        told["nodes"] = [node(n) for n in nodes]
        told["connection"] = read(nodes[0].connection_class(**nodes[0].connection_kwargs), address=False)
    elif hasattr(built.connection_pool, "sentinel_manager"):
        pool = built.connection_pool
        told["client"] = "Sentinel"
        told["service_name"] = plain(pool.service_name)
        told["sentinels"] = []
        # The master's connection is made first; it then asks the sentinels.
        master = connect(pool)
        manager = pool.sentinel_manager
        for sentinel in getattr(manager, "configured_sentinels", manager.sentinels):
            told["sentinels"].append(read(connect(sentinel.connection_pool)))
        told["connection"] = read(master, address=False)
    else:
        told["client"] = "Redis"
        told["connection"] = read(connect(built.connection_pool))


def both_clients(consumer, cache, folder):
    sync = client(consumer, "sync", lambda: cache.redis_client, folder)
    serving = client(consumer, "async", cache.init_async_client, folder)
    if serving["client"] is None:
        serving["client"] = sync["client"]
        if sync["client"] == "RedisCluster":
            serving["nodes"] = []
        if sync["client"] == "Sentinel":
            serving |= {"service_name": None, "sentinels": []}
    return [sync, serving]


class Lines(logging.Handler):
    """What is logged while the Rust client is made: it says there what it refuses and what it ignores."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append((record.levelno, record.getMessage()))


UNUSABLE = "Redis is not usable from the Rust stores, their state stays in memory: "
IGNORED = re.compile("Redis setting (.+) is not supported by the Rust client and is ignored: .*")


def reads_files(settings):
    """Whether the client would not be made without a file that is there."""
    missing = {k: "/no/such/file" if isinstance(v, str) and os.path.exists(v) else v for k, v in settings.redis_kwargs.items()}
    if missing == dict(settings.redis_kwargs):
        return False
    return NativeRedisClient.connect(dataclasses.replace(settings, redis_kwargs=types.MappingProxyType(missing))) is None


def native(cache, folder):
    """The Rust client of a cache, made as `litellm.redis.stores.connection.connect` makes it. It connects on first use."""
    told = {"stores": "memory", "reason": None, "ignored": []}
    if cache is None:
        return told
    seen = Lines()
    logger = litellm._logging.verbose_logger
    # A case may have switched it off.
    kept = (logger.handlers, logger.propagate, logger.disabled, logger.level)
    logger.handlers, logger.propagate, logger.disabled = [seen], False, False
    logger.setLevel(logging.WARNING)
    logging.disable(logging.NOTSET)
    try:
        made = NativeRedisClient.connect(cache.store_settings)
        lines = list(seen.lines)
        reads = made is not None and reads_files(cache.store_settings)
    except BaseException as error:
        return told | {"error": exception(error, folder)}
    finally:
        logging.disable(logging.CRITICAL)
        logger.handlers, logger.propagate, logger.disabled = kept[:3]
        logger.setLevel(kept[3])
    told["ignored"] = [name[1] for _, line in lines if (name := IGNORED.fullmatch(line))]
    for _, line in lines:
        if line.startswith(UNUSABLE):
            told["reason"] = line.removeprefix(UNUSABLE).replace(folder + os.sep, "")
            if told["reason"].startswith("reading the Redis TLS file"):
                return told | {"stores": UNKNOWN_FILE, "reason": UNKNOWN_FILE}
    if made is not None:
        told["stores"] = "redis"
    if reads:
        # This machine happens to have them.
        told |= {"stores": UNKNOWN_FILE, "reason": UNKNOWN_FILE}
    return told


def router_cache(router):
    try:
        return router.health().store.redis_cache
    except AttributeError:
        return router.cache.redis_cache


async def load(path):
    """Start-up, then the pings that it leaves to the event loop: they come before any request."""
    router, *_ = await proxy_server.ProxyConfig().load_config(router=None, config_file_path=path)
    for _ in range(5):
        await asyncio.sleep(0)
    if ANSWERING:
        left = [task for task in asyncio.all_tasks() if "ping" in task.get_coro().__qualname__]
        if left:
            await asyncio.wait(left, timeout=5)
    return router


async def outcome(case, folder):
    path = os.path.join(folder, "config.yaml")
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(case["config"])
    try:
        constants.evaluate(case["env"])
        make_http_clients(case["env"])
        # A task of its own has a context of its own.
        router = await asyncio.create_task(load(path))
        # `cache: "true"` leaves text in the cache's place: every request fails on it.
        response = litellm.cache.cache if litellm.cache is not None else None
    except BaseException as error:
        return {"startup": exception(error, folder)}
    Network.asked = False
    usage, routing = proxy_server.redis_usage_cache, router_cache(router)
    told = {
        "startup": "ok",
        "response_cache": None if response is None else type(response).__name__,
        "router_cache": None if routing is None else type(routing).__name__,
        "usage_cache": None if usage is None else type(usage).__name__,
        "clients": [],
    }
    if routing is not None and routing is response:
        told["router_cache"] = "shared"
    elif routing is not None and routing is usage:
        told["router_cache"] = "usage"
    if usage is not None and usage is response:
        told["usage_cache"] = "shared"
    if NativeRedisClient is not None:
        told["native"] = native(routing if usage is None else usage, folder)
        if usage is not None and routing is not None and routing is not usage:
            told["router_native"] = native(routing, folder)
    seen = []
    for consumer, cache in (("response", response), ("usage", usage), ("router", routing)):
        if isinstance(cache, RedisCache) and not any(cache is other for other in seen):
            seen.append(cache)
            told["clients"] += both_clients(consumer, cache, folder)
    return told


def too_long(case):
    """Ends a case that would never end: redis-py 5.0.0 fills a queue of 2**31 places."""

    def stop(*_):
        sys.stderr.write(f"{case['id']} takes more than {LONGEST} seconds\n")
        os._exit(1)

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)


async def answer(case, folder):
    too_long(case)
    told = {name: case[name] for name in ("id", "litellm", "redis_py")}
    if (case["litellm"], case["redis_py"]) != (LITELLM, REDIS_PY):
        return told | {"driver_error": f"this is LiteLLM {LITELLM} on redis-py {REDIS_PY}"}
    Network.asked = False
    snapshot.restore()
    os.environ.clear()
    os.environ.update(OWN_ENVIRONMENT)
    os.environ.update(case["env"])
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            told |= await outcome(case, folder)
    except BaseException as error:
        told["driver_error"] = repr(error)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return told


async def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for line in sys.stdin:
            told = await answer(json.loads(line), folder)
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()


if hasattr(litellm._redis, "_generate_gcp_iam_access_token"):
    # Asked while the asyncio cluster client is constructed, on releases that have no provider yet.
    litellm._redis._generate_gcp_iam_access_token = lambda service_account: TOKEN
sys.unraisablehook = lambda unraisable: None
constants = Constants()
snapshot = Snapshot()
asyncio.run(main())
