//! The TLS of LiteLLM's clients: redis-py's by OpenSSL, the Rust client's by rustls.

use std::sync::Arc;

use openssl::ssl::SslContext;

use super::attempt::Attempt;
use super::handshake::wrap_socket;
use super::rust_client;
use super::trust::Trust;
use crate::network::socket::Socket;
use crate::tls_settings::TlsSettings;

/// A client's TLS.
#[derive(Clone)]
pub(crate) enum Context {
    /// redis-py's.
    OpenSsl(SslContext),
    /// That of LiteLLM's Rust client.
    Rustls(Arc<rust_client::Client>),
}

/// Shakes hands as the client does.
pub(crate) async fn connect(
    trust: &Trust,
    context: &Context,
    settings: &TlsSettings,
    host: &str,
    socket: Socket,
) -> Attempt {
    match context {
        Context::OpenSsl(context) => wrap_socket(trust, context, settings, host, socket).await,
        Context::Rustls(client) => client.connect(settings, host, socket).await,
    }
}
