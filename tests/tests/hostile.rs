//! The probe against broken and hostile servers: each ends in time, with the right outcome.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv6Addr};
use std::process::Command;
use std::time::{Duration, Instant};

use redproof_core::releases::Pair;
use redproof_probe::{Event, Interrupt, Options, ProbeOutcome as O, Report, probe_blocking};
use redproof_tests::certificates::{Identity, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::servers::{RedisServer, Stranger};
use redproof_tests::situations::{PAIRS, outcome_of};
use serde_json::{Value, json};

const STEP: Duration = Duration::from_millis(600);
const OVERALL: Duration = Duration::from_secs(2);
/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(2);

fn options() -> Options {
    Options { step_timeout: STEP, overall_timeout: OVERALL, ..Options::default() }
}

fn probe(settings: &Value, options: &Options) -> Report {
    let (litellm, redis_py) = PAIRS[1];
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    probe_blocking(&outcome, pair, options, &mut |_| {}).expect("a runtime starts")
}

fn expect(name: &str, stranger: &Stranger, more: &[(&str, Value)], expected: O) {
    let mut settings = json!({"host": "127.0.0.1", "port": stranger.port});
    for (key, value) in more {
        settings[*key] = value.clone();
    }
    // What ends by its content has more time than it needs, however busy the machine is.
    let options = if expected == O::Timeout { options() } else { patient() };
    let started = Instant::now();
    let report = probe(&settings, &options);
    let taken = started.elapsed();
    assert_eq!(report.outcome, expected, "{name}: {:?}", report.detail);
    assert!(taken < options.overall_timeout + SLACK, "{name} takes {taken:?}");
}

fn patient() -> Options {
    let (step_timeout, overall_timeout) = (Duration::from_secs(5), Duration::from_secs(20));
    Options { step_timeout, overall_timeout, ..Options::default() }
}

#[test]
fn servers_that_misbehave_in_plaintext() {
    let (none, tls): (&[_], &[_]) = (&[], &[("ssl", json!(true))]);
    expect("silent", &Stranger::silent(), none, O::Timeout);
    expect("silent, TLS", &Stranger::silent(), tls, O::Timeout);
    expect("closing", &Stranger::closing(), none, O::ProtocolError);
    expect("closing, TLS", &Stranger::closing(), tls, O::ProtocolError);
    let garbage = || Stranger::endless(b"\x00\x01garbage", b"\xff\xfe\r\n");
    expect("garbage", &garbage(), none, O::ProtocolError);
    expect("garbage, TLS", &garbage(), tls, O::NotTlsServer);
    let http = || Stranger::saying(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    expect("HTTP", &http(), none, O::ProtocolError);
    expect("HTTP, TLS", &http(), tls, O::NotTlsServer);
    let ssh = || Stranger::saying(b"SSH-2.0-OpenSSH_9.2\r\n");
    expect("SSH", &ssh(), none, O::ProtocolError);
    let endless = Stranger::endless(b"+", &[b'O'; 16_384]);
    expect("endless line", &endless, none, O::ProtocolError);
    let pushes = Stranger::endless(b"", b">1\r\n+x\r\n");
    expect("pushes without end", &pushes, none, O::ProtocolError);
    let gigantic = Stranger::endless(b"$4000000000\r\n", &[b'x'; 16_384]);
    expect("gigantic text", &gigantic, none, O::ProtocolError);
    let wide = Stranger::endless(b"*2000000000\r\n", b":1\r\n");
    expect("gigantic array", &wide, none, O::ProtocolError);
    let negative = Stranger::saying(b"$-2\r\n");
    expect("negative length", &negative, none, O::ProtocolError);
    let deep = Stranger::endless(b"", b"*1\r\n");
    expect("nested without end", &deep, none, O::ProtocolError);
    let drip = || Stranger::dripping(b"%1\r\n$6\r\nserver\r\n", Duration::from_millis(200));
    expect("a byte at a time", &drip(), none, O::Timeout);
    let record = Stranger::saying(b"\x16\x03\x03\x40\x00\x02");
    expect("half a TLS record, then the end", &record, tls, O::ProtocolError);
    let half = Stranger::start(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"\x16\x03\x03\x40\x00\x02");
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    expect("half a TLS record, then silence", &half, tls, O::Timeout);
}

#[test]
fn servers_that_misbehave_after_the_handshake() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
    let files = root.write(directory.path(), "root", &[]).expect("its file");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let tls = [("ssl", json!(true)), ("ssl_ca_certs", json!(files.certificate))];
    let silent = Stranger::tls(&server, |mut stream| {
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    expect("handshake, then silence", &silent, &tls, O::Timeout);
    let garbage = Stranger::tls(&server, |mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"what?\r\n");
    });
    expect("handshake, then garbage", &garbage, &tls, O::ProtocolError);
    let endless = Stranger::tls(&server, |mut stream| {
        let _ = stream.write_all(b"+");
        while stream.write_all(&[b'O'; 16_384]).is_ok() {}
    });
    expect("handshake, then an endless line", &endless, &tls, O::ProtocolError);
    let drip = Stranger::tls(&server, |mut stream| {
        while stream.write_all(b"+").is_ok() {
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    expect("handshake, then a byte at a time", &drip, &tls, O::Timeout);
    let http = Stranger::tls(&server, |mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    expect("an HTTPS server", &http, &tls, O::ProtocolError);
}

/// Half a gigabyte of address space is enough for the hungriest reply.
#[test]
fn memory_is_bounded() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let strangers = [
        Stranger::endless(b"$4000000000\r\n", &[b'x'; 16_384]),
        Stranger::endless(b"*2000000000\r\n", b"$1\r\nx\r\n"),
        Stranger::endless(b"%2000000000\r\n", b":1\r\n"),
        Stranger::endless(b"", b"*1\r\n"),
        Stranger::endless(b"+", &[b'O'; 16_384]),
    ];
    for (index, stranger) in strangers.iter().enumerate() {
        let config = directory.path().join(format!("{index}.yaml"));
        let text = format!(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: 127.0.0.1\n    port: {}\n",
            stranger.port
        );
        std::fs::write(&config, text).expect("the config is written");
        let output = Command::new("sh")
            .args(["-c", "ulimit -v 524288; exec \"$0\" \"$@\""])
            .arg(redproof())
            .args(["probe", "--timeout", "10", "--format", "json"])
            .arg(&config)
            .output()
            .expect("sh starts");
        let report = support::schema::read("probe", &output.stdout);
        assert_eq!(report["outcome"], "protocol_error", "{index}: {report}");
        assert_eq!(output.status.code(), Some(1), "{index}");
    }
}

#[test]
fn the_next_address_is_tried() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let settings = json!({"host": "redis.test", "port": server.port});
    let at = |addresses: &[IpAddr]| Options {
        hosts: addresses.iter().map(|address| ("redis.test".to_owned(), *address)).collect(),
        ..options()
    };
    let (six, four) = (IpAddr::from(Ipv6Addr::LOCALHOST), IpAddr::from([127, 0, 0, 1]));
    let report = probe(&settings, &at(&[six, four]));
    assert_eq!(report.outcome, O::Ok, "IPv6 refuses, IPv4 does not: {:?}", report.detail);
    let many: Vec<IpAddr> = (2..100).map(|last| IpAddr::from([127, 0, 0, last])).collect();
    let report = probe(&settings, &at(&[&many[..], &[four]].concat()));
    assert_eq!(report.outcome, O::Ok, "the last of many does: {:?}", report.detail);
    let report = probe(&settings, &at(&many));
    assert_eq!(report.outcome, O::Refused, "all refuse: {:?}", report.detail);
    let presented = report.connections[0].presented.as_deref().unwrap_or_default();
    assert!(presented.contains("127.0.0.2"), "{presented}");
}

#[test]
fn names_that_do_not_resolve() {
    for host in ["redis.invalid", "", "a b", "\u{1}", &"a".repeat(300), "redis..test", "-"] {
        let report = probe(&json!({"host": host, "port": 6379}), &options());
        let expected: &[O] = &[O::Dns, O::Refused, O::InvalidConfig];
        assert!(expected.contains(&report.outcome), "{host:?}: {:?}", report.outcome);
    }
}

/// Sentinels are asked side by side, but not all at once.
#[test]
fn many_targets_run_side_by_side_under_a_bound() {
    let silent = Stranger::silent();
    let nodes: Vec<Value> =
        (0..60).map(|index| json!([format!("127.0.0.{}", index + 1), silent.port])).collect();
    // The stranger listens on one address; the others are sent there.
    let hosts = (0..60)
        .map(|index| (format!("127.0.0.{}", index + 1), IpAddr::from([127, 0, 0, 1])))
        .collect();
    let options = Options { hosts, overall_timeout: Duration::from_secs(20), ..options() };
    let (litellm, redis_py) = PAIRS[1];
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let settings = json!({"sentinel_nodes": nodes, "service_name": "main"});
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    let (mut open, mut most) = (0, 0);
    let started = Instant::now();
    let report = probe_blocking(&outcome, pair, &options, &mut |event| match event {
        Event::Began { .. } => {
            open += 1;
            most = most.max(open);
        }
        Event::Ended { .. } => open -= 1,
        Event::Step { .. } | Event::Progress { .. } => {}
    });
    let report = report.expect("a runtime starts");
    let taken = started.elapsed();
    assert_eq!(report.outcome, O::SentinelUnreachable, "{:?}", report.detail);
    assert!((2..=16).contains(&most), "{most} connections at once");
    assert!(taken < STEP * 60 / 4, "one after the other: {taken:?}");
}

#[test]
fn the_whole_probe_has_a_deadline() {
    let silent = Stranger::silent();
    let nodes: Vec<Value> = (0..200).map(|_| json!(["127.0.0.1", silent.port])).collect();
    let started = Instant::now();
    let report = probe(&json!({"sentinel_nodes": nodes, "service_name": "main"}), &options());
    assert!(started.elapsed() < OVERALL + SLACK, "{:?}", started.elapsed());
    assert_eq!(report.outcome, O::SentinelUnreachable);
    assert_eq!(report.connections.len(), 201, "each has its verdict");
}

#[test]
fn an_interrupted_probe_ends_at_once() {
    let silent = Stranger::silent();
    let interrupt = Interrupt::default();
    let options = Options {
        step_timeout: Duration::from_mins(10),
        overall_timeout: Duration::from_mins(10),
        interrupt: interrupt.clone(),
        ..Options::default()
    };
    let (litellm, redis_py) = PAIRS[1];
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let settings = json!({"host": "127.0.0.1", "port": silent.port, "socket_timeout": 600});
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    let started = Instant::now();
    let report = probe_blocking(&outcome, pair, &options, &mut |_| interrupt.set());
    let report = report.expect("a runtime starts");
    assert_eq!(report.outcome, O::Other);
    assert!(started.elapsed() < SLACK, "{:?}", started.elapsed());
}
