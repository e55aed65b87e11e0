"""Reads what readings.py names out of the wheels on both sides of each change, and writes recording.json.

Needs a Python that has pip, which knows the index. `cargo xtask truth wheels` calls it.
"""

import json
import pathlib
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

from readings import READINGS
from remote import Remote, number, wheels

OLDEST = (1, 60, 0)
RECORDING = pathlib.Path(__file__).parent / "recording.json"


def found(text, pattern):
    """What the pattern finds, in order; null where the wheel has no such file."""
    if text is None:
        return None
    return [match[0].strip() for match in re.finditer(pattern, text, re.MULTILINE)]


def texts(url, files):
    with zipfile.ZipFile(Remote(url)) as wheel:
        names = set(wheel.namelist())
        return {file: wheel.read(file).decode() if file in names else None for file in files}


def main():
    known = {project: wheels(project, OLDEST) for project in {reading["project"] for reading in READINGS}}
    wanted, sides = {}, []
    for reading in READINGS:
        project = reading["project"]
        releases = sorted(known[project], key=number)
        place = releases.index(reading["since"])
        sides.append((releases[place - 1], releases[place]))
        for release in sides[-1]:
            wanted.setdefault((project, release), set()).add(reading["file"].replace("RELEASE", release))
    with ThreadPoolExecutor(6) as pool:
        asked = {key: pool.submit(texts, known[key[0]][key[1]], files) for key, files in wanted.items()}
    recorded = []
    for reading, releases in zip(READINGS, sides):
        shown = {}
        for side, release in zip(("before", "after"), releases):
            text = asked[reading["project"], release].result()[reading["file"].replace("RELEASE", release)]
            shown[side] = {"release": release, "found": found(text, reading["pattern"])}
        recorded.append({name: reading[name] for name in ("name", "project", "file", "pattern")} | shown)
    RECORDING.write_text(json.dumps(recorded, ensure_ascii=False, indent=1) + "\n")


main()
