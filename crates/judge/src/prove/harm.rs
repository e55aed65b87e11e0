//! What a fix must not do.

use std::collections::{HashMap, HashSet};

use base::finding::{Finding, Safety, Severity};
use base::operation::Operation;
use difference::difference::{Difference, State};
use difference::{Aspect, Change, Verdict};
use python::{Data, Value};
use report::Report;
use simulate::outcome::{Knowable, Startup};
use yaml::patch::comments;

use super::After;
use super::named::Named;

/// From a config to what a fix leaves of it.
pub(super) struct Step<'s> {
    pub(super) report: &'s Report,
    /// What it is to fix.
    pub(super) found: &'s [&'s Finding],
    pub(super) operations: &'s [Operation],
    pub(super) after: &'s After,
    /// What is found afterwards.
    pub(super) findings: &'s [Finding],
}

/// Whether a comment may be in the lines in which two texts differ, or what makes one of the text behind them: the
/// start or the end of a scalar that goes over lines. To read both texts for it takes as long as all of the rest.
fn may_touch_comments(before: &str, after: &str) -> bool {
    let (before, after) = (before.as_bytes(), after.as_bytes());
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let rest = before[start..].iter().rev().zip(after[start..].iter().rev());
    let end = rest.take_while(|(one, other)| one == other).count();
    let is_break = |byte: &u8| *byte == b'\n';
    [before, after].into_iter().any(|text| {
        let from = text[..start].iter().rposition(is_break).unwrap_or(0);
        let tail = text.len() - end;
        let to = text[tail..].iter().position(is_break).map_or(text.len(), |more| tail + more);
        text[from..to].iter().any(|byte| b"#\"'|>".contains(byte))
    })
}

/// Sections whose mere presence tells LiteLLM something.
const SECTIONS: [&str; 3] =
    ["litellm_settings.cache_params", "general_settings.coordination_redis", "router_settings"];

impl Step<'_> {
    /// Whether it may be made without a look; nothing where it makes things worse.
    pub(super) fn judge(&self, changes: &[(&Difference<'_>, Change)]) -> Option<Safety> {
        let harmless = self.after.document.is_ok()
            && self.is_cured()
            && self.keeps_comments()
            && !self.empties_a_section()
            && !self.writes_over_a_section();
        if !harmless {
            return None;
        }
        if !self.report.outcome.leans_on.is_empty() && self.after.outcome.leans_on.is_empty() {
            // The clients before are those of a Redis that nothing here names: nothing to compare.
            return (self.startup().is_some() && self.errors().is_some()).then_some(Safety::Unsafe);
        }
        let named = Named::of(self.operations);
        let mut safety = [self.startup()?, self.errors()?].into_iter().chain(
            changes
                .iter()
                .map(|(difference, change)| client(difference, change, &named))
                .collect::<Option<Vec<_>>>()?,
        );
        let guess = safety.any(|safety| safety == Safety::Unsafe) || self.adds_a_section();
        Some(if guess { Safety::Unsafe } else { Safety::Safe })
    }

    /// Whether the findings are gone.
    fn is_cured(&self) -> bool {
        let found: HashSet<(String, String)> = self.found.iter().map(|found| key(found)).collect();
        !self.findings.iter().any(|other| found.contains(&key(other)))
    }

    fn keeps_comments(&self) -> bool {
        let count = |text: &str| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            for comment in comments(text) {
                *counts.entry(text[comment].trim_end().to_owned()).or_default() += 1;
            }
            counts
        };
        let before = self.report.config_text();
        if !before.contains('#') || !may_touch_comments(before, &self.after.text) {
            return true;
        }
        let after = count(&self.after.text);
        count(before).iter().all(|(comment, times)| after.get(comment).is_some_and(|n| n >= times))
    }

    /// Whether a mapping that held something holds nothing now.
    fn empties_a_section(&self) -> bool {
        let (Ok(before), Ok(after)) = (&self.report.document, &self.after.document) else {
            return false;
        };
        self.operations.iter().any(|operation| {
            let steps: Vec<&str> = operation.path().split('.').collect();
            (0..steps.len()).any(|length| {
                let (old, new) =
                    (at(&before.root, &steps[..length]), at(&after.root, &steps[..length]));
                old.is_some_and(|old| !is_empty(old)) && new.is_some_and(is_empty)
            })
        })
    }

    /// Whether a mapping that holds something makes way for something else.
    fn writes_over_a_section(&self) -> bool {
        let Ok(before) = &self.report.document else { return false };
        self.operations.iter().any(|operation| {
            let Operation::Set { path, value } = operation else { return false };
            let old = at(&before.root, &path.split('.').collect::<Vec<_>>());
            let held = old.is_some_and(|old| old.as_dict().is_some() && !is_empty(old));
            let moved = self.operations.iter().any(|other| {
                matches!(other, Operation::Move { path: from, .. } if from.starts_with(path.as_str()))
            });
            held && !value.is_object() && !moved
        })
    }

    /// Whether a section is there that was not: what its presence alone means is not the fix's
    /// point.
    fn adds_a_section(&self) -> bool {
        let stands = |document: &yaml::Document, path: &str| {
            at(&document.root, &path.split('.').collect::<Vec<_>>()).is_some()
        };
        match (&self.report.document, &self.after.document) {
            (Ok(before), Ok(after)) => {
                SECTIONS.iter().any(|path| !stands(before, path) && stands(after, path))
            }
            _ => false,
        }
    }

    fn startup(&self) -> Option<Safety> {
        let (before, after) = (&self.report.outcome, &self.after.outcome);
        match (&before.startup, &after.startup) {
            (Startup::Ok | Startup::Unknown(_), Startup::Exception(_))
            | (Startup::Ok, Startup::Unknown(_)) => None,
            // What the clients would be is not compared then.
            (Startup::Unknown(_), Startup::Unknown(_)) => Some(Safety::Unsafe),
            // It did not start; now that depends.
            (Startup::Exception(_), _) if !after.leans_on.is_empty() => Some(Safety::Unsafe),
            _ if before.leans_on.is_empty() && !after.leans_on.is_empty() => None,
            _ => Some(Safety::Safe),
        }
    }

    /// Errors that were not there. What an exception at start-up hid is not the fix's fault, unless
    /// it is where something was changed.
    fn errors(&self) -> Option<Safety> {
        let errors = |all: &[Finding]| -> Vec<(String, String)> {
            let errors = all.iter().filter(|one| one.severity == Severity::Error);
            errors.map(key).collect()
        };
        let before: HashSet<(String, String)> =
            errors(&self.report.diagnostics).into_iter().collect();
        let after = errors(self.findings);
        let hidden = matches!(self.report.outcome.startup, Startup::Exception(_));
        let caused =
            after.iter().any(|new| !before.contains(new) && (!hidden || self.caused(&new.1)));
        if !caused {
            return Some(Safety::Safe);
        }
        // It starts now, or has one error in place of another: whoever reads both may want it.
        let as_good = match hidden {
            true => self.after.outcome.startup == Startup::Ok,
            false => after.len() <= before.len(),
        };
        as_good.then_some(Safety::Unsafe)
    }

    /// Whether what is at a path may follow from the change.
    fn caused(&self, path: &str) -> bool {
        self.operations.iter().any(|operation| match operation {
            Operation::Remove { path: gone } | Operation::Move { path: gone, .. } => {
                let parent = gone.rsplit_once('.').map_or("", |(parent, _)| parent);
                path.starts_with(parent)
            }
            Operation::Rename { path: old, to } => {
                let parent = old.rsplit_once('.').map_or("", |(parent, _)| parent);
                path.strip_prefix(parent).is_some_and(|rest| rest.trim_start_matches('.') == to)
            }
            operation => path.starts_with(operation.path()),
        })
    }
}

