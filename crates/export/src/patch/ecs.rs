//! An ECS task definition with what LiteLLM's Redis needs; or, where it is written in another language, what
//! to add to its container.

use std::ops::Range;

use base::source::SourceId;
use deployment::extension;
use python::Value;
use report::CheckInput;
use serde_json::json;

use super::Changes;
use crate::Draft;
use crate::plan::Exported;

pub(super) fn write(changes: &Changes<'_>, input: &CheckInput<'_>, draft: &mut Draft) {
    let container = changes.container;
    let source = container.span.map(|span| span.source);
    let own = input.environment.sources.iter().find(|one| Some(one.id) == source);
    let (name, text) = own.map_or((input.name, input.text), |one| (&*one.name, &*one.text));
    let file = name.rsplit('/').next().unwrap_or(name).to_owned();
    let mut secrets: Vec<(String, String)> = vec![];
    for one in changes.variables.iter().filter(|one| one.secret) {
        let what = format!("the ARN of the secret or parameter that holds {}", one.name);
        secrets
            .push((one.name.clone(), draft.tokens.fresh(&format!("{}_ARN", one.name), what, None)));
    }
    let plain: Vec<&Exported> =
        changes.variables.iter().copied().filter(|one| !one.secret).collect();
    let edited =
        (extension(&file) == "json").then(|| edited(text, &container.name, &plain, &secrets));
    match edited.flatten() {
        Some(edited) => {
            let stem = file.trim_end_matches(".json");
            let name = format!("{stem}.redproof.json");
            draft.notes.push(format!(
                "register it: aws ecs register-task-definition --cli-input-json file://{name}"
            ));
            draft.files.insert(0, (name, edited));
        }
        None => {
            let list = json!({
                "environment": plain.iter().map(|one| json!({"name": one.name, "value": one.value})).collect::<Vec<_>>(),
                "secrets": secrets.iter().map(|(name, from)| json!({"name": name, "valueFrom": from})).collect::<Vec<_>>(),
            });
            let text = serde_json::to_string_pretty(&list).unwrap_or_default() + "\n";
            draft.files.insert(0, ("litellm.redproof.json".to_owned(), text));
            draft.notes.push(format!(
                "add these to `environment` and `secrets` of the container {} in {file}, and take the variables among `secrets` out of `environment`",
                container.name
            ));
        }
    }
    if changes.plan.changed {
        draft.file("litellm.yaml", changes.plan.config.clone());
        draft.notes.push(
            "litellm.yaml takes the place of the config that the container reads: build it into the image, or put it where its volume takes it from"
                .to_owned(),
        );
    }
    for file in &changes.files {
        draft.notes.push(format!(
            "bring {} to {} by a volume, or build it into the image: ECS mounts no secrets",
            file.what, file.target
        ));
    }
}

/// The task definition with more variables, all else as it is written; `None` where it is written in
/// another way.
fn edited(
    text: &str,
    container: &str,
    plain: &[&Exported],
    secrets: &[(String, String)],
) -> Option<String> {
    serde_json::from_str::<serde_json::Value>(text).ok()?;
    let document = yaml::read(SourceId::CONFIG, text).ok()?;
    let root = &document.root;
    let root = at(root, "taskDefinition").unwrap_or(root);
    let all = at(root, "containerDefinitions")?.as_list()?;
    let own = all.iter().find(|one| at(one, "name").and_then(Value::as_str) == Some(container))?;
    let mut edits: Vec<(Range<usize>, String)> = vec![];
    let environment = at(own, "environment");
    for item in environment.and_then(Value::as_list).unwrap_or(&[]) {
        let name = at(item, "name").and_then(Value::as_str);
        if secrets.iter().any(|(secret, _)| Some(secret.as_str()) == name) {
            edits.push((with_comma(text, item.span()?.range()), String::new()));
        }
    }
    let taken = edits.len();
    let items =
        |list: Vec<serde_json::Value>| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let plain =
        items(plain.iter().map(|one| json!({"name": one.name, "value": one.value})).collect());
    let secrets = items(
        secrets.iter().map(|(name, from)| json!({"name": name, "valueFrom": from})).collect(),
    );
    for (key, more) in [("environment", plain), ("secrets", secrets)] {
        if more.is_empty() {
            continue;
        }
        match at(own, key) {
            Some(list) => {
                let left = list.as_list()?.len() - if key == "environment" { taken } else { 0 };
                let end = list.span()?.range().end.checked_sub(1)?;
                let at = text[..end].trim_end().len();
                let before = if left == 0 { "" } else { ", " };
                edits.push((at..at, format!("{before}{}", more.join(", "))));
            }
            None => {
                let start = own.span()?.range().start + 1;
                edits.push((start..start, format!("\"{key}\": [{}], ", more.join(", "))));
            }
        }
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut out = text.to_owned();
    for (range, new) in edits {
        out.replace_range(range, &new);
    }
    serde_json::from_str::<serde_json::Value>(&out).ok()?;
    Some(out)
}

/// A list's item with the comma that parts it from the next one, else from the one before.
fn with_comma(text: &str, range: Range<usize>) -> Range<usize> {
    let after = &text[range.end..];
    let rest = after.trim_start();
    if let Some(next) = rest.strip_prefix(',') {
        return range.start..text.len() - next.trim_start().len();
    }
    let before = text[..range.start].trim_end();
    let start = before.strip_suffix(',').map_or(before.len(), str::len);
    start..range.end
}

fn at<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    value.as_dict()?.get(key)
}
