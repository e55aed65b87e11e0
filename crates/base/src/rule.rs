//! A rule: how it is called, and what its page says. How it finds what it finds is next to it, in
//! the same file: in a configuration (`judge`), in certificates (`certificate`), on live servers
//! (`redproof-probe`).

pub use crate::aspect::Aspect;
pub use crate::category::Category;
use crate::finding::{Finding, Label, Severity};
use crate::source::Span;

/// Where a rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A configuration, with its environment.
    Config,
    /// Certificates and keys.
    Certificates,
    /// Servers that run.
    Servers,
}

/// How a rule is called, and what its page says.
#[derive(Debug)]
pub struct Rule {
    /// `RP201`
    pub code: &'static str,
    /// `ignored-router-key`
    pub name: &'static str,
    /// Names that it had before; `redproof rule` knows them.
    pub former_names: &'static [&'static str],
    /// Where it looks.
    pub subject: Subject,
    /// What it is about.
    pub category: Category,
    /// Which questions its findings answer, where its category does not say it: [`Rule::aspects`].
    pub aspects: &'static [Aspect],
    /// How bad it is, unless a finding says otherwise.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters, and what LiteLLM, redis-py, OpenSSL or Redis do. Markdown.
    pub why: &'static str,
    /// What to do, where that is the same for all its findings. An imperative.
    pub remedy: Option<&'static str>,
}

impl Rule {
    /// What rules on configurations have in common: `..Rule::CONFIG`.
    pub const CONFIG: Self = Self {
        code: "",
        name: "",
        former_names: &[],
        subject: Subject::Config,
        category: Category::Hints,
        aspects: &[],
        severity: Severity::Hint,
        summary: "",
        why: "",
        remedy: None,
    };

    /// What rules on certificates have in common.
    pub const CERTIFICATES: Self = Self { subject: Subject::Certificates, ..Self::CONFIG };

    /// What rules on live servers have in common.
    pub const SERVERS: Self = Self { subject: Subject::Servers, ..Self::CONFIG };

    /// A finding of this rule at a place.
    pub fn at(&self, span: Option<Span>, message: impl Into<String>) -> Finding {
        Finding {
            code: self.code,
            rule: self.name,
            category: self.category,
            severity: self.severity,
            message: message.into(),
            path: String::new(),
            primary: Label { span, text: String::new() },
            related: vec![],
            help: self.remedy.map(Into::into),
            cures: vec![],
            proposal: None,
            deployments: vec![],
        }
    }

    /// A finding of this rule that has no place in a text.
    pub fn found(&self, message: impl Into<String>) -> Finding {
        self.at(None, message)
    }

    /// The questions that its findings answer with no.
    pub fn aspects(&self) -> &'static [Aspect] {
        match self.category {
            _ if !self.aspects.is_empty() => self.aspects,
            Category::DoesNotStart | Category::ClientFails | Category::Topology => {
                &[Aspect::Connects]
            }
            Category::Tls => &[Aspect::Encrypted],
            Category::Passwords | Category::Logins => &[Aspect::LoggedIn],
            Category::Certificates => &[Aspect::Verified],
            _ => &[],
        }
    }

    /// Whether this rule found it.
    pub fn is_of(&self, finding: &Finding) -> bool {
        self.code == finding.code
    }

    /// Whether it is called so, or was: by code or name, in any case.
    pub fn is_called(&self, wanted: &str) -> bool {
        let names = [self.code, self.name].into_iter().chain(self.former_names.iter().copied());
        names.into_iter().any(|name| name.eq_ignore_ascii_case(wanted))
    }
}
