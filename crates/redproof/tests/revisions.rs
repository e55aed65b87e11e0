//! `redproof compare --base`: two trees of a git repository.

mod folder;

use std::process::Command;

use folder::{Folder, code, stderr, stdout};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: os.environ/REDIS_HOST\n";
const COMPOSE: &str = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.88.0\n    volumes: [./conf/config.yaml:/app/config.yaml]\n    command: [--config, /app/config.yaml]\n    environment: {REDIS_HOST: r, REDIS_SSL: \"true\"}\n";

/// git in the folder, whatever the user's settings.
fn git(folder: &Folder, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .current_dir(folder.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git is installed");
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn repository(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(files);
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "before"]);
    folder
}

fn write(folder: &Folder, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).expect("write a file");
}

#[test]
fn what_a_change_weakens_is_found() {
    let folder = repository(&[("conf/config.yaml", CONFIG), ("compose.yaml", COMPOSE)]);
    let same = folder.run(&["compare", "--base", "HEAD"]);
    assert_eq!((code(&same), stdout(&same).as_str()), (0, "unchanged since HEAD: 1\n"));

    write(&folder, "compose.yaml", &COMPOSE.replace(", REDIS_SSL: \"true\"", ""));
    let found = folder.run(&["compare", "--base", "HEAD"]);
    assert_eq!(code(&found), 1, "{}", stdout(&found));
    assert!(stdout(&found).contains("TLS"), "{}", stdout(&found));
    let comment = stdout(&folder.run(&["compare", "--base", "HEAD", "--format", "markdown"]));
    assert!(comment.starts_with("### LiteLLM's Redis: 1 of 1"), "{comment}");
    assert!(comment.contains("| ⚠️ weakens |"), "{comment}");
    let json = folder.run(&["compare", "--base", "HEAD", "--format", "json"]);
    let json = support::schema::read("compare-base", &json.stdout);
    assert_eq!(json["failed"], true);
    let comparison = &json["comparisons"][0];
    assert_eq!(comparison["deployment"], "conf/config.yaml (compose.yaml, service litellm)");
    assert_eq!(comparison["changes"][0]["cause"]["upgrade"], "files");
    support::schema::hold("compare", comparison);

    // From a folder below, by the config's name.
    let below = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(["compare", "config.yaml", "--base", "HEAD"])
        .current_dir(folder.path().join("conf"))
        .output()
        .expect("run redproof");
    assert_eq!(code(&below), 1, "{} {}", stdout(&below), stderr(&below));
}

#[test]
fn another_server_is_a_change_and_another_release_is_named() {
    let folder = repository(&[("conf/config.yaml", CONFIG), ("compose.yaml", COMPOSE)]);
    let changed = COMPOSE.replace("v1.88.0", "v1.93.0").replace("REDIS_HOST: r,", "REDIS_HOST: s,");
    write(&folder, "compose.yaml", &changed);
    write(&folder, "conf/other.yaml", CONFIG);
    let found = folder.run(&["compare", "--base", "HEAD"]);
    let said = stdout(&found);
    assert_eq!(code(&found), 0, "{said}");
    assert!(said.contains("LiteLLM 1.88.0") && said.contains("LiteLLM 1.93.0"), "{said}");
    assert!(said.contains("changes  server"), "{said}");
    assert!(said.contains("added: conf/other.yaml"), "{said}");
}

#[test]
fn a_revision_that_is_not_there_is_said() {
    let folder = repository(&[("conf/config.yaml", CONFIG)]);
    for revision in ["nope", "--output=x", "HEAD~9"] {
        let base = format!("--base={revision}");
        let failed = folder.run(&["compare", &base]);
        assert_eq!(code(&failed), 2, "{revision}");
        assert!(stderr(&failed).contains("git"), "{}", stderr(&failed));
    }
    let nothing = Folder::new(&[("config.yaml", CONFIG)]);
    let failed = nothing.run(&["compare", "--base", "HEAD"]);
    assert_eq!(code(&failed), 2, "{}", stdout(&failed));
}

