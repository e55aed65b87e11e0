//! Kubernetes: everything that LiteLLM needs, to `kubectl apply`.

use std::fmt::Write as _;

use super::Draft;
use super::mounts::Mount;
use super::plan::{Exported, Plan};
use super::quote::{comment, yaml, yaml_block, yaml_name};
use deployment::environment::ValueFrom;

/// The names of the objects.
const CONFIG: &str = "litellm-config";
const ENVIRONMENT: &str = "litellm-environment";
const CERTIFICATES: &str = "litellm-redis-tls";
/// What the values of a `ConfigMap` or Secret may come to, in bytes.
const LARGEST_OBJECT: usize = 1 << 20;
/// `kubectl apply` keeps the whole object in an annotation, and annotations hold 256 KiB. What the
/// object's JSON takes besides the values is left aside.
const LARGEST_APPLIED: usize = 200 << 10;

pub(super) fn write(plan: &Plan, draft: &mut Draft) {
    let mut text = String::from(
        "# LiteLLM with this configuration: kubectl apply -f kubernetes.yaml\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: litellm-config\ndata:\n  config.yaml:",
    );
    text.push_str(&yaml_block(&plan.config, 2));
    let variables: Vec<&Exported> =
        plan.variables.iter().filter(|variable| is_name(variable, draft)).collect();
    let kept: Vec<&Exported> = variables.iter().copied().filter(|one| is_kept(one)).collect();
    if !kept.is_empty() {
        secret(&kept, &mut text);
    }
    let (files, directories): (Vec<&Mount>, Vec<&Mount>) =
        plan.mounts.iter().partition(|mount| !mount.directory);
    if !files.is_empty() {
        certificates(&files, &mut text, draft);
    }
    for directory in directories {
        draft.notes.push(format!(
            "mount the directory of CA certificates at {} yourself: what it holds is not known",
            directory.target
        ));
    }
    deployment(plan, &variables, &files, &mut text);
    size("ConfigMap", &[&plan.config], draft);
    let kept: Vec<&String> = kept.iter().map(|one| &one.value).collect();
    size("Secret of the variables", &kept, draft);
    draft.file("kubernetes.yaml", text);
}

/// Says what becomes of an object that is too large.
fn size(object: &str, values: &[&String], draft: &mut Draft) {
    let bytes: usize = values.iter().map(|value| value.len()).sum();
    if bytes > LARGEST_OBJECT {
        draft.notes.push(format!("Kubernetes refuses the {object}: it holds more than 1 MiB"));
    } else if bytes > LARGEST_APPLIED {
        draft.notes.push(format!(
            "the {object} is too large for a plain `kubectl apply`: add `--server-side`"
        ));
    }
}

/// Whether Kubernetes takes a variable of this name.
fn is_name(variable: &Exported, draft: &mut Draft) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name = &variable.name;
    let fits = !name.is_empty()
        && name.chars().all(plain)
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name != "."
        && !name.starts_with("..");
    if !fits {
        draft.notes.push(format!("Kubernetes takes no variable of the name {}", comment(name)));
    }
    fits
}

/// Whether the exported Secret keeps a variable.
fn is_kept(variable: &Exported) -> bool {
    variable.secret && variable.value_from.is_none()
}

fn secret(variables: &[&Exported], text: &mut String) {
    text.push_str(
        "---\n# The secrets. Better kept where your other secrets are.\n\
         apiVersion: v1\nkind: Secret\nmetadata:\n  name: litellm-environment\ntype: Opaque\nstringData:\n",
    );
    for variable in variables {
        about(variable, "  ", text);
        let _ = writeln!(text, "  {}: {}", yaml_name(&variable.name), yaml(&variable.value));
    }
}

