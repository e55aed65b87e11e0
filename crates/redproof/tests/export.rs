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
