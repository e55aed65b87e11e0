//! What a workload reaches: by `localhost`, by names, and at all.

use std::collections::BTreeSet;

use crate::model::{self, Behind, Form, Mode, Workload, World};
use crate::network::{Localhost, Network, Reach, Service};
use crate::paths;

/// The network of a workload.
pub(crate) fn network(world: &World, workload: &Workload) -> Network {
    let folder = |file: usize| world.paths.get(file).map_or("", |path| paths::folder(path));
    let matters = |service: &&model::Service| {
        let words = ["redis", "valkey", "cache", "sentinel", "dragonfly", "keydb"];
        folder(service.file) == folder(workload.file)
            || words.iter().any(|word| service.name.contains(word))
    };
    let services = world.services.iter().filter(matters).map(|service| {
        let pods = || {
            let pods = world.workloads.iter().filter(|one| one.form == Form::Kubernetes);
            pods.filter(|one| selects(service, one) == Some(true))
        };
        let behind = |behind: &Behind| match behind {
            Behind::Number(port) => Some(*port),
            Behind::Named(name) => {
                let mut named = pods().flat_map(|pod| &pod.ports).filter(|(own, _)| own == name);
                named.next().map(|(_, port)| *port)
            }
        };
        Service {
            name: service.name.clone(),
            namespace: service.namespace.clone(),
            ports: service.ports.iter().map(|(own, to)| (*own, behind(to))).collect(),
            forwards: !service.headless && !service.external,
            finds_pods: service
                .selector
                .as_ref()
                .filter(|_| !service.external)
                .map(|_| pods().next().is_some()),
            span: service.span,
        }
    });
    Network {
        localhost: localhost(world, workload),
        names: names(world, workload),
        namespace: workload.namespace.clone(),
        services: services.collect(),
    }
}

/// Whether a Service's selector is met by a pod; `None` where one of them is not known.
pub(crate) fn selects(service: &model::Service, pod: &Workload) -> Option<bool> {
    let (wanted, own) = (service.selector.as_ref()?, pod.labels.as_ref()?);
    let apart = service.namespace.is_some()
        && pod.namespace.is_some()
        && service.namespace != pod.namespace;
    Some(!apart && wanted.iter().all(|(name, value)| own.get(name) == Some(value)))
}

/// How a workload reaches another one.
pub(crate) fn reach(workload: &Workload, other: &Workload) -> Reach {
    let same_pod = workload.form == Form::Kubernetes
        && (workload.file, &workload.name) == (other.file, &other.name);
    if same_pod || rides(workload, other) || rides(other, workload) {
        return Reach::AtLocalhost;
    }
    if workload.form == Form::Compose
        && workload.network.mode == Mode::Own
        && other.network.mode == Mode::Own
        && networks(workload).is_disjoint(&networks(other))
    {
        return Reach::Apart;
    }
    Reach::ByName
}

/// Whether a workload has the network of another one: `network_mode: service:redis`.
fn rides(workload: &Workload, other: &Workload) -> bool {
    let on = workload.network.rides_on.as_ref();
    on.is_some_and(|on| *on == other.host || other.network.names.contains(on))
}

fn networks(workload: &Workload) -> BTreeSet<&str> {
    match workload.network.joins.as_slice() {
        [] => BTreeSet::from(["default"]),
        joins => joins.iter().map(String::as_str).collect(),
    }
}

fn localhost(world: &World, workload: &Workload) -> Localhost {
    let ridden = || world.workloads.iter().any(|other| rides(other, workload));
    match workload.network.mode {
        Mode::Unknown => Localhost::Unknown,
        Mode::Shared => Localhost::Others,
        Mode::Own if workload.network.in_pod > 0 || ridden() => Localhost::Others,
        Mode::Own => Localhost::Itself,
    }
}

/// The names that a service of compose resolves, where its files name all that may be reached.
fn names(world: &World, workload: &Workload) -> Option<BTreeSet<String>> {
    let closed = workload.form == Form::Compose
        && workload.network.mode == Mode::Own
        && !workload.network.is_open;
    if !closed {
        return None;
    }
    let folder = |file: usize| world.paths.get(file).map_or("", |path| paths::folder(path));
    let own = folder(workload.file);
    let mut names: BTreeSet<String> = workload.network.knows.iter().cloned().collect();
    let project = world
        .workloads
        .iter()
        .filter(|other| other.form == Form::Compose && folder(other.file) == own);
    for other in project {
        names.insert(other.host.clone());
        names.extend(other.network.names.iter().cloned());
    }
    Some(names)
}
