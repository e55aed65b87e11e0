//! The handshake of LiteLLM's Rust client: redis-rs over rustls, with ring.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use openssl::x509::X509Name;
use redproof_core::certificate::{HostDemand, Verdict};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{
    ResolvesClientCert, Resumption, verify_server_cert_signed_by_trust_anchor, verify_server_name,
};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, RootCertStore, SignatureScheme,
};
use tokio_rustls::TlsConnector;

use super::attempt::Attempt;
use super::certificate::{Described, name, names_for_people};
use super::failure::{Progress, cut_off, no_version, of_rustls_alert};
use super::roots::DefaultRoots;
use super::rust_chains::Chains;
use super::rust_files::{Identity, authorities, explain_unknown};
use crate::network::socket::Socket;
use crate::network::wire::Stream;
use crate::options::FileAccess;
use crate::outcome::{Failure, ProbeOutcome};
use crate::report::{Strict, TlsReport};
use crate::tls_settings::TlsSettings;

/// No list of authorities is shown beyond this, and no chain.
const MOST: usize = 20;

/// What the client has before it connects.
#[derive(Debug)]
pub(crate) struct Client {
    provider: Arc<CryptoProvider>,
    /// What the settings name, and what the environment does.
    named: Anchors,
    /// This machine's roots beside it: a hundred files, which nobody reads while what is named does.
    machine: DefaultRoots,
    all: OnceLock<Anchors>,
    chains: Chains,
    described: Arc<Described>,
    own: Option<Arc<CertifiedKey>>,
    /// In words, for people: what it trusts.
    sources: Vec<String>,
}

/// Trusted certificates.
#[derive(Clone, Debug)]
struct Anchors {
    store: RootCertStore,
    /// The same in DER.
    certificates: Vec<Vec<u8>>,
}

impl Default for Anchors {
    fn default() -> Self {
        Self { store: RootCertStore::empty(), certificates: vec![] }
    }
}

impl Anchors {
    fn add(&mut self, der: CertificateDer<'_>) -> Result<(), Error> {
        self.certificates.push(der.to_vec());
        self.store.add(der)
    }
}

