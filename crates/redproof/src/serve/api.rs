//! The API: `hello`, `pair`, and `probe` with its steps as they happen.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures_util::stream;
use redproof_core::deployment::{Area, Deployment};
use redproof_core::{CheckInput, Gathered, NamedText, Releases, check, gather, image_python};
use redproof_probe::{Event, Interrupt, Options, Report, probe_blocking};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::guard::{Caller, TOKEN, text};
use super::pairing::Paired;
use super::refusal::{refusal, wait};
use super::{MOST_BODY_BYTES, Shared};
use crate::documents::{HelloAnswer, PairAnswer};
use crate::files;

/// The longest until a request's body is there.
const BODY_TIME: Duration = Duration::from_secs(5);

/// How long a probe waits for the one that runs: that of a page which went away ends soon.
const TURN_TIME: Duration = Duration::from_secs(2);

/// A question.
#[derive(Deserialize)]
struct Question {
    config: String,
    #[serde(default)]
    env: Env,
    litellm: Option<String>,
    redis_py: Option<String>,
    /// Of a folder's files, `env` is those beside the config: what runs it is worked out.
    folder: Option<Folder>,
}

/// Where a config is in the folder of its files.
#[derive(Deserialize)]
struct Folder {
    /// The config's name.
    config: String,
    /// What runs it; empty for the first that does.
    #[serde(default)]
    deployment: String,
}

impl Question {
    /// The environment that the config runs in.
    fn gathered(&mut self) -> Gathered {
        let env = std::mem::take(&mut self.env);
        let Some(Folder { config, deployment }) = &self.folder else { return env.gather() };
        let Env::Files(beside) = env else { return Gathered::default() };
        let own = (config.clone(), self.config.clone());
        let beside = beside.into_iter().map(|File { name, text }| (name, text));
        let area = Area::of_texts(std::iter::once(own).chain(beside));
        let mut runs = area.of_config(config);
        let first = runs.next();
        let wanted = first.into_iter().chain(runs).find(|one| one.title() == deployment);
        wanted.or(first).map(Deployment::gathered).unwrap_or_default()
    }
}

/// The environment: the text of a file that sets it, several files, or variables by name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Env {
    Text(String),
    Files(Vec<File>),
    Variables(BTreeMap<String, String>),
}

/// A file that sets the environment.
#[derive(Deserialize)]
struct File {
    name: String,
    text: String,
}

/// What a page shows to be paired.
#[derive(Deserialize)]
struct Introduction {
    code: String,
}

impl Default for Env {
    fn default() -> Self {
        Self::Files(vec![])
    }
}

