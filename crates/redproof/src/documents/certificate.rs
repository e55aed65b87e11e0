//! `redproof certificate --format json`.

use redproof_core::certificate::{
    self, Chain, Holding, KeyMatch, NameCheck, Origin, Purpose, Role, Verdict,
};
use redproof_core::finding::Finding;
use schemars::JsonSchema;
use serde::Serialize;

use super::{VERSION, Version};
use crate::answer::{Formatter, Json};
use crate::certificate::Judged;

/// Certificates and keys, judged against each other and the hosts.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CertificateDocument<'a> {
    /// The version of this format.
    schema: Version,
    verdict: VerdictWord,
    /// What LiteLLM's Rust client makes of the files; null on a release that has none.
    rust_client: Option<RustClient>,
    files: Vec<Held<'a>>,
    chains: Vec<ChainPart<'a>>,
    trusted_in_no_chain: Vec<Certificate<'a>>,
    findings: &'a [Finding],
    /// Whether a finding reaches --fail-on.
    failed: bool,
}

/// What comes of it, by the probe's names of outcomes.
#[derive(Serialize, JsonSchema)]
#[schemars(extend("enum" = Verdict::ALL.map(Verdict::name)))]
#[serde(transparent)]
struct VerdictWord(&'static str);

impl From<Verdict> for VerdictWord {
    fn from(verdict: Verdict) -> Self {
        Self(verdict.name())
    }
}

/// What LiteLLM's Rust client makes of all files.
#[derive(Serialize, JsonSchema)]
struct RustClient {
    verdict: VerdictWord,
}

/// A file, or the entry of a Secret.
#[derive(Serialize, JsonSchema)]
struct Held<'a> {
    file: &'a str,
    role: &'static str,
    /// The setting that names it.
    setting: Option<&'static str>,
    certificates: usize,
    keys: Vec<Key>,
}

/// A private key: what is public of it.
#[derive(Serialize, JsonSchema)]
struct Key {
    kind: Option<String>,
    /// PKCS#8, PKCS#1, SEC1, …
    form: &'static str,
    encrypted: bool,
}

/// A configured host against the certificate.
#[derive(Serialize, JsonSchema)]
struct HostPart<'a> {
    host: &'a str,
    /// The name in the certificate that fits it.
    fits: Option<&'a str>,
    tls: bool,
    verified: bool,
    name_checked: bool,
}

/// A certificate that is presented, and the chain above it.
#[derive(Serialize, JsonSchema)]
struct ChainPart<'a> {
    purpose: PurposeWord,
    file: &'a str,
    verdict: VerdictWord,
    hosts: Vec<HostPart<'a>>,
    /// What LiteLLM's Rust client makes of it; null on a release that has none.
    rust_client: Option<Judgement<'a>>,
    key: KeyPart<'a>,
    /// From the certificate up to the root.
    certificates: Vec<Link<'a>>,
    missing_issuer: Option<&'a str>,
}

/// Who presents it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PurposeWord {
    Server,
    Client,
}

/// What LiteLLM's Rust client makes of a certificate.
#[derive(Serialize, JsonSchema)]
struct Judgement<'a> {
    verdict: VerdictWord,
    /// What it objects to.
    problem: Option<&'a str>,
    /// Its hosts: it checks no name unless asked to.
    hosts: Vec<HostPart<'a>>,
}

/// The private key against the certificate.
#[derive(Serialize, JsonSchema)]
struct KeyPart<'a> {
    state: KeyState,
    file: Option<&'a str>,
}

/// Whether a private key is the certificate's.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KeyState {
    Matches,
    Differs,
    Encrypted,
    UnknownKind,
    NotGiven,
}

/// One certificate of a chain.
#[derive(Serialize, JsonSchema)]
struct Link<'a> {
    #[serde(flatten)]
    certificate: Certificate<'a>,
    #[schemars(extend("enum" = [Origin::Presented, Origin::Sent, Origin::Trusted].map(Origin::name)))]
    origin: &'static str,
    problems: Vec<&'a str>,
}

