"""Records which releases of LiteLLM and redis-py write each text of the table of error texts.

    redproof diagnose --list --format json > table.json
    python truth/error-texts/record.py table.json FOLDER > truth/error-texts/recording.json

FOLDER holds a folder per release, as `pip install --no-deps --target FOLDER/litellm/1.80.0 litellm==1.80.0`
makes them: `litellm/RELEASE/litellm` and `redis/RELEASE/redis`. A text is there where its pieces
stand in one string of the source, in their order; what Python joins is one string.
"""

import ast
import json
import re
import sys
from pathlib import Path

PACKAGES = {"LiteLLM": "litellm", "redis-py": "redis"}


def joined(node):
    """The text of a string, `\\0` for what is put in; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "\0" for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = joined(node.left), joined(node.right)
        return None if left is None and right is None else (left or "\0") + (right or "\0")
    return None


def strings(folder):
    """Every string of a package, and the names of its classes with a colon, as tracebacks have them."""
    found = set()
    for path in folder.rglob("*.py"):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            text = joined(node)
            if text:
                found.add(re.sub(r"\s+", " ", re.sub(r"%[-+.0-9]*[sdrf]", "\0", text)))
            if isinstance(node, ast.ClassDef):
                found.add(f"{node.name}:")
    return "\n".join(found).lower()


def release(name):
    return [int(part) for part in name.split(".")]


def main(table, folder):
    entries = json.loads(Path(table).read_text())["entries"]
    texts = {(text["by"], text["says"]) for entry in entries for text in entry["texts"]}
    recording = {}
    for speaker, package in PACKAGES.items():
        of_speaker = sorted(says for by, says in texts if by == speaker)
        patterns = {}
        for says in of_speaker:
            pieces = [re.escape(piece.lower()) for piece in says.split("{}") if piece]
            patterns[says] = re.compile("[^\n]*?".join(pieces))
        releases = sorted((path.name for path in (Path(folder) / package).iterdir()), key=release)
        found = {says: [] for says in of_speaker}
        for name in releases:
            source = strings(Path(folder) / package / name / package)
            for says, pattern in patterns.items():
                if pattern.search(source):
                    found[says].append(name)
        recording[speaker] = {"releases": releases, "texts": found}
    json.dump(recording, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
