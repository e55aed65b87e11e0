"""Writes the extracted signatures as a Rust table.

Usage: render_signatures.py OUT.rs REDIS_PY.json... LITELLM.json...
"""

import json
import sys

out, *files = sys.argv[1:]
redis_py, litellm = [], []
for name in files:
    with open(name) as file:
        data = json.load(file)
    (redis_py if "cluster_allowed_keys" in data else litellm).append(data)


def text(value):
    return json.dumps(value, ensure_ascii=False)


def default(p):
    if "required" in p:
        return "Required"
    if "object" in p:
        return "Object"
    value = p["value"]
    if value is None:
        return "None"
    if isinstance(value, bool):
        return f"Bool({str(value).lower()})"
    if isinstance(value, int):
        return f"Int({value})"
    if isinstance(value, float):
        return f"Float({value!r})"
    return f"Str({text(value)})"


def signature(s):
    parameters = ", ".join(f"p({text(p['name'])}, {default(p)})" for p in s["parameters"])
    return (
        f"Signature {{ qualname: {text(s['qualname'])}, decorated: {str(s['decorated']).lower()}, "
        f"kwargs: {str(s['kwargs']).lower()}, parameters: &[{parameters}] }}"
    )


def strings(values):
    return "&[" + ", ".join(text(v) for v in values) + "]"


def pairs(table):
    return "&[" + ", ".join(f"({text(k)}, {text(v)})" for k, v in table.items()) + "]"


PARSERS = {"int": "Int", "float": "Float", "to_bool": "Bool", "list": "List", "parse_ssl_verify_flags": "VerifyFlags"}


def parsers(table):
    return "&[" + ", ".join(f"({text(k)}, UrlParser::{PARSERS[v]})" for k, v in table.items()) + "]"


def field(name):
    words = name.replace("asyncio.", "async").replace("SSL", "Ssl").replace("UnixDomainSocket", "Unix")
    snake = "".join(("_" + c.lower()) if c.isupper() else c for c in words).lstrip("_")
    return snake


lines = [
    "//! Signatures of redis-py and LiteLLM releases.",
    "//!",
    "//! Generated from the published wheels by `cargo xtask oracle extract`. Do not edit.",
    "",
    "use super::signature::DefaultValue::{Bool, Float, Int, None, Object, Required, Str};",
    "use super::signature::{LitellmData, RedisPyData, Signature, UrlParser, p};",
    "",
    "pub(super) static REDIS_PY: &[RedisPyData] = &[",
]
for data in redis_py:
    lines.append("RedisPyData {")
    lines.append(f"version: {text(data['version'])},")
    for name, s in data["classes"].items():
        lines.append(f"{field(name)}: {signature(s)},")
    lines.append(f"cluster_allowed_keys: {strings(data['cluster_allowed_keys'])},")
    lines.append(f"cluster_disabled_keys: {strings(data['cluster_disabled_keys'])},")
    lines.append(f"url_parsers: {parsers(data['url_parsers'])},")
    lines.append(f"async_url_parsers: {parsers(data['asyncio_url_parsers'])},")
    lines.append("},")
lines += ["];", "", "pub(super) static LITELLM: &[LitellmData] = &["]
for data in litellm:
    lines.append("LitellmData {")
    lines.append(f"version: {text(data['version'])},")
    for name in ("Cache", "RedisCache", "RedisClusterCache", "RedisSemanticCache", "ValkeySemanticCache", "S3Cache", "Router"):
        s = data["classes"].get(name)
        lines.append(f"{field(name)}: {'Some(' + signature(s) + ')' if s else 'Option::None'},")
    lines.append(f"cache_types: {strings(data['cache_types'])},")
    lines.append("},")
lines.append("];")
with open(out, "w") as file:
    file.write("\n".join(lines) + "\n")
