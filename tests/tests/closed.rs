//! Connections that end without a word, servers that want a client certificate or do not, and those that
//! are something else: what was seen is said, and no cure that hurts.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use openssl::ssl::{SslAcceptor, SslMethod, SslVerifyMode, SslVersion};
use redproof_core::releases::Pair;
use redproof_probe::{ConnectionReport, Options, ProbeOutcome as O, Report, probe_blocking};
use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::servers::{Answer, RedisServer, Stranger};
use redproof_tests::situations::{PAIRS, outcome_of};
use serde_json::{Value, json};

fn probe(settings: &Value, pair: (&str, &str)) -> Report {
    let pair = Pair::parse(pair.0, pair.1).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    let hosts = vec![("bücher.test".to_owned(), [127, 0, 0, 1].into())];
    let options = Options { hosts, ..Options::default() };
    probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("a runtime starts")
}

fn first(report: &Report) -> &ConnectionReport {
    report.connections.first().expect("a connection")
}

/// A CA, and a server's certificate of it with the files of both.
fn pki(directory: &Path, wish: &Wish) -> (Identity, Identity, TlsFiles) {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
    let root_files = root.write(directory, "root", &[]).expect("its files");
    let server = Identity::new(wish, Some(&root)).expect("a certificate");
    let files = server.write(directory, "server", &[]).expect("its files");
    let files = TlsFiles::new(&files, &root_files);
    (root, server, files)
}

fn tls(directory: &Path, port: u16) -> Value {
    let authority = directory.join("root.crt").display().to_string();
    json!({"host": "localhost", "port": port, "ssl": true, "ssl_ca_certs": authority})
}

#[test]
fn a_request_for_a_client_certificate_is_seen() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (_root, _server, files) = pki(directory.path(), &Wish::server());
    for protocols in ["TLSv1.2", "TLSv1.3"] {
        for (auth, requested) in [("yes", true), ("optional", true), ("no", false)] {
            let mut arguments = files.arguments();
            arguments.extend(["--tls-protocols", protocols, "--tls-auth-clients", auth]);
            let server = RedisServer::start(directory.path(), &arguments);
            let report = probe(&tls(directory.path(), server.port), PAIRS[1]);
            let connection = first(&report);
            let expected = if auth == "yes" { O::ClientCertRequired } else { O::Ok };
            assert_eq!(connection.outcome, expected, "{protocols} {auth} {report:#?}");
            let seen = connection.tls.as_ref().expect("a certificate was seen");
            assert_eq!(seen.client_certificate_requested, requested, "{protocols} {auth}");
        }
    }
}

/// redis-server names no authorities; others do.
#[test]
fn the_authorities_that_are_asked_for_are_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (root, server, _files) = pki(directory.path(), &Wish::server());
    for version in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())
            .expect("OpenSSL has its defaults");
        acceptor.set_certificate(&server.certificate).expect("a good certificate");
        acceptor.set_private_key(&server.key).expect("its key");
        acceptor.set_max_proto_version(Some(version)).expect("OpenSSL has it");
        acceptor.set_verify(SslVerifyMode::PEER);
        acceptor.add_client_ca(&root.certificate).expect("a name");
        let acceptor = acceptor.build();
        let stranger = Stranger::start(move |stream| drop(acceptor.accept(stream)));
        let report = probe(&tls(directory.path(), stranger.port), PAIRS[0]);
        let connection = first(&report);
        assert_eq!(connection.outcome, O::ClientCertRequired, "{report:#?}");
        let seen = connection.tls.as_ref().expect("a certificate was seen");
        assert_eq!(seen.client_authorities, ["CN = Root"], "{version:?}");
    }
}

#[test]
fn what_closes_after_the_handshake_wants_no_certificate() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (_root, server, _files) = pki(directory.path(), &Wish::server());
    let balancer = Stranger::tls(&server, drop);
    for pair in PAIRS {
        let report = probe(&tls(directory.path(), balancer.port), pair);
        let connection = first(&report);
        assert_eq!(connection.outcome, O::ProtocolError, "{report:#?}");
        let help = connection.help.clone().unwrap_or_default();
        assert!(help.contains("behind the load balancer") && help.contains("PROXY"), "{help}");
        assert!(!help.contains("ssl_certfile"), "{help}");
    }
}

#[test]
fn nothing_says_to_turn_tls_off_unless_plaintext_was_seen() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    pki(directory.path(), &Wish::server());
    let redis = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let closing = Stranger::closing();
    let http = Stranger::saying(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    for (port, outcome, off) in [
        (closing.port, O::ProtocolError, false),
        (http.port, O::NotTlsServer, false),
        (redis.port, O::NotTlsServer, true),
    ] {
        let report = probe(&tls(directory.path(), port), PAIRS[1]);
        let connection = first(&report);
        assert_eq!(connection.outcome, outcome, "{report:#?}");
        let help = connection.help.clone().unwrap_or_default();
        assert_eq!(help.contains("REDIS_SSL out"), off, "{help}");
    }
}

