//! Texts held against configurations.

use redproof_core::Report;
use redproof_core::diagnose::{Address, Entry, Holds, diagnose, entries, entry};
use support::Checking;

const NEW: (&str, &str) = ("1.109.1", "8.1.0");
const OLD: (&str, &str) = ("1.80.0", "5.3.1");

fn on(config: &str, variables: &[(&str, &str)], (litellm, redis_py): (&str, &str)) -> Report {
    Checking::new(config).variables(variables.iter().copied()).on(litellm, redis_py).report()
}

fn cache(params: &str) -> String {
    format!("litellm_settings:\n  cache: true\n  cache_params: {{type: redis, {params}}}\n")
}

/// Configurations of all kinds.
fn pool() -> Vec<Report> {
    let caches = [
        "host: redis, port: 6379",
        "host: localhost, port: 6379",
        "host: 10.0.0.5, port: 6380, password: s3cret-word",
        "host: \"redis:6379\", port: 6379",
        "host: \"red is\", port: 6379",
        "host: redis.internal, port: 6379, ssl: true, username: app, password: s3cret-word",
        "host: redis.internal, port: 6380, ssl: true, ssl_ca_certs: /ca.pem, ssl_certfile: /c.pem, ssl_keyfile: /k.pem",
        "host: redis.internal, port: 6380, ssl: true, ssl_cert_reqs: none",
        "host: 10.0.0.5, port: 6380, ssl: true, ssl_check_hostname: true",
        "host: x-ro.cache.amazonaws.com, port: 6379, db: 3, client_name: a b",
        "host: clustercfg.x.redis.azure.net, port: 10000, ssl: true, max_connections: 10",
        "host: redis, port: 26379, socket_timeout: 0.1",
        "host: replica.x.abc.use1.cache.amazonaws.com, port: 6379, ssl: true",
        "host: clustercfg.x.abc.memorydb.us-east-1.amazonaws.com, port: 6379, ssl: true",
        "redis_startup_nodes: [{host: n1, port: 7001}]",
        "redis_startup_nodes: [{host: n1, port: 7001}], ssl: true, ssl_certfile: /c.pem, ssl_keyfile: /k.pem",
        "redis_startup_nodes: [{host: n1, port: 7001}], db: 2",
        "redis_startup_nodes: [{host: n1, port: 7001}], ssl: true, ssl_check_hostname: true",
        "redis_startup_nodes: []",
        "redis_startup_nodes: [\"n1:7001\"]",
        "startup_nodes: [{host: n1, port: 7001}]",
        "sentinel_nodes: [[s1, 26379]], service_name: main, db: 2",
        "sentinel_nodes: [[s1, 26379]], service_name: main, password: s3cret-word, ssl: true",
        "sentinel_nodes: [[s1, 26379]]",
        "sentinel_nodes: [[s1]], service_name: main",
        "url: \"redis://:pa#ss@redis:6379\"",
        "url: \"redis:6379\"",
        "url: \"rediss://:p@ec2-1-2-3-4.compute-1.amazonaws.com:1234\"",
        "url: \"redis://redis:6379?socket_timeout=x\"",
        "url: \"rediss://redis:6379\", ssl_ca_certs: /ca.pem",
        "host: redis, port: 6379, max_connections: -5",
        "host: redis, port: 6379, no_such_key: 1",
        "host: redis, port: 6379, db: -1",
        "host: redis, port: 6379, ssl: true, ssl_cert_reqs: CERT_NONE",
        "host: redis, port: 6379, ssl: true, ssl_certfile: 5",
        "host: redis, port: 6379, protocol: 9",
        "host: redis, port: abc",
        "host: redis, port: 6379, ttl: os.environ/TTL",
        "host: redis, port: 6379, aws_iam_auth: true",
        "host: redis, port: 6379, gcp_service_account: projects/-/serviceAccounts/a@b.iam.gserviceaccount.com",
        "host: redis, port: 6379, driver_info: x",
        "path: /run/redis.sock, host: h, port: 1",
        "host: h, port: 1, ttl: -1",
        "unix_socket_path: /run/redis.sock, host: redis, port: 6379",
        "",
        "host: redis, port: 6379, credential_provider: x, password: y",
    ];
    let mut texts: Vec<String> = caches.iter().map(|params| cache(params)).collect();
    let more = [
        "model_list: []\n",
        "",
        "a: b: c\n",
        "something: else\n",
        "general_settings: {coordination_redis: {}}\n",
        "general_settings: {coordination_redis: {port: 1}}\n",
        "router_settings: {redis_host: h, redis_port: 6379, redis_ssl: true, redis_db: 1, redis_password: p}\n",
        "router_settings: {routing_strategy: no-such}\n",
        "router_settings: {redis_url: \"unix:///run/redis.sock\"}\n",
        "environment_variables: {A: [1]}\n",
        "litellm_settings: {cache: true, cache_params: {type: rediss, host: h}}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: h, port: 6379, password: p}}\n",
        "litellm_settings: {cache: true, cache_params: {type: disk}}\n",
        "litellm_settings: {cache: true, cache_params: {type: local}}\n",
        "litellm_settings: {cache: true, cache_params: {type: valkey-semantic, redis_startup_nodes: [{host: h, port: 1}], similarity_threshold: 0.8}}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: h, port: 6379, password: p, similarity_threshold: 0.8}}\n",
        "litellm_settings: {cache: false, cache_params: {type: redis, host: h, port: 6379}}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 6379}}\nrouter_settings: {redis_host: h, redis_port: 6379, redis_ssl: true}\n",
        "cache: {type: redis, host: h}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 6379, ssl: true, password: p}}\nrouter_settings: {redis_host: h, redis_port: 6379, redis_password: p}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: h, port: 1}], ssl: true, gcp_service_account: projects/-/serviceAccounts/a@b.iam.gserviceaccount.com}}\n",
        "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 6380, ssl: true, azure_redis_ad_token: true}}\n",
    ];
    texts.extend(more.map(str::to_owned));
    let mut reports: Vec<Report> = vec![];
    for text in &texts {
        reports.push(on(text, &[("TTL", "60")], NEW));
        reports.push(on(text, &[("TTL", "60")], OLD));
    }
    reports.push(on(
        &cache("host: h, port: 1, ssl: true, ssl_cert_reqs: none"),
        &[],
        ("1.80.0", "6.0.0"),
    ));
    let plain = cache("");
    reports.push(on(&plain, &[("REDIS_CLUSTER_NODES", "n1:7001")], NEW));
    reports.push(on(&plain, &[("REDIS_HOST", "h"), ("REDIS_PORT", "tcp://10.0.0.1:6379")], OLD));
    reports
}

