//! A node: its anchor and tag, then its content.

use std::borrow::Cow;

use python::convert::repr_str;

use super::{Allowed, Event, EventKind, Layout, Parser, Properties, State, empty_plain, event};
use crate::error::Mark;
use crate::scanner::Scan;
use crate::token::{Style, TokenKind};

impl<'t> Parser<'t> {
    pub(super) fn parse_node(&mut self, allowed: Allowed) -> Scan<Event<'t>> {
        if next_is!(self, TokenKind::Alias(_)) {
            let token = self.scanner.take_token()?;
            self.pop_state();
            let TokenKind::Alias(name) = token.kind else {
                return Err(self.fail(None, "", (token.start, token.end)));
            };
            return Ok(event(EventKind::Alias(name), token.start, token.end));
        }
        let mut anchor = None;
        let mut tag = None;
        let mut place: Option<(Mark, Mark)> = None;
        loop {
            let token = self.scanner.peek_token()?;
            let (start, end) = (token.start, token.end);
            match &token.kind {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(*name),
                TokenKind::Tag(handle, suffix) if tag.is_none() => {
                    tag = Some((*handle, suffix.clone(), start));
                }
                _ => break,
            }
            self.scanner.take_token()?;
            place = Some((place.map_or(start, |(first, _)| first), end));
        }
        let tag = match tag {
            Some((handle, suffix, at)) => {
                // A tag was taken, so that there is a place.
                let start = place.map_or(at, |(start, _)| start);
                Some(self.resolve_handle(handle, suffix, start, at)?)
            }
            None => None,
        };
        self.parse_content(allowed, anchor, tag, place)
    }

    fn resolve_handle(
        &self,
        handle: Option<&'t str>,
        suffix: Cow<'t, str>,
        start: Mark,
        at: Mark,
    ) -> Scan<Cow<'t, str>> {
        let Some(handle) = handle else {
            return Ok(suffix);
        };
        if let Some(prefix) = self.tag_prefix(handle) {
            return Ok(Cow::Owned(format!("{prefix}{suffix}")));
        }
        let context = Some(("while parsing a node".to_owned(), start));
        let problem = format!("found undefined tag handle {}", repr_str(handle));
        Err(self.fail(context, problem, (at, self.scanner.reader.mark)))
    }

    fn parse_content(
        &mut self,
        allowed: Allowed,
        anchor: Option<&'t str>,
        tag: Option<Cow<'t, str>>,
        place: Option<(Mark, Mark)>,
    ) -> Scan<Event<'t>> {
        let block = allowed != Allowed::Flow;
        let token = self.scanner.peek_token()?;
        let (next_start, next_end) = (token.start, token.end);
        let (start, properties_end) = place.unwrap_or((next_start, next_start));
        let bare = anchor.is_none() && tag.is_none();
        let tagged = tag.as_deref().is_some_and(|tag| tag != "!");
        let non_specific = tag.as_deref() == Some("!");
        let properties =
            |plain, content| Properties { anchor, tag: tag.filter(|_| tagged), plain, content };
        let (state, kind, end) = match &token.kind {
            TokenKind::BlockEntry if allowed == Allowed::BlockOrIndentlessSequence => {
                let kind = EventKind::SequenceStart(properties(false, next_start), Layout::Block);
                (State::IndentlessSequenceEntry, kind, next_end)
            }
            TokenKind::Scalar(_) => {
                let TokenKind::Scalar(scalar) = self.scanner.take_token()?.kind else {
                    return Err(self.fail(None, "", (next_start, next_end)));
                };
                self.pop_state();
                let plain = non_specific || (scalar.style == Style::Plain && !tagged);
                let kind = EventKind::Scalar(properties(plain, next_start), scalar);
                return Ok(event(kind, start, next_end));
            }
            TokenKind::FlowSequenceStart => {
                let kind = EventKind::SequenceStart(properties(false, next_start), Layout::Flow);
                (State::FlowSequenceEntry { first: true }, kind, next_end)
            }
            TokenKind::FlowMappingStart => {
                let kind = EventKind::MappingStart(properties(false, next_start), Layout::Flow);
                (State::FlowMappingKey { first: true }, kind, next_end)
            }
            TokenKind::BlockSequenceStart if block => {
                let kind = EventKind::SequenceStart(properties(false, next_start), Layout::Block);
                (State::BlockSequenceEntry, kind, next_start)
            }
            TokenKind::BlockMappingStart if block => {
                let kind = EventKind::MappingStart(properties(false, next_start), Layout::Block);
                (State::BlockMappingKey, kind, next_start)
            }
            _ if !bare => {
                self.pop_state();
                let kind = EventKind::Scalar(properties(!tagged, properties_end), empty_plain());
                return Ok(event(kind, start, properties_end));
            }
            _ => {
                let name = if block { "block" } else { "flow" };
                let context = format!("while parsing a {name} node");
                let expected = "expected the node content, but found";
                return Err(self.unexpected(Some((&context, start)), expected));
            }
        };
        self.state = state;
        if !matches!(state, State::IndentlessSequenceEntry) {
            let token = self.scanner.take_token()?;
            self.marks.push(token.start);
        }
        Ok(event(kind, start, end))
    }

    /// Ends a collection at the token that comes next.
    pub(super) fn end_collection(&mut self, kind: EventKind<'t>) -> Scan<Event<'t>> {
        let token = self.scanner.take_token()?;
        self.pop_state();
        self.marks.pop();
        Ok(event(kind, token.start, token.end))
    }
}
