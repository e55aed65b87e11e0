//! Changes by path: the text that comes out, and that it reads as the old value changed.

use redproof_core::document::patch::{Operation, PatchError, apply, edits};
use redproof_core::document::{Path, read};
use redproof_core::source::SourceId;
use serde_json::{Value as Json, json};

fn patch(text: &str, operation: &Operation) -> Result<String, PatchError> {
    let document = read(SourceId::CONFIG, text).expect("the text is YAML");
    edits(&document, text, operation).map(|edits| apply(text, &edits))
}

fn set(path: &str, value: Json) -> Operation {
    Operation::Set { path: path.to_owned(), value }
}

fn replace(path: &str, value: Json) -> Operation {
    Operation::Replace { path: path.to_owned(), value }
}

fn remove(path: &str) -> Operation {
    Operation::Remove { path: path.to_owned() }
}

fn rename(path: &str, to: &str) -> Operation {
    Operation::Rename { path: path.to_owned(), to: to.to_owned() }
}

fn append(path: &str, value: Json) -> Operation {
    Operation::Append { path: path.to_owned(), value }
}

#[track_caller]
fn becomes(text: &str, operation: &Operation, after: &str) {
    assert_eq!(patch(text, operation).as_deref(), Ok(after), "{operation:?} in\n{text}");
}

#[track_caller]
fn refuses(text: &str, operation: &Operation, error: fn(String) -> PatchError) {
    let path = operation.path().to_owned();
    assert_eq!(patch(text, operation), Err(error(path)), "{operation:?} in\n{text}");
}

#[test]
fn replaces() {
    becomes("a: 1 # c\nb: 2\n", &set("a", json!("x")), "a: x # c\nb: 2\n");
    becomes("a: 'x'", &set("a", json!(true)), "a: true");
    becomes("a:\nb: 2\n", &set("a", json!(5)), "a: 5\nb: 2\n");
    becomes("a:   # c\nb: 2\n", &set("a", json!(5)), "a: 5   # c\nb: 2\n");
    becomes("a: {b: 1, c: 2}\n", &set("a.b", json!([1, "x y"])), "a: {b: [1, \"x y\"], c: 2}\n");
    becomes("a: # c\n  b: 1\n  c: 2\nd: 3\n", &set("a", json!(0)), "a: 0 # c\nd: 3\n");
    becomes(
        "a: # c\n  b: 1\nd: 3\n",
        &set("a", json!({"x": {"z": 1}})),
        "a: # c\n  x:\n    z: 1\nd: 3\n",
    );
    becomes("a: 1 # c\nd: 3\n", &set("a", json!({"x": 1})), "a: # c\n  x: 1\nd: 3\n");
    becomes("a: |\n  x\n  y\n\nb: 1\n", &set("a", json!("z")), "a: z\n\nb: 1\n");
    becomes(
        "a:\n- 1\n- 2 # two\nb: 1\n",
        &replace("a[1]", json!("x")),
        "a:\n- 1\n- x # two\nb: 1\n",
    );
    becomes("a:\n- b: 1\n  c: 2\n", &replace("a[0].c", json!(null)), "a:\n- b: 1\n  c: null\n");
    becomes(
        "a: *x\n".replace("*x", "&x 1\nb: *x").as_str(),
        &set("b", json!(2)),
        "a: &x 1\nb: 2\n",
    );
    becomes("a: 1\r\nb: 2\r\n", &set("a", json!({"x": 1})), "a:\r\n  x: 1\r\nb: 2\r\n");
    refuses("a: &x 1\nb: *x\n", &set("a", json!(2)), PatchError::NotEditable);
    refuses("a: 1\n", &replace("b", json!(2)), PatchError::NoSuchPath);
    refuses("a: 1\n", &replace("a.b", json!(2)), PatchError::NoSuchPath);
    refuses("a: 1\n", &set("a.b", json!(2)), PatchError::NotEditable);
}

