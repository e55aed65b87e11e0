//! `--format human`: code frames, the consequence, the way out.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use redproof_core::deployment::Runs;
use redproof_core::finding::{Finding, Label, Safety, Severity};
use redproof_core::redaction::Masked;
use redproof_core::source::{LineIndex, SourceId};
use redproof_core::{Report, offered};

use super::{Format, How};
use crate::style::{GOOD, NOTABLE, of_severity, paint};
use crate::summary::Summary;

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "human"
    }

    fn help(&self) -> &'static str {
        "For people: the place in the file, the consequence, the way out"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn tells_all(&self) -> bool {
        true
    }

    fn file(&self, of: &Report, _runs: Option<&Runs>, how: How) -> String {
        report(of, how.coloured, how.quiet)
    }

    fn end(&self, of: &Summary, how: How) -> String {
        if how.quiet { String::new() } else { summary(of, how.coloured) }
    }
}

/// A source as it is shown.
struct Shown {
    masked: Masked,
    lines: LineIndex,
}

/// All findings of a report, and what was noticed in reading the files.
fn report(report: &Report, coloured: bool, quiet: bool) -> String {
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    let mut shown = BTreeMap::new();
    let mut text = String::new();
    for found in &report.diagnostics {
        for label in std::iter::once(&found.primary).chain(&found.related) {
            if let Some(span) = label.span {
                shown.entry(span.source).or_insert_with(|| {
                    let masked = report.redaction.masked(span.source, report.text(span.source));
                    Shown { lines: LineIndex::new(&masked.text), masked }
                });
            }
        }
    }
    for found in &report.diagnostics {
        text.push_str(&frame(found, report, &shown, &renderer));
        text.push_str("\n\n");
    }
    if quiet {
        return text;
    }
    let mut lines = BTreeMap::new();
    for note in &report.notes {
        let place = note.span.map_or(String::new(), |span| {
            let source = report.text(span.source);
            let lines = lines.entry(span.source).or_insert_with(|| LineIndex::new(source));
            let position = lines.position(source, span.start);
            format!("{}:{}:{}: ", report.name(span.source), position.line, position.column)
        });
        let name = if place.is_empty() {
            format!("{}: ", report.sources.first().map_or("", |source| &source.name))
        } else {
            place
        };
        text.extend([&*paint("note: ", NOTABLE, coloured), &name, &note.text, "\n"]);
    }
    if !report.notes.is_empty() {
        text.push('\n');
    }
    text
}

fn frame(
    found: &Finding,
    report: &Report,
    shown: &BTreeMap<SourceId, Shown>,
    renderer: &Renderer,
) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(&found.message).id(format!("{} {}", found.code, found.rule));
    let mut sections: Vec<(SourceId, Vec<(bool, &Label)>)> = vec![];
    let labels =
        std::iter::once((true, &found.primary)).chain(found.related.iter().map(|one| (false, one)));
    for (primary, label) in labels {
        let Some(span) = label.span else {
            continue;
        };
        match sections.iter_mut().find(|(source, _)| *source == span.source) {
            Some((_, labels)) => labels.push((primary, label)),
            None => sections.push((span.source, vec![(primary, label)])),
        }
    }
    let snippets = sections.iter().filter_map(|(source, labels)| {
        Some(snippet(report.name(*source), shown.get(source)?, labels))
    });
    let mut group = Group::with_title(title).elements(snippets);
    for label in found.related.iter().filter(|label| label.span.is_none()) {
        group = group.element(Level::NOTE.message(&label.text));
    }
    if !found.deployments.is_empty() {
        group = group.element(Level::NOTE.message(format!("in {}", found.deployments.join("; "))));
    }
    if let Some(help) = &found.help {
        group = group.element(Level::HELP.message(&**help));
    }
    if let Some(fix) = offered(report, found) {
        let how = match fix.safety {
            Safety::Safe => "redproof fix",
            Safety::Unsafe => "redproof fix --unsafe",
        };
        let mut title = format!("{} (`{how}` does it)", fix.title);
        for effect in &fix.effects {
            title.push_str(&format!("\n{effect}"));
        }
        group = group.element(Level::HELP.with_name("fix").message(title));
    }
    renderer.render(&[group])
}

/// The labelled lines of a source, one more on each side.
fn snippet<'m>(
    name: &'m str,
    shown: &'m Shown,
    labels: &[(bool, &'m Label)],
) -> Snippet<'m, annotate_snippets::Annotation<'m>> {
    let ranges: Vec<(bool, &Label, Range<usize>)> = labels
        .iter()
        .filter_map(|(primary, label)| Some((*primary, *label, shown.masked.range(label.span?))))
        .collect();
    let text = &shown.masked.text;
    let first = ranges.iter().map(|(_, _, range)| range.start).min().unwrap_or(0);
    let last = ranges.iter().map(|(_, _, range)| range.end).max().unwrap_or(0);
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let start = line_start(line_start(first).saturating_sub(1));
    let end = line_end((line_end(last) + 1).min(text.len()));
    let offset = u32::try_from(start).unwrap_or(u32::MAX);
    let line = shown.lines.position(text, offset).line as usize;
    let annotations = ranges.into_iter().map(|(primary, label, range)| {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(range.start - start..range.end - start).label(&label.text)
    });
    Snippet::source(&text[start..end]).line_start(line).path(name).annotations(annotations)
}

/// How often each rule found something, the most frequent first.
pub(crate) fn statistics(summary: &Summary) -> String {
    let mut counts: Vec<_> = summary.by_rule.iter().collect();
    counts.sort_by_key(|((code, _), count)| (std::cmp::Reverse(**count), *code));
    counts.iter().map(|((code, name), count)| format!("{count:>6} {code} {name}\n")).collect()
}

/// The last line: what was checked, for which releases, with what result.
pub(crate) fn summary(summary: &Summary, coloured: bool) -> String {
    let Some(releases) = &summary.releases else {
        return String::new();
    };
    let counts = [
        (summary.errors, Severity::Error),
        (summary.warnings, Severity::Warning),
        (summary.hints, Severity::Hint),
    ];
    let found: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, of)| paint(&counted(count, of.name()), of_severity(of), coloured))
        .collect();
    let found =
        if found.is_empty() { paint("nothing found", GOOD, coloured) } else { found.join(", ") };
    let fixable = match (summary.fixable, summary.guesses) {
        (0, 0) => String::new(),
        (count, 0) => format!("; {count} can be fixed with `redproof fix`"),
        (0, count) => format!("; {count} can be fixed with `redproof fix --unsafe`"),
        (safe, count) => {
            format!("; {safe} can be fixed with `redproof fix`, {count} more with `--unsafe`")
        }
    };
    let files = counted(summary.files, "configuration");
    format!("{files} on {releases}: {found}{fixable}\n")
}

fn counted(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}
