//! The API: `hello`, and `probe` with its steps as they happen.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use redproof_core::{CheckInput, Gathered, NamedText, Releases, check, gather};
use redproof_probe::{Event, Options, Report, probe_blocking};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Shared;
use crate::input;

/// A question.
#[derive(Deserialize)]
pub(crate) struct Question {
    config: String,
    #[serde(default)]
    env: Env,
    litellm: Option<String>,
    redis_py: Option<String>,
}

/// The environment: the text of a file that sets it, or variables by name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Env {
    Text(String),
    Variables(BTreeMap<String, String>),
}

impl Default for Env {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Env {
    fn gather(&self) -> Gathered {
        match self {
            Self::Text(text) => {
                // Without a name of its own, the text says itself how it is written.
                let file = NamedText { name: "environment".to_owned(), text: text.clone() };
                let files = if text.trim().is_empty() { vec![] } else { vec![file] };
                gather(&files, &[], false)
            }
            Self::Variables(variables) => {
                let variables: Vec<(String, String)> =
                    variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                gather(&[], &variables, false)
            }
        }
    }
}

/// One line of the answer.
#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Event(Event),
    Report { event: &'static str, report: Box<Report> },
    Error { event: &'static str, message: String },
}

/// `GET /api/v1/hello`: who is there. Needs no token, and tells nothing else.
pub(crate) async fn hello() -> Json<Value> {
    Json(json!({"name": "redproof", "version": env!("CARGO_PKG_VERSION")}))
}

/// `POST /api/v1/probe`: probes a config, and answers line by line.
pub(crate) async fn probe(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    question: Result<Json<Question>, JsonRejection>,
) -> Response {
    if !shared.guard.takes_token(&headers) {
        return refusal(
            StatusCode::UNAUTHORIZED,
            "The token is missing or wrong: open the address that `redproof serve` printed.",
        );
    }
    let question = match question {
        Ok(Json(question)) => question,
        Err(rejection) => return refusal(rejection.status(), &rejection.body_text()),
    };
    let releases = match Releases::parse(question.litellm.as_deref(), question.redis_py.as_deref())
    {
        Ok(releases) => releases,
        Err(error) => return refusal(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    let Ok(turn) = Arc::clone(&shared.probing).try_acquire_owned() else {
        return refusal(
            StatusCode::TOO_MANY_REQUESTS,
            "Another probe is running: wait until it is over.",
        );
    };
    let (sender, receiver) = mpsc::unbounded_channel();
    let worker = Arc::clone(&shared);
    let spawned = std::thread::Builder::new().name("probe".to_owned()).spawn(move || {
        run(&worker, &question, releases, &sender);
        drop(turn);
    });
    if let Err(error) = spawned {
        return refusal(StatusCode::SERVICE_UNAVAILABLE, &format!("No probe started: {error}."));
    }
    let lines = stream::unfold(receiver, async |mut receiver: mpsc::UnboundedReceiver<Line>| {
        // Maps, numbers and texts: this serialises.
        let mut text = serde_json::to_string(&receiver.recv().await?).unwrap_or_default();
        text.push('\n');
        Some((Ok::<_, Infallible>(text), receiver))
    });
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}

fn run(
    shared: &Shared,
    question: &Question,
    releases: Releases,
    sender: &mpsc::UnboundedSender<Line>,
) {
    let environment = question.env.gather();
    let checked = check(&CheckInput {
        name: "config.yaml",
        text: &question.config,
        environment: &environment,
        releases,
        now: input::now(),
    });
    let options = Options { files: shared.files.clone(), ..Options::default() };
    let report = probe_blocking(&checked.outcome, checked.pair, &options, &mut |event| {
        // The page may be gone; the probe then ends by its own time limit.
        let _ = sender.send(Line::Event(event.clone()));
    });
    let _ = sender.send(match report {
        Ok(report) => Line::Report { event: "report", report: Box::new(report) },
        Err(error) => Line::Error {
            event: "error",
            message: format!("no connections can be opened: {error}"),
        },
    });
}

fn refusal(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({"error": why}))).into_response()
}
