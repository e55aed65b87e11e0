"""Changes that start-up does not show, and where the published wheels show them.

A reading names the release that brought a change, a file of the wheel and a pattern. What the pattern finds
in that file differs between the release and the one before.
"""

READINGS = []


def litellm(since, name, file, pattern):
    """`file` is below the package, or a path in the wheel whose `RELEASE` is the release."""
    path = file if "RELEASE" in file else f"litellm/{file}"
    READINGS.append({"name": name, "project": "litellm", "since": since, "file": path, "pattern": pattern})


def redis_py(since, name, file, pattern):
    READINGS.append({"name": name, "project": "redis", "since": since, "file": f"redis/{file}", "pattern": pattern})


redis_py("6.0.0", "clients-retry-connecting", "client.py", r"retries=\w+")
redis_py("8.0.0", "clients-retry-ten-times", "client.py", r"retries=\w+")

V3 = "proxy/hooks/parallel_request_limiter_v3.py"
PROXY = "proxy/proxy_server.py"

litellm("1.61.2", "pipelines-are-no-transactions", "caching/redis_cache.py", r"\.pipeline\(transaction=\w+\)")
litellm("1.61.9", "request-namespace", "caching/caching.py", r'dynamic_cache_control\.get\("namespace"\)')
# Before, a key that was missing ended the reading of all: only MGET's failure was logged.
litellm("1.61.11", "limits-are-read-together", "caching/redis_cache.py", r"_key_list = \[.*\]")
litellm("1.65.1", "spend-buffer", "proxy/db/redis_update_buffer.py", r'"use_redis_transaction_buffer"')
litellm("1.72.2.post1", "memory-ttl-is-read", "caching/in_memory_cache.py", r'time\.time\(\) \+ .*kwargs\["ttl"\]\)?')
litellm("1.74.0", "ssl-verify-is-parsed", "llms/custom_httpx/http_handler.py", r"def get_ssl_configuration")
litellm("1.75.5.post1", "processes-keep-copies", "caching/caching_handler.py", r"self\.dual_cache: .*|self\.dual_cache\.async_get_cache\(")
litellm("1.77.1", "limits-by-script", "proxy/hooks/__init__.py", r'"parallel_request_limiter": \w+')
litellm("1.78.0", "shared-health-check", PROXY, r'"use_shared_health_check"')
litellm("1.78.7", "cluster-takes-max-connections", "_redis.py", r'available_args\.append\("max_connections"\)')
litellm("1.80.17", "responses-are-cached", "types/caching.py", r'"a?responses"')
litellm("1.82.1", "spend-buffer-needs-redis", PROXY, r"def _validate_redis_transaction_buffer_config")
litellm("1.82.2", "memory-ttl-reaches-redis", "caching/dual_cache.py", r'kwargs\["ttl"\] = self\.default_in_memory_ttl')
litellm("1.82.6", "circuit-breaker", "caching/redis_cache.py", r"class RedisCircuitBreaker")
litellm("1.83.0", "spend-counters", PROXY, r"^spend_counter_cache = .*")
litellm("1.83.9", "lock-is-released-by-script", "proxy/db/db_transaction_queue/pod_lock_manager.py", r'_COMPARE_AND_DELETE_LOCK_SCRIPT = |redis\.call\("del", KEYS\[1\]\)')
litellm("1.84.0", "redis-auth-cache", PROXY, r"enable_redis_auth_cache: bool = \w+")
litellm("1.84.0", "limits-ask-for-the-time", V3, r"redis\.call\('TIME'\)$")
litellm("1.90.0", "spend-buffer-takes-environment", PROXY, r"def _get_transaction_buffer_redis_cache")
litellm("1.91.0", "scripts-heed-namespace", "caching/redis_cache.py", r"namespaced_keys = .*")
litellm("1.94.0", "parallel-requests-are-a-set", V3, r"redis\.call\('Z\w+'.*")
CHANNEL = r'^\w+_CHANNEL.* = ".*"|return f".*_CHANNEL.*"|(?:client|pipeline)\.publish\(|pubsub\.subscribe\('
litellm("1.96.0", "config-changes-are-published", "proxy/common_utils/config_sync_pubsub.py", CHANNEL)
litellm("1.97.0", "key-changes-are-published", "proxy/common_utils/auth_cache_invalidation_pubsub.py", CHANNEL)
litellm("1.97.0", "hiredis-is-required", "litellm-RELEASE.dist-info/METADATA", r"Requires-Dist: (?:.*\[.*hiredis.*\].*|hiredis.*)")
litellm("1.98.0", "messages-are-cached", "types/caching.py", r'"a?anthropic_messages"')
litellm("1.101.0", "circuit-breaker-timeouts", "caching/redis_cache.py", r"timeout_min_duration: float = .*")
litellm("1.101.0", "coordination-from-environment-alone", PROXY, r"async def _init_coordination_redis_env_fallback")
litellm("1.102.0", "spend-is-read-together", PROXY, r"batch: .*active_spend_counter_batch\(\)")
litellm("1.102.0", "least-busy-counts-by-script", "router_strategy/least_busy.py", r"increment_with_floor\(.*")
litellm("1.103.0", "limits-delete-old-windows", V3, r"redis\.call\('DEL'.*")
litellm("1.104.0", "master-key-is-checked", PROXY, r"^    enforce_master_key_boot_verdict,|^        enforce_master_key_boot_verdict\(")
litellm("1.105.0", "fail-closed-rate-limits", V3, r'.*"fail_closed_rate_limit_enforcement".*')
litellm("1.105.0", "sync-name-covers-responses", "caching/caching_handler.py", r"covering_call_types: .*")
litellm("1.109.0", "odd-variable-names-are-skipped", PROXY, r"Skipping an environment_variables key that is not a string")
litellm("1.108.0", "socket-timeout-default", "constants.py", r"REDIS_SOCKET_TIMEOUT.* = .*")
litellm("1.102.0", "includes-are-read-apart", PROXY, r"'include' must be a list of file paths")
litellm("1.100.0", "namespace-is-a-whole-word", "caching/redis_cache.py", r"not key\.startswith\(self\.namespace.*")
INSTANCES = "proxy/types_utils/utils.py"
litellm("1.74.4", "missing-callback-file-is-named", INSTANCES, r"Could not find module file")
litellm("1.84.0", "callbacks-beside-the-config", PROXY, r"get_instance_fn\(\s*value=callback.")
litellm("1.94.0", "callbacks-are-imported-too", INSTANCES, r"if .*os\.path\.exists\(module_file_path\)")
COOLDOWNS = "router_utils/cooldown_handlers.py"
litellm("1.98.0", "allowed-fails-by-more-errors", COOLDOWNS, r"or litellm_router_instance\.allowed_fails|\"InternalServerErrorAllowedFails\"")
litellm("1.101.0", "retries-by-more-errors", "types/router.py", r"^    (?:ServiceUnavailableErrorRetries|DefaultRetries)\b.*")
litellm("1.104.0", "retries-what-is-not-found", "types/router.py", r"^    NotFoundErrorRetries\b.*")
litellm("1.109.0", "allowed-fails-counts-as-written", COOLDOWNS, r"explicit_allowed_fails is not None")
litellm("1.74.7", "model-group-settings", PROXY, r'elif key == "model_group_settings":')
litellm("1.80.11", "alerting-is-searched", PROXY, r"# Ensure proxy_logging_obj\.alerting is set for all alerting types")
litellm("1.82.6", "audit-log-callbacks", PROXY, r'elif key == "audit_log_callbacks":')
litellm("1.90.0", "max-budget-is-a-number", PROXY, r'elif key == "max_budget":')
litellm("1.73.6.post1", "key-management-settings-moved", "types/secret_managers/main.py", r"^class KeyManagementSettings")
litellm("1.95.0", "budget-reset-time", PROXY, r"parse_budget_reset_time\(value\)")
litellm("1.100.0", "health-checks-by-model-group", PROXY, r"parse_background_health_check_model_groups\(general_settings\)")
litellm("1.106.0", "spend-logs-fields", PROXY, r'"spend_logs_metadata_fields": typed_general_settings')
litellm("1.70.0", "user-header-name", "proxy/litellm_pre_call_utils.py", r"Expected user_header_name to be a str")
litellm("1.109.0", "request-size-is-parsed", PROXY, r"MAX_REQUEST_SIZE_MB_SETTING\.validate_python")
redis_py("7.2.0", "connect-is-retried", "connection.py", r"check_health=True, retry_socket_connect=False")
