//! Which of many files are read: by their names, and by what they hold.

use std::collections::{BTreeSet, HashSet};

use base::needles::Needles;

use crate::environment::NamedText;
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
        || forms::is_recipes(file)
        || (paths::is_template(file) && extension.is_empty());
    let text = !matches!(extension, "txt" | "lock") || forms::is_pin_file(file);
    named || (EXTENSIONS.contains(&extension) && text) || may_be_cdk(path)
}

/// Whether a program's path is one of those where people describe infrastructure: most programs do not.
fn may_be_cdk(path: &str) -> bool {
    let known = ["cdk", "stack", "infra", "construct", "litellm", "gateway", "fargate", "ecs"];
    let lower = path.to_ascii_lowercase();
    matches!(paths::extension(path), "ts" | "js" | "py")
        && !lower.ends_with(".d.ts")
        && known.iter().any(|word| lower.contains(word))
}

/// Words of which each file has one that runs something, sets it, or holds a config: JSON and YAML
/// without them need not be kept.
const MARKS: [&str; 17] = [
    "image",
    "Image",
    "apiVersion",
    "services",
    "model_list",
    "_settings",
    "proxy_config",
    "environment",
    "envVars",
    "releases",
    "helmCharts",
    "resources",
    "- name",
    "- op:",
    "\"op\"",
    "dependencies",
    "redis",
];
/// The same of JSON: schemas and recordings have the others.
const JSON_MARKS: [&str; 6] =
    ["\"image\"", "\"Image\"", "\"apiVersion\"", "\"op\"", "\"proxy_config\"", "\"containerEnv\""];

/// Whether a text has one of these words.
fn holds_one(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Whether a file with this text may say something of a deployment. It is asked of each file as it is
/// read, so that what can't is not kept.
pub fn may_say(path: &str, text: &str) -> bool {
    let file = paths::file_name(path);
    if forms::is_always_read(file) {
        return true;
    }
    match paths::extension(file) {
        "json" | "jsonc" => holds_one(text, &JSON_MARKS) && !text.contains("json-schema.org/"),
        "yaml" | "yml" => holds_one(text, &MARKS) || lists_files(text),
        "ts" | "js" | "py" => forms::is_cdk(text),
        _ => true,
    }
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

/// Whether a file's text may say something of a deployment: other files need not be given. `names` are
/// what the files given so far refer to.
fn may_matter(name: &str, text: &str, names: &Needles) -> bool {
    let file = paths::file_name(name);
    let words = ["litellm", "LITELLM", "LiteLLM", "redis", "REDIS", "valkey"];
    forms::is_always_read(file)
        || holds_one(text, &words)
        || (lists_files(text) && matches!(paths::extension(file), "yaml" | "yml"))
        || names.are_in(text)
}

/// Whether a text has the section that names files to be merged into a config.
fn lists_files(text: &str) -> bool {
    text.starts_with("include:") || text.contains("\ninclude:")
}

/// Names of objects and files in the files that speak of LiteLLM.
fn referred(files: &[NamedText]) -> Vec<String> {
    let keys = ["name:", "secretName:", "env_file:", "path:", "file:", "- "];
    let mut names = BTreeSet::new();
    let words = ["litellm", "LITELLM", "LiteLLM", "Litellm", "liteLLM"];
    let refers = |file: &&NamedText| {
        let name = paths::file_name(&file.name);
        holds_one(&file.text, &words) || forms::is_kustomization(name)
    };
    for file in files.iter().filter(refers) {
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
    use super::{may_hold, may_say};

    #[test]
    fn names_tell_what_may_say_something() {
        for (path, holds) in [
            ("a/config.yaml", true),
            ("a/.env.production", true),
            ("docker/Dockerfile.litellm", true),
            ("requirements-prod.txt", true),
            ("constraints.txt", true),
            ("uv.lock", true),
            ("Makefile", true),
            ("Cargo.lock", false),
            ("notes.txt", false),
            ("roles/litellm/templates/litellm_config.j2", true),
            ("README.md", false),
            ("infra/lib/litellm-stack.ts", true),
            ("src/index.ts", false),
            ("ca.crt", false),
        ] {
            assert_eq!(may_hold(path), holds, "{path}");
        }
    }

    #[test]
    fn texts_tell_what_says_nothing() {
        for (path, text, says) in [
            ("litellm.schema.json", "{\"properties\": {\"litellm_settings\": {}}}", false),
            ("task.json", "{\"containerDefinitions\": [{\"image\": \"litellm\"}]}", true),
            ("inspect.json", "[{\"Config\": {\"Image\": \"litellm\"}}]", true),
            ("patch.json", "[{\"op\": \"remove\", \"path\": \"/spec\"}]", true),
            ("app.json", "{\"env\": {}}", true),
            ("mkdocs.yml", "site_name: LiteLLM\n", false),
            ("config.yaml", "model_list: []\n", true),
            ("run.sh", "litellm", true),
        ] {
            assert_eq!(may_say(path, text), says, "{path}");
        }
    }
}
