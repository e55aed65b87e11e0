//! Scripts: `docker run` lines, `litellm` itself, and what is exported before.

use crate::environment::{Pin, Requirement, Variable, requirement};
use crate::intake;
use base::source::Span;

use super::commands::{self as deploying, Assigned};
use super::images::{is_litellm_image, is_redis_image};
use super::source;
use crate::model::{EnvFile, Form, Mode, Mount, MountFrom, Sets, Text, Workload, World};
use crate::words::{Word, commands};

/// Options of `docker run` that take no value.
const FLAGS: [&str; 16] = [
    "-d",
    "-i",
    "-t",
    "-P",
    "--detach",
    "--interactive",
    "--tty",
    "--rm",
    "--init",
    "--privileged",
    "--publish-all",
    "--read-only",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--sig-proxy",
    "--quiet",
];

/// Reads a script; of a Makefile or justfile, the commands.
pub(super) fn read(file: usize, name: &str, text: &str, world: &mut World) {
    let mut notes = vec![];
    let exports = match is_recipes(crate::paths::file_name(name)) {
        true => vec![],
        false => intake::exports(source(file), text, &mut notes),
    };
    let mut started = false;
    let mut pins = vec![];
    let commands = commands(text);
    let assigned = Assigned::of(&commands);
    for command in &commands {
        let mut command = assigned.fill(command);
        if let Some(first) = command.first_mut() {
            // make's and just's marks: not shown, errors ignored.
            first.text = first.text.trim_start_matches(['@', '-']).to_owned();
        }
        if deploying::deploys(file, name, &command, world) {
            started = true;
            continue;
        }
        let words: Vec<&str> = command.iter().map(|word| word.text.as_str()).collect();
        let program = words.iter().position(|word| !is_assignment(word)).unwrap_or(0);
        let run = words.iter().position(|word| matches!(*word, "run" | "create"));
        let docker = words.iter().position(|word| {
            matches!(word.rsplit('/').next(), Some("docker" | "podman" | "nerdctl"))
        });
        if let (Some(docker), Some(run)) = (docker, run)
            && docker < run
        {
            if let Some(workload) = docker_run(file, 0, &command[run + 1..]) {
                started |= !is_redis(&workload);
                world.workloads.push(workload);
            }
        } else if words.get(program).is_some_and(|word| word.rsplit('/').next() == Some("litellm"))
        {
            let mut workload = Workload::new(file, Form::Shell, "litellm");
            workload.is_litellm = true;
            workload.whole = false;
            workload.span = Some(place(file, 0, &command[program]));
            for (name, variable) in &exports {
                workload.set(name.clone(), variable.clone());
            }
            for word in &command[..program] {
                if let Some((name, value)) = word.text.split_once('=') {
                    workload.set(name, Variable::known(value, Some(place(file, 0, word))));
                }
            }
            workload.args = words[program..].iter().map(|word| (*word).to_owned()).collect();
            started = true;
            world.workloads.push(workload);
        } else if words.iter().any(|word| matches!(*word, "install" | "add")) {
            pins.extend(command.iter().filter_map(|word| {
                let Requirement { package, release, allows } = requirement(&word.text)?;
                let at = word.range.start;
                let place = format!("@{}:{at}", source(file).0);
                Some(Pin { package, release, allows, written: word.text.clone(), place })
            }));
        }
    }
    if !pins.is_empty() {
        world.pins.push((file, pins));
    }
    let matters =
        exports.iter().any(|(name, _)| name.starts_with("REDIS_") || name.starts_with("LITELLM_"));
    if !started && matters {
        let mut workload = Workload::new(file, Form::Shell, "exports");
        workload.is_litellm = true;
        workload.whole = false;
        for (name, variable) in exports {
            workload.set(name, variable);
        }
        world.workloads.push(workload);
    }
}

/// Whether a file's lines are commands below names.
pub(crate) fn is_recipes(name: &str) -> bool {
    matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | ".justfile")
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn place(file: usize, offset: usize, word: &Word) -> Span {
    Span::new(source(file), offset + word.range.start, offset + word.range.end)
}

