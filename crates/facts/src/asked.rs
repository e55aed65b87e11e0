//! Which facts of releases a computation asked for. Releases that answer all of them alike make no
//! difference to it: one of them stands for all.

use std::cell::Cell;
use std::fmt;

use super::behaviour::{BEHAVIOURS, Behaviour};
use super::data::{litellm, redis_py};
use super::range::Software;
use super::row::{Name, Row, Table, UrlParserRow};
use super::{Pair, Version};

/// Facts of LiteLLM and redis-py releases, as a set.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    words: [u64; WORDS],
}

/// Behaviours have the first words, each list of names two of its own.
const WORDS: usize = BEHAVIOUR_WORDS + 2 * LISTS.len();
const BEHAVIOUR_WORDS: usize = 2;

/// What is asked of a class as a whole, beside its rows.
const HEAD: usize = 127;
const ALL_NAMES: usize = 126;

thread_local! {
    static NOW: [Cell<u64>; WORDS] = const { [const { Cell::new(0) }; WORDS] };
}

fn note(word: usize, bit: usize) {
    NOW.with(|now| {
        if let Some(cell) = now.get(word + bit / 64) {
            cell.set(cell.get() | 1 << (bit % 64));
        }
    });
}

pub(super) fn behaviour(asked: Behaviour) {
    note(0, asked as usize);
}

pub(super) fn head(list: List) {
    note(list.word(), HEAD);
}

pub(super) fn all_names(list: List) {
    note(list.word(), ALL_NAMES);
}

/// `place` is that of the first row of the name, whichever releases have it.
pub(super) fn row(list: List, place: usize) {
    note(list.word(), place);
}

/// The rows of one table.
#[derive(Clone, Copy)]
enum Rows {
    Table(&'static Table),
    Names(&'static [Name]),
    Parsers(&'static [UrlParserRow]),
}

macro_rules! lists {
    ($($software:ident $module:ident $kind:ident: $($name:ident),*;)*) => {
        /// The lists of names that were extracted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)] // Each has its table's name.
        pub(super) enum List {
            $($($name,)*)*
        }

        static LISTS: &[(List, Software, Rows)] = &[
            $($((List::$name, Software::$software, lists!($kind $module::$name)),)*)*
        ];
    };
    (Table $path:path) => { Rows::Table(&$path) };
    (Names $path:path) => { Rows::Names($path) };
    (Parsers $path:path) => { Rows::Parsers($path) };
}

lists! {
    RedisPy redis_py Table: REDIS, CONNECTION, SSL_CONNECTION, UNIX_CONNECTION, ABSTRACT_CONNECTION,
        CONNECTION_POOL, REDIS_CLUSTER, CLUSTER_NODE, NODES_MANAGER, SENTINEL, ASYNC_REDIS,
        ASYNC_CONNECTION, ASYNC_SSL_CONNECTION, ASYNC_UNIX_CONNECTION, ASYNC_ABSTRACT_CONNECTION,
        ASYNC_CONNECTION_POOL, ASYNC_BLOCKING_CONNECTION_POOL, ASYNC_REDIS_CLUSTER, ASYNC_SENTINEL;
    RedisPy redis_py Names: CLUSTER_ALLOWED_KEYS, CLUSTER_DISABLED_KEYS;
    RedisPy redis_py Parsers: URL_PARSERS, ASYNC_URL_PARSERS;
    Litellm litellm Table: CACHE, REDIS_CACHE, REDIS_CLUSTER_CACHE, REDIS_SEMANTIC_CACHE,
        VALKEY_SEMANTIC_CACHE, S3_CACHE, ROUTER;
    Litellm litellm Names: CACHE_TYPES;
}

impl List {
    fn word(self) -> usize {
        BEHAVIOUR_WORDS + 2 * self as usize
    }
}

/// Releases of one package, by their places in the list of all.
#[derive(Clone, PartialEq, Eq)]
pub struct Places([u64; PLACE_WORDS]);

const PLACE_WORDS: usize = 8;

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries((0..64 * PLACE_WORDS).filter(|place| self.has(*place))).finish()
    }
}

impl Places {
    /// None.
    pub fn none() -> Self {
        Self([0; PLACE_WORDS])
    }

    fn all() -> Self {
        Self([u64::MAX; PLACE_WORDS])
    }

    /// Whether the release at this place is one of them.
    pub fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    /// Adds others.
    pub fn add(&mut self, others: &Self) {
        for (word, other) in self.0.iter_mut().zip(others.0) {
            *word |= other;
        }
    }

    /// The first place below `end` that is not one of them.
    pub fn first_gap(&self, end: usize) -> Option<usize> {
        let (at, word) = self.0.iter().enumerate().find(|(_, word)| **word != u64::MAX)?;
        let place = 64 * at + word.trailing_ones() as usize;
        (place < end).then_some(place)
    }

