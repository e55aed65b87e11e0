//! Networks of compose's services: which they join, and by which names and ports they are reached.

use crate::intake::Doc;
use crate::interpolate::Filled;
use crate::model::{Mode, Wiring};
use crate::tree::{at, entries, items, scalar};
use python::{Data, Value};

/// What a service of a compose file says of its network.
pub(super) fn read(
    doc: &Doc<'_>,
    service: &Value,
    wiring: &mut Wiring,
    fill_in: &mut dyn FnMut(&str) -> Filled,
) {
    if wiring.mode == Mode::Unknown {
        wiring.mode = Mode::Own;
    }
    if let Some(mode) = at(service, &["network_mode"]).and_then(|mode| scalar(doc, mode)) {
        wiring.mode = if mode == "bridge" { Mode::Own } else { Mode::Shared };
        let other =
            mode.split_once(':').filter(|(kind, _)| matches!(*kind, "service" | "container"));
        wiring.rides_on = other.map(|(_, other)| other.to_owned());
        // Docker's own bridge resolves no names of neighbours.
        wiring.is_open = true;
    }
    let own = ["container_name", "hostname", "domainname"];
    wiring.names.extend(own.iter().filter_map(|key| scalar(doc, at(service, &[key])?)));
    match at(service, &["networks"]).map(|networks| &networks.data) {
        Some(Data::List(names)) => {
            wiring.joins.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        Some(Data::Dict(networks)) => {
            for entry in &networks.entries {
                wiring.joins.extend(entry.key.as_str().map(str::to_owned));
                let aliases = items(at(&entry.value, &["aliases"])).iter();
                wiring.names.extend(aliases.filter_map(Value::as_str).map(str::to_owned));
            }
        }
        _ => {}
    }
    for network in wiring.joins.iter().map(String::as_str).chain(["default"]) {
        let said = at(&doc.root, &["networks", network]);
        let external = said.and_then(|network| at(network, &["external"]));
        let is_external = external.is_some_and(|on| !matches!(on.data, Data::Bool(false)));
        wiring.is_open |= is_external && (network != "default" || wiring.joins.is_empty());
        // Another project's network, by its name.
        wiring.is_open |= said.is_some_and(|network| at(network, &["name"]).is_some());
    }
    wiring.is_open |= at(service, &["external_links"]).is_some()
        || at(&doc.root, &["include"]).is_some()
        || at(service, &["dns"]).is_some()
        || at(service, &["dns_search"]).is_some();
    for link in items(at(service, &["links"])).iter().filter_map(Value::as_str) {
        wiring.knows.extend(link.split(':').map(str::to_owned));
    }
    let hosts = at(service, &["extra_hosts"]);
    let names = entries(hosts).iter().filter_map(|entry| entry.key.as_str());
    let listed = items(hosts).iter().filter_map(Value::as_str);
    let listed = listed.filter_map(|line| line.split([':', '=']).next());
    wiring.knows.extend(names.chain(listed).map(str::to_owned));
    for port in items(at(service, &["ports"])) {
        wiring.published.extend(published(doc, port, fill_in));
    }
}

/// The ports of an entry of `ports`: on the host, in the container.
fn published(
    doc: &Doc<'_>,
    entry: &Value,
    fill_in: &mut dyn FnMut(&str) -> Filled,
) -> Option<(u16, u16)> {
    if entry.as_dict().is_some() {
        let part = |key: &str| scalar(doc, at(entry, &[key])?)?.parse().ok();
        return Some((part("published")?, part("target")?));
    }
    let Filled::Known(written) = fill_in(&scalar(doc, entry)?) else { return None };
    let written = written.split('/').next()?;
    let mut parts = written.rsplit(':');
    let own = parts.next()?.parse().ok()?;
    let host = parts.next()?.parse().ok()?;
    Some((host, own))
}
