//! Values of Helm charts: both official ones, bjw-s' app-template, and charts around them.

use crate::environment::NamedText;
use crate::environment::{Note, Package, Pin, Variable};
use crate::intake::{self, Doc, is_litellm_config, looks_like_config};
use base::source::Span;
use python::{Data, Met, Value};

use super::container::variables;
use super::platform::is_litellm_image;
use super::pod::{env_list, mounts};
use super::{Read, source};
use crate::manifest::blank_outside;
use crate::model::{
    Chart, Config, Form, Mode, Mount, MountFrom, Replicas, Sets, Text, Values, Workload, World,
};
use crate::paths;
use crate::tree::{at, command, entries, items, number, scalar, text};

/// What the official chart takes where the values name no repository.
const REPOSITORY: &str = "ghcr.io/berriai/litellm-database";
/// Where the official chart mounts the config.
const CONFIG: &str = "/etc/litellm/config.yaml";
/// Deeper than this, no chart nests another's values.
const DEEPEST: usize = 4;

/// What deploys values.
#[derive(Clone, Copy)]
pub(super) struct Release<'a> {
    pub(super) file: usize,
    /// `HelmRelease litellm`; empty for a file of values.
    pub(super) title: &'a str,
    pub(super) namespace: &'a Option<String>,
    /// The chart's version.
    pub(super) version: Option<&'a Value>,
}

/// Reads a file of values; whether it is one.
pub(super) fn values_file(file: usize, doc: &Doc<'_>, world: &mut World) -> bool {
    let release = Release { file, title: "", namespace: &None, version: None };
    let before = world.workloads.len();
    release_of(doc, &doc.root, release, &[], world);
    world.workloads.len() > before
}

/// Reads the values of a release.
pub(super) fn release(
    doc: &Doc<'_>,
    values: Option<&Value>,
    release: Release<'_>,
    values_from: &[Value],
    world: &mut World,
) {
    if let Some(values) = values {
        release_of(doc, values, release, values_from, world);
    }
}

/// Reads values that are given as a text.
pub(super) fn text_values(
    files: &[NamedText],
    doc: &Doc<'_>,
    content: &Value,
    release: Release<'_>,
    world: &mut World,
) {
    let Some(range) = doc.literal(content) else {
        world.notes.push(Note {
            span: doc.span(content),
            text: "these values are not read: write them as a `|` text".to_owned(),
        });
        return;
    };
    let Some(file) = files.get(release.file) else { return };
    if file.text.get(range.clone()).is_none() {
        return;
    }
    let masked = blank_outside(&file.text, &range);
    let mut notes = vec![];
    for inner in intake::documents(source(release.file), &file.name, &masked, &mut notes) {
        release_of(&inner, &inner.root, release, &[], world);
    }
    world.notes.extend(notes);
}

/// Reads values that are given one by one: `envVars.REDIS_HOST`.
pub(super) fn parameters(
    doc: &Doc<'_>,
    parameters: &[Value],
    release: Release<'_>,
    world: &mut World,
) {
    let mut workload = workload(doc, release);
    let mut repository = REPOSITORY.to_owned();
    let mut tag = None;
    for parameter in parameters {
        let (Some(name), Some(value)) = (text(parameter, "name"), at(parameter, &["value"])) else {
            continue;
        };
        let written = doc.raw_text(value);
        if let Some(variable) = name.strip_prefix("envVars.") {
            workload.set(variable, Variable::known(&written, doc.span(value)));
        } else if name == "image.repository" {
            repository = written;
        } else if name == "image.tag" {
            tag = Some((written, doc.span(value)));
        }
    }
    if let Some((tag, span)) = tag {
        workload.image = Some(Text { text: format!("{repository}:{tag}"), span });
    }
    if workload.image.is_some() || !workload.sets.is_empty() {
        workload.is_litellm = true;
        world.workloads.push(workload);
    }
}

