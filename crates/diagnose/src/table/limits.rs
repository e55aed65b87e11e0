//! What LiteLLM answers when a budget, a limit or a deployment is used up: refusals that a client
//! sees, and that may come from a counter which is wrong.

use super::{cause, defect, litellm};
use crate::{Entry, When};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "budget-exceeded",
        "A budget is used up",
        &[
            litellm("Budget has been exceeded!", "litellm/exceptions.py BudgetExceededError").seen("1.60.0", "1.110.2"),
            litellm("BudgetExceededError", "litellm/exceptions.py").seen("1.60.0", "1.110.2"),
            litellm("ExceededBudget:", "litellm/proxy/auth/auth_checks.py").seen("1.60.0", "1.110.2"),
            litellm("over budget. Spend=", "litellm/proxy/auth/auth_checks.py").seen("1.60.0", "1.110.2"),
        ],
        "The counter of spend that LiteLLM compares with says so: that of the coordination Redis from 1.83 on, this process's own where there is none. It can differ from what `/key/info` reads in the database.",
        &[
            defect("LD28247"),
            defect("LD30002"),
            defect("LD26829"),
            cause(When::NoClient, "There is no Redis: each process counts for itself, and reads the database anew only now and then.", "Give the proxy a coordination Redis where more than one process runs."),
            cause(When::Always, "The budget is spent; or requests that are under way have reserved what is left of it.", "Compare `GET /key/info` with `redis-cli GET spend:key:HASH`. Where they differ for long, delete the counter: the next request reads the database."),
        ],
        "`GET /key/info` beside the counter `spend:key:…` (`spend:team:…`, `spend:user:…`) in Redis.",
    ),
    Entry::new(
        "rate-limit-exceeded",
        "A rate limit is used up",
        &[
            litellm("Rate limit exceeded for ", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.74.9", "1.110.2"),
            litellm("Limit type: {}. Current limit:", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.77.7", "1.110.2"),
            litellm("Max parallel request limit reached", "litellm/proxy/hooks/parallel_request_limiter.py").seen("1.60.0", "1.110.2"),
            litellm("Crossed TPM / RPM / Max Parallel Request Limit", "litellm/proxy/hooks/parallel_request_limiter.py").seen("1.61.20", "1.110.2"),
            litellm("LiteLLM Rate Limit Handler for rate limit type", "litellm/proxy/hooks/parallel_request_limiter.py").seen("1.60.0", "1.110.2"),
        ],
        "A key, user, team or model has used its requests, tokens or parallel slots, by the counters in the coordination Redis, or in this process where there is none.",
        &[
            defect("LD17323"),
            defect("LD30020"),
            defect("LD32441"),
            defect("LD39309"),
            defect("LD8639"),
            defect("LD35533"),
            cause(When::NoClient, "There is no Redis: each process holds the limit for itself, and all together let a multiple through.", "Give the proxy a coordination Redis where more than one process runs."),
            cause(When::Always, "The limit is reached.", "Wait for the time in the text, or raise the limit. A slot that is never freed shows in `redis-cli KEYS '*max_parallel_requests*'`: delete the key."),
        ],
        "The limit's type in the text, and its counter in Redis: `{api_key:…}:tokens`, `:requests`, `:max_parallel_requests`.",
    ),
    Entry::new(
        "no-deployment-available",
        "The router has no deployment left",
        &[
            litellm("No deployments available for selected model", "litellm/types/router.py RouterErrors").seen("1.60.0", "1.110.2"),
            litellm("No deployments available - crossed budget", "litellm/types/router.py RouterErrors").seen("1.60.0", "1.110.2"),
            litellm("Deployment over defined", "litellm/types/router.py RouterErrors").seen("1.60.0", "1.110.2"),
        ],
        "All deployments of the model are cooling down, or over their `rpm`, `tpm` or budget, by what this process and the router's Redis know.",
        &[
            defect("LD8430"),
            defect("LD27736"),
            defect("LD35104"),
            defect("LD40025"),
            cause(When::Always, "The deployments failed or are used up: `cooldown_list` in the text names those that cool down.", "Look for the errors before it; raise `rpm` and `tpm`, or set `allowed_fails` and `cooldown_time`."),
        ],
        "`cooldown_list` and `pre-call-checks` in the text; in Redis `deployment:ID:cooldown` and the router's usage keys.",
    ),
    Entry::new(
        "limiter-goes-on-without-redis",
        "A limiter goes on without Redis",
        &[
            litellm("parallel_count_script failed, using local mirror", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.97.0", "1.110.2"),
            litellm("on cross-descriptor rollback", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.85.0", "1.101.0"),
            litellm("Error in dynamic rate limiter", "litellm/proxy/hooks/dynamic_rate_limiter_v3.py").seen("1.77.7", "1.110.2"),
            litellm("Error checking saturation for", "litellm/proxy/hooks/dynamic_rate_limiter_v3.py").seen("1.77.7", "1.110.2"),
            litellm("dynamic_rate_limiter.py::async_set_cache_sadd(): Exception occured", "litellm/proxy/hooks/dynamic_rate_limiter.py").seen("1.60.0", "1.110.2"),
            litellm("dynamic_rate_limiter.py::check_available_usage: Exception occurred", "litellm/proxy/hooks/dynamic_rate_limiter.py").seen("1.60.0", "1.110.2"),
            litellm("redis batch settled hook failed", "litellm/caching/redis_batch.py").seen("1.105.0", "1.110.2"),
        ],
        "The counters could not be read or written in Redis: this process goes on with its own, or lets the request through.",
        &[cause(When::Always, "Redis refused the script or its commands, or did not answer.", "Look at the reason that follows; `redproof probe` tries each command.")],
        "The text after it, or the traceback below it.",
    )
    .envelope(),
    Entry::new(
        "budget-is-not-counted",
        "What a request cost is not counted",
        &[litellm("ValueError: custom_llm_provider is required", "litellm/router_strategy/budget_limiter.py RouterBudgetLimiting.async_log_success_event, as a traceback ends")],
        "The router's budgets look for the provider of a request that was answered, and do not find it: the request counts for no provider, deployment or tag.",
        &[
            defect("LD32180"),
            cause(When::Always, "Another part of LiteLLM asks for the provider: files and batches that name none.", "Look at the file in the line above; name the model with its provider."),
        ],
        "The file in the line above: `budget_limiter.py` is the router's budgets.",
    ),
    Entry::new(
        "budget-is-not-reserved",
        "A request is let through without a reservation in its budget",
        &[
            litellm("Skipping budget reservation", "litellm/proxy/spend_tracking/budget_reservation.py").seen("1.85.0", "1.110.2"),
        ],
        "What a request may cost is taken from the budget before it runs, in a counter in Redis. The counter could not be read or raised: the request runs, and is counted when it ends.",
        &[cause(When::Always, "Redis refused the command, or did not answer.", "Look at the reason that follows, or at the errors before it; `redproof probe` tries each command.")],
        "The traceback below it.",
    )
    .envelope(),
];
