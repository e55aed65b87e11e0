//! What there is to say of all files.

use std::borrow::Cow;

use super::demands::HostDemand;
use super::signature::Verified;
use super::verify::Purpose;
use super::x509::Certificate;
use base::finding::Finding;

/// What comes of the files: the words of the probe's outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// OpenSSL takes it.
    Ok,
    /// It can't be known from the files at hand.
    Unknown,
    /// `cert_expired`
    Expired,
    /// `cert_not_yet_valid`
    NotYetValid,
    /// `hostname_mismatch`
    HostnameMismatch,
    /// `unknown_ca`
    UnknownCa,
    /// `chain_incomplete`
    ChainIncomplete,
    /// `weak_cert`
    Weak,
    /// `bad_key_usage`
    BadKeyUsage,
    /// `protocol_version`: client and server find no signature algorithm in common.
    ProtocolVersion,
    /// `ca_file_invalid`
    CaFileInvalid,
    /// `cert_file_missing`: the client's certificate or key does not load.
    CertFileMissing,
    /// `client_key_mismatch`
    KeyMismatch,
    /// `client_key_encrypted`
    KeyEncrypted,
    /// `client_cert_rejected`
    ClientRejected,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Ok,
        Self::Unknown,
        Self::Expired,
        Self::NotYetValid,
        Self::HostnameMismatch,
        Self::UnknownCa,
        Self::ChainIncomplete,
        Self::Weak,
        Self::BadKeyUsage,
        Self::ProtocolVersion,
        Self::CaFileInvalid,
        Self::CertFileMissing,
        Self::KeyMismatch,
        Self::KeyEncrypted,
        Self::ClientRejected,
    ];

    /// Its name, as `redproof probe` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Expired => "cert_expired",
            Self::NotYetValid => "cert_not_yet_valid",
            Self::HostnameMismatch => "hostname_mismatch",
            Self::UnknownCa => "unknown_ca",
            Self::ChainIncomplete => "chain_incomplete",
            Self::Weak => "weak_cert",
            Self::BadKeyUsage => "bad_key_usage",
            Self::ProtocolVersion => "protocol_version",
            Self::CaFileInvalid => "ca_file_invalid",
            Self::CertFileMissing => "cert_file_missing",
            Self::KeyMismatch => "client_key_mismatch",
            Self::KeyEncrypted => "client_key_encrypted",
            Self::ClientRejected => "client_cert_rejected",
        }
    }
}

/// Where a certificate of a chain comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is what is presented.
    Presented,
    /// It is presented beside it.
    Sent,
    /// It is among the trusted.
    Trusted,
}

/// One certificate of a chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// The certificate.
    pub certificate: Certificate,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether the next one signed it; of the last one, whether it signed itself.
    pub signature: Verified,
    /// What is wrong with it, in a few words each.
    pub problems: Vec<Cow<'static, str>>,
}

/// A configured host against the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCheck {
    /// The host, and how it is checked.
    pub demand: HostDemand,
    /// The name that fits, as it stands in the certificate.
    pub fits: Option<String>,
}

/// A private key against the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMatch {
    /// It is the one; in the file of this place.
    Matches(usize),
    /// It is another one.
    Differs(usize),
    /// It is encrypted.
    Encrypted(usize),
    /// Its kind is not known here.
    NotJudged(usize),
    /// None is at hand.
    NotGiven,
}

/// A certificate that is presented, and the chain that OpenSSL builds above it.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Who presents it.
    pub purpose: Purpose,
    /// The place of its file.
    pub file: usize,
    /// From the certificate up to the root.
    pub links: Vec<Link>,
    /// The name of the issuer that is missing above the last one.
    pub missing: Option<String>,
    /// The configured hosts against its names, for a server.
    pub names: Vec<NameCheck>,
    /// Its private key.
    pub key: KeyMatch,
    /// What comes of it.
    pub verdict: Verdict,
    /// What LiteLLM's Rust client makes of it, on a release that has one.
    pub rust: Option<Judgement>,
}

/// What LiteLLM's Rust client makes of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What comes of it.
    pub verdict: Verdict,
    /// What it has against it, in a few words.
    pub problem: Option<String>,
    /// Its hosts against the certificate's names, for a server.
    pub names: Vec<NameCheck>,
}

/// What there is to say of all files.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The chains: of servers, then of clients.
    pub chains: Vec<Chain>,
    /// Trusted certificates, with the places of their files.
    pub authorities: Vec<(usize, Certificate)>,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What LiteLLM's client meets first with these files.
    pub verdict: Verdict,
    /// What its Rust client meets first, on a release that has one.
    pub rust_verdict: Option<Verdict>,
}
