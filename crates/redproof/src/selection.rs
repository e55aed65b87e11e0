//! Which findings are reported: by rule, by `redproof.toml`, and those that are new.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use redproof_core::Report;
use redproof_core::finding::Finding;
use serde_json::Value as Json;

use crate::args::SelectionArgs;
use crate::documents::{self, BaselineDocument, KnownFinding};
use crate::files::read;
use crate::fingerprint::fingerprint;
use crate::output::Failure;
use crate::settings::Settings;

/// What is reported.
pub(crate) struct Selection {
    select: Vec<String>,
    ignore: Vec<String>,
    settings: Settings,
    baseline: Option<PathBuf>,
    updates: bool,
    /// Findings that were there before, by fingerprint, and how many of each.
    known: Mutex<BTreeMap<String, usize>>,
    /// Today's.
    today: Mutex<Vec<KnownFinding>>,
}

impl Selection {
    /// Reads the baseline.
    ///
    /// # Errors
    /// When it can't be read, or a rule is none.
    pub(crate) fn new(args: &SelectionArgs, settings: &Settings) -> Result<Self, Failure> {
        let or = |given: &[String], set: &[String]| {
            if given.is_empty() { set.to_vec() } else { given.to_vec() }
        };
        let ignore = [&args.ignore[..], &settings.ignore].concat();
        let select = or(&args.select, &settings.select);
        let silenced = settings.silence.iter().flat_map(|silence| &silence.rules);
        for rule in select.iter().chain(&ignore).chain(silenced) {
            known_rule(rule)?;
        }
        let mut known = BTreeMap::new();
        if let (Some(file), false) = (&args.baseline, args.update_baseline) {
            let failed = |why: &dyn std::fmt::Display| {
                Failure::Said(format!("cannot read {}: {why}", file.display()))
            };
            let text = read(file)?;
            let listed: Json = serde_json::from_str(&text).map_err(|error| failed(&error))?;
            let listed = listed["findings"].as_array().cloned().unwrap_or_default();
            for one in listed.iter().filter_map(|one| one["fingerprint"].as_str()) {
                *known.entry(one.to_owned()).or_insert(0) += 1;
            }
        }
        Ok(Self {
            select,
            ignore,
            settings: settings.clone(),
            baseline: args.baseline.clone(),
            updates: args.update_baseline,
            known: Mutex::new(known),
            today: Mutex::default(),
        })
    }

    /// Takes out what is not reported.
    pub(crate) fn apply(&self, report: &mut Report) {
        let name = report.sources.first().map_or(String::new(), |source| source.name.clone());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        report.diagnostics.retain(|found| {
            let is = |rule: &str| is_rule(found, rule);
            let selected = self.select.is_empty() || self.select.iter().any(|rule| is(rule));
            if !selected
                || self.ignore.iter().any(|rule| is(rule))
                || self.settings.silences(&name, is)
            {
                return false;
            }
            let print = fingerprint(found, &name);
            if self.updates {
                today.push(KnownFinding {
                    file: name.clone(),
                    fingerprint: print.clone(),
                    path: found.path.clone(),
                    rule: found.code,
                });
            }
            match known.get_mut(&print) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        });
    }

    /// Writes the baseline, where that was asked for.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        let (Some(file), true) = (&self.baseline, self.updates) else { return Ok(()) };
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        today.sort_unstable();
        let document = BaselineDocument { findings: &today, schema: documents::VERSION };
        fs::write(file, documents::text(&document))
            .map_err(|error| Failure::Said(format!("cannot write {}: {error}", file.display())))
    }
}

/// Whether a finding is of a rule: its code, the beginning of it, or its name.
fn is_rule(found: &Finding, rule: &str) -> bool {
    found.code.starts_with(rule) || found.rule == rule
}

fn known_rule(written: &str) -> Result<(), Failure> {
    let mut rules = redproof_core::rules::rules();
    if rules.any(|rule| rule.code.starts_with(written) || rule.name == written) {
        return Ok(());
    }
    Err(Failure::Said(format!("there is no rule {written}; `redproof rule` lists them")))
}
