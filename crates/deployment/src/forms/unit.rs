//! systemd units and podman's quadlets.

use crate::environment::{Variable, VariableValue};
use base::source::Span;

use super::images::{is_litellm_image, is_redis_image};
use super::script::docker_run;
use super::source;
use crate::model::{EnvFile, Form, Mode, Mount, MountFrom, Sets, Text, Workload, World};
use crate::paths;
use crate::words::{self, Word};

/// A setting of a unit.
struct Line<'t> {
    key: &'t str,
    value: &'t str,
    /// Where the value starts in the file.
    at: usize,
}

/// Reads a unit.
pub(super) fn read(file: usize, name: &str, text: &str, world: &mut World) {
    let mut workload = Workload::new(file, Form::Systemd, paths::file_name(name));
    workload.whole = false;
    let mut section = String::new();
    for (start, line) in lines(text) {
        if let Some(name) = line.trim().strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let at = start + key.len() + 1;
        let line = Line { key: key.trim(), value, at };
        match section.as_str() {
            "Container" => container(file, paths::folder(name), &line, &mut workload),
            "Service" => service(file, paths::folder(name), &line, &mut workload),
            _ => {}
        }
        workload.span = workload.span.or(Some(span(file, &line)));
    }
    if workload.host.is_empty() {
        let stem = workload.name.rsplit_once('.').map_or("", |(stem, _)| stem);
        workload.host = format!("systemd-{stem}");
    }
    let image = workload.image.as_ref();
    let matters = image.is_some_and(|one| is_litellm_image(&one.text) || is_redis_image(&one.text));
    if matters || workload.is_litellm {
        world.workloads.push(workload);
    }
}

fn span(file: usize, line: &Line<'_>) -> Span {
    Span::new(source(file), line.at, line.at + line.value.trim_end().len())
}

/// A setting that both have.
fn shared(file: usize, folder: &str, line: &Line<'_>, by: EnvFile, workload: &mut Workload) {
    match line.key {
        "Environment" => {
            for word in words::split(line.value) {
                if let Some((name, text)) = word.text.split_once('=') {
                    let at = line.at + word.range.start;
                    let span = Span::new(source(file), at, line.at + word.range.end);
                    workload.set(name, Variable::known(text, Some(span)));
                }
            }
        }
        "EnvironmentFile" => {
            let path = paths::join(folder, line.value.trim().trim_start_matches('-'));
            workload.sets.push(Sets::File { path, by, span: Some(span(file, line)) });
        }
        "PassEnvironment" | "EnvironmentHost" => {
            let what = format!("{}={}", line.key, line.value.trim());
            workload.sets.push(Sets::Open { what, span: Some(span(file, line)) });
        }
        _ => {}
    }
}

