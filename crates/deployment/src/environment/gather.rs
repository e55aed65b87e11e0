//! All files that set the environment, read together.

use crate::container::Container;
use crate::manifest::{self, Doc};
use base::source::{Source, SourceId, Span};

use super::{Environment, Image, Pin, Variable, compose, dotenv, kubernetes, pin, shell};

/// A text with the name that the user knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedText {
    /// A path for files.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// How an environment file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.env`, as python-dotenv reads it.
    Dotenv,
    /// A script with `export` lines.
    Shell,
    /// Kubernetes manifests, or Helm values.
    Kubernetes,
    /// A compose file.
    Compose,
    /// A requirements or lock file of a Python project.
    Pins,
}

/// Something noticed in reading a file that is no fault of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub span: Option<Span>,
    /// What. One sentence, without the full stop.
    pub text: String,
}

/// The environment, with the texts that its spans point into.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// What is set.
    pub environment: Environment,
    /// The files, numbered from 1.
    pub sources: Vec<Source>,
    /// LiteLLM's images that the files name.
    pub images: Vec<Image>,
    /// What requirements and lock files say of releases, the one that counts first.
    pub pins: Vec<Pin>,
    /// What the files leave open.
    pub notes: Vec<Note>,
    /// Where the config stands in its file, when that was found together with what surrounds it:
    /// then the config's own file is not looked through for it again.
    pub config: Option<ConfigPlace>,
    /// What runs the config, where files say so.
    pub container: Option<Container>,
}

/// Where a config stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigPlace {
    /// Its bytes in the file; `None` where the file is the config.
    pub range: Option<std::ops::Range<usize>>,
    /// In words: `the ConfigMap litellm, key config.yaml`.
    pub words: String,
}

impl Format {
    /// The format of a file, by its name and what it holds.
    pub fn detect(name: &str, text: &str) -> Self {
        if pin::is_pin_file(name) {
            return Self::Pins;
        }
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        if text.starts_with("#!") || matches!(extension, "sh" | "bash" | "zsh" | "envrc") {
            return Self::Shell;
        }
        let yaml = matches!(extension, "yaml" | "yml" | "json");
        if file.starts_with(".env") || (extension == "env" && !yaml) {
            return Self::Dotenv;
        }
        let mut lines = text.lines().map(str::trim_end).filter(|line| {
            let line = line.trim_start();
            !line.is_empty() && !line.starts_with('#') && line != "---" && !line.starts_with("{{")
        });
        let is_key = |line: &str, keys: &[&str]| {
            keys.iter().any(|key| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
        };
        let top = |keys: &[&str]| text.lines().any(|line| is_key(line, keys));
        let first_is_yaml = lines.clone().next().is_some_and(|line| {
            let key = line.split(':').next().unwrap_or(line);
            line.len() > key.len() && !key.contains('=') || line.starts_with(['{', '['])
        });
        if yaml || first_is_yaml {
            return if top(&["services"]) && !top(&["apiVersion"]) {
                Self::Compose
            } else {
                Self::Kubernetes
            };
        }
        if lines.any(|line| line.starts_with("export ")) { Self::Shell } else { Self::Dotenv }
    }
}

/// Reads environment files and single variables.
///
/// What a manifest, a compose file or a script sets is the process environment: later files win
/// over earlier ones, `variables` win over all, and a `.env` file fills in the rest.
/// `complete` says that nothing else is set.
pub fn gather(files: &[NamedText], variables: &[(String, String)], complete: bool) -> Gathered {
    let mut gathered = Gathered::default();
    gathered.environment.complete = complete;
    for (at, file) in files.iter().enumerate() {
        gathered.sources.push(Source {
            id: SourceId(u16::try_from(at + 1).unwrap_or(u16::MAX)),
            name: file.name.clone(),
            text: file.text.clone(),
        });
    }
    let sources = std::mem::take(&mut gathered.sources);
    let mut dotenvs = vec![];
    let mut manifests: Vec<Doc<'_>> = vec![];
    for source in &sources {
        let Gathered { environment, notes, .. } = &mut gathered;
        match Format::detect(&source.name, &source.text) {
            Format::Dotenv => dotenvs.push(source),
            Format::Pins => {
                gathered.pins.extend(pin::pins(&source.name, &source.text));
            }
            Format::Shell => shell::load(source.id, &source.text, environment, notes),
            Format::Compose => {
                for doc in manifest::documents(source.id, &source.text, notes) {
                    compose::load(&doc, &mut gathered);
                }
            }
            Format::Kubernetes => {
                manifests.extend(manifest::documents(source.id, &source.text, notes));
            }
        }
    }
    kubernetes::load(&manifests, &mut gathered);
    for (name, value) in variables {
        gathered.environment.set(name, Variable::known(value, None));
    }
    for source in dotenvs.into_iter().rev() {
        let Gathered { environment, notes, .. } = &mut gathered;
        dotenv::load(source.id, &source.text, environment, notes);
    }
    if complete {
        // Asked for: what is not given is not set.
        gathered.environment.open.clear();
    }
    gathered.sources = sources;
    gathered
}

impl Gathered {
    /// Says that everything found stands in this source.
    pub fn place_in(&mut self, source: SourceId) {
        let place = |span: &mut Option<Span>| {
            if let Some(span) = span {
                span.source = source;
            }
        };
        self.notes.iter_mut().for_each(|note| place(&mut note.span));
        self.images.iter_mut().for_each(|image| place(&mut image.span));
        self.environment.places_mut().for_each(place);
        self.container.iter_mut().flat_map(Container::places_mut).for_each(place);
    }

