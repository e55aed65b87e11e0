//! Words of a language, as against random text.

/// Whether a text is made of plain words and small numbers: `redis-master.prod`, `gpt-4o`,
/// `2024-06-01`. What is made by a generator of passwords is not.
pub(super) fn is_plain(text: &str) -> bool {
    text.len() <= 120
        && text.split(['.', '-', '_', '/', ':', '+']).all(|word| {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = word.len() - letters.len();
            let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
            is_word(letters) && digits <= if letters.is_empty() { 12 } else { 3 }
                || (word.len() - unit.len() <= 4 && unit.len() <= 2 && is_word(unit))
        })
}

/// Whether letters are written as words are: in one case, or the first alone a capital, or as names
/// in code are.
fn is_word(letters: &str) -> bool {
    let lower = |c: char| c.is_lowercase();
    let mut capitals = 0;
    let mut before = false;
    for c in letters.chars() {
        if !c.is_alphabetic() {
            return false;
        }
        capitals += usize::from(c.is_uppercase() && before);
        before = lower(c);
    }
    letters.len() <= 32
        && (!letters.chars().any(lower)
            || !letters.chars().any(char::is_uppercase)
            || (capitals <= 3 && letters.len() >= 4 * capitals && !has_run(letters)))
}

/// Whether capitals are side by side within small letters, as in no word.
fn has_run(letters: &str) -> bool {
    let capitals = letters.chars().filter(|c| c.is_uppercase()).count();
    let starts = letters
        .chars()
        .zip(letters.chars().skip(1))
        .filter(|(one, next)| one.is_uppercase() && next.is_lowercase())
        .count();
    capitals > starts
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn plain_words() {
        for text in [
            "redis-master.prod",
            "gpt-4o",
            "2024-06-01",
            "v1",
            "us-east-1",
            "text-embedding-ada-002",
            "serviceAccounts",
        ] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["Xq7canary", "aB3dE", "sk-1a2b3c4d5e6f", "p@ss", "T0AB9", "xYz91Kq"] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
