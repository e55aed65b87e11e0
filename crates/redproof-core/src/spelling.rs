//! Which known name a misspelt one stands for.

/// The known name that few letters tell from a misspelt one; `None` when nothing is near.
pub(crate) fn nearest<T: AsRef<str>>(name: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    let allowed = match name.chars().count() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, T)> = None;
    for one in known {
        let letters = distance(name, one.as_ref());
        if letters == 0 || letters > allowed {
            continue;
        }
        let nearer =
            |(least, other): &(usize, T)| (letters, one.as_ref()) < (*least, other.as_ref());
        if best.as_ref().is_none_or(nearer) {
            best = Some((letters, one));
        }
    }
    best.map(|(_, one)| one)
}

/// How many letters are added, left out, replaced or swapped with a neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut rows = vec![(0..width).collect::<Vec<_>>()];
    for (at, letter) in one.iter().enumerate() {
        let above = &rows[at];
        let mut row = vec![at + 1];
        for (column, against) in other.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != against);
            let mut best = replaced.min(above[column + 1] + 1).min(row[column] + 1);
            if at > 0 && column > 0 && *letter == other[column - 1] && one[at - 1] == *against {
                best = best.min(rows[at - 1][column - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
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
        assert_eq!(nearest("prot", known), Some("port"));
        assert_eq!(nearest("sssl", known), Some("ssl"));
        assert_eq!(nearest("pasword", known), Some("password"));
        assert_eq!(nearest("port", ["port"]), None);
        assert_eq!(nearest("tls", known), None);
        assert_eq!(nearest("connection_pool_timeout", known), None);
    }
}
