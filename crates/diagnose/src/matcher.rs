//! All texts of the table looked for at once.

use std::sync::OnceLock;

use aho_corasick::Input;
use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::noncontiguous::NFA;

use crate::pattern::{Pattern, Plain};
use crate::{Entry, Kind, Text, entries};

/// One text of the table.
struct Row {
    entry: &'static Entry,
    text: &'static Text,
    pattern: Pattern,
}

struct Table {
    rows: Vec<Row>,
    /// The rows of each distinct first piece.
    by_first: Vec<Vec<usize>>,
    // This kind by name: `AhoCorasick` would bring the other two onto the page.
    firsts: Option<NFA>,
}

/// Where a text is in a log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) entry: &'static Entry,
    pub(crate) text: &'static Text,
    pub(crate) start: usize,
    pub(crate) end: usize,
    weight: usize,
}

/// A log holds at most this many matches; a hostile one is cut short there.
const MOST: usize = 20_000;

/// The texts that a log holds, in its order. Of two in one place, the one that tells more.
pub(crate) fn find(plain: &Plain) -> Vec<Found> {
    let table = table();
    let Some(firsts) = &table.firsts else { return vec![] };
    let mut found: Vec<Found> = vec![];
    let Ok(pieces) = firsts.try_find_overlapping_iter(Input::new(&plain.text)) else {
        return vec![];
    };
    for piece in pieces {
        let rows = &table.by_first[piece.pattern().as_usize()];
        for row in rows.iter().map(|row| &table.rows[*row]) {
            if let Some(end) = row.pattern.end(plain, piece.end())
                && (!row.text.alone || plain.is_alone(piece.start(), end))
            {
                found.push(Found {
                    entry: row.entry,
                    text: row.text,
                    start: piece.start(),
                    end,
                    weight: row.pattern.weight,
                });
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    without_nameless(plain, without_covered(found))
}

/// So many lines from a cause an exception without a message is of the same traceback.
pub(crate) const TRACEBACK: usize = 100;

/// Drops the exceptions without a message that stand in the traceback of one that has one: Python shows
/// what an exception was raised from.
fn without_nameless(plain: &Plain, mut found: Vec<Found>) -> Vec<Found> {
    let is_named = |one: &Found| one.entry.kind == Kind::Cause && !one.text.alone;
    let named: Vec<usize> =
        found.iter().filter(|one| is_named(one)).map(|one| plain.number(one.start)).collect();
    found.retain(|one| {
        let line = plain.number(one.start);
        let next = named.partition_point(|other| other + TRACEBACK < line);
        !one.text.alone || named.get(next).is_none_or(|other| *other > line + TRACEBACK)
    });
    found
}

/// Drops what is within the place of a text that tells more: `self-signed certificate` within
/// `self-signed certificate in certificate chain`. An envelope covers nothing: the cause is in it.
fn without_covered(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|one| (one.start, usize::MAX - one.weight));
    let mut kept: Vec<Found> = vec![];
    for one in &found {
        let covered = |other: &Found| {
            other.start < one.end
                && one.start < other.end
                && other.weight > one.weight
                && (other.entry.kind == one.entry.kind
                    || (other.entry.kind == Kind::News && one.entry.kind == Kind::Cause))
        };
        // Matches are short: what may cover one begins near it.
        let near = found.partition_point(|other| other.start + REACH < one.start);
        let after = found.partition_point(|other| other.start < one.end);
        if !found[near..after].iter().any(covered) {
            kept.push(*one);
        }
    }
    kept
}

/// No match is longer.
const REACH: usize = 2_000;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let texts = entries().flat_map(|entry| entry.texts.iter().map(move |text| (entry, text)));
        let rows: Vec<Row> = texts
            .map(|(entry, text)| Row { entry, text, pattern: Pattern::of(text.says) })
            .collect();
        let mut firsts: Vec<&str> = vec![];
        let mut by_first: Vec<Vec<usize>> = vec![];
        for (at, row) in rows.iter().enumerate() {
            match firsts.iter().position(|first| *first == row.pattern.first) {
                Some(known) => by_first[known].push(at),
                None => {
                    firsts.push(&row.pattern.first);
                    by_first.push(vec![at]);
                }
            }
        }
        let firsts = NFA::new(&firsts).ok();
        Table { rows, by_first, firsts }
    })
}
