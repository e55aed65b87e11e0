//! Names that LiteLLM gives a meaning of its own, and that are in no signature.

use crate::Behaviour;

/// Arguments that LiteLLM reads itself for Azure's IAM.
pub const AZURE: [&str; 4] =
    ["azure_redis_ad_token", "azure_client_id", "azure_tenant_id", "azure_client_secret"];
/// Arguments that LiteLLM reads itself for AWS's IAM.
pub const AWS: [&str; 5] = [
    "aws_iam_auth",
    "aws_iam_user_name",
    "aws_iam_cache_name",
    "aws_iam_region",
    "aws_iam_serverless",
];

/// The channels on which replicas with a database tell each other of changes, and what brought each:
/// `config_sync_pubsub.py`, `auth_cache_invalidation_pubsub.py`. With a namespace, it and `:` are before.
pub const CHANNELS: [(&str, Behaviour); 2] = [
    ("litellm_proxy.config_change", Behaviour::ConfigChangesArePublished),
    ("litellm_proxy.auth_cache_invalidation", Behaviour::KeyChangesArePublished),
];
/// The pattern of all of them, without a namespace.
pub const CHANNEL_PATTERN: &str = "litellm_proxy.*";

/// What brought a setting that LiteLLM reads itself and that redis-py does not know.
pub fn brought_by(name: &str) -> Option<Behaviour> {
    match name {
        "gcp_service_account" | "gcp_ssl_ca_certs" => Some(Behaviour::GcpIam),
        name if AZURE.contains(&name) => Some(Behaviour::AzureAd),
        name if AWS.contains(&name) => Some(Behaviour::AwsIam),
        _ => None,
    }
}

/// What LiteLLM sets itself, whatever the config says.
pub const MANAGED: [&str; 2] = ["self", "model_list"];
/// What it gives the router beside the settings; older releases take it from the settings too, and
/// Python refuses the second.
pub const GIVEN: [&str; 6] = [
    "assistants_config",
    "router_general_settings",
    "ignore_invalid_deployments",
    "fallback_access_check",
    "fallback_budget_check",
    "auto_router_capability_limit",
];

/// Whether the proxy gives the router this itself, on releases that know it: what `router_settings`
/// says of it is dropped, or Python refuses the second.
pub fn is_proxys_own(name: &str) -> bool {
    MANAGED.contains(&name) || GIVEN.contains(&name) || name == "search_tools"
}
