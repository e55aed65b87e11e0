use serde_json::json;

use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP207",
    name: "shell-variable-is-not-expanded",
    category: Category::Environment,
    severity: Severity::Error,
    summary: "`${NAME}` in a Redis setting is taken as it is written.",
    why: "LiteLLM expands `os.environ/NAME` and nothing else. `${NAME}` and `$NAME` reach Redis as \
        these very characters: as the host name, as the password.",
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
    ssl: true
    password: ${REDIS_PASSWORD}
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
    ssl: true
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: ${REDIS_PORT}
",
        ),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: $REDIS_HOST, port: 6379}}\n")
            .env("REDIS_HOST=redis\n")
            .says(&["`$REDIS_HOST`", "Write `os.environ/REDIS_HOST`"])
            .fixed(
                "litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST, port: 6379}}\n",
            ),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379, password: $REDIS_PASSWORD}}\n"),
        // A password may begin with `$`.
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379, password: $HUNTER2}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379, namespace: $ns}}\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, key, entry) in context.redis_settings() {
        let text = entry.value.as_str();
        let Some(text) = text.filter(|text| text.contains("${") || bare(key, text).is_some())
        else {
            continue;
        };
        let path = format!("{section}.{key}");
        let message =
            format!("LiteLLM does not expand `{text}`: it uses these characters as the {key}.");
        let diagnostic = RULE.at(entry.value.span(), message).label("not expanded").path(&*path);
        found.push(match meant(key, text) {
            Some(name) => {
                let value = json!(format!("os.environ/{name}"));
                // A default has no place there: it belongs to where the variable is set.
                let alone = text.trim_matches(['$', '{', '}']) == name;
                let safety = if alone { Safety::Safe } else { Safety::Unsafe };
                let fix = context.fix(
                    format!("Write os.environ/{name}"),
                    safety,
                    &[Operation::Set { path, value }],
                );
                let help = match alone {
                    true => format!("Write `os.environ/{name}`."),
                    false => format!(
                        "Write `os.environ/{name}`, and set {name} where LiteLLM runs: it takes no default here."
                    ),
                };
                diagnostic.help(help).fix(fix)
            }
            None => diagnostic
                .help("Put the whole value into one variable and write `os.environ/NAME`."),
        });
    }
    found
}

/// The name in `${NAME}` or `${NAME:-default}` that makes up the whole text.
fn whole_variable(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    let name = inner.split([':', '-', '?']).next()?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then_some(name)
}

/// The variable that a setting was meant to name.
pub(super) fn meant<'t>(key: &str, text: &'t str) -> Option<&'t str> {
    whole_variable(text).or_else(|| bare(key, text))
}

/// The name in `$NAME` that makes up the whole text of a setting, as shells write variables. A
/// password may begin with `$`: it is a variable only where its name says so.
pub(super) fn bare<'t>(key: &str, text: &'t str) -> Option<&'t str> {
    let name = text.strip_prefix('$')?;
    let plain = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let of_a_secret =
        || ["REDIS", "PASS", "SECRET", "TOKEN"].iter().any(|word| name.contains(word));
    let may_be_a_secret = key.contains("password") || key.contains("secret");
    (plain && (!may_be_a_secret || of_a_secret())).then_some(name)
}
