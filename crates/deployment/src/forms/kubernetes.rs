//! Kubernetes objects: pods of any kind, `ConfigMap`s and Secrets, and what Flux and Argo CD deploy.

use std::collections::BTreeMap;

use crate::environment::NamedText;
use crate::environment::Variable;
use crate::fault::Fault;
use crate::intake::{Doc, from_base64, is_section, looks_like_config};
use python::{Data, Entry, Value};

use super::pod::{env_from, env_list, mounts, read_as, read_container};
use super::{charts, helm, platform};
use crate::chart::{ChartRelease, ValuesFile};
use crate::model::{
    self, Behind, Config, Form, Key, Object, Replicas, Scaler, Service, Workload, World,
};
use crate::tree::{at, entries, items as list, number, scalar, text};

/// Whether a document is an object, or a list of them.
pub(super) fn is_object(root: &Value) -> bool {
    text(root, "kind").is_some() && at(root, &["apiVersion"]).is_some()
}

/// The objects of a document: itself, or a list's.
pub(super) fn items(root: &Value) -> Vec<&Value> {
    match at(root, &["items"]).and_then(Value::as_list) {
        Some(items) if text(root, "kind").is_some_and(|kind| kind.ends_with("List")) => {
            items.iter().collect()
        }
        _ => vec![root],
    }
}

/// What an object says.
pub(super) fn object(
    files: &[NamedText],
    file: usize,
    doc: &Doc<'_>,
    object: &Value,
    world: &mut World,
) {
    let kind = text(object, "kind").unwrap_or("");
    let name = name(doc, object, "name").unwrap_or_default();
    let namespace = self::name(doc, object, "namespace");
    let named = Named { file, name: &name, namespace: &namespace };
    match kind {
        "ConfigMap" => {
            let keys = keys(doc, at(object, &["data"]), |text| Some(text.to_owned()));
            let mut made = named.object(false, keys, doc.has_templates());
            made.faults = not_text(doc, at(object, &["data"]));
            world.objects.push(made);
        }
        "Secret" => {
            let mut all = keys(doc, at(object, &["data"]), from_base64);
            all.extend(keys(doc, at(object, &["stringData"]), |text| Some(text.to_owned())));
            let mut made = named.object(true, all, doc.has_templates());
            made.faults = not_text(doc, at(object, &["stringData"]));
            made.faults.extend(not_base64(doc, at(object, &["data"]), &name));
            world.objects.push(made);
        }
        "SealedSecret" => {
            let sealed = entries(at(object, &["spec", "encryptedData"])).iter();
            let sealed = sealed.filter_map(|entry| entry.key.as_str().map(|key| (key, &entry.key)));
            let keys = unknown_keys(doc, sealed, &format!("the SealedSecret {name}"));
            world.objects.push(named.object(true, keys, false));
        }
        "ExternalSecret" | "ClusterExternalSecret" => external_secret(doc, object, named, world),
        "Service" if at(object, &["spec", "template"]).is_none() => {
            world.services.push(service(doc, object, named));
        }
        "HorizontalPodAutoscaler" | "ScaledObject" => {
            world.scalers.extend(scaler(doc, object, kind, named));
        }
        "HelmRelease" => {
            let values = at(object, &["spec", "values"]);
            let version = ["spec.chart.spec.version", "spec.chart.version"]
                .iter()
                .find_map(|path| at(object, &path.split('.').collect::<Vec<_>>()));
            let title = format!("HelmRelease {name}");
            let release = helm::Release { file, title: &title, namespace: &namespace, version };
            let from = list(at(object, &["spec", "valuesFrom"]));
            helm::release(doc, values, release, from, world);
            let source = at(object, &["spec", "chartRef", "name"]).map(|name| doc.raw_text(name));
            world.releases.push(ChartRelease { file, title, values: vec![], pin: None, source });
        }
        "OCIRepository" => {
            let url = text(at(object, &["spec"]).unwrap_or(object), "url");
            let version =
                ["tag", "semver"].iter().find_map(|key| at(object, &["spec", "ref", key]));
            if let Some(pin) = charts::pin(doc, url, version) {
                world.chart_sources.push((name, pin, file));
            }
        }
        "Application" => application(files, doc, object, named, world),
        "HelmChart" | "HelmChartConfig" => {
            let title = format!("{kind} {name}");
            let version = at(object, &["spec", "version"]);
            let release = helm::Release { file, title: &title, namespace: &namespace, version };
            if let Some(content) = at(object, &["spec", "valuesContent"]) {
                helm::text_values(files, doc, content, release, world);
            }
        }
        _ => pod(file, doc, object, kind, named, world),
    }
}

