"""Writes the extracted signatures as a Rust table: each row once, with the releases that have it.

Usage: render_signatures.py OUT.rs REDIS_PY.jsonl LITELLM.jsonl    (a release a line, oldest first)
       render_signatures.py OUT.rs --join TABLE.rs LITELLM.jsonl   the table as it is, and these LiteLLM releases

A table holds all that was rendered: it is read back, so that a new release needs no other release's wheel.
"""

import json
import re
import sys

LITELLM = ["Cache", "RedisCache", "RedisClusterCache", "RedisSemanticCache", "ValkeySemanticCache", "S3Cache", "Router"]
PARSERS = {"int": "Int", "float": "Float", "to_bool": "Bool", "list": "List", "parse_ssl_verify_flags": "VerifyFlags"}


def text(value):
    return json.dumps(value, ensure_ascii=False)


def default(parameter):
    if "required" in parameter:
        return "Required"
    if "object" in parameter:
        return "Object"
    value = parameter["value"]
    if value is None:
        return "None"
    if isinstance(value, bool):
        return f"Bool({str(value).lower()})"
    if isinstance(value, int):
        return f"Int({value})"
    if isinstance(value, float):
        return f"Float({value!r})"
    return f"Str({text(value)})"


def ranges(lists):
    """Merges one list of rows per release into rows with the first and last release that have them.

    The rows that a release has stand in its own order: one whose place changed is listed twice.
    """
    merged = []  # [row, since, until]
    for release, rows in enumerate(lists):
        place = 0
        for row in rows:
            for at in range(place, len(merged)):
                if merged[at][0] == row and merged[at][2] == release - 1:
                    merged[at][2] = release
                    place = at + 1
                    break
            else:
                merged.insert(place, [row, release, release])
                place += 1
    last = len(lists) - 1
    return [(row, since, "END" if until == last else until) for row, since, until in merged]


def table(lists, write):
    return "&[\n" + "".join(f"    {write(*row)},\n" for row in ranges(lists)) + "]"


def signature_table(signatures):
    """`signatures`: one per release, None where the release has no such class."""
    heads = [[(s["qualname"], s["decorated"], s["kwargs"])] if s else [] for s in signatures]
    rows = [[(p["name"], default(p)) for p in s["parameters"]] if s else [] for s in signatures]
    flag = lambda value: str(value).lower()
    head = lambda h, since, until: f"h({text(h[0])}, {flag(h[1])}, {flag(h[2])}, {since}, {until})"
    row = lambda p, since, until: f"p({text(p[0])}, {p[1]}, {since}, {until})"
    return f"Table {{ heads: {table(heads, head)}, rows: {table(rows, row)} }}"


def names_table(lists):
    return table(lists, lambda name, since, until: f"n({text(name)}, {since}, {until})")


def parsers_table(tables):
    rows = [list(one.items()) for one in tables]
    return table(rows, lambda row, since, until: f"u({text(row[0])}, UrlParser::{PARSERS[row[1]]}, {since}, {until})")


def constant(name):
    words = name.replace("asyncio.", "async").replace("SSL", "Ssl").replace("UnixDomainSocket", "Unix")
    return "".join(("_" + c) if c.isupper() else c for c in words).lstrip("_").upper()


def version(release):
    numbers = release.replace("post", "").split(".")
    return f"v({', '.join(numbers + ['0'] * (4 - len(numbers)))})"


def load(path):
    with open(path) as file:
        return [json.loads(line) for line in file]



def module(name, releases, classes):
    lines = [f"pub(super) mod {name} {{", "use super::*;", ""]
    versions = "".join(f"    {version(one['version'])},\n" for one in releases)
    lines.append(f"pub(in super::super) static RELEASES: &[Version] = &[\n{versions}];")
    for one in classes:
        rendered = signature_table([release["classes"].get(one) for release in releases])
        lines.append(f"pub(in super::super) static {constant(one)}: Table = {rendered};")
    return lines


