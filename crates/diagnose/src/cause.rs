//! Which of a text's causes apply in a configuration.

use std::collections::HashSet;

use base::finding::Finding;
use base::rule::Category;
use facts::Version;
use report::Report;
use simulate::outcome::{Knowable, Startup};

use crate::log::{self, Diagnosis, every_client};
use crate::matcher::{self, Found};
use crate::pattern::Plain;
use crate::when::{Evidence, Holds, Situation};
use crate::{Cause, Entry, Speaker, Text};

/// What a text means for a configuration.
#[derive(Clone, Debug)]
pub struct Answer {
    /// LiteLLM says this text with this configuration on this release: the simulation does.
    pub simulated: bool,
    /// The causes that apply, then those that may: each in the order of likelihood.
    pub causes: Vec<JudgedCause>,
    /// Those that do not.
    pub ruled_out: Vec<JudgedCause>,
    /// The findings of the report that belong to it, as places in its list.
    pub findings: Vec<usize>,
    /// Why the log is of another release, where it is.
    pub other_release: Option<String>,
}

/// A cause, held against a configuration.
#[derive(Clone, Debug)]
pub struct JudgedCause {
    /// The cause.
    pub cause: &'static Cause,
    /// Whether it applies.
    pub holds: Holds,
    /// By what.
    pub evidence: Vec<Evidence>,
}

/// The texts in a log, and what they mean for a configuration.
///
/// Linear in the log. No part of the log is in the result but the classes of exceptions.
pub fn diagnose(log: &str, report: Option<&Report>) -> Diagnosis {
    let plain = Plain::of(log);
    let found = matcher::find(&plain);
    let mut said = log::said(&plain, &found);
    let known: HashSet<usize> =
        found.iter().flat_map(|one| plain.number(one.start)..=plain.number(one.end)).collect();
    let simulated = report.map(simulated).unwrap_or_default();
    if let Some(report) = report {
        for one in &mut said {
            let starts = found.iter().filter(|found| std::ptr::eq(found.entry, one.entry));
            let (clients, named, address) =
                log::clients(report, &plain, starts.map(|found| found.start));
            one.address = address;
            let situation = Situation { report, clients, named };
            let by_simulation = simulated.iter().any(|found| std::ptr::eq(found.entry, one.entry));
            one.answer = Some(answer(one.entry, &one.texts, &situation, by_simulation));
        }
    }
    let mut unrecognised = log::unrecognised(log, &known);
    if let Some(report) = report {
        unrecognised.retain(|one| !report.redaction.quotes_secret(&one.class));
    }
    Diagnosis { said, unrecognised }
}

/// What LiteLLM says with this configuration before it reaches any server.
fn simulated(report: &Report) -> Vec<Found> {
    let mut texts = vec![];
    if let Startup::Exception(exception) = &report.outcome.startup {
        texts.push(exception.to_string());
    }
    for client in every_client(&report.outcome) {
        if let Some(Knowable::Known(exception)) = &client.error {
            texts.push(exception.to_string());
        }
    }
    texts.iter().flat_map(|text| matcher::find(&Plain::of(text))).collect()
}

fn answer(
    entry: &'static Entry,
    texts: &[&'static Text],
    situation: &Situation<'_>,
    simulated: bool,
) -> Answer {
    let judged = entry.causes.iter().map(|cause| {
        let (holds, evidence) = cause.when.asked(situation);
        JudgedCause { cause, holds, evidence }
    });
    let (ruled_out, mut causes): (Vec<_>, Vec<_>) =
        judged.partition(|judged| judged.holds == Holds::No);
    causes.sort_by_key(|judged| judged.holds);
    let applying = causes.iter().filter(|judged| judged.holds == Holds::Yes);
    let codes: Vec<&str> = applying.flat_map(|judged| judged.cause.codes).copied().collect();
    let diagnostics = situation.report.diagnostics.iter().enumerate();
    let raises = [Category::DoesNotStart, Category::ClientFails, Category::Environment];
    let belongs = |found: &Finding| {
        codes.contains(&found.code) || (simulated && raises.contains(&found.category))
    };
    let findings = diagnostics.filter(|(_, found)| belongs(found)).map(|(at, _)| at).collect();
    let other_release = texts
        .iter()
        .map(|text| other_release(text, situation.report))
        .collect::<Option<Vec<_>>>()
        .and_then(|reasons| reasons.into_iter().next());
    Answer { simulated, causes, ruled_out, findings, other_release }
}

/// The releases whose sources were searched for the texts, oldest first.
const LITELLM: [&str; 18] = [
    "1.60.0", "1.61.20", "1.63.8", "1.67.4", "1.71.1", "1.74.9", "1.77.7", "1.80.0", "1.80.5",
    "1.83.0", "1.85.0", "1.88.0", "1.92.2", "1.97.0", "1.101.0", "1.105.0", "1.109.1", "1.110.2",
];

/// The same of redis-py.
const REDIS_PY: [&str; 11] = [
    "4.6.0", "5.0.8", "5.2.1", "5.3.1", "6.0.0", "6.2.0", "6.4.0", "7.0.1", "7.1.0", "8.0.0",
    "8.1.0",
];

/// The releases whose sources were searched for what a speaker says, oldest first.
pub fn releases_looked_at(speaker: Speaker) -> &'static [&'static str] {
    match speaker {
        Speaker::Litellm => &LITELLM,
        Speaker::RedisPy => &REDIS_PY,
        _ => &[],
    }
}

/// Why the releases of a report do not say a text; `None` where they may.
fn other_release(text: &Text, report: &Report) -> Option<String> {
    let (first, last) = text.seen?;
    let here = match text.by {
        Speaker::Litellm => report.pair.litellm,
        Speaker::RedisPy => report.pair.redis_py,
        _ => return None,
    };
    let looked_at = releases_looked_at(text.by);
    let at = |release: &str| looked_at.iter().position(|known| *known == release);
    let release = |at: usize| looked_at.get(at).and_then(|text| Version::parse(text));
    let before = at(first)?.checked_sub(1).and_then(release);
    let after = release(at(last)? + 1);
    let outside =
        before.is_some_and(|before| here <= before) || after.is_some_and(|after| here >= after);
    let name = text.by.name();
    let span = if first == last { format!("of {first}") } else { format!("of {first} to {last}") };
    outside.then(|| format!("{name} {here} does not say this; it is a text {span}"))
}
