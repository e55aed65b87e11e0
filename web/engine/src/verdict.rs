//! What comes of a configuration, at one glance.

use redproof_core::finding::Severity;
use redproof_core::rule::Aspect;
use redproof_core::rules::rules;
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
        chips: chips(report, map, findings),
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
            headline: "Can't tell whether LiteLLM starts".to_owned(),
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

/// Whether a connection has a property; `None` where that can't be known.
type Holds = dyn Fn(&Edge) -> Option<bool>;

/// A property of connections: its name, what has it, and the question that rules about it answer.
type Property<'p> = (&'static str, &'p Holds, Aspect);

/// What holds of how many clients, and of how many parts of LiteLLM.
fn chips(report: &Report, map: &Map, findings: &[Finding]) -> Vec<Chip> {
    fn known(edge: &Edge) -> bool {
        edge.padlock != Padlock::Unknown
    }
    if map.edges.is_empty() {
        return vec![];
    }
    let tls = |edge: &Edge| known(edge).then_some(edge.padlock != Padlock::Open);
    let verified = |edge: &Edge| known(edge).then_some(edge.padlock == Padlock::Verified);
    let login = |edge: &Edge| match edge.login.as_str() {
        "password unknown" => None,
        login => Some(login != "no password"),
    };
    let opens = |edge: &Edge| Some(edge.error.is_none());
    let all: [Property<'_>; 4] = [
        ("Connects", &opens, Aspect::Connects),
        ("TLS", &tls, Aspect::Encrypted),
        ("Verified", &verified, Aspect::Verified),
        ("Login", &login, Aspect::LoggedIn),
    ];
    let connections = all.into_iter().map(|(name, holds, aspect)| {
        // A client that is never there has none of the others; a Rust client that is not used lacks nothing.
        let used =
            |edge: &Edge| edge.error.is_none() || (name == "Connects" && edge.api != "native");
        let edges = map.edges.iter().enumerate().filter(|(_, edge)| used(edge));
        let total = edges.clone().count();
        let that = |wanted| move |(at, edge): (usize, &Edge)| (holds(edge) == wanted).then_some(at);
        let lack: Vec<usize> = edges.clone().filter_map(that(Some(false))).collect();
        let unknown = edges.filter_map(that(None)).count();
        let count = format!("{} of {total}", total - lack.len() - unknown);
        Chip {
            name: name.to_owned(),
            count: match unknown {
                0 => count,
                all if all == total => "unknown".to_owned(),
                some => format!("{count}, {some} unknown"),
            },
            tone: match (lack.len(), unknown) {
                (0, 0) => Tone::Good,
                (0, _) => Tone::Plain,
                _ if name == "Connects" => Tone::Error,
                _ => Tone::Warning,
            },
            edges: lack,
            findings: about(findings, aspect),
        }
    });
    connections.chain(parts(report, findings)).collect()
}

/// Whether answers are cached, and how many parts of LiteLLM its replicas share.
fn parts(report: &Report, findings: &[Finding]) -> Vec<Chip> {
    let Some(served) = explain::explain(report, false).served else { return vec![] };
    let chip = |name: &str, count: String, tone, aspect| Chip {
        name: name.to_owned(),
        count,
        tone,
        edges: vec![],
        findings: about(findings, aspect),
    };
    let what = served.cached.first().map_or("nothing", |fact| fact.value.as_str());
    let (count, tone) = match what.strip_prefix("answers, in ") {
        Some("the memory of each process") => ("in memory".to_owned(), Tone::Warning),
        Some(place) => (format!("in {place}"), Tone::Good),
        None if what == "nothing" => ("nothing".to_owned(), Tone::Plain),
        None => ("unknown".to_owned(), Tone::Plain),
    };
    let shared = served.shared.iter().filter(|part| part.shared == Some(true)).count();
    let total = served.shared.len();
    let of_all = format!("{shared} of {total}");
    let all = if shared == total { Tone::Good } else { Tone::Plain };
    vec![chip("Cached", count, tone, Aspect::Cached), chip("Shared", of_all, all, Aspect::Shared)]
}

/// The findings of rules about it.
fn about(findings: &[Finding], aspect: Aspect) -> Vec<usize> {
    let is_about = |found: &Finding| {
        rules().any(|rule| rule.code == found.code && rule.aspects().contains(&aspect))
    };
    let about = findings.iter().enumerate().filter(|(_, found)| is_about(found));
    about.map(|(at, _)| at).collect()
}
