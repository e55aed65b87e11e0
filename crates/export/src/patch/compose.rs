//! A compose file that lies over the one that is there.

use std::fmt::Write as _;

use base::source::SourceId;
use deployment::{ConfigFrom, extension};
use report::CheckInput;

use super::Changes;
use crate::Draft;
use crate::compose::{bind, environment, mount, secrets_file};
use crate::quote::{comment, yaml_name};

pub(super) fn write(changes: &Changes<'_>, input: &CheckInput<'_>, draft: &mut Draft) {
    let container = changes.container;
    let service = container.name.strip_prefix("service ").unwrap_or(&container.name);
    let (own, taken) = base(input, container.span.map(|span| span.source));
    let (stem, ending) = match own.rsplit_once('.') {
        Some((stem, ending)) => (stem, ending),
        None => (own.as_str(), "yaml"),
    };
    let usual = format!("{stem}.override.{ending}");
    // Compose reads this one by itself, unless it is there and somebody else's.
    let name = if taken(&usual) { format!("{stem}.redproof.{ending}") } else { usual.clone() };
    let command = match name == usual {
        true => "docker compose reads it beside the other one by itself.".to_owned(),
        false => format!("docker compose -f {own} -f {usual} -f {name} up"),
    };
    let mut text = format!(
        "# What LiteLLM's Redis needs, over {}: {}\nservices:\n",
        comment(&own),
        comment(&command)
    );
    let _ = writeln!(text, "  {}:", yaml_name(service));
    let secrets = environment(changes.variables.iter().copied(), &mut text);
    let config = container.config.as_ref().filter(|_| changes.plan.changed);
    let mounted = config.filter(|config| config.from == ConfigFrom::File);
    if mounted.is_some() || !changes.files.is_empty() {
        text.push_str("    volumes:\n");
    }
    if changes.plan.changed {
        draft.file("litellm.yaml", changes.plan.config.clone());
        match mounted {
            // A mount at the same place is replaced.
            Some(config) => bind("./litellm.yaml", &config.target, &mut text),
            None => draft.notes.push(
                "litellm.yaml takes the place of the config, which no bind mount brings".to_owned(),
            ),
        }
    }
    changes.files.iter().for_each(|file| mount(file, &mut text));
    draft.files.insert(0, (name, text));
    secrets_file("The secrets", secrets, draft);
    draft.notes.push(format!("write these files beside {own}"));
}

/// The compose file's own name, and whether a name beside it is taken.
fn base<'i>(
    input: &'i CheckInput<'_>,
    source: Option<SourceId>,
) -> (String, impl Fn(&str) -> bool + 'i) {
    let file = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let names = move || {
        let others = input.environment.sources.iter();
        others.map(move |source| (source.id, file(&source.name)))
    };
    let is_base =
        |name: &str| matches!(extension(name), "yaml" | "yml") && !name.contains(".override.");
    let own = match source {
        Some(SourceId::CONFIG) => Some(file(input.name)),
        Some(id) => names().find(|(one, _)| *one == id).map(|(_, name)| name),
        None => None,
    };
    let own = own.filter(|name| is_base(name));
    let own = own.or_else(|| names().map(|(_, name)| name).find(|name| is_base(name)));
    (own.unwrap_or_else(|| "compose.yaml".to_owned()), move |name: &str| {
        names().any(|(_, one)| one == name)
    })
}