/// What the first text of an entry gives in a configuration.
fn first_cause(entry: &'static Entry, report: &Report) -> Holds {
    let text = entry.texts[0].says.replace("{}", "7");
    let said = diagnose(&text, Some(report)).said;
    let said = said.iter().find(|said| said.entry.id == entry.id).expect("found");
    let answer = said.answer.as_ref().expect("a configuration is there");
    let judged = answer.causes.iter().chain(&answer.ruled_out);
    let first =
        judged.into_iter().find(|judged| std::ptr::eq(judged.cause, &raw const entry.causes[0]));
    first.expect("each cause is judged").holds
}

#[test]
fn the_first_cause_applies_somewhere_and_elsewhere_not() {
    let pool = pool();
    let mut wrong = vec![];
    for entry in entries() {
        // Defects are those of few releases: `known_defects` tries each on its own.
        if matches!(entry.causes[0].when, redproof_core::diagnose::When::Meets(_)) {
            continue;
        }
        let held: Vec<Holds> = pool.iter().map(|report| first_cause(entry, report)).collect();
        if matches!(entry.causes[0].when, redproof_core::diagnose::When::Always) {
            assert!(held.iter().all(|holds| *holds == Holds::Perhaps), "{}", entry.id);
        } else if !held.contains(&Holds::Yes) || !held.contains(&Holds::No) {
            wrong.push(entry.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The causes that apply, of the entry that comes first.
fn applying(log: &str, report: &Report) -> (&'static str, Vec<&'static str>) {
    let diagnosis = diagnose(log, Some(report));
    let said = diagnosis.said.first().expect("known");
    let answer = said.answer.as_ref().expect("a configuration is there");
    let applying = answer.causes.iter().filter(|judged| judged.holds == Holds::Yes);
    (said.entry.id, applying.map(|judged| judged.cause.says).collect())
}

#[test]
fn causes_are_those_of_the_configuration() {
    let refused = "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.";
    let (id, causes) = applying(refused, &on(&cache("host: localhost, port: 6379"), &[], NEW));
    assert_eq!(id, "connection-refused");
    assert!(causes[0].contains("in a container"), "{causes:?}");

    let reset =
        "ConnectionError: Error while reading from redis:6380 : (104, 'Connection reset by peer')";
    let (_, causes) = applying(reset, &on(&cache("host: redis, port: 6380"), &[], NEW));
    assert!(causes[0].contains("greets it in plaintext"), "{causes:?}");
    let (_, causes) = applying(reset, &on(&cache("host: redis, port: 6380, ssl: true"), &[], NEW));
    assert!(causes[0].contains("client certificate"), "{causes:?}");

    let hello = "ResponseError: unknown command 'HELLO', with args beginning with: '3'";
    let plain = cache("host: redis, port: 6379");
    assert_eq!(applying(hello, &on(&plain, &[], NEW)).1.len(), 1);
    assert_eq!(applying(hello, &on(&plain, &[], OLD)).1.len(), 0);
}

#[test]
fn a_line_that_names_a_server_is_about_its_clients() {
    let config = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: one, port: 6379, ssl: true}\n\
                  router_settings: {redis_host: two, redis_port: 6379}\n";
    let report = on(config, &[], NEW);
    let of = |host: &str| {
        let log =
            format!("Error while reading from {host}:6379 : (104, 'Connection reset by peer')");
        let said = diagnose(&log, Some(&report)).said;
        let answer = said[0].answer.clone().expect("a configuration is there");
        let plaintext = answer
            .causes
            .iter()
            .any(|judged| judged.holds == Holds::Yes && judged.cause.says.contains("in plaintext"));
        (said[0].address, plaintext)
    };
    assert_eq!(of("one"), (Address::Configured, false));
    assert_eq!(of("two"), (Address::Configured, true));
    assert_eq!(of("three"), (Address::Foreign, true));
}

#[test]
fn what_the_simulation_raises_is_said_to_be_this_configuration() {
    let report = on(&cache("host: redis, port: 6379, max_connections: -5"), &[], NEW);
    let said =
        diagnose("ValueError: \"max_connections\" must be a positive integer", Some(&report)).said;
    let answer = said[0].answer.as_ref().expect("a configuration is there");
    assert!(answer.simulated);
    let codes: Vec<_> = answer.findings.iter().map(|at| report.diagnostics[*at].code).collect();
    assert_eq!(codes, ["RP101"]);
    let other = on(&cache("host: redis, port: 6379"), &[], NEW);
    let said =
        diagnose("ValueError: \"max_connections\" must be a positive integer", Some(&other)).said;
    assert!(!said[0].answer.as_ref().expect("a configuration is there").simulated);
}

#[test]
fn a_text_of_another_release_is_said_to_be() {
    let log = "litellm.proxy: coordination_redis: REDIS_* environment variables named a Redis that is not reachable (x)";
    let config = cache("host: redis, port: 6379");
    let other = |pair| {
        let said = diagnose(log, Some(&on(&config, &[], pair))).said;
        said[0].answer.as_ref().expect("a configuration is there").other_release.clone()
    };
    assert_eq!(other(NEW), None);
    let said = "LiteLLM 1.80.0 does not say this; it is a text of 1.101.0 to 1.110.2";
    assert_eq!(other(OLD).as_deref(), Some(said));
}

#[test]
fn no_secret_is_kept() {
    let secret = "hunter2-hunter2";
    let log = format!(
        "ValueError: Port could not be cast to integer value as '{secret}'\n\
         {secret}Error: x\nError 111 connecting to {secret}:6379. Connection refused.\n\
         ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `app`, `{secret}`\n\
         Invalid value for '{secret}' in connection URL\nREDIS_PASSWORD={secret}\n"
    );
    let report = on(&cache(&format!("host: redis, port: 6379, password: {secret}")), &[], NEW);
    for diagnosis in [diagnose(&log, None), diagnose(&log, Some(&report))] {
        assert!(diagnosis.said.len() >= 3);
        assert!(!format!("{diagnosis:?}").contains("hunter2"));
    }
}

/// What each file that decides is written in is named.
#[test]
fn evidence_names_place_and_server() {
    let report = on(&cache("host: redis, port: 6380"), &[], NEW);
    let log = "Error while reading from redis:6380 : (104, 'Connection reset by peer')";
    let said = diagnose(log, Some(&report)).said;
    let answer = said[0].answer.as_ref().expect("a configuration is there");
    let evidence = &answer.causes[0].evidence[0];
    assert_eq!(evidence.target, "redis:6380");
    assert_eq!(evidence.setting, Some("port"));
    assert_eq!(evidence.place.as_deref(), Some("config.yaml:3:50"));
    assert!(evidence.whose.starts_with("response cache"), "{}", evidence.whose);
    assert!(entry(said[0].entry.id).is_some());
}

/// The first cause of an entry in a configuration, and whether it applies.
fn foremost(log: &str, report: &Report) -> (&'static str, Holds) {
    let said = diagnose(log, Some(report)).said;
    let answer = said[0].answer.as_ref().expect("a configuration is there");
    let judged = answer.causes.first().expect("one applies or may");
    (judged.cause.says, judged.holds)
}

#[test]
fn a_known_defect_of_the_release_comes_first() {
    let google = "litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: h, port: 1}], gcp_service_account: projects/-/serviceAccounts/a@b.iam.gserviceaccount.com}}\n";
    let login = "RedisClusterException: Redis Cluster cannot be connected. Please provide at least one reachable node: Authentication required.";
    let (says, holds) = foremost(login, &on(google, &[], ("1.84.0", "5.3.1")));
    assert!(says.starts_with("With Google IAM on a cluster") && holds == Holds::Yes, "{says}");
    let (says, _) = foremost(login, &on(google, &[], NEW));
    assert!(!says.starts_with("With Google IAM"), "{says}");

    let buffer = "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 6379}}\n";
    let lpop = "redis.exceptions.ResponseError: wrong number of arguments for 'lpop' command";
    let (says, holds) = foremost(lpop, &on(buffer, &[], ("1.67.0", "5.2.1")));
    assert!(says.contains("LPOP key count") && holds == Holds::Perhaps, "{says}");
    let (says, _) = foremost(lpop, &on(buffer, &[], NEW));
    assert_eq!(says, "The server is older than Redis 6.2.");
}

#[test]
fn a_public_service_is_not_taken_for_a_private_one() {
    let log = "ConnectionError: Error 1 connecting to master.c.abc.use1.cache.amazonaws.com:6379. [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000).";
    let config = cache("host: master.c.abc.use1.cache.amazonaws.com, port: 6379, ssl: true");
    let (says, holds) = foremost(log, &on(&config, &[], NEW));
    assert!(says.contains("public authority") && holds == Holds::Yes, "{says}");
}
