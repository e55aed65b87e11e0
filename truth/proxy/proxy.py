"""The real LiteLLM proxy, imported once and forked for each scenario.

Reads one JSON object per line: {"config", "env", "port"} starts a proxy with that config and answers
{"pid"}; {"end": pid} ends one; {"import": [modules]} imports what a child imported on its way. Each child runs the app's own start-up under uvicorn, as
`litellm --config` does; the import, which is the same for all, is not repeated.
A further route, /redproof, tells which Redis each part holds, and with `?what=` calls the parts that
only a database would set in motion.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import threading
import time


def address(cache):
    """Where a RedisCache's own client points, and its namespace."""
    if cache is None:
        return None
    client = getattr(cache, "redis_client", None)
    pool = getattr(client, "connection_pool", None)
    kwargs = getattr(pool, "connection_kwargs", {})
    return {
        "class": type(cache).__name__,
        "port": kwargs.get("port"),
        "db": kwargs.get("db", 0),
        "namespace": getattr(cache, "namespace", None),
    }


def walk(start, *names):
    for name in names:
        start = getattr(start, name, None)
    return start() if callable(start) else start


def roles():
    import litellm
    from litellm.proxy import proxy_server

    logging = proxy_server.proxy_logging_obj
    writer = getattr(logging, "db_spend_update_writer", None)
    router = proxy_server.llm_router
    health = getattr(router, "health", None)
    return {
        "response_cache": type(getattr(litellm.cache, "cache", None)).__name__,
        "response": address(litellm_redis(litellm)),
        "usage": address(proxy_server.redis_usage_cache),
        "limits": address(walk(logging, "internal_usage_cache", "dual_cache", "redis_cache")),
        "auth_cache": address(walk(proxy_server, "user_api_key_cache", "redis_cache")),
        "spend_counters": address(walk(proxy_server, "spend_counter_cache", "redis_cache")),
        "spend_queue": address(walk(writer, "redis_update_buffer", "redis_cache")),
        "pod_lock": address(walk(writer, "pod_lock_manager", "redis_cache")),
        "router": address(
            health().store.redis_cache if callable(health) else walk(router, "cache", "redis_cache")
        ),
        "has": sorted(
            name
            for name, there in {
                "spend_queue": walk(writer, "redis_update_buffer") is not None,
                "pod_lock": walk(writer, "pod_lock_manager") is not None,
                "spend_counters": hasattr(proxy_server, "spend_counter_cache"),
            }.items()
            if there
        ),
    }


def litellm_redis(litellm):
    cache = getattr(litellm.cache, "cache", None)
    return cache if hasattr(cache, "redis_client") else None


async def attempt(work):
    try:
        result = await work
        return result if isinstance(result, (bool, int, str, type(None))) else "done"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


