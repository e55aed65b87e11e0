use super::case::{raises, silent};
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::source::Span;
use deployment::Form;
use deployment::environment::VariableValue;
use facts::catalogue;

pub(super) static RULE: Rule = Rule {
    code: "RP725",
    name: "quotes-in-value",
    category: Category::Environment,
    severity: Severity::Error,
    summary: "Quotes are a part of a value: the host, port or password begins and ends with them.",
    why: "A shell and a `.env` file take quotes off. A list item of compose (`- REDIS_HOST=\"redis\"`), `docker \
        --env-file`, a Kubernetes `value` with quotes inside quotes and a Secret that was made from such \
        a file pass them on. LiteLLM looks for a host with quotes in its name, and logs in with a password that has two \
        characters more.",
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
    host: "'redis.internal'"
    port: 6379
    ssl: true
    ssl_check_hostname: true
"#,
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.internal
    port: 6379
    ssl: true
    ssl_check_hostname: true
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment:\n      - REDIS_HOST=\"redis\"\n      - REDIS_PASSWORD='pass-w0rd'\n  redis:\n    image: redis:7\n",
            )
            .times(2)
            .says(&["REDIS_HOST", "compose"])
            .says_not(&["pass-w0rd"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, password: os.environ/SECRET_PW}}\n")
            .env("SECRET_PW='abc-123'\n")
            .says(&["SECRET_PW"])
            .says_not(&["abc-123"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis}}\n").beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment:\n      REDIS_HOST: \"redis\"\n      OTHER: '\"x\"'\n  redis:\n    image: redis:7\n",
        ),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n").env("REDIS_PASSWORD=\"abc\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = vec![];
    for (_, key, entry) in context.redis_settings() {
        let quoted = entry.value.as_str().is_some_and(is_quoted);
        if quoted && !matches!(key, "redis_startup_nodes" | "startup_nodes" | "sentinel_nodes") {
            let message = format!("The quotes are a part of {key}: redis-py takes them with it.");
            found.push(finding(
                context,
                message,
                entry.value.span(),
                "Write it with one pair of quotes, or none.",
            ));
        }
    }
    if context.outcome.clients.is_empty()
        && context.outcome.usage_if_reachable.is_none()
        && context.starts()
    {
        return found;
    }
    for (name, variable) in context.environment.iter() {
        let VariableValue::Known(value) = &variable.value else { continue };
        if is_quoted(value.reveal()) && is_read(context, name) {
            let message = format!("The quotes are a part of {name}: LiteLLM takes them with it.");
            found.push(finding(context, message, variable.span, help(context, variable.span)));
        }
    }
    found
}

fn finding(
    context: &Context<'_>,
    message: String,
    span: Option<Span>,
    help: &'static str,
) -> Finding {
    placed(context, RULE.at(span, message).label("quotes within the value").help(help), span)
}

/// Who does not take them off.
fn help(context: &Context<'_>, span: Option<Span>) -> &'static str {
    let of_env_file = |span: Span| {
        let source = context.sources.iter().find(|source| source.id == span.source);
        source.is_some_and(|source| format!("{}.", source.name).contains(".env."))
    };
    let in_env_file = span.is_some_and(of_env_file);
    match context.container.map(|container| container.form) {
        Some(Form::Kubernetes | Form::Helm) if in_env_file => {
            "Remove the quotes: kustomize and kubectl do not take them off the values of such a file."
        }
        Some(Form::DockerRun | Form::Systemd) if in_env_file => {
            "Remove the quotes: `--env-file` does not take them off, as compose does."
        }
        Some(Form::Compose) => {
            "Remove the quotes: compose takes them off in `NAME: \"value\"`, and not in `- NAME=\"value\"`."
        }
        Some(Form::DockerRun) => "Remove the quotes: docker does not take them off.",
        Some(Form::Kubernetes | Form::Helm) => "Remove the inner quotes.",
        _ => "Remove the quotes.",
    }
}

fn is_quoted(value: &str) -> bool {
    let inside = |quote: char| {
        value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
            .is_some_and(|inside| !inside.is_empty() && !inside.contains(quote))
    };
    inside('"') || inside('\'')
}

/// Whether LiteLLM takes something of Redis' from a variable.
pub(super) fn is_read(context: &Context<'_>, name: &str) -> bool {
    let argument = name.strip_prefix("REDIS_").map(str::to_ascii_lowercase);
    let known = argument.is_some_and(|argument| {
        argument == "url"
            || context.pair.redis_py_data().redis().names(&argument)
            || catalogue::find_variable(name).is_some()
    });
    let reference = format!("os.environ/{name}");
    let mut settings = context.redis_settings();
    known || settings.any(|(_, _, entry)| entry.value.as_str() == Some(reference.as_str()))
}
