//! `Dockerfile`s: what the image is built from, sets, installs and starts.

use std::collections::BTreeMap;

use crate::environment::{Package, Pin, Requirement, Variable, requirement};
use base::source::Span;

use super::images::is_litellm_image;
use super::source;
use crate::interpolate::{Filled, fill};
use crate::model::{Form, Mount, MountFrom, Text, Workload, World};
use crate::paths;
use crate::words::{self, Word};

/// An instruction: its name, its words, and where it starts.
struct Instruction {
    name: String,
    start: usize,
    rest: String,
    at: usize,
}

/// Reads a `Dockerfile`.
pub(super) fn read(file: usize, name: &str, text: &str, world: &mut World) {
    world.workloads.extend(built(file, name, text, &BTreeMap::new()));
}

/// The image that a `Dockerfile` builds of these arguments, if it runs LiteLLM.
pub(crate) fn built(
    file: usize,
    name: &str,
    text: &str,
    given: &BTreeMap<String, String>,
) -> Option<Workload> {
    let mut stages: Vec<(String, Workload)> = vec![];
    let mut arguments = BTreeMap::new();
    for instruction in instructions(text) {
        let span = Some(Span::new(
            source(file),
            instruction.start,
            instruction.at + instruction.rest.len(),
        ));
        match instruction.name.as_str() {
            "FROM" => stages.push(from(file, &instruction, span, &stages, &arguments)),
            "ARG" => {
                for word in words::split(&instruction.rest) {
                    let (name, default) = match word.text.split_once('=') {
                        Some((name, default)) => (name, Some(known(default, &arguments))),
                        None => (word.text.as_str(), None),
                    };
                    if let Some(value) = given.get(name).cloned().or(default) {
                        arguments.insert(name.to_owned(), value);
                    }
                }
            }
            _ => {
                if let Some((_, stage)) = stages.last_mut() {
                    step(file, name, &instruction, span, &arguments, stage);
                }
            }
        }
    }
    let (_, mut last) = stages.pop()?;
    let named = last.image.as_ref().is_some_and(|image| is_litellm_image(&image.text));
    let installs = last.pins.iter().any(|pin| pin.package == Package::Litellm);
    last.is_litellm = named || installs || last.args.iter().any(|arg| arg.ends_with("litellm"));
    last.whole = false;
    last.is_litellm.then_some(last)
}

fn known(text: &str, arguments: &BTreeMap<String, String>) -> String {
    match fill(text, arguments) {
        Filled::Known(text) | Filled::Depends(_, text) => text,
    }
}

fn from(
    file: usize,
    instruction: &Instruction,
    span: Option<Span>,
    stages: &[(String, Workload)],
    arguments: &BTreeMap<String, String>,
) -> (String, Workload) {
    let words = words::split(&instruction.rest);
    let mut words = words.iter().filter(|word| !word.text.starts_with("--"));
    let image = words.next().map_or(String::new(), |word| known(&word.text, arguments));
    let alias = words.nth(1).map_or(String::new(), |word| word.text.clone());
    let below = stages.iter().rev().find(|(name, _)| !name.is_empty() && *name == image);
    let mut stage = match below {
        Some((_, below)) => below.clone(),
        None => Workload::new(file, Form::Dockerfile, "Dockerfile"),
    };
    if below.is_none() {
        stage.image = Some(Text { text: image, span });
        stage.span = span;
    }
    (alias, stage)
}

