//! An overlay of Helm values: `helm upgrade -f values.yaml -f values.redproof.yaml`.

use std::fmt::Write as _;

use deployment::Chart;
use python::{Data, Value};
use report::CheckInput;

use super::tree::Tree;
use super::{ADDED, Changes, content_of};
use crate::plan::Exported;
use crate::quote::{comment, yaml, yaml_name};
use crate::{Draft, ExportError};

/// Where a chart has what is changed, below the values of one of its workloads.
struct Layout {
    /// The lists of Secrets whose keys are variables.
    secrets: &'static str,
    /// The variables: a mapping, or a list of `name` and `value`.
    variables: &'static str,
    is_list: bool,
    /// The config.
    config: &'static [&'static str],
}

const OFFICIAL: Layout = Layout {
    secrets: "environmentSecrets",
    variables: "envVars",
    is_list: false,
    config: &["proxy_config"],
};
const SPLIT: Layout = Layout {
    secrets: "envSecrets",
    variables: "extraEnv",
    is_list: true,
    config: &["config", "proxy_config"],
};

pub(super) fn write(
    changes: &Changes<'_>,
    input: &CheckInput<'_>,
    draft: &mut Draft,
) -> Result<(), ExportError> {
    let Some(values) = &changes.container.values else { return Ok(()) };
    let path: Vec<&str> = values.path.iter().map(String::as_str).collect();
    let there = theirs(input, &path);
    let mut tree = Tree::Map(vec![]);
    match values.chart {
        Chart::Official => {
            let own = tree.at(&path);
            workload(changes, &OFFICIAL, there.as_ref(), own)?;
            config(changes, own.at(OFFICIAL.config));
        }
        Chart::Split => {
            for part in ["gateway", "backend"] {
                let own = there.as_ref().and_then(|there| at(there, &[part]));
                let off = own.and_then(|own| at(own, &["enabled"]));
                if off.is_some_and(|on| matches!(on.data, Data::Bool(false))) {
                    continue;
                }
                let path = [&path[..], &[part]].concat();
                workload(changes, &SPLIT, own, tree.at(&path))?;
            }
            let gateway = [&path[..], &["gateway"], SPLIT.config].concat();
            config(changes, tree.at(&gateway));
        }
        Chart::AppTemplate => app_template(changes, &path, there.as_ref(), &mut tree, draft)?,
    }
    let mut text = String::from(
        "# What LiteLLM's Redis needs, over the values that are there: helm … -f values.redproof.yaml\n",
    );
    if !values.object.is_empty() {
        let _ = writeln!(text, "# In {}, merge it into its values.", comment(&values.object));
        draft.notes.push(format!("merge the overlay into the values of {}", values.object));
    }
    tree.prune();
    tree.write("", &mut text);
    draft.file("values.redproof.yaml", text);
    secret(changes, draft);
    Ok(())
}

