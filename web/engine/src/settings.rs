//! Each connection that LiteLLM would open: every setting, where it comes from, what it overrode.

use redproof_core::explain::{
    self, ExplainedConnection, StartupWait, Verdict, consumer_name, explain,
};
use redproof_core::outcome::{Api, ClientKind};
use redproof_messages::{Connection, Note, Row, Served, Settings, Shared, Tone, Wait};

use crate::diagnose::written_at;
use crate::request;
use crate::workspace::Workspace;

/// The settings.
pub(crate) fn settings(workspace: &Workspace) -> Settings {
    let explanation = explain(&workspace.report, false);
    let groups = grouped(&explanation.connections);
    let served = explanation.served.map(|served| Served {
        endpoints: request::endpoints(),
        shared: served
            .shared
            .into_iter()
            .map(|part| Shared {
                part: part.part.to_owned(),
                holder: part.holder,
                shared: part.shared,
                why: part.why,
            })
            .collect(),
        cached: served
            .cached
            .into_iter()
            .map(|fact| Row {
                setting: fact.name,
                value: fact.value,
                origin: fact.origin.unwrap_or_default(),
                at: fact.at.and_then(|span| workspace.at(span)),
                overrode: vec![],
            })
            .collect(),
    });
    Settings {
        none: none(&explanation.startup).to_owned(),
        connections: groups.iter().map(|(one, both)| connection(workspace, one, *both)).collect(),
        waits: explanation.waits.iter().map(wait).collect(),
        served,
    }
}

fn wait(one: &StartupWait) -> Wait {
    Wait {
        consumer: consumer_name(one.consumer).to_owned(),
        target: one.target.clone(),
        time: one.in_words(),
    }
}

/// Why there is no connection.
fn none(startup: &Verdict) -> &'static str {
    match startup {
        Verdict::Starts => "LiteLLM opens no connection to Redis.",
        Verdict::Stops { .. } => "None: LiteLLM stops before it opens any.",
        Verdict::Unknown(_) => "None that can be known.",
    }
}

/// The connections, a sync and an async one that hold the same as one: `true` marks those.
fn grouped(all: &[ExplainedConnection]) -> Vec<(&ExplainedConnection, bool)> {
    let alike = |one: &ExplainedConnection, other: &ExplainedConnection| {
        one.api != other.api
            && (one.consumer, one.kind, &one.target, &one.error, &one.rows)
                == (other.consumer, other.kind, &other.target, &other.error, &other.rows)
    };
    let mut groups: Vec<(&ExplainedConnection, bool)> = vec![];
    for connection in all {
        match groups.iter_mut().find(|(other, both)| !both && alike(other, connection)) {
            Some((_, both)) => *both = true,
            None => groups.push((connection, false)),
        }
    }
    groups
}

fn connection(workspace: &Workspace, one: &ExplainedConnection, both: bool) -> Connection {
    let api = match one.api {
        _ if both => "sync and async",
        Api::Sync => "sync",
        Api::Async => "async",
        Api::Native => "Rust",
    };
    let kind = match one.kind {
        ClientKind::Redis => None,
        ClientKind::RedisCluster => Some("cluster"),
        ClientKind::Sentinel => Some("sentinel"),
    };
    let rows = one.rows.iter().map(|row| Row {
        setting: row.setting.clone(),
        value: row.value.clone(),
        origin: row.origin.clone(),
        at: row.at.and_then(|span| workspace.at(span)),
        overrode: row.overrode.iter().map(|lost| rung(workspace, lost)).collect(),
    });
    Connection {
        consumer: consumer_name(one.consumer).to_owned(),
        api: api.to_owned(),
        kind: kind.map(ToOwned::to_owned),
        address: address(&one.rows),
        target: (one.kind != ClientKind::Redis).then(|| one.target.clone()),
        badge: badge(one),
        only_if_reachable: one.only_if_reachable,
        error: one.error.clone(),
        rows: rows.collect(),
    }
}

/// What lost, with its place: `localhost from REDIS_HOST (.env:2:12)`.
fn rung(workspace: &Workspace, lost: &str) -> Note {
    let (before, place) = match lost.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((before, place)) => (before, place),
        None => lost.rsplit_once(" from ").unwrap_or(("", lost)),
    };
    let at = written_at(workspace, place);
    let text = if at.is_some() { before } else { lost };
    Note { at, text: text.to_owned(), misses: false }
}

/// `host:port`, or the path of a socket; a part that is not known by the variable that holds it.
fn address(rows: &[explain::Row]) -> String {
    let value = |name: &str| {
        rows.iter().find(|row| row.setting == name).map(|row| {
            let variable = row.value.strip_prefix("unknown: the environment variable ");
            variable.map_or_else(|| row.value.clone(), |name| format!("${name}"))
        })
    };
    match (value("path"), value("host"), value("port")) {
        (Some(path), _, _) => path,
        (None, Some(host), Some(port)) if host != "none" => format!("{host}:{port}"),
        _ => String::new(),
    }
}

fn badge(one: &ExplainedConnection) -> Option<(Tone, String)> {
    let said = |tone, words: &str| Some((tone, words.to_owned()));
    if one.error.is_some() {
        return said(Tone::Error, "cannot open");
    }
    let value =
        |name: &str| one.rows.iter().find(|row| row.setting == name).map(|row| row.value.as_str());
    match (value("tls")?, value("ssl_cert_reqs"), value("ssl_check_hostname")) {
        ("on", Some("required"), Some("true")) => said(Tone::Good, "TLS, verified"),
        ("on", Some("required"), Some("false")) => said(Tone::Plain, "TLS, name not checked"),
        ("on", Some("none"), _) => said(Tone::Plain, "TLS, not verified"),
        ("on", ..) => said(Tone::Good, "TLS"),
        ("off", ..) => said(Tone::Plain, "plaintext"),
        _ => said(Tone::Plain, "TLS unknown"),
    }
}
