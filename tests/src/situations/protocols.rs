//! TLS versions and ciphers.

use openssl::dh::Dh;
use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Server, Situation, both, plain};
use crate::certificates::{Key, Wish};

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let ec = pki.leaf(&Wish::server())?;
    let rsa = pki.leaf(&Wish { key: Key::Rsa(2048), ..Wish::server() })?;
    let mut list = Vec::new();
    let mut case = |name, server: Server, more: Value, expected: O, strict: Option<O>| {
        let client = pki.client("localhost", more);
        let situation = Situation::new(name, server, client, both(expected));
        list.push(Situation { strict: [strict; 2], ..situation });
    };
    let serve = |identity, more: &[&str]| pki.serve_lenient(identity, &[], more);
    let only = |version| serve(&ec, &["--tls-protocols", version]);
    let (ok, seen, version) = (O::Ok, Some(O::Ok), O::ProtocolVersion);
    let none = || json!({});
    case("TLS 1.3 only", only("TLSv1.3")?, none(), ok, seen);
    case("TLS 1.2 only", only("TLSv1.2")?, none(), ok, seen);
    case("TLS 1.1 only", only("TLSv1.1")?, none(), version, None);
    case("TLS 1.0 only", only("TLSv1")?, none(), version, None);
    let min = |number: i64| json!({"ssl_min_version": number});
    case("ssl_min_version 1.3, server 1.3", only("TLSv1.3")?, min(772), ok, seen);
    case("ssl_min_version 1.3, server 1.2", only("TLSv1.2")?, min(772), version, None);
    case("ssl_min_version 1.2, server 1.2", only("TLSv1.2")?, min(771), ok, seen);
    case("ssl_min_version 1.1, server 1.1", only("TLSv1.1")?, min(770), version, None);
    let ciphers =
        |identity, names| serve(identity, &["--tls-protocols", "TLSv1.2", "--tls-ciphers", names]);
    case("ECDHE with AES-CBC", ciphers(&rsa, "ECDHE-RSA-AES256-SHA384")?, none(), ok, seen);
    case("ECDHE with ChaCha20", ciphers(&rsa, "ECDHE-RSA-CHACHA20-POLY1305")?, none(), ok, seen);
    case("RSA key exchange", ciphers(&rsa, "AES256-GCM-SHA384")?, none(), version, None);
    case("ECDHE with SHA-1", ciphers(&rsa, "ECDHE-RSA-AES256-SHA")?, none(), version, None);
    case(
        "TLS 1.3 with ChaCha20 only",
        serve(&ec, &["--tls-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"])?,
        none(),
        ok,
        seen,
    );
    let parameters = |name, dh: &Dh<openssl::pkey::Params>| -> Result<Server, Error> {
        let file = pki.file(name, dh.params_to_pem()?)?;
        let more = ["--tls-protocols", "TLSv1.2", "--tls-ciphers", "DHE-RSA-AES256-GCM-SHA384"];
        serve(&rsa, &[&more[..], &["--tls-dh-params-file", &file]].concat())
    };
    case("DHE with 2048 bits", parameters("dh-2048.pem", &Dh::get_2048_256()?)?, none(), ok, seen);
    case(
        "DHE with 1024 bits",
        parameters("dh-1024.pem", &Dh::get_1024_160()?)?,
        none(),
        version,
        seen,
    );
    let client = |names: &str| json!({"ssl_ciphers": names});
    case(
        "ssl_ciphers that the server has",
        only("TLSv1.2")?,
        client("ECDHE-ECDSA-AES256-GCM-SHA384"),
        ok,
        seen,
    );
    case(
        "ssl_ciphers that the server has not",
        only("TLSv1.2")?,
        client("ECDHE-RSA-AES256-GCM-SHA384"),
        version,
        None,
    );
    case(
        "ssl_ciphers of another protocol",
        only("TLSv1.3")?,
        client("ECDHE-RSA-AES256-GCM-SHA384"),
        ok,
        seen,
    );
    case(
        "ssl_ciphers that OpenSSL does not know",
        only("TLSv1.2")?,
        client("STRONG"),
        O::InvalidConfig,
        None,
    );
    case(
        "ssl_min_version as text",
        only("TLSv1.2")?,
        json!({"ssl_min_version": "TLSv1.2"}),
        O::InvalidConfig,
        None,
    );
    list.push(Situation::new(
        "plaintext client, TLS server",
        pki.serve(&ec, &[])?,
        plain(json!({})),
        both(O::TlsRequired),
    ));
    Ok(list)
}
