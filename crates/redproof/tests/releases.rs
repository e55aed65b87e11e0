//! `redproof releases --format json` keeps to its schema, for every seed; the text says the same.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(config: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redproof"))
        .arg("releases")
        .arg(config)
        .args(arguments)
        .args(["--env", "REDIS_PASSWORD=correct-horse-battery"])
        .output()
        .expect("run redproof")
}

#[test]
fn the_json_keeps_to_its_schema() {
    let mut changes = 0;
    for entry in std::fs::read_dir(root().join("examples/seeds")).expect("the seeds") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let output = run(&path, &["--format", "json"]);
        let json = support::schema::read("releases", &output.stdout);
        let spans: Vec<&Json> = json["columns"]
            .as_array()
            .expect("a list")
            .iter()
            .flat_map(|column| column["spans"].as_array().expect("a list"))
            .collect();
        changes += spans.iter().filter(|span| span["changes"] != Json::Array(vec![])).count();
        let safe = spans.iter().any(|span| span["safe"] == true);
        assert_eq!(output.status.code(), Some(i32::from(!safe)), "{}", path.display());
        let said = String::from_utf8(run(&path, &[]).stdout).expect("text");
        assert_eq!(said.contains('✓'), safe, "{said}");
        assert!(!said.contains("correct-horse"), "{said}");
    }
    assert!(changes > 20, "the seeds change in too little: {changes}");
}

#[test]
fn one_release_can_be_asked_for() {
    let config = root().join("examples/seeds/cluster-tls.yaml");
    let said =
        |arguments: &[&str]| String::from_utf8(run(&config, arguments).stdout).expect("text");
    let old = said(&["--litellm", "1.61.0", "--redis-py", "5.3.1"]);
    assert!(old.contains("does not start") && !old.contains('✓'), "{old}");
    assert_eq!(said(&["--redis-py", "5.3.1"]).matches("redis-py 5.0.0 to").count(), 1);
    assert_eq!(run(&config, &["--litellm", "1.2.3"]).status.code(), Some(2));
}
