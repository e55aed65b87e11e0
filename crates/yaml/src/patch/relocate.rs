//! Moving a key with its lines, and the comments on and above them.

use super::PatchError;
use super::edit::{Editor, Edits, Slot};
use crate::node::{Content, Pair};
use crate::parser::Layout;
use crate::patch::write;
use crate::path::{Path, Step};

impl Editor<'_> {
    /// Takes the lines of a key elsewhere, as they are but for their indentation.
    pub(super) fn relocate(&self, from: &[Step], to: &str) -> Edits {
        let refuse = || self.not_editable();
        let to = Path::parse(to).ok_or_else(|| PatchError::NoSuchPath(to.to_owned()))?.0;
        let spot = self.find(from)?;
        let Slot::Pair(mut mapping, mut at) = spot.slot else { return Err(refuse()) };
        if spot.in_flow || spot.item.alias.is_some() {
            return Err(refuse());
        }
        let pair = &self.pairs(mapping)[at];
        let (start, end) = self.lines_of(pair)?;
        let lines = self.renamed(pair, (start, end), to.last())?;
        let width = self.column(self.place(pair.key).0);
        // A mapping that has nothing left goes as well.
        let mut gone = (start, end);
        let mut parent = &from[..from.len() - 1];
        while self.pairs(mapping).len() == 1 && !to.starts_with(parent) && !parent.is_empty() {
            let Slot::Pair(above, place) = self.find(parent)?.slot else { return Err(refuse()) };
            (mapping, at) = (above, place);
            let (above_start, above_end) = self.lines_of(&self.pairs(mapping)[at])?;
            gone = (above_start.min(gone.0), above_end.max(gone.1));
            parent = &parent[..parent.len() - 1];
        }
        let (behind, indent, above) = self.place_for(&to)?;
        let line_break = self.line_break();
        let mut written = String::new();
        for (depth, key) in above.iter().enumerate() {
            let pad = " ".repeat(indent + depth * self.step());
            written.push_str(&format!("{line_break}{pad}{}:", write::text(key)));
        }
        let indent = indent + above.len() * self.step();
        for line in lines.lines() {
            written.push_str(line_break);
            if line.trim().is_empty() {
                continue;
            }
            let rest = line.get(width..).filter(|_| line[..width].trim().is_empty());
            written.push_str(&" ".repeat(indent));
            written.push_str(rest.ok_or_else(refuse)?);
        }
        let removed_to = self.next_line(gone.1);
        // What stays of the mappings that go: their comments.
        let left = |from: usize, to: usize| {
            let lines = self.text.get(from..to).unwrap_or("").split_inclusive(['\n', '\r']);
            lines.filter(|line| line.trim_start().starts_with('#')).collect::<String>()
        };
        let kept = left(gone.0, start) + &left(self.next_line(end), removed_to);
        if (gone.0..=removed_to).contains(&behind) {
            let written = written.strip_prefix(line_break).unwrap_or(&written);
            return Ok(vec![self.edit(gone.0, removed_to, format!("{kept}{written}{line_break}"))]);
        }
        let at_end = removed_to == gone.1 && gone.0 > 0 && kept.is_empty();
        let removed_from = if at_end { self.line_end_before(gone.0) } else { gone.0 };
        Ok(vec![self.edit(behind, behind, written), self.edit(removed_from, removed_to, kept)])
    }

    /// The end of the line before the one that starts here.
    fn line_end_before(&self, start: usize) -> usize {
        let before = &self.text[..start];
        before
            .strip_suffix("\r\n")
            .or_else(|| before.strip_suffix(['\n', '\r']))
            .map_or(start, str::len)
    }

    /// The whole lines of a pair, and of the comments right above it, without the last line break.
    fn lines_of(&self, pair: &Pair) -> Result<(usize, usize), PatchError> {
        let (start, end) = self.pair_place(pair);
        let mut first = self.line_start(start);
        if !self.text[first..start].trim_matches(' ').is_empty() {
            return Err(self.not_editable());
        }
        let indent = &self.text[first..start];
        while first > 0 {
            let above = self.line_start(self.line_end_before(first));
            let line = &self.text[above..first];
            match line.strip_prefix(indent) {
                Some(line) if line.starts_with('#') => first = above,
                _ => break,
            }
        }
        Ok((first, self.line_end(end.max(start))))
    }

    /// The lines of a pair, its key renamed.
    fn renamed(
        &self,
        pair: &Pair,
        (start, end): (usize, usize),
        to: Option<&Step>,
    ) -> Result<String, PatchError> {
        self.after_colon(pair)?;
        let Some(Step::Key(name)) = to else { return Err(self.not_editable()) };
        let (key, key_end) = self.place(pair.key);
        let (before, after) = (self.text.get(start..key), self.text.get(key_end..end));
        let (Some(before), Some(after)) = (before, after) else { return Err(self.not_editable()) };
        Ok(format!("{before}{}{after}", write::text(name)))
    }

    /// Where a new key goes: behind which line, how far indented, and the keys that are to be
    /// written above it.
    fn place_for<'s>(&self, to: &'s [Step]) -> Result<(usize, usize, Vec<&'s str>), PatchError> {
        let refuse = || self.not_editable();
        let (spot, taken) = self.descend(to)?;
        let missing = to[taken..].iter().map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        });
        let mut missing = missing.collect::<Option<Vec<&str>>>().ok_or_else(refuse)?;
        if missing.pop().is_none() || spot.item.alias.is_some() || spot.in_flow {
            return Err(refuse());
        }
        let id = spot.item.node;
        if self.is_null(id)
            && let Slot::Pair(mapping, at) = spot.slot
        {
            let pair = &self.pairs(mapping)[at];
            let colon = self.after_colon(pair)?;
            let bare = self.place(pair.value).0 >= self.place(pair.value).1;
            let indent = self.column(self.place(pair.key).0) + self.step();
            return bare.then(|| (self.line_end(colon), indent, missing)).ok_or_else(refuse);
        }
        let Content::Mapping(pairs, Layout::Block) = &self.graph.nodes[id].content else {
            return Err(refuse());
        };
        let (first, last) = (pairs.first().ok_or_else(refuse)?, pairs.last().ok_or_else(refuse)?);
        let indent = self.column(self.place(first.key).0);
        Ok((self.line_end(self.pair_place(last).1), indent, missing))
    }
}
