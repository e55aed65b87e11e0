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

/// A place where a node stands.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) node: NodeId,
    /// Where an alias stands for the node: from where to where.
    pub(super) alias: Option<(Mark, Mark)>,
}

/// A key and its value.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) key: Item,
    pub(super) value: Item,
    /// The mapping or alias that a merge key took the pair from.
    pub(super) merged: Option<(Mark, Mark)>,
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
}

impl Graph<'_> {
    /// From where to where an item is written.
    pub(super) fn place(&self, item: Item) -> (Mark, Mark) {
        let node = &self.nodes[item.node];
        item.alias.unwrap_or((node.start, node.end))
    }
}
