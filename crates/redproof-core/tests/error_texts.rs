//! The table: each text is found in the forms in which logs hold it, and by its own entry.

use std::collections::HashSet;

use redproof_core::diagnose::{Entry, FOLDER, Kind, diagnose, entries, entry, index, page};

/// A text as it stands in a log, its holes filled.
fn filled(says: &str) -> String {
    says.replacen("{}", "7", 1).replace("{}", "node-1:6379")
}

/// The forms in which a log holds a text.
fn forms(text: &str) -> Vec<String> {
    let in_json = text.replace('\\', "\\\\").replace('"', "\\\"");
    let twice = in_json.replace('\\', "\\\\").replace('"', "\\\"");
    vec![
        text.to_owned(),
        format!("Traceback (most recent call last):\n  File \"x.py\", line 1\n{text}\n"),
        format!("2026-01-01 10:00:00 - LiteLLM:ERROR: redis_cache.py:120 - {text}.\r\n"),
        format!("\u{1b}[91mERROR\u{1b}[0m {text}"),
        format!("{{\"message\": \"a\\n{in_json}\\nb\", \"level\": \"ERROR\"}}"),
        format!("{{\"error\": {{\"message\": \"{{\\\"message\\\": \\\"{twice}\\\"}}\"}}}}"),
        text.replace(' ', "  "),
        text.to_ascii_uppercase(),
    ]
}

#[test]
fn there_are_enough_texts() {
    let texts: HashSet<_> = entries().flat_map(|entry| entry.texts).map(|text| text.says).collect();
    assert!(texts.len() >= 400, "{}", texts.len());
    assert!(entries().count() >= 120, "{}", entries().count());
}

#[test]
fn each_text_is_found_in_each_form() {
    for entry in entries() {
        for text in entry.texts {
            for form in forms(&filled(text.says)) {
                let said = diagnose(&form, None).said;
                let found = said.iter().any(|said| said.entry.id == entry.id);
                let all: Vec<_> = said.iter().map(|said| said.entry.id).collect();
                assert!(found, "{}: {form:?} gives {all:?}", entry.id);
            }
        }
    }
}

#[test]
fn entries_are_whole() {
    let mut ids = HashSet::new();
    for Entry { id, title, texts, means, causes, look, .. } in entries() {
        assert!(ids.insert(id), "{id} stands twice");
        assert!(
            id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{id}"
        );
        assert!(!title.ends_with('.') && means.ends_with('.') && look.ends_with('.'), "{id}");
        assert!(!texts.is_empty() && !causes.is_empty(), "{id}");
        for text in *texts {
            let literal = text.says.split("{}").map(str::len).max().unwrap_or(0);
            // A short piece is found in texts about anything.
            assert!(literal >= 6 && !text.says.starts_with("{}"), "{id}: {}", text.says);
        }
        for cause in *causes {
            let ends = |text: &str| text.trim_end_matches('"').ends_with('.');
            assert!(ends(cause.says) && ends(cause.cure), "{id}: {}", cause.says);
        }
    }
    assert!(entry("connection-refused").is_some() && entry("nothing").is_none());
}

#[test]
fn an_envelope_does_not_hide_the_cause_in_it() {
    let log = "LiteLLM Redis Caching: async set() - Got exception from REDIS Error 111 connecting to \
               redis:6379. Connection refused.";
    let said = diagnose(log, None).said;
    let kinds: Vec<_> = said.iter().map(|said| (said.entry.id, said.entry.kind)).collect();
    let expected = [("connection-refused", Kind::Cause), ("exception-from-redis", Kind::Envelope)];
    assert_eq!(kinds, expected);
}

#[test]
fn of_two_texts_in_one_place_the_longer_counts() {
    let texts = [
        (
            "certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1006)",
            "self-signed-in-chain",
        ),
        ("certificate verify failed: self-signed certificate (_ssl.c:1006)", "self-signed"),
        ("ERR unknown command 'HELLO', with args beginning with: '3'", "hello-is-not-known"),
        ("ERR unknown command 'LPOP', with args beginning with: 'k'", "unknown-command"),
        (
            "ValueError: invalid literal for int() with base 10: 'tcp://10.0.0.1:6379'",
            "not-a-number",
        ),
        ("Error 22 connecting to h:1. Invalid argument.", "key-is-encrypted"),
        ("CRL has expired", "certificate-revoked"),
    ];
    for (log, id) in texts {
        let diagnosis = diagnose(log, None);
        let causes: Vec<_> = diagnosis.causes().map(|said| said.entry.id).collect();
        assert_eq!(causes, [id], "{log}");
    }
}

