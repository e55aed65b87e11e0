use super::case::raises;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::Behaviour;

pub(super) static RULE: Rule = Rule {
    code: "RP209",
    name: "redis-variables-are-not-read",
    category: Category::Environment,
    severity: Severity::Error,
    summary: "This LiteLLM release on this redis-py release reads none of REDIS_HOST, REDIS_PASSWORD, REDIS_SSL …",
    why: "LiteLLM asks Python for the arguments of `redis.Redis` to learn which `REDIS_*` variables \
        to read. From redis-py 6 on, a decorator hides them, and LiteLLM before 1.101.0 sees none: \
        the variables are ignored without a word. `REDIS_SSL=true` then means plaintext.",
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
    .env("REDIS_SSL=true\n")
    .on("1.80.0", "8.1.0"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
",
    )
    .on("1.80.0", "8.1.0"),
    cases: &[
        // Without `cache_params`, LiteLLM reads host, port and password by name, on every redis-py.
        raises(
            r"
litellm_settings:
  cache: true
",
        )
        .env(
            r"
REDIS_HOST=redis.svc
REDIS_PORT=7000
REDIS_PASSWORD=p
REDIS_SSL=1
",
        )
        .on("1.80.0", "8.1.0")
        .says(&["LiteLLM 1.80.0 on redis-py 8.1.0 does not read REDIS_SSL."]),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let signature = &context.pair.redis_py_data().redis();
    if context.pair.behaves(Behaviour::UnwrappedSignatures) || !signature.decorated() {
        return vec![];
    }
    let config = context.sources.first().map_or("", |source| source.text.as_str());
    let mut found = Vec::new();
    for (name, variable) in context.environment.iter() {
        let argument = name.strip_prefix("REDIS_").map(str::to_ascii_lowercase);
        let hidden = argument.is_some_and(|argument| signature.names(&argument));
        if !hidden || config.contains(&format!("os.environ/{name}")) || is_used(context, name) {
            continue;
        }
        let message = format!(
            "LiteLLM {} on redis-py {} does not read {name}.",
            context.pair.litellm, context.pair.redis_py
        );
        found.push(
            RULE.at(variable.span, message)
                .label("not read")
                .help("Write it into the config as `os.environ/NAME`, or use redis-py 5, or LiteLLM 1.101.0 or newer."),
        );
    }
    found
}

/// Whether a connection has a value from the variable: with no `cache_params` at all, LiteLLM reads
/// host, port and password by name.
fn is_used(context: &Context<'_>, name: &str) -> bool {
    context.connections().iter().any(|(_, connection)| {
        let held = [&connection.host, &connection.port, &connection.db, &connection.username];
        let mut origins = held.into_iter().map(|setting| &setting.value.origin);
        origins.any(|origin| origin.variable() == Some(name))
            || connection.password.origin.variable() == Some(name)
    })
}
