//! What could be written at a place.

use std::collections::HashSet;
use std::ops::Range;

use base::source::SourceId;
use facts::catalogue::{Kind, Section};
use report::Report;

use super::completion::{Completion, Completions};
use super::keys::{self, KeyStyle};
use super::outline::{EntryId, Gap, Outline, Scalar, Spot};
use super::place::{self, Keys, Slot};
use super::values::{self, ValueStyle};
use super::{File, Form, effect, lines};

/// What could be written at an offset (in bytes) of a source. `explicit`: someone asked for it;
/// else it is asked at each keystroke, and answers only where that helps.
pub fn complete(
    report: &Report,
    source: SourceId,
    offset: u32,
    explicit: bool,
) -> Option<Completions> {
    let file = File::new(report, source)?;
    let offset = file.offset(offset);
    let (range, mut items) = match file.form {
        Form::Dotenv | Form::Shell => lines::complete(&file, offset, explicit)?,
        Form::Config | Form::Manifest => file.in_yaml(offset, explicit)?,
    };
    // What is of no use comes last; else the order stays.
    items.sort_by_key(|item| item.mark.is_some());
    let span = file.span(range);
    (!items.is_empty()).then_some(Completions { span, items })
}

type Found = (Range<usize>, Vec<Completion>);

impl File<'_> {
    fn in_yaml(&self, offset: usize, explicit: bool) -> Option<Found> {
        let outline = Outline::new(&self.text);
        match outline.spot(offset)? {
            Spot::Key(entry) => self.at_key(&outline, entry, offset, explicit),
            Spot::Value(entry, scalar) => self.at_value(&outline, entry, &scalar, offset, explicit),
            Spot::Gap(entry, gap) if explicit => self.at_gap(&outline, entry, gap, offset),
            Spot::Gap(..) => None,
        }
    }

    /// On a key, or on a word where one could be.
    fn at_key(
        &self,
        outline: &Outline<'_>,
        id: EntryId,
        offset: usize,
        explicit: bool,
    ) -> Option<Found> {
        let entry = &outline.entries[id];
        if !explicit && (offset == entry.key.start || entry.colon.is_some()) {
            return None;
        }
        let written = &self.text[entry.key.clone()];
        let quote = written.bytes().next().filter(|first| matches!(first, b'"' | b'\''));
        let range = match quote {
            Some(quote) => {
                let closed = written.len() > 1 && written.as_bytes().ends_with(&[quote]);
                let kept = usize::from(entry.colon.is_some() && closed);
                entry.key.start + 1..entry.key.end - kept
            }
            None => entry.key.clone(),
        };
        if offset < range.start || range.end < offset {
            return None;
        }
        let style = KeyStyle {
            column: usize::try_from(entry.column).unwrap_or(0),
            flow: entry.in_flow.then_some((false, false)),
            quote: quote.map(char::from),
            bare: entry.colon.is_some(),
            ..KeyStyle::of(outline)
        };
        let mut items = self.keys_in(outline, entry.parent, Some(id), &style, offset);
        self.mark(outline, entry.parent, &range, &mut items);
        Some((range, items))
    }

    /// Marks the keys of an entry that would have no effect.
    fn mark(
        &self,
        outline: &Outline<'_>,
        parent: EntryId,
        range: &Range<usize>,
        items: &mut [Completion],
    ) {
        if let Some(Keys::Section(section)) = place::keys(outline, parent, self.form)
            && self.form == Form::Config
            && section != Section::Environment
        {
            effect::mark(self, range, section, items);
        }
    }

    /// The keys that could be in an entry, those that are there left out; and those of a key
    /// right above that holds nothing yet.
    fn keys_in(
        &self,
        outline: &Outline<'_>,
        parent: EntryId,
        current: Option<EntryId>,
        style: &KeyStyle,
        offset: usize,
    ) -> Vec<Completion> {
        let mut items = vec![];
        let others = || outline.children(parent).filter(|(id, _)| Some(*id) != current);
        let above = others().filter(|(_, entry)| entry.key.start < offset).last();
        if let Some((above, entry)) = above
            && style.flow.is_none()
            && !style.bare
            && entry.colon.is_some()
            && entry.value.is_none()
            && outline.children(above).next().is_none()
            && let Some(keys) = place::keys(outline, above, self.form)
        {
            let style = KeyStyle { shift: style.indent, ..*style };
            let inside = keys::items(keys, &HashSet::new(), &style, self.report);
            let name = entry.key_name().unwrap_or("");
            items.extend(inside.into_iter().map(|mut item| {
                item.detail = format!("in {name}");
                item
            }));
        }
        if let Some(keys) = place::keys(outline, parent, self.form) {
            let present = others().filter_map(|(_, entry)| entry.key_name()).collect();
            items.extend(keys::items(keys, &present, style, self.report));
        }
        items
    }

    fn at_value(
        &self,
        outline: &Outline<'_>,
        id: EntryId,
        scalar: &Scalar,
        offset: usize,
        explicit: bool,
    ) -> Option<Found> {
        let entry = &outline.entries[id];
        let inner = scalar.inner();
        let line_end = self.text[offset..].find('\n').map_or(self.text.len(), |end| offset + end);
        let range = inner.start..inner.end.min(line_end.max(inner.start));
        // A plain value that goes on below may be anything.
        let above = self.text.get(inner.start..offset)?.contains('\n');
        if offset < range.start || range.end < offset || above {
            return None;
        }
        // The first key of an element is at first a value.
        if entry.is_item() && place::keys(outline, id, self.form).is_some() {
            let line_start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
            let style = KeyStyle {
                column: scalar.range.start.saturating_sub(line_start),
                flow: entry.in_flow.then_some((false, false)),
                ..KeyStyle::of(outline)
            };
            let items = self.keys_in(outline, id, None, &style, offset);
            return (!entry.in_flow).then_some((range, items));
        }
        let slot = place::slot(outline, id, self.form)?;
        let typed = &self.text[range.start..offset];
        if !explicit && typed.is_empty() && !values::are_few(&slot, self.report.pair) {
            return None;
        }
        let style = ValueStyle {
            close: scalar.quote.filter(|_| !scalar.closed).map(char::from),
            quoted: scalar.quote.is_some(),
            as_text: matches!(slot, Slot::Variable(_)),
            asked: explicit,
        };
        let blank = entry.colon.is_none_or(|colon| offset > colon + 1 || scalar.quote.is_some());
        let before = if blank || !typed.is_empty() { "" } else { " " };
        let present = elements(outline, entry.parent, Some(id));
        let items = values::items(&slot, typed, style, &present, self.report);
        Some((range, items.into_iter().map(|item| item.around(before, "")).collect()))
    }

    fn at_gap(&self, outline: &Outline<'_>, id: EntryId, gap: Gap, offset: usize) -> Option<Found> {
        let entry = &outline.entries[id];
        let range = offset..offset;
        let style = match gap {
            Gap::Block { column } => KeyStyle { column, ..KeyStyle::of(outline) },
            Gap::Flow { comma_before, comma_after, .. } => {
                let quoted = |(_, key): (EntryId, &super::outline::Entry)| {
                    self.text[key.key.clone()].starts_with('"')
                };
                let quote = outline.children(id).next().is_some_and(quoted).then_some('"');
                let flow = Some((comma_before, comma_after));
                KeyStyle { flow, quote, ..KeyStyle::of(outline) }
            }
        };
        let is_list = match gap {
            Gap::Flow { mapping, .. } => !mapping,
            Gap::Block { .. } => {
                let listed = outline.children(id).any(|(_, child)| child.is_item());
                listed || (!entry.is_item() && self.takes_list(outline, id))
            }
        };
        if !is_list && place::keys(outline, id, self.form).is_some() {
            let mut items = self.keys_in(outline, id, None, &style, offset);
            if let Some(quote) = style.quote {
                let open = quote.to_string();
                items = items.into_iter().map(|item| item.around(&open, "")).collect();
            }
            let mut items = keys::with_commas(items, &style);
            self.mark(outline, id, &range, &mut items);
            return Some((range, items));
        }
        let plain = ValueStyle { asked: true, ..ValueStyle::default() };
        if !is_list {
            // Behind a dash.
            let slot = place::slot(outline, id, self.form)?;
            let present = elements(outline, entry.parent, Some(id));
            return Some((range, values::items(&slot, "", plain, &present, self.report)));
        }
        let dash = if style.flow.is_none() { "- " } else { "" };
        if let Some(keys) = place::element_keys(outline, id, self.form) {
            let style = KeyStyle { dash: true, ..style };
            let block = style.flow.is_none();
            return block.then(|| (range, keys::items(keys, &HashSet::new(), &style, self.report)));
        }
        let slot = place::element_slot(outline, id, self.form)?;
        let present = elements(outline, id, None);
        let items = values::items(&slot, "", plain, &present, self.report);
        let items = items.into_iter().map(|item| item.around(dash, "")).collect();
        Some((range, keys::with_commas(items, &style)))
    }

    /// Whether an entry is a key that takes a list.
    fn takes_list(&self, outline: &Outline<'_>, id: EntryId) -> bool {
        let field = match place::slot(outline, id, self.form) {
            Some(Slot::Field(field, _)) => Some(field.kind),
            _ => None,
        };
        matches!(field, Some(Kind::List | Kind::ListOf(_) | Kind::Nodes | Kind::Pairs))
    }
}

/// The plain elements of a list, one left out.
fn elements<'o>(
    outline: &'o Outline<'_>,
    list: EntryId,
    current: Option<EntryId>,
) -> HashSet<&'o str> {
    let others = outline.children(list).filter(|(id, _)| Some(*id) != current);
    others
        .filter(|(_, entry)| entry.is_item())
        .filter_map(|(_, entry)| entry.value.as_ref())
        .map(|value| outline.scalar_text(value))
        .collect()
}