/// An exception without a message is one, wherever a log's line ends with it, and no cause of its own
/// beside the exception that it became.
#[test]
fn an_exception_without_a_message_is_told_where_nothing_else_is() {
    let causes = |log: &str| {
        let diagnosis = diagnose(log, None);
        diagnosis.causes().map(|said| said.entry.id).collect::<Vec<_>>()
    };
    for log in [
        "asyncio.exceptions.TimeoutError",
        "TimeoutError",
        "TimeoutError\n",
        "2026-01-01T00:00:00Z stderr F TimeoutError\r\n",
        "{\"stacktrace\": \"x\\nTimeoutError\\n\", \"level\": \"ERROR\"}",
        "redis.exceptions.TimeoutError",
    ] {
        assert_eq!(causes(log), ["wait-ran-out"], "{log}");
    }
    for log in [
        "    raise TimeoutError from exc_val",
        "except asyncio.TimeoutError:",
        "RedisTimeoutError",
        "foo.TimeoutError",
        "TimeoutErrorRetries: 3",
    ] {
        assert_eq!(causes(log), [""; 0], "{log}");
    }
    let became = "TimeoutError\n\nThe above exception was the direct cause of the following exception:\n\n\
                  redis.exceptions.TimeoutError: Timeout connecting to server\n";
    assert_eq!(causes(became), ["connecting-times-out"]);
    let far = format!("TimeoutError\n{}{became}", "x\n".repeat(300));
    assert_eq!(causes(&far), ["wait-ran-out", "connecting-times-out"]);
}

#[test]
fn what_is_not_known_is_named_by_its_class() {
    let log = "Traceback (most recent call last):\nfoo.BarError: s3cret\nBarError: again\n\
               redis.exceptions.ConnectionError: Error 111 connecting to h:1. Connection refused.\n";
    let diagnosis = diagnose(log, None);
    let unknown: Vec<_> = diagnosis
        .unrecognised
        .iter()
        .map(|one| (one.class.as_str(), one.line, one.times))
        .collect();
    assert_eq!(unknown, [("BarError", 2, 2)]);
    assert!(diagnose("", None).said.is_empty());
    assert!(diagnose("all is well\n", None).said.is_empty());
}

#[test]
fn lines_and_numbers_are_those_of_the_log() {
    let one = "x\nConnection refused\n";
    let said = diagnose(&one.repeat(1000), None).said;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].times, 1000);
    assert_eq!(said[0].lines, [2, 4, 6, 8, 10]);
}

/// Each would take hours if it were not linear.
#[test]
fn hostile_logs_are_read_to_the_end() {
    let pieces: Vec<&str> = entries()
        .flat_map(|entry| entry.texts)
        .filter_map(|text| text.says.split("{}").next())
        .collect();
    let logs = [
        "a".repeat(1 << 20),
        "\u{1b}[".repeat(1 << 19),
        "\u{0}".repeat(1 << 20),
        "\\".repeat(1 << 20),
        "Invalid input of type: '".repeat(50_000),
        "invalid value for '".repeat(60_000),
        "has no permissions to run the '".repeat(40_000),
        "Error connecting to x:1 ".repeat(50_000),
        "\n".repeat(1 << 20),
        "AError:".repeat(150_000),
        "ü".repeat(1 << 19),
        pieces.concat().repeat(1 + (1 << 20) / pieces.concat().len()),
    ];
    for log in logs {
        let said = diagnose(&log, None).said;
        assert!(said.iter().all(|said| said.lines.len() <= 5));
    }
}

#[test]
fn the_pages_are_up_to_date() {
    let mut pages = vec![("README.md".to_owned(), index())];
    pages.extend(entries().map(|entry| (format!("{}.md", entry.id), page(entry))));
    support::hold_folder!(&format!("docs/{FOLDER}"), &pages);
}

/// A page names only rules and outcomes that have a page.
#[test]
fn pages_link_to_pages() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let outcomes = std::fs::read_to_string(docs.join("outcomes.md")).expect("docs/outcomes.md");
    for entry in entries() {
        let text = page(entry);
        for link in text.split("](../").skip(1) {
            let target = link.split(')').next().unwrap_or("");
            match target.split_once('#') {
                Some((_, outcome)) => {
                    assert!(
                        outcomes.contains(&format!("## `{outcome}`")),
                        "{}: {outcome}",
                        entry.id
                    );
                }
                None => assert!(docs.join(target).is_file(), "{}: {target}", entry.id),
            }
        }
    }
}
