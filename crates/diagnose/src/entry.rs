//! The shape of the table: a text, who says it, and what causes it.

use facts::defects::Defect;

use crate::When;

/// Something that is said, in all its variants, and what is behind it.
#[derive(Debug)]
pub struct Entry {
    /// Its page's name: `connection-refused`.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whether it is a cause, an envelope around one, or only news.
    pub kind: Kind,
    /// The texts.
    pub texts: &'static [Text],
    /// What it means, in one or two sentences.
    pub means: &'static str,
    /// What causes it, the likeliest first.
    pub causes: &'static [Cause],
    /// What to look at, where the causes leave it open. An imperative.
    pub look: &'static str,
    /// The outcome by which `redproof probe` calls it.
    pub outcome: Option<&'static str>,
}

/// What a text is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It names what went wrong.
    Cause,
    /// It says that something failed; another text beside it says what.
    Envelope,
    /// It tells a state, and no fault.
    News,
}

/// A text, as its speaker writes it.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// The text; `{}` stands for what varies within a line.
    pub says: &'static str,
    /// Who says it.
    pub by: Speaker,
    /// Where it is written: a file and function, or a release's source.
    pub source: &'static str,
    /// The first and the last of the releases looked at that have it; `None` where that is not
    /// known, or all do.
    pub seen: Option<(&'static str, &'static str)>,
    /// Whether it counts only where its line ends with it, as with an exception that has no message; and
    /// only where no other cause is near.
    pub alone: bool,
}

/// Who says a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// LiteLLM.
    Litellm,
    /// redis-py.
    RedisPy,
    /// Python itself, or a library beside redis-py.
    Python,
    /// OpenSSL, by Python's `ssl`.
    OpenSsl,
    /// The operating system, its resolver included.
    System,
    /// A Redis server, a sentinel, or a service in a server's place.
    Server,
    /// The Rust client of LiteLLM 1.110 and newer: redis-rs over rustls.
    Native,
}

impl Speaker {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Litellm => "LiteLLM",
            Self::RedisPy => "redis-py",
            Self::Python => "Python",
            Self::OpenSsl => "OpenSSL",
            Self::System => "the operating system",
            Self::Server => "the server",
            Self::Native => "LiteLLM's Rust client",
        }
    }
}

/// A cause of a text.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// What a configuration must have for this to be the cause.
    pub when: When,
    /// What is wrong. A sentence.
    pub says: &'static str,
    /// What to do. An imperative.
    pub cure: &'static str,
    /// The rules that name it: `RP302`.
    pub codes: &'static [&'static str],
}

impl Text {
    /// A text of a speaker.
    pub(crate) const fn new(by: Speaker, says: &'static str, source: &'static str) -> Self {
        Self { says, by, source, seen: None, alone: false }
    }

    /// Said by these of the releases looked at, the first and the last.
    pub(crate) const fn seen(self, first: &'static str, last: &'static str) -> Self {
        Self { seen: Some((first, last)), ..self }
    }

    /// An exception without a message.
    pub(crate) const fn alone(self) -> Self {
        Self { alone: true, ..self }
    }
}

impl Cause {
    /// A cause under a condition.
    pub(crate) const fn new(when: When, says: &'static str, cure: &'static str) -> Self {
        Self { when, says, cure, codes: &[] }
    }

    /// A known defect of LiteLLM, in its own words.
    pub(crate) const fn defect(id: &str) -> Self {
        let defect = Defect::known(id);
        Self::new(When::Meets(defect), defect.happens, defect.cure)
    }

    /// Named by these rules, too.
    pub(crate) const fn codes(self, codes: &'static [&'static str]) -> Self {
        Self { codes, ..self }
    }
}
