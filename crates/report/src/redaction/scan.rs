//! The values in a text, and what their names say of them, as well as its lines alone can tell: for
//! what no reader understood, and for comments. YAML, JSON, `.env`, shell and what looks like them.

use std::collections::HashSet;
use std::ops::Range;

use facts::bearing::{Bearing, bearing};

/// No name of an anchor is longer.
const LONGEST_MARK: usize = 64;

/// A value, or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it is, quotes left out.
    pub(super) range: Range<usize>,
    /// What its name says.
    pub(super) bearing: Bearing,
    /// It is a comment; `Secret` says that it is next to a secret.
    pub(super) comment: bool,
}

/// The values and comments of a text.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut scan = Scan::new(text);
    scan.run();
    scan.found
}

/// The values in one flow collection, such as JSON.
pub(super) fn flow(text: &str) -> Vec<Piece> {
    let mut scan = Scan::new(text);
    scan.at = text.len() - text.trim_start().len();
    scan.flow(Bearing::Nested, "");
    let rest = scan.at..text.len();
    if !text[rest.clone()].trim().is_empty() {
        scan.found.push(Piece { range: rest, bearing: Bearing::Unknown, comment: false });
    }
    scan.found
}

/// What a key says, below another.
pub fn child(above: Bearing, above_key: &str, key: &str) -> Bearing {
    let own = bearing(key);
    let refers = key == "key" && above_key.ends_with("Ref");
    match above {
        Bearing::SecretTree => Bearing::SecretTree,
        Bearing::HarmlessTree if own == Bearing::Secret => Bearing::Secret,
        Bearing::HarmlessTree => Bearing::HarmlessTree,
        _ if refers => Bearing::Harmless,
        Bearing::Secret if !matches!(own, Bearing::Harmless | Bearing::HarmlessTree) => {
            Bearing::Secret
        }
        _ => own,
    }
}

/// A key that is open: what stands deeper is below it.
struct Level<'t> {
    indent: usize,
    bearing: Bearing,
    key: &'t str,
}

