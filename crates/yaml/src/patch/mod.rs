//! Changes to a config that leave its comments and its layout alone.
//!
//! An operation names a path, as `router_settings.redis_ssl`; what comes out are edits of the text.
//! Each result is read again before it is given: an operation that would not come out as meant is
//! refused, never half right.

mod add;
mod edit;
mod keep;
mod part;
mod relocate;
mod write;

pub use keep::comments;
pub use part::{Part, Section};

pub use write::{flow, lines};

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use super::path::{Path, Step};
use super::{Document, composer, read};
use base::finding::Edit;
pub use base::operation::Operation;
use base::source::SourceId;
use python::{Data, Value};

pub use write::{quoted, text};

/// Why a change can't be made as an edit of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// Nothing is at the path.
    NoSuchPath(String),
    /// The new name of a key is taken.
    KeyExists(String),
    /// The path leads through an alias (`*name`): the value is written elsewhere.
    Alias(String),
    /// The key comes from a merge key (`<<`): it is written elsewhere.
    Merged(String),
    /// What is at the path can't be changed so: not the kind of value, or written in a way
    /// that an edit would break.
    NotEditable(String),
    /// The text itself can't be read.
    NotYaml,
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchPath(path) => write!(f, "there is nothing at {path}"),
            Self::KeyExists(path) => write!(f, "{path} is there already"),
            Self::Alias(path) => write!(f, "{path} is written elsewhere: an alias leads there"),
            Self::Merged(path) => write!(f, "{path} is written elsewhere: a merge key leads there"),
            Self::NotEditable(path) => write!(f, "{path} is written in a way that no edit fits"),
            Self::NotYaml => f.write_str("the text can't be read"),
        }
    }
}

impl std::error::Error for PatchError {}

/// The edits that make one change in `text`, which `document` was read from; in the text's order.
///
/// # Errors
/// Where the path is not there, its value is written elsewhere, or no edit fits.
pub fn edits(
    document: &Document,
    text: &str,
    operation: &Operation,
) -> Result<Vec<Edit>, PatchError> {
    changed(document, text, operation, false)
}

/// The same, and every comment stays: one that would go with what it is in gets a line of its
/// own.
///
/// # Errors
/// As [`edits`], and where a comment has no place left.
pub fn careful_edits(
    document: &Document,
    text: &str,
    operation: &Operation,
) -> Result<Vec<Edit>, PatchError> {
    changed(document, text, operation, true)
}

