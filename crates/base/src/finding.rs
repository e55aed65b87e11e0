//! A finding: what is wrong, where, and how to fix it.

use std::borrow::Cow;

use serde::Serialize;

use crate::rule::Category;
use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Hint,
    /// Works, but not as the reader would think, or fragile.
    Warning,
    /// Does not start, does not work, or is not secure.
    Error,
}

impl Severity {
    /// Its word: `error`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// Something that is wrong, with a configuration, with certificates, or with a server.
///
/// Serialized, it is what is known without the texts: who prints places and fixes says them in lines
/// and columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's code: `RP201`.
    pub code: &'static str,
    /// The rule's name: `ignored-router-key`.
    pub rule: &'static str,
    /// What it is about.
    #[serde(skip)]
    pub category: Category,
    /// How bad it is.
    pub severity: Severity,
    /// What LiteLLM will do, or what comes of it, in the reader's terms. One or two short sentences.
    pub message: String,
    /// The path in the config that it is about: `router_settings.redis_ssl`; empty for the whole.
    #[serde(skip)]
    pub path: String,
    /// Where it is.
    #[serde(skip)]
    pub primary: Label,
    /// Other places that play a part, such as the environment line that wins.
    #[serde(skip)]
    pub related: Vec<Label>,
    /// What to do. An imperative.
    pub help: Option<Cow<'static, str>>,
    /// A text edit that fixes it, where one can.
    #[serde(skip)]
    pub fix: Option<Fix>,
}

/// A place with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place; `None` when it is not in any text (a variable given by `--env`).
    pub span: Option<Span>,
    /// What is to be said of it.
    pub text: String,
}

/// Whether a fix may be applied without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// LiteLLM does what the writer meant.
    Safe,
    /// A guess at what was meant: applied only when asked for.
    Unsafe,
}

/// Text edits that fix a finding. They do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does. An imperative: `Rename sentinel_master to service_name`.
    pub title: String,
    /// Whether it needs a look.
    pub safety: Safety,
    /// The edits, in the text's order.
    pub edits: Vec<Edit>,
}

/// Replaces a stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Finding {
    /// About this path in the config.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// With these words at its place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// With this to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// With this fix.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// As bad as this.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names another place, if it is in a text.
    #[must_use]
    pub fn related(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        let label = Label { span, text: text.into() };
        if label.span.is_some() && label.span != self.primary.span && !self.related.contains(&label)
        {
            self.related.push(label);
        }
        self
    }
}
