//! Where two redis-py clients differ.

use std::collections::HashSet;
use std::sync::Arc;

use base::secret::Secret;
use python::{Data, Origin, Truth, Value, convert};
use simulate::outcome::{
    Client, ClientKind, Connection, Knowable, NodeAddress, SecretSetting, Setting, Tls, Verify,
};

use super::difference::{Differences, State};
use facts::Aspect;

/// Compares one client with its counterpart.
pub(super) fn of_client<'a>(old: &'a Client, new: &'a Client, differences: &mut Differences<'a>) {
    if old.error.is_some() || new.error.is_some() {
        let same = match (&old.error, &new.error) {
            (Some(Knowable::Known(old)), Some(Knowable::Known(new))) => {
                old.class == new.class && old.message == new.message
            }
            (old, new) => old == new,
        };
        if !same {
            let (old, new) = (State::Error(old.error.as_ref()), State::Error(new.error.as_ref()));
            differences.add(Aspect::Error, "error", old, new);
        }
    }
    let servers = (State::Server(old), State::Server(new));
    if old.kind != new.kind {
        differences.add(Aspect::Topology, "topology", servers.0, servers.1);
    }
    let (Some(before), Some(after)) = (&old.connection, &new.connection) else {
        return;
    };
    if old.kind == new.kind {
        let same = same_server(old, new);
        let moved = same && old.kind == ClientKind::Redis && {
            came_from_elsewhere(&before.host.value.origin, &after.host.value.origin)
        };
        if !same || moved {
            differences.push(Aspect::Server, "server", servers.0, servers.1, moved);
        }
    }
    of_connection(before, after, differences);
    // All sentinels get the same settings: one stands for them.
    if let (Some(before), Some(after)) = (old.sentinels.first(), new.sentinels.first()) {
        differences.sentinels = true;
        of_connection(before, after, differences);
        differences.sentinels = false;
    }
}

fn of_connection<'a>(old: &'a Connection, new: &'a Connection, differences: &mut Differences<'a>) {
    tls(old, new, differences);
    let mut value = |aspect, name, old: &'a Setting, new: &'a Setting| {
        setting(aspect, name, old, new, differences);
    };
    value(Aspect::Database, "db", &old.db, &new.db);
    value(Aspect::Username, "username", &old.username, &new.username);
    value(Aspect::SocketTimeout, "socket_timeout", &old.socket_timeout, &new.socket_timeout);
    // It follows socket_timeout where nothing is set.
    if !follows(&old.socket_connect_timeout) || !follows(&new.socket_connect_timeout) {
        let (old, new) = (&old.socket_connect_timeout, &new.socket_connect_timeout);
        value(Aspect::ConnectTimeout, "socket_connect_timeout", old, new);
    }
    let (before, after) = (&old.health_check_interval, &new.health_check_interval);
    value(Aspect::HealthCheck, "health_check_interval", before, after);
    value(Aspect::ClientName, "client_name", &old.client_name, &new.client_name);
    let same = same_password(&old.password, &new.password);
    let moved = same
        && has_password(&old.password)
        && came_from_elsewhere(&old.password.origin, &new.password.origin);
    if !same || moved {
        let (old, new) = (State::Password(&old.password), State::Password(&new.password));
        differences.push(Aspect::Password, "password", old, new, moved);
    }
    if old.auth != new.auth {
        let (old, new) = (State::Auth(&old.auth), State::Auth(&new.auth));
        differences.add(Aspect::Iam, "iam", old, new);
    }
}

/// Whether `socket_connect_timeout` is redis-py's copy of `socket_timeout`.
fn follows(setting: &Setting) -> bool {
    matches!(setting.value.origin, Origin::Computed(_))
}

