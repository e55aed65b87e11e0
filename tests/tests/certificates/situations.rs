//! What core says of certificate files, beside what redis-py and OpenSSL said on real servers.
//!
//! The situations are the probe's: the same certificates, the same settings, the verdicts recorded from
//! redis-py and from LiteLLM's Rust client. Here only the files are looked at.

use std::collections::BTreeSet;

use redproof_core::certificate::{self, Demands, Holding, Inspection, NamedBytes, Purpose, Role};
use redproof_core::releases::Pair;
use redproof_tests::situations::{self, PAIRS, Situation, outcome_of};
use redproof_tests::{matrix, rust_client};
use serde_json::json;

use crate::now;

/// The groups of situations in which certificates decide.
const GROUPS: [&str; 7] = [
    "Names",
    "Keys and signatures",
    "Chains",
    "Trusted certificates",
    "Verification switched off",
    "Client certificates",
    "What rustls judges otherwise",
];

/// Situations that certificates alone do not decide, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("bundle missing", NO_FILE),
    ("bundle is a directory", NO_FILE),
    ("certificate file missing", NO_FILE),
    ("key file missing", NO_FILE),
    ("the system's roots alone", SYSTEM_ROOTS),
    ("ssl_ca_path with hashed names", SYSTEM_ROOTS),
    ("ssl_ca_path without hashed names", SYSTEM_ROOTS),
    ("ssl_ca_path missing", SYSTEM_ROOTS),
    ("not verified, but the name checked", SETTINGS),
    ("ssl_cert_reqs that redis-py does not know", SETTINGS),
    ("one file for both, certificate's place alone", SETTINGS),
    ("certificate without key", SETTINGS),
    ("key without certificate", SETTINGS),
    ("no certificate on TLS 1.3", ASKED),
    ("no certificate on TLS 1.2", ASKED),
    ("no certificate, server not verified", ASKED),
    ("key encrypted, its password", PASSPHRASE),
    ("key encrypted, wrong password", PASSPHRASE),
    ("key in the old encrypted form, its password", PASSPHRASE),
    ("key in PKCS#8 encrypted with AES-128, its password", PASSPHRASE),
    ("key in PKCS#8 encrypted with AES-192, its password", PASSPHRASE),
    ("key in PKCS#8 encrypted with 3DES, its password", PASSPHRASE),
    ("key in PKCS#8 encrypted, empty password", PASSPHRASE),
    ("root with an Ed448 key", ED448),
    ("client's Ed448 key", ED448),
];
const NO_FILE: &str = "there is no file to look at";
const SYSTEM_ROOTS: &str = "the system's roots and directories are not known: core has no files";
const SETTINGS: &str = "redis-py refuses or drops the settings before OpenSSL sees a file";
const ASKED: &str = "only the server knows that it asks for a client's certificate";
const ED448: &str = "what Edwards curve 448 signs is not verified";
const PASSPHRASE: &str = "passphrases are not tried";

/// The files of a situation, read, each with its role; `None` where one is not there.
fn files(situation: &Situation) -> Option<(Vec<Holding>, Vec<Role>)> {
    let setting = |name: &str| situation.client.get(name).and_then(serde_json::Value::as_str);
    let mut wanted = vec![(situation.server_argument("--tls-cert-file")?, Role::Server)];
    wanted.extend(setting("ssl_ca_certs").map(|path| (path, Role::Authorities)));
    wanted.extend(setting("ssl_certfile").map(|path| (path, Role::Client)));
    let own = setting("ssl_keyfile").filter(|path| setting("ssl_certfile") != Some(path));
    wanted.extend(own.map(|path| (path, Role::Key)));
    let (mut holdings, mut roles) = (vec![], vec![]);
    for (path, role) in wanted {
        let file = NamedBytes::new(path, std::fs::read(path).ok()?);
        let read = certificate::read(&[file]);
        assert_eq!(read.len(), 1, "{path} is one file");
        holdings.extend(read);
        roles.push(role);
    }
    if let Some(data) = setting("ssl_ca_data") {
        holdings.extend(certificate::read(&[NamedBytes::new("ssl_ca_data", data)]));
        roles.push(Role::Authorities);
    }
    Some((holdings, roles))
}

fn inspect(files: &(Vec<Holding>, Vec<Role>), demands: &Demands) -> Inspection {
    certificate::inspect(&files.0, &files.1, demands, now())
}

/// The verdict of a client that checks chain and name.
fn strict(files: &(Vec<Holding>, Vec<Role>), demands: &Demands) -> &'static str {
    let mut demands = demands.clone();
    for host in &mut demands.hosts {
        (host.verified, host.name_checked) = (true, true);
    }
    let inspection = inspect(files, &demands);
    let mut chains = inspection.chains.iter();
    let server = chains.find(|chain| chain.purpose == Purpose::Server).expect("a server's chain");
    server.verdict.name()
}

