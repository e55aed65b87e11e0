//! A kustomize component: patches of the objects that are there, and a Secret beside them.

use std::fmt::Write as _;

use deployment::ConfigFrom;

use super::{ADDED, Changes, content_of};
use crate::kubernetes::{unexpanded, value_from};
use crate::quote::{comment, yaml, yaml_block, yaml_name};
use crate::{Draft, ExportError};

/// Where a kind keeps its pod, and its API.
fn kind(kind: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            ("apps/v1", &["spec", "template", "spec"])
        }
        "Job" => ("batch/v1", &["spec", "template", "spec"]),
        "CronJob" => ("batch/v1", &["spec", "jobTemplate", "spec", "template", "spec"]),
        "Pod" => ("v1", &["spec"]),
        _ => return None,
    })
}

pub(super) fn write(changes: &Changes<'_>, draft: &mut Draft) -> Result<(), ExportError> {
    let container = changes.container;
    let (kind_name, name) = container.name.split_once(' ').unwrap_or((&container.name, ""));
    let known = kind(kind_name).zip(container.within.as_ref()).filter(|_| !name.is_empty());
    let Some(((api, path), within)) = known else {
        let why = format!("{} is of a kind that no patch is known for", container.name);
        return Err(ExportError::NoPatch(why));
    };
    let mut component = String::from(
        "# What LiteLLM's Redis needs, over the manifests that are there. In their kustomization:\n\
         #   components: [redproof]\n\
         apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
    );
    let kept: Vec<_> = changes.kept().collect();
    if !kept.is_empty() || !changes.files.is_empty() {
        component.push_str("resources:\n  - secret.yaml\n");
        let mut secret = format!(
            "# The secrets. Better kept where your other secrets are.\n\
             apiVersion: v1\nkind: Secret\nmetadata:\n  name: {ADDED}\n"
        );
        namespace(changes, &mut secret);
        secret.push_str("type: Opaque\nstringData:\n");
        for variable in &kept {
            let _ = writeln!(secret, "  {}: {}", yaml_name(&variable.name), yaml(&variable.value));
        }
        for file in &changes.files {
            let token = content_of(file, draft);
            let _ = writeln!(secret, "  {}: |\n    {token}", yaml_name(&file.key));
        }
        draft.file("secret.yaml", secret);
    }
    let mut patches = vec![];
    if !changes.variables.is_empty() || !changes.files.is_empty() {
        patches.push("workload.yaml");
        let mut text = format!(
            "apiVersion: {api}\nkind: {kind_name}\nmetadata:\n  name: {}\n",
            yaml_name(name)
        );
        namespace(changes, &mut text);
        let mut depth = 0;
        for key in path {
            let _ = writeln!(text, "{}{key}:", "  ".repeat(depth));
            depth += 1;
        }
        pod(changes, within, &"  ".repeat(depth), &mut text);
        draft.file("workload.yaml", text);
    }
    config(changes, &mut component, &mut patches, draft);
    if !patches.is_empty() {
        component.push_str("patches:\n");
        for patch in patches {
            let _ = writeln!(component, "  - path: {patch}");
        }
    }
    draft.files.insert(0, ("kustomization.yaml".to_owned(), component));
    draft.notes.push(
        "write these files into a folder `redproof` beside your kustomization.yaml, and name it there under `components`"
            .to_owned(),
    );
    Ok(())
}

fn namespace(changes: &Changes<'_>, text: &mut String) {
    if let Some(namespace) = &changes.container.network.namespace {
        let _ = writeln!(text, "  namespace: {}", yaml_name(namespace));
    }
}

/// The container's new variables and mounts. A list of these merges by name and path.
fn pod(changes: &Changes<'_>, within: &str, pad: &str, text: &mut String) {
    let _ = writeln!(text, "{pad}containers:\n{pad}  - name: {}", yaml_name(within));
    if !changes.variables.is_empty() {
        let _ = writeln!(text, "{pad}    env:");
    }
    for variable in &changes.variables {
        if let Some(about) = &variable.about {
            let _ = writeln!(text, "{pad}      # {}", comment(about));
        }
        let _ = writeln!(text, "{pad}      - name: {}", yaml_name(&variable.name));
        let inside = format!("{pad}        ");
        if variable.secret {
            // What stood there in plain text goes.
            let _ = writeln!(text, "{inside}value: null");
            text.push_str(&value_from("secretKeyRef", ADDED, &variable.name, &inside));
        } else {
            let _ = writeln!(text, "{inside}value: {}", yaml(&unexpanded(&variable.value)));
        }
    }
    if changes.files.is_empty() {
        return;
    }
    let _ = writeln!(text, "{pad}    volumeMounts:");
    for file in &changes.files {
        let _ = write!(
            text,
            "{pad}      - name: {ADDED}\n{pad}        mountPath: {}\n{pad}        subPath: {}\n{pad}        readOnly: true\n",
            yaml_name(&file.target),
            yaml_name(&file.key)
        );
    }
    let _ = write!(
        text,
        "{pad}volumes:\n{pad}  - name: {ADDED}\n{pad}    secret:\n{pad}      secretName: {ADDED}\n"
    );
}

/// The config with references, in the place of the one with secrets.
fn config(
    changes: &Changes<'_>,
    component: &mut String,
    patches: &mut Vec<&'static str>,
    draft: &mut Draft,
) {
    if !changes.plan.changed {
        return;
    }
    match changes.container.config.as_ref().map(|config| &config.from) {
        Some(ConfigFrom::Object { secret, name, key, generated: false }) => {
            patches.push("config.yaml");
            let kind = if *secret { "Secret" } else { "ConfigMap" };
            let field = if *secret { "stringData" } else { "data" };
            let mut text =
                format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {}\n", yaml_name(name));
            namespace(changes, &mut text);
            let block = yaml_block(&changes.plan.config, 2);
            let _ = write!(text, "{field}:\n  {}:{block}", yaml_name(key));
            draft.file("config.yaml", text);
        }
        Some(ConfigFrom::Object { secret, name, key, generated: true }) => {
            let generator = if *secret { "secretGenerator" } else { "configMapGenerator" };
            let file = yaml_name(&format!("{key}=litellm.yaml"));
            let _ = write!(
                component,
                "{generator}:\n  - name: {}\n    behavior: merge\n    files:\n      - {file}\n",
                yaml_name(name)
            );
            draft.file("litellm.yaml", changes.plan.config.clone());
        }
        _ => {
            draft.file("litellm.yaml", changes.plan.config.clone());
            draft.notes.push(
                "litellm.yaml takes the place of the config: it is in none of these manifests"
                    .to_owned(),
            );
        }
    }
}
