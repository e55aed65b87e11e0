//! Any mapping that looks like a container: ECS, Azure Container Apps, Render, Nomad, Fly, devcontainers,
//! `docker inspect`, `CloudFormation`, Terraform, NixOS, Heroku.

use crate::fault::Fault;
use crate::intake::{Doc, looks_like_config};
use python::{Data, Entry, Met, Value};

use super::brought::{self, has_own_network, is_bridged, is_of_docker};
use super::container::{ENVIRONMENT, open, variables};
use super::{TAG, is_worked_out, nix};
use crate::literals::LET;
use crate::model::{Config, Copied, Form, Mode, Replicas, Scaler, Sets, Text, Workload, World};
use crate::paths;
use crate::tree::{any, at, command, entries, items, plain_key, scalar};

/// Deeper than this, nobody nests a container.
const DEEPEST: usize = 14;

/// Reads every container of a document.
pub(super) fn read(file: usize, name: &str, doc: &Doc<'_>, world: &mut World) {
    let mut found = Found {
        file,
        name,
        doc,
        workloads: vec![],
        configs: vec![],
        copies: vec![],
        met: Met::default(),
    };
    let file_name = paths::file_name(name);
    if file_name == "app.json" {
        found.heroku();
    } else if file_name == "devcontainer.json" || file_name == "fly.toml" {
        found.container(&doc.root, file_name, Replicas::default());
    }
    let inside = !found.workloads.is_empty();
    let scale = scale(doc, &doc.root, name);
    found.workloads.iter_mut().for_each(|workload| workload.replicas = scale);
    found.walk(&doc.root, "", inside, scale, 0);
    if let Some(service) = service_scale(doc, &doc.root, &mut Met::default()) {
        let form = Form::Ecs;
        world.scalers.push(Scaler { file, namespace: None, target: None, form, replicas: service });
    }
    // Railway builds the Dockerfile beside it.
    if matches!(file_name, "railway.json" | "railway.toml") {
        let count = at(&doc.root, &["deploy", "numReplicas"]).and_then(|count| scalar(doc, count));
        let replicas = Replicas::of(count.and_then(|count| count.parse().ok()));
        let form = Form::Dockerfile;
        world.scalers.push(Scaler { file, namespace: None, target: None, form, replicas });
    }
    // Variables that are set by hand are in no file.
    let by_hand = match file_name {
        "fly.toml" => Some("`fly secrets`"),
        "render.yaml" | "render.yml" => Some("Render's dashboard"),
        _ => None,
    };
    if let Some(what) = by_hand {
        for workload in &mut found.workloads {
            workload.sets.push(Sets::Open { what: what.to_owned(), span: workload.span });
        }
    }
    world.workloads.extend(found.workloads);
    world.configs.extend(found.configs);
    world.copies.extend(found.copies);
}

struct Found<'a, 't> {
    file: usize,
    name: &'a str,
    doc: &'a Doc<'t>,
    workloads: Vec<Workload>,
    /// Configs that are in it as text.
    configs: Vec<Config>,
    /// What it puts on the host.
    copies: Vec<Copied>,
    met: Met,
}

impl Found<'_, '_> {
    /// `scale` is what the mappings around say of replicas.
    fn walk(&mut self, value: &Value, key: &str, inside: bool, scale: Replicas, depth: usize) {
        if depth > DEEPEST || !self.met.is_first(value) {
            return;
        }
        match &value.data {
            Data::Dict(_) if has_sections(value) => {
                let config = self.config(value, key);
                self.configs.extend(config);
            }
            Data::Dict(map) => {
                // A container holds no other one, but maybe its config: Nomad's `template`.
                let own = self::scale(self.doc, value, self.name).or(scale);
                let inside = inside || (key != LET && self.container(value, key, own));
                let before = self.workloads.len();
                for entry in &map.entries {
                    let name = entry.key.as_str().unwrap_or(key);
                    // Charts have their own reader.
                    if matches!(name, "helm_release" | "argocd_application") {
                        continue;
                    }
                    if !inside
                        && paths::extension(self.name) == "nix"
                        && self.nix(name, &entry.value)
                    {
                        continue;
                    }
                    self.walk(&entry.value, name, inside, own, depth + 1);
                }
                let task = self.workloads.get_mut(before..).unwrap_or_default();
                if !task.is_empty() && has_own_network(self.doc, value) {
                    brought::share(task);
                } else if is_bridged(self.doc, value) {
                    for one in task {
                        one.network.mode = Mode::Own;
                    }
                }
            }
            Data::List(list) => {
                for item in list.iter() {
                    self.walk(item, key, inside, scale, depth + 1);
                }
            }
            // A script may write one: what it writes is not read.
            Data::Str(text)
                if looks_like_config(text)
                    && !matches!(key, "run" | "script")
                    && !text.trim_start().starts_with("#!")
                    && !text.trim_start().starts_with("#cloud-config") =>
            {
                let Some(range) = self.doc.config(value) else { return };
                let words = format!("the text {key}");
                self.configs.push(Config { file: self.file, range: Some(range), words });
            }
            _ => {}
        }
    }

