//! The graph of nodes that a text composes to, before tags become Python values.

use std::borrow::Cow;

use super::error::Mark;
use super::parser::Layout;
use super::token::{Scalar, Style};

/// A node's number in its graph.
pub(super) type NodeId = usize;

/// A node. Aliases make a graph of what is written as a tree.
pub(super) struct Node<'t> {
    pub(super) tag: Tag<'t>,
    pub(super) content: Content<'t>,
    /// Where it starts: its anchor or tag, where it has one.
    pub(super) start: Mark,
    /// Where it ends: for block collections, where their last item does.
    pub(super) end: Mark,
    /// Where its content starts, after anchor and tag.
    pub(super) content_start: Mark,
}

pub(super) enum Content<'t> {
    Scalar(Scalar<'t>),
    Sequence(Vec<Item>, Layout),
    Mapping(Vec<Pair>, Layout),
}

/// The number of a stretch of the text in a graph. Items are many and aliases few: a number keeps
/// items small.
#[derive(Clone, Copy)]
pub(super) struct PlaceId(u32);

/// A place where a node stands.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) node: NodeId,
    /// Where an alias stands for the node.
    pub(super) alias: Option<PlaceId>,
}

/// A key and its value.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) key: Item,
    pub(super) value: Item,
    /// The mapping or alias that a merge key took the pair from.
    pub(super) merged: Option<PlaceId>,
}

/// The tags that `SafeLoader` knows, and the rest.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Tag<'t> {
    Null,
    Bool,
    Int,
    Float,
    Binary,
    Timestamp,
    Omap,
    Pairs,
    Set,
    Str,
    Seq,
    Map,
    Merge,
    Value,
    Other(Cow<'t, str>),
}

pub(super) const YAML_PREFIX: &str = "tag:yaml.org,2002:";

impl<'t> Tag<'t> {
    pub(super) fn of(name: Cow<'t, str>) -> Self {
        match name.strip_prefix(YAML_PREFIX) {
            Some("null") => Self::Null,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("binary") => Self::Binary,
            Some("timestamp") => Self::Timestamp,
            Some("omap") => Self::Omap,
            Some("pairs") => Self::Pairs,
            Some("set") => Self::Set,
            Some("str") => Self::Str,
            Some("seq") => Self::Seq,
            Some("map") => Self::Map,
            Some("merge") => Self::Merge,
            Some("value") => Self::Value,
            _ => Self::Other(name),
        }
    }
}

impl Node<'_> {
    /// PyYAML's name of the node's kind.
    pub(super) fn id(&self) -> &'static str {
        match self.content {
            Content::Scalar(_) => "scalar",
            Content::Sequence(..) => "sequence",
            Content::Mapping(..) => "mapping",
        }
    }

    /// Whether it is a literal or folded scalar.
    pub(super) fn is_block_scalar(&self) -> bool {
        match &self.content {
            Content::Scalar(scalar) => matches!(scalar.style, Style::Literal | Style::Folded),
            _ => false,
        }
    }
}

/// All nodes of a document.
pub(super) struct Graph<'t> {
    pub(super) nodes: Vec<Node<'t>>,
    pub(super) root: Option<Item>,
    /// From where to where aliases and merged mappings are written.
    places: Vec<(Mark, Mark)>,
}

impl Graph<'_> {
    /// A graph with room for the nodes of a text of this many bytes: a node takes some sixteen.
    pub(super) fn of(bytes: usize) -> Self {
        Self { nodes: Vec::with_capacity(bytes / 16), root: None, places: Vec::new() }
    }

    /// From where to where an item is written.
    pub(super) fn place(&self, item: Item) -> (Mark, Mark) {
        match item.alias {
            Some(alias) => self.place_of(alias),
            None => (self.nodes[item.node].start, self.nodes[item.node].end),
        }
    }

    /// A place that was noted.
    pub(super) fn place_of(&self, id: PlaceId) -> (Mark, Mark) {
        self.places[id.0 as usize]
    }

    /// Whether aliases or merge keys put a node where another is, too.
    pub(super) fn has_places(&self) -> bool {
        !self.places.is_empty()
    }

    /// Notes a place.
    pub(super) fn note_place(&mut self, place: (Mark, Mark)) -> PlaceId {
        // A text has fewer aliases than bytes, and those fit.
        let id = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(place);
        PlaceId(id)
    }
}
