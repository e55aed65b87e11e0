//! The server's side of TLS, with a certificate that may change.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use openssl::ssl::{Ssl, SslAcceptor, SslFiletype, SslMethod, SslVerifyMode};
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

use crate::documents::AdmissionEvent;
use crate::journal::{self, Level};
use crate::output::Failure;

/// When files were written, and how large they are: what tells that they are others.
type Stamp = Vec<(Option<SystemTime>, u64)>;

/// The certificate, its key, and who may ask.
pub(super) struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    clients: Option<PathBuf>,
    read: Mutex<(Stamp, Arc<SslAcceptor>)>,
}

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// When one can't be used.
    pub(super) fn read(chain: &Path, key: &Path, clients: Option<&Path>) -> Result<Self, Failure> {
        let acceptor = acceptor(chain, key, clients).map_err(Failure::Said)?;
        let stamp = stamp([Some(chain), Some(key), clients]);
        Ok(Self {
            chain: chain.to_owned(),
            key: key.to_owned(),
            clients: clients.map(Path::to_owned),
            read: Mutex::new((stamp, Arc::new(acceptor))),
        })
    }

    /// What accepts connections, with the files as they are now. Files that can't be used, as in the
    /// midst of a rotation, leave what was read before.
    fn current(&self) -> Arc<SslAcceptor> {
        let clients = self.clients.as_deref();
        let now = stamp([Some(self.chain.as_path()), Some(self.key.as_path()), clients]);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.0 != now {
            read.0 = now;
            // A log that nobody reads keeps no connection away.
            let _ = match acceptor(&self.chain, &self.key, clients) {
                Ok(acceptor) => {
                    read.1 = Arc::new(acceptor);
                    log(Level::Info, Some("again"), None)
                }
                Err(why) => log(Level::Error, None, Some(why)),
            };
        }
        Arc::clone(&read.1)
    }
}

fn log(level: Level, read: Option<&'static str>, message: Option<String>) -> Result<(), Failure> {
    journal::line(level, AdmissionEvent::Certificate { read, message })
}

fn stamp<'a>(files: impl IntoIterator<Item = Option<&'a Path>>) -> Stamp {
    let of = |file: &Path| {
        let found = fs::metadata(file).ok();
        (found.as_ref().and_then(|one| one.modified().ok()), found.map_or(0, |one| one.len()))
    };
    files.into_iter().flatten().map(of).collect()
}

fn acceptor(chain: &Path, key: &Path, clients: Option<&Path>) -> Result<SslAcceptor, String> {
    let failed = |file: &Path| {
        let file = file.display().to_string();
        move |error: openssl::error::ErrorStack| format!("cannot use {file}: {error}")
    };
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())
        .map_err(|error| format!("no TLS: {error}"))?;
    builder.set_certificate_chain_file(chain).map_err(failed(chain))?;
    builder.set_private_key_file(key, SslFiletype::PEM).map_err(failed(key))?;
    builder.check_private_key().map_err(failed(key))?;
    if let Some(clients) = clients {
        builder.set_ca_file(clients).map_err(failed(clients))?;
        builder.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
    }
    Ok(builder.build())
}

/// The handshake.
///
/// # Errors
/// When the other side does not speak TLS, or shows no certificate where one is asked for.
pub(super) async fn accept(
    certificate: Arc<Certificate>,
    stream: TcpStream,
) -> io::Result<SslStream<TcpStream>> {
    let ssl = Ssl::new(certificate.current().context())?;
    let mut stream = SslStream::new(ssl, stream)?;
    Pin::new(&mut stream).accept().await.map_err(io::Error::other)?;
    Ok(stream)
}
