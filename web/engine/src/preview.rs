//! What a fix changes, before it is made: in the text, and for LiteLLM.

use redproof_core::finding::{Edit, Finding};
use redproof_core::offered;
use redproof_messages::{DiffLine, Preview, Texts};

use crate::check;
use crate::workspace::Workspace;

/// So many lines of a change are shown.
const MOST: usize = 24;

/// What comes of a finding's fix, by the finding's place in the list.
pub(crate) fn preview(workspace: &Workspace, finding: usize) -> Option<Preview> {
    let found: &Finding = *check::sorted(workspace).get(finding)?;
    let fix = offered(&workspace.report, found)?;
    let texts = fixed(workspace, &fix.edits)?;
    let lines =
        workspace.texts.files.iter().zip(&texts.files).flat_map(|(old, new)| {
            let name = old.name.clone();
            changed_lines(&old.text, &new.text).into_iter().map(move |(line, added, text)| {
                DiffLine { place: format!("{name}:{line}"), added, text }
            })
        });
    let mut lines: Vec<DiffLine> = lines.collect();
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    let after = check::checked(&Workspace::new(texts, workspace.now));
    Some(Preview {
        lines,
        more,
        tone: after.verdict.tone,
        headline: after.verdict.headline,
        problems: (workspace.report.diagnostics.len(), after.findings.len()),
        map: after.map,
    })
}

/// The texts with edits made; none where their places do not fit.
fn fixed(workspace: &Workspace, edits: &[Edit]) -> Option<Texts> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.source, edit.span.start)));
    let mut texts = workspace.texts.clone();
    for edit in edits {
        let file = workspace.file(edit.span.source)?;
        let text = &mut texts.files.get_mut(usize::from(file))?.text;
        let range = edit.span.start as usize..edit.span.end as usize;
        text.get(range.clone())?;
        text.replace_range(range, &edit.text);
    }
    Some(texts)
}

/// The lines that go and those that come, between those that are alike at both ends: the number,
/// whether it comes, the text.
fn changed_lines(old: &str, new: &str) -> Vec<(usize, bool, String)> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let rest = before[same..].iter().rev().zip(after[same..].iter().rev());
    let tail = rest.take_while(|(one, other)| one == other).count();
    let gone = before[same..before.len() - tail].iter().enumerate();
    let come = after[same..after.len() - tail].iter().enumerate();
    let line =
        |added: bool| move |(at, text): (usize, &&str)| (same + at + 1, added, (*text).to_owned());
    gone.map(line(false)).chain(come.map(line(true))).collect()
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, File, Padlock, Texts};

    use super::changed_lines;
    use crate::Engine;

    #[test]
    fn what_goes_comes_first() {
        let lines = changed_lines("a\nb\nc\n", "a\nx\ny\nc\n");
        let expected = [(2, false, "b"), (2, true, "x"), (3, true, "y")];
        assert_eq!(lines, expected.map(|(line, added, text)| (line, added, text.to_owned())));
        assert!(changed_lines("a\n", "a\n").is_empty());
    }

    #[test]
    fn a_fix_shows_its_lines_and_its_map_and_changes_nothing() {
        let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                      host: redis.test\n    port: 6380\n    ssl: true\nrouter_settings:\n  \
                      redis_host: redis.test\n  redis_port: 6380\n";
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", "")];
        let texts = Texts { files, ..Texts::default() };
        let mut engine = Engine::default();
        let Answer::Check(checked) = engine.answer(Ask::Check { texts: texts.clone(), now: 0 })
        else {
            panic!("another question was answered");
        };
        let at = checked.findings.iter().position(|one| one.code == "RP301" && one.fix.is_some());
        let finding = at.expect("the router's TLS has a fix");
        let Answer::Preview(Some(preview)) = engine.answer(Ask::Preview { finding }) else {
            panic!("no preview");
        };
        assert!(preview.lines.iter().any(|one| one.added && one.text.contains("ssl: true")));
        let open = |map: &redproof_messages::Map| {
            map.edges.iter().filter(|edge| edge.padlock == Padlock::Open).count()
        };
        assert!(open(&preview.map) < open(&checked.map), "{preview:?}");
        let Answer::Check(again) = engine.answer(Ask::Check { texts, now: 0 }) else {
            panic!("another question was answered");
        };
        assert_eq!(again, checked);
    }
}
