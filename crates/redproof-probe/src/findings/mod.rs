//! What is wrong though the connection works: findings with codes, as `check` has them.
//!
//! Their numbers go from 50 on within each hundred, so that the rules of `check` keep theirs.

mod rules;

use serde::Serialize;

pub use rules::FINDING_RULES;
pub(crate) use rules::*;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// LiteLLM fails, now or when the server is under load.
    Error,
    /// It works, but not as safely or reliably as it should.
    Warning,
    /// Worth knowing.
    Hint,
}

impl Severity {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// A kind of finding: how it is called, and its page.
#[derive(Debug)]
pub struct FindingRule {
    /// `RP851`
    pub code: &'static str,
    /// `server-is-old`
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters, and what LiteLLM does. Markdown.
    pub why: &'static str,
    /// What to change. An imperative.
    pub mend: &'static str,
}

/// Something that a live server shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `RP851`
    pub code: &'static str,
    /// `server-is-old`
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was seen.
    pub message: String,
    /// What to change.
    pub help: &'static str,
}

impl FindingRule {
    /// A finding of this rule.
    pub(crate) fn found(&self, message: impl Into<String>) -> Finding {
        Finding {
            code: self.code,
            rule: self.name,
            severity: self.severity,
            message: message.into(),
            help: self.mend,
        }
    }

    /// The rule's page, in Markdown.
    pub fn page(&self) -> String {
        let Self { code, name, severity, summary, why, mend } = self;
        format!(
            "# {code} {name}\n\n{summary}\n\nSeverity: {}. Found by `redproof probe` on the live \
             server.\n\n{why}\n\n## What to do\n\n{mend}\n",
            severity.name()
        )
    }
}

/// The table of all live findings, in Markdown.
pub fn findings_index() -> String {
    let mut text = String::from(
        "# Live findings\n\nWhat `redproof probe` finds on servers that work. `redproof rule CODE` \
         prints a page. [What `redproof check` finds](../rules/README.md) stands elsewhere.\n\n\
         | code | name | severity | what is wrong |\n| --- | --- | --- | --- |\n",
    );
    for rule in FINDING_RULES {
        let FindingRule { code, name, severity, summary, .. } = rule;
        text += &format!("| [{code}]({code}.md) | {name} | {} | {summary} |\n", severity.name());
    }
    text
}
