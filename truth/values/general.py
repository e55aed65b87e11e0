"""The real proxy's start-up with one setting of `general_settings` at a time, and requests to it.

One JSON object {"name", "values"} a line in, the answers out.
"""

import asyncio
import contextlib
import importlib
import json
import os
import sys
import tempfile

from router import MODELS, forked, short

KEY = "sk-5f0c2f7c1d3b4a6e"
REQUESTS = {"request": "ok", "failing": "down", "limited": "limited"}


def shown(status, text):
    """A status and, where LiteLLM did not expect what happened, what it says."""
    return str(status) if "mock" in text.lower() or status < 400 else f"{status}: {text}".split("\n")[0][:220]


def tried(general):
    """What the app's own start-up and three requests through its endpoints do."""
    import httpx
    import litellm
    from litellm.proxy import proxy_server

    litellm.suppress_debug_info = True
    sleep = asyncio.sleep

    async def skip(seconds, *rest, **more):
        await sleep(min(float(seconds), 0.001))

    async def all_of_it():
        path = os.path.join(tempfile.mkdtemp(), "config.yaml")
        with open(path, "w") as file:
            json.dump({"model_list": MODELS, "general_settings": {"master_key": KEY, **general}}, file)
        os.environ["CONFIG_FILE_PATH"] = path
        started = proxy_server.proxy_startup_event(proxy_server.app)
        try:
            await asyncio.wait_for(started.__aenter__(), 60)
        except BaseException as error:
            return {"made": short(error).replace(os.path.dirname(path) + "/", "")}
        transport = httpx.ASGITransport(proxy_server.app, raise_app_exceptions=False)
        asyncio.sleep = skip
        answers = {}
        async with httpx.AsyncClient(transport=transport, base_url="http://proxy", headers={"Authorization": f"Bearer {KEY}"}) as client:
            for what, model in REQUESTS.items():
                body = {"model": model, "messages": [{"role": "user", "content": "hi"}]}
                answer = await asyncio.wait_for(client.post("/v1/chat/completions", json=body, timeout=20), 20)
                answers[what] = shown(answer.status_code, answer.text)
        return answers

    return asyncio.run(all_of_it())


def imported(general):
    tried(general)
    return sorted(sys.modules)


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from litellm.proxy import proxy_server  # noqa: F401  the import is the costly part

    # What the first request imports is imported before the cases part.
    for name in forked(imported, {}):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    usual = forked(tried, {})
    print(json.dumps({"usual": usual}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        found = []
        for value in asked["values"]:
            answer = forked(tried, {asked["name"]: value})
            found.append({what: text for what, text in answer.items() if usual.get(what) != text})
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
