//! Nodes to Python values: PyYAML's `SafeConstructor`.
//!
//! It goes through the graph twice. The first pass visits nodes in PyYAML's order (level by level,
//! since its collections are generators that run later), flattens merge keys and makes scalars, so
//! that of several errors the same one is raised. The second builds the values, each node once.

mod binary;
mod merge;
mod number;
mod timestamp;

use std::collections::HashMap;
use std::sync::Arc;

use super::composer::{MAX_DEPTH, too_deep};
use super::error::{Mark, ReadError};
use super::node::{Content, Graph, Item, NodeId, Pair, Tag, YAML_PREFIX};
use super::scanner::Scan;
use base::source::{SourceId, Span};
use python::convert::repr_str;
use python::{Data, Dict, Entry, Integer, Origin, Text, Value};

pub(super) use number::{MAX_DIGITS, too_many_digits};

/// A Python exception without a place: its class and its text.
type Raised = (&'static str, String);

/// The value of a composed document.
pub(super) fn construct(source: SourceId, graph: Graph<'_>) -> Scan<Value> {
    let Some(root) = graph.root else {
        let start = Span::new(source, 0, 0);
        return Ok(Value::none(Origin::Config(start)));
    };
    let count = graph.nodes.len();
    let mut constructor = Constructor {
        source,
        graph,
        made: (0..count).map(|_| Made::Not).collect(),
        queue: Vec::new(),
        merged_pairs: 0,
    };
    constructor.construct_document(root.node)?;
    let shared = constructor.graph.has_places();
    Ok(Builder { constructor, shared }.value(root, 0)?.0)
}

struct Constructor<'t> {
    source: SourceId,
    graph: Graph<'t>,
    /// What the nodes became.
    made: Vec<Made>,
    /// PyYAML's `state_generators`: collections whose items wait.
    queue: Vec<NodeId>,
    /// How many pairs merge keys have copied.
    merged_pairs: usize,
}

