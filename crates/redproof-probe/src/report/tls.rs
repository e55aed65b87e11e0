//! What TLS gave, and the certificates that were seen.

use schemars::JsonSchema;
use serde::Serialize;

use crate::outcome::ProbeOutcome;

/// The strict verdict: chain and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Strict {
    /// The verdict.
    pub outcome: ProbeOutcome,
    /// What is wrong, or what it means that this differs from the connection's outcome.
    pub detail: Option<String>,
}

/// What TLS gave.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TlsReport {
    /// `TLSv1.3`
    pub version: String,
    /// OpenSSL's name of the cipher suite, rustls' suites too.
    pub cipher: Option<String>,
    /// The name sent in SNI, unless the host is an address.
    pub server_name: Option<String>,
    /// Whether a client certificate was loaded.
    pub client_certificate: bool,
    /// Whether the server asked for one.
    pub client_certificate_requested: bool,
    /// The authorities that it named then; none where it takes any.
    pub client_authorities: Vec<String>,
    /// The certificates that the server sent, its own first.
    pub chain: Vec<CertificateReport>,
    /// What the client trusts: the settings' authorities, and the roots that it takes without being
    /// told, by `SSL_CERT_FILE` and `SSL_CERT_DIR` or this machine's.
    pub trusted: Vec<String>,
}

/// What a server offers, whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TlsScan {
    /// Each version, oldest first.
    pub versions: Vec<OfferedVersion>,
    /// The kinds of weak ciphers that it takes in TLS 1.2 and older.
    pub weak_ciphers: Vec<WeakCipher>,
    /// The kinds that this OpenSSL can't try.
    pub untried: Vec<&'static str>,
}

/// A TLS version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfferedVersion {
    /// `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`.
    pub version: &'static str,
    /// Whether the server offers it; `null` where this OpenSSL can't try.
    pub offered: Option<bool>,
    /// Older than TLS 1.2.
    pub weak: bool,
}

/// A kind of weak ciphers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeakCipher {
    /// `no forward secrecy`, `CBC with SHA-1`, `3DES`, `RC4`, `no encryption`, `no certificate`.
    pub kind: &'static str,
    /// The one that the server chose of these, as OpenSSL calls it.
    pub cipher: String,
}

impl TlsScan {
    /// What is weak of what is offered, in words.
    pub fn weak(&self) -> Vec<String> {
        let versions = self.versions.iter().filter(|one| one.weak && one.offered == Some(true));
        let ciphers =
            self.weak_ciphers.iter().map(|weak| format!("{} ({})", weak.cipher, weak.kind));
        versions.map(|one| one.version.to_owned()).chain(ciphers).collect()
    }
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CertificateReport {
    /// `O = Example, CN = redis.example`
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Subject alternative names: `DNS:redis.example`, `IP:10.0.0.1`.
    pub sans: Vec<String>,
    /// RFC 3339, UTC.
    pub not_before: String,
    /// RFC 3339, UTC.
    pub not_after: String,
    /// The same, seconds since 1970.
    pub not_after_seconds: i64,
    /// Whole days until `not_after`; negative once it has passed.
    pub days_left: i64,
    /// `RSA 2048`, `EC prime256v1`, `ED25519`.
    pub key: String,
    /// `sha256WithRSAEncryption`
    pub signature: String,
    /// Whether it is a CA; `null` where basicConstraints does not say.
    pub is_ca: Option<bool>,
    /// keyUsage: `digitalSignature`, `keyCertSign`; `null` where it has none.
    pub key_usage: Option<Vec<&'static str>>,
    /// extendedKeyUsage: `serverAuth`, `clientAuth`, or numbers; `null` where it has none.
    pub extended_key_usage: Option<Vec<String>>,
    /// subjectKeyIdentifier, as lower-case hex.
    pub subject_key_identifier: Option<String>,
    /// The key of authorityKeyIdentifier, as lower-case hex.
    pub authority_key_identifier: Option<String>,
    /// SHA-256 of the certificate, as lower-case hex.
    pub fingerprint_sha256: String,
}

/// The certificates of a file that LiteLLM's clients read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileReport {
    /// `ssl_certfile`, or `ssl_ca_certs`.
    pub setting: &'static str,
    /// Its path.
    pub path: String,
    /// What it holds. Of a bundle of authorities, those that a server's chain leads to; all of them, up
    /// to twenty, where no server's chain was seen.
    pub certificates: Vec<CertificateReport>,
}
