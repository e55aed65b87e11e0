//! All files that set the environment, read together.

use crate::manifest::{self, Doc};
use base::source::{Source, SourceId};

use super::gathered::{Gathered, NamedText};
use super::{Variable, compose, dotenv, kubernetes, pin, shell};

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
                for doc in manifest::documents(source.id, &source.name, &source.text, notes) {
                    compose::load(&doc, &mut gathered);
                }
            }
            Format::Kubernetes => {
                manifests.extend(manifest::documents(source.id, &source.name, &source.text, notes));
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
