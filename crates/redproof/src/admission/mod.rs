//! `redproof admission`: a Kubernetes cluster asks whether an object may come in.
//!
//! A server of its own, since `serve` stays on loopback. What could go wrong, and what is done:
//!
//! | threat | answer |
//! | --- | --- |
//! | it reads along | TLS alone, from 1.2 on; `--client-ca` lets the cluster alone ask |
//! | it is kept busy | few connections, each with a limit on its head, its body, its answer; few reviews at once |
//! | it is given a bomb | a body has a largest size, and the reader of configs is bounded |
//! | it keeps a cluster from working | what was as bad before passes; the manifests fail open |
//! | it gives secrets away | it asks for no Secret, and what it says is redacted as `check` is |
//! | its certificate ends | certificate and key are read again when they change |

mod cluster;
mod judge;
mod review;
mod tls;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use redproof_core::finding::Severity;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Ending;
use crate::args::{AdmissionArgs, SelectionArgs};
use crate::connections;
use crate::documents::AdmissionEvent;
use crate::input::Surroundings;
use crate::journal::{self, Level};
use crate::output::Failure;
use crate::selection::Selection;
use crate::signals;
use cluster::Cluster;
use judge::Judge;
use review::{Answer, Asked};
use tls::Certificate;

/// The API server sends an object and what it was before; none is above 3 MiB by far.
const MOST_BODY_BYTES: usize = 8 << 20;

/// The longest until a review's body is there.
const BODY_TIME: Duration = Duration::from_secs(4);

/// The longest that a review takes: less than the API server waits.
const REVIEW_TIME: Duration = Duration::from_secs(8);

/// So many are judged at once.
const MOST_REVIEWS: usize = 4;

/// What all requests share.
struct Shared {
    judge: Arc<Judge>,
    cluster: Option<Cluster>,
    fail_on: Severity,
    places: Arc<Semaphore>,
}

/// Answers until it is stopped.
///
/// # Errors
/// When the certificate or the settings can't be used, or the address is taken.
pub(crate) fn run(args: &AdmissionArgs) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Said(format!("cannot start: {error}")))?;
    let ending = runtime.block_on(forever(args));
    runtime.shutdown_background();
    ending
}

async fn forever(args: &AdmissionArgs) -> Result<Ending, Failure> {
    let certificate = Certificate::read(&args.tls_cert, &args.tls_key, args.client_ca.as_deref())?;
    let (surroundings, settings) = Surroundings::read(&args.surroundings, Path::new("."))?;
    let selection = SelectionArgs {
        select: args.select.clone(),
        ignore: args.ignore.clone(),
        ..SelectionArgs::default()
    };
    let selection = Selection::new(&selection, &settings)?;
    let cluster = args.cluster.then(|| Cluster::of(&args.service_account)).transpose()?;
    let shared = Arc::new(Shared {
        judge: Arc::new(Judge::new(surroundings.called(Some("object.yaml")), selection)),
        cluster,
        fail_on: args.fail_on.into(),
        places: Arc::new(Semaphore::new(MOST_REVIEWS)),
    });
    let mut terminate = signals::terminate()?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        Failure::Said(format!("cannot listen on {}: {error}; choose another port", args.listen))
    })?;
    let address = listener.local_addr().map_err(|error| Failure::Said(error.to_string()))?;
    journal::line(Level::Info, AdmissionEvent::Listening { address: address.to_string() })?;
    let router = Router::new()
        .route("/validate", post(validate))
        .route("/healthz", get(async || "ok\n"))
        .with_state(shared);
    let certificate = Arc::new(certificate);
    let serving = connections::serve_through(listener, router, |stream| {
        tls::accept(Arc::clone(&certificate), stream)
    });
    tokio::select! {
        () = serving => {}
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    journal::line(Level::Info, AdmissionEvent::Stopped {})?;
    Ok(Ending::Clean)
}

/// `POST /validate`: an `AdmissionReview` in, an `AdmissionReview` out.
async fn validate(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let began = Instant::now();
    let body = match body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let asked = match Asked::read(&body) {
        Ok(asked) => asked,
        Err(why) => return (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response(),
    };
    match timeout(REVIEW_TIME, answer(&shared, &asked)).await {
        Ok(Some(answer)) => {
            note(&asked, &answer, began);
            Json(asked.reply(&answer)).into_response()
        }
        // The API server goes by the webhook's failurePolicy.
        Ok(None) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The request's body.
///
/// # Errors
/// The answer to one that is not JSON, too large, or too slow.
async fn body(request: Request<Body>) -> Result<Bytes, Response> {
    let refused = |status: StatusCode, why: &'static str| (status, why).into_response();
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| kind.trim() != "application/json") {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "application/json is expected\n"));
    }
    match timeout(BODY_TIME, axum::body::to_bytes(request.into_body(), MOST_BODY_BYTES)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "the review is too large\n")),
        Err(_) => Err(refused(StatusCode::REQUEST_TIMEOUT, "the review is not there in time\n")),
    }
}

/// What is said of an object; nothing, when judging failed.
async fn answer(shared: &Arc<Shared>, asked: &Asked) -> Option<Answer> {
    if !asked.matters() {
        return Some(Answer::default());
    }
    // The semaphore is never closed.
    let _place = Arc::clone(&shared.places).acquire_owned().await.ok()?;
    let (around, untold) = match &shared.cluster {
        Some(cluster) => cluster.around(asked).await,
        None => (vec![], None),
    };
    let judge = Arc::clone(&shared.judge);
    let (new, old) = (asked.object.clone(), asked.old_object.clone());
    let judged = tokio::task::spawn_blocking(move || {
        let new = judge.findings(&new, &around);
        let old = if old.is_null() { vec![] } else { judge.findings(&old, &around) };
        (new, old)
    });
    let (new, old) = judged.await.ok()?;
    let mut answer = Answer::of(&new, &old, shared.fail_on);
    answer.warnings.extend(untold);
    Some(answer)
}

fn note(asked: &Asked, answer: &Answer, began: Instant) {
    let level = if answer.refused.is_some() { Level::Warning } else { Level::Info };
    let event = AdmissionEvent::Review {
        kind: &asked.kind,
        namespace: &asked.namespace,
        name: &asked.name,
        operation: &asked.operation,
        allowed: answer.refused.is_none(),
        codes: &answer.codes,
        ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    // A log that nobody reads keeps no object away.
    let _ = journal::line(level, event);
}