fn certificates(files: &[&Mount], text: &mut String, draft: &mut Draft) {
    text.push_str("---\n# The files that the configuration names. From the files themselves:\n");
    let arguments: Vec<String> = files
        .iter()
        .map(|file| super::quote::shell(&format!("--from-file={}={}", file.key, file.path)))
        .collect();
    let _ = writeln!(
        text,
        "#   kubectl create secret generic {CERTIFICATES} {}",
        comment(&arguments.join(" "))
    );
    text.push_str("apiVersion: v1\nkind: Secret\nmetadata:\n  name: litellm-redis-tls\ntype: Opaque\nstringData:\n");
    for file in files {
        let what = format!("the content of {}: {}", file.path, file.what);
        let token = draft.tokens.fresh(&file.key, what, None);
        let _ = writeln!(text, "  {}: |\n    {token}", yaml_name(&file.key));
    }
}

fn about(variable: &Exported, indent: &str, text: &mut String) {
    if let Some(about) = &variable.about {
        let _ = writeln!(text, "{indent}# {}", comment(about));
    }
}

fn deployment(plan: &Plan, variables: &[&Exported], files: &[&Mount], text: &mut String) {
    text.push_str(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: litellm\n  labels:\n    app: litellm\n\
         spec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: litellm\n  template:\n    metadata:\n      \
         labels:\n        app: litellm\n    spec:\n      containers:\n        - name: litellm\n",
    );
    let _ = writeln!(text, "          image: {}", yaml_name(&plan.image));
    text.push_str("          args: [\"--config\", \"/app/config.yaml\"]\n          ports:\n            - containerPort: 4000\n");
    if !variables.is_empty() {
        text.push_str("          env:\n");
    }
    for variable in variables {
        if !is_kept(variable) {
            about(variable, "            ", text);
        }
        let _ = writeln!(text, "            - name: {}", yaml_name(&variable.name));
        let reference =
            |kind: &str, name: &str, key: &str| value_from(kind, name, key, "              ");
        text.push_str(&match &variable.value_from {
            Some(ValueFrom::Secret { name, key }) => reference("secretKeyRef", name, key),
            Some(ValueFrom::ConfigMap { name, key }) => reference("configMapKeyRef", name, key),
            Some(ValueFrom::Field(path)) => format!(
                "              valueFrom:\n                fieldRef:\n                  fieldPath: {}\n",
                yaml_name(path)
            ),
            None if variable.secret => reference("secretKeyRef", ENVIRONMENT, &variable.name),
            None => format!("              value: {}\n", yaml(&unexpanded(&variable.value))),
        });
    }
    text.push_str("          volumeMounts:\n");
    mount("config", "/app/config.yaml", "config.yaml", text);
    for file in files {
        mount("redis-tls", &file.target, &file.key, text);
    }
    let _ = write!(
        text,
        "      volumes:\n        - name: config\n          configMap:\n            name: {CONFIG}\n"
    );
    if !files.is_empty() {
        let _ = write!(
            text,
            "        - name: redis-tls\n          secret:\n            secretName: {CERTIFICATES}\n"
        );
    }
}

/// A `valueFrom`, on lines of its own.
pub(super) fn value_from(kind: &str, name: &str, key: &str, pad: &str) -> String {
    format!(
        "{pad}valueFrom:\n{pad}  {kind}:\n{pad}    name: {}\n{pad}    key: {}\n",
        yaml_name(name),
        yaml_name(key)
    )
}

/// One file of a volume, at its very path: what else is in that folder stays.
fn mount(volume: &str, path: &str, key: &str, text: &mut String) {
    let _ = write!(
        text,
        "            - name: {volume}\n              mountPath: {}\n              subPath: {}\n              readOnly: true\n",
        yaml_name(path),
        yaml_name(key)
    );
}

/// Kubernetes fills in `$(NAME)`, and takes `$$` for `$`.
pub(super) fn unexpanded(value: &str) -> String {
    if value.contains("$(") || value.contains("$$") {
        value.replace('$', "$$")
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, size};

    #[test]
    fn what_is_too_large_is_said() {
        let said = |bytes: usize| {
            let mut draft = Draft::default();
            size("ConfigMap", &[&"x".repeat(bytes)], &mut draft);
            draft.notes.concat()
        };
        assert_eq!(said(100_000), "");
        assert!(said(250_000).contains("--server-side"));
        assert!(said(1_048_576).contains("--server-side"));
        assert!(said(1_048_577).contains("more than 1 MiB"));
    }
}