impl Env {
    fn gather(self) -> Gathered {
        match self {
            // Without a name of its own, the text says itself how it is written.
            Self::Text(text) => {
                Self::Files(vec![File { name: "environment".to_owned(), text }]).gather()
            }
            Self::Files(files) => {
                let files: Vec<NamedText> = files
                    .into_iter()
                    .filter(|file| !file.text.trim().is_empty())
                    .map(|File { name, text }| NamedText { name, text })
                    .collect();
                gather(&files, &[], false)
            }
            Self::Variables(variables) => {
                let variables: Vec<(String, String)> = variables.into_iter().collect();
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
pub(crate) async fn hello() -> Json<HelloAnswer> {
    Json(HelloAnswer { name: "redproof", version: env!("CARGO_PKG_VERSION") })
}

/// `POST /api/v1/pair`: a token for the code in the terminal.
pub(crate) async fn pair(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let Introduction { code } = match read(request).await {
        Ok(introduction) => introduction,
        Err(refusal) => return refusal,
    };
    match shared.pairing.pair(&code, &caller) {
        Ok(Paired::Token { token, next_code }) => {
            super::announce_pairing(&caller, &next_code);
            Json(PairAnswer { token }).into_response()
        }
        Ok(Paired::Wrong { left }) => {
            let tries = if left == 1 { "1 try is".to_owned() } else { format!("{left} tries are") };
            refusal(StatusCode::FORBIDDEN, &format!("That is not the code. {tries} left."))
        }
        Ok(Paired::Locked) => refusal(
            StatusCode::LOCKED,
            "Too many codes were wrong. Start `redproof serve` again for a new code.",
        ),
        Err(error) => refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            &format!("The system gives no random bytes: {error}."),
        ),
    }
}

/// `POST /api/v1/probe`: probes a config, and answers line by line.
pub(crate) async fn probe(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if !shared.pairing.takes(text(&headers, &TOKEN).unwrap_or_default(), &caller) {
        return refusal(
            StatusCode::UNAUTHORIZED,
            "The token is missing or wrong: open the address that `redproof serve` printed, or pair the page again.",
        );
    }
    let question: Question = match read(request).await {
        Ok(question) => question,
        Err(refusal) => return refusal,
    };
    let releases = match Releases::parse(question.litellm.as_deref(), question.redis_py.as_deref())
    {
        Ok(releases) => releases,
        Err(error) => return refusal(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    if let Err(left) = shared.probes.take(Instant::now()) {
        return wait("Too many probes.", left);
    }
    let Ok(Ok(turn)) = timeout(TURN_TIME, Arc::clone(&shared.probing).acquire_owned()).await else {
        return wait("Another probe is running: wait until it is over.", Duration::from_secs(1));
    };
    let (sender, receiver) = mpsc::unbounded_channel();
    let interrupt = Interrupt::default();
    let (worker, interrupted) = (Arc::clone(&shared), interrupt.clone());
    let spawned = std::thread::Builder::new().name("probe".to_owned()).spawn(move || {
        run(&worker, question, releases, interrupted, &sender);
        drop(turn);
    });
    if let Err(error) = spawned {
        return refusal(StatusCode::SERVICE_UNAVAILABLE, &format!("No probe started: {error}."));
    }
    let reader = Reader { lines: receiver, interrupt };
    let lines = stream::unfold(reader, async |mut reader: Reader| {
        // Maps, numbers and texts: this serialises.
        let mut text = serde_json::to_string(&reader.lines.recv().await?).unwrap_or_default();
        text.push('\n');
        Some((Ok::<_, Infallible>(text), reader))
    });
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}

/// Who reads an answer. When they go away, the probe ends.
struct Reader {
    lines: mpsc::UnboundedReceiver<Line>,
    interrupt: Interrupt,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.interrupt.set();
    }
}

fn run(
    shared: &Shared,
    mut question: Question,
    releases: Releases,
    interrupt: Interrupt,
    sender: &mpsc::UnboundedSender<Line>,
) {
    let environment = question.gathered();
    let checked = check(&CheckInput {
        name: question.folder.as_ref().map_or("config.yaml", |folder| &folder.config),
        text: &question.config,
        environment: &environment,
        releases,
        now: files::now(),
    });
    let options = Options {
        files: shared.files.clone(),
        environment: checked.environment.clone(),
        redaction: checked.redaction.clone(),
        running: checked.running.clone(),
        python: image_python(&environment),
        interrupt,
        ..Options::default()
    };
    let report = probe_blocking(&checked.outcome, checked.pair, &options, &mut |event| {
        // The page may be gone; the probe then ends.
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

/// Reads a request's JSON. What is refused is not quoted: it may hold a secret.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Response> {
    let media_type = text(request.headers(), &CONTENT_TYPE).unwrap_or_default();
    // A form of any page can send other types without asking first.
    if media_type.split(';').next().is_none_or(|name| name.trim() != "application/json") {
        return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json."));
    }
    let bytes = match timeout(BODY_TIME, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let why = format!("The request is larger than {} MiB.", MOST_BODY_BYTES >> 20);
            return Err(refusal(rejection.status(), &why));
        }
        Ok(Err(rejection)) => return Err(refusal(rejection.status(), &rejection.body_text())),
        Err(_) => {
            return Err(refusal(StatusCode::REQUEST_TIMEOUT, "The request took too long."));
        }
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        let status = match error.classify() {
            serde_json::error::Category::Data => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::BAD_REQUEST,
        };
        let (line, column) = (error.line(), error.column());
        refusal(
            status,
            &format!("The request can't be read, from line {line}, column {column} on."),
        )
    })
}
