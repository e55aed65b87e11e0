use serde_json::json;

use super::case::raises;
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
    cases: &[raises(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: ${REDIS_PORT}
",
    )],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, key, entry) in context.redis_settings() {
        let Some(text) = entry.value.as_str().filter(|text| text.contains("${")) else {
            continue;
        };
        let path = format!("{section}.{key}");
        let message =
            format!("LiteLLM does not expand `{text}`: it uses these characters as the {key}.");
        let diagnostic = RULE.at(entry.value.span(), message).label("not expanded").path(&*path);
        found.push(match whole_variable(text) {
            Some(name) => {
                let value = json!(format!("os.environ/{name}"));
                // A default has no place there: it belongs to where the variable is set.
                let bare = text.len() == name.len() + "${}".len();
                let safety = if bare { Safety::Safe } else { Safety::Unsafe };
                let fix = context.fix(
                    format!("Write os.environ/{name}"),
                    safety,
                    &[Operation::Set { path, value }],
                );
                let help = match bare {
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
