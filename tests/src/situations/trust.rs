//! Which certificates the client trusts, and the files that say so.

use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Situation, both};
use crate::certificates::{Identity, Wish};

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let leaf = pki.leaf(&Wish::server())?;
    let mut case = |name, more: Value, expected: O, strict: Option<O>| -> Result<(), Error> {
        let client = pki.client("localhost", more);
        let situation = Situation::new(name, pki.serve(&leaf, &[])?, client, both(expected));
        list.push(Situation { strict: [strict; 2], ..situation });
        Ok(())
    };
    let root = String::from_utf8(pki.root.certificate_pem()?)?;
    let other = String::from_utf8(pki.other_root.certificate_pem()?)?;
    let expired = Wish { from: -30, until: -2, ..Wish::authority("Test Root") };
    let expired = Identity::with_key(&expired, pki.root.key.clone(), None)?;
    let expired = String::from_utf8(expired.certificate_pem()?)?;
    let key = String::from_utf8(pki.root.key.private_key_to_pem_pkcs8()?)?;
    let trusted = root
        .replace("BEGIN CERTIFICATE", "BEGIN TRUSTED CERTIFICATE")
        .replace("END CERTIFICATE", "END TRUSTED CERTIFICATE");
    let broken = other.replacen("MII", "MI!", 1);
    let (ok, seen) = (O::Ok, Some(O::Ok));
    let invalid = (O::CaFileInvalid, None);
    for (name, content, (expected, strict)) in [
        ("bundle of two roots", format!("{other}{root}"), (ok, seen)),
        ("bundle with a byte order mark", format!("\u{feff}{root}"), (ok, seen)),
        ("bundle with CRLF lines", root.replace('\n', "\r\n"), (ok, seen)),
        ("bundle with comments", format!("# the root\n{root}\n# the end\n"), (ok, seen)),
        ("bundle with a key in it", format!("{key}{root}"), (ok, seen)),
        ("bundle with a TRUSTED CERTIFICATE", trusted, (ok, seen)),
        ("bundle with the root twice", format!("{root}{root}"), (ok, seen)),
        ("bundle with the root's expired version first", format!("{expired}{root}"), (ok, seen)),
        (
            "bundle with the root's expired version alone",
            expired,
            (O::CertExpired, Some(O::CertExpired)),
        ),
        ("bundle without the root", other.clone(), (O::UnknownCa, Some(O::UnknownCa))),
        ("bundle with a broken block", format!("{root}{broken}"), invalid),
        ("bundle that is empty", String::new(), invalid),
        ("bundle that is a key", key.clone(), invalid),
        ("bundle that is prose", "the CA's certificate goes here\n".to_owned(), invalid),
        (
            "bundle that is indented",
            root.replace('\n', "\n  ").replacen("---", "  ---", 1),
            invalid,
        ),
        ("bundle on one line with \\n", root.replace('\n', "\\n"), invalid),
        ("bundle cut short", root[..root.len() / 2].to_owned(), invalid),
    ] {
        let path = pki.file(&format!("{}.pem", name.replace([' ', '\\'], "-")), content)?;
        case(name, json!({"ssl_ca_certs": path}), expected, strict)?;
    }
    let der = pki.file("root.der", pki.root.certificate.to_der()?)?;
    case("bundle in DER", json!({"ssl_ca_certs": der}), O::CaFileInvalid, None)?;
    case(
        "bundle missing",
        json!({"ssl_ca_certs": pki.path("absent.crt")}),
        O::CaFileMissing,
        None,
    )?;
    case("bundle is a directory", json!({"ssl_ca_certs": pki.path("")}), O::CaFileInvalid, None)?;
    let unverified = json!({"ssl_ca_certs": der, "ssl_cert_reqs": "none"});
    case("bundle in DER, verification off", unverified, O::CaFileInvalid, None)?;
    let unknown = Some(O::UnknownCa);
    case("the system's roots alone", json!({"ssl_ca_certs": null}), O::UnknownCa, unknown)?;
    case("ssl_ca_data", json!({"ssl_ca_certs": null, "ssl_ca_data": root}), ok, seen)?;
    case(
        "ssl_ca_data of another root, beside the bundle",
        json!({"ssl_ca_data": other}),
        ok,
        seen,
    )?;
    case(
        "ssl_ca_data that is prose",
        json!({"ssl_ca_certs": null, "ssl_ca_data": "the CA"}),
        O::CaFileInvalid,
        None,
    )?;
    case(
        "verification optional, unknown root",
        json!({"ssl_ca_certs": pki.path("other-root.crt"), "ssl_cert_reqs": "optional"}),
        O::UnknownCa,
        unknown,
    )?;
    list.extend(directories(pki, &leaf)?);
    list.extend(partial(pki)?);
    Ok(list)
}

