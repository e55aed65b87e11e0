//! A rule's page, in Markdown.

use std::fmt::Write as _;

#[cfg(feature = "pages")]
use super::affected::affected;
use super::{Example, RULES, Rule};
use crate::diagnostic::Severity;

/// The page of one rule: what is wrong, why it matters, a failing and a mended configuration.
pub fn page(rule: &Rule) -> String {
    let mut text = format!("# {} {}\n\n{}\n\n", rule.code, rule.name, rule.summary);
    write!(text, "Severity: {}.\n\n{}\n\n## Fails\n\n", severity(rule.severity), rule.why)
        .unwrap_or_default();
    example(&mut text, &rule.failing);
    text.push_str("## Mended\n\n");
    example(&mut text, &rule.mended);
    #[cfg(feature = "pages")]
    write!(text, "## Releases\n\n{}\n", affected(rule)).unwrap_or_default();
    text
}

fn example(text: &mut String, example: &Example) {
    write!(
        text,
        "On LiteLLM {} with redis-py {}:\n\n```yaml\n{}```\n\n",
        example.litellm, example.redis_py, example.config
    )
    .unwrap_or_default();
    if !example.env.is_empty() {
        write!(text, "In the environment:\n\n```sh\n{}```\n\n", example.env).unwrap_or_default();
    }
    if !example.from_secret.is_empty() {
        write!(text, "From a Secret: `{}`.\n\n", example.from_secret.join("`, `"))
            .unwrap_or_default();
    }
}

/// The table of all rules.
pub fn index() -> String {
    let mut text = String::from(
        "# Rules\n\nWhat `redproof check` looks for. `redproof rule CODE` prints a rule's page.\n\n\
         | code | name | severity | what is wrong |\n| --- | --- | --- | --- |\n",
    );
    for rule in RULES {
        let Rule { code, name, summary, .. } = rule;
        writeln!(
            text,
            "| [{code}]({code}.md) | {name} | {} | {summary} |",
            severity(rule.severity)
        )
        .unwrap_or_default();
    }
    text
}

/// The severity's word.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
