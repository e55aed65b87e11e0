//! systemd units and podman's quadlets.

use crate::environment::Variable;
use base::source::Span;

use super::platform::is_litellm_image;
use super::script::docker_run;
use super::source;
use crate::model::{EnvFile, Form, Mount, MountFrom, Sets, Text, Workload, World};
use crate::paths;
use crate::words;

/// Reads a unit.
pub(super) fn read(file: usize, name: &str, text: &str, world: &mut World) {
    let mut workload = Workload::new(file, Form::Systemd, paths::file_name(name));
    workload.whole = false;
    let mut section = String::new();
    for (start, line) in lines(text) {
        let line = line.as_str();
        if let Some(name) = line.trim().strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let at = start + key.len() + 1;
        let span = Some(Span::new(source(file), at, at + value.trim_end().len()));
        let folder = paths::folder(name);
        match (section.as_str(), key.trim()) {
            ("Service" | "Container", "Environment") => {
                for word in words::split(value) {
                    if let Some((name, text)) = word.text.split_once('=') {
                        let span =
                            Span::new(source(file), at + word.range.start, at + word.range.end);
                        workload.set(name, Variable::known(text, Some(span)));
                    }
                }
            }
            ("Service" | "Container", "EnvironmentFile") => {
                let path = value.trim().trim_start_matches('-');
                let by = match section.as_str() {
                    "Container" => EnvFile::Verbatim,
                    _ => EnvFile::Unquoted,
                };
                workload.sets.push(Sets::File { path: paths::join(folder, path), by, span });
            }
            ("Service" | "Container", "PassEnvironment" | "EnvironmentHost") => {
                workload.sets.push(Sets::Open { what: format!("{key}={}", value.trim()), span });
            }
            ("Container", "Secret") => {
                let mut parts = value.trim().split(',');
                let secret = parts.next().unwrap_or("");
                let parts: Vec<&str> = parts.collect();
                let target = parts.iter().find_map(|part| part.strip_prefix("target="));
                if parts.contains(&"type=env") {
                    let why = format!("the secret {secret}");
                    workload.set(target.unwrap_or(secret), Variable::unknown(why, span));
                }
            }
            ("Container", "Image") => {
                workload.image = Some(Text { text: value.trim().to_owned(), span });
                workload.whole = true;
            }
            ("Container", "Exec") => {
                workload.args = words::split(value).into_iter().map(|word| word.text).collect();
            }
            ("Container", "Volume") => {
                if let Some((from, rest)) = value.trim().split_once(':') {
                    let from = MountFrom::Host(paths::join(folder, from));
                    let target = rest.split(':').next().unwrap_or(rest).to_owned();
                    workload.mounts.push(Mount::new(target, from, span));
                }
            }
            ("Service", "ExecStart") => {
                let found = words::split(value);
                let run = found.iter().position(|word| word.text == "run");
                let started = run.and_then(|run| docker_run(file, at, &found[run + 1..]));
                if let Some(started) = started {
                    workload.image = started.image;
                    workload.sets.extend(started.sets);
                    workload.mounts.extend(started.mounts);
                    workload.args = started.args;
                } else {
                    workload.is_litellm = found.iter().any(|word| word.text.contains("litellm"));
                    workload.args = found.into_iter().map(|word| word.text).collect();
                }
            }
            _ => {}
        }
        workload.span = workload.span.or(span);
    }
    let image = workload.image.as_ref().is_some_and(|image| is_litellm_image(&image.text));
    if image || workload.is_litellm {
        world.workloads.push(workload);
    }
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