struct Scan<'t> {
    text: &'t str,
    found: Vec<Piece>,
    levels: Vec<Level<'t>>,
    /// This document is a Kubernetes Secret.
    secrets: bool,
    at: usize,
    /// The value of the last `name:`, and how far that key is indented.
    named: Option<(usize, &'t str)>,
    /// A secret's block of lines is open: it lasts while lines are indented deeper than this.
    block: Option<usize>,
    /// A key or certificate in PEM form is open.
    pem: bool,
    /// The names behind `&` and `*` in the text, once one was asked for.
    marks: Option<HashSet<&'t str>>,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            found: vec![],
            levels: vec![],
            secrets: false,
            at: 0,
            named: None,
            block: None,
            pem: false,
            marks: None,
        }
    }

    fn run(&mut self) {
        let mut document = true;
        while self.at < self.text.len() {
            let end = self.line_end();
            let line = &self.text[self.at..end];
            let marker = line.starts_with("---") || line.starts_with("...");
            if self.is_inside(line) {
                let lead = line.len() - line.trim_start().len();
                self.push(self.at + lead..end, Bearing::Secret);
                self.at = self.next_line(end);
                continue;
            }
            if marker || document {
                let rest = &self.text[if marker { end } else { self.at }..];
                let own = rest.split("\n---").next().unwrap_or(rest);
                self.secrets = is_secret_manifest(own);
                self.levels.clear();
                document = false;
            }
            if marker {
                self.at += 3;
                let rest = &self.text[self.at..end];
                if rest.trim().is_empty() {
                    self.at = self.next_line(end);
                    continue;
                }
            }
            self.line(end);
            let end = self.line_end();
            self.at = self.next_line(end);
        }
    }

    /// Whether a line is all of a secret's block, or of a PEM text.
    fn is_inside(&mut self, line: &str) -> bool {
        let indent = line.len() - line.trim_start().len();
        if let Some(depth) = self.block {
            if line.trim().is_empty() || indent > depth {
                return true;
            }
            self.block = None;
        }
        let within = self.pem;
        if line.trim_start().starts_with("-----BEGIN") {
            self.pem = true;
        }
        if line.contains("-----END") {
            self.pem = false;
        }
        within || self.pem
    }

    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    fn next_line(&self, end: usize) -> usize {
        (end + 1).min(self.text.len())
    }

    fn blanks(&mut self, end: usize) {
        let rest = &self.text[self.at..end];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\u{feff}']).len();
    }

    fn line(&mut self, end: usize) {
        let start = self.at;
        self.blanks(end);
        let dash = self.at - start;
        let mut item = false;
        while self.text[self.at..end].starts_with("- ") || &self.text[self.at..end] == "-" {
            item = true;
            self.at += 1;
            self.blanks(end);
        }
        for word in ["export ", "set ", "ENV ", "ARG ", "? "] {
            if self.text[self.at..end].starts_with(word) {
                self.at += word.len();
                self.blanks(end);
            }
        }
        let indent = self.at - start;
        let rest = &self.text[self.at..end];
        if rest.is_empty() {
            return;
        }
        if rest.starts_with('#') {
            self.comment(end, Bearing::Unknown);
            return;
        }
        // The last line of base64 is not a name without a value.
        let base64 = !self.levels.is_empty() && rest.trim_end().ends_with('=');
        let key =
            key(rest).filter(|(_, after)| !base64 || !rest[*after..].trim_matches('=').is_empty());
        let open = if item { dash + 1 } else { indent };
        let open = if key.is_some() { open.min(indent) } else { dash + usize::from(item) };
        while self.levels.last().is_some_and(|level| level.indent >= open.max(usize::from(item))) {
            // A list may be as deep as its key.
            if item && self.levels.last().is_some_and(|level| level.indent <= dash) {
                break;
            }
            self.levels.pop();
        }
        let (above, above_key) =
            self.levels.last().map_or((Bearing::Unknown, ""), |level| (level.bearing, level.key));
        let Some((name, after)) = key else {
            // `above` at the very start: no key says what this is.
            self.value(above, above_key, indent, end);
            return;
        };
        let name_range = self.at + name.start..self.at + name.end;
        let name = &self.text[name_range];
        let own = match (name, self.named) {
            ("value", Some((at, named))) if at == indent => child(above, above_key, named),
            ("data", _) if self.secrets => Bearing::SecretTree,
            _ => child(above, above_key, name),
        };
        self.at += after;
        self.levels.push(Level { indent, bearing: own, key: name });
        if name == "name" {
            let value = self.text[self.at..end].trim().trim_matches(['"', '\'']);
            self.named = Some((indent, value));
        }
        self.value(own, name, indent, end);
    }

    /// Whether a text has `mark`: an alias for an anchor, or an anchor for an alias.
    fn has(&mut self, mark: &str) -> bool {
        let text = self.text;
        let marks = self.marks.get_or_insert_with(|| {
            let starts = text.match_indices(['&', '*']).map(|(at, _)| at);
            let name = |at: usize| {
                let rest = &text[at + 1..];
                let end = rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c));
                &text[at..at + 1 + end.unwrap_or(rest.len())]
            };
            starts.map(name).filter(|name| name.len() <= LONGEST_MARK).collect()
        });
        marks.contains(mark)
    }

    /// Steps over an anchor, an alias or a tag that YAML needs: whether there is one.
    fn mark(&mut self, end: usize) -> bool {
        let rest = &self.text[self.at..end];
        let Some(marked) = rest.strip_prefix(['&', '!', '*']) else { return false };
        let length = marked.find(char::is_whitespace).unwrap_or(marked.len());
        let name = &marked[..length];
        let plain = !name.is_empty()
            && length < LONGEST_MARK
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-!".contains(c));
        let used = plain
            && match rest.as_bytes().first() {
                Some(b'&') => !marked[length..].trim().is_empty() || self.has(&format!("*{name}")),
                Some(b'*') => self.has(&format!("&{name}")),
                _ => ["!str", "!int", "!float", "!bool", "!binary", "!map", "!seq", "!null"]
                    .contains(&name),
            };
        if used {
            self.at += 1 + length;
        }
        used
    }

    /// What stands from here to the end of the line, or of a quote or bracket that is open there.
    fn value(&mut self, bearing: Bearing, key: &str, indent: usize, end: usize) {
        self.blanks(end);
        // An anchor and a tag.
        if self.mark(end) {
            self.blanks(end);
            if self.mark(end) {
                self.blanks(end);
            }
        }
        let rest = &self.text[self.at..end];
        let Some(first) = rest.chars().next() else { return };
        match first {
            '#' => self.comment(end, bearing),
            '|' | '>' if is_block_header(rest) => {
                if matches!(bearing, Bearing::Secret | Bearing::SecretTree) {
                    self.block = Some(indent);
                }
            }
            '{' if rest.starts_with("{{") => self.plain(bearing, end),
            '{' | '[' => {
                self.flow(bearing, key);
                let end = self.line_end();
                self.rest(bearing, end);
            }
            '"' | '\'' => {
                self.quoted(bearing, key, first);
                let end = self.line_end();
                self.rest(bearing, end);
            }
            _ => self.plain(bearing, end),
        }
    }

    /// What follows a quoted value on its line.
    fn rest(&mut self, bearing: Bearing, end: usize) {
        self.blanks(end);
        let rest = &self.text[self.at..end];
        if rest.starts_with('#') {
            self.comment(end, bearing);
        } else if !rest.trim_matches([',', '}', ']', ';', ' ']).is_empty() {
            self.plain(if bearing == Bearing::Secret { bearing } else { Bearing::Unknown }, end);
        }
    }

    fn plain(&mut self, bearing: Bearing, end: usize) {
        let rest = &self.text[self.at..end];
        let mut hashes = rest.match_indices('#').map(|(at, _)| at);
        let comment = hashes.find(|at| rest[..*at].ends_with([' ', '\t']));
        let value = rest[..comment.unwrap_or(rest.len())].trim_end();
        self.push(self.at..self.at + value.len(), bearing);
        if let Some(comment) = comment {
            self.at += comment;
            self.comment(end, bearing);
        }
        self.at = end;
    }

    /// A quoted value, to the end of its quote on whatever line that is.
    fn quoted(&mut self, bearing: Bearing, key: &str, quote: char) {
        let start = self.at + 1;
        let end = self.closing(quote);
        let inside = &self.text[start..end];
        // `- "NAME=value"`
        let named = inside.split_once('=').filter(|(name, _)| is_name(name));
        match named {
            Some((name, value)) if bearing == Bearing::Unknown => {
                let own = child(bearing, key, name);
                self.push(end - value.len()..end, own);
            }
            _ => self.push(start..end, bearing),
        }
        self.at = (end + 1).min(self.text.len());
    }

    /// Where the quote that is open here closes.
    fn closing(&self, quote: char) -> usize {
        let inside = &self.text[self.at + 1..];
        let mut chars = inside.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                // In single quotes too: python-dotenv takes `\'` for one.
                chars.next();
            } else if c == quote {
                if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                    chars.next();
                    continue;
                }
                return self.at + 1 + at;
            }
        }
        self.text.len()
    }

    fn push(&mut self, range: Range<usize>, bearing: Bearing) {
        if !self.text[range.clone()].trim().is_empty() {
            self.found.push(Piece { range, bearing, comment: false });
        }
    }

    fn comment(&mut self, end: usize, bearing: Bearing) {
        self.found.push(Piece { range: self.at..end, bearing, comment: true });
        self.at = end;
    }

    /// A flow collection, over as many lines as it takes.
    fn flow(&mut self, bearing: Bearing, key: &str) {
        // What is open: what its entries are, the key that they are below, and the last `name`.
        let mut open: Vec<(Bearing, &str, Option<&'t str>)> = vec![];
        let (mut current, mut current_key) = (bearing, key);
        let mut is_name_key = false;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'{' | b'[' => {
                    open.push((current, current_key, None));
                    self.at += 1;
                }
                b'}' | b']' => {
                    open.pop();
                    self.at += 1;
                    if open.is_empty() {
                        return;
                    }
                }
                b',' => {
                    let (container, key, _) = open.last().copied().unwrap_or((bearing, key, None));
                    (current, current_key) = (container, key);
                    is_name_key = false;
                    self.at += 1;
                }
                b':' | b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' if self.at == 0 || bytes[self.at - 1].is_ascii_whitespace() => {
                    let end = self.line_end();
                    self.comment(end, current);
                }
                _ => {
                    let range = self.token();
                    let token = &self.text[range.clone()];
                    if !open.is_empty() && self.is_key() {
                        let (container, key, named) =
                            open.last().copied().unwrap_or((bearing, "", None));
                        current = match (token, named) {
                            ("value", Some(named)) => child(container, key, named),
                            ("data", _) if self.secrets => Bearing::SecretTree,
                            _ => child(container, key, token),
                        };
                        current_key = token;
                        is_name_key = token == "name";
                    } else {
                        if let (true, Some((_, _, named))) = (is_name_key, open.last_mut()) {
                            *named = Some(token);
                        }
                        match token.split_once('=').filter(|(name, _)| is_name(name)) {
                            Some((name, value)) if current == Bearing::Unknown => {
                                let own = child(current, current_key, name);
                                self.push(range.end - value.len()..range.end, own);
                            }
                            _ => self.push(range, current),
                        }
                    }
                }
            }
        }
    }

    /// A scalar inside a flow collection.
    fn token(&mut self) -> Range<usize> {
        let start = self.at;
        if let Some(quote @ (b'"' | b'\'')) = self.text.as_bytes().get(start) {
            let end = self.closing(char::from(*quote));
            self.at = (end + 1).min(self.text.len());
            return start + 1..end;
        }
        let rest = &self.text[start..];
        let mut before = ' ';
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            let key = c == ':' && rest[at + 1..].starts_with([' ', '\t', '\n', '\r']);
            if matches!(c, ',' | '}' | ']' | '\n' | '\r') || key || (c == '#' && before == ' ') {
                end = at;
                break;
            }
            before = c;
        }
        // It holds at least one character: none of those starts it.
        self.at = start + end.max(rest.chars().next().map_or(0, char::len_utf8));
        start..start + rest[..self.at - start].trim_end().len()
    }

    fn is_key(&self) -> bool {
        self.text[self.at..].trim_start_matches([' ', '\t']).starts_with(':')
    }
}

pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// The key that a line starts with, and where its value starts.
pub(super) fn key(rest: &str) -> Option<(Range<usize>, usize)> {
    if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
        let end = 1 + rest[1..].find(quote)?;
        let after = &rest[end + 1..];
        let blank = after.len() - after.trim_start_matches([' ', '\t']).len();
        let separated = after[blank..].starts_with([':', '=']);
        return separated.then_some((1..end, end + 1 + blank + 1));
    }
    if rest.starts_with(['{', '[', '|', '>', '%', '@', '`']) {
        return None;
    }
    // A line that starts with a name and `=`, else a key of YAML.
    let assigned = rest.find('=').filter(|at| is_name(rest[..*at].trim_end()));
    let colon = rest.match_indices(':').map(|(at, _)| at).find(|at| {
        let after = &rest[at + 1..];
        after.is_empty() || after.starts_with([' ', '\t'])
    });
    let end = match (assigned, colon) {
        (Some(assigned), Some(colon)) => assigned.min(colon),
        (one, other) => one.or(other)?,
    };
    let name = rest[..end].trim_end();
    // Words and a colon are prose: `python-dotenv can't: …`. A key of YAML may hold blanks, but then
    // nothing is known of it either.
    Some((0..name.len(), end + 1))
}

fn is_block_header(rest: &str) -> bool {
    let header = rest.split(" #").next().unwrap_or(rest).trim_end();
    header.len() <= 3 && header[1..].chars().all(|c| c.is_ascii_digit() || c == '+' || c == '-')
}

/// Whether a document is a Kubernetes Secret, whatever else it is.
fn is_secret_manifest(document: &str) -> bool {
    document.match_indices("kind").any(|(at, word)| {
        let rest = document[at + word.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
        rest.strip_prefix(':').is_some_and(|value| {
            let value = value.trim_start_matches([' ', '\t', '"', '\'']);
            let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
            matches!(&value[..end], "Secret" | "SealedSecret" | "SecretList")
        })
    })
}
