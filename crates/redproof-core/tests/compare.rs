//! What an upgrade changes, on configurations whose change was measured with the real LiteLLM.

use redproof_core::compare::{Aspect, Change, Comparison, Upgrade, Verdict};
use redproof_core::{Releases, compare};
use support::Checking;

struct Case {
    config: &'static str,
    env: &'static [(&'static str, &'static str)],
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
}

impl Case {
    fn new(config: &'static str) -> Self {
        Self { config, env: &[], from: ("1.80.0", "5.3.1"), to: ("1.109.1", "5.3.1") }
    }

    fn env(self, env: &'static [(&'static str, &'static str)]) -> Self {
        Self { env, ..self }
    }

    fn from(self, litellm: &'static str, redis_py: &'static str) -> Self {
        Self { from: (litellm, redis_py), ..self }
    }

    fn to(self, litellm: &'static str, redis_py: &'static str) -> Self {
        Self { to: (litellm, redis_py), ..self }
    }

    fn compared(&self) -> Comparison {
        let checking = Checking::new(self.config).variables(self.env.iter().copied());
        compared(&checking.on(self.from.0, self.from.1), self.to)
    }
}

/// `breaks server [response cache, sync client] a -> b (litellm 1.93.0)`
fn line(change: &Change) -> String {
    let cause = match change.cause.upgrade {
        Upgrade::LiteLlm => "litellm",
        Upgrade::RedisPy => "redis-py",
        Upgrade::Files => "files",
        Upgrade::Either => "either",
        Upgrade::Both => "both",
    };
    let since = change.cause.since.map_or(String::new(), |version| format!(" {version}"));
    format!(
        "{:?} {:?} [{}] {} -> {} ({cause}{since})",
        change.verdict,
        change.aspect,
        change.whose(),
        change.before.text,
        change.after.text,
    )
}

#[track_caller]
fn expect(case: &Case, expected: &[&str]) -> Comparison {
    let comparison = case.compared();
    let found: Vec<String> = comparison.changes.iter().map(line).collect();
    assert_eq!(found, expected, "\n{}", found.join("\n"));
    comparison
}

const ALL: &str = "response cache, coordination and router";

#[test]
fn a_configured_host_beats_the_environments_url() {
    let case = Case::new(
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: cfg, port: 1, socket_timeout: 3}\n",
    )
    .env(&[("REDIS_URL", "redis://env:2/?socket_timeout=3")]);
    let comparison = expect(
        &case,
        &[
            &format!(
                "Breaks Server [{ALL}, sync and async client] env:2 -> cfg:1 (litellm 1.93.0)"
            ),
            &format!(
                "Changes SocketTimeout [{ALL}, sync and async client] 3 s -> 3 s (litellm 1.93.0)"
            ),
        ],
    );
    assert!(comparison.fails());
    let change = &comparison.changes[0];
    assert!(change.cause.why.is_some_and(|why| why.contains("beat REDIS_URL")), "{change:?}");
    assert!(change.before.origin.contains("REDIS_URL"), "{change:?}");
    assert_eq!(change.after.origin, "config.yaml:3:37");
}

#[test]
fn the_router_loses_the_caches_client() {
    let config = "\
litellm_settings:
  cache: true
  cache_params: {type: redis, host: h, port: 1, ssl: true}
router_settings: {redis_host: h, redis_port: 1}
";
    let comparison = Case::new(config).compared();
    let lost = comparison.changes.iter().find(|change| change.aspect == Aspect::Tls);
    let lost = lost.map(line).expect("TLS is lost");
    assert!(lost.starts_with("Weakens Tls [router, async client]"), "{lost}");
    assert!(lost.ends_with("-> plaintext (litellm 1.80.11)"), "{lost}");
}

#[test]
fn ssl_false_turns_tls_off() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, ssl: SSL}}\n";
    for (written, clients, since) in
        [("false", "async client", "1.93.0"), ("'false'", "sync and async client", "1.101.0")]
    {
        let text = config.replace("SSL", written);
        let comparison = Case::new(text.leak()).compared();
        let changes: Vec<_> = comparison.changes.iter().map(line).collect();
        let [change] = changes.as_slice() else { panic!("{changes:?}") };
        assert!(change.contains(&format!("[{ALL}, {clients}]")), "{change}");
        assert!(change.ends_with(&format!("-> plaintext (litellm {since})")), "{change}");
    }
}

