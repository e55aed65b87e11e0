//! A text's keys and values, told by lines and indentation: also where the text is not YAML at the
//! moment, as while someone types.

mod flow;
mod scan;
mod spot;

use std::ops::Range;

pub(super) use spot::{Gap, Spot};

/// What is in a text, in the order of the text.
pub(super) struct Outline<'t> {
    pub(super) text: &'t str,
    pub(super) entries: Vec<Entry>,
    comments: Vec<Range<usize>>,
    /// Block scalars that hold no config.
    literals: Vec<Range<usize>>,
    flows: Vec<Flow>,
}

/// A place's number in an outline.
pub(super) type EntryId = usize;

/// A document, a key, or a list's element.
pub(super) struct Entry {
    /// What it is in; a document is in itself.
    pub(super) parent: EntryId,
    pub(super) name: Name,
    /// The key as it is written, or the dash; empty for a document, and for an element in brackets.
    pub(super) key: Range<usize>,
    /// The colon behind the key. A word that is where a key could be has none yet.
    pub(super) colon: Option<usize>,
    /// The column of the key or dash, from 0; a document's is -1. Brackets have that of their owner.
    pub(super) column: isize,
    pub(super) value: Option<Scalar>,
    /// Whether it is within brackets.
    pub(super) in_flow: bool,
    /// Whether it is a block scalar that holds a config.
    pub(super) embeds: bool,
    items: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Document,
    Key(String),
    Item(usize),
}

/// A value that is not a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scalar {
    /// With its quotes.
    pub(super) range: Range<usize>,
    pub(super) quote: Option<u8>,
    /// Whether the closing quote is there.
    pub(super) closed: bool,
}

/// A collection in brackets.
struct Flow {
    owner: EntryId,
    mapping: bool,
    open: usize,
    /// Where the closing bracket stands, or the end of what could be read.
    close: usize,
}

impl Scalar {
    fn plain(range: Range<usize>) -> Self {
        Self { range, quote: None, closed: true }
    }

    /// Without its quotes.
    pub(super) fn inner(&self) -> Range<usize> {
        let Range { start, end } = self.range;
        match self.quote {
            None => start..end,
            Some(_) => {
                (start + 1).min(end)..(end - usize::from(self.closed)).max(start + 1).min(end)
            }
        }
    }
}

impl Entry {
    pub(super) fn key_name(&self) -> Option<&str> {
        match &self.name {
            Name::Key(name) => Some(name),
            Name::Document | Name::Item(_) => None,
        }
    }

    pub(super) fn is_item(&self) -> bool {
        matches!(self.name, Name::Item(_))
    }
}

