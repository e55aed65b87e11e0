//! What each fuzz target does with its input: `fuzz/fuzz_targets` hands it over from libFuzzer, and
//! `tests/stable.rs` from a generator with a fixed seed. A body panics where a promise is broken.
#![forbid(unsafe_code)]

mod generator;

use redproof_core::certificate::{self, Demands, NamedBytes};
use redproof_core::document::patch::{Operation, apply, edits};
use redproof_core::environment::VariableValue;
use redproof_core::export::{Exports, Format, Secrets};
use redproof_core::redaction::{hidden_in, mask_lines};
use redproof_core::releases::bearing::Bearing;
use redproof_core::source::SourceId;
use redproof_core::{
    CheckInput, Gathered, NamedText, Releases, Selection, check, diagnose, document, explain, fix,
    gather, offered,
};

pub use generator::Generator;

/// A body.
pub type Body = fn(&[u8]);

/// All targets: their names, what they do, and words that make inputs interesting.
pub const TARGETS: [(&str, Body, &[&str]); 10] = [
    ("yaml", yaml, YAML),
    ("fix", fixes, YAML),
    ("dotenv", dotenv, DOTENV),
    ("shell", shell, SHELL),
    ("manifest", manifest, MANIFEST),
    ("url", url, URL),
    ("pem", pem, PEM),
    ("share", share, YAML),
    ("resp", resp, RESP),
    ("diagnose", logs, LOG),
];

const YAML: &[&str] = &[
    "&a ",
    "*a",
    "!!binary ",
    "!x ",
    "<<: ",
    "- ",
    ": ",
    "? ",
    "|\n",
    ">-\n",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "#",
    "---\n",
    "\t",
    "\u{feff}",
    "é🔑",
    "cache_params:",
    "router_settings:",
    "redis_ssl: true",
    "type: redis",
    "os.environ/X",
    "password: s",
    "sentinel_nodes: [[h, 1]]",
    "service_name: m",
    "redis_startup_nodes:",
    "0x1f",
    "1e3",
    "2026-11-21",
    "~",
    "url: redis://:p@h:1/0?db=1",
    "{{ .Values.x }}",
];
const DOTENV: &[&str] = &[
    "REDIS_URL=",
    "export ",
    "${A}",
    "${A:-b}",
    "A=",
    "'",
    "\"",
    "\\",
    "#",
    "\r",
    "=",
    "\u{feff}",
    "é",
];
const SHELL: &[&str] = &[
    "export ",
    "A=",
    "$A",
    "${A}",
    "$(x)",
    "`",
    "'",
    "\"",
    "\\",
    ";",
    "&&",
    "set -a\n",
    "unset A\n",
    "é",
];
const MANIFEST: &[&str] = &[
    "kind: Secret\n",
    "kind: Pod\n",
    "stringData: ",
    "data: ",
    "env:\n",
    "envFrom:\n",
    "valueFrom: ",
    "- name: A\n",
    "value: $(A)",
    "services:\n",
    "environment:\n",
    "image: litellm:v1.80.0\n",
    "proxy_config:\n",
    "{{",
    "}}",
    "---\n",
    "config.yaml: |\n",
    "secretKeyRef: ",
];
const URL: &[&str] = &[
    "redis://",
    "rediss://",
    "unix://",
    "@",
    ":",
    "/",
    "?",
    "&",
    "#",
    "[",
    "]",
    "%40",
    "password=",
    "db=",
    "é",
];
const PEM: &[&str] = &[
    "-----BEGIN CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\n",
    "-----BEGIN ",
    "MII",
    "==",
    "\n",
];
const RESP: &[&str] = &[
    "+OK\r\n",
    "-ERR ",
    "$-1\r\n",
    "*2\r\n",
    ":1\r\n",
    "%1\r\n",
    "~1\r\n",
    ">1\r\n",
    "_\r\n",
    ",1.5\r\n",
    "=5\r\ntxt:",
    "\r\n",
];
const LOG: &[&str] = &[
    "redis.exceptions.",
    "ConnectionError",
    "Error 111 connecting to h:6379. Connection refused.",
    "\n",
    "Traceback",
    "WRONGPASS invalid username-password pair",
    "{\"message\": \"",
    "\u{1b}[31m",
    "é",
];

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn input<'a>(text: &'a str, environment: &'a Gathered) -> CheckInput<'a> {
    let releases = Releases::default();
    CheckInput { name: "config.yaml", text, environment, releases, now: Some(1_795_000_000) }
}

/// Reading YAML, and PyYAML's words on it.
///
/// # Panics
/// When an error's place is not in the text.
pub fn yaml(bytes: &[u8]) {
    let text = text(bytes);
    match document::read(SourceId::CONFIG, &text) {
        Ok(read) => {
            let _ = format!("{:?}", read.root.truth());
        }
        Err(error) => {
            assert!(text.get(error.span.range()).is_some(), "{error:?}");
            error.message_with_snippet(&text);
        }
    }
}

