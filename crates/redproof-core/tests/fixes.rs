//! Fixes that once did harm: what is safe leaves these as they are, or does what was meant.

use redproof_core::finding::Safety;
use redproof_core::outcome::Startup;
use redproof_core::{Fixed, Selection, fix, offered};
use support::Checking;

const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n";

fn checking(text: &str, variables: &[(&str, &str)], on: (&str, &str)) -> Checking {
    Checking::new(text).variables(variables.iter().copied()).on(on.0, on.1)
}

const NEW: (&str, &str) = ("1.109.1", "8.1.0");
const OLD: (&str, &str) = ("1.80.0", "5.3.1");

fn fixed(text: &str, variables: &[(&str, &str)], on: (&str, &str), choice: &Selection) -> Fixed {
    checking(text, variables, on).with(|input| fix(input, choice))
}

#[track_caller]
fn stays(text: &str, variables: &[(&str, &str)], on: (&str, &str)) {
    let after = fixed(text, variables, on, &Selection::safe());
    assert_eq!(after.text, text, "{:?}", after.applied);
    assert!(after.cycle.is_empty());
}

#[test]
fn settings_of_a_cache_without_type_are_kept() {
    let text = format!(
        "{CACHE}    host: redis.internal\n    port: 6380\n    password: os.environ/REDIS_PW\n"
    );
    stays(&text, &[("REDIS_PW", "correct-horse")], NEW);
    let any = fixed(&text, &[("REDIS_PW", "correct-horse")], NEW, &Selection::any());
    assert!(any.text.starts_with(&text), "nothing is lost: {}", any.text);
    assert_eq!(any.report.outcome.startup, Startup::Ok);
    stays(
        &format!("{CACHE}    socket_connect_timeout: 1\n"),
        &[("REDIS_URL", "redis://elsewhere")],
        NEW,
    );
}

#[test]
fn a_section_that_is_not_there_is_not_added() {
    let text = "litellm_settings:\n  cache: true\nrouter_settings:\n  redis_url: rediss://redis.internal:6379\n";
    stays(text, &[("REDIS_HOST", "redis.internal")], NEW);
    let report = checking(text, &[("REDIS_HOST", "redis.internal")], NEW).report();
    let found = report.diagnostics.iter().find(|one| one.code == "RP301").expect("RP301");
    let help = found.help.as_deref().unwrap_or_default();
    assert!(help.contains("REDIS_SSL=True"), "the cure is a variable: {help}");
    let local = "litellm_settings: {cache: true, cache_params: {type: local}}\nrouter_settings: {redis_host: redis.internal, redis_port: 6380, cache_kwargs: {ssl: true}}\n";
    stays(local, &[("REDIS_URL", "redis://redis.internal:6379")], NEW);
}

#[test]
fn one_error_is_not_traded_for_another() {
    let sentinel = "router_settings: {redis_host: rh, redis_port: 1, cache_kwargs: {sentinel_nodes: [[s1, 26379]], service_name: m}}\n";
    stays(sentinel, &[], NEW);
    let default = format!(
        "{CACHE}    type: redis\n    sentinel_nodes: [[s1, 26379]]\n    service_name: \"${{SET:-d}}\"\n"
    );
    stays(&default, &[], NEW);
    stays(&default, &[("SET", "m")], NEW);
    let dispatcher =
        format!("{CACHE}    type: redis\n    host: h\n    port: 1\n    event-dispatcher: x\n");
    for on in [NEW, OLD] {
        let before = checking(&dispatcher, &[], on).report().outcome.startup;
        let after = fixed(&dispatcher, &[], on, &Selection::safe()).report.outcome.startup;
        assert!(before != Startup::Ok || after == Startup::Ok, "{after:?}");
    }
    let ssl = format!("{CACHE}    type: redis\n    host: h\n    port: 1\n    ssl: os.environ/V\n");
    let variables = [("V", "False"), ("REDIS_SSL_CHECK_HOSTNAME", "True")];
    stays(&ssl, &variables, ("1.84.2", "5.0.2"));
}

