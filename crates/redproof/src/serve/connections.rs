//! Takes connections: not too many, and none that dawdles.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Browsers open six. More wait in the system's queue.
const MOST_CONNECTIONS: usize = 64;

/// The longest until a request's head is there, and that a connection idles.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// The largest head; a request with a larger one gets 431.
const MOST_HEAD_BYTES: usize = 32 << 10;

/// How long nothing is taken after the system refused a connection: it lacks file descriptors.
const AFTER_REFUSAL: Duration = Duration::from_millis(200);

/// Serves each connection, until the process ends.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
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
        let connection = http.serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            // What a connection ends with matters to the other side alone.
            let _ = connection.await;
            drop(place);
        });
    }
}
