"""Opens LiteLLM's Rust client with settings, counts a budget, and says what came of it.

Reads one JSON object per line, {"name", "settings"}, and answers each with one line:
{"name", "use": {"ok"} or {"exception", "message"}, "reason", "ignored"}; or "startup", the exception that stops LiteLLM.
`reason` is why state stays in memory. The settings are those of `RedisCache`, and redis-py connects to nobody.
"""

import asyncio
import contextlib
import io
import json
import logging
import os
import pathlib
import re

os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "REDIS_CIRCUIT_BREAKER_ENABLED": "false"}

with contextlib.redirect_stdout(io.StringIO()):
    import litellm
    import redis
    from litellm.caching.redis_cache import RedisCache
    from litellm.redis.stores.connection import connect

# LiteLLM's own timeout is 5 s; the servers are on this machine.
TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}
LONGEST = 20
UNUSABLE = "Redis is not usable from the Rust stores, their state stays in memory: "
IGNORED = re.compile("Redis setting (.+) is not supported by the Rust client and is ignored: .*")


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        if getattr(record, "rust_target", None) is not None:
            self.lines.append(record.getMessage())


LINES = Lines()
litellm._logging.verbose_logger.handlers = [LINES]
litellm._logging.verbose_logger.setLevel(logging.INFO)
litellm._logging.verbose_logger.propagate = False


def refuse(*_, **__):
    raise RuntimeError("redis-py is not asked")


# What RedisCache asks when it is made would be tried again and again.
redis.connection.AbstractConnection.connect = refuse
RedisCache.ping = lambda self: asyncio.sleep(0, True)


def raised(error):
    causes = [error]
    while (cause := causes[-1].__cause__) is not None:
        causes.append(cause)
    return {"exception": type(error).__name__, "message": ": ".join(str(one) for one in causes)}


async def used(stores):
    counters = stores.spend_counters()
    try:
        await asyncio.wait_for(counters.increment("spend:key:recorder", 1.0), LONGEST)
        reading = await asyncio.wait_for(counters.read("spend:key:recorder"), LONGEST)
        return {"ok": True} if reading.from_redis else {"ok": False, "message": "read from memory"}
    except BaseException as error:
        return raised(error)


async def answer(settings):
    LINES.lines.clear()
    try:
        stores = connect(RedisCache(**TIMEOUTS, **settings))
    except BaseException as error:
        return {"startup": raised(error)}
    reasons = [line.removeprefix(UNUSABLE) for line in LINES.lines if line.startswith(UNUSABLE)]
    ignored = [match[1] for line in LINES.lines if (match := IGNORED.fullmatch(line))]
    said = {"reason": reasons[0] if reasons else None, "ignored": ignored}
    if stores.client is not None:
        said["use"] = await used(stores)
    return said


def main():
    # Nobody answers a question for a passphrase.
    questions = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    folder = pathlib.Path(litellm.__file__).parent.parent
    release = next(folder.glob("litellm-*.dist-info")).name.removeprefix("litellm-").removesuffix(".dist-info")
    print(json.dumps({"release": release}), flush=True)
    for line in questions:
        case = json.loads(line)
        print(json.dumps({"name": case["name"], **asyncio.run(answer(case["settings"]))}), flush=True)


main()