/// The replicas of a Deployment, and of a Knative or Cloud Run service.
fn replicas(doc: &Doc<'_>, object: &Value) -> Replicas {
    let annotated = |path: &[&str], names: &[&str]| {
        let annotations = at(object, path)?;
        names.iter().find_map(|name| number(doc, at(annotations, &[name])))
    };
    let both = |least: &[&str], most: &[&str]| {
        let places: [&[&str]; 2] =
            [&["spec", "template", "metadata", "annotations"], &["metadata", "annotations"]];
        let of = |names: &[&str]| places.iter().find_map(|path| annotated(path, names));
        Replicas { least: of(least), most: of(most) }
    };
    let knative = both(
        &[
            "autoscaling.knative.dev/minScale",
            "autoscaling.knative.dev/min-scale",
            "run.googleapis.com/minScale",
        ],
        &[
            "autoscaling.knative.dev/maxScale",
            "autoscaling.knative.dev/max-scale",
            "run.googleapis.com/maxScale",
        ],
    );
    Replicas::of(number(doc, at(object, &["spec", "replicas"]))).or(knative)
}

/// A `HorizontalPodAutoscaler`, or one of KEDA's.
fn scaler(doc: &Doc<'_>, object: &Value, kind: &str, named: Named<'_>) -> Option<Scaler> {
    let target = at(object, &["spec", "scaleTargetRef"])?;
    let name = at(target, &["name"]).map(|name| doc.raw_text(name))?;
    let of = text(target, "kind").unwrap_or("Deployment");
    let count = |key: &str| number(doc, at(object, &["spec", key]));
    let (least, most) = match kind {
        "ScaledObject" => ("minReplicaCount", "maxReplicaCount"),
        _ => ("minReplicas", "maxReplicas"),
    };
    Some(Scaler {
        file: named.file,
        namespace: named.namespace.clone(),
        target: Some(format!("{of} {name}")),
        form: Form::Kubernetes,
        // Kubernetes' default.
        replicas: Replicas { least: count(least).or(Some(1)), most: count(most) },
    })
}

fn service(doc: &Doc<'_>, object: &Value, named: Named<'_>) -> Service {
    let ports = list(at(object, &["spec", "ports"])).iter().filter_map(|port| {
        let own = u16::try_from(number(doc, at(port, &["port"]))?).ok()?;
        let behind = match at(port, &["targetPort"]).map(|port| doc.raw_text(port)) {
            None => Behind::Number(own),
            Some(written) => written.parse().map_or(Behind::Named(written), Behind::Number),
        };
        Some((own, behind))
    });
    let ports: Vec<_> = ports.collect();
    let selector = labels(doc, at(object, &["spec", "selector"]));
    let kind = at(object, &["spec", "type"]).and_then(Value::as_str);
    Service {
        file: named.file,
        namespace: named.namespace.clone(),
        name: named.name.to_owned(),
        external: kind == Some("ExternalName") || ports.is_empty(),
        headless: at(object, &["spec", "clusterIP"])
            .is_some_and(|address| doc.raw_text(address).eq_ignore_ascii_case("none")),
        ports,
        may_be_redis: ["redis", "valkey", "cache", "sentinel", "dragonfly", "keydb"]
            .iter()
            .any(|word| named.name.contains(word)),
        found: model::Found::default(),
        selector: selector.filter(|labels| !labels.is_empty()),
        span: at(object, &["metadata", "name"]).and_then(|name| doc.span(name)),
    }
}

