//! A rule's page, and the lists of rules, in Markdown.

use std::fmt::Write as _;

use crate::affected_releases::affected;
use crate::outcome_table::happens;
use base::rule::{Category, Rule, Subject};
use judge::rules::{CHECKS, Check, Example};

/// The page of one rule: what is wrong, why it matters, and what to do. For a rule on configurations a
/// failing and a fixed one, with what LiteLLM does with them.
pub fn page(rule: &Rule) -> String {
    let Rule { code, name, summary, why, .. } = rule;
    let severity = rule.severity.name();
    let found = match rule.subject {
        Subject::Config => "",
        Subject::Certificates => {
            " Found in the certificates and keys that are given to the editor or to `redproof certificate`."
        }
        Subject::Servers => " Found by `redproof probe` on the live server.",
    };
    let mut text = format!(
        "# {code} {name}\n\n{summary}\n\nSeverity: {severity}.{found}\n\n## Why\n\n{why}\n\n"
    );
    if let Some(remedy) = rule.remedy {
        write!(text, "## What to do\n\n{remedy}\n").unwrap_or_default();
    }
    if let Some(check) = CHECKS.iter().find(|check| check.rule.code == *code) {
        shown(&mut text, check);
    }
    text
}

/// What a rule finds, and what it does not.
fn shown(text: &mut String, check: &Check) {
    for (title, example) in [("Fails", &check.failing), ("Fixed", &check.fixed)] {
        write!(text, "## {title}\n\n").unwrap_or_default();
        write_example(text, example);
        writeln!(text, "{}", happens(check.rule, example)).unwrap_or_default();
    }
    write!(text, "## Releases\n\n{}\n", affected(check)).unwrap_or_default();
}

fn write_example(text: &mut String, example: &Example) {
    let redis_py = match example.assumed {
        false => format!("with redis-py {}", example.redis_py),
        true => "where no redis-py release is named".to_owned(),
    };
    write!(
        text,
        "On LiteLLM {} {redis_py}:\n\n```yaml\n{}```\n\n",
        example.litellm, example.config
    )
    .unwrap_or_default();
    if !example.beside.is_empty() {
        write!(text, "Run by `{}`:\n\n```yaml\n{}```\n\n", example.beside_name(), example.beside)
            .unwrap_or_default();
    }
    if !example.env.is_empty() {
        write!(text, "In the environment:\n\n```sh\n{}```\n\n", example.env).unwrap_or_default();
    }
    if !example.from_secret.is_empty() {
        write!(text, "From a Secret: `{}`.\n\n", example.from_secret.join("`, `"))
            .unwrap_or_default();
    }
}

/// The list of the rules that look at one thing.
pub fn index(subject: Subject, rules: &[&Rule]) -> String {
    let mut text = match subject {
        Subject::Config => {
            "# Rules\n\nWhat `redproof check` looks for. `redproof rule CODE` prints a rule's page.\n"
        }
        Subject::Certificates => {
            "# Certificates and keys\n\nWhat `redproof certificate`, and the editor's Certificates view, say of certificates, keys and \
             Kubernetes Secrets. `redproof rule CODE` prints a page.\n"
        }
        Subject::Servers => {
            "# Live findings\n\nWhat `redproof probe` finds on servers that work. `redproof rule CODE` \
             prints a page. [What `redproof check` finds](../rules/README.md) has its own list.\n"
        }
    }
    .to_owned();
    for category in Category::ALL {
        let mut rules = rules.iter().filter(|rule| rule.category == category).peekable();
        if rules.peek().is_none() {
            continue;
        }
        write!(
            text,
            "\n## {}\n\n| code | name | severity | what is wrong |\n| --- | --- | --- | --- |\n",
            category.title()
        )
        .unwrap_or_default();
        for Rule { code, name, severity, summary, .. } in rules {
            let severity = severity.name();
            writeln!(text, "| [{code}]({code}.md) | {name} | {severity} | {summary} |")
                .unwrap_or_default();
        }
    }
    text
}
