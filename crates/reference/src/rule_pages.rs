//! A rule's page, in Markdown.

use std::fmt::Write as _;

use crate::affected_releases::affected;
use crate::outcome_table::happens;
use judge::rules::{Example, RULES, Rule};

/// The page of one rule: what is wrong, why it matters, a failing and a mended configuration.
pub fn page(rule: &Rule) -> String {
    let mut text = format!("# {} {}\n\n{}\n\n", rule.code, rule.name, rule.summary);
    let severity = rule.severity.name();
    write!(text, "Severity: {severity}.\n\n## Why\n\n{}\n\n", rule.why).unwrap_or_default();
    for (title, shown) in [("Fails", &rule.failing), ("Mended", &rule.mended)] {
        write!(text, "## {title}\n\n").unwrap_or_default();
        example(&mut text, shown);
        writeln!(text, "{}", happens(rule, shown)).unwrap_or_default();
    }
    write!(text, "## Releases\n\n{}\n", affected(rule)).unwrap_or_default();
    text
}

fn example(text: &mut String, example: &Example) {
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
    if !example.env.is_empty() {
        write!(text, "In the environment:\n\n```sh\n{}```\n\n", example.env).unwrap_or_default();
    }
    if !example.from_secret.is_empty() {
        write!(text, "From a Secret: `{}`.\n\n", example.from_secret.join("`, `"))
            .unwrap_or_default();
    }
}

/// The first digits of codes, with what their rules are about.
const GROUPS: [(&str, &str); 8] = [
    ("RP1", "LiteLLM does not start"),
    ("RP2", "Settings without effect"),
    ("RP3", "TLS and secrets"),
    ("RP4", "Precedence and conflicts"),
    ("RP5", "Cluster and Sentinel"),
    ("RP6", "IAM logins"),
    ("RP8", "Performance and reliability"),
    ("RP9", "Hints"),
];

/// The table of all rules.
pub fn index() -> String {
    let mut text = String::from(
        "# Rules\n\nWhat `redproof check` looks for. `redproof rule CODE` prints a rule's page.\n",
    );
    for (group, title) in GROUPS {
        write!(
            text,
            "\n## {title}\n\n| code | name | severity | what is wrong |\n\
             | --- | --- | --- | --- |\n"
        )
        .unwrap_or_default();
        for rule in RULES.iter().filter(|rule| rule.code.starts_with(group)) {
            let Rule { code, name, summary, .. } = rule;
            let severity = rule.severity.name();
            writeln!(text, "| [{code}]({code}.md) | {name} | {severity} | {summary} |")
                .unwrap_or_default();
        }
    }
    text
}