/// Labels, where no template has a part in them.
fn labels(doc: &Doc<'_>, value: Option<&Value>) -> Option<BTreeMap<String, String>> {
    let Some(value) = value else { return Some(BTreeMap::new()) };
    if doc.is_template(value) {
        return None;
    }
    value
        .as_dict()?
        .entries
        .iter()
        .map(|entry| Some((scalar(doc, &entry.key)?, scalar(doc, &entry.value)?)))
        .collect()
}

#[derive(Clone, Copy)]
struct Named<'a> {
    file: usize,
    name: &'a str,
    namespace: &'a Option<String>,
}

impl Named<'_> {
    fn object(self, secret: bool, keys: BTreeMap<String, Key>, open: bool) -> Object {
        Object {
            file: self.file,
            secret,
            name: self.name.to_owned(),
            namespace: self.namespace.clone(),
            keys,
            open,
            faults: vec![],
            scope: None,
        }
    }
}

fn name(doc: &Doc<'_>, object: &Value, key: &str) -> Option<String> {
    at(object, &["metadata", key]).map(|name| doc.raw_text(name)).filter(|name| !name.is_empty())
}

/// Values that Kubernetes refuses, since they are not text.
fn not_text(doc: &Doc<'_>, data: Option<&Value>) -> Vec<Fault> {
    let faults = entries(data).iter().filter_map(|entry| {
        let name = entry.key.as_str()?.to_owned();
        Some(Fault::NotText {
            reader: "Kubernetes",
            name,
            read_as: read_as(doc, &entry.value)?,
            span: doc.span(&entry.value),
        })
    });
    faults.collect()
}

fn not_base64(doc: &Doc<'_>, data: Option<&Value>, name: &str) -> Vec<Fault> {
    let wrong = entries(data).iter().filter(|entry| {
        !doc.is_template(&entry.value)
            && entry.value.as_str().is_some_and(|text| {
                let padded = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count() % 4;
                padded != 0 || base::base64::bytes(text).is_none()
            })
    });
    let fault = |entry: &Entry| {
        Some(Fault::NotBase64 {
            object: format!("the Secret {name}"),
            key: entry.key.as_str()?.to_owned(),
            span: doc.span(&entry.value),
        })
    };
    wrong.filter_map(fault).collect()
}

fn keys(
    doc: &Doc<'_>,
    data: Option<&Value>,
    read: fn(&str) -> Option<String>,
) -> BTreeMap<String, Key> {
    let mut keys = BTreeMap::new();
    for entry in entries(data) {
        let Some(name) = entry.key.as_str() else { continue };
        let span = doc.span(&entry.value);
        let variable = if doc.is_template(&entry.value) {
            Variable::unknown("what the template fills in", span)
        } else {
            match entry.value.as_str().and_then(read) {
                Some(value) => Variable::known(&value, span),
                None => Variable::unknown("a value that is not text", span),
            }
        };
        let range = doc.config(&entry.value);
        keys.insert(name.to_owned(), Key { variable, range, path: None });
    }
    keys
}

fn unknown_keys<'v>(
    doc: &Doc<'_>,
    names: impl Iterator<Item = (&'v str, &'v Value)>,
    whose: &str,
) -> BTreeMap<String, Key> {
    let key = |(name, at): (&str, &Value)| {
        let variable = Variable::unknown(format!("key {name} of {whose}"), doc.span(at));
        (name.to_owned(), Key { variable, range: None, path: None })
    };
    names.map(key).collect()
}

