//! What a workload reaches: by `localhost`, by names, and at all.

use std::collections::{BTreeSet, HashMap};

use crate::container::CHART_REDIS;
use crate::model::{self, Behind, Form, Found, Mode, Workload, World};
use crate::network::{Localhost, Network, Reach, Service};
use crate::paths;

/// No more Services are kept of a workload.
const MOST: usize = 64;

/// Says of each Service which pods are behind it.
pub(crate) fn resolve(world: &mut World) {
    let mut pods: HashMap<Option<&str>, Vec<&Workload>> = HashMap::new();
    let all = world.workloads.iter().filter(|one| one.form == Form::Kubernetes);
    for pod in all.filter(|one| one.labels.is_some()) {
        pods.entry(pod.namespace.as_deref()).or_default().push(pod);
    }
    let found: Vec<Found> = world
        .services
        .iter()
        .map(|service| {
            let own = service.namespace.as_deref();
            // Where a namespace is not said, it may be any.
            let near: Vec<&Workload> = match own {
                Some(_) => {
                    [own, None].iter().filter_map(|one| pods.get(one)).flatten().copied().collect()
                }
                None => pods.values().flatten().copied().collect(),
            };
            let near: Vec<&Workload> =
                near.into_iter().filter(|pod| selects(service, pod) == Some(true)).collect();
            let behind = |behind: &Behind| match behind {
                Behind::Number(port) => Some(*port),
                Behind::Named(name) => {
                    let mut named =
                        near.iter().flat_map(|pod| &pod.ports).filter(|(own, _)| own == name);
                    named.next().map(|(_, port)| *port)
                }
            };
            let known = service.selector.as_ref().filter(|_| !service.external);
            Found {
                pods: known.map(|_| !near.is_empty()),
                ports: service.ports.iter().map(|(own, to)| (*own, behind(to))).collect(),
            }
        })
        .collect();
    for (service, found) in world.services.iter_mut().zip(found) {
        service.found = found;
    }
}

/// The network of a workload.
pub(crate) fn network(world: &World, workload: &Workload) -> Network {
    let folder = |file: usize| world.paths.get(file).map_or("", |path| paths::folder(path));
    let own = folder(workload.file);
    let near = |service: &model::Service| {
        service.namespace == workload.namespace || folder(service.file) == own
    };
    let matters = |service: &&model::Service| service.may_be_redis || folder(service.file) == own;
    let all: Vec<&model::Service> = world.services.iter().filter(matters).take(MOST + 1).collect();
    // A repository may have thousands: then those that are near, and no word on where others are.
    let whole = all.len() <= MOST;
    let kept: Vec<&model::Service> = match whole {
        true => all,
        false => {
            let near = world.services.iter().filter(|service| near(service));
            near.filter(matters).take(MOST).collect()
        }
    };
    let services = kept.into_iter().map(|service| Service {
        name: service.name.clone(),
        namespace: service.namespace.clone(),
        ports: service.found.ports.clone(),
        forwards: !service.headless && !service.external,
        finds_pods: service.found.pods,
        span: service.span,
    });
    Network {
        localhost: localhost(world, workload),
        names: names(world, workload),
        namespace: workload.namespace.clone(),
        services: services.collect(),
        has_all_services: whole,
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
    if other.host == CHART_REDIS {
        return Reach::ByChart;
    }
    // A container of a quadlet that names no network is on podman's own.
    let joins = |one: &Workload| !one.network.joins.is_empty();
    let named = workload.form == Form::Systemd && joins(workload) && joins(other);
    if (workload.form == Form::Compose || named)
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