/// A second look tells what closes at a command from what has nothing behind it, and the cure cures.
#[test]
fn what_closes_at_a_command_is_told_from_what_closes_at_all() {
    for (closes, pair, cure) in
        [("HELLO", PAIRS[1], "protocol: 2"), ("CLIENT", PAIRS[0], "twemproxy")]
    {
        let proxy =
            Stranger::redis_that(
                move |command| {
                    if command == closes { Answer::Closes } else { Answer::Usual }
                },
            );
        let mut settings = json!({"host": "127.0.0.1", "port": proxy.port});
        let report = probe(&settings, pair);
        let connection = first(&report);
        assert_eq!(connection.outcome, O::ProtocolError, "{report:#?}");
        let help = connection.help.clone().unwrap_or_default();
        assert!(help.contains(cure), "{closes}: {help}");
        if closes == "HELLO" {
            settings["protocol"] = json!(2);
            assert_eq!(probe(&settings, pair).outcome, O::Ok);
        }
    }
    let nothing = Stranger::closing();
    for pair in PAIRS {
        let report = probe(&json!({"host": "127.0.0.1", "port": nothing.port}), pair);
        let help = first(&report).help.clone().unwrap_or_default();
        assert!(help.contains("behind the load balancer"), "{help}");
        assert!(!help.contains("protocol: 2") && !help.contains("twemproxy"), "{help}");
    }
}

#[test]
fn the_proxy_protocol_is_named() {
    let server =
        Stranger::saying(b"-ERR unknown command 'PROXY', with args beginning with: 'TCP4' \r\n");
    for pair in PAIRS {
        let report = probe(&json!({"host": "127.0.0.1", "port": server.port}), pair);
        let connection = first(&report);
        assert_eq!(connection.outcome, O::ProtocolError, "{report:#?}");
        assert!(connection.help.as_ref().is_some_and(|help| help.contains("send-proxy")));
    }
}

/// `Sentinel.discover_master` catches `ConnectionError` and `TimeoutError`, nothing else.
#[test]
fn a_redis_among_the_sentinels_stops_the_search() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let sentinel = RedisServer::start_sentinel(directory.path(), master.port);
    let http = Stranger::saying(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    for (other, works) in [(master.port, false), (http.port, false), (1, true)] {
        for pair in PAIRS {
            let nodes = json!([["127.0.0.1", other], ["127.0.0.1", sentinel.port]]);
            let report = probe(&json!({"sentinel_nodes": nodes, "service_name": "main"}), pair);
            assert_eq!(report.outcome == O::Ok, works, "{other} {report:#?}");
            if !works {
                let help = first(&report).help.clone().unwrap_or_default();
                assert!(help.contains("26379"), "{help}");
            }
            let nodes = json!([["127.0.0.1", sentinel.port], ["127.0.0.1", other]]);
            let report = probe(&json!({"sentinel_nodes": nodes, "service_name": "main"}), pair);
            assert_eq!(report.outcome, O::Ok, "{report:#?}");
        }
    }
}

#[test]
fn names_beyond_ascii_are_pythons() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let wish = Wish::server().named(&["xn--bcher-kva.test"], &[]);
    let (_root, _server, files) = pki(directory.path(), &wish);
    let server = RedisServer::start(directory.path(), &files.arguments());
    let mut settings = tls(directory.path(), server.port);
    settings["host"] = json!("bücher.test");
    let report = probe(&settings, PAIRS[1]);
    assert_eq!(report.outcome, O::Ok, "{report:#?}");
}

#[test]
fn files_in_another_form_have_a_command() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (root, server, _files) = pki(directory.path(), &Wish::server());
    let store = openssl::pkcs12::Pkcs12::builder()
        .pkey(&server.key)
        .cert(&server.certificate)
        .build2("secret")
        .and_then(|store| store.to_der())
        .expect("a store");
    for (name, bytes, command) in [
        ("root.der", root.certificate.to_der().expect("DER"), "openssl x509 -inform der"),
        ("store.p12", store, "openssl pkcs12 -in"),
    ] {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).expect("it is written");
        let mut settings = tls(directory.path(), 1);
        settings["ssl_ca_certs"] = json!(path.display().to_string());
        let report = probe(&settings, PAIRS[1]);
        assert_eq!(report.outcome, O::CaFileInvalid, "{report:#?}");
        let help = first(&report).help.clone().unwrap_or_default();
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn hosts_that_are_more_than_a_name_are_told_so() {
    for (host, said) in [
        ("localhost:6379", "into `port`"),
        ("rediss://h", "into `url`"),
        ("[::1]", "without brackets"),
        ("no such.invalid", "blanks"),
    ] {
        let report = probe(&json!({"host": host, "port": 1}), PAIRS[1]);
        assert_eq!(report.outcome, O::Dns, "{report:#?}");
        let help = first(&report).help.clone().unwrap_or_default();
        assert!(help.contains(said), "{host}: {help}");
    }
}

