//! What an upgrade changes, for people: per client, before and after, why, and what to do.

use std::fmt::Write;

use anstyle::Style;
use documents::Revisions;
use documents::places::Places;
use redproof_core::Comparison;
use redproof_core::compare::{Change, Side, Verdict};
use redproof_core::finding::Finding;
use redproof_core::outcome::Startup;

use crate::answer::{Formatter, Human};
use crate::style::{BAD, BOLD, DOUBTFUL, GOOD, NOTABLE, PLAIN_GOOD, paint};
use crate::words::releases_in_words;

/// Text is broken at this column.
const WIDTH: usize = 100;
/// Where what is said of a change starts.
const INDENT: usize = 11;

impl Formatter<Comparison> for Human {
    // Writing to a String does not fail.
    fn text(&self, comparison: &Comparison) -> String {
        let coloured = self.coloured;
        let page = Page { comparison, coloured };
        let name = comparison.from.sources.first().map_or("", |source| &source.name);
        let mut text = format!("{}\n", paint(name, BOLD, coloured));
        let _ = writeln!(
            text,
            "  today  {}",
            releases_in_words(&comparison.from, ["--from", "--from-redis-py"])
        );
        let _ = writeln!(
            text,
            "  then   {}",
            releases_in_words(&comparison.to, ["--to", "--to-redis-py"])
        );
        if comparison.from.pair == comparison.to.pair && !comparison.revisions {
            text.push_str("\nBoth are the same releases: nothing changes.\n");
            return text;
        }
        let notes = comparison.from.notes.iter();
        let only_then =
            comparison.to.notes.iter().filter(|note| !comparison.from.notes.contains(note));
        for note in notes.chain(only_then) {
            let _ = writeln!(text, "{}{}", paint("note: ", NOTABLE, coloured), note.text);
        }
        if comparison.starts_on_neither() {
            let _ = writeln!(text, "\n{}", paint("LiteLLM starts on neither.", BAD, coloured));
            if let Startup::Exception(exception) = &comparison.to.outcome.startup {
                let said = exception.to_string();
                let _ = writeln!(text, "  {}", comparison.to.redaction.clean_text(&said));
            }
        }
        let mut last = None;
        for change in &comparison.changes {
            let whose = change.heading();
            if last.as_ref() != Some(&whose) {
                let _ = writeln!(text, "\n{}", paint(&whose, BOLD, coloured));
                last = Some(whose);
            }
            page.change(change, &mut text);
        }
        page.findings(&mut text);
        page.defects(&mut text);
        page.detours(&mut text);
        let _ = writeln!(text, "\n{}", page.verdict());
        text
    }
}

impl Formatter<Revisions> for Human {
    // Writing to a String does not fail.
    fn text(&self, compared: &Revisions) -> String {
        let base = &compared.base;
        let mut text = String::new();
        let mut same = 0;
        for (name, comparison) in &compared.both {
            if says_nothing(comparison) {
                same += 1;
                continue;
            }
            let _ = writeln!(text, "{name}, since {base}");
            let _ = writeln!(text, "{}", self.text(comparison));
        }
        for name in &compared.gone {
            let _ = writeln!(text, "removed: {name}");
        }
        for name in &compared.new {
            let _ = writeln!(text, "added: {name}: `redproof check` judges it");
        }
        if same > 0 {
            let _ = writeln!(text, "unchanged since {base}: {same}");
        }
        text
    }
}

/// Whether there is nothing to say but that nothing changes.
pub(crate) fn says_nothing(comparison: &Comparison) -> bool {
    let Comparison { changes, appear, vanish, enter, leave, from, to, .. } = comparison;
    changes.is_empty()
        && appear.is_empty()
        && vanish.is_empty()
        && enter.is_empty()
        && leave.is_empty()
        && from.pair == to.pair
}

struct Page<'c> {
    comparison: &'c Comparison,
    coloured: bool,
}

