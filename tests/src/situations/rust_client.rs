//! What LiteLLM's Rust client, which is rustls, judges otherwise than OpenSSL.

use openssl::nid::Nid;
use openssl::symm::Cipher;
use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Situation, both};
use crate::certificates::{Hash, Identity, Key, Usage, Wish};

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = servers(pki)?;
    list.extend(authorities(pki)?);
    list.extend(clients(pki)?);
    Ok(list)
}

fn version_1() -> Wish {
    Wish { version_1: true, common_name: "localhost", ..Wish::server() }
}

/// Certificates of servers that the root signed.
fn servers(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = vec![];
    let checked = || json!({"ssl_check_hostname": true});
    let curve = |nid| Wish { key: Key::Curve(nid), ..Wish::server() };
    let common = Wish { common_name: "localhost", ..Wish::server() }.named(&[], &[]);
    for (name, wish, more, expected) in [
        ("version 1", version_1(), json!({}), both(O::Ok)),
        ("version 1, name checked", version_1(), checked(), both(O::Ok)),
        ("version 1, not verified", version_1(), json!({"ssl_cert_reqs": "none"}), both(O::Ok)),
        ("common name only, name checked", common, checked(), both(O::Ok)),
        ("EC key, P-521, name checked", curve(Nid::SECP521R1), checked(), both(O::Ok)),
        (
            "EC key, P-521, not verified",
            curve(Nid::SECP521R1),
            json!({"ssl_cert_reqs": "none"}),
            both(O::Ok),
        ),
        ("EC key, secp256k1", curve(Nid::SECP256K1), json!({}), both(O::ProtocolVersion)),
        (
            "RSA key of 4096 bits",
            Wish { key: Key::Rsa(4096), ..Wish::server() },
            json!({}),
            both(O::Ok),
        ),
        (
            "a CA as a server, name checked",
            Wish { ca: Some(true), ..Wish::server() },
            checked(),
            both(O::Ok),
        ),
        (
            "serial number of 21 bytes",
            Wish { serial_bits: 167, ..Wish::server() },
            json!({}),
            both(O::Ok),
        ),
        (
            "critical extension that nobody knows, not verified",
            Wish { unknown_extension: true, ..Wish::server() },
            json!({"ssl_cert_reqs": "none"}),
            both(O::Ok),
        ),
    ] {
        let server = pki.serve_lenient(&pki.leaf(&wish)?, &[], &[])?;
        let seen = expected.contains(&O::Ok).then_some(match name {
            "critical extension that nobody knows, not verified" => O::BadKeyUsage,
            _ => O::Ok,
        });
        let situation = Situation::new(name, server, pki.client("localhost", more), expected);
        list.push(Situation { strict: [seen; 2], ..situation });
    }
    Ok(list)
}

/// Authorities, and what they signed.
fn authorities(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = vec![];
    let ca = |common_name| Wish::authority(common_name);
    let curve = |common_name, nid| Wish { key: Key::Curve(nid), ..ca(common_name) };
    let rsa = |common_name, hash| (Wish { key: Key::Rsa(2048), ..ca(common_name) }, hash);
    let sha256 = Hash::Sha256;
    for (name, (wish, hash), expected) in [
        ("root of version 1", (Wish { version_1: true, ..ca("Old Root") }, sha256), O::Ok),
        ("root with a P-384 key", (curve("P-384 Root", Nid::SECP384R1), sha256), O::Ok),
        (
            "root with a P-384 key, hash SHA-512",
            (curve("P-384 Root", Nid::SECP384R1), Hash::Sha512),
            O::Ok,
        ),
        ("root with a P-521 key", (curve("P-521 Root", Nid::SECP521R1), Hash::Sha512), O::Ok),
        ("root with an Ed25519 key", (Wish { key: Key::Ed25519, ..ca("Ed Root") }, sha256), O::Ok),
        ("root with an Ed448 key", (Wish { key: Key::Ed448, ..ca("Ed Root") }, sha256), O::Ok),
        ("root with an RSA key", rsa("RSA Root", sha256), O::Ok),
        ("root with an RSA key, hash SHA-384", rsa("RSA Root", Hash::Sha384), O::Ok),
        ("root with an RSA key, hash SHA-512", rsa("RSA Root", Hash::Sha512), O::Ok),
        ("root with an RSA key, hash SHA-224", rsa("RSA Root", Hash::Sha224), O::Ok),
        (
            "root of names that fit",
            (Wish { only_names: Some("localhost"), ..ca("Named Root") }, sha256),
            O::Ok,
        ),
        (
            "root that allows no CA below it",
            (Wish { path_length: Some(0), ..ca("Short Root") }, sha256),
            O::Ok,
        ),
        ("root without key usage", (Wish { usage: Usage::Unsaid, ..ca("Root") }, sha256), O::Ok),
        (
            "root with a critical extension that nobody knows",
            (Wish { unknown_extension: true, ..ca("Odd Root") }, sha256),
            O::BadKeyUsage,
        ),
    ] {
        let root = Identity::new(&wish, None)?;
        let without_identifiers = wish.version_1;
        let leaf = Wish { hash, without_identifiers, ..Wish::server() }.named(&["localhost"], &[]);
        let leaf = Identity::new(&leaf, Some(&root))?;
        let file = pki.write(&root, &[])?.certificate.display().to_string();
        let client = pki.client("localhost", json!({"ssl_ca_certs": file}));
        let situation =
            Situation::new(name, pki.serve_lenient(&leaf, &[], &[])?, client, both(expected));
        list.push(situation.strict(expected));
    }
    // `openssl req -x509` makes a CA of it.
    let own = Identity::new(&Wish { ca: Some(true), ..Wish::server() }, None)?;
    let file = pki.write(&own, &[])?.certificate.display().to_string();
    for (name, more) in [
        ("self-signed CA as a server, trusted", json!({})),
        ("self-signed CA as a server, trusted, not verified", json!({"ssl_cert_reqs": "none"})),
    ] {
        let mut more = more;
        more["ssl_ca_certs"] = json!(file);
        let client = pki.client("localhost", more);
        let situation = Situation::new(name, pki.serve(&own, &[])?, client, both(O::Ok));
        list.push(situation.strict(O::Ok));
    }
    let old = Identity::new(&Wish { version_1: true, ..ca("Old Intermediate") }, Some(&pki.root))?;
    let leaf = Wish { without_identifiers: true, ..Wish::server() };
    let leaf = Identity::new(&leaf, Some(&old))?;
    let situation = Situation::new(
        "intermediate of version 1",
        pki.serve(&leaf, &[&old])?,
        pki.client("localhost", json!({})),
        both(O::BadKeyUsage),
    );
    list.push(situation.strict(O::BadKeyUsage));
    Ok(list)
}

