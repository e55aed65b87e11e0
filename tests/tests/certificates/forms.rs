//! Files and keys in every form, beside what OpenSSL loads.

use std::path::Path;

use openssl::nid::Nid;
use openssl::ssl::{SslContextBuilder, SslMethod};
use openssl::symm::Cipher;
use redproof_core::certificate::{self, Demands, Holding, KeyMatch, NamedBytes, Role};
use redproof_tests::certificates::{Hash, Identity, Key, Wish};

use crate::{Dice, now};

fn read(bytes: &[u8]) -> Holding {
    let mut holdings = certificate::read(&[NamedBytes::new("file.pem", bytes)]);
    holdings.pop().expect("a file")
}

/// Whether OpenSSL takes the file for `ssl_ca_certs`.
fn openssl_loads(path: &Path, bytes: &[u8]) -> bool {
    std::fs::write(path, bytes).expect("the file is written");
    let mut builder = SslContextBuilder::new(SslMethod::tls_client()).expect("a context");
    builder.set_ca_file(path).is_ok()
}

fn key_match(leaf: &Identity, key: &[u8]) -> KeyMatch {
    let files = [
        NamedBytes::new("client.crt", leaf.certificate_pem().expect("PEM")),
        NamedBytes::new("client.key", key),
    ];
    let holdings = certificate::read(&files);
    let roles = [Role::Client, Role::Key];
    let inspection = certificate::inspect(&holdings, &roles, &Demands::default(), now());
    inspection.chains.first().expect("a chain").key
}

#[test]
fn keys_of_every_kind_and_form_are_matched() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let kinds = [
        Key::Ec,
        Key::Curve(Nid::SECP384R1),
        Key::Curve(Nid::SECP521R1),
        Key::Curve(Nid::SECP224R1),
        Key::Curve(Nid::SECP256K1),
        Key::Rsa(2048),
        Key::Ed25519,
    ];
    for kind in kinds {
        let wish = Wish { key: kind, ..Wish::client() };
        let leaf = Identity::new(&wish, Some(&root)).expect("a leaf");
        let other = Identity::new(&wish, Some(&root)).expect("another leaf");
        let pkcs8 = leaf.key.private_key_to_pem_pkcs8().expect("PKCS#8");
        let mut forms = vec![pkcs8];
        if let Ok(rsa) = leaf.key.rsa() {
            forms.push(rsa.private_key_to_pem().expect("PKCS#1"));
        }
        if let Ok(ec) = leaf.key.ec_key() {
            forms.push(ec.private_key_to_pem().expect("SEC1"));
        }
        for form in &forms {
            assert_eq!(key_match(&leaf, form), KeyMatch::Matches(1), "{kind:?}");
            assert_eq!(key_match(&other, form), KeyMatch::Differs(1), "{kind:?}");
        }
        let encrypted = leaf
            .key
            .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"open sesame")
            .expect("PKCS#8");
        assert_eq!(key_match(&leaf, &encrypted), KeyMatch::Encrypted(1), "{kind:?}");
        if let Ok(rsa) = leaf.key.rsa() {
            let old = rsa.private_key_to_pem_passphrase(Cipher::aes_128_cbc(), b"open sesame");
            assert_eq!(key_match(&leaf, &old.expect("PKCS#1")), KeyMatch::Encrypted(1), "{kind:?}");
        }
    }
}

#[test]
fn a_servers_certificate_that_says_it_is_a_ca_is_a_servers() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let server = Wish { ca: Some(true), ..Wish::server() };
    let server = Identity::new(&server, Some(&root)).expect("a server's certificate");
    let between = Identity::new(&Wish::authority("Between"), Some(&root)).expect("a CA");
    for (identity, role) in
        [(&root, Role::Authorities), (&between, Role::Authorities), (&server, Role::Server)]
    {
        let holding = read(&identity.certificate_pem().expect("PEM"));
        assert_eq!(certificate::assign(&[holding], &Demands::default()), [(role, None)]);
    }
}

#[test]
fn signatures_of_every_kind_are_verified() {
    for (key, hash) in [
        (Key::Ec, Hash::Sha256),
        (Key::Ec, Hash::Sha512),
        (Key::Curve(Nid::SECP384R1), Hash::Sha256),
        (Key::Curve(Nid::SECP521R1), Hash::Sha512),
        (Key::Rsa(2048), Hash::Sha256),
        (Key::Rsa(3072), Hash::Sha512),
        (Key::Ed25519, Hash::Sha256),
    ] {
        let wish = Wish { key, hash, ..Wish::authority("Root") };
        let root = Identity::new(&wish, None).expect("a root");
        let twin =
            Identity::new(&Wish { without_identifiers: true, ..wish }, None).expect("a root");
        let leaf = Wish { hash, without_identifiers: true, ..Wish::server() };
        let leaf = Identity::new(&leaf, Some(&root)).expect("a leaf");
        for (authority, expected) in [(&root, "ok"), (&twin, "unknown_ca")] {
            let files = [
                NamedBytes::new("server.crt", leaf.certificate_pem().expect("PEM")),
                NamedBytes::new("ca.crt", authority.certificate_pem().expect("PEM")),
            ];
            let holdings = certificate::read(&files);
            let roles = [Role::Server, Role::Authorities];
            let inspection = certificate::inspect(&holdings, &roles, &Demands::default(), now());
            assert_eq!(inspection.verdict.name(), expected, "{key:?} with {hash:?}");
        }
    }
}

