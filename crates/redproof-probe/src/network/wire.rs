//! Redis's protocol over a stream of our own: commands out, replies in.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use redis::{PushKind, Value};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_openssl::SslStream;
use tokio_rustls::client::TlsStream;

use crate::network::socket::Socket;

/// No reply that a probe asks for comes near this; what goes on longer is not Redis, or hostile.
const MOST_BYTES: usize = 512 << 10;

/// A reply that so many pushes come before never comes.
const MOST_PUSHES: usize = 1000;

/// How much of what came is kept, to name what is not Redis.
const KEPT: usize = 256;

type Decoder = combine::stream::Decoder<
    combine::parser::combinator::AnySendSyncPartialState,
    combine::stream::PointerOffset<[u8]>,
>;

/// A connection that speaks RESP.
pub(crate) struct Wire {
    tap: Tap,
    decoder: Decoder,
}

/// Why there is no reply.
#[derive(Debug)]
pub(crate) enum WireError {
    /// The connection ended or broke.
    Io(io::Error),
    /// What came is not RESP; the text shows its beginning.
    NotRedis,
    /// More came than any reply holds.
    TooMuch,
}

/// The stream, watched.
struct Tap {
    stream: Stream,
    seen: Vec<u8>,
    count: usize,
    error: Option<io::Error>,
}

/// Plaintext or TLS.
pub(crate) enum Stream {
    Plain(Socket),
    Tls(Box<SslStream<Socket>>),
    /// TLS by rustls.
    Rustls(Box<TlsStream<Socket>>),
}

impl Wire {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            tap: Tap { stream, seen: Vec::new(), count: 0, error: None },
            decoder: Decoder::new(),
        }
    }

    /// Sends commands in one write.
    pub(crate) async fn send(&mut self, packed: &[u8]) -> io::Result<()> {
        self.tap.stream.write_all(packed).await?;
        self.tap.stream.flush().await
    }

    /// The next reply; pushes that come between are passed over.
    pub(crate) async fn reply(&mut self) -> Result<Value, WireError> {
        for _ in 0..MOST_PUSHES {
            match redis::parse_redis_value_async(&mut self.decoder, &mut self.tap).await {
                // The reply to SUBSCRIBE in RESP 3.
                Ok(value @ Value::Push { kind: PushKind::Subscribe, .. }) => return Ok(value),
                Ok(Value::Push { .. }) => {}
                Ok(Value::Attribute { data, .. }) => return Ok(*data),
                Ok(value) => return Ok(value),
                Err(error) => {
                    if self.tap.count > MOST_BYTES {
                        return Err(WireError::TooMuch);
                    }
                    if let Some(error) = self.tap.error.take() {
                        return Err(WireError::Io(error));
                    }
                    if error.is_io_error() {
                        return Err(WireError::Io(io::ErrorKind::UnexpectedEof.into()));
                    }
                    return Err(WireError::NotRedis);
                }
            }
        }
        Err(WireError::TooMuch)
    }

    /// The first bytes that came from the server.
    pub(crate) fn seen(&self) -> &[u8] {
        &self.tap.seen
    }
}

impl AsyncRead for Tap {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let tap = self.get_mut();
        if tap.count > MOST_BYTES {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        let before = buffer.filled().len();
        match Pin::new(&mut tap.stream).poll_read(context, buffer) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(())) => {
                let new = &buffer.filled()[before..];
                tap.count += new.len();
                let room = KEPT.saturating_sub(tap.seen.len()).min(new.len());
                tap.seen.extend_from_slice(&new[..room]);
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => {
                let kind = error.kind();
                // The parser's error would lose OpenSSL's reason.
                tap.error = Some(error);
                Poll::Ready(Err(kind.into()))
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
            Self::Rustls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
            Self::Rustls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
            Self::Rustls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
            Self::Rustls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}
