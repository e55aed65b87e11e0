//! What a log says, in its order, and what in it is not known.

use std::collections::HashSet;

use report::Report;
use simulate::outcome::{Client, Outcome};

use crate::connection::addresses;
use crate::matcher::Found;
use crate::pattern::Plain;
use crate::{Answer, Entry, Kind, Text};

/// What was found in a log.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The texts that are known: causes before envelopes before news, each in the log's order.
    pub said: Vec<Said>,
    /// Exceptions that the table does not know.
    pub unrecognised: Vec<Unrecognised>,
}

impl Diagnosis {
    /// The causes among what is said.
    pub fn causes(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|said| said.entry.kind == Kind::Cause)
    }
}

/// A known text in a log.
#[derive(Clone, Debug)]
pub struct Said {
    /// What it is.
    pub entry: &'static Entry,
    /// Its variants that are in the log.
    pub texts: Vec<&'static Text>,
    /// The first lines that say it, from 1.
    pub lines: Vec<usize>,
    /// How many lines say it.
    pub times: usize,
    /// Whether the log names a server of the configuration.
    pub address: Address,
    /// What that means for the configuration; `None` without one.
    pub answer: Option<Answer>,
}

/// The server that a log's line names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Address {
    /// None, or there is no configuration.
    #[default]
    Unnamed,
    /// One that a client of the configuration goes to.
    Configured,
    /// One that no client of the configuration starts from.
    Foreign,
}

/// An exception that the table does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecognised {
    /// Its class: `KeyError`.
    pub class: String,
    /// The first line with it, from 1.
    pub line: usize,
    /// How often it is in the log.
    pub times: usize,
}

/// So many lines are named of a text that is said often.
const LINES: usize = 5;
/// So many exceptions are listed that are not known.
const UNRECOGNISED: usize = 20;
/// A class of an exception is no longer.
const LONGEST_CLASS: usize = 60;

/// What a log says, without what it means for a configuration.
pub(crate) fn said(plain: &Plain, found: &[Found]) -> Vec<Said> {
    let mut all: Vec<Said> = vec![];
    // The line that each was said in last: a line may hold two of its texts.
    let mut last: Vec<usize> = vec![];
    for one in found {
        let line = plain.number(one.start);
        let known = all.iter().position(|said| std::ptr::eq(said.entry, one.entry));
        let at = known.unwrap_or_else(|| {
            all.push(Said {
                entry: one.entry,
                texts: vec![],
                lines: vec![],
                times: 0,
                address: Address::Unnamed,
                answer: None,
            });
            last.push(0);
            all.len() - 1
        });
        let said = &mut all[at];
        if last[at] != line {
            last[at] = line;
            said.times += 1;
            if said.lines.len() < LINES {
                said.lines.push(line);
            }
        }
        if !said.texts.iter().any(|text| std::ptr::eq(*text, one.text)) {
            said.texts.push(one.text);
        }
    }
    all.sort_by_key(|said| said.entry.kind);
    all
}

/// The exceptions in lines where no known text stands.
pub(crate) fn unrecognised(log: &str, known: &HashSet<usize>) -> Vec<Unrecognised> {
    let mut found: Vec<Unrecognised> = vec![];
    for (at, line) in log.split('\n').enumerate() {
        if known.contains(&(at + 1)) {
            continue;
        }
        for class in classes(line) {
            if let Some(one) = found.iter_mut().find(|one| one.class == class) {
                one.times += 1;
            } else if found.len() < UNRECOGNISED {
                found.push(Unrecognised { class: class.to_owned(), line: at + 1, times: 1 });
            }
        }
    }
    found
}

/// The names of exceptions' classes that a message follows: letters alone, so that nothing of the
/// message itself is shown.
fn classes(line: &str) -> impl Iterator<Item = &str> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut rest = line;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(word)?;
            let from = &rest[start..];
            let end = from.find(|c| !word(c)).unwrap_or(from.len());
            rest = &from[end..];
            let class = from[..end].rsplit('.').next().unwrap_or("");
            let named = class.ends_with("Error") || class.ends_with("Exception");
            let plain = class.len() <= LONGEST_CLASS
                && class.starts_with(|c: char| c.is_ascii_uppercase())
                && class.chars().all(|c| c.is_ascii_alphabetic());
            if named && plain && rest.starts_with([':', '(']) {
                return Some(class);
            }
        }
    })
}

/// The clients that the lines of some matches may be about, and whether those name a server.
pub(crate) fn clients<'r>(
    report: &'r Report,
    plain: &Plain,
    starts: impl Iterator<Item = usize>,
) -> (Vec<&'r Client>, Address) {
    let all: Vec<&Client> = every_client(&report.outcome).collect();
    let of_each: Vec<Vec<String>> = all
        .iter()
        .map(|client| {
            let addresses = addresses(client).into_iter();
            addresses.map(|(host, port)| format!("{host}:{port}").to_ascii_lowercase()).collect()
        })
        .collect();
    let mut named = vec![false; all.len()];
    let mut foreign = false;
    // What is said a thousand times is said of the same servers.
    for start in starts.take(50) {
        let line = plain.line_of(start);
        let mut known = false;
        for (addresses, named) in of_each.iter().zip(&mut named) {
            if addresses.iter().any(|address| holds_address(line, address)) {
                (*named, known) = (true, true);
            }
        }
        foreign |= !known && names_address(line);
    }
    if named.contains(&true) {
        let clients = all.iter().zip(&named).filter(|(_, named)| **named);
        return (clients.map(|(client, _)| *client).collect(), Address::Configured);
    }
    // Who has no address that is known may go anywhere.
    let certain = !of_each.is_empty() && of_each.iter().all(|addresses| !addresses.is_empty());
    (all, if foreign && certain { Address::Foreign } else { Address::Unnamed })
}

/// All clients, those included that are used only where their Redis answers.
pub(crate) fn every_client(outcome: &Outcome) -> impl Iterator<Item = &Client> {
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    outcome.redis_py_clients().chain(fallback)
}

/// Whether a line names this address and not a longer one.
fn holds_address(line: &str, address: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    line.match_indices(address).take(20).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + address.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|c| c.is_ascii_digit())
    })
}

/// Whether a line says that it was about to reach some address.
fn names_address(line: &str) -> bool {
    ["connecting to ", "reading from "].iter().any(|before| {
        line.match_indices(before).take(5).any(|(at, _)| {
            let rest = &line[at + before.len()..];
            let end = rest.find([' ', '\'', '"']).unwrap_or(rest.len());
            let address = rest[..end].trim_end_matches(['.', ':', ',']);
            address.rsplit_once(':').is_some_and(|(host, port)| {
                !host.is_empty() && !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{classes, holds_address, names_address};

    #[test]
    fn classes_are_names_before_a_message() {
        let of = |line| classes(line).collect::<Vec<_>>();
        assert_eq!(of("redis.exceptions.ConnectionError: x"), ["ConnectionError"]);
        assert_eq!(of("raise KeyError('x') from MyException"), ["KeyError"]);
        assert_eq!(of("INFO: Errors: 3, hunter2Error: x, passwordError: y"), [""; 0]);
    }

    #[test]
    fn addresses_are_whole() {
        assert!(holds_address("error 111 connecting to redis:6379. refused", "redis:6379"));
        assert!(!holds_address("error 111 connecting to my-redis:6379. refused", "redis:6379"));
        assert!(!holds_address("error 111 connecting to redis:63790. refused", "redis:6379"));
        assert!(names_address("error 111 connecting to other:6379. refused"));
        assert!(!names_address("timeout connecting to server"));
    }
}
