//! One module per form: what a file of that form says.

mod ansible;
mod brought;
mod cdk;
mod charts;
mod commands;
mod compose;
mod container;
mod dockerfile;
mod helm;
mod images;
mod json_patch;
mod kubernetes;
mod kustomize;
mod nix;
mod object_patch;
mod platform;
mod pod;
mod process;
mod replacements;
mod script;
mod terraform;
mod texts;
mod unit;
mod wiring;

use std::borrow::Cow;

use crate::environment::NamedText;
use crate::environment::{Note, pins};
use crate::intake::{self, Doc};
use python::Value;

pub(crate) use crate::intake::{file_of, source};
pub(crate) use cdk::is_one as is_cdk;
pub(crate) use dockerfile::built;
pub(crate) use images::{is_litellm_image, is_redis_image};
pub(crate) use script::is_recipes;

use crate::listed::is_list_of;
use crate::literals;
use crate::manifest::SECTIONS;
use crate::model::{Config, Workload, World};
use crate::paths;
use crate::reached;
use crate::tree::at;

/// A file, read as far as its form has documents.
pub(crate) struct Read<'t> {
    pub(crate) index: usize,
    pub(crate) name: &'t str,
    pub(crate) docs: Vec<Doc<'t>>,
    pub(crate) notes: Vec<Note>,
}

impl Read<'_> {
    /// Whether it is YAML or JSON, not another language's text.
    pub(crate) fn is_yaml(&self) -> bool {
        !matches!(paths::extension(self.name), "tf" | "hcl" | "nomad" | "bicep" | "nix" | "toml")
    }
}

/// Whether files of this name are read whatever they hold.
pub(crate) fn is_always_read(file: &str) -> bool {
    is_dotenv(file)
        || is_dockerfile(file)
        || is_pin_file(file)
        || is_kustomization(file)
        || matches!(
            file,
            "Chart.yaml"
                | "fly.toml"
                | "app.json"
                | ".envrc"
                | "redis.conf"
                | "valkey.conf"
                | "supervisord.conf"
                | "Procfile"
                | "railway.json"
                | "railway.toml"
        )
}

fn is_dotenv(file: &str) -> bool {
    (file.starts_with(".env") && file != ".envrc") || paths::extension(file) == "env"
}

fn is_dockerfile(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|name| {
        lower == *name
            || lower.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || lower.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))
    })
}

pub(crate) fn is_pin_file(file: &str) -> bool {
    crate::environment::PIN_FILES.contains(&file)
        || (file.starts_with("requirements") && paths::extension(file) == "txt")
}

