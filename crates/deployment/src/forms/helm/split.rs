//! The official chart that runs LiteLLM in parts.

use python::{Data, Value};

use super::{CONFIG, Release, config_at, image, pod, replicas, workload};
use crate::environment::{Note, Variable};
use crate::forms::pod::{env_list, mounts};
use crate::intake::Doc;
use crate::model::{Sets, Workload, World};
use crate::tree::{at, items, scalar};

/// `litellm`: the gateway serves, the backend manages.
pub(super) fn split(
    doc: &Doc<'_>,
    values: &Value,
    path: &[&str],
    release: Release<'_>,
    world: &mut World,
) {
    let config = at(values, &["gateway", "config", "proxy_config"]);
    for (component, repository) in [
        ("gateway", "ghcr.io/berriai/litellm-gateway"),
        ("backend", "ghcr.io/berriai/litellm-backend"),
    ] {
        let Some(part) = at(values, &[component]) else { continue };
        if at(part, &["enabled"]).is_some_and(|on| matches!(on.data, Data::Bool(false))) {
            continue;
        }
        let mut workload = workload(doc, release);
        workload.name = match release.title {
            "" => component.to_owned(),
            title => format!("{title}, {component}"),
        };
        workload.is_litellm = true;
        workload.image = image(doc, part, repository);
        for (field, secret) in [("envSecrets", true), ("envConfigMaps", false)] {
            for name in items(at(part, &[field])) {
                let (name, span) = (doc.raw_text(name), doc.span(name));
                workload.sets.push(Sets::Object { secret, name, prefix: String::new(), span });
            }
        }
        split_redis(doc, values, &mut workload);
        pod(part, &mut workload);
        if let Some(image) = at(values, &["image"]) {
            workload.notes.push(Note {
                span: doc.span(image),
                text: format!(
                    "this chart does not read `image`: the release is that of `{component}.image`"
                ),
            });
        }
        env_list(doc, items(at(part, &["extraEnv"])), &mut workload);
        workload.args = ["--config", CONFIG].map(str::to_owned).to_vec();
        workload.replicas = replicas(doc, part);
        let path = [path, &["gateway", "config"]].concat();
        workload.own = config.and_then(|config| {
            config_at(doc, config, release.file, &path, "proxy_config", release.title)
        });
        workload.mounts.extend(mounts(doc, part, items(at(part, &["volumes"]))));
        if component == "gateway" || workload.own.is_none() {
            world.workloads.push(workload);
        }
    }
}

/// `litellm.serverEnv`
fn split_redis(doc: &Doc<'_>, values: &Value, workload: &mut Workload) {
    let Some(redis) = at(values, &["redis"]) else { return };
    let host = at(redis, &["host"]).and_then(|host| Some((scalar(doc, host)?, doc.span(host))));
    let Some((host, span)) = host.filter(|(host, _)| !host.is_empty()) else { return };
    let port = at(redis, &["port"]).and_then(|port| scalar(doc, port));
    let port = port.unwrap_or_else(|| "6379".to_owned());
    workload.set("REDIS_HOST", Variable::known(&host, span));
    workload.set("REDIS_PORT", Variable::known(&port, span));
    if let Some(name) = at(redis, &["passwordSecret", "name"]).map(|name| doc.raw_text(name))
        && !name.is_empty()
    {
        let key = at(redis, &["passwordSecret", "passwordKey"]).map(|key| doc.raw_text(key));
        workload.sets.push(Sets::Key {
            variable: "REDIS_PASSWORD".to_owned(),
            secret: true,
            name,
            key: key.unwrap_or_else(|| "password".to_owned()),
            optional: false,
            span: at(redis, &["passwordSecret"]).and_then(|value| doc.span(value)),
        });
    }
    if at(redis, &["cluster"]).is_some_and(|on| matches!(on.data, Data::Bool(true))) {
        let nodes = format!("[{{\"host\":\"{host}\",\"port\":{port}}}]");
        workload.set("REDIS_CLUSTER_NODES", Variable::known(&nodes, span));
    }
}