/// Checking, explaining, patching and fixing a config.
///
/// # Panics
/// When a place is not in the text, edits overlap, or a fix breaks the YAML.
pub fn fixes(bytes: &[u8]) {
    let text = text(bytes);
    let environment = gather(&[], &[("X".to_owned(), "6379".to_owned())], false);
    let input = input(&text, &environment);
    let report = check(&input);
    explain(&report, false);
    for found in &report.diagnostics {
        for label in std::iter::once(&found.primary).chain(&found.related) {
            let place = label.span.map(|span| report.text(span.source).get(span.range()));
            assert!(place != Some(None), "{}: {label:?}", found.code);
        }
        if let Some(fix) = offered(&report, found) {
            let mut edits: Vec<_> = fix.edits.iter().map(|edit| edit.span.range()).collect();
            edits.sort_by_key(|range| range.start);
            assert!(edits.windows(2).all(|two| two[0].end <= two[1].start), "{}", found.code);
            apply(&text, &fix.edits);
        }
    }
    let was_yaml = report.document.is_ok();
    let fixed = fix(&input, &Selection { also_unsafe: true, ..Selection::default() });
    assert!(fixed.cycle.is_empty(), "fixes undo each other: {:?}", fixed.cycle);
    assert!(!was_yaml || fixed.report.document.is_ok(), "a fix broke the YAML:\n{}", fixed.text);
    if let Ok(read) = &report.document {
        let path = "router_settings.redis_host".to_owned();
        let operation = Operation::Set { path, value: "h".into() };
        if let Ok(changes) = edits(read, &text, &operation) {
            let patched = apply(&text, &changes);
            assert!(document::read(SourceId::CONFIG, &patched).is_ok(), "{patched}");
        }
    }
}

fn environment(name: &str, bytes: &[u8]) {
    let text = text(bytes);
    let gathered = gather(&[NamedText { name: name.to_owned(), text: text.clone() }], &[], false);
    let mut size = 0;
    for (name, variable) in gathered.environment.iter() {
        let span = variable.span.map(|span| text.get(span.range()));
        assert!(span != Some(None), "{name}");
        if let VariableValue::Known(value) = &variable.value {
            size += value.reveal().len();
        }
    }
    assert!(size <= (17 << 20) + text.len() * 2, "{size} bytes of {}", text.len());
    let config =
        "litellm_settings: {cache: true, cache_params: {type: redis, url: os.environ/A}}\n";
    let report = check(&input(config, &gathered));
    for source in &report.sources {
        report.redaction.masked(source.id, &source.text);
    }
    if let Ok(exports) = Exports::of(&input(config, &gathered), Secrets::Placeholders) {
        for format in Format::ALL {
            drop(exports.export(format));
        }
    }
}

/// `.env` files.
pub fn dotenv(bytes: &[u8]) {
    environment(".env", bytes);
}

/// Shell scripts.
pub fn shell(bytes: &[u8]) {
    environment("env.sh", bytes);
}

/// Kubernetes manifests, Helm values and compose files, and configs in them.
pub fn manifest(bytes: &[u8]) {
    environment("deployment.yaml", bytes);
    environment("compose.yaml", bytes);
    let (text, environment) = (text(bytes), gather(&[], &[], false));
    check(&input(&text, &environment));
}

/// URLs of a Redis.
///
/// # Panics
/// When a hidden part is not in the text.
pub fn url(bytes: &[u8]) {
    let url = text(bytes);
    for part in hidden_in(&url, Bearing::Address) {
        assert!(url.get(part).is_some());
    }
    let environment = gather(&[], &[("REDIS_URL".to_owned(), url)], true);
    let report = check(&input(
        "litellm_settings: {cache: true, cache_params: {type: redis}}\n",
        &environment,
    ));
    explain(&report, false);
}

/// Certificates and keys.
pub fn pem(bytes: &[u8]) {
    let files = [NamedBytes { name: "a.pem".to_owned(), bytes: bytes.to_vec().into() }];
    let holdings = certificate::read(&files);
    let demands = Demands::default();
    let roles: Vec<_> =
        certificate::assign(&holdings, &demands).into_iter().map(|(role, _)| role).collect();
    certificate::inspect(&holdings, &roles, &demands, 1_795_000_000);
}

/// What is shared of a text: as many lines, and nothing that is under a secret's name.
///
/// # Panics
/// When a line is lost, or a secret comes out.
pub fn share(bytes: &[u8]) {
    let text = text(bytes);
    let masked = mask_lines(&text);
    assert_eq!(text.matches('\n').count(), masked.matches('\n').count());
    let secret = "Xq7cAn4ryW9";
    let text = format!("{text}\npassword: {secret}\n");
    let environment = gather(&[], &[], false);
    let report = check(&input(&text, &environment));
    let shared = report.redaction.shareable(SourceId::CONFIG, &text);
    assert!(!shared.contains(secret), "{shared}");
}

/// A server's replies.
pub fn resp(bytes: &[u8]) {
    redproof_probe::fuzzing::reply(bytes);
}

/// Logs.
pub fn logs(bytes: &[u8]) {
    let environment = gather(&[], &[], false);
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}\n";
    let report = check(&input(config, &environment));
    diagnose(&text(bytes), Some(&report));
}
