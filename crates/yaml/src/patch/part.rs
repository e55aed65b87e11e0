//! The part of a config that a change is worked out in: one entry of its root, else all of it.
//!
//! Each change is read again before it is given. With long lists of models beside a few settings,
//! reading all of it for each fix took half of a check.

use std::borrow::Cow;
use std::ops::Range;

use super::{Comparison, Operation, apply, careful_edits};
use crate::path::{Path, Step};
use crate::{Document, read};
use base::finding::Edit;
use base::source::{SourceId, Span};
use python::{Data, Entry, Value};
use serde_json::Value as Json;

/// One entry of the root that reads by itself as it does in the config, and that nothing else
/// depends on.
#[derive(Debug)]
pub struct Section {
    lines: Range<usize>,
    document: Document,
}

impl Section {
    /// The key of the root that all these operations are inside of.
    pub fn key(operations: &[Operation]) -> Option<String> {
        let paths = operations.iter().flat_map(|operation| {
            let to = match operation {
                Operation::Move { to, .. } => Some(to.as_str()),
                _ => None,
            };
            [Some(operation.path()), to].into_iter().flatten()
        });
        let mut keys = paths.map(first_key);
        let key = keys.next()??;
        keys.all(|other| other.as_ref() == Some(&key)).then_some(key)
    }

    /// The entry of this key in a config.
    pub fn of(document: &Document, text: &str, key: &str) -> Option<Self> {
        let entry = document.root.as_dict()?.entry(key)?;
        let lines = lines(text, entry)?;
        let section = &text[lines.clone()];
        // Anchors and aliases lead out of it.
        if section.contains(['&', '*']) {
            return None;
        }
        let document = read(SourceId::CONFIG, section).ok()?;
        let [only] = &document.root.as_dict()?.entries[..] else { return None };
        let same = only.key.as_str() == Some(key)
            && Comparison::default().same_value(&only.value, &entry.value);
        same.then_some(Self { lines, document })
    }
}

/// A text of its own, and what was read from it.
pub struct Part<'a> {
    text: &'a str,
    document: &'a Document,
    /// Where it starts in the config.
    start: usize,
    /// Whether the config goes on behind it.
    goes_on: bool,
}

impl<'a> Part<'a> {
    /// The whole config, which `document` was read from.
    pub fn whole(document: &'a Document, text: &'a str) -> Self {
        Self { text, document, start: 0, goes_on: false }
    }

    /// A section of the config.
    pub fn section(section: &'a Section, text: &'a str) -> Self {
        let Section { lines, document } = section;
        Self {
            text: &text[lines.clone()],
            document,
            start: lines.start,
            goes_on: lines.end < text.len(),
        }
    }

    /// How many bytes it has.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// The one edit of the config that makes these changes, one after the other; none where one
    /// can't be made.
    pub fn edit(&self, operations: &[Operation]) -> Option<Edit> {
        let mut text = Cow::Borrowed(self.text);
        let mut document = Cow::Borrowed(self.document);
        for (at, operation) in operations.iter().enumerate() {
            if at > 0 {
                document = Cow::Owned(read(SourceId::CONFIG, &text).ok()?);
            }
            text = Cow::Owned(step(&document, &text, operation)?);
        }
        if self.goes_on && !text.ends_with(['\n', '\r']) {
            return None;
        }
        single_edit(self.text, &text, self.start)
    }
}

/// The text after one change, in which every comment stays and no mapping is left empty.
fn step(document: &Document, text: &str, operation: &Operation) -> Option<String> {
    let by = |operation: &Operation| {
        let edits = careful_edits(document, text, operation).ok()?;
        Some(apply(text, &edits))
    };
    match operation {
        Operation::Remove { path } => {
            by(&Operation::Remove { path: emptied(document, path)?.to_string() })
        }
        Operation::Move { path, to } => by(operation).or_else(|| {
            // Its lines can't be taken along: it is written anew.
            let value = json_of(value_at(document, path)?, &mut MOST_WRITTEN.clone())?;
            let moved = by(&Operation::Set { path: to.clone(), value })?;
            let document = read(SourceId::CONFIG, &moved).ok()?;
            step(&document, &moved, &Operation::Remove { path: path.clone() })
        }),
        operation => by(operation),
    }
}

/// What goes with a key: the mappings above it that have no other. Nothing where that is all.
fn emptied(document: &Document, path: &str) -> Option<Path> {
    let mut steps = Path::parse(path)?.0;
    loop {
        let above = steps.len().checked_sub(1)?;
        let parent = at(&document.root, &steps[..above])?;
        match parent.as_dict() {
            Some(dict) if dict.entries.len() == 1 && above == 0 => return None,
            Some(dict) if dict.entries.len() == 1 && matches!(steps[above], Step::Key(_)) => {
                steps.pop();
                if !matches!(steps.last(), Some(Step::Key(_))) {
                    return None;
                }
            }
            _ => return Some(Path(steps)),
        }
    }
}

