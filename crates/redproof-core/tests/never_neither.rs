//! Each key of the catalogue, and each known misspelling, wherever it can be written, on each topology, cache type and a
//! spread of releases: it changes what LiteLLM does, or a finding says that it does not. Never neither.

use std::collections::BTreeMap;

use redproof_core::catalogue::{self, Field, Kind, Section};
use redproof_core::outcome::Startup;
use redproof_core::simulate::json::simulated;
use redproof_core::trace::Event;
use redproof_core::{Report, explain};
use support::Checking;

/// What names the Redis of a section.
const TOPOLOGIES: [(&str, &[&str]); 5] = [
    ("host", &["host: redis.internal", "port: 6379", "ssl: true", "password: correct-horse"]),
    ("url", &["url: 'rediss://:correct-horse@redis.internal:6379'"]),
    (
        "cluster",
        &["NODES: [{host: redis.internal, port: 7000}]", "ssl: true", "password: correct-horse"],
    ),
    (
        "plaintext cluster",
        &["NODES: [{host: redis.internal, port: 7000}]", "password: correct-horse"],
    ),
    (
        "sentinel",
        &[
            "sentinel_nodes: [[redis.internal, 26379]]",
            "service_name: mymaster",
            "ssl: true",
            "password: correct-horse",
        ],
    ),
];
const SECTIONS: [Section; 3] =
    [Section::CacheParams, Section::CacheKwargs, Section::CoordinationRedis];
const CACHE_TYPES: [&str; 3] = ["redis", "local", "redis-semantic"];

/// LiteLLM and redis-py: both sides of what changed most.
const PAIRS: [(&str, &str); 7] = [
    ("1.61.1", "5.2.1"),
    ("1.80.0", "5.3.1"),
    ("1.80.0", "8.1.0"),
    ("1.85.0", "6.0.0"),
    ("1.92.2", "5.3.1"),
    ("1.109.1", "8.1.0"),
    ("1.110.2", "8.1.0"),
];

/// Values of which one differs from the default, whatever that is on a release.
fn telling(field: &Field) -> Vec<String> {
    if field.kind == Kind::Bool {
        return vec!["true".to_owned(), "false".to_owned()];
    }
    vec![value(field)]
}

fn value(field: &Field) -> String {
    match field.kind {
        Kind::Int => "7".to_owned(),
        Kind::Float => "7.5".to_owned(),
        Kind::Path => "/etc/redis/other.pem".to_owned(),
        Kind::Url => "redis://other.internal:7001".to_owned(),
        Kind::Choice(values) => values
            .iter()
            .find(|value| **value != field.default)
            .map_or("x", |value| value)
            .to_owned(),
        Kind::List | Kind::ListOf(_) => "[aembedding]".to_owned(),
        Kind::Map => "{1: 2}".to_owned(),
        Kind::Nodes => "[{host: other.internal, port: 7001}]".to_owned(),
        Kind::Pairs => "[[other.internal, 26379]]".to_owned(),
        Kind::Bool | Kind::Str | Kind::Json | Kind::Object | Kind::Any => "other".to_owned(),
    }
}

/// The config of a topology in a section, its last lines open for one more key.
fn base(section: Section, kind: &str, topology: &[&str]) -> String {
    let nodes =
        if section == Section::CacheParams { "redis_startup_nodes" } else { "startup_nodes" };
    let (head, indent) = match section {
        Section::CacheParams => {
            (format!("litellm_settings:\n  cache: true\n  cache_params:\n    type: {kind}\n"), 4)
        }
        Section::CacheKwargs => (
            "router_settings:\n  redis_host: redis.internal\n  redis_port: 6379\n  cache_kwargs:\n"
                .to_owned(),
            4,
        ),
        _ => ("general_settings:\n  coordination_redis:\n".to_owned(), 4),
    };
    let lines =
        topology.iter().map(|line| format!("{:indent$}{}\n", "", line.replace("NODES", nodes)));
    head + &lines.collect::<String>()
}

fn checked(text: &str, pair: (&str, &str)) -> Report {
    Checking::new(text).on(pair.0, pair.1).report()
}

/// What LiteLLM does, as far as it is simulated: start-up and each connection, and what is cached and shared.
fn done(text: &str, pair: (&str, &str), report: &Report) -> String {
    let case = serde_json::json!({"id": 0, "config": text, "env": {}, "litellm": pair.0, "redis_py": pair.1});
    let answer = simulated(&case.to_string())
        .map(|found| serde_json::Value::Object(found.answer(true)).to_string());
    let explained = explain(report, true);
    let rows: Vec<_> = explained
        .connections
        .iter()
        .flat_map(|one| &one.rows)
        .map(|row| (&row.setting, &row.value))
        .collect();
    let served = explained.served.map(|served| {
        let cached: Vec<_> =
            served.cached.into_iter().map(|fact| (fact.name, fact.value)).collect();
        (served.shared, cached)
    });
    format!("{answer:?} {rows:?} {served:?}")
}

