"""Connects to clusters and sentinels with LiteLLM's own cache, and says what came of it.

Reads and answers as ../conversation.py does; the settings are `cache_params`.
"""

import asyncio
import os
import pathlib
import signal
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOG"] = "CRITICAL"

import litellm
from litellm.caching.caching import Cache

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from conversation import answer_all, settled  # noqa: E402

# Stacked retries take their time.
LIMIT = 60


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


answer_all(sync_client, async_client)
