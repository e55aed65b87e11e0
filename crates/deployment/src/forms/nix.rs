//! NixOS: systemd's units in Nix, and files that a module puts somewhere.

use crate::environment::{Variable, VariableValue};
use crate::intake::{Doc, looks_like_config};
use crate::model::{Config, Copied, Form, MountFrom, Sets, Workload};
use crate::paths;
use crate::tree::{any, at, entries};
use crate::words;
use python::{Data, Value};

use super::container::{open, variables};
use super::script::docker_run;

/// The process or container that a unit starts: `systemd.services.litellm`, of NixOS or home-manager.
pub(super) fn unit(
    doc: &Doc<'_>,
    file: usize,
    name: &str,
    key: &str,
    unit: &Value,
) -> Option<Workload> {
    let service = at(unit, &["serviceConfig"]).or_else(|| at(unit, &["Service"]));
    let exec = service
        .and_then(|service| at(service, &["ExecStart"]))
        .or_else(|| at(unit, &["script"]))?;
    let written = doc.written(exec)?;
    if !written.contains("litellm") {
        return None;
    }
    let marks = written.len() - written.trim_start_matches(['"', '\'']).len();
    let inside = written.get(marks..written.len().checked_sub(marks)?)?;
    let offset = doc.span(exec)?.start as usize + marks;
    let found = words::split(inside);
    let run = found.iter().position(|word| word.text == "run");
    let started = run.and_then(|run| docker_run(file, offset, &found[run + 1..]));
    let mut workload = match started {
        Some(started) => started,
        None => {
            let is_program = |text: &str| {
                text.rsplit('/').next() == Some("litellm") || text.contains("pkgs.litellm")
            };
            if !found.iter().any(|word| is_program(&word.text)) {
                return None;
            }
            let mut process = Workload::new(file, Form::Nix, key);
            process.is_litellm = true;
            process.whole = false;
            process.args = found.into_iter().map(|word| word.text).collect();
            environment(doc, unit, service, &mut process);
            process
        }
    };
    workload.form = Form::Nix;
    workload.name = format!("the unit {key}");
    workload.span = workload.span.or_else(|| doc.span(exec));
    for mount in &mut workload.mounts {
        let MountFrom::Host(path) = &mut mount.from else { continue };
        // A path of Nix' own, which is filled in as one of its store.
        let own = path.strip_prefix("${").and_then(|path| path.strip_suffix('}'));
        let own = own.unwrap_or(path).to_owned();
        if own.starts_with('.') {
            *path = paths::join(paths::folder(name), &own);
        }
    }
    for set in &mut workload.sets {
        if let Sets::Variable(_, variable) = set
            && matches!(&variable.value, VariableValue::Known(text) if text.reveal().contains("${"))
        {
            *variable = Variable::unknown("what Nix fills in", variable.span);
        }
    }
    Some(workload)
}

/// The variables of a unit that starts a process.
fn environment(doc: &Doc<'_>, unit: &Value, service: Option<&Value>, workload: &mut Workload) {
    let own = at(unit, &["environment"]);
    let listed = service.and_then(|service| at(service, &["Environment"]));
    for value in [own, listed].into_iter().flatten() {
        for (name, variable) in variables(doc, value) {
            workload.set(name, variable);
        }
        if matches!(value.data, Data::Unknown(_)) {
            open(doc, "environment", value, workload);
        }
    }
    let files = service.and_then(|service| any(service, &["environmentfile", "environmentfiles"]));
    if let Some(files) = files {
        open(doc, "EnvironmentFile", &files.value, workload);
    }
}

/// The files of `environment.etc`, and of home-manager's `xdg.configFile` and `home.file`.
pub(super) fn put(
    doc: &Doc<'_>,
    (file, name): (usize, &str),
    key: &str,
    value: &Value,
) -> (Vec<Copied>, Vec<Config>) {
    let below = match key {
        "etc" => "/etc/",
        "configFile" => ".config/",
        _ => "",
    };
    let (mut copies, mut configs) = (vec![], vec![]);
    for entry in entries(Some(value)) {
        let Some(path) = entry.key.as_str() else { continue };
        let target = format!("{below}{path}");
        if let Some(from) = at(&entry.value, &["source"]).and_then(Value::as_str)
            && from.starts_with('.')
        {
            let file = paths::join(paths::folder(name), from);
            copies.push(Copied { target, file, range: None });
        } else if let Some(content) = at(&entry.value, &["text"])
            && content.as_str().is_some_and(looks_like_config)
            && let Some(range) = doc.literal(content)
        {
            let words = format!("the text of {path}");
            configs.push(Config { file, range: Some(range.clone()), words });
            copies.push(Copied { target, file: name.to_owned(), range: Some(range) });
        }
    }
    (copies, configs)
}
