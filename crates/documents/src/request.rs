//! `redproof explain --request … --format json`.

use redproof_core::asked::{Asked, CallType, Time};
use redproof_core::{Explanation, Report};
use schemars::JsonSchema;
use serde::Serialize;

use super::explain::ExplainedStartup;
use super::parts::Releases;
use super::{VERSION, Version};

/// What becomes of one request's answer.
#[derive(Serialize, JsonSchema)]
pub struct RequestDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The release that printed it.
    redproof: &'static str,
    file: Option<&'a str>,
    releases: Releases<'a>,
    startup: ExplainedStartup<'a>,
    /// What becomes of the request's answer; null where LiteLLM does not start.
    request: Option<Request<'a>>,
}

/// What becomes of a request's answer.
#[derive(Serialize, JsonSchema)]
struct Request<'a> {
    #[schemars(extend("enum" = CallType::ALL.map(CallType::endpoint)))]
    endpoint: &'static str,
    model: Option<&'a str>,
    /// Whether `model_list` or `model_group_alias` has the model; null where that can't be known.
    in_model_list: Option<bool>,
    /// Whether an equal answer that is kept is served; null where that can't be known.
    served: Option<bool>,
    /// Whether the answer is kept; null where that can't be known.
    kept: Option<bool>,
    /// Why it is not served or not kept.
    why: Option<Because<'a>>,
    /// Where an equal answer is looked for, in order: `memory`, `redis`.
    read: &'a [&'static str],
    /// How old an answer may be to be served, in seconds.
    max_age: Option<f64>,
    /// The answer's key, with `<sha256>` in the hash's place; null where none is made or known.
    key: Option<&'a str>,
    /// How long Redis keeps it; null where it is not written there.
    redis: Option<Kept<'a>>,
    /// How long the process keeps its own copy; null where it keeps none.
    memory: Option<Kept<'a>>,
    /// How many answers gather in a process before they are written; null where each is written at
    /// once.
    gathered: Option<i64>,
    notes: &'a [String],
}

/// A reason.
#[derive(Serialize, JsonSchema)]
struct Because<'a> {
    words: &'a str,
    origin: Option<&'a str>,
}

/// How long an answer is kept.
#[derive(Serialize, JsonSchema)]
struct Kept<'a> {
    /// null: for good, or not known.
    seconds: Option<i64>,
    words: &'a str,
    origin: Option<&'a str>,
}

/// What becomes of a request's answer, as it is printed; `None` where LiteLLM does not start.
pub fn requested(report: &Report, explanation: &Explanation, asked: Option<&Asked>) -> String {
    super::text(&RequestDocument {
        schema: VERSION,
        redproof: env!("CARGO_PKG_VERSION"),
        file: report.sources.first().map(|source| &*source.name),
        releases: Releases::of(report),
        startup: ExplainedStartup::of(&explanation.startup),
        request: asked.map(Request::of),
    })
}

impl<'a> Request<'a> {
    fn of(asked: &'a Asked) -> Self {
        let kept = |time: &'a Time| Kept {
            seconds: time.seconds,
            words: &time.fact.value,
            origin: time.fact.origin.as_deref(),
        };
        let why = asked.why.as_ref();
        Self {
            endpoint: asked.endpoint,
            model: asked.model.as_deref(),
            in_model_list: asked.in_model_list,
            served: asked.served,
            kept: asked.kept,
            why: why.map(|why| Because { words: &why.value, origin: why.origin.as_deref() }),
            read: &asked.read,
            max_age: asked.max_age,
            key: asked.key.as_deref(),
            redis: asked.redis.as_ref().map(kept),
            memory: asked.memory.as_ref().map(kept),
            gathered: asked.gathered,
            notes: &asked.notes,
        }
    }
}
