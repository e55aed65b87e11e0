//! Chains at random: OpenSSL's own verdict, and core's.

use std::collections::BTreeMap;

use openssl::pkey::Id;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509CheckFlags, X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509PurposeId, X509StoreContext};
use redproof_core::certificate::{self, Demands, HostDemand, NamedBytes, Role};
use redproof_tests::certificates::{Hash, Identity, Key, Purpose, Usage, Wish};

use crate::{Dice, now};

/// How many chains.
const ROUNDS: usize = 400;
const HOST: &str = "redis.test";

/// OpenSSL's first objection, as CPython sets it up: security level 2, no wildcards for part of a label.
/// `newer` is CPython from 3.13 on.
fn openssl(leaf: &Identity, sent: &[&Identity], trusted: &[&Identity], newer: bool) -> i32 {
    let mut store = X509StoreBuilder::new().expect("a store");
    for identity in trusted {
        store.add_cert(identity.certificate.clone()).expect("a trusted certificate");
    }
    let mut parameters = X509VerifyParam::new().expect("parameters");
    parameters.set_auth_level(2);
    parameters.set_purpose(X509PurposeId::SSL_SERVER).expect("a purpose");
    parameters.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS);
    parameters.set_host(HOST).expect("a host");
    let mut flags = X509VerifyFlags::TRUSTED_FIRST;
    if newer {
        flags |= X509VerifyFlags::X509_STRICT | X509VerifyFlags::PARTIAL_CHAIN;
    }
    parameters.set_flags(flags).expect("flags");
    store.set_param(&parameters).expect("parameters");
    let store = store.build();
    let mut chain = Stack::new().expect("a stack");
    for identity in sent {
        chain.push(identity.certificate.clone()).expect("room");
    }
    let mut context = X509StoreContext::new().expect("a context");
    let verify = |context: &mut openssl::x509::X509StoreContextRef| {
        let fine = context.verify_cert()?;
        Ok(if fine { 0 } else { context.error().as_raw() })
    };
    context.init(&store, &leaf.certificate, &chain, verify).expect("a verdict")
}

/// The verdicts that may stand for an objection of OpenSSL's.
fn classes(code: i32) -> &'static [&'static str] {
    match code {
        0 => &["ok"],
        2 => &["chain_incomplete"],
        // OpenSSL does not tell the two apart.
        20 | 21 => &["chain_incomplete", "unknown_ca"],
        7 | 18 | 19 => &["unknown_ca"],
        9 => &["cert_not_yet_valid"],
        10 => &["cert_expired"],
        62 | 64 => &["hostname_mismatch"],
        66..=68 => &["weak_cert"],
        _ => &["bad_key_usage"],
    }
}

fn pem(identities: &[&Identity]) -> Vec<u8> {
    identities.iter().flat_map(|one| one.certificate_pem().expect("it is written")).collect()
}

/// A certificate of an issuer; MD5 is for RSA alone.
fn issue(wish: &Wish, issuer: Option<&Identity>) -> Identity {
    let rsa = match issuer {
        Some(issuer) => issuer.key.id() == Id::RSA,
        None => matches!(wish.key, Key::Rsa(_)),
    };
    let hash = if wish.hash == Hash::Md5 && !rsa { Hash::Sha1 } else { wish.hash };
    // What the issuer lacks can't be named.
    let unnamed = issuer.is_some_and(|issuer| issuer.certificate.subject_key_id().is_none());
    let without_identifiers = wish.without_identifiers || unnamed;
    let wish = Wish { hash, without_identifiers, ..wish.clone() };
    Identity::new(&wish, issuer).expect("OpenSSL issues it")
}

fn odd(dice: &mut Dice, wish: Wish) -> Wish {
    let mut wish = wish;
    if dice.once_in(9) {
        (wish.from, wish.until) = dice.of(&[(-30, -2), (2, 30), (30, -30)]);
    }
    if dice.once_in(9) {
        wish.ca = dice.of(&[None, Some(true), Some(false)]);
    }
    if dice.once_in(12) {
        wish.path_length = Some(0).filter(|_| wish.ca == Some(true));
    }
    if dice.once_in(8) {
        wish.usage = dice.of(&[
            Usage::Unsaid,
            Usage::Sign,
            Usage::DigitalSignature,
            Usage::DataEncipherment,
        ]);
    }
    if dice.once_in(8) {
        wish.purpose = dice.of(&[
            Purpose::Unsaid,
            Purpose::Server,
            Purpose::Client,
            Purpose::Both,
            Purpose::Any,
        ]);
    }
    if dice.once_in(12) {
        wish.hash = dice.of(&[Hash::Sha1, Hash::Md5, Hash::Sha512]);
    }
    if dice.once_in(12) {
        wish.key = dice.of(&[Key::Rsa(1024), Key::Rsa(2048), Key::Ed25519]);
    }
    if dice.once_in(14) {
        wish.only_names = Some(dice.of(&["redis.test", "elsewhere.test", ".test"]));
    }
    wish.unknown_extension = dice.once_in(20);
    wish.without_identifiers = dice.once_in(8);
    wish
}

