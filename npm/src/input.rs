//! What the functions take.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Files, and what is known beside them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Input {
    /// Configs, and the files that say how they run: `.env`, compose files, manifests, lock files. They are
    /// joined as `redproof check .` joins those of a folder.
    pub files: Vec<File>,
    /// Variables, which win over those of the files.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Whether a variable that nothing sets is not set; otherwise it is not known.
    #[serde(default)]
    pub environment_is_complete: bool,
    /// The LiteLLM release; by default that of the files, else the newest.
    #[serde(default)]
    pub litellm: Option<String>,
    /// The redis-py release; by default that of the files, else the one that comes with LiteLLM's image.
    #[serde(default)]
    pub redis_py: Option<String>,
    /// The time, in seconds since 1970; what depends on it is left out without one.
    #[serde(default)]
    pub now: Option<i64>,
}

/// A file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path below the folder, parts separated by `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// One config among files.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// The config's path; by default the first of the files that is one.
    #[serde(default)]
    pub config: Option<String>,
    /// As of `Input`.
    pub files: Vec<File>,
    /// As of `Input`.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// As of `Input`.
    #[serde(default)]
    pub environment_is_complete: bool,
    /// As of `Input`.
    #[serde(default)]
    pub litellm: Option<String>,
    /// As of `Input`.
    #[serde(default)]
    pub redis_py: Option<String>,
    /// As of `Input`.
    #[serde(default)]
    pub now: Option<i64>,
}

impl Config {
    /// Which config, and the rest.
    pub(crate) fn split(self) -> (Option<String>, Input) {
        let Self { config, files, environment, environment_is_complete, litellm, redis_py, now } =
            self;
        let rest = Input { files, environment, environment_is_complete, litellm, redis_py, now };
        (config, rest)
    }
}

/// A request to the proxy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProxyRequest {
    /// `/chat/completions`; by default what the body looks like.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// What is sent: a JSON object, such as `{"model": "gpt-4o"}`.
    pub body: serde_json::Value,
}

/// Which fixes are wanted: by default all that are safe.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fixes {
    /// Those that guess at what was meant, too.
    #[serde(default)]
    pub also_unsafe: bool,
    /// Those of findings whose code starts with one of these; all where there are none.
    #[serde(default)]
    pub select: Vec<String>,
    /// Not those of findings whose code starts with one of these.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// The releases after an upgrade.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upgrade {
    /// By default the newest.
    #[serde(default)]
    pub litellm: Option<String>,
    /// By default the one that comes with LiteLLM's image.
    #[serde(default)]
    pub redis_py: Option<String>,
}

/// A log, and the configuration that ran where it was written.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The log's text.
    pub log: String,
    /// The configuration.
    #[serde(default)]
    pub input: Option<Config>,
}
