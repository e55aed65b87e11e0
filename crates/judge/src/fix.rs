//! Applies fixes until nothing more can be fixed.

use base::finding::{Change, Effect, Finding, Proposal, Safety};
use base::operation::Operation;
use base::source::{LineIndex, SourceId};
use report::{CheckInput, Report};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use yaml::patch::{apply, joint_edits};

use crate::check;
use crate::prove::{may_be_made, own_document, proof, prove};

/// Which fixes are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Those that guess at what was meant, too.
    pub also_unsafe: bool,
    /// Those of findings whose code starts with one of these; all where there are none.
    pub select: Vec<String>,
    /// Not those of findings whose code starts with one of these.
    pub ignore: Vec<String>,
    /// Only that of the finding of this code on this line of the config, from 1: no other is
    /// applied after it.
    pub only: Option<(String, u32)>,
}

impl Selection {
    /// All fixes that are safe.
    pub fn safe() -> Self {
        Self::default()
    }

    /// All fixes.
    pub fn any() -> Self {
        Self { also_unsafe: true, ..Self::default() }
    }

    fn wants(&self, found: &Finding, text: &str, lines: &LineIndex) -> bool {
        let starts = |codes: &[String]| codes.iter().any(|code| found.code.starts_with(&**code));
        let here = |line: u32| {
            let span = found.primary.span.filter(|span| span.source == SourceId::CONFIG);
            span.is_some_and(|span| lines.position(text, span.start).line == line)
        };
        (self.select.is_empty() || starts(&self.select))
            && !starts(&self.ignore)
            && self.only.as_ref().is_none_or(|(code, line)| found.code == code && here(*line))
    }
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The finding's code.
    pub code: &'static str,
    /// What it does.
    pub title: String,
    /// What it brought about; of fixes applied together, the first has it all.
    pub effects: Vec<Effect>,
}

/// A config after its fixes.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The fixes applied, in order.
    pub applied: Vec<Applied>,
    /// What a check says of the new text.
    pub report: Report,
    /// Fixes that undo each other, by title: where there are any, the text is the old one and
    /// nothing was applied. It is a mistake of the rules.
    pub cycle: Vec<String>,
}

/// Fixes what has a fix that is wanted.
///
/// Only the config's own text is changed. Each step is proved: what it leaves is simulated before
/// it is taken.
pub fn fix(input: &CheckInput<'_>, selection: &Selection) -> Fixed {
    let mut text = input.text.to_owned();
    let mut report = check(input);
    let mut applied: Vec<Applied> = vec![];
    let mut moved = None;
    let mut seen = HashSet::from([hash(&text)]);
    while let Some((next, fixes)) = step(&report, &text, selection) {
        let started = applied.len();
        applied.extend(fixes);
        if !seen.insert(hash(&next)) {
            let mut cycle: Vec<String> = vec![];
            for one in applied {
                if !cycle.contains(&one.title) {
                    cycle.push(one.title);
                }
            }
            return Fixed {
                text: input.text.to_owned(),
                applied: vec![],
                report: check(input),
                cycle,
            };
        }
        let environment = moved.as_ref().unwrap_or(input.environment);
        moved = environment.config_grown(text.len(), next.len()).or(moved);
        text = next;
        let environment = moved.as_ref().unwrap_or(input.environment);
        report = check(&CheckInput { text: &text, environment, ..*input });
        if selection.only.is_some() && applied.len() > started {
            break;
        }
    }
    Fixed { text, applied, report, cycle: vec![] }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A finding with the change that it proposes.
type Wanted<'r> = (&'r Finding, &'r Proposal);

/// From so many on, fixes are tried together first: one after the other, each would read the text
/// anew.
const MANY: usize = 4;

/// The text after the next fixes, and which they are.
fn step(report: &Report, text: &str, selection: &Selection) -> Option<(String, Vec<Applied>)> {
    let lines = LineIndex::new(text);
    let wanted: Vec<Wanted<'_>> = report
        .diagnostics
        .iter()
        .filter_map(|found| Some((found, found.proposal.as_ref()?)))
        .filter(|(_, proposal)| selection.also_unsafe || proposal.safety == Safety::Safe)
        .filter(|(found, _)| selection.wants(found, text, &lines))
        .collect();
    if wanted.len() >= MANY {
        let mut proofs = MOST_PROOFS;
        let together = Together { report, text, also_unsafe: selection.also_unsafe };
        if let Some(found) = together.most(&wanted, &mut proofs) {
            return Some(found);
        }
    }
    wanted.iter().take(MOST_PROOFS).find_map(|(found, proposal)| {
        let fix = prove(report, found, proposal)?;
        let next = apply(text, &fix.edits);
        let takes = selection.also_unsafe || fix.safety == Safety::Safe;
        (takes && next != text).then(|| {
            let Proposal { title, .. } = proposal;
            let applied = Applied { code: found.code, title: title.clone(), effects: fix.effects };
            (next, vec![applied])
        })
    })
}

/// No more than so many sets of fixes are tried at once.
const MOST_PROOFS: usize = 256;

/// Fixes that are applied and proved together.
struct Together<'r> {
    report: &'r Report,
    text: &'r str,
    also_unsafe: bool,
}

impl Together<'_> {
    /// Many of these fixes that prove themselves together.
    fn most(&self, wanted: &[Wanted<'_>], proofs: &mut usize) -> Option<(String, Vec<Applied>)> {
        *proofs = proofs.checked_sub(1)?;
        if let Some(found) = self.all(wanted) {
            return Some(found);
        }
        if wanted.len() < MANY {
            return None;
        }
        // What spoils it is in one of the halves: the other is taken now.
        let (first, second) = wanted.split_at(wanted.len() / 2);
        self.most(first, proofs).or_else(|| self.most(second, proofs))
    }

    fn all(&self, wanted: &[Wanted<'_>]) -> Option<(String, Vec<Applied>)> {
        let mut operations: Vec<&Operation> = vec![];
        for (_, proposal) in wanted {
            let Change::Operations(more) = &proposal.change else { return None };
            operations.extend(more);
        }
        let document = own_document(self.report, &operations)?;
        let edits = joint_edits(&document, self.report.config_text(), &operations)?;
        if !may_be_made(self.report, &edits) {
            return None;
        }
        let found: Vec<&Finding> = wanted.iter().map(|(found, _)| *found).collect();
        let operations: Vec<Operation> = operations.into_iter().cloned().collect();
        let (safety, mut effects) = proof(self.report, &found, &operations, &edits)?;
        if safety == Safety::Unsafe && !self.also_unsafe {
            return None;
        }
        let next = apply(self.text, &edits);
        let applied = wanted.iter().map(|(found, proposal)| Applied {
            code: found.code,
            title: proposal.title.clone(),
            effects: std::mem::take(&mut effects),
        });
        (next != self.text).then(|| (next, applied.collect()))
    }
}