fn leaf(dice: &mut Dice) -> Wish {
    let names: [&[&'static str]; 6] = [
        &["redis.test"],
        &["localhost", "REDIS.test"],
        &["*.test"],
        &["elsewhere.test"],
        &["redis.test", "other.elsewhere.test"],
        &[],
    ];
    let common_name = dice.of(&["redis.test", "litellm", ""]);
    let wish = Wish { common_name, ..Wish::server() };
    if dice.once_in(3) { wish.named(dice.of(&names), &[]) } else { wish }
}

#[test]
fn random_chains_are_judged_as_openssl_does() {
    let mut dice = Dice(0x5eed_5eed_5eed_5eed);
    let mut seen = BTreeMap::new();
    let mut wrong = vec![];
    for round in 0..ROUNDS {
        let root = odd(&mut dice, Wish::authority("Random Root"));
        let root = issue(&root, None);
        let twin = Identity::new(&Wish::authority("Random Root"), None).expect("a root");
        let upper = odd(&mut dice, Wish::authority("Upper Intermediate"));
        let upper = issue(&upper, Some(&root));
        let lower = odd(&mut dice, Wish::authority("Lower Intermediate"));
        let lower = issue(&lower, Some(&upper));
        let depth = dice.below(4);
        let issuer = [Some(&root), Some(&upper), Some(&lower), None][depth];
        let wish = leaf(&mut dice);
        let wish = odd(&mut dice, wish);
        let leaf = issue(&wish, issuer);
        let mut sent: Vec<&Identity> =
            [&lower, &upper, &root, &twin].into_iter().filter(|_| !dice.once_in(5)).collect();
        if dice.once_in(3) {
            sent.reverse();
        }
        let choices: [&[&Identity]; 6] =
            [&[&root], &[&root], &[&twin, &root], &[&upper], &[&twin], &[&leaf]];
        let trusted = dice.of(&choices);
        let server = [&[&leaf][..], &sent].concat();
        let files =
            [NamedBytes::new("server.crt", pem(&server)), NamedBytes::new("ca.crt", pem(trusted))];
        let holdings = certificate::read(&files);
        let host =
            HostDemand { host: HOST.to_owned(), tls: true, verified: true, name_checked: true };
        let demands = Demands { hosts: vec![host], ..Demands::default() };
        let inspection =
            certificate::inspect(&holdings, &[Role::Server, Role::Authorities], &demands, now());
        let chain = inspection.chains.first().expect("a chain");
        let code = openssl(&leaf, &sent, trusted, false);
        *seen.entry(code).or_insert(0) += 1;
        let verdict = chain.verdict.name();
        if !classes(code).contains(&verdict) {
            wrong.push(format!("round {round}: {verdict}, where OpenSSL says {code}: {wish:?}"));
        }
        // The name is not part of what differs between releases of Python.
        let about_name = |code| code == 62;
        let newer = openssl(&leaf, &sent, trusted, true);
        let changes = (code == 0) != (newer == 0) && !about_name(code) && !about_name(newer);
        let said = inspection.findings.iter().any(|finding| finding.code == "RP715");
        let named = leaf_names_host(chain);
        if named && changes != said {
            wrong.push(format!(
                "round {round}: on Python 3.13 {code} becomes {newer}; said: {said}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {ROUNDS}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen.len() >= 12, "the chains are too much alike: {seen:?}");
    assert!(seen[&0] > 40, "too few are fine: {seen:?}");
}

fn leaf_names_host(chain: &certificate::Chain) -> bool {
    chain.names.iter().all(|check| check.fits.is_some())
}

#[test]
fn rsa_keys_are_weak_where_openssl_says_so() {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a root");
    for bits in [1024, 1536, 1962, 1963, 2047, 2048] {
        let wish = Wish { key: Key::Rsa(bits), ..Wish::server() };
        let leaf = Identity::new(&wish, Some(&root)).expect("a leaf");
        let files = [
            NamedBytes::new("server.crt", pem(&[&leaf])),
            NamedBytes::new("ca.crt", pem(&[&root])),
        ];
        let holdings = certificate::read(&files);
        let roles = [Role::Server, Role::Authorities];
        let inspection = certificate::inspect(&holdings, &roles, &Demands::default(), now());
        let strong = leaf.key.security_bits() >= 112;
        assert_eq!(inspection.verdict.name() == "ok", strong, "RSA {bits}");
    }
}
