//! Takes connections: not too many, and none that dawdles.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Sleep;

/// Browsers open six. More wait in the system's queue.
const MOST_CONNECTIONS: usize = 64;

/// The longest until a request's head is there, and that a connection idles.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// The longest that an answer waits for the other side to read on.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// The largest head; a request with a larger one gets 431.
const MOST_HEAD_BYTES: usize = 32 << 10;

/// How long nothing is taken after the system refused a connection: it lacks file descriptors.
const AFTER_REFUSAL: Duration = Duration::from_millis(200);

/// Serves each connection, until the process ends.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    serve_through(listener, router, async |stream| Ok(stream)).await;
}

/// Serves each connection through what makes a stream of its own of it, such as a TLS handshake, for
/// which there is as long as for a request's head.
pub(crate) async fn serve_through<S, F>(
    listener: TcpListener,
    router: Router,
    opened: impl Fn(TcpStream) -> F,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Future<Output = io::Result<S>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(MOST_HEAD_BYTES);
    // The semaphore is never closed.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(AFTER_REFUSAL).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        let (http, opening) = (http.clone(), opened(stream));
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = tokio::time::timeout(HEAD_TIME, opening).await {
                let stream = TokioIo::new(Patient::new(stream));
                // What a connection ends with matters to the other side alone.
                let _ = http.serve_connection(stream, service).await;
            }
            drop(place);
        });
    }
}

/// A stream that waits so long, and no longer, for the other side to read: else a few that never do
/// would take every place.
struct Patient<S> {
    stream: S,
    /// Runs while a write waits.
    waits: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    fn new(stream: S) -> Self {
        Self { stream, waits: None }
    }

    /// What a write gave, unless it waited too long.
    fn watched<T>(
        &mut self,
        given: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if given.is_ready() {
            self.waits = None;
            return given;
        }
        let waits = self.waits.get_or_insert_with(|| Box::pin(tokio::time::sleep(WRITE_TIME)));
        waits.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let given = Pin::new(&mut own.stream).poll_write(context, bytes);
        own.watched(given, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let given = Pin::new(&mut own.stream).poll_write_vectored(context, parts);
        own.watched(given, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
