//! What is left of secrets in a text once its values are clean: in comments, and in values that
//! YAML drops because their key is there again.

use super::tokens::{self, Tokens};
use base::needles::Needles;
use base::secret::{MASK, is_secret_name};
use report::redaction::{is_literal, unread};
use yaml::{Document, ReadError};

/// The text without them.
pub(super) fn clean(
    text: &str,
    document: &Result<Document, ReadError>,
    tokens: &mut Tokens,
) -> String {
    let text = by_shape(text, document, tokens);
    let secrets = Needles::new(tokens.secrets().into_iter().map(|(secret, _)| secret.to_owned()));
    let mut clean = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (kept, comment) = line.split_at(comment_of(line));
        clean.push_str(kept);
        clean.push_str(secrets.replaced(comment, MASK).as_deref().unwrap_or(comment));
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

/// Replaces what no value holds and may be a secret all the same: `password: word`, also behind a
/// `#`.
fn by_shape(text: &str, document: &Result<Document, ReadError>, tokens: &mut Tokens) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for found in unread(text, document) {
        let value = &text[found.range.clone()];
        let bare = value.trim_matches(['"', '\'']);
        if found.range.start < at || !is_literal(bare) || tokens::is_token(bare) {
            continue;
        }
        clean.push_str(&text[at..found.range.start]);
        if found.comment {
            clean.push_str(MASK);
        } else {
            let line = text[..found.range.start].rfind('\n').map_or(0, |at| at + 1);
            let name = text[line..found.range.start].trim_matches([' ', '-', ':', '"', '\'']);
            let name = if is_secret_name(name) { name } else { "SECRET" };
            let what = "a secret that LiteLLM does not read".to_owned();
            clean.push_str(&tokens.fresh(name, what, None));
        }
        at = found.range.end;
    }
    clean.push_str(&text[at..]);
    clean
}

#[cfg(test)]
mod tests {
    use super::{Tokens, clean};
    use base::source::SourceId;

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
            ("password: FILL_IN_B # old", "password: FILL_IN_B # •••"),
            ("host: hunter2#x", "host: hunter2#x"),
        ];
        for (text, expected) in cases {
            let document = yaml::read(SourceId::CONFIG, text);
            assert_eq!(clean(text, &document, &mut tokens.clone()), expected);
        }
    }
}
