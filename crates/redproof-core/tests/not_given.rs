//! A variable that is not given may be set all the same: what depends on it is not known.

use redproof_core::Report;
use redproof_core::finding::{Finding, Severity};
use redproof_core::outcome::{Knowable, Startup};
use redproof_core::python::Data;
use support::Checking;

const QUICK: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis}\n";
const PASSWORD: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: r.example.com, password: os.environ/P}\n";
const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - name: litellm
          image: ghcr.io/berriai/litellm:v1.88.0
          envFrom:
            - secretRef: {name: litellm-redis}
";

fn report(config: &str, files: &[(&str, &str)], complete: bool, litellm: &str) -> Report {
    let checking = Checking::new(config).files(files.iter().copied()).on_litellm(litellm);
    if complete { checking.report() } else { checking.incomplete().report() }
}

fn found<'r>(report: &'r Report, code: &str) -> &'r Finding {
    let found = report.diagnostics.iter().find(|one| one.code == code);
    found.unwrap_or_else(|| panic!("{code} in {:?}", report.diagnostics))
}

/// The Rust client of 1.110 takes a url that is not known for one that is there.
#[test]
fn a_url_that_is_not_given_stops_no_release() {
    let config =
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, url: os.environ/MY_URL}\n";
    for variable in ["REDIS_URL", "MY_URL"] {
        let secret = "kind: Deployment\nspec: {template: {spec: {containers: [{image: x, env: [{name: NAME, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}}}\n";
        let files = [("d.yaml", &*secret.replace("NAME", variable))];
        for litellm in ["1.80.0", "1.109.1", "1.110.0", "1.110.2"] {
            let report = report(&config.replace("MY_URL", variable), &files, false, litellm);
            assert_eq!(report.outcome.startup, Startup::Ok, "{litellm} {variable}");
            let native = report.outcome.native.as_deref();
            let connection = native.and_then(|native| native.connection());
            assert!(
                connection.is_none_or(|one| matches!(one.tls, Knowable::Unknown(_))),
                "{litellm} {variable}"
            );
        }
    }
}

#[test]
fn without_any_environment_the_target_may_be_in_it() {
    for litellm in ["1.60.0", "1.80.0", "1.93.0", "1.109.1", "1.110.2"] {
        let open = report(QUICK, &[], false, litellm);
        let target = found(&open, "RP104");
        assert_eq!(target.severity, Severity::Hint, "{litellm}");
        assert_eq!(
            target.message,
            "Whether LiteLLM starts depends on REDIS_URL or REDIS_HOST, which is not given here."
        );
        assert_eq!(open.outcome.startup, Startup::Ok, "{litellm}");
        for client in &open.outcome.clients {
            let connection = client.connection.as_ref().expect("a connection");
            assert!(matches!(connection.tls, Knowable::Unknown(_)), "{litellm}: {connection:?}");
        }
        let closed = report(QUICK, &[], true, litellm);
        assert_eq!(found(&closed, "RP104").severity, Severity::Error, "{litellm}");
    }
}

#[test]
fn an_opaque_secret_may_name_the_target() {
    let open = report(QUICK, &[("deployment.yaml", DEPLOYMENT)], false, "1.88.0");
    let target = found(&open, "RP104");
    assert_eq!(
        target.message,
        "Whether LiteLLM starts depends on REDIS_URL or REDIS_HOST, which the Secret litellm-redis may set."
    );
    let named = target.related[0].span.expect("the Secret's place");
    assert_eq!(&DEPLOYMENT[named.range()], "litellm-redis");
}

#[test]
fn what_is_no_matter_of_the_target_stays_an_error() {
    let config = QUICK.replace("redis}", "redis, max_connections: -5}");
    let open = report(&config, &[], false, "1.109.1");
    assert!(open.diagnostics.iter().any(|one| one.severity == Severity::Hint), "{open:?}");
    let host = QUICK.replace("redis}", "redis, host: localhost, max_connections: -5}");
    assert_eq!(found(&report(&host, &[], false, "1.109.1"), "RP101").severity, Severity::Error);
}

