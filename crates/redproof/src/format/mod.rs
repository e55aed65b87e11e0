//! The forms in which findings are printed: a file for each, and its name in [`formats!`].

use std::borrow::Cow;

use redproof_core::Report;
use redproof_core::deployment::Runs;
use redproof_core::finding::Severity;

use crate::summary::Summary;

/// A form in which findings are printed.
pub(crate) trait Format: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What `--help` says of it.
    fn help(&self) -> &'static str;

    /// Whether people read it, at a terminal: no character in it may act on one.
    fn is_for_people(&self) -> bool {
        false
    }

    /// Whether it tells all: its end counts what can be fixed, and `--verbose` adds to it.
    fn tells_all(&self) -> bool {
        false
    }

    /// Whether what several deployments of a config have in common is said once: not where each is a
    /// document of its own.
    fn says_once(&self) -> bool {
        true
    }

    /// What comes before all files.
    fn start(&self) -> String {
        String::new()
    }

    /// One file; `runs` is what runs it.
    fn file(&self, report: &Report, runs: Option<&Runs>, how: How) -> String;

    /// What comes between two files that printed something.
    fn between(&self) -> &'static str {
        ""
    }

    /// What comes after all files.
    fn end(&self, _summary: &Summary, _how: How) -> String {
        String::new()
    }
}

/// A path as repositories have it, whatever the system that checks: what reads the findings compares it.
fn in_repository(path: &str) -> Cow<'_, str> {
    if cfg!(windows) && path.contains('\\') {
        Cow::Owned(path.replace('\\', "/"))
    } else {
        Cow::Borrowed(path)
    }
}

/// How it is to be printed.
#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) coloured: bool,
    /// Findings alone.
    pub(crate) quiet: bool,
    pub(crate) fail_on: Severity,
}

macro_rules! formats {
    ($($name:ident),* $(,)?) => {
        /// Every form, in the order of `--help`.
        pub(crate) static FORMATS: &[&dyn Format] = &[$(&$name::Form),*];
    };
}

mod azure;
mod concise;
mod github;
mod gitlab;
pub(crate) mod human;
mod json;
mod junit;
mod rdjson;
mod sarif;

formats![human, json, sarif, github, junit, concise, gitlab, rdjson, azure];

/// The form that `--format` names.
#[derive(Clone, Copy)]
pub(crate) struct Chosen(pub(crate) &'static dyn Format);

impl std::fmt::Debug for Chosen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Chosen {
    /// Reads `--format`.
    pub(crate) fn parser() -> impl clap::builder::TypedValueParser<Value = Self> {
        use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
        let values = FORMATS.iter().map(|form| PossibleValue::new(form.name()).help(form.help()));
        PossibleValuesParser::new(values).try_map(|name| {
            let form = FORMATS.iter().find(|form| form.name() == name);
            form.map(|form| Self(*form)).ok_or("no such format")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::in_repository;

    #[test]
    fn a_path_of_windows_has_slashes() {
        assert_eq!(in_repository("a/b.yaml"), "a/b.yaml");
        let shown = if cfg!(windows) { "a/b.yaml" } else { "a\\b.yaml" };
        assert_eq!(in_repository("a\\b.yaml"), shown);
    }
}
