//! The configs of a workspace, checked as they are deployed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use redproof_core::deployment::looks_like_config;
use redproof_core::source::{Source, SourceId};
use redproof_core::{CheckInput, Report, check, together};

use crate::args::{SelectionArgs, SurroundingsArgs};
use crate::files;
use crate::input::Surroundings;
use crate::output::Failure;
use crate::selection::Selection;

/// What is known of the configs of the folders that are open.
pub(super) struct Workspace {
    args: SurroundingsArgs,
    folders: Vec<PathBuf>,
    /// What was read at the last save.
    read: Option<(Surroundings, Selection)>,
    /// A report for each way in which a config runs.
    reports: BTreeMap<PathBuf, Vec<Report>>,
}

impl Workspace {
    pub(super) fn new(args: &SurroundingsArgs, folders: Vec<PathBuf>) -> Self {
        Self { args: args.clone(), folders, read: None, reports: BTreeMap::new() }
    }

    /// Reads everything anew.
    ///
    /// # Errors
    /// When the settings can't be used, or a folder can't be read.
    pub(super) fn check_all(&mut self, texts: &BTreeMap<PathBuf, String>) -> Result<(), Failure> {
        self.reports.clear();
        let near = self.folders.first().map_or(Path::new("."), PathBuf::as_path);
        let (surroundings, settings) = Surroundings::read(&self.args, near)?;
        let mut surroundings = surroundings.excluding(&settings.exclude);
        let selection = Selection::new(&SelectionArgs::default(), &settings)?;
        let (candidates, _) = surroundings.candidates(&self.folders)?;
        self.read = Some((surroundings, selection));
        let found: Vec<PathBuf> = candidates.into_iter().map(|one| one.path).collect();
        for path in found.iter().chain(texts.keys().filter(|path| !found.contains(path))) {
            self.check(path, texts);
        }
        Ok(())
    }

    /// Checks one file, if it is a config.
    pub(super) fn check(&mut self, path: &Path, texts: &BTreeMap<PathBuf, String>) {
        let Some((surroundings, selection)) = &self.read else { return };
        self.reports.remove(path);
        let text = match texts.get(path) {
            Some(text) => text.clone(),
            None => match files::read(path) {
                Ok(text) => text,
                // It is said where it is named: `check`.
                Err(_) => return,
            },
        };
        let runs = surroundings.runs(path, &text);
        let is_run = runs.iter().any(|run| run.environment.config.is_some());
        if !is_run && !looks_like_config(&text) {
            return;
        }
        let reports = runs.iter().map(|run| {
            let mut report = surroundings.look(path, &text, &run.environment, check);
            selection.apply(&mut report);
            report
        });
        let mut reports: Vec<Report> = reports.collect();
        together::ignores(&mut reports);
        self.reports.insert(path.to_owned(), reports);
    }

    /// What comes of a config of this text in the first way in which it runs.
    pub(super) fn fixed<T>(
        &self,
        path: &Path,
        text: &str,
        fix: impl FnOnce(&CheckInput<'_>) -> T,
    ) -> Option<T> {
        let (surroundings, _) = self.read.as_ref()?;
        self.reports.contains_key(path).then(|| surroundings.with_input(path, text, fix))
    }

    pub(super) fn reports(&self) -> impl Iterator<Item = (&Path, &Report)> {
        let all = self.reports.iter();
        all.flat_map(|(path, reports)| reports.iter().map(|report| (path.as_path(), report)))
    }

    /// The reports in which a file of this text plays a part, and which of their sources it is.
    pub(super) fn with<'a>(
        &'a self,
        path: &'a Path,
        text: &'a str,
    ) -> impl Iterator<Item = (&'a Report, SourceId)> {
        self.reports().filter_map(move |(config, report)| {
            let of_file = |source: &&Source| file(config, source) == path && source.text == text;
            report.sources.iter().find(of_file).map(|source| (report, source.id))
        })
    }
}

/// The file that a source was read from.
pub(super) fn file(config: &Path, source: &Source) -> PathBuf {
    if source.id == SourceId::CONFIG { config.to_owned() } else { PathBuf::from(&source.name) }
}
