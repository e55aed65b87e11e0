//! What the reader makes of texts.

use base::source::SourceId;
use python::{Data, Value};

use super::read;
use crate::tree::{at, items, text};

fn tree(source: &str) -> Value {
    read(SourceId(1), source)
}

#[test]
fn terraform() {
    let root = tree(
        "resource \"aws_ecs_task_definition\" \"l\" {\n  # c\n  container_definitions = jsonencode([{\n    name = \"litellm\"\n    environment = [\n      { name = \"A\", value = aws_x.y.address },\n      { name = \"B\", value = \"True\" }\n    ]\n  }])\n}\nenv {\n name = \"x\"\n}\nenv {\n name = \"y\"\n}\n",
    );
    let list = at(&root, &["resource", "aws_ecs_task_definition", "l", "container_definitions"]);
    let environment = items(at(&items(list)[0], &["environment"]));
    assert!(
        matches!(&at(&environment[0], &["value"]).expect("a").data, Data::Unknown(why) if why.contains("aws_x.y"))
    );
    assert_eq!(text(&environment[1], "value"), Some("True"));
    assert_eq!(items(at(&root, &["env"])).len(), 2);
}

#[test]
fn bicep_nix_and_toml() {
    let bicep = tree(
        "param p string\nresource app 'M/a@1' = { properties: { containers: [ { image: 'x:1'\n env: [ { name: 'A'\n value: '${p}' } ] } ] } }\n",
    );
    let app = at(&bicep, &["resource", "app", "M/a@1", "properties", "containers"]);
    assert_eq!(text(&items(app)[0], "image"), Some("x:1"));
    let nix = tree(
        "{ config, pkgs, ... }: { services.litellm = { enable = true; environment = { A = \"b\"; C = \"${x}\"; }; }; }",
    );
    let environment = at(&nix, &["services", "litellm", "environment"]).expect("environment");
    assert_eq!(text(environment, "A"), Some("b"));
    assert!(matches!(at(environment, &["C"]).expect("c").data, Data::Unknown(_)));
    let toml = tree("app = 'x'\n[build]\nimage = \"i:1\"\n[env]\nA = \"b\" # c\n");
    assert_eq!(at(&toml, &["build", "image"]).and_then(Value::as_str), Some("i:1"));
    assert_eq!(at(&toml, &["env", "A"]).and_then(Value::as_str), Some("b"));
}

#[test]
fn any_text_is_read_to_its_end() {
    for text in [
        "{", "}", "a = ", "a = [", "\"", "''", "<<", "a = <<X", "a = b(", "é = ü", "[[", "a.",
        "= = =",
    ] {
        tree(text);
    }
    tree(&"{a=".repeat(10_000));
    tree(&"[".repeat(10_000));
}
