//! What each release does with a configuration, for people: spans of releases, and what changes
//! from one to the next.

use std::collections::HashSet;
use std::fmt::Write;

use redproof_core::compare::all_releases::{Brought, Span, Start, Stretch};

use super::OnReleases;
use crate::answer::{Formatter, Human};
use crate::style::{BAD, BOLD, DOUBTFUL, GOOD, NOTABLE, paint};

/// A value longer than this is cut.
const LONGEST: usize = 60;

impl Formatter<OnReleases> for Human {
    // Writing to a String does not fail.
    fn text(&self, answer: &OnReleases) -> String {
        let OnReleases { name, all } = answer;
        let coloured = self.coloured;
        let mut text = format!(
            "{} on {} LiteLLM releases, {}, and {} redis-py releases, {}\n",
            paint(name, BOLD, coloured),
            all.litellm.count,
            words(&all.litellm),
            all.redis_py.count,
            words(&all.redis_py),
        );
        let width = all.columns.iter().flat_map(|column| &column.spans);
        let width = width.map(|span| words(&span.litellm).len()).max().unwrap_or(0);
        let mut said: HashSet<(&str, &Vec<Brought>)> = HashSet::new();
        for column in &all.columns {
            let title = format!("redis-py {}", words(&column.redis_py));
            let _ = writeln!(text, "\n{}", paint(&title, BOLD, coloured));
            for (at, span) in column.spans.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|at| column.spans.get(at));
                if let Some(before) = before {
                    errors(before, span, &mut text, coloured);
                }
                if !span.changes.is_empty() {
                    if said.insert((&span.litellm.first, &span.changes)) {
                        for change in &span.changes {
                            brought(change, &mut text, coloured);
                        }
                    } else {
                        let _ = writeln!(text, "      changes as above");
                    }
                }
                line(span, width, &mut text, coloured);
            }
        }
        let spans = || all.columns.iter().flat_map(|column| &column.spans);
        let _ = match (spans().any(|span| span.safe), spans().all(|span| span.safe)) {
            (_, true) => writeln!(text, "\n{}", paint("Safe on all of them.", GOOD, coloured)),
            (true, _) => writeln!(
                text,
                "\n{} start without an error; `redproof check --litellm VERSION --redis-py VERSION` says more.",
                paint("✓", GOOD, coloured)
            ),
            (false, _) => writeln!(
                text,
                "\n{} `redproof check` says what to change.",
                paint("Safe on none of them.", BAD, coloured)
            ),
        };
        text
    }
}

/// Errors that come and go from one span to the next.
fn errors(before: &Span, span: &Span, text: &mut String, coloured: bool) {
    let only = |these: &Span, others: &Span| -> Vec<&str> {
        these.errors.iter().copied().filter(|code| !others.errors.contains(code)).collect()
    };
    for (verdict, style, codes) in
        [("appears", DOUBTFUL, only(span, before)), ("vanishes", GOOD, only(before, span))]
    {
        if !codes.is_empty() {
            let verdict = paint(&format!("{verdict:<8}"), style, coloured);
            let _ = writeln!(text, "      {verdict} {}", codes.join(", "));
        }
    }
}

fn line(span: &Span, width: usize, text: &mut String, coloured: bool) {
    let (mark, style) = match span.starts {
        Start::Yes if span.safe => ("✓", GOOD),
        Start::Yes => ("!", DOUBTFUL),
        Start::No => ("✗", BAD),
        Start::Unknown => ("?", DOUBTFUL),
    };
    let stopped = span.stopped_by.as_ref().map_or(String::new(), |why| format!(": {}", cut(why)));
    let codes = match span.starts {
        Start::No if !span.errors.is_empty() => format!(" ({})", span.errors.join(", ")),
        _ => String::new(),
    };
    let here = if span.here { "  ← here" } else { "" };
    let _ = writeln!(
        text,
        "  {} LiteLLM {:<width$}  {}{codes}{stopped}{here}",
        paint(mark, style, coloured),
        words(&span.litellm),
        span.caption,
    );
}

fn brought(change: &Brought, text: &mut String, coloured: bool) {
    let style = match change.verdict {
        "breaks" => BAD,
        "weakens" => DOUBTFUL,
        "improves" => GOOD,
        _ => NOTABLE,
    };
    let Brought { whose, what, before, after, .. } = change;
    let _ = writeln!(
        text,
        "      {} {whose}, {what}: {} → {}",
        paint(&format!("{:<8}", change.verdict), style, coloured),
        cut(before),
        cut(after),
    );
    if let Some(why) = change.why {
        let _ = writeln!(text, "               {why}");
    }
}

/// `1.60.0 to 1.80.10`
fn words(stretch: &Stretch) -> String {
    if stretch.count == 1 {
        return stretch.first.clone();
    }
    format!("{} to {}", stretch.first, stretch.last)
}

/// A text on one line, not too long.
fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None if line.len() < text.len() => format!("{line} …"),
        None => line.to_owned(),
    }
}