fn external_secret(doc: &Doc<'_>, object: &Value, named: Named<'_>, world: &mut World) {
    let spec = at(object, &["spec", "externalSecretSpec"]).or_else(|| at(object, &["spec"]));
    let Some(spec) = spec else { return };
    let target = at(spec, &["target", "name"]).map(|name| doc.raw_text(name));
    let target = target.unwrap_or_else(|| named.name.to_owned());
    let data = list(at(spec, &["data"])).iter();
    let wanted = data.filter_map(|entry| {
        let key = at(entry, &["secretKey"])?;
        Some((key.as_str()?, key))
    });
    let whose = format!("the ExternalSecret {}", named.name);
    let mut keys = unknown_keys(doc, wanted, &whose);
    let templated = entries(at(spec, &["target", "template", "data"])).iter();
    let templated = templated.filter_map(|entry| Some((entry.key.as_str()?, &entry.key)));
    let made = unknown_keys(doc, templated, &whose);
    let open = at(spec, &["dataFrom"]).is_some();
    if !made.is_empty() {
        keys = made;
    }
    world.objects.push(Named { name: &target, ..named }.object(true, keys, open));
}

/// The chart of a source, and its version: of a repository of charts, or of LiteLLM's own.
fn chart_of(source: &Value) -> (Option<&str>, Option<&Value>) {
    let url = text(source, "repoURL").unwrap_or("");
    let chart = text(source, "chart");
    let in_url = (url.starts_with("oci://") || url.contains("BerriAI/litellm")).then_some(url);
    let version = chart.or(in_url).and_then(|_| at(source, &["targetRevision"]));
    (chart.or(in_url), version)
}

/// Argo CD: values as a mapping, as text, or as parameters.
fn application(
    files: &[NamedText],
    doc: &Doc<'_>,
    object: &Value,
    named: Named<'_>,
    world: &mut World,
) {
    let one = at(object, &["spec", "source"]).into_iter();
    let several = list(at(object, &["spec", "sources"])).iter();
    let namespace =
        at(object, &["spec", "destination", "namespace"]).map(|name| doc.raw_text(name));
    let title = format!("Application {}", named.name);
    for source in one.chain(several) {
        let (chart, version) = chart_of(source);
        let paths = list(at(source, &["helm", "valueFiles"])).iter().filter_map(Value::as_str);
        let folder = text(source, "path").unwrap_or("");
        // From the chart's folder, which lies at the root of its repository.
        let paths = paths.map(|path| match path.starts_with('$') {
            true => path.to_owned(),
            false => format!("$/{}", crate::paths::join(folder, path)),
        });
        world.releases.push(ChartRelease {
            file: named.file,
            title: String::new(),
            values: paths.filter_map(|path| ValuesFile::of("", &path)).collect(),
            pin: charts::pin(doc, chart, version),
            source: None,
        });
        let release =
            helm::Release { file: named.file, title: &title, namespace: &namespace, version };
        let Some(values) = at(source, &["helm"]) else { continue };
        if let Some(object) = at(values, &["valuesObject"]) {
            helm::release(doc, Some(object), release, &[], world);
        } else if let Some(text) = at(values, &["values"]) {
            helm::text_values(files, doc, text, release, world);
        } else if at(values, &["parameters"]).is_some() {
            helm::parameters(doc, list(at(values, &["parameters"])), release, world);
        }
    }
}

/// Where the kinds that have one keep their pod: what has its labels, and its `spec`.
fn pod_of<'v>(kind: &str, object: &'v Value) -> Option<(&'v Value, &'v Value)> {
    let paths: [&[&str]; 5] = [
        &["spec", "jobTemplate", "spec", "template"],
        &["spec", "template", "spec", "template"],
        &["spec", "template"],
        &["template"],
        &[],
    ];
    let of = |path: &&[&str]| {
        let template = at(object, path)?;
        let pod = at(template, &["spec"])?;
        (kind == "Pod" || at(pod, &["containers"]).and_then(Value::as_list).is_some())
            .then_some((template, pod))
    };
    if kind == "Pod" { of(&paths[4]) } else { paths.iter().find_map(of) }
}

