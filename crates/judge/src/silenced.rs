//! `# redproof: ignore[RP302] reason`: findings that somebody has looked at.

use base::finding::Finding;
use base::source::{LineIndex, Source, Span};
use deployment::environment::Note;

/// What starts the comment.
const MARK: &str = report::redaction::IGNORE;

/// What is noted of a comment that silences nothing.
pub(crate) const UNUSED: &str = "this `redproof: ignore` silences nothing here: remove it";

/// A comment that silences findings.
struct Ignore<'t> {
    /// Codes or names of rules; none for all.
    rules: Vec<&'t str>,
    /// The line whose findings it silences, from 1; `None` for the whole file.
    line: Option<u32>,
    span: Span,
    used: bool,
}

/// Takes out what comments silence: those on a line that a finding marks, alone on the line above
/// one, or, as `redproof: ignore-file`, anywhere in the file. Says which silence nothing.
///
/// A finding marks its primary place and those related to it. A comment that names no rule holds
/// for the line where a finding begins alone: it names none that it could mean elsewhere.
pub(crate) fn silence(sources: &[Source], diagnostics: &mut Vec<Finding>, notes: &mut Vec<Note>) {
    for source in sources.iter().filter(|source| source.text.contains(MARK)) {
        let lines = LineIndex::new(&source.text);
        let line = |at: u32| lines.position(&source.text, at).line;
        let mut ignores = read(source);
        diagnostics.retain(|found| {
            let here = |span: &Span| span.source == source.id;
            let primary = found.primary.span.filter(here);
            let related = found.related.iter().filter_map(|label| label.span.filter(here));
            let marked: Vec<_> = primary
                .into_iter()
                .chain(related)
                .map(|span| line(span.start)..=line(span.end.max(span.start + 1) - 1))
                .collect();
            if marked.is_empty() {
                return true;
            }
            let begins = primary.map(|span| line(span.start));
            let mut kept = true;
            for ignore in &mut ignores {
                let named = |rule: &&str| found.code.starts_with(rule) || found.rule == *rule;
                let silences = match (ignore.line, ignore.rules.as_slice()) {
                    (None, rules) => {
                        primary.is_some() && (rules.is_empty() || rules.iter().any(named))
                    }
                    (Some(own), []) => begins == Some(own),
                    (Some(own), rules) => {
                        rules.iter().any(named) && marked.iter().any(|lines| lines.contains(&own))
                    }
                };
                if silences {
                    ignore.used = true;
                    kept = false;
                }
            }
            kept
        });
        let unused = ignores.iter().filter(|ignore| !ignore.used);
        notes
            .extend(unused.map(|ignore| Note { span: Some(ignore.span), text: UNUSED.to_owned() }));
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
    fn a_comment_holds_at_every_place_that_a_finding_marks() {
        let marked = "litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: r.example.com # redproof: ignore[RP302] the network is ours
    password: correct-horse
";
        let (left, notes) = codes(marked);
        assert!(!left.contains(&"RP302"), "{left:?}");
        assert!(!notes.iter().any(|note| note.contains("silences nothing")), "{notes:?}");
        let above = marked.replace(
            "    host: r.example.com # redproof: ignore[RP302] the network is ours",
            "    # redproof: ignore[plaintext-password]\n    host: r.example.com",
        );
        assert!(!codes(&above).0.contains(&"RP302"), "{above}");
        // Without a rule's name, it is about its own line.
        let bare = marked.replace("ignore[RP302] the network is ours", "ignore");
        assert!(codes(&bare).0.contains(&"RP302"), "{bare}");
        // Another setting of the same section is none of the places.
        let elsewhere = marked.replace(" # redproof: ignore[RP302] the network is ours", "");
        let elsewhere = elsewhere.replace("type: redis", "type: redis # redproof: ignore[RP302]");
        let (left, notes) = codes(&elsewhere);
        assert!(left.contains(&"RP302"), "{left:?}");
        assert!(notes.iter().any(|note| note.contains("silences nothing")), "{notes:?}");
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