fn tls<'a>(old: &'a Connection, new: &'a Connection, differences: &mut Differences<'a>) {
    let (before, after) = match (&old.tls, &new.tls) {
        (Knowable::Known(Some(before)), Knowable::Known(Some(after))) => (before, after),
        (Knowable::Known(None), Knowable::Known(None)) => return,
        (Knowable::Unknown(before), Knowable::Unknown(after)) if before == after => return,
        (before, after) => {
            let before = State::Tls(before, &old.tls_origin);
            let after = State::Tls(after, &new.tls_origin);
            differences.add(Aspect::Tls, "ssl", before, after);
            return;
        }
    };
    if verifies(before) != verifies(after) {
        let (before, after) = (State::Verify(before), State::Verify(after));
        differences.add(Aspect::Verification, "ssl_cert_reqs", before, after);
    }
    let (checks, checked) = (&before.check_hostname, &after.check_hostname);
    if !same_truth(&checks.value, &checked.value) {
        let (before, after) = (State::Value(checks), State::Value(checked));
        differences.add(Aspect::HostName, "ssl_check_hostname", before, after);
    }
    let mut value = |aspect, name, old: &'a Setting, new: &'a Setting| {
        setting(aspect, name, old, new, differences);
    };
    value(Aspect::Authorities, "ssl_ca_certs", &before.ca_certs, &after.ca_certs);
    value(Aspect::Authorities, "ssl_ca_path", &before.ca_path, &after.ca_path);
    value(Aspect::ClientCertificate, "ssl_certfile", &before.certfile, &after.certfile);
    value(Aspect::ClientCertificate, "ssl_keyfile", &before.keyfile, &after.keyfile);
    for (name, old) in &before.others {
        let Some((_, new)) = after.others.iter().find(|(other, _)| other == name) else {
            continue;
        };
        let (aspect, name) = match *name {
            "ca_data" => (Aspect::Authorities, "ssl_ca_data"),
            "password" | "certificate_password" => (Aspect::TlsOption, "ssl_password"),
            "min_version" => (Aspect::TlsOption, "ssl_min_version"),
            "ciphers" => (Aspect::TlsOption, "ssl_ciphers"),
            name => (Aspect::TlsOption, name),
        };
        value(aspect, name, old, new);
    }
}

fn setting<'a>(
    aspect: Aspect,
    name: &'static str,
    old: &'a Setting,
    new: &'a Setting,
    differences: &mut Differences<'a>,
) {
    let same = same_value(aspect, &old.value, &new.value);
    let moved = same
        && !is_nothing(&old.value)
        && came_from_elsewhere(&old.value.origin, &new.value.origin);
    if !same || moved {
        differences.push(aspect, name, State::Value(old), State::Value(new), moved);
    }
}

/// Whether a TLS connection verifies the certificate. `optional` does, on a client.
pub(super) fn verifies(tls: &Tls) -> bool {
    tls.verify != Verify::None
}

pub(super) fn same_truth(one: &Value, other: &Value) -> bool {
    match (&one.data, &other.data) {
        (Data::Unknown(one), Data::Unknown(other)) => one == other,
        _ => one.truth() == other.truth(),
    }
}

/// Whether it is what redis-py takes for "not given".
pub(super) fn is_nothing(value: &Value) -> bool {
    value.is_none() || value.as_str() == Some("")
}

pub(super) fn has_password(password: &SecretSetting) -> bool {
    match &password.value {
        Knowable::Known(secret) => secret.as_ref().is_some_and(|one| !one.reveal().is_empty()),
        Knowable::Unknown(_) => true,
    }
}

fn same_password(one: &SecretSetting, other: &SecretSetting) -> bool {
    match (&one.value, &other.value) {
        (Knowable::Known(one), Knowable::Known(other)) => {
            let (one, other) = (one.as_ref(), other.as_ref());
            one.map_or("", Secret::reveal) == other.map_or("", Secret::reveal)
        }
        (Knowable::Unknown(one), Knowable::Unknown(other)) => one == other,
        _ => false,
    }
}

/// Whether two values do the same to a connection.
pub(super) fn same_value(aspect: Aspect, one: &Value, other: &Value) -> bool {
    if is_nothing(one) || is_nothing(other) {
        return is_nothing(one) && is_nothing(other);
    }
    match (&one.data, &other.data) {
        (Data::Unknown(one), Data::Unknown(other)) => return one == other,
        // Of one document: written out, a few lines with aliases can be of any size.
        (Data::List(one), Data::List(other)) if Arc::ptr_eq(one, other) => return true,
        (Data::Dict(one), Data::Dict(other)) if Arc::ptr_eq(one, other) => return true,
        _ => {}
    }
    if is_plainly_the_same(&one.data, &other.data) {
        return true;
    }
    // A timeout that is text fails where the number works; a port or database does not.
    let strict =
        matches!(aspect, Aspect::SocketTimeout | Aspect::ConnectTimeout | Aspect::HealthCheck);
    if strict && one.as_str().is_some() != other.as_str().is_some() {
        return false;
    }
    match (seconds(one), seconds(other)) {
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        _ => match (convert::str_of(one), convert::str_of(other)) {
            (Ok(one), Ok(other)) => one == other,
            // Too large to be written out.
            _ => one.origin.span().is_some() && one.origin.span() == other.origin.span(),
        },
    }
}