#[test]
fn redis_py_checks_host_names() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, ssl: true}}\n";
    let case = Case::new(config).to("1.80.0", "8.1.0");
    let comparison = expect(
        &case,
        &[&format!(
            "Changes HostName [{ALL}, sync and async client] false -> true (redis-py 6.0.0)"
        )],
    );
    assert!(!comparison.fails());
    // The way back weakens it.
    let back = Case::new(config).from("1.80.0", "8.1.0").to("1.80.0", "5.3.1").compared();
    assert_eq!(back.changes[0].verdict, Verdict::Weakens);
    assert_eq!(back.changes[0].cause.since, None, "a downgrade has no release that brought it");
}

#[test]
fn a_third_client_appears() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, ssl: true, namespace: ns, max_connections: 5, client_name: me}}\n";
    let case = Case::new(config).from("1.109.1", "8.1.0").to("1.110.2", "8.1.0");
    let whose = "coordination and router, Rust client";
    let comparison = expect(
        &case,
        &[
            &format!("Weakens HostName [{whose}] true -> false (litellm 1.110.0)"),
            &format!(
                "Changes Presence [{whose}] redis-py's client does it -> a Rust client, h:1, TLS (litellm 1.110.0)"
            ),
            &format!("Changes ClientName [{whose}] me -> none (litellm 1.110.0)"),
            &format!("Weakens Setting [{whose}] takes effect -> ignored (litellm 1.110.0)"),
            &format!("Changes Setting [{whose}] takes effect -> ignored (litellm 1.110.0)"),
        ],
    );
    assert!(comparison.fails());
    let checked = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, ssl: true, ssl_check_hostname: true}}\n";
    let case = Case::new(checked).from("1.109.1", "8.1.0").to("1.110.2", "8.1.0");
    assert!(case.compared().changes.iter().all(|change| change.aspect != Aspect::HostName));
    // What it can't use stays in each process.
    let refused = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, ssl: true, ssl_cert_reqs: CERT_NONE}}\n";
    let refused = Case::new(refused).from("1.109.1", "5.3.1").to("1.110.2", "5.3.1").compared();
    let rust = refused.changes.iter().find(|change| change.aspect == Aspect::Presence);
    let rust = rust.expect("a change of the Rust client");
    assert_eq!(
        (rust.verdict, &*rust.after.text),
        (Verdict::Weakens, "in each process, not in Redis")
    );
    assert!(
        rust.consequence.contains("invalid Redis setting ssl_cert_reqs"),
        "{}",
        rust.consequence
    );
}

#[test]
fn each_upgrade_gets_its_own_changes() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: n, port: 1}], ssl: true}}\n";
    let case = Case::new(config).to("1.109.1", "8.1.0");
    expect(
        &case,
        &[
            &format!(
                "Changes HostName [{ALL}, sync and async client] false -> true (redis-py 6.0.0)"
            ),
            &format!(
                "Improves SocketTimeout [{ALL}, sync and async client] none: waits without end -> 5 s (either)"
            ),
            &format!(
                "Improves ConnectTimeout [{ALL}, sync and async client] none: waits without end -> 5 s (redis-py 8.0.0)"
            ),
            &format!("Improves HealthCheck [{ALL}, async client] 0 s -> 25 s (litellm 1.92.0)"),
        ],
    );
}

#[test]
fn the_way_in_between_is_looked_at() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}\n";
    let case = Case::new(config)
        .env(&[("REDIS_SSL", "true"), ("REDIS_PASSWORD", "correct-horse")])
        .to("1.109.1", "8.1.0");
    let comparison = case.compared();
    assert!(!comparison.fails());
    let [detour] = comparison.detours.as_slice() else { panic!("{:?}", comparison.detours) };
    assert_eq!(format!("{:?}", detour.pair), "LiteLLM 1.80.0 on redis-py 8.1.0");
    let aspects: Vec<_> = detour.changes.iter().map(|change| change.aspect).collect();
    assert!(aspects.contains(&Aspect::Tls) && aspects.contains(&Aspect::Password), "{aspects:?}");
}

#[test]
fn startup_breaks_and_mends() {
    let sentinel = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, sentinel_nodes: [[s, 1]], service_name: m}}\n";
    let breaks = Case::new(sentinel).compared();
    assert!(line(&breaks.changes[0]).starts_with("Breaks Startup [] starts -> TypeError"));
    assert_eq!(breaks.changes.len(), 1, "nothing else can be compared");
    assert_eq!(breaks.changes[0].cause.since.map(|v| v.to_string()).as_deref(), Some("1.85.0"));
    let aws = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, ssl: true, aws_iam_auth: true, aws_iam_user_name: u, aws_iam_cache_name: c, aws_iam_region: r}}\n";
    let fixes = Case::new(aws).compared();
    assert_eq!(fixes.changes[0].verdict, Verdict::Improves);
    assert_eq!(fixes.changes[0].cause.since.map(|v| v.to_string()).as_deref(), Some("1.102.0"));
}

