//! Chains as LiteLLM's Rust client judges them: rustls's own judge, `webpki`, with what redis-rs gives it.
//!
//! It is stricter than OpenSSL in some ways (version 1, a CA as a server, SHA-512 by a P-256 key), and laxer in others (host
//! names are not checked unless asked for, an intermediate may be trusted, a root's dates and extensions do not count).

use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use super::demands::HostDemand;
use super::inspection::{Judgement, KeyMatch, NameCheck, Verdict};
use super::name::AlternativeName;
use super::public_key::PublicKey;
use super::rustls_read::{KeyForm, Readable};
use super::rustls_signatures::{ALGORITHMS, is_offered, is_verified, signs_with};
use super::signature::Algorithm;
use super::x509::{Certificate, issuer_is_intermediate};

/// The trusted certificates, as rustls takes them.
pub(super) struct Anchors {
    list: Vec<TrustAnchor<'static>>,
    /// Why the whole file is given up.
    broken: Option<String>,
    /// No file of trusted certificates is at hand.
    unknown: bool,
}

impl Anchors {
    /// Those of these files.
    pub(super) fn of<'r>(files: impl Iterator<Item = &'r Readable>) -> Self {
        let mut these = Self { list: vec![], broken: None, unknown: true };
        for file in files {
            these.unknown = false;
            match &file.certificates {
                Err(why) => these.broken = Some(why.clone()),
                Ok(list) => {
                    for der in list {
                        match anchor_from_trusted_cert(&CertificateDer::from(der.as_slice())) {
                            Ok(anchor) => these.list.push(anchor.to_owned()),
                            Err(error) => these.broken = Some(words(&error)),
                        }
                    }
                }
            }
        }
        these
    }

    /// What comes of files that rustls gives up.
    pub(super) fn failure(&self) -> Option<Verdict> {
        self.broken.is_some().then_some(Verdict::CaFileInvalid)
    }
}

/// A chain that is to be judged.
pub(super) struct Trial<'c> {
    pub(super) leaf: &'c Certificate,
    /// What is presented, the leaf included.
    pub(super) sent: &'c [&'c Certificate],
    pub(super) anchors: &'c Anchors,
    /// The same as OpenSSL sees them.
    pub(super) trusted: &'c [&'c Certificate],
    pub(super) hosts: &'c [HostDemand],
    /// In seconds since 1970.
    pub(super) now: i64,
}

/// The trusted certificates of a Rust client, read once for the chains of many servers.
pub struct RustlsTrust {
    trusted: Vec<Certificate>,
    anchors: Anchors,
}

/// A chain that a server sent, and what the Rust client makes of it, whatever the server is called.
pub struct RustlsChain {
    leaf: Certificate,
    verified: Result<(), Objection>,
}

/// What rustls has against a chain, and why in words.
type Objection = (Verdict, String);

impl RustlsTrust {
    /// Reads trusted certificates, in DER.
    pub fn new(trusted: &[Vec<u8>]) -> Self {
        let file = Readable { certificates: Ok(trusted.to_vec()), ..Readable::nothing() };
        Self { trusted: read(trusted), anchors: Anchors::of(std::iter::once(&file)) }
    }

    /// Reads and verifies the certificates that a server sent, its own first, in DER; `None` where its own
    /// can't be read. `now` is in seconds since 1970.
    pub fn chain(&self, sent: &[Vec<u8>], now: i64) -> Option<RustlsChain> {
        let leaf = Certificate::read(sent.first()?)?;
        let above = read(&sent[1..]);
        let sent: Vec<_> = std::iter::once(&leaf).chain(&above).collect();
        let trusted: Vec<_> = self.trusted.iter().collect();
        let (anchors, hosts) = (&self.anchors, &[][..]);
        let trial = Trial { leaf: &leaf, sent: &sent, anchors, trusted: &trusted, hosts, now };
        let verified = trial.verified();
        Some(RustlsChain { leaf, verified })
    }
}

impl RustlsChain {
    /// What the Rust client makes of it, as that of this host.
    pub fn judge(&self, demand: &HostDemand) -> Judgement {
        judged(&self.leaf, std::slice::from_ref(demand), || self.verified.clone())
    }
}

fn read(list: &[Vec<u8>]) -> Vec<Certificate> {
    list.iter().filter_map(|der| Certificate::read(der)).collect()
}

/// What the Rust client reads to present a certificate.
pub(super) struct ClientFiles<'c> {
    pub(super) certificates: &'c Readable,
    pub(super) key: KeyMatch,
    /// The form of the file of the key; `None` where it is not at hand.
    pub(super) form: Option<KeyForm>,
    pub(super) has_password: bool,
    /// The key has to be in the certificate's own file.
    pub(super) key_is_here: bool,
}