/// How safe a difference for clients is.
fn client(difference: &Difference<'_>, change: &Change, named: &Named) -> Option<Safety> {
    let meant = named.means(change);
    match (change.aspect, change.verdict) {
        (Aspect::Startup | Aspect::Sharing, _) | (_, Verdict::Improves) => Some(Safety::Safe),
        // TLS is only ever taken where the fix is about TLS, and then not without a look.
        (Aspect::Tls, _) if !gains_tls(difference) => meant.then_some(Safety::Unsafe),
        (_, Verdict::Weakens) if change.aspect != Aspect::Presence => None,
        (aspect, _) if aspect.is_of_tls() && !meant => None,
        (_, Verdict::Breaks) if !meant => None,
        // A key that had no effect where it stood: elsewhere it may beat the one that has.
        (Aspect::Server | Aspect::Topology, _) if named.moves => Some(Safety::Unsafe),
        (Aspect::Iam | Aspect::Username | Aspect::Password, Verdict::Breaks) if meant => {
            Some(Safety::Unsafe)
        }
        _ if meant => Some(Safety::Safe),
        _ => Some(Safety::Unsafe),
    }
}

fn gains_tls(difference: &Difference<'_>) -> bool {
    matches!(difference.after, State::Tls(Knowable::Known(Some(_)), _))
}

/// What a finding is known by again in another text.
fn key(found: &Finding) -> (String, String) {
    let place = if found.path.is_empty() { &found.message } else { &found.path };
    (found.code.to_owned(), place.clone())
}

fn at<'v>(root: &'v Value, steps: &[&str]) -> Option<&'v Value> {
    steps.iter().try_fold(root, |value, step| value.as_dict()?.get(step))
}

fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::None => true,
        Data::Dict(dict) => dict.entries.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::may_touch_comments;

    #[test]
    fn whole_lines_that_differ_count() {
        for (before, after, touched) in [
            ("a: 1 # é\nb: 2\n", "a: 1 # é\nb: 3\n", false),
            ("# a\nb: 2\n", "# a\nb: 2\nc: 3\n", false),
            ("a: 1 # é\nb: 2\n", "a: 2 # é\nb: 2\n", true),
            ("a: 1\n# é\n", "a: 1\n# è\n", true),
            ("a: 1\n# b\n", "a: 1\n", true),
            ("a: 1\n# b\n", "a: |\n# b\n", true),
            ("a: '\n# b'\n", "a: 1\n# b\n", true),
            ("", "# a", true),
            ("a", "", false),
        ] {
            assert_eq!(may_touch_comments(before, after), touched, "{before:?} {after:?}");
        }
    }
}
