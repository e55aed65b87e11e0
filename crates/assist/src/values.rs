//! Values that could be written.

use std::collections::HashSet;

use facts::Pair;
use facts::catalogue::{self, Field, Kind};
use report::Report;
use report::display::Words;
use yaml::is_text;

use super::completion::{Completion, CompletionKind};
use super::documentation::Documentation;
use super::keys;
use super::place::Slot;

/// How a value is written at a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ValueStyle {
    /// The quote that must follow.
    pub(super) close: Option<char>,
    /// Whether it is in quotes.
    pub(super) quoted: bool,
    /// Whether what YAML takes for a number or the like must be quoted.
    pub(super) as_text: bool,
    /// Whether someone asked.
    pub(super) asked: bool,
}

const REFERENCE: &str = "os.environ/";

/// Whether the values of a slot are few enough to be shown unasked.
pub(super) fn are_few(slot: &Slot, pair: Pair) -> bool {
    match slot {
        Slot::Field(field, _) => !choices(field, pair).is_empty(),
        Slot::Variable(name) => {
            catalogue::find_variable(name).is_some_and(|field| !choices(field, pair).is_empty())
        }
        Slot::Element(_) | Slot::VariableName | Slot::Assignment | Slot::Other => false,
    }
}

/// What could be in a slot. `typed` is what is there up to the cursor, `present` the other
/// elements of its list.
pub(super) fn items(
    slot: &Slot,
    typed: &str,
    style: ValueStyle,
    present: &HashSet<&str>,
    report: &Report,
) -> Vec<Completion> {
    let pair = report.pair;
    let items = match slot {
        Slot::Field(field, _) => {
            let mut items = of_kind(field, pair);
            // `redis_host` of the router has a variable of the same name.
            let named = field.name.to_ascii_uppercase();
            let named = catalogue::find_variable(&named).map(|_| named);
            items.extend(references(field.variable().or(named), typed, report));
            items
        }
        Slot::Element(field) => {
            let names = match field.kind {
                Kind::ListOf(names) => names,
                _ => &[],
            };
            let names = names.iter().filter(|name| !present.contains(**name));
            names.map(|name| Completion::new(*name, CompletionKind::Value)).collect()
        }
        Slot::VariableName => {
            keys::variables(pair).into_iter().map(|name| variable(&name, report)).collect()
        }
        Slot::Variable(name) => {
            catalogue::find_variable(name).map_or(vec![], |field| of_kind(field, pair))
        }
        Slot::Assignment => assignments(typed, present, report),
        // Most texts of a config are not references.
        Slot::Other if style.asked || typed.starts_with("os.") => references(None, typed, report),
        Slot::Other => vec![],
    };
    items.into_iter().map(|item| written(item, style)).collect()
}

fn written(mut item: Completion, style: ValueStyle) -> Completion {
    if let Some(close) = style.close {
        item.insert.push(close);
        return item.cursor_last();
    }
    if style.as_text && !style.quoted && !is_text(&item.insert) {
        item.insert = format!("\"{}\"", item.insert);
        return item.cursor_last();
    }
    item
}

/// A variable, with where it is set.
pub(super) fn variable(name: &str, report: &Report) -> Completion {
    let mut item = Completion::new(name, CompletionKind::Variable);
    item.documentation = Documentation::of_variable(name, report.pair);
    item.detail = set_at(name, report);
    item
}

fn set_at(name: &str, report: &Report) -> String {
    match report.environment.get(name) {
        None => String::new(),
        Some(variable) => {
            let words = Words::new(report, false);
            let place = variable.span.map(|span| words.place(span));
            place.map_or_else(|| "set".to_owned(), |place| format!("set in {place}"))
        }
    }
}

/// The texts that a field chooses from, for a pair of releases.
fn choices(field: &Field, pair: Pair) -> Vec<&'static str> {
    match field.kind {
        Kind::Bool => vec!["true", "false"],
        Kind::Choice(names) => {
            let known = pair.litellm_data().cache_types();
            let known = |name: &&&str| field.name != "type" || known.contains(name);
            names.iter().filter(known).copied().collect()
        }
        _ => vec![],
    }
}

/// The values that a field chooses from, else what applies without it.
pub(super) fn of_kind(field: &Field, pair: Pair) -> Vec<Completion> {
    let value = |name: &str| {
        let mut item = Completion::new(name, CompletionKind::Value);
        if name == field.default {
            "default".clone_into(&mut item.detail);
        }
        item
    };
    let choices = choices(field, pair);
    if !choices.is_empty() {
        return choices.into_iter().map(value).collect();
    }
    let plain = matches!(field.kind, Kind::Int | Kind::Float | Kind::Str);
    if plain && !field.default.is_empty() { vec![value(field.default)] } else { vec![] }
}

/// References to variables: to the one that sets the field anyway, to those that the environment
/// sets, and where a reference was begun, to all that LiteLLM knows.
fn references(own: Option<String>, typed: &str, report: &Report) -> Vec<Completion> {
    let mut names: Vec<String> = own.into_iter().collect();
    names.extend(report.environment.iter().map(|(name, _)| name.to_owned()));
    if typed.starts_with("os.") {
        names.extend(keys::variables(report.pair));
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
        .into_iter()
        .map(|name| {
            let mut item = variable(&name, report);
            item.kind = CompletionKind::Reference;
            item.label = format!("{REFERENCE}{name}");
            item.insert.clone_from(&item.label);
            item.cursor_last()
        })
        .collect()
}

/// `NAME=value` of a compose file.
fn assignments(typed: &str, present: &HashSet<&str>, report: &Report) -> Vec<Completion> {
    if let Some((name, _)) = typed.split_once('=') {
        let values = catalogue::find_variable(name).map(|field| of_kind(field, report.pair));
        let named = |mut item: Completion| {
            item.label = format!("{name}={}", item.label);
            item.insert.clone_from(&item.label);
            item.cursor_last()
        };
        return values.unwrap_or_default().into_iter().map(named).collect();
    }
    let taken = |name: &str| {
        present.iter().any(|one| one.split('=').next().is_some_and(|there| there == name))
    };
    let names = keys::variables(report.pair).into_iter().filter(|name| !taken(name));
    names.map(|name| variable(&name, report).around("", "=").cursor_last()).collect()
}
