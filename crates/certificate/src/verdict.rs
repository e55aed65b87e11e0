//! What comes of certificates, in the words of the probe.

use super::demands::HostDemand;

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