impl Trial<'_> {
    /// `WebPkiServerVerifier`, and what the handshake asks of the key.
    pub(super) fn server(&self) -> Judgement {
        judged(self.leaf, self.hosts, || self.verified())
    }

    /// What it has against the chain alone.
    fn verified(&self) -> Result<(), Objection> {
        let der = CertificateDer::from(self.leaf.der.as_slice());
        let leaf = EndEntityCert::try_from(&der).map_err(|error| self.of(&error))?;
        if self.anchors.unknown {
            return Err((Verdict::Unknown, "the trusted certificates are not at hand".to_owned()));
        }
        let sent: Vec<CertificateDer<'_>> =
            self.sent.iter().skip(1).map(|one| CertificateDer::from(one.der.as_slice())).collect();
        let now = std::time::Duration::from_secs(u64::try_from(self.now).unwrap_or(0));
        leaf.verify_for_usage(
            ALGORITHMS,
            &self.anchors.list,
            &sent,
            UnixTime::since_unix_epoch(now),
            KeyUsage::server_auth(),
            None,
            None,
        )
        .map(drop)
        .map_err(|error| self.of(&error))
    }

    /// What a client's certificate and key come to: to the Rust client, and then to the server, whose OpenSSL says this.
    pub(super) fn client(&self, files: &ClientFiles<'_>, to_server: Verdict) -> Judgement {
        let judged = |verdict, problem: &str| Judgement {
            verdict,
            problem: Some(problem.to_owned()),
            names: vec![],
        };
        match files.form {
            Some(KeyForm::OldEncrypted) => {
                return judged(
                    Verdict::KeyEncrypted,
                    "its key is in OpenSSL's old encrypted form, which the Rust client refuses, with its password too",
                );
            }
            Some(KeyForm::EncryptedOddly) => {
                return judged(
                    Verdict::KeyEncrypted,
                    "its key is encrypted by means that the Rust client lacks",
                );
            }
            Some(KeyForm::Encrypted) if !files.has_password => {
                return judged(Verdict::KeyEncrypted, "its key is encrypted");
            }
            Some(KeyForm::Missing) => {
                return judged(Verdict::CertFileMissing, "rustls reads no key from its key's file");
            }
            None if files.key_is_here => {
                return judged(Verdict::CertFileMissing, "rustls reads no key from its file");
            }
            Some(KeyForm::Encrypted | KeyForm::Plain) | None => {}
        }
        if files.certificates.is_without_certificates() {
            return judged(Verdict::CertFileMissing, "rustls reads no certificate from its file");
        }
        let key = self.leaf.key.as_ref();
        if let (KeyMatch::Matches(_) | KeyMatch::NotJudged(_), Some(key)) = (files.key, key)
            && !signs_with(key)
        {
            let weak = matches!(key, PublicKey::Rsa { .. }) && !is_verified(key);
            let verdict = if weak { Verdict::Weak } else { Verdict::CertFileMissing };
            return judged(verdict, &format!("rustls signs with no key of this kind: {key}"));
        }
        if let KeyMatch::Differs(_) = files.key {
            return judged(Verdict::KeyMismatch, "its key belongs to another certificate");
        }
        let der = CertificateDer::from(self.leaf.der.as_slice());
        if let Err(error) = EndEntityCert::try_from(&der) {
            return judged(Verdict::CertFileMissing, &words(&error));
        }
        let verdict = match (files.key, to_server) {
            (KeyMatch::Matches(_), Verdict::Ok | Verdict::Unknown) => to_server,
            (KeyMatch::Matches(_), _) => Verdict::ClientRejected,
            _ => Verdict::Unknown,
        };
        Judgement { verdict, problem: None, names: vec![] }
    }

    /// webpki's error in the words of the probe.
    fn of(&self, error: &Error) -> Objection {
        let verdict = match error {
            Error::CertExpired { .. } | Error::InvalidCertValidity => Verdict::Expired,
            Error::CertNotValidYet { .. } => Verdict::NotYetValid,
            Error::UnknownIssuer => {
                let mut top = self.leaf;
                // The last one that is linked by names.
                for _ in self.sent {
                    let above = self.sent.iter().find(|one| top.may_be_issued_by(one));
                    match above {
                        Some(above) if !above.is_self_issued() => top = above,
                        _ => break,
                    }
                }
                let missing = !top.is_self_issued() && issuer_is_intermediate(top, self.trusted);
                if missing { Verdict::ChainIncomplete } else { Verdict::UnknownCa }
            }
            Error::InvalidSignatureForPublicKey => {
                let all = self.sent.iter().chain(self.trusted);
                let mut keys = all.filter_map(|one| one.key.as_ref());
                let small =
                    keys.any(|key| matches!(key, PublicKey::Rsa { .. }) && !is_verified(key));
                if small { Verdict::Weak } else { Verdict::UnknownCa }
            }
            Error::UnsupportedSignatureAlgorithmContext(_)
            | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
                let weak = |one: &&Certificate| {
                    !one.signature.is_strong() && !matches!(one.signature, Algorithm::Other(_))
                };
                let any = self.sent.iter().copied().any(|one| weak(&one));
                if any { Verdict::Weak } else { Verdict::BadKeyUsage }
            }
            _ => Verdict::BadKeyUsage,
        };
        (verdict, words(error))
    }
}

