//! What rules say of configurations that people write, and what their fixes make of them.

use redproof_core::diagnostic::Diagnostic;
use redproof_core::{CheckInput, Report, check, gather, offered};

fn checked(config: &str) -> Report {
    let variables = [("REDIS_PASSWORD".to_owned(), "correct-horse".to_owned())];
    check(&CheckInput {
        name: "config.yaml",
        text: config,
        environment: &gather(&[], &variables, true),
        releases: redproof_core::Releases::parse(Some("1.109.1"), Some("8.1.0"))
            .expect("supported"),
        now: None,
    })
}

/// The findings of a rule.
fn found(config: &str, code: &str) -> Vec<Diagnostic> {
    checked(config).diagnostics.into_iter().filter(|found| found.code == code).collect()
}

/// The config after the fix of the first finding of a rule.
fn mended(config: &str, code: &str) -> String {
    let report = checked(config);
    let found = report.diagnostics.iter().find(|found| found.code == code).expect("a finding");
    let fix = offered(&report, found).expect("a finding with a fix");
    let mut text = config.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";

#[test]
fn what_is_moved_to_a_section_that_is_there_is_not_lost() {
    let config = format!(
        "{CACHE}    port: 6380\ngeneral_settings:\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n"
    );
    let text = mended(&config, "RP202");
    assert!(text.contains("    port: 6380\n    host: redis\n"), "{text}");
    assert!(!text.contains("6379"), "{text}");
}

#[test]
fn what_has_an_anchor_stands_there_to_be_named_elsewhere() {
    let config = "redis: &redis\n  host: localhost\n  port: 6379\nlitellm_settings:\n  cache: true\n  cache_params:\n    <<: *redis\n    type: redis\n";
    assert_eq!(found(config, "RP202"), []);
    let alone = config.replace(": &redis", ":").replace("<<: *redis", "host: localhost");
    assert_eq!(found(&alone, "RP202").len(), 1);
}

#[test]
fn a_misspelt_key_is_renamed() {
    for (written, meant) in [("prot: 6379", "port: 6379"), ("sssl: true", "ssl: true")] {
        let config = format!("{CACHE}    host: localhost\n    {written}\n");
        let text = mended(&config, "RP103");
        assert!(text.contains(&format!("\n    {meant}\n")), "{text}");
    }
    let config =
        format!("{CACHE}    host: localhost\n    port: 6379\n    sssl: true\n    ssl: true\n");
    assert!(!mended(&config, "RP103").contains("sssl"), "what is there is not written twice");
}

#[test]
fn a_host_is_taken_apart() {
    for host in ["redis://redis:6380", "redis:6380"] {
        let config = format!("{CACHE}    host: {host}\n");
        let text = mended(&config, "RP111");
        assert!(text.contains("    host: redis\n    port: 6380\n"), "{text}");
    }
    for host in ["::1", "redis", "10.0.0.1"] {
        assert_eq!(found(&format!("{CACHE}    host: '{host}'\n"), "RP111"), [], "{host}");
    }
    let secret = found(&format!("{CACHE}    host: redis://:s3cr3t-pa55@redis:6380/1\n"), "RP111");
    assert_eq!(secret.len(), 1, "sync and async are one finding");
    assert!(secret[0].proposal.is_none());
    assert!(!format!("{secret:?}").contains("s3cr3t-pa55"));
}

#[test]
fn tabs_become_spaces() {
    let config = "litellm_settings:\n\tcache: true\n\tcache_params:\n\t\ttype: local\n";
    let expected = "litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n";
    assert_eq!(mended(config, "RP102"), expected);
}

#[test]
fn what_is_no_yaml_is_said_with_what_to_do() {
    let cases = [
        "a: \"b",
        "a: [b",
        "a: 'b' c",
        "a:\n  b: 1\n   c: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: @b",
        "a:\n  b\n  c: 1\n",
        "a: *b",
    ];
    for config in cases {
        let found = found(config, "RP102");
        assert_eq!(found.len(), 1, "{config}");
        assert!(found[0].help.is_some(), "{config}: {}", found[0].message);
    }
}

#[test]
fn a_router_key_without_effect_says_so_and_no_more() {
    let router = "router_settings:\n  redis_host: redis\n  redis_port: 6379\n  redis_ssl: true\n";
    assert!(found(router, "RP201")[0].message.contains("plaintext"));
    let config = format!("{router}  cache_kwargs:\n    ssl: true\n");
    assert!(!found(&config, "RP201")[0].message.contains("plaintext"));
    assert_eq!(mended(&config, "RP201"), config.replace("  redis_ssl: true\n", ""));
}

#[test]
fn one_mistake_is_said_once() {
    let shell = format!("{CACHE}    host: redis\n    port: ${{REDIS_PORT}}\n");
    assert_eq!(found(&shell, "RP207").len(), 1);
    assert_eq!(found(&shell, "RP206"), []);
    let alias = "redis: &redis\n  password: pa55word\n  host: localhost\n  port: 1\n\
        router_settings:\n  redis_host: localhost\n  redis_port: 1\n  cache_kwargs: *redis\n\
        litellm_settings:\n  cache: true\n  cache_params:\n    <<: *redis\n    type: redis\n";
    assert_eq!(found(alias, "RP307").len(), 1);
}

#[test]
fn a_host_that_is_not_known_is_said_in_words() {
    let config = format!(
        "{CACHE}    host: os.environ/HOST\n    port: os.environ/PORT\n    password: os.environ/REDIS_PASSWORD\n"
    );
    let report = check(&CheckInput {
        name: "config.yaml",
        text: &config,
        environment: &gather(&[], &[], false),
        releases: redproof_core::Releases::parse(Some("1.109.1"), Some("8.1.0"))
            .expect("supported"),
        now: None,
    });
    let plain = report.diagnostics.iter().find(|found| found.code == "RP302").expect("RP302");
    assert!(plain.message.contains("a host that is not known here"), "{}", plain.message);
}

#[test]
fn what_is_no_config_is_said() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\n";
    let compose = "services:\n  redis: {image: redis}\n";
    for config in [deployment, compose, "type: redis\nhost: localhost\n"] {
        assert_eq!(found(config, "RP212").len(), 1, "{config}");
    }
    for config in [
        "model_list: []\n",
        "include: [other.yaml]\n",
        "mcp_servers: {}\n",
        "cache: true\n",
        "{}\n",
    ] {
        assert_eq!(found(config, "RP212"), [], "{config}");
    }
}