async def drive(what):
    from litellm.proxy import proxy_server

    writer = getattr(proxy_server.proxy_logging_obj, "db_spend_update_writer", None)
    if what == "pod_lock":
        manager = getattr(writer, "pod_lock_manager", None)
        return "absent" if manager is None else await attempt(manager.acquire_lock("redproof"))
    if what == "spend_queue":
        buffer = getattr(writer, "redis_update_buffer", None)
        return "absent" if buffer is None else bool(buffer._should_commit_spend_updates_to_redis())
    if what == "spend_commit":
        if writer is None or getattr(writer, "redis_update_buffer", None) is None:
            return "absent"
        from litellm.proxy._types import Litellm_EntityType, SpendUpdateQueueItem

        item = SpendUpdateQueueItem(
            entity_type=Litellm_EntityType.KEY, entity_id="redproof", response_cost=0.5
        )
        await writer.spend_update_queue.add_update(item)
        # The database is missing; what goes through Redis on the way to it is the same.
        with contextlib.suppress(Exception):
            await writer._commit_spend_updates_to_db_with_redis(
                prisma_client=None, n_retry_times=0, proxy_logging_obj=proxy_server.proxy_logging_obj
            )
        return "done"
    if what == "spend_counters":
        increment = getattr(proxy_server, "increment_spend_counters", None)
        if increment is None:
            return "absent"
        given = {"token": "redproof", "team_id": None, "user_id": None, "response_cost": 0.5}
        return await attempt(increment(**given))
    if what == "memory":
        from litellm.caching import caching_handler

        copies = getattr(caching_handler, "in_memory_cache_obj", None)
        if copies is None:
            return "absent"
        left = [time_left - time.time() for time_left in copies.ttl_dict.values()]
        # Of a run's seconds, tens.
        return sorted({-10 * int(-one // 10) for one in left})
    if what == "auth_cache":
        cache = proxy_server.user_api_key_cache
        token = "a" * 63 + "e"
        key = {"token": token, "key_name": "redproof"}
        from litellm.proxy._types import UserAPIKeyAuth
        from litellm.proxy.auth import auth_checks

        store = getattr(auth_checks, "_cache_key_object", None)
        if store is None:
            return await attempt(cache.async_set_cache(token, key))
        try:
            return await attempt(
                store(
                    hashed_token=token,
                    user_api_key_obj=UserAPIKeyAuth(**key),
                    user_api_key_cache=cache,
                    proxy_logging_obj=proxy_server.proxy_logging_obj,
                )
            )
        except TypeError as error:
            return f"TypeError: {error}"
    return "unknown"


PERMANENT = set()
SEEN = {}
LONG = 0.4


async def idle():
    """Waits until what requests left behind is done; a task that goes on for long is taken for permanent."""
    import asyncio

    queue = None
    with contextlib.suppress(Exception):
        from litellm.litellm_core_utils.logging_worker import GLOBAL_LOGGING_WORKER as worker

        queue = getattr(worker, "_queue", None)
    quiet = 0
    if not SEEN:
        # What start-up left running goes on for good.
        SEEN.update((id(task), 0.0) for task in asyncio.all_tasks())
    while quiet < 3:
        now = time.monotonic()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        young = [
            task for task in tasks
            if id(task) not in PERMANENT and now - SEEN.setdefault(id(task), now) < LONG
        ]
        PERMANENT.update(id(task) for task in tasks if now - SEEN.get(id(task), now) >= LONG)
        waiting = queue.qsize() if queue is not None else 0
        quiet = 0 if young or waiting else quiet + 1
        await asyncio.sleep(0.02)
    return "idle"


def serve(config, env, port):
    os.environ.update(env)
    os.environ["CONFIG_FILE_PATH"] = config
    os.environ.pop("WORKER_CONFIG", None)
    os.chdir(os.path.dirname(config))
    log = os.open(os.path.join(os.path.dirname(config), f"log-{port}"), os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    import uvicorn
    from fastapi.responses import JSONResponse
    from litellm.proxy.proxy_server import app

    async def show(what: str = ""):
        if what == "idle":
            return JSONResponse(await idle())
        if what == "modules":
            return JSONResponse(sorted(sys.modules))
        return JSONResponse(await drive(what) if what else roles())

    app.add_api_route("/redproof", show, methods=["GET"])
    # Before the proxy's own catch-all routes.
    app.router.routes.insert(0, app.router.routes.pop())
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import litellm
    import redis
    from importlib.metadata import version

    from litellm.proxy import proxy_server  # noqa: F401  the import is the costly part

    folder = os.path.dirname(os.path.dirname(os.path.abspath(litellm.__file__)))
    found = [name for name in os.listdir(folder) if name.startswith("litellm-") and name.endswith(".dist-info")]
    release = found[0][len("litellm-") : -len(".dist-info")] if found else version("litellm")
    about = {
        "litellm": release,
        "redis_py": redis.__version__,
        "threads": threading.active_count(),
    }
    print(json.dumps(about), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "end" in asked:
            os.kill(asked["end"], signal.SIGKILL)
            os.waitpid(asked["end"], 0)
            print(json.dumps({"ended": asked["end"]}), file=answers, flush=True)
            continue
        if "import" in asked:
            for module in asked["import"]:
                with contextlib.suppress(Exception):
                    importlib.import_module(module)
            print(json.dumps({"modules": len(sys.modules)}), file=answers, flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            try:
                serve(asked["config"], asked["env"], asked["port"])
            finally:
                os._exit(3)
        print(json.dumps({"pid": pid}), file=answers, flush=True)


if __name__ == "__main__":
    main()