#[test]
fn replaces_a_list_of_maps_by_pairs() {
    let text = "cache_params:\n  sentinel_hosts: # two\n    - host: a\n      port: 1\n  # next\n  ttl: 6\n";
    let value = json!([["a", 1], ["b", 2]]);
    let after = "cache_params:\n  sentinel_hosts: [[a, 1], [b, 2]] # two\n  # next\n  ttl: 6\n";
    becomes(text, &set("cache_params.sentinel_hosts", value), after);
    let nodes = json!([{"host": "a", "port": 1}, {"host": "b", "port": 2}]);
    let after = "n:\n  - host: a\n    port: 1\n  - host: b\n    port: 2\n";
    becomes("n: []\n", &set("n", nodes), after);
}

#[test]
fn renames() {
    becomes("a: 1 # c\nb: 2\n", &rename("a", "x"), "x: 1 # c\nb: 2\n");
    becomes("a: {'b': 1}\n", &rename("a.b", "yes"), "a: {\"yes\": 1}\n");
    becomes("a: 1\na: 2\n", &rename("a", "b"), "b: 1\nb: 2\n");
    refuses("a: 1\nb: 2\n", &rename("a", "b"), PatchError::KeyExists);
    refuses("a: 1\n", &rename("c", "b"), PatchError::NoSuchPath);
    refuses("a: [1]\n", &rename("a[0]", "b"), PatchError::NoSuchPath);
}

#[test]
fn removes() {
    becomes("a: 1 # gone\n# kept\nb: 2\n", &remove("a"), "# kept\nb: 2\n");
    becomes("a: 1\nb: 2", &remove("b"), "a: 1");
    becomes("a: 1\nb: 2\na: 3\n", &remove("a"), "b: 2\n");
    becomes("a: 1\r\nb:\r\n  c: 2\r\n  d: 3", &remove("b.d"), "a: 1\r\nb:\r\n  c: 2");
    becomes(
        "a:\n  b: 1\n  c:\n    - 1\n    - 2\n\n  # d\n  d: 3\n",
        &remove("a.c"),
        "a:\n  b: 1\n\n  # d\n  d: 3\n",
    );
    becomes("a: # c\n  b: 1\nc: 2\n", &remove("a.b"), "a: {} # c\nc: 2\n");
    becomes("a:\n  b: 1 # gone\nc: 2\n", &remove("a.b"), "a: {}\nc: 2\n");
    becomes("a:\n  - 1\nc: 2\n", &remove("a[0]"), "a: []\nc: 2\n");
    becomes("a: 1\n", &remove("a"), "{}\n");
    becomes("- a: 1\n  b: 2\n- c: 3\n", &remove("[0].a"), "- b: 2\n- c: 3\n");
    becomes("- a: 1\n  # b's\n  b: 2\n", &remove("[0].a"), "- \n  # b's\n  b: 2\n");
    becomes("- a: 1\n- c: 3\n", &remove("[0].a"), "- {}\n- c: 3\n");
    becomes("- a\n- b # gone\n- c\n", &remove("[1]"), "- a\n- c\n");
    becomes("- - a\n  - b\n- c\n", &remove("[0][0]"), "- - b\n- c\n");
    becomes("{a: 1, b: 2, c: 3}\n", &remove("a"), "{b: 2, c: 3}\n");
    becomes("{a: 1, b: 2, c: 3}\n", &remove("c"), "{a: 1, b: 2}\n");
    becomes("{a: 1}\n", &remove("a"), "{}\n");
    becomes("a: [x, y]\n", &remove("a[0]"), "a: [y]\n");
    becomes("a: {\n  b: 1, # gone?\n  c: 2,\n}\n", &remove("a.c"), "a: {\n  b: 1,\n}\n");
    becomes("a: |\n  x\nb: >-\n  y\nc: 1\n", &remove("b"), "a: |\n  x\nc: 1\n");
    refuses("a: &x {b: 1}\nc: *x\n", &remove("c.b"), PatchError::Alias);
    refuses("a: &x {b: 1}\nc: {<<: *x}\n", &remove("c.b"), PatchError::Merged);
    refuses("a: &x 1\nb: *x\n", &remove("a"), PatchError::NotEditable);
}