fn changed(
    document: &Document,
    text: &str,
    operation: &Operation,
    careful: bool,
) -> Result<Vec<Edit>, PatchError> {
    let source = document.root.span().map_or(SourceId::CONFIG, |span| span.source);
    let graph = composer::compose(source, text).map_err(|_| PatchError::NotYaml)?;
    let path = operation.path();
    let steps = Path::parse(path).ok_or_else(|| PatchError::NoSuchPath(path.to_owned()))?;
    let expected = expected(&document.root, &steps.0, operation)?;
    let keys = edit::Keys::of(&graph);
    let editor = edit::Editor { source, text, graph: &graph, keys: &keys, path };
    let comments = if careful { keep::of_graph(&graph, text) } else { vec![] };
    let mut refused = PatchError::NotEditable(path.to_owned());
    for candidate in editor.candidates(&steps.0, operation) {
        match candidate {
            Ok(mut edits) => {
                edits.retain(|edit| edit.span.start < edit.span.end || !edit.text.is_empty());
                edits.sort_by_key(place);
                if !comments.is_empty() && !editor.keep(&comments, &mut edits) {
                    continue;
                }
                let after = read(source, &apply(text, &edits));
                if after.is_ok_and(|after| Comparison::default().same(&after.root, &expected)) {
                    return Ok(edits);
                }
            }
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// The edits that make many changes at once, each as [`careful_edits`] makes it; nothing where
/// they touch each other, or the result would not be that of one after the other.
///
/// The text is read once, however many changes there are. A [`Operation::Move`] is not one for it.
pub fn joint_edits(
    document: &Document,
    text: &str,
    operations: &[&Operation],
) -> Option<Vec<Edit>> {
    let source = document.root.span().map_or(SourceId::CONFIG, |span| span.source);
    let graph = composer::compose(source, text).ok()?;
    let comments = keep::of_graph(&graph, text);
    let keys = edit::Keys::of(&graph);
    let paths: Option<Vec<Path>> =
        operations.iter().map(|operation| Path::parse(operation.path())).collect();
    let paths = paths?;
    let mut all: Vec<Edit> = vec![];
    for (Path(steps), operation) in paths.iter().zip(operations) {
        let path = operation.path();
        let editor = edit::Editor { source, text, graph: &graph, keys: &keys, path };
        let mut edits = editor.candidates(steps, operation).into_iter().find_map(Result::ok)?;
        edits.retain(|edit| edit.span.start < edit.span.end || !edit.text.is_empty());
        edits.sort_by_key(place);
        if !editor.keep(&comments, &mut edits) {
            return None;
        }
        all.extend(edits);
    }
    let changes =
        paths.iter().zip(operations).map(|(Path(steps), operation)| (&steps[..], *operation));
    let tree = Tree::after(&document.root, changes.collect())?;
    all.sort_by_key(place);
    if all.windows(2).any(|pair| pair[1].span.start < pair[0].span.end) {
        return None;
    }
    let after = read(source, &apply(text, &all)).ok()?;
    Comparison::default().same(&after.root, &tree).then_some(all)
}

/// Where an edit belongs among others.
fn place(edit: &Edit) -> (u32, u32) {
    (edit.span.start, edit.span.end)
}

/// The text with edits applied. Of edits that overlap, the later ones are left out.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| place(edit));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        if let Some(kept) = text.get(at..range.start) {
            changed.push_str(kept);
            changed.push_str(&edit.text);
            at = range.end;
        }
    }
    changed.push_str(text.get(at..).unwrap_or(""));
    changed
}

