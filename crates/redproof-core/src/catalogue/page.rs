//! The reference of all settings and variables, in Markdown.

use std::fmt::Write as _;

use super::{Field, Kind, Reach, Section, fields};
use crate::releases::{Pair, ReleaseRange};

/// The sections in the order of the page.
const SECTIONS: [Section; 7] = [
    Section::CacheParams,
    Section::RouterSettings,
    Section::CacheKwargs,
    Section::CoordinationRedis,
    Section::LitellmSettings,
    Section::GeneralSettings,
    Section::Environment,
];

/// Every setting that has to do with Redis, by section.
pub fn page() -> String {
    let newest = Pair::newest();
    let mut text = format!(
        "# Settings\n\n\
         Every setting that has to do with Redis, and every setting of the router, for LiteLLM {} to {} \
         and redis-py {} to {}. Where a setting is not written, LiteLLM reads its variable. \
         *Since* and *until* name the first and the last release that know a setting; empty means all.\n",
        Pair::litellm_releases().first().copied().unwrap_or(newest.litellm),
        newest.litellm,
        Pair::redis_py_releases().first().copied().unwrap_or(newest.redis_py),
        newest.redis_py,
    );
    for section in SECTIONS {
        let title = match section {
            Section::Environment => "Variables of their own",
            section => section.path(),
        };
        write!(
            text,
            "\n## {title}\n\n\
             | name | takes | default | variable | since | until | has an effect on | |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        )
        .unwrap_or_default();
        for field in fields().filter(|field| field.sections.contains(&section)) {
            row(&mut text, field, section);
        }
    }
    text
}

fn row(text: &mut String, field: &Field, section: Section) {
    let ReleaseRange { software, since, until } = field.releases();
    let release = |bound: Option<_>| {
        bound.map_or_else(String::new, |release| format!("{} {release}", software.name()))
    };
    let variable = field.variable().filter(|_| section != Section::Environment);
    let secret = if field.is_secret() { " A secret." } else { "" };
    writeln!(
        text,
        "| `{}` | {} | {} | {} | {} | {} | {} | {}{secret} |",
        field.name,
        takes(field.kind),
        code(field.default),
        code(variable.as_deref().unwrap_or("")),
        release(since),
        release(until),
        reach(field.reach),
        field.meaning.replace('|', "\\|"),
    )
    .unwrap_or_default();
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

fn takes(kind: Kind) -> String {
    let one_of =
        |names: &[&str]| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
    match kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::Int => "a whole number".to_owned(),
        Kind::Float => "a number".to_owned(),
        Kind::Str => "text".to_owned(),
        Kind::Path => "a file's path".to_owned(),
        Kind::Url => "a URL".to_owned(),
        Kind::Choice(names) => one_of(names),
        Kind::List => "a list".to_owned(),
        Kind::ListOf(names) => format!("a list of {}", one_of(names)),
        Kind::Map => "a mapping".to_owned(),
        Kind::Nodes => "a list of `host` and `port` mappings".to_owned(),
        Kind::Pairs => "a list of `[host, port]`".to_owned(),
        Kind::Json => "JSON text".to_owned(),
        Kind::Object => "an object of Python".to_owned(),
        Kind::Any => "anything".to_owned(),
    }
}

fn reach(reach: Reach) -> String {
    match reach {
        Reach::Litellm => "LiteLLM itself".to_owned(),
        Reach::Every => "every client".to_owned(),
        Reach::Standalone => "clients of one server".to_owned(),
        Reach::SyncStandalone => "sync clients of one server".to_owned(),
        Reach::Cluster => "cluster clients".to_owned(),
        Reach::Sentinel => "Sentinel clients".to_owned(),
        Reach::Tls => "TLS connections that no `url` configures".to_owned(),
        Reach::CacheTypes(types) => {
            let types: Vec<String> = types.iter().map(|name| code(name)).collect();
            format!("caches of type {}", types.join(", "))
        }
    }
}
