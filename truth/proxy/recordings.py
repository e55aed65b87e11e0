"""How recordings are kept: each scenario once, with its distinct answers and the releases that gave each.

A step keeps its status, the calls that reached the provider, and what became of the answer's own key; all
other commands are kept once for the whole scenario, since which step meets a new minute is chance.
"""

import gzip
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "recordings")
ANSWER = re.compile(r"^(db\d+ )?(\w+) ((?:.*:)?<sha256>)( EX -?\d+)?( NX)?$")


# Of what is asked only for the answer's own key, no other command is kept: limits would only repeat themselves.
WITH_LIMITS = ("plain", "namespace", "namespace-number", "db-name")


def kept(name, answer):
    """What is kept of a run's answer."""
    if isinstance(answer["start"], dict):
        return {"start": answer["start"]}
    others = {}
    steps = []
    for step in answer["steps"]:
        response = {}
        for server, commands in step["redis"].items():
            for command in commands:
                if ANSWER.match(command):
                    response.setdefault(server, []).append(command)
                else:
                    others.setdefault(server, set()).add(command)
        short = {name: value for name, value in step.items() if name not in ("redis", "error")}
        if step.get("error"):
            short["error"] = error(step["error"])
        if response:
            short["response"] = response
        steps.append(short)
    starts = {}
    for start in answer["start"]:
        for server, commands in start["redis"].items():
            starts.setdefault(server, set()).update(commands)
    if name.startswith("cached/") and name.split("/")[1] not in WITH_LIMITS:
        result = {"steps": steps}
        if answer["keys"]:
            result["lasting"] = answer["keys"]
        return result
    result = {
        "start": {server: sorted(commands) for server, commands in sorted(starts.items())},
        "roles": answer["roles"],
        "clients": answer["clients"],
        "steps": steps,
        "commands": {server: sorted(commands) for server, commands in sorted(others.items())},
    }
    if answer["keys"]:
        result["lasting"] = answer["keys"]
    return result


def error(text):
    """The kind of an error."""
    for word in ("Not Found", "NotFoundError", "TypeError", "BadRequestError", "InternalServerError"):
        if word in text:
            return word
    return re.sub(r"\d+", "#", text)[:80]


def order(pair):
    release, redis_py = pair.split(" ")
    return [[int(part) if part.isdigit() else -1 for part in one.split(".")] for one in (release, redis_py)]


def load():
    """All recordings, by name."""
    found = {}
    if os.path.isdir(FOLDER):
        for name in sorted(os.listdir(FOLDER)):
            if name.endswith(".jsonl.gz"):
                with gzip.open(os.path.join(FOLDER, name), "rt") as file:
                    for line in file:
                        scenario = json.loads(line)
                        found[scenario["name"]] = scenario
    return found


def store(scenarios, runs):
    """Puts runs (lines of record.py) to what is kept of these scenarios."""
    by_pair = {}
    for name, recorded in load().items():
        for entry in recorded["answers"]:
            for pair in entry["pairs"]:
                by_pair.setdefault(name, {})[pair] = entry["answer"]
    asked = {scenario["name"]: len(scenario["steps"]) for scenario in scenarios}
    for run in runs:
        # A scenario that has since changed was not asked as it is now.
        if len(run["answer"].get("steps", ())) not in (0, asked.get(run["name"])):
            continue
        pair = f"{run['litellm']} {run['redis_py']}"
        by_pair.setdefault(run["name"], {})[pair] = kept(run["name"], run["answer"])
    files = {}
    for scenario in scenarios:
        answers = []
        for pair, answer in sorted(by_pair.get(scenario["name"], {}).items(), key=lambda one: order(one[0])):
            same = [entry for entry in answers if entry["answer"] == answer]
            if same:
                same[0]["pairs"].append(pair)
            else:
                answers.append({"pairs": [pair], "answer": answer})
        if answers:
            line = {**scenario, "answers": answers}
            files.setdefault(scenario["name"].split("/")[0], []).append(json.dumps(line, sort_keys=True))
    os.makedirs(FOLDER, exist_ok=True)
    for name, lines in files.items():
        path = os.path.join(FOLDER, f"{name}.jsonl.gz")
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as file:
            file.write(("\n".join(lines) + "\n").encode())


def main():
    import sys

    from scenarios import SCENARIOS

    runs = []
    for path in sys.argv[1:]:
        with open(path) as file:
            runs += [json.loads(line) for line in file if line.endswith("\n")]
    store(SCENARIOS, runs)
    counts = {}
    steps = 0
    for scenario in load().values():
        for entry in scenario["answers"]:
            counts.update(dict.fromkeys(entry["pairs"]))
            steps += len(entry["pairs"]) * len(entry["answer"].get("steps", []))
    print(f"{len(load())} scenarios, {len(counts)} pairs, {steps} requests and counters")


if __name__ == "__main__":
    main()