#[test]
fn adds() {
    becomes("a: 1\n", &set("b", json!(2)), "a: 1\nb: 2\n");
    becomes("a: 1", &set("b", json!(2)), "a: 1\nb: 2");
    becomes("", &set("a.b", json!(2)), "a:\n  b: 2\n");
    becomes("# only\n", &set("a", json!(2)), "# only\na: 2\n");
    becomes(
        "a:\n    b: 1\n\n# end\n",
        &set("a.c.d", json!("x")),
        "a:\n    b: 1\n    c:\n        d: x\n\n# end\n",
    );
    becomes("r:\nb: 1\n", &set("r.host", json!("h")), "r:\n  host: h\nb: 1\n");
    becomes("r: # c\nb: 1\n", &set("r.host", json!("h")), "r: # c\n  host: h\nb: 1\n");
    becomes("r: ~\n", &set("r.host", json!("h")), "r:\n  host: h\n");
    becomes("r: {}\n", &set("r.host", json!("h")), "r:\n  host: h\n");
    becomes("r: {a: 1}\n", &set("r.b.c", json!(2)), "r: {a: 1, b: {c: 2}}\n");
    becomes("r: {a: 1,\n  }\n", &set("r.b", json!(2)), "r: {a: 1, b: 2,\n  }\n");
    becomes("- a: 1\n", &set("[0].b", json!(2)), "- a: 1\n  b: 2\n");
    becomes("a: 1 # c\r\n", &set("b", json!(2)), "a: 1 # c\r\nb: 2\r\n");
    becomes("r:\n  a: |+\n    x\n\n", &set("r.b", json!(2)), "r:\n  b: 2\n  a: |+\n    x\n\n");
    becomes(
        "r:\n  a: |\n    x\nb: 1\n",
        &set("r.c", json!(2)),
        "r:\n  a: |\n    x\n  c: 2\nb: 1\n",
    );
    becomes(
        "d: &d {a: 1}\nr:\n  <<: *d\n",
        &set("r.b", json!(2)),
        "d: &d {a: 1}\nr:\n  <<: *d\n  b: 2\n",
    );
    becomes(
        "d: &d {a: 1}\nr:\n  <<: *d\n",
        &set("r.a", json!(2)),
        "d: &d {a: 1}\nr:\n  <<: *d\n  a: 2\n",
    );
    refuses("d: &d {a: 1}\nr: *d\n", &set("r.b", json!(2)), PatchError::Alias);
}

#[test]
fn appends() {
    becomes("a:\n- 1 # c\nb: 2\n", &append("a", json!("x")), "a:\n- 1 # c\n- x\nb: 2\n");
    becomes(
        "a:\n  - h: 1\n",
        &append("a", json!({"h": 2, "p": 3})),
        "a:\n  - h: 1\n  - h: 2\n    p: 3\n",
    );
    becomes("a: [1]\n", &append("a", json!([2])), "a: [1, [2]]\n");
    becomes("a: []\n", &append("a", json!(2)), "a: [2]\n");
    becomes("a:\n", &append("a", json!(2)), "a: [2]\n");
    becomes("b: 1\n", &append("a.c", json!(2)), "b: 1\na:\n  c: [2]\n");
    refuses("a: 1\n", &append("a", json!(2)), PatchError::NotEditable);
}

