//! Which known name a misspelled one stands for.

/// The known name that few letters tell from a misspelled one; `None` when nothing is near.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let allowed = match name.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    let mut best = (allowed + 1, None);
    for &one in known {
        // So many are added or left out at least.
        if one.len().abs_diff(name.len()) > allowed {
            continue;
        }
        let letters = distance(name, one);
        if letters > 0 && letters < best.0 {
            best = (letters, Some(one));
        }
    }
    best.1
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
        assert_eq!(nearest("tls", &known), None);
        assert_eq!(nearest("connection_pool_timeout", &known), None);
    }
}
