//! Finding and reading what the user names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use redproof_core::deployment::{Area, Deployment, Given, Run, gather, looks_like_config};
use redproof_core::environment::Pin;
use redproof_core::source::{Source, SourceId};
use redproof_core::{CheckInput, Gathered, NamedText, Releases, Report, check};

use crate::args::{EnvironmentArgs, SurroundingsArgs};
use crate::discover;
use crate::files::{is_stdin, name, now, read};
use crate::output::{self, Failure};
use crate::settings::Settings;

/// What every config of a run shares.
pub(crate) struct Surroundings {
    environment: Gathered,
    pub(crate) releases: Releases,
    /// Files were named as the environment: no others are looked for, except for the releases.
    named: bool,
    discovers: bool,
    given: Given,
    exclude: Vec<String>,
    /// What standard input is called.
    stdin: Option<String>,
    /// Configs whose files the settings name.
    grouped: Vec<(PathBuf, Vec<PathBuf>)>,
    /// What was found in the directories that were gone through.
    areas: Vec<(PathBuf, Arc<Area>)>,
    /// What was found around single configs, by their folders.
    around: Mutex<HashMap<PathBuf, Arc<Area>>>,
}

impl Surroundings {
    /// Reads the settings for what lies at a path, the environment files and the release numbers.
    ///
    /// # Errors
    /// When a file can't be read, or a release is not supported.
    pub(crate) fn read(args: &SurroundingsArgs, near: &Path) -> Result<(Self, Settings), Failure> {
        let settings = Settings::find(args.environment.settings.as_deref(), near)?;
        let releases = Releases::parse(
            args.litellm.as_deref().or(settings.litellm.as_deref()),
            args.redis_py.as_deref().or(settings.redis_py.as_deref()),
        )?;
        Ok((Self::of(&args.environment, releases, &settings)?, settings))
    }

    /// Reads the settings for what lies at a path, and the environment files.
    ///
    /// # Errors
    /// When a file can't be read.
    pub(crate) fn new(
        args: &EnvironmentArgs,
        releases: Releases,
        near: &Path,
    ) -> Result<Self, Failure> {
        let settings = Settings::find(args.settings.as_deref(), near)?;
        Self::of(args, releases, &settings)
    }

    fn of(
        args: &EnvironmentArgs,
        releases: Releases,
        settings: &Settings,
    ) -> Result<Self, Failure> {
        let set = settings.env_files.iter().map(|file| settings.folder.join(file));
        let paths: Vec<PathBuf> =
            if args.env_file.is_empty() { set.collect() } else { args.env_file.clone() };
        let files: Result<Vec<_>, Failure> = paths
            .iter()
            .map(|path| read(path).map(|text| NamedText { name: name(path), text }))
            .collect();
        let complete = args.require_env || args.own_env || settings.require_env;
        let own = std::env::vars_os().filter(|_| args.own_env).filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let variables: Vec<_> = own.chain(variables(&args.env)?).collect();
        let environment = gather(&files?, &variables, complete);
        let grouped = settings.deployment.iter().map(|group| {
            let file = |path: &PathBuf| settings.folder.join(path);
            (file(&group.config), group.files.iter().map(file).collect())
        });
        Ok(Self {
            environment,
            releases,
            named: !paths.is_empty(),
            discovers: !args.no_discover && settings.discover != Some(false),
            given: Given { variables, complete },
            exclude: vec![],
            stdin: None,
            grouped: grouped.collect(),
            areas: vec![],
            around: Mutex::default(),
        })
    }

    /// Leaves out what these patterns name when directories are gone through.
    pub(crate) fn excluding(mut self, patterns: &[String]) -> Self {
        self.exclude = patterns.to_vec();
        self
    }

    /// Calls standard input so.
    pub(crate) fn called(mut self, stdin: Option<&str>) -> Self {
        self.stdin = stdin.map(str::to_owned);
        self
    }

    /// The name of a config in what is printed.
    fn name(&self, path: &Path) -> String {
        match &self.stdin {
            Some(stdin) if is_stdin(path) => stdin.clone(),
            _ => name(path),
        }
    }

