use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use serving::Buffer;

pub(super) static RULE: Rule = Rule {
    code: "RP114",
    name: "transaction-buffer-lacks-redis",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "`use_redis_transaction_buffer` is on and there is no Redis: LiteLLM does not start.",
    why: "With `general_settings.use_redis_transaction_buffer`, spend waits in Redis for the database. From 1.82.1 on, \
        the proxy stops right after it has loaded its config where no Redis is there for it: neither that of the cache, \
        nor `coordination_redis`, nor, from 1.90.0 on, one that `REDIS_*` name. Before, spend was lost without a word.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
general_settings:
  use_redis_transaction_buffer: true
",
    ),
    fixed: Example::new(
        r"
general_settings:
  use_redis_transaction_buffer: true
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[
        raises(
            r"
general_settings:
  use_redis_transaction_buffer: true
litellm_settings:
  cache: true
  cache_params:
    type: local
",
        )
        .on("1.82.1", "5.3.1")
        .severity(Severity::Error)
        .says(&["no Redis cache is configured"]),
        // The router's Redis is not the proxy's.
        raises(
            r"
general_settings:
  use_redis_transaction_buffer: true
router_settings:
  redis_host: localhost
  redis_port: 6379
",
        )
        .on("1.110.2", "8.1.0")
        .severity(Severity::Error),
        silent(
            r"
general_settings:
  use_redis_transaction_buffer: true
",
        )
        .env("REDIS_HOST=localhost\n")
        .on("1.110.2", "8.1.0"),
        raises(
            r"
general_settings:
  use_redis_transaction_buffer: true
",
        )
        .env("REDIS_HOST=localhost\n")
        .on("1.89.7", "5.3.1")
        .severity(Severity::Error),
        silent(
            r"
general_settings:
  use_redis_transaction_buffer: false
",
        ),
        silent(
            r"
general_settings:
  use_redis_transaction_buffer: true
  coordination_redis:
    host: localhost
    port: 6379
",
        )
        .on("1.110.2", "8.1.0"),
        // Older releases start, and lose spend.
        silent(
            r"
general_settings:
  use_redis_transaction_buffer: true
",
        )
        .on("1.81.14", "5.3.1"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let path = "general_settings.use_redis_transaction_buffer";
    let found = match context.serving().map(|serving| &serving.buffer) {
        Some(Buffer::Refused(exception)) => {
            let message = format!("LiteLLM stops after it has loaded the config: {exception}");
            RULE.at(None, message)
        }
        Some(Buffer::Unknown(why)) if why.starts_with("`REDIS_") => {
            let name = why.trim_matches('`');
            let message = format!(
                "Whether LiteLLM starts depends on {name}, {}: no other Redis is there for the transaction buffer.",
                context.environment.whence(name)
            );
            RULE.at(None, message).severity(Severity::Hint)
        }
        _ => return vec![],
    };
    let mut found = found.label("needs a Redis").path(path);
    found.primary.span = context.entry(path).and_then(|entry| entry.key.span());
    vec![found.help("Name a Redis in `general_settings.coordination_redis`, or turn this off.")]
}
