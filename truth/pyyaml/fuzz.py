"""Compares the reader with PyYAML on random mutations of the recorded texts.

    python fuzz.py READER SEED SECONDS

READER is the built example `read_yaml` of redproof-core. Prints each text on which the two differ,
shortened, as JSON; `cargo xtask yaml fuzz` runs it. A text found here belongs into traps.py.
"""

import json
import pathlib
import random
import subprocess
import sys
import time

import canonical

GOLDEN = pathlib.Path(__file__).with_name("recording.jsonl")

PIECES = [
    " ", "  ", "\n", "\r\n", "\r", "\t", "\n  ", "\n- ", "\n? ", ": ", ":", "- ", "? ", ", ", ",", "[", "]", "{", "}",
    "#", " # c\n", "&a ", "*a", "!", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!set ", "!!omap ", "!!pairs ",
    "!!binary ", "!!timestamp ", "!!seq ", "!!map ", "!e!x ", "!<tag:yaml.org,2002:str> ", "|\n", ">\n", "|-\n", ">+\n", "|2\n",
    "'", "\"", "\\", "\\x41", "\\u263a", "\\ud800", "%YAML 1.1\n---\n", "%TAG !e! tag:e,2000:\n---\n", "---\n", "...\n", "---", "<<: ",
    "<<: *a", "<<: [*a, {b: 1}]", "=: 1", "=", "~", "yes", "010", "0o7", "0x1f", "0b1", "1_000", "1:30", "1:30.5", ".5", "-.inf", ".nan",
    "1e3", "1.0e+3", "1.5e3", "2001-12-14", "2001-1-1 1:2:3.4 -5", "2001-13-01", "2001-12-14T21:59:43Z", "\ufeff", "\x85", "\u2028", "\u2029",
    "\xa0", "\x00", "\x07", "é", "😀", "@", "`", "null", "a: 1", "{a: 1}", "[1, 2]", "key: &a {x: 1}\n", "aGVsbG8=",
]


def mutate(random, texts):
    text = random.choice(texts)
    for _ in range(random.choice([1, 1, 2, 3, 5, 8])):
        at = random.randint(0, len(text))
        kind = random.randrange(6)
        if kind <= 1:
            text = text[:at] + random.choice(PIECES) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at + random.randint(1, 4):]
        elif kind == 3:
            other = random.choice(texts)
            start = random.randint(0, len(other))
            text = text[:at] + other[start:start + random.randint(1, 40)] + text[at:]
        elif kind == 4:
            end = at + random.randint(1, 30)
            text = text[:end] + text[at:end] + text[end:]
        else:
            lines = text.splitlines(keepends=True)
            random.shuffle(lines)
            text = "".join(lines)
    return text[:4000]


class Reader:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, text):
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def shorten(reader, text):
    """Drops what can go while the two still differ."""
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size:]
            if encodable(shorter) and reader.read(shorter) != canonical.read(shorter):
                text = shorter
            else:
                at += size
        size //= 2
    return text


def encodable(text):
    return not any("\ud800" <= c <= "\udfff" for c in text)


def main():
    reader = Reader(sys.argv[1])
    choose = random.Random(int(sys.argv[2]))
    until = time.monotonic() + float(sys.argv[3])
    texts = [json.loads(line)["text"] for line in GOLDEN.read_text("utf-8").splitlines()]
    tried = found = 0
    while time.monotonic() < until:
        text = mutate(choose, texts)
        tried += 1
        if reader.read(text) != canonical.read(text):
            found += 1
            text = shorten(reader, text)
            print(json.dumps({"text": text, "pyyaml": canonical.read(text), "ours": reader.read(text)}), flush=True)
    print(f"{tried} texts, {found} differ", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
