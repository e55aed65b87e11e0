//! A fix proves itself: what LiteLLM does with its result is simulated before it is offered.

mod harm;
mod named;

use std::borrow::Cow;

use base::finding::{Change as Proposed, Edit, Effect, Finding, Fix, Proposal, Safety};
use base::operation::Operation;
use base::source::{Source, SourceId};
use deployment::include::{is_merged, merged};
use deployment::manifest::{self, Embedded};
use difference::difference::Difference;
use difference::outcomes::differences;
use difference::{Aspect, Cause, Change, Upgrade};
use report::Report;
use report::display::Words;
use simulate::outcome::{Outcome, Startup};
use yaml::patch::{Part, Section, apply};
use yaml::{Document, ReadError};

use crate::rules;
use crate::silenced::silence;

/// What the text of a config is worth when it comes to proofs: so many bytes are read for all fixes
/// of a report, the first one aside. Only a large text with many mistakes comes there, and the
/// fixes left out are found once the others are applied.
const MOST_PROVED: usize = 1 << 19;

/// What a finding costs to be found again, in bytes of text read.
const FINDING: usize = 256;

/// The fix of a finding, if it has one that does no harm. It is proved once.
pub fn offered<'d>(report: &Report, found: &'d Finding) -> Option<&'d Fix> {
    let proposal = found.proposal.as_ref()?;
    let proved = || {
        let size = report.config_text().len() + report.diagnostics.len() * FINDING;
        let spent = report.proved.add(size);
        (spent == 0 || spent + size <= MOST_PROVED).then(|| prove(report, found, proposal))?
    };
    proposal.proof.get_or_init(proved).as_ref()
}

/// The fix of a finding, whatever it costs to prove.
pub(crate) fn prove(report: &Report, found: &Finding, proposal: &Proposal) -> Option<Fix> {
    let edits = edits(report, &proposal.change)?;
    let operations = match &proposal.change {
        Proposed::Operations(operations) => operations.as_slice(),
        Proposed::Edits(_) => &[],
    };
    let (safety, effects) = proof(report, &[found], operations, &edits)?;
    let safety = if proposal.safety == Safety::Safe { safety } else { Safety::Unsafe };
    Some(Fix { title: proposal.title.clone(), safety, edits, effects })
}

/// The edits of the file that make a change, where it may be changed so.
fn edits(report: &Report, change: &Proposed) -> Option<Vec<Edit>> {
    if report.embedded.as_ref().is_some_and(Embedded::is_quoted) {
        return None;
    }
    let text = report.config_text();
    let edits = match change {
        Proposed::Edits(edits) => edits.clone(),
        Proposed::Operations(operations) => {
            let all: Vec<&Operation> = operations.iter().collect();
            let document = own_document(report, &all)?;
            let document = document.as_ref();
            let section = Section::key(operations);
            let section = section.and_then(|key| Section::of(document, text, &key));
            let by_section =
                section.and_then(|section| Part::section(&section, text).edit(operations));
            vec![by_section.or_else(|| Part::whole(document, text).edit(operations))?]
        }
    };
    may_be_made(report, &edits).then_some(edits)
}

/// The document that operations edit: what the config's own file says, where other files are merged into it.
/// `None` where one of them is about what comes from another file.
pub(crate) fn own_document<'r>(
    report: &'r Report,
    operations: &[&Operation],
) -> Option<Cow<'r, Document>> {
    let merged = report.document.as_ref().ok()?;
    if !is_merged(merged) {
        return Some(Cow::Borrowed(merged));
    }
    let own = yaml::read(SourceId::CONFIG, report.config_text()).ok()?;
    let is_own = |path: &str| {
        let section = path.split(['.', '[']).next().unwrap_or(path);
        let there = merged.root.as_dict()?.entries.iter();
        let mut there = there.filter(|entry| entry.key.as_str() == Some(section));
        // A section that is nowhere yet is made in the config itself.
        Some(there.all(|entry| entry.key.span().is_some_and(|at| at.source == SourceId::CONFIG)))
    };
    let all_own = operations
        .iter()
        .all(|operation| operation.paths().into_iter().all(|path| is_own(path) == Some(true)));
    all_own.then_some(Cow::Owned(own))
}

/// Whether all edits are the config's own text.
pub(crate) fn may_be_made(report: &Report, edits: &[Edit]) -> bool {
    edits.iter().all(|edit| {
        let own = edit.span.source == SourceId::CONFIG;
        own && report.embedded.as_ref().is_none_or(|embedded| embedded.may_edit(edit.span))
    })
}

