use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Severity};
use simulate::outcome::Knowable;

pub(super) static RULE: Rule = Rule {
    code: "RP308",
    name: "password-is-reused",
    severity: Severity::Warning,
    summary: "Redis has the same password as the proxy's master key.",
    why: "Whoever learns the Redis password, from a log or from plaintext traffic, then holds the key to \
        the whole gateway.",
    failing: Example::new(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    password: os.environ/REDIS_PASSWORD\n",
    )
    .env("LITELLM_MASTER_KEY=sk-1234\nREDIS_PASSWORD=sk-1234\n"),
    mended: Example::new(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    password: os.environ/REDIS_PASSWORD\n",
    )
    .env("LITELLM_MASTER_KEY=sk-1234\nREDIS_PASSWORD=correct-horse-battery\n"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
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
