//! What real redis-py clients said on real servers is all known, and by the outcome that `probe` gives.

use redproof_core::diagnose::{Speaker, diagnose, entries, releases_looked_at};
use serde_json::Value;

fn recordings() -> Vec<(String, Value)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth");
    let files = ["redis-py/5.3.1", "redis-py/8.1.0", "topologies/5.3.1", "topologies/8.1.0"];
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("recorded");
        (name.to_owned(), serde_json::from_str(&text).expect("JSON"))
    };
    files.into_iter().map(read).collect()
}

#[test]
fn each_recorded_exception_is_known() {
    let mut unknown = vec![];
    let mut known = 0;
    for (file, recording) in recordings() {
        for (situation, answers) in recording.as_object().expect("situations") {
            for api in ["sync", "async"] {
                let answer = &answers[api];
                let (Some(class), Some(message)) =
                    (answer["exception"].as_str(), answer["message"].as_str())
                else {
                    continue;
                };
                let log = format!("redis.exceptions.{class}: {message}");
                if diagnose(&log, None).said.is_empty() {
                    unknown.push(format!("{file}, {situation}, {api}: {log}"));
                } else {
                    known += 1;
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(known > 400, "{known}");
}

/// Which releases write a text: as recorded from their sources (`truth/error-texts/record.py`).
#[test]
fn texts_are_seen_in_the_recorded_releases() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../truth/error-texts/recording.json");
    let recording = std::fs::read_to_string(path).expect("recorded");
    let recording: Value = serde_json::from_str(&recording).expect("JSON");
    let names = |value: &Value| -> Vec<String> {
        let list = value.as_array().expect("a list").iter();
        list.map(|name| name.as_str().expect("a release").to_owned()).collect()
    };
    let mut wrong = vec![];
    for text in entries().flat_map(|entry| entry.texts) {
        if !matches!(text.by, Speaker::Litellm | Speaker::RedisPy) {
            assert_eq!(text.seen, None, "{}", text.says);
            continue;
        }
        let releases = &recording[text.by.name()];
        assert_eq!(names(&releases["releases"]), releases_looked_at(text.by));
        let found = &releases["texts"][text.says];
        assert!(found.is_array(), "not recorded: {}", text.says);
        let found = names(found);
        let ends = found.first().zip(found.last());
        let seen = text.seen.map(|(first, last)| (first.to_owned(), last.to_owned()));
        if ends.map(|(first, last)| (first.clone(), last.clone())) != seen {
            wrong.push((text.says, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
