//! One fact of the releases, and where it is the same.

use super::places::{PLACE_WORDS, Places};
use super::{ALL_NAMES, DECORATED, HEAD, LISTS, Rows};
use crate::behaviour::{BEHAVIOURS, Behaviour};
use crate::fingerprint::fingerprint;
use crate::range::Software;
use crate::row::{DefaultValue, Head, Row};
use crate::{Pair, Version};

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
pub(super) enum Fact {
    Behaviour(usize),
    Of(usize, usize),
}

impl Fact {
    pub(super) fn software(self) -> Software {
        match self {
            Self::Behaviour(at) => BEHAVIOURS[at].since.0,
            Self::Of(list, _) => LISTS[list].1,
        }
    }

    pub(super) fn name(self) -> String {
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

    pub(super) fn alike(self, one: Pair, other: Pair) -> bool {
        match self {
            Self::Behaviour(at) => {
                let row = &BEHAVIOURS[at];
                let same = match row.since.0 {
                    Software::Litellm => one.litellm == other.litellm,
                    Software::RedisPy => one.redis_py == other.redis_py,
                };
                same || row.behaviour.holds(&one) == row.behaviour.holds(&other)
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
    pub(super) fn is_same(self, one: u16, other: u16) -> bool {
        let Self::Of(list, bit) = self else { return true };
        let of = |place| of_name(list, bit, place);
        match (LISTS[list].2, bit) {
            (Rows::Table(table), ALL_NAMES) => {
                let names = |place| names_of(table.rows, |item| item.name, place);
                names(one).eq(names(other))
            }
            (Rows::Table(table), HEAD) => {
                let head =
                    |place| head_of(table.heads, place).map(|head| (head.qualname, head.kwargs));
                head(one) == head(other)
            }
            (Rows::Table(table), DECORATED) => {
                let decorated = |place| head_of(table.heads, place).map(|head| head.decorated);
                decorated(one) == decorated(other)
            }
            (_, ALL_NAMES) => self.places_of(one).has(usize::from(other)),
            (Rows::Table(table), _) => {
                let item = |row: usize| table.rows[row].item;
                of(one).map(item) == of(other).map(item)
            }
            (Rows::Names(_), _) => of(one).is_some() == of(other).is_some(),
            (Rows::Parsers(parsers), _) => {
                let item = |row: usize| parsers[row].item;
                of(one).map(item) == of(other).map(item)
            }
        }
    }

    /// Whether it makes no difference that these pairs answer in different ways.
    pub(super) fn is_spared(self, one: Pair, other: Pair, spared: &impl Fn(Apart) -> bool) -> bool {
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
            let default = |place| Some(table.rows[of_name(list, bit, place)?].item.default);
            Apart::Parameter(table.rows[bit].item.name, default(places[0]), default(places[1]))
        };
        match bit {
            HEAD | DECORATED => false,
            ALL_NAMES => table.rows.iter().filter(|row| row.tells_apart(places)).all(|row| {
                let is = |place: usize| table.rows[place].item.name == row.item.name;
                let first = LISTS[list].0.index().first(fingerprint(row.item.name), is);
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

    pub(super) fn places(self, pair: Pair) -> Places {
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
    let own: Vec<&Row<T>> = rows.iter().filter(|row| about(&row.item)).collect();
    let first = |place: u16| own.iter().find(|row| row.in_release(place)).map(|row| &row.item);
    let here = first(place);
    segments(own.iter().copied(), |place| first(place) == here)
}

/// The first row of the name that the row at `bit` has, in the release at `place`. No row before has
/// the name.
fn of_name(list: usize, bit: usize, place: u16) -> Option<usize> {
    let (list, _, rows) = &LISTS[list];
    let in_release = |row: &usize| match rows {
        Rows::Table(table) => table.rows[*row].in_release(place),
        Rows::Names(names) => names[*row].in_release(place),
        Rows::Parsers(parsers) => parsers[*row].in_release(place),
    };
    list.index().same_name(bit).find(in_release)
}

/// The class in the release at `place`.
fn head_of(heads: &[Row<Head>], place: u16) -> Option<&Head> {
    heads.iter().find(|head| head.in_release(place)).map(|head| &head.item)
}

/// The releases whose class is the same in this.
fn same_head<A: PartialEq>(heads: &[Row<Head>], ask: fn(&Head) -> A, place: u16) -> Places {
    let asked = |place: u16| head_of(heads, place).map(ask);
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
