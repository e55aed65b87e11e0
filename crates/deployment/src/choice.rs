//! Which of many files are read: by their names, and by what they hold.

use std::collections::{BTreeSet, HashSet};

use base::needles::Needles;

use crate::environment::NamedText;
use crate::read::may_matter;
use crate::{forms, paths};

/// Extensions of files that may say something.
const EXTENSIONS: [&str; 22] = [
    "yaml",
    "yml",
    "json",
    "jsonc",
    "toml",
    "tf",
    "hcl",
    "nomad",
    "bicep",
    "nix",
    "service",
    "container",
    "sh",
    "bash",
    "zsh",
    "envrc",
    "env",
    "txt",
    "lock",
    "conf",
    "ini",
    "pod",
];

/// Whether a file of this name may say something of a deployment; a path will do.
pub fn may_hold(path: &str) -> bool {
    let file = paths::file_name(path);
    let extension = paths::extension(file);
    let lower = file.to_ascii_lowercase();
    let named = lower.contains("dockerfile")
        || lower.contains("containerfile")
        || file.starts_with(".env")
        || file == "Kustomization"
        || file.starts_with("Procfile")
        || file == "Pipfile.lock"
        || (paths::is_template(file) && extension.is_empty());
    let text = extension != "txt" || forms::is_pin_file(file);
    named || (EXTENSIONS.contains(&extension) && text)
}

/// The files that matter: those that speak of LiteLLM or Redis, and those that these refer to.
pub fn matter(files: Vec<NamedText>) -> Vec<NamedText> {
    let none = Needles::default();
    let (mut matter, rest): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| may_matter(&file.name, &file.text, &none));
    if rest.is_empty() {
        return matter;
    }
    let names = referred(&matter);
    let ends: HashSet<&str> = names.iter().map(String::as_str).collect();
    let needles = Needles::new(names.iter().cloned());
    // `conf/redis.env` ends as `redis.env` does.
    let is_meant = |name: &str| name.char_indices().any(|(at, _)| ends.contains(&name[at..]));
    matter.extend(
        rest.into_iter()
            .filter(|file| may_matter(&file.name, &file.text, &needles) || is_meant(&file.name)),
    );
    matter
}

/// Names of objects and files in the files that speak of LiteLLM.
fn referred(files: &[NamedText]) -> Vec<String> {
    let keys = ["name:", "secretName:", "env_file:", "path:", "file:", "- "];
    let mut names = BTreeSet::new();
    for file in files.iter().filter(|file| file.text.to_ascii_lowercase().contains("litellm")) {
        for line in file.text.lines() {
            let line = line.trim().trim_start_matches("- ").trim();
            let value = keys.iter().find_map(|key| line.strip_prefix(key)).unwrap_or(line);
            let value = value.trim().trim_matches(['"', '\'', '[', ']', '{', '}']);
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
            if (6..64).contains(&value.len()) && value.chars().all(plain) {
                names.insert(value.trim_start_matches("./").to_owned());
            }
        }
    }
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::may_hold;

    #[test]
    fn names_tell_what_may_say_something() {
        for (path, holds) in [
            ("a/config.yaml", true),
            ("a/.env.production", true),
            ("docker/Dockerfile.litellm", true),
            ("requirements-prod.txt", true),
            ("constraints.txt", true),
            ("notes.txt", false),
            ("roles/litellm/templates/litellm_config.j2", true),
            ("README.md", false),
            ("ca.crt", false),
        ] {
            assert_eq!(may_hold(path), holds, "{path}");
        }
    }
}
