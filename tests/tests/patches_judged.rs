//! Deployments with the patches that are exported for them, in the hands of the programs that deploy:
//! kubectl, docker-compose, helm and AWS's client. `cargo xtask truth exports` asks them and records what
//! they make of both; the tests hold the patches to the recording.

use std::path::Path;

use redproof_tests::patched::{Case, Reader, cases};
use serde_json::{Value as Json, json};

const RECORD: &str = "ask the programs again with `cargo xtask truth exports`";

/// Each case with what was recorded of it.
fn judged() -> Vec<(Case, Json)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../truth/exports/patches.json");
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let recorded: Vec<Json> = serde_json::from_str(&text).expect("JSON");
    let cases = cases();
    assert_eq!(cases.len(), recorded.len(), "{RECORD}");
    cases.into_iter().zip(recorded).collect()
}

#[test]
fn the_patches_are_those_that_were_judged() {
    for (case, recorded) in judged() {
        assert_eq!(recorded["files"], json!(case.files), "{}: {RECORD}", case.name);
        assert_eq!(recorded["patch"], json!(case.patch), "{}: {RECORD}", case.name);
    }
}

#[test]
fn the_image_stays_and_no_secret_does() {
    for (case, recorded) in judged() {
        let read = recorded["read"].to_string();
        assert!(read.contains("registry.example.com/litellm"), "{}", case.name);
        for patch in case.patch.values() {
            assert!(!patch.contains("hunter2") && !patch.contains("sesame"), "{}", case.name);
            assert!(!patch.contains("image:"), "{}", case.name);
        }
        let kept = case.reader == Reader::Helm || case.reader == Reader::Ecs;
        assert!(!kept || !(read.contains("hunter2") || read.contains("sesame")), "{}", case.name);
    }
}

#[test]
fn what_is_deployed_has_the_variables_and_the_files() {
    for (case, recorded) in judged() {
        let read = &recorded["read"];
        let text = read.to_string();
        assert!(text.contains("redis.internal"), "{}: theirs is lost", case.name);
        match case.reader {
            Reader::Kustomize => {
                let rendered = read["rendered"].as_str().expect("a text");
                for part in ["mountPath: /etc/redis/ca.crt", "key: REDIS_PASSWORD", "secretName: "]
                {
                    assert!(rendered.contains(part), "{}: {part}", case.name);
                }
                assert!(rendered.contains("password: os.environ/REDIS_PASSWORD"), "{}", case.name);
                assert!(!rendered.contains("hunter2"), "{}", case.name);
            }
            Reader::Compose => {
                assert_eq!(read["environment"]["REDIS_PASSWORD"], "FILL_IN_REDIS_PASSWORD");
                let volumes: Vec<&str> = read["volumes"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter_map(|volume| volume[1].as_str())
                    .collect();
                assert!(volumes.contains(&"/c.yaml") && volumes.contains(&"/etc/redis/ca.crt"));
            }
            Reader::Helm => {
                assert!(text.contains("os.environ/REDIS_PASSWORD"), "{}", case.name);
                assert!(text.contains("/etc/redis/ca.crt"), "{}", case.name);
                assert!(!case.files["values.yaml"].contains("theirs") || text.contains("theirs"));
            }
            Reader::Ecs => {
                assert_eq!(read["refused"], "", "{}", case.name);
                let own = &read["task"]["containerDefinitions"][0];
                assert_eq!(
                    own["environment"],
                    json!([{"name": "REDIS_HOST", "value": "redis.internal"}])
                );
                assert!(own["secrets"].as_array().is_some_and(|secrets| secrets.len() == 2));
            }
        }
    }
}
