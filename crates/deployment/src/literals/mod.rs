//! Terraform, Nomad, Bicep, Nix and TOML, as far as they are written out: mappings, lists and texts.
//!
//! One tolerant reader for all of them: what it can't read whole is unknown, and it goes on after it.

mod nix;

use std::collections::HashMap;
use std::sync::Arc;

use crate::intake::looks_like_config;
use base::source::{SourceId, Span};
use python::{Data, Dict, Entry, Origin, Value};

/// The key of what Nix' `let` names.
pub(crate) const LET: &str = "let";
/// Deeper nesting is not looked into.
const DEEPEST: usize = 60;

/// Reads a text; a mapping, whatever the text.
pub(crate) fn read(source: SourceId, text: &str) -> Value {
    let nix = text.trim_start().starts_with('{') || text.contains("pkgs");
    let mut reader = Reader { text, at: 0, nix, texts: HashMap::new() };
    let mut root = Node::map();
    while reader.at < text.len() {
        let before = reader.at;
        reader.entries(&mut root, 0);
        // A brace too many.
        if reader.at == before || reader.peek().is_some() {
            reader.bump();
        }
    }
    root.value(source, 0..text.len())
}

/// Reads the settings that a program's call is given, from an offset on: `name: value` or `name=value`, up
/// to the closing bracket.
pub(crate) fn settings(source: SourceId, text: &str, at: usize) -> Value {
    let mut reader = Reader { text, at, nix: false, texts: HashMap::new() };
    let mut root = Node::map();
    reader.entries(&mut root, 1);
    let end = reader.at;
    root.value(source, at..end)
}

enum Node {
    Map(Vec<(String, std::ops::Range<usize>, Box<Placed>)>),
    List(Vec<Placed>),
    Text(String),
    Unknown(String),
}

struct Placed {
    node: Node,
    range: std::ops::Range<usize>,
    /// An HCL block: one of the same name beside it makes a list of them.
    block: bool,
}

impl Node {
    fn map() -> Self {
        Self::Map(vec![])
    }

    fn value(self, source: SourceId, range: std::ops::Range<usize>) -> Value {
        let origin = Origin::Config(Span::new(source, range.start, range.end));
        let data = match self {
            Self::Map(entries) => {
                let entries = entries.into_iter().map(|(key, at, placed)| Entry {
                    key: Value::str(key, Origin::Config(Span::new(source, at.start, at.end))),
                    value: placed.node.value(source, placed.range),
                    overwritten: vec![],
                    merged: None,
                });
                Data::Dict(Arc::new(Dict { entries: entries.collect() }))
            }
            Self::List(items) => {
                let items = items.into_iter().map(|item| item.node.value(source, item.range));
                Data::List(Arc::new(items.collect()))
            }
            Self::Text(text) => Data::Str(text.into()),
            Self::Unknown(why) => Data::Unknown(why.into()),
        };
        Value::new(data, origin)
    }

