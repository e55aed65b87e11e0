//! What depends on variables that are not known, as the real LiteLLM takes their values.

use redproof_core::depends::Dependence;
use redproof_core::{Report, depends};
use support::Checking;

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - name: litellm
          env:
            - {name: REDIS_HOST, value: redis.svc}
            - name: REDIS_PASSWORD
              valueFrom: {secretKeyRef: {name: redis, key: password}}
            - name: REDIS_SSL
              valueFrom: {secretKeyRef: {name: redis, key: ssl}}
";

fn report(config: &str, files: &[(&str, &str)], litellm: &str) -> Report {
    let checking = Checking::new(config).files(files.iter().copied()).incomplete();
    checking.on(litellm, "5.3.1").report()
}

/// `true or 1: TLS plaintext; …`
fn lines(found: &Dependence) -> Vec<String> {
    let case = |case: &redproof_core::depends::Case| {
        let effects = case.effects.iter().map(|effect| {
            let value = effect.value.split([',', ':']).next().unwrap_or_default();
            format!("{} {value} [{}]", effect.what, effect.whose)
        });
        format!("{}: {}", case.when_in_words(), effects.collect::<Vec<_>>().join("; "))
    };
    found.cases.iter().map(case).collect()
}

#[track_caller]
fn of<'d>(found: &'d [Dependence], variable: &str) -> &'d Dependence {
    found.iter().find(|one| one.variable == variable).unwrap_or_else(|| panic!("{found:?}"))
}

const CACHE: &str = "litellm_settings:\n  cache: true\n";

#[test]
fn a_secrets_ssl_switch_is_tried_with_each_text() {
    let all = "response cache, coordination and router, sync and async client";
    let files = [("deployment.yaml", DEPLOYMENT)];
    let found = depends(&report(CACHE, &files, "1.109.1"));
    let ssl = of(&found, "REDIS_SSL");
    assert_eq!(
        lines(ssl),
        [
            format!("true or 1: TLS TLS [{all}]"),
            format!("false, 0 or empty: TLS plaintext [{all}]")
        ]
    );
    assert!(ssl.why.contains("Secret redis") && ssl.at.is_some(), "{ssl:?}");
    // A password is sent whatever it is: nothing depends on it.
    assert_eq!(found.len(), 1, "{found:?}");
    // Before texts were converted, only `false` and an empty text were false, and the async client
    // looked whether the variable was there.
    let sync = "response cache, coordination and router, sync client";
    let old = depends(&report(CACHE, &files, "1.80.0"));
    assert_eq!(
        lines(of(&old, "REDIS_SSL")),
        [
            format!("true, 1 or 0: TLS TLS [{sync}]"),
            format!("false or empty: TLS plaintext [{sync}]")
        ]
    );
}

#[test]
fn references_are_tried_set_and_not_set() {
    let config = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: os.environ/H, password: os.environ/P}\n";
    let found = depends(&report(config, &[], "1.109.1"));
    assert_eq!(
        lines(of(&found, "H")),
        ["set: start-up starts []", "not set: start-up ValueError []"]
    );
    let password = lines(of(&found, "P"));
    assert!(password[0].starts_with("set: password unknown"), "{password:?}");
    assert!(password[1].starts_with("not set: password none"), "{password:?}");
}

#[test]
fn a_url_decides_by_its_scheme() {
    let config =
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, url: os.environ/U}\n";
    let found = depends(&report(config, &[], "1.109.1"));
    let cases = lines(of(&found, "U"));
    assert_eq!(cases.len(), 3, "{cases:?}");
    assert!(cases[0].starts_with("rediss://…: start-up starts []; TLS TLS"), "{cases:?}");
    assert!(cases[1].contains("TLS plaintext") && cases[2].contains("ValueError"), "{cases:?}");
}

#[test]
fn what_is_known_hangs_on_nothing() {
    let config = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: os.environ/H, ssl: os.environ/S}\n";
    assert_eq!(depends(&report(config, &[(".env", "H=h\nS=true\n")], "1.109.1")), []);
}

#[test]
fn the_rule_speaks_of_plaintext() {
    let found = report(CACHE, &[("deployment.yaml", DEPLOYMENT)], "1.109.1").diagnostics;
    let found = found.iter().find(|one| one.code == "RP309").expect("it is found");
    assert_eq!(
        found.message,
        "Whether LiteLLM speaks TLS depends on REDIS_SSL (key ssl of the Secret redis). With false, 0 \
         or empty, the response cache's client sends its password to redis.svc:6379 in plaintext."
    );
}