impl<'t> Outline<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        scan::Scanner::new(text).scan()
    }

    /// What stands directly in an entry.
    pub(super) fn children(&self, parent: EntryId) -> impl Iterator<Item = (EntryId, &Entry)> {
        self.entries
            .iter()
            .enumerate()
            .filter(move |(id, entry)| entry.parent == parent && *id != parent)
    }

    /// The key of this name in an entry.
    pub(super) fn child(&self, parent: EntryId, name: &str) -> Option<&Entry> {
        self.children(parent).map(|(_, entry)| entry).find(|entry| entry.key_name() == Some(name))
    }

    /// The entry and what it is in, up to its document.
    pub(super) fn ancestors(&self, entry: EntryId) -> impl Iterator<Item = EntryId> {
        std::iter::successors(Some(entry), |at| {
            let parent = self.entries[*at].parent;
            (parent != *at).then_some(parent)
        })
    }

    /// The text of a value, without its quotes.
    pub(super) fn scalar_text(&self, scalar: &Scalar) -> &'t str {
        self.text.get(scalar.inner()).unwrap_or("")
    }

    /// How many columns a mapping is indented within another: the first that is found, else 2.
    pub(super) fn indent(&self) -> usize {
        let step = self.entries.iter().find_map(|entry| {
            let parent = &self.entries[entry.parent];
            let keys = entry.key_name().is_some() && parent.key_name().is_some();
            let step = entry.column - parent.column;
            (keys && !entry.in_flow && !parent.embeds && step > 0).then_some(step)
        });
        step.and_then(|step| usize::try_from(step).ok()).unwrap_or(2)
    }

    /// Whether lists are indented within their key: so the first that is found, else they are.
    pub(super) fn indents_lists(&self) -> bool {
        let list = self.entries.iter().find(|entry| {
            entry.is_item() && !entry.in_flow && self.entries[entry.parent].key_name().is_some()
        });
        list.is_none_or(|item| item.column > self.entries[item.parent].column)
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, Outline};
    use base::source::SourceId;
    use python::{Data, Value};

    /// Each key and scalar of a text with its path, as lines of text.
    fn outlined(text: &str) -> Vec<String> {
        let outline = Outline::new(text);
        let path = |id| {
            let mut names: Vec<String> = outline
                .ancestors(id)
                .filter_map(|at| match &outline.entries[at].name {
                    Name::Document => None,
                    Name::Key(name) => Some(name.clone()),
                    Name::Item(index) => Some(index.to_string()),
                })
                .collect();
            names.reverse();
            names.join("/")
        };
        let line = |(id, entry): (usize, &super::Entry)| {
            let value = entry.value.as_ref().map(|value| outline.scalar_text(value));
            (entry.name != Name::Document).then(|| match value {
                Some(value) => format!("{} = {value}", path(id)),
                None => path(id),
            })
        };
        outline.entries.iter().enumerate().filter_map(line).collect()
    }

    #[test]
    fn layouts() {
        for (text, expected) in [
            ("a:\n  b: 1\n  c:\n    d: x # no\ne:", &["a", "a/b = 1", "a/c", "a/c/d = x", "e"][..]),
            (
                "a:\n- b: 1\n  c: 2\n- x\nd: 1",
                &["a", "a/0", "a/0/b = 1", "a/0/c = 2", "a/1 = x", "d = 1"],
            ),
            ("a:\n  - - x\n    - y\n  - z", &["a", "a/0", "a/0/0 = x", "a/0/1 = y", "a/1 = z"]),
            (
                "a: {b: 1, \"c\": [x, 'y'], d}",
                &["a", "a/b = 1", "a/c", "a/c/0 = x", "a/c/1 = y", "a/d"],
            ),
            ("a: {\n b: 1,\n c: {d: 2}}\ne: 1", &["a", "a/b = 1", "a/c", "a/c/d = 2", "e = 1"]),
            ("{\"a\":1,\"b\":{\"c\":\"d\"}}", &["a = 1", "b", "b/c = d"]),
            ("a: |\n  b: 1\n\n  c\nd: >-\n  e\nf: 1", &["a", "d", "f = 1"]),
            ("a: b\n  c\nd: \"e\n  f: 1\"\ng: 1", &["a = b\n  c", "d = e\n  f: 1", "g = 1"]),
            ("&x a: &y b\n? c\n!!str d: *y", &["a = b", "? c", "d = *y"]),
            ("a: 1\n---\nb: 2\n--- # c\nd: 1", &["a = 1", "b = 2", "d = 1"]),
            ("url: redis://h:1/0#x # c", &["url = redis://h:1/0#x"]),
        ] {
            assert_eq!(outlined(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_finished_does_not_swallow_the_rest() {
        for (text, expected) in [
            ("a:\n  b: [x, \n  c: 1", &["a", "a/b", "a/b/0 = x", "a/c = 1"][..]),
            ("a:\n  b: {x: \n  c: 1", &["a", "a/b", "a/b/x", "a/c = 1"]),
            ("a:\n  b: \"x\n  c: 1", &["a", "a/b = x", "a/c = 1"]),
            ("a:\n  ho\n  c: 1", &["a", "a/ho", "a/c = 1"]),
            ("a:\n  b: 1\n  ho\nc: 1", &["a", "a/b = 1", "a/ho", "c = 1"]),
            ("a: ]\nb: }\nc: 1", &["a = ]", "b = }", "c = 1"]),
        ] {
            assert_eq!(outlined(text), expected, "{text}");
        }
    }

    #[test]
    fn a_config_in_a_manifest_is_read() {
        let text = "kind: ConfigMap\ndata:\n  config.yaml: |\n    litellm_settings:\n      cache: true\n  x: 1";
        assert_eq!(
            outlined(text),
            [
                "kind = ConfigMap",
                "data",
                "data/config.yaml",
                "data/config.yaml/litellm_settings",
                "data/config.yaml/litellm_settings/cache = true",
                "data/x = 1",
            ]
        );
    }

    #[test]
    fn the_style_is_told() {
        let style = |text| {
            let outline = Outline::new(text);
            (outline.indent(), outline.indents_lists())
        };
        assert_eq!(style("a:\n    b:\n      - x"), (4, true));
        assert_eq!(style("a:\n  b:\n  - x"), (2, false));
        assert_eq!(style(""), (2, true));
    }

    /// Where PyYAML can read a text, the outline agrees with it on every key.
    #[test]
    fn the_outline_agrees_with_the_reader() {
        let mut keys = 0;
        for (name, text) in crate::examples() {
            let Ok(document) = yaml::read(SourceId::CONFIG, &text) else { continue };
            let mut expected = vec![];
            note(&document.root, &mut vec![], &mut expected);
            let found = outlined(&text);
            let found: Vec<&str> =
                found.iter().map(|line| line.split(" = ").next().unwrap_or(line)).collect();
            for path in expected {
                assert!(found.contains(&path.as_str()), "{name}: {path} in {found:#?}");
                keys += 1;
            }
        }
        assert!(keys > 500, "{keys}");
    }

    fn note(value: &Value, path: &mut Vec<String>, found: &mut Vec<String>) {
        match &value.data {
            Data::Dict(dict) => {
                for entry in &dict.entries {
                    path.push(entry.key.as_str().unwrap_or("?").to_owned());
                    found.push(path.join("/"));
                    note(&entry.value, path, found);
                    path.pop();
                }
            }
            Data::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    path.push(at.to_string());
                    note(item, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }
}
