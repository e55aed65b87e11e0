//! `redproof diagnose --format json`: what the texts in a log mean. Nothing of the log is in it but
//! the classes of exceptions that are not known.

use redproof_core::Report;
use redproof_core::diagnose::{self, Diagnosis, Holds, JudgedCause, Said, entries};
use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Diagnostic, Releases};
use super::{VERSION, Version};
use crate::places::Places;

/// What the texts in a log mean.
#[derive(Serialize, JsonSchema)]
pub struct DiagnosisDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The config; null without one.
    file: Option<&'a str>,
    releases: Option<Releases<'a>>,
    /// The texts that are known: causes, then envelopes, then news, each in the log's order.
    said: Vec<SaidPart<'a>>,
    /// Exceptions that are not known.
    unrecognised: Vec<Unrecognised<'a>>,
    /// The log is longer than what was read.
    cut: bool,
}

/// Every text that is known.
#[derive(Serialize, JsonSchema)]
pub struct TableDocument<'a> {
    /// The version of this format.
    schema: Version,
    entries: Vec<Entry<'a>>,
}

/// An exception that is not known.
#[derive(Serialize, JsonSchema)]
struct Unrecognised<'a> {
    class: &'a str,
    /// The first line with it.
    #[schemars(range(min = 1))]
    line: usize,
    #[schemars(range(min = 1))]
    times: usize,
}

/// A text that is known.
#[derive(Serialize, JsonSchema)]
struct Entry<'a> {
    /// The name of its page.
    id: &'static str,
    title: &'static str,
    kind: Kind,
    means: &'static str,
    #[schemars(length(min = 1))]
    texts: Vec<Text>,
    /// Those that apply, those that may, those that do not: each by likelihood.
    causes: Vec<Cause<'a>>,
    /// What to look at, where the causes leave it open.
    look: &'static str,
    /// What redproof probe calls it.
    outcome: Option<&'static str>,
}

/// A text in the log.
#[derive(Serialize, JsonSchema)]
struct SaidPart<'a> {
    #[serde(flatten)]
    entry: Entry<'a>,
    /// The first lines that say it.
    lines: &'a [usize],
    /// How many lines say it.
    #[schemars(range(min = 1))]
    times: usize,
    /// Of an envelope: the causes that stand in it or beside it, by name.
    explained_by: Vec<&'static str>,
    #[serde(flatten)]
    here: Option<Here<'a>>,
}

/// What a text means for the configuration, where there is one.
#[derive(Serialize, JsonSchema)]
struct Here<'a> {
    address: Address,
    /// This configuration raises it on this release.
    simulated: bool,
    /// Why the log is of another release.
    other_release: Option<&'a str>,
    /// The findings of redproof check that belong to it.
    findings: Vec<Diagnostic<'a>>,
}

/// An envelope says that something failed: another text says what. News is not a fault.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Cause,
    Envelope,
    News,
}

/// Whether its lines name a server, and one of the configuration.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Address {
    Unnamed,
    Configured,
    Foreign,
}

/// One form of a text.
#[derive(Serialize, JsonSchema)]
struct Text {
    /// {} stands for what varies.
    says: &'static str,
    by: &'static str,
    source: &'static str,
    /// The first and last of the releases looked at that have it.
    seen: Option<[&'static str; 2]>,
}

/// What may cause it.
#[derive(Serialize, JsonSchema)]
struct Cause<'a> {
    says: &'static str,
    cure: &'static str,
    /// What a configuration must have; empty where nothing in it tells.
    r#if: String,
    /// The rules that name it.
    codes: &'static [&'static str],
    /// null without a configuration.
    applies: Option<Applies>,
    evidence: Vec<Evidence<'a>>,
}

/// Whether a cause applies to the configuration.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Applies {
    Yes,
    Perhaps,
    No,
}

/// What in the configuration speaks for a cause.
#[derive(Serialize, JsonSchema)]
struct Evidence<'a> {
    clients: &'a str,
    target: &'a str,
    setting: Option<&'static str>,
    place: Option<&'a str>,
}

