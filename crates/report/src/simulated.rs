//! One line of JSON Lines simulated, its secrets hidden unless they are asked for.

use facts::bearing::Bearing;
use serde_json::Value as Json;

use base::secret::MASK;
use simulate::json::simulated;

use crate::redaction::{Redaction, hidden_in};

/// Simulates the case on one line; the answer is one line too, without its line break.
///
/// A line that is not a case, or names a release that is not known, gives `{"id", "error"}`.
pub fn run_line(line: &str, reveal: bool) -> String {
    let simulated = match simulated(line) {
        Ok(simulated) => simulated,
        Err(refused) => return serde_json::to_string(&refused).unwrap_or_default(),
    };
    let mut answer = simulated.answer(reveal);
    if !reveal {
        let mut redaction = None;
        for name in ["startup", "clients"] {
            if let Some(field) = answer.get_mut(name) {
                hide(field, name, &mut || {
                    let of = || {
                        let simulate::json::Simulated { document, environment, outcome, .. } =
                            &simulated;
                        Redaction::of(document, environment, outcome)
                    };
                    redaction.get_or_insert_with(of).clone()
                });
            }
        }
    }
    Json::Object(answer).to_string()
}

/// Hides what a value holds beside what it is for: a URL's password in a host. Exceptions quote
/// anything.
fn hide(json: &mut Json, name: &str, redaction: &mut dyn FnMut() -> Redaction) {
    match json {
        Json::String(text) if name == "message" => *text = redaction().clean_text(text),
        Json::String(text) if name != "username" => {
            for part in hidden_in(text, Bearing::Harmless).into_iter().rev() {
                text.replace_range(part, MASK);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| hide(item, name, redaction)),
        Json::Object(fields) => {
            fields.iter_mut().for_each(|(name, field)| hide(field, name, redaction));
        }
        _ => {}
    }
}