fn is_redis(workload: &Workload) -> bool {
    workload.image.as_ref().is_some_and(|image| is_redis_image(&image.text))
}

/// The container, of LiteLLM or Redis, that `docker run` starts with these words; they are at an offset in
/// the file.
pub(super) fn docker_run(file: usize, offset: usize, words: &[Word]) -> Option<Workload> {
    let mut workload = Workload::new(file, Form::DockerRun, "docker run");
    workload.network.mode = Mode::Own;
    workload.network.is_open = true;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if !text.starts_with('-') {
            workload.image =
                Some(Text { text: text.to_owned(), span: Some(place(file, offset, word)) });
            workload.span = Some(place(file, offset, word));
            workload.args = words.map(|word| word.text.clone()).collect();
            return (is_litellm_image(text) || is_redis(&workload)).then_some(workload);
        }
        let combined = !text.starts_with("--")
            && text.len() > 2
            && text[1..].chars().all(|c| "ditP".contains(c));
        if FLAGS.contains(&text) || combined {
            continue;
        }
        let (option, value) = match text.split_once('=') {
            Some((option, value)) => (option, Some((value.to_owned(), word))),
            None => (text, words.next().map(|next| (next.text.clone(), next))),
        };
        let Some((value, at)) = value else { break };
        let span = Some(place(file, offset, at));
        match option {
            "-e" | "--env" => match value.split_once('=') {
                Some((name, value)) if at.expands && value.contains('$') => {
                    workload.set(name, Variable::unknown("what the shell fills in", span));
                }
                Some((name, value)) => workload.set(name, Variable::known(value, span)),
                None => workload.set(
                    value.clone(),
                    Variable::unknown(format!("{value} where it is started"), span),
                ),
            },
            "--env-file" => {
                let by = EnvFile::Verbatim;
                workload.sets.insert(0, Sets::File { path: value, by, span });
            }
            "--network" | "--net" if value == "host" || value.contains(':') => {
                workload.network.mode = Mode::Shared;
            }
            "--pod" => workload.network.mode = Mode::Shared,
            "--network-alias" | "--hostname" | "-h" => workload.network.names.push(value),
            "--name" => {
                workload.name = format!("docker run {value}");
                workload.host = value;
            }
            "-p" | "--publish" => workload.network.published.extend(published(&value)),
            "--volumes-from" => workload.hides_mounts = true,
            "-v" | "--volume" => {
                let Some((from, rest)) = value.split_once(':') else { continue };
                let here =
                    ["$(pwd)", "$(PWD)", "$(CURDIR)", "${PWD}", "$PWD", "{{justfile_directory()}}"];
                let from = here.iter().fold(from.to_owned(), |from, here| from.replace(here, "."));
                let target = rest.split(':').next().unwrap_or(rest).to_owned();
                let from = MountFrom::Host(from);
                workload.mounts.push(Mount::new(target, from, span));
            }
            "--mount" => {
                let part = |keys: &[&str]| {
                    value.split(',').find_map(|part| {
                        let (key, value) = part.split_once('=')?;
                        keys.contains(&key).then(|| value.to_owned())
                    })
                };
                let (from, target) =
                    (part(&["source", "src"]), part(&["target", "dst", "destination"]));
                match (from, target) {
                    (Some(from), Some(target)) => {
                        let from = MountFrom::Host(from);
                        workload.mounts.push(Mount::new(target, from, span));
                    }
                    _ => workload.hides_mounts = true,
                }
            }
            "--tmpfs" => workload.mounts.push(Mount::new(value, MountFrom::Other, span)),
            _ => {}
        }
    }
    None
}

/// `127.0.0.1:6380:6379/tcp`: the port on the host, and the container's.
fn published(value: &str) -> Option<(u16, u16)> {
    let mut parts = value.split('/').next()?.rsplit(':');
    let own = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, own))
}
