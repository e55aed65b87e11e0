"""What is asked: configurations, and the requests that each is sent.

7001, 7002 and 7003 are three Redis servers (A, B, C), 7009 the model provider; a run puts its own ports in
their place, so that the recorded text is a configuration as it stands.
"""

import copy

PROVIDER = "http://127.0.0.1:7009"


def deployment(name, identity, model, base=f"{PROVIDER}/v1", **more):
    params = {"model": model, "api_key": "x", "api_base": base, **more}
    return {"model_name": name, "litellm_params": params, "model_info": {"id": identity}}


MODELS = [
    deployment("m", "d-chat", "openai/gpt-4o"),
    deployment("pair", "d-pair-1", "openai/gpt-4o", rpm=100, tpm=100000),
    deployment("pair", "d-pair-2", "openai/gpt-4o", rpm=100, tpm=100000),
    deployment("failing", "d-fail-1", "openai/gpt-4o", f"{PROVIDER}/fail/429"),
    deployment("failing", "d-fail-2", "openai/gpt-4o", f"{PROVIDER}/fail/429"),
    deployment("embed", "d-embed", "openai/text-embedding-3-small"),
    deployment("text", "d-text", "text-completion-openai/gpt-3.5-turbo-instruct"),
    deployment("audio", "d-audio", "openai/whisper-1"),
    deployment("rank", "d-rank", "cohere/rerank-english-v3.0", PROVIDER),
]
A = {"type": "redis", "host": "127.0.0.1", "port": 7001}
B = {"redis_host": "127.0.0.1", "redis_port": 7002}
C = {"host": "127.0.0.1", "port": 7003}
ENV_A = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "7001"}


def config(cache_params=None, litellm=None, router=None, general=None, cache=None):
    settings = dict(litellm or {})
    if cache_params is not None:
        settings["cache"] = True
        settings["cache_params"] = cache_params
    if cache is not None:
        settings["cache"] = cache
    return {
        "model_list": copy.deepcopy(MODELS),
        "litellm_settings": settings,
        "router_settings": {"num_retries": 0, **(router or {})},
        "general_settings": {
            "master_key": "sk-lab-5f0c2f7c1d3b4a6e9d8c7b6a",
            "custom_auth": "custom_auth.user_api_key_auth",
            **(general or {}),
        },
    }


def ask(path, body, key="sk-free", times=1, process=0, name=None):
    step = {"name": name or path, "path": path, "body": body, "key": key, "process": process}
    return [copy.deepcopy(step) for _ in range(times)]


QUESTIONS = iter(range(10**6))


def chat(times=2, model="m", key="sk-free", process=0, name="chat", question=None, **more):
    question = question or f"question {name}"
    messages = [{"role": "user", "content": question}]
    return ask("/v1/chat/completions", {"model": model, "messages": messages, **more}, key, times, process, name)


def embed(times=2, name="embedding", process=0, **more):
    body = {"model": "embed", "input": f"question {name}", **more}
    return ask("/v1/embeddings", body, times=times, process=process, name=name)


