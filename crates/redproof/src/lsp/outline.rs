//! The sections and keys of a config.

use ls_types::{DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, SymbolKind};
use redproof_core::python::{Data, Entry, Value};
use redproof_core::source::SourceId;

use super::{Server, path};

/// So deep are keys listed.
const DEEPEST: usize = 4;

impl Server<'_> {
    pub(super) fn symbols(&self, params: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
        let asked = path(&params.text_document.uri)?;
        let text = self.text(&asked)?;
        let (report, _) =
            self.workspace.with(&asked, text).find(|(_, source)| *source == SourceId::CONFIG)?;
        let document = report.document.as_ref().ok()?;
        Some(DocumentSymbolResponse::Nested(self.of_value(text, &document.root, 0)))
    }

    fn of_value(&self, text: &str, value: &Value, depth: usize) -> Vec<DocumentSymbol> {
        match &value.data {
            Data::Dict(dict) if depth < DEEPEST => {
                dict.entries.iter().filter_map(|entry| self.of_entry(text, entry, depth)).collect()
            }
            _ => vec![],
        }
    }

    fn of_entry(&self, text: &str, entry: &Entry, depth: usize) -> Option<DocumentSymbol> {
        // What comes in by a merge is elsewhere.
        let (name, key) = (entry.key.as_str()?, entry.key.span()?);
        if entry.merged.is_some() || name.is_empty() || key.source != SourceId::CONFIG {
            return None;
        }
        let whole = entry.value.span().filter(|value| value.start >= key.end);
        let children = self.of_value(text, &entry.value, depth + 1);
        #[expect(deprecated, reason = "the struct has the field, and no default")]
        Some(DocumentSymbol {
            name: name.to_owned(),
            detail: None,
            kind: match &entry.value.data {
                Data::Dict(_) => SymbolKind::MODULE,
                Data::List(_) => SymbolKind::ARRAY,
                _ => SymbolKind::PROPERTY,
            },
            tags: None,
            deprecated: None,
            range: self.encoding.range(text, whole.map_or(key, |value| key.to(value))),
            selection_range: self.encoding.range(text, key),
            children: (!children.is_empty()).then_some(children),
        })
    }
}