fn release_of(
    doc: &Doc<'_>,
    values: &Value,
    release: Release<'_>,
    values_from: &[Value],
    world: &mut World,
) {
    for (chart, inner, path) in charts_in(doc, values, &mut vec![], 0) {
        let before = world.workloads.len();
        match chart {
            Chart::Official => official(doc, inner, &path, release, world),
            Chart::Split => split(doc, inner, &path, release, world),
            Chart::AppTemplate => app_template(doc, inner, release, world),
        }
        for workload in &mut world.workloads[before..] {
            workload.values = Some(Values {
                chart,
                path: path.iter().map(|key| (*key).to_owned()).collect(),
                object: release.title.to_owned(),
            });
            for from in values_from {
                let kind = text(from, "kind").unwrap_or("Secret");
                let name = at(from, &["name"]).map_or(String::new(), |name| doc.raw_text(name));
                let what = format!("the values in the {kind} {name}");
                workload.sets.insert(0, Sets::Open { what, span: doc.span(from) });
            }
        }
    }
}

/// The values in these values that are a chart's of LiteLLM's.
fn charts_in<'v>(
    doc: &Doc<'_>,
    values: &'v Value,
    path: &mut Vec<&'v str>,
    depth: usize,
) -> Vec<(Chart, &'v Value, Vec<&'v str>)> {
    if let Some(chart) = chart_of(doc, values) {
        return vec![(chart, values, path.clone())];
    }
    let mut found = vec![];
    if depth < DEEPEST {
        for entry in entries(Some(values)) {
            let Some(key) = entry.key.as_str() else { continue };
            path.push(key);
            found.extend(charts_in(doc, &entry.value, path, depth + 1));
            path.pop();
        }
    }
    found
}

fn chart_of(doc: &Doc<'_>, values: &Value) -> Option<Chart> {
    values.as_dict()?;
    let has = |keys: &[&str]| keys.iter().any(|key| at(values, &[key]).is_some());
    if at(values, &["gateway", "config", "proxy_config"]).is_some()
        || (at(values, &["gateway"]).is_some_and(|gateway| gateway.as_dict().is_some())
            && has(&["masterKey", "database"]))
    {
        return Some(Chart::Split);
    }
    let own = [
        "proxy_config",
        "envVars",
        "extraEnvVars",
        "environmentSecrets",
        "environmentConfigMaps",
        "masterkeySecretName",
        "proxyConfigMap",
    ];
    let repository = at(values, &["image", "repository"]).map(|name| doc.raw_text(name));
    if has(&own) || repository.is_some_and(|name| is_litellm_image(&name)) {
        return Some(Chart::Official);
    }
    let controllers = entries(at(values, &["controllers"]));
    controllers
        .iter()
        .any(|controller| at(&controller.value, &["containers"]).is_some())
        .then_some(Chart::AppTemplate)
}

fn workload(doc: &Doc<'_>, release: Release<'_>) -> Workload {
    let mut workload = Workload::new(release.file, Form::Helm, release.title);
    workload.namespace.clone_from(release.namespace);
    workload.whole = !doc.has_templates();
    workload.pins.extend(release.version.and_then(|version| version_pin(doc, version)));
    workload
}

/// What a chart's version says of LiteLLM's release.
pub(super) fn version_pin(doc: &Doc<'_>, version: &Value) -> Option<Pin> {
    let written = scalar(doc, version)?;
    Some(chart_pin(release_in(&written)?, &written, doc.span(version)))
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

/// A chart's version names LiteLLM's release: those of the charts' own numbering are lower.
fn release_in(version: &str) -> Option<String> {
    let version = version.trim_start_matches(['v', '^', '~', '=', ' ']);
    let mut numbers = version.split(['.', '-', '+']).map(str::parse::<u32>);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(1)), Some(Ok(minor)), Some(Ok(patch))) if minor >= 40 => {
            Some(format!("1.{minor}.{patch}"))
        }
        _ => None,
    }
}

fn chart_pin(release: String, written: &str, span: Option<Span>) -> Pin {
    Pin {
        package: Package::Litellm,
        release: Some(release),
        written: format!("chart version {written}"),
        // Where it is, once the texts are at hand.
        place: span.map_or(String::new(), |span| format!("@{}:{}", span.source.0, span.start)),
    }
}

