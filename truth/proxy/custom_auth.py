"""Keys without a database: LiteLLM's `custom_auth` gives each key of the scenarios its limits.

Copied beside each scenario's config as `custom_auth.py`, where LiteLLM imports it.
"""

from litellm.proxy._types import UserAPIKeyAuth

KEYS = {
    "sk-free": {},
    "sk-rpm": {"rpm_limit": 3},
    "sk-tpm": {"tpm_limit": 1000},
    "sk-parallel": {"max_parallel_requests": 5},
    "sk-user": {"user_id": "user-1", "user_rpm_limit": 3, "user_tpm_limit": 1000},
    "sk-team": {"team_id": "team-1", "team_rpm_limit": 3, "team_tpm_limit": 1000},
    "sk-model": {"metadata": {"model_rpm_limit": {"m": 3}, "model_tpm_limit": {"m": 1000}}},
    "sk-budget": {"max_budget": 10.0, "spend": 0.0, "user_id": "user-2", "team_id": "team-2"},
    "sk-no-cache": {"metadata": {"cache": {"no-cache": True}}},
    "sk-no-store": {"metadata": {"cache": {"no-store": True}}},
}


async def user_api_key_auth(request, api_key: str) -> UserAPIKeyAuth:
    if api_key not in KEYS:
        raise Exception("unknown key")
    return UserAPIKeyAuth(api_key=api_key, **KEYS[api_key])
