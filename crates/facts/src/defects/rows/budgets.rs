//! Budgets of keys, teams and users.

use crate::defects::Reach::{Any, Asked};
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{All, AnyOf, Coordination, Given, Not, On};
use crate::defects::{Affected, Defect, SEVERAL};
use crate::version::v;

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD24682",
        name: "budgets-are-counted-per-replica",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 83, 0, 0))],
        when: Coordination,
        depends: Some("keys or teams have budgets and more than one replica runs"),
        reach: Any,
        happens: "Budgets of keys, teams and members are compared with what this replica has seen: \
            with N replicas up to N times the budget is spent.",
        cure: "Use LiteLLM 1.84.1 or newer with a coordination Redis.",
        references: &[Issue(23714), Pull(24682)],
        source: "_virtual_key_max_budget_check, proxy/auth/auth_checks.py: valid_token.spend; 1.83.0 \
            get_current_spend reads Redis (proxy/proxy_server.py).",
    },
    Defect {
        id: "LD26829",
        name: "spend-counters-fall-back-to-stale-memory",
        affected: &[Affected::between(v(1, 83, 0, 0), v(1, 84, 0, 0))],
        when: Coordination,
        depends: Some("keys or teams have budgets and more than one replica runs"),
        reach: Any,
        happens: "The counters of spend in Redis end a minute after their first write; a replica that \
            misses one goes on with its own stale sum, and budgets are overrun.",
        cure: "Use LiteLLM 1.84.1 or newer.",
        references: &[Pull(26829)],
        source: "get_current_spend, proxy/proxy_server.py, and RedisCache.async_increment, \
            caching/redis_cache.py: no refresh_ttl; 1.84.0 refresh_ttl=True and a reseed from \
            the database.",
    },
    Defect {
        id: "LD30002",
        name: "budget-reset-leaves-the-counter",
        affected: &[Affected::between(v(1, 83, 0, 0), v(1, 84, 0, 0))],
        when: Coordination,
        depends: Some("keys have budgets that are reset"),
        reach: Any,
        happens: "When a key's budget is reset, its counter of spend in Redis is not: requests are \
            refused with \"Budget has been exceeded\" although the key shows no spend.",
        cure: "Use LiteLLM 1.84.1 or newer.",
        references: &[Issue(30002)],
        source: "ResetBudgetJob, proxy/common_utils/reset_budget_job.py: only team members' counters \
            are set to 0; 1.84.0 _invalidate_spend_counter for keys, users, teams.",
    },
    Defect {
        id: "LD28247",
        name: "spend-is-multiplied-by-the-replicas",
        affected: &[
            Affected::between(v(1, 83, 14, 0), v(1, 84, 1, 0)),
            Affected::between(v(1, 85, 0, 0), v(1, 85, 1, 0)),
            Affected::between(v(1, 86, 0, 0), v(1, 86, 3, 0)),
        ],
        when: Coordination,
        depends: Some("keys or teams have budgets and more than one replica runs"),
        reach: Any,
        happens: "Replicas that miss a counter of spend at the same time each add the database's sum \
            to it: the counter is a multiple of what was spent, and keys are refused with \
            BudgetExceededError.",
        cure: "Use LiteLLM 1.84.1, 1.85.1, 1.86.3, or 1.87.0 or newer.",
        references: &[Issue(28247), Pull(26459)],
        source: "SpendCounterReseed.coalesced, proxy/db/spend_counter_reseed.py: \
            redis_cache.async_increment(value=db_spend); fixed by SET NX in 1.84.1, 1.85.1, \
            1.86.3 and from 1.87.0.",
    },
    Defect {
        id: "LD34238",
        name: "end-user-budgets-restart-from-stale-spend",
        affected: &[Affected::between(v(1, 84, 0, 0), v(1, 96, 0, 0))],
        when: All(&[
            Coordination,
            AnyOf(&[
                Given("litellm_settings.max_end_user_budget"),
                Given("litellm_settings.max_end_user_budget_id"),
            ]),
        ]),
        depends: Some(SEVERAL),
        reach: Asked,
        happens: "The counter of an end user's spend is not read from the database when Redis has lost \
            it: a replica's stale value counts, and the budget is overrun.",
        cure: "Use LiteLLM 1.96.0 or newer.",
        references: &[Issue(34238)],
        source: "SpendCounterReseed.from_db, proxy/db/spend_counter_reseed.py: `spend:end_user:` \
            returns None; 1.96.0 reads LiteLLM_EndUserTable.",
    },
    Defect {
        id: "LD30684",
        name: "spend-counter-of-an-old-snapshot-is-believed",
        affected: &[Affected::between(v(1, 83, 0, 0), v(1, 90, 0, 0))],
        when: Coordination,
        depends: Some("Redis comes back from an old snapshot"),
        reach: Any,
        happens: "A Redis that restarts from an old snapshot brings back old, low sums of spend; they \
            are believed, and keys go past their budgets.",
        cure: "Use LiteLLM 1.90.0 or newer, or flush the counters (`spend:*`) after a restore.",
        references: &[Pull(30684)],
        source: "get_current_spend, proxy/proxy_server.py: returns the Redis value; 1.90.0 takes \
            max_budget and compares with the database.",
    },
    Defect {
        id: "LD33923",
        name: "fail-closed-budgets-let-requests-through",
        affected: &[Affected::between(v(1, 90, 0, 0), v(1, 95, 0, 0))],
        when: On("general_settings.fail_closed_budget_enforcement"),
        depends: None,
        reach: Asked,
        happens: "`fail_closed_budget_enforcement` refuses a request whose spend cannot be read, and \
            lets one through whose reservation cannot be written.",
        cure: "Use LiteLLM 1.95.0 or newer.",
        references: &[Issue(33923)],
        source: "reserve_budget_for_request, proxy/spend_tracking/budget_reservation.py: \
            _CounterReservationUnavailable is passed over; 1.95.0 asks \
            fail_closed_budget_enforcement.",
    },
    Defect {
        id: "LD33325",
        name: "model-budgets-are-read-per-replica",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 101, 0, 0))],
        when: Coordination,
        depends: Some("keys have `model_max_budget` and more than one replica runs"),
        reach: Any,
        happens: "`model_max_budget` of a key or end user is compared with what this replica remembers \
            before Redis is asked: each replica lets the budget through.",
        cure: "Use LiteLLM 1.101.0 or newer.",
        references: &[Issue(33325), Pull(39390)],
        source: "_PROXY_VirtualKeyModelMaxBudgetLimiter._get_virtual_key_spend_for_model, \
            proxy/hooks/model_max_budget_limiter.py: dual_cache.async_get_cache; 1.101.0 \
            redis_cache.async_get_cache.",
    },
    Defect {
        id: "LD36497",
        name: "every-replica-resets-budgets",
        affected: &[Affected::between(v(1, 61, 5, 0), v(1, 99, 0, 0))],
        when: All(&[Coordination, Not(&On("general_settings.disable_reset_budget"))]),
        depends: Some(SEVERAL),
        reach: Any,
        happens: "Every replica runs the job that resets budgets, all at the same minute: at the \
            boundary of a day the database and request latencies spike.",
        cure: "Use LiteLLM 1.99.0 or newer, where one replica holds a lock in Redis; or \
            `general_settings.disable_reset_budget: true` on all but one.",
        references: &[Pull(36497)],
        source: "ResetBudgetJob.reset_budget, proxy/common_utils/reset_budget_job.py: no lock; 1.99.0 \
            pod_lock_manager.acquire_lock.",
    },
];