fn image(doc: &Doc<'_>, values: &Value, default: &str) -> Option<Text> {
    let image = at(values, &["image"])?;
    if let Some(text) = scalar(doc, image).filter(|text| !text.is_empty()) {
        return Some(Text { text, span: doc.span(image) });
    }
    let part = |key: &str| {
        at(image, &[key]).and_then(|value| scalar(doc, value)).filter(|text| !text.is_empty())
    };
    let repository = part("repository");
    let repository = match (part("registry"), repository) {
        (Some(registry), Some(repository)) => format!("{registry}/{repository}"),
        (_, Some(repository)) => repository,
        (_, None) if part("tag").is_some() && !default.is_empty() => default.to_owned(),
        _ => return None,
    };
    let tag = part("tag").or_else(|| part("digest"));
    let written = match &tag {
        Some(tag) if tag.starts_with("sha256:") => format!("{repository}@{tag}"),
        Some(tag) => format!("{repository}:{tag}"),
        None => repository,
    };
    let span = at(image, &["tag"]).or(Some(image)).and_then(|value| doc.span(value));
    Some(Text { text: written, span })
}

/// The config at a path of values: a mapping, or a `|` text.
fn config_at(
    doc: &Doc<'_>,
    value: &Value,
    file: usize,
    path: &[&str],
    last: &str,
    title: &str,
) -> Option<Config> {
    let range = match &value.data {
        Data::Dict(_) => doc.span(value)?.range(),
        Data::Str(_) => doc.config(value)?,
        _ => return None,
    };
    let path = [path, &[last]].concat().join(".");
    let words =
        if title.is_empty() { format!("`{path}`") } else { format!("the {title}, `{path}`") };
    Some(Config { file, range: Some(range), words })
}

/// `litellm-helm`
fn official(doc: &Doc<'_>, values: &Value, path: &[&str], release: Release<'_>, world: &mut World) {
    let mut workload = workload(doc, release);
    if workload.name.is_empty() {
        workload.name = path.join(".");
    }
    workload.is_litellm = true;
    workload.image = image(doc, values, REPOSITORY).or_else(|| {
        // Its own, with the tag that the chart's version names.
        let custom = at(values, &["image"]).is_some_and(|image| doc.is_template(image));
        (!custom).then(|| Text { text: REPOSITORY.to_owned(), span: None })
    });
    workload.span = workload.image.as_ref().and_then(|image| image.span);
    if let Some(config) = at(values, &["proxy_config"]) {
        workload.own = config_at(doc, config, release.file, path, "proxy_config", release.title);
    }
    for (field, secret) in [("environmentSecrets", true), ("environmentConfigMaps", false)] {
        for name in items(at(values, &[field])) {
            workload.sets.push(Sets::Object {
                secret,
                name: doc.raw_text(name),
                prefix: String::new(),
                span: doc.span(name),
            });
        }
    }
    chart_redis(doc, values, &mut workload);
    pod(values, &mut workload);
    for field in ["envVars", "env", "extraEnv", "extraEnvVars"] {
        let Some(value) = at(values, &[field]) else { continue };
        if value.as_list().is_some() {
            env_list(doc, items(Some(value)), &mut workload);
        } else {
            workload.sets.extend(named(variables(doc, value)));
        }
    }
    for source in items(at(values, &["envFrom"])).iter().chain(items(at(values, &["extraEnvFrom"])))
    {
        for (field, secret) in [("configMapRef", false), ("secretRef", true)] {
            if let Some(name) = at(source, &[field, "name"]) {
                let (name, span) = (doc.raw_text(name), doc.span(name));
                let set = Sets::Object { secret, name, prefix: String::new(), span };
                workload.sets.insert(0, set);
            }
        }
    }
    workload.args = command(doc, at(values, &["command"]));
    workload.args.extend(command(doc, at(values, &["args"])));
    if workload.args.is_empty() {
        workload.args = ["--config", CONFIG].map(str::to_owned).to_vec();
    }
    if let Some(name) = at(values, &["proxyConfigMap", "name"]).map(|name| doc.raw_text(name))
        && !name.is_empty()
    {
        let key = at(values, &["proxyConfigMap", "key"]).map(|key| doc.raw_text(key));
        let key = key.unwrap_or_else(|| "config.yaml".to_owned());
        workload.own = None;
        let span = at(values, &["proxyConfigMap"]).and_then(|value| doc.span(value));
        workload.mounts.push(Mount::new(CONFIG, MountFrom::ConfigMap(name, Some(key)), span));
    }
    workload.mounts.extend(mounts(doc, values, items(at(values, &["volumes"]))));
    workload.replicas = replicas(doc, values);
    world.workloads.push(workload);
}

