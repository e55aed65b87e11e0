//! What runs a config, described: mounts with the files that they bring, and the Redis servers beside.

use std::collections::BTreeSet;

use crate::container::{Container, Mounted, MountedFile, RedisServer};
use crate::environment::{NamedText, VariableValue};
use crate::fault::Fault;
use crate::forms::is_redis_image;
use crate::model::{Form, Mount, MountFrom, Service, Sets, Workload, World};
use crate::network::Reach;
use crate::paths;
use crate::reached::{network, reach, selects};
use crate::settings::{Started, started};
use crate::worked::{find, is_official};

/// Describes a workload. The files that it takes something from are added to `used`.
pub(crate) fn container(
    files: &[NamedText],
    world: &World,
    workload: &Workload,
    faults: Vec<Fault>,
    used: &mut BTreeSet<usize>,
) -> Container {
    let official = workload.image.as_ref().is_some_and(|image| is_official(&image.text));
    let mounts = workload.mounts.iter().map(|mount| Mounted {
        target: mount.target.clone(),
        from: mount.from.clone(),
        files: brought(files, world, workload, mount, used),
        mode: mount.mode,
        span: mount.span,
    });
    let mounts: Vec<Mounted> = mounts.collect();
    let mut all: Vec<Fault> = workload.faults.clone();
    let mounted = workload.mounts.iter().flat_map(|mount| mount_faults(world, workload, mount));
    for fault in faults.into_iter().chain(mounted) {
        if !all.contains(&fault) {
            all.push(fault);
        }
    }
    Container {
        form: workload.form,
        name: workload.name.clone(),
        within: workload.within.clone(),
        config: None,
        values: workload.values.clone(),
        whole: workload.whole && official && !workload.hides_mounts && says_mounts(workload.form),
        official,
        mounts,
        replicas: workload.replicas.least,
        replicas_at_most: workload.replicas.most,
        workers: workers(workload),
        unprivileged: workload.unprivileged,
        has_fs_group: workload.has_fs_group,
        patience: workload.patience,
        servers: servers(files, world, workload, used),
        network: network(world, workload),
        faults: all,
        span: workload.span,
    }
}

/// Whether a file of this form says all that is mounted into its containers.
fn says_mounts(form: Form) -> bool {
    match form {
        Form::Compose
        | Form::Kubernetes
        | Form::Helm
        | Form::Ecs
        | Form::Systemd
        | Form::DockerRun
        | Form::DockerInspect
        | Form::Platform
        | Form::Nix => true,
        // Images that somebody builds, and processes on a machine that has files of its own.
        Form::Dockerfile | Form::Shell | Form::Dotenv | Form::Process => false,
    }
}

/// What won't do of an object that is mounted: its values, and keys that it lacks.
fn mount_faults(world: &World, workload: &Workload, mount: &Mount) -> Vec<Fault> {
    let (secret, name) = match &mount.from {
        MountFrom::ConfigMap(name, _) => (false, name),
        MountFrom::Secret(name, _) => (true, name),
        _ => return vec![],
    };
    let objects = find(world, workload, secret, name);
    let mut faults: Vec<Fault> =
        objects.iter().flat_map(|object| object.faults.iter().cloned()).collect();
    let known = !objects.is_empty() && objects.iter().all(|object| !object.open);
    let lacks = |key: &&(String, String)| {
        known && !mount.optional && !objects.iter().any(|object| object.keys.contains_key(&key.0))
    };
    let kind = if secret { "Secret" } else { "ConfigMap" };
    faults.extend(mount.items.iter().filter(lacks).map(|(key, _)| Fault::MissingItem {
        object: format!("the {kind} {name}"),
        key: key.clone(),
        span: mount.span,
    }));
    faults
}

/// `--num_workers`, or a variable that stands for it.
fn workers(workload: &Workload) -> Option<u64> {
    let mut args = workload.args.iter();
    while let Some(arg) = args.next() {
        if arg == "--num_workers" {
            return args.next()?.parse().ok();
        }
        if let Some(count) = arg.strip_prefix("--num_workers=") {
            return count.parse().ok();
        }
    }
    let set = |wanted: &str| {
        workload.sets.iter().rev().find_map(|set| match set {
            Sets::Variable(name, variable) if name == wanted => match &variable.value {
                VariableValue::Known(count) => count.reveal().parse().ok(),
                VariableValue::Unknown(_) => None,
            },
            _ => None,
        })
    };
    set("NUM_WORKERS").or_else(|| set("DEFAULT_NUM_WORKERS_LITELLM_PROXY"))
}

