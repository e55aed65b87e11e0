"""Prints one LiteLLM release's Redis-related signatures as JSON, read from source, not imported.

Usage: extract_litellm.py FOLDER VERSION    (FOLDER holds an unpacked litellm wheel)
"""

import ast
import json
import pathlib
import sys

root = pathlib.Path(sys.argv[1]) / "litellm"
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


def find(name, files):
    for file in files:
        path = root / file
        if not path.exists():
            continue
        classes = {n.name: n for n in ast.parse(path.read_text()).body if isinstance(n, ast.ClassDef)}
        wanted = classes.get("PythonCore" if file == "router_python_core.py" else name)
        for node in wanted.body if wanted else []:
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                return signature(node, f"{wanted.name}.__init__")
    return None


found = {name: find(name, files) for name, files in CLASSES.items()}
types = {}
for node in ast.parse((root / "types/caching.py").read_text()).body:
    if isinstance(node, ast.ClassDef) and node.name == "LiteLLMCacheType":
        types = {ast.literal_eval(n.value): n.targets[0].id for n in node.body if isinstance(n, ast.Assign)}
print(json.dumps({"version": sys.argv[2], "classes": {k: v for k, v in found.items() if v}, "cache_types": list(types)}))
