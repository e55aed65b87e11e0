//! Which facts each redis-py release may have changed: the others are the same between two releases, and need
//! not be compared.

use super::{ALL_NAMES, BEHAVIOUR_WORDS, DECORATED, HEAD, LISTS, Rows};
use crate::Pair;
use crate::behaviour::BEHAVIOURS;
use crate::data;
use crate::fingerprint::same;
use crate::range::Software;
use crate::row::Row;

/// redis-py's lists are the first.
const WORDS: usize = 2 * {
    let mut list = 0;
    while matches!(LISTS[list].1, Software::RedisPy) {
        list += 1;
    }
    list
};

const RELEASES: usize = data::redis_py::RELEASES.len();

/// The facts of redis-py's lists that a release may answer in another way than the one before it.
static CHANGES: [[u64; WORDS]; RELEASES] = changes();

/// The behaviours that depend on redis-py's release.
static BEHAVE: [u64; BEHAVIOUR_WORDS] = {
    let mut words = [0; BEHAVIOUR_WORDS];
    let mut at = 0;
    while at < BEHAVIOURS.len() {
        if matches!(BEHAVIOURS[at].since.0, Software::RedisPy) {
            words[at / 64] |= 1 << (at % 64);
        }
        at += 1;
    }
    words
};

/// The facts that may be different between two pairs, word by word.
pub(super) fn between(one: Pair, other: Pair) -> impl Fn(usize) -> u64 {
    let same_litellm = one.litellm == other.litellm;
    let (one, other) = (usize::from(one.redis_py_place), usize::from(other.redis_py_place));
    let changes = &CHANGES[one.min(other) + 1..=one.max(other)];
    move |word| match word.checked_sub(BEHAVIOUR_WORDS) {
        Some(word) if word < WORDS => changes.iter().fold(0, |all, words| all | words[word]),
        Some(_) if same_litellm => 0,
        None if same_litellm => BEHAVE[word],
        _ => u64::MAX,
    }
}

/// The place of the first row of the name that the row at `$at` has.
macro_rules! first {
    ($rows:expr, $at:expr, |$row:ident| $name:expr) => {{
        let mut first = 0;
        loop {
            let name = {
                let $row = &$rows[$at].item;
                $name
            };
            let $row = &$rows[first].item;
            if same($name, name) {
                break first;
            }
            first += 1;
        }
    }};
}

const fn changes() -> [[u64; WORDS]; RELEASES] {
    let mut changes = [[0; WORDS]; RELEASES];
    let mut list = 0;
    while 2 * list < WORDS {
        let mut at = 0;
        match LISTS[list].2 {
            Rows::Table(table) => {
                while at < table.rows.len() {
                    let first = first!(table.rows, at, |item| item.name);
                    note(&mut changes, list, [first, ALL_NAMES], &table.rows[at]);
                    at += 1;
                }
                at = 0;
                while at < table.heads.len() {
                    note(&mut changes, list, [HEAD, DECORATED], &table.heads[at]);
                    at += 1;
                }
            }
            Rows::Names(names) => {
                while at < names.len() {
                    let first = first!(names, at, |item| item);
                    note(&mut changes, list, [first, ALL_NAMES], &names[at]);
                    at += 1;
                }
            }
            Rows::Parsers(parsers) => {
                while at < parsers.len() {
                    let first = first!(parsers, at, |item| item.0);
                    note(&mut changes, list, [first, first], &parsers[at]);
                    at += 1;
                }
            }
        }
        list += 1;
    }
    changes
}

/// Notes what is asked about a row where the row starts, and behind its end.
const fn note<T>(
    changes: &mut [[u64; WORDS]; RELEASES],
    list: usize,
    facts: [usize; 2],
    row: &Row<T>,
) {
    let bounds = [row.since as usize, row.until as usize + 1];
    let mut at = 0;
    while at < 4 {
        let (bound, fact) = (bounds[at / 2], facts[at % 2]);
        if bound < RELEASES {
            changes[bound][2 * list + fact / 64] |= 1 << (fact % 64);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ALL_NAMES, BEHAVIOUR_WORDS, DECORATED, Fact, HEAD, LISTS, Rows};
    use super::between;
    use crate::{BEHAVIOURS, Pair};

    /// What can be asked of a list: its rows, the first of each name, and what is asked of it as a whole.
    fn facts(list: usize) -> Vec<Fact> {
        let (names, whole): (Vec<&str>, &[usize]) = match LISTS[list].2 {
            Rows::Table(table) => {
                let names = table.rows.iter().map(|row| row.item.name);
                (names.collect(), &[HEAD, DECORATED, ALL_NAMES])
            }
            Rows::Names(names) => (names.iter().map(|row| row.item).collect(), &[ALL_NAMES]),
            Rows::Parsers(parsers) => (parsers.iter().map(|row| row.item.0).collect(), &[]),
        };
        let first = (0..names.len()).filter(|at| !names[..*at].contains(&names[*at]));
        first.chain(whole.iter().copied()).map(|bit| Fact::Of(list, bit)).collect()
    }

    #[test]
    fn what_is_not_noted_is_the_same() {
        let releases = Pair::redis_py_releases().len();
        for place in 0..releases {
            for later in place + 1..releases {
                let (one, other) = (Pair::at(0, place), Pair::at(0, later));
                let changed = between(one, other);
                let behaviours = (0..BEHAVIOURS.len()).map(Fact::Behaviour);
                for fact in (0..LISTS.len()).flat_map(facts).chain(behaviours) {
                    let (word, bit) = match fact {
                        Fact::Behaviour(bit) => (bit / 64, bit),
                        Fact::Of(list, bit) => (BEHAVIOUR_WORDS + 2 * list + bit / 64, bit),
                    };
                    let noted = changed(word) & 1 << (bit % 64) != 0;
                    assert!(noted || fact.alike(one, other), "{}", fact.name());
                }
            }
        }
    }
}
