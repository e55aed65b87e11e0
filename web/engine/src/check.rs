//! What a check says, as the page shows it.

use redproof_core::explain::roles;
use redproof_core::finding::{Finding as Found, Label, Safety, Severity};
use redproof_core::source::{SourceId, Span};
use redproof_core::{PairOrigin, RedisPyOrigin, Report, Selection, fix, offered};
use redproof_messages::{Checked, Edit, FileRole, Finding, Fix, FixedAll, Note};

use crate::words::{misses_a_file, of_page};
use crate::workspace::Workspace;
use crate::{map, misplaced, sort, tone, verdict};

/// What a check says of the workspace.
pub(crate) fn checked(workspace: &Workspace) -> Checked {
    let report = &workspace.report;
    let map = map::map(workspace);
    let findings = findings(workspace);
    Checked {
        blank: workspace.texts.is_blank(),
        litellm: report.pair.litellm.to_string(),
        redis_py: report.pair.redis_py.to_string(),
        pair_note: pair_note(report),
        verdict: verdict::verdict(report, &map, &findings),
        roles: roles(report).into_iter().map(|(part, role)| (part.to_owned(), role)).collect(),
        notes: report.notes.iter().map(|one| note(workspace, one.span, &one.text)).collect(),
        files: files(workspace),
        misplaced: misplaced::misplaced(&workspace.texts),
        runs: workspace.joined.as_ref().map_or(vec![], |joined| joined.runs.clone()),
        findings,
        map,
    }
}

/// A remark as the page makes it.
pub(crate) fn note(workspace: &Workspace, span: Option<Span>, text: &str) -> Note {
    let at = span.and_then(|span| workspace.at(span));
    Note { at, text: capital(of_page(text)), misses: misses_a_file(text) }
}

/// A sentence that begins with an article begins with a capital.
fn capital(text: String) -> String {
    match ["the ", "a ", "an ", "no "].into_iter().find(|article| text.starts_with(article)) {
        Some(_) => text[..1].to_uppercase() + &text[1..],
        None => text,
    }
}

fn findings(workspace: &Workspace) -> Vec<Finding> {
    sorted(workspace).into_iter().map(|found| finding(workspace, found)).collect()
}

/// The findings in the order of the list.
pub(crate) fn sorted(workspace: &Workspace) -> Vec<&Found> {
    let mut found: Vec<&Found> = workspace.report.diagnostics.iter().collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.severity));
    found
}

fn finding(workspace: &Workspace, found: &Found) -> Finding {
    let label = |label: &Label| note(workspace, label.span, &label.text);
    let fix = offered(&workspace.report, found).map(|fix| Fix {
        title: fix.title.clone(),
        guess: fix.safety == Safety::Unsafe,
        effects: fix.effects.iter().map(|one| one.to_string().replace(" -> ", " → ")).collect(),
        at_once: fix.safety == Safety::Safe
            && fix.edits.iter().all(|edit| edit.span.source == SourceId::CONFIG),
        edits: workspace.edits(&fix.edits),
    });
    Finding {
        severity: tone(found.severity),
        code: found.code.to_owned(),
        rule: found.rule.to_owned(),
        message: found.message.clone(),
        help: found.help.as_ref().map(|help| of_page(help.as_ref())),
        at: found.primary.span.and_then(|span| workspace.at(span)),
        related: found.related.iter().map(label).collect(),
        fix,
    }
}

/// Why these releases, in words, unless they were asked for.
fn pair_note(report: &Report) -> Option<String> {
    let litellm = report.pair.litellm;
    match &report.pair_origin {
        PairOrigin::Asked | PairOrigin::Newest => {
            let redis_py = report.pair.redis_py;
            match &report.redis_py_origin {
                RedisPyOrigin::Assumed => {
                    Some(format!("redis-py version unknown; assuming {redis_py}. Choose yours."))
                }
                RedisPyOrigin::Allowed(place) => {
                    Some(format!("redis-py {redis_py}, the newest that {place} allows"))
                }
                _ => None,
            }
        }
        PairOrigin::Image(name) => Some(format!("LiteLLM {litellm}, from the image {name}")),
        PairOrigin::Lock(place) => Some(format!("LiteLLM {litellm}, from {place}")),
        PairOrigin::Allowed(place) => {
            Some(format!("LiteLLM {litellm}, the newest that {place} allows"))
        }
        PairOrigin::Older { place, .. } => Some(format!(
            "The LiteLLM release of {place} is older than all that Redproof knows. Checked as {litellm}, the oldest."
        )),
        PairOrigin::UnsupportedImage(name) => Some(format!(
            "Redproof does not know the release of the image {name}. Checked as LiteLLM {litellm}."
        )),
    }
}