pub(crate) fn is_kustomization(file: &str) -> bool {
    matches!(file, "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

/// Reads all files.
pub(crate) fn read(files: &[NamedText]) -> World {
    let paths = files.iter().map(|file| paths::plain(&file.name).into()).collect();
    let mut world = World::of(paths);
    let texts: Vec<Cow<'_, str>> = files.iter().map(readable).collect();
    let mut reads = vec![];
    for (index, (file, text)) in files.iter().zip(&texts).enumerate() {
        let name = paths::file_name(&file.name);
        let mut notes = vec![];
        let docs = match paths::extension(name) {
            _ if is_dockerfile(name) => {
                dockerfile::read(index, &file.name, &file.text, &mut world);
                vec![]
            }
            _ if is_pin_file(name) => {
                world.pins.push((index, pins(&file.name, &file.text)));
                vec![]
            }
            _ if is_dotenv(name) => {
                world.dotenvs.push(index);
                vec![]
            }
            _ if process::is_one(name, &file.text) => {
                process::read(index, files, &mut world);
                vec![]
            }
            _ if script::is_recipes(name) => {
                script::read(index, &file.name, &file.text, &mut world);
                vec![]
            }
            "sh" | "bash" | "zsh" | "envrc" => {
                script::read(index, &file.name, &file.text, &mut world);
                vec![]
            }
            "service" | "container" | "pod" | "kube" => {
                unit::read(index, &file.name, &file.text, &mut world);
                vec![]
            }
            "tf" | "hcl" | "nomad" | "bicep" | "nix" | "toml" => {
                let root = literals::read(source(index), text);
                vec![Doc::of(source(index), text, root)]
            }
            "yaml" | "yml" if is_plain_config(text) => {
                let words = "this document".to_owned();
                world.configs.push(Config { file: index, range: None, words });
                vec![]
            }
            "yaml" | "yml" | "json" | "jsonc" => {
                intake::documents(source(index), name, text, &mut notes)
            }
            "ts" | "js" | "py" => {
                if cdk::is_one(&file.text) {
                    cdk::read(index, &file.name, &file.text, &mut world);
                }
                vec![]
            }
            "" if is_kustomization(name) || intake::looks_like_config(text) => {
                intake::documents(source(index), name, text, &mut notes)
            }
            _ if text.starts_with("#!") => {
                script::read(index, &file.name, &file.text, &mut world);
                vec![]
            }
            // Standard input, and names that say nothing.
            _ if file.name.starts_with(['<', '-']) => {
                intake::documents(source(index), name, text, &mut notes)
            }
            _ => vec![],
        };
        reads.push(Read { index, name: &file.name, docs, notes });
    }
    let more = written(files, &texts, &reads);
    for (one, masked, name) in &more {
        reads.extend(texts::read(one, masked, name, &mut world));
    }
    for read in &reads {
        let before = world.workloads.len();
        for doc in &read.docs {
            document(files, read, doc, &mut world);
        }
        if more.iter().any(|(one, _, name)| one.filled && name == read.name) {
            texts::unknown_where_filled(&mut world, before);
        }
    }
    compose::read(files, &reads, &mut world);
    charts::kustomizations(&reads, &mut world);
    charts::join(&mut world);
    helm::charts(files, &reads, &mut world);
    kustomize::read(files, &reads, &mut world);
    for (one, ..) in more.iter().filter(|(one, ..)| one.filled) {
        texts::unknown_in(one, &mut world);
    }
    scaled(&mut world);
    world.index();
    reached::resolve(&mut world);
    for read in reads {
        world.notes.extend(read.notes);
    }
    world
}

/// The files that the files of the set write: each with its text alone in the other's, and its name.
fn written(
    files: &[NamedText],
    texts: &[Cow<'_, str>],
    reads: &[Read<'_>],
) -> Vec<(texts::Written, String, String)> {
    let mut written = vec![];
    for (index, (file, text)) in files.iter().zip(texts).enumerate() {
        if !texts::may_write(&file.name, text) {
            continue;
        }
        if matches!(paths::extension(&file.name), "sh" | "bash" | "zsh") || text.starts_with("#!") {
            written.extend(texts::heredocs(index, text));
        }
        let docs = reads.iter().filter(|read| read.index == index).flat_map(|read| &read.docs);
        written.extend(docs.flat_map(|doc| texts::of_tasks(index, doc)));
    }
    let placed = written.into_iter().map(|one| {
        let name = texts::name(&one, &files[one.file].name);
        (texts::masked(&one, &texts[one.file]), name, one)
    });
    placed.map(|(masked, name, one)| (one, masked, name)).collect()
}

/// Lets what scales workloads have its say.
fn scaled(world: &mut World) {
    let World { scalers, workloads, paths, .. } = world;
    let folder = |file: usize| paths.get(file).map_or("", |path| paths::folder(path));
    for scaler in scalers {
        let one = |workload: &&mut Workload| match &scaler.target {
            Some(target) => {
                let apart = |one: &Option<String>| {
                    one.is_some() && scaler.namespace.is_some() && *one != scaler.namespace
                };
                workload.name == *target && !apart(&workload.namespace)
            }
            None => workload.form == scaler.form && folder(workload.file) == folder(scaler.file),
        };
        for workload in workloads.iter_mut().filter(one) {
            workload.replicas = workload.replicas.scaled(scaler.replicas);
            if !workload.files.contains(&scaler.file) {
                workload.files.push(scaler.file);
            }
        }
    }
}

fn document(files: &[NamedText], read: &Read<'_>, doc: &Doc<'_>, world: &mut World) {
    let root = &doc.root;
    let file = paths::file_name(read.name);
    let whole = read.docs.len() == 1;
    if intake::is_litellm_config(root) && at(root, &["services"]).is_none() {
        world.configs.push(Config {
            file: read.index,
            range: (!whole || doc.has_templates()).then(|| doc.range()),
            words: if doc.has_templates() { "this template" } else { "this document" }.to_owned(),
        });
        return;
    }
    if is_list_of(files, world, read.name, root) {
        let words = "this document".to_owned();
        world.configs.push(Config { file: read.index, range: None, words });
        return;
    }
    if is_kustomization(file)
        || file == "Chart.yaml"
        || (read.is_yaml() && compose::is_compose(root))
    {
        return;
    }
    if charts::is_skaffold(root) {
        charts::skaffold(read.index, read.name, doc, world);
        return;
    }
    if kubernetes::is_object(root) {
        for object in kubernetes::items(root) {
            kubernetes::object(files, read.index, doc, object, world);
        }
        return;
    }
    if charts::is_helmfile(root) {
        charts::helmfile(read.index, read.name, doc, world);
        return;
    }
    ansible::read(read.name, doc, world);
    if paths::extension(read.name) == "tf" {
        terraform::charts(files, read.index, read.name, doc, world);
    }
    if !helm::values_file(read.index, doc, world) {
        platform::read(read.index, read.name, doc, world);
    }
}

/// Whether a text is a config and nothing else, as its keys at the margin tell.
fn is_plain_config(text: &str) -> bool {
    let key = |line: &str, keys: &[&str]| {
        keys.iter().any(|key| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
    };
    let others =
        ["apiVersion", "kind", "services", "image", "proxy_config", "envVars", "controllers"];
    let text = without_start(text);
    let mut lines = text.lines();
    intake::looks_like_config(text)
        && !text.contains("{{")
        && !lines.any(|line| key(line, &others) || line.starts_with("---"))
}

/// The text behind a first line of `---`, where a config's section follows it at once.
fn without_start(text: &str) -> &str {
    let behind = text.strip_prefix("---\n").filter(|rest| {
        let first = rest.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        let key = first.and_then(|line| line.split_once(':')).map(|(key, _)| key);
        key.is_some_and(|key| SECTIONS.contains(&key))
    });
    behind.unwrap_or(text)
}

/// The text as the YAML reader takes it, of the same length: JSON's comments and tabs are white space,
/// and a tag such as `CloudFormation`'s `!GetAtt` is a part of the text that follows.
fn readable(file: &NamedText) -> Cow<'_, str> {
    match paths::extension(&file.name) {
        "json" | "jsonc" if file.text.contains('\t') || file.text.contains("//") => {
            Cow::Owned(without_comments(&file.text))
        }
        "yaml" | "yml" if file.text.contains("AWS::") => Cow::Owned(without_tags(&file.text)),
        _ => Cow::Borrowed(&file.text),
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut comment, mut previous) = (false, false, false, ' ');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => comment = false,
            _ if comment => {
                out.extend(std::iter::repeat_n(' ', c.len_utf8()));
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            '/' if !quoted && chars.peek() == Some(&'/') && previous != ':' => {
                comment = true;
                out.push(' ');
                continue;
            }
            '\t' if !quoted => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
        previous = c;
        out.push(c);
    }
    out
}

/// What a tag before a scalar begins with, once it is a part of it.
const TAG: char = '~';

fn without_tags(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for at in memchr(text, '!') {
        let before = text[..at].chars().next_back().unwrap_or('\n');
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(rest.len());
        if end == 0 || !(before.is_whitespace() || "[,{".contains(before)) {
            continue;
        }
        let quote = rest[end..].strip_prefix(' ').and_then(|rest| rest.chars().next());
        if let Some(quote @ ('"' | '\'')) = quote {
            // The mark comes to stand inside of the quotes.
            let name = rest[..end].replace(':', "_");
            let inside = format!("{quote}{TAG}{name}_");
            bytes[at..at + inside.len()].copy_from_slice(inside.as_bytes());
            continue;
        }
        let scalar = rest[end..]
            .strip_prefix(' ')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/'));
        if scalar {
            bytes[at] = b'~';
            bytes[at + 1 + end] = b'_';
            for byte in &mut bytes[at + 1..at + 1 + end] {
                if *byte == b':' {
                    *byte = b'_';
                }
            }
        } else {
            bytes[at..=at + end].fill(b' ');
        }
    }
    // Only ASCII was put in place of ASCII.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn memchr(text: &str, c: char) -> Vec<usize> {
    text.match_indices(c).map(|(at, _)| at).collect()
}

/// Whether a text stands for something that another program works out.
pub(crate) fn is_worked_out(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let name = text.strip_prefix(TAG).and_then(|rest| rest.split_once('_'));
    name.is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
    })
}
