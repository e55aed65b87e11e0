//! `redproof export`: what it prints, what it writes, and what it leaves alone.

mod folder;

use std::fs;
use std::path::Path;

use folder::{Folder, code, stderr, stdout};

const CONFIG: &str = "\
# The cache.
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    port: 6379
    password: hunter2-hunter2  # not here
    ssl: true
    ssl_ca_certs: /etc/redis/ca.crt
";

const FORMATS: [&str; 6] = ["config", "env", "kubernetes", "compose", "redis-conf", "commands"];

fn folder() -> Folder {
    Folder::new(&[("config.yaml", CONFIG), (".env", "REDIS_HOST=redis.internal\n")])
}

fn export(folder: &Folder, format: &str, more: &[&str]) -> std::process::Output {
    let mut arguments = vec!["export", format, "config.yaml", "--env-file", ".env"];
    arguments.extend(["--litellm", "1.80.0", "--redis-py", "5.3.1"]);
    arguments.extend(more);
    folder.run(&arguments)
}

#[test]
fn every_format_is_printed() {
    let folder = folder();
    for format in FORMATS {
        let output = export(&folder, format, &[]);
        insta::assert_snapshot!(format!("export_{}", format.replace('-', "_")), stdout(&output));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let both = format!("{}{}", stdout(&output), stderr(&output));
        assert!(!both.contains("hunter2"), "{format}: {both}");
    }
}

#[test]
fn what_is_left_to_do_is_said_apart() {
    let output = export(&folder(), "env", &[]);
    let said = stderr(&output);
    assert!(
        said.contains(
            "FILL_IN_REDIS_PASSWORD  the secret written at litellm_settings.cache_params.password"
        ),
        "{said}"
    );
    assert!(!stdout(&output).contains("Fill in"));
}

#[test]
fn what_was_exported_is_checked_as_the_original() {
    let folder = folder();
    export(&folder, "kubernetes", &["--output", "kubernetes.yaml"]);
    let explained = |arguments: &[&str]| {
        let output =
            folder.run(&[&["explain", "--format=json", "--redis-py=5.3.1"], arguments].concat());
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let connections = json["connections"].as_array().expect("connections").clone();
        let values =
            connections.iter().flat_map(|one| one["settings"].as_array().expect("settings"));
        values.map(|row| (row["setting"].clone(), row["value"].clone())).collect::<Vec<_>>()
    };
    let before = explained(&["config.yaml", "--env-file", ".env", "--litellm", "1.80.0"]);
    assert!(!before.is_empty());
    // The image's tag names the release.
    assert_eq!(explained(&["kubernetes.yaml"]), before);
}

#[test]
fn files_are_never_replaced_unasked() {
    let folder = folder();
    let path = folder.path().join("out.env");
    fs::write(&path, "KEEP=me\n").expect("write");
    let refused = export(&folder, "env", &["--output", "out.env"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("--force"), "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(&path).expect("read"), "KEEP=me\n");
    assert_eq!(code(&export(&folder, "env", &["--output", "out.env", "--force"])), 0);
    assert!(fs::read_to_string(&path).expect("read").contains("REDIS_HOST=redis.internal"));
}

#[test]
fn many_files_go_into_a_directory_all_or_none() {
    let folder = folder();
    assert_eq!(code(&export(&folder, "compose", &["--output", "deploy"])), 0);
    assert_eq!(
        names(&folder.path().join("deploy")),
        ["compose.yaml", "config.yaml", "litellm.env"]
    );
    fs::create_dir(folder.path().join("half")).expect("create a directory");
    fs::write(folder.path().join("half/litellm.env"), "KEEP=me\n").expect("write");
    let refused = export(&folder, "compose", &["--output", "half"]);
    assert_eq!(code(&refused), 2);
    assert_eq!(names(&folder.path().join("half")), ["litellm.env"], "none is written");
}

#[test]
fn one_file_goes_into_a_directory_under_its_name() {
    let folder = folder();
    assert_eq!(code(&export(&folder, "redis-conf", &["--output", "etc/"])), 0);
    assert_eq!(names(&folder.path().join("etc")), ["redis.conf"]);
}

#[cfg(unix)]
#[test]
fn files_are_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    export(&folder, "env", &["--output", "out.env"]);
    let mode = |name: &str| {
        fs::metadata(folder.path().join(name)).expect("stat").permissions().mode() & 0o777
    };
    assert_eq!(mode("out.env"), mode(".env"));
}

#[test]
fn a_secret_in_a_variable_stays_where_it_is() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    for format in FORMATS {
        let output = folder.run(&[
            "export",
            format,
            "config.yaml",
            "--env=REDIS_URL=rediss://:s3cret-in-a-url@redis.internal:6380/1",
            "--env=OPENAI_API_KEY=sk-of-another-service",
        ]);
        let both = format!("{}{}", stdout(&output), stderr(&output));
        for secret in ["s3cret", "sk-of-another", "hunter2"] {
            assert!(!both.contains(secret), "{format}: {both}");
        }
    }
}