/// What a change should leave, as a plain tree.
#[derive(Clone)]
enum Tree<'v> {
    /// Unchanged.
    Old(&'v Value),
    New(&'v Json),
    /// Keys that are strings or anything else, with their values.
    Map(Vec<(Name<'v>, Tree<'v>)>),
    List(Vec<Tree<'v>>),
}

#[derive(Clone)]
enum Name<'v> {
    Old(&'v Value),
    New(&'v str),
    Owned(String),
}

impl<'v> Tree<'v> {
    /// The entries of a mapping, to be changed; those of a new one where there is nothing yet.
    fn entries(&mut self) -> Option<&mut Vec<(Name<'v>, Self)>> {
        if let Self::Old(value) = self {
            let entries = match &value.data {
                Data::Dict(dict) => &dict.entries[..],
                Data::None => &[],
                _ => return None,
            };
            let entries = entries.iter();
            let entries = entries.map(|entry| (Name::Old(&entry.key), Tree::Old(&entry.value)));
            *self = Self::Map(entries.collect());
        }
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Takes out what is at a path, and the mappings above it that have nothing else.
    fn take(&mut self, path: &[String]) -> Option<Self> {
        let (key, rest) = path.split_first()?;
        let entries = self.entries()?;
        let at = entries.iter().position(|(name, _)| name.is(key))?;
        if rest.is_empty() {
            return Some(entries.remove(at).1);
        }
        let value = entries[at].1.take(rest)?;
        if matches!(&entries[at].1, Self::Map(left) if left.is_empty()) {
            entries.remove(at);
        }
        Some(value)
    }

    /// What changes leave of a mapping, one after the other; nothing where one does not fit.
    ///
    /// Each entry is looked at once, with the changes of its own.
    fn after(value: &'v Value, changes: Vec<Change<'v>>) -> Option<Self> {
        let entries = match &value.data {
            Data::Dict(dict) => &dict.entries[..],
            Data::None => &[],
            _ => return None,
        };
        let mut added: Vec<&str> = vec![];
        let mut by_key: HashMap<&str, Vec<Change<'v>>> = HashMap::new();
        for (steps, operation) in changes {
            let Some(Step::Key(key)) = steps.first() else { return None };
            let own = by_key.entry(key).or_default();
            if own.is_empty() {
                added.push(key);
            }
            own.push((steps, operation));
        }
        let mut left = Vec::with_capacity(entries.len());
        for entry in entries {
            let (name, tree) = (Name::Old(&entry.key), Self::Old(&entry.value));
            match entry.key.as_str().and_then(|key| by_key.remove(key)) {
                None => left.push((name, tree)),
                Some(own) if own.iter().all(|(steps, _)| steps.len() > 1) => {
                    let inside = own.into_iter().map(|(steps, operation)| (&steps[1..], operation));
                    left.push((name, Self::after(&entry.value, inside.collect())?));
                }
                Some(own) => left.extend(one_after_the_other(vec![(name, tree)], own)?),
            }
        }
        for own in added.into_iter().filter_map(|key| by_key.remove(key)) {
            left.extend(one_after_the_other(vec![], own)?);
        }
        Some(Self::Map(left))
    }

    /// Makes one change; `false` where it does not fit.
    fn change(&mut self, steps: &[Step], operation: &'v Operation) -> bool {
        let Some((Step::Key(key), rest)) = steps.split_first() else { return false };
        let Some(entries) = self.entries() else { return false };
        let at = entries.iter().position(|(name, _)| name.is(key));
        match (operation, at, rest.is_empty()) {
            (_, Some(at), false) => entries[at].1.change(rest, operation),
            (Operation::Remove { .. }, Some(at), true) => {
                entries.remove(at);
                true
            }
            (Operation::Rename { to, .. }, Some(at), true) => {
                let taken = entries.iter().any(|(name, _)| name.is(to));
                entries[at].0 = Name::New(to);
                !taken
            }
            (Operation::Set { value, .. } | Operation::Replace { value, .. }, Some(at), true) => {
                entries[at].1 = Self::New(value);
                true
            }
            (Operation::Set { value, .. }, None, true) => {
                entries.push((Name::Owned(key.clone()), Self::New(value)));
                true
            }
            _ => false,
        }
    }

    /// Puts a value at a path where nothing stands.
    fn put(&mut self, path: &[String], value: Self) -> bool {
        let (Some((key, rest)), Some(entries)) = (path.split_first(), self.entries()) else {
            return false;
        };
        match (entries.iter().position(|(name, _)| name.is(key)), rest.is_empty()) {
            (Some(_), true) => return false,
            (Some(at), false) => return entries[at].1.put(rest, value),
            (None, true) => entries.push((Name::Owned(key.clone()), value)),
            (None, false) => {
                let mut inner = Self::Map(vec![]);
                inner.put(rest, value);
                entries.push((Name::Owned(key.clone()), inner));
            }
        }
        true
    }
}

/// A change of what is below a value: the steps from there, and what is done.
type Change<'v> = (&'v [Step], &'v Operation);

/// What changes of one key leave.
fn one_after_the_other<'v>(
    entries: Vec<(Name<'v>, Tree<'v>)>,
    changes: Vec<Change<'v>>,
) -> Option<Vec<(Name<'v>, Tree<'v>)>> {
    let mut tree = Tree::Map(entries);
    if !changes.into_iter().all(|(steps, operation)| tree.change(steps, operation)) {
        return None;
    }
    match tree {
        Tree::Map(entries) => Some(entries),
        Tree::Old(_) | Tree::New(_) | Tree::List(_) => None,
    }
}

impl Name<'_> {
    fn is(&self, key: &str) -> bool {
        match self {
            Self::Old(value) => value.as_str() == Some(key),
            Self::New(name) => *name == key,
            Self::Owned(name) => name == key,
        }
    }

    fn same_as(&self, key: &Value) -> bool {
        match self {
            Self::Old(old) => same_scalar(key, old),
            Self::New(new) => key.as_str() == Some(new),
            Self::Owned(new) => key.as_str() == Some(new),
        }
    }
}

fn expected<'v>(
    value: &'v Value,
    steps: &'v [Step],
    operation: &'v Operation,
) -> Result<Tree<'v>, PatchError> {
    let path = || operation.path().to_owned();
    let missing = || PatchError::NoSuchPath(path());
    if let Operation::Move { to, .. } = operation {
        return moved(value, steps, to);
    }
    let Some((step, rest)) = steps.split_first() else {
        return match operation {
            Operation::Replace { value, .. } | Operation::Set { value, .. } => Ok(Tree::New(value)),
            Operation::Append { value: item, .. } => match &value.data {
                Data::List(items) => {
                    let items = items.iter().map(Tree::Old);
                    Ok(Tree::List(items.chain([Tree::New(item)]).collect()))
                }
                Data::None => Ok(Tree::List(vec![Tree::New(item)])),
                _ => Err(PatchError::NotEditable(path())),
            },
            _ => Err(missing()),
        };
    };
    let adds = matches!(operation, Operation::Set { .. } | Operation::Append { .. });
    match (step, &value.data) {
        (Step::Key(key), Data::Dict(_) | Data::None) => {
            let entries = value.as_dict().map_or(&[][..], |dict| &dict.entries);
            let mut map: Vec<(Name<'v>, Tree<'v>)> = entries
                .iter()
                .map(|entry| (Name::Old(&entry.key), Tree::Old(&entry.value)))
                .collect();
            let at = map.iter().position(|(name, _)| name.is(key));
            match (at, operation) {
                (Some(at), Operation::Remove { .. }) if rest.is_empty() => {
                    map.remove(at);
                }
                (Some(at), Operation::Rename { to, .. }) if rest.is_empty() => {
                    if map.iter().any(|(name, _)| name.is(to)) {
                        return Err(PatchError::KeyExists(path()));
                    }
                    map[at].0 = Name::New(to);
                }
                (Some(at), _) => map[at].1 = expected(&entries[at].value, rest, operation)?,
                (None, _) if adds => map.push((Name::New(key), added(rest, operation)?)),
                (None, _) => return Err(missing()),
            }
            Ok(Tree::Map(map))
        }
        (Step::Index(index), Data::List(items)) if *index < items.len() => {
            let mut list: Vec<Tree<'v>> = items.iter().map(Tree::Old).collect();
            if rest.is_empty() && matches!(operation, Operation::Remove { .. }) {
                list.remove(*index);
            } else {
                list[*index] = expected(&items[*index], rest, operation)?;
            }
            Ok(Tree::List(list))
        }
        (Step::Key(_), _) if adds => Err(PatchError::NotEditable(path())),
        _ => Err(missing()),
    }
}