/// The files that a mount brings; `None` where that is not known.
fn brought(
    files: &[NamedText],
    world: &World,
    workload: &Workload,
    mount: &Mount,
    used: &mut BTreeSet<usize>,
) -> Option<Vec<MountedFile>> {
    let target = mount.target.trim_end_matches('/');
    let (secret, name, key) = match &mount.from {
        MountFrom::ConfigMap(name, key) => (false, name, key),
        MountFrom::Secret(name, key) => (true, name, key),
        MountFrom::Host(path) => {
            let file = files.get(world.file(path)?)?;
            return Some(vec![MountedFile {
                path: target.to_owned(),
                is_pem: Some(is_pem(&file.text)),
                span: None,
            }]);
        }
        MountFrom::Inline(_) | MountFrom::Other => return None,
    };
    // `subPath`: the mount is the file, or the folder that `items` makes.
    let place = |below: &str| match key {
        Some(sub) if sub == below => Some(target.to_owned()),
        Some(sub) => {
            let within = below.strip_prefix(sub.as_str())?.strip_prefix('/')?;
            Some(format!("{target}/{within}"))
        }
        None => Some(format!("{target}/{below}")),
    };
    let objects = find(world, workload, secret, name);
    if objects.is_empty() || objects.iter().any(|object| object.open) {
        // Its keys are not known; `items` and `subPath` say which are mounted.
        let file = |path| MountedFile { path, is_pem: None, span: mount.span };
        let named = mount.items.iter().filter_map(|(_, below)| place(below)).map(file);
        return match (mount.items.is_empty(), key) {
            (false, _) => Some(named.collect()),
            (true, Some(_)) => Some(vec![file(target.to_owned())]),
            (true, None) => None,
        };
    }
    let mut brought = vec![];
    for object in objects {
        used.insert(object.file);
        for (name, value) in &object.keys {
            let item = mount.items.iter().find(|(key, _)| key == name);
            let below = match item {
                Some((_, path)) => path,
                None if mount.items.is_empty() => name,
                None => continue,
            };
            let Some(path) = place(below) else { continue };
            let is_pem = match &value.variable.value {
                VariableValue::Known(text) => Some(is_pem(text.reveal())),
                VariableValue::Unknown(_) => None,
            };
            brought.push(MountedFile { path, is_pem, span: value.variable.span });
        }
    }
    Some(brought)
}

fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

/// The Redis servers beside a workload: in its files, or in files of the same folder.
fn servers(
    files: &[NamedText],
    world: &World,
    workload: &Workload,
    used: &mut BTreeSet<usize>,
) -> Vec<RedisServer> {
    let folder = |file: usize| files.get(file).map_or("", |file| paths::folder(&file.name));
    let own_folder = folder(workload.file);
    let is_beside = |one: &&Workload| {
        one.form == workload.form
            && (workload.files.contains(&one.file) || folder(one.file) == own_folder)
            && one.scope == workload.scope
            && one.namespace == workload.namespace
    };
    let mut beside: Vec<&Workload> = redis_servers(world).filter(is_beside).collect();
    if workload.form == Form::Compose {
        // Another compose file of the folder may be another project's: what one's own files start
        // comes first, and what is on none of its networks is not its own.
        let own = |one: &&Workload| workload.files.contains(&one.file);
        let alone = beside.iter().any(own);
        beside.retain(|one| own(one) || (!alone && reach(workload, one) != Reach::Apart));
    }
    let server = |one: &&Workload| {
        let image = one.image.as_ref()?.text.clone();
        used.insert(one.file);
        let Started { command, whole } = started(files, world, one);
        Some(RedisServer {
            hosts: hosts(world, one, beside.len() == 1),
            plain: whole,
            image,
            command,
            published: one.network.published.clone(),
            reach: reach(workload, one),
            span: one.span,
        })
    };
    beside.iter().filter_map(server).collect()
}

/// All Redis servers, found once: there may be thousands of workloads, each of which asks.
fn redis_servers(world: &World) -> impl Iterator<Item = &Workload> {
    let is_redis =
        |one: &Workload| one.image.as_ref().is_some_and(|image| is_redis_image(&image.text));
    let found = world.redis_servers.get_or_init(|| {
        let all = world.workloads.iter().enumerate();
        all.filter(|(_, one)| is_redis(one)).map(|(at, _)| at).collect()
    });
    found.iter().filter_map(|at| world.workloads.get(*at))
}

/// The names by which its neighbours reach a server.
fn hosts(world: &World, server: &Workload, alone: bool) -> Vec<String> {
    if server.form != Form::Kubernetes {
        let own = std::iter::once(server.host.clone());
        return own.chain(server.network.names.iter().cloned()).collect();
    }
    let services = world.services.iter().filter(|service| service.namespace == server.namespace);
    let is_its = |service: &&Service| {
        let name = service.name.as_str();
        let by_name = name == server.host
            || (alone && ["redis", "valkey"].iter().any(|word| name.contains(word)));
        selects(service, server).unwrap_or(by_name)
    };
    services.filter(is_its).map(|service| service.name.clone()).collect()
}
