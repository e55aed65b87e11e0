//! Keys that could be written.

use std::collections::HashSet;

use facts::Pair;
use facts::catalogue::{self, Field, Kind, Section};
use report::Report;

use super::completion::{Completion, CompletionKind};
use super::documentation::Documentation;
use super::outline::Outline;
use super::place::Keys;

/// How a key is written at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyStyle {
    /// The column of what was typed so far.
    pub(super) column: usize,
    /// How many columns further in the key must go.
    pub(super) shift: usize,
    /// How many columns further in its own keys stand.
    pub(super) indent: usize,
    /// Whether the same goes for lists.
    pub(super) indents_lists: bool,
    /// Whether a dash must come first.
    pub(super) dash: bool,
    /// Within brackets: whether a comma must come first, and whether one must follow.
    pub(super) flow: Option<(bool, bool)>,
    /// The quote that was opened.
    pub(super) quote: Option<char>,
    /// Whether the colon is there already.
    pub(super) bare: bool,
}

impl KeyStyle {
    /// At the start of a line, in the style of a text.
    pub(super) fn of(outline: &Outline<'_>) -> Self {
        Self {
            column: 0,
            shift: 0,
            indent: outline.indent(),
            indents_lists: outline.indents_lists(),
            dash: false,
            flow: None,
            quote: None,
            bare: false,
        }
    }
}

/// What is behind a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Scalar,
    Map,
    List,
    Nodes,
    Pairs,
}

impl Shape {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Map => Self::Map,
            Kind::List | Kind::ListOf(_) => Self::List,
            Kind::Nodes => Self::Nodes,
            Kind::Pairs => Self::Pairs,
            _ => Self::Scalar,
        }
    }
}

/// The keys of a mapping, those that are there left out.
pub(super) fn items(
    keys: Keys,
    present: &HashSet<&str>,
    style: &KeyStyle,
    report: &Report,
) -> Vec<Completion> {
    let pair = report.pair;
    let mut items = match keys {
        Keys::Section(Section::Environment) => variables(pair)
            .into_iter()
            .map(|name| {
                let mut item = key(&name, Shape::Scalar, style);
                item.kind = CompletionKind::Variable;
                item.documentation = Documentation::of_variable(&name, pair);
                item
            })
            .collect(),
        Keys::Section(section) => in_order(section, pair)
            .into_iter()
            .map(|field| {
                let mut item = key(field.name, Shape::of(field.kind), style);
                if field.is_deprecated() {
                    item.mark = Some("deprecated");
                }
                item.documentation = Some(Documentation::of_field(field, section, pair));
                item
            })
            .collect(),
        Keys::Config => Documentation::of_config()
            .map(|documentation| {
                let list = documentation.name == "model_list";
                let shape = if list { Shape::List } else { Shape::Map };
                documented(key(&documentation.name, shape, style), documentation)
            })
            .collect(),
        Keys::Node => Documentation::of_node()
            .map(|documentation| {
                documented(key(&documentation.name, Shape::Scalar, style), documentation)
            })
            .collect(),
        Keys::ContainerVariable => vec![
            key("name", Shape::Scalar, style),
            key("value", Shape::Scalar, style),
            key("valueFrom", Shape::Map, style),
        ],
    };
    items.retain(|item| !present.contains(item.label.as_str()));
    for item in &mut items {
        if item.detail.is_empty()
            && let Some(documentation) = &item.documentation
        {
            item.detail = short(documentation);
        }
    }
    items
}

/// Puts the commas around what is written within brackets.
pub(super) fn with_commas(items: Vec<Completion>, style: &KeyStyle) -> Vec<Completion> {
    let (before, after) = style.flow.unwrap_or((false, false));
    let before = if before { ", " } else { "" };
    let after = if after { ", " } else { "" };
    items.into_iter().map(|item| item.around(before, after)).collect()
}

fn documented(mut item: Completion, documentation: Documentation) -> Completion {
    item.documentation = Some(documentation);
    item
}

/// What it takes, where that is short.
fn short(documentation: &Documentation) -> String {
    let takes = documentation.takes.replace('`', "");
    if takes.len() <= 24 { takes } else { "one of several".to_owned() }
}

/// The fields of a section that can be written, the most useful first.
fn in_order(section: Section, pair: Pair) -> Vec<&'static Field> {
    let all = || catalogue::fields_of(section, pair).filter(|field| field.is_writable());
    // What makes a cache what it is comes first.
    let leads = |field: &&Field| section == Section::CacheParams && field.name == "type";
    all().filter(leads).chain(all().filter(|field| !leads(field))).collect()
}

/// The variables that a pair of releases reads, the most useful first.
pub(super) fn variables(pair: Pair) -> Vec<String> {
    let connection = catalogue::fields_of(Section::CacheKwargs, pair)
        .filter(|field| field.is_writable() && field.variable_known_to(pair))
        .filter_map(Field::variable);
    let own = catalogue::fields_of(Section::Environment, pair).map(|field| field.name.to_owned());
    let mut seen = HashSet::new();
    connection.chain(own).filter(|name| seen.insert(name.clone())).collect()
}

/// A key with what belongs behind it.
fn key(name: &str, shape: Shape, style: &KeyStyle) -> Completion {
    let kind = match shape {
        Shape::Map => CompletionKind::Section,
        _ => CompletionKind::Key,
    };
    let item = Completion::new(name, kind);
    if style.bare {
        return item;
    }
    let close = style.quote.map(String::from).unwrap_or_default();
    let (behind, cursor) =
        if style.flow.is_some() { in_brackets(shape) } else { on_lines(shape, style) };
    let cursor = name.len() + close.len() + cursor;
    let insert = format!("{name}{close}{behind}");
    let shift = " ".repeat(style.shift);
    let dash = if style.dash { "- " } else { "" };
    Completion { insert, cursor, ..item }.around(&format!("{shift}{dash}"), "")
}

/// What is behind a key within brackets, and where the cursor goes.
fn in_brackets(shape: Shape) -> (String, usize) {
    let (text, cursor) = match shape {
        Shape::Scalar => (": ", 2),
        Shape::Map => (": {}", 3),
        Shape::List => (": []", 3),
        Shape::Nodes => (": [{host: , port: 6379}]", 10),
        Shape::Pairs => (": [[\"\", 26379]]", 5),
    };
    (text.to_owned(), cursor)
}

/// What is behind a key on lines of its own, and where the cursor goes.
fn on_lines(shape: Shape, style: &KeyStyle) -> (String, usize) {
    let column = style.column + style.shift + if style.dash { 2 } else { 0 };
    let inside = " ".repeat(column + style.indent);
    let listed = if style.indents_lists { inside.clone() } else { " ".repeat(column) };
    let (text, behind) = match shape {
        Shape::Scalar => (": ".to_owned(), 0),
        Shape::Map => (format!(":\n{inside}"), 0),
        Shape::List => (format!(":\n{listed}- "), 0),
        Shape::Nodes => {
            let port = format!("\n{listed}  port: 6379");
            (format!(":\n{listed}- host: {port}"), port.len())
        }
        Shape::Pairs => {
            let rest = "\", 26379]";
            (format!(":\n{listed}- [\"{rest}"), rest.len())
        }
    };
    let cursor = text.len() - behind;
    (text, cursor)
}