TWICE = chat() + embed()
CALLS = (
    TWICE
    + chat(name="stream", stream=True)
    + ask("/v1/completions", {"model": "text", "prompt": "question"}, times=2, name="text")
    + ask("/v1/audio/transcriptions", {"model": "audio"}, times=2, name="transcription")
    + ask("/v1/rerank", {"model": "rank", "query": "q", "documents": ["d"]}, times=2, name="rerank")
    + ask("/v1/responses", {"model": "m", "input": "question"}, times=2, name="responses")
    + ask(
        "/v1/messages",
        {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "question"}]},
        times=2,
        name="messages",
    )
)
CONTROLS = sum(
    (
        chat(name=f"control {label}", cache=control)
        for label, control in {
            "no-cache": {"no-cache": True},
            "no-store": {"no-store": True},
            "use-cache": {"use-cache": True},
            "ttl 77": {"ttl": 77},
            "ttl 77 text": {"ttl": "77"},
            "ttl 0": {"ttl": 0},
            "s-maxage 99": {"s-maxage": 99},
            "s-max-age 99": {"s-max-age": 99},
            "namespace": {"namespace": "asked"},
        }.items()
    ),
    [],
)
# Controls that are nearly right, and what else a body may say of the cache.
ASKED = sum(
    (
        chat(name=f"asked {label}", **body)
        for label, body in {
            "s-maxage 0": {"cache": {"s-maxage": 0}},
            "s-max-age 0": {"cache": {"s-max-age": 0}},
            "s-maxage text": {"cache": {"s-maxage": "99"}},
            "ttl minutes": {"cache": {"ttl": "10m"}},
            "ttl minus": {"cache": {"ttl": -1}},
            "ttl null": {"cache": {"ttl": None}},
            "no-cache text": {"cache": {"no-cache": "true"}},
            "no-cache one": {"cache": {"no-cache": 1}},
            "no-store text": {"cache": {"no-store": "true"}},
            "no-store one": {"cache": {"no-store": 1}},
            "no_cache": {"cache": {"no_cache": True}},
            "both": {"cache": {"no-cache": True, "no-store": True}},
            "namespace empty": {"cache": {"namespace": ""}},
            "namespace number": {"cache": {"namespace": 5}},
            "empty": {"cache": {}},
            "caching false": {"caching": False},
            "caching true": {"caching": True},
            "ttl beside": {"ttl": 77},
            "no-store and use-cache": {"cache": {"no-store": True, "use-cache": True}},
        }.items()
    ),
    [],
)
ASKED_OFF = sum(
    (
        chat(name=f"asked {label}", **body)
        for label, body in {
            "use-cache text": {"cache": {"use-cache": "true"}},
            "use-cache one": {"cache": {"use-cache": 1}},
            "use-cache false": {"cache": {"use-cache": False}},
            "use_cache": {"cache": {"use_cache": True}},
            "ttl": {"cache": {"ttl": 77}},
            "caching true": {"caching": True},
            "use-cache and ttl": {"cache": {"use-cache": True, "ttl": 77}},
            "use-cache and no-cache": {"cache": {"use-cache": True, "no-cache": True}},
        }.items()
    ),
    [],
)
LIMITED = (
    chat(2, key="sk-rpm", name="rpm", question="a")
    + chat(2, key="sk-rpm", name="rpm", process=1, question="b")
    + chat(1, key="sk-tpm", name="tpm")
    + chat(1, key="sk-parallel", name="parallel")
    + chat(1, key="sk-user", name="user")
    + chat(1, key="sk-team", name="team")
    + chat(1, key="sk-model", name="model")
    + chat(1, key="sk-budget", name="budget")
)
ROUTED = (
    chat(1, model="failing", name="failing")
    + chat(1, model="failing", name="failing", process=1, question="other")
    + chat(1, model="pair", name="pair")
)
PARTS = [{"name": f"drive {what}", "drive": what, "process": 0} for what in ("pod_lock", "spend_queue", "auth_cache", "spend_counters")]
COMMIT = [{"name": "drive spend_commit", "drive": "spend_commit", "process": 0}]
ALL = chat(1, name="shared") + chat(1, name="shared", process=1) + LIMITED + ROUTED + PARTS


def scenario(name, configuration, steps, env=None, processes=1):
    return {"name": name, "config": configuration, "env": env or {}, "steps": steps, "processes": processes}


def cached(name, steps=None, env=None, litellm=None, **params):
    return scenario(f"cached/{name}", config({**A, **params}, litellm=litellm), steps or TWICE, env)


def shared(name, configuration, env=None):
    return scenario(f"shared/{name}", configuration, ALL, env, processes=2)


KEYED = chat(key="sk-no-cache", name="key no-cache") + chat(key="sk-no-store", name="key no-store")
ONLY = chat()
# What another process has stored, and how long each keeps its own copy in memory.
COPIES = (
    chat(2, process=1)
    + embed(1, name="embedding", process=1)
    + [{"name": "drive memory", "drive": "memory", "process": process} for process in (0, 1)]
)

