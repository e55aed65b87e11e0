//! What is exported, in the hands of the programs that read it: python-dotenv, docker,
//! docker-compose, kubectl and Kubernetes' published schemas. `cargo xtask truth exports` asks them and
//! records what they read; the tests hold the exports to the recording.

use std::collections::BTreeMap;
use std::path::Path;

use redproof_tests::exported::{Case, cases};
use serde_json::Value as Json;

const RECORD: &str = "ask the programs again with `cargo xtask truth exports`";

fn recording() -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../truth/exports/recording.json");
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// Each case with what was recorded of it.
fn judged() -> Vec<(Case, Json)> {
    let (cases, recorded) = (cases(), recording());
    let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    let known: Vec<&str> = recorded.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, known, "{RECORD}");
    cases.into_iter().zip(recorded).collect()
}

fn texts(json: &Json) -> BTreeMap<String, String> {
    let map = json.as_object().expect("a map");
    let text = |value: &Json| value.as_str().expect("a text").to_owned();
    map.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// The names that an export says it can't write.
fn is_left_out(case: &Case, format: &str, name: &str) -> bool {
    case.notes[format].iter().any(|note| note.ends_with(&format!(" name {name}")))
        || case.notes[format].iter().any(|note| note.contains(&format!(" sets {name} to ")))
}

#[test]
fn the_files_are_those_that_were_judged() {
    for (case, recorded) in judged() {
        for (name, text) in texts(&recorded["files"]) {
            assert_eq!(case.files.get(&name), Some(&text), "{}, {name}: {RECORD}", case.name);
        }
        assert_eq!(case.files.len(), texts(&recorded["files"]).len(), "{}", case.name);
    }
}

#[test]
fn python_dotenv_loads_what_was_given() {
    let mut variables = 0;
    for (case, recorded) in judged() {
        let loaded = texts(&recorded["environment"]);
        for (name, value) in &case.given {
            if !is_left_out(&case, "env", name) {
                assert_eq!(loaded.get(name), Some(value), "{}: {name}", case.name);
                variables += 1;
            }
        }
        assert_eq!(recorded["judges"]["python-dotenv 1.0.1"], Json::Null, "{}", case.name);
    }
    assert!(variables > 200, "{variables}");
}

#[test]
fn compose_sets_what_dotenv_loads() {
    for (case, recorded) in judged() {
        for judge in ["docker-compose 1.29.2", "docker stack"] {
            let verdict = &recorded["judges"][judge];
            assert_eq!(verdict["refuses"], Json::Null, "{}, {judge}", case.name);
            for (name, value) in verdict["differs"].as_object().into_iter().flatten() {
                // It takes any name; and `stack config` prints a text without its first line
                // break, whatever it read.
                let expected = case.given.get(name).map(String::as_str);
                let printed = expected.and_then(|text| text.strip_prefix('\n'));
                let is_right = value.as_str() == expected
                    || (judge == "docker stack" && printed.is_some() && value.as_str() == printed);
                assert!(is_right, "{}, {judge}: {name} is {value}", case.name);
            }
            let missing = verdict["missing"].as_array();
            assert!(missing.is_none_or(Vec::is_empty), "{}, {judge}: {missing:?}", case.name);
        }
    }
}

#[test]
fn kubernetes_takes_the_objects_and_sets_what_dotenv_loads() {
    for (case, recorded) in judged() {
        let judges = &recorded["judges"];
        assert_eq!(judges["kubernetes-validate"], Json::Null, "{}", case.name);
        let verdict = &judges["kubectl"];
        assert_eq!(verdict["refuses"], Json::Null, "{}", case.name);
        for (name, value) in verdict["differs"].as_object().into_iter().flatten() {
            assert_eq!(
                value.as_str(),
                case.given.get(name).map(String::as_str),
                "{}: {name}",
                case.name
            );
        }
        for name in verdict["missing"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            let manifest = &case.files["kubernetes/kubernetes.yaml"];
            // Another Secret keeps it.
            let kept = manifest.contains(&format!("name: {name}\n              valueFrom:"));
            assert!(kept || is_left_out(&case, "kubernetes", name), "{}: {name}", case.name);
        }
    }
}

#[test]
fn what_docker_reads_otherwise_is_said() {
    let mut said = 0;
    for (case, recorded) in judged() {
        let verdict = &recorded["judges"]["docker --env-file"];
        let note = case.notes["env"].iter().any(|note| note.contains("`docker run --env-file`"));
        assert_eq!(!verdict.is_null(), note, "{}: {verdict}", case.name);
        said += usize::from(note);
    }
    assert!(said > 5, "{said}");
}