#[test]
fn a_mapping_is_not_written_over() {
    let text = "litellm_settings:\n  cache:\n    type: redis\n    host: redis\n";
    let any = fixed(text, &[], NEW, &Selection::any());
    assert!(any.text.contains("host: redis"), "{}", any.text);
    let top = "cache:\n  type: redis\n  redis:\n    host: redis\n    port: 6379\n";
    let any = fixed(top, &[], NEW, &Selection::any());
    let home = "litellm_settings:\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n  cache: true\n";
    assert_eq!(any.text, home);
}

#[test]
fn what_one_of_two_clients_takes_is_kept() {
    let text = format!(
        "{CACHE}    type: redis\n    redis_startup_nodes: [{{host: h, port: 1}}]\n    ssl: true\n    ssl_check_hostname: true\n"
    );
    let any = fixed(&text, &[], ("1.80.5", "5.2.1"), &Selection::any());
    assert!(any.text.contains("ssl_check_hostname: true"), "{}", any.text);
}

#[test]
fn comments_and_layout_move_along() {
    let text = "general_settings:\n  # cache things\n  cache: true  # yes\n  cache_params:\n    type: \"redis\"\n    # the host\n    host: redis  # from compose\n    ttl: 600  # ten minutes\n";
    let any = fixed(text, &[], NEW, &Selection::any());
    assert_eq!(
        any.text,
        "litellm_settings:\n  cache_params:\n    type: \"redis\"\n    # the host\n    host: redis  # from compose\n    ttl: 600  # ten minutes\n  # cache things\n  cache: true  # yes\n"
    );
    let text = format!(
        "{CACHE}    type: redis\n    host: h\n    port: 1\n    # seconds\n    connection_pool_timeout: 5  # long\n"
    );
    let safe = fixed(&text, &[], NEW, &Selection::safe());
    assert!(safe.text.ends_with("    # seconds\n    # long\n"), "{}", safe.text);
}

#[test]
fn a_fix_shows_its_effect() {
    let text = format!(
        "{CACHE}    type: redis\n    host: redis\n    port: 6379\n    ssl: true\nrouter_settings:\n  redis_host: redis\n  redis_port: 6379\n  redis_ssl: true\n"
    );
    let report = checking(&text, &[], NEW).report();
    let found = report.diagnostics.iter().find(|one| one.code == "RP201").expect("RP201");
    let fix = offered(&report, found).expect("a fix");
    assert_eq!(fix.safety, Safety::Safe);
    let effects: Vec<String> = fix.effects.iter().map(ToString::to_string).collect();
    assert_eq!(effects, ["router: plaintext -> TLS"]);
}

#[test]
fn fixes_are_chosen_by_code_and_line() {
    let text = format!(
        "{CACHE}    type: redis\n    host: redis\n    prot: 6379\n    connection_pool_timeout: 5\nrouter_settings:\n  redis_host: redis\n  redis_port: 6379\n  redis_db: 1\n"
    );
    let by = |selection: Selection| {
        let fixed = fixed(&text, &[], NEW, &selection);
        fixed.applied.into_iter().map(|one| one.title).collect::<Vec<_>>()
    };
    let codes = |code: &str| vec![code.to_owned()];
    assert!(by(Selection { ignore: codes("RP"), ..Selection::safe() }).is_empty());
    let all = by(Selection::safe());
    let some = by(Selection { select: codes("RP103"), ..Selection::safe() });
    assert!(some.len() == 2 && all.len() == 3, "{some:?} {all:?}");
    let one = by(Selection { only: Some(("RP103".to_owned(), 7)), ..Selection::safe() });
    assert_eq!(one, ["Remove connection_pool_timeout"]);
}

/// Hundreds of fixes are one step or two, not one each: a text this long would take minutes.
#[test]
fn many_fixes_are_made_together() {
    let mut text = format!("{CACHE}    type: redis\n    host: h\n    port: 6379\n");
    for at in 0..600 {
        text.push_str(&format!("    unknown_{at}: {at}\n"));
    }
    let safe = fixed(&text, &[], NEW, &Selection::safe());
    assert_eq!(safe.applied.len(), 600);
    assert!(!safe.text.contains("unknown"));
    assert_eq!(safe.report.outcome.startup, Startup::Ok);
}
