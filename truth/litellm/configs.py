"""How cases are written: YAML text from Python values, section by section; and the cases themselves."""

import hashlib
import json
import re


class Raw(str):
    """YAML text as it stands."""


def yaml(value):
    """A value in YAML's flow style."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, float) and value != value:
        return ".nan"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{yaml(k)}: {yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(yaml, value)) + "]"
    return json.dumps(value)


def section(name, settings):
    """A top-level section, one setting per line where it is a mapping."""
    if not isinstance(settings, dict) or not settings:
        return f"{name}: {yaml(settings)}\n"
    return f"{name}:\n" + "".join(f"  {yaml(k) if not re.fullmatch('[a-z_A-Z]+', str(k)) else k}: {yaml(v)}\n" for k, v in settings.items())


def cached(params, **more):
    return section("litellm_settings", {"cache": True, "cache_params": params, **more})


def routed(settings):
    return section("router_settings", settings)


def coordinated(params):
    return section("general_settings", {"coordination_redis": params})


# What references name. Every case has them; none is a variable that LiteLLM reads by itself.
VARIABLES = {"SET": "set-value", "EMPTY": "", "TRUE": "True", "ONE": "1", "HOST": "from-env.example", "PORT": "6390"}

CASES = {}


def add(topic, config, env=None):
    """A case, once: the same config and environment under a second topic is the first case."""
    env = {**(VARIABLES if "os.environ" in config else {}), **(env or {})}
    content = json.dumps([config, env], sort_keys=True)
    name = f"{topic}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
    CASES.setdefault(content, {"id": name, "config": config, "env": env})
