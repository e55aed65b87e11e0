"""The real proxy's config with one setting at a time: one JSON object {"section", "name", "values"} a line in, the answers out."""

import asyncio
import json
import os
import sys
import tempfile

from router import MODELS, ask, forked, short


def tried(config):
    """What `ProxyConfig.load_config` and three requests to the router that it makes do."""
    import litellm
    from litellm.proxy import proxy_server

    litellm.suppress_debug_info = True
    sleep = asyncio.sleep

    async def skip(seconds, *rest, **more):
        await sleep(min(float(seconds), 0.001))

    async def all_of_it():
        path = os.path.join(tempfile.mkdtemp(), "config.yaml")
        with open(path, "w") as file:
            json.dump(config, file)
        try:
            router, _, _ = await proxy_server.proxy_config.load_config(router=None, config_file_path=path)
        except BaseException as error:
            return {"made": short(error)}
        asyncio.sleep = skip
        return {what: await ask(router, model) for what, model in (("request", "ok"), ("failing", "down"), ("limited", "limited"))}

    return asyncio.run(all_of_it())


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from litellm.proxy import proxy_server  # noqa: F401

    usual = forked(tried, {"model_list": MODELS})
    print(json.dumps({"usual": usual}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        found = []
        for value in asked["values"]:
            answer = forked(tried, {"model_list": MODELS, asked["section"]: {asked["name"]: value}})
            found.append({what: text for what, text in answer.items() if usual.get(what) != text})
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