#[test]
fn what_is_called_otherwise_is_compared_with_what_it_was() {
    let weaker = COMPOSE.replace(", REDIS_SSL: \"true\"", "");
    // The config gets another name; the compose file gets another place; the config gets another folder.
    let renamed = weaker.replace("conf/config.yaml", "conf/proxy.yaml");
    let moved = weaker.replace("./conf", "../conf");
    let elsewhere = weaker.replace("conf/config.yaml", "llm/config.yaml");
    for (from, to, compose, place) in [
        ("conf/config.yaml", "conf/proxy.yaml", &renamed, "compose.yaml"),
        ("compose.yaml", "deploy/compose.yaml", &moved, "deploy/compose.yaml"),
        ("conf/config.yaml", "llm/config.yaml", &elsewhere, "compose.yaml"),
    ] {
        let folder = repository(&[
            ("conf/config.yaml", CONFIG),
            ("compose.yaml", COMPOSE),
            ("deploy/x", ""),
            ("llm/x", ""),
        ]);
        git(&folder, &["mv", from, to]);
        write(&folder, place, compose);
        git(&folder, &["add", "-A"]);
        git(&folder, &["commit", "-q", "-m", "after"]);
        let found = folder.run(&["compare", "--base", "HEAD~1"]);
        assert_eq!(code(&found), 1, "{to}: {}{}", stdout(&found), stderr(&found));
        assert!(stdout(&found).contains("TLS"), "{to}: {}", stdout(&found));
        assert!(!stdout(&found).contains("added"), "{to}: {}", stdout(&found));
    }
}

#[test]
fn merges_submodules_and_shallow_clones() {
    let folder = repository(&[("conf/config.yaml", CONFIG), ("compose.yaml", COMPOSE)]);
    git(&folder, &["checkout", "-q", "-b", "change"]);
    write(&folder, "compose.yaml", &COMPOSE.replace(", REDIS_SSL: \"true\"", ""));
    git(&folder, &["commit", "-q", "-a", "-m", "change"]);
    git(&folder, &["checkout", "-q", "-b", "other", "HEAD~1"]);
    write(&folder, "other", "x");
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "other"]);
    git(&folder, &["merge", "-q", "-m", "merged", "change"]);
    // The first parent lacks the change, the second has it.
    assert_eq!(code(&folder.run(&["compare", "--base", "HEAD^1"])), 1);
    assert_eq!(code(&folder.run(&["compare", "--base", "HEAD^2"])), 0);

    let url = format!("file://{}", folder.path().display());
    let outer = repository(&[("conf/config.yaml", CONFIG), ("compose.yaml", COMPOSE)]);
    let add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "inner"];
    git(&outer, &add);
    git(&outer, &["commit", "-q", "-m", "submodule"]);
    let found = outer.run(&["compare", "--base", "HEAD"]);
    assert_eq!(stdout(&found), "unchanged since HEAD: 1\n", "{}", stderr(&found));
    assert!(stderr(&found).contains("inner is a submodule"), "{}", stderr(&found));

    let shallow = Folder::new(&[]);
    git(&shallow, &["clone", "-q", "--depth", "1", &url, "clone"]);
    let clone = shallow.path().join("clone");
    let output = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(["compare", "--base", "HEAD~1"])
        .current_dir(&clone)
        .output()
        .expect("redproof runs");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("this clone is shallow"), "{}", stderr(&output));
}

#[test]
fn standard_input_with_a_name_is_judged_as_the_file_that_it_stands_for() {
    let folder = repository(&[("conf/config.yaml", CONFIG), ("compose.yaml", COMPOSE)]);
    let text = CONFIG.replace("REDIS_HOST", "REDIS_HOST\n    ttl: 60");
    let arguments = ["check", "-", "--stdin-filename", "conf/config.yaml", "--format", "json"];
    let output = folder.run_with(&arguments, &text);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["files"][0]["releases"]["litellm"], "1.88.0", "{json}");
    assert_eq!(json["files"][0]["deployment"]["name"], "compose.yaml, service litellm");
}
