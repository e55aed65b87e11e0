//! Chains: what the server sends, what is missing, what a certificate may be used for.

use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::pki::Pki;
use super::{Error, Server, Situation, both};
use crate::certificates::{Identity, Purpose, Usage, Wish};

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let mut case = |name, server: Server, more: Value, expected: O| {
        let client = pki.client("localhost", more);
        list.push(Situation::new(name, server, client, both(expected)).strict(expected));
    };
    let middle = Identity::new(&Wish::authority("Test Intermediate"), Some(&pki.root))?;
    let lower = Identity::new(&Wish::authority("Lower Intermediate"), Some(&middle))?;
    let leaf = Identity::new(&Wish::server(), Some(&middle))?;
    let low = Identity::new(&Wish::server(), Some(&lower))?;
    let direct = pki.leaf(&Wish::server())?;
    let root = &pki.root;
    let none = || json!({});
    case("intermediate sent", pki.serve(&leaf, &[&middle])?, none(), O::Ok);
    case("intermediate missing", pki.serve(&leaf, &[])?, none(), O::ChainIncomplete);
    case("two intermediates sent", pki.serve(&low, &[&lower, &middle])?, none(), O::Ok);
    case(
        "two intermediates in the wrong order",
        pki.serve(&low, &[&middle, &lower])?,
        none(),
        O::Ok,
    );
    case(
        "upper of two intermediates missing",
        pki.serve(&low, &[&lower])?,
        none(),
        O::ChainIncomplete,
    );
    case(
        "lower of two intermediates missing",
        pki.serve(&low, &[&middle])?,
        none(),
        O::ChainIncomplete,
    );
    case("root sent too", pki.serve(&leaf, &[&middle, root])?, none(), O::Ok);
    case("unrelated certificate sent too", pki.serve(&direct, &[&pki.other_root])?, none(), O::Ok);
    case("own certificate sent twice", pki.serve(&direct, &[&direct])?, none(), O::Ok);
    let other = Identity::new(&Wish::server(), Some(&pki.other_root))?;
    case("unknown root", pki.serve(&other, &[])?, none(), O::UnknownCa);
    case("unknown root sent", pki.serve(&other, &[&pki.other_root])?, none(), O::UnknownCa);
    let own = Identity::new(&Wish::server(), None)?;
    case("self-signed", pki.serve(&own, &[])?, none(), O::UnknownCa);
    let twin = Identity::new(&Wish::authority("Test Root"), None)?;
    let of_twin = Identity::new(&Wish::server(), Some(&twin))?;
    case("root of the same name with another key", pki.serve(&of_twin, &[])?, none(), O::UnknownCa);
    let bare = Wish { without_identifiers: true, ..Wish::server() };
    case("no key identifiers", pki.serve(&pki.leaf(&bare)?, &[])?, none(), O::Ok);
    let of_twin = Identity::new(&bare, Some(&twin))?;
    case(
        "root of the same name with another key, no key identifiers",
        pki.serve(&of_twin, &[])?,
        none(),
        O::UnknownCa,
    );
    list.extend(usages(pki)?);
    Ok(list)
}

/// Extensions that say what a certificate may be used for.
fn usages(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    let server_for = |purpose| Wish { purpose, ..Wish::server() };
    let usage = |usage| Wish { usage, ..Wish::server() };
    for (name, wish, expected) in [
        ("for clients only", server_for(Purpose::Client), O::BadKeyUsage),
        ("for servers and clients", server_for(Purpose::Both), O::Ok),
        ("for any purpose", server_for(Purpose::Any), O::BadKeyUsage),
        ("no purpose said", server_for(Purpose::Unsaid), O::Ok),
        ("key usage digitalSignature", usage(Usage::DigitalSignature), O::Ok),
        ("key usage dataEncipherment", usage(Usage::DataEncipherment), O::BadKeyUsage),
        ("key usage keyCertSign", usage(Usage::Sign), O::BadKeyUsage),
        ("a CA as a server", Wish { ca: Some(true), ..Wish::server() }, O::Ok),
        (
            "critical extension that nobody knows",
            Wish { unknown_extension: true, ..Wish::server() },
            O::BadKeyUsage,
        ),
    ] {
        let server = pki.serve(&pki.leaf(&wish)?, &[])?;
        let client = pki.client("localhost", json!({}));
        list.push(Situation::new(name, server, client, both(expected)).strict(expected));
    }
    let authority = |wish: Wish| Wish { common_name: "Odd Root", ..wish };
    let ca = || authority(Wish::authority(""));
    for (name, wish, expected) in [
        ("root without basicConstraints", Wish { ca: None, ..ca() }, O::Ok),
        (
            "root without basicConstraints and key usage",
            Wish { ca: None, usage: Usage::Unsaid, ..ca() },
            O::BadKeyUsage,
        ),
        ("root without key usage", Wish { usage: Usage::Unsaid, ..ca() }, O::Ok),
        ("root with CA:FALSE", Wish { ca: Some(false), ..ca() }, O::BadKeyUsage),
        ("root that may not sign", Wish { usage: Usage::DigitalSignature, ..ca() }, O::BadKeyUsage),
        ("root for clients only", Wish { purpose: Purpose::Client, ..ca() }, O::BadKeyUsage),
        (
            "root for other names",
            Wish { only_names: Some("elsewhere.test"), ..ca() },
            O::BadKeyUsage,
        ),
    ] {
        let root = Identity::new(&wish, None)?;
        let leaf = Identity::new(&Wish::server().named(&["localhost"], &[]), Some(&root))?;
        let file = pki.write(&root, &[])?.certificate.display().to_string();
        let client = pki.client("localhost", json!({"ssl_ca_certs": file}));
        let situation = Situation::new(name, pki.serve(&leaf, &[])?, client, both(expected));
        list.push(situation.strict(expected));
    }
    for (name, wish, expected) in [
        (
            "intermediate for clients only",
            Wish { purpose: Purpose::Client, ..ca() },
            O::BadKeyUsage,
        ),
        (
            "intermediate that is no CA",
            Wish { ca: None, usage: Usage::Unsaid, ..ca() },
            O::BadKeyUsage,
        ),
        (
            "intermediate for other names",
            Wish { only_names: Some("elsewhere.test"), ..ca() },
            O::BadKeyUsage,
        ),
    ] {
        let middle = Identity::new(&wish, Some(&pki.root))?;
        let leaf = Identity::new(&Wish::server().named(&["localhost"], &[]), Some(&middle))?;
        let client = pki.client("localhost", json!({}));
        let situation = Situation::new(name, pki.serve(&leaf, &[&middle])?, client, both(expected));
        list.push(situation.strict(expected));
    }
    let short = Identity::new(&Wish { path_length: Some(0), ..ca() }, Some(&pki.root))?;
    let below = Identity::new(&Wish::authority("Too Low"), Some(&short))?;
    let leaf = Identity::new(&Wish::server(), Some(&below))?;
    list.push(
        Situation::new(
            "more intermediates than the upper one allows",
            pki.serve(&leaf, &[&below, &short])?,
            pki.client("localhost", json!({})),
            both(O::BadKeyUsage),
        )
        .strict(O::BadKeyUsage),
    );
    Ok(list)
}