fn step(
    file: usize,
    name: &str,
    instruction: &Instruction,
    span: Option<Span>,
    arguments: &BTreeMap<String, String>,
    stage: &mut Workload,
) {
    let words = words::split(&instruction.rest);
    match instruction.name.as_str() {
        "ENV" => environment(file, instruction, &words, arguments, stage),
        "CMD" | "ENTRYPOINT" => {
            let exec = instruction.rest.trim_start().starts_with('[');
            let words: Vec<String> = if exec {
                let inner = instruction.rest.trim().trim_matches(['[', ']']);
                inner.split(',').map(|word| word.trim().trim_matches('"').to_owned()).collect()
            } else {
                words.into_iter().map(|word| word.text).collect()
            };
            if instruction.name == "ENTRYPOINT" {
                stage.args.clear();
            }
            stage.args.extend(words);
        }
        "COPY" | "ADD" => {
            let flags = words.iter().any(|word| word.text.starts_with("--from"));
            let paths: Vec<&str> = words
                .iter()
                .map(|word| word.text.as_str())
                .filter(|word| !word.starts_with("--"))
                .collect();
            let Some((target, sources)) = paths.split_last().filter(|_| !flags) else { return };
            for path in sources {
                let folder = target.ends_with('/') || target.ends_with('.') || sources.len() > 1;
                let target = match folder {
                    true => format!(
                        "{}/{}",
                        target.trim_end_matches(['/', '.']),
                        paths::file_name(path)
                    ),
                    false => (*target).to_owned(),
                };
                let from = MountFrom::Host(paths::join(paths::folder(name), path));
                stage.mounts.push(Mount::new(target, from, span));
            }
        }
        "RUN" => {
            stage.pins.extend(installed(file, instruction, &words));
            let has = |names: &[&str]| {
                words
                    .iter()
                    .any(|word| names.contains(&word.text.rsplit('/').next().unwrap_or(&word.text)))
            };
            // `pip install -r requirements.txt`, `uv sync`
            stage.installs |= has(&["pip", "pip3", "uv", "poetry", "pipenv", "pdm"])
                && has(&["install", "sync", "-r"]);
        }
        _ => {}
    }
}

fn environment(
    file: usize,
    instruction: &Instruction,
    words: &[Word],
    arguments: &BTreeMap<String, String>,
    stage: &mut Workload,
) {
    let place = |word: &Word| {
        let range = &word.range;
        Some(Span::new(source(file), instruction.at + range.start, instruction.at + range.end))
    };
    let old_form = words.first().is_some_and(|word| !word.text.contains('='));
    if let (true, Some((name, values))) = (old_form, words.split_first()) {
        let value: Vec<&str> = values.iter().map(|word| word.text.as_str()).collect();
        let span = values.first().and_then(place);
        stage.set(name.text.clone(), Variable::known(&known(&value.join(" "), arguments), span));
        return;
    }
    for word in words {
        let Some((name, value)) = word.text.split_once('=') else { continue };
        let variable = match fill(value, arguments) {
            Filled::Known(value) => Variable::known(&value, place(word)),
            Filled::Depends(name, _) => {
                Variable::unknown(format!("{name} where the image is built"), place(word))
            }
        };
        stage.set(name, variable);
    }
}

/// `pip install litellm==1.80.0`
fn installed(file: usize, instruction: &Instruction, words: &[Word]) -> Vec<Pin> {
    let installs = words.iter().any(|word| word.text == "install" || word.text == "add");
    let pin = |word: &Word| {
        let Requirement { package, release, allows } = requirement(&word.text)?;
        Some(Pin {
            package,
            release,
            allows,
            written: word.text.clone(),
            place: format!("@{}:{}", source(file).0, instruction.at + word.range.start),
        })
    };
    if installs { words.iter().filter_map(pin).collect() } else { vec![] }
}

/// The instructions, continued lines together.
fn instructions(text: &str) -> Vec<Instruction> {
    let mut found = vec![];
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut whole = line.to_owned();
        while whole.trim_end().ends_with('\\') {
            let Some(next) = lines.next() else { break };
            at += next.len();
            // A comment between continued lines is none of them.
            if next.trim_start().starts_with('#') {
                whole.extend(next.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
                whole.push_str("\\\n");
                continue;
            }
            whole.push_str(next);
        }
        let indent = whole.len() - whole.trim_start().len();
        let body = &whole[indent..];
        let end = body.find(char::is_whitespace).unwrap_or(body.len());
        let name = body[..end].to_ascii_uppercase();
        found.push(Instruction {
            name,
            start: start + indent,
            rest: body[end..].trim_end().to_owned(),
            at: start + indent + end,
        });
    }
    found
}
