//! Values that must not be printed by accident.

use std::fmt;
use std::sync::Arc;

use crate::spelling::nearest;

/// What is in place of a secret in everything that is shown.
pub const MASK: &str = "•••";

/// A password, token or key. It prints as `•••`, whatever formats it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a secret value.
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// The value itself: to authenticate with, to compare, or because the user asked with
    /// `--reveal-secrets`.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Whether a key or variable of this name holds a secret, or was meant to: `redis_pasword`, `pwd`
/// and `credentials` are such names too.
pub fn is_secret_name(name: &str) -> bool {
    let (letters, ends) = words(name);
    let mut start = 0;
    let words: Vec<&str> =
        ends.into_iter().map(|end| &letters[std::mem::replace(&mut start, end)..end]).collect();
    let Some(last) = words.last() else { return false };
    // `authorization_url`, `input_cost_per_token`, `ssl_keyfile`, `secret_name`: what is said about
    // a secret is none.
    let about = ["url", "uri", "endpoint", "base", "file", "path", "name", "alias", "type", "id"];
    if about.contains(last) && !words.contains(&"webhook") {
        return words.windows(3).any(|part| part == ["access", "key", "id"]);
    }
    if words.len() > 1 && words[words.len() - 2] == "per" {
        return false;
    }
    let ends = ["key", "keys", "token", "pass", "pw", "pwd", "auth", "pin", "salt", "dsn", "jwt"];
    ends.contains(last)
        || last.ends_with("pass")
        || last.ends_with("apikey")
        || ["masterauth", "connectionstring"].contains(last)
        || words.windows(2).any(|pair| {
            matches!(
                [pair[0], pair[1]],
                ["api" | "access" | "private" | "master", "key" | "keys"]
                    | ["connection", "string"]
            )
        })
        || words.iter().any(|word| names_secret(word))
}

/// The words of a name, in lower case, one behind the other, and where each ends: `azureClientSecret`
/// and `AZURE_CLIENT-SECRET` have three.
fn words(name: &str) -> (String, Vec<usize>) {
    let mut letters = String::with_capacity(name.len());
    let mut ends = vec![];
    let mut lower_before = false;
    for c in name.chars() {
        let starts = !c.is_alphanumeric() || (c.is_uppercase() && lower_before);
        lower_before = c.is_lowercase();
        let open = ends.last().copied().unwrap_or(0) < letters.len();
        if starts && open {
            ends.push(letters.len());
        }
        if c.is_ascii_alphanumeric() {
            letters.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            letters.extend(c.to_lowercase());
        }
    }
    if ends.last().copied().unwrap_or(0) < letters.len() {
        ends.push(letters.len());
    }
    (letters, ends)
}

/// Whether a word of a name says that a secret follows, also when a letter of it is wrong.
fn names_secret(word: &str) -> bool {
    const SHORT: [&str; 8] =
        ["creds", "cred", "psw", "pswd", "paswd", "bearer", "requirepass", "cookie"];
    // Words that only look like one of them.
    const OTHERS: [&str; 1] = ["passed"];
    let own = letters(word);
    let is_part = |part: &Word| part.letters & !own == 0 && word.contains(part.text);
    PARTS.iter().any(is_part)
        || WORDS.iter().any(|known| known.letters == own && known.text == word)
        || SHORT.contains(&word)
        || (word.len() > 4 && !OTHERS.contains(&word) && is_near(word, own))
}

/// A word, and which letters are in it.
struct Word {
    text: &'static str,
    letters: u32,
}

const fn word(text: &'static str) -> Word {
    Word { text, letters: letters(text) }
}

/// One bit for each letter.
const fn letters(word: &str) -> u32 {
    let (mut letters, mut at) = (0, 0);
    while at < word.len() {
        letters |= 1 << (word.as_bytes()[at].to_ascii_lowercase() & 31);
        at += 1;
    }
    letters
}

/// What is a secret's name wherever it is in a word.
static PARTS: [Word; 6] = [
    word("password"),
    word("passwd"),
    word("secret"),
    word("passphrase"),
    word("apikey"),
    word("credential"),
];

static WORDS: [Word; 11] = [
    word("password"),
    word("passwords"),
    word("passwd"),
    word("passphrase"),
    word("passcode"),
    word("secret"),
    word("secrets"),
    word("credential"),
    word("credentials"),
    word("authorization"),
    word("webhook"),
];

/// Whether few letters tell a word from one of those. Most words differ from all of them in too
/// many letters: that is told at once.
fn is_near(word: &str, own: u32) -> bool {
    // As far as `nearest` goes; each step adds, takes away or replaces a letter.
    let steps = if word.len() > 6 { 2 } else { 1 };
    WORDS.iter().any(|one| {
        one.text.len().abs_diff(word.len()) <= steps
            && (one.letters ^ own).count_ones() as usize <= 2 * steps
            && nearest(word, &[one.text]).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::is_secret_name;

    #[test]
    fn secret_names() {
        for name in [
            "password",
            "sentinel_password",
            "REDIS_PASSWORD",
            "REDIS_PASWORD",
            "passwrd",
            "redis_pass",
            "pwd",
            "auth",
            "credentials",
            "master_key",
            "azure_client_secret",
            "azureClientSecret",
            "redis-password",
            "api_key",
            "AWS_ACCESS_KEY_ID",
            "requirepass",
            "SLACK_WEBHOOK_URL",
            "azure_ad_token",
            "connection_string",
            "Authorization",
            "REDIS_SECERT",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "ssl_keyfile",
            "host",
            "max_tokens",
            "key_alias",
            "namespace",
            "input_cost_per_token",
            "output_cost_per_token",
            "authorization_url",
            "GENERIC_AUTHORIZATION_ENDPOINT",
            "secretName",
            "port",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
