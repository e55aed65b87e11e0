//! Docker compose: the service `litellm`, with the files that it reads.

use std::fmt::Write as _;

use super::mounts::Mount;
use super::plan::{Exported, Plan};
use super::quote::{comment, yaml, yaml_name};
use super::{Draft, dotenv};

/// The file of the variables that hold secrets.
const SECRETS: &str = "litellm.env";

pub(super) fn write(plan: &Plan, draft: &mut Draft) {
    let mut text = String::from(
        "# LiteLLM with this configuration: docker compose up\nservices:\n  litellm:\n",
    );
    let _ = writeln!(text, "    image: {}", yaml_name(&literal(&plan.image)));
    text.push_str(
        "    command: [\"--config\", \"/app/config.yaml\"]\n    ports:\n      - \"4000:4000\"\n",
    );
    let secrets = environment(plan.variables.iter(), &mut text);
    text.push_str("    volumes:\n");
    bind("./config.yaml", "/app/config.yaml", &mut text);
    plan.mounts.iter().for_each(|file| mount(file, &mut text));
    draft.file("compose.yaml", text);
    draft.file("config.yaml", plan.config.clone());
    secrets_file("The secrets, for compose.yaml", secrets, draft);
}

/// Writes a service's environment; the variables that belong into [`SECRETS`], which it names.
pub(super) fn environment<'e>(
    variables: impl Iterator<Item = &'e Exported>,
    text: &mut String,
) -> Vec<&'e Exported> {
    let (secrets, others): (Vec<_>, Vec<_>) =
        variables.partition(|variable| variable.secret && is_alike(variable));
    if !secrets.is_empty() {
        let _ = writeln!(text, "    env_file:\n      - {SECRETS}");
    }
    if !others.is_empty() {
        text.push_str("    environment:\n");
    }
    for variable in others {
        if let Some(about) = &variable.about {
            let _ = writeln!(text, "      # {}", comment(about));
        }
        let value = yaml(&literal(&variable.value));
        let _ = writeln!(text, "      {}: {value}", yaml_name(&variable.name));
    }
    secrets
}

/// Brings a file of this machine into the container.
pub(super) fn mount(file: &Mount, text: &mut String) {
    let _ = writeln!(text, "      # source: where {} is on this machine.", file.what);
    let source = if file.path.starts_with(['/', '.']) {
        file.path.clone()
    } else {
        format!("./{}", file.path)
    };
    bind(&source, &file.target, text);
}

/// Writes the file of secrets, where there are any; `what` says what it holds.
pub(super) fn secrets_file(what: &str, secrets: Vec<&Exported>, draft: &mut Draft) {
    if secrets.is_empty() {
        return;
    }
    let mut text = format!(
        "# {what}. Keep this file out of version control.\n\
         # Put a value that holds more than letters and digits in single quotes.\n",
    );
    dotenv::lines(secrets.into_iter(), &mut text, &mut draft.notes);
    draft.file(SECRETS, text);
}

pub(super) fn bind(source: &str, target: &str, text: &mut String) {
    let _ = write!(
        text,
        "      - type: bind\n        source: {}\n        target: {}\n        read_only: true\n",
        yaml_name(&literal(source)),
        yaml_name(&literal(target))
    );
}

/// Compose fills in `$NAME`, and takes `$$` for `$`.
fn literal(value: &str) -> String {
    value.replace('$', "$$")
}

/// Whether compose reads the variable's line as python-dotenv does.
fn is_alike(variable: &Exported) -> bool {
    // Older compose takes `exported` for `export ed`.
    let name = variable.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !variable.name.starts_with("export");
    let value =
        !variable.value.contains(['\'', '\\', '\n', '\r']) && !variable.value.contains("${");
    name && value && dotenv::line(&variable.name, &variable.value).is_some()
}
