//! What a setting comes to in the clients that LiteLLM builds.

use base::source::Span;
use facts::catalogue::{Field, Section};
use report::Report;
use report::explain::{ExplainedConnection, Row, consumer_name, explain};
use simulate::outcome::{Api, Consumer};

/// A value that clients have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// redis-py's name of the setting.
    pub setting: String,
    /// The value; a secret is `•••`.
    pub value: String,
    /// Where it comes from: a place, a variable, a default and whose.
    pub origin: String,
    /// The place that it was written in.
    pub at: Option<Span>,
    /// Who has it: `response cache (sync, async)`.
    pub clients: Vec<String>,
}

/// What a field of a section comes to. `written` is where the config has its value.
pub(super) fn of_field(
    report: &Report,
    field: &Field,
    section: Section,
    written: Option<Span>,
) -> Vec<Effective> {
    let consumer = match section {
        Section::CacheParams => Consumer::Response,
        Section::RouterSettings | Section::CacheKwargs => Consumer::Router,
        Section::CoordinationRedis => Consumer::Usage,
        Section::LitellmSettings | Section::GeneralSettings | Section::Environment => {
            return vec![];
        }
    };
    let name = match (section, field.name) {
        (Section::RouterSettings, "redis_host" | "redis_port" | "redis_password" | "redis_db") => {
            &field.name["redis_".len()..]
        }
        (Section::RouterSettings, "redis_url") | (_, "url") => "",
        (Section::RouterSettings, _) => return vec![],
        (_, "ssl") => "tls",
        (_, "unix_socket_path") => "path",
        (_, name) => name,
    };
    let from_here = |row: &Row| {
        row.at.zip(written).is_some_and(|(at, written)| {
            at.source == written.source && written.start <= at.start && at.end <= written.end
        })
    };
    gathered(report, |connection, row| {
        connection.consumer == consumer && (row.setting == name || from_here(row))
    })
}

/// What a variable comes to.
pub(super) fn of_variable(report: &Report, name: &str) -> Vec<Effective> {
    gathered(report, |_, row| mentions(&row.origin, name))
}

/// The rows that are wanted, those that say the same told once.
fn gathered(
    report: &Report,
    wanted: impl Fn(&ExplainedConnection, &Row) -> bool,
) -> Vec<Effective> {
    let mut found: Vec<Effective> = vec![];
    for connection in &explain(report, false).connections {
        let api = match connection.api {
            Api::Sync => "sync",
            Api::Async => "async",
            Api::Native => "Rust",
        };
        for row in connection.rows.iter().filter(|row| wanted(connection, row)) {
            let client = consumer_name(connection.consumer);
            let same = found.iter_mut().find(|one| {
                one.setting == row.setting && one.value == row.value && one.origin == row.origin
            });
            match same {
                Some(one) => add(&mut one.clients, client, api),
                None => found.push(Effective {
                    setting: row.setting.clone(),
                    value: row.value.clone(),
                    origin: row.origin.clone(),
                    at: row.at,
                    clients: vec![format!("{client} ({api})")],
                }),
            }
        }
    }
    found
}

/// Adds `sync` to `response cache (async)`.
fn add(clients: &mut Vec<String>, client: &str, api: &str) {
    let same = clients.iter_mut().find_map(|one| {
        let apis = one.strip_prefix(client)?.strip_prefix(" (")?.strip_suffix(')')?;
        let longer = format!("{client} ({apis}, {api})");
        let known = apis.split(", ").any(|known| known == api);
        Some((one, known, longer))
    });
    match same {
        Some((_, true, _)) => {}
        Some((one, false, longer)) => *one = longer,
        None => clients.push(format!("{client} ({api})")),
    }
}

/// Whether a text names a variable.
fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
    })
}
