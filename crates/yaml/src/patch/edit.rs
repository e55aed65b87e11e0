//! Where an operation's edits go.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Operation, PatchError, write};
use crate::node::{Content, Graph, Item, NodeId, Pair, Tag};
use crate::parser::Layout;
use crate::path::Step;
use base::finding::Edit;
use base::source::{SourceId, Span};

pub(super) type Edits = Result<Vec<Edit>, PatchError>;

pub(super) struct Editor<'g> {
    pub(super) source: SourceId,
    pub(super) text: &'g str,
    pub(super) graph: &'g Graph<'g>,
    pub(super) keys: &'g Keys<'g>,
    pub(super) path: &'g str,
}

/// Where the keys of all mappings stand: the numbers of the pairs that have them, in order.
pub(super) struct Keys<'g>(HashMap<NodeId, HashMap<&'g str, Vec<usize>>>);

impl<'g> Keys<'g> {
    pub(super) fn of(graph: &'g Graph<'_>) -> Self {
        let mut keys = HashMap::new();
        for (id, node) in graph.nodes.iter().enumerate() {
            let Content::Mapping(pairs, _) = &node.content else { continue };
            let own: &mut HashMap<&str, Vec<usize>> = keys.entry(id).or_default();
            for (at, pair) in pairs.iter().enumerate() {
                let key = &graph.nodes[pair.key.node];
                if let (Content::Scalar(scalar), Tag::Str | Tag::Value) = (&key.content, &key.tag) {
                    own.entry(&scalar.text).or_default().push(at);
                }
            }
        }
        Self(keys)
    }
}

/// Where a value hangs.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Root,
    /// The pair of this number in a mapping.
    Pair(NodeId, usize),
    /// The item of this number in a sequence.
    Item(usize),
}

/// A place on the way down a path.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) slot: Slot,
    pub(super) item: Item,
    /// Inside a flow collection, where everything is.
    pub(super) in_flow: bool,
}