fn at<'d>(root: &'d Value, steps: &[Step]) -> Option<&'d Value> {
    steps.iter().try_fold(root, |value, step| match step {
        Step::Key(key) => value.as_dict()?.get(key),
        Step::Index(at) => value.as_list()?.get(*at),
    })
}

fn value_at<'d>(document: &'d Document, path: &str) -> Option<&'d Value> {
    at(&document.root, &Path::parse(path)?.0)
}

/// More values than anybody writes: aliases let a few lines stand for any number.
const MOST_WRITTEN: usize = 10_000;

/// A value as JSON, where it is one and not larger than `left` values.
fn json_of(value: &Value, left: &mut usize) -> Option<Json> {
    *left = left.checked_sub(1)?;
    Some(match &value.data {
        Data::None => Json::Null,
        Data::Bool(flag) => Json::Bool(*flag),
        Data::Int(number) => Json::Number(number.to_string().parse().ok()?),
        Data::Float(number) => Json::Number(serde_json::Number::from_f64(*number)?),
        Data::Str(text) => Json::String(text.to_string()),
        Data::List(items) => {
            Json::Array(items.iter().map(|item| json_of(item, left)).collect::<Option<_>>()?)
        }
        Data::Dict(dict) => {
            let mut map = serde_json::Map::new();
            for entry in &dict.entries {
                map.insert(entry.key.as_str()?.to_owned(), json_of(&entry.value, left)?);
            }
            Json::Object(map)
        }
        _ => return None,
    })
}

/// The key of the root that a path leads through and does not end at.
fn first_key(path: &str) -> Option<String> {
    let mut steps = Path::parse(path)?.0.into_iter();
    match (steps.next()?, steps.next()?) {
        (Step::Key(key), _) => Some(key),
        (Step::Index(_), _) => None,
    }
}

/// The lines that an entry of the root is on, if its value is a mapping on lines of their own:
/// from its key to the next line that is indented no deeper.
fn lines(text: &str, entry: &Entry) -> Option<Range<usize>> {
    let (key, value) = (entry.key.span()?.range(), entry.value.span()?.range());
    let start = text[..key.start].rfind(['\n', '\r']).map_or(0, |line_break| line_break + 1);
    let indent = &text[start..key.start];
    let first_line = text[key.start..].lines().next().unwrap_or("");
    let block =
        matches!(entry.value.data, Data::Dict(_)) && value.start > key.start + first_line.len();
    if !indent.bytes().all(|byte| byte == b' ') || !block {
        return None;
    }
    let mut end = start;
    for (at, line) in text[start..].split_inclusive('\n').enumerate() {
        let content = line.trim_start_matches(' ');
        let deeper = line.len() - content.len() > indent.len();
        if at > 0 && !deeper && !content.starts_with(['#', '\n', '\r']) && !content.is_empty() {
            break;
        }
        end += line.len();
    }
    // Of keys that are there twice, the last one's value counts.
    (value.end <= end && start <= value.start).then_some(start..end)
}