    /// Whether a mapping is a container, of LiteLLM or of Redis.
    fn container(&mut self, value: &Value, key: &str, scale: Replicas) -> bool {
        let Some(image) = image(self.doc, value) else { return false };
        let mut own = ["name", "containername", "family"].iter();
        let own = own.find_map(|name| scalar(self.doc, &any(value, &[name])?.value));
        let title = own.unwrap_or_else(|| key.to_owned());
        let mut workload = Workload::new(self.file, self.form(), title.clone());
        workload.host = title;
        workload.image = Some(image);
        workload.span = workload.image.as_ref().and_then(|image| image.span);
        workload.replicas = scale;
        // Files of one's own making may be mounted in other ways.
        let known =
            matches!(paths::extension(self.name), "nomad" | "hcl" | "bicep" | "toml" | "tf");
        workload.hides_mounts = workload.form == Form::Platform && !known;
        read_container(self.doc, self.name, value, &mut workload);
        if is_of_docker(self.doc, value) {
            workload.network.mode = Mode::Own;
        }
        self.workloads.push(workload);
        true
    }

    fn form(&self) -> Form {
        match paths::extension(self.name) {
            "nix" => return Form::Nix,
            "tf" if self.doc.written_whole().contains("aws_ecs_") => return Form::Ecs,
            "tf" => return Form::Platform,
            _ => {}
        }
        let root = &self.doc.root;
        let is_inspect =
            items(Some(root)).iter().any(|item| at(item, &["Config", "Image"]).is_some());
        if is_inspect {
            Form::DockerInspect
        } else if any(root, &["containerdefinitions", "resources", "taskdefinition"]).is_some() {
            Form::Ecs
        } else {
            Form::Platform
        }
    }

    /// `services.litellm` of NixOS, and other units that start LiteLLM.
    fn nix(&mut self, key: &str, value: &Value) -> bool {
        if let Some(unit) = nix::unit(self.doc, self.file, self.name, key, value) {
            self.workloads.push(unit);
            return true;
        }
        if matches!(key, "etc" | "configFile") {
            let (copies, configs) = nix::put(self.doc, (self.file, self.name), key, value);
            self.copies.extend(copies);
            self.configs.extend(configs);
            return true;
        }
        if key != "litellm" || at(value, &["enable"]).is_none() {
            return false;
        }
        let mut workload = Workload::new(self.file, Form::Nix, "services.litellm");
        workload.is_litellm = true;
        read_container(self.doc, self.name, value, &mut workload);
        workload.whole = false;
        let settings = at(value, &["settings"]).filter(|settings| settings.as_dict().is_some());
        workload.own =
            settings.and_then(|settings| self.config(settings, "services.litellm.settings"));
        self.workloads.push(workload);
        true
    }

    /// A config that is written as a value of the file's own language.
    fn config(&self, value: &Value, key: &str) -> Option<Config> {
        let range = self.doc.span(value)?.range();
        Some(Config { file: self.file, range: Some(range), words: format!("`{key}`") })
    }

    /// Heroku's `app.json`: variables with a value, or that somebody gives.
    fn heroku(&mut self) {
        let root = &self.doc.root;
        if at(root, &["env"]).is_none() {
            return;
        }
        let mut workload = Workload::new(self.file, Form::Platform, "app.json");
        workload.is_litellm = true;
        workload.whole = false;
        read_container(self.doc, self.name, root, &mut workload);
        self.workloads.push(workload);
    }
}

/// Whether a mapping has sections that only LiteLLM's config has: others call variables
/// `environment_variables`, too.
fn has_sections(value: &Value) -> bool {
    let own = ["model_list", "litellm_settings", "router_settings"];
    own.iter().any(|section| at(value, &[section]).is_some())
}

