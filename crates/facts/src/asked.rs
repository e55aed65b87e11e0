//! Which facts of releases a computation asked for. Releases that answer all of them alike make no
//! difference to it: one of them stands for all.

use std::cell::Cell;
use std::fmt;

use super::behaviour::{BEHAVIOURS, Behaviour};
use super::data::{litellm, redis_py};
use super::fingerprint::Index;
use super::range::Software;
use super::row::{DefaultValue, Head, Name, Row, Table, UrlParserRow};
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

/// A fact that two pairs answer in different ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Apart {
    /// One behaves so, the other does not.
    Behaviour(Behaviour),
    /// A parameter of some class; its defaults, where the pairs have it.
    Parameter(&'static str, Option<DefaultValue>, Option<DefaultValue>),
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

    /// Whether both pairs give the same answers, but for those that make no difference to who asks.
    pub fn same_but(&self, one: Pair, other: Pair, spared: impl Fn(Apart) -> bool) -> bool {
        let mut apart = self.facts().filter(|fact| !fact.alike(one, other));
        apart.all(|fact| fact.is_spared(one, other, &spared))
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
                    (DECORATED, _) => "@",
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
                one == other || self.is_same(one, other)
            }
        }
    }

    /// Whether the releases at these places answer alike.
    fn is_same(self, one: u16, other: u16) -> bool {
        let Self::Of(list, bit) = self else { return true };
        match (LISTS[list].2, bit) {
            (Rows::Table(table), ALL_NAMES) => {
                let names = |place| names_of(table.rows, |item| item.name, place);
                names(one).eq(names(other))
            }
            (_, HEAD | DECORATED | ALL_NAMES) => self.places_of(one).has(usize::from(other)),
            (Rows::Table(table), _) => {
                let of = |place| of_name(table.rows, bit, |item| item.name, place);
                let item = |row: usize| table.rows[row].item;
                of(one).map(item) == of(other).map(item)
            }
            (Rows::Names(names), _) => {
                let of = |place| of_name(names, bit, |item| item, place);
                of(one).is_some() == of(other).is_some()
            }
            (Rows::Parsers(parsers), _) => {
                let of = |place| of_name(parsers, bit, |item| item.0, place);
                let item = |row: usize| parsers[row].item;
                of(one).map(item) == of(other).map(item)
            }
        }
    }

    /// Whether it makes no difference that these pairs answer in different ways.
    fn is_spared(self, one: Pair, other: Pair, spared: &impl Fn(Apart) -> bool) -> bool {
        let (list, bit) = match self {
            Self::Behaviour(at) => return spared(Apart::Behaviour(BEHAVIOURS[at].behaviour)),
            Self::Of(list, bit) => (list, bit),
        };
        let Rows::Table(table) = LISTS[list].2 else { return false };
        let places = match LISTS[list].1 {
            Software::Litellm => [one.litellm_place, other.litellm_place],
            Software::RedisPy => [one.redis_py_place, other.redis_py_place],
        };
        let parameter = |bit: usize| {
            let [one, other] = places.map(|place| {
                let row = of_name(table.rows, bit, |item| item.name, place)?;
                Some(table.rows[row].item.default)
            });
            Apart::Parameter(table.rows[bit].item.name, one, other)
        };
        match bit {
            HEAD | DECORATED => false,
            ALL_NAMES => table.rows.iter().all(|row| {
                let is = |place: usize| table.rows[place].item.name == row.item.name;
                let first = LISTS[list].0.index().first(row.item.name, is);
                match first.map(parameter) {
                    Some(
                        apart @ (Apart::Parameter(_, Some(_), None)
                        | Apart::Parameter(_, None, Some(_))),
                    ) => spared(apart),
                    _ => true,
                }
            }),
            bit => spared(parameter(bit)),
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
            (Rows::Table(table), HEAD) => {
                same_head(table.heads, |head| (head.qualname, head.kwargs), place)
            }
            (Rows::Table(table), DECORATED) => same_head(table.heads, |head| head.decorated, place),
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

/// The first row of the name that the row at `bit` has, in the release at `place`. No row before has
/// the name.
fn of_name<T>(rows: &[Row<T>], bit: usize, name: fn(&T) -> &str, place: u16) -> Option<usize> {
    let own = name(&rows[bit].item);
    (bit..rows.len()).find(|at| rows[*at].in_release(place) && name(&rows[*at].item) == own)
}

/// The releases whose class is the same in this.
fn same_head<A: PartialEq>(heads: &[Row<Head>], ask: fn(&Head) -> A, place: u16) -> Places {
    let asked = |place: u16| {
        let head = heads.iter().find(|head| head.in_release(place));
        head.map(|head| ask(&head.item))
    };
    segments(heads.iter(), |other| asked(other) == asked(place))
}

fn names_of<T>(rows: &[Row<T>], name: fn(&T) -> &str, place: u16) -> impl Iterator<Item = &str> {
    rows.iter().filter(move |row| row.in_release(place)).map(move |row| name(&row.item))
}

fn same_names<T>(rows: &[Row<T>], name: fn(&T) -> &str, place: u16) -> Places {
    let names = |place: u16| names_of(rows, name, place);
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
    use super::{Asked, BEHAVIOUR_WORDS, DECORATED, LISTS, PLACE_WORDS, Rows};
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
