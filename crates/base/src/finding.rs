//! A finding: what is wrong, where, and how to fix it.

use std::borrow::Cow;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::Serialize;

use crate::category::Category;
use crate::cure::Cure;
use crate::operation::Operation;
use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
    /// What `help` names, for a machine to try.
    #[serde(skip)]
    pub cures: Vec<Cure>,
    /// A change of the config that may cure it. It is shown and applied only as far as it proves
    /// itself: see [`Proposal`].
    #[serde(skip)]
    pub proposal: Option<Proposal>,
    /// The deployments that it holds for, where it is said once for several: `compose.yaml, service
    /// litellm`.
    #[serde(skip)]
    pub deployments: Vec<String>,
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
    /// What worked still works, and LiteLLM does what the writer meant.
    Safe,
    /// A guess at what was meant: applied only when asked for.
    Unsafe,
}

/// A change that a rule proposes. Whether it is offered at all, and as safe, is only known once its
/// result was simulated, which is done when somebody wants to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it does. An imperative: `Rename sentinel_master to service_name`.
    pub title: String,
    /// What the rule takes it for. A guess stays one, whatever its result.
    pub safety: Safety,
    /// The change.
    pub change: Change,
    /// What came of its proof, once it was made: the fix, or nothing where it would do harm.
    pub proof: OnceLock<Option<Fix>>,
}

/// How a config is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// By path, one after the other.
    Operations(Vec<Operation>),
    /// In a text that can't be read.
    Edits(Vec<Edit>),
}

impl Proposal {
    /// A change that is not proved yet.
    #[must_use]
    pub fn new(title: impl Into<String>, safety: Safety, change: Change) -> Self {
        Self { title: title.into(), safety, change, proof: OnceLock::new() }
    }
}

/// A change that proved itself: text edits, which do not overlap, and what they bring about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does. An imperative.
    pub title: String,
    /// Whether it needs a look.
    pub safety: Safety,
    /// The edits, in the text's order.
    pub edits: Vec<Edit>,
    /// What is different for LiteLLM afterwards, the most important first.
    pub effects: Vec<Effect>,
}

/// One thing that a fix brings about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Whose: `router`, or `router, async client`; empty for LiteLLM as a whole.
    pub whose: String,
    /// What: `TLS`.
    pub aspect: String,
    /// How it was: `plaintext`.
    pub before: String,
    /// How it is afterwards: `TLS`.
    pub after: String,
}

impl std::fmt::Display for Effect {
    /// `router, async client: plaintext -> TLS`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { whose, aspect, before, after } = self;
        match (whose.as_str(), aspect.as_str()) {
            ("", aspect) => write!(f, "{aspect}: {before} -> {after}"),
            // `plaintext` and `TLS` say for themselves what they are about.
            (whose, "TLS") => write!(f, "{whose}: {before} -> {after}"),
            (whose, aspect) => write!(f, "{whose}: {aspect}: {before} -> {after}"),
        }
    }
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

    /// With one more thing to do about it: where there are several, each of them is enough.
    #[must_use]
    pub fn cure(mut self, cure: Cure) -> Self {
        self.help = Some(match self.help.take() {
            None => cure.to_string().into(),
            Some(help) => format!("{help} Or: {}", lower(&cure.to_string())).into(),
        });
        self.cures.push(cure);
        self
    }

    /// With these words, which say how to do any of these.
    #[must_use]
    pub fn help_by(
        mut self,
        text: impl Into<Cow<'static, str>>,
        cures: impl IntoIterator<Item = Cure>,
    ) -> Self {
        self.help = Some(text.into());
        self.cures.extend(cures);
        self
    }

    /// With this change to fix it.
    #[must_use]
    pub fn fix(mut self, proposal: Option<Proposal>) -> Self {
        self.proposal = proposal;
        self
    }

    /// As bad as this.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Its message, with the deployments that it holds for where there are several.
    #[must_use]
    pub fn message_of_all(&self) -> Cow<'_, str> {
        match self.deployments.as_slice() {
            [] => Cow::Borrowed(&self.message),
            names => Cow::Owned(format!("{} (In {}.)", self.message, names.join("; "))),
        }
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

/// A sentence that goes on after a colon. Names in capitals stay as they are.
fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match (chars.next(), chars.as_str()) {
        (Some(first), rest) if !rest.starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => sentence.to_owned(),
    }
}
