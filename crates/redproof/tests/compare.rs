//! `redproof compare --format json` keeps to its schema, for every seed and pair of releases.

use std::path::{Path, PathBuf};
use std::process::Command;

use redproof_core::releases::Pair;
use serde_json::Value as Json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn compared(config: &Path, releases: [&str; 4]) -> Json {
    let [from, from_redis_py, to, to_redis_py] = releases;
    let output = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .arg("compare")
        .arg(config)
        .args(["--from", from, "--from-redis-py", from_redis_py])
        .args(["--to", to, "--to-redis-py", to_redis_py])
        .args(["--env", "REDIS_PASSWORD=correct-horse-battery", "--format", "json"])
        .output()
        .expect("run redproof");
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let code = i32::from(json["failed"] == true);
    assert_eq!(output.status.code(), Some(code), "{}: the exit code", config.display());
    json
}

#[test]
fn the_json_keeps_to_its_schema() {
    let newest = Pair::newest();
    let (litellm, redis_py) = (newest.litellm.to_string(), newest.redis_py.to_string());
    let mut seen = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root().join("examples/seeds")).expect("the seeds") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        for releases in [
            ["1.60.0", "5.0.0", &litellm, &redis_py],
            ["1.80.0", "5.3.1", &litellm, &redis_py],
            ["1.80.0", "5.3.1", "1.80.0", "6.0.0"],
            [&litellm, &redis_py, "1.80.0", "5.3.1"],
        ] {
            let json = compared(&path, releases);
            support::schema::hold("compare", &json);
            for change in json["changes"].as_array().expect("a list") {
                seen.insert(change["aspect"].as_str().expect("text").to_owned());
            }
        }
    }
    assert!(seen.len() >= 6, "the seeds differ in too little: {seen:?}");
}
