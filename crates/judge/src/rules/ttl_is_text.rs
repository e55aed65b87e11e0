use super::case::{raises, silent};
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use python::Origin;
use serving::caching::{Kept, Store};

pub(super) static RULE: Rule = Rule {
    code: "RP803",
    name: "ttl-is-text",
    category: Category::Reliability,
    aspects: &[Aspect::Cached],
    severity: Severity::Warning,
    summary: "A time to live is text that is not a number of seconds.",
    why: "LiteLLM takes `int(ttl)` for Redis: where that fails, as for `10m` or `77.9`, the default of 60 seconds \
        counts, without a word. For the copy in each process it takes `float(ttl)`: where that fails, the copy is \
        kept for good, and Redis never gets the answer. A number in quotes works.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r#"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    ttl: "10m"
"#,
    )
    .refused_by_schema(),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    ttl: 600
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, ttl: 10m}}\n")
            .says(&["no replica finds it", "could not convert"])
            .severity(Severity::Error),
        // Before processes kept copies.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, ttl: 10m}}\n")
            .on("1.75.0", "5.2.1")
            .says(&["60 seconds"])
            .severity(Severity::Warning),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, ttl: '77.9'}}\n")
            .says(&["60 seconds"])
            .severity(Severity::Warning),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, ttl: os.environ/TTL}}\n")
            .env("TTL=1h\n")
            .severity(Severity::Error),
        raises("litellm_settings: {cache: true, cache_params: {type: local, ttl: 10m}}\n")
            .says(&["for good"]),
        // Before 1.72.2.post1, no text is read as a number.
        raises("litellm_settings: {cache: true, cache_params: {type: local, ttl: '600'}}\n")
            .on("1.71.1", "5.2.1")
            .says(&["for good", "'float' and 'str'"]),
        silent("litellm_settings: {cache: true, cache_params: {type: local, ttl: '600'}}\n")
            .on("1.72.3", "5.2.1"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, ttl: '600'}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, ttl: os.environ/TTL}}\n")
            .env("TTL=600\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(caching) = context.serving().map(|serving| &serving.caching) else { return vec![] };
    let raised = |kept: &Kept| match kept {
        Kept::Raises(exception) => Some(exception.clone()),
        _ => None,
    };
    let found = match caching.store {
        Store::Memory => raised(&caching.lifetime.kept).map(|exception| {
            let message = format!("This time is not a number of seconds: each process keeps answers for good ({exception}).");
            (&caching.lifetime.origin, Severity::Warning, message)
        }),
        Store::Redis => {
            let refused = caching.lifetime.refused.as_ref();
            let copy = caching.memory.as_ref();
            let copy = copy.and_then(|copy| Some((&copy.origin, raised(&copy.kept)?)));
            match (refused, copy, &caching.lifetime.kept) {
                (Some(_), Some((origin, exception)), _) => {
                    let message = format!(
                        "This time is not a number of seconds: the process that got an answer keeps it for good, Redis \
                         never gets it, and no replica finds it ({exception})."
                    );
                    Some((origin, Severity::Error, message))
                }
                (Some(origin), None, Kept::Seconds(seconds)) => {
                    let message = format!("This time is not a whole number: Redis keeps answers for {seconds} seconds.");
                    Some((origin, Severity::Warning, message))
                }
                _ => None,
            }
        }
        _ => None,
    };
    let found =
        found.map(|(origin, severity, message)| at(context, origin, message).severity(severity));
    found.into_iter().collect()
}

fn at(context: &Context<'_>, origin: &Origin, message: String) -> Finding {
    let span = context.span_of(origin);
    let found = RULE.at(span, message).label("not a number of seconds");
    placed(context, found.help("Write the number of seconds."), span)
}
