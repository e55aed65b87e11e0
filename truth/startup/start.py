"""The real start-up of the LiteLLM proxy, imported once and forked for each case.

Reads one JSON object a line and answers one: {"config", "env"} is started, and {"redis": kwargs} makes the cache alone.
"""

import asyncio
import json
import os
import random
import socket
import sys
import tempfile


def started(config, env):
    for name in [name for name in os.environ if name.startswith("LITELLM_") and "MASTER_KEY" in name]:
        del os.environ[name]
    os.environ.update(env)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
        file.write(config)
    os.environ["CONFIG_FILE_PATH"] = file.name
    from litellm.proxy.proxy_server import app, proxy_startup_event

    async def enter():
        async with proxy_startup_event(app):
            return {"startup": "ok"}

    try:
        return asyncio.run(asyncio.wait_for(enter(), 60))
    except Exception as error:
        return {"exception": type(error).__name__, "message": str(error)}
    finally:
        os.unlink(file.name)


def delayed(kwargs, silent):
    """How long redis-py sleeps between its attempts at most, and how often it tries, until the cache is there.

    Connections are refused, or `silent`: they time out at once.
    """
    import redis.retry
    from litellm.caching.redis_cache import RedisCache

    slept, tried = [], []
    redis.retry.sleep = slept.append
    random.random = lambda: 1.0
    connect = socket.socket.connect

    def count(self, address):
        tried.append(address)
        if silent:
            raise TimeoutError("timed out")
        return connect(self, address)

    socket.socket.connect = count
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = json.dumps(kwargs).replace("PORT", str(port))
    given = json.loads(text)
    if "port" in given:
        given["port"] = int(given["port"])
    try:
        RedisCache(**given)
        made = "made"
    except Exception as error:
        made = type(error).__name__
    return {"made": made, "attempts": len(tried), "seconds": round(sum(slept), 2)}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "redis" in asked:
            from litellm.caching import redis_cache  # noqa: F401
        else:
            from litellm.proxy import proxy_server  # noqa: F401  the import is the costly part
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            answer = delayed(asked["redis"], asked["silent"]) if "redis" in asked else started(asked["config"], asked["env"])
            os.write(writer, json.dumps(answer).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        os.waitpid(pid, 0)
        print(text or "null", file=answers, flush=True)


if __name__ == "__main__":
    main()
