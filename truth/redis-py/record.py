"""Connects with redis-py as LiteLLM would, and says what came of it.

Reads and answers as ../conversation.py does; the settings are arguments of `redis.Redis`.
"""

import pathlib
import sys

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from conversation import answer_all, settled  # noqa: E402

# LiteLLM's own timeout is 5 s; the servers are on this machine.
TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}


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


answer_all(sync_client, async_client)
