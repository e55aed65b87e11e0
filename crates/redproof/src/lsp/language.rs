//! What is at a place: documentation, completion, where a variable is set.

use std::path::Path;

use ls_types::{
    CompletionItem, CompletionItemKind, CompletionItemTag, CompletionList, CompletionParams,
    CompletionResponse, CompletionTextEdit, CompletionTriggerKind, Documentation,
    GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverContents, HoverParams,
    InsertTextFormat, Location, MarkupContent, MarkupKind, TextEdit, Uri,
};
use redproof_core::Report;
use redproof_core::assist;
use redproof_core::assist::{CompletionKind, Effective};
use redproof_core::source::Span;

use super::checked::file;
use super::{Server, path};

impl Server<'_> {
    pub(super) fn hover(&self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let asked = path(&at.text_document.uri)?;
        let text = self.text(&asked)?;
        let offset = self.encoding.offset(text, at.position);
        let mut all = self.workspace.with(&asked, text);
        let (report, found) = all.find_map(|(report, source)| {
            assist::hover(report, source, clamp(offset)).map(|found| (report, found))
        })?;
        let mut lines = vec![described(&found.documentation)];
        lines.extend(found.environment.as_ref().map(|environment| format!("{environment}.")));
        lines.extend(found.effective.iter().map(came_to));
        lines.push(format!("*LiteLLM {}, redis-py {}*", report.pair.litellm, report.pair.redis_py));
        Some(Hover {
            contents: HoverContents::Markup(markdown(lines.join("\n\n"))),
            range: Some(self.encoding.range(text, found.span)),
        })
    }

    pub(super) fn complete(&self, params: &CompletionParams) -> Option<CompletionResponse> {
        let at = &params.text_document_position;
        let asked = path(&at.text_document.uri)?;
        let text = self.text(&asked)?;
        let offset = self.encoding.offset(text, at.position);
        let explicit = params
            .context
            .as_ref()
            .is_none_or(|context| context.trigger_kind == CompletionTriggerKind::INVOKED);
        let mut all = self.workspace.with(&asked, text);
        let found = all.find_map(|(report, source)| {
            assist::complete(report, source, clamp(offset), explicit)
        })?;
        let range = self.encoding.range(text, found.span);
        let items = found.items.into_iter().enumerate().map(|(order, item)| CompletionItem {
            kind: Some(match item.kind {
                CompletionKind::Key => CompletionItemKind::PROPERTY,
                CompletionKind::Section => CompletionItemKind::MODULE,
                CompletionKind::Value => CompletionItemKind::VALUE,
                CompletionKind::Variable => CompletionItemKind::VARIABLE,
                CompletionKind::Reference => CompletionItemKind::REFERENCE,
            }),
            detail: Some(match item.mark {
                Some(mark) if item.detail.is_empty() => mark.to_owned(),
                Some(mark) => format!("{}, {mark}", item.detail),
                None => item.detail,
            }),
            documentation: item
                .documentation
                .as_ref()
                .map(|text| Documentation::MarkupContent(markdown(described(text)))),
            tags: (item.mark == Some("deprecated")).then(|| vec![CompletionItemTag::DEPRECATED]),
            // Ours is the most useful first.
            sort_text: Some(format!("{order:04}")),
            filter_text: Some(item.label.clone()),
            insert_text_format: Some(InsertTextFormat::PLAIN_TEXT),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: item.insert })),
            label: item.label,
            ..CompletionItem::default()
        });
        let list = CompletionList { is_incomplete: true, items: items.collect() };
        Some(CompletionResponse::List(list))
    }

    /// Where the variable at a place is set: in an `.env` file, a manifest, a Secret.
    pub(super) fn definition(
        &self,
        params: &GotoDefinitionParams,
    ) -> Option<GotoDefinitionResponse> {
        let at = &params.text_document_position_params;
        let asked = path(&at.text_document.uri)?;
        let text = self.text(&asked)?;
        let name = word(text, self.encoding.offset(text, at.position));
        let mut places: Vec<Location> = vec![];
        for (report, _) in self.workspace.with(&asked, text) {
            let variable = report.environment.get(name).and_then(|variable| variable.span);
            // A setting leads to what won over it, or to the variable that it refers to.
            let won = || {
                let found = assist::hover(
                    report,
                    redproof_core::source::SourceId::CONFIG,
                    clamp(self.encoding.offset(text, at.position)),
                )?;
                found.effective.iter().find_map(|one| one.at)
            };
            if let Some(place) =
                variable.or_else(won).and_then(|span| self.location(report, &asked, span))
                && !places.contains(&place)
            {
                places.push(place);
            }
        }
        (!places.is_empty()).then_some(GotoDefinitionResponse::Array(places))
    }

    fn location(&self, report: &Report, asked: &Path, span: Span) -> Option<Location> {
        let source = report.sources.iter().find(|source| source.id == span.source)?;
        let uri = Uri::from_file_path(file(asked, source))?;
        Some(Location { uri, range: self.encoding.range(&source.text, span) })
    }
}

/// The name at a place.
fn word(text: &str, offset: usize) -> &str {
    let is_part = |one: char| one.is_ascii_alphanumeric() || one == '_';
    let start = text[..offset].rfind(|one| !is_part(one)).map_or(0, |at| at + 1);
    let end = text[offset..].find(|one| !is_part(one)).map_or(text.len(), |at| offset + at);
    text.get(start..end).unwrap_or_default()
}

fn described(text: &assist::Documentation) -> String {
    let mut said =
        format!("**{}** ({}): {}\n\n{}", text.name, text.place, text.takes, text.meaning);
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            said.push_str(&format!("\n\n{name}: {value}"));
        }
    };
    add("Default", text.default.as_deref());
    add("Variable", text.variable.as_deref());
    add("Reaches", Some(&text.reaches));
    add("Releases", text.releases.as_deref());
    add("Note", text.note.as_deref());
    said
}

fn came_to(one: &Effective) -> String {
    format!("`{}` = `{}` ({}): {}", one.setting, one.value, one.origin, one.clients.join(", "))
}

fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

pub(super) fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
