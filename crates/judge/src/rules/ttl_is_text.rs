use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use python::Data;

pub(super) static RULE: Rule = Rule {
    code: "RP803",
    name: "ttl-is-text",
    category: Category::Reliability,
    aspects: &[Aspect::Cached],
    severity: Severity::Warning,
    summary: "A time to live comes from the environment, and so is text.",
    why: "What `os.environ/NAME` gives is text. LiteLLM does arithmetic with the `ttl` of its memory \
        cache, which fails with a `TypeError` on each use. Write the number into the config.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: local
    ttl: os.environ/CACHE_TTL
",
    )
    .env("CACHE_TTL=600\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: local
    ttl: 600
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for name in ["ttl", "default_in_memory_ttl", "default_in_redis_ttl"] {
        let path = format!("litellm_settings.cache_params.{name}");
        let Some(entry) = context.entry(&path) else { continue };
        if let Data::Str(_) = entry.value.data {
            let message = format!("`{name}` is text to LiteLLM, not a number.");
            found.push(
                RULE.at(entry.value.span(), message)
                    .label("text")
                    .path(path)
                    .help("Write the number of seconds here, without quotes."),
            );
        }
    }
    found
}
