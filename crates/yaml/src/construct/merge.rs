//! Merge keys (`<<`): `SafeConstructor.flatten_mapping`.

use std::collections::HashSet;

use super::Constructor;
use crate::composer::{MAX_DEPTH, too_deep};
use crate::error::ReadError;
use crate::node::{Content, Item, NodeId, Pair, PlaceId, Tag};
use crate::scanner::Scan;

/// How many pairs merge keys may copy in all. PyYAML has no limit and takes what time and memory
/// it takes; no configuration comes near.
const MAX_MERGED_PAIRS: usize = 4_000_000;

impl Constructor<'_> {
    /// Puts the pairs of merged mappings in front of a mapping's own, and makes `=` keys strings.
    pub(super) fn flatten_mapping(&mut self, id: NodeId, depth: usize) -> Scan<()> {
        if depth > 2 * MAX_DEPTH {
            return Err(too_deep(self.node_span(id)));
        }
        let special =
            |pair: &Pair| matches!(self.graph.nodes[pair.key.node].tag, Tag::Merge | Tag::Value);
        if !self.pairs(id).iter().any(special) {
            return Ok(());
        }
        let mut merge = Vec::new();
        let mut index = 0;
        while let Some(Pair { key, value, .. }) = self.pairs(id).get(index).copied() {
            match self.graph.nodes[key.node].tag {
                Tag::Merge => {
                    if let Content::Mapping(pairs, _) = &mut self.graph.nodes[id].content {
                        pairs.remove(index);
                    }
                    self.merge_value(id, value, depth, &mut merge)?;
                }
                Tag::Value => {
                    self.graph.nodes[key.node].tag = Tag::Str;
                    index += 1;
                }
                _ => index += 1,
            }
        }
        if merge.is_empty() {
            return Ok(());
        }
        let merge = without_idle_repeats(merge);
        self.merged_pairs += merge.len();
        if self.merged_pairs > MAX_MERGED_PAIRS {
            let span = self.node_span(id);
            let problem = "merge keys copy too much";
            return Err(Box::new(ReadError::plain("MemoryError", problem, span)));
        }
        if let Content::Mapping(pairs, _) = &mut self.graph.nodes[id].content {
            pairs.splice(0..0, merge);
        }
        Ok(())
    }

    /// Adds what one merge key brings: a mapping's pairs, or those of a list of mappings, the
    /// first mapping last, since the last pair wins.
    fn merge_value(
        &mut self,
        id: NodeId,
        value: Item,
        depth: usize,
        merge: &mut Vec<Pair>,
    ) -> Scan<()> {
        let place = self.noted_place(value);
        match &self.graph.nodes[value.node].content {
            Content::Mapping(..) => {
                self.flatten_mapping(value.node, depth + 1)?;
                merge.extend(self.pairs_from(value.node, place));
                Ok(())
            }
            Content::Sequence(items, _) => {
                let mut submerge = Vec::new();
                for item in items.clone() {
                    if !matches!(self.graph.nodes[item.node].content, Content::Mapping(..)) {
                        let found = self.graph.nodes[item.node].id();
                        let problem = format!("expected a mapping for merging, but found {found}");
                        let context = Some(("while constructing a mapping", id));
                        return Err(self.fail(context, problem, item.node));
                    }
                    self.flatten_mapping(item.node, depth + 1)?;
                    let place = self.noted_place(item);
                    submerge.push(self.pairs_from(item.node, place));
                }
                merge.extend(submerge.into_iter().rev().flatten());
                Ok(())
            }
            Content::Scalar(_) => {
                let problem =
                    "expected a mapping or list of mappings for merging, but found scalar";
                let context = Some(("while constructing a mapping", id));
                Err(self.fail(context, problem, value.node))
            }
        }
    }

    fn noted_place(&mut self, item: Item) -> PlaceId {
        item.alias.unwrap_or_else(|| self.graph.note_place(self.graph.place(item)))
    }

    fn pairs_from(&self, id: NodeId, place: PlaceId) -> Vec<Pair> {
        let pairs = self.pairs(id).iter();
        pairs.map(|pair| Pair { merged: Some(place), ..*pair }).collect()
    }
}

/// Leaves the first and the last of equal pairs: the first places the key, the last sets the
/// value, and those between change nothing. Without this, mappings that merge one another twice
/// would double at each step.
fn without_idle_repeats(pairs: Vec<Pair>) -> Vec<Pair> {
    if pairs.len() < 32 {
        return pairs;
    }
    let id = |pair: &Pair| (pair.key.node, pair.value.node);
    let mut seen = HashSet::with_capacity(pairs.len());
    let first: Vec<bool> = pairs.iter().map(|pair| seen.insert(id(pair))).collect();
    seen.clear();
    let mut kept: Vec<Pair> = Vec::with_capacity(pairs.len());
    for (pair, first) in pairs.into_iter().zip(first).rev() {
        let last = seen.insert(id(&pair));
        if first || last {
            kept.push(pair);
        }
    }
    kept.reverse();
    kept
}
