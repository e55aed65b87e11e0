use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP901",
    name: "deprecated-router-db",
    category: Category::Hints,
    severity: Severity::Hint,
    summary: "`router_settings.redis_db` is deprecated.",
    why: "LiteLLM 1.81.7 and newer take it with a warning in the log; older releases drop it. \
        `cache_kwargs: {db: …}` works on all of them.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
router_settings:
  redis_host: localhost
  redis_port: 6379
  redis_db: 1
",
    ),
    fixed: Example::new(
        r"
router_settings:
  redis_host: localhost
  redis_port: 6379
  cache_kwargs:
    db: 1
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let path = "router_settings.redis_db";
    let known = context.pair.litellm_data().router().is_some_and(|router| router.names("redis_db"));
    let Some(entry) = context.entry(path).filter(|entry| known && !entry.value.is_none()) else {
        return vec![];
    };
    let operations = [Operation::Move {
        path: path.to_owned(),
        to: "router_settings.cache_kwargs.db".to_owned(),
    }];
    let taken = context.entry("router_settings.cache_kwargs.db").is_some();
    let fix = (!taken)
        .then(|| context.fix("Move redis_db to cache_kwargs.db", Safety::Safe, &operations))
        .flatten();
    vec![
        RULE.at(entry.key.span(), "LiteLLM takes `redis_db` with a warning: it is deprecated.")
            .label("deprecated")
            .path(path)
            .help("Write `cache_kwargs: {db: …}`.")
            .fix(fix),
    ]
}
