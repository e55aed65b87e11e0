//! What comes of a configuration, at one glance.

use redproof_core::finding::Severity;
use redproof_core::{Report, explain};
use redproof_messages::{Chip, Edge, Finding, Map, Padlock, Tone, Verdict};

use crate::check::count;

/// Whether LiteLLM starts, and how well.
pub(crate) fn verdict(report: &Report, map: &Map, findings: &[Finding]) -> Verdict {
    let litellm = report.pair.litellm;
    let errors = count(findings, Severity::Error);
    let warnings = count(findings, Severity::Warning);
    let none = Verdict {
        tone: Tone::Good,
        headline: String::new(),
        exception: None,
        origins: vec![],
        unknown: None,
        chips: chips(map),
    };
    match explain::verdict(report) {
        explain::Verdict::Stops { class, message, origins } => Verdict {
            tone: Tone::Error,
            headline: format!("LiteLLM {litellm} {}", report.outcome.stopped()),
            exception: Some((class, message)),
            origins,
            ..none
        },
        explain::Verdict::Unknown(why) => Verdict {
            tone: Tone::Warning,
            headline: "Whether LiteLLM starts can't be known".to_owned(),
            unknown: Some(why),
            ..none
        },
        explain::Verdict::Starts => {
            let (tone, tail) = match (errors, warnings) {
                (0, 0) => (Tone::Good, String::new()),
                (0, count) => (Tone::Warning, format!(". {}", counted(count, "warning"))),
                (count, _) => {
                    (Tone::Error, format!(", but not as configured. {}", counted(count, "error")))
                }
            };
            Verdict { tone, headline: format!("LiteLLM {litellm} starts{tail}"), ..none }
        }
    }
}

/// `1 error`, `2 warnings`
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Whether a connection has a property.
type Holds = dyn Fn(&Edge) -> bool;

/// What holds of how many clients.
fn chips(map: &Map) -> Vec<Chip> {
    if map.edges.is_empty() {
        return vec![];
    }
    let tls = |edge: &Edge| matches!(edge.padlock, Padlock::Unverified | Padlock::Verified);
    let verified = |edge: &Edge| edge.padlock == Padlock::Verified;
    let login = |edge: &Edge| edge.login == "password" || edge.login == "token";
    let opens = |edge: &Edge| edge.error.is_none();
    let all: [(&str, &Holds); 4] =
        [("Connects", &opens), ("TLS", &tls), ("Verified", &verified), ("Login", &login)];
    all.into_iter()
        .map(|(name, holds)| {
            // A Rust client that is not used lacks nothing.
            let used = |edge: &Edge| edge.api != "native" || edge.error.is_none();
            let edges = map.edges.iter().enumerate().filter(|(_, edge)| used(edge));
            let total = edges.clone().count();
            let lack: Vec<usize> =
                edges.filter(|(_, edge)| !holds(edge)).map(|(at, _)| at).collect();
            Chip {
                name: name.to_owned(),
                count: format!("{} of {total}", total - lack.len()),
                tone: match lack.len() {
                    0 => Tone::Good,
                    _ if name == "Connects" => Tone::Error,
                    _ => Tone::Warning,
                },
                edges: lack,
            }
        })
        .collect()
}
