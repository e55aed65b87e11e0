use super::case::{raises, silent};
use super::file_is_not_mounted::fault;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::{Data, Value};

pub(super) static RULE: Rule = Rule {
    code: "RP727",
    name: "module-is-not-mounted",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "The config names a Python module that is not in the container.",
    why: "LiteLLM loads `my_module.my_instance` of `callbacks`, `custom_auth` and the like from `my_module.py` beside \
        the config, and stops with `ImportError: Could not import my_instance from my_module` where it is not there. A \
        mount of the config alone does not bring it.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  callbacks: custom_callbacks.proxy_handler_instance
";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
    command: [--config, /app/config.yaml]
    volumes: [./config.yaml:/app/config.yaml]
",
    ),
    fixed: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
    command: [--config, /app/config.yaml]
    volumes: [./config.yaml:/app/config.yaml, ./custom_callbacks.py:/app/custom_callbacks.py]
",
    ),
    cases: &[
        raises("general_settings: {custom_auth: my_auth.check}\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: [--config, /etc/litellm/config.yaml]\n    volumes: [./config.yaml:/etc/litellm/config.yaml]\n")
            .says(&["my_auth", "/etc/litellm/my_auth.py"]),
        // The whole folder may hold it; so may an image of one's own.
        silent(CONFIG)
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: [--config, /config/config.yaml]\n    volumes: [./:/config]\n"),
        silent(CONFIG)
            .beside("services:\n  litellm:\n    image: registry.example.com/litellm:v1.109.1\n    command: [--config, /app/config.yaml]\n    volumes: [./config.yaml:/app/config.yaml]\n"),
        // Python looks elsewhere, too.
        silent(CONFIG)
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: [--config, /app/config.yaml]\n    environment: {PYTHONPATH: /modules}\n    volumes: [./config.yaml:/app/config.yaml, ./modules:/modules]\n"),
        // LiteLLM's own, and words without a module.
        silent("litellm_settings: {success_callback: [langfuse, litellm.integrations.datadog.datadog.DataDogLogger]}\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: [--config, /app/config.yaml]\n    volumes: [./config.yaml:/app/config.yaml]\n"),
    ],
    check,
};

/// What `get_instance_fn` is called with, on 1.80.7 and on 1.109.3.
const SETTINGS: [&str; 7] = [
    "litellm_settings.callbacks",
    "litellm_settings.success_callback",
    "litellm_settings.failure_callback",
    "litellm_settings.post_call_rules",
    "general_settings.custom_auth",
    "general_settings.custom_key_generate",
    "general_settings.custom_sso",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(container) = context.container.filter(|container| container.whole) else {
        return vec![];
    };
    let config = container.config.as_ref().map(|config| config.target.as_str());
    let folder = config.and_then(|target| target.rsplit_once('/')).map(|(folder, _)| folder);
    let Some(folder) = folder.filter(|folder| folder.is_empty() || folder.starts_with('/')) else {
        return vec![];
    };
    if context.environment.get("PYTHONPATH").is_some() {
        return vec![];
    }
    let mut found = vec![];
    for path in SETTINGS {
        let Some(value) = context.value(path) else { continue };
        let one = std::slice::from_ref(value);
        for named in value.as_list().unwrap_or(one) {
            let Some((module, instance)) = module(named) else { continue };
            // Newer releases import what is not beside the config, from the image's folder too.
            let places = [format!("{folder}/{module}.py"), format!("/app/{module}.py")];
            let missing = places.iter().all(|place| fault(container, place).is_some());
            if !missing {
                continue;
            }
            let [place, _] = &places;
            let message = format!(
                "LiteLLM does not start: ImportError: Could not import {instance} from {module}. No mount brings {place}."
            );
            let finding = RULE.at(context.span_of(&named.origin), message).path(path);
            found.push(
                finding
                    .label("in a module that is not there")
                    .related(container.span, "what runs LiteLLM")
                    .help(format!("Mount {module}.py beside the config, at {place}.")),
            );
        }
    }
    found
}

/// The module and the instance of `my_module.my_instance`, where that is nobody's package.
fn module(value: &Value) -> Option<(&str, &str)> {
    let Data::Str(text) = &value.data else { return None };
    let (module, instance) = text.rsplit_once('.')?;
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    (is_name(module) && is_name(instance) && module != "litellm").then_some((module, instance))
}