/// The one edit that turns a text into another; both start at `offset` of the config.
fn single_edit(old: &str, new: &str, offset: usize) -> Option<Edit> {
    if old == new {
        return None;
    }
    // What follows is matched first: inside a manifest it is white space, which must not be taken
    // for a part of the change.
    let common = old.bytes().rev().zip(new.bytes().rev());
    let mut tail = common.take_while(|(one, other)| one == other).count();
    while !old.is_char_boundary(old.len() - tail) || !new.is_char_boundary(new.len() - tail) {
        tail -= 1;
    }
    let common = old[..old.len() - tail].bytes().zip(new[..new.len() - tail].bytes());
    let mut start = common.take_while(|(one, other)| one == other).count();
    while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
        start -= 1;
    }
    let span = Span::new(SourceId::CONFIG, offset + start, offset + old.len() - tail);
    Some(Edit { span, text: new[start..new.len() - tail].to_owned() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::expected;
    use super::{Comparison, Operation, Part, Path, Section, apply, emptied};
    use crate::read;
    use base::source::SourceId;

    fn set(path: &str) -> Operation {
        Operation::Set { path: path.to_owned(), value: json!(1) }
    }

    /// The text that a change of a part leaves; nothing where there is no such part or edit.
    fn by_section(text: &str, operations: &[Operation]) -> Option<String> {
        let document = read(SourceId::CONFIG, text).expect("the text is YAML");
        let section = Section::of(&document, text, &Section::key(operations)?)?;
        let edit = Part::section(&section, text).edit(operations)?;
        Some(apply(text, &[edit]))
    }

    #[test]
    fn changes_a_section_in_its_place() {
        let text = "m:\n- x: 1\n# c\ns: # d\n  a: 2\n\n  b: {c: 3}\n# e\nt:\n  a: 4\n";
        let after = "m:\n- x: 1\n# c\ns: # d\n  a: 1\n\n  b: {c: 3, d: 1}\n# e\nt:\n  a: 4\n";
        assert_eq!(by_section(text, &[set("s.a"), set("s.b.d")]).as_deref(), Some(after));
        let twice = "s:\n  a: 2\nt: 1\ns:\n  a: 3\n";
        let after = "s:\n  a: 2\nt: 1\ns:\n  a: 1\n";
        assert_eq!(by_section(twice, &[set("s.a")]).as_deref(), Some(after), "the last one counts");
        let last = "s:\n  a: 2\nt:\n  b: 3";
        assert_eq!(
            by_section(last, &[set("t.c")]).as_deref(),
            Some("s:\n  a: 2\nt:\n  b: 3\n  c: 1")
        );
        let inside_a_manifest = "    s:\n      a: 2\n    t: 3\n  ";
        let after = "    s:\n      a: 1\n    t: 3\n  ";
        assert_eq!(by_section(inside_a_manifest, &[set("s.a")]).as_deref(), Some(after));
    }

    /// What comes out of a section is what the whole config should be, in every recorded text.
    #[test]
    fn agrees_with_the_whole() {
        let golden = include_str!("../../../../truth/pyyaml/recording.jsonl");
        let texts = golden.lines().filter_map(|line| {
            let case: Json = serde_json::from_str(line).expect("golden.jsonl holds JSON");
            let text = case["text"].as_str()?;
            // Between others, and last.
            (text.len() <= 1000).then(|| {
                let indented = text.replace('\n', "\n  ");
                let around = format!(
                    "first:\n  a: {{b: 1}}\n\nsome:\n  {indented}\n# c\nlast:\n  b:\n  - 1\n"
                );
                [text.to_owned(), around]
            })
        });
        let mut changed = 0;
        for text in texts.flatten() {
            let Ok(document) = read(SourceId::CONFIG, &text) else { continue };
            let mut paths: Vec<String> = (0..=text.len())
                .map(|at| document.path_at(u32::try_from(at).expect("small")).to_string())
                .collect();
            paths.sort();
            paths.dedup();
            for path in paths {
                for operation in [
                    Operation::Remove { path: path.clone() },
                    Operation::Rename { path: path.clone(), to: "renamed key".to_owned() },
                    Operation::Set { path: format!("{path}.added"), value: json!([1, "x: y"]) },
                    Operation::Append { path: path.clone(), value: json!({ "z": "on" }) },
                ] {
                    let operations = std::slice::from_ref(&operation);
                    let Some(after) = by_section(&text, operations) else { continue };
                    changed += 1;
                    // What has nothing left goes as well.
                    let operation = match operation {
                        Operation::Remove { path } => {
                            let path = emptied(&document, &path).expect("more is there");
                            Operation::Remove { path: path.to_string() }
                        }
                        operation => operation,
                    };
                    let steps = Path::parse(operation.path()).expect("a path");
                    let expected = expected(&document.root, &steps.0, &operation);
                    let expected = expected.expect("the operation fits");
                    let read = read(SourceId::CONFIG, &after).expect(&after);
                    let same = Comparison::default().same(&read.root, &expected);
                    assert!(same, "{operation:?} of\n{text}\nleft\n{after}");
                }
            }
        }
        assert!(changed > 2000, "{changed} changes were compared");
    }

    #[test]
    fn leaves_alone_what_more_depends_on() {
        for (why, text) in [
            ("an anchor", "s: &x\n  a: 2\nt: *x\n"),
            ("an alias", "x: &x {b: 1}\ns:\n  a: 2\n  c: *x\n"),
            ("a flow mapping", "s: {a: 2}\nt: 1\n"),
            ("a flow mapping below its key", "s:\n  {a: 2,\nb: 3}\nt: 1\n"),
            ("a quoted text that reaches the margin", "s:\n  a: \"2\nt: 3\"\n"),
            ("nothing", "s:\nt: 1\n"),
            ("a complex key", "? s\n:\n  a: 2\n"),
            ("a document's start", "--- {s: {a: 2}}\n"),
            ("a list", "- s:\n    a: 2\n"),
        ] {
            assert_eq!(by_section(text, &[set("s.a")]), None, "{why}");
        }
        let text = "s:\n  a: 2\nt:\n  a: 2\n";
        assert_eq!(by_section(text, &[set("s.a"), set("t.a")]), None, "two sections");
        assert_eq!(by_section(text, &[set("s")]), None, "the section itself");
        assert_eq!(by_section(text, &[set("u.a")]), None, "a section that is not there");
    }
}
