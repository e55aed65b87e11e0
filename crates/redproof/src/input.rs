//! Finding and reading what the user names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use redproof_core::environment::{PIN_FILES, Pin, pins};
use redproof_core::{CheckInput, Gathered, NamedText, Releases, gather};

use crate::args::{EnvironmentArgs, SurroundingsArgs};
use crate::output::Failure;

/// What every config of a run shares.
pub(crate) struct Surroundings {
    environment: Gathered,
    pub(crate) releases: Releases,
    /// What the requirements and lock files of each folder say, once it was looked at.
    pins: Mutex<HashMap<PathBuf, Vec<Pin>>>,
}

impl Surroundings {
    /// Reads the environment files and the release numbers.
    ///
    /// # Errors
    /// When a file can't be read, or a release is not supported.
    pub(crate) fn read(args: &SurroundingsArgs) -> Result<Self, Failure> {
        let releases = Releases::parse(args.litellm.as_deref(), args.redis_py.as_deref())?;
        Self::new(&args.environment, releases)
    }

    /// Reads the environment files.
    ///
    /// # Errors
    /// When a file can't be read.
    pub(crate) fn new(args: &EnvironmentArgs, releases: Releases) -> Result<Self, Failure> {
        let files: Result<Vec<_>, Failure> = args
            .env_file
            .iter()
            .map(|path| read(path).map(|text| NamedText { name: name(path), text }))
            .collect();
        let environment = gather(&files?, &args.env, args.require_env);
        Ok(Self { environment, releases, pins: Mutex::default() })
    }

    /// What a check looks at in a config of this text, handed to `look`.
    pub(crate) fn with_input<T>(
        &self,
        config: &Path,
        text: &str,
        look: impl FnOnce(&CheckInput<'_>) -> T,
    ) -> T {
        look(&CheckInput {
            name: &name(config),
            text,
            environment: &self.environment_of(config),
            releases: self.releases,
            now: now(),
        })
    }

    /// The environment of a config, with what the requirements and lock files beside it say.
    fn environment_of(&self, config: &Path) -> Cow<'_, Gathered> {
        if is_stdin(config) {
            return Cow::Borrowed(&self.environment);
        }
        let folder = config.parent().unwrap_or(Path::new(""));
        // A thread that panicked while it held the lock has left nothing half done.
        let mut known = self.pins.lock().unwrap_or_else(PoisonError::into_inner);
        let pins = known.entry(folder.to_owned()).or_insert_with(|| pins_in(folder));
        if pins.is_empty() {
            return Cow::Borrowed(&self.environment);
        }
        let mut environment = self.environment.clone();
        environment.pins.extend(pins.iter().cloned());
        Cow::Owned(environment)
    }
}

/// What the requirements and lock files of a folder say. One that can't be read says nothing.
fn pins_in(folder: &Path) -> Vec<Pin> {
    let files = PIN_FILES.iter().map(|file| folder.join(file));
    let texts = files.filter_map(|path| Some((name(&path), fs::read_to_string(&path).ok()?)));
    texts.flat_map(|(name, text)| pins(&name, &text)).collect()
}

/// The name of a file in what is printed.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a text file, or standard input for `-`.
///
/// # Errors
/// When it can't be read, or is no UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        unreadable(path, &format!("byte {at} is not UTF-8"))
    })
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// When it can't be read.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if is_stdin(path) {
        let mut bytes = vec![];
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::Said(format!("cannot read {}: {why}", name(path)))
}

/// Seconds since 1970.
pub(crate) fn now() -> Option<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok())
}

/// A file to look at.
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    /// Found below a directory: passed over unless it holds a LiteLLM config.
    pub(crate) found: bool,
}

/// The files that the paths name: directories are gone through for YAML files, in the order of
/// their names. Hidden directories and `node_modules` are left out.
///
/// # Errors
/// When a directory can't be read.
pub(crate) fn candidates(paths: &[PathBuf]) -> Result<Vec<Candidate>, Failure> {
    let mut all = vec![];
    for path in paths {
        if !is_stdin(path) && path.is_dir() {
            walk(path, &mut all)?;
        } else {
            all.push(Candidate { path: path.clone(), found: false });
        }
    }
    Ok(all)
}

fn walk(directory: &Path, all: &mut Vec<Candidate>) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| {
        Failure::Said(format!("cannot read {}: {error}", directory.display()))
    };
    let mut entries = vec![];
    for entry in fs::read_dir(directory).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let kind = entry.file_type().map_err(|error| failed(&error))?;
        entries.push((entry.file_name(), kind, entry.path()));
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    for (file_name, kind, path) in entries {
        let hidden = file_name.to_string_lossy().starts_with('.');
        if kind.is_dir() {
            if !hidden && file_name != "node_modules" {
                walk(&path, all)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
            && (kind.is_file() || path.is_file())
        {
            all.push(Candidate { path, found: true });
        }
    }
    Ok(())
}

/// Whether a text names a section or key that only a LiteLLM config has.
pub(crate) fn looks_like_config(text: &str) -> bool {
    const KEYS: [&str; 5] =
        ["litellm_settings", "router_settings", "model_list", "cache_params", "coordination_redis"];
    text.lines().any(|line| {
        let key = line.trim_start().trim_start_matches(['"', '\'']);
        KEYS.iter().any(|known| {
            key.strip_prefix(known)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        })
    })
}
