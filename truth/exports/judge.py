"""Asks real programs what they read in exported files.

    exported-cases | judge.py FOLDER > truth/exports/recording.json

FOLDER holds the wheels of python-dotenv and an environment with kubernetes-validate; this script
runs in one with docker-compose 1.29.2. `docker` and `kubectl` are on the path; neither needs a
server: a stand-in hears what `docker create` sends.

For each case the recording holds the files, the environment that the newest python-dotenv loads
from `.env`, and what each other program reads differently, or says against a file.
"""

import base64
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import yaml

KUBERNETES = ["1.30", "1.34"]
BARE = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}

LOAD = """
import json, sys
sys.path.insert(0, sys.argv[1])
import dotenv, os
os.environ.clear()
dotenv.load_dotenv(sys.argv[2])
print(json.dumps(dict(os.environ)))
"""


class Refused(Exception):
    """A program's error output."""


def run(*words, cwd=None):
    done = subprocess.run(words, env=BARE, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().replace(str(cwd), ".")
        raise Refused(said)
    return done.stdout


def dotenv(wheel, folder):
    return json.loads(run(sys.executable, "-c", LOAD, str(wheel), str(folder / "env/.env")))


class Daemon(http.server.BaseHTTPRequestHandler):
    """Hears `docker create`, and keeps the container's environment."""

    heard = None

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.44")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        self.answer(200, {})

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Daemon.heard = json.loads(body)["Env"]
        self.answer(201, {"Id": "0" * 64, "Warnings": []})

    def log_message(self, *_):
        pass


def docker_env_file(address, folder):
    file = str(folder / "env/.env")
    run("docker", "--host", address, "create", "--env-file", file, "litellm", cwd=folder)
    return dict(entry.split("=", 1) for entry in Daemon.heard or [])


COMPOSE = """
import json, sys
from compose.config import config, environment
found = config.find(sys.argv[1], ["compose.yaml"], environment.Environment({}))
(service,) = config.load(found).services
print(json.dumps(service.get("environment", {})))
"""


def compose(folder):
    """What docker-compose 1 gives the service: `environment` and `env_file`."""
    return json.loads(run(sys.executable, "-c", COMPOSE, ".", cwd=folder / "compose"))


def stack(folder):
    """What docker itself reads below `environment`; an `env_file` it takes by other rules."""
    text = (folder / "compose/compose.yaml").read_text()
    text = text.replace("    env_file:\n      - litellm.env\n", "")
    (folder / "compose/stack.yaml").write_text(text)
    shown = run("docker", "stack", "config", "-c", "stack.yaml", cwd=folder / "compose")
    # Every value is a text; the printer's YAML has other rules of what needs quotes.
    read = yaml.load(shown, yaml.BaseLoader)["services"]["litellm"].get("environment") or {}
    if (folder / "compose/litellm.env").exists():
        read |= without_shown(compose(folder), text)
    return read


def without_shown(environment, text):
    shown = yaml.load(text, yaml.BaseLoader)["services"]["litellm"].get("environment") or {}
    return {name: value for name, value in environment.items() if name not in shown}


def kubernetes(folder):
    """What kubectl reads in the manifests, with the Secrets as it would write them."""
    here = folder / "kubernetes"
    shown = run("kubectl", "label", "--local", "-f", "kubernetes.yaml", "a=b", "-o", "json", "--dry-run=client", cwd=here)
    objects = list(decoded(shown))
    secrets = {}
    for one in objects:
        kind, name = one["kind"], one["metadata"]["name"]
        if kind in ("Secret", "ConfigMap"):
            texts = one.get("stringData") or one["data"]
            written = create(here, kind, name, texts)
            secrets[name] = written
            if written != texts:
                raise Refused(f"{name} is not what it says")
    (deployment,) = [one for one in objects if one["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    variables = container.get("env") or []
    if variables:
        names = [f"{variable['name']}=x" for variable in variables]
        (here / "deployment.json").write_text(json.dumps(deployment))
        run("kubectl", "set", "env", "--local", "-f", "deployment.json", "--dry-run=client", "-o", "name", *names, cwd=here)
    config = (folder / "compose/config.yaml").read_text()
    if secrets["litellm-config"]["config.yaml"] != config:
        raise Refused("the ConfigMap holds another config")
    environment = {}
    for variable in variables:
        source = variable.get("valueFrom")
        if source is None:
            environment[variable["name"]] = expanded(variable.get("value", ""), environment)
            continue
        reference = source.get("secretKeyRef")
        if reference is not None and reference["name"] in secrets:
            environment[variable["name"]] = secrets[reference["name"]][reference["key"]]
    return environment


def decoded(text):
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        one, at = decoder.raw_decode(text, at)
        yield one


def create(here, kind, name, texts):
    """The object's data, as kubectl writes it from files; it checks the keys."""
    words = ["secret", "generic"] if kind == "Secret" else ["configmap"]
    with tempfile.TemporaryDirectory() as folder:
        for at, (key, text) in enumerate(texts.items()):
            (pathlib.Path(folder) / str(at)).write_bytes(text.encode())
            words.append(f"--from-file={key}={at}")
        words[1 if kind == "ConfigMap" else 2:1 if kind == "ConfigMap" else 2] = [name]
        shown = run("kubectl", "create", *words, "--dry-run=client", "-o", "json", cwd=folder)
    written = json.loads(shown)
    if kind == "Secret":
        return {key: base64.b64decode(data).decode() for key, data in written["data"].items()}
    # What is no UTF-8 would stand elsewhere.
    return written["data"]


def expanded(value, environment):
    """`$(NAME)` as the kubelet fills it in (third_party/forked/golang/expansion)."""
    out, at = "", 0
    while at < len(value):
        if value[at] != "$" or at + 1 == len(value):
            out, at = out + value[at], at + 1
        elif value[at + 1] == "$":
            out, at = out + "$", at + 2
        elif value[at + 1] == "(" and ")" in value[at:]:
            end = value.index(")", at)
            name = value[at + 2:end]
            out, at = out + environment.get(name, f"$({name})"), end + 1
        else:
            out, at = out + value[at:at + 2], at + 2
    return out


def schemas(tools, folder):
    """The published schemas of Kubernetes' objects, unknown fields refused."""
    program = str(tools / "kubernetes/bin/kubernetes-validate")
    for version in KUBERNETES:
        run(program, "--strict", "--quiet", "-k", version, str(folder / "kubernetes/kubernetes.yaml"), cwd=folder)


def judged(reader, folder, base):
    """What a program reads differently; None for nothing."""
    try:
        read = reader(folder)
    except Refused as refused:
        return {"refuses": str(refused)}
    if read is None:
        return None
    differs = {name: read[name] for name in read if base.get(name) != read[name]}
    missing = sorted(set(base) - set(read))
    return {"differs": differs, "missing": missing} if differs or missing else None


def main():
    tools = pathlib.Path(sys.argv[1]).resolve()
    wheels = sorted(tools.glob("python_dotenv-*.whl"))
    daemon = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
    threading.Thread(target=daemon.serve_forever, daemon=True).start()
    address = f"tcp://127.0.0.1:{daemon.server_port}"
    readers = {wheel.name.split("-")[1]: wheel for wheel in wheels}
    readers = {f"python-dotenv {version}": lambda folder, wheel=wheel: dotenv(wheel, folder)
               for version, wheel in readers.items()}
    *older, newest = readers.items()
    readers = dict(older) | {
        "docker --env-file": lambda folder: docker_env_file(address, folder),
        "docker-compose 1.29.2": compose,
        "docker stack": stack,
        "kubectl": kubernetes,
        "kubernetes-validate": lambda folder: schemas(tools, folder),
    }
    recording = []
    for case in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for name, text in case["files"].items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(text.encode())
            base = newest[1](folder)
            verdicts = {name: judged(reader, folder, base) for name, reader in readers.items()}
            recording.append({
                "name": case["name"],
                "files": case["files"],
                "environment": base,
                "judges": verdicts,
            })
    json.dump(recording, sys.stdout, indent=1, ensure_ascii=True)
    print()


main()
