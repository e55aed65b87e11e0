//! AWS CDK, in TypeScript and Python: containers as far as they are written out. What the program works out
//! is not known.

use crate::intake::Doc;
use crate::literals;
use python::Data;

use super::images::is_litellm_image;
use super::platform::read_container;
use super::source;
use crate::model::{Form, Replicas, Text, Workload, World};
use crate::paths;
use crate::tree::any;

/// What is called with a container's settings.
const CALLS: [&str; 4] =
    ["addContainer(", "add_container(", "taskImageOptions:", "TaskImageOptions("];
/// Nothing between a call and its settings is longer.
const NEAR: usize = 200;

/// Whether a program describes containers.
pub(crate) fn is_one(text: &str) -> bool {
    text.contains("ContainerImage") && text.contains("litellm")
}

/// Reads a program.
pub(super) fn read(file: usize, name: &str, text: &str, world: &mut World) {
    for call in CALLS {
        for (at, _) in text.match_indices(call) {
            let workload = container(file, name, text, at + call.len());
            world.workloads.extend(workload);
        }
    }
}

fn container(file: usize, name: &str, text: &str, after: usize) -> Option<Workload> {
    let near = text.get(after..)?;
    let near = near.get(..NEAR).unwrap_or(near);
    // TypeScript's settings are an object; Python's follow the name.
    let python = paths::extension(name) == "py";
    let start = if python { after } else { after + near.find('{')? + 1 };
    let title =
        near.trim_start().strip_prefix(['\'', '"']).and_then(|rest| rest.split(['\'', '"']).next());
    let root = literals::settings(source(file), text, start);
    let doc = Doc::of(source(file), text, root);
    let mut workload = Workload::new(file, Form::Ecs, title.unwrap_or("container"));
    workload.host.clone_from(&workload.name);
    read_container(&doc, name, &doc.root, &mut workload);
    let image = any(&doc.root, &["image"])?;
    let written = doc.written(&image.value).unwrap_or("");
    match (&image.value.data, asset(name, written)) {
        (Data::Str(text), _) => {
            workload.image = Some(Text { text: text.to_string(), span: doc.span(&image.value) });
        }
        (_, Some(build)) => {
            workload.image = None;
            workload.build = Some(build);
        }
        _ => workload.image = None,
    }
    workload.span = doc.span(&image.value);
    // Mounts are added by calls of their own.
    workload.hides_mounts = text.contains("ountPoints(") || text.contains("mount_points(");
    workload.whole &= !text.contains("addEnvironment(") && !text.contains("add_environment(");
    workload.replicas = Replicas::of(count(text));
    let named = workload.image.as_ref().is_some_and(|image| is_litellm_image(&image.text));
    (named || workload.build.is_some()).then_some(workload)
}

/// The folder and the Dockerfile of `ContainerImage.fromAsset(path)`.
fn asset(name: &str, written: &str) -> Option<(String, String)> {
    let (_, rest) =
        written.split_once("fromAsset(").or_else(|| written.split_once("from_asset("))?;
    let path = rest.split(['\'', '"', '`']).nth(1)?;
    let from = if rest.contains("__dirname") || rest.contains("__file__") {
        paths::folder(name)
    } else {
        ""
    };
    let context = paths::join(from, path);
    let dockerfile = paths::join(&context, "Dockerfile");
    Some((context, dockerfile))
}

/// `desiredCount: 2`
fn count(text: &str) -> Option<u64> {
    let (_, rest) =
        text.split_once("desiredCount:").or_else(|| text.split_once("desired_count="))?;
    let rest = rest.trim_start();
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}