#[test]
fn what_is_no_config_is_not_exported() {
    for text in ["a: [\n", "apiVersion: v1\nkind: Service\n"] {
        let output = Folder::new(&[]).run_with(&["export", "config", "-"], text);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
        assert!(stderr(&output).contains("can't be read"), "{}", stderr(&output));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("list");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway}
spec:
  selector: {matchLabels: {app: gateway}}
  template:
    metadata: {labels: {app: gateway}}
    spec:
      volumes: [{name: config, configMap: {name: gateway}}]
      containers:
        - name: proxy
          image: registry.example.com/litellm:v1.80.0-own
          args: [--config, /etc/litellm/config.yaml]
          env:
            - {name: REDIS_HOST, value: redis.internal}
            - {name: CACHE_USER_PASSWORD, value: sesame-street-9}
          volumeMounts: [{name: config, mountPath: /etc/litellm}]
";

fn config_map() -> String {
    let config =
        CONFIG.replace("    port: 6379\n", "    port: 6379\n    username: os.environ/CACHE_USER\n");
    let config: String = config.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: gateway}}\ndata:\n  config.yaml: |\n{config}"
    )
}

/// What a check finds, as codes, and which release it takes.
fn checked(folder: &Folder) -> (Vec<String>, String) {
    let output = folder.run(&["check", ".", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    // A base that a patch replaces is looked at too, and runs nowhere.
    let mut files = json["files"].as_array().expect("files").iter();
    let file = files.find(|file| !file["deployment"].is_null()).expect("a deployment");
    assert!(files.all(|file| file["deployment"].is_null()), "{json}");
    let found = file["diagnostics"].as_array().expect("findings").iter();
    let codes = found.map(|one| one["code"].as_str().expect("a code").to_owned());
    (codes.collect(), file["releases"]["litellm"].to_string())
}

#[test]
fn a_patch_lies_over_manifests() {
    let folder = Folder::new(&[
        ("deployment.yaml", DEPLOYMENT),
        ("config-map.yaml", &config_map()),
        ("kustomization.yaml", "resources: [deployment.yaml, config-map.yaml]\n"),
    ]);
    let (before, release) = checked(&folder);
    assert!(before.iter().any(|one| one == "RP307"), "{before:?}");
    let output = folder.run(&["export", "patch", "config-map.yaml", "--output", "redproof/"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(
        names(&folder.path().join("redproof")),
        ["config.yaml", "kustomization.yaml", "secret.yaml", "workload.yaml"]
    );
    let read =
        |name: &str| fs::read_to_string(folder.path().join("redproof").join(name)).expect("read");
    for name in names(&folder.path().join("redproof")) {
        insta::assert_snapshot!(format!("patch_{name}"), read(&name));
        assert!(!read(&name).contains("hunter2") && !read(&name).contains("sesame"), "{name}");
        assert!(!read(&name).contains("image:"), "{name}: the image stays theirs");
    }
    fs::write(
        folder.path().join("kustomization.yaml"),
        "resources: [deployment.yaml, config-map.yaml]\ncomponents: [redproof]\n",
    )
    .expect("write");
    let (after, same) = checked(&folder);
    assert_eq!(same, release);
    assert!(!after.iter().any(|one| one == "RP307"), "{after:?}");
    let again = folder.run(&["export", "patch", "config-map.yaml", "--output", "redproof/"]);
    assert_eq!(code(&again), 2, "{}", stderr(&again));
}

#[test]
fn a_patch_lies_over_a_compose_file() {
    let compose = "services:\n  llm:\n    image: registry.example.com/litellm:v1.80.0-own\n    command: [--config, /c.yaml]\n    volumes: [./config.yaml:/c.yaml]\n    environment: {REDIS_HOST: redis.internal}\n";
    let folder = Folder::new(&[("docker-compose.yml", compose), ("config.yaml", CONFIG)]);
    let output = folder.run(&["export", "patch", "config.yaml", "--output", "./"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("read");
    let over = read("docker-compose.override.yml");
    insta::assert_snapshot!("patch_override", over);
    assert!(!over.contains("image:") && !read("litellm.yaml").contains("hunter2"), "{over}");
    assert_eq!(read("docker-compose.yml"), compose);
    assert_eq!(read("config.yaml"), CONFIG);
    let (codes, _) = checked(&folder);
    assert!(!codes.iter().any(|one| one == "RP307"), "{codes:?}");
    // The name that compose reads by itself is taken now.
    fs::remove_file(folder.path().join("litellm.yaml")).expect("remove");
    fs::remove_file(folder.path().join("litellm.env")).expect("remove");
    fs::write(
        folder.path().join("docker-compose.override.yml"),
        "services: {llm: {environment: {REDIS_SSL: 'true'}}}\n",
    )
    .expect("write");
    let output = folder.run(&["export", "patch", "config.yaml", "--output", "./"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        read("docker-compose.redproof.yml")
            .contains("-f docker-compose.yml -f docker-compose.override.yml")
    );
}

#[test]
fn a_patch_lies_over_values() {
    let config: String = CONFIG.lines().map(|line| format!("  {line}\n")).collect();
    let values = format!(
        "image: {{repository: registry.example.com/litellm, tag: v1.80.0-own}}\nenvironmentSecrets: [theirs]\nenvVars: {{REDIS_HOST: redis.internal}}\nproxy_config:\n{config}"
    );
    let folder = Folder::new(&[("values.yaml", &values)]);
    let output = folder.run(&["export", "patch", "values.yaml", "--output", "./"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let over = fs::read_to_string(folder.path().join("values.redproof.yaml")).expect("read");
    insta::assert_snapshot!("patch_values", over);
    let read: serde_json::Value = serde_yaml::from_str(&over).expect("YAML");
    assert_eq!(read["environmentSecrets"], serde_json::json!(["theirs", "litellm-redproof"]));
    assert_eq!(
        read["proxy_config"]["litellm_settings"]["cache_params"]["password"],
        "os.environ/REDIS_PASSWORD"
    );
    assert!(read.get("image").is_none());
}

#[test]
fn there_is_no_patch_where_nothing_is_deployed() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    let output = folder.run(&["export", "patch", "config.yaml"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no file beside it says"), "{}", stderr(&output));
    let clean = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h}\n";
    let compose = "services: {llm: {image: 'ghcr.io/berriai/litellm:v1.80.0', command: [--config, /c.yaml], volumes: ['./config.yaml:/c.yaml']}}\n";
    let folder = Folder::new(&[("config.yaml", clean), ("compose.yaml", compose)]);
    let output = folder.run(&["export", "patch", "config.yaml"]);
    assert!(stderr(&output).contains("nothing to change"), "{}", stderr(&output));
}