impl Constructor<'_> {
    fn span(&self, start: Mark, end: Mark) -> Span {
        Span::new(self.source, start.offset as usize, end.offset as usize)
    }

    fn node_span(&self, id: NodeId) -> Span {
        let node = &self.graph.nodes[id];
        self.span(node.start, node.end)
    }

    /// `ConstructorError(context, context_node.start_mark, problem, node.start_mark)`
    fn fail(
        &self,
        context: Option<(&str, NodeId)>,
        problem: impl Into<String>,
        node: NodeId,
    ) -> Box<ReadError> {
        let mut error = ReadError::plain("ConstructorError", problem, self.node_span(node));
        error.mark = Some(self.graph.nodes[node].start);
        if let Some((text, since)) = context {
            error.context = Some(text.to_owned());
            error.context_mark = Some(self.graph.nodes[since].start);
            error.context_span = Some(self.node_span(since));
        }
        Box::new(error)
    }

    fn construct_document(&mut self, root: NodeId) -> Scan<()> {
        self.construct_object(root)?;
        while !self.queue.is_empty() {
            for node in std::mem::take(&mut self.queue) {
                self.run_generator(node)?;
            }
        }
        Ok(())
    }

    fn construct_object(&mut self, id: NodeId) -> Scan<()> {
        if !matches!(self.made[id], Made::Not) {
            return Ok(());
        }
        self.made[id] = Made::Waiting;
        let data = match &self.graph.nodes[id].tag {
            Tag::Seq | Tag::Map | Tag::Set | Tag::Omap | Tag::Pairs => {
                self.queue.push(id);
                return Ok(());
            }
            Tag::Merge => return Err(self.construct_undefined("merge", true, id)),
            Tag::Value => return Err(self.construct_undefined("value", true, id)),
            Tag::Other(name) => return Err(self.construct_undefined(name, false, id)),
            tag => {
                let scalar = self.construct_scalar(id)?;
                self.scalar_data(tag, scalar, id)?
            }
        };
        self.made[id] = Made::Done(data, 0);
        Ok(())
    }

    fn construct_undefined(&self, tag: &str, standard: bool, id: NodeId) -> Box<ReadError> {
        let prefix = if standard { YAML_PREFIX } else { "" };
        let tag = repr_str(&format!("{prefix}{tag}"));
        let problem = format!("could not determine a constructor for the tag {tag}");
        self.fail(None, problem, id)
    }

    /// The scalar node that a node stands for: itself, or the value of a mapping's `=` key.
    fn construct_scalar(&self, id: NodeId) -> Scan<NodeId> {
        let mut current = id;
        for _ in 0..MAX_DEPTH {
            current = match &self.graph.nodes[current].content {
                Content::Scalar(_) => return Ok(current),
                Content::Mapping(pairs, _) => {
                    let is_default =
                        |pair: &&Pair| self.graph.nodes[pair.key.node].tag == Tag::Value;
                    match pairs.iter().find(is_default) {
                        Some(pair) => pair.value.node,
                        None => return Err(self.expected("scalar", current)),
                    }
                }
                Content::Sequence(..) => return Err(self.expected("scalar", current)),
            };
        }
        Err(too_deep(self.node_span(id)))
    }

    fn expected(&self, kind: &str, id: NodeId) -> Box<ReadError> {
        let found = self.graph.nodes[id].id();
        self.fail(None, format!("expected a {kind} node, but found {found}"), id)
    }

    fn scalar_data(&self, tag: &Tag<'_>, scalar: NodeId, id: NodeId) -> Scan<Data> {
        let Content::Scalar(written) = &self.graph.nodes[scalar].content else {
            return Err(self.expected("scalar", scalar));
        };
        let text: &str = &written.text;
        let data = match tag {
            Tag::Null => Ok(Data::None),
            Tag::Bool => number::boolean(text).map(Data::Bool),
            Tag::Int => number::int(text).map(Data::Int),
            Tag::Float => number::float(text).map(Data::Float),
            Tag::Timestamp if scalar != id => {
                let problem = "expected string or bytes-like object, got 'list'";
                Err(("TypeError", problem.to_owned()))
            }
            Tag::Timestamp => timestamp::construct(text),
            Tag::Binary => {
                let bytes = binary::decode(text).map_err(|problem| self.fail(None, problem, id))?;
                Ok(Data::Bytes(bytes.into()))
            }
            _ if written.surrogate => {
                Ok(Data::Unknown("a text with half of a surrogate pair".into()))
            }
            _ => Ok(Data::Str(text.into())),
        };
        data.map_err(|(exception, problem)| {
            Box::new(ReadError::plain(exception, problem, self.node_span(id)))
        })
    }

    /// What a collection's generator does when its turn comes.
    fn run_generator(&mut self, id: NodeId) -> Scan<()> {
        match self.graph.nodes[id].tag {
            Tag::Map | Tag::Set => self.construct_mapping(id),
            Tag::Omap => self.construct_pairs(id, "while constructing an ordered map"),
            Tag::Pairs => self.construct_pairs(id, "while constructing pairs"),
            _ => {
                if !matches!(self.graph.nodes[id].content, Content::Sequence(..)) {
                    return Err(self.expected("sequence", id));
                }
                for at in 0..self.items(id).len() {
                    self.construct_object(self.items(id)[at].node)?;
                }
                Ok(())
            }
        }
    }

    fn construct_mapping(&mut self, id: NodeId) -> Scan<()> {
        if !matches!(self.graph.nodes[id].content, Content::Mapping(..)) {
            return Err(self.expected("mapping", id));
        }
        self.flatten_mapping(id, 0)?;
        for at in 0..self.pairs(id).len() {
            let Pair { key, value, .. } = self.pairs(id)[at];
            self.construct_object(key.node)?;
            if !matches!(self.made[key.node], Made::Done(..)) {
                let context = Some(("while constructing a mapping", id));
                let mut error = self.fail(context, "found unhashable key", key.node);
                let (start, end) = self.graph.place(key);
                error.span = self.span(start, end);
                return Err(error);
            }
            self.construct_object(value.node)?;
        }
        Ok(())
    }

    fn construct_pairs(&mut self, id: NodeId, context: &str) -> Scan<()> {
        let context = Some((context, id));
        let Content::Sequence(items, _) = &self.graph.nodes[id].content else {
            let found = self.graph.nodes[id].id();
            let problem = format!("expected a sequence, but found {found}");
            return Err(self.fail(context, problem, id));
        };
        for item in items.clone() {
            let Content::Mapping(pairs, _) = &self.graph.nodes[item.node].content else {
                let found = self.graph.nodes[item.node].id();
                let problem = format!("expected a mapping of length 1, but found {found}");
                return Err(self.fail(context, problem, item.node));
            };
            let [Pair { key, value, .. }] = pairs[..] else {
                let count = pairs.len();
                let problem = format!("expected a single mapping item, but found {count} items");
                return Err(self.fail(context, problem, item.node));
            };
            self.construct_object(key.node)?;
            self.construct_object(value.node)?;
        }
        Ok(())
    }

    fn pairs(&self, id: NodeId) -> &[Pair] {
        match &self.graph.nodes[id].content {
            Content::Mapping(pairs, _) => pairs,
            _ => &[],
        }
    }

    fn items(&self, id: NodeId) -> &[Item] {
        match &self.graph.nodes[id].content {
            Content::Sequence(items, _) => items,
            _ => &[],
        }
    }
}

