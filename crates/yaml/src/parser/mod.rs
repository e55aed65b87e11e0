//! Tokens to events: PyYAML's `parser.py`, state by state under its own names.

/// Whether the next token is of one of these kinds.
macro_rules! next_is {
    ($parser:expr, $($kind:pat_param)|+) => {
        matches!($parser.scanner.peek_token()?.kind, $($kind)|+)
    };
}

mod block;
mod flow;
mod node;

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::{Mark, ReadError};
use super::scanner::{Scan, Scanner};
use super::token::{Directive, Scalar, Style, TokenKind};
use base::source::SourceId;
use python::convert::repr_str;

/// One event and where it is.
pub(super) struct Event<'t> {
    pub(super) kind: EventKind<'t>,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

pub(super) enum EventKind<'t> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'t str),
    Scalar(Properties<'t>, Scalar<'t>),
    SequenceStart(Properties<'t>, Layout),
    SequenceEnd,
    MappingStart(Properties<'t>, Layout),
    MappingEnd,
}

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Block,
    Flow,
}

/// What may be before a node's content.
pub(super) struct Properties<'t> {
    pub(super) anchor: Option<&'t str>,
    /// The whole tag; `None` where it is to be found out. (`!` counts as none.)
    pub(super) tag: Option<Cow<'t, str>>,
    /// Whether the scalar's text tells its tag: plain ones without a tag, and any with `!`.
    pub(super) plain: bool,
    /// Where the content starts, after anchor and tag.
    pub(super) content: Mark,
}

#[derive(Clone, Copy)]
enum State {
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceEntry { first: bool },
    FlowSequenceEntryMappingKey,
    FlowSequenceEntryMappingValue,
    FlowSequenceEntryMappingEnd,
    FlowMappingKey { first: bool },
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// What kinds of nodes may be at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Allowed {
    Flow,
    Block,
    BlockOrIndentlessSequence,
}

pub(super) struct Parser<'t> {
    pub(super) scanner: Scanner<'t>,
    state: State,
    states: Vec<State>,
    /// Where the open collections start, for messages.
    marks: Vec<Mark>,
    /// What the document declares.
    tag_handles: HashMap<&'t str, Cow<'t, str>>,
}

const DEFAULT_TAGS: [(&str, &str); 2] = [("!", "!"), ("!!", "tag:yaml.org,2002:")];

impl<'t> Parser<'t> {
    /// A parser that has gone past the start of the stream.
    pub(super) fn new(source: SourceId, text: &'t str) -> Scan<Self> {
        let mut scanner = Scanner::new(source, text)?;
        scanner.take_token()?;
        Ok(Self {
            scanner,
            state: State::ImplicitDocumentStart,
            states: Vec::new(),
            marks: Vec::new(),
            tag_handles: HashMap::new(),
        })
    }

