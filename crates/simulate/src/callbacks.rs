//! `callbacks`, `success_callback` and `failure_callback`: `initialize_callbacks_on_proxy` and
//! `get_instance_fn`, as far as the config alone decides.
//!
//! `file.name` is a Python file beside the config, which is taken to be there.

use facts::{Behaviour, Pair};
use python::{Data, PyResult, Stop, Value};

/// Every callback that some release knows by name: `_known_custom_logger_compatible_callbacks`, the names in
/// `initialize_callbacks_on_proxy`, and those of `generic_api_compatible_callbacks.json`.
const KNOWN: [&str; 78] = [
    "agentops",
    "anthropic_cache_control_hook",
    "aporia_prompt_injection",
    "argilla",
    "arize",
    "arize_phoenix",
    "aws_sqs",
    "azure_content_safety",
    "azure_sentinel",
    "azure_storage",
    "banned_keywords",
    "batch_redis_requests",
    "bedrock_vector_store",
    "bitbucket",
    "blocked_user_check",
    "braintrust",
    "clickhouse",
    "cloudzero",
    "code_interpreter_interception",
    "compression_interception",
    "datadog",
    "datadog_cost_management",
    "datadog_llm_observability",
    "datadog_metrics",
    "deepeval",
    "detect_prompt_injection",
    "dotprompt",
    "dynamic_rate_limiter",
    "dynamic_rate_limiter_v3",
    "focus",
    "galileo",
    "gcs_bucket",
    "gcs_pubsub",
    "generic_api",
    "gitlab",
    "google_text_moderation",
    "hide_secrets",
    "humanloop",
    "lago",
    "lakera_prompt_injection",
    "langfuse",
    "langfuse_otel",
    "langsmith",
    "langtrace",
    "levo",
    "litellm_agent",
    "literalai",
    "llamaguard_moderations",
    "llmguard_moderations",
    "logfire",
    "mavvrik",
    "mlflow",
    "newrelic",
    "openai_moderations",
    "openmeter",
    "opik",
    "otel",
    "pagerduty",
    "pointfive",
    "posthog",
    "presidio",
    "prometheus",
    "qualifire_eval",
    "ramp",
    "resend_email",
    "rubrik",
    "s3_v2",
    "sample_callback",
    "sendgrid_email",
    "signoz",
    "smtp_email",
    "sumologic",
    "ternary",
    "vantage",
    "vector_store_pre_call_hook",
    "weave_otel",
    "websearch_interception",
    "zerobus",
];

/// `initialize_callbacks_on_proxy(value)`: names that LiteLLM knows, and Python objects.
///
/// # Errors
/// What importing them raises.
pub(super) fn callbacks(pair: Pair, value: &Value) -> PyResult<()> {
    let known = |item: &Value| item.as_str().is_some_and(|name| KNOWN.contains(&name));
    match &value.data {
        Data::List(items) => items
            .iter()
            .filter(|item| !known(item))
            .try_for_each(|item| get_instance_fn(pair, item, true)),
        _ => get_instance_fn(pair, value, true),
    }
}

/// The loop over `success_callback` or `failure_callback`: a text gives its letters.
///
/// # Errors
/// What walking it, and importing a name with a dot, raise.
pub(super) fn of_outcome(pair: Pair, value: &Value) -> PyResult<()> {
    match &value.data {
        Data::None | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {
            let kind = value.type_name().unwrap_or("object");
            let message = format!("'{kind}' object is not iterable");
            Err(Stop::raise("TypeError", message).because_of(&value.origin))
        }
        Data::Str(text) if text.contains('.') => {
            let dot = Value::str(".", value.origin.clone());
            get_instance_fn(pair, &dot, pair.behaves(Behaviour::CallbacksBesideTheConfig))
        }
        Data::List(items) => items.iter().try_for_each(|item| match &item.data {
            Data::None | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {
                let kind = item.type_name().unwrap_or("object");
                let message = format!("argument of type '{kind}' is not iterable");
                Err(Stop::raise("TypeError", message).because_of(&item.origin))
            }
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

/// `get_instance_fn(value, config_file_path)`
///
/// # Errors
/// What importing it raises.
pub(super) fn get_instance_fn(pair: Pair, value: &Value, beside_the_config: bool) -> PyResult<()> {
    let names_files = pair.behaves(Behaviour::MissingCallbackFileIsNamed);
    let raise = |class: &str, message: &str| {
        Err(Stop::raise(class, message.to_owned()).because_of(&value.origin))
    };
    match &value.data {
        // No module comes before the name.
        Data::Str(name) if !name.contains('.') || &**name == "." => {
            if !beside_the_config || pair.behaves(Behaviour::CallbacksAreImportedToo) {
                raise("ValueError", "Empty module name")
            } else if names_files {
                raise("ImportError", "Could not find module file .py")
            } else {
                raise("FileNotFoundError", "[Errno 2] No such file or directory: '.py'")
            }
        }
        Data::Str(_) | Data::Unknown(_) => Ok(()),
        _ => Err(Stop::no_attribute(value, if names_files { "startswith" } else { "split" })),
    }
}
