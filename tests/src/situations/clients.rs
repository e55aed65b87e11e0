//! Client certificates: loaded, presented, accepted.

use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Server, Situation, both};
use crate::certificates::{Files, Hash, Identity, Key, Purpose, Wish};

fn pair(files: &Files) -> Value {
    json!({
        "ssl_certfile": files.certificate.display().to_string(),
        "ssl_keyfile": files.key.display().to_string(),
    })
}

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = accepted(pki)?;
    list.extend(loaded(pki)?);
    Ok(list)
}

/// A server with client certificates as `auth` says, on these protocols.
fn mutual(pki: &Pki, auth: &str, protocols: &str) -> Result<Server, Error> {
    let identity = pki.leaf(&Wish::server())?;
    pki.serve_with(&identity, &[], &["--tls-auth-clients", auth, "--tls-protocols", protocols])
}

/// What servers make of client certificates.
fn accepted(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let root = Some(&pki.root);
    let made = |wish: &Wish, issuer: Option<&Identity>| -> Result<Value, Error> {
        Ok(pair(&pki.write(&Identity::new(wish, issuer)?, &[])?))
    };
    let client = Wish::client();
    let good = made(&client, root)?;
    let stranger = made(&client, Some(&pki.other_root))?;
    let expired = made(&Wish { from: -30, until: -2, ..client.clone() }, root)?;
    let early = made(&Wish { from: 2, until: 30, ..client.clone() }, root)?;
    let for_servers = made(&Wish { purpose: Purpose::Server, ..client.clone() }, root)?;
    let own = made(&client, None)?;
    let middle = Identity::new(&Wish::authority("Client Intermediate"), root)?;
    let below = Identity::new(&client, Some(&middle))?;
    let (with_chain, without_chain) =
        (pair(&pki.write(&below, &[&middle])?), pair(&pki.write(&below, &[])?));
    let none = json!({});
    let (required, rejected) = (O::ClientCertRequired, O::ClientCertRejected);
    let table: [(&str, [&str; 2], &Value, O); 12] = [
        ("yes", ["certificate on TLS 1.3", "certificate on TLS 1.2"], &good, O::Ok),
        ("yes", ["no certificate on TLS 1.3", "no certificate on TLS 1.2"], &none, required),
        (
            "yes",
            ["certificate of a stranger on TLS 1.3", "certificate of a stranger on TLS 1.2"],
            &stranger,
            rejected,
        ),
        (
            "yes",
            ["certificate expired on TLS 1.3", "certificate expired on TLS 1.2"],
            &expired,
            rejected,
        ),
        ("yes", ["certificate not yet valid", ""], &early, rejected),
        ("yes", ["certificate for servers only", ""], &for_servers, rejected),
        ("yes", ["certificate self-signed", ""], &own, rejected),
        ("yes", ["certificate with its intermediate", ""], &with_chain, O::Ok),
        ("yes", ["certificate without its intermediate", ""], &without_chain, rejected),
        ("optional", ["no certificate, optional", ""], &none, O::Ok),
        ("optional", ["certificate of a stranger, optional", ""], &stranger, rejected),
        ("no", ["certificate that nobody asks for", ""], &good, O::Ok),
    ];
    for (auth, names, more, expected) in table {
        for (name, protocols) in names.into_iter().zip(["TLSv1.3", "TLSv1.2"]) {
            if name.is_empty() {
                continue;
            }
            let server = mutual(pki, auth, protocols)?;
            let client = pki.client("localhost", more.clone());
            list.push(Situation::new(name, server, client, both(expected)).strict(O::Ok));
        }
    }
    let unverified = json!({"ssl_cert_reqs": "none"});
    list.push(
        Situation::new(
            "no certificate, server not verified",
            mutual(pki, "yes", "TLSv1.3")?,
            pki.client("localhost", unverified),
            both(required),
        )
        .strict(O::Ok),
    );
    Ok(list)
}

