//! What belongs to an object, asked of the cluster: the `ConfigMap`s of a workload, the workloads of a
//! `ConfigMap`. Secrets are not asked for: their variables are unknown, as for `check`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use redproof_probe::ask_cluster;
use serde_json::{Value as Json, json};

use super::review::{Asked, cut};
use crate::output::Failure;

/// The longest that one answer takes.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// No object names more that matters.
const MOST_OBJECTS: usize = 16;

/// What runs pods, with its group and version, and its name in addresses.
const WORKLOADS: [(&str, &str, &str); 3] = [
    ("apps/v1", "Deployment", "deployments"),
    ("apps/v1", "StatefulSet", "statefulsets"),
    ("apps/v1", "DaemonSet", "daemonsets"),
];

/// The cluster that this process runs in.
pub(super) struct Cluster {
    base: String,
    account: PathBuf,
}

impl Cluster {
    /// The cluster that the environment names.
    ///
    /// # Errors
    /// When it names none.
    pub(super) fn of(account: &Path) -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let (Some(host), Some(port)) =
            (variable("KUBERNETES_SERVICE_HOST"), variable("KUBERNETES_SERVICE_PORT"))
        else {
            let why = "--cluster needs KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which a \
                       pod has";
            return Err(Failure::Said(why.to_owned()));
        };
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        Ok(Self { base: format!("https://{host}:{port}"), account: account.to_owned() })
    }

    /// The objects around one, and what could not be known of them.
    pub(super) async fn around(&self, asked: &Asked) -> (Vec<Json>, Option<String>) {
        match self.objects(asked).await {
            Ok(objects) => (objects, None),
            Err(why) => {
                (vec![], Some(cut(&format!("judged alone, the cluster was not asked: {why}"))))
            }
        }
    }

    async fn objects(&self, asked: &Asked) -> Result<Vec<Json>, String> {
        let namespace = plain(&asked.namespace).ok_or("it is in no namespace")?;
        let mut objects = vec![];
        let mut names = config_maps(&asked.object);
        if asked.kind == "ConfigMap" {
            for (version, kind, resource) in WORKLOADS {
                let path = format!("/apis/{version}/namespaces/{namespace}/{resource}");
                let mut list = self.get(&path).await?;
                let items = list["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
                let uses = |item: &Json| config_maps(item).contains(&asked.name);
                for mut item in items.into_iter().filter(uses).take(MOST_OBJECTS) {
                    // Lists say once what all of them are.
                    item["apiVersion"] = json!(version);
                    item["kind"] = json!(kind);
                    names.extend(config_maps(&item));
                    objects.push(item);
                }
            }
            names.remove(&asked.name);
        }
        for name in names.iter().filter_map(|name| plain(name)).take(MOST_OBJECTS) {
            let path = format!("/api/v1/namespaces/{namespace}/configmaps/{name}");
            // One that is not there yet is what the pod waits for.
            match self.get(&path).await {
                Ok(object) => objects.push(object),
                Err(why) if why.contains("HTTP 404") => {}
                Err(why) => return Err(why),
            }
        }
        Ok(objects)
    }

    async fn get(&self, path: &str) -> Result<Json, String> {
        // Tokens are rotated: it is read each time.
        let token = std::fs::read_to_string(self.account.join("token"))
            .map_err(|error| format!("{}: {error}", self.account.join("token").display()))?;
        let url = format!("{}{path}", self.base);
        let authorities = self.account.join("ca.crt");
        let text = ask_cluster(&url, token.trim(), &authorities, ANSWER_TIME).await?;
        serde_json::from_str(&text).map_err(|_| format!("{path}: the answer is not as expected"))
    }
}

/// A name that may be part of an address.
fn plain(name: &str) -> Option<&str> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    (!name.is_empty() && !name.starts_with('.') && name.chars().all(fits)).then_some(name)
}

/// The `ConfigMap`s that an object's pods mount or read.
fn config_maps(object: &Json) -> BTreeSet<String> {
    fn walk(value: &Json, names: &mut BTreeSet<String>) {
        match value {
            Json::Object(map) => {
                for (key, value) in map {
                    if matches!(key.as_str(), "configMap" | "configMapRef" | "configMapKeyRef")
                        && let Some(name) = value["name"].as_str()
                    {
                        names.insert(name.to_owned());
                    }
                    walk(value, names);
                }
            }
            Json::Array(list) => list.iter().for_each(|value| walk(value, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    walk(&object["spec"], &mut names);
    names
}
