//! What becomes of one request's answer, for people.

use std::fmt::Write;

use redproof_core::asked::Asked;
use redproof_core::explain::Verdict;

use super::Requested;
use crate::answer::{Formatter, Human};
use crate::explain::Explained;
use crate::style::{BAD, DOUBTFUL, GOOD, paint};
use crate::words::{CHOOSERS, releases_in_words};

impl Formatter<Requested<'_>> for Human {
    fn text(&self, requested: &Requested<'_>) -> String {
        let Explained { report, explanation } = requested.explained;
        let coloured = self.coloured;
        let name = report.sources.first().map_or("", |source| &source.name);
        let mut text = format!("{name} on {}\n", releases_in_words(report, CHOOSERS));
        let Some(asked) = &requested.asked else {
            let why = match &explanation.startup {
                Verdict::Stops { class, message, .. } => {
                    format!("LiteLLM {}: {class}: {message}", report.outcome.stopped())
                }
                Verdict::Unknown(why) => {
                    format!("Whether LiteLLM starts is unknown: it depends on {why}")
                }
                Verdict::Starts => "What it serves is unknown".to_owned(),
            };
            // Writing to a String does not fail.
            let _ = writeln!(text, "{}", paint(&why, BAD, coloured));
            return text;
        };
        let (verdict, colour) = match (asked.served, asked.kept) {
            (Some(true), Some(true)) => ("cached", GOOD),
            (Some(true), _) => ("served from the cache, and not kept", DOUBTFUL),
            (Some(false), Some(true)) => ("kept, and never served from the cache", DOUBTFUL),
            (Some(false), _) => ("not cached", BAD),
            (None, _) => ("unknown", DOUBTFUL),
        };
        let model = asked.model.as_ref().map_or(String::new(), |model| format!(" to {model}"));
        let request = format!("{}{model}: {verdict}", asked.endpoint);
        let _ = writeln!(text, "{}", paint(&request, colour, coloured));
        let rows = rows(asked);
        let widest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in rows {
            let _ = writeln!(text, "  {name:<widest$}  {value}");
        }
        text
    }
}

fn rows(asked: &Asked) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(why) = &asked.why {
        let origin = why.origin.as_ref().map_or(String::new(), |origin| format!("  {origin}"));
        rows.push(("because", format!("{}{origin}", why.value)));
    }
    if !asked.read.is_empty() {
        let places: Vec<&str> = asked
            .read
            .iter()
            .map(|place| if *place == "memory" { "the process's memory" } else { "Redis" })
            .collect();
        let age = asked
            .max_age
            .map_or(String::new(), |seconds| format!(", if not older than {seconds} s"));
        rows.push(("looked for in", format!("{}{age}", places.join(", then "))));
    }
    if asked.kept == Some(true) || !asked.read.is_empty() {
        rows.extend(asked.key.clone().map(|key| ("key", key)));
    }
    for (name, time) in [("in Redis", &asked.redis), ("in memory", &asked.memory)] {
        if let Some(time) = time {
            let origin = time.fact.origin.as_ref();
            let origin = origin.map_or(String::new(), |origin| format!("  {origin}"));
            rows.push((name, format!("{}{origin}", time.fact.value)));
        }
    }
    if asked.redis.is_some() {
        rows.push((
            "written",
            asked.gathered.map_or("at once".to_owned(), |size| {
                format!(
                    "once {size} answers have gathered in the process; it is served from then on"
                )
            }),
        ));
    }
    if asked.in_model_list == Some(false) {
        rows.push(("model", "model_list does not have it".to_owned()));
    }
    rows.extend(asked.notes.iter().map(|note| ("note", note.clone())));
    rows
}
