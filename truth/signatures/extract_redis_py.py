"""Prints one redis-py release's signatures, allow-lists and URL parsers as JSON.

Usage: extract_redis_py.py FOLDER    (FOLDER holds an unpacked redis wheel)
"""

import inspect
import json
import sys

sys.path.insert(0, sys.argv[1])

import redis  # noqa: E402
import redis.asyncio.client  # noqa: E402
import redis.asyncio.cluster  # noqa: E402
import redis.asyncio.connection  # noqa: E402
import redis.asyncio.sentinel  # noqa: E402
import redis.cluster  # noqa: E402
import redis.connection  # noqa: E402
import redis.sentinel  # noqa: E402


def default(parameter):
    value = parameter.default
    if value is inspect.Parameter.empty:
        return {"required": True}
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"value": value}
    return {"object": True}


def signature(cls):
    init = inspect.unwrap(cls.__init__)
    kinds = inspect.Parameter
    parameters = [p for p in inspect.signature(init).parameters.values() if p.name != "self"]
    return {
        "qualname": init.__qualname__,
        # What `inspect.getfullargspec(cls)` sees: a decorated `__init__` hides its parameters.
        "decorated": init is not cls.__init__,
        "parameters": [
            {"name": p.name, **default(p)}
            for p in parameters
            if p.kind not in (kinds.VAR_KEYWORD, kinds.VAR_POSITIONAL)
        ],
        "kwargs": any(p.kind is kinds.VAR_KEYWORD for p in parameters),
    }


def parsers(table):
    return {name: getattr(parser, "__name__", str(parser)) for name, parser in table.items()}


sync, aio = redis.connection, redis.asyncio.connection
print(
    json.dumps(
        {
            "version": redis.__version__,
            "classes": {
                "Redis": signature(redis.Redis),
                "Connection": signature(sync.Connection),
                "SSLConnection": signature(sync.SSLConnection),
                "UnixDomainSocketConnection": signature(sync.UnixDomainSocketConnection),
                "AbstractConnection": signature(sync.AbstractConnection),
                "ConnectionPool": signature(sync.ConnectionPool),
                "RedisCluster": signature(redis.cluster.RedisCluster),
                "ClusterNode": signature(redis.cluster.ClusterNode),
                "NodesManager": signature(redis.cluster.NodesManager),
                "Sentinel": signature(redis.sentinel.Sentinel),
                "asyncio.Redis": signature(redis.asyncio.client.Redis),
                "asyncio.Connection": signature(aio.Connection),
                "asyncio.SSLConnection": signature(aio.SSLConnection),
                "asyncio.UnixDomainSocketConnection": signature(aio.UnixDomainSocketConnection),
                "asyncio.AbstractConnection": signature(aio.AbstractConnection),
                "asyncio.ConnectionPool": signature(aio.ConnectionPool),
                "asyncio.BlockingConnectionPool": signature(aio.BlockingConnectionPool),
                "asyncio.RedisCluster": signature(redis.asyncio.cluster.RedisCluster),
                "asyncio.Sentinel": signature(redis.asyncio.sentinel.Sentinel),
            },
            "cluster_allowed_keys": list(redis.cluster.REDIS_ALLOWED_KEYS),
            "cluster_disabled_keys": list(redis.cluster.KWARGS_DISABLED_KEYS),
            "url_parsers": parsers(sync.URL_QUERY_ARGUMENT_PARSERS),
            "asyncio_url_parsers": parsers(aio.URL_QUERY_ARGUMENT_PARSERS),
        }
    )
)
