//! What is left of secrets in a text once its values are clean: in comments, and in values that
//! YAML drops because their key stands again.

use super::tokens::{self, Tokens};
use base::secret::MASK;
use base::secret::is_secret_name;
use report::redaction::{SHORTEST, is_literal, secrets_in_lines};

/// The text without them.
pub(super) fn clean(text: &str, tokens: &mut Tokens) -> String {
    let text = by_shape(text, tokens);
    let secrets = tokens.secrets();
    let mut clean = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (kept, comment) = line.split_at(comment_of(line));
        clean.push_str(kept);
        let mut comment = comment.to_owned();
        for (secret, _) in secrets.iter().filter(|(secret, _)| secret.len() >= SHORTEST) {
            comment = comment.replace(secret, MASK);
        }
        clean.push_str(&comment);
    }
    clean
}

/// Where a line's comment starts, as well as a line alone can tell.
fn comment_of(line: &str) -> usize {
    let mut hashes = line.match_indices('#').map(|(at, _)| at);
    let starts = |at: &usize| {
        line[..*at].chars().next_back().is_none_or(|before| before == ' ' || before == '\t')
    };
    hashes.find(starts).unwrap_or(line.len())
}

/// Replaces what looks like a secret: `password: word`, also behind a `#`.
fn by_shape(text: &str, tokens: &mut Tokens) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for found in secrets_in_lines(text) {
        let value = &text[found.clone()];
        let bare = value.trim_matches(['"', '\'']);
        // A comment may say `password: see the vault`.
        let word = !bare.is_empty() && !bare.contains(char::is_whitespace);
        if found.start < at || !word || !is_literal(bare) || tokens::is_token(bare) {
            continue;
        }
        let line = text[..found.start].rfind('\n').map_or(0, |at| at + 1);
        let in_comment = line + comment_of(&text[line..found.end]) < found.start;
        clean.push_str(&text[at..found.start]);
        if in_comment {
            clean.push_str(MASK);
        } else {
            let name = text[line..found.start].trim_matches([' ', '-', ':', '"', '\'']);
            let name = if is_secret_name(name) { name } else { "SECRET" };
            let what = "a secret that LiteLLM does not read".to_owned();
            clean.push_str(&tokens.fresh(name, what, None));
        }
        at = found.end;
    }
    clean.push_str(&text[at..]);
    clean
}

#[cfg(test)]
mod tests {
    use super::{Tokens, clean};

    #[test]
    fn comments_and_lost_values_are_cleaned() {
        let mut tokens = Tokens::default();
        tokens.fresh("a", String::new(), Some("hunter2"));
        let cases = [
            ("a: 1 # was hunter2", "a: 1 # was •••"),
            ("# password: see the vault", "# password: see the vault"),
            ("# password: old-one", "# password: •••"),
            ("#   url: redis://:old@h", "#   url: redis://:•••@h"),
            (
                "password: lost\npassword: os.environ/X",
                "password: FILL_IN_PASSWORD\npassword: os.environ/X",
            ),
            ("password: FILL_IN_B # kept", "password: FILL_IN_B # kept"),
            ("host: hunter2#x", "host: hunter2#x"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text, &mut tokens.clone()), expected);
        }
    }
}