/// What a move leaves: the value is at its new path, and a mapping that has nothing left goes.
fn moved<'v>(root: &'v Value, from: &[Step], to: &'v str) -> Result<Tree<'v>, PatchError> {
    let missing = || PatchError::NoSuchPath(to.to_owned());
    let to = Path::parse(to).ok_or_else(missing)?.0;
    let keys = |steps: &[Step]| -> Option<Vec<String>> {
        let key = |step: &Step| match step {
            Step::Key(key) => Some(key.clone()),
            Step::Index(_) => None,
        };
        steps.iter().map(key).collect()
    };
    let (Some(from), Some(to)) = (keys(from), keys(&to)) else { return Err(missing()) };
    let mut tree = Tree::Old(root);
    let value = tree.take(&from).ok_or_else(missing)?;
    tree.put(&to, value).then_some(tree).ok_or_else(missing)
}

/// What a new key holds, with the mappings between.
fn added<'v>(steps: &'v [Step], operation: &'v Operation) -> Result<Tree<'v>, PatchError> {
    match (steps.split_first(), operation) {
        (None, Operation::Set { value, .. }) => Ok(Tree::New(value)),
        (None, Operation::Append { value, .. }) => Ok(Tree::List(vec![Tree::New(value)])),
        (Some((Step::Key(key), rest)), Operation::Set { .. } | Operation::Append { .. }) => {
            Ok(Tree::Map(vec![(Name::New(key), added(rest, operation)?)]))
        }
        (_, Operation::Set { path, .. } | Operation::Append { path, .. }) => {
            Err(PatchError::NoSuchPath(path.clone()))
        }
        _ => Err(PatchError::NotYaml),
    }
}