/// A setting of podman's `[Container]`.
fn container(file: usize, folder: &str, line: &Line<'_>, workload: &mut Workload) {
    let (value, span) = (line.value.trim(), Some(span(file, line)));
    let part = |names: &[&str]| {
        value.split(',').find_map(|part| {
            let (key, value) = part.split_once('=')?;
            names.contains(&key).then(|| value.to_owned())
        })
    };
    match line.key {
        "Image" => {
            workload.image = Some(Text { text: value.to_owned(), span });
            workload.whole = true;
        }
        "ContainerName" => value.clone_into(&mut workload.host),
        "Exec" => {
            workload.args.extend(words::split(value).into_iter().map(|word| word.text));
        }
        "Entrypoint" => {
            let words = words::split(value).into_iter().map(|word| word.text);
            workload.args.splice(0..0, words);
        }
        "Secret" => {
            let name = value.split(',').next().unwrap_or("");
            let target = part(&["target"]);
            if value.split(',').any(|part| part == "type=env") {
                let why = format!("the secret {name}");
                let name = target.unwrap_or_else(|| name.to_owned());
                workload.set(name, Variable::unknown(why, span));
            } else {
                let target = target.unwrap_or_else(|| name.to_owned());
                let target = match target.starts_with('/') {
                    true => target,
                    false => format!("/run/secrets/{target}"),
                };
                workload.mounts.push(Mount::new(target, MountFrom::Other, span));
            }
        }
        "Volume" => {
            let (from, rest) = value.split_once(':').unwrap_or(("", value));
            let target = rest.split(':').next().unwrap_or(rest).to_owned();
            let from = match from.starts_with(['.', '/', '%', '~']) {
                true => MountFrom::Host(paths::join(folder, from)),
                false => MountFrom::Other,
            };
            workload.mounts.push(Mount::new(target, from, span));
        }
        "Mount" => {
            let from = part(&["source", "src"]).filter(|_| value.contains("type=bind"));
            let from =
                from.map_or(MountFrom::Other, |from| MountFrom::Host(paths::join(folder, &from)));
            match part(&["target", "dst", "destination"]) {
                Some(target) => workload.mounts.push(Mount::new(target, from, span)),
                None => workload.hides_mounts = true,
            }
        }
        "Tmpfs" => {
            let target = value.split(':').next().unwrap_or(value);
            workload.mounts.push(Mount::new(target, MountFrom::Other, span));
        }
        "Network" => {
            workload.network.mode = match value {
                "host" => Mode::Shared,
                _ if value.starts_with("container:") => Mode::Shared,
                _ => Mode::Own,
            };
            workload.network.joins.push(value.split(':').next().unwrap_or(value).to_owned());
        }
        "NetworkAlias" | "HostName" => workload.network.names.push(value.to_owned()),
        "Pod" => workload.network.mode = Mode::Shared,
        "PodmanArgs" | "GlobalArgs" => {
            workload.hides_mounts = true;
            if value.contains("-e") {
                let what = format!("{}={value}", line.key);
                workload.sets.push(Sets::Open { what, span });
            }
        }
        _ => shared(file, folder, line, EnvFile::Verbatim, workload),
    }
}

/// A setting of a `[Service]`.
fn service(file: usize, folder: &str, line: &Line<'_>, workload: &mut Workload) {
    if line.key != "ExecStart" {
        // A quadlet's is podman's own environment.
        if workload.image.is_none() {
            shared(file, folder, line, EnvFile::Unquoted, workload);
        }
        return;
    }
    let found = words::split(line.value);
    let run = found.iter().position(|word| word.text == "run");
    let started = run.and_then(|run| docker_run(file, line.at, &found[run + 1..]));
    match started {
        Some(started) => in_docker(workload, started),
        None => {
            let program = |word: &Word| word.text.contains("litellm");
            workload.is_litellm |= found.iter().any(program);
            workload.args = found.into_iter().map(|word| word.text).collect();
        }
    }
}

/// What docker starts has docker's variables only where the command line names them: `-e NAME`.
fn in_docker(unit: &mut Workload, started: Workload) {
    let own = std::mem::take(&mut unit.sets);
    let taken = |name: &str| {
        own.iter().rev().find_map(|set| match set {
            Sets::Variable(own, variable) if own == name => Some(variable.clone()),
            _ => None,
        })
    };
    unit.sets = started.sets;
    for set in &mut unit.sets {
        if let Sets::Variable(name, variable) = set
            && matches!(variable.value, VariableValue::Unknown(_))
            && let Some(found) = taken(name)
        {
            *variable = found;
        }
    }
    unit.image = started.image;
    unit.host = started.host;
    unit.whole = started.whole;
    unit.hides_mounts |= started.hides_mounts;
    unit.network = started.network;
    unit.mounts.extend(started.mounts);
    unit.args = started.args;
}

/// Lines with where they start, continued ones together.
fn lines(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = vec![];
    let (mut at, mut continues) = (0, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let content = line.trim_end();
        match found.last_mut().filter(|_| continues) {
            Some((_, whole)) => {
                // The backslash and the line break become white space.
                whole.pop();
                whole.push_str("  ");
                whole.push_str(content);
            }
            None => found.push((start, content.to_owned())),
        }
        continues = content.ends_with('\\');
    }
    found
}
