"""Writes the cases that the real LiteLLM is asked about: {"id", "config", "env"}, one per line.

Usage: generate.py [--seed N] [--random N] [--all] < catalogue.json > cases.jsonl
       generate.py --rows < catalogue.json > rows.json   what epochs.py says, with the ids of its cases
       generate.py --servers < catalogue.json > cases.jsonl   those that name the servers of servers.py

`cargo xtask oracle cases` calls it. Without --all, the big tables give a sample: enough to commit and to replay in every
test run. Same catalogue and seed, same cases. An id says what a case is about, then a hash of its content, so that it stays
when others come and go. Cases that do not differ are written once.
"""

import argparse
import json
import sys

import epochs
import fields
import tables
from configs import CASES, VARIABLES, add
from mixtures import mixtures

# Of these topics, one case in so many is in the sample.
SAMPLED = {
    "alone": 4, "on": 16, "router": 6, "coordination": 5, "only": 3, "coordination-only": 5, "router-only": 5, "pair": 2, "pair-bare": 2,
    "env": 12, "env-none": 10, "env-case": 4, "env-main": 5, "env-cluster": 2, "env-sentinel": 2, "env-wrong": 4, "router-settings": 4,
    "type": 3, "type-env": 2, "type-own": 2, "type-own-env": 5, "coordination-redis": 2, "url-kwargs": 2, "url-env": 2, "url-cluster": 2,
    "switch": 3, "env-section": 3, "section-cached": 2, "iam-env": 2, "iam-coordination": 2, "iam-router": 2, "seed": 2,
    "router-field": 1, "router-field-redis": 4, "router-field-wrong": 3, "variable": 8, "variable-host": 4, "variable-none": 8, "variable-section": 5, "variable-case": 5,
    "key-case": 5, "yaml-twice": 2, "yaml-merge": 4, "yaml-quoted": 4, "yaml-text": 6, "yaml-alias": 3, "url-shape": 2, "url-option": 3, "url-option-beside": 2,
}


def boundaries():
    """What each release changed: the answers differ between the release and the one before."""
    for row in epochs.ROWS:
        for config, env in row["cases"]:
            add(f"epoch-{row['name']}", config, env)


def sampled(case):
    topic, number = case["id"].rsplit("-", 1)
    return int(number, 16) % SAMPLED.get("on" if topic.startswith("on-") else topic, 1) == 0


def rows():
    """The rows of epochs.py; a case may have its id from an earlier row."""
    for row in epochs.ROWS:
        ids = []
        for config, env in row["cases"]:
            env = {**(VARIABLES if "os.environ" in config else {}), **env}
            ids.append(CASES[json.dumps([config, env], sort_keys=True)]["id"])
        yield {**row, "cases": ids}


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--random", type=int, default=6000)
    options.add_argument("--all", action="store_true")
    options.add_argument("--rows", action="store_true")
    options.add_argument("--servers", action="store_true")
    options = options.parse_args()
    if options.servers:
        tables.real_servers()
        for case in CASES.values():
            print(json.dumps(case, ensure_ascii=False))
        sys.exit()
    boundaries()
    if options.rows:
        print(json.dumps(list(rows()), ensure_ascii=False, indent=1))
        sys.exit()
    for table in (
        fields.fields_alone, fields.fields_in_pairs, tables.urls, tables.cache_switch, tables.cache_types, tables.sections, tables.router_and_coordination,
        tables.environment, tables.iam, tables.environment_section, tables.references, tables.client_objects, tables.discovery, tables.seeds,
        fields.other_sections, fields.variables, fields.spellings, fields.node_lists, fields.url_shapes,
    ):
        before = len(CASES)
        table()
        print(f"{len(CASES) - before:6} {table.__name__}", file=sys.stderr)
    mixtures(options.random, options.seed)
    chosen = [case for case in CASES.values() if options.all or sampled(case)]
    ids = [case["id"] for case in chosen]
    if len(ids) != len(set(ids)):
        sys.exit("two cases share an id")
    print(f"{len(ids):6} in all", file=sys.stderr)
    for case in chosen:
        print(json.dumps(case, ensure_ascii=False))
