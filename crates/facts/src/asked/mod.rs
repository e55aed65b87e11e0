//! Which facts of releases a computation asked for. Releases that answer all of them alike make no
//! difference to it: one of them stands for all.

mod changes;
mod fact;
mod places;

use std::cell::Cell;
use std::fmt;

use super::Pair;
use super::behaviour::Behaviour;
use super::data::{litellm, redis_py};
use super::fingerprint::Index;
use super::range::Software;
use super::row::{Name, Table, UrlParserRow};

pub use fact::Apart;
use fact::Fact;
pub use places::Places;

/// Facts of LiteLLM and redis-py releases, as a set.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    words: [u64; WORDS],
}

/// Behaviours have the first words, each list of names two of its own.
const WORDS: usize = BEHAVIOUR_WORDS + 2 * LISTS.len();
const BEHAVIOUR_WORDS: usize = 3;

/// What is asked of a class as a whole, beside its rows.
const HEAD: usize = 127;
const ALL_NAMES: usize = 126;
const DECORATED: usize = 125;

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

/// Of the head, whether a decorator hides the parameters.
pub(super) fn decorated(list: List) {
    note(list.word(), DECORATED);
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

        static INDEXES: &[Index] = &[$($(lists!(Index $kind $module::$name),)*)*];
    };
    (Index Table $path:path) => { Index::of_table(&$path) };
    (Index Names $path:path) => { Index::of_names($path) };
    (Index Parsers $path:path) => { Index::of_parsers($path) };
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

    /// Where its names stand.
    pub(super) fn index(self) -> &'static Index {
        &INDEXES[self as usize]
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
        self.apart(one, other).next().is_none()
    }

    /// Whether both pairs give the same answers, but for those that make no difference to who asks.
    pub fn same_but(&self, one: Pair, other: Pair, spared: impl Fn(Apart) -> bool) -> bool {
        self.apart(one, other).all(|fact| fact.is_spared(one, other, &spared))
    }

    /// The facts that two pairs answer in different ways.
    fn apart(&self, one: Pair, other: Pair) -> impl Iterator<Item = Fact> {
        let changed = changes::between(one, other);
        let words = self.words().map(move |(at, word)| (at, word & changed(at)));
        words.flat_map(facts_of).filter(move |fact| !fact.alike(one, other))
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
        self.words().flat_map(facts_of)
    }

    /// The words that name facts, and where they are.
    fn words(&self) -> impl Iterator<Item = (usize, u64)> {
        self.words.iter().copied().enumerate().filter(|(_, word)| *word != 0)
    }
}

/// The facts of one word.
fn facts_of((at, word): (usize, u64)) -> impl Iterator<Item = Fact> {
    let mut left = word;
    std::iter::from_fn(move || {
        let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(match at.checked_sub(BEHAVIOUR_WORDS) {
            None => Fact::Behaviour(64 * at + bit),
            Some(at) => Fact::Of(at / 2, 64 * (at % 2) + bit),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::places::PLACE_WORDS;
    use super::{Asked, BEHAVIOUR_WORDS, DECORATED, LISTS, Rows};
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
            assert!(count <= DECORATED, "{list:?}");
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
        assert!(unknown.same(here, pair("1.80.0", "8.1.0")));
        let (_, hidden) = Asked::during(|| redis(here).decorated());
        assert!(!hidden.same(here, pair("1.80.0", "6.0.0")), "the decorator came with 6.0");
        assert!(hidden.same(pair("1.80.0", "6.0.0"), pair("1.80.0", "8.1.0")));
    }

    #[test]
    fn what_a_part_asks_the_whole_asks() {
        let here = pair("1.80.0", "5.3.1");
        let ((_, inner), outer) =
            Asked::during(|| Asked::during(|| here.behaves(Behaviour::RustClient)));
        assert_eq!(inner, outer);
    }
}
