//! Keys, signatures and dates of certificates.

use openssl::nid::Nid;
use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Situation, both};
use crate::certificates::{Hash, Identity, Key, Wish};

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let key = |key| Wish { key, ..Wish::server() };
    let hash = |hash| Wish { hash, ..Wish::server() };
    let days = |from, until| Wish { from, until, ..Wish::server() };
    let curve = |nid| key(Key::Curve(nid));
    for (name, wish, expected) in [
        ("RSA key of 2048 bits", key(Key::Rsa(2048)), O::Ok),
        ("RSA key of 3072 bits", key(Key::Rsa(3072)), O::Ok),
        ("RSA key of 1024 bits", key(Key::Rsa(1024)), O::WeakCert),
        ("EC key, P-384", curve(Nid::SECP384R1), O::Ok),
        ("EC key, P-521", curve(Nid::SECP521R1), O::Ok),
        ("Ed25519 key", key(Key::Ed25519), O::Ok),
        ("Ed448 key", key(Key::Ed448), O::Ok),
        ("signed with SHA-512", hash(Hash::Sha512), O::Ok),
        ("signed with SHA-1", hash(Hash::Sha1), O::WeakCert),
        ("expired", days(-30, -2), O::CertExpired),
        ("not yet valid", days(2, 30), O::CertNotYetValid),
        ("ends before it begins", days(30, -30), O::CertNotYetValid),
    ] {
        let server = pki.serve_lenient(&pki.leaf(&wish)?, &[], &[])?;
        let client = pki.client("localhost", json!({}));
        list.push(Situation::new(name, server, client, both(expected)).strict(expected));
    }
    // A curve that clients do not offer: the server has no certificate for them.
    let server = pki.serve_lenient(&pki.leaf(&curve(Nid::SECP224R1))?, &[], &[])?;
    list.push(Situation::new(
        "EC key, P-224",
        server,
        pki.client("localhost", json!({})),
        both(O::ProtocolVersion),
    ));
    list.extend(authorities(pki)?);
    Ok(list)
}

fn authorities(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let authority = |common_name| Wish::authority(common_name);
    let trusting = |root: &Identity| -> Result<Value, Error> {
        let file = pki.write(root, &[])?.certificate;
        Ok(json!({"ssl_ca_certs": file.display().to_string()}))
    };
    for (name, wish, expected) in [
        (
            "root with an RSA key of 1024 bits",
            Wish { key: Key::Rsa(1024), ..authority("Small Root") },
            O::WeakCert,
        ),
        (
            "root signed with SHA-1",
            Wish { hash: Hash::Sha1, key: Key::Rsa(2048), ..authority("SHA-1 Root") },
            O::Ok,
        ),
        (
            "root expired",
            Wish { from: -30, until: -2, ..authority("Expired Root") },
            O::CertExpired,
        ),
        (
            "root not yet valid",
            Wish { from: 2, until: 30, ..authority("Early Root") },
            O::CertNotYetValid,
        ),
    ] {
        let root = Identity::new(&wish, None)?;
        let leaf = Identity::new(&Wish::server(), Some(&root))?;
        let server = pki.serve_lenient(&leaf, &[], &[])?;
        let client = pki.client("localhost", trusting(&root)?);
        list.push(Situation::new(name, server, client, both(expected)).strict(expected));
    }
    let rsa = Identity::new(&Wish { key: Key::Rsa(2048), ..authority("RSA Root") }, None)?;
    let leaf = Identity::new(&Wish { hash: Hash::Md5, ..Wish::server() }, Some(&rsa))?;
    let server = pki.serve_lenient(&leaf, &[], &[])?;
    let client = pki.client("localhost", trusting(&rsa)?);
    let md5 = Situation::new("signed with MD5", server, client, both(O::WeakCert));
    list.push(md5.strict(O::WeakCert));
    for (name, wish, expected) in [
        (
            "intermediate with an RSA key of 1024 bits",
            Wish { key: Key::Rsa(1024), ..authority("Small Intermediate") },
            O::WeakCert,
        ),
        (
            "intermediate signed with SHA-1",
            Wish { hash: Hash::Sha1, ..authority("SHA-1 Intermediate") },
            O::WeakCert,
        ),
        (
            "intermediate expired",
            Wish { from: -30, until: -2, ..authority("Expired Intermediate") },
            O::CertExpired,
        ),
    ] {
        let middle = Identity::new(&wish, Some(&pki.root))?;
        let leaf = Identity::new(&Wish::server(), Some(&middle))?;
        let server = pki.serve_lenient(&leaf, &[&middle], &[])?;
        let client = pki.client("localhost", json!({}));
        list.push(Situation::new(name, server, client, both(expected)).strict(expected));
    }
    Ok(list)
}
