use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use deployment::Form;
use serving::MasterKey;
use serving::startup::{MASTER_KEY, Weakness};

pub(super) static RULE: Rule = Rule {
    code: "RP115",
    name: "master-key-is-refused",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "The proxy's master key is empty, missing, or one that everybody knows: LiteLLM does not start.",
    why: "From LiteLLM 1.104.0 on, the proxy looks at its master key once the config is loaded, and stops with an \
        `UnsafeMasterKeyError` where it is `sk-1234`, which LiteLLM's guides used to write, where it is empty, and \
        where there is none. `general_settings.master_key` counts alone where it is written, even as `null`; else \
        `LITELLM_MASTER_KEY` counts: that of the process alone where there is no `general_settings`, since it was read before \
        `environment_variables` was. `LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY=true`, or \
        `general_settings.dangerously_permit_weak_or_unset_master_key: true`, lets it start all the same: on your own \
        machine alone. Older releases start, and with no master key they serve everybody.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new("general_settings:\n  master_key: sk-1234\n"),
    fixed: Example::new("general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n")
        .env("LITELLM_MASTER_KEY=sk-9f2c7b1d4e8a\n"),
    cases: &[
        raises("general_settings:\n  master_key: \" sk-1234 \"\n")
            .on("1.104.0", "5.3.1")
            .severity(Severity::Error)
            .path("general_settings.master_key"),
        silent("general_settings:\n  master_key: sk-1234\n").on("1.103.0", "5.3.1"),
        silent("general_settings:\n  master_key: sk-12345\n"),
        raises("general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n")
            .env("LITELLM_MASTER_KEY=sk-1234\n")
            .severity(Severity::Error),
        raises("litellm_settings:\n  drop_params: true\n")
            .env("LITELLM_MASTER_KEY=sk-1234\n")
            .severity(Severity::Error),
        raises("litellm_settings:\n  drop_params: true\n").env("LITELLM_MASTER_KEY=\n").says(&["empty"]),
        // What is written counts alone.
        raises("general_settings:\n  master_key:\n")
            .env("LITELLM_MASTER_KEY=sk-9f2c7b1d4e8a\n")
            .says(&["no master key"])
            .severity(Severity::Error),
        raises("general_settings:\n  master_key: os.environ/KEY\n")
            .env("LITELLM_MASTER_KEY=sk-9f2c7b1d4e8a\n")
            .says(&["KEY"])
            .severity(Severity::Warning),
        // Nothing reads it once more without `general_settings`.
        raises("environment_variables:\n  LITELLM_MASTER_KEY: sk-9f2c7b1d4e8a\n").env("LITELLM_MASTER_KEY=sk-1234\n"),
        silent("environment_variables:\n  LITELLM_MASTER_KEY: sk-1234\n").env("LITELLM_MASTER_KEY=sk-9f2c7b1d4e8a\n"),
        silent("general_settings:\n  master_key: sk-1234\n")
            .env("LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY=true\n"),
        silent(
            "general_settings:\n  master_key: sk-1234\n  dangerously_permit_weak_or_unset_master_key: true\n",
        ),
        silent("general_settings:\n  master_key: os.environ/KEY\n").from_secret(&["KEY"]),
        silent("general_settings:\n  key_management_system: aws_secret_manager\n"),
        silent("litellm_settings:\n  drop_params: true\n"),
        raises("litellm_settings:\n  drop_params: true\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: {OPENAI_API_KEY: x}\n")
            .says(&["LITELLM_MASTER_KEY"])
            .severity(Severity::Warning),
        silent("litellm_settings:\n  drop_params: true\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: {REDIS_HOST: localhost}\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(MasterKey::Refused { weakness, origin, unless }) =
        context.serving().map(|serving| &serving.master_key)
    else {
        return vec![];
    };
    let path = "general_settings.master_key";
    let entry = context.entry(path);
    let written = entry.and_then(|entry| entry.value.as_str());
    let reference = written.and_then(|text| text.strip_prefix("os.environ/"));
    let chart = context.container.is_some_and(|container| container.form == Form::Helm);
    let what = match weakness {
        Weakness::PubliclyKnown => "the master key is one that everybody knows".to_owned(),
        Weakness::NotText => "the master key is not text".to_owned(),
        Weakness::Empty => "the master key is empty".to_owned(),
        // A chart sets the variable that its own config names.
        Weakness::NotSet if chart || entry.is_none() && !is_described(context) => return vec![],
        Weakness::NotSet => match reference {
            Some(name) => format!("`{name}` is not set, so that there is no master key"),
            None => "there is no master key".to_owned(),
        },
    };
    let until = match unless {
        Some(name) => format!(", unless {name} is `true`, {}", context.environment.whence(name)),
        None => String::new(),
    };
    let message = format!("LiteLLM does not start: {what}{until}.");
    // A variable that the files do not set may be set elsewhere.
    let missing = *weakness == Weakness::NotSet && (entry.is_none() || reference.is_some());
    let severity = if missing || unless.is_some() { Severity::Warning } else { Severity::Error };
    let span = origin.as_ref().and_then(|origin| context.span_of(origin));
    let span = span.or_else(|| entry.map(|entry| entry.value.span().or(entry.key.span()))?);
    let span = span.or_else(|| context.container?.span);
    let found = RULE.at(span, message).label("refused").severity(severity);
    let found = if entry.is_some() { found.path(path) } else { found };
    let help = match (entry.is_some(), reference) {
        (true, None) => format!(
            "Write `master_key: os.environ/{MASTER_KEY}`, and set {MASTER_KEY} to `sk-` and what `openssl rand -hex 32` prints."
        ),
        (_, name) => format!(
            "Set {} to `sk-` and what `openssl rand -hex 32` prints.",
            name.unwrap_or(MASTER_KEY)
        ),
    };
    vec![found.help(help)]
}

/// Whether files say what runs the proxy, and more of its environment than where its Redis is: of an excerpt nothing is known.
fn is_described(context: &Context<'_>) -> bool {
    let of_the_proxy = |name: &str| {
        name == "DATABASE_URL" || name.starts_with("LITELLM_") || name.ends_with("_API_KEY")
    };
    context.container.is_some() && context.environment.iter().any(|(name, _)| of_the_proxy(name))
}
