"""What PyYAML makes of a text, as JSON that keeps Python's types apart.

Scalars: null, true, "text", ["i", "12"], ["f", "1.5"], ["b", hex], ["D", date], ["T", datetime].
Collections: ["l", items], ["t", items], ["s", sorted items], ["d", [[key, value], ...]].
["r"] is a collection inside itself, ["u"] a text with half of a surrogate pair.
"""

import datetime
import json

import yaml


def value(data, known):
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, int):
        return ["i", hex(data)]
    if isinstance(data, float):
        return ["f", repr(data)]
    if isinstance(data, str):
        return ["u"] if any("\ud800" <= c <= "\udfff" for c in data) else data
    if isinstance(data, bytes):
        return ["b", data.hex()]
    if isinstance(data, datetime.datetime):
        return ["T", data.isoformat()]
    if isinstance(data, datetime.date):
        return ["D", data.isoformat()]
    if id(data) in known:
        return known[id(data)]
    known[id(data)] = ["r"]
    if isinstance(data, dict):
        out = ["d", [[value(key, known), value(item, known)] for key, item in data.items()]]
    elif isinstance(data, (set, frozenset)):
        out = ["s", sorted((value(item, known) for item in data), key=json.dumps)]
    else:
        items = [value(item, known) for item in data]
        out = ["t" if isinstance(data, tuple) else "l", items]
    known[id(data)] = out
    return out


def read(text):
    """`{"value": …}` or `{"error": {"class", "message", "line", "column"}}`, both from 1."""
    try:
        return {"value": value(yaml.safe_load(text), {})}
    except RecursionError:
        return {"error": {"class": "RecursionError"}}
    except Exception as error:
        mark = getattr(error, "problem_mark", None)
        return {
            "error": {
                "class": type(error).__name__,
                "message": str(error),
                "line": mark.line + 1 if mark else None,
                "column": mark.column + 1 if mark else None,
            }
        }
