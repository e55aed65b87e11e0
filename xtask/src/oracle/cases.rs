//! The cases that LiteLLM is asked about: `truth/litellm/generate.py` makes them from the catalogue.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use redproof_core::catalogue::{Field, Kind, fields};
use redproof_core::releases::Pair;
use redproof_oracle::{Case, Network};
use serde_json::{Value, json};

use super::Options;
use crate::shell::command;

/// The cases, in order: all that the generator knows, a sample of its big tables, or fresh ones.
pub(super) fn cases(options: &Options) -> Result<Vec<Case>, String> {
    let lines = generated(options)?;
    let case = |line| {
        let mut fields = serde_json::from_str(line).ok()?;
        Case::from_fields(&mut fields)
    };
    lines.lines().map(|line| case(line).ok_or_else(|| format!("no case: {line}"))).collect()
}

/// The same, one per line.
pub(super) fn generated(options: &Options) -> Result<String, String> {
    match &options.fresh {
        Some(folder) if Path::new(folder).is_dir() => printed("fresh.py", &[folder]),
        Some(seed) => printed("fresh.py", &[seed, &options.count.to_string()]),
        None if options.network() == Network::Servers => generator(&["--servers"]),
        None => generator(if options.all { &["--all"] } else { &[] }),
    }
}

/// What `generate.py` prints when it is given the catalogue.
pub(super) fn generator(arguments: &[&str]) -> Result<String, String> {
    printed("generate.py", arguments)
}

fn printed(script: &str, arguments: &[&str]) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("{script}: {error}");
    let mut generator = command("python3");
    let path = Path::new("truth/litellm").join(script);
    generator.arg(path).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
    let mut child =
        generator.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    // It reads everything before it writes.
    let mut input = child.stdin.take().ok_or("the generator has no pipe")?;
    input.write_all(catalogue().to_string().as_bytes()).map_err(failed)?;
    drop(input);
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("{script} failed ({})", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// Every field that core knows, with what the generator chooses values by.
pub(super) fn catalogue() -> Value {
    fields().map(field).collect()
}

fn field(field: &Field) -> Value {
    let (kind, choices) = match field.kind {
        Kind::Choice(choices) => ("Choice".to_owned(), choices),
        Kind::ListOf(choices) => ("ListOf".to_owned(), choices),
        kind => (format!("{kind:?}"), [].as_slice()),
    };
    let known = Pair::litellm_releases().iter().filter(|litellm| {
        let (redis_py, _) = Pair::image_redis_py(**litellm);
        let pair = Pair::parse(&litellm.to_string(), &redis_py.to_string());
        pair.is_ok_and(|pair| field.known_to(pair))
    });
    let known: Vec<String> = known.map(ToString::to_string).collect();
    json!({
        "name": field.name,
        "sections": field.sections.iter().map(|section| section.path()).collect::<Vec<_>>(),
        "kind": kind,
        "choices": choices,
        "default": field.default,
        "variable": field.variable(),
        "secret": field.is_secret(),
        "reach": format!("{:?}", field.reach),
        "first": known.first(),
        "last": known.last(),
    })
}