    fn add_range(&mut self, from: usize, to: usize) {
        for (at, word) in self.0.iter_mut().enumerate() {
            let (low, high) = (from.max(64 * at), to.min(64 * at + 64));
            if low < high {
                *word |= (u64::MAX >> (64 - (high - low))) << (low - 64 * at);
            }
        }
    }

    fn keep(&mut self, others: &Self) {
        for (word, other) in self.0.iter_mut().zip(others.0) {
            *word &= other;
        }
    }
}

/// The pairs of any of these LiteLLM releases and any of these redis-py releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// LiteLLM's releases, by their places in [`Pair::litellm_releases`].
    pub litellm: Places,
    /// redis-py's, by their places in [`Pair::redis_py_releases`].
    pub redis_py: Places,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.facts().map(Fact::name)).finish()
    }
}

impl Default for Asked {
    fn default() -> Self {
        Self { words: [0; WORDS] }
    }
}

/// One fact.
#[derive(Clone, Copy)]
enum Fact {
    Behaviour(usize),
    Of(usize, usize),
}

impl Asked {
    /// What a computation gives, and the facts that it asked for.
    pub fn during<T>(compute: impl FnOnce() -> T) -> (T, Self) {
        let before = NOW.with(|now| {
            let mut words = [0; WORDS];
            for (word, cell) in words.iter_mut().zip(now) {
                *word = cell.replace(0);
            }
            words
        });
        let given = compute();
        let mut asked = Self::default();
        NOW.with(|now| {
            for ((word, cell), before) in asked.words.iter_mut().zip(now).zip(before) {
                *word = cell.get();
                // What asked for this one asked for all that it did.
                cell.set(*word | before);
            }
        });
        (given, asked)
    }

    /// Adds what another asked for.
    pub fn add(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(other.words) {
            *word |= other;
        }
    }

    /// Whether both pairs give the same answers: the computation does the same on both.
    pub fn same(&self, one: Pair, other: Pair) -> bool {
        self.facts().all(|fact| fact.alike(one, other))
    }

    /// All pairs that answer as this one does.
    pub fn alike(&self, pair: Pair) -> Alike {
        let mut alike = Alike { litellm: Places::all(), redis_py: Places::all() };
        for fact in self.facts() {
            let places = fact.places(pair);
            match fact.software() {
                Software::Litellm => alike.litellm.keep(&places),
                Software::RedisPy => alike.redis_py.keep(&places),
            }
        }
        alike
    }

    fn facts(&self) -> impl Iterator<Item = Fact> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(match at.checked_sub(BEHAVIOUR_WORDS) {
                    None => Fact::Behaviour(64 * at + bit),
                    Some(at) => Fact::Of(at / 2, 64 * (at % 2) + bit),
                })
            })
        })
    }
}

impl Fact {
    fn software(self) -> Software {
        match self {
            Self::Behaviour(at) => BEHAVIOURS[at].since.0,
            Self::Of(list, _) => LISTS[list].1,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Behaviour(at) => format!("{:?}", BEHAVIOURS[at].behaviour),
            Self::Of(list, bit) => {
                let (list, _, rows) = LISTS[list];
                let name = match (bit, rows) {
                    (HEAD, _) => "()",
                    (ALL_NAMES, _) => "*",
                    (_, Rows::Table(table)) => table.rows[bit].item.name,
                    (_, Rows::Names(names)) => names[bit].item,
                    (_, Rows::Parsers(parsers)) => parsers[bit].item.0,
                };
                format!("{list:?}.{name}")
            }
        }
    }

    fn alike(self, one: Pair, other: Pair) -> bool {
        match self {
            Self::Behaviour(at) => {
                let behaviour = BEHAVIOURS[at].behaviour;
                behaviour.holds(&one) == behaviour.holds(&other)
            }
            Self::Of(list, _) => {
                let place = |pair: Pair| match LISTS[list].1 {
                    Software::Litellm => pair.litellm_place,
                    Software::RedisPy => pair.redis_py_place,
                };
                let (one, other) = (place(one), place(other));
                one == other || self.places_of(one).has(usize::from(other))
            }
        }
    }

    fn places(self, pair: Pair) -> Places {
        match self {
            Self::Behaviour(at) => {
                let row = &BEHAVIOURS[at];
                let known = match row.since.0 {
                    Software::Litellm => Pair::litellm_releases(),
                    Software::RedisPy => Pair::redis_py_releases(),
                };
                let place = |release: Version| known.partition_point(|one| *one < release);
                let end = row.lost.map_or(known.len(), |(_, lost)| place(lost));
                let mut places = Places::none();
                let since = place(row.since.1);
                if row.behaviour.holds(&pair) {
                    places.add_range(since, end);
                } else {
                    places.add_range(0, since);
                    places.add_range(end, 64 * PLACE_WORDS);
                }
                places
            }
            Self::Of(list, _) => self.places_of(match LISTS[list].1 {
                Software::Litellm => pair.litellm_place,
                Software::RedisPy => pair.redis_py_place,
            }),
        }
    }

