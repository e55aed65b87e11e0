//! What is at a place.

use super::{Entry, EntryId, Name, Outline, Scalar};

/// What is at a place, or could.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A key, or a word where a key could be.
    Key(EntryId),
    /// The value of an entry; an empty one where it could be.
    Value(EntryId, Scalar),
    /// Nothing yet: a key or an element of this entry could be there.
    Gap(EntryId, Gap),
}

/// Where nothing stands yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// A line of its own, or behind a dash.
    Block {
        /// The column, from 0.
        column: usize,
    },
    /// Within brackets.
    Flow {
        mapping: bool,
        /// Whether a comma must come first.
        comma_before: bool,
        /// Whether one must follow.
        comma_after: bool,
    },
}

impl Outline<'_> {
    /// What is at an offset, which is on a character boundary.
    pub(crate) fn spot(&self, offset: usize) -> Option<Spot> {
        if self.comments.iter().any(|comment| comment.start < offset && offset <= comment.end)
            || self.literals.iter().any(|text| text.start < offset && offset < text.end)
        {
            return None;
        }
        let at_key = |entry: &Entry| {
            entry.key_name().is_some() && (entry.key.start..=entry.key.end).contains(&offset)
        };
        for (id, entry) in self.entries.iter().enumerate() {
            if at_key(entry) {
                return Some(Spot::Key(id));
            }
            if let Some(value) = &entry.value
                && (value.range.start..=value.range.end).contains(&offset)
            {
                return Some(Spot::Value(id, value.clone()));
            }
        }
        self.in_flow(offset).or_else(|| self.on_line(offset)).or_else(|| self.on_blank(offset))
    }

    fn empty_value(entry: EntryId, offset: usize) -> Spot {
        Spot::Value(entry, Scalar::plain(offset..offset))
    }

    fn in_flow(&self, offset: usize) -> Option<Spot> {
        let mut around =
            self.flows.iter().filter(|flow| flow.open < offset && offset <= flow.close);
        let flow = around.next_back()?;
        let before = self.children(flow.owner).filter(|(_, entry)| entry.key.start < offset);
        let previous = before.last();
        let end = previous.map_or(flow.open + 1, |(id, entry)| {
            let inside = self.flows.iter().find(|flow| flow.owner == id).map(|flow| flow.close + 1);
            let value = entry.value.as_ref().map(|value| value.range.end);
            inside.or(value).or(entry.colon.map(|at| at + 1)).unwrap_or(entry.key.end)
        });
        let between = self.text.get(end..offset).unwrap_or("");
        let comma = between.contains(',');
        if let Some((id, entry)) = previous
            && flow.mapping
            && !comma
            && entry.colon.is_some_and(|colon| colon < offset)
            && entry.value.is_none()
            && !self.flows.iter().any(|flow| flow.owner == id)
        {
            return Some(Self::empty_value(id, offset));
        }
        let rest = self.text[offset..flow.close.max(offset)].trim_start();
        let gap = Gap::Flow {
            mapping: flow.mapping,
            comma_before: previous.is_some() && !comma,
            comma_after: !rest.is_empty() && !rest.starts_with([',', '#']),
        };
        Some(Spot::Gap(flow.owner, gap))
    }

    /// Behind a colon or a dash, where nothing follows.
    fn on_line(&self, offset: usize) -> Option<Spot> {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let mut entries = self.entries.iter().enumerate();
        let on_line = |(_, entry): &(EntryId, &Entry)| {
            entry.key.start >= start && entry.key.end <= offset && entry.name != Name::Document
        };
        let (id, entry) = entries.rfind(on_line)?;
        let end = entry.colon.map_or(entry.key.end, |colon| colon + 1);
        let between = self.text.get(end..offset)?;
        if entry.value.is_some() || !between.trim().is_empty() {
            return None;
        }
        match entry.name {
            Name::Key(_) if entry.colon.is_some() => Some(Self::empty_value(id, offset)),
            Name::Item(_) if !between.is_empty() && self.is_line_end(offset) => {
                Some(Spot::Gap(id, Gap::Block { column: offset - start }))
            }
            _ => None,
        }
    }

    fn is_line_end(&self, offset: usize) -> bool {
        let rest = self.text[offset..].lines().next().unwrap_or("").trim();
        rest.is_empty() || rest.starts_with('#')
    }

    /// On a blank line: by the column, what a key there would be in.
    fn on_blank(&self, offset: usize) -> Option<Spot> {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let blank = self.text[start..offset].bytes().all(|byte| byte == b' ');
        if !blank || !self.is_line_end(offset) {
            return None;
        }
        let column = offset - start;
        let wanted = isize::try_from(column).ok()?;
        let gap = Gap::Block { column };
        let mut entries = self.entries.iter().enumerate();
        let (last, _) = entries.rfind(|(_, entry)| !entry.in_flow && entry.key.start <= offset)?;
        let mut inside: Option<EntryId> = None;
        for id in self.ancestors(last) {
            let entry = &self.entries[id];
            if wanted > entry.column {
                let child = inside.or_else(|| {
                    self.children(id).find(|(_, child)| !child.in_flow).map(|(child, _)| child)
                });
                let fits = match child {
                    Some(child) => self.entries[child].column == wanted,
                    None => {
                        let unfinished = entry.key_name().is_some() && entry.colon.is_none();
                        let brackets = self.flows.iter().any(|flow| flow.owner == id);
                        entry.value.is_none() && !unfinished && !brackets
                    }
                };
                return fits.then_some(Spot::Gap(id, gap));
            }
            inside = Some(id);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, Spot};
    use crate::outline::{Name, Outline};

    /// What is at the `|`, in words.
    fn at(text: &str) -> String {
        let offset = text.find('|').expect("a cursor");
        let text = text.replacen('|', "", 1);
        let outline = Outline::new(&text);
        let name = |id: usize| match &outline.entries[id].name {
            Name::Document => "root".to_owned(),
            Name::Key(name) => name.clone(),
            Name::Item(index) => format!("[{index}]"),
        };
        match outline.spot(offset) {
            None => "nothing".to_owned(),
            Some(Spot::Key(id)) => format!("key {}", name(id)),
            Some(Spot::Value(id, value)) => {
                format!("value of {}: {:?}", name(id), outline.scalar_text(&value))
            }
            Some(Spot::Gap(id, Gap::Block { column })) => {
                format!("gap in {} at {column}", name(id))
            }
            Some(Spot::Gap(id, Gap::Flow { mapping, comma_before, comma_after })) => {
                let kind = if mapping { "map" } else { "list" };
                let before = if comma_before { ", before" } else { "" };
                let after = if comma_after { ", after" } else { "" };
                format!("{kind} gap in {}{before}{after}", name(id))
            }
        }
    }

    #[test]
    fn spots() {
        for (text, expected) in [
            ("|", "gap in root at 0"),
            ("a: 1\n|", "gap in root at 0"),
            ("a:\n  b|: 1", "key b"),
            ("a:\n  b: 1|", "value of b: \"1\""),
            ("a:\n  b: |", "value of b: \"\""),
            ("a:\n  b:|", "value of b: \"\""),
            ("a:\n  b: |  # c", "value of b: \"\""),
            ("a:\n  b: # |c", "nothing"),
            ("a:\n  b: 'x|'", "value of b: \"x\""),
            ("a:\n  b: 1\n  |\nc: 1", "gap in a at 2"),
            ("a:\n  b: 1\n|\nc: 1", "gap in root at 0"),
            ("a:\n  b: 1\n |\nc: 1", "nothing"),
            ("a:\n  b: 1\n    |\nc: 1", "nothing"),
            ("a:\n    |\n", "gap in a at 4"),
            ("a:\n    |\n  b: 1", "nothing"),
            ("a:\n  b:\n  - x\n  |", "gap in a at 2"),
            ("a:\n  b:\n    - x\n    |", "gap in b at 4"),
            ("a:\n  - |", "gap in [0] at 4"),
            ("a:\n  - b: 1\n    |", "gap in [0] at 4"),
            ("a:\n  - x|", "value of [0]: \"x\""),
            ("a: {|}", "map gap in a"),
            ("a: { | b: 1}", "map gap in a, after"),
            ("a: {b: 1, |}", "map gap in a"),
            ("a: {b: 1 |}", "map gap in a, before"),
            ("a: {b: |}", "value of b: \"\""),
            ("a: {b: |, c: 1}", "value of b: \"\""),
            ("a: {b: {c: 1}, |", "map gap in a"),
            ("a: {b: {|", "map gap in b"),
            ("a: [x, |]", "list gap in a"),
            ("a: [x, |\nb: 1", "list gap in a"),
            ("a: [x, y|", "value of [1]: \"y\""),
            ("a: >\n  b: |", "nothing"),
            ("a: &x | b", "nothing"),
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
    }
}
