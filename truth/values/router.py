"""The real Router with one parameter at a time: one JSON object {"name", "values"} a line in, the answers out."""

import asyncio
import inspect
import json
import os
import sys

MODELS = [
    {"model_name": group, "litellm_params": {"model": f"openai/{number}", "api_key": "x", "mock_response": mock}, "model_info": {"id": f"{group}-{number}"}}
    for group, mock in (("ok", "hello"), ("down", "litellm.InternalServerError"), ("limited", "litellm.RateLimitError"))
    for number in (1, 2)
]


def short(error):
    """What is raised, without what LiteLLM adds to each of its errors."""
    return f"{type(error).__name__}: {error}".split("\n")[0][:160]


async def ask(router, model):
    try:
        # What LiteLLM's own errors say differs from run to run; their class tells them.
        await asyncio.wait_for(router.acompletion(model=model, messages=[{"role": "user", "content": "hi"}]), 20)
        return "ok"
    except Exception as error:
        if type(error).__module__.startswith(("litellm", "openai")) and "mock" in str(error).lower():
            return type(error).__name__
        return short(error)


def tried(given):
    import litellm

    litellm.suppress_debug_info = True
    sleep = asyncio.sleep

    async def skip(seconds, *rest, **more):
        await sleep(min(float(seconds), 0.001))

    try:
        router = litellm.Router(model_list=MODELS, **given)
    except Exception as error:
        return {"made": short(error)}
    asyncio.sleep = skip

    async def requests():
        return {what: await ask(router, model) for what, model in (("request", "ok"), ("failing", "down"), ("limited", "limited"))}

    return asyncio.run(requests())


def forked(tried, given):
    """What `tried` answers, in a process of its own: a value may end it."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.write(writer, json.dumps(tried(given)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"made": "ends the process"}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import litellm
    from litellm.proxy import proxy_server  # noqa: F401  what the proxy imports beside

    names = [name for name in inspect.signature(litellm.Router.__init__).parameters if name != "self"]
    usual = forked(tried, {})
    print(json.dumps({"names": names, "usual": usual}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        found = []
        for value in asked["values"]:
            answer = forked(tried, {asked["name"]: value})
            found.append({what: text for what, text in answer.items() if usual.get(what) != text})
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
