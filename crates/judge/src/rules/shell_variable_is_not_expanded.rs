use serde_json::json;

use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Safety, Severity};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP207",
    name: "shell-variable-is-not-expanded",
    severity: Severity::Error,
    summary: "`${NAME}` in a Redis setting is taken as it is written.",
    why: "LiteLLM expands `os.environ/NAME` and nothing else. `${NAME}` and `$NAME` reach Redis as \
        these very characters: as the host name, as the password.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n    password: ${REDIS_PASSWORD}\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n    password: os.environ/REDIS_PASSWORD\n",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
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
