//! What platforms' files say of what is mounted into a container: ECS, Nomad, Azure Container Apps, Cloud
//! Run, Fly, `docker inspect`, devcontainers, NixOS.

use std::ops::Range;

use crate::environment::Variable;
use crate::intake::Doc;
use crate::model::{Mode, Mount, MountFrom, Workload};
use crate::paths;
use crate::tree::{any, entries, items, scalar};
use python::{Data, Value};

use super::container::{open, worked_out};
use super::images::is_litellm_image;

/// What they call the place in the container, compared without case and punctuation.
const TARGET: [&str; 6] =
    ["containerpath", "mountpath", "destination", "target", "guestpath", "mountpoint"];
/// What they call where it comes from.
const FROM: [&str; 4] = ["source", "src", "hostpath", "localpath"];

/// Whether a key of a container lists what is mounted.
pub(super) fn lists_mounts(key: &str) -> bool {
    matches!(
        key,
        "volumes"
            | "mounts"
            | "mount"
            | "volumemounts"
            | "volumemount"
            | "mountpoints"
            | "binds"
            | "files"
    )
}

/// Whether a key of a container brings files in a way that is not read.
pub(super) fn hides_mounts(key: &str) -> bool {
    matches!(key, "volumesfrom" | "artifact" | "extraoptions" | "podmanargs" | "runargs")
}

/// Reads the mounts of a container; `file` is the name of its file.
pub(super) fn mounts(doc: &Doc<'_>, file: &str, value: &Value, workload: &mut Workload) {
    let list = value.as_list().map_or(std::slice::from_ref(value), |list| list);
    if matches!(value.data, Data::Unknown(_)) {
        workload.hides_mounts = true;
        return;
    }
    for item in list {
        let read = match item.as_str() {
            Some(text) => written(text),
            None => parts(doc, item),
        };
        let Some((from, target)) = read else {
            // What is not read may be mounted anywhere.
            workload.hides_mounts |= matches!(item.data, Data::Unknown(_) | Data::Dict(_));
            continue;
        };
        let from = match from {
            Some(from) => task_file(workload, &from).unwrap_or_else(|| {
                let is_path = from.starts_with(['.', '/', '~']) || from.contains('/');
                match is_path {
                    true => MountFrom::Host(paths::join(paths::folder(file), &from)),
                    false => MountFrom::Other,
                }
            }),
            None => MountFrom::Other,
        };
        workload.mounts.push(Mount::new(target, from, doc.span(item)));
    }
}

/// What a Nomad task's own template writes, where a volume brings it: `local/config.yaml`.
fn task_file(workload: &Workload, from: &str) -> Option<MountFrom> {
    let from = from.trim_start_matches("./");
    let inside = ["local/", "secrets/", "alloc/"].iter().any(|own| from.starts_with(own));
    let own = format!("/{from}");
    let mount = workload.mounts.iter().find(|mount| inside && mount.target == own)?;
    Some(mount.from.clone())
}

/// `./config.yaml:/app/config.yaml:ro`, `source=…,target=…,type=bind`
fn written(text: &str) -> Option<(Option<String>, String)> {
    if text.contains("target=") || text.contains("destination=") || text.contains("dst=") {
        let part = |names: &[&str]| {
            text.split(',').find_map(|part| {
                let (key, value) = part.split_once('=')?;
                names.contains(&key.trim()).then(|| value.trim().to_owned())
            })
        };
        return Some((part(&["source", "src"]), part(&["target", "dst", "destination"])?));
    }
    let (from, rest) = text.split_once(':')?;
    Some((Some(from.to_owned()), rest.split(':').next().unwrap_or(rest).to_owned()))
}

fn parts(doc: &Doc<'_>, item: &Value) -> Option<(Option<String>, String)> {
    let target = scalar(doc, &any(item, &TARGET)?.value)?;
    let from = any(item, &FROM).and_then(|from| scalar(doc, &from.value));
    Some((from, target))
}

