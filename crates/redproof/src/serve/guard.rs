//! Who may ask: the right host, the right origin, the right token.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;

/// The header that carries the token.
const TOKEN: HeaderName = HeaderName::from_static("x-redproof-token");

/// The page needs its own files, wasm, styles that its editor sets, and this server's API.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// What a request must show.
pub(crate) struct Guard {
    hosts: [String; 3],
    token: String,
}

/// A fresh token: 128 random bits as hex.
pub(crate) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

impl Guard {
    pub(crate) fn new(address: SocketAddr, token: String) -> Self {
        let port = address.port();
        Self {
            hosts: ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")),
            token,
        }
    }

    /// A page of another site may have its name resolve to this machine: only this server's own
    /// names are answered.
    fn knows_host(&self, headers: &HeaderMap) -> bool {
        one(headers, &HOST).is_some_and(|host| self.hosts.iter().any(|known| known == host))
    }

    /// Browsers name the page that a call comes from; other programs need not.
    fn takes_origin(&self, headers: &HeaderMap) -> bool {
        if !headers.contains_key(ORIGIN) {
            return true;
        }
        one(headers, &ORIGIN)
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|host| self.hosts.iter().any(|known| known == host))
    }

    /// Whether the token is right, in a time that does not tell how much of it is.
    pub(crate) fn takes_token(&self, headers: &HeaderMap) -> bool {
        let given = one(headers, &TOKEN).unwrap_or("").as_bytes();
        let token = self.token.as_bytes();
        let different = given
            .iter()
            .zip(token)
            .fold(given.len() ^ token.len(), |sum, (one, other)| sum | usize::from(one ^ other));
        different == 0
    }
}

/// The value of a header that stands once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

/// Turns away strangers, and marks every answer.
pub(crate) async fn check(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let mut response = if !shared.guard.knows_host(headers) {
        (StatusCode::MISDIRECTED_REQUEST, "This server answers to its own address only.\n")
            .into_response()
    } else if !shared.guard.takes_origin(headers) {
        (StatusCode::FORBIDDEN, "This server answers to its own pages only.\n").into_response()
    } else {
        next.run(request).await
    };
    let marks = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in marks {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
