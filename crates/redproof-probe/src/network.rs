//! DNS and TCP, as redis-py goes about them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::report::{Failure, ProbeOutcome};

/// A connected socket, before TLS.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// The addresses of a host: those given by hand, else the resolver's, in its order.
pub(crate) async fn resolve(
    host: &str,
    port: u16,
    given: &[(String, IpAddr)],
    limit: Duration,
) -> Result<Vec<SocketAddr>, Failure> {
    let given: Vec<SocketAddr> = given
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(host))
        .map(|(_, address)| SocketAddr::new(*address, port))
        .collect();
    if !given.is_empty() {
        return Ok(given);
    }
    let failure = |why: String| {
        Failure::new(ProbeOutcome::Dns, format!("The host `{host}` does not resolve: {why}."))
            .presented("no address")
            .expected(format!("an address of {host}"))
    };
    match timeout(limit, tokio::net::lookup_host((host, port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<SocketAddr> = addresses.collect();
            if addresses.is_empty() {
                Err(failure("it has no address".to_owned()))
            } else {
                Ok(addresses)
            }
        }
        Ok(Err(error)) => {
            let text = error.to_string();
            let why = text.rsplit(": ").next().unwrap_or(&text).to_owned();
            Err(failure(why))
        }
        Err(_) => Err(failure(format!("no answer within {:.1} s", limit.as_secs_f64()))),
    }
}

/// Connects to the first address that takes the connection; each gets the whole time limit. The
/// last one's failure is the failure.
pub(crate) async fn connect(
    target: &str,
    addresses: &[SocketAddr],
    limit: Duration,
) -> Result<(Socket, SocketAddr), Failure> {
    let mut last = None;
    for address in addresses {
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // As redis-py sets it; without it small commands may wait for an ACK.
                let _ = stream.set_nodelay(true);
                return Ok((Socket::Tcp(stream), *address));
            }
            Ok(Err(error)) => last = Some(connect_failure(target, &address.to_string(), &error)),
            Err(_) => last = Some(connect_timeout(target, limit)),
        }
    }
    Err(last.unwrap_or_else(|| connect_timeout(target, limit)))
}

/// Connects to a Unix socket.
pub(crate) async fn connect_unix(path: &str, limit: Duration) -> Result<Socket, Failure> {
    match timeout(limit, UnixStream::connect(path)).await {
        Ok(Ok(stream)) => Ok(Socket::Unix(stream)),
        Ok(Err(error)) => Err(connect_failure(path, path, &error).help(
            "Correct the socket's path, mount it, or start the server there (`unixsocket`).",
        )),
        Err(_) => Err(connect_timeout(path, limit)),
    }
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

fn connect_timeout(target: &str, limit: Duration) -> Failure {
    Failure::new(
        ProbeOutcome::Timeout,
        format!("No connection to {target} within {:.1} s.", limit.as_secs_f64()),
    )
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