#[test]
fn changed_texts_load_where_openssl_loads_them() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("bundle.pem");
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let other = Identity::new(&Wish::authority("Other"), None).expect("a root");
    let key = root.key.private_key_to_pem_pkcs8().expect("PKCS#8");
    let plain =
        [root.certificate_pem().expect("PEM"), other.certificate_pem().expect("PEM")].concat();
    let with_key = [&plain[..], &key].concat();
    let pieces: [&[u8]; 16] = [
        b"\n",
        b"\r\n",
        b" ",
        b"\t",
        b"-",
        b"=",
        b"-----",
        b"-----BEGIN CERTIFICATE-----\n",
        b"-----END CERTIFICATE-----\n",
        b"\n\n",
        b": ",
        b"#",
        b"\xef\xbb\xbf",
        b"\xc3\xa9",
        b"!",
        b"\\n",
    ];
    let mut dice = Dice(0x00c0_ffee_00c0_ffee);
    let (mut wrong, mut loaded) = (vec![], 0);
    for round in 0..1500 {
        let mut text = if dice.once_in(2) { plain.clone() } else { with_key.clone() };
        for _ in 0..=dice.below(2) {
            let at = dice.below(text.len() + 1);
            match dice.below(4) {
                0 => drop(text.drain(at..(at + 1 + dice.below(4)).min(text.len()))),
                1 => text.truncate(at),
                _ => {
                    let piece = dice.of(&pieces);
                    text.splice(at..at, piece.iter().copied());
                }
            }
        }
        let openssl = openssl_loads(&path, &text);
        loaded += usize::from(openssl);
        if read(&text).loads_certificates() != openssl {
            wrong.push(format!(
                "round {round}: OpenSSL {openssl}:\n{}",
                String::from_utf8_lossy(&text)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong; the first:\n{}", wrong.len(), wrong[0]);
    assert!((100..1400).contains(&loaded), "{loaded} loaded");
}

#[test]
fn what_is_no_pem_is_named() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let pem = String::from_utf8(root.certificate_pem().expect("PEM")).expect("ASCII");
    let der = root.certificate.to_der().expect("DER");
    let indented: String = pem.lines().map(|line| format!("    {line}\n")).collect();
    for (bytes, expected) in [
        (der, "is DER"),
        (vec![], "is empty"),
        (pem.replace('\n', "\\n").into_bytes(), "on one line"),
        (indented.into_bytes(), "indented"),
        (b"the CA's certificate goes here".to_vec(), "holds no PEM block"),
        (pem.as_bytes()[..pem.len() / 2].to_vec(), "END line is missing"),
        (pem.replacen("MII", "MI!", 1).into_bytes(), "not base64"),
        (pem.replace("CERTIFICATE", "CERTIFICATE REQUEST").into_bytes(), "CERTIFICATE REQUEST"),
    ] {
        let files = [NamedBytes::new("ca.crt", bytes)];
        let holdings = certificate::read(&files);
        let inspection =
            certificate::inspect(&holdings, &[Role::Authorities], &Demands::default(), now());
        let first = inspection.findings.first().expect("a finding");
        assert_eq!(first.code, "RP701", "{first:?}");
        assert!(first.message.contains(expected), "{expected}: {}", first.message);
        assert_eq!(inspection.verdict.name(), "ca_file_invalid");
    }
}

#[test]
fn secrets_are_read_as_kubernetes_writes_them() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let leaf = Identity::new(&Wish::client(), Some(&root)).expect("a leaf");
    let [ca, certificate] = [&root, &leaf].map(|one| one.certificate_pem().expect("PEM"));
    let key = leaf.key.private_key_to_pem_pkcs8().expect("PKCS#8");
    let encoded = |bytes: &[u8]| openssl::base64::encode_block(bytes);
    let block = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).expect("ASCII");
        text.lines().map(|line| format!("    {line}\n")).collect::<String>()
    };
    let tls = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: redis-tls\ntype: kubernetes.io/tls\ndata:\n  \
         tls.crt: {}\n  tls.key: {}\n  ca.crt: {}\n",
        encoded(&certificate),
        encoded(&key),
        encoded(&ca)
    );
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: redis-tls\ntype: Opaque\nstringData:\n  \
         tls.crt: |\n{}  tls.key: |\n{}  ca.crt: |\n{}",
        block(&certificate),
        block(&key),
        block(&ca)
    );
    for manifest in [tls.clone(), text, format!("kind: ConfigMap\n---\n{tls}")] {
        assert!(certificate::concerns(manifest.as_bytes()));
        let holdings = certificate::read(&[NamedBytes::new("secret.yaml", manifest)]);
        let assigned = certificate::assign(&holdings, &Demands::default());
        let roles: Vec<Role> = assigned.into_iter().map(|(role, _)| role).collect();
        let names: Vec<&str> = holdings.iter().map(|holding| holding.name.as_str()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names.contains(&"tls.key of the Secret redis-tls"), "{names:?}");
        let inspection = certificate::inspect(&holdings, &roles, &Demands::default(), now());
        assert_eq!(inspection.verdict.name(), "ok", "{:?}", inspection.findings);
        assert_eq!(inspection.chains.len(), 1);
    }
    let raw = tls.replace(&encoded(&certificate), "'-----BEGIN CERTIFICATE-----'");
    let holdings = certificate::read(&[NamedBytes::new("secret.yaml", raw)]);
    let roles = vec![Role::Nothing; holdings.len()];
    let inspection = certificate::inspect(&holdings, &roles, &Demands::default(), now());
    let said =
        inspection.findings.iter().any(|found| found.message.contains("where base64 belongs"));
    assert!(said, "{:?}", inspection.findings);
}
