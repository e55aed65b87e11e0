//! A second, short connection: what is it that answers there, if not what the client expects?

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::network::socket;
use crate::tls;

/// What a plaintext `PING` brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// A Redis server's answer.
    Redis,
    /// These bytes, which are not Redis.
    Other(Vec<u8>),
    /// Nothing.
    Silent,
}

/// What answers to a plaintext `PING`.
pub(crate) async fn plaintext(addresses: &[SocketAddr], limit: Duration) -> Look {
    timeout(limit, ping(addresses)).await.ok().flatten().unwrap_or(Look::Silent)
}

async fn ping(addresses: &[SocketAddr]) -> Option<Look> {
    let mut socket = socket::connect("", *addresses.first()?).await.ok()?;
    // Proxies take no inline commands.
    socket.write_all(b"*1\r\n$4\r\nPING\r\n").await.ok()?;
    let mut buffer = vec![0; 256];
    let read = socket.read(&mut buffer).await.ok()?;
    buffer.truncate(read);
    // An alert or a handshake record: TLS, however broken.
    if buffer.is_empty() || buffer.starts_with(&[0x15, 0x03]) || buffer.starts_with(&[0x16, 0x03]) {
        return None;
    }
    let redis = buffer.starts_with(b"+PONG")
        || (buffer.starts_with(b"-") && buffer[1..].first().is_some_and(u8::is_ascii_uppercase));
    Some(if redis { Look::Redis } else { Look::Other(buffer) })
}

/// Whether plaintext Redis answers there, even to what begins as a TLS record does: a port that speaks
/// both goes by that byte, and stays silent.
pub(crate) async fn is_plaintext_alone(addresses: &[SocketAddr], limit: Duration) -> bool {
    if plaintext(addresses, limit).await != Look::Redis {
        return false;
    }
    let asked = async {
        let mut socket = socket::connect("", *addresses.first()?).await.ok()?;
        socket.write_all(b"\x16\x03\x01\r\n").await.ok()?;
        let mut first = [0; 1];
        socket.read_exact(&mut first).await.ok()?;
        Some(first == *b"-")
    };
    timeout(limit, asked).await.ok().flatten().unwrap_or(false)
}

/// Whether a TLS server answers a greeting that fits into half a kilobyte.
pub(crate) async fn answers_small_greeting(
    addresses: &[SocketAddr],
    host: &str,
    limit: Duration,
) -> bool {
    let look = async {
        let socket = socket::connect("", *addresses.first()?).await.ok()?;
        Some(tls::speaks_tls(host, socket, tls::Greeting::Small).await)
    };
    timeout(limit, look).await.ok().flatten().unwrap_or(false)
}

/// Whether a TLS server answers there.
pub(crate) async fn is_tls(addresses: &[SocketAddr], host: &str, limit: Duration) -> bool {
    let look = async {
        let socket = socket::connect("", *addresses.first()?).await.ok()?;
        Some(tls::speaks_tls(host, socket, tls::Greeting::Usual).await)
    };
    timeout(limit, look).await.ok().flatten().unwrap_or(false)
}
