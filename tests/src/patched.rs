//! Deployments, and the patches that are exported for them, for the programs that read both together.

use std::collections::BTreeMap;

use redproof_core::deployment::deployments;
use redproof_core::export::{Secrets, patch};
use redproof_core::{CheckInput, NamedText, Releases};
use serde_json::{Value as Json, json};

const CONFIG: &str = "\
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    password: hunter2-hunter2
    ssl: true
    ssl_ca_certs: /etc/redis/ca.crt
";

/// What reads a deployment with its patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `kubectl kustomize`
    Kustomize,
    /// `docker-compose config`
    Compose,
    /// `helm template`, of a chart that shows its values.
    Helm,
    /// The AWS client's own check of a task definition.
    Ecs,
}

impl Reader {
    fn name(self) -> &'static str {
        match self {
            Self::Kustomize => "kustomize",
            Self::Compose => "compose",
            Self::Helm => "helm",
            Self::Ecs => "ecs",
        }
    }
}

/// A deployment with its patch.
#[derive(Debug)]
pub struct Case {
    /// What it is about.
    pub name: &'static str,
    /// Who reads it.
    pub reader: Reader,
    /// The files of the deployment.
    pub files: BTreeMap<String, String>,
    /// Those of the patch.
    pub patch: BTreeMap<String, String>,
}

impl Case {
    /// As the recording holds it.
    pub fn json(&self) -> Json {
        let reader = self.reader.name();
        json!({"name": self.name, "reader": reader, "files": self.files, "patch": self.patch})
    }

    fn new(name: &'static str, reader: Reader, files: &[(&str, &str)]) -> Self {
        let own: Vec<NamedText> = files
            .iter()
            .map(|(name, text)| NamedText { name: (*name).to_owned(), text: (*text).to_owned() })
            .collect();
        let found = deployments(&own);
        let [deployment] = found.found.as_slice() else {
            panic!("{name}: {} deployments", found.found.len());
        };
        let config = &own[deployment.config];
        let input = CheckInput {
            name: &config.name,
            text: &config.text,
            environment: &deployment.gathered(),
            releases: Releases::default(),
            now: None,
        };
        let export =
            patch(&input, Secrets::Placeholders).unwrap_or_else(|why| panic!("{name}: {why}"));
        Self {
            name,
            reader,
            files: own.into_iter().map(|file| (file.name, file.text)).collect(),
            patch: export.files.into_iter().map(|file| (file.name, file.text)).collect(),
        }
    }
}

fn indented(text: &str, depth: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(depth))).collect()
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let inside = |depth| indented(CONFIG, depth);
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\nspec:\n  selector: {matchLabels: {app: litellm}}\n  template:\n    metadata: {labels: {app: litellm}}\n    spec:\n      containers:\n        - name: litellm\n          image: registry.example.com/litellm:v1.80.0-own\n          args: [--config, /app/config.yaml]\n          env:\n            - {name: REDIS_HOST, value: redis.internal}\n          volumeMounts: [{name: config, mountPath: /app/config.yaml, subPath: config.yaml}]\n      volumes: [{name: config, configMap: {name: litellm-config}}]\n";
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: litellm-config}}\ndata:\n  config.yaml: |\n{}",
        inside(4)
    );
    let compose = "services:\n  llm:\n    image: registry.example.com/litellm:v1.80.0-own\n    command: [--config, /c.yaml]\n    volumes: [./config.yaml:/c.yaml]\n    environment: {REDIS_HOST: redis.internal}\n";
    let official = format!(
        "litellm-helm:\n  image: {{repository: registry.example.com/litellm, tag: v1.80.0-own}}\n  environmentSecrets: [theirs]\n  envVars: {{REDIS_HOST: redis.internal}}\n  volumes: [{{name: tmp, emptyDir: {{}}}}]\n  volumeMounts: [{{name: tmp, mountPath: /tmp}}]\n  proxy_config:\n{}",
        inside(4)
    );
    let split = format!(
        "masterKey: {{secretName: m}}\ndatabase: {{url: x}}\ngateway:\n  image: {{repository: registry.example.com/litellm-gateway, tag: v1.97.0}}\n  envSecrets: [theirs]\n  extraEnv: [{{name: REDIS_HOST, value: redis.internal}}]\n  config:\n    proxy_config:\n{}backend:\n  extraEnv: [{{name: REDIS_HOST, value: redis.internal}}, {{name: A, valueFrom: {{secretKeyRef: {{name: s, key: k}}}}}}]\n",
        inside(6)
    );
    let app = format!(
        "controllers:\n  litellm:\n    containers:\n      app:\n        image: {{repository: registry.example.com/litellm, tag: v1.80.0-own}}\n        args: [--config, /config/config.yaml]\n        env: {{REDIS_HOST: redis.internal}}\nconfigMaps:\n  config:\n    data:\n      config.yaml: |\n{}persistence:\n  config: {{type: configMap, identifier: config, globalMounts: [{{path: /config}}]}}\n",
        inside(8)
    );
    let listed = app.replace(
        "env: {REDIS_HOST: redis.internal}",
        "env: [{name: REDIS_HOST, value: redis.internal}]",
    );
    let task = "{\n  \"family\": \"litellm\",\n  \"containerDefinitions\": [\n    {\n      \"name\": \"litellm\",\n      \"image\": \"registry.example.com/litellm:v1.80.0-own\",\n      \"environment\": [\n        {\"name\": \"REDIS_HOST\", \"value\": \"redis.internal\"},\n        {\"name\": \"REDIS_PASSWORD\", \"value\": \"sesame-sesame\"}\n      ]\n    },\n    {\"name\": \"other\", \"image\": \"x\"}\n  ]\n}\n";
    let config = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: os.environ/REDIS_HOST, password: hunter2-hunter2}\n";
    vec![
        Case::new(
            "manifests",
            Reader::Kustomize,
            &[
                ("kustomization.yaml", "resources: [deployment.yaml, config-map.yaml]\n"),
                ("deployment.yaml", deployment),
                ("config-map.yaml", &map),
            ],
        ),
        Case::new(
            "a generated config",
            Reader::Kustomize,
            &[
                (
                    "kustomization.yaml",
                    "resources: [deployment.yaml]\nconfigMapGenerator:\n- {name: litellm-config, files: [config.yaml]}\n",
                ),
                ("deployment.yaml", deployment),
                ("config.yaml", CONFIG),
            ],
        ),
        Case::new(
            "a compose file",
            Reader::Compose,
            &[("docker-compose.yml", compose), ("config.yaml", CONFIG)],
        ),
        Case::new("an umbrella chart's values", Reader::Helm, &[("values.yaml", &official)]),
        Case::new("the split chart's values", Reader::Helm, &[("values.yaml", &split)]),
        Case::new("app-template's values", Reader::Helm, &[("values.yaml", &app)]),
        Case::new("app-template's list of variables", Reader::Helm, &[("values.yaml", &listed)]),
        Case::new(
            "a task definition",
            Reader::Ecs,
            &[("task-definition.json", task), ("config.yaml", config)],
        ),
    ]
}
