//! Charts around others, and files of values laid over each other.

use base::source::Span;

use super::{chart_pin, release_in};
use crate::environment::{NamedText, Note};
use crate::forms::{Read, source};
use crate::model::{Chart, Form, Workload, World};
use crate::paths;
use crate::tree::{at, items, scalar, text};

/// What `Chart.yaml` says of the values beside it: the release, and that other files of values lie over
/// `values.yaml`.
pub(in crate::forms) fn charts(files: &[NamedText], reads: &[Read<'_>], world: &mut World) {
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
pub(in crate::forms) fn lay(base: &Workload, workload: &mut Workload) {
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
    workload.hides_mounts |= base.hides_mounts;
    // Helm replaces a list; only app-template's mounts are a mapping.
    let merges = workload.values.as_ref().is_some_and(|values| values.chart == Chart::AppTemplate);
    if merges || workload.mounts.is_empty() {
        workload.mounts.splice(0..0, base.mounts.iter().cloned());
    }
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
