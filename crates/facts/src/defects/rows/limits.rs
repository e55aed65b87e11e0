//! Rate limits and parallel requests.

use crate::defects::Reach::{Any, Asked};
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{All, Coordination, Given, Is, LimiterV3, Names, Not};
use crate::defects::{Affected, Defect};
use crate::version::v;

/// The callbacks.
const CALLBACKS: &str = "litellm_settings.callbacks";

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD6938",
        name: "limits-are-read-and-written-in-two-steps",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[Coordination, Not(&LimiterV3)]),
        depends: Some("keys, users or teams have limits"),
        reach: Any,
        happens: "The limiter reads a counter, and writes it when the request goes on or has ended: \
            requests that run at the same time, on this replica or another, all see the old value, and \
            more pass than `rpm_limit` and `tpm_limit` say.",
        cure: "Use LiteLLM 1.77.1 or newer without LEGACY_MULTI_INSTANCE_RATE_LIMITING, whose limiter \
            counts by a script in Redis.",
        references: &[Issue(6938), Issue(10555)],
        source: "_PROXY_MaxParallelRequestsHandler.check_key_in_limits, \
            proxy/hooks/parallel_request_limiter.py: async_batch_get_cache, then async_set_cache; \
            parallel_request_limiter_v3.py runs BATCH_RATE_LIMITER_SCRIPT.",
    },
    Defect {
        id: "LD31501",
        name: "rate-limit-scripts-are-bound-to-one-loop",
        affected: &[Affected::between(v(1, 72, 2, 1), v(1, 91, 0, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("requests run on another event loop than the start-up"),
        reach: Any,
        happens: "The rate limiter's scripts are registered once, on the event loop of the start-up. \
            Used from another loop they fail, the limiter falls back to a pipeline that renews \
            the window at each request, and a counter that should expire grows: early 429s.",
        cure: "Use LiteLLM 1.91.0 or newer.",
        references: &[Pull(31501)],
        source: "RedisCache.async_register_script, caching/redis_cache.py: registers at once on the \
            running loop's client; 1.91.0 per loop (_register_script_for_current_loop).",
    },
    Defect {
        id: "LD32232",
        name: "rate-limits-fail-behind-proxies-without-scripts",
        affected: &[Affected::since(v(1, 72, 2, 1))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("a proxy before Redis refuses SCRIPT"),
        reach: Any,
        happens: "The limiter's Lua scripts are loaded with SCRIPT LOAD, which proxies before Redis \
            (Codis, Twemproxy) refuse: \"unknown command 'SCRIPT'\". Each process then counts for \
            itself, limits allow a multiple, and no request fails. Locks and budgets by script fare \
            the same.",
        cure: "No release is known to fix it. Connect LiteLLM to Redis itself, or set \
            LEGACY_MULTI_INSTANCE_RATE_LIMITING to true: the older limiter needs no scripts.",
        references: &[Issue(32232), Pull(32230)],
        source: "RedisCache.async_register_script, caching/redis_cache.py: register_script of \
            redis-py, whose Script.__call__ answers NOSCRIPT with SCRIPT LOAD, and script_load on a \
            cluster; the same in the newest release.",
    },
    Defect {
        id: "LD35533",
        name: "rate-limits-fail-open-per-replica",
        affected: &[Affected::between(v(1, 72, 6, 0), v(1, 105, 0, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("Redis fails and more than one replica runs"),
        reach: Any,
        happens: "When Redis fails, each replica counts rate limits and parallel requests in its own \
            memory: N replicas let N times the limit through, and no setting refuses instead.",
        cure: "Use LiteLLM 1.105.0 or newer with \
            `general_settings.fail_closed_rate_limit_enforcement: true`.",
        references: &[Issue(35533)],
        source: "_execute_redis_batch_rate_limiter_script, \
            proxy/hooks/parallel_request_limiter_v3.py: falls back to \
            in_memory_cache_sliding_window; 1.105.0 fail_closed_rate_limit_enforcement.",
    },
    Defect {
        id: "LD17323",
        name: "messages-requests-never-free-their-slot",
        affected: &[Affected::between(v(1, 77, 1, 0), v(1, 80, 8, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("keys with `max_parallel_requests` use `/v1/messages`"),
        reach: Any,
        happens: "A request to `/v1/messages` takes one of the key's `max_parallel_requests` and never \
            gives it back: the key ends in permanent 429s.",
        cure: "Use LiteLLM 1.94.0 or newer (1.80.8 finds the key again; until 1.94.0 the counter \
            has other leaks).",
        references: &[Issue(17323)],
        source: "async_log_success_event, proxy/hooks/parallel_request_limiter_v3.py: key taken from \
            the request's metadata, return where it is None; 1.80.8 from \
            standard_logging_metadata.",
    },
    Defect {
        id: "LD30020",
        name: "cancelled-streams-never-free-their-slot",
        affected: &[Affected::between(v(1, 77, 1, 0), v(1, 90, 0, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("keys have `max_parallel_requests`"),
        reach: Any,
        happens: "A client that closes a stream leaves its slot of `max_parallel_requests` taken; with \
            the counter in Redis the key is locked until it expires, which traffic puts off.",
        cure: "Use LiteLLM 1.94.0 or newer.",
        references: &[Issue(27955), Pull(30020)],
        source: "proxy/hooks/parallel_request_limiter_v3.py: no release on disconnect; 1.90.0 \
            async_release_max_parallel_requests_on_disconnect.",
    },
    Defect {
        id: "LD32441",
        name: "parallel-requests-are-counted-per-window",
        affected: &[Affected::between(v(1, 77, 1, 0), v(1, 94, 0, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("keys have `max_parallel_requests`"),
        reach: Any,
        happens: "`max_parallel_requests` is a counter in a one-minute window: requests longer than a \
            minute are forgotten, and a missed decrement locks the key until Redis forgets it.",
        cure: "Use LiteLLM 1.94.0 or newer, which holds a slot per request.",
        references: &[Issue(16011), Issue(20256), Pull(32441)],
        source: "proxy/hooks/parallel_request_limiter_v3.py: `:max_parallel_requests` counter with \
            window; 1.94.0 PARALLEL_ACQUIRE_SCRIPT.",
    },
    Defect {
        id: "LD39309",
        name: "rejected-parallel-requests-use-up-rpm",
        affected: &[Affected::since(v(1, 94, 0, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("keys have `rpm_limit` and `max_parallel_requests`"),
        reach: Any,
        happens: "A request that `max_parallel_requests` rejects has already been counted for the \
            key's RPM, and is not given back: the key is refused although it did not run.",
        cure: "No release is known to fix it.",
        references: &[Issue(39309)],
        source: "should_rate_limit, proxy/hooks/parallel_request_limiter_v3.py: windowed counters \
            first, the gauge after them, nothing refunded; still so in 1.110.2.",
    },
    Defect {
        id: "LD18728",
        name: "cached-tokens-count-for-tpm",
        affected: &[Affected::between(v(1, 77, 1, 0), v(1, 80, 15, 0))],
        when: All(&[LimiterV3, Is("general_settings.token_rate_limit_type", &["input", "total"])]),
        depends: None,
        reach: Asked,
        happens: "Tokens that the provider served from its prompt cache count for the TPM limit: keys \
            are refused early.",
        cure: "Use LiteLLM 1.80.15 or newer.",
        references: &[Issue(18728)],
        source: "_get_total_tokens_from_usage, proxy/hooks/parallel_request_limiter_v3.py: no \
            cached_tokens; 1.80.15 subtracts them.",
    },
    Defect {
        id: "LD14237",
        name: "token-window-never-ends",
        affected: &[Affected::between(v(1, 72, 2, 1), v(1, 76, 3, 0))],
        when: All(&[Coordination, LimiterV3]),
        depends: Some("keys have `tpm_limit`"),
        reach: Asked,
        happens: "Each request renews the TTL of the token counter: under traffic the minute never \
            ends and TPM limits refuse what is within them.",
        cure: "Use LiteLLM 1.77.5 or newer.",
        references: &[Issue(14204), Pull(14237)],
        source: "async_log_success_event, proxy/hooks/parallel_request_limiter_v3.py: \
            async_increment_cache_pipeline with ttl; 1.76.3 TOKEN_INCREMENT_SCRIPT keeps the \
            TTL.",
    },
    Defect {
        id: "LD8639",
        name: "parallel-request-limiter-leaks",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 61, 9, 0))],
        when: Coordination,
        depends: Some("keys have `max_parallel_requests`"),
        reach: Any,
        happens: "A rejected request still lowers the counter of `max_parallel_requests`, and the \
            replica's own memory is updated late: more requests run than allowed.",
        cure: "Use LiteLLM 1.61.9 or newer.",
        references: &[Pull(8639)],
        source: "_PROXY_MaxParallelRequestsHandler.check_key_in_limits, \
            proxy/hooks/parallel_request_limiter.py: no local write; 1.61.9 \
            async_batch_set_cache(local_only=True) and max_parallel_request_limit_reached.",
    },
    Defect {
        id: "LD17558",
        name: "dynamic-limiter-counts-one-token-per-request",
        affected: &[Affected::between(v(1, 77, 3, 0), v(1, 80, 8, 0))],
        when: Names(CALLBACKS, "dynamic_rate_limiter_v3"),
        depends: None,
        reach: Asked,
        happens: "`dynamic_rate_limiter_v3` counts one token for each request instead of its tokens: \
            TPM priorities do not hold.",
        cure: "Use LiteLLM 1.80.8 or newer.",
        references: &[Pull(17558)],
        source: "_PROXY_DynamicRateLimitHandlerV3, proxy/hooks/dynamic_rate_limiter_v3.py: no \
            async_log_success_event; 1.80.8 counts the usage.",
    },
    Defect {
        id: "LD18953",
        name: "dynamic-limiter-caps-all-at-a-quarter",
        affected: &[Affected::between(v(1, 77, 4, 0), v(1, 80, 17, 0))],
        when: All(&[
            Names(CALLBACKS, "dynamic_rate_limiter_v3"),
            Not(&Given("litellm_settings.priority_reservation")),
        ]),
        depends: None,
        reach: Asked,
        happens: "Without `priority_reservation`, `dynamic_rate_limiter_v3` treats every key as of the \
            default priority 0.25: from half the model's load on, requests are refused at a \
            quarter of the limit.",
        cure: "Use LiteLLM 1.80.17 or newer, or set `priority_reservation`.",
        references: &[Issue(18953), Pull(19092)],
        source: "_create_priority_based_descriptors, proxy/hooks/dynamic_rate_limiter_v3.py: \
            default_priority where priority_reservation is None (since 1.77.4); 1.80.17 returns \
            no descriptor.",
    },
];
