use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use deployment::environment::Lookup;

pub(super) static RULE: Rule = Rule {
    code: "RP221",
    name: "config-is-in-a-bucket",
    category: Category::Environment,
    severity: Severity::Hint,
    summary: "LiteLLM reads its config from a bucket, not from this file.",
    why: "Where LITELLM_CONFIG_BUCKET_NAME is set, LiteLLM reads the object that LITELLM_CONFIG_BUCKET_OBJECT_KEY \
        names, in S3 or in Google Cloud Storage, and not the file that `--config` names. A change of the file changes \
        nothing until it is uploaded.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG)
        .env("LITELLM_CONFIG_BUCKET_NAME=configs\nLITELLM_CONFIG_BUCKET_OBJECT_KEY=litellm.yaml\n"),
    fixed: Example::new(CONFIG),
    cases: &[
        raises(CONFIG)
            .env("LITELLM_CONFIG_BUCKET_NAME=configs\n")
            .severity(Severity::Error)
            .says(&["does not start", "LITELLM_CONFIG_BUCKET_OBJECT_KEY"]),
        // A name without a value is a name.
        raises(CONFIG)
            .env("LITELLM_CONFIG_BUCKET_NAME=\nLITELLM_CONFIG_BUCKET_OBJECT_KEY=litellm.yaml\n"),
        silent(CONFIG).env("LITELLM_CONFIG_BUCKET_OBJECT_KEY=litellm.yaml\n"),
    ],
    check,
};

/// `ProxyConfig.get_config`
fn check(context: &Context<'_>) -> Vec<Finding> {
    const NAME: &str = "LITELLM_CONFIG_BUCKET_NAME";
    const KEY: &str = "LITELLM_CONFIG_BUCKET_OBJECT_KEY";
    let Some(variable) = context.environment.get(NAME) else { return vec![] };
    if matches!(context.environment.lookup(KEY), Lookup::Absent) {
        let message = format!(
            "LiteLLM does not start: {NAME} has it read its config from a bucket, and {KEY} does not say which object."
        );
        let found = RULE.at(variable.span, message).severity(Severity::Error);
        return vec![found.help(format!("Set {KEY}, or unset {NAME}."))];
    }
    let message =
        format!("{NAME} is set: LiteLLM reads its config from a bucket, not from this file.");
    vec![RULE.at(variable.span, message).help(format!(
        "Keep the object that {KEY} names like this file: what is found here is of the file. Or unset {NAME}."
    ))]
}
