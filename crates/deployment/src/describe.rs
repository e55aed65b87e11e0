//! What runs a config, described: mounts with the files that they bring, and the Redis servers beside.

use std::collections::BTreeSet;

use crate::container::{Container, Mounted, MountedFile, RedisServer};
use crate::environment::{NamedText, VariableValue};
use crate::fault::Fault;
use crate::forms::is_redis_image;
use crate::model::{Form, Mount, MountFrom, Workload, World};
use crate::paths;
use crate::reached::{network, reach};
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
    for fault in faults {
        if !all.contains(&fault) {
            all.push(fault);
        }
    }
    Container {
        form: workload.form,
        name: workload.name.clone(),
        whole: workload.whole
            && official
            && matches!(workload.form, Form::Kubernetes | Form::Compose),
        official,
        mounts,
        replicas: workload.replicas,
        unprivileged: workload.unprivileged,
        has_fs_group: workload.has_fs_group,
        servers: servers(files, world, workload, used),
        network: network(world, workload),
        faults: all,
        span: workload.span,
    }
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
            let path = paths::plain(path);
            let file = files.iter().find(|file| paths::plain(&file.name) == path)?;
            return Some(vec![MountedFile {
                path: target.to_owned(),
                is_pem: Some(is_pem(&file.text)),
                span: None,
            }]);
        }
        MountFrom::Inline(_) | MountFrom::Other => return None,
    };
    let objects = find(world, workload, secret, name);
    if objects.is_empty() || objects.iter().any(|object| object.open) {
        return None;
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
            let path = match key {
                // `subPath`: the mount is the file.
                Some(sub) if sub == below => target.to_owned(),
                Some(_) => continue,
                None => format!("{target}/{below}"),
            };
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
    let is_beside = |one: &&Workload| {
        one.image.as_ref().is_some_and(|image| is_redis_image(&image.text))
            && one.form == workload.form
            && (workload.files.contains(&one.file) || folder(one.file) == folder(workload.file))
            && one.scope == workload.scope
            && one.namespace == workload.namespace
    };
    let beside: Vec<&Workload> = world.workloads.iter().filter(is_beside).collect();
    let server = |one: &&Workload| {
        let image = one.image.as_ref()?.text.clone();
        used.insert(one.file);
        Some(RedisServer {
            hosts: hosts(world, one, beside.len() == 1),
            plain: is_plain(&image, &one.args) && one.whole,
            image,
            command: one.args.clone(),
            published: one.network.published.clone(),
            reach: reach(workload, one),
            span: one.span,
        })
    };
    beside.iter().filter_map(server).collect()
}

/// The names by which its neighbours reach a server.
fn hosts(world: &World, server: &Workload, alone: bool) -> Vec<String> {
    if server.form != Form::Kubernetes {
        let own = std::iter::once(server.host.clone());
        return own.chain(server.network.names.iter().cloned()).collect();
    }
    let services = world.services.iter().filter(|service| service.namespace == server.namespace);
    let is_its = |name: &str| {
        name == server.host || (alone && ["redis", "valkey"].iter().any(|word| name.contains(word)))
    };
    services.map(|service| service.name.clone()).filter(|name| is_its(name)).collect()
}

/// Whether the command line says all of a server's settings: the image is Redis' own, and names no file.
fn is_plain(image: &str, command: &[String]) -> bool {
    let path = image.split('@').next().unwrap_or(image);
    let path = path.rsplit_once(':').map_or(path, |(path, tag)| match tag.contains('/') {
        true => image,
        false => path,
    });
    let official = [
        "redis",
        "library/redis",
        "docker.io/redis",
        "docker.io/library/redis",
        "public.ecr.aws/docker/library/redis",
        "valkey/valkey",
        "docker.io/valkey/valkey",
    ];
    let runs = command.first().is_none_or(|word| word.starts_with("--"))
        || command
            .iter()
            .any(|word| matches!(word.rsplit('/').next(), Some("redis-server" | "valkey-server")));
    // A password that is filled in is no question here.
    let filled = command.iter().enumerate().any(|(at, word)| {
        let is_password = |option: &String| option == "--requirepass" || option == "--masterauth";
        word.contains('$') && !at.checked_sub(1).is_some_and(|before| is_password(&command[before]))
    });
    official.contains(&path)
        && runs
        && !filled
        && !command.iter().any(|word| paths::extension(word) == "conf" || word == "-")
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_servers_settings_are_known_where_no_file_says_more() {
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        for (image, command, plain) in [
            ("redis:7.4-alpine", "", true),
            ("redis@sha256:abc", "redis-server --requirepass x", true),
            ("valkey/valkey:8", "valkey-server --port 6380", true),
            ("redis:7", "--requirepass x", true),
            ("redis:7", "sh -c redis-server --requirepass $PASSWORD", true),
            ("redis:7", "redis-server /etc/redis/redis.conf", false),
            ("redis:7", "redis-server $EXTRA", false),
            ("redis:7", "redis-server --port ${REDIS_PORT:-6379}", false),
            ("redis:7", "/start.sh", false),
            ("bitnami/redis:7", "", false),
            ("redis/redis-stack-server:7.4.0", "", false),
            ("localhost:5000/redis", "", false),
        ] {
            assert_eq!(is_plain(image, &words(command)), plain, "{image} {command}");
        }
    }
}
