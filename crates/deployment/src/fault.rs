//! What files say and that won't do.

use base::source::Span;

/// A file mode as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// The permission bits.
    pub bits: u32,
    /// It was written as a decimal number that looks like an octal one: `400`.
    pub looks_octal: bool,
    /// Where.
    pub span: Option<Span>,
}

/// Something that files say and that won't do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A key that an object lacks is taken from it.
    MissingKey {
        /// The variable that it is for.
        variable: String,
        /// `the Secret redis`
        object: String,
        /// The key.
        key: String,
        /// Where it is taken.
        span: Option<Span>,
    },
    /// A volume takes a key that its object lacks.
    MissingItem {
        /// `the Secret redis`
        object: String,
        /// The key.
        key: String,
        /// Where it is mounted.
        span: Option<Span>,
    },
    /// A value of a Secret's `data` is not base64.
    NotBase64 {
        /// `the Secret redis`
        object: String,
        /// Its key.
        key: String,
        /// Where it is written.
        span: Option<Span>,
    },
    /// A variable is set twice in one list, to different values.
    SetTwice {
        /// Its name.
        variable: String,
        /// Where the value is that counts.
        span: Option<Span>,
        /// Where the other is.
        first: Option<Span>,
    },
    /// ECS refuses a variable that is both plain and a secret.
    AlsoSecret {
        /// Its name.
        variable: String,
        /// Where it is a secret.
        span: Option<Span>,
        /// Where it is plain.
        first: Option<Span>,
    },
    /// What reads the file takes a value for something else than text, and refuses it.
    NotText {
        /// Who reads it: `Kubernetes`.
        reader: &'static str,
        /// The variable, or the key of an object.
        name: String,
        /// What it is to Kubernetes: `a boolean`.
        read_as: &'static str,
        /// Where it is written.
        span: Option<Span>,
    },
}

impl Fault {
    /// Where it is written.
    pub(crate) fn places_mut(&mut self) -> impl Iterator<Item = &mut Option<Span>> {
        let (one, other) = match self {
            Self::SetTwice { span, first, .. } | Self::AlsoSecret { span, first, .. } => {
                (span, Some(first))
            }
            Self::MissingKey { span, .. }
            | Self::MissingItem { span, .. }
            | Self::NotBase64 { span, .. }
            | Self::NotText { span, .. } => (span, None),
        };
        std::iter::once(one).chain(other)
    }
}
