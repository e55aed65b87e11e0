//! Completion in `.env` files and shell exports, line by line.

use std::collections::HashSet;
use std::ops::Range;

use facts::catalogue;

use super::completion::Completion;
use super::keys;
use super::values::{of_kind, variable};
use super::{File, Form};

/// What could be at an offset, and what it replaces.
pub(super) fn complete(
    file: &File<'_>,
    offset: usize,
    explicit: bool,
) -> Option<(Range<usize>, Vec<Completion>)> {
    let text = &*file.text;
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find(['\n', '\r']).map_or(text.len(), |end| offset + end);
    let (before, after) = (&text[start..offset], &text[offset..end]);
    let assigned = before.trim_start();
    let exported = assigned.strip_prefix("export ").map(str::trim_start);
    let assigned = exported.unwrap_or(assigned);
    if let Some((name, typed)) = assigned.split_once('=') {
        return value(file, name.trim_end(), typed, offset..end, explicit);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !assigned.chars().all(is_name) || (assigned.is_empty() && !explicit) {
        return None;
    }
    let rest = after.find(|c| !is_name(c)).unwrap_or(after.len());
    let has_value = after[rest..].trim_start().starts_with('=');
    if !has_value && !after[rest..].trim().is_empty() {
        return None;
    }
    let lines = text.lines().enumerate();
    let here = text[..start].lines().count();
    let others = lines.filter(|(at, _)| *at != here).filter_map(|(_, line)| name_of(line));
    let present: HashSet<&str> = others.collect();
    let export =
        if file.form == Form::Shell && exported.is_none() && !has_value { "export " } else { "" };
    let equals = if has_value { "" } else { "=" };
    let names = keys::variables(file.report.pair).into_iter();
    let items = names
        .filter(|name| !present.contains(name.as_str()))
        .map(|name| variable(&name, file.report).around(export, equals).cursor_last())
        .collect();
    Some((offset - assigned.len()..offset + rest, items))
}

fn value(
    file: &File<'_>,
    name: &str,
    typed: &str,
    rest: Range<usize>,
    explicit: bool,
) -> Option<(Range<usize>, Vec<Completion>)> {
    let field = catalogue::find_variable(name)?;
    let pair = file.report.pair;
    let quote = typed.chars().next().filter(|first| matches!(first, '"' | '\''));
    let typed = &typed[quote.map_or(0, char::len_utf8)..];
    let after = &file.text[rest.clone()];
    let end = match quote {
        Some(quote) if typed.contains(quote) => return None,
        Some(quote) => after.find(quote).unwrap_or(after.len()),
        None => after.find(|c: char| c.is_whitespace()).unwrap_or(after.len()),
    };
    let items = of_kind(field, pair);
    let few = items.len() > 1;
    if typed.is_empty() && !explicit && !few {
        return None;
    }
    let close = quote.filter(|quote| !after[end..].starts_with(*quote));
    let items = items.into_iter().map(|mut item| {
        item.insert.extend(close);
        item.cursor_last()
    });
    Some((rest.start - typed.len()..rest.start + end, items.collect()))
}

/// The variable that a line sets.
fn name_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.split_once('=').map(|(name, _)| name.trim())
}
