use super::context::reference;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use deployment::environment::Lookup;

pub(super) static RULE: Rule = Rule {
    code: "RP105",
    name: "reference-is-unset",
    category: Category::Environment,
    aspects: &[Aspect::Connects],
    severity: Severity::Error,
    summary: "A Redis setting names an environment variable that is not set.",
    why: "`os.environ/NAME` becomes `None` when the variable is not set. LiteLLM goes on as if the \
        key were not there: without a host it does not start, without a password it does not \
        authenticate, without `ssl` it speaks plaintext.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_MASTER
    port: 6379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_MASTER
    port: 6379
",
    )
    .env("REDIS_MASTER=localhost\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, key, entry) in context.redis_settings() {
        let Some(name) = reference(&entry.value) else { continue };
        if !matches!(context.environment.lookup(name), Lookup::Absent) {
            continue;
        }
        let message =
            format!("{name} is not set, so LiteLLM reads `{key}` as if it were not there.");
        let diagnostic = RULE
            .at(entry.value.span(), message)
            .label("not set")
            .path(format!("{section}.{key}"))
            .help(format!("Set {name} where LiteLLM runs, or write the value here."));
        found.push(diagnostic);
    }
    found
}
