"""Records start-ups: `record.py [RELEASE…] [--redis-py VERSION…] [--delays]`. See README.md.

What was recorded of other releases is kept.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "proxy"))

from run import BASES, COMPANIONS, OPENAI, environment, first, install, number  # noqa: E402

KEY = "LITELLM_MASTER_KEY"
PERMIT = "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY"
GOOD, KNOWN = "sk-5f0c2f7c1d3b4a6e", "sk-1234"


def general(*lines):
    return "general_settings:\n" + "".join(f"  {line}\n" for line in lines)


def written(value):
    return general(f"master_key: {value}")


NONE = "litellm_settings: {}\n"
HATCH = "dangerously_permit_weak_or_unset_master_key"
CASES = [
    *(("from the environment", NONE, {KEY: value}) for value in (GOOD, KNOWN, "sk-12345", " sk-1234 ", "SK-1234", "", "  ", "true", "False")),
    ("from nowhere", NONE, {}),
    ("from nowhere", general("alerting: []"), {}),
    *(("written", written(value), {}) for value in (GOOD, KNOWN, '""', '" sk-1234 "', "null", "os.environ/MISSING", "os.environ/KEY", "1234", "0", "false")),
    *(("written over the variable", written(value), {KEY: GOOD}) for value in (KNOWN, '""', "null", "os.environ/MISSING")),
    ("written over the variable", written(GOOD), {KEY: KNOWN}),
    ("referred to", written("os.environ/" + KEY), {KEY: GOOD}),
    ("referred to", written("os.environ/" + KEY), {KEY: KNOWN}),
    ("referred to", written("os.environ/" + KEY), {KEY: ""}),
    ("referred to", written("os.environ/KEY"), {"KEY": KNOWN}),
    ("referred to", written("os.environ/KEY"), {"KEY": "true"}),
    ("set by the config", f"environment_variables:\n  {KEY}: {GOOD}\n", {}),
    ("set by the config", f"environment_variables:\n  {KEY}: {KNOWN}\n", {}),
    ("set by the config", f"environment_variables:\n  {KEY}: {KNOWN}\n" + general("alerting: []"), {}),
    ("set by the config", f"environment_variables:\n  {KEY}: {GOOD}\n", {KEY: KNOWN}),
    ("set by the config", f"environment_variables:\n  {KEY}: {KNOWN}\n", {KEY: GOOD}),
    *(("permitted", NONE, {KEY: KNOWN, PERMIT: value}) for value in ("true", "True", " TRUE ", "1", "yes", "false", "")),
    ("permitted", NONE, {PERMIT: "true"}),
    ("permitted", f"environment_variables:\n  {PERMIT}: 'true'\n" + written(KNOWN), {}),
    *(("permitted", general(f"{HATCH}: {value}", f"master_key: {KNOWN}"), {}) for value in ("true", "false", '"true"', "1", "null", "os.environ/PERMIT")),
    ("permitted", general(f"{HATCH}: os.environ/PERMIT", f"master_key: {KNOWN}"), {"PERMIT": "true"}),
    ("permitted", general(f"{HATCH}: true"), {}),
]
NODE = {"host": "127.0.0.1", "port": "PORT"}
DELAYS = [
    NODE,
    {"url": "redis://127.0.0.1:PORT"},
    {**NODE, "ssl": True},
    {**NODE, "retry_on_timeout": True},
    {**NODE, "socket_connect_timeout": 1},
    {**NODE, "namespace": "my.ns", "db": 2},
    {"startup_nodes": [NODE]},
    {"sentinel_nodes": [["127.0.0.1", "PORT"]], "service_name": "mymaster"},
    {"sentinel_nodes": [["127.0.0.1", "PORT"], ["localhost", "PORT"]], "service_name": "mymaster"},
]


def process(release, redis_py, program=HERE / "start.py"):
    folders = [install(f"litellm-{release}", f"litellm=={release}")]
    for since, before, packages in COMPANIONS:
        if since <= number(release) < before:
            folders.append(install("+".join(packages), *packages))
    openai = first(OPENAI, release)
    if openai:
        folders.append(install(f"openai-{openai}", f"openai=={openai}", "distro==1.9.0"))
    folders.append(install(f"redis-{redis_py}", f"redis=={redis_py}"))
    alone = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": ":".join(folders),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "HOME": tempfile.gettempdir(),
    }
    command = [environment(first(BASES, release)), str(program)]
    return subprocess.Popen(command, env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def answers(release, redis_py, asked):
    """What is asked, each in a process of its own."""
    with process(release, redis_py) as child:
        json.loads(child.stdout.readline())
        for one in asked:
            child.stdin.write(json.dumps(one) + "\n")
            child.stdin.flush()
            yield json.loads(child.stdout.readline())
        child.stdin.close()


def keep(name, entries):
    """Into the file, release by release, one case a line."""
    path = HERE / name
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept.update(entries)
    order = sorted(kept, key=lambda release: [number(part) for part in release.split()])
    blocks = (json.dumps(release) + ": [\n" + ",\n".join(json.dumps(one) for one in kept[release]) + "\n]" for release in order)
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", nargs="*")
    parser.add_argument("--redis-py", action="append", default=[])
    parser.add_argument("--delays", action="store_true", help="no master keys")
    given = parser.parse_args()
    for release in given.releases:
        if not given.delays:
            asked = [{"config": config, "env": env} for _, config, env in CASES]
            got = list(answers(release, "5.3.1", asked))
            keep("keys.json", {release: [{"case": case, "config": config, "env": env, **answer} for (case, config, env), answer in zip(CASES, got)]})
        for redis_py in given.redis_py:
            asked = [{"redis": kwargs, "silent": silent} for silent in (False, True) for kwargs in DELAYS]
            got = list(answers(release, redis_py, asked))
            keep("delays.json", {f"{release} {redis_py}": [{**one, **answer} for one, answer in zip(asked, got)]})
        print(release)


if __name__ == "__main__":
    main()
