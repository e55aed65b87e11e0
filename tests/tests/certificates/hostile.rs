//! Bytes that nobody meant: core answers, and does not panic.

use openssl::base64::encode_block;
use redproof_core::certificate::{self, Demands, HostDemand, NamedBytes, Role};
use redproof_tests::certificates::{Identity, Key, Wish};

use crate::{Dice, now};

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", encode_block(der))
}

fn inspect(files: &[NamedBytes]) {
    let host = |host: &str| HostDemand {
        host: host.to_owned(),
        tls: true,
        verified: true,
        name_checked: true,
    };
    let hosts = ["redis.test", "127.0.0.1", "", ".", "é.test"].map(host).to_vec();
    let demands =
        Demands { hosts, ca_files: vec!["/certs/ca.crt".to_owned()], ..Demands::default() };
    let holdings = certificate::read(files);
    let assigned = certificate::assign(&holdings, &demands);
    let mut roles: Vec<Role> = assigned.into_iter().map(|(role, _)| role).collect();
    for _ in 0..2 {
        let inspection = certificate::inspect(&holdings, &roles, &demands, now());
        // What is shown is made, too.
        assert!(!format!("{inspection:?}").is_empty());
        let count = roles.len();
        roles.rotate_left(count.min(1));
    }
}

#[test]
fn mutated_certificates_and_keys_are_answered() {
    let root = Wish { only_names: Some("test"), path_length: Some(1), ..Wish::authority("Root") };
    let root = Identity::new(&root, None).expect("a root");
    let mut samples: Vec<(&str, Vec<u8>)> = vec![];
    for key in [Key::Ec, Key::Rsa(2048), Key::Ed25519] {
        let leaf = Identity::new(&Wish { key, ..Wish::server() }, Some(&root)).expect("a leaf");
        samples.push(("CERTIFICATE", leaf.certificate.to_der().expect("DER")));
        samples.push(("PRIVATE KEY", leaf.key.private_key_to_pkcs8().expect("DER")));
        if let Ok(rsa) = leaf.key.rsa() {
            samples.push(("RSA PRIVATE KEY", rsa.private_key_to_der().expect("DER")));
        }
        if let Ok(ec) = leaf.key.ec_key() {
            samples.push(("EC PRIVATE KEY", ec.private_key_to_der().expect("DER")));
        }
    }
    samples.push(("CERTIFICATE", root.certificate.to_der().expect("DER")));
    let authority = String::from_utf8(root.certificate_pem().expect("PEM")).expect("ASCII");
    let mut dice = Dice(0xdead_beef_dead_beef);
    for _ in 0..1500 {
        let (label, mut der) = dice.of(&samples);
        for _ in 0..=dice.below(3) {
            let at = dice.below(der.len());
            match dice.below(4) {
                0 => der.truncate(at),
                1 => der.insert(at, dice.of(&[0, 1, 0x30, 0x7f, 0x80, 0x84, 0xff])),
                2 => drop(der.drain(at..(at + 1 + dice.below(8)).min(der.len()))),
                _ => {
                    if let Some(byte) = der.get_mut(at) {
                        *byte = u8::try_from(dice.below(256)).expect("a byte");
                    }
                }
            }
        }
        inspect(&[
            NamedBytes::new("server.crt", pem(label, &der)),
            NamedBytes::new("ca.crt", authority.clone()),
        ]);
    }
}

#[test]
fn mutated_manifests_are_answered() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let certificate = encode_block(&root.certificate_pem().expect("PEM"));
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: tls\ntype: kubernetes.io/tls\n\
         data:\n  tls.crt: {certificate}\n  tls.key: {certificate}\nstringData:\n  ca.crt: |\n    text\n"
    );
    let mut dice = Dice(0xfeed_face_feed_face);
    for _ in 0..1000 {
        let mut bytes = manifest.clone().into_bytes();
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            match dice.below(3) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, dice.of(b"\n:-{}[]&*!|>'\"% \xff")),
                _ => drop(bytes.drain(at..(at + 1 + dice.below(20)).min(bytes.len()))),
            }
        }
        inspect(&[NamedBytes::new("secret.yaml", bytes)]);
    }
}

#[test]
fn large_files_are_answered_in_time() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    let one = root.certificate_pem().expect("PEM");
    inspect(&[NamedBytes::new("ca.crt", one.repeat(3000))]);
    inspect(&[NamedBytes::new("server.crt", one.repeat(500)), NamedBytes::new("ca.crt", one)]);
    inspect(&[NamedBytes::new("ca.crt", b"-----BEGIN CERTIFICATE-----\n".repeat(50_000))]);
    inspect(&[NamedBytes::new("ca.crt", vec![0x30; 4 << 20])]);
    inspect(&[NamedBytes::new("secret.yaml", format!("kind: Secret\n{}", "[".repeat(100_000)))]);
}

#[test]
fn private_keys_do_not_print() {
    let leaf = Identity::new(&Wish::client(), None).expect("a leaf");
    let key = leaf.key.private_key_to_pem_pkcs8().expect("PKCS#8");
    let scalar = leaf.key.ec_key().expect("EC").private_key().to_vec();
    let file = NamedBytes::new("client.key", key.clone());
    let mut shown = format!("{file:?}");
    let holdings = certificate::read(&[file]);
    let roles = [Role::Key];
    shown += &format!("{holdings:?}");
    shown += &format!("{:?}", certificate::inspect(&holdings, &roles, &Demands::default(), now()));
    let numbers: Vec<String> = scalar.iter().map(ToString::to_string).collect();
    let text = String::from_utf8(key).expect("ASCII");
    for secret in [numbers.join(", "), text.lines().nth(1).expect("base64").to_owned()] {
        assert!(!shown.contains(&secret), "{shown}");
    }
}
