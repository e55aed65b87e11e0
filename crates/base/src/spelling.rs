//! Which known name a misspelled one stands for.

/// The known name that few letters tell from a misspelled one; `None` when nothing is near.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let allowed = match name.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    let mut best = (allowed + 1, None);
    let (length, letters_of_name) = (name.chars().count(), letters(name));
    for &one in known {
        // So many are added or left out at least; and one that is replaced tells two letters apart.
        let apart = (letters(one) ^ letters_of_name).count_ones() as usize;
        if one.chars().count().abs_diff(length) > allowed || apart > 2 * allowed {
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
    name.chars().fold(0, |set, letter| set | 1 << (u32::from(letter) % 32))
}

/// How many letters are added, left out, replaced or swapped with a neighbour.
pub fn distance(one: &str, other: &str) -> usize {
    strsim::osa_distance(one, other)
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
        assert_eq!(nearest("passwörd", &known), Some("password"));
        assert_eq!(nearest("pa\u{455}\u{455}word", &known), Some("password"));
        assert_eq!(nearest("tls", &known), None);
        assert_eq!(nearest("connection_pool_timeout", &known), None);
    }
}
