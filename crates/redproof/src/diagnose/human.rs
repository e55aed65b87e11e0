//! What a log says, for people: each text with its causes, and what to do.

use std::collections::HashSet;
use std::fmt::Write as _;

use documents::places::Places;
use redproof_core::Report;
use redproof_core::diagnose::{
    Address, Answer, Cause, Evidence, Holds, JudgedCause, Kind, Said, When, entries,
};

use super::{Diagnosed, Table};
use crate::answer::{Formatter, Human};
use crate::style::{BAD, BOLD, DOUBTFUL, GOOD, NOTABLE, paint};
use crate::words::{CHOOSERS, releases_in_words};

impl Formatter<Diagnosed> for Human {
    fn text(&self, answer: &Diagnosed) -> String {
        let Diagnosed { diagnosis, report, cut } = answer;
        let report = report.as_ref();
        let mut text = String::new();
        if let Some(report) = report {
            let name = report.sources.first().map_or("", |source| &source.name);
            text = format!("{name} on {}\n\n", releases_in_words(report, CHOOSERS));
        }
        let mut named = HashSet::new();
        for said in &diagnosis.said {
            text += &said_in_words(said, report, &mut named, self.coloured);
            text.push('\n');
        }
        if !diagnosis.unrecognised.is_empty() {
            text += "Not known here:\n";
            for one in &diagnosis.unrecognised {
                let times =
                    if one.times > 1 { format!(", {} times", one.times) } else { String::new() };
                // Writing to a String does not fail.
                let _ = writeln!(text, "  {} (line {}{times})", one.class, one.line);
            }
        } else if diagnosis.said.is_empty() {
            text += "No text in it is known here, and no exception.\n";
        }
        if *cut {
            text += "The log was read to its first 64 MiB.\n";
        }
        text
    }
}

impl Formatter<Table> for Human {
    fn text(&self, _: &Table) -> String {
        let mut text = String::new();
        for entry in entries() {
            // Writing to a String does not fail.
            let _ = writeln!(text, "{}", entry.title);
            for one in entry.texts {
                let _ = writeln!(text, "  {}", one.says.replace("{}", "…"));
            }
        }
        text
    }
}

/// `named`: the findings that stand above already.
fn said_in_words(
    said: &Said,
    report: Option<&Report>,
    named: &mut HashSet<usize>,
    coloured: bool,
) -> String {
    let colour = match said.entry.kind {
        Kind::Cause => BAD,
        Kind::Envelope => DOUBTFUL,
        Kind::News => NOTABLE,
    };
    let lines: Vec<_> = said.lines.iter().map(usize::to_string).collect();
    let more = if said.times > said.lines.len() { " …" } else { "" };
    let line = if lines.len() == 1 { "line" } else { "lines" };
    let times = if said.times > 1 { format!("{} times, ", said.times) } else { String::new() };
    let mut text = format!(
        "{} ({times}{line} {}{more})\n  {}\n",
        paint(said.entry.title, colour, coloured),
        lines.join(", "),
        said.entry.means
    );
    match (&said.answer, report) {
        (Some(answer), Some(report)) => {
            answered(&mut text, said, answer, report, named, coloured);
        }
        _ if !said.within.is_empty() => {}
        _ => {
            let causes = said.entry.causes;
            for (at, cause) in causes.iter().enumerate() {
                let next = causes.get(at + 1);
                let cured_below = next.is_some_and(|next| next.cure == cause.cure);
                let condition = condition(&cause.when);
                cause_in_words(&mut text, at == 0, cause, &condition, &[], coloured);
                if !cured_below {
                    cure_in_words(&mut text, cause, coloured);
                }
            }
        }
    }
    if !said.within.is_empty() {
        let titles: Vec<_> = said.within.iter().map(|entry| entry.title).collect();
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "  {} see above: {}.",
            paint("cause:", BOLD, coloured),
            titles.join("; ")
        );
        return text;
    }
    // Writing to a String does not fail.
    let _ = writeln!(text, "  {} {}", paint("look: ", NOTABLE, coloured), said.entry.look);
    text
}

fn answered(
    text: &mut String,
    said: &Said,
    answer: &Answer,
    report: &Report,
    named: &mut HashSet<usize>,
    coloured: bool,
) {
    if answer.simulated {
        *text += "  This configuration raises it on this release, before any server is asked.\n";
    }
    if let Some(why) = &answer.other_release {
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {why}: the log may be of another installation.");
    }
    if said.address == Address::Foreign {
        *text += "  The log names a server that no client of this configuration starts from: \
                  another configuration, a variable, or an address that a cluster or sentinel announced.\n";
    }
    for (at, judged) in said.telling().into_iter().enumerate() {
        let JudgedCause { cause, holds, evidence } = judged;
        let condition = match (holds, &cause.when) {
            (Holds::Yes, _) => String::new(),
            (_, When::Meets(defect)) => {
                let depends = defect.depends.map_or(String::new(), |what| format!(", if {what}"));
                format!(" (known defect {} of this release{depends})", defect.id)
            }
            _ => condition(&cause.when),
        };
        cause_in_words(text, at == 0, cause, &condition, evidence, coloured);
        cure_in_words(text, cause, coloured);
    }
    if !said.within.is_empty() {
        // What is within has been held against the configuration.
    } else if answer.causes.is_empty() {
        *text +=
            "  No cause that is known applies to this configuration: is it the one that runs?\n";
    } else if !answer.ruled_out.is_empty() {
        let count = answer.ruled_out.len();
        let others = if count == 1 { "cause does" } else { "causes do" };
        let _ = writeln!(text, "  {count} other known {others} not apply to this configuration.");
    }
    let places = Places::new(report);
    let new = answer.findings.iter().filter(|at| named.insert(**at));
    for found in new.filter_map(|at| report.diagnostics.get(*at)) {
        let at = found.primary.span.and_then(|span| places.of(span));
        let at = at.map(|at| format!(" at {}:{}:{}", at.file, at.start.line, at.start.column));
        let _ = writeln!(
            text,
            "  {} {}{}: {}",
            paint("found:", NOTABLE, coloured),
            found.code,
            at.unwrap_or_default(),
            found.message
        );
        if let Some(help) = &found.help {
            let _ = writeln!(text, "         {help}");
        }
    }
}

fn condition(when: &When) -> String {
    let words = when.words();
    if words.is_empty() { words } else { format!(" (if {words})") }
}

fn cause_in_words(
    text: &mut String,
    first: bool,
    cause: &Cause,
    condition: &str,
    evidence: &[Evidence],
    coloured: bool,
) {
    let word = if first { "cause:" } else { "or:   " };
    // Writing to a String does not fail.
    let _ = writeln!(text, "  {} {}{condition}", paint(word, BOLD, coloured), cause.says);
    for one in evidence {
        let _ = writeln!(text, "         here: {}", evidence_in_words(one));
    }
}

fn cure_in_words(text: &mut String, cause: &Cause, coloured: bool) {
    // Writing to a String does not fail.
    let _ = writeln!(text, "  {} {}", paint("fix:  ", GOOD, coloured), cause.cure);
}

fn evidence_in_words(evidence: &Evidence) -> String {
    let Evidence { whose, target, setting, place } = evidence;
    let by = match (setting, place) {
        (Some(setting), Some(place)) if place.contains(':') => format!(", {setting} at {place}"),
        (Some(setting), Some(place)) => format!(", {setting} from {place}"),
        (Some(setting), None) => format!(", {setting}"),
        (None, _) => String::new(),
    };
    format!("{whose} to {target}{by}")
}
