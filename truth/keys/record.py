"""Reads which keys each LiteLLM release knows in each section of its config, and writes crates/facts/src/keys/data.rs.

Needs a Python that has pip, which knows the index. `cargo xtask truth keys` calls it. Wheels are read whole:
some 8 GB; what was read of each is kept below target/, so that a run goes on where one ended.

A section's keys are those that the last release of any line reads from it (`reads.py`). A release knows a key if its
source has the word at all, so that "does not know" is never said of a key that is read in a way that reads.py
does not see.
"""

import gzip
import hashlib
import io
import itertools
import json
import multiprocessing
import pathlib
import re
import sys
import urllib.request
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "wheels"))
from reads import Reads, resolve  # noqa: E402
from remote import number, wheels  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
TABLE = ROOT / "crates/facts/src/keys/data.rs"
KEPT = ROOT / "target/truth-keys"
OLDEST = (1, 60, 0)
WORD = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?![A-Za-z0-9_])")
NATIVE = re.compile(rb"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
PARSED = re.compile(r"_settings|getattr\(\s*litellm")
# Lists and handlers of the module, which nobody sets in a file.
NOT_SETTINGS = re.compile(r".*_models?|.*_handler|updated|deleted|object|email|encoding|encode|decode|timezone|modify_integration")
# They are at the top level alone, whatever code calls its variables.
SECTIONS = {"model_list", "litellm_settings", "general_settings", "router_settings", "environment_variables"}
CONSTANTS = {"top": "TOP_LEVEL", "litellm_settings": "LITELLM_SETTINGS", "general_settings": "GENERAL_SETTINGS"}


def wheel(url):
    """The Python files of a wheel, and the words of its native ones."""
    with urllib.request.urlopen(url, timeout=180) as answer:
        wheel = zipfile.ZipFile(io.BytesIO(answer.read()))
    native = {word.decode() for name in wheel.namelist() if name.endswith(".so") for word in NATIVE.findall(wheel.read(name))}
    return [(name, wheel.read(name)) for name in wheel.namelist() if name.endswith(".py")], native


def readings(files):
    """The keys that the files of a release read, by section, and what reads.py can't tell."""
    texts = [(name, data.decode()) for name, data in files]
    parsed = [one for one in texts if "/proxy/" in one[0] or one[0].endswith("litellm/__init__.py") or PARSED.search(one[1])]
    return resolve([Reads(name, text) for name, text in parsed])


def line(releases):
    """Reads the releases of one line, oldest first. What a file says is found once, however many releases have it."""
    words_of = {}
    for place, (name, url) in enumerate(releases):
        kept = KEPT / f"{name}.json.gz"
        if kept.exists():
            continue
        files, words = wheel(url)
        for _, data in files:
            digest = hashlib.sha256(data).digest()
            if digest not in words_of:
                words_of[digest] = frozenset(map(sys.intern, WORD.findall(data.decode())))
            words |= words_of[digest]
        one = {"words": sorted(words)}
        if place == len(releases) - 1:
            found, unresolved = readings(files)
            one |= {"found": {section: sorted(keys) for section, keys in found.items()}, "unresolved": sorted(unresolved)}
        kept.with_suffix(".part").write_bytes(gzip.compress(json.dumps(one).encode(), 3))
        kept.with_suffix(".part").rename(kept)
        print(name, flush=True)


def by_line(known):
    """Releases by line: those of one major and minor number, oldest first."""
    ordered = sorted(known.items(), key=lambda one: number(one[0]))
    return [list(one) for _, one in itertools.groupby(ordered, lambda one: number(one[0])[:2])]


def table(known):
    releases = sorted(known, key=number)
    kept = {name: json.loads(gzip.decompress((KEPT / f"{name}.json.gz").read_bytes())) for name in releases}
    keys = {section: set() for section in CONSTANTS}
    for last in (one[-1][0] for one in by_line(known)):
        for section, found in keys.items():
            found.update(kept[last]["found"][section])
    keys["litellm_settings"] = {key for key in keys["litellm_settings"] if not NOT_SETTINGS.fullmatch(key)}
    for section in ("litellm_settings", "general_settings"):
        keys[section] -= SECTIONS
    known_words = [set(kept[name]["words"]) for name in releases]
    for section, constant in CONSTANTS.items():
        yield f"pub(super) static {constant}: &[Key] = &["
        for key in sorted(keys[section]):
            has = [key in words for words in known_words]
            starts = [place for place, now in enumerate(has) if now and not (place and has[place - 1])]
            for start in starts:
                end = next((place for place in range(start, len(has)) if not has[place]), None)
                since = "OLDEST" if start == 0 else version(releases[start])
                until = "NEWEST" if end is None else version(releases[end - 1])
                yield f'    k("{key}", {since}, {until}),'
        yield "];"


def version(release):
    return "v({}, {}, {}, {})".format(*number(release))


def main():
    known = wheels("litellm", OLDEST)
    KEPT.mkdir(parents=True, exist_ok=True)
    with multiprocessing.Pool(4) as pool:
        pool.map(line, by_line(known), 1)
    lines = [
        "//! Keys of the config's sections that LiteLLM releases read, each with the first and the last release that knows it.",
        "//!",
        "//! Generated from the published wheels by `cargo xtask truth keys`. Do not edit.",
        "",
        "use super::{Key, NEWEST, OLDEST, k};",
        "use crate::version::v;",
        "",
        *table(known),
    ]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
