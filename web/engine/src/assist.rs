//! What editors ask: documentation and completion.

use redproof_core::assist;
use redproof_core::source::Utf16Index;
use redproof_messages::{Completions, Documentation, Effective, Hover, Item};

use crate::workspace::Workspace;

/// Documentation of what is at a place.
pub(crate) fn hover(workspace: &Workspace, file: u16, at: u32) -> Option<Hover> {
    let (source, byte) = workspace.byte(file, at)?;
    let hover = assist::hover(&workspace.report, source, byte)?;
    let place = workspace.at(hover.span)?;
    let effective = hover.effective.into_iter().map(|one| Effective {
        setting: one.setting,
        value: one.value,
        origin: one.origin,
        at: one.at.and_then(|span| workspace.at(span)),
        clients: one.clients,
    });
    Some(Hover {
        from: place.from,
        to: place.to,
        documentation: documentation(hover.documentation),
        environment: hover.environment,
        effective: effective.collect(),
    })
}

/// What could be written at a place.
pub(crate) fn complete(
    workspace: &Workspace,
    file: u16,
    at: u32,
    explicit: bool,
) -> Option<Completions> {
    let (source, byte) = workspace.byte(file, at)?;
    let found = assist::complete(&workspace.report, source, byte, explicit)?;
    let place = workspace.at(found.span)?;
    let items = found.items.into_iter().map(|item| {
        let cursor = u32::try_from(item.cursor).unwrap_or(u32::MAX);
        Item {
            kind: item.kind.name().to_owned(),
            cursor: Utf16Index::new(&item.insert).of_byte(cursor),
            label: item.label,
            detail: item.detail,
            documentation: item.documentation.map(documentation),
            insert: item.insert,
            mark: item.mark.map(ToOwned::to_owned),
        }
    });
    Some(Completions { from: place.from, to: place.to, items: items.collect() })
}

fn documentation(text: assist::Documentation) -> Documentation {
    let assist::Documentation {
        name,
        place,
        takes,
        default,
        meaning,
        variable,
        reaches,
        releases,
        secret,
        note,
    } = text;
    Documentation {
        name,
        place,
        takes,
        default,
        meaning,
        variable,
        reaches,
        releases,
        secret,
        note,
    }
}
