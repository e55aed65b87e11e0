//! `/metrics` and `/healthz`: two pages to read, and nothing to ask.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;

use super::Shared;
use crate::connections;
use crate::documents::HealthDocument;
use crate::journal::now;

/// Serves, to few at a time and to none that dawdles: whoever reaches the port must not keep the
/// prober from its files and sockets.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .layer(from_fn_with_state(Arc::clone(&shared), own_host))
        .with_state(shared);
    connections::serve(listener, router).await;
}

/// Answers only by an address, by a name that the public's DNS does not have, or by one that was
/// allowed: a page elsewhere could have its own name lead here, and read the metrics.
async fn own_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let named = request.uri().authority().is_some() || hosts.next().is_some();
    if named || !is_own(host, &shared.allowed_hosts) {
        let why = "This monitor answers to its address, and to names that --allow-host names.\n";
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    }
    next.run(request).await
}

fn is_own(host: &str, allowed: &[String]) -> bool {
    const PRIVATE: [&str; 6] =
        [".svc", ".cluster.local", ".local", ".internal", ".localhost", ".home.arpa"];
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let plain = !name.is_empty() && !name.contains('.');
    plain
        || address.parse::<IpAddr>().is_ok()
        || PRIVATE.iter().any(|end| name.ends_with(end))
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let text = shared.metrics().text();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// 200 while the last round was fine and is not too old.
async fn health(State(shared): State<Arc<Shared>>) -> Response {
    let metrics = shared.metrics();
    let age = metrics.last_round().map(|last| Duration::from_secs(now().saturating_sub(last)));
    let report = metrics.report();
    let mut reasons = report.map(|report| metrics.reasons(report)).unwrap_or_default();
    match age {
        None => reasons.push("the first round is not over".to_owned()),
        Some(age) if age > shared.stale_after => {
            let why = metrics.why_unreadable().map_or(String::new(), |why| format!(": {why}"));
            reasons.push(format!("no round for {} s{why}", age.as_secs()));
        }
        Some(_) => {}
    }
    let healthy = reasons.is_empty();
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = HealthDocument {
        healthy,
        outcome: metrics.outcome(),
        reasons,
        warnings: report.map(|report| metrics.warnings(report)).unwrap_or_default(),
        unreadable: metrics.why_unreadable().map(str::to_owned),
        seconds_since_last_round: age.map(|age| age.as_secs()),
    };
    drop(metrics);
    (status, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn foreign_names_are_turned_away() {
        let allowed = ["metrics.example.com".to_owned()];
        for host in [
            "127.0.0.1:9469",
            "10.0.0.7",
            "[::1]:9469",
            "localhost:9469",
            "redproof",
            "redproof.monitoring.svc:9469",
            "redproof.monitoring.svc.cluster.local.",
            "Metrics.example.com:80",
        ] {
            assert!(is_own(host, &allowed), "{host}");
        }
        for host in ["", "rebind.example.net:9469", "127.0.0.1.example.net", "example.com.", ":80"]
        {
            assert!(!is_own(host, &allowed), "{host}");
        }
    }
}