/// The templates of a Nomad task: files below `/local` and `/secrets`, or variables.
pub(super) fn templates(doc: &Doc<'_>, value: &Value, workload: &mut Workload) {
    let list = value.as_list().map_or(std::slice::from_ref(value), |list| list);
    for template in list {
        let data = any(template, &["data"]).map(|data| &data.value);
        let sets = any(template, &["env"]).and_then(|on| scalar(doc, &on.value));
        if sets.is_some_and(|on| on == "true") {
            let inside = data.and_then(|data| inside(doc, data));
            match inside {
                Some(range) => variables(doc, &range, workload),
                None => open(doc, "template", template, workload),
            }
            continue;
        }
        let to = any(template, &["destination"]).and_then(|to| scalar(doc, &to.value));
        let Some(to) = to.filter(|to| !to.contains("${")) else {
            workload.hides_mounts = true;
            continue;
        };
        let config = data.and_then(|data| doc.config(data));
        let from = config.map_or(MountFrom::Other, MountFrom::Inline);
        let target = format!("/{}", to.trim_start_matches('/'));
        workload.mounts.push(Mount::new(target, from, doc.span(template)));
    }
}

/// Where the lines of a text are.
fn inside(doc: &Doc<'_>, data: &Value) -> Option<Range<usize>> {
    doc.literal(data).or_else(|| {
        data.as_str()?;
        let span = doc.span(data)?.range();
        Some(span.start + 1..span.end.saturating_sub(1))
    })
}

/// The variables of a template's lines; what Consul or Vault fills in is not known.
fn variables(doc: &Doc<'_>, range: &Range<usize>, workload: &mut Workload) {
    let Some(text) = doc.written_at(range) else { return };
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((name, value)) = line.trim_end().split_once('=') else { continue };
        let name = name.trim().trim_start_matches("export ");
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let end = start + line.trim_end().len();
        let span = base::source::Span::new(doc.source(), end - value.len(), end);
        let value = value.trim().trim_matches(['"', '\'']);
        let variable = match value.contains("{{") || value.contains("${") {
            true => Variable::unknown(worked_out(), Some(span)),
            false => Variable::known(value, Some(span)),
        };
        workload.set(name, variable);
    }
}

/// Lets containers of one task reach each other at `localhost`, where they share its network.
pub(super) fn share(workloads: &mut [Workload]) {
    for workload in &mut *workloads {
        workload.network.mode = Mode::Own;
    }
    let count = workloads.len() - 1;
    let own = workloads
        .iter()
        .position(|one| one.image.as_ref().is_some_and(|image| is_litellm_image(&image.text)));
    let Some(own) = own.and_then(|own| workloads.get(own)).map(|one| one.host.clone()) else {
        return;
    };
    for workload in workloads {
        workload.network.in_pod = count;
        if workload.host != own {
            workload.network.rides_on = Some(own.clone());
        }
    }
}

/// Whether each container of an ECS task has a network of its own.
pub(super) fn is_bridged(doc: &Doc<'_>, task: &Value) -> bool {
    let mode = any(task, &["networkmode"]).and_then(|mode| scalar(doc, &mode.value));
    mode.as_deref() == Some("bridge")
}

/// Whether a task of Nomad runs on Docker's own network, unless its group has another one.
pub(super) fn is_of_docker(doc: &Doc<'_>, task: &Value) -> bool {
    let driver = any(task, &["driver"]).and_then(|driver| scalar(doc, &driver.value));
    let elsewhere =
        any(task, &["config"]).is_some_and(|config| any(&config.value, &["networkmode"]).is_some());
    matches!(driver.as_deref(), Some("docker" | "podman")) && !elsewhere
}

/// Whether a task's containers share a network: `awsvpc` of ECS, `bridge` of a Nomad group.
pub(super) fn has_own_network(doc: &Doc<'_>, task: &Value) -> bool {
    let mode = any(task, &["networkmode"]).and_then(|mode| scalar(doc, &mode.value));
    let fargate = any(task, &["requirescompatibilities"]).is_some_and(|on| {
        items(Some(&on.value)).iter().any(|one| scalar(doc, one).as_deref() == Some("FARGATE"))
    });
    let nomad = any(task, &["network"]).is_some_and(|network| {
        entries(Some(&network.value)).iter().any(|entry| {
            entry.key.as_str() == Some("mode")
                && scalar(doc, &entry.value).as_deref() == Some("bridge")
        })
    });
    mode.as_deref() == Some("awsvpc") || fargate || nomad
}
