"""Connects with redis-py as LiteLLM would, and says what came of it.

Reads one JSON object per line, {"name", "settings"}, and answers each with one line:
{"name", "sync": {"ok"} or {"exception", "message"}, "async": the same}.
"""

import asyncio
import json
import os
import socket

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

# LiteLLM's own timeout is 5 s; the servers are on this machine.
TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}


# Hosts of the test domain are this machine.
resolver = socket.getaddrinfo


def getaddrinfo(host, *arguments, **named):
    ours = isinstance(host, str) and host.lower().rstrip(".").endswith(".test")
    return resolver("127.0.0.1" if ours else host, *arguments, **named)


socket.getaddrinfo = getaddrinfo


def settled(error):
    if error is None:
        return {"ok": True}
    cause = error.__cause__ or error.__context__
    return {
        "exception": type(error).__name__,
        "message": str(error),
        "cause": None if cause is None else f"{type(cause).__name__}: {cause}",
    }


def sync_client(settings):
    try:
        client = redis.Redis(retry=Retry(NoBackoff(), 0), **TIMEOUTS, **settings)
        client.ping()
        client.set("redproof:recorder", "value", ex=60)
        assert client.get("redproof:recorder") == b"value"
        client.delete("redproof:recorder")
        return settled(None)
    except Exception as error:
        return settled(error)


async def async_client(settings):
    # Parameters that the asyncio client of this release does not know reach no connection.
    try:
        client = redis.asyncio.Redis(
            retry=AsyncRetry(NoBackoff(), 0), **TIMEOUTS, **settings
        )
        await client.ping()
        await client.set("redproof:recorder", "value", ex=60)
        assert await client.get("redproof:recorder") == b"value"
        await client.delete("redproof:recorder")
        await client.aclose()
        return settled(None)
    except Exception as error:
        return settled(error)


def main():
    # OpenSSL asks for an encrypted key's passphrase on standard input: nobody is there.
    questions = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    print(json.dumps({"redis_py": redis.__version__}), flush=True)
    for line in questions:
        case = json.loads(line)
        settings = case["settings"]
        answer = {
            "name": case["name"],
            "sync": sync_client(settings),
            "async": asyncio.run(async_client(settings)),
        }
        print(json.dumps(answer), flush=True)


main()
