"""Opens LiteLLM's Rust client with settings, counts a budget, and says what came of it.

Reads one JSON object per line, {"name", "settings"}, and answers each with one line:
{"name", "use": {"ok"} or {"exception", "message"}, "reason", "ignored"}; or "startup", the exception that stops LiteLLM.
`reason` is why state stays in memory. The settings are those of `RedisCache`, and redis-py connects to nobody.
"""

import asyncio
import contextlib
import io
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import rust_client  # noqa: E402

with contextlib.redirect_stdout(io.StringIO()):
    import redis  # noqa: E402
    from litellm.caching.redis_cache import RedisCache  # noqa: E402
    from litellm.redis.stores.connection import connect  # noqa: E402

# LiteLLM's own timeout is 5 s; the servers are on this machine.
TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}
LONGEST = 20
LINES = rust_client.Lines()


def refuse(*_, **__):
    raise RuntimeError("redis-py is not asked")


# What RedisCache asks when it is made would be tried again and again.
redis.connection.AbstractConnection.connect = refuse
RedisCache.ping = lambda self: asyncio.sleep(0, True)


async def used(stores):
    counters = stores.spend_counters()
    try:
        await asyncio.wait_for(counters.increment("spend:key:recorder", 1.0), LONGEST)
        reading = await asyncio.wait_for(counters.read("spend:key:recorder"), LONGEST)
        return {"ok": True} if reading.from_redis else {"ok": False, "message": "read from memory"}
    except BaseException as error:
        return rust_client.raised(error)


async def answer(settings):
    LINES.clear()
    try:
        stores = connect(RedisCache(**TIMEOUTS, **settings))
    except BaseException as error:
        return {"startup": rust_client.raised(error)}
    said = rust_client.said(LINES.lines)
    if stores.client is not None:
        said["use"] = await used(stores)
    return said


def main():
    # Nobody answers a question for a passphrase.
    questions = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    print(json.dumps({"release": rust_client.release()}), flush=True)
    for line in questions:
        case = json.loads(line)
        print(json.dumps({"name": case["name"], **asyncio.run(answer(case["settings"]))}), flush=True)


main()
