//! Flow sequences and flow mappings.

use super::{Allowed, Event, EventKind, Layout, Parser, Properties, State, empty_scalar, event};
use crate::scanner::Scan;
use crate::token::{Token, TokenKind};

impl<'t> Parser<'t> {
    pub(super) fn parse_flow_sequence_entry(&mut self, first: bool) -> Scan<Event<'t>> {
        if !next_is!(self, TokenKind::FlowSequenceEnd) {
            if !first {
                if !next_is!(self, TokenKind::FlowEntry) {
                    let context = ("while parsing a flow sequence", self.innermost_mark());
                    return Err(self.unexpected(Some(context), "expected ',' or ']', but got"));
                }
                self.scanner.take_token()?;
            }
            if next_is!(self, TokenKind::Key) {
                let token: &Token<'t> = self.scanner.peek_token()?;
                let (start, end) = (token.start, token.end);
                self.state = State::FlowSequenceEntryMappingKey;
                let properties =
                    Properties { anchor: None, tag: None, plain: false, content: start };
                let kind = EventKind::MappingStart(properties, Layout::Flow);
                return Ok(event(kind, start, end));
            }
            if !next_is!(self, TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowSequenceEntry { first: false });
                return self.parse_node(Allowed::Flow);
            }
        }
        self.end_collection(EventKind::SequenceEnd)
    }

    pub(super) fn parse_flow_sequence_entry_mapping_key(&mut self) -> Scan<Event<'t>> {
        let token = self.scanner.take_token()?;
        if next_is!(self, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            self.state = State::FlowSequenceEntryMappingValue;
            return Ok(empty_scalar(token.end));
        }
        self.states.push(State::FlowSequenceEntryMappingValue);
        self.parse_node(Allowed::Flow)
    }

    pub(super) fn parse_flow_sequence_entry_mapping_value(&mut self) -> Scan<Event<'t>> {
        if !next_is!(self, TokenKind::Value) {
            self.state = State::FlowSequenceEntryMappingEnd;
            let at = self.scanner.peek_token()?.start;
            return Ok(empty_scalar(at));
        }
        let token = self.scanner.take_token()?;
        if next_is!(self, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            self.state = State::FlowSequenceEntryMappingEnd;
            return Ok(empty_scalar(token.end));
        }
        self.states.push(State::FlowSequenceEntryMappingEnd);
        self.parse_node(Allowed::Flow)
    }

    pub(super) fn parse_flow_mapping_key(&mut self, first: bool) -> Scan<Event<'t>> {
        if !next_is!(self, TokenKind::FlowMappingEnd) {
            if !first {
                if !next_is!(self, TokenKind::FlowEntry) {
                    let context = ("while parsing a flow mapping", self.innermost_mark());
                    return Err(self.unexpected(Some(context), "expected ',' or '}', but got"));
                }
                self.scanner.take_token()?;
            }
            if next_is!(self, TokenKind::Key) {
                let token = self.scanner.take_token()?;
                if next_is!(
                    self,
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd
                ) {
                    self.state = State::FlowMappingValue;
                    return Ok(empty_scalar(token.end));
                }
                self.states.push(State::FlowMappingValue);
                return self.parse_node(Allowed::Flow);
            }
            if !next_is!(self, TokenKind::FlowMappingEnd) {
                self.states.push(State::FlowMappingEmptyValue);
                return self.parse_node(Allowed::Flow);
            }
        }
        self.end_collection(EventKind::MappingEnd)
    }

    pub(super) fn parse_flow_mapping_value(&mut self) -> Scan<Event<'t>> {
        if !next_is!(self, TokenKind::Value) {
            self.state = State::FlowMappingKey { first: false };
            let at = self.scanner.peek_token()?.start;
            return Ok(empty_scalar(at));
        }
        let token = self.scanner.take_token()?;
        if next_is!(self, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
            self.state = State::FlowMappingKey { first: false };
            return Ok(empty_scalar(token.end));
        }
        self.states.push(State::FlowMappingKey { first: false });
        self.parse_node(Allowed::Flow)
    }
}
