//! Answers that turn a request away.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use crate::documents::RefusalAnswer;

/// An answer that says why there is no other.
pub(crate) fn refusal(status: StatusCode, why: &str) -> Response {
    (status, Json(RefusalAnswer { error: why })).into_response()
}

/// An answer that says to come back, in whole seconds.
pub(crate) fn wait(why: &str, left: Duration) -> Response {
    let seconds = left.as_secs() + 1;
    let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, why);
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}
