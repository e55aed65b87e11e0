//! What a run found, counted.

use std::collections::{BTreeMap, BTreeSet};

use documents::Counts;
use redproof_core::finding::Severity;

/// What a run found.
#[derive(Default)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) hints: usize,
    /// Findings with a safe fix.
    pub(crate) fixable: usize,
    /// Findings with a fix that is a guess.
    pub(crate) guesses: usize,
    /// Files that printed something.
    pub(crate) printed: usize,
    /// The releases of the first file, in words.
    pub(crate) releases: Option<String>,
    /// Codes and names of the rules that found something.
    pub(crate) rules: BTreeSet<(&'static str, &'static str)>,
    /// How often each rule did.
    pub(crate) by_rule: BTreeMap<(&'static str, &'static str), usize>,
}

impl Summary {
    /// Adds a file's counts.
    pub(crate) fn add(&mut self, other: Self, printed: bool) {
        self.files += other.files;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.hints += other.hints;
        self.fixable += other.fixable;
        self.guesses += other.guesses;
        self.printed += usize::from(printed);
        self.releases = self.releases.take().or(other.releases);
        self.rules.extend(other.rules);
        for (rule, count) in other.by_rule {
            *self.by_rule.entry(rule).or_default() += count;
        }
    }

    /// As a document has it.
    pub(crate) fn counts(&self, fail_on: Severity) -> Counts {
        let Self { files, errors, warnings, hints, .. } = *self;
        Counts { files, errors, warnings, hints, failed: self.fails(fail_on) }
    }

    /// Whether there are findings of this severity or worse.
    pub(crate) fn fails(&self, from: Severity) -> bool {
        self.errors > 0
            || (from <= Severity::Warning && self.warnings > 0)
            || (from <= Severity::Hint && self.hints > 0)
    }
}
