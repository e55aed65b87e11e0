//! What fields take and reach, in words; names are between backticks.

use super::{Kind, Reach};

/// A name between backticks; nothing for no name.
pub fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

impl Kind {
    /// What a field of this kind takes: `a whole number`.
    pub fn words(self) -> String {
        let one_of =
            |names: &[&str]| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
        match self {
            Self::Bool => "true or false".to_owned(),
            Self::Int => "a whole number".to_owned(),
            Self::Float => "a number".to_owned(),
            Self::Str => "text".to_owned(),
            Self::Path => "a file's path".to_owned(),
            Self::Url => "a URL".to_owned(),
            Self::Choice(names) => one_of(names),
            Self::List => "a list".to_owned(),
            Self::ListOf(names) => format!("a list of {}", one_of(names)),
            Self::Map => "a mapping".to_owned(),
            Self::Nodes => "a list of `host` and `port` mappings".to_owned(),
            Self::Pairs => "a list of `[host, port]`".to_owned(),
            Self::Json => "JSON text".to_owned(),
            Self::Object => "an object of Python".to_owned(),
            Self::Any => "anything".to_owned(),
        }
    }
}

impl Reach {
    /// What a field of this reach has an effect on: `every client`.
    pub fn words(self) -> String {
        match self {
            Self::Litellm => "LiteLLM itself".to_owned(),
            Self::Every => "every client".to_owned(),
            Self::Standalone => "clients of one server".to_owned(),
            Self::SyncStandalone => "sync clients of one server".to_owned(),
            Self::Cluster => "cluster clients".to_owned(),
            Self::Sentinel => "Sentinel clients".to_owned(),
            Self::Tls => "TLS connections that no `url` configures".to_owned(),
            Self::CacheTypes(types) => {
                let types: Vec<String> = types.iter().map(|name| code(name)).collect();
                format!("caches of type {}", types.join(", "))
            }
        }
    }
}