#[test]
fn a_variable_that_breaks_a_client_says_what_to_do() {
    let variables = [("REDIS_SSL_CA_CERTS".to_owned(), "/ca.crt".to_owned())];
    let report = check(&CheckInput {
        name: "config.yaml",
        text: "router_settings:\n  redis_host: localhost\n  redis_port: 6379\n",
        environment: &gather(&[], &variables, false),
        releases: redproof_core::Releases::parse(Some("1.109.1"), Some("5.3.1"))
            .expect("supported"),
        now: None,
    });
    let fails = report.diagnostics.iter().find(|found| found.code == "RP110").expect("RP110");
    assert!(fails.help.as_deref().is_some_and(|help| help.contains("turn TLS on")), "{fails:?}");
}

#[test]
fn an_empty_key_and_a_missing_target_say_what_to_write() {
    let empty = found("litellm_settings:\n  cache: true\n  cache_params:\n", "RP101");
    assert!(empty[0].help.as_deref().is_some_and(|help| help.contains("under this key")));
    let config = "model_list: []\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    similarity_threshold: 0.8\n";
    let semantic = found(config, "RP101");
    assert_eq!(semantic[0].path, "litellm_settings.cache_params.type");
    assert!(semantic[0].help.as_deref().is_some_and(|help| help.contains("`host`")));
}