/// What became of a node so far.
enum Made {
    Not,
    /// The first pass was there. A collection is built by the second.
    Waiting,
    /// Its own items are being built: who meets it now is inside it.
    Building,
    /// Its data, and how many levels of collections it holds.
    Done(Data, usize),
}

struct Builder<'t> {
    constructor: Constructor<'t>,
    /// Whether a node may be at several places.
    shared: bool,
}

impl Builder<'_> {
    /// The value at a place, and how many levels of collections it holds.
    fn value(&mut self, item: Item, depth: usize) -> Scan<(Value, usize)> {
        let (start, end) = self.constructor.graph.place(item);
        let span = self.constructor.span(start, end);
        let (data, height) = self.data(item.node, depth, span)?;
        Ok((Value::new(data, Origin::Config(span)), height))
    }

    /// Aliases can nest values deeper than the text does; that far, Python could still go on, but
    /// nothing that walks the value by recursion, here or there.
    fn data(&mut self, id: NodeId, depth: usize, span: Span) -> Scan<(Data, usize)> {
        let made = &mut self.constructor.made[id];
        match made {
            Made::Done(_, height) if depth + *height > MAX_DEPTH => return Err(too_deep(span)),
            Made::Done(data, height) if self.shared => return Ok((data.clone(), *height)),
            Made::Building => return Ok((Data::Recursive, 0)),
            Made::Not | Made::Waiting if depth > MAX_DEPTH => return Err(too_deep(span)),
            Made::Done(..) | Made::Not | Made::Waiting => {}
        }
        if let Made::Done(data, height) = std::mem::replace(made, Made::Building) {
            return Ok((data, height));
        }
        let (data, height) = self.collection(id, depth + 1)?;
        if self.shared {
            self.constructor.made[id] = Made::Done(data.clone(), height + 1);
        }
        Ok((data, height + 1))
    }

    fn collection(&mut self, id: NodeId, depth: usize) -> Scan<(Data, usize)> {
        let node = &self.constructor.graph.nodes[id];
        match (&node.tag, &node.content) {
            (Tag::Omap | Tag::Pairs, Content::Sequence(items, _)) => {
                let items = items.clone();
                self.tuples(&items, depth)
            }
            (_, Content::Sequence(..)) => self.list(id, depth),
            (Tag::Set, _) => {
                let (dict, height) = self.dict(id, depth)?;
                let keys = dict.entries.into_iter().map(|entry| entry.key).collect();
                Ok((Data::Set(Arc::new(keys)), height))
            }
            _ => {
                let (dict, height) = self.dict(id, depth)?;
                Ok((Data::Dict(Arc::new(dict)), height))
            }
        }
    }

    fn list(&mut self, id: NodeId, depth: usize) -> Scan<(Data, usize)> {
        let count = self.constructor.items(id).len();
        let mut values = Vec::with_capacity(count);
        let mut height = 0;
        for at in 0..count {
            let (value, below) = self.value(self.constructor.items(id)[at], depth)?;
            height = height.max(below);
            values.push(value);
        }
        Ok((Data::List(Arc::new(values)), height))
    }

    /// `!!omap` and `!!pairs`: a list of pairs.
    fn tuples(&mut self, items: &[Item], depth: usize) -> Scan<(Data, usize)> {
        let mut values = Vec::with_capacity(items.len());
        let mut height = 0;
        for item in items {
            let (start, end) = self.constructor.graph.place(*item);
            let origin = Origin::Config(self.constructor.span(start, end));
            let mut tuple = Vec::with_capacity(2);
            for Pair { key, value, .. } in self.constructor.pairs(item.node).to_vec() {
                for part in [key, value] {
                    let (value, below) = self.value(part, depth + 1)?;
                    height = height.max(below + 1);
                    tuple.push(value);
                }
            }
            values.push(Value::new(Data::Tuple(Arc::new(tuple)), origin));
        }
        Ok((Data::List(Arc::new(values)), height))
    }

    fn dict(&mut self, id: NodeId, depth: usize) -> Scan<(Dict, usize)> {
        let count = self.constructor.pairs(id).len();
        let mut entries: Vec<Entry> = Vec::with_capacity(count);
        // Most mappings are small: going through them is faster than hashing.
        let mut places = (count >= 16).then(|| HashMap::with_capacity(count));
        let mut height = 0;
        for at in 0..count {
            let pair = self.constructor.pairs(id)[at];
            let (key, _) = self.value(pair.key, depth)?;
            let (value, below) = self.value(pair.value, depth)?;
            height = height.max(below);
            let merged = pair.merged.map(|place| {
                let (start, end) = self.constructor.graph.place_of(place);
                self.constructor.span(start, end)
            });
            let next = entries.len();
            let at = match &mut places {
                Some(places) => *places.entry(HashKey::of(&key.data)).or_insert(next),
                None => {
                    let is_same = |known: &Entry| is_same_key(&known.key.data, &key.data);
                    entries.iter().position(is_same).unwrap_or(next)
                }
            };
            if let Some(entry) = entries.get_mut(at) {
                overwrite(entry, &key, value, merged);
            } else {
                entries.push(Entry { key, value, overwritten: Vec::new(), merged });
            }
        }
        Ok((Dict { entries }, height))
    }
}

