"""What a running LiteLLM proxy tells of itself: `record.py RELEASE…`.

Starts the real proxy of each release (installed as truth/proxy does) on a real Redis, asks its endpoints
with the master key, and writes `recordings.json`. Redis is reached at 127.0.0.1:7001 in what is kept.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "proxy"))

import run  # noqa: E402
from servers import free_port  # noqa: E402

REDIS_PY = "5.3.1"
KEY = "sk-master"
PATHS = [
    "/health/readiness",
    "/health/readiness/details",
    "/cache/ping",
    "/cache/redis/info",
    "/cache/settings",
    "/coordination_redis/settings",
    "/router/settings",
]
CACHE = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n"
KEYS = f"general_settings:\n  master_key: {KEY}\n"
SCENARIOS = {
    "configured": (
        CACHE + "    host: 127.0.0.1\n    port: 7001\n    namespace: prod\n    ttl: 600\n" + KEYS,
        {},
    ),
    "environment": (
        "litellm_settings:\n  cache: true\n" + KEYS,
        {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "7001"},
    ),
    "database": (CACHE + "    host: 127.0.0.1\n    port: 7001\n    db: 3\n    supported_call_types: [acompletion]\n" + KEYS, {}),
    "memory": ("litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n" + KEYS, {}),
    "coordination": (
        KEYS + "  coordination_redis:\n    host: 127.0.0.1\n    port: 7001\n",
        {},
    ),
    "none": (KEYS, {}),
}
SERVE = "import os, uvicorn; from litellm.proxy.proxy_server import app; uvicorn.run(app, host='127.0.0.1', port=int(os.environ['PORT']), log_level='error')"


def python(release):
    folders = [run.install(f"litellm-{release}", f"litellm=={release}")]
    for since, before, packages in run.COMPANIONS:
        if since <= run.number(release) < before:
            folders.append(run.install("+".join(packages), *packages))
    openai = run.first(run.OPENAI, release)
    if openai:
        folders.append(run.install(f"openai-{openai}", f"openai=={openai}", "distro==1.9.0"))
    folders.append(run.install(f"redis-{REDIS_PY}", f"redis=={REDIS_PY}"))
    return run.environment(run.first(run.BASES, release)), ":".join(folders)


def ask(port, path, key=KEY):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return {"status": answer.status, "body": json.loads(answer.read())}
    except urllib.error.HTTPError as error:
        text = error.read()
        try:
            return {"status": error.code, "body": json.loads(text)}
        except ValueError:
            return {"status": error.code, "body": None}


def same(value, redis):
    """The recorded form: Redis at 7001, without what differs at each run."""
    text = json.dumps(value).replace(str(redis), "7001")
    text = re.sub(r'"(run_id|master_replid|executable|config_file|os|multiplexing_api|gcc_version|redis_build_id)": "[^"]*"', r'"\1": "…"', text)
    return json.loads(text)


def kept(path, answer):
    body = answer["body"]
    if path == "/cache/redis/info" and isinstance(body, dict) and "info" in body:
        names = ["run_id", "tcp_port", "redis_version", "redis_mode", "role"]
        info = body["info"] if isinstance(body["info"], dict) else {}
        body["info"] = {name: info[name] for name in names if name in info}
        own = [client for client in body.get("clients", []) if client.get("cmd") == "client|list"]
        fields = ["db", "user", "name", "resp", "cmd", "lib-name", "lib-ver"]
        body["clients"] = [{name: client.get(name) for name in fields} for client in own[:1]]
    if isinstance(body, dict):
        # What each field is for, which is no answer.
        body.pop("fields", None)
    return answer


def record(release, name, config, env):
    program, folders = python(release)
    redis, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            ["redis-server", "--port", str(redis), "--save", "", "--dir", folder], stdout=subprocess.DEVNULL
        )
        path = os.path.join(folder, "config.yaml")
        with open(path, "w") as file:
            file.write(config.replace("7001", str(redis)))
        variables = {key: value.replace("7001", str(redis)) for key, value in env.items()}
        proxy = subprocess.Popen(
            [program, "-c", SERVE],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": folders,
                "CONFIG_FILE_PATH": path,
                "PORT": str(port),
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                "HOME": folder,
                **variables,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(600):
                try:
                    ask(port, "/health/readiness")
                    break
                except OSError:
                    time.sleep(0.2)
            answers = {path: same(kept(path, ask(port, path)), redis) for path in PATHS}
            answers["/cache/ping without a key"] = same(ask(port, "/cache/ping", "wrong"), redis)
        finally:
            proxy.kill()
            server.kill()
            proxy.wait()
            server.wait()
    return {"release": release, "redis_py": REDIS_PY, "name": name, "config": config, "env": env, "answers": answers}


def main():
    target = os.path.join(HERE, "recordings.json")
    old = []
    if os.path.exists(target):
        with open(target) as file:
            old = json.load(file)
    new = [record(release, name, *one) for release in sys.argv[1:] for name, one in SCENARIOS.items()]
    asked = {(one["release"], one["name"]) for one in new}
    kept = [one for one in old if (one["release"], one["name"]) not in asked]
    recorded = sorted(kept + new, key=lambda one: (run.number(one["release"]), one["name"]))
    with open(target, "w") as file:
        json.dump(recorded, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