/// A certificate.
#[derive(Serialize, JsonSchema)]
struct Certificate<'a> {
    subject: String,
    issuer: String,
    /// In hex.
    serial: &'a str,
    /// The fingerprint, in hex.
    sha256: &'a str,
    /// Seconds since 1970.
    not_before: i64,
    /// Seconds since 1970.
    not_after: i64,
    /// Below zero once it has expired.
    days_left: i64,
    /// subjectAltName.
    names: Vec<String>,
    /// Its kind and size.
    key: Option<String>,
    signature: String,
    /// basicConstraints; null without.
    ca: Option<bool>,
    key_usage: Option<&'a [&'static str]>,
    extended_key_usage: Option<&'a [String]>,
}

impl Formatter<Judged> for Json {
    fn text(&self, judged: &Judged) -> String {
        let Judged { holdings, roles, inspection, fails, .. } = judged;
        let idle = inspection.idle_authorities();
        super::text(&CertificateDocument {
            schema: VERSION,
            verdict: inspection.verdict.into(),
            rust_client: inspection.rust_verdict.map(|one| RustClient { verdict: one.into() }),
            files: holdings.iter().zip(roles).map(|(one, role)| Held::of(one, *role)).collect(),
            chains: inspection.chains.iter().map(|chain| ChainPart::of(chain, judged)).collect(),
            trusted_in_no_chain: idle.iter().map(|one| Certificate::of(one, judged.now)).collect(),
            findings: &inspection.findings,
            failed: *fails,
        })
    }
}

impl<'a> Held<'a> {
    fn of(holding: &'a Holding, (role, setting): (Role, Option<&'static str>)) -> Self {
        let keys = holding.keys.iter().map(|key| Key {
            kind: key.public.as_ref().map(ToString::to_string),
            form: key.form,
            encrypted: key.encrypted,
        });
        Self {
            file: &holding.name,
            role: role.name(),
            setting,
            certificates: holding.certificates.len(),
            keys: keys.collect(),
        }
    }
}

impl<'a> ChainPart<'a> {
    fn of(chain: &'a Chain, judged: &'a Judged) -> Self {
        let (state, place) = match chain.key {
            KeyMatch::Matches(place) => (KeyState::Matches, Some(place)),
            KeyMatch::Differs(place) => (KeyState::Differs, Some(place)),
            KeyMatch::Encrypted(place) => (KeyState::Encrypted, Some(place)),
            KeyMatch::NotJudged(place) => (KeyState::UnknownKind, Some(place)),
            KeyMatch::NotGiven => (KeyState::NotGiven, None),
        };
        Self {
            purpose: match chain.purpose {
                Purpose::Server => PurposeWord::Server,
                Purpose::Client => PurposeWord::Client,
            },
            file: judged.name(chain.file),
            verdict: chain.verdict.into(),
            hosts: chain.names.iter().map(HostPart::of).collect(),
            rust_client: chain.rust.as_ref().map(|rust| Judgement {
                verdict: rust.verdict.into(),
                problem: rust.problem.as_deref(),
                hosts: rust.names.iter().map(HostPart::of).collect(),
            }),
            key: KeyPart { state, file: place.map(|place| judged.name(place)) },
            certificates: chain.links.iter().map(|link| Link::of(link, judged.now)).collect(),
            missing_issuer: chain.missing.as_deref(),
        }
    }
}

impl<'a> Link<'a> {
    fn of(link: &'a certificate::Link, now: i64) -> Self {
        Self {
            certificate: Certificate::of(&link.certificate, now),
            origin: link.origin.name(),
            problems: link.problems.iter().map(|problem| &**problem).collect(),
        }
    }
}

impl<'a> Certificate<'a> {
    fn of(one: &'a certificate::Certificate, now: i64) -> Self {
        let names = one.names.iter().flatten().map(ToString::to_string);
        Self {
            subject: one.subject().to_string(),
            issuer: one.issuer().to_string(),
            serial: &one.serial,
            sha256: &one.fingerprint,
            not_before: one.not_before,
            not_after: one.not_after,
            days_left: one.days_left(now),
            names: names.collect(),
            key: one.key.as_ref().map(ToString::to_string),
            signature: one.signature.to_string(),
            ca: one.constraints.map(|(is_ca, _)| is_ca),
            key_usage: one.key_usage.as_deref(),
            extended_key_usage: one.purposes.as_deref(),
        }
    }
}

impl<'a> HostPart<'a> {
    fn of(check: &'a NameCheck) -> Self {
        Self {
            host: &check.demand.host,
            fits: check.fits.as_deref(),
            tls: check.demand.tls,
            verified: check.demand.verified,
            name_checked: check.demand.name_checked,
        }
    }
}
