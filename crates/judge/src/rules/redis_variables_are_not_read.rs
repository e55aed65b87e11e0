use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Severity};
use facts::Behaviour;

pub(super) static RULE: Rule = Rule {
    code: "RP209",
    name: "redis-variables-are-not-read",
    severity: Severity::Error,
    summary: "This LiteLLM release on this redis-py release reads none of REDIS_HOST, REDIS_PASSWORD, REDIS_SSL …",
    why: "LiteLLM asks Python for the arguments of `redis.Redis` to learn which `REDIS_*` variables \
        to read. From redis-py 6 on, a decorator hides them, and LiteLLM before 1.101.0 sees none: \
        the variables are ignored without a word. `REDIS_SSL=true` then means plaintext.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n",
    )
    .env("REDIS_SSL=true\n")
    .on("1.80.0", "8.1.0"),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n",
    )
    .on("1.80.0", "8.1.0"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let signature = &context.pair.redis_py_data().redis();
    if !signature.decorated || context.pair.behaves(Behaviour::UnwrappedSignatures) {
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