def of_redis_py(releases):
    for release in releases:
        # The client's own version is a default of every release: not worth a row each.
        for signature in release["classes"].values():
            for parameter in signature["parameters"]:
                if parameter["name"] == "lib_version" and parameter.get("value") == release["version"]:
                    del parameter["value"]
                    parameter["object"] = True
    lines = module("redis_py", releases, list(releases[-1]["classes"]))
    for name in ("cluster_allowed_keys", "cluster_disabled_keys"):
        rendered = names_table([release[name] for release in releases])
        lines.append(f"pub(in super::super) static {name.upper()}: &[Name] = {rendered};")
    for name in ("url_parsers", "asyncio_url_parsers"):
        rendered = parsers_table([release[name] for release in releases])
        lines.append(f"pub(in super::super) static {name.replace('asyncio', 'async').upper()}: &[UrlParserRow] = {rendered};")
    return lines + ["}", ""]


OF_LITELLM = "pub(super) mod litellm {"


def of_litellm(releases):
    lines = module("litellm", releases, LITELLM)
    lines.append(f"pub(in super::super) static CACHE_TYPES: &[Name] = {names_table([r['cache_types'] for r in releases])};")
    return lines + ["}"]


HEAD = [
    "//! Signatures of redis-py and LiteLLM releases. Rows hold the first and the last release that has them, as",
    "//! places in `RELEASES`.",
    "//!",
    "//! Generated from the published wheels by `cargo xtask oracle extract`. Do not edit.",
    "",
    "use super::row::DefaultValue::{Bool, Float, Int, None, Object, Required, Str};",
    "use super::row::{END, Name, Table, UrlParser, UrlParserRow, h, n, p, u};",
    "use super::version::{Version, v};",
    "",
]

ROW = re.compile(r"    ([hnp])\((.*), (\d+), (\d+|END)\),")


def number(release):
    """1.67.0.post1 -> (1, 67, 0, 1)"""
    numbers = [int(part) for part in release.replace("post", "").split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))


def read_back(lines):
    """The releases of a module of the table, as they were given to `module`."""
    releases, static, part = [], None, None
    for line in lines:
        if start := re.match(r"pub\(in super::super\) static (\w+): ", line):
            static = {constant(one): one for one in LITELLM}.get(start[1], start[1])
        if match := re.fullmatch(r"    v\((\d+), (\d+), (\d+), (\d+)\),", line):
            *three, post = match.groups()
            releases.append({"version": ".".join(three) + (f".post{post}" if post != "0" else ""), "classes": {}, "cache_types": []})
        elif match := ROW.fullmatch(line):
            kind, row, since, until = match.groups()
            for release in releases[int(since) : len(releases) if until == "END" else int(until) + 1]:
                if kind == "n":
                    release["cache_types"].append(json.loads(row))
                elif kind == "h":
                    name, decorated, kwargs = re.fullmatch(r'(".*"), (\w+), (\w+)', row).groups()
                    release["classes"][static] = {"qualname": json.loads(name), "decorated": decorated == "true", "kwargs": kwargs == "true", "parameters": []}
                else:
                    name, given = re.fullmatch(r'("[^"]*"), (.*)', row).groups()
                    release["classes"][static]["parameters"].append({"name": json.loads(name), **value(given)})
    return releases


def value(written):
    if written in ("Required", "Object", "None"):
        return {"Required": {"required": True}, "Object": {"object": True}, "None": {"value": None}}[written]
    return {"value": json.loads(re.fullmatch(r"(?:Bool|Int|Float|Str)\((.*)\)", written)[1])}


def joined(table, more):
    """The table's text with more LiteLLM releases in it, each in its place."""
    before, after = open(table).read().split(OF_LITELLM)
    releases = {one["version"]: one for one in read_back(after.splitlines())} | {one["version"]: one for one in more}
    return before + "\n".join(of_litellm(sorted(releases.values(), key=lambda one: number(one["version"]))))


def main(out, one, two, *more):
    if one == "--join":
        text = joined(two, load(more[0]))
    else:
        text = "\n".join(HEAD + of_redis_py(load(one)) + of_litellm(load(two)))
    with open(out, "w") as file:
        file.write(text + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
