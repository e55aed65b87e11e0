//! DNS and TCP, as redis-py goes about them.

use std::borrow::Cow;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use crate::diagnosis::advice::BEHIND;
use crate::outcome::{Failure, ProbeOutcome, Side};

/// No handshake that is listened to is longer.
const MOST_HEARD: usize = 64 << 10;

/// A connected socket, before TLS.
#[derive(Debug)]
pub(crate) struct Socket {
    kind: Kind,
    /// What came, while it is listened to.
    heard: Option<Vec<u8>>,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    fn new(kind: Kind) -> Self {
        Self { kind, heard: None }
    }

    /// Keeps what comes from here on.
    pub(crate) fn listen(&mut self) {
        self.heard = Some(Vec::new());
    }

    /// What came, which is kept no longer.
    pub(crate) fn heard(&mut self) -> Vec<u8> {
        self.heard.take().unwrap_or_default()
    }
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
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((ascii_host(host).as_ref(), port))
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
    let failure =
        Failure::new(ProbeOutcome::Dns, format!("The host `{host}` does not resolve: {why}."))
            .presented("no address")
            .expected(format!("an address of {host}"));
    let port = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
    let help = if host.trim().is_empty() {
        "Write the server's name into `host`: it is empty."
    } else if host.contains("://") {
        "Write the name alone into `host`; a whole URL belongs into `url`."
    } else if host.starts_with('[') {
        "Write the IPv6 address into `host` without brackets."
    } else if port.is_some() {
        "Write the port into `port`, and the name alone into `host`."
    } else if host.contains(char::is_whitespace) {
        "Take the blanks and line ends out of `host`."
    } else {
        return failure;
    };
    failure.help(help).side(Side::Client)
}

/// The name as Python's `idna` codec writes it for the resolver and for TLS.
pub(crate) fn ascii_host(host: &str) -> Cow<'_, str> {
    if host.is_ascii() {
        return Cow::Borrowed(host);
    }
    // What has no such form goes out as it is, and does not resolve.
    idna::domain_to_ascii(host).map_or(Cow::Borrowed(host), Cow::Owned)
}

/// Connects to one address.
pub(crate) async fn connect(target: &str, address: SocketAddr) -> Result<Socket, Failure> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| connect_failure(target, &address.to_string(), &error))?;
    // As redis-py sets it; without it small commands may wait for an ACK.
    let _ = stream.set_nodelay(true);
    Ok(Socket::new(Kind::Tcp(stream)))
}

/// Connects to a Unix socket.
#[cfg(unix)]
pub(crate) async fn connect_unix(path: &str) -> Result<Socket, Failure> {
    let stream = UnixStream::connect(path).await.map_err(|error| {
        connect_failure(path, path, &error)
            .help("Correct the socket's path, mount it, or start the server there (`unixsocket`).")
    })?;
    Ok(Socket::new(Kind::Unix(stream)))
}

/// Windows' Python has no such sockets.
#[cfg(not(unix))]
pub(crate) async fn connect_unix(path: &str) -> Result<Socket, Failure> {
    let text = format!("No connection to {path}: this system has no Unix sockets.");
    Err(Failure::new(ProbeOutcome::Refused, text))
}

/// Too many files are open: in this process, in the system.
#[cfg(unix)]
const TOO_MANY_FILES: [i32; 2] = [24, 23];

fn connect_failure(target: &str, address: &str, error: &io::Error) -> Failure {
    use io::ErrorKind as E;
    let at = if target == address { target.to_owned() } else { format!("{target} ({address})") };
    let no_connection = format!("No connection to {at}: {error}.");
    #[cfg(unix)]
    if error.raw_os_error().is_some_and(|number| TOO_MANY_FILES.contains(&number)) {
        return Failure::new(ProbeOutcome::Other, no_connection)
            .presented("no room for another connection here")
            .expected("a file descriptor for each connection")
            .help("Let the probe open more files (`ulimit -n`).")
            .side(Side::Network);
    }
    match error.kind() {
        E::ConnectionRefused => {
            Failure::new(ProbeOutcome::Refused, format!("Nothing takes connections at {at}."))
        }
        // What takes the connection and ends it was there.
        E::ConnectionReset | E::ConnectionAborted => {
            Failure::new(ProbeOutcome::ProtocolError, no_connection)
                .presented("a connection that is closed at once")
                .help(BEHIND)
        }
        E::HostUnreachable | E::NetworkUnreachable => {
            Failure::new(ProbeOutcome::Refused, no_connection)
                .presented("no way to the address")
                .expected("a route to the server, and firewalls that let it pass")
                .help(
                    "Check the address, and the way to it: routes, security groups, a firewall that rejects; for an IPv6 \
                     address, whether this machine has IPv6.",
                )
        }
        E::TimedOut => Failure::new(
            ProbeOutcome::Timeout,
            format!("No connection to {at}: the system gave up waiting."),
        ),
        _ => Failure::new(ProbeOutcome::Refused, no_connection),
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let before = buffer.filled().len();
        let read = match &mut socket.kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
            #[cfg(unix)]
            Kind::Unix(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        if let Some(heard) = &mut socket.heard {
            let new = &buffer.filled()[before..];
            heard.extend_from_slice(&new[..new.len().min(MOST_HEARD.saturating_sub(heard.len()))]);
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_write(context, bytes),
            #[cfg(unix)]
            Kind::Unix(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_flush(context),
            #[cfg(unix)]
            Kind::Unix(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().kind {
            Kind::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            #[cfg(unix)]
            Kind::Unix(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::connect_failure;
    use crate::outcome::ProbeOutcome as O;

    /// Linux's numbers: a firewall or proxy that resets, no route, no descriptor, nobody there.
    #[cfg(target_os = "linux")]
    #[test]
    fn nobody_listens_is_said_only_where_nobody_does() {
        for (number, outcome, said) in [
            (104, O::ProtocolError, Some("behind the load balancer")),
            (113, O::Refused, Some("routes")),
            (101, O::Refused, Some("IPv6")),
            (24, O::Other, Some("ulimit")),
            (110, O::Timeout, None),
            (111, O::Refused, None),
        ] {
            let error = io::Error::from_raw_os_error(number);
            let failure = connect_failure("redis:6379", "10.0.0.1:6379", &error);
            assert_eq!(failure.outcome, outcome, "{error}");
            let help = failure.help.unwrap_or_default();
            assert!(said.map_or(help.is_empty(), |said| help.contains(said)), "{error}: {help}");
        }
    }
}