/// What OpenSSL and redis-py make of the files.
#[expect(clippy::too_many_lines, reason = "a table")]
fn loaded(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let identity = pki.leaf(&Wish::client())?;
    let files = pki.write(&identity, &[])?;
    let rsa = pki.leaf(&Wish { key: Key::Rsa(2048), ..Wish::client() })?;
    let rsa_files = pki.write(&rsa, &[])?;
    let small = pki.write(&pki.leaf(&Wish { key: Key::Rsa(1024), ..Wish::client() })?, &[])?;
    let sha1 = pki.write(&pki.leaf(&Wish { hash: Hash::Sha1, ..Wish::client() })?, &[])?;
    let encrypted = pki.directory.join("client-encrypted.key");
    identity.write_encrypted_key(&encrypted, "open sesame")?;
    let encrypted = encrypted.display().to_string();
    let pkcs1 = pki.file("client-pkcs1.key", rsa.key.rsa()?.private_key_to_pem()?)?;
    let sec1 = identity.key.ec_key()?.private_key_to_pem()?;
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let sec1 = pki.file("client-sec1.key", [parameters.as_bytes(), &sec1].concat())?;
    let key_pem = identity.key.private_key_to_pem_pkcs8()?;
    let combined =
        pki.file("client-combined.pem", [identity.certificate_pem()?, key_pem].concat())?;
    let der = pki.file("client.der", identity.certificate.to_der()?)?;
    let certificate = files.certificate.display().to_string();
    let key = files.key.display().to_string();
    let rsa_certificate = rsa_files.certificate.display().to_string();
    let absent = pki.path("absent.pem");
    let with =
        |certificate: &str, key: &str| json!({"ssl_certfile": certificate, "ssl_keyfile": key});
    let mut opened = with(&certificate, &encrypted);
    opened["ssl_password"] = json!("open sesame");
    let mut guessed = with(&certificate, &encrypted);
    guessed["ssl_password"] = json!("guess");

    let mut list = Vec::new();
    let seen = Some(O::Ok);
    let mut case =
        |name, auth, more: Value, expected: [O; 2], sync: [O; 2], strict| -> Result<(), Error> {
            let server = mutual(pki, auth, "TLSv1.3")?;
            let situation = Situation::new(name, server, pki.client("localhost", more), expected);
            list.push(Situation { strict, ..situation.sync(sync) });
            Ok(())
        };
    let same = |outcome| (both(outcome), both(outcome));
    let strict_of = |outcome| if outcome == O::Ok { seen } else { None };
    let mut simple = |name, more: Value, outcome: O| {
        let (expected, sync) = same(outcome);
        case(name, "yes", more, expected, sync, [strict_of(outcome); 2])
    };
    simple("key in PKCS#1", with(&rsa_certificate, &pkcs1), O::Ok)?;
    simple("key in SEC1, after EC PARAMETERS", with(&certificate, &sec1), O::Ok)?;
    simple("one file for both", with(&combined, &combined), O::Ok)?;
    simple("key of another certificate", with(&rsa_certificate, &key), O::ClientKeyMismatch)?;
    let second = pki.write(&pki.leaf(&Wish::client())?, &[])?.key.display().to_string();
    simple("EC key of another EC certificate", with(&certificate, &second), O::ClientKeyMismatch)?;
    simple("key encrypted", with(&certificate, &encrypted), O::ClientKeyEncrypted)?;
    simple("certificate file missing", with(&absent, &key), O::CertFileMissing)?;
    simple("key file missing", with(&certificate, &absent), O::CertFileMissing)?;
    simple("certificate in DER", with(&der, &key), O::CertFileMissing)?;
    simple("certificate and key swapped", with(&key, &certificate), O::CertFileMissing)?;
    simple("certificate in the key's place", with(&certificate, &certificate), O::CertFileMissing)?;
    simple("RSA key of 1024 bits, client's", pair(&small), O::WeakCert)?;
    simple("signed with SHA-1, client's", pair(&sha1), O::WeakCert)?;
    let mismatch = both(O::ClientKeyMismatch);
    case(
        "key of another certificate, not asked for",
        "no",
        with(&rsa_certificate, &key),
        mismatch,
        mismatch,
        [None; 2],
    )?;
    // The asyncio client of 5.3.1 loads nothing unless both files are named.
    let not_presented = O::ClientCertRequired;
    let combined = json!({"ssl_certfile": combined});
    case(
        "one file for both, certificate's place alone",
        "yes",
        combined,
        [not_presented, O::Ok],
        both(O::Ok),
        [seen; 2],
    )?;
    let without_key = O::CertFileMissing;
    let alone = json!({"ssl_certfile": certificate});
    case(
        "certificate without key",
        "yes",
        alone,
        [not_presented, without_key],
        both(without_key),
        [seen, None],
    )?;
    let alone = json!({"ssl_keyfile": key});
    case(
        "key without certificate",
        "yes",
        alone,
        [not_presented, without_key],
        both(without_key),
        [seen, None],
    )?;
    // It has no key password either.
    let refused = O::InvalidConfig;
    case("key encrypted, its password", "yes", opened, [refused, O::Ok], both(O::Ok), [seen; 2])?;
    let locked = O::ClientKeyEncrypted;
    case(
        "key encrypted, wrong password",
        "yes",
        guessed,
        [refused, locked],
        both(locked),
        [None; 2],
    )?;
    Ok(list)
}