#[test]
fn what_starts_on_neither_is_no_change() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, port: 1}}\n";
    let comparison = expect(&Case::new(config), &[]);
    assert!(comparison.starts_on_neither() && !comparison.fails());
}

#[test]
fn coordination_goes_elsewhere() {
    let config = "\
general_settings: {coordination_redis: {host: ch, port: 2}}
litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}
";
    expect(
        &Case::new(config),
        &[
            "Breaks Server [coordination and router, sync and async client] h:1 -> ch:2 (litellm 1.93.0)",
        ],
    );
}

#[test]
fn unknown_values_are_the_same_on_both_sides() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/H, port: 1, password: os.environ/P}}\n";
    let checking = Checking::new(config).incomplete().on("1.80.0", "5.3.1");
    let comparison = compared(&checking, ("1.109.1", "5.3.1"));
    let changes: Vec<_> = comparison.changes.iter().map(line).collect();
    assert!(changes.is_empty(), "{changes:?}");
}

#[test]
fn no_side_shows_a_secret() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, url: 'redis://u:hunter2-hunter2@h:1', password: correct-horse}}\n";
    let comparison = Case::new(config).env(&[("REDIS_PASSWORD", "staple-battery")]).compared();
    let said = format!("{:?} {:?}", comparison.changes, comparison.detours);
    for secret in ["hunter2", "correct-horse", "staple-battery"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn equal_pairs_differ_in_nothing() {
    let config =
        "litellm_settings: {cache: true, cache_params: {type: redis, host: h, ssl: true}}\n";
    let comparison = expect(&Case::new(config).to("1.80.0", "5.3.1"), &[]);
    assert_eq!(comparison.verdict(), None);
    assert!(comparison.appear.is_empty() && comparison.vanish.is_empty());
}

#[test]
fn a_newer_redis_py_hides_the_variables() {
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}\n";
    let case = Case::new(config).env(&[("REDIS_SSL", "true")]).to("1.80.0", "8.1.0");
    let comparison = case.compared();
    let lost = &comparison.changes[0];
    assert_eq!((lost.aspect, lost.verdict), (Aspect::Tls, Verdict::Weakens));
    assert!(line(lost).ends_with("(redis-py 6.0.0)"), "{}", line(lost));
    assert!(
        lost.cause.why.is_some_and(|why| why.contains("does not read the REDIS_*")),
        "{lost:?}"
    );
}

/// The codes of findings that an upgrade brings, and of those that it takes away.
fn codes(compared: &Comparison) -> (Vec<&str>, Vec<&str>) {
    let codes =
        |found: &'_ [redproof_core::finding::Finding]| found.iter().map(|one| one.code).collect();
    (codes(&compared.appear), codes(&compared.vanish))
}

/// A key that only one side reads is not a difference of clients: it is a finding that comes or goes.
#[test]
fn keys_that_come_and_go_are_shown() {
    let config = "general_settings:\n  fail_closed_rate_limit_enforcement: true\n";
    let (old, new) = (("1.104.0", "5.3.1"), ("1.105.0", "5.3.1"));
    let upgrade = Case::new(config).from(old.0, old.1).to(new.0, new.1).compared();
    assert_eq!(codes(&upgrade), (vec![], vec!["RP216"]));
    let back = Case::new(config).from(new.0, new.1).to(old.0, old.1).compared();
    assert_eq!(codes(&back), (vec!["RP216"], vec![]));
    let config = "litellm_settings:\n  enable_redis_auth_cache: true\n  cache: true\n  cache_params: {type: redis, host: localhost}\n";
    let back = Case::new(config).from("1.84.0", "5.3.1").to("1.83.14", "5.3.1").compared();
    assert!(codes(&back).0.contains(&"RP216"), "{:?}", codes(&back));
}

/// The clients are the same on both sides, and the proxy no longer starts.
#[test]
fn an_upgrade_that_refuses_the_master_key_fails() {
    let config = "general_settings:\n  master_key: sk-1234\n";
    let upgrade = Case::new(config).from("1.103.0", "5.3.1").to("1.104.0", "5.3.1").compared();
    assert_eq!(codes(&upgrade), (vec!["RP115"], vec![]));
    assert!(upgrade.fails(), "{:?}", upgrade.verdict());
}

fn compared(checking: &Checking, to: (&str, &str)) -> redproof_core::Comparison {
    let to = Releases::parse(Some(to.0), Some(to.1)).expect("supported");
    checking.with(|input| compare(input, to))
}