/// `replicaCount`, unless the chart's autoscaler has its own.
fn replicas(doc: &Doc<'_>, values: &Value) -> Replicas {
    let own = Replicas::of(number(doc, at(values, &["replicaCount"])));
    let scaler = at(values, &["autoscaling"]);
    let scaler = scaler
        .filter(|one| at(one, &["enabled"]).is_some_and(|on| matches!(on.data, Data::Bool(true))));
    scaler.map_or(own, |scaler| {
        let count = |key: &str| number(doc, at(scaler, &[key]));
        own.scaled(Replicas { least: count("minReplicas"), most: count("maxReplicas") })
    })
}

fn named(variables: Vec<(String, Variable)>) -> impl Iterator<Item = Sets> {
    variables.into_iter().map(|(name, variable)| Sets::Variable(name, variable))
}

/// The Redis that `litellm-helm` installs beside LiteLLM.
fn chart_redis(doc: &Doc<'_>, values: &Value, workload: &mut Workload) {
    let on = at(values, &["redis", "enabled"]);
    let Some(on) = on.filter(|on| matches!(on.data, Data::Bool(true))) else { return };
    let span = doc.span(on);
    for name in ["REDIS_HOST", "REDIS_PASSWORD"] {
        let variable = Variable::unknown("the Redis that the Helm chart installs", span);
        workload.set(name, variable);
    }
    // `litellm.redis.port`: with Sentinel, the variable names the sentinels.
    let sentinel = at(values, &["redis", "sentinel", "enabled"])
        .filter(|on| matches!(on.data, Data::Bool(true)));
    let (path, default): (&[&str], _) = match sentinel {
        Some(_) => (&["redis", "sentinel", "service", "ports", "sentinel"], "26379"),
        None => (&["redis", "master", "service", "ports", "redis"], "6379"),
    };
    let port = at(values, path).and_then(|port| scalar(doc, port));
    let place = sentinel.and_then(|on| doc.span(on)).or(span);
    workload.set("REDIS_PORT", Variable::known(&port.unwrap_or_else(|| default.to_owned()), place));
    let coordinates = at(values, &["redis", "coordination", "enabled"])
        .is_none_or(|enabled| !matches!(enabled.data, Data::Bool(false)));
    if coordinates
        && at(values, &["proxy_config", "general_settings", "coordination_redis"]).is_none()
    {
        workload.notes.push(Note {
            span,
            text: "newer releases of the chart add general_settings.coordination_redis for this Redis: \
                `helm template … | redproof check -` checks the config as it is rendered"
                .to_owned(),
        });
    }
}

/// The pod that a chart makes.
fn pod(values: &Value, workload: &mut Workload) {
    let more = ["extraContainers", "sidecars", "extraInitContainers"];
    workload.network.mode = Mode::Own;
    workload.network.in_pod = more.iter().map(|key| items(at(values, &[key])).len()).sum();
    workload.service_links = true;
}