/// What platforms call the fewest and the most replicas, compared without case and punctuation.
const LEAST: [&str; 8] = [
    "mininstances",
    "minreplicas",
    "mininstancecount",
    "minmachinesrunning",
    "numinstances",
    "instancecount",
    "autoscalingknativedevminscale",
    "rungoogleapiscomminscale",
];
const MOST: [&str; 5] = [
    "maxinstances",
    "maxreplicas",
    "maxinstancecount",
    "autoscalingknativedevmaxscale",
    "rungoogleapiscommaxscale",
];

/// The replicas that a mapping says, itself or under `scale`: Azure Container Apps, Cloud Run, Render,
/// Fly; `count` of a Nomad group, `formation.web.quantity` of Heroku.
fn scale(doc: &Doc<'_>, value: &Value, name: &str) -> Replicas {
    let number = |entry: &Entry| scalar(doc, &entry.value)?.parse().ok();
    let of = |value: &Value| {
        let least = LEAST.iter().find_map(|key| any(value, &[key]).and_then(number));
        let most = MOST.iter().find_map(|key| any(value, &[key]).and_then(number));
        Replicas { least, most }
    };
    let nomad = matches!(paths::extension(name), "nomad" | "hcl");
    let count = any(value, &["count"]).filter(|_| nomad).and_then(number);
    let terraform = paths::extension(name) == "tf";
    let count = count.or_else(|| any(value, &["replicas"]).filter(|_| terraform).and_then(number));
    let heroku = at(value, &["formation", "web", "quantity"]);
    let heroku = heroku.and_then(|quantity| scalar(doc, quantity)?.parse().ok());
    let nested = ["scale", "scaling", "autoscaling", "httpservice"];
    let nested = nested.iter().filter_map(|key| any(value, &[key])).map(|entry| of(&entry.value));
    let own = of(value).or(Replicas::of(count.or(heroku)));
    nested.fold(own, Replicas::or)
}

/// `DesiredCount` of an ECS service, which stands apart from its task.
fn service_scale(doc: &Doc<'_>, value: &Value, met: &mut Met) -> Option<Replicas> {
    if !met.is_first(value) {
        return None;
    }
    if let Some(count) = any(value, &["desiredcount"]) {
        return Some(Replicas::of(Some(scalar(doc, &count.value)?.parse().ok()?)));
    }
    let mut inner = entries(Some(value)).iter().map(|entry| &entry.value).chain(items(Some(value)));
    inner.find_map(|inner| service_scale(doc, inner, met))
}

/// The image of a container, wherever platforms write it.
fn image(doc: &Doc<'_>, value: &Value) -> Option<Text> {
    let entry = any(value, &["image"]).or_else(|| {
        let inner = any(value, &["config", "build"])?;
        any(&inner.value, &["image"])
    })?;
    let known = |value: &Value| match is_worked_out(value) {
        true => of_parameters(doc, value),
        false => scalar(doc, value),
    };
    // `docker inspect` has the image's id, and its name below.
    let entry = match known(&entry.value).is_some_and(|text| text.starts_with("sha256:")) {
        true => any(&any(value, &["config"])?.value, &["image"])?,
        false => entry,
    };
    let span = doc.span(&entry.value);
    if let Some(text) = known(&entry.value) {
        return (!text.is_empty()).then_some(Text { text, span });
    }
    let part = |names: &[&str]| known(&any(&entry.value, names)?.value);
    let substituted = at(&entry.value, &["Fn::Sub"]).and_then(Value::as_str);
    if let Some(text) = substituted.map(|text| with_parameters(doc, text)) {
        return Some(Text { text, span });
    }
    if let Some(url) = part(&["url", "name", "uri"]) {
        return Some(Text { text: url, span });
    }
    let repository = part(&["repository"])?;
    let tag = part(&["tag"]).filter(|tag| !tag.is_empty());
    let text = tag.map_or_else(|| repository.clone(), |tag| format!("{repository}:{tag}"));
    Some(Text { text, span })
}

/// An image by `CloudFormation`'s `!Sub` or `!Ref`, as its parameters' defaults make it.
fn of_parameters(doc: &Doc<'_>, value: &Value) -> Option<String> {
    let text = value.as_str()?.strip_prefix(TAG)?;
    if let Some(name) = text.strip_prefix("Ref_") {
        return default_of(doc, name);
    }
    Some(with_parameters(doc, text.strip_prefix("Sub_")?))
}