#[test]
fn a_semantic_cache_leans_on_three_variables() {
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    similarity_threshold: 0.8\n";
    let open = report(config, &[], false, "1.109.1");
    let target = found(&open, "RP104");
    assert!(target.message.contains("REDIS_HOST, REDIS_PORT and REDIS_PASSWORD"), "{target:?}");
    let closed = report(config, &[], true, "1.109.1");
    assert_eq!(found(&closed, "RP101").severity, Severity::Error);
    let hosted = config.replace("    sim", "    host: redis\n    port: 6379\n    sim");
    let open = report(&hosted, &[], false, "1.109.1");
    assert_eq!(
        found(&open, "RP104").message,
        "Whether LiteLLM starts depends on REDIS_PASSWORD, which is not given here."
    );
}

#[test]
fn plaintext_hangs_on_redis_ssl() {
    let open = report(PASSWORD, &[(".env", "P=p\n")], false, "1.109.1");
    let plaintext = found(&open, "RP302");
    assert_eq!(plaintext.severity, Severity::Hint);
    assert_eq!(
        plaintext.message,
        "Whether the response cache's client sends this password to r.example.com:6379 in \
         plaintext depends on REDIS_SSL, which is not given here."
    );
    for env in ["P=p\nREDIS_SSL=false\n", "P=p\nREDIS_SSL=\n"] {
        let given = report(PASSWORD, &[(".env", env)], false, "1.109.1");
        assert_eq!(found(&given, "RP302").severity, Severity::Warning, "{env}");
    }
    let closed = report(PASSWORD, &[(".env", "P=p\n")], true, "1.109.1");
    assert_eq!(found(&closed, "RP302").severity, Severity::Warning);
    let config = PASSWORD.replace("os.environ/P", "os.environ/P, ssl: false");
    let config_decides = report(&config, &[(".env", "P=p\n")], false, "1.109.1");
    assert_eq!(found(&config_decides, "RP302").severity, Severity::Warning);
}

/// What a setting takes from a variable, others read by themselves: a variable that the config names is the
/// same as one that a Secret sets, for every client.
#[test]
fn a_variable_that_is_named_is_there_for_all_who_read_it() {
    const NAMED: [(&str, &str); 6] = [
        ("host", "redis_host"),
        ("port", "redis_port"),
        ("password", "redis_password"),
        ("username", "redis_username"),
        ("ssl", "redis_ssl"),
        ("url", "redis_url"),
    ];
    let all_of = |report: &Report| {
        let unknown =
            |one: &redproof_core::outcome::Setting| matches!(one.value.data, Data::Unknown(_));
        let of = |client: &redproof_core::outcome::Client| {
            let one = client.connection.as_ref()?;
            let password = matches!(one.password.value, Knowable::Unknown(_));
            let tls = matches!(one.tls, Knowable::Unknown(_));
            Some([unknown(&one.host), unknown(&one.port), unknown(&one.username), password, tls])
        };
        report.outcome.every_client().map(of).collect::<Vec<_>>()
    };
    for (setting, of_router) in NAMED {
        let variable = of_router.to_ascii_uppercase();
        let target = if matches!(setting, "host" | "url") { "" } else { "host: r, " };
        let secret = "kind: Deployment\nspec: {template: {spec: {containers: [{image: x, env: [{name: NAME, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}}}\n";
        let files = [("d.yaml", &*secret.replace("NAME", &variable))];
        let config = format!(
            "litellm_settings: {{cache: true, cache_params: {{type: redis, {target}{setting}: os.environ/{variable}}}}}\nrouter_settings: {{redis_host: x, redis_port: 6380}}\n"
        );
        for litellm in ["1.60.0", "1.80.0", "1.93.0", "1.101.0", "1.109.1", "1.110.2"] {
            let named = report(&config, &[], false, litellm);
            let set = report(&config, &files, false, litellm);
            assert_eq!(all_of(&named), all_of(&set), "{variable} on {litellm}");
            assert!(all_of(&named).iter().flatten().flatten().any(|one| *one), "{variable}");
        }
    }
}
