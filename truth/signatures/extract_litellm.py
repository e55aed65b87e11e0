"""Prints LiteLLM releases' Redis-related signatures as JSON lines, read from source, not imported.

Usage: extract_litellm.py FOLDER RELEASE...    (FOLDER/<release>/litellm is from a wheel)
"""

import ast
import functools
import json
import pathlib
import sys

folder, *releases = sys.argv[1:]
CLASSES = {
    "Cache": ["caching/caching.py"],
    "RedisCache": ["caching/redis_cache.py"],
    "RedisClusterCache": ["caching/redis_cluster_cache.py"],
    "RedisSemanticCache": ["caching/redis_semantic_cache.py"],
    "ValkeySemanticCache": ["caching/valkey_semantic_cache.py"],
    "S3Cache": ["caching/s3_cache.py"],
    # The Router's implementation moved: the newest place first.
    "Router": ["router_python_core.py", "router.py"],
}


def default(node):
    if node is None:
        return {"required": True}
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return {"object": True}
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"value": value}
    return {"object": True}


def signature(function, qualname):
    positional = function.args.posonlyargs + function.args.args
    defaults = [None] * (len(positional) - len(function.args.defaults)) + function.args.defaults
    pairs = list(zip(positional, defaults))[1:] + list(zip(function.args.kwonlyargs, function.args.kw_defaults))
    return {
        "qualname": qualname,
        "decorated": bool(function.decorator_list),
        "parameters": [{"name": a.arg, **default(d)} for a, d in pairs],
        "kwargs": function.args.kwarg is not None,
    }


@functools.cache
def classes(source):
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}


@functools.cache
def functions(source):
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def find(root, name, files):
    for file in files:
        path = root / file
        if not path.exists():
            continue
        if file == "router.py" and (plain := functions(path.read_text()).get("_router_init")):
            # Rust has the implementation: this is what its arguments are bound by.
            return signature(plain, plain.name)
        wanted = classes(path.read_text()).get("PythonCore" if file == "router_python_core.py" else name)
        for node in wanted.body if wanted else []:
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                return signature(node, f"{wanted.name}.__init__")
    return None


def cache_types(root):
    body = classes((root / "types/caching.py").read_text())["LiteLLMCacheType"].body
    return [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Assign)]


for release in releases:
    root = pathlib.Path(folder) / release / "litellm"
    found = {name: find(root, name, files) for name, files in CLASSES.items()}
    found = {name: one for name, one in found.items() if one}
    print(json.dumps({"version": release, "classes": found, "cache_types": cache_types(root)}))
