//! What becomes of one request's answer, in words.

use crate::Report;
use crate::display::Words;
use crate::served::{Fact, covered, lifetime};

use python::{Data, Origin, Stop, Value, json};
use serving::Serving;
pub use serving::caching::CallType;
use serving::caching::{Covered, Kept, Lifetime, Mode, Store, Write};
use serving::request::{Answered, MaxAge, Request, Why};

/// What becomes of a request's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The endpoint.
    pub endpoint: &'static str,
    /// The request's `model`.
    pub model: Option<String>,
    /// Whether `model_list` has it; `None` where that can't be known.
    pub in_model_list: Option<bool>,
    /// Whether an equal answer that is kept is served; `None` where that can't be known.
    pub served: Option<bool>,
    /// Whether the answer is kept; `None` where that can't be known.
    pub kept: Option<bool>,
    /// Why it is not served or not kept.
    pub why: Option<Fact>,
    /// Where an equal answer is looked for, in order: `memory`, `redis`.
    pub read: Vec<&'static str>,
    /// How old an answer may be to be served, in seconds.
    pub max_age: Option<f64>,
    /// The key, the hash left out: `my.ns:<sha256>`.
    pub key: Option<String>,
    /// How long Redis keeps it.
    pub redis: Option<Time>,
    /// How long the process keeps it in memory.
    pub memory: Option<Time>,
    /// How many answers gather in a process before they are written; `None` where each is at once.
    pub gathered: Option<i64>,
    /// What else there is to know of the request: controls that LiteLLM does not know.
    pub notes: Vec<String>,
}

/// How long an answer is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// In seconds; `None` where it is for good, or can't be known.
    pub seconds: Option<i64>,
    /// In words, and where it comes from.
    pub fact: Fact,
}

/// Why a request can't be answered for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is not JSON: why.
    NotJson(String),
    /// It is not a mapping.
    NotAMapping,
    /// LiteLLM does not start, or it can't be known whether it does.
    NotServing,
}

/// The controls of `cache` in a request.
const CONTROLS: [&str; 7] =
    ["ttl", "s-maxage", "s-max-age", "no-cache", "no-store", "namespace", "use-cache"];

/// Reads a request's JSON, and says what becomes of it. Without an `endpoint`, the body tells it.
/// Secrets are `•••` unless `reveal`.
///
/// # Errors
/// When the text is not a request, or nothing serves it.
pub fn asked(
    report: &Report,
    text: &str,
    endpoint: Option<CallType>,
    reveal: bool,
) -> Result<Asked, Unusable> {
    let words = &Words::new(report, reveal);
    let origin = Origin::computed("the request", Vec::new());
    let body = json::loads(text, &origin).map_err(|stop| match stop {
        Stop::Raised(raised) => Unusable::NotJson(raised.message),
        Stop::Unknown(why) => Unusable::NotJson(why),
    })?;
    if body.as_dict().is_none() {
        return Err(Unusable::NotAMapping);
    }
    let serving = Serving::new(&report.outcome, &report.environment, report.pair)
        .ok_or(Unusable::NotServing)?;
    let call = endpoint.unwrap_or_else(|| endpoint_of(&body));
    let request = Request { call, body };
    let answered = serving.caching.answer(&request);
    Ok(told(report, &serving, &request, answered, words))
}

/// The endpoint that a body is for. `input` alone is an embedding's and a response's: the one that is
/// asked more often.
fn endpoint_of(body: &Value) -> CallType {
    let has = |name| body.as_dict().is_some_and(|body| body.get(name).is_some());
    if has("documents") {
        CallType::Rerank
    } else if has("file") {
        CallType::Transcription
    } else if has("prompt") {
        CallType::Text
    } else if has("instructions") || has("previous_response_id") || has("max_output_tokens") {
        CallType::Responses
    } else if has("input") {
        CallType::Embedding
    } else {
        CallType::Chat
    }
}

fn told(
    report: &Report,
    serving: &Serving,
    request: &Request,
    answered: Answered,
    words: &Words<'_>,
) -> Asked {
    let caching = &serving.caching;
    let time = |name: &str, one: &Lifetime| Time {
        seconds: match one.kept {
            Kept::Seconds(seconds) => Some(seconds),
            _ => None,
        },
        fact: lifetime(name, one, words),
    };
    let unknown = answered.why.as_ref().and_then(depends_on).is_some();
    // A copy without a time stays for good.
    let for_good = answered.memory.as_ref().is_some_and(|one| matches!(one.kept, Kept::Raises(_)));
    let lives = |one: &Option<Lifetime>| {
        one.as_ref().is_some_and(|one| matches!(one.kept, Kept::Seconds(_) | Kept::Raises(_)))
    };
    let kept = lives(&answered.redis) || lives(&answered.memory);
    let fresh = match answered.max_age {
        MaxAge::Any => true,
        MaxAge::Seconds(seconds) => seconds > 0.0,
        MaxAge::NotANumber => false,
    };
    let mut read = Vec::new();
    if answered.read {
        if caching.store == Store::Memory
            || (caching.memory.is_some() && request.call.has_copy(report.pair))
        {
            read.push("memory");
        }
        if caching.store == Store::Redis && answered.key.is_some() {
            read.push("redis");
        }
    }
    let model = request.body.as_dict().and_then(|body| body.get("model")).and_then(Value::as_str);
    let mut memory = answered.memory.as_ref().map(|one| time("kept in memory", one));
    if let (true, Some(memory)) = (for_good, &mut memory) {
        "for good, and Redis never gets it: its time is not a number"
            .clone_into(&mut memory.fact.value);
    }
    Asked {
        endpoint: request.call.endpoint(),
        model: model.map(|model| words.shown(model)),
        in_model_list: model.and_then(|model| in_model_list(report, model)),
        served: (!unknown).then_some(answered.read && fresh),
        kept: (!unknown).then_some(kept),
        why: why(&answered, request.call, fresh, words),
        read,
        max_age: match answered.max_age {
            MaxAge::Seconds(seconds) => Some(seconds),
            _ => None,
        },
        key: answered.key.map(|before| words.shown(&format!("{before}<sha256>"))),
        redis: answered.redis.as_ref().map(|one| time("kept in Redis", one)),
        memory,
        gathered: match (&caching.write, request.call) {
            // Embeddings are written together, at once.
            (Write::Gathered { size, .. }, call) if call != CallType::Embedding && *size > 1 => {
                Some(*size)
            }
            _ => None,
        },
        notes: notes(request, words),
    }
}

