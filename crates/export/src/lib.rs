//! Taking a configuration away: the forms that it is deployed in.
//!
//! [`export`] gives the files of one [`Format`]. Literal secrets of the config become references
//! (`os.environ/NAME`), and whatever the reader has to supply is a placeholder: `FILL_IN_` and a
//! name. What is written is what LiteLLM read: the exported files, read back by
//! [`gather`](deployment::environment::gather) and [`check`](judge::check), give the same outcome.

mod commands;
mod compose;
#[cfg(test)]
mod contract;
mod dotenv;
mod kubernetes;
mod literals;
mod mask;
mod mounts;
mod patch;
mod plan;
mod quote;
mod redis_conf;
mod residue;
mod same;
mod servers;
mod swap;
mod tokens;

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use report::CheckInput;

pub use patch::patch;

use plan::Plan;
use tokens::Tokens;

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `config.yaml`, its literal secrets replaced by references.
    Config,
    /// `.env`, as python-dotenv reads it.
    Env,
    /// A `ConfigMap`, Secrets and a Deployment, to `kubectl apply`.
    Kubernetes,
    /// `compose.yaml` with what it mounts and reads.
    Compose,
    /// The lines of `redis.conf` (and `sentinel.conf`) that the clients need.
    RedisConf,
    /// `redis-cli` and `openssl s_client` for each connection.
    Commands,
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Config, Self::Env, Self::Kubernetes, Self::Compose, Self::RedisConf, Self::Commands];

    /// The format's name: `redis-conf`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Env => "env",
            Self::Kubernetes => "kubernetes",
            Self::Compose => "compose",
            Self::RedisConf => "redis-conf",
            Self::Commands => "commands",
        }
    }
}

/// What is where the secrets stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// A placeholder for each.
    Placeholders,
    /// The secrets themselves, because the caller asked for just that.
    Revealed,
}

/// The files of one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The files; at least one.
    pub files: Vec<File>,
    /// What the reader has to fill in, each once, in the order of the files.
    pub to_fill_in: Vec<Placeholder>,
    /// What could not be written, and what to know before using the files. Sentences without the
    /// full stop.
    pub notes: Vec<String>,
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where placeholders are in the text, in bytes.
    pub placeholders: Vec<Range<usize>>,
}

/// Something that the reader has to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What is in the text: `FILL_IN_REDIS_PASSWORD`.
    pub token: String,
    /// What belongs there: `the secret written at litellm_settings.cache_params.password`.
    pub what: String,
}

/// Why a configuration can't be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// The config can't be read; LiteLLM does not start with it.
    Unreadable(String),
    /// The secret at this path is written in a way that no edit fits: the text can't be given away.
    Secret(String),
    /// There is nothing to patch, and why.
    NoPatch(String),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPatch(why) => f.write_str(why),
            Self::Unreadable(why) => write!(f, "the config can't be read: {why}"),
            Self::Secret(path) => write!(
                f,
                "the secret at {path} can't be taken out of the text; put it into a variable and \
                 write `os.environ/NAME`"
            ),
        }
    }
}

impl std::error::Error for ExportError {}

/// Writes a configuration in one format.
///
/// # Errors
/// When the config can't be read, or a secret can't be taken out of its text.
pub fn export(
    input: &CheckInput<'_>,
    format: Format,
    secrets: Secrets,
) -> Result<Export, ExportError> {
    Ok(Exports::of(input, secrets)?.export(format))
}

/// A configuration that is ready to be written in any format.
#[derive(Clone, Debug)]
pub struct Exports {
    plan: Plan,
}

impl Exports {
    /// Finds the secrets and what takes their place.
    ///
    /// # Errors
    /// When the config can't be read, or a secret can't be taken out of its text.
    pub fn of(input: &CheckInput<'_>, secrets: Secrets) -> Result<Self, ExportError> {
        Ok(Self { plan: Plan::of(input, secrets)? })
    }

    /// The files of one format.
    pub fn export(&self, format: Format) -> Export {
        let plan = &self.plan;
        let mut draft = Draft { tokens: plan.tokens.clone(), ..Draft::default() };
        match format {
            Format::Config => draft.file("config.yaml", plan.config.clone()),
            Format::Env => dotenv::write(plan, &mut draft),
            Format::Kubernetes => kubernetes::write(plan, &mut draft),
            Format::Compose => compose::write(plan, &mut draft),
            Format::RedisConf => redis_conf::write(plan, &mut draft),
            Format::Commands => commands::write(plan, &mut draft),
        }
        if matches!(format, Format::Config | Format::Kubernetes | Format::Compose) {
            draft.notes.extend(plan.notes.iter().cloned());
        }
        draft.finished()
    }
}

/// An export in the making.
#[derive(Debug, Default)]
struct Draft {
    files: Vec<(String, String)>,
    notes: Vec<String>,
    tokens: Tokens,
}

impl Draft {
    fn file(&mut self, name: &str, text: String) {
        self.files.push((name.to_owned(), text));
    }

    fn finished(self) -> Export {
        let mut to_fill_in: Vec<Placeholder> = vec![];
        let mut listed = HashSet::new();
        let mut files = vec![];
        for (name, text) in self.files {
            let placeholders = tokens::places(&text);
            for place in &placeholders {
                let token = &text[place.clone()];
                if listed.insert(token.to_owned()) {
                    let what = self.tokens.what(token).unwrap_or("left open before").to_owned();
                    to_fill_in.push(Placeholder { token: token.to_owned(), what });
                }
            }
            files.push(File { name, text, placeholders });
        }
        Export { files, to_fill_in, notes: self.notes }
    }
}