    /// Puts a value at a path of keys.
    fn put(&mut self, path: &[(String, std::ops::Range<usize>)], placed: Placed) {
        let Some(((key, at), rest)) = path.split_first() else { return };
        let Self::Map(entries) = self else { return };
        let known = entries.iter_mut().find(|(name, ..)| name == key);
        if !rest.is_empty() {
            let next = match known {
                Some((.., next)) => next,
                None => {
                    let range = placed.range.clone();
                    let next = Placed { node: Self::map(), range, block: false };
                    entries.push((key.clone(), at.clone(), Box::new(next)));
                    let Some((.., next)) = entries.last_mut() else { return };
                    next
                }
            };
            next.node.put(rest, placed);
            return;
        }
        match known {
            None => entries.push((key.clone(), at.clone(), Box::new(placed))),
            Some((.., known)) => match (&mut known.node, placed) {
                (Self::List(items), placed) if known.block && placed.block => items.push(placed),
                (_, placed) if known.block && placed.block => {
                    let range = known.range.clone();
                    let empty = Placed { node: Self::map(), range: range.clone(), block: false };
                    let first = std::mem::replace(&mut **known, empty);
                    **known = Placed { node: Self::List(vec![first, placed]), range, block: true };
                }
                (Self::Map(_), Placed { node: Self::Map(more), .. }) => {
                    for (key, at, placed) in more {
                        known.node.put(&[(key, at)], *placed);
                    }
                }
                (_, placed) => **known = placed,
            },
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nix: bool,
    /// The texts that Nix' `let` gives names to.
    texts: HashMap<String, String>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Passes over white space and comments; over line breaks, too, where `lines`.
    fn blank(&mut self, lines: bool) {
        while let Some(c) = self.peek() {
            let rest = self.rest();
            if rest.starts_with('#') || (rest.starts_with("//") && !self.nix) {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else if c.is_whitespace() && (lines || c != '\n') {
                self.bump();
            } else {
                return;
            }
        }
    }

    /// The entries up to a closing brace, or to the end.
    fn entries(&mut self, map: &mut Node, depth: usize) {
        let mut table: Vec<(String, std::ops::Range<usize>)> = vec![];
        let mut names = false;
        loop {
            self.blank(true);
            match self.peek() {
                None | Some('}' | ']' | ')') => return,
                Some('[') if depth == 0 && !self.nix => {
                    let start = self.at;
                    while self.eat("[") {}
                    table = self.path();
                    while self.eat("]") {}
                    let range = start..self.at;
                    map.put(&table, Placed { node: Node::map(), range, block: false });
                    continue;
                }
                Some('{') => {
                    // Nix's function and its result, or a block without a name.
                    let placed = self.value(depth + 1);
                    if let Node::Map(inner) = placed.node {
                        for (key, at, placed) in inner {
                            map.put(&[(key, at)], *placed);
                        }
                    }
                    self.blank(true);
                    self.eat(":");
                    continue;
                }
                _ => {}
            }
            let start = self.at;
            let mut path = self.path();
            loop {
                self.blank(false);
                // Labels of a block, or the type of a parameter.
                match self.peek() {
                    Some(c) if c.is_alphanumeric() || c == '_' || c == '"' || c == '\'' => {
                        let more = self.path();
                        if more.is_empty() {
                            break;
                        }
                        path.extend(more);
                    }
                    _ => break,
                }
            }
            if path.is_empty() {
                self.bump();
                continue;
            }
            if self.nix && path[0].0 == LET {
                path.remove(0);
                names = true;
                if path.is_empty() {
                    continue;
                }
            }
            names &= path[0].0 != "in";
            let block = self.peek() == Some('{');
            if block || self.eat("=") || self.eat(":") {
                self.eat(">");
                let mut placed = self.value(depth + 1);
                placed.block = block;
                // What `let` names is no part of the mapping.
                let own = names.then(|| (LET.to_owned(), start..start));
                if names {
                    self.remember(&path, &placed);
                }
                let whole: Vec<_> = table.iter().cloned().chain(own).chain(path).collect();
                map.put(&whole, placed);
            }
            self.blank(false);
            while self.eat(";") || self.eat(",") {
                self.blank(false);
            }
            if self.at == start {
                self.bump();
            }
        }
    }

    /// `a.b."c"`
    fn path(&mut self) -> Vec<(String, std::ops::Range<usize>)> {
        let mut path = vec![];
        loop {
            let start = self.at;
            match self.peek() {
                Some('"' | '\'') => {
                    let placed = self.quoted();
                    let text = match placed.node {
                        Node::Text(text) => text,
                        _ => String::new(),
                    };
                    path.push((text, start..self.at));
                }
                Some(c) if c.is_alphanumeric() || c == '_' => {
                    let length = self
                        .rest()
                        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
                        .unwrap_or(self.rest().len());
                    path.push((self.rest()[..length].to_owned(), start..start + length));
                    self.at += length;
                }
                _ => return path,
            }
            if !self.rest().starts_with('.') {
                return path;
            }
            self.bump();
        }
    }

    fn value(&mut self, depth: usize) -> Placed {
        self.blank(true);
        let start = self.at;
        if depth > DEEPEST {
            return self.unknown(start);
        }
        let node = match self.peek() {
            Some('{') => {
                self.bump();
                let mut map = Node::map();
                self.entries(&mut map, depth);
                self.eat("}");
                map
            }
            Some('[') => {
                self.bump();
                let mut items = vec![];
                loop {
                    self.blank(true);
                    while self.eat(",") {
                        self.blank(true);
                    }
                    match self.peek() {
                        None | Some(']' | '}' | ')') => break,
                        _ => {}
                    }
                    let before = self.at;
                    items.push(self.value(depth + 1));
                    if self.at == before {
                        self.bump();
                    }
                }
                self.eat("]");
                Node::List(items)
            }
            Some('"' | '\'') => self.quoted().node,
            Some('`') if !self.nix => self.quoted().node,
            Some('<') if self.rest().starts_with("<<") => self.heredoc(),
            _ => return self.expression(start, depth),
        };
        let range = start..self.at;
        // An operator after it makes it a part of something else.
        self.blank(false);
        let operator = match self.peek() {
            Some('+' | '?' | '*' | '%' | '|' | '&' | '.') => true,
            Some('/') => self.nix,
            Some('=') => self.rest().starts_with("=="),
            _ => false,
        };
        if operator { self.unknown(start) } else { Placed { node, range, block: false } }
    }

    /// A number, a call, or what only another program can work out.
    fn expression(&mut self, start: usize, depth: usize) -> Placed {
        if self.nix
            && let Some(placed) = self.nix_expression(start, depth)
        {
            return placed;
        }
        let length = self
            .rest()
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
            .unwrap_or(self.rest().len());
        let word = self.rest()[..length].to_owned();
        self.at += length;
        let plain = word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            || matches!(word.as_str(), "true" | "false" | "null" | "rec" | "with");
        if word == "rec" {
            return self.value(depth + 1);
        }
        if self.peek() == Some('(') {
            self.bump();
            let inside = self.at;
            let inner = self.value(depth + 1);
            self.blank(true);
            if self.eat(")")
                && (matches!(word.as_str(), "jsonencode" | "yamlencode" | "tostring" | "string")
                    || word.ends_with("fromRegistry")
                    || word.ends_with("from_registry"))
            {
                return inner;
            }
            self.at = inside;
            self.pass_brackets();
            return self.unknown(start);
        }
        let range = start..self.at;
        self.blank(false);
        let ends = matches!(self.peek(), None | Some('\n' | ',' | ';' | '}' | ']' | ')'));
        if plain && (ends || self.nix) {
            return Placed { node: Node::Text(word), range, block: false };
        }
        self.unknown(start)
    }

    /// Passes over the rest of a bracket, and what closes it.
    fn pass_brackets(&mut self) {
        let mut depth = 1_usize;
        while let Some(c) = self.peek() {
            match c {
                '"' | '\'' => {
                    self.quoted();
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return;
            }
        }
    }

    /// Everything up to the end of the expression.
    fn unknown(&mut self, start: usize) -> Placed {
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                '"' | '\'' => {
                    self.quoted();
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' | '\n' | ',' | ';' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            self.bump();
        }
        let end = start + self.text[start..self.at].trim_end().len();
        let written = &self.text[start..end];
        let why = match written.chars().count() {
            0..=60 if !written.contains(['"', '\'', '\n']) => format!("what {written} is"),
            _ => "an expression".to_owned(),
        };
        Placed { node: Node::Unknown(why), range: start..end, block: false }
    }

    fn quoted(&mut self) -> Placed {
        let start = self.at;
        let mark = ["\"\"\"", "'''", "''", "\"", "`", "'"]
            .into_iter()
            .find(|mark| self.rest().starts_with(mark) && (*mark != "''" || self.nix))
            .unwrap_or("'");
        self.at += mark.len();
        let mut text = String::new();
        let mut interpolated = false;
        while self.at < self.text.len() {
            // Nix' mark for a `$` that is meant.
            if mark == "''" && self.rest().starts_with("''$") {
                text.push('$');
                self.at += 3;
                continue;
            }
            if self.rest().starts_with(mark) {
                break;
            }
            let c = self.peek().unwrap_or(' ');
            let escapes = c == '\\' && mark != "''" && !(mark == "'" && self.is_toml());
            if c == '\n' && mark.len() == 1 && mark != "`" {
                // A lone quote.
                break;
            }
            if self.rest().starts_with("${") {
                let inside = self.rest()[2..].split('}').next().unwrap_or("");
                if self.nix
                    && let Some(value) = nix::filled(inside, &self.texts)
                {
                    text.push_str(value);
                    self.at += inside.len() + 3;
                    continue;
                }
                interpolated = true;
            }
            self.bump();
            if escapes {
                let next = self.peek().unwrap_or('\\');
                text.push(match next {
                    'n' => '\n',
                    't' => '\t',
                    next => next,
                });
                self.bump();
            } else {
                text.push(c);
            }
        }
        self.eat(mark);
        let node = match interpolated {
            true => Node::Unknown("a text that is filled in where it is deployed".to_owned()),
            false => Node::Text(text),
        };
        Placed { node, range: start..self.at, block: false }
    }

    fn is_toml(&self) -> bool {
        self.text.trim_start().starts_with('[')
    }

    /// `<<EOT`, `<<-EOT`
    fn heredoc(&mut self) -> Node {
        self.at += 2;
        self.eat("-");
        self.eat("~");
        let rest = self.rest();
        let line = rest.find('\n').unwrap_or(rest.len());
        let mark = rest[..line].trim().trim_matches('"').to_owned();
        self.at = (self.at + line + 1).min(self.text.len());
        let mut text = String::new();
        while self.at < self.text.len() {
            let rest = self.rest();
            let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = rest[..end].to_owned();
            self.at += end;
            if line.trim() == mark {
                break;
            }
            text.push_str(&line);
        }
        if text.contains("${") && !looks_like_config(&text) {
            Node::Unknown("a text that is filled in".to_owned())
        } else {
            Node::Text(text)
        }
    }
}

#[cfg(test)]
mod tests;
