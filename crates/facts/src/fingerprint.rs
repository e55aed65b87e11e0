//! Names told apart by a number, so that looking one up compares numbers.

use super::row::{Name, Table, UrlParserRow};

/// A number of a name: the same for the same name, nearly always another for another.
#[must_use]
#[inline]
pub const fn fingerprint(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let length = bytes.len();
    let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64)
            }
            _ if length == 0 => (0, 0),
            _ => {
                let ends = bytes[0] as u64 | (bytes[length - 1] as u64) << 8;
                (ends | (bytes[length / 2] as u64) << 16, 0)
            }
        },
    };
    let mixed = first ^ last.rotate_left(25) ^ (length as u64).rotate_left(57);
    // The high half of a product depends on all bits.
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The index of `$rows`, of which `$name` is the name of that at `$place`.
macro_rules! index {
    ($rows:expr, $place:ident, $name:expr) => {{
        let mut slots = [0; SLOTS];
        let mut next = [0; ROWS];
        let mut row = 0;
        while row < $rows.len() {
            let $place = row;
            let name = $name;
            let mut slot = fingerprint(name) as usize % SLOTS;
            while slots[slot] != 0 {
                let $place = slots[slot] as usize - 1;
                if same($name, name) {
                    break;
                }
                slot = (slot + 1) % SLOTS;
            }
            row += 1;
            #[expect(clippy::cast_possible_truncation, reason = "lists have up to 126 rows")]
            let number = row as u8;
            if slots[slot] == 0 {
                slots[slot] = number;
            } else {
                let mut last = slots[slot] as usize - 1;
                while next[last] != 0 {
                    last = next[last] as usize - 1;
                }
                next[last] = number;
            }
        }
        Index { slots, next }
    }};
}

/// Where each name of a list stands: built when this is compiled.
#[derive(Debug)]
pub(super) struct Index {
    /// One more than the place of the first row of a name; 0 where there is none.
    slots: [u8; SLOTS],
    /// One more than the place of the next row of the same name; 0 behind the last.
    next: [u8; ROWS],
}

/// More than the longest list has.
const ROWS: usize = 128;
const SLOTS: usize = 2 * ROWS;

impl Index {
    /// The index of a table's parameters.
    pub(super) const fn of_table(table: &Table) -> Self {
        index!(table.rows, place, table.rows[place].item.name)
    }

    /// The index of a list of names.
    pub(super) const fn of_names(names: &[Name]) -> Self {
        index!(names, place, names[place].item)
    }

    /// The index of a list of parsers.
    pub(super) const fn of_parsers(parsers: &[UrlParserRow]) -> Self {
        index!(parsers, place, parsers[place].item.0)
    }

    /// The place of the first row of a name with this number. `is` says whether a row is of this name.
    pub(super) fn first(&self, fingerprint: u32, is: impl Fn(usize) -> bool) -> Option<usize> {
        let mut slot = fingerprint as usize % SLOTS;
        loop {
            let place = usize::from(self.slots[slot]).checked_sub(1)?;
            if is(place) {
                return Some(place);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// The places of the rows of one name, from the first on.
    pub(super) fn same_name(&self, first: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(first), |row| usize::from(self.next[*row]).checked_sub(1))
    }
}

pub(super) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Index, fingerprint};
    use crate::row::{Name, n};

    #[test]
    fn names_have_their_numbers() {
        let names = ["", "a", "ab", "db", "host", "hosts", "password", "passwords", "ssl_ca_certs"];
        for (at, name) in names.iter().enumerate() {
            assert_eq!(fingerprint(name), fingerprint(&String::from(*name)));
            assert!(names[..at].iter().all(|other| fingerprint(other) != fingerprint(name)));
        }
    }

    #[test]
    fn an_index_finds_the_first_of_each_name() {
        const NAMES: [Name; 5] =
            [n("host", 0, 1), n("port", 0, 1), n("host", 2, 3), n("db", 0, 3), n("port", 2, 3)];
        let index = Index::of_names(&NAMES);
        let first = |name: &str| index.first(fingerprint(name), |place| NAMES[place].item == name);
        assert_eq!([first("host"), first("port"), first("db")], [Some(0), Some(1), Some(3)]);
        assert_eq!(first("ssl"), None);
        let rows = |first: usize| index.same_name(first).collect::<Vec<_>>();
        assert_eq!([rows(0), rows(1), rows(3)], [vec![0, 2], vec![1, 4], vec![3]]);
    }
}
