//! What the editors ask, answered in JSON: `web/editor/answers.ts` reads it.

use redproof_core::assist::{self, Completion, Documentation, Effective};
use redproof_core::finding::Edit;
use redproof_core::source::{SourceId, Span, Utf16Index};
use redproof_core::{Selection, fix};
use serde_json::{Value as Json, json};

use crate::Desk;

/// Documentation of what stands at a place.
pub fn hover(desk: &Desk, source: SourceId, at: u32) -> Option<String> {
    let hover = assist::hover(&desk.report, source, desk.byte(source, at)?)?;
    let (from, to) = desk.utf16(hover.span)?;
    let answer = json!({
        "from": from,
        "to": to,
        "documentation": documentation(&hover.documentation),
        "environment": hover.environment,
        "effective": hover.effective.iter().map(effective).collect::<Vec<_>>(),
    });
    Some(answer.to_string())
}

/// What could be written at a place.
pub fn complete(desk: &Desk, source: SourceId, at: u32, explicit: bool) -> Option<String> {
    let found = assist::complete(&desk.report, source, desk.byte(source, at)?, explicit)?;
    let (from, to) = desk.utf16(found.span)?;
    let items: Vec<Json> = found.items.iter().map(item).collect();
    Some(json!({ "from": from, "to": to, "items": items }).to_string())
}

fn item(item: &Completion) -> Json {
    let cursor = u32::try_from(item.cursor).unwrap_or(u32::MAX);
    json!({
        "label": item.label,
        "kind": item.kind.name(),
        "detail": item.detail,
        "documentation": item.documentation.as_ref().map(documentation),
        "insert": item.insert,
        "cursor": Utf16Index::new(&item.insert).of_byte(cursor),
        "mark": item.mark,
    })
}

fn documentation(text: &Documentation) -> Json {
    json!({
        "name": text.name,
        "place": text.place,
        "takes": text.takes,
        "default": text.default,
        "meaning": text.meaning,
        "variable": text.variable,
        "reaches": text.reaches,
        "releases": text.releases,
        "secret": text.secret,
        "note": text.note,
    })
}

fn effective(one: &Effective) -> Json {
    json!({
        "setting": one.setting,
        "value": one.value,
        "origin": one.origin,
        "at": one.at.map(|span| [u32::from(span.source.0), span.start, span.end]),
        "clients": one.clients,
    })
}

/// The edits that make all safe fixes of the config, and what they do, in words.
pub fn fix_all(desk: &Desk) -> (Vec<Edit>, String) {
    let fixed = desk.texts.with_input(desk.now, |input| fix(input, &Selection::safe()));
    let edits = changes(desk.report.text(SourceId::CONFIG), &fixed.text);
    let told = match fixed.applied.len() {
        _ if !fixed.cycle.is_empty() => {
            "Nothing was changed: these fixes undo each other.".to_owned()
        }
        0 => "There is nothing to fix without a guess.".to_owned(),
        1 => "1 fix was made. Undo takes it back.".to_owned(),
        count => format!("{count} fixes were made. Undo takes them back."),
    };
    (edits, told)
}

/// The edits that turn one text into the other: whole lines, those alike at both ends left alone.
fn changes(old: &str, new: &str) -> Vec<Edit> {
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = new.split_inclusive('\n').collect();
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let rest = before[same..].iter().rev().zip(after[same..].iter().rev());
    let tail = rest.take_while(|(one, other)| one == other).count();
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let start = length(&before[..same]);
    let end = length(&before[..before.len() - tail]);
    let text = after[same..after.len() - tail].concat();
    let span = Span::new(SourceId::CONFIG, start, end);
    if old == new { vec![] } else { vec![Edit { span, text }] }
}

#[cfg(test)]
mod tests {
    use super::{changes, complete, fix_all, hover};
    use crate::{Desk, Texts};
    use redproof_core::NamedText;
    use redproof_core::document::patch::apply;
    use redproof_core::source::SourceId;

    #[test]
    fn changes_lead_from_one_text_to_the_other() {
        for (old, new) in [
            ("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 4\nc: 3\n"),
            ("a: 1\n", "a: 1\nb: 2"),
            ("a: 1\na: 1\n", "a: 1\n"),
            ("", "a"),
            ("a", ""),
        ] {
            let edits = changes(old, new);
            assert_eq!(apply(old, &edits), new, "{old:?}");
        }
        assert!(changes("a", "a").is_empty());
    }

    fn desk(config: &str) -> Desk {
        let file = |name: &str, text: &str| NamedText { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", "")];
        Desk::new(Texts { files, ..Texts::default() }, 0)
    }

    #[test]
    fn all_fixes_keep_the_rest() {
        let text = "router_settings: # kept\n  redis_host: h\n  redis_port: 1\n  redis_ssl: true\n";
        let (edits, told) = fix_all(&desk(text));
        assert_eq!(
            apply(text, &edits),
            "router_settings: # kept\n  redis_host: h\n  redis_port: 1\n  cache_kwargs:\n    ssl: true\n"
        );
        assert!(told.starts_with("1 fix was made"), "{told}");
        assert_eq!(fix_all(&desk("{}")).0, []);
    }

    #[test]
    fn places_are_counted_as_the_editor_does() {
        let text = "# \u{1f511}\nlitellm_settings:\n  cache_params:\n    type: redis\n    po";
        let desk = desk(text);
        let at = u32::try_from(text.encode_utf16().count()).expect("a short text");
        let answer = complete(&desk, SourceId::CONFIG, at, false).expect("completions");
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!((&answer["from"], &answer["to"]), (&(at - 2).into(), &at.into()));
        let key = hover(&desk, SourceId::CONFIG, at - 12).expect("a hover");
        assert!(key.contains("Where responses are kept"), "{key}");
        assert!(complete(&desk, SourceId(1), 0, true).is_some(), "an empty .env");
    }
}