    /// What a check looks at in a config of this text, handed to `look`. Of several deployments, the
    /// first.
    pub(crate) fn with_input<T>(
        &self,
        config: &Path,
        text: &str,
        look: impl FnOnce(&CheckInput<'_>) -> T,
    ) -> T {
        let runs = self.runs(config, text);
        let run = runs.first();
        let environment = run.map_or(&self.environment, |run| &run.environment);
        self.look(config, text, environment, look)
    }

    /// What a check looks at in a config that runs in this environment.
    pub(crate) fn look<T>(
        &self,
        config: &Path,
        text: &str,
        environment: &Gathered,
        look: impl FnOnce(&CheckInput<'_>) -> T,
    ) -> T {
        look(&CheckInput {
            name: &self.name(config),
            text,
            environment,
            releases: self.releases,
            now: now(),
        })
    }

    /// How a config runs: at least one way.
    pub(crate) fn runs(&self, config: &Path, text: &str) -> Vec<Run> {
        let plain = || vec![Run { environment: self.environment.clone(), deployment: None }];
        if !self.discovers {
            return plain();
        }
        let area = self.area(config, text);
        let config = self.name(config);
        let found: Vec<&Deployment> = area.of_config(&config).collect();
        if self.named {
            let mut runs = plain();
            if let [Run { environment, .. }] = &mut runs[..] {
                releases_of(&found, environment);
            }
            return runs;
        }
        let runs: Vec<Run> = found.iter().map(|one| self.run(&area, one)).collect();
        if runs.is_empty() { plain() } else { runs }
    }

    /// How a config runs, each way checked; `None` where the file is passed over, since it is not a
    /// LiteLLM config and was not named.
    pub(crate) fn checked(
        &self,
        config: &Path,
        text: &str,
        named: bool,
    ) -> Option<Vec<(Run, Report)>> {
        let runs = self.runs(config, text);
        let may_pass = !named && runs.iter().all(|run| run.environment.config.is_none());
        if may_pass && !looks_like_config(text) {
            return None;
        }
        let look = |run: Run| {
            let report = self.look(config, text, &run.environment, check);
            (run, report)
        };
        let checked: Vec<(Run, Report)> = runs.into_iter().map(look).collect();
        // Its words stand somewhere in it, and LiteLLM reads none of them.
        let is_none = |report: &Report| report.diagnostics.iter().any(|one| one.code == "RP212");
        let passed = may_pass && checked.iter().all(|(_, report)| is_none(report));
        (!passed).then_some(checked)
    }

    /// The config that a path names, and its text. A folder names the one config that is in it.
    ///
    /// # Errors
    /// When it can't be read, or a folder holds no config or several.
    pub(crate) fn config(&mut self, path: &Path) -> Result<(PathBuf, String), Failure> {
        if is_stdin(path) || !path.is_dir() {
            return Ok((path.to_owned(), read(path)?));
        }
        let (candidates, _) = self.candidates(&[path.to_owned()])?;
        let found = candidates.into_iter().filter_map(|one| {
            let text = read(&one.path).ok()?;
            self.checked(&one.path, &text, false).map(|_| (one.path, text))
        });
        let mut found: Vec<(PathBuf, String)> = found.collect();
        match (found.pop(), &found[..]) {
            (Some(only), []) => Ok(only),
            (None, _) => {
                let folder = path.display();
                Err(Failure::Said(format!("no LiteLLM configuration was found in {folder}")))
            }
            (Some(last), _) => {
                found.push(last);
                let names: Vec<String> = found.iter().map(|(path, _)| name(path)).collect();
                Err(Failure::Said(format!(
                    "{} holds {} configurations; name one of {}",
                    path.display(),
                    names.len(),
                    names.join(", ")
                )))
            }
        }
    }

    /// How a deployment runs, with what is given beside its files.
    pub(crate) fn run(&self, area: &Area, one: &Deployment) -> Run {
        area.run(one, &self.given)
    }

    /// The files that a config was found among.
    pub(crate) fn area(&self, config: &Path, text: &str) -> Arc<Area> {
        if let (Some(stdin), true) = (&self.stdin, is_stdin(config)) {
            return Arc::new(discover::around_as(Path::new(stdin), text));
        }
        if is_stdin(config) {
            let file = NamedText { name: self.name(config), text: text.to_owned() };
            return Arc::new(Area::of(vec![file]));
        }
        let same = |one: &Path| {
            one == config
                || std::fs::canonicalize(one)
                    .ok()
                    .is_some_and(|one| std::fs::canonicalize(config).ok() == Some(one))
        };
        if let Some((_, files)) = self.grouped.iter().find(|(one, _)| same(one)) {
            return Arc::new(discover::of_files(config, files));
        }
        if let Some((_, area)) = self.areas.iter().find(|(folder, _)| config.starts_with(folder)) {
            return area.clone();
        }
        let folder = config.parent().unwrap_or(Path::new("")).to_owned();
        // A thread that panicked while it held the lock has left nothing half done.
        let mut known = self.around.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(folder).or_insert_with(|| Arc::new(discover::around(config))).clone()
    }

    /// What was found in the directories, and around the files, that were named.
    pub(crate) fn areas(&self, paths: &[PathBuf]) -> Vec<Arc<Area>> {
        let single = paths.iter().filter(|path| !is_stdin(path) && !path.is_dir());
        let single = single.map(|path| self.area(path, ""));
        self.areas.iter().map(|(_, area)| area.clone()).chain(single).collect()
    }

    /// The files that the paths name, and whether a folder could not be read, which is said:
    /// directories are gone through, in the order of the files' names.
    ///
    /// # Errors
    /// When a directory can't be read.
    pub(crate) fn candidates(
        &mut self,
        paths: &[PathBuf],
    ) -> Result<(Vec<Candidate>, bool), Failure> {
        let (mut all, mut unread) = (vec![], vec![]);
        for path in paths {
            if is_stdin(path) || !path.is_dir() {
                all.push(Candidate { path: path.clone(), found: false });
                continue;
            }
            let files = discover::below(path, &self.exclude, &mut unread)?;
            let area = match self.discovers {
                true => Arc::new(discover::of_directory(path, &files)),
                false => Arc::default(),
            };
            let is_config = |file: &PathBuf| {
                let below = file.strip_prefix(path).unwrap_or(file);
                area.may_be_config(&name(file), &below.to_string_lossy())
            };
            let found = files.into_iter().filter(is_config);
            all.extend(found.map(|path| Candidate { path, found: true }));
            self.areas.push((path.clone(), area));
        }
        unread.iter().for_each(output::complain);
        Ok((all, !unread.is_empty()))
    }
}

/// Releases that files around say, where the files that were named say none.
fn releases_of(found: &[&Deployment], environment: &mut Gathered) {
    let mut images: Vec<_> = found.iter().flat_map(|one| &one.around.images).collect();
    images.dedup_by_key(|image| &image.release);
    if let ([image], true) = (&images[..], environment.images.is_empty()) {
        let mut image = (*image).clone();
        image.span = None;
        environment.images.push(image);
    }
    if let Some(one) = found.first() {
        environment.pins.extend(one.around.pins.iter().cloned());
        // What they install is known, too.
        for source in &one.around.sources {
            let pins =
                |pin: &Pin| pin.place.rsplit_once(':').is_some_and(|(file, _)| file == source.name);
            if let (true, Ok(id)) =
                (one.around.pins.iter().any(pins), u16::try_from(environment.sources.len() + 1))
            {
                environment.sources.push(Source { id: SourceId(id), ..source.clone() });
            }
        }
    }
}

/// The variables that `--env` gives: `NAME=VALUE`, or `NAME` for the value that it has here.
///
/// # Errors
/// When one has no name, or no value here. What was given is not quoted: it may be a secret.
fn variables(given: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let said = |text: String| Failure::Said(text);
    let variable = |text: &String| match text.split_once('=') {
        Some(("", _)) => Err(said("--env takes NAME or NAME=VALUE".to_owned())),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => match std::env::var(text) {
            Ok(value) => Ok((text.clone(), value)),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(said("the value of a variable that --env names is not UTF-8".to_owned()))
            }
            Err(std::env::VarError::NotPresent) => Err(said(
                "a variable that --env names is not set here: set it, or write NAME=VALUE"
                    .to_owned(),
            )),
        },
    };
    given.iter().map(variable).collect()
}

/// A file to look at.
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    /// Found below a directory: passed over unless it holds a LiteLLM config.
    pub(crate) found: bool,
}
