//! Clients that verify nothing: what passes, and what a strict client would say.

use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Situation, both};
use crate::certificates::{Hash, Identity, Key, Purpose, Wish};

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let root = Some(&pki.root);
    let good = Wish::server();
    let middle = Identity::new(&Wish::authority("Test Intermediate"), root)?;
    for (name, identity, strict) in [
        ("nothing wrong", Identity::new(&good, root)?, O::Ok),
        (
            "expired, not verified",
            Identity::new(&Wish { from: -30, until: -2, ..good.clone() }, root)?,
            O::CertExpired,
        ),
        (
            "other name, not verified",
            Identity::new(&Wish::server().named(&["elsewhere.test"], &[]), root)?,
            O::HostnameMismatch,
        ),
        ("unknown root, not verified", Identity::new(&good, Some(&pki.other_root))?, O::UnknownCa),
        ("self-signed, not verified", Identity::new(&good, None)?, O::UnknownCa),
        (
            "intermediate missing, not verified",
            Identity::new(&good, Some(&middle))?,
            O::ChainIncomplete,
        ),
        (
            "RSA key of 1024 bits, not verified",
            Identity::new(&Wish { key: Key::Rsa(1024), ..good.clone() }, root)?,
            O::WeakCert,
        ),
        (
            "signed with SHA-1, not verified",
            Identity::new(&Wish { hash: Hash::Sha1, ..good.clone() }, root)?,
            O::WeakCert,
        ),
        (
            "for clients only, not verified",
            Identity::new(&Wish { purpose: Purpose::Client, ..good.clone() }, root)?,
            O::BadKeyUsage,
        ),
    ] {
        let server = pki.serve_lenient(&identity, &[], &[])?;
        // redis-py 6.0 alone refuses this without `ssl_check_hostname: false`.
        let client = pki.client("localhost", json!({"ssl_cert_reqs": "none"}));
        list.push(Situation::new(name, server, client, both(O::Ok)).strict(strict));
    }
    let case = |name, more: Value, expected, strict| -> Result<Situation, Error> {
        let server = pki.serve(&pki.leaf(&good)?, &[])?;
        let situation = Situation::new(name, server, pki.client("localhost", more), expected);
        Ok(Situation { strict, ..situation })
    };
    list.push(case(
        "not verified, but the name checked",
        json!({"ssl_cert_reqs": "none", "ssl_check_hostname": true}),
        [O::InvalidConfig, O::Ok],
        [None, Some(O::Ok)],
    )?);
    list.push(case(
        "null for ssl_cert_reqs",
        json!({"ssl_cert_reqs": null, "ssl_ca_certs": pki.path("other-root.crt")}),
        both(O::Ok),
        [Some(O::UnknownCa); 2],
    )?);
    list.push(case(
        "ssl_cert_reqs that redis-py does not know",
        json!({"ssl_cert_reqs": "CERT_REQUIRED"}),
        both(O::InvalidConfig),
        [None; 2],
    )?);
    Ok(list)
}
