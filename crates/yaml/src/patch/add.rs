//! Where what is new goes: entries and items that are not there yet.

use serde_json::Value as Json;

use super::edit::{Editor, Edits, Slot, Spot};
use super::{PatchError, write};
use crate::node::{Content, NodeId};
use crate::parser::Layout;
use crate::path::Step;
use base::finding::Edit;

impl Editor<'_> {
    pub(super) fn set(&self, steps: &[Step], value: &Json) -> Vec<Edits> {
        match self.descend(steps) {
            _ if self.graph.root.is_none() => vec![self.add_to_empty_text(steps, value)],
            Err(error) => vec![Err(error)],
            Ok((spot, taken)) if taken == steps.len() => vec![self.replace_at(spot, value)],
            Ok((spot, taken)) => self.add(spot, &steps[taken..], value),
        }
    }

    pub(super) fn append(&self, steps: &[Step], value: &Json) -> Vec<Edits> {
        match self.descend(steps) {
            Ok((spot, taken)) if taken == steps.len() && !self.is_null(spot.item.node) => {
                if spot.item.alias.is_some() {
                    return vec![Err(PatchError::Alias(self.path.to_owned()))];
                }
                vec![self.append_to(spot, value)]
            }
            _ => self.set(steps, &Json::Array(vec![value.clone()])),
        }
    }

    pub(super) fn append_to(&self, spot: Spot, value: &Json) -> Edits {
        let id = spot.item.node;
        let Content::Sequence(items, layout) = &self.graph.nodes[id].content else {
            return Err(self.not_editable());
        };
        match (items.last(), layout) {
            (Some(last), Layout::Block) => {
                let (dash, end) = self.dashed(*last).ok_or_else(|| self.not_editable())?;
                let item = Json::Array(vec![value.clone()]);
                let column = self.column(dash);
                let written = if write::wants_lines(&item) {
                    self.block(&item, column)
                } else {
                    let pad = " ".repeat(column);
                    format!("{}{pad}- {}", self.line_break(), write::flow(value))
                };
                let at = self.line_end(end);
                Ok(vec![self.edit(at, at, written)])
            }
            (last, _) => {
                let last = last.map(|last| self.place(*last).1);
                Ok(vec![self.add_to_flow(id, last, &write::flow(value))])
            }
        }
    }

    /// Writes into a flow collection, behind its last part.
    pub(super) fn add_to_flow(&self, id: NodeId, last: Option<usize>, written: &str) -> Edit {
        match last {
            Some(at) => self.edit(at, at, format!(", {written}")),
            None => {
                let at = self.graph.nodes[id].content_start.offset as usize + 1;
                self.edit(at, at, written)
            }
        }
    }

    fn add_to_empty_text(&self, steps: &[Step], value: &Json) -> Edits {
        let written = self.block(&nest(steps, value).ok_or_else(|| self.not_editable())?, 0);
        let line_break = self.line_break();
        let at = self.text.len();
        let fresh = self.text.is_empty() || self.text.ends_with(['\n', '\r']);
        let written = if fresh { &written[line_break.len()..] } else { &written };
        Ok(vec![self.edit(at, at, format!("{written}{line_break}"))])
    }

    /// Adds a key to the mapping, or to the nothing, that a path leads to so far.
    pub(super) fn add(&self, spot: Spot, steps: &[Step], value: &Json) -> Vec<Edits> {
        let id = spot.item.node;
        let Some(nested) = nest(steps, value) else {
            return vec![Err(self.not_editable())];
        };
        if spot.item.alias.is_some() {
            return vec![Err(PatchError::Alias(self.path.to_owned()))];
        }
        if self.is_null(id) {
            if matches!(spot.slot, Slot::Root) {
                return vec![self.add_to_empty_text(steps, value)];
            }
            return vec![self.replace_at(spot, &nested)];
        }
        let Content::Mapping(pairs, layout) = &self.graph.nodes[id].content else {
            return vec![Err(self.not_editable())];
        };
        let (Some(first), Some(last), Layout::Block) = (pairs.first(), pairs.last(), layout) else {
            if !spot.in_flow
                && pairs.is_empty()
                && write::wants_lines(&nested)
                && !matches!(spot.slot, Slot::Root)
            {
                return vec![self.replace_at(spot, &nested)];
            }
            let written = write::flow(&nested);
            let last = pairs.last().map(|pair| self.pair_place(pair).1);
            return vec![Ok(vec![self.add_to_flow(id, last, &written[1..written.len() - 1])])];
        };
        let start = self.place(first.key).0;
        let indent = self.column(start);
        let written = self.block(&nested, indent);
        let behind = self.line_end(self.pair_place(last).1);
        // Where the last value is a text that keeps its blank lines, the front is the place.
        let line_break = self.line_break();
        let front = format!("{}{line_break}{}", written.trim_start(), " ".repeat(indent));
        vec![Ok(vec![self.edit(behind, behind, written)]), Ok(vec![self.edit(start, start, front)])]
    }
}

/// A value inside the mappings that a path names.
fn nest(steps: &[Step], value: &Json) -> Option<Json> {
    steps.iter().rev().try_fold(value.clone(), |value, step| match step {
        Step::Key(key) => {
            let mut map = serde_json::Map::new();
            map.insert(key.clone(), value);
            Some(Json::Object(map))
        }
        Step::Index(_) => None,
    })
}
