use serde_json::json;

use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use simulate::outcome::Raise;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP107",
    name: "cache-is-not-a-boolean",
    category: Category::ClientFails,
    aspects: &[Aspect::Connects, Aspect::Cached],
    severity: Severity::Error,
    summary: "`litellm_settings.cache` is neither true nor false.",
    why: "LiteLLM builds its cache only for the boolean `true`. Anything else, the text \"true\" too, \
        is put in the cache's place as it is, and what uses the cache then fails with \
        `object has no attribute 'cache'`.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r#"
litellm_settings:
  cache: "true"
"#,
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: local
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(exception) =
        context.startup_exception().filter(|exception| exception.reason == Raise::NotACache)
    else {
        return vec![];
    };
    let path = "litellm_settings.cache";
    let span = context.value(path).and_then(python::Value::span);
    let message = format!(
        "LiteLLM starts with this in the cache's place, and every use of the cache fails: {exception}"
    );
    let set = Operation::Set { path: path.to_owned(), value: json!(true) };
    let found = RULE.at(span, message).label("neither true nor false").path(path);
    vec![found.help("Write `true`, without quotes.").fix(context.fix(
        "Write cache: true",
        Safety::Safe,
        &[set],
    ))]
}
