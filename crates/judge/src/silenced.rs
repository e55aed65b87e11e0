//! `# redproof: ignore[RP302] reason`: findings that somebody has looked at.

use base::finding::Finding;
use base::source::{LineIndex, Source, Span};
use deployment::environment::Note;

/// What starts the comment.
const MARK: &str = "redproof: ignore";

/// A comment that silences findings.
struct Ignore<'t> {
    /// Codes or names of rules; none for all.
    rules: Vec<&'t str>,
    /// The line whose findings it silences, from 1; `None` for the whole file.
    line: Option<u32>,
    span: Span,
    used: bool,
}

/// Takes out what comments silence: those on a finding's own line, alone on the line above it, or, as
/// `redproof: ignore-file`, anywhere in the file. Says which silence nothing.
pub(crate) fn silence(sources: &[Source], diagnostics: &mut Vec<Finding>, notes: &mut Vec<Note>) {
    for source in sources.iter().filter(|source| source.text.contains(MARK)) {
        let lines = LineIndex::new(&source.text);
        let mut ignores = read(source);
        diagnostics.retain(|found| {
            let Some(span) = found.primary.span.filter(|span| span.source == source.id) else {
                return true;
            };
            let line = lines.position(&source.text, span.start).line;
            let mut kept = true;
            for ignore in &mut ignores {
                let here = ignore.line.is_none_or(|own| own == line);
                let named = ignore.rules.is_empty()
                    || ignore
                        .rules
                        .iter()
                        .any(|rule| found.code.starts_with(rule) || found.rule == *rule);
                if here && named {
                    ignore.used = true;
                    kept = false;
                }
            }
            kept
        });
        let unused = ignores.iter().filter(|ignore| !ignore.used);
        notes.extend(unused.map(|ignore| Note {
            span: Some(ignore.span),
            text: "this `redproof: ignore` silences nothing here: remove it".to_owned(),
        }));
    }
}

fn read(source: &Source) -> Vec<Ignore<'_>> {
    let mut ignores = vec![];
    let mut waiting: Vec<usize> = vec![];
    let mut at = 0;
    for (number, line) in (1_u32..).zip(source.text.split_inclusive('\n')) {
        let start = at;
        at += line.len();
        let comment = line.char_indices().find(|(at, c)| {
            *c == '#'
                && line[..*at].chars().next_back().is_none_or(char::is_whitespace)
                && line[at + 1..].trim_start().starts_with(MARK)
        });
        let alone = line.trim_start().starts_with('#');
        if !alone && !line.trim().is_empty() {
            for ignore in waiting.drain(..) {
                let ignore: &mut Ignore<'_> = &mut ignores[ignore];
                ignore.line = Some(number);
            }
        }
        let Some((hash, _)) = comment else { continue };
        let rest = line[hash + 1..].trim_start().strip_prefix(MARK).unwrap_or("");
        let (whole, rest) = match rest.strip_prefix("-file") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let rules = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let rules = rules.map_or(vec![], |(rules, _)| {
            rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect()
        });
        let end = start + line.trim_end().len();
        if !whole && alone {
            waiting.push(ignores.len());
        }
        ignores.push(Ignore {
            rules,
            line: if whole { None } else { Some(number) },
            span: Span::new(source.id, start + hash, end),
            used: false,
        });
    }
    ignores
}

#[cfg(test)]
mod tests {
    use base::finding::Severity;
    use deployment::environment::Gathered;
    use deployment::release_choice::Releases;
    use report::CheckInput;

    use crate::check;

    fn codes(config: &str) -> (Vec<&'static str>, Vec<String>) {
        let environment = Gathered::default();
        let releases = Releases::parse(Some("1.109.1"), Some("8.1.0")).expect("supported");
        let input =
            CheckInput { name: "c", text: config, environment: &environment, releases, now: None };
        let report = check(&input);
        let found = report
            .diagnostics
            .iter()
            .filter(|one| one.severity >= Severity::Warning || one.code == "RP302");
        (
            found.map(|one| one.code).collect(),
            report.notes.iter().map(|note| note.text.clone()).collect(),
        )
    }

    fn config(comments: [&str; 3]) -> String {
        let [top, above, beside] = comments;
        format!(
            "{top}litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: r.example.com\n{above}    password: correct-horse{beside}\n"
        )
    }

    #[test]
    fn a_comment_silences_its_line() {
        let all = codes(&config(["", "", ""])).0;
        assert!(all.contains(&"RP302"), "{all:?}");
        for comments in [
            ["", "", "  # redproof: ignore[RP302] the network is ours"],
            ["", "", " # redproof: ignore[plaintext-password, RP999]"],
            ["", "    # redproof: ignore[RP302]\n    # more\n", ""],
            ["# redproof: ignore-file[RP30] later\n", "", ""],
        ] {
            let (left, notes) = codes(&config(comments));
            assert!(!left.contains(&"RP302"), "{comments:?}: {left:?}");
            assert!(!notes.iter().any(|note| note.contains("silences nothing")), "{notes:?}");
        }
        let (left, _) = codes(&config(["", "", " # redproof: ignore"]));
        assert!(!left.contains(&"RP302") && left.len() < all.len(), "{left:?}");
    }

    #[test]
    fn one_that_silences_nothing_is_said() {
        for comments in
            [["", "", "  # redproof: ignore[RP103]"], ["# redproof: ignore[RP302]\n", "", ""]]
        {
            let (left, notes) = codes(&config(comments));
            assert!(left.contains(&"RP302"), "{comments:?}: {left:?}");
            assert!(notes.iter().any(|note| note.contains("silences nothing")), "{comments:?}");
        }
    }
}
