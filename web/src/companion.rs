//! The companion: `redproof serve` on this computer, which serves the page and probes for it.

use gloo_net::http;
use js_sys::{Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use crate::live::{ProbeReport, Step};

/// Where the token is kept while the tab lives.
const TOKEN: &str = "redproof-token";
const TOKEN_HEADER: &str = "X-Redproof-Token";

/// A companion that answers, and the token that it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Companion {
    token: String,
}

/// What to probe.
#[derive(Serialize)]
pub(crate) struct Request {
    pub config: String,
    pub env: String,
    pub litellm: String,
    pub redis_py: String,
}

/// What a live test tells while it runs.
pub(crate) enum News {
    /// A step of a connection is over.
    Step(StepEvent),
    /// It is over.
    Report(Box<ProbeReport>),
    /// It could not be done, and why.
    Failed(String),
}

/// How a companion introduces itself.
#[derive(Deserialize)]
struct Hello {
    name: String,
}

/// One line of the answer.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line {
    Step(StepEvent),
    Report { report: Box<ProbeReport> },
    Error { message: String },
}

/// A step that is over.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct StepEvent {
    /// Which connection.
    pub connection: usize,
    /// `host:port`
    pub target: String,
    /// What was done.
    #[serde(flatten)]
    pub done: Step,
}

/// Asks for a companion at this page's own address, with the token of the address bar.
pub(crate) async fn find() -> Option<Companion> {
    let token = take_token()?;
    let answer = http::Request::get("api/v1/hello").send().await.ok()?;
    let hello: Hello = answer.json().await.ok()?;
    (answer.ok() && hello.name == "redproof").then_some(Companion { token })
}

/// The token, out of the address (so that it is in no bookmark) and into the tab's own store.
fn take_token() -> Option<String> {
    let window = web_sys::window()?;
    let store = window.session_storage().ok().flatten();
    let location = window.location();
    let given = location.hash().ok()?;
    if let Some(token) = given.strip_prefix("#token=") {
        if let Some(store) = &store {
            // A full or forbidden store costs no more than a reload.
            let _ = store.set_item(TOKEN, token);
        }
        let address = location.pathname().ok()?;
        let history = window.history().ok()?;
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        return Some(token.to_owned());
    }
    store?.get_item(TOKEN).ok().flatten()
}

impl Companion {
    /// Probes, and tells what happens, to the end.
    pub(crate) async fn probe(&self, request: &Request, tell: impl Fn(News)) {
        if let Err(why) = self.run(request, &tell).await {
            tell(News::Failed(why));
        }
    }

    async fn run(&self, request: &Request, tell: &impl Fn(News)) -> Result<(), String> {
        let answer = http::Request::post("api/v1/probe")
            .header(TOKEN_HEADER, &self.token)
            .json(request)
            .map_err(|error| error.to_string())?
            .send()
            .await
            .map_err(|_| "the companion does not answer: is `redproof serve` still running?")?;
        if !answer.ok() {
            let why = answer.text().await.unwrap_or_default();
            return Err(format!("the companion refuses ({}): {why}", answer.status()));
        }
        let body = answer.body().ok_or("the companion's answer is empty")?;
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut pending = vec![];
        let mut ended = false;
        loop {
            let chunk = JsFuture::from(reader.read())
                .await
                .map_err(|_| "the companion broke off: its answer ended early")?;
            let done = Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy());
            if done {
                break;
            }
            let bytes =
                Reflect::get(&chunk, &"value".into()).map_err(|_| "an answer without bytes")?;
            pending.extend(Uint8Array::new(&bytes).to_vec());
            while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = pending.drain(..=end).collect();
                ended |= take_line(&line, tell)?;
            }
        }
        ended |= take_line(&pending, tell)?;
        if ended {
            Ok(())
        } else {
            Err("the companion broke off: its answer ended early".to_owned())
        }
    }
}

/// Tells of one line; gives whether it was the last.
fn take_line(line: &[u8], tell: &impl Fn(News)) -> Result<bool, String> {
    if line.trim_ascii().is_empty() {
        return Ok(false);
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| {
        format!("the companion speaks another language than this page: {error}")
    })?;
    match line {
        Line::Step(step) => {
            tell(News::Step(step));
            Ok(false)
        }
        Line::Report { report } => {
            tell(News::Report(report));
            Ok(true)
        }
        Line::Error { message } => Err(message),
    }
}