/// Shakes hands with these, and no more.
fn acceptor(identity: &Identity) -> SslAcceptor {
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())
        .expect("OpenSSL has its defaults");
    acceptor.set_certificate(&identity.certificate).expect("a good certificate");
    acceptor.set_private_key(&identity.key).expect("its key");
    acceptor.build()
}

/// As a cache in a mode that prefers TLS: the first byte tells which is spoken.
#[test]
fn a_port_that_speaks_both_is_waited_for() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (_root, server, _files) = pki(directory.path(), &Wish::server());
    let acceptor = acceptor(&server);
    let plaintext = Arc::new((Mutex::new(0), Condvar::new()));
    let stranger = Stranger::start(move |mut stream| {
        let (seen, told) = &*plaintext;
        let mut first = [0];
        if stream.peek(&mut first).is_err() {
            return;
        }
        if first == [0x16] {
            let mut head = [0; 5];
            // What merely begins like a greeting is waited for.
            let whole =
                stream.peek(&mut head).is_ok_and(|count| count == 5 && head[3..] != *b"\r\n");
            let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
            let mut seen = seen.lock().expect("nobody panicked");
            // The handshake is answered once plaintext was tried.
            while whole && *seen == 0 {
                seen = told.wait(seen).expect("nobody panicked");
            }
            drop(seen);
            drop(acceptor.accept(stream));
        } else {
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"+PONG\r\n");
            *seen.lock().expect("nobody panicked") += 1;
            told.notify_all();
        }
    });
    let report = probe(&tls(directory.path(), stranger.port), PAIRS[1]);
    let connection = first(&report);
    assert!(connection.tls.is_some(), "{connection:#?}");
    assert_eq!(connection.outcome, O::ProtocolError, "it closes after the handshake");
}

/// A box on the way that drops greetings which do not fit into a packet.
#[test]
fn a_dropped_long_greeting_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (_root, server, _files) = pki(directory.path(), &Wish::server());
    let acceptor = acceptor(&server);
    let stranger = Stranger::start(move |mut stream| {
        let mut head = [0; 5];
        while stream.peek(&mut head).is_ok_and(|count| count > 0 && count < 5) {}
        if u16::from_be_bytes([head[3], head[4]]) > 1000 || head[0] != 0x16 {
            // Nothing comes of it, until the client gives up.
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        } else {
            drop(acceptor.accept(stream));
        }
    });
    let mut settings = tls(directory.path(), stranger.port);
    settings["socket_timeout"] = json!(1);
    settings["socket_connect_timeout"] = json!(1);
    let report = probe(&settings, PAIRS[1]);
    let connection = first(&report);
    assert_eq!(connection.outcome, O::Timeout);
    let detail = connection.detail.as_deref().expect("a sentence");
    assert!(detail.contains("It answers a short TLS greeting"), "{detail}");
}

/// A root that is over is the client's to replace: a new certificate of the server's would not help.
#[test]
fn an_expired_root_is_the_clients() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let wish = Wish { until: -1, ..Wish::authority("Root") };
    let root = Identity::new(&wish, None).expect("a CA");
    let root_files = root.write(path, "root", &[]).expect("its files");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let files = TlsFiles::new(&server.write(path, "server", &[]).expect("its files"), &root_files);
    let server = RedisServer::start(path, &files.arguments());
    let report = probe(&tls(path, server.port), PAIRS[1]);
    let connection = first(&report);
    assert_eq!(connection.outcome, O::CertExpired, "{connection:#?}");
    assert_eq!(connection.side.map(|side| format!("{side:?}")).as_deref(), Some("Client"));
    assert!(connection.help.as_deref().is_some_and(|help| help.contains("ssl_ca_certs")));
}

