"""Records what the running LiteLLM proxy does: `record.py PYTHON PYTHONPATH OUT [SCENARIO…]`.

PYTHON with PYTHONPATH imports one LiteLLM release on one redis-py release. OUT gets one JSON line a
scenario. SCENARIO are prefixes of names; without them, all are recorded.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import custom_auth_keys
from provider import Provider
from scenarios import SCENARIOS
from servers import Watched, free_port, name_key

HERE = os.path.dirname(os.path.abspath(__file__))
READY = 90.0


class Proxy:
    """The process that has imported LiteLLM, and forks."""

    def __init__(self, python, path):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": path,
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_LOG": "WARNING",
            "LITELLM_MODE": "PRODUCTION",
            "HF_HUB_OFFLINE": "1",
            "DO_NOT_TRACK": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "HOME": tempfile.gettempdir(),
        }
        self.process = subprocess.Popen(
            [python, os.path.join(HERE, "proxy.py")],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if "QUIET" in os.environ else None,
            text=True,
        )
        self.about = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("LiteLLM does not import")
        return json.loads(line)

    def ask(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def request(port, method, path, body=None, key=None, timeout=60):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    headers = {}
    if key:
        headers["authorization"] = f"Bearer {key}"
    if body is not None and path.endswith("/transcriptions"):
        mark = "redproof"
        headers["content-type"] = f"multipart/form-data; boundary={mark}"
        parts = [f'--{mark}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in body.items()]
        parts.append(
            f'--{mark}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n'
            f"content-type: audio/wav\r\n\r\nsound\r\n--{mark}--\r\n"
        )
        data = "".join(parts)
    elif body is not None:
        headers["content-type"] = "application/json"
        data = json.dumps(body)
    else:
        data = None
    try:
        connection.request(method, path, data, headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace")
    finally:
        connection.close()


class Recorder:
    def __init__(self, python, path, redis_server):
        self.servers = {name: Watched(redis_server) for name in "ABC"}
        self.provider = Provider()
        self.proxy = Proxy(python, path)
        self.modules = set()
        self.ports = {
            "7001": self.servers["A"].port,
            "7002": self.servers["B"].port,
            "7003": self.servers["C"].port,
            "7009": self.provider.port,
        }
        for key in custom_auth_keys.names():
            name_key(key)

    def close(self):
        self.proxy.close()
        self.provider.close()
        for server in self.servers.values():
            server.close()

    def ours(self, text):
        return re.sub(r"\b700[1239]\b", lambda match: str(self.ports[match[0]]), text)

    def theirs(self, value):
        """Ports as the letters of the servers."""
        if isinstance(value, dict):
            known = {str(server.port): name for name, server in self.servers.items()}
            return {
                name: known.get(str(item), item) if name == "port" else self.theirs(item)
                for name, item in value.items()
            }
        return value

    def quiet(self, ports):
        for port in ports:
            request(port, "GET", "/redproof?what=idle")
        while True:
            still = time.monotonic() - max(server.last for server in self.servers.values())
            if still > 0.12:
                return
            time.sleep(0.13 - still)

    def commands(self):
        return {name: taken for name, server in self.servers.items() if (taken := server.take())}

    def scenario(self, scenario):
        """What the proxy did. Limits count by the minute: a run that one ends in is done again."""
        while True:
            begun = {}
            answer = self.attempt(scenario, begun)
            if len(set(begun.values())) < 2:
                return answer

    def attempt(self, scenario, minutes):
        folder = tempfile.mkdtemp()
        for server in self.servers.values():
            server.clear()
        started = []
        try:
            shutil.copy(os.path.join(HERE, "custom_auth.py"), folder)
            path = os.path.join(folder, "config.yaml")
            with open(path, "w") as file:
                file.write(self.ours(json.dumps(scenario["config"])))
            env = {name: self.ours(value) for name, value in scenario["env"].items()}
            answer = {"start": []}
            for _ in range(scenario["processes"]):
                port = free_port()
                pid = self.proxy.ask(config=path, env=env, port=port)["pid"]
                started.append((pid, port))
                failure = self.wait(pid, port, folder)
                if failure:
                    answer["start"] = {"fails": failure}
                    return answer
                status, roles = request(port, "GET", "/redproof")
                self.quiet([port])
                answer["start"].append({"redis": self.commands()})
            answer["roles"] = self.theirs(json.loads(roles)) if status == 200 else roles[-300:]
            answer["clients"] = {
                name: found for name, server in self.servers.items() if (found := server.clients())
            }
            ports = [port for _, port in started]
            answer["steps"] = []
            for number, step in enumerate(scenario["steps"]):
                answer["steps"].append(self.step(step, ports))
                if step.get("key") == "sk-rpm":
                    minutes[number] = time.time() // 60
            answer["keys"] = {
                name: keys for name, server in self.servers.items() if (keys := lasting(server))
            }
            return answer
        finally:
            for pid, port in started:
                self.learn(port)
                self.proxy.ask(end=pid)
            if os.environ.get("KEEP"):
                print(folder, file=sys.stderr)
            else:
                shutil.rmtree(folder)

    def learn(self, port):
        """Has imported from now on what this proxy imported at its first requests."""
        with contextlib.suppress(OSError, ValueError):
            modules = json.loads(request(port, "GET", "/redproof?what=modules")[1])
            new = [name for name in modules if name not in self.modules]
            self.modules.update(new)
            if new:
                self.proxy.ask(**{"import": new})

    def wait(self, pid, port, folder):
        end = time.monotonic() + READY
        while time.monotonic() < end:
            try:
                request(port, "GET", "/redproof")
                return None
            except OSError:
                pass
            if ended(pid):
                break
            time.sleep(0.05)
        with open(os.path.join(folder, f"log-{port}")) as file:
            lines = [line.strip() for line in file if re.match(r"\s*\w*(\.\w+)*(Error|Exception)\b.*:", line)]
        return lines[-1][:300] if lines else "no reason in the log"

    def step(self, step, ports):
        before = len(self.provider.calls)
        port = ports[step["process"]]
        if "drive" in step:
            status, text = request(port, "GET", f"/redproof?what={step['drive']}")
            done = {"answer": json.loads(text)} if status == 200 else {"answer": text[-300:]}
        else:
            status, text = request(port, "POST", step["path"], step["body"], step["key"])
            done = {"status": status}
            if status not in (200, 429):
                done["error"] = text[:200]
        self.quiet([port])
        done["provider"] = len(self.provider.calls) - before
        done["redis"] = self.commands()
        return done


def ended(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def lasting(server):
    """Keys that never expire."""
    from servers import plain

    found = []
    for db in (0, 2):
        server.ask("SELECT", str(db))
        server.send(server.control, "KEYS", "*")
        data = server.control.recv(1 << 20)
        for key in re.findall(rb"\$\d+\r\n([^\r]+)\r\n", data):
            if server.ask("TTL", key.decode()) == ":-1":
                found.append(plain(key.decode()))
    server.ask("SELECT", "0")
    return sorted(set(found))


def main():
    python, path, out, *wanted = sys.argv[1:]
    recorder = Recorder(python, path, shutil.which("redis-server"))
    try:
        with open(out, "a") as file:
            for scenario in SCENARIOS:
                if wanted and not any(scenario["name"].startswith(prefix) for prefix in wanted):
                    continue
                begun = time.monotonic()
                answer = recorder.scenario(scenario)
                line = {"name": scenario["name"], **recorder.proxy.about, "answer": answer}
                line.pop("threads")
                file.write(json.dumps(line, sort_keys=True) + "\n")
                file.flush()
                if "TIMES" in os.environ:
                    print(f"{time.monotonic() - begun:6.2f} {scenario['name']}", file=sys.stderr)
    finally:
        recorder.close()


if __name__ == "__main__":
    main()