/// Compares what a change left with what it should leave.
///
/// Aliases let a few lines of text stand for a value of any size: each pair of collections is
/// compared once. (One that differs ends the comparison, so that those met before are the same.)
#[derive(Default)]
struct Comparison {
    met: HashSet<(*const (), *const ())>,
}

impl Comparison {
    fn same(&mut self, value: &Value, tree: &Tree<'_>) -> bool {
        match (&value.data, tree) {
            (_, Tree::Old(old)) => self.same_value(value, old),
            (Data::List(items), Tree::List(trees)) => {
                items.len() == trees.len() && items.iter().zip(trees).all(|(a, b)| self.same(a, b))
            }
            (Data::Dict(dict), Tree::Map(map)) => {
                // A key added in front of the others, or over a merged one, is as good. Nearly
                // always the entry is where it should be, or one further on.
                let entries = &dict.entries;
                let mut holds = |at: usize, (name, tree): &(Name<'_>, Tree<'_>)| {
                    let near = entries.iter().skip(at).take(2);
                    let found = near.chain(entries).find(|entry| name.same_as(&entry.key));
                    found.is_some_and(|entry| self.same(&entry.value, tree))
                };
                entries.len() == map.len()
                    && map.iter().enumerate().all(|(at, wanted)| holds(at, wanted))
            }
            (_, Tree::New(json)) => same_json(value, json),
            _ => false,
        }
    }

    fn same_value(&mut self, a: &Value, b: &Value) -> bool {
        match (&a.data, &b.data) {
            (Data::List(a), Data::List(b))
            | (Data::Tuple(a), Data::Tuple(b))
            | (Data::Set(a), Data::Set(b)) => {
                !self.met.insert((Arc::as_ptr(a).cast(), Arc::as_ptr(b).cast()))
                    || (a.len() == b.len()
                        && a.iter().zip(&**b).all(|(a, b)| self.same_value(a, b)))
            }
            (Data::Dict(a), Data::Dict(b)) => {
                !self.met.insert((Arc::as_ptr(a).cast(), Arc::as_ptr(b).cast()))
                    || (a.entries.len() == b.entries.len()
                        && a.entries.iter().zip(&b.entries).all(|(a, b)| {
                            same_scalar(&a.key, &b.key) && self.same_value(&a.value, &b.value)
                        }))
            }
            _ => same_scalar(a, b),
        }
    }
}

fn same_scalar(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::None, Data::None) | (Data::Recursive, Data::Recursive) => true,
        (Data::Bool(a), Data::Bool(b)) => a == b,
        (Data::Int(a), Data::Int(b)) => a == b,
        (Data::Float(a), Data::Float(b)) => a.to_bits() == b.to_bits(),
        (Data::Str(a), Data::Str(b))
        | (Data::Date(a), Data::Date(b))
        | (Data::DateTime(a), Data::DateTime(b))
        | (Data::Unknown(a), Data::Unknown(b)) => a == b,
        (Data::Bytes(a), Data::Bytes(b)) => a == b,
        _ => false,
    }
}

fn same_json(value: &Value, json: &Json) -> bool {
    match (&value.data, json) {
        (Data::None, Json::Null) => true,
        (Data::Bool(a), Json::Bool(b)) => a == b,
        (Data::Int(a), Json::Number(b)) => a.to_string() == b.to_string(),
        (Data::Float(a), Json::Number(b)) => b.as_f64().is_some_and(|b| a.to_bits() == b.to_bits()),
        (Data::Str(a), Json::String(b)) => **a == **b,
        (Data::List(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b))
        }
        (Data::Dict(a), Json::Object(b)) => {
            let found = |(key, json): (&String, &Json)| {
                a.get(key).is_some_and(|value| same_json(value, json))
            };
            a.entries.len() == b.len() && b.iter().all(found)
        }
        _ => false,
    }
}
