//! `redproof.toml`: what holds for every run below its folder.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::args::FailOn;
use crate::files::read_found;
use crate::output::Failure;

/// No `redproof.toml` is larger.
const LARGEST: u64 = 1 << 20;

/// The file's name.
const NAME: &str = "redproof.toml";

/// What the file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// The LiteLLM release that runs.
    pub(crate) litellm: Option<String>,
    /// The redis-py release that runs.
    pub(crate) redis_py: Option<String>,
    /// Files that set the environment.
    pub(crate) env_files: Vec<PathBuf>,
    /// What is not given is unset.
    pub(crate) require_env: bool,
    /// Whether the files that say how a config runs are looked for.
    pub(crate) discover: Option<bool>,
    /// Report these rules alone.
    pub(crate) select: Vec<String>,
    /// Leave these rules out.
    pub(crate) ignore: Vec<String>,
    /// Patterns of files that are left out when directories are gone through.
    pub(crate) exclude: Vec<String>,
    /// The lowest severity that makes the exit code 1.
    pub(crate) fail_on: Option<FailOn>,
    /// Findings that somebody has looked at.
    pub(crate) silence: Vec<Silence>,
    /// Files that form a deployment.
    pub(crate) deployment: Vec<Grouped>,
    /// Where the file is.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// `[[silence]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Silence {
    /// Codes, beginnings of codes, or names.
    pub(crate) rules: Vec<String>,
    /// Patterns of files, from the settings' folder; all files where none is given.
    #[serde(default)]
    pub(crate) paths: Vec<String>,
    /// Why it is no matter here.
    #[allow(dead_code)] // For those who read the file: that one is given is checked.
    pub(crate) reason: String,
}

/// `[[deployment]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Grouped {
    /// The config.
    pub(crate) config: PathBuf,
    /// The files that say how it runs.
    pub(crate) files: Vec<PathBuf>,
}

impl Settings {
    /// The settings for what lies at a path: those of the file that is named, else of the nearest one
    /// above, up to the repository's root.
    ///
    /// # Errors
    /// When the file can't be read, or says what there is no setting for.
    pub(crate) fn find(named: Option<&Path>, near: &Path) -> Result<Self, Failure> {
        match named {
            Some(file) => Self::read(file),
            None => match nearest(near) {
                Some(file) => Self::read(&file),
                None => Ok(Self::default()),
            },
        }
    }

    fn read(file: &Path) -> Result<Self, Failure> {
        let failed =
            |why: &dyn std::fmt::Display| Failure::Said(format!("{}: {why}", file.display()));
        let text = read_found(file, LARGEST).map_err(|error| failed(&error))?;
        let mut settings: Self = toml::from_str(&text).map_err(|error| failed(&error))?;
        file.parent().unwrap_or(Path::new("")).clone_into(&mut settings.folder);
        Ok(settings)
    }

    /// Whether a file's finding is silenced.
    pub(crate) fn silences(&self, file: &str, is: impl Fn(&str) -> bool) -> bool {
        self.silence.iter().any(|silence| {
            silence.rules.iter().any(|rule| is(rule))
                && (silence.paths.is_empty()
                    || silence.paths.iter().any(|pattern| self.matches(pattern, file)))
        })
    }

    fn matches(&self, pattern: &str, file: &str) -> bool {
        let mut builder = ignore::overrides::OverrideBuilder::new(&self.folder);
        let Ok(overrides) = builder.add(pattern).and_then(|builder| builder.build()) else {
            return false;
        };
        overrides.matched(file, false).is_whitelist()
    }
}

fn nearest(near: &Path) -> Option<PathBuf> {
    let folder = if near.is_dir() { near } else { near.parent().unwrap_or(Path::new("")) };
    let folder = if folder.as_os_str().is_empty() || near.as_os_str() == "-" {
        Path::new(".")
    } else {
        folder
    };
    let absolute = fs::canonicalize(folder).ok()?;
    let here = std::env::current_dir().ok();
    let mut shown = folder.to_owned();
    for above in absolute.ancestors() {
        let file = shown.join(NAME);
        if file.is_file() {
            return Some(file);
        }
        let top = above.join(".git").exists();
        if top || (here.as_deref() == Some(above) && !has_repository(above)) {
            return None;
        }
        shown = shown.join("..");
    }
    None
}

fn has_repository(folder: &Path) -> bool {
    folder.ancestors().any(|one| one.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn settings_are_read_or_refused() {
        let text = "litellm = \"1.80.0\"\nenv-files = [\".env\"]\nfail-on = \"warning\"\n[[silence]]\nrules = [\"RP302\"]\npaths = [\"dev/**\"]\nreason = \"a network of our own\"\n";
        let settings: Settings = toml::from_str(text).expect("settings");
        assert!(settings.silences("dev/a.yaml", |rule| rule == "RP302"));
        assert!(!settings.silences("prod/a.yaml", |rule| rule == "RP302"));
        for wrong in ["litelm = \"1\"\n", "[[silence]]\nrules = []\n", "fail-on = \"bad\"\n"] {
            assert!(toml::from_str::<Settings>(wrong).is_err(), "{wrong}");
        }
    }
}
