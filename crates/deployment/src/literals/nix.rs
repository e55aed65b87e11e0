//! What Nix has beside mappings, lists and texts: paths, `let`, `with`, and the functions of its modules.

use std::ops::Range;

use super::{LET, Node, Placed, Reader};

/// Functions of NixOS' modules whose last argument is the value.
const SAME: [&str; 7] =
    ["mkForce", "mkDefault", "mkMerge", "mkBefore", "mkAfter", "mkOptionDefault", "toString"];

impl Reader<'_> {
    /// An expression of Nix that is more than a word; `None` for another one, nothing read.
    pub(super) fn nix_expression(&mut self, start: usize, depth: usize) -> Option<Placed> {
        if let Some(path) = path_in(self.rest()) {
            let node = Node::Text(path.to_owned());
            self.at += path.len();
            return Some(Placed { node, range: start..self.at, block: false });
        }
        if self.peek() == Some('(') {
            self.bump();
            let inner = self.value(depth + 1);
            self.blank(true);
            if self.eat(")") && self.ends() {
                return Some(inner);
            }
            self.at = start;
            return None;
        }
        let word = self.word().to_owned();
        let last = word.rsplit('.').next().unwrap_or("");
        match last {
            "let" => {
                self.at += word.len();
                let bound = self.bindings(depth);
                let mut placed = self.value(depth + 1);
                // A config may be among what is named.
                if let (Node::Map(entries), false) = (&mut placed.node, bound.is_empty()) {
                    let range = placed.range.clone();
                    let bound = Placed { node: Node::Map(bound), range, block: false };
                    entries.push((LET.to_owned(), start..start, Box::new(bound)));
                }
                Some(placed)
            }
            "with" => {
                let end = self.rest().find(';')?;
                self.at += end + 1;
                Some(self.value(depth + 1))
            }
            "mkIf" | "mkOverride" => {
                self.at += word.len();
                self.term();
                Some(self.value(depth + 1))
            }
            last if SAME.contains(&last) => {
                self.at += word.len();
                Some(self.value(depth + 1))
            }
            _ => {
                let text = self.texts.get(&word)?.clone();
                self.at += word.len();
                if !self.ends() {
                    self.at = start;
                    return None;
                }
                Some(Placed {
                    node: Node::Text(text),
                    range: start..start + word.len(),
                    block: false,
                })
            }
        }
    }

    /// The bindings of a `let`, up to its `in`.
    fn bindings(&mut self, depth: usize) -> Vec<(String, Range<usize>, Box<Placed>)> {
        let mut bound = vec![];
        loop {
            self.blank(true);
            let before = self.at;
            if self.rest().is_empty() || self.word() == "in" {
                self.eat("in");
                return bound;
            }
            let path = self.path();
            self.blank(true);
            if !path.is_empty() && self.eat("=") {
                let placed = self.value(depth + 1);
                self.remember(&path, &placed);
                if let Ok([(name, at)]) = <[_; 1]>::try_from(path) {
                    bound.push((name, at, Box::new(placed)));
                }
            } else {
                let end = self.rest().find(';').unwrap_or(self.rest().len());
                self.at += end;
            }
            self.blank(true);
            self.eat(";");
            if self.at == before {
                self.bump();
            }
        }
    }

    /// Keeps a name's text, for what refers to it.
    pub(super) fn remember(&mut self, path: &[(String, Range<usize>)], placed: &Placed) {
        if let ([(name, _)], Node::Text(text)) = (path, &placed.node) {
            self.texts.insert(name.clone(), text.clone());
        }
    }

    /// Passes over an argument: a name, or something in brackets.
    fn term(&mut self) {
        self.blank(true);
        match self.peek() {
            Some(open @ ('(' | '[' | '{')) => {
                let mut depth = 0_usize;
                let close = match open {
                    '(' => ')',
                    '[' => ']',
                    _ => '}',
                };
                while let Some(c) = self.peek() {
                    match c {
                        '"' => {
                            self.quoted();
                            continue;
                        }
                        c if c == open => depth += 1,
                        c if c == close => depth -= 1,
                        _ => {}
                    }
                    self.bump();
                    if depth == 0 {
                        return;
                    }
                }
            }
            _ => self.at += self.word().len().max(usize::from(self.peek() == Some('!'))),
        }
    }

    fn word(&self) -> &str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | '\''));
        &rest[..end.unwrap_or(rest.len())]
    }

    /// Whether an expression ends here.
    fn ends(&mut self) -> bool {
        self.blank(true);
        matches!(self.peek(), None | Some(';' | ',' | '}' | ']' | ')' | '"'))
            || self.rest().starts_with("in ")
    }
}

/// What stands for `${…}` of a text, where it is a path or a name whose text is known.
pub(super) fn filled<'t>(
    inside: &'t str,
    texts: &'t std::collections::HashMap<String, String>,
) -> Option<&'t str> {
    let inside = inside.trim();
    path_in(inside)
        .filter(|path| path.len() == inside.len())
        .or_else(|| texts.get(inside).map(String::as_str))
}

/// A path that a text begins with: `./config.yaml`.
fn path_in(text: &str) -> Option<&str> {
    let starts = text.starts_with("./") || text.starts_with("../");
    let end = text.find(|c: char| c.is_whitespace() || ";,)]}\"'".contains(c));
    starts.then(|| &text[..end.unwrap_or(text.len())])
}
