"""Holds `redproof drift` against running LiteLLM proxies: `held.py REDPROOF [RELEASE…]`.

Starts the real proxy of each release (installed from PyPI as truth/proxy does) on real Redis servers, and asks the
command about it: what agrees, what differs, what another replica does, what is written, what the Admin UI stored, and
what is never shown. Under stand_in/ is a `prisma` for the last.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import record  # noqa: E402
from servers import free_port  # noqa: E402

RELEASES = ["1.80.0", "1.109.1"]
STAND_IN = os.path.join(HERE, "stand_in")
PASSWORD = "a-password-to-hide-7"
KEY = "sk-held-4f1c9a7e2b"


def config(port, namespace="prod", ttl=600, extra=""):
    return (
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: 127.0.0.1\n"
        f"    port: {port}\n    password: {PASSWORD}\n    namespace: {namespace}\n    ttl: {ttl}\n{extra}"
        f"general_settings:\n  master_key: {KEY}\n"
    )


@contextlib.contextmanager
def redis(folder):
    port = free_port()
    words = ["redis-server", "--port", str(port), "--save", "", "--dir", folder, "--requirepass", PASSWORD]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        until(lambda: "PONG" in told(port, "PING"))
        yield port
    finally:
        server.kill()
        server.wait()


def told(port, *words):
    asked = ["redis-cli", "--no-auth-warning", "-a", PASSWORD, "-p", str(port), *words]
    return subprocess.run(asked, capture_output=True, text=True).stdout


def until(holds):
    for _ in range(900):
        with contextlib.suppress(OSError):
            if holds():
                return
        time.sleep(0.2)
    raise SystemExit("it never came to be")


@contextlib.contextmanager
def proxy(release, folder, text, **variables):
    python, folders = record.python(release)
    port = free_port()
    path = os.path.join(folder, f"proxy-{port}.yaml")
    with open(path, "w") as file:
        file.write(text)
    folders = f"{STAND_IN}:{folders}" if "DATABASE_URL" in variables else folders
    settings = {"PYTHONPATH": folders, "CONFIG_FILE_PATH": path, "PORT": str(port), "HOME": folder, **variables}
    running = subprocess.Popen(
        [python, "-c", record.SERVE],
        env={"PATH": os.environ["PATH"], "LITELLM_LOCAL_MODEL_COST_MAP": "True", **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: record.ask(port, "/health/readiness", KEY)["status"] == 200)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()


class Command:
    """`redproof drift`, in a folder with the config."""

    def __init__(self, redproof, folder):
        self.redproof, self.folder = os.path.abspath(redproof), folder

    def __call__(self, text, proxies, *words):
        with open(os.path.join(self.folder, "config.yaml"), "w") as file:
            file.write(text)
        named = [word for one in proxies for word in ("--proxy", one)]
        asked = [self.redproof, "drift", "config.yaml", *named, "--key-env", "PROXY_KEY", *words]
        done = {}
        for form in ["human", "json"]:
            done[form] = subprocess.run(
                [*asked, "--format", form],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "PROXY_KEY": KEY},
                capture_output=True,
                text=True,
            )
            shown = done[form].stdout + done[form].stderr
            assert PASSWORD not in shown and KEY not in shown, "a secret is shown"
        answered = done["json"]
        assert answered.stdout, answered.stderr
        drifts = [one["drift"] for one in json.loads(answered.stdout)["proxies"]]
        return answered.returncode, drifts, done["human"].stdout


def whats(drift):
    return {one["what"] for one in drift["differences"]}


def hold(release, redproof):
    server = "Redis: the server that answers (run_id)"
    with tempfile.TemporaryDirectory() as folder, redis(folder) as one, redis(folder) as other:
        command = Command(redproof, folder)
        right = config(one)
        elsewhere = config(other, namespace="test")
        with (
            proxy(release, folder, right) as first,
            proxy(release, folder, right) as second,
            proxy(release, folder, elsewhere) as third,
        ):
            code, drifts, human = command(right, [first, second], "--probe")
            assert code == 0, human
            for drift in drifts:
                assert drift["litellm"] == release, drift
                assert server in drift["same"] and "Redis: database" in drift["same"], drift
                assert "response cache: namespace" in drift["same"], drift
            assert drifts[0]["run_id"] == drifts[1]["run_id"], drifts
            assert drifts[0]["run_id"] in told(one, "INFO", "server")

            # The files name another server, another prefix, another lifetime and another database.
            moved = config(other, namespace="test", ttl=60, extra="    db: 2\n")
            code, [drift], human = command(moved, [first], "--probe")
            wanted = {server, "response cache: namespace", "response cache: ttl", "Redis: database"}
            assert code == 1 and wanted <= whats(drift), human
            assert drift["causes"], human

            # One replica uses another Redis, and does not say so itself.
            code, [_, drift], human = command(right, [first, third], "--probe")
            assert code == 1 and f"Redis: the server (run_id), as at {first}" in whats(drift), human

            # What it asks for writes, unless it must not.
            writes = lambda: told(one, "INFO", "commandstats").split("cmdstat_set:")[1].split(",")[0]  # noqa: E731
            before = writes()
            code, [drift], human = command(right, [first], "--read-only", "--probe")
            assert code == 0 and writes() == before, human
            assert server in drift["same"] and "response cache: namespace" not in drift["same"], human
            command(right, [first])
            assert writes() != before, "/cache/ping sets a key"

        # A URL's password, which /cache/ping gives away.
        url = right.replace(f"    host: 127.0.0.1\n    port: {one}\n    password: {PASSWORD}\n", "")
        url = url.replace("    type: redis\n", f"    type: redis\n    url: redis://:{PASSWORD}@127.0.0.1:{one}/0\n")
        with proxy(release, folder, url) as first:
            code, [drift], human = command(url, [first], "--probe")
            assert code == 0 and server in drift["same"], human
    print(f"LiteLLM {release}: redproof drift says what the running proxy does")
    print(human)


def save(proxy, settings):
    """What the Admin UI's page of the cache sends."""
    request = urllib.request.Request(
        f"{proxy}/cache/settings",
        data=json.dumps({"cache_settings": settings}).encode(),
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=20).close()


