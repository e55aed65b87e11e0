"""Keeps what was recorded of a section's values, release by release."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "startup"))

from record import number  # noqa: E402


def lines(release, recorded):
    """One setting a line, so that a change of one is seen."""
    names = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in recorded["values"].items()]
    return json.dumps(release) + ': {"usual": ' + json.dumps(recorded["usual"]) + ', "values": {\n' + ",\n".join(names) + "\n}}"


def text(kept):
    return "{\n" + ",\n".join(lines(release, kept[release]) for release in sorted(kept, key=number)) + "\n}\n"


def keep(name, record, releases):
    """Records releases anew into a file that holds others, too; what is done is kept if a later one fails."""
    path = HERE / name
    kept = json.loads(path.read_text()) if path.exists() else {}
    for release in releases:
        kept[release] = record(release)
        print(release)
        path.write_text(text(kept))
