//! The live test, against a real TLS Redis.

use redproof_tests::browser::Browser;
use redproof_tests::certificates::{Identity, Wish};
use redproof_tests::programs::{Companion, page};
use redproof_tests::servers::RedisServer;
use serde_json::json;

#[test]
fn the_live_test_probes_a_real_server() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let authority = Identity::new(&Wish::authority("Redproof test CA"), None).expect("a CA");
    let server = Identity::new(&Wish::server(), Some(&authority)).expect("a certificate");
    authority.write(directory.path(), "ca", &[]).expect("the CA is written");
    server.write(directory.path(), "server", &[]).expect("the certificate is written");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let redis = RedisServer::start(
        directory.path(),
        &[
            "--port",
            "0",
            "--tls-port",
            "{port}",
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            &path("server.crt"),
            "--tls-key-file",
            &path("server.key"),
            "--tls-ca-cert-file",
            &path("ca.crt"),
            "--requirepass",
            "a-secret",
        ],
    );
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    let hash = browser.run("return location.hash", &[]);
    assert_eq!(hash, json!(""), "the token stays in no address");

    let config = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    \
         port: {}\n    ssl: true\n    ssl_ca_certs: {}\n    password: os.environ/REDIS_PASSWORD\n",
        redis.port,
        path("ca.crt"),
    );
    browser.paste("config", &config);
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    browser.click(".test-live");
    browser.wait("the live test is over", "return !!document.querySelector('.live .badge')");
    let live = browser.texts(".live").concat();
    let badges = browser.texts(".live .badge");
    assert!(badges.iter().all(|badge| badge == "ok"), "{live}");
    assert!(
        live.contains("PING") && live.contains("TLSv1.3") && live.contains("redis.test"),
        "{live}"
    );

    browser.paste("environment", "REDIS_PASSWORD=wrong\n");
    browser.click(".test-live");
    let failed = "return !!document.querySelector('.live .badge.error')";
    browser.wait("the live test fails", failed);
    let badges = browser.texts(".live .badge");
    assert!(badges.iter().any(|badge| badge == "auth_failed"), "{badges:?}");
}
