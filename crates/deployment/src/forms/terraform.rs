//! Terraform's `helm_release` and `argocd_application`: a chart, its version, and its values as a mapping,
//! as text, or in a file.

use crate::environment::NamedText;
use crate::intake::Doc;
use python::{Data, Value};

use super::charts;
use super::helm::{self, Release};
use crate::chart::{ChartRelease, ValuesFile};
use crate::model::World;
use crate::tree::{at, entries, items, text};

/// Reads the charts that a file deploys.
pub(super) fn charts(
    files: &[NamedText],
    file: usize,
    name: &str,
    doc: &Doc<'_>,
    world: &mut World,
) {
    for resource in entries(at(&doc.root, &["resource", "helm_release"])) {
        let value = &resource.value;
        let title = format!("helm_release {}", resource.key.as_str().unwrap_or("?"));
        let chart = Chart {
            name: text(value, "chart"),
            version: at(value, &["version"]),
            values: at(value, &["values"]),
            parameters: at(value, &["set"]),
            namespace: text(value, "namespace").map(str::to_owned),
        };
        chart.read((files, file, name), doc, &title, world);
    }
    for resource in entries(at(&doc.root, &["resource", "argocd_application"])) {
        let title = format!("argocd_application {}", resource.key.as_str().unwrap_or("?"));
        for source in one_or_more(at(&resource.value, &["spec", "source"])) {
            let chart = Chart {
                name: text(source, "chart").or_else(|| text(source, "repo_url")),
                version: at(source, &["target_revision"]),
                values: at(source, &["helm", "values"]),
                parameters: at(source, &["helm", "parameter"]),
                namespace: text(&resource.value, "namespace").map(str::to_owned),
            };
            chart.read((files, file, name), doc, &title, world);
        }
    }
}

struct Chart<'v> {
    name: Option<&'v str>,
    version: Option<&'v Value>,
    values: Option<&'v Value>,
    parameters: Option<&'v Value>,
    namespace: Option<String>,
}

impl Chart<'_> {
    fn read(
        &self,
        (files, file, name): (&[NamedText], usize, &str),
        doc: &Doc<'_>,
        title: &str,
        world: &mut World,
    ) {
        let version = self.version;
        let release = Release { file, title, namespace: &self.namespace, version };
        let mut paths = vec![];
        for values in one_or_more(self.values) {
            match &values.data {
                Data::Dict(_) => helm::release(doc, Some(values), release, &[], world),
                Data::Str(_) => helm::text_values(files, doc, values, release, world),
                _ => paths.extend(doc.written(values).and_then(|written| path(name, written))),
            }
        }
        let parameters: Vec<Value> = one_or_more(self.parameters).cloned().collect();
        if !parameters.is_empty() && self.name.is_some_and(|name| name.contains("litellm")) {
            helm::parameters(doc, &parameters, release, world);
        }
        world.releases.push(ChartRelease {
            file,
            title: title.to_owned(),
            values: paths,
            pin: charts::pin(doc, self.name, version),
            source: None,
        });
    }
}

/// The file of `file("${path.module}/values.yaml")`.
fn path(name: &str, written: &str) -> Option<ValuesFile> {
    let (call, rest) = written.split_once('(')?;
    matches!(call.trim(), "file" | "templatefile").then_some(())?;
    let path = rest.split('"').nth(1)?.trim_start_matches("${path.module}/");
    ValuesFile::of(name, path.trim_start_matches("./"))
}

/// A list's items, or the one value: a block that is there once is not a list.
fn one_or_more(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let list = value.is_some_and(|value| value.as_list().is_some());
    items(value).iter().chain(value.filter(|_| !list))
}
