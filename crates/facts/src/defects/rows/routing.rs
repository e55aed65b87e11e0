//! The router: strategies, its budgets, cooldowns.

use crate::defects::Reach::{Any, Asked};
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{
    All, AnyOf, DeploymentGives, DeploymentGivesZero, Given, Is, Names, Not, Router,
    SingleDeployment, StoresModelsInDatabase,
};
use crate::defects::{Affected, Defect, SEVERAL};
use crate::version::v;

/// How the router chooses.
const STRATEGY: &str = "router_settings.routing_strategy";

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD8430",
        name: "usage-based-routing-loses-counts",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[Is(STRATEGY, &["usage-based-routing"]), Router]),
        depends: Some("more than one request runs at a time"),
        reach: Asked,
        happens: "`usage-based-routing` keeps the use of all deployments of a model in one value, which \
            each request reads, changes and writes back: requests that end together overwrite each \
            other's counts, and \"No deployments available for selected model\" comes too early or \
            too late.",
        cure: "No release is known to fix it. Use `simple-shuffle` or `usage-based-routing-v2`, which \
            increments each deployment's own counter.",
        references: &[Issue(8430)],
        source: "LowestTPMLoggingHandler.async_log_success_event, router_strategy/lowest_tpm_rpm.py: \
            async_get_cache, request_count_dict[id] += …, async_set_cache; still so in 1.110.2.",
    },
    Defect {
        id: "LD27736",
        name: "tpm-is-not-shared-by-the-router",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[Is(STRATEGY, &["usage-based-routing-v2"]), Router]),
        depends: Some(SEVERAL),
        reach: Asked,
        happens: "`usage-based-routing-v2` writes tokens to Redis and reads them from its own memory \
            first: each replica balances by its own tokens only.",
        cure: "No release is known to fix it. Use `simple-shuffle`, or `optional_pre_call_checks: \
            [enforce_model_rate_limits]` on LiteLLM 1.103.0 or newer to hold the limits.",
        references: &[Issue(27736), Pull(27737)],
        source: "LowestTPMLoggingHandler_v2.async_log_success_event, \
            router_strategy/lowest_tpm_rpm_v2.py: async_increment_cache (in-memory first on \
            reading, DualCache.async_batch_get_cache); still so in 1.110.2 \
            (async_increment_cache_post_call).",
    },
    Defect {
        id: "LD40169",
        name: "usage-routing-without-redis-leaks-memory",
        affected: &[Affected::since(v(1, 63, 14, 0))],
        when: All(&[Is(STRATEGY, &["usage-based-routing-v2"]), Not(&Router)]),
        depends: None,
        reach: Asked,
        happens: "`usage-based-routing-v2` queues an increment for Redis at each request; without a \
            Redis nobody takes it, and memory grows until restart.",
        cure: "No release is known to fix it. Give the router a Redis, or use another routing strategy.",
        references: &[Pull(40169)],
        source: "BaseRoutingStrategy._increment_value_in_current_window, \
            router_strategy/base_routing_strategy.py: redis_increment_operation_queue.append \
            without asking for redis_cache; still so in 1.110.2.",
    },
    Defect {
        id: "LD33032",
        name: "rpm-limit-is-reached-one-early",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[
            Is(STRATEGY, &["usage-based-routing", "usage-based-routing-v2"]),
            DeploymentGives("rpm"),
        ]),
        depends: None,
        reach: Asked,
        happens: "Usage-based routing takes a deployment out one request before its `rpm`: a \
            deployment with `rpm: 1` is never used.",
        cure: "No release is known to fix it. Set `rpm` one higher.",
        references: &[Issue(33032)],
        source: "_common_checks_available_deployment, router_strategy/lowest_tpm_rpm_v2.py: \
            rpm_dict[item] + 1 >= _deployment_rpm; still so in 1.110.2.",
    },
    Defect {
        id: "LD40291",
        name: "model-tpm-limit-is-read-from-memory",
        affected: &[Affected::between(v(1, 81, 7, 0), v(1, 103, 0, 0))],
        when: All(&[
            Names("router_settings.optional_pre_call_checks", "enforce_model_rate_limits"),
            Router,
        ]),
        depends: Some(SEVERAL),
        reach: Asked,
        happens: "`enforce_model_rate_limits` reads the tokens of the minute from the replica's own \
            memory: N replicas let N times `tpm` through.",
        cure: "Use LiteLLM 1.103.0 or newer.",
        references: &[Issue(40291)],
        source: "ModelRateLimitingCheck.async_pre_call_check, \
            router_utils/pre_call_checks/model_rate_limit_check.py: async_get_cache(key=tpm_key, \
            local_only=True) decides; 1.103.0 _async_get_current_tpm asks Redis.",
    },
    Defect {
        id: "LD40009",
        name: "least-busy-workers-overwrite-each-other",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 102, 0, 0))],
        when: All(&[Is(STRATEGY, &["least-busy"]), Router]),
        depends: Some("more than one worker or replica runs"),
        reach: Asked,
        happens: "`least-busy` keeps one dictionary per model group that each worker and replica \
            overwrites with its own: requests pile up on one deployment.",
        cure: "Use LiteLLM 1.102.0 or newer.",
        references: &[Pull(40009)],
        source: "LeastBusyLoggingHandler, router_strategy/least_busy.py: set_cache of the group's \
            dict; 1.102.0 a counter per deployment (increment_with_floor).",
    },
    Defect {
        id: "LD35048",
        name: "latency-routing-fails-to-write-redis",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 96, 0, 0))],
        when: All(&[Is(STRATEGY, &["latency-based-routing"]), Router]),
        depends: Some("clients make other calls than chat completions"),
        reach: Asked,
        happens: "`latency-based-routing` stores a `timedelta` for responses that are not chat \
            completions: \"Object of type timedelta is not JSON serializable\", and the \
            latencies are not shared.",
        cure: "Use LiteLLM 1.96.0 or newer.",
        references: &[Issue(33169), Pull(35048)],
        source: "LowestLatencyLoggingHandler.async_log_success_event, \
            router_strategy/lowest_latency.py: final_value = response_ms (timedelta); 1.96.0 \
            total_seconds() first.",
    },
    Defect {
        id: "LD39970",
        name: "latency-routing-fails-without-samples",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 102, 0, 0))],
        when: Is(STRATEGY, &["latency-based-routing"]),
        depends: None,
        reach: Asked,
        happens: "A deployment that has usage and no latency yet makes `latency-based-routing` divide \
            by zero: the request fails with 500.",
        cure: "Use LiteLLM 1.102.0 or newer.",
        references: &[Pull(39970)],
        source: "LowestLatencyLoggingHandler._get_available_deployments, \
            router_strategy/lowest_latency.py: total / len(item_latency); 1.102.0 \
            _average_latency.",
    },
    Defect {
        id: "LD32180",
        name: "router-budgets-miss-embeddings",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 104, 6, 0))],
        when: AnyOf(&[
            Given("router_settings.provider_budget_config"),
            Given("litellm_settings.tag_budget_config"),
            DeploymentGives("max_budget"),
        ]),
        depends: Some("clients send embeddings"),
        reach: Asked,
        happens: "What embeddings cost counts toward no provider, deployment or tag budget, with `ValueError: \
            custom_llm_provider is required` in the log; releases up to 1.80 lose what `/v1/messages` costs, too.",
        cure: "Use LiteLLM 1.104.6 or newer.",
        references: &[Pull(32180), Issue(26701)],
        source: "RouterBudgetLimiting.async_log_success_event, router_strategy/budget_limiter.py: \
            litellm_params.custom_llm_provider; 1.104.6 standard_logging_payload's. Run: a Router with \
            provider_budget_config on 1.63.14, 1.80.0, 1.93.0, 1.101.0, 1.110.2.",
    },
    Defect {
        id: "LD37261",
        name: "budget-reset-is-shown-decades-ahead",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[Given("router_settings.provider_budget_config"), Not(&Router)]),
        depends: None,
        reach: Asked,
        happens: "`GET /provider/budgets` shows a `budget_reset_at` more than fifty years ahead: without Redis the \
            moment at which a key ends is taken for the seconds that are left. The budget itself starts anew in time.",
        cure: "Give the router a Redis, or do not rely on `budget_reset_at`.",
        references: &[Issue(37261)],
        source: "RouterBudgetLimiting._get_current_provider_budget_reset_at, router_strategy/budget_limiter.py: \
            timedelta(seconds=DualCache.async_get_ttl), which is InMemoryCache.ttl_dict's time.time() + ttl.",
    },
    Defect {
        id: "LD32614",
        name: "router-budgets-are-overwritten-by-stale-spend",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 104, 0, 0))],
        when: All(&[
            AnyOf(&[
                Given("router_settings.provider_budget_config"),
                Given("litellm_settings.tag_budget_config"),
                DeploymentGives("max_budget"),
            ]),
            Router,
        ]),
        depends: None,
        reach: Asked,
        happens: "Spend of provider, deployment and tag budgets is pushed to Redis in the background \
            and read back before it is there: the older sum replaces the newer one, and budgets \
            are overrun.",
        cure: "Use LiteLLM 1.104.0 or newer.",
        references: &[Issue(32614), Issue(20886), Pull(32618)],
        source: "RouterBudgetLimiting._push_in_memory_increments_to_redis, \
            router_strategy/budget_limiter.py: asyncio.create_task(…), queue emptied; 1.104.0 \
            awaits it (_await_flush_task).",
    },
    Defect {
        id: "LD34733",
        name: "budget-window-resets-lose-spend",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[
            AnyOf(&[
                Given("router_settings.provider_budget_config"),
                Given("litellm_settings.tag_budget_config"),
                DeploymentGives("max_budget"),
            ]),
            Router,
        ]),
        depends: Some("responses arrive together when a window starts"),
        reach: Any,
        happens: "When a provider, deployment or tag budget's window starts anew, each response sets \
            the sum to its own cost: of those that arrive together only the last counts.",
        cure: "No release is known to fix it.",
        references: &[Issue(34733)],
        source: "RouterBudgetLimiting._handle_new_budget_window, router_strategy/budget_limiter.py: \
            async_set_cache(spend_key, response_cost); still so in 1.110.2.",
    },
    Defect {
        id: "LD29273",
        name: "budgets-of-models-from-the-database-are-ignored",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 88, 0, 0))],
        when: StoresModelsInDatabase,
        depends: Some("models with `max_budget` are added while the proxy runs"),
        reach: Asked,
        happens: "`max_budget` of a deployment that was added while the proxy runs (admin UI, \
            `/model/new`) is not enforced.",
        cure: "Use LiteLLM 1.88.0 or newer.",
        references: &[Pull(29273), Issue(25799)],
        source: "RouterBudgetLimiting, router_strategy/budget_limiter.py: budgets read from \
            model_list at start-up only; 1.88.0 register_deployment_budget.",
    },
    Defect {
        id: "LD12108",
        name: "cooldown-time-zero-is-ignored",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 73, 6, 0))],
        when: DeploymentGivesZero("cooldown_time"),
        depends: None,
        reach: Asked,
        happens: "`cooldown_time: 0` of a deployment counts as not set: it is cooled down for the \
            router's default.",
        cure: "Use LiteLLM 1.73.6 or newer.",
        references: &[Pull(12108)],
        source: "CooldownCache.add_deployment_to_cooldown, router_utils/cooldown_cache.py: \
            cooldown_time or self.default_cooldown_time; 1.73.6 only where it is None.",
    },
    Defect {
        id: "LD12037",
        name: "cooldown-time-of-a-deployment-is-ignored",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 73, 2, 0))],
        when: DeploymentGives("cooldown_time"),
        depends: None,
        reach: Asked,
        happens: "A deployment's own `cooldown_time` is replaced by the provider's Retry-After or the \
            router's default whenever the error has response headers.",
        cure: "Use LiteLLM 1.73.6 or newer.",
        references: &[Pull(12037)],
        source: "Router.deployment_callback_on_failure, router.py: \
            _get_retry_after_from_exception_header overwrites it; 1.73.2 the deployment's comes \
            first.",
    },
    Defect {
        id: "LD8668",
        name: "allowed-fails-are-ignored-for-single-deployments",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 61, 17, 0))],
        when: All(&[
            AnyOf(&[
                Given("router_settings.allowed_fails"),
                Given("router_settings.allowed_fails_policy"),
            ]),
            SingleDeployment,
        ]),
        depends: None,
        reach: Asked,
        happens: "`allowed_fails` and `allowed_fails_policy` do nothing for a model with one \
            deployment: it is never cooled down, and its fallbacks are tried only after each \
            failure.",
        cure: "Use LiteLLM 1.61.17 or newer.",
        references: &[Pull(8668)],
        source: "_should_cooldown_deployment, router_utils/cooldown_handlers.py: `elif not \
            is_single_deployment_model_group`; 1.61.17 `else`.",
    },
    Defect {
        id: "LD35104",
        name: "cooldowns-from-redis-last-ten-minutes",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 98, 0, 0))],
        when: Router,
        depends: Some(SEVERAL),
        reach: Any,
        happens: "A replica that learns of a cooldown from Redis keeps it for 600 seconds, whatever \
            `cooldown_time` says: a deployment stays out of rotation long after it is well.",
        cure: "Use LiteLLM 1.98.0 or newer.",
        references: &[Pull(35104)],
        source: "CooldownCache.async_get_active_cooldowns, router_utils/cooldown_cache.py: DualCache \
            backfills with 600 s; 1.98.0 _corrected_active_cooldown.",
    },
    Defect {
        id: "LD40025",
        name: "replicas-learn-of-cooldowns-late",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 102, 0, 0))],
        when: All(&[Router, Not(&Given("litellm_settings.default_redis_batch_cache_expiry"))]),
        depends: Some(SEVERAL),
        reach: Any,
        happens: "A replica asks Redis for cooldowns every 10 seconds at most: with a `cooldown_time` \
            of 10 seconds or less (the default is 5) other replicas never see it and keep \
            sending requests to the failing deployment.",
        cure: "Use LiteLLM 1.102.0 or newer, or set \
            `litellm_settings.default_redis_batch_cache_expiry: 1`.",
        references: &[Pull(40025)],
        source: "CooldownCache, router_utils/cooldown_cache.py, reads the router's DualCache with \
            redis_batch_cache_expiry 10 (caching/dual_cache.py); 1.102.0 \
            DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS=1.",
    },
    Defect {
        id: "LD28427",
        name: "prompt-cache-pins-last-five-minutes",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 108, 0, 0))],
        when: Names("router_settings.optional_pre_call_checks", "prompt_caching"),
        depends: Some("clients ask the provider for caches of an hour"),
        reach: Asked,
        happens: "The router remembers for 300 seconds which deployment holds a prompt in the provider's cache: \
            after a longer pause another deployment gets the request, and a cache of an hour is of no use.",
        cure: "Use LiteLLM 1.108.0 or newer, which keeps pins of one-hour caches for an hour.",
        references: &[Issue(28427)],
        source: "PromptCachingCache.async_add_model_id, router_utils/prompt_caching_cache.py: ttl=300, \
            PROMPT_CACHE_PIN_TTL_SECONDS; 1.108.0 pin_ttl_seconds.",
    },
];