def hold_stored(release, redproof):
    """What was saved in the Admin UI replaces the file's, now and at the next start."""
    server = "Redis: the server that answers (run_id)"
    with tempfile.TemporaryDirectory() as folder, redis(folder) as one, redis(folder) as other:
        command = Command(redproof, folder)
        text = config(one) + "  store_model_in_db: true\n"
        database = {"DATABASE_URL": "postgresql://stand.in/litellm", "STAND_IN": os.path.join(folder, "row.json")}
        saved = {"type": "redis", "host": "127.0.0.1", "port": str(other), "password": PASSWORD, "namespace": "ui"}
        wanted = {server, "response cache: namespace"}
        with proxy(release, folder, text, **database) as first:
            code, [drift], human = command(text, [first], "--probe")
            assert code == 0 and server in drift["same"], human
            save(first, saved)
            code, [drift], human = command(text, [first], "--probe")
            assert code == 1 and wanted <= whats(drift), human
        with proxy(release, folder, text, **database) as again:
            code, [drift], human = command(text, [again], "--probe")
            assert code == 1 and wanted <= whats(drift), human
            causes = " ".join(drift["causes"])
            assert "/cache/settings" in causes and "namespace" in causes and "store_model_in_db" in causes, human
        # The same names, from variables alone: nothing is stored, and nothing says that it is.
        alone = f"litellm_settings:\n  cache: true\ngeneral_settings:\n  master_key: {KEY}\n"
        variables = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(other), "REDIS_PASSWORD": PASSWORD}
        with proxy(release, folder, alone, **variables) as third:
            code, [drift], human = command(text, [third], "--probe")
            assert code == 1 and not any("/cache/settings" in cause and "REDIS_" not in cause for cause in drift["causes"]), human
    print(f"LiteLLM {release}: redproof drift says what the Admin UI stored")


def main():
    redproof, *releases = sys.argv[1:]
    for release in releases or RELEASES:
        hold(release, redproof)
        hold_stored(release, redproof)


if __name__ == "__main__":
    main()
