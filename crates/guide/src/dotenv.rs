//! Single lines of a `.env` file.

use super::field::Field;
use base::finding::Edit;
use base::source::{SourceId, Span};
use deployment::environment::{Binding, bindings};

/// `NAME=value`, as every release of python-dotenv reads it; `None` for a value that none of its
/// quotes hold.
pub(super) fn line(name: &str, value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_.-:@+,%=~?&".contains(c);
    let quoted = if value.chars().all(plain) {
        value.to_owned()
    } else if !value.contains(['\'', '\\', '\n', '\r']) && !value.contains("${") {
        format!("'{value}'")
    } else if !value.contains(['"', '\\', '\n', '\r']) && !value.contains("${") {
        format!("\"{value}\"")
    } else {
        return None;
    };
    Some(format!("{name}={quoted}"))
}

/// The comment above a field's variable. It has a line of its own: Docker's `--env-file` takes a
/// comment behind a value for a part of it.
pub(super) fn comment(field: &Field) -> String {
    let about = field.label.strip_suffix(" variable").unwrap_or(field.label);
    let mut letters = about.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("# {first}{}.", letters.as_str())
}

/// A `.env` file.
pub(super) struct Dotenv<'t> {
    source: SourceId,
    text: &'t str,
    bindings: Vec<Binding>,
}

impl<'t> Dotenv<'t> {
    pub(super) fn read(source: SourceId, text: &'t str) -> Self {
        Self { source, text, bindings: bindings(source, text) }
    }

    fn of<'s>(&'s self, name: &'s str) -> impl DoubleEndedIterator<Item = &'s Binding> {
        self.bindings.iter().filter(move |binding| binding.key == name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.of(name).next().is_some()
    }

    /// Whether another value refers to a variable.
    pub(super) fn refers_to(&self, name: &str) -> bool {
        self.text.contains(&format!("${{{name}}}")) || self.text.contains(&format!("${{{name}:-"))
    }

    /// Sets a variable: the line that counts, or a new one at the end, below a comment.
    pub(super) fn set(&self, name: &str, value: &str, comment: &str) -> Option<Vec<Edit>> {
        let line = line(name, value)?;
        let Some(binding) = self.of(name).next_back() else {
            let at = self.text.len();
            let fresh = self.text.is_empty() || self.text.ends_with('\n');
            let gap = if fresh { "" } else { "\n" };
            let text = format!("{gap}{comment}\n{line}\n");
            return Some(vec![Edit { span: Span::new(self.source, at, at), text }]);
        };
        let value = line.get(name.len() + 1..).unwrap_or("").to_owned();
        if binding.value.is_none() {
            return Some(vec![Edit { span: self.key(binding), text: line }]);
        }
        Some(vec![Edit { span: binding.span, text: value }])
    }

    /// Gives a variable another name.
    pub(super) fn rename(&self, name: &str, to: &str) -> Vec<Edit> {
        let edit = |binding| Edit { span: self.key(binding), text: to.to_owned() };
        self.of(name).map(edit).collect()
    }

    /// Takes a variable's lines out, and the guide's own comment above.
    pub(super) fn remove(&self, name: &str, comment: &str) -> Vec<Edit> {
        let remove = |binding: &Binding| {
            let before = &self.text[..binding.start];
            let mut start = before.rfind('\n').map_or(0, |at| at + 1);
            if let Some(above) = self.text[..start].strip_suffix('\n') {
                let line = above.rfind('\n').map_or(0, |at| at + 1);
                if above[line..].trim_end() == comment {
                    start = line;
                }
            }
            let end = binding.span.range().end.max(binding.start);
            let end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
            Edit { span: Span::new(self.source, start, end), text: String::new() }
        };
        self.of(name).map(remove).collect()
    }

    /// Where a binding's name stands.
    fn key(&self, binding: &Binding) -> Span {
        let rest = self.text.get(binding.start..).unwrap_or("");
        let exported = rest.strip_prefix("export").filter(|after| after.starts_with([' ', '\t']));
        let from = exported.map_or(binding.start, |after| self.text.len() - after.len());
        let at = self.text[from..].find(&binding.key).map_or(from, |at| from + at);
        Span::new(self.source, at, at + binding.key.len())
    }
}
