//! Values of Helm charts: both official ones, bjw-s' app-template, and charts around them.

mod app_template;
mod layers;
mod official;
mod split;

use crate::environment::NamedText;
use crate::environment::{Note, Package, Pin, Variable};
use crate::intake::{self, Doc, is_litellm_config, looks_like_config};
use base::source::Span;
use python::{Data, Met, Value};

use super::images::is_litellm_image;
use super::source;
use crate::manifest::blank_outside;
use crate::model::{Chart, Config, Form, Mode, Replicas, Sets, Text, Values, Workload, World};
use crate::tree::{at, entries, items, number, scalar, text};
use app_template::app_template;
pub(super) use layers::{charts, lay};
use official::official;
use split::split;

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
                workload.hides_mounts = true;
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
    written_pin(&scalar(doc, version)?, doc.span(version))
}

/// The same of a version that is written somewhere else than in a document.
pub(super) fn written_pin(version: &str, span: Option<Span>) -> Option<Pin> {
    Some(chart_pin(release_in(version)?, version, span))
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

/// Says that a chart's version does not tell the release of its image, where nothing else does.
fn own_numbering(doc: &Doc<'_>, release: Release<'_>, workload: &mut Workload) {
    let tagged = workload.image.as_ref().is_none_or(|image| image.span.is_some());
    let version =
        release.version.and_then(|version| Some((scalar(doc, version)?, doc.span(version))));
    if let Some((version, span)) = version.filter(|_| !tagged && workload.pins.is_empty()) {
        workload.notes.push(Note {
            span,
            text: format!(
                "chart {version} has a numbering of its own, which does not say the LiteLLM release of its image: \
                 write `image.tag`, or pass --litellm"
            ),
        });
    }
}

fn chart_pin(release: String, written: &str, span: Option<Span>) -> Pin {
    Pin {
        package: Package::Litellm,
        allows: format!("=={release}"),
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

/// `replicaCount`, unless the chart's autoscaler has its own.
fn replicas(doc: &Doc<'_>, values: &Value) -> Replicas {
    let own = Replicas::of(number(doc, at(values, &["replicaCount"])));
    let mut scalers = ["autoscaling", "keda"].iter().filter_map(|key| at(values, &[key]));
    let scaler = scalers
        .find(|one| at(one, &["enabled"]).is_some_and(|on| matches!(on.data, Data::Bool(true))));
    scaler.map_or(own, |scaler| {
        let count = |key: &str| number(doc, at(scaler, &[key]));
        own.scaled(Replicas { least: count("minReplicas"), most: count("maxReplicas") })
    })
}

fn named(variables: Vec<(String, Variable)>) -> impl Iterator<Item = Sets> {
    variables.into_iter().map(|(name, variable)| Sets::Variable(name, variable))
}

/// The pod that a chart makes.
fn pod(values: &Value, workload: &mut Workload) {
    let more = ["extraContainers", "sidecars", "extraInitContainers"];
    workload.network.mode = Mode::Own;
    workload.network.in_pod = more.iter().map(|key| items(at(values, &[key])).len()).sum();
    workload.service_links = true;
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
