//! One recorded scenario beside what is computed for it.

mod answers;
mod commands;
mod parts;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use base::source::SourceId;
use deployment::environment::Environment;
use facts::Pair;
use flate2::read::GzDecoder;
use redproof_serving::caching::Prefix;
use redproof_serving::{Buffer, Serving};
use serde_json::Value as Json;
use simulate::outcome::{Knowable, Outcome, Startup};
use simulate::simulate;

/// How a comparison went.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) compared: usize,
    pub(crate) unknown: usize,
    /// The kind of what differs, and what.
    pub(crate) wrong: Vec<(&'static str, String)>,
    pub(crate) seen: commands::Seen,
}

/// One answer of one release pair.
pub(crate) struct Case<'a> {
    pub(crate) scenario: &'a Json,
    pub(crate) answer: &'a Json,
    pub(crate) pair: Pair,
    pub(crate) label: String,
    pub(crate) outcome: &'a Outcome,
    pub(crate) serving: &'a Serving,
}

impl Tally {
    pub(crate) fn check<T: PartialEq + std::fmt::Debug>(
        &mut self,
        kind: &'static str,
        case: &Case<'_>,
        what: &str,
        computed: &T,
        recorded: &T,
    ) {
        self.compared += 1;
        if computed != recorded {
            let text =
                format!("{} {what}: computed {computed:?}, recorded {recorded:?}", case.label);
            self.wrong.push((kind, text));
        }
    }
}

pub(crate) fn recordings() -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/proxy/recordings");
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the recordings").flatten() {
        let file = std::fs::File::open(file.path()).expect("a recording");
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
        found.extend(text.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON")));
    }
    found
}

pub(crate) fn replay(scenario: &Json, tally: &mut Tally) {
    let name = scenario["name"].as_str().unwrap_or_default();
    let config = scenario["config"].to_string();
    let env = scenario["env"].as_object().into_iter().flatten();
    let environment = Environment::exactly(
        env.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))),
    );
    let document = yaml::read(SourceId::CONFIG, &config);
    for entry in scenario["answers"].as_array().into_iter().flatten() {
        for label in entry["pairs"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            let Some(pair) =
                label.split_once(' ').and_then(|(one, two)| Pair::parse(one, two).ok())
            else {
                tally.unknown += 1;
                continue;
            };
            let outcome = simulate(&document, &environment, pair);
            let answer = &entry["answer"];
            let fails = answer["start"]["fails"].as_str();
            let serving = Serving::new(&outcome, &environment, pair);
            tally.compared += 1;
            let refused = serving.as_ref().and_then(|serving| match &serving.buffer {
                Buffer::Refused(exception) => Some(exception.to_string()),
                _ => None,
            });
            if let (Some(refused), Some(fails)) = (&refused, fails) {
                tally.compared += 1;
                if refused != fails {
                    tally
                        .wrong
                        .push(("refusal", format!("{name} {label}: {refused:?}, {fails:?}")));
                }
                continue;
            }
            // `cache: "true"` starts, and fails every request: the outcome says that it fails.
            if name == "cached/text-true" {
                let first = answer["steps"][0]["status"].as_u64();
                let fails = outcome.startup != Startup::Ok && first >= Some(400);
                if !fails {
                    tally.wrong.push(("text for a cache", format!("{label}: {first:?}")));
                }
                continue;
            }
            let started = outcome.startup == Startup::Ok && refused.is_none();
            if started == fails.is_some() {
                let text = format!("{name} {label}: {fails:?}, computed {:?}", outcome.startup);
                tally.wrong.push(("start-up", text));
                continue;
            }
            let Some(serving) = serving.filter(|_| fails.is_none()) else {
                continue;
            };
            let label = format!("{name} on {label}");
            let case = Case { scenario, answer, pair, label, outcome: &outcome, serving: &serving };
            answers::compare(&case, tally);
            if name.starts_with("shared/") {
                parts::compare(&case, tally);
                let mut seen = std::mem::take(&mut tally.seen);
                commands::compare(&case, tally, &mut seen);
                tally.seen = seen;
            }
        }
    }
}

/// The letters of the servers, by the port that a recorded config names.
pub(crate) fn server(port: &str) -> Option<&'static str> {
    BTreeMap::from([("7001", "A"), ("7002", "B"), ("7003", "C")]).get(port).copied()
}

/// What is before a key; `None` where it can't be known or none can be made.
pub(crate) fn prefix(prefix: &Knowable<Option<Prefix>>) -> Option<String> {
    match prefix {
        Knowable::Known(None) => Some(String::new()),
        Knowable::Known(Some(Prefix::Text(text, _))) => Some(format!("{text}:")),
        Knowable::Known(Some(Prefix::Raises(_))) | Knowable::Unknown(_) => None,
    }
}