impl Client {
    /// Reads what the settings and the environment name. `sources` says in words what that is.
    pub(crate) fn new(
        settings: &TlsSettings,
        roots: &DefaultRoots,
        files: &FileAccess,
        sources: Vec<String>,
        described: &Arc<Described>,
    ) -> Result<Self, Failure> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let pem = authorities(settings, files)?;
        let identity = settings.client_certificate.as_ref();
        let identity = identity.map(|files_of| Identity::read(files_of, files)).transpose()?;
        let mut anchors = Anchors::default();
        for one in pem.iter().flat_map(|pem| CertificateDer::pem_slice_iter(pem)) {
            let der = one.map_err(|error| broken(&error.to_string()))?;
            anchors.add(der).map_err(|error| broken(&error.to_string()))?;
        }
        // LiteLLM adds them to what the settings name, and redis-rs reads them where it verifies nothing, too.
        if roots.are_named() {
            for der in roots.certificates().map_err(|why| no_roots(&why))? {
                anchors.add(der).map_err(|error| no_roots(&error.to_string()))?;
            }
        }
        let own = identity.map(|identity| identity.certified(&provider)).transpose()?;
        Ok(Self {
            provider,
            named: anchors,
            machine: roots.clone(),
            all: OnceLock::new(),
            chains: Chains::default(),
            described: Arc::clone(described),
            own: own.map(Arc::new),
            sources,
        })
    }

    /// All that it trusts.
    fn all(&self) -> &Anchors {
        if self.machine.are_named() {
            return &self.named;
        }
        self.all.get_or_init(|| {
            let mut all = self.named.clone();
            // What this machine's roots lack is not the image's.
            for der in self.machine.certificates().unwrap_or_default() {
                let _ = all.add(der);
            }
            all
        })
    }

    /// Shakes hands as redis-rs does. The handshake goes on past a bad certificate, so that it shows all that
    /// there is to see; nothing is sent over a stream that the client would refuse.
    pub(super) async fn connect(
        self: &Arc<Self>,
        settings: &TlsSettings,
        host: &str,
        socket: Socket,
    ) -> Attempt {
        let Ok(server) = ServerName::try_from(host.to_owned()) else {
            return Attempt::of(Err(Some(no_name(host))), None, None);
        };
        let watch = Arc::new(Watch {
            client: Arc::clone(self),
            verify: settings.verify,
            check_hostname: settings.check_hostname,
            seen: Mutex::default(),
        });
        let versions = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions();
        let mut config = match versions {
            Ok(builder) => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::clone(&watch) as Arc<dyn ServerCertVerifier>)
                .with_client_cert_resolver(Arc::clone(&watch) as Arc<dyn ResolvesClientCert>),
            Err(error) => {
                let text = format!("rustls can't be set up: {error}.");
                let failure = Failure::new(ProbeOutcome::Other, text);
                return Attempt::of(Err(Some(failure)), None, None);
            }
        };
        // redis-rs: an `insecure` connection names nobody.
        config.enable_sni = settings.verify;
        config.resumption = Resumption::disabled();
        let shaken = TlsConnector::from(Arc::new(config)).connect(server, socket).await;
        let mut seen = watch.seen();
        if let Ok(stream) = &shaken {
            let (_, session) = stream.get_ref();
            seen.version = session.protocol_version().or(seen.version);
            seen.cipher = session.negotiated_cipher_suite().map(|suite| suite.suite());
        }
        let named = host.parse::<IpAddr>().is_err();
        let sends_name = named && settings.verify;
        let report = self.report(&seen, sends_name.then_some(host));
        let judged = |error: &Error| {
            explain_unknown(self.judged(host, settings.check_hostname, &seen, error), settings)
        };
        let strict = seen.strict.as_ref().map(|error| match error {
            Ok(()) => Strict { outcome: ProbeOutcome::Ok, detail: None },
            Err(error) => strict(settings, self.judged(host, true, &seen, error)),
        });
        let progress = Progress {
            server_certificate: !seen.chain.is_empty(),
            client_certificate: self.own.is_some(),
            requested: seen.requested,
            sends_name,
            rustls: true,
        };
        let stream = match (&seen.objection, shaken) {
            (Some(error), _) => Err(Some(judged(error))),
            (None, Ok(stream)) => Ok(Stream::Rustls(Box::new(stream))),
            (None, Err(error)) => match certificate_error(&error) {
                Some(error) => Err(Some(judged(error))),
                None => Err(of_handshake(&error, progress)),
            },
        };
        Attempt::of(stream, report, strict)
    }

    fn report(&self, seen: &Seen, server_name: Option<&str>) -> Option<TlsReport> {
        let read = seen.chain.iter().take(MOST).filter_map(|der| self.described.of(der));
        let read = read.map(|(_, report)| report);
        (!seen.chain.is_empty()).then(|| TlsReport {
            version: match seen.version {
                Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
                Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
                _ => "TLS",
            }
            .to_owned(),
            cipher: seen.cipher.map(cipher_name),
            server_name: server_name.map(ToOwned::to_owned),
            client_certificate: self.own.is_some(),
            client_certificate_requested: seen.requested,
            client_authorities: seen.authorities.clone(),
            chain: read.collect(),
            trusted: self.sources.clone(),
        })
    }

    /// What rustls has against the server's certificate, named.
    fn judged(&self, host: &str, name_checked: bool, seen: &Seen, error: &Error) -> Failure {
        let demand = HostDemand { host: host.to_owned(), tls: true, verified: true, name_checked };
        let chain = self.chains.of(&seen.chain, || &self.all().certificates, now());
        let judgement = chain.map(|chain| chain.judge(&demand));
        let verdict = judgement.as_ref().map_or(Verdict::Unknown, |judgement| judgement.verdict);
        let problem = judgement.and_then(|judgement| judgement.problem);
        let outcome = outcome(verdict).unwrap_or_else(|| outcome_of(error));
        let why = problem.unwrap_or_else(|| error.to_string());
        let failure =
            Failure::new(outcome, format!("rustls refuses the server's certificate: {why}."));
        let leaf = seen.chain.first().and_then(|der| self.described.of(der));
        let said = format!("{error:?}");
        match (outcome, leaf) {
            (ProbeOutcome::HostnameMismatch, Some((leaf, _))) => failure
                .presented(names_for_people(&leaf))
                .expected(format!("one for {host}, as a subjectAltName: rustls looks at no common name")),
            (_, Some((leaf, _))) if said.contains("UnsupportedCertVersion") => failure
                .presented(format!("X.509 version {}", leaf.version() + 1))
                .expected("X.509 version 3, of each certificate")
                .help(
                    "Issue it as X.509 version 3: `openssl x509 -req … -extfile FILE` with an extension, such as \
                     `subjectAltName=DNS:HOST`. OpenSSL 3.0 writes version 1 without one.",
                ),
            (_, Some(_)) if said.contains("CaUsedAsEndEntity") => failure
                .presented("a CA's certificate as the server's own")
                .expected("a certificate that is not a CA's (basicConstraints CA:FALSE)")
                .help("Issue a certificate for the server, signed by that CA, with basicConstraints CA:FALSE."),
            (_, Some((_, seen))) => {
                failure.presented(format!("{} ({}), signed by {}", seen.subject, seen.key, seen.issuer))
                    .expected("a certificate and chain that rustls verifies")
            }
            (_, None) => failure,
        }
    }
}