impl Page<'_> {
    fn change(&self, change: &Change, text: &mut String) {
        let style = style(change.verdict);
        let verdict = format!("{:<8}", change.verdict.name());
        let title = paint(&change.title(), BOLD, self.coloured);
        let _ = writeln!(text, "  {} {title}", paint(&verdict, style, self.coloured));
        let width = [&change.before, &change.after].iter().map(|side| length(&side.text)).max();
        // One long message must not push the origins off the screen.
        let width = width.unwrap_or(0).min(50);
        line(text, "today", &valued(&change.before, width));
        line(text, "then", &valued(&change.after, width));
        line(text, "", &change.consequence);
        line(text, "why", &self.comparison.why(&change.cause));
        if let Some(advice) = &change.advice {
            line(text, "do", advice);
        }
    }

    fn findings(&self, text: &mut String) {
        let Self { comparison, coloured } = self;
        if comparison.appear.is_empty() && comparison.vanish.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{}", paint("findings of `redproof check`", BOLD, *coloured));
        let groups = [
            ("appears", DOUBTFUL, &comparison.to, &comparison.appear),
            ("vanishes", PLAIN_GOOD, &comparison.from, &comparison.vanish),
        ];
        for (what, style, report, found) in groups {
            let places = Places::new(report);
            for one in found {
                let what = paint(&format!("{what:<8}"), style, *coloured);
                let _ = writeln!(text, "  {what} {}", finding(one, &places));
                line(text, "", &one.message);
            }
        }
    }

    fn defects(&self, text: &mut String) {
        let Self { comparison, coloured } = self;
        let groups =
            [("enters", DOUBTFUL, &comparison.enter), ("leaves", PLAIN_GOOD, &comparison.leave)];
        if groups.iter().all(|(_, _, defects)| defects.is_empty()) {
            return;
        }
        let _ = writeln!(text, "\n{}", paint("known defects of LiteLLM", BOLD, *coloured));
        for (what, style, defects) in groups {
            for defect in defects {
                let what = paint(&format!("{what:<8}"), style, *coloured);
                let depends = defect.depends.map_or(String::new(), |what| format!(", if {what}"));
                let _ = writeln!(text, "  {what} {} {}{depends}", defect.id, defect.name);
                if comparison.enter.iter().any(|one| one.id == defect.id) {
                    line(text, "", defect.happens);
                    line(text, "do", defect.cure);
                }
            }
        }
    }

    fn detours(&self, text: &mut String) {
        let Self { comparison, coloured } = self;
        for detour in &comparison.detours {
            let first = if detour.pair.litellm == comparison.to.pair.litellm {
                "LiteLLM"
            } else {
                "redis-py"
            };
            let title = format!("if {first} goes first: {:?}", detour.pair);
            let _ = writeln!(text, "\n{}", paint(&title, BOLD, *coloured));
            for change in &detour.changes {
                let verdict = format!("{:<8}", change.verdict.name());
                let verdict = paint(&verdict, style(change.verdict), *coloured);
                let whose = change.heading();
                let aspect = change.aspect.name();
                let _ = writeln!(text, "  {verdict} {}", paint(aspect, BOLD, *coloured));
                let sides = format!("{} → {} ({whose})", change.before.text, change.after.text);
                line(text, "", &sides);
            }
        }
    }

    fn verdict(&self) -> String {
        let Self { comparison, coloured } = self;
        let neither = comparison.starts_on_neither();
        let words = [
            (Verdict::Breaks, "breaks", "break"),
            (Verdict::Weakens, "weakens", "weaken"),
            (Verdict::Changes, "changes", "change"),
            (Verdict::Improves, "improves", "improve"),
        ];
        let counts: Vec<String> = words
            .into_iter()
            .filter_map(|(verdict, one, many)| {
                let count = comparison.count(verdict);
                let word = if count == 1 { one } else { many };
                let said = format!("{count} {word}");
                (count > 0).then(|| paint(&said, style(verdict), *coloured))
            })
            .collect();
        let counts =
            if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
        let conclusion = comparison.conclusion();
        let style = if comparison.fails() || neither { BAD } else { GOOD };
        format!("{}{counts}.", paint(conclusion, style, *coloured))
    }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Breaks => BAD,
        Verdict::Weakens => DOUBTFUL,
        Verdict::Changes => NOTABLE,
        Verdict::Improves => GOOD,
    }
}

fn finding(found: &Finding, places: &Places<'_>) -> String {
    let severity = found.severity.name();
    let place = found.primary.span.and_then(|span| places.of(span));
    let place = place.map_or(String::new(), |place| {
        format!(" at {}:{}:{}", place.file, place.start.line, place.start.column)
    });
    format!("{severity}[{} {}]{place}", found.code, found.rule)
}

/// A value and where it comes from.
fn valued(side: &Side, width: usize) -> String {
    if side.origin.is_empty() {
        return side.text.clone();
    }
    let pad = " ".repeat(width.saturating_sub(length(&side.text)));
    // Spaces within a line that is not broken stay.
    format!("{}{pad}  {}", side.text, side.origin)
}

/// Adds a labelled text, broken into lines.
fn line(text: &mut String, label: &str, words: &str) {
    let mut rest = words;
    let mut label = label;
    let width = WIDTH - INDENT - 7;
    loop {
        let end = break_at(rest, width);
        let _ = writeln!(text, "{:INDENT$}{label:<7}{}", "", rest[..end].trim_end());
        rest = rest[end..].trim_start();
        label = "";
        if rest.is_empty() {
            return;
        }
    }
}

/// Where a line of at most so many characters ends: at a space, if there is one.
fn break_at(text: &str, width: usize) -> usize {
    let Some((limit, _)) = text.char_indices().nth(width) else {
        return text.len();
    };
    match text[..limit].rfind(' ') {
        Some(space) if !text[..space].trim().is_empty() => space,
        _ => text[limit..].find(' ').map_or(text.len(), |space| limit + space),
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
