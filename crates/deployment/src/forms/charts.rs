//! What deploys a chart while its values, or its version, are in another file: Argo CD's `valueFiles`,
//! Flux' `chartRef`, helmfile, `helmCharts` of a kustomization, Terraform's `helm_release`.

use std::sync::Arc;

use crate::environment::Pin;
use crate::intake::Doc;
use python::{Data, Dict, Value};

use super::helm::{self, Release};
use super::{Read, is_kustomization};
use crate::chart::{ChartRelease, ValuesFile};
use crate::model::{Form, Workload, World};
use crate::paths;
use crate::tree::{at, entries, items, text};

/// The pin of a version, where it names LiteLLM's release.
pub(super) fn pin(doc: &Doc<'_>, chart: Option<&str>, version: Option<&Value>) -> Option<Pin> {
    chart.filter(|chart| chart.contains("litellm"))?;
    helm::version_pin(doc, version?)
}

/// Whether a document is a helmfile.
pub(super) fn is_helmfile(root: &Value) -> bool {
    items(at(root, &["releases"])).iter().any(|release| text(release, "chart").is_some())
}

/// Reads a helmfile.
pub(super) fn helmfile(file: usize, name: &str, doc: &Doc<'_>, world: &mut World) {
    for release in items(at(&doc.root, &["releases"])) {
        let title = format!("release {}", text(release, "name").unwrap_or("?"));
        let given = items(at(release, &["values"]));
        let inline = merged(given.iter().filter(|values| values.as_dict().is_some()));
        let namespace = text(release, "namespace").map(str::to_owned);
        let version = at(release, &["version"]);
        let chart = text(release, "chart");
        if let Some(values) = &inline {
            let release = Release { file, title: &title, namespace: &namespace, version };
            helm::release(doc, Some(values), release, &[], world);
        }
        let paths = given.iter().map(|path| doc.raw_text(path));
        let paths = paths.map(|path| path.trim_matches(['"', '\'']).to_owned());
        let values = paths.filter_map(|path| ValuesFile::of(name, &path)).collect();
        let pin = pin(doc, chart, version);
        world.releases.push(ChartRelease { file, title, values, pin, source: None });
    }
}

/// Whether a document is Skaffold's.
pub(super) fn is_skaffold(root: &Value) -> bool {
    text(root, "apiVersion").is_some_and(|version| version.starts_with("skaffold/"))
}

/// Reads the charts that Skaffold deploys.
pub(super) fn skaffold(file: usize, name: &str, doc: &Doc<'_>, world: &mut World) {
    let releases = [["deploy", "helm", "releases"], ["manifests", "helm", "releases"]];
    for release in releases.iter().flat_map(|path| items(at(&doc.root, path))) {
        let title = format!("release {}", text(release, "name").unwrap_or("?"));
        let version = at(release, &["version"]);
        let chart = text(release, "remoteChart").or_else(|| text(release, "chartPath"));
        let files = items(at(release, &["valuesFiles"])).iter().filter_map(Value::as_str);
        let values = files.filter_map(|path| ValuesFile::of(name, path)).collect();
        let pin = pin(doc, chart, version);
        let namespace = text(release, "namespace").map(str::to_owned);
        let own = Release { file, title: &title, namespace: &namespace, version };
        helm::release(doc, at(release, &["overrides"]), own, &[], world);
        world.releases.push(ChartRelease { file, title, values, pin, source: None });
    }
}

/// Mappings as one: helmfile lays each over those before it.
fn merged<'v>(mappings: impl Iterator<Item = &'v Value>) -> Option<Value> {
    let mut mappings = mappings.peekable();
    let origin = mappings.peek()?.origin.clone();
    let entries = mappings.flat_map(|mapping| entries(Some(mapping)).iter().cloned()).collect();
    Some(Value::new(Data::Dict(Arc::new(Dict { entries })), origin))
}

/// `helmCharts` of kustomizations.
pub(super) fn kustomizations(reads: &[Read<'_>], world: &mut World) {
    for read in reads.iter().filter(|read| is_kustomization(paths::file_name(read.name))) {
        let Some(doc) = read.docs.first() else { continue };
        for chart in items(at(&doc.root, &["helmCharts"])) {
            let name = text(chart, "name").unwrap_or("?");
            let title = format!("chart {name}");
            let namespace = text(chart, "namespace").map(str::to_owned);
            let version = at(chart, &["version"]);
            let release =
                Release { file: read.index, title: &title, namespace: &namespace, version };
            helm::release(doc, at(chart, &["valuesInline"]), release, &[], world);
            let more = items(at(chart, &["additionalValuesFiles"])).iter();
            let paths = text(chart, "valuesFile").into_iter();
            let paths = paths.chain(more.filter_map(Value::as_str));
            let values = paths.filter_map(|path| ValuesFile::of(read.name, path)).collect();
            let pin = pin(doc, Some(name), version);
            let file = read.index;
            world.releases.push(ChartRelease { file, title, values, pin, source: None });
        }
    }
}

/// Joins charts that are deployed with their values.
pub(super) fn join(world: &mut World) {
    for release in std::mem::take(&mut world.releases) {
        let source = release.source.as_ref();
        let source =
            source.and_then(|source| world.chart_sources.iter().find(|(name, ..)| name == source));
        let said = release.pin.clone().map(|pin| (pin, release.file));
        let said = said.or_else(|| source.map(|(_, pin, file)| (pin.clone(), *file)));
        let own = |workload: &Workload| {
            workload.file == release.file
                && workload.values.as_ref().is_some_and(|values| values.object == release.title)
        };
        let place = |workload: &mut Workload| {
            let Some((pin, file)) = &said else { return };
            if workload.pins.is_empty() {
                workload.pins.push(pin.clone());
                if !workload.files.contains(file) {
                    workload.files.push(*file);
                }
            }
        };
        world.workloads.iter_mut().filter(|one| own(one)).for_each(place);
        let mut base: Option<Workload> = None;
        for values in &release.values {
            let World { workloads, paths, .. } = &mut *world;
            let of_file = |workload: &&mut Workload| {
                workload.form == Form::Helm
                    && workload.values.as_ref().is_some_and(|values| values.object.is_empty())
                    && paths.get(workload.file).is_some_and(|path| values.is(path))
            };
            let mut last = None;
            for workload in workloads.iter_mut().filter(of_file) {
                place(workload);
                if let Some(base) = base.as_ref().filter(|base| base.file != workload.file) {
                    helm::lay(base, workload);
                }
                last = Some(workload.clone());
            }
            base = last.or(base);
        }
    }
}
