//! The configuration in the forms that it is deployed in.

use redproof_core::export::{Exports, File, Format, Secrets};
use redproof_messages::{Export, Exported};

use crate::workspace::Workspace;

/// All forms, or why there are none.
pub(crate) fn exports(workspace: &Workspace) -> Result<Vec<Export>, String> {
    let exports = workspace.with_input(|input| Exports::of(input, Secrets::Placeholders));
    let exports = exports.map_err(|error| format!("Nothing to export: {error}."))?;
    let form = |format: Format| {
        let export = exports.export(format);
        let to_fill_in = export.to_fill_in.into_iter();
        Export {
            title: title(format).to_owned(),
            about: about(format).to_owned(),
            to_fill_in: to_fill_in.map(|one| (one.token, one.what)).collect(),
            notes: export.notes.iter().map(|note| sentence(note)).collect(),
            files: export.files.iter().map(exported).collect(),
        }
    };
    Ok(Format::ALL.into_iter().map(form).collect())
}

fn title(format: Format) -> &'static str {
    match format {
        Format::Config => "config.yaml",
        Format::Env => ".env",
        Format::Kubernetes => "Kubernetes",
        Format::Compose => "Compose",
        Format::RedisConf => "redis.conf",
        Format::Commands => "Commands",
    }
}

fn about(format: Format) -> &'static str {
    match format {
        Format::Config => {
            "Secrets in the config become `os.environ/` references. Comments and layout are kept."
        }
        Format::Env => "Every variable that is set or referenced, in python-dotenv's format.",
        Format::Kubernetes => {
            "Config, Secrets and Deployment in one file: `kubectl apply -f kubernetes.yaml`. Files named in the config are mounted at their paths."
        }
        Format::Compose => "Put the files into one folder and run `docker compose up`.",
        Format::RedisConf => "Server settings that LiteLLM's clients need.",
        Format::Commands => {
            "Test each connection by hand with `redis-cli` and `openssl`. Passwords come from variables, never from the command line."
        }
    }
}

/// A note as a sentence.
fn sentence(note: &str) -> String {
    let mut rest = note.chars();
    rest.next().map_or(String::new(), |first| {
        format!("{}.", first.to_uppercase().chain(rest).collect::<String>())
    })
}

fn exported(file: &File) -> Exported {
    let mut parts = vec![];
    let mut at = 0;
    for place in &file.placeholders {
        parts.push((file.text[at..place.start].to_owned(), false));
        parts.push((file.text[place.clone()].to_owned(), true));
        at = place.end;
    }
    parts.push((file.text[at..].to_owned(), false));
    Exported { name: file.name.clone(), parts }
}