/// `litellm`: the gateway serves, the backend manages.
fn split(doc: &Doc<'_>, values: &Value, path: &[&str], release: Release<'_>, world: &mut World) {
    let config = at(values, &["gateway", "config", "proxy_config"]);
    for (component, repository) in [
        ("gateway", "ghcr.io/berriai/litellm-gateway"),
        ("backend", "ghcr.io/berriai/litellm-backend"),
    ] {
        let Some(part) = at(values, &[component]) else { continue };
        if at(part, &["enabled"]).is_some_and(|on| matches!(on.data, Data::Bool(false))) {
            continue;
        }
        let mut workload = workload(doc, release);
        workload.name = match release.title {
            "" => component.to_owned(),
            title => format!("{title}, {component}"),
        };
        workload.is_litellm = true;
        workload.image = image(doc, part, repository);
        for (field, secret) in [("envSecrets", true), ("envConfigMaps", false)] {
            for name in items(at(part, &[field])) {
                let (name, span) = (doc.raw_text(name), doc.span(name));
                workload.sets.push(Sets::Object { secret, name, prefix: String::new(), span });
            }
        }
        split_redis(doc, values, &mut workload);
        pod(part, &mut workload);
        if let Some(image) = at(values, &["image"]) {
            workload.notes.push(Note {
                span: doc.span(image),
                text: format!(
                    "this chart does not read `image`: the release is that of `{component}.image`"
                ),
            });
        }
        env_list(doc, items(at(part, &["extraEnv"])), &mut workload);
        workload.args = ["--config", CONFIG].map(str::to_owned).to_vec();
        workload.replicas = replicas(doc, part);
        let path = [path, &["gateway", "config"]].concat();
        workload.own = config.and_then(|config| {
            config_at(doc, config, release.file, &path, "proxy_config", release.title)
        });
        workload.mounts.extend(mounts(doc, part, items(at(part, &["volumes"]))));
        if component == "gateway" || workload.own.is_none() {
            world.workloads.push(workload);
        }
    }
}

/// `litellm.serverEnv`
fn split_redis(doc: &Doc<'_>, values: &Value, workload: &mut Workload) {
    let Some(redis) = at(values, &["redis"]) else { return };
    let host = at(redis, &["host"]).and_then(|host| Some((scalar(doc, host)?, doc.span(host))));
    let Some((host, span)) = host.filter(|(host, _)| !host.is_empty()) else { return };
    let port = at(redis, &["port"]).and_then(|port| scalar(doc, port));
    let port = port.unwrap_or_else(|| "6379".to_owned());
    workload.set("REDIS_HOST", Variable::known(&host, span));
    workload.set("REDIS_PORT", Variable::known(&port, span));
    if let Some(name) = at(redis, &["passwordSecret", "name"]).map(|name| doc.raw_text(name))
        && !name.is_empty()
    {
        let key = at(redis, &["passwordSecret", "passwordKey"]).map(|key| doc.raw_text(key));
        workload.sets.push(Sets::Key {
            variable: "REDIS_PASSWORD".to_owned(),
            secret: true,
            name,
            key: key.unwrap_or_else(|| "password".to_owned()),
            optional: false,
            span: at(redis, &["passwordSecret"]).and_then(|value| doc.span(value)),
        });
    }
    if at(redis, &["cluster"]).is_some_and(|on| matches!(on.data, Data::Bool(true))) {
        let nodes = format!("[{{\"host\":\"{host}\",\"port\":{port}}}]");
        workload.set("REDIS_CLUSTER_NODES", Variable::known(&nodes, span));
    }
}

/// bjw-s' app-template: `controllers.*.containers.*`.
fn app_template(doc: &Doc<'_>, values: &Value, release: Release<'_>, world: &mut World) {
    for controller in entries(at(values, &["controllers"])) {
        for container in entries(at(&controller.value, &["containers"])) {
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
            persistence(doc, values, release, &mut workload);
            workload.own = config_text(doc, values, release);
            world.workloads.push(workload);
        }
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
                workload.set(name, super::container::variable(doc, one));
            }
        }
    }
}

