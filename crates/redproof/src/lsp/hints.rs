//! What a setting comes to, behind it, where that is not what is written.

use ls_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, InlayHintTooltip};
use redproof_core::assist;
use redproof_core::python::{Data, Entry, Value};
use redproof_core::source::SourceId;

use super::language::clamp;
use super::{Server, path};

impl Server<'_> {
    pub(super) fn hints(&self, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
        let asked = path(&params.text_document.uri)?;
        let text = self.text(&asked)?;
        let start = self.encoding.offset(text, params.range.start);
        let end = self.encoding.offset(text, params.range.end);
        let mut hints: Vec<InlayHint> = vec![];
        for (report, source) in self.workspace.with(&asked, text) {
            let Ok(document) = &report.document else { continue };
            if source != SourceId::CONFIG {
                continue;
            }
            let mut scalars = vec![];
            collect(&document.root, &mut scalars);
            for (entry, value) in scalars {
                let (Some(key), Some(written)) = (entry.key.span(), value.span()) else { continue };
                let range = written.range();
                if range.end < start || range.start > end || key.source != source {
                    continue;
                }
                let Some(found) = assist::hover(report, source, clamp(key.range().start)) else {
                    continue;
                };
                let shown = text.get(range.clone()).unwrap_or_default().trim_matches(['"', '\'']);
                let refers = shown.starts_with("os.environ/");
                let mut values: Vec<String> = vec![];
                let mut origins: Vec<String> = vec![];
                // What is written here and comes to what it says needs no word; a reference does not say it.
                for one in &found.effective {
                    let here = !refers
                        && one.at.is_some_and(|at| {
                            at.source == source
                                && written.start <= at.start
                                && at.end <= written.end
                        });
                    let (value, why) = match one.value.split_once(": ") {
                        Some(("unknown", why)) => ("unknown", format!("{why}: ")),
                        _ => (one.value.as_str(), String::new()),
                    };
                    if !here && !values.iter().any(|known| known == value) {
                        values.push(value.to_owned());
                        origins.push(format!("{why}{} ({})", one.origin, one.clients.join(", ")));
                    }
                }
                if values.is_empty() || values == [shown] {
                    continue;
                }
                let hint = InlayHint {
                    position: self.encoding.position(text, range.end),
                    label: InlayHintLabel::String(format!("= {}", values.join(" | "))),
                    kind: Some(InlayHintKind::PARAMETER),
                    tooltip: Some(InlayHintTooltip::String(origins.join("\n"))),
                    padding_left: Some(true),
                    padding_right: None,
                    text_edits: None,
                    data: None,
                };
                // Several deployments come to the same.
                let same =
                    |one: &InlayHint| one.position == hint.position && said(one) == said(&hint);
                if !hints.iter().any(same) {
                    hints.push(hint);
                }
            }
        }
        Some(hints)
    }
}

fn said(hint: &InlayHint) -> &str {
    match &hint.label {
        InlayHintLabel::String(said) => said,
        InlayHintLabel::LabelParts(_) => "",
    }
}

/// The keys with a single value, wherever they are.
fn collect<'a>(value: &'a Value, found: &mut Vec<(&'a Entry, &'a Value)>) {
    let Data::Dict(dict) = &value.data else { return };
    for entry in &dict.entries {
        match &entry.value.data {
            Data::Dict(_) if entry.merged.is_none() => collect(&entry.value, found),
            Data::Dict(_) | Data::List(_) => {}
            _ => found.push((entry, &entry.value)),
        }
    }
}
