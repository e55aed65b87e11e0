use super::{Check, Context, Example, other_releases};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::catalogue::{self, Section};

pub(super) static RULE: Rule = Rule {
    code: "RP208",
    name: "unknown-redis-variable",
    category: Category::Environment,
    severity: Severity::Warning,
    summary: "LiteLLM reads no variable of this name.",
    why: "LiteLLM reads `REDIS_` with the name of a redis-py argument in capitals, and a few names \
        of its own. Other `REDIS_*` variables have no effect, however much they look like it.",
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
    host: localhost
    port: 6379
",
    )
    .env("REDIS_GCP_IAM_SERVICE_ACCOUNT=projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.outcome.clients.is_empty() && context.starts() {
        return vec![];
    }
    let signature = &context.pair.redis_py_data().redis();
    let mut found = Vec::new();
    for (name, variable) in context.environment.iter() {
        let upper = name.to_ascii_uppercase();
        let Some(argument) = upper.strip_prefix("REDIS_") else { continue };
        let argument = argument.to_ascii_lowercase();
        let field = catalogue::find_variable(&upper);
        let known = argument == "url" || signature.names(&argument) || field.is_some();
        let referenced = context
            .sources
            .first()
            .is_some_and(|source| source.text.contains(&format!("os.environ/{name}")));
        let elsewhere = field.and_then(|field| other_releases::of_field(field, context.pair));
        if (known && name == upper && elsewhere.is_none()) || referenced {
            continue;
        }
        let meant = catalogue::meant(name, Section::Environment, context.pair);
        let message = format!("LiteLLM does not read {name}.");
        let diagnostic = RULE.at(variable.span, message).label("has no effect");
        found.push(match (elsewhere, meant) {
            (Some(elsewhere), _) => diagnostic.help(elsewhere),
            (None, _) if known => diagnostic.help(format!("Set {upper}: names are in capitals.")),
            (None, Some(meant)) => diagnostic.help(format!("Set {meant} instead.")),
            (None, None) => diagnostic,
        });
    }
    found
}