/// Whether a finding speaks of a key.
fn is_said(report: &Report, path: &str, name: &str) -> bool {
    report.diagnostics.iter().any(|finding| {
        let help = finding.help.as_deref().unwrap_or_default();
        finding.path == path
            || finding.message.contains(&format!("`{name}`"))
            || help.contains(&format!("`{name}`"))
    })
}

/// What redis-py is given and no connection shows: they count as done where nothing was dropped.
const UNSEEN: &[&str] = &[
    "socket_read_size",
    "socket_keepalive",
    "socket_keepalive_options",
    "retry_on_timeout",
    "retry_on_error",
    "encoding",
    "encoding_errors",
    "decode_responses",
    "charset",
    "errors",
    "single_connection_client",
    "lib_name",
    "lib_version",
    "legacy_responses",
    "protocol",
    "max_connections",
    "ssl_validate_ocsp",
    "ssl_validate_ocsp_stapled",
    "ssl_ocsp_expected_cert",
    "ssl_include_verify_flags",
    "ssl_exclude_verify_flags",
    // Objects of Python: a text in their place is passed on.
    "driver_info",
    "event_dispatcher",
    "redis_connect_func",
    // Only long conversations show it.
    "max_messages",
    "redis_flush_size",
    "health_check_interval",
];

fn is_dropped(report: &Report, name: &str) -> bool {
    report.outcome.trace.iter().any(|event| {
        matches!(event, Event::Dropped { setting, .. } if setting == name || setting.ends_with(&format!(".{name}")))
    })
}

/// One key at one place.
struct Asked<'a> {
    section: Section,
    before: &'a str,
    /// What is done without it.
    without: &'a str,
    name: &'a str,
}

impl Asked<'_> {
    /// Whether the key with this value is neither done nor said.
    fn is_neither(&self, value: &str, pair: (&str, &str)) -> bool {
        let Self { section, before, without, name } = self;
        let text = format!("{before}    {name}: {value}\n");
        let report = checked(&text, pair);
        // Where LiteLLM does not start, nothing else is done; and of a section that a release does not know, all is said.
        let section_is_said =
            report.diagnostics.iter().any(|finding| finding.path == section.path());
        if report.outcome.startup != Startup::Ok || section_is_said {
            return false;
        }
        if is_said(&report, &format!("{}.{name}", section.path()), name) {
            return false;
        }
        let unseen = UNSEEN.contains(name) && !is_dropped(&report, name);
        !unseen && done(&text, pair, &report) == *without
    }
}

/// The keys of a section that are known to any release, and those that are known to be misspelt.
fn keys(section: Section) -> Vec<(&'static str, Vec<String>)> {
    let known = catalogue::all_of(section).map(|field| (field.name, telling(field)));
    let misspelt = catalogue::misspellings(section).map(|(written, meant)| {
        let field = catalogue::find(meant, section);
        (written, field.map_or_else(|| vec!["other".to_owned()], telling))
    });
    known.chain(misspelt).collect()
}

#[test]
fn each_key_is_done_or_said() {
    let mut neither: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut asked = 0;
    for pair in PAIRS {
        for section in SECTIONS {
            let all = if section == Section::CacheParams { CACHE_TYPES.len() } else { 1 };
            for (kind, topology) in CACHE_TYPES[..all]
                .iter()
                .flat_map(|kind| TOPOLOGIES.map(|topology| (kind, topology)))
            {
                let before = base(section, kind, topology.1);
                let without = done(&before, pair, &checked(&before, pair));
                for (name, values) in keys(section) {
                    // Written twice, the last counts.
                    if before.contains(&format!(" {name}:")) {
                        continue;
                    }
                    asked += 1;
                    let one = Asked { section, before: &before, without: &without, name };
                    if values.iter().all(|value| one.is_neither(value, pair)) {
                        let place = format!(
                            "{} {kind} {} {}/{}",
                            section.path(),
                            topology.0,
                            pair.0,
                            pair.1
                        );
                        neither.entry(name).or_default().push(place);
                    }
                }
            }
        }
    }
    let shown: String = neither
        .iter()
        .map(|(key, places)| {
            format!(
                "{key}: {} places, as {}\n",
                places.len(),
                places[..places.len().min(4)].join("; ")
            )
        })
        .collect();
    assert!(
        neither.is_empty(),
        "of {asked}, {} keys are neither done nor said:\n{shown}",
        neither.len()
    );
    assert!(asked > 10_000, "{asked}");
}
