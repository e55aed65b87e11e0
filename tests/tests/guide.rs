//! What the guided forms write, filled in for real servers, connects.

use std::path::Path;

use redproof_core::Report;
use redproof_core::document::patch::apply;
use redproof_core::finding::Severity;
use redproof_core::guide::{Answer, Node, Started, System, start, write};
use redproof_core::releases::Pair;
use redproof_core::source::SourceId;
use redproof_probe::{Options, ProbeOutcome, probe_blocking};
use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::recorded_topologies::certificates;
use redproof_tests::servers::RedisServer;
use redproof_tests::topologies::{Cluster, Watched};
use support::Checking;

const PASSWORD: &str = "open 'sesame' # 1";

fn report(texts: &Started) -> Report {
    Checking::new(&*texts.config).files([(".env", &*texts.env)]).on_pair(Pair::newest()).report()
}

fn text(text: &(impl ToString + ?Sized)) -> Answer {
    Answer::Text(text.to_string())
}

fn nodes(servers: &[RedisServer]) -> Answer {
    let node =
        |server: &RedisServer| Node { host: "localhost".to_owned(), port: server.port.to_string() };
    Answer::Nodes(servers.iter().map(node).collect())
}

/// Starts a system's configuration on the newest releases, puts the password into the environment,
/// answers the form, and probes.
fn proved(system: System, password: &str, answers: &[(&str, Answer)]) {
    let mut texts = start(system, Pair::newest()).expect("the newest releases do it");
    texts.env = texts.env.replace("change-me", &format!("\"{password}\""));
    for (id, answer) in answers {
        let edits = write(system, id, answer, &report(&texts))
            .unwrap_or_else(|error| panic!("{system:?} {id}: {error}"));
        let (config, env): (Vec<_>, Vec<_>) =
            edits.into_iter().partition(|edit| edit.span.source == SourceId::CONFIG);
        texts = Started { config: apply(&texts.config, &config), env: apply(&texts.env, &env) };
    }
    let report = report(&texts);
    let errors = report.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}\n{}", report.diagnostics, texts.config);
    let probed = probe_blocking(&report.outcome, report.pair, &Options::default(), &mut |_| {});
    let probed = probed.expect("a runtime starts");
    let said = serde_json::to_string_pretty(&probed).expect("a report is JSON");
    assert_eq!(probed.outcome, ProbeOutcome::Ok, "{system:?}\n{}\n{said}", texts.config);
    assert!(probed.connections.iter().all(|one| one.tls.is_some()), "all by TLS\n{said}");
}

fn secured<'a>(files: &'a TlsFiles, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = files.arguments();
    arguments.extend(["--requirepass", PASSWORD]);
    arguments.extend(more);
    arguments
}

#[test]
fn tls_in_the_cluster() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let server = RedisServer::start(directory.path(), &secured(&files, &[]));
    let answers = [
        ("host", text(&"localhost")),
        ("port", text(&server.port)),
        ("ca", text(&files.authority)),
        ("namespace", text(&"litellm")),
    ];
    proved(System::InClusterTls, PASSWORD, &answers);
    let router = [answers.as_slice(), &[("router", Answer::Flag(true))]].concat();
    proved(System::InClusterTls, PASSWORD, &router);
}

#[test]
fn client_certificates() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (files, client) = mutual(directory.path());
    let server =
        RedisServer::start(directory.path(), &secured(&files, &["--tls-auth-clients", "yes"]));
    let answers = [
        ("host", text(&"localhost")),
        ("port", text(&server.port)),
        ("ca", text(&files.authority)),
        ("certificate", text(&client.certificate)),
        ("key", text(&client.key)),
    ];
    proved(System::MutualTls, PASSWORD, &answers);
    let router = [answers.as_slice(), &[("router", Answer::Flag(true))]].concat();
    proved(System::MutualTls, PASSWORD, &router);
}

/// The server's files, and the client's.
fn mutual(directory: &Path) -> (TlsFiles, TlsFiles) {
    let root = Identity::new(&Wish::authority("Test Root"), None).expect("a CA");
    let authority = root.write(directory, "root", &[]).expect("its files");
    let files = |name: &str, wish: &Wish| {
        let identity = Identity::new(wish, Some(&root)).expect("a certificate");
        let written = identity.write(directory, name, &[]).expect("its files");
        TlsFiles::new(&written, &authority)
    };
    let server = files("server", &Wish::server().named(&["localhost"], &["127.0.0.1"]));
    (server, files("client", &Wish::client()))
}

#[test]
fn a_cluster() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let cluster = Cluster::start(directory.path(), &files, &[]);
    let answers = [
        ("nodes", nodes(&cluster.nodes[..2])),
        ("password", Answer::Nothing),
        ("ca", text(&files.authority)),
    ];
    proved(System::Cluster, "", &answers);
}

#[test]
fn sentinels() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let watched = Watched::start(directory.path(), &files, "secret");
    let answers = [
        ("sentinels", nodes(&watched.sentinels)),
        ("service", text(&"main")),
        ("ca", text(&files.authority)),
    ];
    proved(System::Sentinel, "secret", &answers);
}
