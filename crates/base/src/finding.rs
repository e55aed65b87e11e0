//! Findings beside the rules of `check`: on certificates, and what a probe sees of live servers.

use std::borrow::Cow;

use serde::Serialize;

use crate::diagnostic::Severity;

/// A kind of finding: how it is called, and its page.
#[derive(Debug)]
pub struct FindingRule {
    /// `RP701`
    pub code: &'static str,
    /// `file-does-not-load`
    pub name: &'static str,
    /// How bad it is, unless a finding says otherwise.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters, and what LiteLLM, redis-py and OpenSSL do. Markdown.
    pub why: &'static str,
    /// What to do. An imperative.
    pub mend: &'static str,
}

/// Something that is wrong with the files or the server at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `RP701`
    pub code: &'static str,
    /// `file-does-not-load`
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what comes of it.
    pub message: String,
    /// What to do. An imperative.
    pub help: Cow<'static, str>,
}

impl FindingRule {
    /// A finding of this kind.
    pub fn found(&self, message: impl Into<String>) -> Finding {
        Finding {
            code: self.code,
            rule: self.name,
            severity: self.severity,
            message: message.into(),
            help: Cow::Borrowed(self.mend),
        }
    }

    /// Its page, in Markdown; `where_found` is a sentence.
    pub fn page(&self, where_found: &str) -> String {
        let Self { code, name, severity, summary, why, mend } = self;
        format!(
            "# {code} {name}\n\n{summary}\n\nSeverity: {}. {where_found}\n\n{why}\n\n## What to do\n\n{mend}\n",
            severity.name()
        )
    }
}

impl Finding {
    /// With this help in the place of its kind's.
    #[must_use]
    pub fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// As bad as this.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}

/// The table of some kinds, in Markdown.
pub fn table(rules: &[&FindingRule]) -> String {
    let mut text =
        "| code | name | severity | what is wrong |\n| --- | --- | --- | --- |\n".to_owned();
    for FindingRule { code, name, severity, summary, .. } in rules {
        text += &format!("| [{code}]({code}.md) | {name} | {} | {summary} |\n", severity.name());
    }
    text
}
