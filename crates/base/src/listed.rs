//! Several names in a sentence.

/// `a, b and c`, or `a, b or c`: the names with this word before the last one.
pub fn listed<T: AsRef<str>>(names: &[T], before_last: &str) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            format!("{} {before_last} {last}", rest.join(", "))
        }
        _ => names.concat(),
    }
}

/// The same, each name as code.
pub fn listed_code<T: AsRef<str>>(names: &[T], before_last: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    listed(&names, before_last)
}

#[cfg(test)]
mod tests {
    use super::{listed, listed_code};

    #[test]
    fn names_in_a_sentence() {
        assert_eq!(listed::<&str>(&[], "and"), "");
        assert_eq!(listed(&["a"], "and"), "a");
        assert_eq!(listed(&["a", "b"], "or"), "a or b");
        assert_eq!(listed_code(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
    }
}
