"""Installs releases and records them: `run.py RELEASE… [--redis-py VERSION] [--scenario PREFIX]`.

Into .tools/proxy: two environments (the pinned lists of truth/litellm), each LiteLLM release, each
redis-py and each openai alone in a folder. What was recorded before is kept, and replaced where it is
asked again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import recordings
from scenarios import SCENARIOS

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TOOLS = os.path.join(ROOT, ".tools", "proxy")
PYTHON = "3.11"

# Releases from the first on run over the environment of the second.
BASES = [((1, 97), "1.109.1"), ((1, 0), "1.80.0")]
# openai's package as old as the release asks for: with a newer one, older releases make no cache key.
OPENAI = [((1, 108), None), ((1, 81), "2.20.0"), ((1, 76), "1.99.9"), ((1, 64), "1.68.2"), ((1, 0), "1.61.1")]
# What releases from the first to before the second need beside.
COMPANIONS = [
    ((1, 69), (1, 71, 1), ["litellm-enterprise==0.1.4"]),
    ((1, 95), (1, 98), ["fastapi==0.136.3", "expression==5.8.0"]),
    ((1, 110), (2,), ["semver==3.0.4"]),
]


def number(release):
    return tuple(int(part) for part in release.split(".")[:3])


def first(table, release):
    return next(value for since, value in table if number(release) >= since)


def install(folder, *packages):
    target = os.path.join(TOOLS, folder)
    if not os.path.isdir(target):
        os.makedirs(TOOLS, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TOOLS) as half:
            part = os.path.join(half, "part")
            pip = [f"python{PYTHON}", "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
            subprocess.run([*pip, "--target", part, *packages], check=True)
            os.rename(part, target)
    return target


def environment(base):
    target = os.path.join(TOOLS, base)
    if not os.path.isdir(target):
        subprocess.run([f"python{PYTHON}", "-m", "venv", target], check=True)
        listed = os.path.join(ROOT, "truth", "litellm", f"requirements-{base}.txt")
        with open(listed) as file:
            wanted = [line.strip() for line in file if not line.startswith("litellm==")]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("\n".join(wanted))
            file.flush()
            pip = [os.path.join(target, "bin", "pip"), "install", "--quiet", "--no-deps"]
            subprocess.run([*pip, "-r", file.name], check=True)
    return os.path.join(target, "bin", "python")


def record(release, redis_py, scenarios, out):
    folders = [install(f"litellm-{release}", f"litellm=={release}")]
    for since, before, packages in COMPANIONS:
        if since <= number(release) < before:
            folders.append(install("+".join(packages), *packages))
    openai = first(OPENAI, release)
    if openai:
        folders.append(install(f"openai-{openai}", f"openai=={openai}", "distro==1.9.0"))
    folders.append(install(f"redis-{redis_py}", f"redis=={redis_py}"))
    python = environment(first(BASES, release))
    asked = [sys.executable, os.path.join(HERE, "record.py"), python, ":".join(folders), out]
    subprocess.run([*asked, *scenarios], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", nargs="+")
    parser.add_argument("--redis-py", default="5.3.1")
    parser.add_argument("--scenario", action="append", default=[])
    asked = parser.parse_args()
    for release in asked.releases:
        with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as file:
            record(release, asked.redis_py, asked.scenario, file.name)
            recordings.store(SCENARIOS, [json.loads(line) for line in file])
        print(release)


if __name__ == "__main__":
    main()
