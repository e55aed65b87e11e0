//! LiteLLM's official chart, with everything in one Deployment.

use python::{Data, Value};

use super::{
    CONFIG, REPOSITORY, Release, config_at, image, named, own_numbering, pod, replicas, workload,
};
use crate::container::CHART_REDIS;
use crate::environment::{Note, Variable};
use crate::forms::container::variables;
use crate::forms::pod::{env_list, mounts};
use crate::intake::Doc;
use crate::model::{Mount, MountFrom, Sets, Text, Workload, World};
use crate::tree::{at, command, items, scalar};

/// `litellm-helm`
pub(super) fn official(
    doc: &Doc<'_>,
    values: &Value,
    path: &[&str],
    release: Release<'_>,
    world: &mut World,
) {
    let mut workload = workload(doc, release);
    if workload.name.is_empty() {
        workload.name = path.join(".");
    }
    workload.is_litellm = true;
    workload.image = image(doc, values, REPOSITORY).or_else(|| {
        // Its own, with the tag that the chart's version names.
        let custom = at(values, &["image"]).is_some_and(|image| doc.is_template(image));
        (!custom).then(|| Text { text: REPOSITORY.to_owned(), span: None })
    });
    workload.span = workload.image.as_ref().and_then(|image| image.span);
    own_numbering(doc, release, &mut workload);
    if let Some(config) = at(values, &["proxy_config"]) {
        workload.own = config_at(doc, config, release.file, path, "proxy_config", release.title);
    }
    for (field, secret) in [("environmentSecrets", true), ("environmentConfigMaps", false)] {
        for name in items(at(values, &[field])) {
            workload.sets.push(Sets::Object {
                secret,
                name: doc.raw_text(name),
                prefix: String::new(),
                span: doc.span(name),
            });
        }
    }
    if let Some(port) = chart_redis(doc, values, &mut workload) {
        world.workloads.push(chart_server(doc, values, release, port));
    }
    pod(values, &mut workload);
    for field in ["envVars", "env", "extraEnv", "extraEnvVars"] {
        let Some(value) = at(values, &[field]) else { continue };
        if value.as_list().is_some() {
            env_list(doc, items(Some(value)), &mut workload);
        } else {
            workload.sets.extend(named(variables(doc, value)));
        }
    }
    for source in items(at(values, &["envFrom"])).iter().chain(items(at(values, &["extraEnvFrom"])))
    {
        for (field, secret) in [("configMapRef", false), ("secretRef", true)] {
            if let Some(name) = at(source, &[field, "name"]) {
                let (name, span) = (doc.raw_text(name), doc.span(name));
                let set = Sets::Object { secret, name, prefix: String::new(), span };
                workload.sets.insert(0, set);
            }
        }
    }
    workload.args = command(doc, at(values, &["command"]));
    workload.args.extend(command(doc, at(values, &["args"])));
    if workload.args.is_empty() {
        workload.args = ["--config", CONFIG].map(str::to_owned).to_vec();
        if let Some(count) = at(values, &["numWorkers"]).and_then(|count| scalar(doc, count)) {
            workload.args.extend(["--num_workers".to_owned(), count]);
        }
    }
    if let Some(name) = at(values, &["proxyConfigMap", "name"]).map(|name| doc.raw_text(name))
        && !name.is_empty()
    {
        let key = at(values, &["proxyConfigMap", "key"]).map(|key| doc.raw_text(key));
        let key = key.unwrap_or_else(|| "config.yaml".to_owned());
        workload.own = None;
        let span = at(values, &["proxyConfigMap"]).and_then(|value| doc.span(value));
        workload.mounts.push(Mount::new(CONFIG, MountFrom::ConfigMap(name, Some(key)), span));
    }
    workload.mounts.extend(mounts(doc, values, items(at(values, &["volumes"]))));
    workload.replicas = replicas(doc, values);
    world.workloads.push(workload);
}

/// What the Redis that `litellm-helm` installs beside LiteLLM sets for it, and that Redis' port where it is one server.
fn chart_redis(doc: &Doc<'_>, values: &Value, workload: &mut Workload) -> Option<String> {
    let on = at(values, &["redis", "enabled"]);
    let on = on.filter(|on| matches!(on.data, Data::Bool(true)))?;
    let span = doc.span(on);
    for name in ["REDIS_HOST", "REDIS_PASSWORD"] {
        let variable = Variable::unknown(CHART_REDIS, span);
        workload.set(name, variable);
    }
    // `litellm.redis.port`: with Sentinel, the variable names the sentinels.
    let sentinel = at(values, &["redis", "sentinel", "enabled"])
        .filter(|on| matches!(on.data, Data::Bool(true)));
    let (path, default): (&[&str], _) = match sentinel {
        Some(_) => (&["redis", "sentinel", "service", "ports", "sentinel"], "26379"),
        None => (&["redis", "master", "service", "ports", "redis"], "6379"),
    };
    let port = at(values, path).and_then(|port| scalar(doc, port));
    let port = port.unwrap_or_else(|| default.to_owned());
    let place = sentinel.and_then(|on| doc.span(on)).or(span);
    workload.set("REDIS_PORT", Variable::known(&port, place));
    let coordinates = at(values, &["redis", "coordination", "enabled"])
        .is_none_or(|enabled| !matches!(enabled.data, Data::Bool(false)));
    if coordinates
        && at(values, &["proxy_config", "general_settings", "coordination_redis"]).is_none()
    {
        workload.notes.push(Note {
            span,
            text: "newer releases of the chart add general_settings.coordination_redis for this Redis: \
                `helm template … | redproof check -` checks the config as it is rendered"
                .to_owned(),
        });
    }
    sentinel.is_none().then_some(port)
}

/// That Redis itself, the chart of Bitnami: plaintext unless `tls` is on, which then is its only port.
fn chart_server(doc: &Doc<'_>, values: &Value, release: Release<'_>, port: String) -> Workload {
    let mut server = workload(doc, release);
    server.span = at(values, &["redis", "enabled"]).and_then(|on| doc.span(on));
    CHART_REDIS.clone_into(&mut server.name);
    CHART_REDIS.clone_into(&mut server.host);
    server.image = Some(Text { text: "redis".to_owned(), span: server.span });
    let is_on =
        |path: &[&str]| at(values, path).is_some_and(|on| matches!(on.data, Data::Bool(true)));
    let mut words = vec!["redis-server".to_owned()];
    if is_on(&["redis", "tls", "enabled"]) {
        words.extend(["--port".to_owned(), "0".to_owned(), "--tls-port".to_owned(), port]);
        let asks = at(values, &["redis", "tls", "authClients"])
            .is_none_or(|asks| !matches!(asks.data, Data::Bool(false)));
        let asks = if asks { "yes" } else { "no" };
        words.extend(["--tls-auth-clients".to_owned(), asks.to_owned()]);
    } else {
        words.extend(["--port".to_owned(), port]);
    }
    server.args = words;
    server
}