/// `ssl_ca_path`, which the asyncio client takes from redis-py 7.2 on.
fn directories(pki: &Pki, leaf: &Identity) -> Result<Vec<Situation>, Error> {
    let hashed = pki.directory.join("hashed");
    std::fs::create_dir_all(&hashed)?;
    let name = format!("{:08x}.0", pki.root.certificate.subject_name_hash());
    std::fs::write(hashed.join(name), pki.root.certificate_pem()?)?;
    let unhashed = pki.directory.join("unhashed");
    std::fs::create_dir_all(&unhashed)?;
    std::fs::write(unhashed.join("root.crt"), pki.root.certificate_pem()?)?;
    let case = |name, path: &str, expected| -> Result<Situation, Error> {
        let more = json!({"ssl_ca_certs": null, "ssl_ca_path": path});
        let client = pki.client("localhost", more);
        let situation =
            Situation::new(name, pki.serve(leaf, &[])?, client, [O::InvalidConfig, expected]);
        // The asyncio client of 5.3.1 takes no directory; the sync one's handshake is the one seen.
        Ok(Situation { strict: [Some(expected); 2], ..situation.sync(both(expected)) })
    };
    Ok(vec![
        case("ssl_ca_path with hashed names", &hashed.display().to_string(), O::Ok)?,
        case("ssl_ca_path without hashed names", &unhashed.display().to_string(), O::UnknownCa)?,
        case("ssl_ca_path missing", &pki.path("absent"), O::UnknownCa)?,
    ])
}

/// Trust in less than a root.
fn partial(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let middle = Identity::new(&Wish::authority("Test Intermediate"), Some(&pki.root))?;
    let leaf = Identity::new(&Wish::server(), Some(&middle))?;
    let own = Identity::new(&Wish::server(), None)?;
    let bundle = |name: &str, of: &[&Identity]| -> Result<Value, Error> {
        let mut pem = Vec::new();
        for identity in of {
            pem.extend(identity.certificate_pem()?);
        }
        Ok(json!({"ssl_ca_certs": pki.file(name, pem)?}))
    };
    let case = |name, identity: &Identity, more, expected| -> Result<Situation, Error> {
        let client = pki.client("localhost", more);
        let situation = Situation::new(name, pki.serve(identity, &[])?, client, both(expected));
        Ok(situation.strict(expected))
    };
    Ok(vec![
        case(
            "intermediate in the bundle, with the root",
            &leaf,
            bundle("b1.pem", &[&middle, &pki.root])?,
            O::Ok,
        )?,
        case(
            "intermediate in the bundle alone",
            &leaf,
            bundle("b2.pem", &[&middle])?,
            O::ChainIncomplete,
        )?,
        case(
            "server's certificate in the bundle alone",
            &leaf,
            bundle("b3.pem", &[&leaf])?,
            O::ChainIncomplete,
        )?,
        case("self-signed certificate in the bundle", &own, bundle("b4.pem", &[&own])?, O::Ok)?,
    ])
}