/// What a handshake has shown.
#[derive(Clone, Debug, Default)]
struct Seen {
    chain: Vec<Vec<u8>>,
    /// What the client has against the certificate.
    objection: Option<Error>,
    /// What one that checks everything has, once there was a certificate.
    strict: Option<Result<(), Error>>,
    version: Option<ProtocolVersion>,
    cipher: Option<rustls::CipherSuite>,
    /// The server asked for a client certificate.
    requested: bool,
    authorities: Vec<String>,
}

/// Judges what comes, and lets the handshake go on.
#[derive(Debug)]
struct Watch {
    client: Arc<Client>,
    verify: bool,
    check_hostname: bool,
    seen: Mutex<Seen>,
}

impl Watch {
    fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// redis-rs verifies no signature where it verifies nothing; and what is refused anyway goes on.
    fn signature(
        &self,
        version: ProtocolVersion,
        verify: impl FnOnce() -> Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        let mut refused = false;
        self.note(|seen| {
            seen.version = Some(version);
            refused = seen.objection.is_some();
        });
        if refused || !self.verify {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify()
    }
}

impl ServerCertVerifier for Watch {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let algorithms = self.client.provider.signature_verification_algorithms.all;
        let sent = std::iter::once(end_entity).chain(intermediates);
        let sent: Vec<Vec<u8>> = sent.map(|der| der.to_vec()).collect();
        let parsed = ParsedCertificate::try_from(end_entity);
        let chain = parsed.as_ref().map_err(Clone::clone).and_then(|leaf| {
            let by = |anchors: &Anchors| {
                let roots = &anchors.store;
                verify_server_cert_signed_by_trust_anchor(
                    leaf,
                    roots,
                    intermediates,
                    now,
                    algorithms,
                )
            };
            let verify = || by(&self.client.named).or_else(|_| by(self.client.all()));
            self.client.chains.verified(&sent, verify)
        });
        let name = parsed.and_then(|leaf| verify_server_name(&leaf, server_name));
        self.note(|seen| {
            seen.chain = sent;
            seen.strict = Some(chain.clone().and(name.clone()));
            let name = if self.check_hostname { name } else { Ok(()) };
            seen.objection = if self.verify { chain.and(name).err() } else { None };
        });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.client.provider.signature_verification_algorithms;
        self.signature(ProtocolVersion::TLSv1_2, || {
            verify_tls12_signature(message, certificate, signed, algorithms)
        })
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.client.provider.signature_verification_algorithms;
        self.signature(ProtocolVersion::TLSv1_3, || {
            verify_tls13_signature(message, certificate, signed, algorithms)
        })
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.client.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl ResolvesClientCert for Watch {
    fn resolve(
        &self,
        root_hint_subjects: &[&[u8]],
        _sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let read = root_hint_subjects.iter().take(MOST);
        let names = read.filter_map(|der| X509Name::from_der(der).ok());
        let names: Vec<String> = names.map(|one| name(&one)).collect();
        self.note(|seen| {
            seen.requested = true;
            seen.authorities = names;
        });
        self.client.own.clone()
    }

    fn has_certs(&self) -> bool {
        self.client.own.is_some()
    }
}

/// The strict verdict, where it is not fine.
fn strict(settings: &TlsSettings, failure: Failure) -> Strict {
    let about_name = failure.outcome == ProbeOutcome::HostnameMismatch;
    let more = match (settings.verify, settings.check_hostname) {
        (false, _) => " This client verifies nothing: an impostor would pass just as well.",
        (true, false) if about_name => {
            " LiteLLM's Rust client checks the name only where `ssl_check_hostname` is true: any certificate of \
             that authority passes."
        }
        _ => "",
    };
    Strict { outcome: failure.outcome, detail: Some(failure.detail + more) }
}

/// A failed handshake, named; `None` when what came was not TLS, or nothing.
fn of_handshake(error: &io::Error, progress: Progress) -> Option<Failure> {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let Some(inner) = inner else {
        return cut_off(progress);
    };
    match inner {
        Error::AlertReceived(alert) => Some(of_rustls_alert(*alert, progress)),
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. }
            if !progress.server_certificate =>
        {
            None
        }
        Error::PeerIncompatible(why) => Some(no_version(&format!("{why:?}"))),
        other => {
            let text = format!("The TLS handshake failed: {other}.");
            Some(Failure::new(ProbeOutcome::Other, text))
        }
    }
}

/// What rustls says of a certificate while it shakes hands: a signature by its key.
fn certificate_error(error: &io::Error) -> Option<&Error> {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>())?;
    matches!(inner, Error::InvalidCertificate(_)).then_some(inner)
}

