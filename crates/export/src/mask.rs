//! Placeholders in place of the secrets in a value.

use super::literals::parts;
use super::tokens::Tokens;
use facts::bearing::Bearing;

/// A value with placeholders for its secrets.
pub(super) fn masked(
    value: &str,
    bearing: Bearing,
    name: &str,
    what: &str,
    tokens: &mut Tokens,
) -> String {
    let mut text = String::with_capacity(value.len());
    let mut at = 0;
    for part in parts(value, bearing) {
        let whole = part == (0..value.len());
        let secret = &value[part.clone()];
        let name = if whole { name.to_owned() } else { format!("{name}_PASSWORD") };
        // A password that is in several variables is filled in once for each: they may part
        // ways.
        let again = if at == 0 { None } else { tokens.of_secret(secret, &name) };
        let again = again.filter(|token| text.contains(token));
        let token = match again {
            Some(token) => token.to_owned(),
            None => tokens.fresh(&name, what.to_owned(), Some(secret)),
        };
        text.push_str(&value[at..part.start]);
        text.push_str(&token);
        at = part.end;
    }
    text.push_str(&value[at..]);
    text
}
