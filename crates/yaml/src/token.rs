//! What the scanner makes of the text.

use std::borrow::Cow;

use super::error::Mark;

/// One token and where it is.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind<'t>,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// A scalar's text.
#[derive(Clone, Debug)]
pub(super) struct Scalar<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) style: Style,
    /// An escape named half of a surrogate pair, which a Python `str` can hold and ours can't:
    /// U+FFFD is in its place.
    pub(super) surrogate: bool,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind<'t> {
    Directive(Directive<'t>),
    DocumentStart,
    DocumentEnd,
    StreamStart,
    StreamEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowMappingStart,
    FlowSequenceEnd,
    FlowMappingEnd,
    Key,
    Value,
    BlockEntry,
    FlowEntry,
    Alias(&'t str),
    Anchor(&'t str),
    /// The handle (`None` for a verbatim tag) and what follows it.
    Tag(Option<&'t str>, Cow<'t, str>),
    Scalar(Scalar<'t>),
}

#[derive(Clone, Debug)]
pub(super) enum Directive<'t> {
    /// `%YAML`: whether the major version is 1.
    Yaml { compatible: bool },
    /// `%TAG`: the handle and its prefix.
    Tag(&'t str, Cow<'t, str>),
    /// Any other, which is ignored.
    Other,
}

impl TokenKind<'_> {
    /// PyYAML's name of the token, for its messages.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::Directive(_) => "<directive>",
            Self::DocumentStart => "<document start>",
            Self::DocumentEnd => "<document end>",
            Self::StreamStart => "<stream start>",
            Self::StreamEnd => "<stream end>",
            Self::BlockSequenceStart => "<block sequence start>",
            Self::BlockMappingStart => "<block mapping start>",
            Self::BlockEnd => "<block end>",
            Self::FlowSequenceStart => "[",
            Self::FlowMappingStart => "{",
            Self::FlowSequenceEnd => "]",
            Self::FlowMappingEnd => "}",
            Self::Key => "?",
            Self::Value => ":",
            Self::BlockEntry => "-",
            Self::FlowEntry => ",",
            Self::Alias(_) => "<alias>",
            Self::Anchor(_) => "<anchor>",
            Self::Tag(..) => "<tag>",
            Self::Scalar(_) => "<scalar>",
        }
    }
}