/// A text with the defaults of a template's parameters in place of `${Name}`.
fn with_parameters(doc: &Doc<'_>, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        match default_of(doc, name) {
            Some(value) => filled.push_str(&value),
            None => {
                filled.push_str("${");
                filled.push_str(name);
                filled.push('}');
            }
        }
        rest = behind;
    }
    filled + rest
}

fn default_of(doc: &Doc<'_>, name: &str) -> Option<String> {
    scalar(doc, at(&doc.root, &["Parameters", name, "Default"])?)
}

/// Variables, command line and mounts of a container.
pub(super) fn read_container(doc: &Doc<'_>, file: &str, value: &Value, workload: &mut Workload) {
    if workload.image.is_none() {
        workload.image = image(doc, value);
    }
    let config = any(value, &["config"]).map(|entry| &entry.value);
    for value in [Some(value), config].into_iter().flatten() {
        for entry in entries(Some(value)) {
            let Some(key) = entry.key.as_str() else { continue };
            match plain_key(key).as_str() {
                key if ENVIRONMENT.contains(&key) => {
                    if workload.form == Form::Ecs {
                        refused(doc, key == "secrets", &entry.value, workload);
                    }
                    for (name, variable) in variables(doc, &entry.value) {
                        workload.set(name, variable);
                    }
                    if matches!(entry.value.data, Data::Unknown(_)) {
                        open(doc, key, &entry.value, workload);
                    }
                }
                key @ ("environmentfiles" | "environmentfile" | "envfrom" | "envfile") if !matches!(&entry.value.data, Data::List(list) if list.is_empty()) =>
                {
                    open(doc, key, &entry.value, workload);
                }
                "template" => brought::templates(doc, &entry.value, workload),
                "dynamic" => {
                    workload.hides_mounts = true;
                    open(doc, "a dynamic block", &entry.value, workload);
                }
                "entrypoint" | "command" | "args" | "cmd" | "exec" => {
                    workload.args.extend(command(doc, Some(&entry.value)));
                }
                key if brought::hides_mounts(key) => {
                    let none = matches!(&entry.value.data, Data::List(list) if list.is_empty());
                    workload.hides_mounts |= !none;
                    let options = items(Some(&entry.value)).iter().filter_map(Value::as_str);
                    for option in options.filter(|one| one.starts_with("--env") || *one == "-e") {
                        let what = format!("the option {option}");
                        workload.sets.push(Sets::Open { what, span: doc.span(&entry.value) });
                    }
                }
                _ => {}
            }
        }
        // A volume may bring what a template writes.
        for entry in entries(Some(value)) {
            let lists =
                entry.key.as_str().is_some_and(|key| brought::lists_mounts(&plain_key(key)));
            if lists {
                brought::mounts(doc, file, &entry.value, workload);
            }
        }
    }
}

/// What ECS refuses: a value in JSON that is not a text, a variable that is a secret too.
fn refused(doc: &Doc<'_>, secret: bool, list: &Value, workload: &mut Workload) {
    // CloudFormation makes texts of numbers; what Terraform makes JSON of is JSON.
    let is_json = doc.is_json() || doc.written_whole().contains("jsonencode(");
    for item in items(Some(list)) {
        let Some(name) = any(item, &["name"]).and_then(|name| scalar(doc, &name.value)) else {
            continue;
        };
        let earlier = workload.sets.iter().find_map(|set| match set {
            Sets::Variable(own, variable) if *own == name => Some(variable.span),
            _ => None,
        });
        if let (true, Some(first)) = (secret, earlier) {
            let span = doc.span(item);
            workload.faults.push(Fault::AlsoSecret { variable: name.clone(), span, first });
        }
        let Some(value) = any(item, &["value"]).map(|entry| &entry.value) else { continue };
        // Terraform's literals are read as text: what is not quoted is none there.
        let bare = (!doc.is_json()).then(|| doc.written(value)).flatten().unwrap_or("");
        let read_as = match &value.data {
            Data::Bool(_) => "a boolean",
            Data::Int(_) | Data::Float(_) => "a number",
            _ if matches!(bare, "true" | "false") => "a boolean",
            _ if !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit()) => "a number",
            _ => continue,
        };
        if is_json {
            let span = any(item, &["value"]).and_then(|entry| doc.span(&entry.value));
            workload.faults.push(Fault::NotText { reader: "ECS", name, read_as, span });
        }
    }
}