/// Keys and certificates of clients.
fn clients(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = vec![];
    let pair = |wish: Wish| -> Result<Value, Error> {
        let files = pki.write(&Identity::new(&wish, Some(&pki.root))?, &[])?;
        Ok(json!({
            "ssl_certfile": files.certificate.display().to_string(),
            "ssl_keyfile": files.key.display().to_string(),
        }))
    };
    let key = |key| pair(Wish { key, ..Wish::client() });
    let rsa = Identity::new(&Wish { key: Key::Rsa(2048), ..Wish::client() }, Some(&pki.root))?;
    let certificate = pki.write(&rsa, &[])?.certificate.display().to_string();
    let locked = |file: &str, pem: Vec<u8>, password: Value| -> Result<Value, Error> {
        let mut settings =
            json!({"ssl_certfile": certificate, "ssl_keyfile": pki.file(file, pem)?});
        if !password.is_null() {
            settings["ssl_password"] = password;
        }
        Ok(settings)
    };
    let old_form =
        rsa.key.rsa()?.private_key_to_pem_passphrase(Cipher::aes_128_cbc(), b"open sesame")?;
    let modern = |cipher| rsa.key.private_key_to_pem_pkcs8_passphrase(cipher, b"open sesame");
    let password = || json!("open sesame");
    // redis-py 5.3.1's asyncio client takes no password.
    let opens = [O::InvalidConfig, O::Ok];
    let old = [O::InvalidConfig, O::ClientKeyEncrypted];
    for (name, more, expected, sync) in [
        (
            "client's certificate of version 1",
            pair(Wish { version_1: true, ..Wish::client() })?,
            both(O::Ok),
            both(O::Ok),
        ),
        ("client's EC key, P-384", key(Key::Curve(Nid::SECP384R1))?, both(O::Ok), both(O::Ok)),
        ("client's EC key, P-521", key(Key::Curve(Nid::SECP521R1))?, both(O::Ok), both(O::Ok)),
        ("client's Ed25519 key", key(Key::Ed25519)?, both(O::Ok), both(O::Ok)),
        ("client's Ed448 key", key(Key::Ed448)?, both(O::Ok), both(O::Ok)),
        ("client's RSA key of 3072 bits", key(Key::Rsa(3072))?, both(O::Ok), both(O::Ok)),
        (
            "a CA as a client",
            pair(Wish { ca: Some(true), ..Wish::client() })?,
            both(O::Ok),
            both(O::Ok),
        ),
        (
            "key in the old encrypted form, its password",
            locked("old-form.key", old_form.clone(), password())?,
            opens,
            both(O::Ok),
        ),
        (
            "key in the old encrypted form, no password",
            locked("old-form.key", old_form, Value::Null)?,
            both(O::ClientKeyEncrypted),
            both(O::ClientKeyEncrypted),
        ),
        (
            "key in PKCS#8 encrypted with AES-128, its password",
            locked("aes-128.key", modern(Cipher::aes_128_cbc())?, password())?,
            opens,
            both(O::Ok),
        ),
        (
            "key in PKCS#8 encrypted with 3DES, its password",
            locked("3des.key", modern(Cipher::des_ede3_cbc())?, password())?,
            opens,
            both(O::Ok),
        ),
        (
            "key in PKCS#8 encrypted with AES-192, its password",
            locked("aes-192.key", modern(Cipher::aes_192_cbc())?, password())?,
            opens,
            both(O::Ok),
        ),
        (
            "key in PKCS#8 encrypted, empty password",
            locked("aes-256.key", modern(Cipher::aes_256_cbc())?, json!(""))?,
            old,
            both(O::ClientKeyEncrypted),
        ),
    ] {
        let identity = pki.leaf(&Wish::server())?;
        let server = pki.serve_with(
            &identity,
            &[],
            &["--tls-auth-clients", "yes", "--tls-protocols", "TLSv1.3"],
        )?;
        let client = pki.client("localhost", more);
        let situation = Situation::new(name, server, client, expected).sync(sync);
        let works = [0, 1].map(|at| [expected[at], sync[at]].contains(&O::Ok));
        let strict = works.map(|works| works.then_some(O::Ok));
        list.push(Situation { strict, ..situation });
    }
    Ok(list)
}
