//! `/metrics` and `/healthz`: two pages to read, and nothing to ask.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use super::{Shared, now};
use crate::output::Failure;

/// Serves until it fails.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Result<(), Failure> {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .with_state(shared);
    axum::serve(listener, router)
        .await
        .map_err(|error| Failure::Said(format!("serving ended: {error}")))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let text = shared.metrics().text();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// 200 while the last round was fine and is not too old.
async fn health(State(shared): State<Arc<Shared>>) -> Response {
    let (healthy, age, outcome) = {
        let metrics = shared.metrics();
        let age = metrics.last_round().map(|last| Duration::from_secs(now().saturating_sub(last)));
        (metrics.healthy(), age, metrics.outcome())
    };
    let fresh = age.is_some_and(|age| age <= shared.stale_after);
    let status = if healthy && fresh { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "healthy": healthy && fresh,
        "outcome": outcome,
        "seconds_since_last_round": age.map(|age| age.as_secs()),
    });
    (status, Json(body)).into_response()
}
