"""Renders deploy/ with kubectl, helm and promtool, and holds it against Kubernetes' own schemas.

    cargo xtask truth deploy

Writes what they make of it beside this file, and `verdicts.json`: what each said, and a digest of what they read, by which a
test tells that the recording is old. kubectl is the machine's own; helm comes within a wheel from PyPI, kubernetes-validate
with the published schemas, promtool is Debian's (`prometheus`). No cluster is asked.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
import helm  # noqa: E402

ROOT = HERE.parent.parent
DEPLOY = ROOT / "deploy"
TOOLS = ROOT / "target/deploy"
VALIDATE = "kubernetes-validate==1.37.0"
KUBERNETES = ["1.29", "1.33", "1.37"]
KUSTOMIZE = ["example", "nightly", "monitor", "admission"]
CHART = DEPLOY / "helm/redproof"
EVERYTHING = [
    "nightly.enabled=true",
    "admission.enabled=true",
    "monitor.serviceMonitor.enabled=true",
    "monitor.prometheusRule.enabled=true",
    "monitor.dashboard.enabled=true",
    "litellm.image=ghcr.io/berriai/litellm:main-v1.93.0-stable",
]
OWN_CERTIFICATE = [
    "monitor.enabled=false",
    "admission.enabled=true",
    "admission.cluster=false",
    "admission.tls.certManager=false",
    "admission.tls.secret=redproof-tls",
    "admission.tls.caBundle=Q0E=",
    "networkPolicy.enabled=false",
]
HELM_VALUES = {"helm": [], "helm-everything": EVERYTHING, "helm-own-certificate": OWN_CERTIFICATE}


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}:\n{done.stderr or done.stdout}")
    return done.stdout


def tools():
    """The Python that has kubernetes-validate, and helm."""
    python = TOOLS / "venv/bin/python"
    if not python.exists():
        venv.create(TOOLS / "venv", with_pip=True)
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", VALIDATE)
    return python, helm.fetched(python, TOOLS)


def digest():
    """Of all that is read, by name: FNV-1a, which the test computes, too."""
    value = 0xCBF29CE484222325
    kinds = ["kubernetes", "helm"]
    files = [file for kind in kinds for file in (DEPLOY / kind).rglob("*")]
    files += [*(ROOT / "examples/monitor").rglob("*"), *HERE.glob("*_test.yaml")]
    for file in sorted(file.relative_to(ROOT).as_posix() for file in files if file.is_file()):
        for byte in file.encode() + b"\0" + (ROOT / file).read_bytes() + b"\0":
            value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def judged(python, rendered):
    """What the schemas of each release say; resources of others' are named."""
    verdicts = {}
    for release in KUBERNETES:
        words = [python, "-m", "kubernetes_validate", "--strict", "-k", release, rendered]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
        said = (done.stdout + done.stderr).replace(str(rendered), rendered.name)
        lines = [line for line in said.splitlines() if line and not line.startswith("INFO")]
        verdicts[release] = {"valid": done.returncode == 0, "said": lines}
    return verdicts


def main():
    for program in ["kubectl", "promtool"]:
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: install kubectl, and Debian's `prometheus`")
    python, program = tools()
    found = {}
    for name in KUSTOMIZE:
        rendered = HERE / f"{name}.yaml"
        rendered.write_text(run("kubectl", "kustomize", DEPLOY / "kubernetes" / name))
        found[name] = judged(python, rendered)
    lint = run(program, "lint", "--strict", CHART, *[f"--set={value}" for value in EVERYTHING])
    for name, values in HELM_VALUES.items():
        rendered = HERE / f"{name}.yaml"
        sets = [f"--set={value}" for value in values]
        rendered.write_text(run(program, "template", "redproof", CHART, "--namespace", "ai", *sets))
        found[name] = judged(python, rendered)
    refused = subprocess.run(
        [program, "template", "redproof", CHART, "--set", "admission.enabled=true,admission.tls.certManager=false"],
        capture_output=True,
        text=True,
    )
    verdicts = {
        "digest": digest(),
        "kubernetes": found,
        "helm lint": lint.splitlines()[-1],
        "helm without a certificate": refused.stderr.splitlines()[0] if refused.returncode else "",
        "promtool check": run("promtool", "check", "rules", ROOT / "examples/monitor/alerts.yaml").split()[-4:],
        "promtool test": run("promtool", "test", "rules", HERE / "alerts_test.yaml").split()[-1],
    }
    (HERE / "verdicts.json").write_text(json.dumps(verdicts, indent=2) + "\n")


main()
