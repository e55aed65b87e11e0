use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use simulate::outcome::Knowable;

pub(super) static RULE: Rule = Rule {
    code: "RP308",
    name: "password-is-reused",
    category: Category::Passwords,
    severity: Severity::Warning,
    summary: "Redis has the same password as the proxy's master key.",
    why: "Whoever learns the Redis password, from a log or from plaintext traffic, then holds the key to \
        the whole gateway.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("LITELLM_MASTER_KEY=sk-9f2c7b1d4e\nREDIS_PASSWORD=sk-9f2c7b1d4e\n"),
    fixed: Example::new(
        r"
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("LITELLM_MASTER_KEY=sk-9f2c7b1d4e\nREDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let written = context.value("general_settings.master_key").and_then(|value| value.as_str());
    let variable = match written {
        Some(text) => text.strip_prefix("os.environ/"),
        None => Some("LITELLM_MASTER_KEY"),
    };
    let key = match (variable, written) {
        (Some(name), _) => match context.environment.get(name).map(|found| &found.value) {
            Some(deployment::environment::VariableValue::Known(secret)) => {
                secret.reveal().to_owned()
            }
            _ => return vec![],
        },
        (None, Some(text)) => text.to_owned(),
        (None, None) => return vec![],
    };
    let reused = context.connections().into_iter().find(|(_, connection)| {
        matches!(&connection.password.value, Knowable::Known(Some(secret)) if secret.reveal() == key)
    });
    let Some((_, connection)) = reused else {
        return vec![];
    };
    let span = context.span_of(&connection.password.origin);
    let message = "The Redis password equals the proxy's master key.";
    let found = RULE.at(span, message).label("the same as the master key");
    vec![found.help("Give Redis a password of its own.")]
}
