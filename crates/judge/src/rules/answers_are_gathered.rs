use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use serving::caching::{Kept, Write};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP806",
    name: "answers-are-gathered",
    category: Category::Reliability,
    aspects: &[Aspect::Cached],
    severity: Severity::Warning,
    summary: "`redis_flush_size` keeps answers out of Redis until so many have gathered.",
    why: "Without `redis_flush_size`, each answer is written at once. With it, answers wait in the memory of the \
        process that made them, and no process serves them meanwhile: at low traffic the cache is of no use. \
        When they are written, the configured `ttl` is not: each is kept for the default, 60 seconds. \
        Flushes that overlap write the same answers again.",
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
    ttl: 600
    redis_flush_size: 10
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ttl: 600
",
    ),
    cases: &[
        raises("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n    ttl: 600\n    redis_flush_size: 10\n")
            .says(&["until 10", "`ttl` does not count", "60"])
            .path("litellm_settings.cache_params.redis_flush_size")
            .fixed("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n    ttl: 600\n"),
        raises("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n    redis_flush_size: 10\n")
            .says_not(&["`ttl`"]),
        silent("litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n    redis_flush_size: 10\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(caching) = context.serving().map(|serving| &serving.caching) else {
        return vec![];
    };
    let Write::Gathered { size, origin } = &caching.write else {
        return vec![];
    };
    let path = "litellm_settings.cache_params.redis_flush_size";
    let ttl = ["ttl", "default_in_redis_ttl"]
        .into_iter()
        .find(|name| context.value(&format!("litellm_settings.cache_params.{name}")).is_some());
    let kept = match (ttl, &caching.lifetime.kept) {
        (Some(name), Kept::Seconds(seconds)) => {
            format!(" `{name}` does not count: each is kept for {seconds} seconds.")
        }
        _ => String::new(),
    };
    if *size <= 1 && kept.is_empty() {
        return vec![];
    }
    let message = format!(
        "Answers wait in each process until {size} have gathered, and none of them is served before.{kept}"
    );
    let remove = Operation::Remove { path: path.to_owned() };
    let fix = context.fix("Remove redis_flush_size", Safety::Unsafe, &[remove]);
    let span = context.span_of(origin);
    let found = RULE.at(span, message).label("gathered").path(path);
    vec![found.help("Remove `redis_flush_size`: each answer is then written at once.").fix(fix)]
}