/// A node takes the keys of its own slots from any client, and no two of different slots.
#[test]
fn a_cluster_node_is_called_one_whatever_the_key() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments = ["--port", "{port}", "--cluster-enabled", "yes"];
    let server = RedisServer::start(directory.path(), &arguments);
    let slots = server.plain_command("CLUSTER ADDSLOTSRANGE 0 16383").expect("it answers");
    assert!(slots.starts_with("+OK"), "{slots}");
    redproof_tests::topologies::wait_until("the cluster comes up", || {
        server.plain_command("CLUSTER INFO").is_ok_and(|info| info.contains("state:ok"))
    });
    for pair in PAIRS {
        for read_only in [false, true] {
            let settings = json!({"host": "127.0.0.1", "port": server.port, "namespace": "n"});
            let options = Options { read_only, ..Options::default() };
            let pair = Pair::parse(pair.0, pair.1).expect("a supported pair");
            let outcome = outcome_of(settings.as_object().expect("an object"), pair);
            let report = probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("it runs");
            let connection = first(&report);
            assert_eq!(connection.outcome, O::ServerState, "{connection:#?}");
            let help = connection.help.as_deref().expect("a cure");
            assert!(help.contains("redis_startup_nodes"), "{help}");
        }
    }
}

#[test]
fn a_sentinel_in_a_servers_place_is_called_one() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let sentinel = RedisServer::start_sentinel(directory.path(), master.port);
    for pair in PAIRS {
        let report = probe(&json!({"host": "127.0.0.1", "port": sentinel.port}), pair);
        let connection = first(&report);
        assert_eq!(connection.outcome, O::ServerState, "{connection:#?}");
        let detail = connection.detail.as_deref().expect("a sentence");
        assert!(detail.starts_with("This is a Sentinel"), "{detail}");
        assert!(connection.help.as_deref().is_some_and(|help| help.contains("sentinel_nodes")));
    }
}

/// What redis-py's clients were measured to do with a port that refuses: the pool that LiteLLM's async
/// client has gives up at once, `redis.Redis` of 8 after ten more attempts.
#[test]
fn how_long_litellm_tries_is_said() {
    for (pair, attempts) in [(PAIRS[0], 1), (("1.109.1", "7.4.1"), 4), (PAIRS[1], 11)] {
        let settings = json!({"host": "127.0.0.1", "port": 1, "socket_timeout": 2});
        let report = probe(&settings, pair);
        let all = report.connections.iter().flat_map(|one| &one.gives_up_after);
        let of = |api: &str| all.clone().find(|one| one.api == api).expect("both clients");
        assert_eq!((of("async").attempts, of("sync").attempts), (1, attempts), "{pair:?}");
        assert!(of("async").refused < 0.1 && of("async").silent == Some(2.0), "{pair:?}");
        assert_eq!(of("sync").refused > 1.0, attempts > 1, "{pair:?}");
    }
}

/// A cluster's clients ask each start-up node once: measured, two that stay silent take twice the timeout, on
/// redis-py 5.3.1 and 8.1.0 alike.
#[test]
fn how_long_a_cluster_client_tries_is_said() {
    let mut limited = 0;
    for pair in PAIRS {
        let nodes = json!([{"host": "127.0.0.1", "port": 1}, {"host": "127.0.0.1", "port": 2}]);
        let report = probe(&json!({"redis_startup_nodes": nodes, "socket_timeout": 2}), pair);
        let all: Vec<_> = report.connections.iter().flat_map(|one| &one.gives_up_after).collect();
        assert!(!all.is_empty(), "{pair:?} {report:#?}");
        for one in all {
            assert!(one.attempts == 2 && one.refused < 0.1, "{pair:?} {one:?}");
            // LiteLLM does not give the timeout to every client: without one it waits for ever.
            assert!(
                one.silent.is_none_or(|seconds| (seconds - 4.0).abs() < 1e-9),
                "{pair:?} {one:?}"
            );
            // redis-py 8 has a timeout of its own for connecting.
            assert!(one.unreachable.is_none_or(|seconds| seconds >= 4.0), "{pair:?} {one:?}");
            limited += usize::from(one.silent.is_some());
        }
    }
    assert!(limited > 0);
}

/// Sentinels are asked in their order, and the client for each tries again.
#[test]
fn a_sentinel_that_does_not_answer_keeps_waiting() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let sentinel = RedisServer::start_sentinel(directory.path(), master.port);
    for (pair, found) in [(PAIRS[0], false), (PAIRS[1], true)] {
        for (nodes, first) in [
            (json!([["127.0.0.1", 1], ["127.0.0.1", sentinel.port]]), true),
            (json!([["127.0.0.1", sentinel.port], ["127.0.0.1", 1]]), false),
        ] {
            let settings = json!({"sentinel_nodes": nodes, "service_name": "main"});
            let report = probe(&settings, pair);
            let mut all = report.connections.iter().flat_map(|one| &one.findings);
            assert_eq!(all.any(|one| one.code == "RP555"), found && first, "{pair:?} {report:#?}");
        }
    }
}
