use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use simulate::outcome::Raise;

pub(super) static RULE: Rule = Rule {
    code: "RP106",
    name: "unknown-cache-type",
    category: Category::DoesNotStart,
    aspects: &[Aspect::Connects, Aspect::Cached],
    severity: Severity::Error,
    summary: "The cache type is not one that this LiteLLM release has: it does not start.",
    why: "Older releases fail with `'Cache' object has no attribute 'cache'`, which says nothing of \
        the type; newer ones name it. `disk` was removed in 1.109.0.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: disk
",
    )
    .refused_by_schema(),
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
        context.startup_exception().filter(|exception| exception.reason == Raise::UnknownCacheType)
    else {
        return vec![];
    };
    let path = "litellm_settings.cache_params.type";
    let span = context.value(path).and_then(python::Value::span);
    let types = context.pair.litellm_data().cache_types().join(", ");
    let message = format!("LiteLLM does not start: {exception}");
    let found = RULE.at(span, message).label("not a cache type of this release").path(path);
    vec![found.help(format!("Use one of {types}."))]
}