/// docs/rust-client.md shows the situations beside the Rust client's answers.
#[test]
fn the_matrix_of_the_rust_client_is_up_to_date() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let page = matrix::rust_client_page(&situations);
    support::hold!([("docs/rust-client.md", page)]);
}

/// Situations that the files alone do not decide for the Rust client.
const RUST_EXCEPTIONS: &[(&str, &str)] = &[
    ("bundle missing", NO_FILE),
    ("bundle is a directory", NO_FILE),
    ("certificate file missing", NO_FILE),
    ("key file missing", NO_FILE),
    ("the system's roots alone", SYSTEM_ROOTS),
    ("ssl_ca_path with hashed names", SYSTEM_ROOTS),
    ("ssl_ca_path without hashed names", SYSTEM_ROOTS),
    ("ssl_ca_path missing", SYSTEM_ROOTS),
    ("ssl_cert_reqs that redis-py does not know", SETTINGS),
    ("key without certificate", ASKED),
    ("no certificate on TLS 1.3", ASKED),
    ("no certificate on TLS 1.2", ASKED),
    ("no certificate, server not verified", ASKED),
    ("key encrypted, its password", PASSPHRASE),
    ("key encrypted, wrong password", PASSPHRASE),
    ("key in PKCS#8 encrypted with AES-128, its password", PASSPHRASE),
    ("key in PKCS#8 encrypted with AES-192, its password", PASSPHRASE),
    ("key in PKCS#8 encrypted with 3DES, its password", PASSPHRASE),
];

#[test]
fn verdicts_are_those_of_the_rust_client() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let recorded = rust_client::recorded();
    let (litellm, redis_py) = rust_client::PAIR;
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let (mut wrong, mut excepted, mut judged) = (vec![], BTreeSet::new(), 0);
    for situation in situations.iter().filter(|situation| GROUPS.contains(&situation.group)) {
        let mut settings = situation.client.clone();
        settings.insert("port".to_owned(), json!(6379));
        let demands = Demands::of(&outcome_of(&settings, pair), pair);
        let agrees = match files(situation) {
            None => Err("a file is not there".to_owned()),
            Some(files) => {
                judged += 1;
                let verdict = inspect(&files, &demands).rust_verdict.expect("a release with it");
                rust_client::agrees(&recorded[situation.name], verdict.name())
            }
        };
        let Err(difference) = agrees else { continue };
        if RUST_EXCEPTIONS.iter().any(|(name, _)| *name == situation.name) {
            excepted.insert(situation.name);
        } else {
            wrong.push(format!("{}: {difference}", situation.name));
        }
    }
    let needless: Vec<_> =
        RUST_EXCEPTIONS.iter().filter(|(name, _)| !excepted.contains(name)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(needless.is_empty(), "exceptions that are not needed: {needless:?}");
    assert!(judged >= 150, "{judged} judged");
}

#[test]
fn verdicts_are_those_of_redis_py() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let (mut wrong, mut excepted, mut judged) = (vec![], BTreeSet::new(), 0);
    for situation in situations.iter().filter(|situation| GROUPS.contains(&situation.group)) {
        let mut differences = vec![];
        for (index, (litellm, redis_py)) in PAIRS.into_iter().enumerate() {
            let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
            let mut settings = situation.client.clone();
            settings.insert("port".to_owned(), json!(6379));
            let demands = Demands::of(&outcome_of(&settings, pair), pair);
            let Some(files) = files(situation) else {
                differences.push("a file is not there".to_owned());
                continue;
            };
            judged += 1;
            let verdict = inspect(&files, &demands).verdict.name();
            let expected = situation.expected[index].name();
            if verdict != expected {
                differences.push(format!("{verdict} instead of {expected} on {redis_py}"));
            }
            let Some(expected) = situation.strict[index] else {
                continue;
            };
            let verdict = strict(&files, &demands);
            if verdict != expected.name() {
                differences
                    .push(format!("strict {verdict} instead of {} on {redis_py}", expected.name()));
            }
        }
        if differences.is_empty() {
            continue;
        }
        if EXCEPTIONS.iter().any(|(name, _)| *name == situation.name) {
            excepted.insert(situation.name);
        } else {
            wrong.push(format!("{}: {}", situation.name, differences.join("; ")));
        }
    }
    let needless: Vec<_> = EXCEPTIONS.iter().filter(|(name, _)| !excepted.contains(name)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(needless.is_empty(), "exceptions that are not needed: {needless:?}");
    assert!(judged >= 200, "{judged} judged");
}