    pub(super) fn next_event(&mut self) -> Scan<Event<'t>> {
        match self.state {
            State::ImplicitDocumentStart => self.parse_implicit_document_start(),
            State::DocumentStart => self.parse_document_start(),
            State::DocumentContent => self.parse_document_content(),
            State::DocumentEnd => self.parse_document_end(),
            State::BlockNode => self.parse_node(Allowed::Block),
            State::BlockSequenceEntry => self.parse_block_sequence_entry(),
            State::IndentlessSequenceEntry => self.parse_indentless_sequence_entry(),
            State::BlockMappingKey => self.parse_block_mapping_key(),
            State::BlockMappingValue => self.parse_block_mapping_value(),
            State::FlowSequenceEntry { first } => self.parse_flow_sequence_entry(first),
            State::FlowSequenceEntryMappingKey => self.parse_flow_sequence_entry_mapping_key(),
            State::FlowSequenceEntryMappingValue => self.parse_flow_sequence_entry_mapping_value(),
            State::FlowSequenceEntryMappingEnd => {
                self.state = State::FlowSequenceEntry { first: false };
                let at = self.scanner.peek_token()?.start;
                Ok(event(EventKind::MappingEnd, at, at))
            }
            State::FlowMappingKey { first } => self.parse_flow_mapping_key(first),
            State::FlowMappingValue => self.parse_flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                self.state = State::FlowMappingKey { first: false };
                let at = self.scanner.peek_token()?.start;
                Ok(empty_scalar(at))
            }
            State::End => {
                let at = self.scanner.reader.mark;
                Ok(event(EventKind::StreamEnd, at, at))
            }
        }
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn fail(
        &self,
        context: Option<(String, Mark)>,
        problem: impl Into<String>,
        (start, end): (Mark, Mark),
    ) -> Box<ReadError> {
        let reader = &self.scanner.reader;
        let mut error = ReadError::plain("ParserError", problem, reader.span(start, end));
        error.mark = Some(start);
        if let Some((context, since)) = context {
            error.context = Some(context);
            error.context_mark = Some(since);
            error.context_span = Some(reader.span(since, start));
        }
        Box::new(error)
    }

    /// The error for the token that comes next, which is not `expected`.
    fn unexpected(&mut self, context: Option<(&str, Mark)>, expected: &str) -> Box<ReadError> {
        let (id, place) = match self.scanner.peek_token() {
            Ok(token) => (token.kind.id(), (token.start, token.end)),
            Err(error) => return error,
        };
        let context = context.map(|(text, since)| (text.to_owned(), since));
        self.fail(context, format!("{expected} {}", repr_str(id)), place)
    }

    fn innermost_mark(&self) -> Mark {
        self.marks.last().copied().unwrap_or_default()
    }

    fn parse_implicit_document_start(&mut self) -> Scan<Event<'t>> {
        if next_is!(self, TokenKind::Directive(_) | TokenKind::DocumentStart | TokenKind::StreamEnd)
        {
            return self.parse_document_start();
        }
        self.tag_handles = HashMap::new();
        let at = self.scanner.peek_token()?.start;
        self.states.push(State::DocumentEnd);
        self.state = State::BlockNode;
        Ok(event(EventKind::DocumentStart, at, at))
    }

    fn parse_document_start(&mut self) -> Scan<Event<'t>> {
        while next_is!(self, TokenKind::DocumentEnd) {
            self.scanner.take_token()?;
        }
        if next_is!(self, TokenKind::StreamEnd) {
            let token = self.scanner.take_token()?;
            self.state = State::End;
            return Ok(event(EventKind::StreamEnd, token.start, token.end));
        }
        let start = self.scanner.peek_token()?.start;
        self.process_directives()?;
        if !next_is!(self, TokenKind::DocumentStart) {
            return Err(self.unexpected(None, "expected '<document start>', but found"));
        }
        let token = self.scanner.take_token()?;
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(event(EventKind::DocumentStart, start, token.end))
    }

    fn parse_document_end(&mut self) -> Scan<Event<'t>> {
        let token = self.scanner.peek_token()?;
        let (start, mut end) = (token.start, token.start);
        if matches!(token.kind, TokenKind::DocumentEnd) {
            end = self.scanner.take_token()?.end;
        }
        self.state = State::DocumentStart;
        Ok(event(EventKind::DocumentEnd, start, end))
    }

    fn parse_document_content(&mut self) -> Scan<Event<'t>> {
        if next_is!(
            self,
            TokenKind::Directive(_)
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        ) {
            let at = self.scanner.peek_token()?.start;
            self.pop_state();
            return Ok(empty_scalar(at));
        }
        self.parse_node(Allowed::Block)
    }

    fn process_directives(&mut self) -> Scan<()> {
        let mut version_seen = false;
        self.tag_handles = HashMap::new();
        while next_is!(self, TokenKind::Directive(_)) {
            let token = self.scanner.take_token()?;
            let place = (token.start, token.end);
            match token.kind {
                TokenKind::Directive(Directive::Yaml { .. }) if version_seen => {
                    return Err(self.fail(None, "found duplicate YAML directive", place));
                }
                TokenKind::Directive(Directive::Yaml { compatible: false }) => {
                    let problem = "found incompatible YAML document (version 1.* is required)";
                    return Err(self.fail(None, problem, place));
                }
                TokenKind::Directive(Directive::Yaml { .. }) => version_seen = true,
                TokenKind::Directive(Directive::Tag(handle, prefix)) => {
                    let earlier = self.tag_handles.insert(handle, prefix);
                    if earlier.is_some() {
                        let problem = format!("duplicate tag handle {}", repr_str(handle));
                        return Err(self.fail(None, problem, place));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What a tag's handle stands for.
    fn tag_prefix(&self, handle: &str) -> Option<&str> {
        let declared = self.tag_handles.get(handle).map(|prefix| &**prefix);
        let default = || DEFAULT_TAGS.iter().find(|(known, _)| *known == handle);
        declared.or_else(|| default().map(|(_, prefix)| *prefix))
    }
}

fn event(kind: EventKind<'_>, start: Mark, end: Mark) -> Event<'_> {
    Event { kind, start, end }
}

fn empty_plain<'t>() -> Scalar<'t> {
    Scalar { text: Cow::Borrowed(""), style: Style::Plain, surrogate: false }
}

fn empty_scalar<'t>(at: Mark) -> Event<'t> {
    let properties = Properties { anchor: None, tag: None, plain: true, content: at };
    event(EventKind::Scalar(properties, empty_plain()), at, at)
}
