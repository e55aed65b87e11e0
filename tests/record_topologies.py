"""Connects to clusters and sentinels with LiteLLM's own cache, and says what came of it.

Reads one JSON object per line, {"name", "settings"}: `cache_params`. Answers each with one line, as
record_redis_py.py does.
"""

import asyncio
import json
import os
import signal
import socket

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOG"] = "CRITICAL"

import litellm
import redis
from litellm.caching.caching import Cache

# Stacked retries take their time.
LIMIT = 60

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
    def late(*_):
        raise TimeoutError("not within the time of the test")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    try:
        client = Cache(type="redis", **settings).cache.redis_client
        client.ping()
        client.set("redproof:recorder", "value", ex=60)
        assert client.get("redproof:recorder") in (b"value", "value")
        client.delete("redproof:recorder")
        return settled(None)
    except BaseException as error:
        return settled(error)
    finally:
        signal.alarm(0)


async def async_client(settings):
    async def use():
        litellm.in_memory_llm_clients_cache.flush_cache()
        client = Cache(type="redis", **settings).cache.init_async_client()
        await client.ping()
        await client.set("redproof:recorder", "value", ex=60)
        assert await client.get("redproof:recorder") in (b"value", "value")
        await client.delete("redproof:recorder")
        await client.aclose()

    try:
        await asyncio.wait_for(use(), LIMIT)
        return settled(None)
    except BaseException as error:
        return settled(error)


def main():
    print(json.dumps({"redis_py": redis.__version__}), flush=True)
    while line := input_line():
        case = json.loads(line)
        answer = {
            "name": case["name"],
            "sync": sync_client(case["settings"]),
            "async": asyncio.run(async_client(case["settings"])),
        }
        print(json.dumps(answer), flush=True)


def input_line():
    try:
        return input()
    except EOFError:
        return None


main()
