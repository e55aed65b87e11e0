//! Events to nodes: PyYAML's `composer.py`, with a stack of its own in place of recursion.

use std::collections::HashMap;

use super::error::{Mark, ReadError};
use super::node::{Content, Graph, Item, Node, NodeId, Pair, Tag};
use super::parser::{Event, EventKind, Layout, Parser, Properties};
use super::resolver;
use super::scanner::Scan;
use base::source::{SourceId, Span};
use python::convert::repr_str;

/// How deep collections may be nested. Python 3.11 with its default recursion limit of 1000 gives
/// up near this depth (two frames for each level, some for the scanner and for the caller).
pub(super) const MAX_DEPTH: usize = 490;

/// A collection that is being composed.
struct Open {
    item: Item,
    /// The key that waits for its value.
    key: Option<Item>,
}

struct Composer<'t> {
    parser: Parser<'t>,
    graph: Graph<'t>,
    anchors: HashMap<&'t str, NodeId>,
    open: Vec<Open>,
}

/// The graph of a text's only document.
pub(super) fn compose(source: SourceId, text: &str) -> Scan<Graph<'_>> {
    let mut composer = Composer {
        parser: Parser::new(source, text)?,
        graph: Graph::of(text.len()),
        anchors: HashMap::new(),
        open: Vec::new(),
    };
    if let EventKind::StreamEnd = composer.parser.next_event()?.kind {
        return Ok(composer.graph);
    }
    while composer.graph.root.is_none() || !composer.open.is_empty() {
        composer.compose_node()?;
    }
    // The end of the document, then of the stream.
    composer.parser.next_event()?;
    let next = composer.parser.next_event()?;
    if matches!(next.kind, EventKind::StreamEnd) {
        return Ok(composer.graph);
    }
    let start = composer.graph.nodes[0].start;
    Err(composer.fail(
        Some(("expected a single document in the stream".to_owned(), start)),
        "but found another document",
        (next.start, next.end),
    ))
}

impl<'t> Composer<'t> {
    fn fail(
        &self,
        context: Option<(String, Mark)>,
        problem: impl Into<String>,
        (start, end): (Mark, Mark),
    ) -> Box<ReadError> {
        let reader = &self.parser.scanner.reader;
        let mut error = ReadError::plain("ComposerError", problem, reader.span(start, end));
        error.mark = Some(start);
        if let Some((context, since)) = context {
            error.context = Some(context);
            error.context_mark = Some(since);
            error.context_span = Some(reader.span(since, since));
        }
        Box::new(error)
    }

    /// Takes one event into the graph.
    fn compose_node(&mut self) -> Scan<()> {
        let Event { kind, start, end } = self.parser.next_event()?;
        match kind {
            EventKind::Alias(name) => {
                let Some(node) = self.anchors.get(name).copied() else {
                    let problem = format!("found undefined alias {}", repr_str(name));
                    return Err(self.fail(None, problem, (start, end)));
                };
                let alias = Some(self.graph.note_place((start, end)));
                self.attach(Item { node, alias });
            }
            EventKind::Scalar(properties, scalar) => {
                self.check_anchor(&properties, start, end)?;
                let tag = match &properties.tag {
                    Some(tag) => Tag::of(tag.clone()),
                    None if properties.plain => resolver::resolve(&scalar.text),
                    None => Tag::Str,
                };
                let item = self.add(&properties, tag, Content::Scalar(scalar), (start, end));
                self.trim_block_scalar(item);
                self.attach(item);
            }
            EventKind::SequenceStart(properties, layout) => {
                self.check_anchor(&properties, start, end)?;
                let tag = properties.tag.clone().map_or(Tag::Seq, Tag::of);
                let content = Content::Sequence(Vec::new(), layout);
                self.open(&properties, tag, content, (start, end))?;
            }
            EventKind::MappingStart(properties, layout) => {
                self.check_anchor(&properties, start, end)?;
                let tag = properties.tag.clone().map_or(Tag::Map, Tag::of);
                let content = Content::Mapping(Vec::new(), layout);
                self.open(&properties, tag, content, (start, end))?;
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => self.close(end),
            EventKind::StreamEnd | EventKind::DocumentStart | EventKind::DocumentEnd => {}
        }
        Ok(())
    }

    fn check_anchor(&self, properties: &Properties<'t>, start: Mark, end: Mark) -> Scan<()> {
        let Some(name) = properties.anchor else {
            return Ok(());
        };
        let Some(first) = self.anchors.get(name) else {
            return Ok(());
        };
        let context = format!("found duplicate anchor {}; first occurrence", repr_str(name));
        let first = self.graph.nodes[*first].start;
        Err(self.fail(Some((context, first)), "second occurrence", (start, end)))
    }

    fn add(
        &mut self,
        properties: &Properties<'t>,
        tag: Tag<'t>,
        content: Content<'t>,
        (start, end): (Mark, Mark),
    ) -> Item {
        let node = self.graph.nodes.len();
        self.graph.nodes.push(Node { tag, content, start, end, content_start: properties.content });
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, node);
        }
        Item { node, alias: None }
    }

    fn open(
        &mut self,
        properties: &Properties<'t>,
        tag: Tag<'t>,
        content: Content<'t>,
        place: (Mark, Mark),
    ) -> Scan<()> {
        if self.open.len() >= MAX_DEPTH {
            let span = self.parser.scanner.reader.span(place.0, place.1);
            return Err(too_deep(span));
        }
        let item = self.add(properties, tag, content, place);
        self.open.push(Open { item, key: None });
        Ok(())
    }

    fn close(&mut self, end: Mark) {
        let Some(Open { item, .. }) = self.open.pop() else {
            return;
        };
        let layout = match &self.graph.nodes[item.node].content {
            Content::Sequence(_, layout) | Content::Mapping(_, layout) => *layout,
            Content::Scalar(_) => Layout::Flow,
        };
        let last = match &self.graph.nodes[item.node].content {
            Content::Sequence(items, _) => items.last().copied(),
            Content::Mapping(pairs, _) => pairs.last().map(|pair| pair.value),
            Content::Scalar(_) => None,
        };
        // PyYAML ends a block collection where the next token starts, behind blank lines and
        // comments that are not its own.
        let end = match (layout, last) {
            (Layout::Block, Some(last)) => self.graph.place(last).1,
            _ => end,
        };
        self.graph.nodes[item.node].end = end;
        self.attach(item);
    }

    fn attach(&mut self, item: Item) {
        let Some(open) = self.open.last_mut() else {
            self.graph.root = Some(item);
            return;
        };
        match &mut self.graph.nodes[open.item.node].content {
            Content::Sequence(items, _) => items.push(item),
            Content::Mapping(pairs, _) => match open.key.take() {
                None => open.key = Some(item),
                Some(key) => pairs.push(Pair { key, value: item, merged: None }),
            },
            Content::Scalar(_) => {}
        }
    }

    /// Ends a block scalar at its last character, not at the line that follows.
    fn trim_block_scalar(&mut self, item: Item) {
        let text = self.parser.scanner.reader.text;
        let node = &mut self.graph.nodes[item.node];
        if node.is_block_scalar() {
            let written = &text[node.start.offset as usize..node.end.offset as usize];
            let trimmed = written.trim_end_matches([' ', '\t', '\r', '\n']).len();
            node.end.offset = node.start.offset + u32::try_from(trimmed).unwrap_or(0);
        }
    }
}

/// Python's `RecursionError`.
pub(super) fn too_deep(span: Span) -> Box<ReadError> {
    let problem = "maximum recursion depth exceeded";
    Box::new(ReadError::plain("RecursionError", problem, span))
}
