//! SARIF as its official schema has it, and as GitHub takes it: findings of every rule, from every place.

mod folder;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use folder::{Folder, code, stderr, stdout};
use redproof_core::rules::CHECKS;
use serde_json::Value as Json;

/// The official schema, from the package that carries it; no file of that is kept here.
fn official() -> Json {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sarif/Cargo.toml");
    let folder = tempfile::tempdir().expect("a temporary directory");
    fs::copy(manifest, folder.path().join("Cargo.toml")).expect("copy the manifest");
    fs::write(folder.path().join("none.rs"), "").expect("write");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1"])
        .current_dir(folder.path())
        .output()
        .expect("run cargo");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`cargo metadata` fetches serde-sarif 0.8.0: {said}");
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut packages = metadata["packages"].as_array().expect("packages").iter();
    let package = packages.find(|one| one["name"] == "serde-sarif").expect("the package");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let schema = manifest.with_file_name("src").join("schema.json");
    serde_json::from_str(&fs::read_to_string(schema).expect("the schema")).expect("JSON")
}

/// What is invalid in a log, with where.
fn faults(schema: &jsonschema::Validator, log: &Json) -> String {
    let mut faults = String::new();
    for error in schema.iter_errors(log) {
        let _ = writeln!(faults, "{}: {error}", error.instance_path());
    }
    faults
}

#[test]
fn sarif_is_valid_wherever_findings_come_from() {
    let mut schema = official();
    // The dialect that it names is older than what it uses; what it demands is the same.
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    // A bracket too many: no pattern at all.
    for one in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][one]["properties"]["language"];
        language.as_object_mut().map(|language| language.remove("pattern"));
    }
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let folder = Folder::new(&[]);
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("create a directory");
        fs::write(path, text).expect("write");
    };
    for check in CHECKS {
        let code = check.rule.code;
        let example = check.failing;
        write(&format!("{code}/config.yaml"), example.config);
        if !example.env.is_empty() {
            write(&format!("{code}/.env"), example.env);
        }
        if !example.beside.is_empty() {
            write(&format!("{code}/{}", example.beside_name()), example.beside);
        }
    }
    let odd = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, hots: a}\n";
    write("with space/ünï #1.yaml", odd);
    let log = |arguments: &[&str]| -> Json {
        let output = folder.run(&[&["check", "--format", "sarif"], arguments].concat());
        assert!(code(&output) < 2, "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).expect("JSON")
    };
    let all = log(&["."]);
    let absolute = folder.path().canonicalize().expect("a path");
    let absolute = absolute.to_str().expect("UTF-8");
    let alone = log(&[
        "RP722/config.yaml",
        "--env",
        "REDIS_SSL_CHECK_HOSTNAME=false",
        "--litellm",
        "1.93.0",
        "--redis-py",
        "5.3.1",
    ]);
    let whole = log(&[absolute]);
    let input = folder.run_with(&["check", "-", "--format", "sarif"], odd);
    let input: Json = serde_json::from_str(&stdout(&input)).expect("JSON");
    let nothing = log(&["RP101", "--select", "RP910"]);
    for (name, log) in
        [("all", &all), ("alone", &alone), ("whole", &whole), ("input", &input), ("none", &nothing)]
    {
        assert_eq!(faults(&schema, log), "", "{name}");
    }
    let results = |log: &Json| log["runs"][0]["results"].as_array().expect("results").clone();
    let found = results(&all);
    // Those of other releases than the newest find nothing here.
    assert!(found.len() > CHECKS.len() / 2, "{}", found.len());
    let told = |log: &Json| -> Vec<String> {
        let results = results(log);
        let one = |result: &Json| {
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            format!("{} {}", result["ruleId"], place)
        };
        let mut told: Vec<String> = results.iter().map(one).collect();
        told.sort();
        told
    };
    assert_eq!(told(&whole), told(&all));
    for result in found.iter().chain(&results(&alone)).chain(&results(&whole)) {
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.len(), 1, "{result}");
        let related = result["relatedLocations"].as_array().cloned().unwrap_or_default();
        for location in locations.iter().chain(&related) {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
            // GitHub finds a file by its path in the repository.
            assert!(!uri.starts_with(['/', '.']) && !uri.contains([' ', ':', '#']), "{uri}");
            assert!(place["region"]["startLine"].as_u64() >= Some(1), "{result}");
        }
    }
    let uris: String = found.iter().map(|one| one["locations"][0].to_string()).collect();
    assert!(uris.contains("with%20space/%C3%BCn%C3%AF%20%231.yaml"), "{uris}");
    let rules = all["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").clone();
    for rule in &rules {
        for field in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[field]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        assert!(rule["helpUri"].as_str().is_some_and(|url| url.starts_with("https://")), "{rule}");
        assert!(rule["defaultConfiguration"]["level"].is_string(), "{rule}");
    }
    let ids: Vec<&Json> = rules.iter().map(|rule| &rule["id"]).collect();
    assert!(found.iter().all(|result| ids.contains(&&result["ruleId"])), "{ids:?}");
    let fixes = found.iter().filter(|result| !result["fixes"].is_null());
    assert!(fixes.count() > 10);
}
