//! What the simulation leaves alone: the list beside the recordings, which the test and the report
//! both read.

use serde_json::Value;

use crate::recordings::Case;

const LIST: &str = include_str!("../../../truth/litellm/outside.json");
const ANSWERING: &str = include_str!("../../../truth/litellm/outside-answering.json");

/// A kind of case in which Redproof does not claim to say what LiteLLM does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// The text that such a case's config holds, or the case's own name.
    pub text: String,
    /// Why it is outside.
    pub why: String,
    /// Whether it is outside only where a Redis answers.
    pub answering: bool,
}

/// The whole list.
///
/// # Panics
/// When the list is malformed, which the tests would tell.
pub fn outside() -> Vec<Outside> {
    read(LIST, false)
}

/// What is left alone beside it where a Redis answers.
///
/// # Panics
/// When the list is malformed, which the tests would tell.
pub(crate) fn outside_answering() -> Vec<Outside> {
    read(ANSWERING, true)
}

fn read(list: &str, answering: bool) -> Vec<Outside> {
    let list: Vec<Value> = serde_json::from_str(list).expect("a list");
    let text = |entry: &Value, name: &str| entry[name].as_str().expect("a text").to_owned();
    list.iter()
        .map(|entry| Outside { text: text(entry, "text"), why: text(entry, "why"), answering })
        .collect()
}

/// The place in the list of what excuses a case.
pub fn excuse(list: &[Outside], case: &Case) -> Option<usize> {
    list.iter().position(|outside| case.id == outside.text || case.config.contains(&outside.text))
}