/// What a log says, as it is printed. `cut`: the log goes on after what was read.
pub fn diagnosed(diagnosis: &Diagnosis, report: Option<&Report>, cut: bool) -> String {
    let places = report.map(Places::new);
    let with = report.zip(places.as_ref());
    let unrecognised = diagnosis.unrecognised.iter();
    super::text(&DiagnosisDocument {
        schema: VERSION,
        file: report.and_then(|report| report.sources.first()).map(|source| &*source.name),
        releases: report.map(Releases::of),
        said: diagnosis.said.iter().map(|said| SaidPart::of(said, with)).collect(),
        unrecognised: unrecognised
            .map(|one| Unrecognised { class: &one.class, line: one.line, times: one.times })
            .collect(),
        cut,
    })
}

/// Every text that is known, as it is printed.
pub fn table() -> String {
    super::text(&TableDocument { schema: VERSION, entries: entries().map(Entry::of).collect() })
}

impl<'a> SaidPart<'a> {
    fn of(said: &'a Said, with: Option<(&'a Report, &'a Places<'_>)>) -> Self {
        let entry = Entry {
            texts: said.texts.iter().map(|text| Text::of(text)).collect(),
            causes: match &said.answer {
                Some(answer) => {
                    answer.causes.iter().chain(&answer.ruled_out).map(Cause::judged).collect()
                }
                None => said.entry.causes.iter().map(Cause::of).collect(),
            },
            ..Entry::of(said.entry)
        };
        let here = said.answer.as_ref().zip(with).map(|(answer, (report, places))| {
            let findings = answer.findings.iter().filter_map(|at| report.diagnostics.get(*at));
            Here {
                address: match said.address {
                    diagnose::Address::Unnamed => Address::Unnamed,
                    diagnose::Address::Configured => Address::Configured,
                    diagnose::Address::Foreign => Address::Foreign,
                },
                simulated: answer.simulated,
                other_release: answer.other_release.as_deref(),
                findings: findings.map(|found| Diagnostic::of(found, report, places)).collect(),
            }
        });
        let explained_by = said.within.iter().map(|entry| entry.id).collect();
        Self { entry, lines: &said.lines, times: said.times, explained_by, here }
    }
}

impl Entry<'_> {
    fn of(entry: &'static diagnose::Entry) -> Self {
        Self {
            id: entry.id,
            title: entry.title,
            kind: match entry.kind {
                diagnose::Kind::Cause => Kind::Cause,
                diagnose::Kind::Envelope => Kind::Envelope,
                diagnose::Kind::News => Kind::News,
            },
            means: entry.means,
            texts: entry.texts.iter().map(Text::of).collect(),
            causes: entry.causes.iter().map(Cause::of).collect(),
            look: entry.look,
            outcome: entry.outcome,
        }
    }
}

impl Text {
    fn of(text: &diagnose::Text) -> Self {
        Self {
            says: text.says,
            by: text.by.name(),
            source: text.source,
            seen: text.seen.map(|(first, last)| [first, last]),
        }
    }
}

impl<'a> Cause<'a> {
    fn of(cause: &'static diagnose::Cause) -> Self {
        Self {
            says: cause.says,
            cure: cause.cure,
            r#if: cause.when.words(),
            codes: cause.codes,
            applies: None,
            evidence: vec![],
        }
    }

    fn judged(judged: &'a JudgedCause) -> Self {
        let evidence = judged.evidence.iter().map(|one| Evidence {
            clients: &one.whose,
            target: &one.target,
            setting: one.setting,
            place: one.place.as_deref(),
        });
        Self {
            applies: Some(match judged.holds {
                Holds::Yes => Applies::Yes,
                Holds::Perhaps => Applies::Perhaps,
                Holds::No => Applies::No,
            }),
            evidence: evidence.collect(),
            ..Self::of(judged.cause)
        }
    }
}
