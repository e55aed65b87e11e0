//! What a log says, in its order, and what in it is not known.

use std::collections::HashSet;

use report::Report;
use simulate::outcome::{Client, Outcome};

use crate::connection::addresses;
use crate::matcher::{Found, TRACEBACK};
use crate::pattern::Plain;
use crate::{Answer, Entry, Holds, JudgedCause, Kind, Text, When};

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
    /// Of an envelope: the causes that stand in it or beside it, wherever it is said. Empty where one
    /// of its lines is left without a cause.
    pub within: Vec<&'static Entry>,
}

impl Said {
    /// The causes that are worth telling: of those with one cure the likeliest; beside the exception
    /// that the simulation raises, what applies; in an envelope whose cause is said, what `check` names.
    pub fn telling(&self) -> Vec<&JudgedCause> {
        let Some(answer) = &self.answer else { return vec![] };
        let applies = |one: &&JudgedCause| one.holds == Holds::Yes;
        let certain = answer.simulated && answer.causes.iter().any(|one| applies(&one));
        let mut likely: Vec<&JudgedCause> = answer.causes.iter().collect();
        let place = |one: &JudgedCause| {
            self.entry.causes.iter().position(|cause| std::ptr::eq(cause, one.cause))
        };
        let told = |one: &JudgedCause| {
            one.holds == Holds::Yes && !matches!(one.cause.when, When::Allows(_))
        };
        likely.sort_by_key(|one| (!told(one), place(one)));
        let mut telling: Vec<&JudgedCause> = vec![];
        for one in likely {
            let adds = if self.within.is_empty() {
                !certain || applies(&one)
            } else {
                applies(&one) && matches!(one.cause.when, When::Found(_))
            };
            if adds && telling.iter().all(|known| known.cause.cure != one.cause.cure) {
                telling.push(one);
            }
        }
        telling
    }
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
                within: vec![],
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
    within(plain, found, &mut all);
    all
}

/// Finds the causes within envelopes: on the line itself, else below it and above it, to the next
/// envelope.
fn within(plain: &Plain, found: &[Found], all: &mut [Said]) {
    let lines: Vec<usize> = found.iter().map(|one| plain.number(one.start)).collect();
    let envelope = |at: &usize| found[*at].entry.kind == Kind::Envelope;
    let cause = |at: &usize| found[*at].entry.kind == Kind::Cause;
    for said in all.iter_mut().filter(|said| said.entry.kind == Kind::Envelope) {
        let mut inside: Vec<&'static Entry> = vec![];
        for at in (0..found.len()).filter(|at| std::ptr::eq(found[*at].entry, said.entry)) {
            let line = lines[at];
            let first = lines.partition_point(|one| *one < line);
            let last = lines.partition_point(|one| *one <= line);
            let mut here: Vec<usize> = (first..last).filter(cause).collect();
            if here.is_empty() {
                let near = |other: &usize| lines[*other].abs_diff(line) <= TRACEBACK;
                let after = (last..found.len()).take_while(|one| near(one) && !envelope(one));
                let before = (0..first).rev().take_while(|one| near(one) && !envelope(one));
                here.extend(after.filter(cause).chain(before.filter(cause)).next());
            }
            if here.is_empty() {
                inside.clear();
                break;
            }
            for one in here {
                if !inside.iter().any(|known| std::ptr::eq(*known, found[one].entry)) {
                    inside.push(found[one].entry);
                }
            }
        }
        said.within = inside;
    }
}

/// The exceptions in lines where no known text stands.
pub(crate) fn unrecognised(log: &str, known: &HashSet<usize>) -> Vec<Unrecognised> {
    let mut found: Vec<Unrecognised> = vec![];
    for (at, line) in log.split('\n').enumerate() {
        // A traceback quotes the statement that raises; its last line has what was raised.
        if known.contains(&(at + 1)) || line.trim_start().starts_with("raise ") {
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

/// The clients that the lines of some matches may be about, the addresses of theirs that those name, and
/// whether they name a server.
pub(crate) fn clients<'r>(
    report: &'r Report,
    plain: &Plain,
    starts: impl Iterator<Item = usize>,
) -> (Vec<&'r Client>, Vec<String>, Address) {
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
    let mut at: Vec<String> = vec![];
    // What is said a thousand times is said of the same servers.
    for start in starts.take(50) {
        let line = plain.line_of(start);
        let mut known = false;
        for (addresses, named) in of_each.iter().zip(&mut named) {
            for address in addresses.iter().filter(|address| holds_address(line, address)) {
                (*named, known) = (true, true);
                if !at.contains(address) {
                    at.push(address.clone());
                }
            }
        }
        foreign |= !known && names_address(line);
    }
    if named.contains(&true) {
        let clients = all.iter().zip(&named).filter(|(_, named)| **named);
        return (clients.map(|(client, _)| *client).collect(), at, Address::Configured);
    }
    // Who has no address that is known may go anywhere.
    let certain = !of_each.is_empty() && of_each.iter().all(|addresses| !addresses.is_empty());
    (all, at, if foreign && certain { Address::Foreign } else { Address::Unnamed })
}

/// All clients, those included that are used only where their Redis answers.
pub(crate) fn every_client(outcome: &Outcome) -> impl Iterator<Item = &Client> {
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    outcome.redis_py_clients().chain(fallback)
}

/// Whether a line names this address and not a longer one; redis-py's `repr` writes it `host=h,port=1`.
fn holds_address(line: &str, address: &str) -> bool {
    address
        .rsplit_once(':')
        .is_some_and(|(host, port)| holds(line, &format!("host={host},port={port}")))
        || holds(line, address)
}

fn holds(line: &str, address: &str) -> bool {
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
        assert!(holds_address("connection<host=s1,port=26379,db=0>", "s1:26379"));
        assert!(!holds_address("connection<host=as1,port=26379>", "s1:26379"));
        assert!(names_address("error 111 connecting to other:6379. refused"));
        assert!(!names_address("timeout connecting to server"));
    }
}
