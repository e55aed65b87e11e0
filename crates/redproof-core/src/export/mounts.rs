//! The files that a configuration names, and where LiteLLM looks for them.

use super::literals::Literals;
use crate::outcome::{Connection, Knowable, Outcome, Setting};

/// Where LiteLLM's image works: what relative paths count from.
const WORKING_DIRECTORY: &str = "/app";

/// A file or directory that LiteLLM reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// As the configuration names it.
    pub(super) path: String,
    /// In the container.
    pub(super) target: String,
    /// Its key in a Secret: the file's name, made unique.
    pub(super) key: String,
    /// What it is, in words.
    pub(super) what: &'static str,
    /// A directory of CA certificates.
    pub(super) directory: bool,
}

/// The connections of an outcome, those to sentinels included.
pub(super) fn connections(outcome: &Outcome) -> impl Iterator<Item = &Connection> {
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    let clients = outcome.clients.iter().chain(fallback);
    clients.flat_map(|client| client.connection.iter().chain(&client.sentinels))
}

pub(super) fn of(outcome: &Outcome, literals: &Literals) -> Vec<Mount> {
    let mut mounts = vec![];
    for connection in connections(outcome) {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        let settings = [
            ("ssl_ca_certs", &tls.ca_certs),
            ("ssl_ca_path", &tls.ca_path),
            ("ssl_certfile", &tls.certfile),
            ("ssl_keyfile", &tls.keyfile),
        ];
        for (name, Setting { value, .. }) in settings {
            add(name, value.as_str().unwrap_or(""), &mut mounts);
        }
    }
    for (name, path) in &literals.files {
        add(name, path, &mut mounts);
    }
    mounts
}

fn add(setting: &str, path: &str, mounts: &mut Vec<Mount>) {
    if path.is_empty() || mounts.iter().any(|mount| mount.path == path) {
        return;
    }
    let what = match setting {
        "ssl_ca_certs" => "the CA's certificate",
        "ssl_ca_path" => "the directory of CA certificates",
        "ssl_certfile" => "the client certificate",
        _ => "the client certificate's key",
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let base: String = name.chars().map(plain).collect();
    // `.` and `..` are no keys.
    let base = if base.trim_matches('.').is_empty() { "file".to_owned() } else { base };
    let mut key = base.clone();
    let mut number = 2;
    while mounts.iter().any(|mount| mount.key == key) {
        key = format!("{number}-{base}");
        number += 1;
    }
    let target = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{WORKING_DIRECTORY}/{}", path.trim_start_matches("./"))
    };
    let directory = setting == "ssl_ca_path";
    mounts.push(Mount { path: path.to_owned(), target, key, what, directory });
}
