//! Comments, and how they outlive what they are in.

use std::ops::Range;

use super::edit::Editor;
use crate::composer;
use crate::node::{Content, Graph};
use base::finding::Edit;
use base::source::SourceId;

/// Where the comments of a text stand, from `#` to the end of the line; nothing for a text that
/// can't be read.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    match composer::compose(SourceId::CONFIG, text) {
        Ok(graph) => of_graph(&graph, text),
        Err(_) => vec![],
    }
}

/// The comments of a text that was composed.
pub(super) fn of_graph(graph: &Graph<'_>, text: &str) -> Vec<Range<usize>> {
    if !text.contains('#') {
        return vec![];
    }
    let scalars = graph.nodes.iter().filter(|node| matches!(node.content, Content::Scalar(_)));
    let mut scalars: Vec<Range<usize>> =
        scalars.map(|node| node.content_start.offset as usize..node.end.offset as usize).collect();
    scalars.sort_by_key(|scalar| scalar.start);
    let mut found = vec![];
    let mut at = 0;
    let mut scalars = scalars.into_iter().peekable();
    while let Some(hash) = text[at..].find('#').map(|length| at + length) {
        while scalars.next_if(|scalar| scalar.end <= hash).is_some() {}
        if let Some(scalar) = scalars.next_if(|scalar| scalar.contains(&hash)) {
            at = scalar.end;
            continue;
        }
        if !text[..hash].ends_with([' ', '\t', '\n', '\r', '\u{feff}']) && hash > 0 {
            at = hash + 1;
            continue;
        }
        let end = text[hash..].find(['\n', '\r']).map_or(text.len(), |length| hash + length);
        found.push(hash..end);
        at = end;
    }
    found
}

impl Editor<'_> {
    /// Gives comments that edits would take away lines of their own; `false` where one has no place.
    pub(super) fn keep(&self, comments: &[Range<usize>], edits: &mut [Edit]) -> bool {
        // What is moved is written elsewhere.
        let written: String = edits.iter().map(|edit| edit.text.as_str()).collect();
        edits.iter_mut().all(|edit| {
            let range = edit.span.range();
            let first = comments.partition_point(|comment| comment.end <= range.start);
            let lost = comments[first..].iter().take_while(|comment| comment.start < range.end);
            let lost: Vec<&Range<usize>> =
                lost.filter(|comment| !written.contains(&self.text[(*comment).clone()])).collect();
            if lost.is_empty() {
                return true;
            }
            if lost.iter().any(|one| one.start < range.start || range.end < one.end) {
                return false;
            }
            let starts_line = self.line_start(range.start) == range.start;
            let whole_lines = starts_line
                && (range.end == self.text.len() || self.line_start(range.end) == range.end);
            let ends_line = self.line_end(range.start) == range.start;
            for comment in lost {
                let indent = " ".repeat(self.indent(comment.start));
                let (line_break, text) = (self.line_break(), &self.text[comment.clone()]);
                if whole_lines {
                    edit.text.push_str(&format!("{indent}{text}{line_break}"));
                } else if ends_line && (range.end == self.line_end(range.end)) {
                    edit.text.push_str(&format!("{line_break}{indent}{text}"));
                } else {
                    return false;
                }
            }
            true
        })
    }

    /// How far the line of a place is indented.
    fn indent(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..];
        line.chars().take_while(|c| *c == ' ').count()
    }
}