fn outcome(verdict: Verdict) -> Option<ProbeOutcome> {
    use ProbeOutcome as O;
    Some(match verdict {
        Verdict::Expired => O::CertExpired,
        Verdict::NotYetValid => O::CertNotYetValid,
        Verdict::HostnameMismatch => O::HostnameMismatch,
        Verdict::UnknownCa => O::UnknownCa,
        Verdict::ChainIncomplete => O::ChainIncomplete,
        Verdict::Weak => O::WeakCert,
        Verdict::BadKeyUsage => O::BadKeyUsage,
        Verdict::ProtocolVersion => O::ProtocolVersion,
        Verdict::Ok
        | Verdict::Unknown
        | Verdict::CaFileInvalid
        | Verdict::CertFileMissing
        | Verdict::KeyMismatch
        | Verdict::KeyEncrypted
        | Verdict::ClientRejected => return None,
    })
}

/// The outcome by rustls' own word alone, where the chain can't be looked into.
fn outcome_of(error: &Error) -> ProbeOutcome {
    use ProbeOutcome as O;
    use rustls::CertificateError as C;
    match error {
        Error::InvalidCertificate(why) => match why {
            C::Expired | C::ExpiredContext { .. } => O::CertExpired,
            C::NotValidYet | C::NotValidYetContext { .. } => O::CertNotYetValid,
            C::NotValidForName | C::NotValidForNameContext { .. } => O::HostnameMismatch,
            C::UnknownIssuer => O::UnknownCa,
            C::BadSignature => O::WeakCert,
            _ => O::BadKeyUsage,
        },
        _ => O::Other,
    }
}

/// OpenSSL's name of a suite: `TLS_AES_256_GCM_SHA384`, `ECDHE-RSA-AES128-GCM-SHA256`.
fn cipher_name(suite: rustls::CipherSuite) -> String {
    let said = format!("{suite:?}");
    match said.strip_prefix("TLS13_") {
        Some(rest) => format!("TLS_{rest}"),
        None => openssl::ssl::cipher_name(&said).to_owned(),
    }
}

fn no_name(host: &str) -> Failure {
    Failure::new(
        ProbeOutcome::HostnameMismatch,
        format!("rustls takes `{host}` for no host: it is neither a DNS name nor a whole address."),
    )
    .presented(format!("the host `{host}`"))
    .expected("a DNS name, or an address with all its parts")
    .help("Write a whole address, or a name, into `host`.")
    .side(crate::outcome::Side::Client)
}

fn broken(why: &str) -> Failure {
    Failure::new(
        ProbeOutcome::CaFileInvalid,
        format!("rustls gives up the trusted certificates, for one of them is broken: {why}."),
    )
    .presented("a certificate that rustls does not read")
    .expected("CA certificates in PEM, each of them whole")
}

fn no_roots(why: &str) -> Failure {
    Failure::new(
        ProbeOutcome::CaFileMissing,
        format!("rustls gives up the system's roots, for not all of them are read: {why}."),
    )
    .presented("roots that are not all there")
    .expected("a file or directory of CA certificates in PEM")
    .help("Correct `SSL_CERT_FILE` and `SSL_CERT_DIR`, or name the authority in `ssl_ca_certs`.")
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