/// `persistence.*` of app-template.
fn persistence(doc: &Doc<'_>, values: &Value, release: Release<'_>, workload: &mut Workload) {
    for entry in entries(at(values, &["persistence"])) {
        let value = &entry.value;
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
        for controller in entries(at(value, &["advancedMounts"])) {
            for container in entries(Some(&controller.value)) {
                items(Some(&container.value)).iter().for_each(&mut mount);
            }
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

/// The first config anywhere in a value.
pub(super) fn config_within(
    file: usize,
    doc: &Doc<'_>,
    value: &Value,
    title: &str,
) -> Option<Config> {
    within(doc, value, &mut vec![], &mut Met::default()).and_then(|(value, path)| {
        let (last, path) = path.split_last()?;
        config_at(doc, value, file, path, last, title)
    })
}

fn within<'v>(
    doc: &Doc<'_>,
    value: &'v Value,
    path: &mut Vec<&'v str>,
    met: &mut Met,
) -> Option<(&'v Value, Vec<&'v str>)> {
    if path.len() > 6 || !met.is_first(value) {
        return None;
    }
    for entry in entries(Some(value)) {
        let Some(key) = entry.key.as_str() else { continue };
        path.push(key);
        let holds = match &entry.value.data {
            Data::Dict(_) => is_litellm_config(&entry.value),
            Data::Str(text) => looks_like_config(text) && doc.config(&entry.value).is_some(),
            _ => false,
        };
        if holds {
            return Some((&entry.value, path.clone()));
        }
        if let Some(found) = within(doc, &entry.value, path, met) {
            return Some(found);
        }
        path.pop();
    }
    None
}

/// What `Chart.yaml` says of the values beside it: the release, and that other files of values lie over
/// `values.yaml`.
pub(super) fn charts(files: &[NamedText], reads: &[Read<'_>], world: &mut World) {
    for read in reads.iter().filter(|read| paths::file_name(read.name) == "Chart.yaml") {
        let Some(doc) = read.docs.first() else { continue };
        let folder = paths::folder(read.name);
        let dependencies = items(at(&doc.root, &["dependencies"])).iter();
        let mut dependency = dependencies
            .filter(|one| text(one, "name").is_some_and(|name| name.contains("litellm")));
        let version = dependency.find_map(|one| at(one, &["version"]));
        let own = text(&doc.root, "name").is_some_and(|name| name.contains("litellm"));
        let version = version.or_else(|| at(&doc.root, &["appVersion"]).filter(|_| own));
        let pin = version.and_then(|version| {
            let written = scalar(doc, version)?;
            Some(chart_pin(release_in(&written)?, &written, doc.span(version)))
        });
        let is_here = |file: usize| {
            files.get(file).is_some_and(|file| paths::is_within(paths::folder(&file.name), folder))
        };
        for workload in world.workloads.iter_mut().filter(|workload| is_here(workload.file)) {
            if workload.pins.is_empty() && matches!(workload.form, Form::Helm | Form::Kubernetes) {
                workload.pins.extend(pin.clone());
                if pin.is_some() {
                    workload.files.push(read.index);
                }
            }
        }
        layers(files, folder, world);
    }
}

fn layers(files: &[NamedText], folder: &str, world: &mut World) {
    let name = |workload: &Workload| files.get(workload.file).map_or("", |file| &file.name);
    let base = world.workloads.iter().find(|workload| {
        let name = name(workload);
        workload.form == Form::Helm
            && paths::folder(name) == folder
            && matches!(paths::file_name(name), "values.yaml" | "values.yml")
    });
    let Some(base) = base.cloned() else { return };
    for workload in &mut world.workloads {
        let over = workload.form == Form::Helm
            && workload.file != base.file
            && files.get(workload.file).is_some_and(|file| {
                paths::is_within(paths::folder(&file.name), folder)
                    && paths::file_name(&file.name).contains("values")
            });
        if !over {
            continue;
        }
        lay(&base, workload);
    }
}

/// Lays a file of values over another one, as Helm does.
pub(super) fn lay(base: &Workload, workload: &mut Workload) {
    if workload.files.contains(&base.file) {
        return;
    }
    workload.sets = base.sets.iter().cloned().chain(std::mem::take(&mut workload.sets)).collect();
    // Without `image`, the chart's own is assumed.
    let assumed = workload.image.as_ref().is_none_or(|image| image.span.is_none());
    if assumed && base.image.is_some() {
        workload.image.clone_from(&base.image);
    }
    workload.replicas = workload.replicas.or(base.replicas);
    workload.files.push(base.file);
    match (&workload.own, &base.own) {
        (None, Some(own)) => workload.own = Some(own.clone()),
        (Some(own), Some(_)) => workload.notes.push(Note {
            span: own
                .range
                .clone()
                .map(|range| Span::new(source(own.file), range.start, range.start)),
            text: "Helm merges this proxy_config into that of values.yaml, which is not read here"
                .to_owned(),
        }),
        _ => {}
    }
}