/// Whether values are the same without being written out. What reads as no number, or as one without
/// end, is the same as nothing.
fn is_plainly_the_same(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Int(one), Data::Int(other)) => one == other,
        (Data::Bool(one), Data::Bool(other)) => one == other,
        (Data::Str(one), Data::Str(other)) => {
            let number = one.trim_start().trim_start_matches(['+', '-']);
            one == other && !number.starts_with(['i', 'I', 'n', 'N'])
        }
        _ => false,
    }
}

/// A number, also one written as text.
pub(super) fn seconds(value: &Value) -> Option<f64> {
    if matches!(value.data, Data::List(_) | Data::Dict(_)) {
        return None;
    }
    match &value.data {
        // Neither reads as a number.
        Data::Bool(_) | Data::None => None,
        Data::Str(text) => text.trim().parse().ok(),
        _ => convert::str_of(value).ok()?.trim().parse().ok(),
    }
}

fn same_server(old: &Client, new: &Client) -> bool {
    let (Some(before), Some(after)) = (&old.connection, &new.connection) else {
        return true;
    };
    let same =
        |one: &Setting, other: &Setting| same_value(Aspect::Server, &one.value, &other.value);
    match old.kind {
        ClientKind::Redis => match (&before.path, &after.path) {
            (None, None) => same(&before.host, &after.host) && same(&before.port, &after.port),
            (Some(before), Some(after)) => same(before, after),
            _ => false,
        },
        ClientKind::RedisCluster => same_nodes(&old.nodes, &new.nodes),
        ClientKind::Sentinel => {
            let name = match (&old.service_name, &new.service_name) {
                (Some(old), Some(new)) => same_value(Aspect::Server, old, new),
                (old, new) => old.is_none() == new.is_none(),
            };
            let sentinels = old.sentinels.iter().zip(&new.sentinels);
            name && old.sentinels.len() == new.sentinels.len()
                && sentinels
                    .into_iter()
                    .all(|(old, new)| same(&old.host, &new.host) && same(&old.port, &new.port))
        }
    }
}

/// The same nodes, in whatever order.
fn same_nodes(old: &[NodeAddress], new: &[NodeAddress]) -> bool {
    match (addresses(old), addresses(new)) {
        (Some(old), Some(new)) => old == new,
        // One of them is the same as nothing.
        _ => false,
    }
}

/// Whether clusters have a start-up node in common: they are then one and the same.
pub(super) fn share_a_node(old: &Client, new: &Client) -> bool {
    let known = |client: &Client| -> HashSet<(String, String)> {
        client.nodes.iter().filter_map(address).collect()
    };
    !known(old).is_disjoint(&known(new))
}

fn addresses(nodes: &[NodeAddress]) -> Option<HashSet<(String, String)>> {
    nodes.iter().map(address).collect()
}

fn address(node: &NodeAddress) -> Option<(String, String)> {
    Some((key(&node.host.value)?, key(&node.port.value)?))
}

/// A text that two values share where [`same_value`] takes them for the same server's: there may be
/// thousands of nodes. `None` for a value that is the same as no other.
fn key(value: &Value) -> Option<String> {
    if is_nothing(value) {
        return Some("none".to_owned());
    }
    match &value.data {
        Data::Unknown(why) => return Some(format!("unknown {why}")),
        // Written out, a few lines with aliases can be of any size.
        Data::List(items) => return Some(format!("list {:p}", Arc::as_ptr(items))),
        Data::Dict(dict) => return Some(format!("dict {:p}", Arc::as_ptr(dict))),
        _ => {}
    }
    match seconds(value) {
        Some(number) if number.is_nan() => None,
        Some(number) => Some(format!("number {}", number + 0.0)),
        None => Some(format!("text {}", convert::str_of(value).ok()?)),
    }
}

/// Whether two values were written in different places by the user.
fn came_from_elsewhere(one: &Origin, other: &Origin) -> bool {
    let written = |origin: &Origin| origin.variable().is_some() || origin.span().is_some();
    if !written(one) || !written(other) {
        return false;
    }
    match (one.variable(), other.variable()) {
        (Some(one), Some(other)) => one != other,
        (None, None) => one.span() != other.span(),
        _ => true,
    }
}

/// `bool(value)`, where it is known.
pub fn is_true(value: &Value) -> Option<bool> {
    match value.truth() {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}
