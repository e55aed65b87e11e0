//! An overlay of the official chart's values: `helm upgrade -f values.yaml -f values.redproof.yaml`.

use std::fmt::Write as _;

use python::{Data, Value};
use report::CheckInput;

use super::{ADDED, Changes, content_of};
use crate::quote::{comment, yaml, yaml_name};
use crate::{Draft, ExportError};

pub(super) fn write(
    changes: &Changes<'_>,
    input: &CheckInput<'_>,
    draft: &mut Draft,
) -> Result<(), ExportError> {
    let Some(values) = &changes.container.values else { return Ok(()) };
    let mut text = String::from(
        "# What LiteLLM's Redis needs, over the values that are there: helm … -f values.redproof.yaml\n",
    );
    if !values.object.is_empty() {
        let _ = writeln!(text, "# In {}, merge it into its values.", comment(&values.object));
        draft.notes.push(format!("merge the overlay into the values of {}", values.object));
    }
    let mut pad = String::new();
    for key in &values.path {
        let _ = writeln!(text, "{pad}{}:", yaml_name(key));
        pad.push_str("  ");
    }
    let kept: Vec<_> = changes.kept().collect();
    // Helm replaces a list as a whole: what is there must be in it again.
    let there = theirs(input, &values.path);
    let list = |key: &str| there.as_ref().and_then(|values| values.as_dict()?.get(key).cloned());
    if !kept.is_empty() {
        let mut names: Vec<String> = vec![];
        for name in list("environmentSecrets").iter().flat_map(|list| list.as_list().unwrap_or(&[]))
        {
            let Some(name) = name.as_str() else {
                return Err(ExportError::NoPatch(
                    "`environmentSecrets` is not a list of names".to_owned(),
                ));
            };
            names.push(name.to_owned());
        }
        names.push(ADDED.to_owned());
        let _ = writeln!(text, "{pad}environmentSecrets:");
        for name in names {
            let _ = writeln!(text, "{pad}  - {}", yaml_name(&name));
        }
    }
    let plain: Vec<_> = changes.variables.iter().filter(|one| !one.secret).collect();
    if !plain.is_empty() {
        let _ = writeln!(text, "{pad}envVars:");
    }
    for variable in plain {
        if let Some(about) = &variable.about {
            let _ = writeln!(text, "{pad}  # {}", comment(about));
        }
        let _ = writeln!(text, "{pad}  {}: {}", yaml_name(&variable.name), yaml(&variable.value));
    }
    if !changes.files.is_empty() {
        if list("volumes").is_some_and(is_some) || list("volumeMounts").is_some_and(is_some) {
            draft.notes.push(format!(
                "the values have `volumes` and `volumeMounts` of their own: add to them the Secret {ADDED} with {}",
                changes.files.iter().map(|file| file.target.as_str()).collect::<Vec<_>>().join(", ")
            ));
        } else {
            let _ = write!(
                text,
                "{pad}volumes:\n{pad}  - name: {ADDED}\n{pad}    secret:\n{pad}      secretName: {ADDED}\n{pad}volumeMounts:\n"
            );
            for file in &changes.files {
                let _ = write!(
                    text,
                    "{pad}  - name: {ADDED}\n{pad}    mountPath: {}\n{pad}    subPath: {}\n{pad}    readOnly: true\n",
                    yaml_name(&file.target),
                    yaml_name(&file.key)
                );
            }
        }
    }
    if changes.plan.changed {
        let _ = writeln!(text, "{pad}proxy_config:");
        for line in changes.plan.config.lines() {
            match line.trim().is_empty() || line.trim() == "---" {
                true => text.push('\n'),
                false => {
                    let _ = writeln!(text, "{pad}  {line}");
                }
            }
        }
    }
    draft.file("values.redproof.yaml", text);
    if !kept.is_empty() || !changes.files.is_empty() {
        let mut secret = format!(
            "# The secrets, for the release's namespace: kubectl apply -f secret.yaml\n\
             apiVersion: v1\nkind: Secret\nmetadata:\n  name: {ADDED}\ntype: Opaque\nstringData:\n"
        );
        for variable in kept {
            let _ = writeln!(secret, "  {}: {}", yaml_name(&variable.name), yaml(&variable.value));
        }
        for file in &changes.files {
            let token = content_of(file, draft);
            let _ = writeln!(secret, "  {}: |\n    {token}", yaml_name(&file.key));
        }
        draft.file("secret.yaml", secret);
    }
    Ok(())
}

fn is_some(value: Value) -> bool {
    match value.data {
        Data::None => false,
        Data::List(list) => !list.is_empty(),
        _ => true,
    }
}

/// The values that are there, below their path.
fn theirs(input: &CheckInput<'_>, path: &[String]) -> Option<Value> {
    let texts = input.environment.sources.iter().map(|source| source.text.as_str());
    let mut texts = std::iter::once(input.text).chain(texts);
    texts.find_map(|text| {
        let document = yaml::read(base::source::SourceId::CONFIG, text).ok()?;
        let mut value = document.root;
        for key in path {
            value = value.as_dict()?.get(key)?.clone();
        }
        let has = |key: &str| value.as_dict().is_some_and(|dict| dict.get(key).is_some());
        ["environmentSecrets", "volumes", "volumeMounts", "proxy_config", "envVars"]
            .iter()
            .any(|key| has(key))
            .then_some(value)
    })
}