fn pod(
    file: usize,
    doc: &Doc<'_>,
    object: &Value,
    kind: &str,
    named: Named<'_>,
    world: &mut World,
) {
    let Some((template, pod)) = pod_of(kind, object) else {
        custom(file, doc, object, kind, named, world);
        return;
    };
    let volumes = list(at(pod, &["volumes"]));
    let containers = list(at(pod, &["containers"]));
    // An init container that goes on running is a sidecar.
    let sidecars = list(at(pod, &["initContainers"])).iter();
    let sidecars = sidecars.filter(|one| text(one, "restartPolicy") == Some("Always")).count();
    let on_host = at(pod, &["hostNetwork"]).is_some_and(|on| !matches!(on.data, Data::Bool(false)));
    for container in containers {
        let mut workload = Workload::new(file, Form::Kubernetes, format!("{kind} {}", named.name));
        named.name.clone_into(&mut workload.host);
        workload.namespace.clone_from(named.namespace);
        workload.replicas = replicas(doc, object);
        workload.span = at(container, &["name"]).and_then(|name| doc.span(name));
        workload.service_links = !matches!(
            at(pod, &["enableServiceLinks"]).map(|links| &links.data),
            Some(Data::Bool(false))
        );
        workload.network.mode = if on_host { model::Mode::Shared } else { model::Mode::Own };
        workload.network.in_pod = containers.len() - 1 + sidecars;
        workload.network.is_open |= doc.has_templates();
        workload.within = at(container, &["name"]).map(|name| doc.raw_text(name));
        workload.labels = labels(doc, at(template, &["metadata", "labels"]));
        workload.ports = list(at(container, &["ports"]))
            .iter()
            .filter_map(|port| {
                let number = number(doc, at(port, &["containerPort"]))?;
                Some((text(port, "name")?.to_owned(), u16::try_from(number).ok()?))
            })
            .collect();
        read_container(doc, container, &mut workload);
        workload.mounts.extend(mounts(doc, container, volumes));
        let context = |key: &str| {
            at(container, &["securityContext", key]).or_else(|| at(pod, &["securityContext", key]))
        };
        workload.unprivileged = number(doc, context("runAsUser")).is_some_and(|user| user > 0)
            || context("runAsNonRoot").is_some_and(|on| matches!(on.data, Data::Bool(true)));
        workload.has_fs_group = at(pod, &["securityContext", "fsGroup"]).is_some();
        world.workloads.push(workload);
    }
}

/// The sections of the config, as `LiteLLMProxy` has them in its `spec`.
fn sections(file: usize, doc: &Doc<'_>, object: &Value, title: &str) -> Option<Config> {
    let spec = at(object, &["spec"])?;
    let mut keys = entries(Some(spec)).iter().filter_map(|entry| entry.key.as_str());
    keys.any(is_section).then_some(())?;
    let range = doc.span(spec)?.range();
    Some(Config { file, range: Some(range), words: format!("the {title}, `spec`") })
}

/// A kind of its own: an operator's, which may hold the config.
fn custom(
    file: usize,
    doc: &Doc<'_>,
    object: &Value,
    kind: &str,
    named: Named<'_>,
    world: &mut World,
) {
    let title = format!("{kind} {}", named.name);
    let config = sections(file, doc, object, &title)
        .or_else(|| helm::config_within(file, doc, object, &title));
    if let Some(config) = config {
        let mut workload = Workload::new(file, Form::Kubernetes, title);
        workload.namespace.clone_from(named.namespace);
        workload.own = Some(config);
        workload.replicas = replicas(doc, object);
        workload.is_litellm = true;
        workload.whole = false;
        if let Some(spec) = at(object, &["spec"]) {
            platform::read_container(doc, "", spec, &mut workload);
            env_list(doc, list(at(spec, &["env"])), &mut workload);
            for source in list(at(spec, &["envFrom"])) {
                env_from(doc, source, &mut workload);
            }
        }
        world.workloads.push(workload);
    } else if let Some(data) = at(object, &["data"]) {
        // Any object that holds a config as text.
        for entry in entries(Some(data)) {
            let Some(range) = doc.config(&entry.value) else { continue };
            if entry.value.as_str().is_some_and(looks_like_config) {
                let key = entry.key.as_str().unwrap_or("?");
                let words = format!("the {title}, key {key}");
                world.configs.push(Config { file, range: Some(range), words });
            }
        }
    }
}