/// `mapping[key] = value` of a key that is there: the key stays, its value goes.
fn overwrite(entry: &mut Entry, key: &Value, value: Value, merged: Option<Span>) {
    // What a merge key brought is meant to be overridden; only what is written here twice counts.
    if entry.merged.is_none() && merged.is_none() {
        entry.overwritten.extend(entry.key.span());
    }
    entry.key.origin = key.origin.clone();
    entry.value = value;
    entry.merged = merged;
}

/// Whether two keys are the same key of a `dict`.
fn is_same_key(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Str(one), Data::Str(other)) => one == other,
        _ => HashKey::of(one) == HashKey::of(other),
    }
}

/// What makes two keys the same key of a `dict`: `1`, `1.0` and `True` are.
#[derive(PartialEq, Eq, Hash)]
enum HashKey {
    None,
    Int(Integer),
    /// The bits of a float that is not an integer.
    Float(u64),
    Str(Text),
    Bytes(Arc<[u8]>),
    Date(Text),
    /// A moment without a time zone.
    Local(Text),
    /// A moment with one, in microseconds of UTC: the zone makes no difference.
    Instant(i64),
    /// Never: collections are refused as keys.
    Other,
}

impl HashKey {
    fn of(data: &Data) -> Self {
        match data {
            Data::None => Self::None,
            Data::Bool(flag) => Self::Int(Integer::from(u8::from(*flag))),
            Data::Int(number) => Self::Int(number.clone()),
            Data::Float(number) => match Integer::of_float(*number) {
                Some(whole) => Self::Int(whole),
                // PyYAML's `.nan` is one object, and a `dict` asks for identity first.
                None if number.is_nan() => Self::Float(f64::NAN.to_bits()),
                None => Self::Float(number.to_bits()),
            },
            Data::Str(text) | Data::Unknown(text) => Self::Str(text.clone()),
            Data::Bytes(bytes) => Self::Bytes(Arc::clone(bytes)),
            Data::Date(text) => Self::Date(text.clone()),
            Data::DateTime(text) => match crate::timestamp::instant(text) {
                Some(micros) => Self::Instant(micros),
                None => Self::Local(text.clone()),
            },
            _ => Self::Other,
        }
    }
}