SCENARIOS = [
    cached("plain", CALLS + CONTROLS + KEYED),
    cached("types-embedding", supported_call_types=["embedding", "aembedding"]),
    cached("types-sync", supported_call_types=["completion", "embedding"]),
    cached("types-chat", supported_call_types=["acompletion"]),
    cached("types-misspelt", supported_call_types=["acompletions", "aembedding"]),
    cached("types-none", supported_call_types=[]),
    cached("types-null", supported_call_types=None),
    cached("types-text", supported_call_types="acompletion"),
    cached("types-more", CALLS, supported_call_types=["atext_completion", "atranscription", "arerank", "aresponses"]),
    cached("mode-off", ONLY + CONTROLS[4:6], mode="default_off"),
    cached("asked", ASKED),
    cached("asked-off", ASKED_OFF, mode="default_off"),
    cached("asked-ttl", chat(name="asked ttl null", cache={"ttl": None}) + chat(name="asked ttl beside", ttl=77), ttl=300),
    cached(
        "asked-namespace",
        chat(name="asked metadata", metadata={"redis_namespace": "meta"})
        + chat(name="asked longer", cache={"namespace": "my.ns.team"})
        + chat(name="asked other", cache={"namespace": "other"}),
        namespace="my.ns",
    ),
    scenario("cached/asked-unserved", config(A, router={"cache_responses": False}), chat(name="asked caching true", caching=True)),
    cached("mode-on", ONLY, mode="default_on"),
    cached("mode-misspelt", ONLY + CONTROLS[4:6], mode="defualt_off"),
    cached("mode-null", ONLY, mode=None),
    *(
        cached(f"ttl-{label}", ONLY + CONTROLS[6:8], ttl=value)
        for label, value in {
            "300": 300, "minus": -1, "0": 0, "text": "600", "minutes": "10m", "float": 77.9, "null": None,
            "true": True, "half": 0.5, "text-float": "77.9", "text-minus": "-1", "list": [5],
        }.items()
    ),
    cached("redis-ttl", ONLY, default_in_redis_ttl=500),
    cached("redis-ttl-text", ONLY, default_in_redis_ttl="500"),
    cached("redis-ttl-and-ttl", ONLY, default_in_redis_ttl=500, ttl=300),
    cached("memory-ttl", ONLY, default_in_memory_ttl=5),
    cached("settings-redis-ttl", ONLY, litellm={"default_redis_ttl": 222}),
    cached("settings-redis-ttl-and-ttl", ONLY, litellm={"default_redis_ttl": 222}, ttl=300),
    cached("settings-in-redis-ttl", ONLY, litellm={"default_in_redis_ttl": 222}),
    cached("namespace", ONLY + CONTROLS[16:18] + chat(1, key="sk-rpm", name="rpm"), namespace="my.ns"),
    cached("namespace-number", ONLY + chat(1, key="sk-rpm", name="rpm") + chat(1, "failing", name="failing"), namespace=5),
    cached("namespace-empty", ONLY, namespace=""),
    cached("namespace-colon", ONLY, namespace="a:b:"),
    cached("namespace-true", ONLY, namespace=True),
    cached("flush-1", ONLY, redis_flush_size=1),
    cached("flush-3", sum((chat(1, name=f"flush {n}") for n in (1, 1, 2, 3, 1, 4)), []), redis_flush_size=3, ttl=77),
    cached("flush-text", ONLY, redis_flush_size="3"),
    cached("flush-0", ONLY, redis_flush_size=0),
    cached("db-name", ONLY, db=2, client_name="lit"),
    cached("no-params", ONLY),
    cached("group", chat(1) + chat(1, model="pair", name="chat"), litellm={"enable_caching_on_provider_specific_optional_params": True}),
    scenario("cached/local", config({"type": "local"}), TWICE),
    scenario("cached/off", config(A, cache=False), ONLY),
    scenario("cached/text-true", config(A, cache="true"), ONLY),
    scenario("cached/absent", config(litellm={"cache_params": A}), ONLY),
    scenario("cached/environment", config(cache=True), ONLY, ENV_A),
    scenario("cached/router-cache-responses", config(A, router={"cache_responses": True}), ONLY),
    scenario("cached/router-cache-responses-off", config(A, router={"cache_responses": False}), ONLY),
    scenario("cached/router-cache-responses-alone", config(router={**B, "cache_responses": True}), ONLY),
    cached("max-messages", ONLY, max_messages=0),
    *(
        scenario(f"cached/copies-{label}", config({**A, **params}, litellm=litellm), CALLS + COPIES, processes=2)
        for label, params, litellm in (
            ("plain", {}, None), ("ttl", {"ttl": 300}, None), ("default", {}, {"default_in_memory_ttl": 200}),
            ("default-param", {"default_in_memory_ttl": 200}, None),
        )
    ),
    shared("cache", config(A)),
    shared("router", config(router=B)),
    shared("cache-router", config(A, router=B)),
    shared("cache-coordination", config(A, general={"coordination_redis": C})),
    shared("router-coordination", config(router=B, general={"coordination_redis": C})),
    shared("all-three", config(A, router=B, general={"coordination_redis": C})),
    shared("coordination", config(general={"coordination_redis": C})),
    shared("environment", config(), ENV_A),
    shared("local-environment", config({"type": "local"}), ENV_A),
    shared("local-router", config({"type": "local"}, router=B)),
    shared("router-environment", config(router=B), ENV_A),
    shared("none", config()),
    shared("off-environment", config(A, cache=False), ENV_A),
    shared("namespace", config({**A, "namespace": "my.ns", "db": 2, "client_name": "lit"})),
    shared("router-namespace", config(A, router={**B, "cache_kwargs": {"namespace": "r.ns"}})),
    shared("coordination-namespace", config(A, general={"coordination_redis": {**C, "namespace": "c.ns"}})),
    shared("router-db", config(A, router={"redis_host": "127.0.0.1", "redis_port": 7001, "redis_db": 2})),
    shared("auth-cache", config(A, litellm={"enable_redis_auth_cache": True})),
    shared("auth-cache-coordination", config(A, litellm={"enable_redis_auth_cache": True}, general={"coordination_redis": C})),
    shared("auth-cache-none", config(litellm={"enable_redis_auth_cache": True})),
    shared("auth-cache-environment", config(litellm={"enable_redis_auth_cache": True}), ENV_A),
    *(
        scenario(f"shared/buffer-{label}", config(cache, router=router, general=general), ALL + COMMIT, processes=2)
        for label, cache, router, general in (
            ("cache", A, None, {"use_redis_transaction_buffer": True}),
            ("text", A, None, {"use_redis_transaction_buffer": "true"}),
            ("router", None, B, {"use_redis_transaction_buffer": True}),
            ("coordination", A, None, {"use_redis_transaction_buffer": True, "coordination_redis": C}),
            ("namespace", {**A, "namespace": "my.ns"}, None, {"use_redis_transaction_buffer": True}),
        )
    ),
    shared("types-coordination", config({**A, "supported_call_types": []})),
    *(
        shared(f"strategy-{strategy}", config(A, router={"routing_strategy": strategy, "cooldown_time": 30}))
        for strategy in (
            "usage-based-routing", "usage-based-routing-v2", "latency-based-routing", "least-busy", "cost-based-routing"
        )
    ),
    shared("strategy-router", config(router={**B, "routing_strategy": "usage-based-routing-v2"})),
    shared("provider-budget", config(A, router={"provider_budget_config": {"openai": {"budget_limit": 100, "time_period": "1d"}}})),
    shared("cooldowns-off", config(A, router={"disable_cooldowns": True})),
    shared("affinity", config(A, router={"optional_pre_call_checks": ["prompt_caching", "responses_api_deployment_check"]})),
]
SCENARIOS = [one for one in SCENARIOS if one["name"] not in ("cached/no-params", "cached/group")]
