//! Which known name a misspelled one stands for.

/// The known name that few letters tell from a misspelled one; `None` when nothing is near.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let allowed = match name.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    let mut best = (allowed + 1, None);
    let letters_of_name = letters(name);
    for &one in known {
        // So many are added or left out at least; and one that is replaced tells two letters apart.
        let apart = (letters(one) ^ letters_of_name).count_ones() as usize;
        if one.len().abs_diff(name.len()) > allowed || apart > 2 * allowed {
            continue;
        }
        let steps = distance(name, one);
        if steps > 0 && steps < best.0 {
            best = (steps, Some(one));
        }
    }
    best.1
}

/// The set of a name's letters, as bits: enough to see that two names are far apart.
fn letters(name: &str) -> u32 {
    name.bytes().fold(0, |set, letter| set | 1 << (letter % 32))
}

/// How many letters are added, left out, replaced or swapped with a neighbour. Letters are bytes: names
/// are ASCII.
pub fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let width = other.len() + 1;
    let mut rows = vec![0; (one.len() + 1) * width];
    for at in 0..rows.len() {
        let (row, column) = (at / width, at % width);
        rows[at] = if row == 0 || column == 0 {
            row + column
        } else {
            let same = one[row - 1] == other[column - 1];
            let replaced = rows[at - width - 1] + usize::from(!same);
            let swapped = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            let best = replaced.min(rows[at - width] + 1).min(rows[at - 1] + 1);
            if swapped { best.min(rows[at - 2 * width - 2] + 1) } else { best }
        };
    }
    // The last of at least one.
    rows.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        assert_eq!(distance("host", "host"), 0);
        assert_eq!(distance("hsot", "host"), 1);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("sitting", "kitten"), 3);
    }

    #[test]
    fn the_nearest_name_is_found_and_a_stranger_is_not() {
        let known = ["host", "port", "password", "ssl"];
        assert_eq!(nearest("prot", &known), Some("port"));
        assert_eq!(nearest("sssl", &known), Some("ssl"));
        assert_eq!(nearest("pasword", &known), Some("password"));
        assert_eq!(nearest("port", &["port"]), None);
        assert_eq!(nearest("tls", &known), None);
        assert_eq!(nearest("connection_pool_timeout", &known), None);
    }
}
