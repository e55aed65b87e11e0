//! `.env`, as every release of python-dotenv reads it.

use std::fmt::Write as _;

use super::plan::{Exported, Plan};
use super::{Draft, quote};
use deployment::environment::{NamedText, VariableValue, gather};

pub(super) fn write(plan: &Plan, draft: &mut Draft) {
    let mut text =
        String::from("# The environment of LiteLLM. Keep this file out of version control.\n");
    lines(plan.variables.iter(), &mut text, &mut draft.notes);
    for name in &plan.unset {
        let _ =
            writeln!(text, "# {} is not set: the config gets None for it.", quote::comment(name));
    }
    if plan.variables.is_empty() {
        text.push_str("# The config names no variable, and none was given.\n");
    }
    let is_quoted = |line: &str| {
        let value = line.split_once('=').map_or("", |(_, value)| value);
        !line.starts_with('#') && (value.starts_with(['\'', '"']) || value.contains("${"))
    };
    if text.lines().any(is_quoted) {
        draft.notes.push(
            "`docker run --env-file` takes the quotes for a part of the value: for Docker, export \
             compose"
                .to_owned(),
        );
    }
    draft.file(".env", text);
}

/// The lines of variables, each below what is to be said of it.
pub(super) fn lines<'v>(
    variables: impl Iterator<Item = &'v Exported>,
    text: &mut String,
    notes: &mut Vec<String>,
) {
    for variable in variables {
        if let Some(about) = &variable.about {
            let _ =
                writeln!(text, "# {}: {}", quote::comment(&variable.name), quote::comment(about));
        }
        match line(&variable.name, &variable.value) {
            Some(line) => {
                text.push_str(&line);
                text.push('\n');
            }
            None => {
                let name = quote::comment(&variable.name);
                let _ = writeln!(text, "# {name} can't be written here.");
                notes.push(format!(
                    "no line of a .env file sets {name} to its value: set it yourself"
                ));
            }
        }
    }
}

/// The line that sets a variable: the simplest that python-dotenv reads right.
pub(super) fn line(name: &str, value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_.-:@+%=,".contains(c);
    // `${NAME}` is filled in whatever the quotes; the default of a variable that can't be is not.
    let escaped = value.replace("${", "${:-$}{");
    let mut ways = vec![];
    if value.chars().all(plain) {
        ways.push(format!("{name}={value}"));
    }
    ways.push(format!("{name}='{escaped}'"));
    ways.push(format!("{name}=\"{escaped}\""));
    ways.push(format!("{name}={escaped}"));
    ways.push(format!("{name}='{}'", escaped.replace('\\', r"\\").replace('\'', r"\'")));
    let mut double = String::new();
    for c in escaped.chars() {
        match c {
            '\\' => double.push_str(r"\\"),
            '"' => double.push_str("\\\""),
            '\n' => double.push_str("\\n"),
            '\r' => double.push_str("\\r"),
            c => double.push(c),
        }
    }
    ways.push(format!("{name}=\"{double}\""));
    ways.into_iter().find(|line| is_read(line, name, value))
}

fn is_read(line: &str, name: &str, value: &str) -> bool {
    let file =
        NamedText { name: ".env".to_owned(), text: format!("_before=b\n{line}\n_after=a\n") };
    let read = gather(&[file], &[], false).environment;
    let known = |name: &str| match &read.get(name)?.value {
        VariableValue::Known(value) => Some(value.reveal().to_owned()),
        VariableValue::Unknown(_) => None,
    };
    read.iter().count() == 3
        && known("_before").as_deref() == Some("b")
        && known("_after").as_deref() == Some("a")
        && known(name).as_deref() == Some(value)
}
