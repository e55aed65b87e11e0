//! A folder that is dropped on the page is judged as `redproof check FOLDER` judges it: the same
//! deployments, releases and findings, for every form in which a config is deployed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use redproof_engine::Engine;
use redproof_messages::{Answer, Ask, Checked, File, Sorted, Texts};
use redproof_tests::programs::redproof;
use serde_json::Value as Json;

const CONFIG: &str = "\
model_list: []
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    port: os.environ/REDIS_PORT
router_settings:
  redis_host: os.environ/REDIS_HOST
  redis_port: 6379
  redis_ssl: true
";

const COMPOSE: &str = "\
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.80.0-stable
    command: [--config, /app/config.yaml]
    volumes: [./conf/config.yaml:/app/config.yaml]
    env_file: .env
    environment:
      REDIS_PORT: \"6380\"
  redis:
    image: redis:7.4-alpine
    command: redis-server --requirepass hunter2
";

const CONFIG_MAP: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config}
data:
  proxy.yaml: |
    litellm_settings:
      cache: true
      cache_params: {type: redis, ssl: true}
---
apiVersion: v1
kind: Secret
metadata: {name: litellm-redis}
stringData:
  REDIS_HOST: redis.prod.test
  REDIS_PASSWORD: hunter2
";

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: litellm
          image: ghcr.io/berriai/litellm:main-v1.74.0-stable
          args: [--config, /etc/litellm/proxy.yaml]
          envFrom: [{secretRef: {name: litellm-redis}}, {secretRef: {name: not-here}}]
          env: [{name: REDIS_PORT, value: '6379'}]
          volumeMounts: [{name: config, mountPath: /etc/litellm}]
      volumes:
        - name: config
          configMap: {name: litellm-config}
";

const VALUES: &str = "\
image:
  repository: ghcr.io/berriai/litellm-database
  tag: main-v1.79.0-stable
# kubernetes.io/tls-acme: \"true\"
envVars: {REDIS_HOST: r.test, REDIS_PORT: '6379', REDIS_SSL: 'true'}
proxy_config:
  litellm_settings:
    cache: true
    cache_params: {type: redis}
";

/// A folder's files.
type Files = &'static [(&'static str, &'static str)];

const FOLDERS: [(&str, Files); 10] = [
    (
        "compose",
        &[
            ("conf/config.yaml", CONFIG),
            ("compose.yaml", COMPOSE),
            (".env", "REDIS_HOST=redis\nREDIS_PASSWORD=hunter2\n"),
            ("README.md", "Nothing to see.\n"),
        ],
    ),
    (
        "kubernetes",
        &[
            ("base/config.yaml", CONFIG_MAP),
            ("base/deployment.yaml", DEPLOYMENT),
            ("base/kustomization.yaml", "resources: [config.yaml, deployment.yaml]\n"),
            ("base/worker.yaml", "kind: Deployment\nmetadata: {name: redis-worker}\n"),
        ],
    ),
    (
        "overlays",
        &[
            ("base/config.yaml", CONFIG_MAP),
            ("base/deployment.yaml", DEPLOYMENT),
            ("base/kustomization.yaml", "resources: [config.yaml, deployment.yaml]\n"),
            (
                "overlays/dev/kustomization.yaml",
                "resources: [../../base]\nimages: [{name: ghcr.io/berriai/litellm, newTag: v1.70.0-stable}]\n",
            ),
            ("overlays/prod/kustomization.yaml", "resources: [../../base]\n"),
        ],
    ),
    ("helm", &[("values.yaml", VALUES)]),
    (
        "helm-with-others",
        &[("charts/values.yaml", VALUES), ("charts/Chart.yaml", "name: litellm\nversion: 1.0.0\n")],
    ),
    (
        "pins",
        &[
            ("config.yaml", CONFIG),
            (".env", "REDIS_HOST=localhost\nREDIS_PORT=x\n"),
            ("prod.env", "REDIS_HOST=prod.test\n"),
            ("requirements.txt", "litellm[proxy]==1.78.0\nredis==6.4.0\n"),
        ],
    ),
    (
        "image-of-ones-own",
        &[
            ("proxy/config.yaml", CONFIG),
            (
                "proxy/Dockerfile",
                "FROM ghcr.io/berriai/litellm:main-v1.76.0-stable\nCOPY config.yaml /app/config.yaml\nENV REDIS_HOST=baked.test\nCMD [\"--config\", \"/app/config.yaml\"]\n",
            ),
            (
                "docker-compose.yml",
                "services:\n  proxy:\n    build: ./proxy\n    environment: {REDIS_PORT: '6390'}\n",
            ),
        ],
    ),
    (
        "several-configs",
        &[
            ("a/config.yaml", CONFIG),
            (
                "a/compose.yaml",
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.72.0-stable\n    command: --config /c.yaml\n    volumes: ['./config.yaml:/c.yaml']\n    environment: {REDIS_HOST: a.test, REDIS_PORT: '1'}\n  canary:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    command: --config /c.yaml\n    volumes: ['./config.yaml:/c.yaml']\n    environment: {REDIS_HOST: canary.test, REDIS_PORT: '2'}\n",
            ),
            ("b/config.yaml", "litellm_settings: {cache: true, cache_params: {type: redis}}\n"),
            ("b/.env", "REDIS_URL=rediss://b.test:6380\n"),
            ("c/config.yaml", "router_settings: {redis_url: os.environ/REDIS_URL}\n"),
            (".env", "REDIS_URL=redis://root.test:1\n"),
        ],
    ),
    (
        "unit",
        &[
            ("config.yaml", CONFIG),
            (
                "litellm.service",
                "[Service]\nEnvironmentFile=redis.env\nEnvironment=REDIS_PORT=7000\nExecStart=/usr/bin/litellm --config config.yaml\n",
            ),
            ("redis.env", "REDIS_HOST=unit.test\n"),
        ],
    ),
    ("runs-another", &[("config.yaml", CONFIG), ("compose.yaml", COMPOSE)]),
];