/// The Secret with what is kept out of the values.
fn secret(changes: &Changes<'_>, draft: &mut Draft) {
    let kept: Vec<_> = changes.kept().collect();
    if kept.is_empty() && changes.files.is_empty() {
        return;
    }
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

/// What one of LiteLLM's own charts needs.
fn workload(
    changes: &Changes<'_>,
    layout: &Layout,
    there: Option<&Value>,
    own: &mut Tree,
) -> Result<(), ExportError> {
    let list = |key: &str| there.and_then(|values| at(values, &[key]));
    if changes.kept().next().is_some() {
        let lines = with_theirs(layout.secrets, list(layout.secrets), [yaml_name(ADDED)])?;
        own.set(layout.secrets, None, Tree::Lines(lines));
    }
    let plain: Vec<&Exported> =
        changes.variables.iter().copied().filter(|one| !one.secret).collect();
    if layout.is_list && !plain.is_empty() {
        let mine = plain
            .iter()
            .map(|one| format!("{{name: {}, value: {}}}", yaml_name(&one.name), yaml(&one.value)));
        let lines = with_theirs(layout.variables, list(layout.variables), mine)?;
        own.set(layout.variables, None, Tree::Lines(lines));
    } else {
        for one in plain {
            let value = Tree::Inline(yaml(&one.value));
            own.at(&[layout.variables]).set(&one.name, one.about.as_ref(), value);
        }
    }
    if !changes.files.is_empty() {
        let volume = format!("{{name: {ADDED}, secret: {{secretName: {ADDED}}}}}");
        own.set("volumes", None, Tree::Lines(with_theirs("volumes", list("volumes"), [volume])?));
        let mounts = changes.files.iter().map(|file| {
            format!(
                "{{name: {ADDED}, mountPath: {}, subPath: {}, readOnly: true}}",
                yaml(&file.target),
                yaml(&file.key)
            )
        });
        let lines = with_theirs("volumeMounts", list("volumeMounts"), mounts)?;
        own.set("volumeMounts", None, Tree::Lines(lines));
    }
    Ok(())
}

/// The config with references, as a mapping.
fn config(changes: &Changes<'_>, place: &mut Tree) {
    if changes.plan.changed {
        let lines = changes.plan.config.lines().filter(|line| line.trim() != "---");
        *place = Tree::Lines(lines.map(str::to_owned).collect());
    }
}

/// bjw-s' app-template: variables are a mapping, or a list; a Secret is mounted by `persistence`.
fn app_template(
    changes: &Changes<'_>,
    path: &[&str],
    there: Option<&Value>,
    tree: &mut Tree,
    draft: &mut Draft,
) -> Result<(), ExportError> {
    let Some(container) = &changes.container.within else {
        return Err(ExportError::NoPatch("the values name no container".to_owned()));
    };
    let Some((controller, container)) = container.split_once('/') else { return Ok(()) };
    let own = ["controllers", controller, "containers", container];
    let env = there.and_then(|values| at(values, &[&own[..], &["env"]].concat()));
    let reference = |one: &Exported| {
        let name = yaml_name(&one.name);
        format!("{{secretKeyRef: {{name: {ADDED}, key: {name}}}}}")
    };
    let place = [path, &own[..]].concat();
    if env.is_some_and(|env| env.as_list().is_some()) {
        let mine = changes.variables.iter().map(|one| {
            let name = yaml_name(&one.name);
            match one.secret {
                true => format!("{{name: {name}, valueFrom: {}}}", reference(one)),
                false => format!("{{name: {name}, value: {}}}", yaml(&one.value)),
            }
        });
        let lines = with_theirs("env", env, mine)?;
        tree.at(&place).set("env", None, Tree::Lines(lines));
    } else {
        for one in &changes.variables {
            let value = match one.secret {
                true => format!("{{valueFrom: {}}}", reference(one)),
                false => yaml(&one.value),
            };
            let env = tree.at(&[&place[..], &["env"]].concat());
            env.set(&one.name, one.about.as_ref(), Tree::Inline(value));
        }
    }
    if !changes.files.is_empty() {
        let mount = tree.at(&[path, &["persistence", ADDED]].concat());
        mount.set("type", None, Tree::Inline("secret".to_owned()));
        mount.set("name", None, Tree::Inline(ADDED.to_owned()));
        let lines = changes.files.iter().map(|file| {
            format!(
                "- {{path: {}, subPath: {}, readOnly: true}}",
                yaml(&file.target),
                yaml(&file.key)
            )
        });
        let lines = Tree::Lines(lines.collect());
        mount.at(&["advancedMounts", controller]).set(container, None, lines);
    }
    if changes.plan.changed {
        let text = there.and_then(held);
        match text {
            Some((map, key)) => {
                let lines = changes.plan.config.lines().map(|line| format!("  {line}"));
                let place = tree.at(&[path, &["configMaps", &map, "data"]].concat());
                let lines = std::iter::once("|".to_owned()).chain(lines).collect::<Vec<_>>();
                place.set(&key, None, Tree::Block(lines));
            }
            None => {
                draft.file("litellm.yaml", changes.plan.config.clone());
                draft.notes.push(
                    "litellm.yaml takes the place of the config, which the values do not hold"
                        .to_owned(),
                );
            }
        }
    }
    Ok(())
}

/// Which of `configMaps` holds the config, and under which key.
fn held(values: &Value) -> Option<(String, String)> {
    let maps = at(values, &["configMaps"])?.as_dict()?;
    maps.entries.iter().find_map(|map| {
        let data = at(&map.value, &["data"])?.as_dict()?;
        let config = data.entries.iter().find(|entry| {
            let own = ["litellm_settings:", "model_list:", "router_settings:"];
            entry.value.as_str().is_some_and(|text| {
                text.lines().any(|line| own.iter().any(|key| line.starts_with(key)))
            })
        })?;
        Some((map.key.as_str()?.to_owned(), config.key.as_str()?.to_owned()))
    })
}

/// A list with what is in theirs, since Helm replaces a list as a whole.
fn with_theirs(
    name: &str,
    theirs: Option<&Value>,
    mine: impl IntoIterator<Item = String>,
) -> Result<Vec<String>, ExportError> {
    let none = || {
        ExportError::NoPatch(format!(
            "`{name}` can't be written again: Helm replaces a list as a whole"
        ))
    };
    let items = match theirs.map(|theirs| &theirs.data) {
        None | Some(Data::None) => &[],
        Some(Data::List(items)) => &items[..],
        Some(_) => return Err(none()),
    };
    let written: Option<Vec<String>> = items.iter().map(flow).collect();
    let written = written.ok_or_else(none)?;
    Ok(written.into_iter().chain(mine).map(|item| format!("- {item}")).collect())
}

/// A value in flow style.
fn flow(value: &Value) -> Option<String> {
    Some(match &value.data {
        Data::None => "null".to_owned(),
        Data::Bool(on) => on.to_string(),
        Data::Int(number) => number.to_string(),
        // A template's braces would be a mapping.
        Data::Str(text) if text.contains("{{") => return None,
        Data::Str(text) => yaml_name(text),
        Data::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(flow).collect();
            format!("[{}]", items?.join(", "))
        }
        Data::Dict(map) => {
            let entries: Option<Vec<String>> = map
                .entries
                .iter()
                .map(|entry| Some(format!("{}: {}", flow(&entry.key)?, flow(&entry.value)?)))
                .collect();
            format!("{{{}}}", entries?.join(", "))
        }
        _ => return None,
    })
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.as_dict()?.get(key))
}

/// The values that are there, below their path.
fn theirs(input: &CheckInput<'_>, path: &[&str]) -> Option<Value> {
    let texts = input.environment.sources.iter().map(|source| source.text.as_str());
    let mut texts = std::iter::once(input.text).chain(texts);
    texts.find_map(|text| {
        let document = yaml::read(base::source::SourceId::CONFIG, text).ok()?;
        let root = &document.root;
        // A release has its values inside.
        let inside: [&[&str]; 3] =
            [&[], &["spec", "values"], &["spec", "source", "helm", "valuesObject"]];
        let found = inside.iter().find_map(|inside| at(at(root, inside)?, path));
        let keys = [
            "environmentSecrets",
            "volumes",
            "volumeMounts",
            "proxy_config",
            "envVars",
            "gateway",
            "controllers",
        ];
        found.filter(|values| keys.iter().any(|key| at(values, &[key]).is_some())).cloned()
    })
}
