//! What real proxies told of themselves (`truth/drift`), against their own files and against others'.

use redproof_core::drift::{Answer, Answers, Drift, ENDPOINTS, drift};
use serde::Deserialize;
use serde_json::Value as Json;
use support::Checking;

#[derive(Deserialize)]
struct Recording {
    release: String,
    redis_py: String,
    name: String,
    config: String,
    env: std::collections::BTreeMap<String, String>,
    answers: std::collections::BTreeMap<String, Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    status: u16,
    body: Json,
}

fn recordings() -> Vec<Recording> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../truth/drift/recordings.json");
    let text = std::fs::read_to_string(path).expect("the recordings");
    serde_json::from_str(&text).expect("JSON")
}

/// The files of one, held against the proxy of another.
fn held(files: &Recording, proxy: &Recording, read_only: bool) -> Drift {
    let asked = ENDPOINTS.into_iter().filter(|one| !(read_only && one.writes));
    let answers = asked.map(|endpoint| {
        let recorded = &proxy.answers[endpoint.path];
        Answer { endpoint, status: recorded.status, body: recorded.body.clone() }
    });
    let variables = files.env.iter().map(|(name, value)| (&**name, &**value));
    let checking =
        Checking::new(&*files.config).variables(variables).on(&files.release, &files.redis_py);
    drift(&checking.report(), &Answers(answers.collect()))
}

#[test]
fn a_proxy_that_runs_its_files_does_not_drift() {
    let all = recordings();
    assert!(all.len() >= 24, "{}", all.len());
    for one in &all {
        for read_only in [false, true] {
            let found = held(one, one, read_only);
            assert_eq!(found.differences, [], "{} {}", one.release, one.name);
        }
        let told = held(one, one, false);
        assert_eq!(told.litellm.as_ref(), Some(&one.release), "{}", one.name);
        assert!(told.same.iter().any(|one| one == "response cache: type"), "{told:?}");
    }
}

#[test]
fn a_proxy_that_runs_other_files_does() {
    let all = recordings();
    for files in &all {
        for proxy in all.iter().filter(|proxy| proxy.release == files.release) {
            if proxy.name == files.name {
                continue;
            }
            let found = held(files, proxy, false);
            // Before 1.95.0 no endpoint tells of the coordination Redis.
            let silent = ["coordination", "none"];
            if files.release == "1.80.0"
                && silent.contains(&files.name.as_str())
                && silent.contains(&proxy.name.as_str())
            {
                continue;
            }
            assert!(
                !found.differences.is_empty() && !found.causes.is_empty(),
                "{}: {} against {}: {found:?}",
                files.release,
                files.name,
                proxy.name
            );
        }
    }
}

#[test]
fn each_difference_says_what_both_have() {
    let all = recordings();
    let of = |release: &str, name: &str| {
        all.iter().find(|one| one.release == release && one.name == name).expect("recorded")
    };
    let found = held(of("1.110.2", "configured"), of("1.110.2", "database"), false);
    let said: Vec<String> = found
        .differences
        .iter()
        .map(|one| format!("{}: {} / {}", one.what, one.files, one.proxy))
        .collect();
    assert_eq!(
        said,
        [
            "response cache: namespace: prod / not set",
            "response cache: ttl: 600 / not set",
            "Redis: database: 0 / 3",
        ]
    );
    // A refused key is said, and no answer is taken for a difference.
    let mut refused = recordings();
    let answers = &mut refused[0].answers;
    for recorded in answers.values_mut() {
        (recorded.status, recorded.body) = (401, Json::Null);
    }
    let found = held(&refused[0], &refused[0], false);
    assert_eq!(found.differences, []);
    assert!(found.untold.iter().any(|one| one.contains("the key is refused")), "{found:?}");
}