/// What is said of one config in one deployment.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    litellm: String,
    redis_py: String,
    findings: Vec<String>,
}

/// What the command says, by config and deployment.
fn by_command(folder: &Path) -> BTreeMap<(String, String), Said> {
    let output = Command::new(redproof())
        .args(["check", ".", "--format", "json"])
        .current_dir(folder)
        .output()
        .expect("redproof runs");
    let said: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let files = said["files"].as_array().expect("files");
    let one = |file: &Json| {
        let finding = |found: &Json| {
            let at = &found["location"];
            let line = at["start"]["line"].as_u64().map_or(String::new(), |line| line.to_string());
            let place = format!("{}:{line}", at["file"].as_str().unwrap_or_default());
            format!("{} {place} {}", text(&found["code"]), text(&found["message"]))
        };
        let mut findings: Vec<String> =
            file["diagnostics"].as_array().expect("diagnostics").iter().map(finding).collect();
        findings.sort();
        let said = Said {
            litellm: text(&file["releases"]["litellm"]),
            redis_py: text(&file["releases"]["redis_py"]),
            findings,
        };
        ((text(&file["file"]), text(&file["deployment"]["name"])), said)
    };
    files.iter().map(one).collect()
}

/// What the page says of the same files, once they were dropped.
fn by_page(files: &[File]) -> BTreeMap<(String, String), Said> {
    let mut engine = Engine::default();
    let Answer::Sort(kinds) = engine.answer(Ask::Sort { files: files.to_vec() }) else {
        panic!("another question was answered");
    };
    let mut check = |config: &File, deployment: &str| {
        let kept = files.iter().zip(&kinds).filter(|(file, kind)| {
            *file != config && !matches!(kind, Sorted::Nothing | Sorted::Certificate)
        });
        let files =
            std::iter::once(config).chain(kept.map(|(file, _)| file)).cloned().collect::<Vec<_>>();
        let deployment = deployment.to_owned();
        let texts = Texts { files: files.clone(), folder: true, deployment, ..Texts::default() };
        let Answer::Check(checked) = engine.answer(Ask::Check { texts, now: 0 }) else {
            panic!("another question was answered");
        };
        (files, *checked)
    };
    let mut said = BTreeMap::new();
    let is_config = |kind: &Sorted| matches!(kind, Sorted::Config { .. });
    for (config, _) in files.iter().zip(&kinds).filter(|(_, kind)| is_config(kind)) {
        let (_, first) = check(config, "");
        let own = first.runs.iter().filter(|one| one.config == 0);
        let mut names: Vec<String> = own.map(|one| one.name.clone()).collect();
        if names.is_empty() {
            names.push(String::new());
        }
        for name in names {
            let (_, checked) = check(config, &name);
            let runs = checked.runs.iter().find(|one| one.chosen);
            let name = runs.filter(|one| one.runs).map_or(String::new(), |one| one.name.clone());
            said.insert((config.name.clone(), name), of(&checked));
        }
    }
    said
}

fn of(checked: &Checked) -> Said {
    let finding = |found: &redproof_messages::Finding| {
        let place = found.at.as_ref().map_or(":", |at| &at.name);
        format!("{} {place} {}", found.code, found.message)
    };
    let mut findings: Vec<String> = checked.findings.iter().map(finding).collect();
    findings.sort();
    Said { litellm: checked.litellm.clone(), redis_py: checked.redis_py.clone(), findings }
}

#[test]
fn page_and_command_say_the_same_of_a_folder() {
    let mut findings = 0;
    for (name, files) in FOLDERS {
        let folder = tempfile::tempdir().expect("a temporary directory");
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
            std::fs::write(path, text).expect("a file is written");
        }
        let file =
            |(name, text): &(&str, &str)| File { name: (*name).into(), text: (*text).into() };
        let files: Vec<File> = files.iter().map(file).collect();
        let command = by_command(folder.path());
        assert!(!command.is_empty(), "{name}: no config was found");
        assert_eq!(by_page(&files), command, "{name}");
        findings += command.values().map(|said| said.findings.len()).sum::<usize>();
    }
    assert!(findings > 10, "{findings} findings are too few to tell anything");
}
