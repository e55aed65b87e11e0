//! deploy/: what kubectl and helm made of it, held to Kubernetes' schemas, to the command, and to the least that pods may.
//!
//! The recordings beside truth/deploy/record.py are the real programs'; a digest tells when they are old.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use redproof_tests::programs::redproof;
use redproof_tests::servers::RedisServer;
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

const RENDERED: [&str; 7] = [
    "example",
    "nightly",
    "monitor",
    "admission",
    "helm",
    "helm-everything",
    "helm-own-certificate",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn verdicts() -> Json {
    serde_json::from_str(&read("truth/deploy/verdicts.json")).expect("JSON")
}

/// The objects that were rendered.
fn objects(name: &str) -> Vec<Json> {
    let text = read(&format!("truth/deploy/{name}.yaml"));
    let documents = serde_yaml::Deserializer::from_str(&text);
    let all = documents.map(|one| Json::deserialize(one).expect("YAML"));
    all.filter(|one| !one.is_null()).collect()
}

/// The pods of an object, if it has some.
fn pod(object: &Json) -> Option<&Json> {
    let template = match object["kind"].as_str()? {
        "Deployment" => &object["spec"]["template"],
        "CronJob" => &object["spec"]["jobTemplate"]["spec"]["template"],
        _ => return None,
    };
    Some(template)
}

/// Our containers, with their pod.
fn containers(name: &str) -> Vec<(Json, Json)> {
    let mut all = vec![];
    for object in objects(name) {
        let Some(pod) = pod(&object) else { continue };
        for list in ["containers", "initContainers"] {
            for container in pod["spec"][list].as_array().into_iter().flatten() {
                if container["image"].as_str().is_some_and(|image| image.contains("/redproof:")) {
                    all.push((pod.clone(), container.clone()));
                }
            }
        }
    }
    all
}

fn arguments(container: &Json) -> Vec<String> {
    let all = container["args"].as_array().expect("arguments").iter();
    let image = container["env"][0]["value"].as_str().unwrap_or_default();
    all.map(|one| one.as_str().expect("text").replace("$(LITELLM_IMAGE)", image)).collect()
}

/// All files below a folder.
fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

#[test]
fn the_recording_is_of_what_is_there() {
    let root = root().canonicalize().expect("a folder");
    let mut all = vec![root.join("truth/deploy/alerts_test.yaml")];
    files(&root.join("deploy/kubernetes"), &mut all);
    files(&root.join("deploy/helm"), &mut all);
    files(&root.join("examples/monitor"), &mut all);
    let mut named: Vec<(String, PathBuf)> = all
        .into_iter()
        .map(|path| (path.strip_prefix(&root).expect("below").display().to_string(), path))
        .collect();
    named.sort();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (name, path) in named {
        let content = fs::read(path).expect("a file");
        for byte in name.bytes().chain([0]).chain(content).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    assert_eq!(verdicts()["digest"], format!("{hash:016x}"), "stale: cargo xtask truth deploy");
}

#[test]
fn kubernetes_and_the_tools_take_it() {
    let verdicts = verdicts();
    for name in RENDERED {
        let releases = verdicts["kubernetes"][name].as_object().expect("releases");
        assert!(releases.len() > 2, "{name}");
        for (release, verdict) in releases {
            assert_eq!(verdict["valid"], true, "{name} on {release}: {verdict}");
            // Of other projects' resources, Kubernetes has no schema; all else has been held to one.
            for line in verdict["said"].as_array().expect("lines") {
                let line = line.as_str().expect("text");
                let others = line.contains("cert-manager.io/v1")
                    || line.contains("monitoring.coreos.com/v1");
                assert!(line.starts_with("WARN") && others, "{name} on {release}: {line}");
            }
        }
    }
    assert_eq!(verdicts["helm lint"], "1 chart(s) linted, 0 chart(s) failed");
    let without = verdicts["helm without a certificate"].as_str().expect("text");
    assert!(
        without.contains("admission.tls.secret and admission.tls.caBundle are needed"),
        "{without}"
    );
    assert_eq!(verdicts["promtool check"][3], "found");
    assert_eq!(verdicts["promtool test"], "SUCCESS");
}

/// What is shown to Prometheus and Grafana is there once, beside the examples; deploy/ has it in the forms that are applied.
#[test]
fn alerts_and_dashboard_are_those_of_the_examples() {
    let alerts = read("examples/monitor/alerts.yaml");
    let dashboard = read("examples/monitor/grafana-dashboard.json");
    let indented: String = alerts
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
        .collect();
    let rule = format!(
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: redproof\nspec:\n{indented}"
    );
    let files = [
        ("deploy/kubernetes/monitor/prometheus-rule.yaml", &rule),
        ("deploy/kubernetes/monitor/grafana-dashboard.json", &dashboard),
        ("deploy/helm/redproof/files/alerts.yaml", &alerts),
        ("deploy/helm/redproof/files/grafana-dashboard.json", &dashboard),
    ];
    support::hold!(files);
}

#[test]
fn each_container_calls_the_command_as_it_is() {
    let mut seen = 0;
    for name in RENDERED {
        for (_, container) in containers(name) {
            let arguments = arguments(&container);
            let Output { status, stderr, .. } = Command::new(redproof())
                .args(&arguments)
                .arg("--help")
                .output()
                .expect("redproof starts");
            let said = String::from_utf8_lossy(&stderr);
            assert!(status.success(), "{name}: {arguments:?}: {said}");
            seen += 1;
        }
    }
    assert_eq!(seen, 9);
}

#[test]
fn pods_may_do_the_least() {
    for name in RENDERED {
        for (pod, container) in containers(name) {
            let own = &container["securityContext"];
            let all = &pod["spec"]["securityContext"];
            let of = |key: &str| if own[key].is_null() { &all[key] } else { &own[key] };
            assert_eq!(of("runAsNonRoot"), true, "{name}");
            assert_eq!(of("runAsUser"), 65532, "{name}: the image's user");
            assert_eq!(of("seccompProfile")["type"], "RuntimeDefault", "{name}");
            assert_eq!(own["readOnlyRootFilesystem"], true, "{name}");
            assert_eq!(own["allowPrivilegeEscalation"], false, "{name}");
            assert_eq!(own["capabilities"], json!({"drop": ["ALL"]}), "{name}");
            assert!(container["resources"]["limits"]["memory"].is_string(), "{name}");
            let asks = arguments(&container).contains(&"--cluster".to_owned());
            assert_eq!(pod["spec"]["automountServiceAccountToken"], asks, "{name}");
            for mount in container["volumeMounts"].as_array().expect("mounts") {
                assert_eq!(mount["readOnly"], true, "{name}: {mount}");
            }
        }
        for object in objects(name) {
            match object["kind"].as_str().expect("a kind") {
                // A selector that is empty would cut off every pod of the namespace.
                "NetworkPolicy" => {
                    let labels = &object["spec"]["podSelector"]["matchLabels"];
                    assert_eq!(labels["app.kubernetes.io/name"], "redproof", "{name}");
                    assert!(labels["app.kubernetes.io/component"].is_string(), "{name}");
                    assert_eq!(
                        object["spec"]["policyTypes"],
                        json!(["Ingress", "Egress"]),
                        "{name}"
                    );
                }
                "ClusterRole" => {
                    let rules = object["rules"].to_string();
                    assert!(!rules.contains("secrets") && !rules.contains('*'), "{name}: {rules}");
                    for rule in object["rules"].as_array().expect("rules") {
                        let verbs = rule["verbs"].as_array().expect("verbs");
                        assert!(
                            verbs.iter().all(|one| one == "get" || one == "list"),
                            "{name}: {rule}"
                        );
                    }
                }
                "ValidatingWebhookConfiguration" => {
                    let hook = &object["webhooks"][0];
                    assert_eq!(
                        hook["failurePolicy"], "Ignore",
                        "{name}: a webhook must not stop a cluster"
                    );
                    assert_eq!(hook["sideEffects"], "None", "{name}");
                    assert_eq!(hook["clientConfig"]["service"]["path"], "/validate", "{name}");
                    assert!(hook["namespaceSelector"]["matchLabels"].is_object(), "{name}");
                }
                _ => {}
            }
        }
        // What selects something selects pods that are there.
        let pods: Vec<Json> = objects(name)
            .iter()
            .filter_map(pod)
            .map(|one| one["metadata"]["labels"].clone())
            .collect();
        for object in objects(name) {
            let selector = match object["kind"].as_str().expect("a kind") {
                "Service" => &object["spec"]["selector"],
                "Deployment" | "PodDisruptionBudget" => &object["spec"]["selector"]["matchLabels"],
                "NetworkPolicy" => &object["spec"]["podSelector"]["matchLabels"],
                _ => continue,
            };
            let selector = selector.as_object().expect("a selector");
            let fits = |labels: &Json| selector.iter().all(|(key, value)| labels[key] == *value);
            assert!(!selector.is_empty() && pods.iter().any(fits), "{name}: {object}");
        }
    }
}

/// The example's init container, as a kubelet would run it: with LiteLLM's config and environment.
#[test]
fn a_proof_that_fails_stops_the_roll_out() {
    let (_, container) = containers("example").pop().expect("the init container");
    assert_eq!(
        container["env"][0]["value"], "ghcr.io/berriai/litellm:main-v1.93.0-stable",
        "the release is that of LiteLLM's image"
    );
    let folder = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(
        folder.path(),
        &["--port", "{port}", "--requirepass", "correct-horse-battery"],
    );
    let config = folder.path().join("config.yaml");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: os.environ/CACHE_HOST\n    port: {}\n    password: os.environ/REDIS_PASSWORD\n",
        server.port
    );
    fs::write(&config, text).expect("the config is written");
    let run = |password: &str| {
        let arguments = arguments(&container)
            .into_iter()
            .map(|one| if one == "/app/config.yaml" { config.display().to_string() } else { one });
        let done = Command::new(redproof())
            .args(arguments)
            .env_clear()
            .env("CACHE_HOST", "127.0.0.1")
            .env("REDIS_PASSWORD", password)
            .output()
            .expect("redproof starts");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = run("correct-horse-battery");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run("rotated-on-one-side");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("auth_failed") && !said.contains("rotated-on"), "{said}");
}

#[test]
fn the_example_is_sound() {
    let example = root().join("truth/deploy/example.yaml");
    let done =
        Command::new(redproof()).arg("check").arg(example).output().expect("redproof starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(said.contains("1.93.0") && said.contains("Deployment litellm runs it"), "{said}");
}