/// What can't be known, where it depends on that.
fn depends_on(why: &Why) -> Option<&str> {
    match why {
        Why::Store(Store::Unknown(what) | Store::Other(what))
        | Why::NotAsked(Mode::Unknown(what))
        | Why::Lifetime(Kept::Unknown(what))
        | Why::Gathered(Write::Unknown(what))
        | Why::Type(Covered::Unknown(what)) => Some(what),
        _ => None,
    }
}

fn why(answered: &Answered, call: CallType, fresh: bool, words: &Words<'_>) -> Option<Fact> {
    let Some(why) = &answered.why else {
        let too_old = "no answer is as young as s-maxage asks".to_owned();
        return (!fresh).then(|| fact(too_old, None, words));
    };
    if let Some(what) = depends_on(why) {
        return Some(fact(format!("it depends on {what}"), None, words));
    }
    let (value, origin) = match why {
        Why::Store(_) => ("the config turns no cache on".to_owned(), None),
        Why::Type(one) => covered(one.clone(), call),
        Why::NotAsked(Mode::OptIn { origin, meant }) => {
            let mode = if *meant { "default_off" } else { "a mode that LiteLLM does not know" };
            let ask = "and the request does not have cache: {\"use-cache\": true}";
            (format!("the cache is {mode}, {ask}"), Some(origin.clone()))
        }
        Why::TooLong => ("it has more messages than max_messages".to_owned(), None),
        Why::NeverServed(origin) => {
            ("the router reads no answers; it only writes them".to_owned(), Some(origin.clone()))
        }
        Why::Declined("no-store") => {
            ("the request says no-store: an answer is read, and none is written".to_owned(), None)
        }
        Why::Declined(word) => {
            (format!("the request says {word}: the answer is written, and none is read"), None)
        }
        Why::Lifetime(Kept::NoTime(seconds)) => {
            (format!("a time of {seconds} s: Redis refuses to set such a key"), None)
        }
        Why::Lifetime(Kept::Raises(message)) => {
            let what = "the time is not a number, so that nothing is written to Redis";
            (format!("{what}: {}", words.shown(message)), None)
        }
        Why::Gathered(Write::Never(origin)) => (
            "answers are gathered, and never written: the size is not a number".to_owned(),
            Some(origin.clone()),
        ),
        Why::NotAsked(_) | Why::Lifetime(_) | Why::Gathered(_) => return None,
    };
    Some(fact(value, origin.as_ref(), words))
}

fn fact(value: String, origin: Option<&Origin>, words: &Words<'_>) -> Fact {
    Fact {
        name: "why".to_owned(),
        value,
        origin: origin.map(|origin| words.origin(origin)),
        at: origin.and_then(|origin| words.written_at(origin)),
    }
}

/// What LiteLLM reads of the request otherwise than its writer may think.
fn notes(request: &Request, words: &Words<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(body) = request.body.as_dict() else {
        return notes;
    };
    match body.get("cache").map(|cache| (cache, &cache.data)) {
        None | Some((_, Data::None)) => {}
        Some((_, Data::Dict(controls))) => {
            for entry in &controls.entries {
                let Some(name) = entry.key.as_str() else { continue };
                if !CONTROLS.contains(&name) {
                    let near = CONTROLS.iter().find(|known| {
                        let plain = |text: &str| text.replace(['-', '_'], "").to_lowercase();
                        plain(known) == plain(name)
                    });
                    let meant =
                        near.map_or(String::new(), |near| format!(": did you mean {near}?"));
                    notes.push(format!(
                        "LiteLLM does not know {} in cache{meant}",
                        words.shown(name)
                    ));
                } else if matches!(name, "no-cache" | "no-store" | "use-cache")
                    && !matches!(entry.value.data, Data::Bool(_))
                {
                    notes.push(format!("{name} counts only as true, without quotes"));
                }
            }
        }
        Some(_) => notes.push("cache is not a mapping".to_owned()),
    }
    notes
}

/// Whether `model_list`, its wildcards and `model_group_alias` have a model.
fn in_model_list(report: &Report, model: &str) -> Option<bool> {
    let document = report.document.as_ref().ok()?;
    let config = document.root.as_dict()?;
    if config.get("include").is_some() {
        return None;
    }
    let aliases = config.get("router_settings").and_then(Value::as_dict);
    let aliases = aliases.and_then(|router| router.get("model_group_alias"));
    let alias = aliases.and_then(Value::as_dict).is_some_and(|known| known.get(model).is_some());
    let listed = config.get("model_list")?.as_list()?;
    let mut known = alias;
    for item in listed {
        let name = item.as_dict()?.get("model_name")?.as_str()?;
        // A pattern covers what its provider has, which is not told here.
        if name.contains('*') || name.starts_with("os.environ/") {
            return if known { Some(true) } else { None };
        }
        known |= name == model;
    }
    Some(known)
}