impl Editor<'_> {
    /// The ways to make a change, the best first.
    pub(super) fn candidates(&self, steps: &[Step], operation: &Operation) -> Vec<Edits> {
        match operation {
            Operation::Rename { to, .. } => vec![self.rename(steps, to)],
            Operation::Remove { .. } => vec![self.remove(steps)],
            Operation::Move { to, .. } => vec![self.relocate(steps, to)],
            Operation::Replace { value, .. } => vec![self.replace(steps, value)],
            Operation::Set { value, .. } => self.set(steps, value),
            Operation::Append { value, .. } => self.append(steps, value),
        }
    }

    pub(super) fn not_editable(&self) -> PatchError {
        PatchError::NotEditable(self.path.to_owned())
    }

    pub(super) fn edit(&self, start: usize, end: usize, text: impl Into<String>) -> Edit {
        Edit { span: Span::new(self.source, start, end), text: text.into() }
    }

    pub(super) fn place(&self, item: Item) -> (usize, usize) {
        let (start, end) = self.graph.place(item);
        (start.offset as usize, end.offset as usize)
    }

    pub(super) fn pairs(&self, id: NodeId) -> &[Pair] {
        match &self.graph.nodes[id].content {
            Content::Mapping(pairs, _) => pairs,
            _ => &[],
        }
    }

    fn items(&self, id: NodeId) -> &[Item] {
        match &self.graph.nodes[id].content {
            Content::Sequence(items, _) => items,
            _ => &[],
        }
    }

    pub(super) fn is_flow(&self, id: NodeId) -> bool {
        match self.graph.nodes[id].content {
            Content::Sequence(_, layout) | Content::Mapping(_, layout) => layout == Layout::Flow,
            Content::Scalar(_) => false,
        }
    }

    /// The numbers of the pairs that have a key.
    fn named(&self, mapping: NodeId, key: &str) -> &[usize] {
        self.keys.0.get(&mapping).and_then(|keys| keys.get(key)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_null(&self, id: NodeId) -> bool {
        self.graph.nodes[id].tag == Tag::Null
    }

    /// Goes down as far as the text does; gives the place and the number of steps taken.
    pub(super) fn descend(&self, steps: &[Step]) -> Result<(Spot, usize), PatchError> {
        let root = self.graph.root.ok_or_else(|| PatchError::NoSuchPath(self.path.to_owned()))?;
        let mut spot = Spot { slot: Slot::Root, item: root, in_flow: false };
        for (depth, step) in steps.iter().enumerate() {
            let id = spot.item.node;
            if spot.item.alias.is_some() {
                return Err(PatchError::Alias(self.path.to_owned()));
            }
            let next = match step {
                Step::Key(key) => {
                    let last = self.named(id, key).last();
                    last.map(|at| (Slot::Pair(id, *at), self.pairs(id)[*at].value))
                }
                Step::Index(at) => self.items(id).get(*at).map(|item| (Slot::Item(*at), *item)),
            };
            let Some((place, item)) = next else {
                return Ok((spot, depth));
            };
            spot = Spot { slot: place, item, in_flow: spot.in_flow || self.is_flow(id) };
        }
        Ok((spot, steps.len()))
    }

    /// The place at a path's end.
    pub(super) fn find(&self, steps: &[Step]) -> Result<Spot, PatchError> {
        let (spot, taken) = self.descend(steps)?;
        if taken == steps.len() {
            return Ok(spot);
        }
        let merges = self.pairs(spot.item.node).iter();
        let merges = merges.filter(|pair| self.graph.nodes[pair.key.node].tag == Tag::Merge);
        Err(match merges.count() {
            0 => PatchError::NoSuchPath(self.path.to_owned()),
            _ => PatchError::Merged(self.path.to_owned()),
        })
    }

    /// The text from here to there; nothing where the order is another.
    fn between(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind(['\n', '\r']).map_or(0, |line_break| line_break + 1)
    }

    /// Where a line ends, before its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |length| at + length)
    }

    /// Behind the line break of a line that ends at `end`.
    pub(super) fn next_line(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let length = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
        end + length
    }

    pub(super) fn line_break(&self) -> &'static str {
        match self.text.find(['\n', '\r']) {
            Some(at) if self.text[at..].starts_with("\r\n") => "\r\n",
            Some(at) if self.text[at..].starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    pub(super) fn column(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..at];
        line.chars().filter(|c| *c != '\u{feff}').count()
    }

    /// How far the text indents: as its first nested block does, else by 2.
    pub(super) fn step(&self) -> usize {
        let nested = self.graph.nodes.iter().find_map(|node| match &node.content {
            Content::Mapping(pairs, Layout::Block) => pairs.iter().find_map(|pair| {
                let value = &self.graph.nodes[pair.value.node];
                let block = matches!(value.content, Content::Mapping(_, Layout::Block));
                let (key, value) = (self.place(pair.key).0, self.place(pair.value).0);
                let width = self.column(value).checked_sub(self.column(key))?;
                let fits = block && pair.value.alias.is_none() && (1..=8).contains(&width);
                fits.then_some(width)
            }),
            _ => None,
        });
        nested.unwrap_or(2)
    }

    /// Behind the `:` of a pair; an error for `? key` and keys that are aliases.
    pub(super) fn after_colon(&self, pair: &Pair) -> Result<usize, PatchError> {
        let end = self.place(pair.key).1;
        let rest = &self.text[end..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest[blanks..].starts_with(':') && pair.key.alias.is_none() {
            Ok(end + blanks + 1)
        } else {
            Err(self.not_editable())
        }
    }

    fn rename(&self, steps: &[Step], to: &str) -> Edits {
        let Slot::Pair(mapping, _) = self.find(steps)?.slot else {
            return Err(self.not_editable());
        };
        let Some(Step::Key(key)) = steps.last() else {
            return Err(self.not_editable());
        };
        let same = self.named(mapping, key).iter().map(|at| &self.pairs(mapping)[*at]);
        same.map(|pair| {
            if pair.key.alias.is_some() {
                return Err(PatchError::Alias(self.path.to_owned()));
            }
            let start = self.graph.nodes[pair.key.node].content_start.offset as usize;
            Ok(self.edit(start, self.place(pair.key).1, write::text(to)))
        })
        .collect()
    }

    fn replace(&self, steps: &[Step], value: &Json) -> Edits {
        self.replace_at(self.find(steps)?, value)
    }

    pub(super) fn replace_at(&self, spot: Spot, value: &Json) -> Edits {
        let (start, end) = self.place(spot.item);
        let on_lines = write::wants_lines(value) && !spot.in_flow;
        match spot.slot {
            Slot::Pair(mapping, at) => {
                let pair = &self.pairs(mapping)[at];
                let colon = self.after_colon(pair)?;
                if on_lines {
                    let indent = self.column(self.place(pair.key).0) + self.step();
                    return Ok(self.beside(colon, (start, end), "", &self.block(value, indent)));
                }
                let value = write::flow(value);
                if spot.in_flow || !self.between(colon, start).contains(['\n', '\r']) {
                    let blank = if start == colon { " " } else { "" };
                    return Ok(vec![self.edit(start, end, format!("{blank}{value}"))]);
                }
                Ok(self.beside(colon, (start, end), &format!(" {value}"), ""))
            }
            Slot::Item(..) | Slot::Root => {
                let blank = if start > 0 && self.text[..start].ends_with('-') { " " } else { "" };
                let written = if on_lines {
                    self.block(value, self.column(start) + blank.len()).trim_start().to_owned()
                } else {
                    write::flow(value)
                };
                Ok(vec![self.edit(start, end, format!("{blank}{written}"))])
            }
        }
    }

    /// Writes `inline` behind a colon and `below` under its line in place of a value, so that a
    /// comment behind the colon stays where it is.
    fn beside(
        &self,
        colon: usize,
        (start, end): (usize, usize),
        inline: &str,
        below: &str,
    ) -> Vec<Edit> {
        let head = self.line_end(colon);
        if start >= head && end > head {
            // The value is under its key.
            return vec![self.edit(colon, colon, inline), self.edit(head, end, below)];
        }
        let tail = self.line_end(end);
        vec![self.edit(colon, end, inline), self.edit(tail, tail, below)]
    }

    /// A value's lines, each with the line break before it.
    pub(super) fn block(&self, value: &Json, indent: usize) -> String {
        let lines = write::lines(value, indent, self.step());
        let mut text = String::new();
        for line in lines {
            text.push_str(self.line_break());
            text.push_str(&line);
        }
        text
    }

    fn remove(&self, steps: &[Step]) -> Edits {
        let spot = self.find(steps)?;
        let parent = self.find(&steps[..steps.len().saturating_sub(1)])?;
        let id = parent.item.node;
        let (pairs, items) = (self.pairs(id), self.items(id));
        let gone: Vec<usize> = match (spot.slot, steps.last()) {
            (Slot::Pair(..), Some(Step::Key(key))) => self.named(id, key).to_vec(),
            (Slot::Item(at), _) => vec![at],
            _ => return Err(self.not_editable()),
        };
        // Only those near by are looked at: a mapping of thousands may lose each of its keys in turn.
        let place = |at: usize| match items.get(at) {
            None => Ok(self.pair_place(&pairs[at])),
            Some(item) if self.is_flow(id) => Ok(self.place(*item)),
            Some(item) => self.dashed(*item).ok_or_else(|| self.not_editable()),
        };
        let count = pairs.len().max(items.len());
        if gone.len() == count {
            let places: Vec<(usize, usize)> = (0..count).map(place).collect::<Result<_, _>>()?;
            return self.empty(parent, &places);
        }
        let remove_one = |&at: &usize| {
            let next = (at + 1 < count).then(|| place(at + 1)).transpose()?.map(|place| place.0);
            Ok(if self.is_flow(id) {
                let before = (at > 0).then(|| place(at - 1)).transpose()?.map(|place| place.1);
                self.remove_from_flow(place(at)?, before, next)
            } else {
                self.remove_from_block(place(at)?, next)
            })
        };
        gone.iter().map(remove_one).collect()
    }

    /// From a pair's key to the end of its value or colon.
    pub(super) fn pair_place(&self, pair: &Pair) -> (usize, usize) {
        let (start, key_end) = self.place(pair.key);
        let colon = self.after_colon(pair).unwrap_or(key_end);
        let (value_start, value_end) = self.place(pair.value);
        (start, if value_start >= colon { value_end.max(colon) } else { colon })
    }

    /// From an item's dash to its end.
    pub(super) fn dashed(&self, item: Item) -> Option<(usize, usize)> {
        let (start, end) = self.place(item);
        let before = self.text[..start].trim_end();
        before.ends_with('-').then(|| (before.len() - 1, end))
    }

    fn remove_from_block(&self, (start, end): (usize, usize), next: Option<usize>) -> Edit {
        let line = self.line_start(start);
        let tail = self.line_end(end);
        let after = self.next_line(tail);
        if self.text[line..start].trim_matches([' ', '\u{feff}']).is_empty() {
            let first = line + self.text[line..start].len()
                - self.text[line..start].trim_start_matches('\u{feff}').len();
            if after == tail && line > 0 {
                // The last line, and no line break ends it: the one before goes.
                let before = self.text[..line].trim_end_matches(['\n', '\r']).len();
                let keep = self.text[..line].len() - before;
                let width = if self.text[..line].ends_with("\r\n") { 2 } else { 1 };
                return self.edit(line - width.min(keep), tail, "");
            }
            return self.edit(first, after, "");
        }
        // Behind a dash: what follows moves up, unless a comment is between.
        match next {
            Some(next) if self.between(tail, next).trim().is_empty() => self.edit(start, next, ""),
            _ => self.edit(start, tail, ""),
        }
    }

    fn remove_from_flow(
        &self,
        (start, end): (usize, usize),
        before: Option<usize>,
        next: Option<usize>,
    ) -> Edit {
        match (before, next) {
            (_, Some(next)) if !self.between(end, next).contains('#') => self.edit(start, next, ""),
            (_, Some(next)) => {
                let comma = self.between(end, next).find(',').map_or(0, |at| at + 1);
                self.edit(start, end + comma, "")
            }
            (Some(before), None) => self.edit(before, end, ""),
            (None, None) => self.edit(start, end, ""),
        }
    }

    /// Leaves `{}` or `[]` of a collection whose every part goes.
    fn empty(&self, parent: Spot, places: &[(usize, usize)]) -> Edits {
        let id = parent.item.node;
        let empty = if self.pairs(id).is_empty() {
            Json::Array(vec![])
        } else {
            Json::Object(serde_json::Map::new())
        };
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Err(self.not_editable());
        };
        let node = &self.graph.nodes[id];
        let bare = node.start == node.content_start;
        if self.is_flow(id) || !bare {
            let (open, close) = (node.content_start.offset as usize, node.end.offset as usize);
            return Ok(vec![self.edit(open, close, write::flow(&empty))]);
        }
        match parent.slot {
            Slot::Pair(mapping, at) => {
                let colon = self.after_colon(&self.pairs(mapping)[at])?;
                let mut edits = self.beside(colon, (first.0, last.1), " {}", "");
                // A comment behind the last value goes with it.
                if let Some(edit) = edits.last_mut() {
                    let end = self.line_end(last.1);
                    edit.span = Span::new(self.source, edit.span.start as usize, end);
                }
                edits[0].text = format!(" {}", write::flow(&empty));
                Ok(edits)
            }
            _ => Ok(vec![self.edit(first.0, last.1, write::flow(&empty))]),
        }
    }
}
