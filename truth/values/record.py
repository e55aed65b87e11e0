"""Records what the router makes of values: `record.py RELEASE… [--name PARAMETER…]`. See README.md.

What was recorded of other releases is kept, and with `--name` of other parameters.
"""

import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "startup"))

from record import number, process  # noqa: E402

VALUES = ["2", "0.5", "x", "", "60s", "true", "false", True, False, 0, -1, 2, 1.5, [], ["x"], {}, {"x": 1}]
# Connections and what the proxy gives the router itself are asked elsewhere.
LEFT_OUT = {
    "model_list", "assistants_config", "search_tools", "guardrail_list", "redis_url", "redis_host", "redis_port", "redis_password",
    "redis_db", "cache_kwargs", "fallback_access_check", "fallback_budget_check", "auto_router_capability_limit",
}


def record(release, wanted):
    with process(release, "5.3.1", HERE / "router.py") as child:
        about = json.loads(child.stdout.readline())
        answers = {}
        for name in about["names"]:
            if name in LEFT_OUT or (wanted and name not in wanted):
                continue
            child.stdin.write(json.dumps({"name": name, "values": VALUES}) + "\n")
            child.stdin.flush()
            found = json.loads(child.stdout.readline())
            answers[name] = [[value, answer] for value, answer in zip(VALUES, found) if answer]
        child.stdin.close()
    return {"usual": about["usual"], "values": answers}


def lines(release, recorded):
    """One parameter a line, so that a change of one is seen."""
    names = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in recorded["values"].items()]
    usual = json.dumps(recorded["usual"])
    return json.dumps(release) + ': {"usual": ' + usual + ', "values": {\n' + ",\n".join(names) + "\n}}"


def main():
    path = HERE / "recording.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", nargs="+")
    parser.add_argument("--name", action="append", default=[])
    asked = parser.parse_args()
    for release in asked.releases:
        found = record(release, asked.name)
        if asked.name:
            found["values"] = kept.get(release, {}).get("values", {}) | found["values"]
        kept[release] = found
        print(release)
    order = sorted(kept, key=number)
    path.write_text("{\n" + ",\n".join(lines(release, kept[release]) for release in order) + "\n}\n")


main()
