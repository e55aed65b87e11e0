//! DNS and TCP, as redis-py goes about them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

use crate::report::{Failure, ProbeOutcome};

/// A connected socket, before TLS.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// The addresses that were given for a host by hand.
pub(crate) fn given(host: &str, port: u16, given: &[(String, IpAddr)]) -> Vec<SocketAddr> {
    given
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(host))
        .map(|(_, address)| SocketAddr::new(*address, port))
        .collect()
}

/// The addresses of a host, in the resolver's order.
pub(crate) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host, port))
        .await
        .map_err(|error| {
            let text = error.to_string();
            unresolved(host, text.rsplit(": ").next().unwrap_or(&text))
        })?
        .collect();
    if addresses.is_empty() { Err(unresolved(host, "it has no address")) } else { Ok(addresses) }
}

/// A host that does not resolve.
pub(crate) fn unresolved(host: &str, why: &str) -> Failure {
    Failure::new(ProbeOutcome::Dns, format!("The host `{host}` does not resolve: {why}."))
        .presented("no address")
        .expected(format!("an address of {host}"))
}

/// Connects to one address.
pub(crate) async fn connect(target: &str, address: SocketAddr) -> Result<Socket, Failure> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| connect_failure(target, &address.to_string(), &error))?;
    // As redis-py sets it; without it small commands may wait for an ACK.
    let _ = stream.set_nodelay(true);
    Ok(Socket::Tcp(stream))
}

/// Connects to a Unix socket.
pub(crate) async fn connect_unix(path: &str) -> Result<Socket, Failure> {
    let stream = UnixStream::connect(path).await.map_err(|error| {
        connect_failure(path, path, &error)
            .help("Correct the socket's path, mount it, or start the server there (`unixsocket`).")
    })?;
    Ok(Socket::Unix(stream))
}

fn connect_failure(target: &str, address: &str, error: &io::Error) -> Failure {
    let at = if target == address { target.to_owned() } else { format!("{target} ({address})") };
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            Failure::new(ProbeOutcome::Refused, format!("Nothing takes connections at {at}."))
        }
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => {
            Failure::new(ProbeOutcome::Refused, format!("No connection to {at}: {error}."))
        }
        io::ErrorKind::TimedOut => Failure::new(
            ProbeOutcome::Timeout,
            format!("No connection to {at}: the system gave up waiting."),
        ),
        _ => Failure::new(ProbeOutcome::Refused, format!("No connection to {at}: {error}.")),
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Unix(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(context),
            Self::Unix(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
