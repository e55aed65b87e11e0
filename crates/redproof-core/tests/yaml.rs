//! The reader against what PyYAML made of the YAML test suite and of many traps: values, and
//! errors with their whole text. `cargo xtask truth pyyaml` records it.

#[path = "yaml/canonical.rs"]
mod canonical;

use redproof_core::document::read;
use redproof_core::python::Data;
use redproof_core::source::SourceId;
use serde_json::{Value as Json, json};

const GOLDEN: &str = include_str!("../../../truth/pyyaml/recording.jsonl");

fn cases() -> impl Iterator<Item = Json> {
    GOLDEN.lines().map(|line| serde_json::from_str(line).expect("golden.jsonl holds JSON"))
}

/// The recorded texts that are read differently, and how many there are of each group.
fn compare() -> (Vec<String>, [(&'static str, usize); 2]) {
    let mut counts = [("suite/", 0), ("trap/", 0)];
    let mut differences = vec![];
    for case in cases() {
        let name = case["name"].as_str().expect("a name");
        let group = counts.iter_mut().find(|(group, _)| name.starts_with(group));
        group.expect("a known group").1 += 1;
        let text = case["text"].as_str().expect("a text");
        let pyyaml = case["reads"].as_str().expect("a reading");
        let ours = canonical::canonical(text).to_string();
        if ours != pyyaml {
            differences.push(format!("{name}\n  PyYAML: {pyyaml}\n  ours:   {ours}"));
        }
    }
    (differences, counts)
}

#[test]
fn agrees_with_pyyaml() {
    let (differences, counts) = compare();
    assert!(counts.iter().all(|(_, count)| *count > 400), "{counts:?}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn report() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/yaml.md");
    let (differences, [(_, suite), (_, traps)]) = compare();
    let of = |group| differences.iter().filter(|name| name.starts_with(group)).count();
    let page = include_str!("yaml/report.md")
        .replace("SUITE_DIFFER", &of("suite/").to_string())
        .replace("TRAPS_DIFFER", &of("trap/").to_string())
        .replace("SUITE", &suite.to_string())
        .replace("TRAPS", &traps.to_string());
    if std::env::var_os("UPDATE_YAML_REPORT").is_some() {
        std::fs::write(path, page).expect("docs/yaml.md can be written");
    } else {
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == page, "docs/yaml.md is stale: run `cargo xtask yaml report`");
    }
}

#[test]
fn cut_anywhere_a_text_is_answered() {
    for case in cases() {
        let text = case["text"].as_str().expect("a text");
        if text.len() < 2000 {
            for (at, _) in text.char_indices() {
                let _answer = read(SourceId::CONFIG, &text[..at]);
            }
        }
    }
}

#[test]
fn huge_and_hostile_texts_are_answered() {
    let error = |text: &str| read(SourceId::CONFIG, text).map(|_| ()).map_err(|e| e.exception);
    for deep in ["[", "- ", "{a: ", "? ", "[[a]: "] {
        assert_eq!(error(&deep.repeat(10_000)), Err("RecursionError"), "{deep}");
    }
    let laughs = |each: &str| {
        let names: Vec<String> = (0..60).map(|n| format!("a{n}")).collect();
        let mut text = format!("{}: &{} {{x: 1}}\n", names[0], names[0]);
        for pair in names.windows(2) {
            text += &each.replace("NEW", &pair[1]).replace("OLD", &pair[0]);
        }
        text
    };
    assert_eq!(error(&laughs("NEW: &NEW [*OLD, *OLD]\n")), Ok(()));
    assert_eq!(error(&laughs("NEW: &NEW {<<: [*OLD, *OLD], NEW: 1}\n")), Ok(()));
    // A chain of aliases nests values far deeper than the text.
    let mut chain = String::from("- &a0 [x]\n");
    for n in 1..20_000 {
        chain += &format!("- &a{n} [*a{}]\n", n - 1);
    }
    assert_eq!(error(&chain), Err("RecursionError"));
    let lines = 40_000;
    assert_eq!(error(&"key: value\n".repeat(lines)), Ok(()));
    assert_eq!(error(&format!("a: '{}", "x\n".repeat(lines))), Err("ScannerError"));
    assert_eq!(error(&"a ".repeat(lines)), Ok(()));
}

#[test]
fn spans_point_at_what_is_written() {
    let text = "\u{feff}base: &b {ttl: 60}\nsettings:\n  <<: *b\n  host: 'ré'  # c\n  host: x\n  list:\n  - |\n    pem\n\n# end\nlast: *b\n";
    let document = read(SourceId::CONFIG, text).expect("it is YAML");
    let written = |span: Option<redproof_core::source::Span>| &text[span.expect("a span").range()];
    let Data::Dict(root) = &document.root.data else { panic!("not a dict") };
    let settings = root.entry("settings").expect("settings");
    assert_eq!(written(settings.key.span()), "settings");
    let dict = settings.value.as_dict().expect("a dict");
    let ttl = dict.entry("ttl").expect("merged");
    assert_eq!(written(ttl.merged), "*b");
    assert_eq!(written(ttl.value.span()), "60");
    let host = dict.entry("host").expect("host");
    assert_eq!(written(host.value.span()), "x");
    assert_eq!(host.overwritten.len(), 1);
    assert!(host.overwritten[0].range().start < host.key.span().expect("a span").range().start);
    let list = dict.entry("list").expect("list");
    assert_eq!(written(list.value.span()), "- |\n    pem");
    assert_eq!(written(root.get("last").expect("last").span()), "*b");
    assert_eq!(canonical::canonical("")["value"], json!(null));
}
