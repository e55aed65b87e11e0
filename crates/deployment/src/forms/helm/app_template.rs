//! bjw-s' app-template: any containers, with what mounts and fills them.

use python::{Data, Entry, Value};

use super::{Release, image, workload};
use crate::forms::container;
use crate::forms::images::{is_litellm_image, is_redis_image};
use crate::forms::pod::env_list;
use crate::intake::{Doc, looks_like_config};
use crate::model::{Config, Mode, Mount, MountFrom, Replicas, Sets, Workload, World};
use crate::tree::{at, command, entries, items, number, text};

/// bjw-s' app-template: `controllers.*.containers.*`.
pub(super) fn app_template(doc: &Doc<'_>, values: &Value, release: Release<'_>, world: &mut World) {
    for controller in entries(at(values, &["controllers"])) {
        let containers = entries(at(&controller.value, &["containers"]));
        for container in containers {
            let mut workload = workload(doc, release);
            workload.pins.clear();
            let name = controller.key.as_str().unwrap_or("");
            name.clone_into(&mut workload.host);
            if workload.name.is_empty() {
                workload.name = format!("controller {name}");
            }
            let value = &container.value;
            workload.image = image(doc, value, "");
            workload.replicas = Replicas::of(number(doc, at(&controller.value, &["replicas"])));
            workload.args = command(doc, at(value, &["command"]));
            workload.args.extend(command(doc, at(value, &["args"])));
            for source in items(at(value, &["envFrom"])) {
                for (path, secret) in [
                    (&["secretRef", "name"][..], true),
                    (&["secret"][..], true),
                    (&["configMapRef", "name"][..], false),
                    (&["configMap"][..], false),
                ] {
                    if let Some(name) = at(source, path) {
                        let (name, span) = (filled(doc, name, release), doc.span(name));
                        let prefix = String::new();
                        workload.sets.push(Sets::Object { secret, name, prefix, span });
                    }
                }
            }
            app_env(doc, at(value, &["env"]), release, &mut workload);
            let own = (name, container.key.as_str().unwrap_or(""));
            workload.within = Some(format!("{}/{}", own.0, own.1));
            persistence(doc, values, release, own, &mut workload);
            let pods = [
                at(values, &["defaultPodOptions", "hostNetwork"]),
                at(&controller.value, &["pod", "hostNetwork"]),
            ];
            let on_host = pods.into_iter().flatten().any(|on| doc.raw_text(on) == "true");
            workload.network.mode = if on_host { Mode::Shared } else { Mode::Own };
            workload.network.in_pod = containers.len() - 1;
            if workload.image.as_ref().is_some_and(|image| is_redis_image(&image.text)) {
                let beside = containers.iter().find(|one| {
                    one.key.as_str() != container.key.as_str()
                        && image(doc, &one.value, "").is_some_and(|one| is_litellm_image(&one.text))
                });
                workload.network.rides_on = beside.map(|_| name.to_owned());
                served(doc, values, release, name, &mut workload);
            }
            workload.own = config_text(doc, values, release);
            world.workloads.push(workload);
        }
    }
}

/// The names of the Services in front of a controller, as the chart makes them: the release's own for the only one
/// and the primary, else with the Service's key behind it.
fn served(
    doc: &Doc<'_>,
    values: &Value,
    release: Release<'_>,
    name: &str,
    workload: &mut Workload,
) {
    let own = release.title.rsplit(' ').next().unwrap_or("");
    let all = entries(at(values, &["service"]));
    let is_on =
        |one: &&Entry| at(&one.value, &["enabled"]).is_none_or(|on| doc.raw_text(on) != "false");
    let count = all.iter().filter(is_on).count();
    let mut names = vec![];
    for one in all.iter().filter(is_on) {
        let key = one.key.as_str().unwrap_or("");
        let controller = at(&one.value, &["controller"]).map(|one| doc.raw_text(one));
        if controller.is_some_and(|controller| controller != name) {
            continue;
        }
        let part = |key: &str| at(&one.value, &[key]).map(|one| doc.raw_text(one));
        let primary = part("primary").as_deref() == Some("true");
        names.push(match (part("forceRename"), part("nameOverride")) {
            (Some(name), _) => name,
            _ if own.is_empty() => format!("-{key}"),
            (None, Some(name)) => format!("{own}-{name}"),
            (None, None) if primary || count < 2 || own == key => own.to_owned(),
            (None, None) => format!("{own}-{key}"),
        });
    }
    match <[String; 1]>::try_from(names) {
        Ok([only]) if !own.is_empty() => workload.host = only,
        Ok([only]) => workload.network.names.push(only),
        Err(names) => workload.network.names.extend(names),
    }
}

