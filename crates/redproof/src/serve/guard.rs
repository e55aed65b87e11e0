//! Who may ask: the right host, the right origin; and what every answer says of itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::refusal::{refusal, wait};

/// The header that carries the token.
pub(crate) const TOKEN: HeaderName = HeaderName::from_static("x-redproof-token");

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const ASKS_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOWS_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

/// What decides over a request must not be there twice: two readers could read it differently.
const ONCE: [HeaderName; 6] =
    [HOST, ORIGIN, CONTENT_TYPE, TOKEN, FETCH_SITE, ACCESS_CONTROL_REQUEST_METHOD];

/// The page needs its own files, wasm, and this server's API.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A page that this server serves, or a program that is not a browser.
    Own,
    /// A page of another origin, which may ask.
    Page(String),
}

/// Who may ask.
pub(crate) struct Guard {
    hosts: Vec<String>,
    /// Origins beside the server's own.
    allowed: Vec<String>,
}

/// Why a request is turned away.
struct Stranger(StatusCode, &'static str);

impl Guard {
    pub(crate) fn new(address: SocketAddr, allowed: Vec<String>) -> Self {
        let mut hosts = vec![address.to_string(), format!("localhost:{}", address.port())];
        if address.port() == 80 {
            hosts.extend(
                hosts.clone().iter().filter_map(|host| host.strip_suffix(":80")).map(str::to_owned),
            );
        }
        Self { hosts, allowed }
    }

    /// Who asks, if they may.
    fn caller(&self, uri: &Uri, headers: &HeaderMap) -> Result<Caller, Stranger> {
        if ONCE.iter().any(|name| headers.get_all(name).iter().nth(1).is_some()) {
            return Err(Stranger(StatusCode::BAD_REQUEST, "A duplicate header."));
        }
        let host = text(headers, &HOST).filter(|host| self.hosts.iter().any(|own| own == host));
        // A page of another site may have its name resolve to this machine.
        let (Some(host), true) = (host, uri.authority().is_none()) else {
            return Err(Stranger(
                StatusCode::MISDIRECTED_REQUEST,
                "This server answers to its own address only.",
            ));
        };
        let api = uri.path().starts_with("/api/");
        let foreign = Stranger(
            StatusCode::FORBIDDEN,
            "This server answers to its own pages only. Pages of other origins need `redproof serve --allow-origin ORIGIN`.",
        );
        if !headers.contains_key(ORIGIN) {
            // Browsers leave `Origin` out of what a page embeds or links to, and say so here.
            let embedded = matches!(text(headers, &FETCH_SITE), Some("cross-site" | "same-site"));
            return if api && embedded { Err(foreign) } else { Ok(Caller::Own) };
        }
        let origin = text(headers, &ORIGIN).unwrap_or_default();
        if origin.strip_prefix("http://") == Some(host) {
            return Ok(Caller::Own);
        }
        match self.allowed.iter().find(|allowed| *allowed == origin) {
            Some(allowed) if api => Ok(Caller::Page(allowed.clone())),
            _ => Err(foreign),
        }
    }
}

/// The value of a header, if it is text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Turns away strangers and those who ask too much, and marks every answer.
pub(crate) async fn check(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = shared.guard.caller(request.uri(), request.headers());
    let page = match &caller {
        Ok(Caller::Page(origin)) => HeaderValue::from_str(origin).ok(),
        _ => None,
    };
    let api = request.uri().path().starts_with("/api/");
    let mut response = match caller {
        Err(Stranger(status, why)) => refusal(status, why),
        Ok(caller) => {
            // What pages embed and link to is not counted: any page could use it up.
            let taken = if api { shared.requests.take(Instant::now()) } else { Ok(()) };
            match taken {
                Err(left) => wait("Too many requests.", left),
                Ok(()) if page.is_some() && request.method() == Method::OPTIONS => {
                    preflight(&request)
                }
                Ok(()) => {
                    request.extensions_mut().insert(caller);
                    next.run(request).await
                }
            }
        }
    };
    let marks = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (VARY, "Origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in marks {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Some(origin) = page {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("Retry-After");
        response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What a browser asks before it lets a page of another origin ask.
fn preflight(request: &Request) -> Response {
    let asks = |name: &HeaderName| text(request.headers(), name);
    let mut response = StatusCode::NO_CONTENT.into_response();
    if asks(&ACCESS_CONTROL_REQUEST_METHOD).is_some() {
        let allowed = [
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type, X-Redproof-Token"),
            (ACCESS_CONTROL_MAX_AGE, "600"),
        ];
        for (name, value) in allowed {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    if asks(&ASKS_PRIVATE_NETWORK) == Some("true") {
        response.headers_mut().insert(ALLOWS_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
    response
}