    /// The places of the releases that answer as the one at this place.
    fn places_of(self, place: u16) -> Places {
        let Self::Of(list, bit) = self else {
            return Places::all();
        };
        match (LISTS[list].2, bit) {
            (Rows::Table(table), HEAD) => same(table.heads, |_| true, place),
            (Rows::Table(table), ALL_NAMES) => same_names(table.rows, |item| item.name, place),
            (Rows::Table(table), _) => {
                let name = table.rows[bit].item.name;
                same(table.rows, |item| item.name == name, place)
            }
            (Rows::Names(names), ALL_NAMES) => same_names(names, |item| item, place),
            (Rows::Names(names), _) => {
                let name = names[bit].item;
                same(names, |item| *item == name, place)
            }
            (Rows::Parsers(parsers), _) => {
                let name = parsers[bit].item.0;
                same(parsers, |item| item.0 == name, place)
            }
        }
    }
}

/// The releases whose first row among these is the same as that of the release at `place`.
fn same<T: PartialEq>(rows: &[Row<T>], about: impl Fn(&T) -> bool, place: u16) -> Places {
    let about = |row: &&Row<T>| about(&row.item);
    let first = |place: u16| rows.iter().filter(about).find(|row| row.in_release(place));
    let here = first(place).map(|row| &row.item);
    segments(rows.iter().filter(about), |place| first(place).map(|row| &row.item) == here)
}

fn same_names<T>(rows: &[Row<T>], name: fn(&T) -> &str, place: u16) -> Places {
    let names = |place: u16| {
        rows.iter().filter(move |row| row.in_release(place)).map(|row| name(&row.item))
    };
    segments(rows.iter(), |other| names(other).eq(names(place)))
}

/// Asks once in each stretch of places between the bounds of rows.
fn segments<'r, T: 'r>(
    rows: impl Iterator<Item = &'r Row<T>>,
    same: impl Fn(u16) -> bool,
) -> Places {
    let mut starts = vec![0];
    for row in rows {
        starts.push(row.since);
        starts.extend(row.until.checked_add(1));
    }
    starts.sort_unstable();
    starts.dedup();
    let mut places = Places::none();
    for (at, start) in starts.iter().enumerate() {
        if same(*start) {
            let end = starts.get(at + 1).map_or(64 * PLACE_WORDS, |next| usize::from(*next));
            places.add_range(usize::from(*start), end);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::{ALL_NAMES, Asked, BEHAVIOUR_WORDS, LISTS, PLACE_WORDS, Rows};
    use crate::{BEHAVIOURS, Behaviour, Pair};

    fn pair(litellm: &str, redis_py: &str) -> Pair {
        Pair::parse(litellm, redis_py).expect("supported")
    }

    #[test]
    fn every_fact_has_a_bit_and_every_release_a_place() {
        assert!(BEHAVIOURS.len() <= 64 * BEHAVIOUR_WORDS);
        assert!(Pair::litellm_releases().len() <= 64 * PLACE_WORDS);
        for (at, (list, _, rows)) in LISTS.iter().enumerate() {
            assert_eq!(*list as usize, at);
            let count = match rows {
                Rows::Table(table) => table.rows.len(),
                Rows::Names(names) => names.len(),
                Rows::Parsers(parsers) => parsers.len(),
            };
            assert!(count <= ALL_NAMES, "{list:?}");
        }
    }

    #[test]
    fn what_was_not_asked_makes_no_difference() {
        let here = pair("1.80.0", "5.3.1");
        let (_, asked) = Asked::during(|| here.behaves(Behaviour::RustClient));
        assert!(asked.same(here, pair("1.109.3", "8.1.0")));
        assert!(!asked.same(here, pair("1.110.0", "5.3.1")));
        let alike = asked.alike(here);
        for (place, release) in Pair::litellm_releases().iter().enumerate() {
            let other = pair(&release.to_string(), "5.3.1");
            assert_eq!(alike.litellm.has(place), asked.same(here, other), "{release}");
        }
    }

    #[test]
    fn a_parameter_is_asked_by_name() {
        let here = pair("1.80.0", "5.3.1");
        let redis = |pair: Pair| pair.redis_py_data().redis();
        let (known, asked) =
            Asked::during(|| redis(here).parameter("ssl_check_hostname").is_some());
        assert!(known && asked.same(here, pair("1.80.0", "5.0.0")));
        assert!(!asked.same(here, pair("1.80.0", "6.0.0")));
        let (_, unknown) = Asked::during(|| redis(here).names("no_such_parameter"));
        assert!(!unknown.same(here, pair("1.80.0", "6.0.0")), "the decorator came with 6.0");
        assert!(unknown.same(pair("1.80.0", "6.0.0"), pair("1.80.0", "8.1.0")));
    }

    #[test]
    fn what_a_part_asks_the_whole_asks() {
        let here = pair("1.80.0", "5.3.1");
        let ((_, inner), outer) =
            Asked::during(|| Asked::during(|| here.behaves(Behaviour::RustClient)));
        assert_eq!(inner, outer);
    }
}