/// How safe it is to make these edits, and what they bring about; nothing where they do harm, or
/// leave one of the findings.
pub(crate) fn proof(
    report: &Report,
    found: &[&Finding],
    operations: &[Operation],
    edits: &[Edit],
) -> Option<(Safety, Vec<Effect>)> {
    let after = After::of(report, edits)?;
    let findings = after.findings(report);
    let all = differences(&report.outcome, &after.outcome);
    let cause = Cause { upgrade: Upgrade::Both, since: None, why: None };
    let words = Words::new(report, false);
    let changes: Vec<(&Difference<'_>, Change)> = all
        .iter()
        .filter(|one| one.key.aspect != Aspect::Setting && !one.is_moved())
        .map(|one| (one, difference::change(one, &report.outcome, &all, &words, cause)))
        .collect();
    let step = harm::Step { report, found, operations, after: &after, findings: &findings };
    let safety = step.judge(&changes)?;
    Some((safety, effects(&report.outcome, &after.outcome, changes)))
}

/// A config after edits.
pub(crate) struct After {
    pub(crate) text: String,
    pub(crate) document: Result<Document, ReadError>,
    pub(crate) outcome: Outcome,
}

impl After {
    fn of(report: &Report, edits: &[Edit]) -> Option<Self> {
        let (text, document) = match &report.embedded {
            None => {
                let text = apply(report.text(SourceId::CONFIG), edits);
                let document = yaml::read(SourceId::CONFIG, &text);
                let (included, sources) = (&report.included, &report.sources);
                (text, document.map(|document| merged(document, included, sources)))
            }
            Some(_) => {
                // The whole file is read again: what is a config inside it may be another one now.
                let old = report.text(SourceId::CONFIG);
                let text = apply(old, edits);
                let mut place = report.place.clone();
                if let Some(range) = place.as_mut().and_then(|place| place.range.as_mut()) {
                    range.end = (range.end + text.len()).saturating_sub(old.len()).max(range.start);
                }
                let name = report.name(SourceId::CONFIG).to_owned();
                let source = Source { id: SourceId::CONFIG, name, text };
                let read = manifest::read_config(&source, place.as_ref());
                (read.embedded?.text, read.document)
            }
        };
        let outcome = simulate::simulate(&document, &report.environment, report.pair);
        Some(Self { text, document, outcome })
    }

    /// What the rules find in it.
    fn findings(&self, report: &Report) -> Vec<Finding> {
        let mut sources = report.sources.clone();
        if let Some(first) = sources.first_mut() {
            first.text.clone_from(&self.text);
        }
        let mut found = rules::check_here(&rules::Context {
            sources: &sources,
            config_text: &self.text,
            document: &self.document,
            sections: rules::Sections::of(&self.document),
            environment: &report.environment,
            outcome: &self.outcome,
            pair: report.pair,
            redis_py_assumed: report.redis_py_origin.is_assumed(),
            container: None,
            now: report.now,
            memo: &rules::Memo::plain(),
        });
        for one in &mut found {
            report.redaction.clean(one);
        }
        silence(&sources, &mut found, &mut vec![]);
        found
    }
}

/// What is different, each thing once.
fn effects(
    before: &Outcome,
    after: &Outcome,
    changes: Vec<(&Difference<'_>, Change)>,
) -> Vec<Effect> {
    if before.startup != Startup::Ok && after.startup == Startup::Ok {
        return vec![Effect {
            whose: String::new(),
            aspect: "LiteLLM".to_owned(),
            before: before.stopped().to_owned(),
            after: "starts".to_owned(),
        }];
    }
    let mut merged = vec![];
    for (_, change) in changes {
        difference::add(&mut merged, change, false);
    }
    let effect = |change: Change| {
        // `TLS, certificate verified, …`: how it is verified is not the point here.
        let short = |text: String| match change.aspect {
            Aspect::Tls => text.split(", ").next().unwrap_or_default().to_owned(),
            _ => text,
        };
        Effect {
            whose: change.whose().replace(", sync and async client", ""),
            aspect: change.aspect.name().to_owned(),
            before: short(change.before.text),
            after: short(change.after.text),
        }
    };
    let merged = difference::said_once(merged).into_iter();
    merged.map(effect).filter(|effect| effect.before != effect.after).collect()
}