fn app_env(doc: &Doc<'_>, env: Option<&Value>, release: Release<'_>, workload: &mut Workload) {
    if let Some(list) = env.and_then(Value::as_list) {
        env_list(doc, list, workload);
        return;
    }
    for entry in entries(env) {
        let Some(name) = entry.key.as_str() else { continue };
        let from = at(&entry.value, &["valueFrom"]).unwrap_or(&entry.value);
        let key = [("secretKeyRef", true), ("configMapKeyRef", false)]
            .into_iter()
            .find_map(|(field, secret)| Some((at(from, &[field])?, secret)));
        match key {
            Some((reference, secret)) => {
                let part = |key: &str| {
                    at(reference, &[key]).map_or(String::new(), |v| filled(doc, v, release))
                };
                workload.sets.push(Sets::Key {
                    variable: name.to_owned(),
                    secret,
                    name: part("name"),
                    key: part("key"),
                    optional: false,
                    span: doc.span(reference),
                });
            }
            None => {
                let one = at(&entry.value, &["value"]).unwrap_or(&entry.value);
                workload.set(name, container::variable(doc, one));
            }
        }
    }
}

/// `persistence.*` of app-template.
fn persistence(
    doc: &Doc<'_>,
    values: &Value,
    release: Release<'_>,
    (own_controller, own_container): (&str, &str),
    workload: &mut Workload,
) {
    for entry in entries(at(values, &["persistence"])) {
        let value = &entry.value;
        if at(value, &["enabled"]).is_some_and(|on| matches!(on.data, Data::Bool(false))) {
            continue;
        }
        let name = ["name", "identifier"].iter().find_map(|key| at(value, &[key]));
        let name = name.map(|name| filled(doc, name, release));
        let mut mount = |mount: &Value| {
            let Some(target) = at(mount, &["path"]).map(|path| doc.raw_text(path)) else { return };
            let sub = at(mount, &["subPath"]).map(|path| doc.raw_text(path));
            let from = match (text(value, "type"), &name) {
                (Some("configMap"), Some(name)) => MountFrom::ConfigMap(name.clone(), sub),
                (Some("secret"), Some(name)) => MountFrom::Secret(name.clone(), sub),
                _ => MountFrom::Other,
            };
            workload.mounts.push(Mount::new(target, from, doc.span(mount)));
        };
        items(at(value, &["globalMounts"])).iter().for_each(&mut mount);
        let advanced = at(value, &["advancedMounts"]);
        let mounts = at(advanced.unwrap_or(value), &[own_controller, own_container]);
        if advanced.is_some() {
            items(mounts).iter().for_each(&mut mount);
        } else if at(value, &["globalMounts"]).is_none()
            && let Some(key) = entry.key.as_str()
        {
            // Where nothing says, it is mounted under its own name.
            let from = match (text(value, "type"), name) {
                (Some("configMap"), Some(name)) => MountFrom::ConfigMap(name, None),
                (Some("secret"), Some(name)) => MountFrom::Secret(name, None),
                _ => MountFrom::Other,
            };
            workload.mounts.push(Mount::new(format!("/{key}"), from, doc.span(value)));
        }
    }
}

/// A config in `configMaps.*.data.*`.
fn config_text(doc: &Doc<'_>, values: &Value, release: Release<'_>) -> Option<Config> {
    for map in entries(at(values, &["configMaps"])) {
        for entry in entries(at(&map.value, &["data"])) {
            let holds = entry.value.as_str().is_some_and(looks_like_config);
            if holds && let Some(range) = doc.config(&entry.value) {
                let key = entry.key.as_str().unwrap_or("?");
                let path = ["configMaps", map.key.as_str().unwrap_or("?"), "data"];
                let words = format!("`{}.{key}`", path.join("."));
                return Some(Config { file: release.file, range: Some(range), words });
            }
        }
    }
    None
}

/// A name as the template of a release fills it in: `{{ .Release.Name }}-config`.
fn filled(doc: &Doc<'_>, name: &Value, release: Release<'_>) -> String {
    let written = doc.raw_text(name);
    let own = release.title.rsplit(' ').next().unwrap_or("");
    if own.is_empty() || !doc.is_template(name) {
        return written;
    }
    let mut name = written.trim_matches(['"', '\'']).to_owned();
    for template in ["{{ .Release.Name }}", "{{.Release.Name}}"] {
        name = name.replace(template, own);
    }
    name
}
