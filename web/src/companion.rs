//! The companion: `redproof serve` on this computer, which serves the page and probes for it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::bridge;
use crate::json::Json;
use crate::live::{ProbeReport, Step};

/// What to probe.
pub(crate) struct Request {
    pub config: String,
    pub environment: String,
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

/// A step that is over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepEvent {
    /// `host:port`
    pub target: String,
    /// What was done.
    pub done: Step,
}

/// Whether a companion is at this page's own address.
pub(crate) async fn is_there() -> bool {
    bridge::find_companion().await.is_truthy()
}

/// Probes, and tells what happens, to the end.
pub(crate) async fn probe(request: &Request, tell: impl Fn(News) + 'static) {
    let tell = Closure::<dyn FnMut(JsValue)>::new(move |event| {
        if let Some(news) = news(&Json::new(event)) {
            tell(news);
        }
    });
    let Request { config, environment, litellm, redis_py } = request;
    bridge::probe(config, environment, litellm, redis_py, &tell).await;
}

fn news(event: &Json) -> Option<News> {
    match event.text("event").as_str() {
        "step" => {
            let target = event.text("target");
            Some(News::Step(StepEvent { target, done: Step::read(event) }))
        }
        "report" => {
            let report = event.get("report")?;
            Some(News::Report(Box::new(ProbeReport::read(&report))))
        }
        "failed" => Some(News::Failed(event.text("why"))),
        // A newer companion may tell more.
        _ => None,
    }
}