/// The judgement of a server's certificate for these hosts.
fn judged(
    leaf: &Certificate,
    hosts: &[HostDemand],
    verified: impl FnOnce() -> Result<(), Objection>,
) -> Judgement {
    let names: Vec<NameCheck> = hosts.iter().map(|demand| name(leaf, demand)).collect();
    let (verdict, problem) = match chain_and_names(leaf, &names, verified) {
        Ok(()) => (Verdict::Ok, None),
        Err((verdict, problem)) => (verdict, Some(problem)),
    };
    Judgement { verdict, problem, names }
}

fn chain_and_names(
    leaf: &Certificate,
    names: &[NameCheck],
    verified: impl FnOnce() -> Result<(), Objection>,
) -> Result<(), Objection> {
    let key = leaf.key.as_ref();
    if !key.is_some_and(is_offered) {
        let kind = key.map_or_else(|| "unreadable".to_owned(), ToString::to_string);
        let problem = format!("rustls verifies no signature by its key, which is {kind}");
        return Err((Verdict::ProtocolVersion, problem));
    }
    // It asks for no handshake then.
    let odd = |check: &&NameCheck| ServerName::try_from(check.demand.host.as_str()).is_err();
    if let Some(check) = names.iter().find(odd) {
        let problem = format!("rustls does not take {} for a host", check.demand.host);
        return Err((Verdict::HostnameMismatch, problem));
    }
    verified()?;
    if let Some(misfit) =
        names.iter().find(|check| check.demand.name_checked && check.fits.is_none())
    {
        let problem = format!("it is not for {}", misfit.demand.host);
        return Err((Verdict::HostnameMismatch, problem));
    }
    if !key.is_some_and(is_verified) {
        let size = key.map_or_else(String::new, ToString::to_string);
        let problem = format!("rustls takes RSA keys of 2048 to 8192 bits, and its is {size}");
        return Err((Verdict::Weak, problem));
    }
    Ok(())
}

fn name(leaf: &Certificate, demand: &HostDemand) -> NameCheck {
    let der = CertificateDer::from(leaf.der.as_slice());
    let fits = || {
        let name = ServerName::try_from(demand.host.as_str()).ok()?;
        let server = EndEntityCert::try_from(&der).ok()?;
        server.verify_is_valid_for_subject_name(&name).ok()?;
        // By its own names alone: a common name does not count.
        let names = leaf.names.iter().flatten();
        let own = |name: &&AlternativeName| {
            super::name::fitting(&demand.host, std::slice::from_ref(*name), &[]).is_some()
        };
        Some(names.clone().find(own).map_or_else(|| demand.host.clone(), |name| format!("{name}")))
    };
    NameCheck { demand: demand.clone(), fits: fits() }
}

/// What webpki has against a certificate, in a few words.
fn words(error: &Error) -> String {
    match error {
        Error::CertExpired { .. } => "a certificate has expired",
        Error::InvalidCertValidity => "a certificate ends before it begins",
        Error::CertNotValidYet { .. } => "a certificate is not valid yet",
        Error::UnknownIssuer => "no trusted certificate signed the chain",
        Error::InvalidSignatureForPublicKey => {
            "a signature is wrong, or its key is one that rustls does not take"
        }
        Error::UnsupportedCertVersion => "a certificate is of X.509 version 1",
        Error::CaUsedAsEndEntity => "the server presents a CA's certificate as its own",
        Error::EndEntityUsedAsCa => "a certificate that is not a CA's signed another",
        Error::RequiredEkuNotFoundContext(_) => "extendedKeyUsage does not allow this use",
        Error::NameConstraintViolation => "its CA may not sign for its names (nameConstraints)",
        Error::PathLenConstraintViolated => "a CA allows fewer CAs below it",
        Error::UnsupportedCriticalExtension => "a critical extension is not known to rustls",
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature is made in a way that rustls does not take"
        }
        other => return format!("rustls does not read a certificate ({other})"),
    }
    .to_owned()
}
