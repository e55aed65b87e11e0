//! Any place of any text can be asked about.

use std::fs;
use std::path::Path;

use redproof_core::assist::{complete, hover};
use redproof_core::source::SourceId;

use crate::{NEWEST, report};

/// Asks at each `step`th byte.
fn ask_everywhere(name: &str, text: &str, step: usize) {
    for (config, file, source) in
        [(text, "", SourceId::CONFIG), ("litellm_settings: {}", text, SourceId(1))]
    {
        let report = report(config, name, file, NEWEST);
        let asked = report.text(source);
        for offset in (0..=asked.len() + 2).step_by(step) {
            let offset = u32::try_from(offset).expect("a short text");
            if let Some(found) = hover(&report, source, offset) {
                assert!(asked.get(found.span.range()).is_some(), "{name} at {offset}");
            }
            for explicit in [true, false] {
                let Some(found) = complete(&report, source, offset, explicit) else { continue };
                assert!(asked.get(found.span.range()).is_some(), "{name} at {offset}");
                let whole = asked.floor_char_boundary(offset as usize);
                let (start, end) = (found.span.range().start, found.span.range().end);
                assert!(start <= whole && whole <= end, "{name} at {offset}");
                for item in &found.items {
                    assert!(item.insert.is_char_boundary(item.cursor), "{}", item.label);
                }
            }
        }
    }
}

fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut found = vec![];
    for folder in [root.clone(), root.join("seeds")] {
        for file in fs::read_dir(folder).expect("the examples") {
            let path = file.expect("a file").path();
            if let Ok(text) = fs::read_to_string(&path) {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn each_place_of_each_example() {
    for (name, text) in examples() {
        ask_everywhere(&name, &text, 3);
    }
}

#[test]
fn cut_and_garbled_texts() {
    let (name, text) = examples().into_iter().max_by_key(|(_, text)| text.len()).expect("one");
    let mut seed: usize = 7;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below.max(1)
    };
    let marks = ["{", "}", "[", "]", "\"", "'", ":", "\n", "- ", "#", "|", "\t", "é", "{{", ","];
    for _ in 0..60 {
        let mut text: String = text.chars().take(random(1200)).collect();
        for _ in 0..random(12) {
            let at = text.floor_char_boundary(random(text.len()));
            text.insert_str(at, marks[random(marks.len())]);
        }
        ask_everywhere(&name, &text, 17);
    }
}

#[test]
fn odd_texts() {
    for text in [
        "",
        "\n",
        "-",
        "- ",
        ":",
        "a",
        "a:",
        "\"",
        "'",
        "{",
        "[",
        "{[",
        "}]",
        "---",
        "--- {",
        "#",
        "? a",
        "a: |",
        "a: |\n",
        "a: >\n  b",
        "&a",
        "!!map",
        "é: é",
        "a: \"é",
        "\u{feff}a: 1",
        "{{",
        "{{ x }}",
        "\r\n",
        "a:\r\n  b: 1\r\n",
        "\ta: 1",
        "{a: {b: [c",
        "- - -",
        "a: {\n}",
        "=",
        "export ",
        "export A=",
        "litellm_settings: {\"",
        "litellm_settings:\n  cache_params: {'",
        "x: 'it''s'",
        "{,}",
        "{:}",
        "[:]",
    ] {
        for name in [".env", "env.sh", "compose.yaml", "values.yaml"] {
            ask_everywhere(name, text, 1);
        }
    }
}