    /// The same for a text of another length, all of whose changes are within the config; `None` where
    /// the config is the whole file.
    #[must_use]
    pub fn config_grown(&self, before: usize, after: usize) -> Option<Self> {
        let range = self.config.as_ref()?.range.clone()?;
        let mut grown = self.clone();
        let end = (range.end + after).saturating_sub(before).max(range.start);
        if let Some(config) = &mut grown.config {
            config.range = Some(range.start..end);
        }
        Some(grown)
    }

    /// Adds what another gathering found; it wins.
    pub fn extend(&mut self, other: &Self) {
        self.environment.complete |= other.environment.complete;
        self.environment.open.extend_from_slice(&other.environment.open);
        for (name, variable) in other.environment.iter() {
            self.environment.set(name, variable.clone());
        }
        self.sources.extend_from_slice(&other.sources);
        self.container = other.container.clone().or(self.container.take());
        self.images.splice(0..0, other.images.iter().cloned());
        self.pins.splice(0..0, other.pins.iter().cloned());
        self.notes.extend_from_slice(&other.notes);
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, NamedText, gather};
    use crate::environment::VariableValue;

    #[test]
    fn formats_are_told_apart() {
        let cases = [
            (".env", "A=b\n", Format::Dotenv),
            ("prod.env", "export A=b\n", Format::Dotenv),
            (".env.local", "", Format::Dotenv),
            ("-", "A=b\n", Format::Dotenv),
            ("-", "URL=redis://h\n", Format::Dotenv),
            ("-", "export A=b\n", Format::Shell),
            ("env.sh", "A=b\n", Format::Shell),
            (".envrc", "export A=b\n", Format::Shell),
            ("-", "apiVersion: v1\nkind: Pod\n", Format::Kubernetes),
            ("-", "{{- if .Values.x }}\napiVersion: v1\n", Format::Kubernetes),
            ("values.yaml", "image: {}\n", Format::Kubernetes),
            ("compose.yaml", "services:\n  a: {}\n", Format::Compose),
            ("-", "# c\nservices:\n  a: {}\n", Format::Compose),
            ("list.json", "{\"apiVersion\": \"v1\"}", Format::Kubernetes),
        ];
        for (name, text, format) in cases {
            assert_eq!(Format::detect(name, text), format, "{name}: {text:?}");
        }
    }

    #[test]
    fn single_variables_win_and_dotenv_fills_in() {
        let file =
            |name: &str, text: &str| NamedText { name: name.to_owned(), text: text.to_owned() };
        let files =
            [file(".env", "A=dotenv\nB=dotenv\nC=dotenv\n"), file("e.sh", "export A=sh B=sh\n")];
        let given = [("A".to_owned(), "given".to_owned())];
        let gathered = gather(&files, &given, false);
        let value = |name: &str| match &gathered.environment.get(name).expect("set").value {
            VariableValue::Known(value) => value.reveal().to_owned(),
            VariableValue::Unknown(why) => panic!("{why}"),
        };
        assert_eq!([value("A"), value("B"), value("C")], ["given", "sh", "dotenv"]);
    }
}