#[test]
fn writes_scalars_that_read_back() {
    let odd = [
        "",
        " ",
        "yes",
        "No",
        "on",
        "y",
        "~",
        "null",
        "Null",
        "010",
        "0x1",
        "1:30",
        "1.5",
        "1e3",
        ".5",
        "1_0",
        "2001-01-01",
        "<<",
        "=",
        "-",
        "- a",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "'",
        "\"",
        "\\",
        "a\nb",
        "a\tb",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{7f}",
        "\0",
        "é",
        "😀",
        "os.environ/REDIS_HOST",
        "redis://u:p@h:6379/0",
        "p@ss: w#rd",
        "---",
        "...",
        "[a",
        "{a",
        "a, b",
        "true",
        "-----BEGIN CERTIFICATE-----\nMIIB\n",
    ];
    for value in odd {
        for (text, path) in
            [("a: 1\n", "a"), ("a: {b: 1}\n", "a.b"), ("- x\n", "[0]"), ("a: 1\n", "k")]
        {
            patch(text, &set(path, json!(value))).expect(value);
        }
        patch("a: 1\n", &rename("a", value)).expect(value);
    }
    for number in
        [json!(1e300), json!(1e-7), json!(1.5), json!(0.1), json!(-3), json!(1e16), json!(u64::MAX)]
    {
        patch("a: x\n", &set("a", number.clone())).unwrap_or_else(|e| panic!("{number}: {e}"));
    }
}

#[test]
fn paths_are_read_and_printed() {
    for text in ["", "a", "a.b[0].c", "[1][2]", "a[\"b.c\"].d", "[\"\"]"] {
        assert_eq!(Path::parse(text).expect(text).to_string(), text);
    }
    for text in ["a[", "a[x]", "a[1", "[-1]", "[\"a]"] {
        assert_eq!(Path::parse(text), None, "{text}");
    }
}

#[test]
fn places_are_found() {
    let text = "x: &x {k: 1}\na:\n  b: [one, {c: two}]\n  d:\n  e: *x\n";
    let document = read(SourceId::CONFIG, text).expect("YAML");
    let at = |needle: &str| {
        let offset = text.find(needle).expect(needle);
        document.path_at(u32::try_from(offset).expect("small")).to_string()
    };
    assert_eq!(at("one"), "a.b[0]");
    assert_eq!(at("two"), "a.b[1].c");
    assert_eq!(at("c:"), "a.b[1].c");
    assert_eq!(at("d:"), "a.d");
    assert_eq!(at("*x"), "a.e");
    assert_eq!(at("k:"), "x.k");
    let place = document.locate(&Path::parse("a.b[1].c").expect("a path")).expect("there");
    assert_eq!(&text[place.key.expect("a key").range()], "c");
    assert_eq!(&text[place.value.range()], "two");
    assert_eq!(document.locate(&Path::parse("a.z").expect("a path")), None);
}

/// Every operation on every place of every recorded text either comes out as meant (which `edits`
/// itself makes sure of) or is refused; nothing panics, and plain places are never refused.
#[test]
fn every_place_of_the_corpus() {
    let golden = include_str!("../../../truth/pyyaml/recording.jsonl");
    let (mut done, mut refused) = (0, 0);
    for line in golden.lines() {
        let case: Json = serde_json::from_str(line).expect("golden.jsonl holds JSON");
        let text = case["text"].as_str().expect("a text");
        let Ok(document) = read(SourceId::CONFIG, text) else { continue };
        if text.len() > 1000 {
            continue;
        }
        let mut paths: Vec<String> = (0..=text.len())
            .map(|at| document.path_at(u32::try_from(at).expect("small")).to_string())
            .collect();
        paths.sort();
        paths.dedup();
        for path in paths.iter().filter(|path| !path.is_empty()) {
            let operations = [
                remove(path),
                rename(path, "renamed key"),
                set(path, json!("new: value")),
                set(path, json!({"x": [1, {"y": null}]})),
                set(&format!("{path}.added.key"), json!(1.0e20)),
                append(path, json!({"z": "on"})),
            ];
            for operation in operations {
                match edits(&document, text, &operation) {
                    Ok(_) => done += 1,
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(done > 6 * refused / 5, "{done} done, {refused} refused");
    eprintln!("{done} done, {refused} refused");
}
