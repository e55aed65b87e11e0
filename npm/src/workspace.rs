//! The files of a question, joined.

use redproof_core::deployment::{Area, Given, Run, looks_like_config, matter, may_hold};
use redproof_core::{CheckInput, NamedText, Releases, Report, check, gather, together};

use crate::input::{Config, Input};

/// The files of a question, joined as those of a folder are.
pub(crate) struct Workspace {
    /// In the order in which a folder is gone through.
    files: Vec<NamedText>,
    area: Area,
    given: Given,
    releases: Releases,
    now: Option<i64>,
}

impl Workspace {
    /// # Errors
    /// When a release is not supported.
    pub(crate) fn new(input: Input) -> Result<Self, String> {
        let releases = Releases::parse(input.litellm.as_deref(), input.redis_py.as_deref())
            .map_err(|error| error.to_string())?;
        let files = input.files.into_iter();
        let mut files: Vec<NamedText> =
            files.map(|file| NamedText { name: file.path, text: file.text }).collect();
        files.sort_by(|one, other| one.name.split('/').cmp(other.name.split('/')));
        let read = files.iter().filter(|file| may_hold(&file.name)).cloned();
        Ok(Self {
            area: Area::of(matter(read.collect())),
            files,
            given: Given {
                variables: input.environment.into_iter().collect(),
                complete: input.environment_is_complete,
            },
            releases,
            now: input.now,
        })
    }

    /// The files, and the config that is asked about.
    ///
    /// # Errors
    /// As [`Self::new`], and when there is no such config.
    pub(crate) fn of(input: Config) -> Result<(Self, String), String> {
        let (config, rest) = input.split();
        let workspace = Self::new(rest)?;
        let name = match config {
            Some(config) => {
                let is_there = workspace.files.iter().any(|file| file.name == config);
                is_there.then_some(config).ok_or("`config` names none of the files")?
            }
            None => {
                let mut all = workspace.checked()?.into_iter().flatten();
                let first = all.next().and_then(|(_, report)| report.sources.into_iter().next());
                first.map(|source| source.name).unwrap_or_default()
            }
        };
        Ok((workspace, name))
    }

    /// What a check says of each config, in each way in which it runs.
    ///
    /// # Errors
    /// When no file is a config.
    pub(crate) fn checked(&self) -> Result<Vec<Vec<(Run, Report)>>, String> {
        let files = self.files.iter();
        let candidates = files.filter(|file| self.area.may_be_config(&file.name, &file.name));
        let all: Vec<_> = candidates.filter_map(|file| self.one(file)).collect();
        if all.is_empty() {
            Err("none of the files is a LiteLLM config".to_owned())
        } else {
            Ok(all)
        }
    }

    /// What a check says of one file; none where it is no config.
    fn one(&self, file: &NamedText) -> Option<Vec<(Run, Report)>> {
        let runs = self.runs(&file.name);
        let is_run = runs.iter().any(|run| run.environment.config.is_some());
        if !is_run && !looks_like_config(&file.text) {
            return None;
        }
        let mut reports: Vec<Report> =
            runs.iter().map(|run| self.look(&file.name, &file.text, run, check)).collect();
        // Its words are somewhere in it, and LiteLLM reads none of them.
        let is_none = |report: &Report| report.diagnostics.iter().any(|one| one.code == "RP212");
        if !is_run && reports.iter().all(is_none) {
            return None;
        }
        together::ignores(&mut reports);
        Some(runs.into_iter().zip(reports).collect())
    }

    /// How a config runs: at least one way.
    fn runs(&self, config: &str) -> Vec<Run> {
        let found = self.area.of_config(config).map(|one| self.area.run(one, &self.given));
        let mut runs: Vec<Run> = found.collect();
        if runs.is_empty() {
            let environment = gather(&[], &self.given.variables, self.given.complete);
            runs.push(Run { environment, deployment: None });
        }
        runs
    }

    /// What a check looks at in a config, in the first way in which it runs, handed to `look`.
    pub(crate) fn with_input<T>(&self, config: &str, look: impl FnOnce(&CheckInput<'_>) -> T) -> T {
        let text = self.files.iter().find(|file| file.name == config);
        let text = text.map_or("", |file| &file.text);
        // There is at least one way.
        let run = self.runs(config).swap_remove(0);
        self.look(config, text, &run, look)
    }

    fn look<T>(
        &self,
        name: &str,
        text: &str,
        run: &Run,
        look: impl FnOnce(&CheckInput<'_>) -> T,
    ) -> T {
        let Self { releases, now, .. } = *self;
        look(&CheckInput { name, text, environment: &run.environment, releases, now })
    }
}
