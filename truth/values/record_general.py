"""Records what the proxy makes of values in `general_settings`: `record_general.py RELEASE…`. See README.md."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "startup"))

from record import process  # noqa: E402

from kept import keep  # noqa: E402

FIRST = ["x", True, -1, {"x": 1}]
# Asked where one of the first does something.
MORE = ["2", "", False, 0, 2, 1.5, [], ["x"], {}]
# What touches Redis, caches, limits and the router, and what start-up or each request asks for.
NAMES = (
    "use_redis_transaction_buffer enable_redis_auth_cache user_api_key_cache_ttl user_api_key_cache_max_size "
    "max_parallel_requests global_max_parallel_requests max_request_size_mb max_response_size_mb token_rate_limit_type "
    "fail_closed_rate_limit_enforcement fail_closed_budget_enforcement disable_retry_on_max_parallel_request_limit_error "
    "infer_model_from_keys background_health_checks background_health_check_model_groups health_check_interval "
    "health_check_concurrency health_check_details enable_health_check_routing health_check_staleness_threshold "
    "health_check_ignore_transient_errors use_shared_health_check model_list_healthy_only "
    "proxy_budget_rescheduler_min_time proxy_budget_rescheduler_max_time proxy_batch_write_at proxy_batch_polling_interval "
    "proxy_config_reload_interval_seconds disable_spend_logs disable_budget_reservation allow_requests_on_db_unavailable "
    "alerting alerting_threshold alert_types alerting_args alert_to_webhook_url alert_type_config "
    "pass_through_endpoints allowed_routes public_routes admin_only_routes allowed_ips enforced_params enforce_user_param "
    "ui_access_mode key_management_system key_management_settings store_model_in_db supported_db_objects litellm_jwtauth "
    "role_permissions spend_logs_metadata_fields control_plane_url team_metadata_schema tracing trusted_proxy_ranges "
    "mcp_advertised_versions mcp_disabled_capabilities plugins litellm_key_header_name max_in_flight_requests_per_worker "
    "max_queued_requests_per_worker admission_queue_timeout_seconds user_header_name user_header_mappings custom_auth "
    "database_connection_pool_limit database_url search_tools include_call_id_in_error_body forward_client_headers_to_llm_api"
).split()


def asked(child, name, values):
    child.stdin.write(json.dumps({"name": name, "values": values}) + "\n")
    child.stdin.flush()
    found = json.loads(child.stdout.readline())
    return [[value, answer] for value, answer in zip(values, found) if answer]


def record(release):
    with process(release, "5.3.1", HERE / "general.py") as child:
        about = json.loads(child.stdout.readline())
        answers = {}
        for name in NAMES:
            kept = asked(child, name, FIRST)
            if kept:
                answers[name] = kept + asked(child, name, MORE)
        child.stdin.close()
    return {"usual": about["usual"], "values": answers}


keep("general.json", record, sys.argv[1:])
