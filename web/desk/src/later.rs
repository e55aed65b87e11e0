//! Findings that the page's first load has no room to make: its workbench makes them, and the page
//! puts them among its own.

use redproof_core::diagnostic::{Diagnostic, Label, Severity};
use redproof_core::rules::COMPARING;
use redproof_core::source::{SourceId, Span};

use crate::{Json, Texts};

/// Whether the workbench found it.
pub fn is_later(found: &Diagnostic) -> bool {
    COMPARING.iter().any(|(code, _)| *code == found.code)
}

/// What the page itself does not find, in JSON.
#[cfg(feature = "answers")]
pub fn findings(desk: &crate::Desk) -> String {
    use serde_json::json;

    let label = |label: &Label| {
        let at = label
            .span
            .map(|span| json!({ "source": span.source.0, "start": span.start, "end": span.end }));
        json!({ "at": at, "text": label.text })
    };
    let all = desk.report.diagnostics.iter();
    let later = all.filter(|found| is_later(found));
    let told = later.map(|found| {
        json!({
            "code": found.code,
            "severity": found.severity.name(),
            "message": found.message,
            "path": found.path,
            "primary": label(&found.primary),
            "related": found.related.iter().map(label).collect::<Vec<_>>(),
            "help": found.help,
        })
    });
    told.collect::<serde_json::Value>().to_string()
}

/// One finding that the workbench told.
pub fn read(told: &Json) -> Option<Diagnostic> {
    let code = told.text("code");
    let (code, rule) = COMPARING.into_iter().find(|(known, _)| *known == code)?;
    let severities = [Severity::Error, Severity::Warning, Severity::Hint];
    let severity = told.text("severity");
    let help = told.text("help");
    Some(Diagnostic {
        code,
        rule,
        severity: severities.into_iter().find(|one| one.name() == severity)?,
        message: told.text("message"),
        path: told.text("path"),
        primary: label(&told.get("primary")),
        related: told.list("related").iter().map(label).collect(),
        help: (!help.is_empty()).then(|| help.into()),
        fix: None,
    })
}

fn label(told: &Json) -> Label {
    let at = told.get("at");
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from such numbers"
    )]
    let span = at.is_truthy().then(|| Span {
        source: SourceId(at.number("source") as u16),
        start: at.number("start") as u32,
        end: at.number("end") as u32,
    });
    Label { span, text: told.text("text") }
}

/// What the workbench found in texts that were changed since, as far as its places are still there: it
/// stays until the workbench has looked again.
pub fn carried(found: &[Diagnostic], old: &Texts, new: &Texts) -> Vec<Diagnostic> {
    if (&old.litellm, &old.redis_py) != (&new.litellm, &new.redis_py) {
        return vec![];
    }
    let moved = |found: &Diagnostic| {
        let mut found = found.clone();
        for label in std::iter::once(&mut found.primary).chain(&mut found.related) {
            if let Some(span) = &mut label.span {
                *span = moved(*span, old, new)?;
            }
        }
        Some(found)
    };
    found.iter().filter(|found| is_later(found)).filter_map(moved).collect()
}

/// Where a place is after a change that does not touch it.
fn moved(span: Span, old: &Texts, new: &Texts) -> Option<Span> {
    let file = usize::from(span.source.0);
    let (old, new) = (&old.files.get(file)?.text, &new.files.get(file)?.text);
    let alike = |(one, other): &(u8, u8)| one == other;
    let before = old.bytes().zip(new.bytes()).take_while(alike).count();
    let range = span.range();
    if range.end <= before {
        return Some(span);
    }
    let after = old.bytes().rev().zip(new.bytes().rev()).take_while(alike).count();
    let ends =
        |text: &str, at: usize| (text.len() - after..).contains(&at).then(|| text.len() - at);
    let start = new.len() - ends(old, range.start)?;
    Some(Span::new(span.source, start, start + range.len()))
}

#[cfg(test)]
mod tests {
    use redproof_core::NamedText;
    use redproof_core::source::{SourceId, Span};

    use super::moved;
    use crate::Texts;

    #[test]
    fn places_move_with_what_is_typed_before_them() {
        let texts = |text: &str| Texts {
            files: vec![NamedText { name: String::new(), text: text.to_owned() }],
            ..Texts::default()
        };
        let place = Span::new(SourceId::CONFIG, 4, 6);
        for (new, at) in [
            ("0123ab678", Some(4)),
            ("01x23ab678", Some(5)),
            ("3ab678", Some(1)),
            ("0123abxx678", Some(4)),
            ("0123ab", Some(4)),
            ("0123axb678", None),
            ("0123", None),
            ("", None),
        ] {
            let expected = at.map(|at| Span::new(SourceId::CONFIG, at, at + 2));
            assert_eq!(moved(place, &texts("0123ab678"), &texts(new)), expected, "{new}");
        }
        assert_eq!(moved(place, &texts("0123ab678"), &Texts::default()), None, "the file is gone");
    }
}
