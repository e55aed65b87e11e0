//! `redproof.toml`: what holds for every run below its folder.

use std::fs;
use std::path::{Path, PathBuf};

use redproof_core::spelling::nearest as nearest_name;
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use crate::args::FailOn;
use crate::files::read_found;
use crate::output::Failure;

/// No `redproof.toml` is larger.
const LARGEST: u64 = 1 << 20;

/// The file's name.
pub(crate) const NAME: &str = "redproof.toml";

/// What holds for every run of Redproof below the file's folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// The LiteLLM release that runs, as its image's tag has it.
    #[schemars(with = "String")]
    pub(crate) litellm: Option<String>,
    /// The redis-py release that runs.
    #[schemars(with = "String")]
    pub(crate) redis_py: Option<String>,
    /// Files that set the environment, from this file's folder, instead of what would be found.
    pub(crate) env_files: Vec<PathBuf>,
    /// What is not given is unset, not unknown.
    pub(crate) require_env: bool,
    /// Whether the files that say how a config runs are looked for.
    #[schemars(with = "bool")]
    pub(crate) discover: Option<bool>,
    /// Report these rules alone: codes (`RP302`), beginnings of codes (`RP3`), or names (`plaintext-password`).
    pub(crate) select: Vec<String>,
    /// Leave these rules out: codes (`RP302`), beginnings of codes (`RP3`), or names (`plaintext-password`).
    pub(crate) ignore: Vec<String>,
    /// Patterns of files that are left out when directories are gone through: `charts/**`.
    pub(crate) exclude: Vec<String>,
    /// The lowest severity that makes the exit code 1.
    #[schemars(with = "FailOn")]
    pub(crate) fail_on: Option<FailOn>,
    /// Findings that somebody has looked at.
    pub(crate) silence: Vec<Silence>,
    /// Files that belong together, wherever they lie.
    pub(crate) deployment: Vec<Grouped>,
    /// Where the file is.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// `[[silence]]`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Silence {
    /// The rules: codes (`RP302`), beginnings of codes (`RP3`), or names (`plaintext-password`).
    pub(crate) rules: Vec<String>,
    /// Patterns of files, from this file's folder; all files where none is given.
    #[serde(default)]
    pub(crate) paths: Vec<String>,
    /// Why it is no matter here.
    #[allow(dead_code)] // For those who read the file: that one is given is checked.
    pub(crate) reason: String,
}

/// `[[deployment]]`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Grouped {
    /// The config, from this file's folder.
    pub(crate) config: PathBuf,
    /// The files that say how it runs, from this file's folder.
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
        let mut settings: Self = toml::from_str(&text).map_err(|error| {
            let meant = meant(error.message()).unwrap_or_default();
            failed(&format!("{}{meant}", error.to_string().trim_end()))
        })?;
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

/// What an unknown key was meant for, where one is near: the error names it, and those that are known.
fn meant(message: &str) -> Option<String> {
    let named: Vec<&str> = message.strip_prefix("unknown field ")?.split('`').collect();
    let (wrong, known) = (named.get(1)?, named.iter().skip(3).step_by(2).copied());
    let plain = |name: &str| name.replace('_', "-").to_ascii_lowercase();
    let all: Vec<&str> = known.collect();
    let same = all.iter().copied().find(|name| *name == plain(wrong));
    let near = same.or_else(|| nearest_name(&plain(wrong), &all))?;
    Some(format!("\ndid you mean `{near}`?"))
}

/// The JSON Schema of the file, for editors (`#:schema` of Taplo's) and for tests.
pub(crate) fn schema() -> Schema {
    let mut settings = SchemaSettings::draft2020_12().with_transform(without_nothing);
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<Settings>();
    schema.insert("$id".to_owned(), "https://redproof.dev/schemas/redproof-toml.json".into());
    schema.insert("title".to_owned(), "redproof.toml".into());
    schema
}

/// TOML has no null: what is left out is not there. Texts' lines end where a screen's do.
fn without_nothing(schema: &mut Schema) {
    transform_subschemas(&mut without_nothing, schema);
    schema.remove("default");
    if let Some(text) = schema.get("description").and_then(|text| text.as_str()) {
        let text = text.replace('\n', " ");
        schema.insert("description".to_owned(), text.into());
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
    use super::{Settings, meant, schema};

    /// Whether the schema takes a text, and whether the command does.
    fn takes(text: &str) -> [bool; 2] {
        let schema = jsonschema::validator_for(schema().as_value()).expect("a schema");
        let table: toml::Table = toml::from_str(text).expect("TOML");
        let json = serde_json::to_value(table).expect("JSON");
        [schema.is_valid(&json), toml::from_str::<Settings>(text).is_ok()]
    }

    #[test]
    fn the_schema_takes_what_the_command_takes() {
        let pages = include_str!("../../../docs/deployments.md");
        let example = pages.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        for right in [example.expect("an example"), "", "fail-on = \"hint\"\n"] {
            assert_eq!(takes(right), [true, true], "{right}");
        }
        for wrong in [
            "litelm = \"1\"\n",
            "litellm = 1\n",
            "select = \"RP1\"\n",
            "fail-on = \"never\"\n",
            "[[silence]]\nrules = [\"RP1\"]\n",
            "[[silence]]\nrules = [\"RP1\"]\nreason = \"x\"\nfile = \"y\"\n",
            "[[deployment]]\nconfig = \"c\"\n",
            "[silence]\nrules = []\nreason = \"x\"\n",
        ] {
            assert_eq!(takes(wrong), [false, false], "{wrong}");
        }
    }

    #[test]
    fn an_unknown_setting_is_named_with_what_was_meant() {
        let said = |text: &str| {
            let error = toml::from_str::<Settings>(text).expect_err("unknown");
            meant(error.message())
        };
        let near = |name: &str| Some(format!("\ndid you mean `{name}`?"));
        assert_eq!(said("litelm = \"1\"\n"), near("litellm"));
        assert_eq!(said("env_files = []\n"), near("env-files"));
        assert_eq!(said("[[silence]]\nrule = []\n"), near("rules"));
        assert_eq!(said("colour = \"red\"\n"), None);
    }

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
