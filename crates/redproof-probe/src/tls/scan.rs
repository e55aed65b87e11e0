//! Which TLS versions a server offers, and which weak ciphers: a handshake for each, on demand.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContextBuilder, SslMethod, SslVerifyMode, SslVersion};
use tokio::time::timeout;
use tokio_openssl::SslStream;

use crate::diagnosis::findings;
use crate::network::socket::{self, ascii_host};
use crate::plan::{Address, Settings};
use crate::report::{OfferedVersion, TlsScan, WeakCipher};
use crate::session::Session;

const VERSIONS: [(&str, SslVersion); 4] = [
    ("TLSv1", SslVersion::TLS1),
    ("TLSv1.1", SslVersion::TLS1_1),
    ("TLSv1.2", SslVersion::TLS1_2),
    ("TLSv1.3", SslVersion::TLS1_3),
];

/// None of these does a client of CPython's offer. Each kind leaves out the ones before.
const WEAK: [(&str, &str); 6] = [
    ("no encryption", "eNULL"),
    ("no certificate", "aNULL:!eNULL"),
    ("RC4", "RC4:!eNULL:!aNULL"),
    ("3DES", "3DES:!eNULL:!aNULL"),
    ("no forward secrecy", "kRSA:!eNULL:!RC4:!3DES"),
    ("CBC with SHA-1", "SHA1:!eNULL:!aNULL:!kRSA:!RC4:!3DES:!PSK:!SRP"),
];

/// Shakes hands in each way, all at once.
pub(crate) async fn scan(host: &str, address: SocketAddr, limit: Duration) -> TlsScan {
    let host = ascii_host(host);
    let host = host.as_ref();
    let versions = VERSIONS.map(|(name, version)| async move {
        let offered = offers(host, address, limit, "ALL:COMPLEMENTOFALL", version, version).await;
        OfferedVersion {
            version: name,
            offered: offered.map(|found| found.is_some()),
            weak: name == "TLSv1" || name == "TLSv1.1",
        }
    });
    let weak = WEAK.map(|(kind, ciphers)| async move {
        let (from, to) = (SslVersion::TLS1, SslVersion::TLS1_2);
        (kind, offers(host, address, limit, ciphers, from, to).await)
    });
    let (versions, weak) = tokio::join!(join_all(versions), join_all(weak));
    let mut found = TlsScan { versions, ..TlsScan::default() };
    for (kind, offered) in weak {
        match offered {
            None => found.untried.push(kind),
            Some(Some(cipher)) => found.weak_ciphers.push(WeakCipher { kind, cipher }),
            Some(None) => {}
        }
    }
    found
}

/// The cipher that the server chose; `None` where this OpenSSL can't try, `Some(None)` where the server
/// would not.
async fn offers(
    host: &str,
    address: SocketAddr,
    limit: Duration,
    ciphers: &str,
    from: SslVersion,
    to: SslVersion,
) -> Option<Option<String>> {
    let certificate = Arc::new(AtomicBool::new(false));
    let ssl = prepare(host, ciphers, from, to, &certificate).ok()?;
    let shake = async {
        let socket = socket::connect("", address).await.ok()?;
        let mut stream = SslStream::new(ssl, socket).ok()?;
        let shaken = Pin::new(&mut stream).connect().await;
        // A server that then asks for the client's certificate has chosen by now.
        let chosen = shaken.is_ok() || certificate.load(Ordering::Relaxed);
        chosen.then(|| {
            let cipher = stream.ssl().current_cipher();
            cipher.map_or("unknown", |cipher| cipher.name()).to_owned()
        })
    };
    Some(timeout(limit, shake).await.ok().flatten())
}

fn prepare(
    host: &str,
    ciphers: &str,
    from: SslVersion,
    to: SslVersion,
    certificate: &Arc<AtomicBool>,
) -> Result<Ssl, ErrorStack> {
    let mut builder = SslContextBuilder::new(SslMethod::tls_client())?;
    builder.set_security_level(0);
    builder.set_cipher_list(&format!("{ciphers}:@SECLEVEL=0"))?;
    builder.set_min_proto_version(Some(from))?;
    builder.set_max_proto_version(Some(to))?;
    let mut ssl = Ssl::new(&builder.build())?;
    if host.parse::<IpAddr>().is_err() {
        ssl.set_hostname(host)?;
    }
    let came = Arc::clone(certificate);
    ssl.set_verify_callback(SslVerifyMode::PEER, move |_, _| {
        came.store(true, Ordering::Relaxed);
        true
    });
    Ok(ssl)
}

impl Session<'_> {
    /// Looks what the server offers, once for each address; what comes of it decides nothing.
    pub(crate) async fn scan(&mut self, settings: &Settings, done: &Mutex<HashSet<SocketAddr>>) {
        let (Some(address), Address::Tcp { host, .. }) = (self.seen.address, &settings.address)
        else {
            return;
        };
        if !done.lock().unwrap_or_else(PoisonError::into_inner).insert(address) {
            return;
        }
        let limit = self.limit(None);
        let started = Instant::now();
        let Ok(found) = self.within(limit, scan(host, address, limit)).await else {
            self.note("tls scan", started, "not known: the server did not answer in time");
            return;
        };
        let offered = found.versions.iter().filter(|one| one.offered == Some(true));
        let offered: Vec<&str> = offered.map(|one| one.version).collect();
        self.note("tls scan", started, &format!("offers {}", offered.join(", ")));
        let weak = found.weak();
        if !weak.is_empty() {
            let text = format!("The server also offers {}.", weak.join(", "));
            self.seen.findings.push(findings::WEAK_TLS_OFFERED.found(text));
        }
        self.seen.scan = Some(found);
    }
}
