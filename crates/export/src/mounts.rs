//! The files that a configuration names, and where LiteLLM looks for them.

use super::literals::Literals;
use simulate::outcome::{Connection, Knowable, Outcome, Setting};

/// Where LiteLLM's image works: what relative paths count from.
const WORKING_DIRECTORY: &str = "/app";
/// Kubernetes takes 253 characters; a number may be put before it.
const LONGEST_KEY: usize = 240;

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
    let clients = outcome.redis_py_clients().chain(fallback);
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
    if path.is_empty() {
        return;
    }
    let target = target(path);
    // Kubernetes and compose refuse two mounts of one place.
    if mounts.iter().any(|mount| mount.target == target) {
        return;
    }
    let what = match setting {
        "ssl_ca_certs" => "the CA's certificate",
        "ssl_ca_path" => "the directory of CA certificates",
        "ssl_certfile" => "the client certificate",
        _ => "the client certificate's key",
    };
    let base = key(&target);
    let mut key = base.clone();
    let mut number = 2;
    while mounts.iter().any(|mount| mount.key == key) {
        key = format!("{number}-{base}");
        number += 1;
    }
    let directory = setting == "ssl_ca_path";
    mounts.push(Mount { path: path.to_owned(), target, key, what, directory });
}

/// A path in the container, absolute, without parts that lead nowhere.
fn target(path: &str) -> String {
    let whole =
        if path.starts_with('/') { path.to_owned() } else { format!("{WORKING_DIRECTORY}/{path}") };
    let mut parts = vec![];
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A file's name as the key of a Secret: of few characters, not too many of them, and no `..` at
/// its start.
fn key(target: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name = target.rsplit('/').next().unwrap_or(target);
    let name: String = name.chars().map(plain).take(LONGEST_KEY).collect();
    match name.as_str() {
        "" | "." => "file".to_owned(),
        name if name.starts_with("..") => format!("file{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{add, key, target};

    #[test]
    fn targets_are_where_the_container_finds_them() {
        for (path, place) in [
            ("/etc/redis/ca.crt", "/etc/redis/ca.crt"),
            ("ca.crt", "/app/ca.crt"),
            ("./tls//ca.crt", "/app/tls/ca.crt"),
            ("../etc/./ca.crt", "/etc/ca.crt"),
            ("/etc/redis/", "/etc/redis"),
        ] {
            assert_eq!(target(path), place, "{path}");
        }
    }

    #[test]
    fn keys_are_such_as_kubernetes_takes() {
        assert_eq!(key("/a/it's.crt"), "it-s.crt");
        assert_eq!(key("/a/..data"), "file..data");
        assert_eq!(key("/"), "file");
        assert!(key(&format!("/{}", "x".repeat(300))).len() <= 253);
    }

    #[test]
    fn a_place_is_mounted_once() {
        let mut mounts = vec![];
        for path in ["tls/ca.crt", "./tls/ca.crt", "/app/tls/ca.crt", "/other/ca.crt"] {
            add("ssl_ca_certs", path, &mut mounts);
        }
        let keys: Vec<&str> = mounts.iter().map(|mount| mount.key.as_str()).collect();
        assert_eq!(keys, ["ca.crt", "2-ca.crt"]);
    }
}
