//! Placeholders: what the reader has to fill in.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use base::secret::Secret;
use python::url::unquote;

/// What every placeholder starts with. It needs no quotes in any format, also inside a URL.
pub(super) const START: &str = "FILL_IN_";

/// The placeholders of a configuration, and the secrets that they stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    known: Vec<Token>,
    /// Where each is in `known`.
    places: HashMap<String, usize>,
    /// The next number for a name that was given before: there may be thousands of one name.
    numbers: HashMap<String, u32>,
}

#[derive(Clone, Debug)]
struct Token {
    text: String,
    what: String,
    secret: Option<Secret>,
}

impl Tokens {
    /// A placeholder that no other one shares.
    pub(super) fn fresh(&mut self, name: &str, what: String, secret: Option<&str>) -> String {
        let base = token(name);
        let mut token = base.clone();
        let number = self.numbers.entry(base.clone()).or_insert(2);
        while self.places.contains_key(&token) {
            token = format!("{base}_{number}");
            *number += 1;
        }
        self.add(Token { text: token.clone(), what, secret: secret.map(Secret::new) });
        token
    }

    fn add(&mut self, token: Token) {
        self.places.insert(token.text.clone(), self.known.len());
        self.known.push(token);
    }

    /// The placeholder of this name, which may be used at many places.
    pub(super) fn named(&mut self, name: &str, what: &str) -> String {
        let token = token(name);
        if self.what(&token).is_none() {
            self.add(Token { text: token.clone(), what: what.to_owned(), secret: None });
        }
        token
    }

    /// The placeholder that stands for a secret; of several, the one of this name.
    pub(super) fn of_secret(&self, value: &str, name: &str) -> Option<&str> {
        let stands = |known: &&Token| {
            let secret = known.secret.as_ref().map(Secret::reveal);
            secret.is_some_and(|secret| {
                secret == value || (secret.contains('%') && unquote(secret) == value)
            })
        };
        let named = token(name);
        let all = || self.known.iter().filter(stands);
        let found = all().find(|known| known.text == named).or_else(|| all().next());
        found.map(|known| known.text.as_str())
    }

    /// What belongs in a placeholder's place.
    pub(super) fn what(&self, token: &str) -> Option<&str> {
        let place = self.places.get(token)?;
        self.known.get(*place).map(|known| known.what.as_str())
    }

    /// The secrets that placeholders stand for, the longest first.
    pub(super) fn secrets(&self) -> Vec<(&str, &str)> {
        let mut secrets: Vec<(&str, &str)> = self
            .known
            .iter()
            .filter_map(|known| Some((known.secret.as_ref()?.reveal(), known.text.as_str())))
            .collect();
        secrets.sort_by_key(|(secret, _)| Reverse(secret.len()));
        secrets
    }
}

/// `FILL_IN_REDIS_PASSWORD` for `redis-password`.
pub(super) fn token(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{START}{}", name.chars().map(plain).collect::<String>())
}

/// Whether a value is a placeholder already.
pub(super) fn is_token(text: &str) -> bool {
    places(text).first().is_some_and(|place| *place == (0..text.len()))
}

/// Where placeholders are in a text.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut from = 0;
    while let Some(start) = text[from..].find(START).map(|at| from + at) {
        let name = &text[start + START.len()..];
        let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let length = name.find(|c| !is_name(c)).unwrap_or(name.len());
        let end = start + START.len() + length;
        let before = text[..start].chars().next_back();
        if length > 0 && !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            found.push(start..end);
        }
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Tokens, is_token, places};

    #[test]
    fn placeholders_are_found_in_any_text() {
        let text = "A=redis://:FILL_IN_A_PASSWORD@h\nB='FILL_IN_B' # REFILL_IN_C, FILL_IN_";
        let found: Vec<_> = places(text).into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, ["FILL_IN_A_PASSWORD", "FILL_IN_B"]);
        assert!(is_token("FILL_IN_B") && !is_token("FILL_IN_B "));
    }

    #[test]
    fn a_name_is_given_once() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.fresh("a-b", String::new(), Some("x%40y")), "FILL_IN_A_B");
        assert_eq!(tokens.fresh("A_B", String::new(), None), "FILL_IN_A_B_2");
        assert_eq!(
            tokens.of_secret("x@y", "other"),
            Some("FILL_IN_A_B"),
            "as redis-py reads the URL"
        );
    }
}
