//! Block sequences and block mappings.

use super::{Allowed, Event, EventKind, Parser, State, empty_scalar, event};
use crate::scanner::Scan;
use crate::token::TokenKind;

impl<'t> Parser<'t> {
    pub(super) fn parse_block_sequence_entry(&mut self) -> Scan<Event<'t>> {
        if next_is!(self, TokenKind::BlockEntry) {
            let token = self.scanner.take_token()?;
            if next_is!(self, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                self.state = State::BlockSequenceEntry;
                return Ok(empty_scalar(token.end));
            }
            self.states.push(State::BlockSequenceEntry);
            return self.parse_node(Allowed::Block);
        }
        if !next_is!(self, TokenKind::BlockEnd) {
            let context = ("while parsing a block collection", self.innermost_mark());
            return Err(self.unexpected(Some(context), "expected <block end>, but found"));
        }
        self.end_collection(EventKind::SequenceEnd)
    }

    pub(super) fn parse_indentless_sequence_entry(&mut self) -> Scan<Event<'t>> {
        if next_is!(self, TokenKind::BlockEntry) {
            let token = self.scanner.take_token()?;
            if next_is!(
                self,
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
            ) {
                self.state = State::IndentlessSequenceEntry;
                return Ok(empty_scalar(token.end));
            }
            self.states.push(State::IndentlessSequenceEntry);
            return self.parse_node(Allowed::Block);
        }
        let at = self.scanner.peek_token()?.start;
        self.pop_state();
        Ok(event(EventKind::SequenceEnd, at, at))
    }

    pub(super) fn parse_block_mapping_key(&mut self) -> Scan<Event<'t>> {
        if next_is!(self, TokenKind::Key) {
            let token = self.scanner.take_token()?;
            if next_is!(self, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
                self.state = State::BlockMappingValue;
                return Ok(empty_scalar(token.end));
            }
            self.states.push(State::BlockMappingValue);
            return self.parse_node(Allowed::BlockOrIndentlessSequence);
        }
        if !next_is!(self, TokenKind::BlockEnd) {
            let context = ("while parsing a block mapping", self.innermost_mark());
            return Err(self.unexpected(Some(context), "expected <block end>, but found"));
        }
        self.end_collection(EventKind::MappingEnd)
    }

    pub(super) fn parse_block_mapping_value(&mut self) -> Scan<Event<'t>> {
        if !next_is!(self, TokenKind::Value) {
            self.state = State::BlockMappingKey;
            let at = self.scanner.peek_token()?.start;
            return Ok(empty_scalar(at));
        }
        let token = self.scanner.take_token()?;
        if next_is!(self, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.state = State::BlockMappingKey;
            return Ok(empty_scalar(token.end));
        }
        self.states.push(State::BlockMappingKey);
        self.parse_node(Allowed::BlockOrIndentlessSequence)
    }
}
