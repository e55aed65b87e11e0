//! The handshake.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContext, SslRef, SslVerifyMode};
use openssl::x509::X509Ref;
use openssl::x509::verify::X509CheckFlags;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_openssl::SslStream;

use super::attempt::Attempt;
use super::certificate::describe;
use super::failure::{Progress, of_handshake, shows_tls};
use super::trust::Trust;
use super::verification::Objections;
use super::{asked, context, eras};
use crate::network::socket::{Socket, ascii_host};
use crate::network::wire::Stream;
use crate::outcome::{Failure, ProbeOutcome};
use crate::report::TlsReport;
use crate::tls_settings::TlsSettings;

/// Shakes hands as `context.wrap_socket(sock, server_hostname=host)` does.
///
/// The handshake goes on past a bad certificate, so that one round gives the chain and both
/// verdicts; nothing is sent over a stream that redis-py would refuse.
pub(super) async fn wrap_socket(
    trust: &Trust,
    context: &SslContext,
    settings: &TlsSettings,
    host: &str,
    mut socket: Socket,
) -> Attempt {
    let host = ascii_host(host);
    let host = host.as_ref();
    socket.listen();
    let objections = Arc::new(Mutex::new(Objections::default()));
    let ssl = match prepare(context, host, &objections) {
        Ok(ssl) => ssl,
        Err(error) => return refused(setup_failure(host, &error)),
    };
    let mut stream = match SslStream::new(ssl, socket) {
        Ok(stream) => stream,
        Err(error) => return refused(setup_failure(host, &error)),
    };
    let shaken = Pin::new(&mut stream).connect().await;
    let heard = stream.get_mut().heard();
    let objections = objections.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let ssl = stream.ssl();
    let client_certificate = settings.client_certificate.is_some();
    let asked = asked::of(ssl, &heard);
    let requested = asked.is_some();
    let report = objections.asked.then(|| TlsReport {
        trusted: trust.sources(settings),
        client_certificate_requested: requested,
        client_authorities: asked.unwrap_or_default(),
        ..report(trust, ssl, host, client_certificate)
    });
    let objected = objections.for_client(settings, host, ssl);
    let other = (objections.asked && settings.verify)
        .then(|| eras::other(trust, settings, host, ssl))
        .flatten()
        // Both check the name, if one does.
        .map(|chain| chain.and(objections.about_name(settings, host, ssl).map_or(Ok(()), Err)));
    let other_python = other.and_then(|other| eras::finding(trust, objected.as_ref(), &other));
    let strict =
        objections.asked.then(|| objections.strict(objected.as_ref(), settings, host, ssl));
    let passes_over_name = settings.verify
        && objected.is_none()
        && strict.as_ref().is_some_and(|strict| strict.outcome != ProbeOutcome::Ok);
    let progress = Progress {
        server_certificate: objections.asked,
        client_certificate,
        requested,
        sends_name: host.parse::<IpAddr>().is_err(),
        rustls: false,
    };
    let stream = match (objected, shaken) {
        (Some(failure), _) => Err(Some(failure)),
        (None, Ok(())) => Ok(Stream::Tls(Box::new(stream))),
        (None, Err(error)) => Err(of_handshake(&error, progress)),
    };
    let depends_on_roots = objections.depend_on_roots();
    Attempt { stream, report, strict, passes_over_name, depends_on_roots, other_python }
}

/// How long a greeting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// This OpenSSL's own.
    Usual,
    /// Half a kilobyte, as OpenSSL before 3.5 sends.
    Small,
}

/// Whether TLS is spoken on this stream, by anyone, with any certificate.
pub(crate) async fn speaks_tls<S>(host: &str, stream: S, greeting: Greeting) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Ok(context) = context::unverified(greeting == Greeting::Small) else {
        return false;
    };
    let Ok(ssl) = Ssl::new(&context).and_then(|mut ssl| {
        if host.parse::<IpAddr>().is_err() {
            ssl.set_hostname(host)?;
        }
        SslStream::new(ssl, stream)
    }) else {
        return false;
    };
    let mut stream = ssl;
    match Pin::new(&mut stream).connect().await {
        Ok(()) => true,
        Err(error) => shows_tls(&error),
    }
}

fn prepare(
    context: &SslContext,
    host: &str,
    objections: &Arc<Mutex<Objections>>,
) -> Result<Ssl, ErrorStack> {
    let mut ssl = Ssl::new(context)?;
    asked::prepare(&mut ssl);
    let parameters = ssl.param_mut();
    parameters.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS);
    if let Ok(address) = host.parse::<IpAddr>() {
        parameters.set_ip(address)?;
    } else {
        parameters.set_host(host)?;
        ssl.set_hostname(host)?;
    }
    let objections = Arc::clone(objections);
    ssl.set_verify_callback(SslVerifyMode::PEER, move |fine, context| {
        objections.lock().unwrap_or_else(PoisonError::into_inner).note(fine, context);
        true
    });
    Ok(ssl)
}

fn report(trust: &Trust, ssl: &SslRef, host: &str, client_certificate: bool) -> TlsReport {
    let shown = |certificate: &X509Ref| {
        let known = certificate.to_der().ok().and_then(|der| trust.described.of(&der));
        known.map_or_else(|| describe(certificate), |(_, report)| report)
    };
    TlsReport {
        version: ssl.version_str().to_owned(),
        cipher: ssl.current_cipher().map(|cipher| cipher.name().to_owned()),
        server_name: host.parse::<IpAddr>().is_err().then(|| host.to_owned()),
        client_certificate,
        client_certificate_requested: false,
        client_authorities: Vec::new(),
        chain: ssl
            .peer_cert_chain()
            .map(|chain| chain.iter().take(16).map(shown).collect())
            .unwrap_or_default(),
        trusted: Vec::new(),
    }
}

fn refused(failure: Failure) -> Attempt {
    Attempt::of(Err(Some(failure)), None, None)
}

fn setup_failure(host: &str, error: &ErrorStack) -> Failure {
    Failure::new(
        ProbeOutcome::InvalidConfig,
        format!("OpenSSL can't use `{host}` as a server's name: {error}."),
    )
}