/// What each file is.
fn files(workspace: &Workspace) -> Vec<FileRole> {
    if let Some(joined) = &workspace.joined {
        return joined.roles(&workspace.texts, &workspace.report);
    }
    let files = workspace.texts.files.iter().enumerate();
    let role = |(at, file): (usize, &redproof_messages::File)| {
        let plain = |role: &str| FileRole {
            name: file.name.clone(),
            role: role.to_owned(),
            why: String::new(),
            used: true,
        };
        if at == 0 {
            return plain("config");
        }
        if let PairOrigin::Image(name) = &workspace.report.pair_origin
            && file.text.contains(name.as_str())
        {
            return plain(&format!("release {}", workspace.report.pair.litellm));
        }
        sort::role(file)
    };
    files.map(role).collect()
}

/// The edits that make all safe fixes of the config, and what they do, in words.
pub(crate) fn fix_all(workspace: &Workspace) -> FixedAll {
    let fixed = workspace.with_input(|input| fix(input, &Selection::safe()));
    let edits = changes(workspace, workspace.report.text(SourceId::CONFIG), &fixed.text);
    let told = match fixed.applied.len() {
        _ if !fixed.cycle.is_empty() => {
            "Nothing was changed: these fixes undo each other.".to_owned()
        }
        0 => "Every fix here needs your decision.".to_owned(),
        1 => "Made 1 fix.".to_owned(),
        count => format!("Made {count} fixes."),
    };
    FixedAll { edits, told }
}

/// The edits that turn one text into the other: whole lines, those alike at both ends left alone.
fn changes(workspace: &Workspace, old: &str, new: &str) -> Vec<Edit> {
    if old == new {
        return vec![];
    }
    let (range, insert) = changed(old, new);
    let span = Span::new(SourceId::CONFIG, range.start, range.end);
    workspace.edits(&[redproof_core::finding::Edit { span, text: insert }])
}

/// What of the old text is replaced, and by what.
fn changed(old: &str, new: &str) -> (std::ops::Range<usize>, String) {
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = new.split_inclusive('\n').collect();
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let rest = before[same..].iter().rev().zip(after[same..].iter().rev());
    let tail = rest.take_while(|(one, other)| one == other).count();
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let range = length(&before[..same])..length(&before[..before.len() - tail]);
    (range, after[same..after.len() - tail].concat())
}

/// How many findings there are of each severity, the worst first.
pub(crate) fn count(findings: &[Finding], severity: Severity) -> usize {
    findings.iter().filter(|found| found.severity == tone(severity)).count()
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, File, FixedAll, Texts};

    use super::changed;
    use crate::Engine;

    #[test]
    fn a_change_leads_from_one_text_to_the_other() {
        for (old, new) in [
            ("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 4\nc: 3\n"),
            ("a: 1\n", "a: 1\nb: 2"),
            ("a: 1\na: 1\n", "a: 1\n"),
            ("", "a"),
            ("a", ""),
        ] {
            let (range, insert) = changed(old, new);
            let mut text = old.to_owned();
            text.replace_range(range, &insert);
            assert_eq!(text, new, "{old:?}");
        }
    }

    fn engine(config: &str) -> Engine {
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", "")];
        let mut engine = Engine::default();
        let Answer::Check(_) =
            engine.answer(Ask::Check { texts: Texts { files, ..Texts::default() }, now: 0 })
        else {
            panic!("another question was answered");
        };
        engine
    }

    #[test]
    fn all_fixes_keep_the_rest() {
        let text = "router_settings: # kept\n  redis_host: h\n  redis_port: 1\n  redis_ssl: true\n";
        let Answer::FixAll(FixedAll { edits, told }) = engine(text).answer(Ask::FixAll) else {
            panic!("another question was answered");
        };
        let mut fixed = text.to_owned();
        for edit in edits.iter().rev() {
            fixed.replace_range(edit.from as usize..edit.to as usize, &edit.insert);
        }
        assert_eq!(
            fixed,
            "router_settings: # kept\n  redis_host: h\n  redis_port: 1\n  cache_kwargs:\n    ssl: true\n"
        );
        assert_eq!(told, "Made 1 fix.");
        assert!(matches!(
            engine("{}").answer(Ask::FixAll),
            Answer::FixAll(FixedAll { edits, .. }) if edits.is_empty()
        ));
    }

    #[test]
    fn places_are_counted_as_the_editor_does() {
        let text = "# \u{1f511}\nlitellm_settings:\n  cache_params:\n    type: redis\n    po";
        let mut engine = engine(text);
        let at = u32::try_from(text.encode_utf16().count()).expect("a short text");
        let Answer::Complete(Some(found)) =
            engine.answer(Ask::Complete { file: 0, at, explicit: false })
        else {
            panic!("no completions");
        };
        assert_eq!((found.from, found.to), (at - 2, at));
        let Answer::Hover(Some(hover)) = engine.answer(Ask::Hover { file: 0, at: at - 12 }) else {
            panic!("no documentation");
        };
        assert!(hover.documentation.meaning.contains("Where responses are kept"));
        let env = engine.answer(Ask::Complete { file: 1, at: 0, explicit: true });
        assert!(matches!(env, Answer::Complete(Some(_))), "an empty .env");
    }
}
