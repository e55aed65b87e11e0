//! What must not be shown of a text.
//!
//! What is not known to be harmless is hidden where it enters: [`facts::bearing`] says what a name
//! tells of the value under it, [`parts`] which parts of a value that leaves, and [`scan`] finds the
//! values of a text that no reader understood. Looking for secrets in finished words is the net
//! below that.

mod finder;
mod parts;
mod plain;
mod scan;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use base::finding::Finding;
use base::needles::Needles;
use base::secret::MASK;
use base::source::{SourceId, Span};
use base::visible::{visible, visible_lines};
use deployment::environment::{Environment, ValueFrom, VariableValue};
use facts::bearing::{Bearing, is_name};
use simulate::outcome::{Knowable, Outcome};
use yaml::{Document, ReadError};

use finder::Finder;

pub use base::needles::SHORTEST;
pub use parts::{IGNORE, hidden_in, is_literal, user};
pub use scan::child;

/// A secret that reads like a word is looked for in texts from this length on.
const TELLING: usize = 8;

/// What must not be shown of a check's texts.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    /// The values that were read, and what their names say of them; in the texts' order.
    known: Vec<(Span, Bearing)>,
    /// The secrets, to be taken out of words.
    secrets: Needles,
    /// Those that are short words, which our own sentences use too: taken out where they are a value.
    words: Needles,
    /// Those that can't be words by chance, to be taken out of whole texts.
    telling: Needles,
}

/// A text without what must not be shown.
#[derive(Clone, Debug)]
pub struct Masked {
    /// The text, `•••` in place of what is hidden; it has the same lines.
    pub text: String,
    replaced: Vec<Range<usize>>,
}

impl Redaction {
    /// What must be hidden of a config and its environment, and of what LiteLLM makes of them.
    pub fn of(
        document: &Result<Document, ReadError>,
        environment: &Environment,
        outcome: &Outcome,
    ) -> Self {
        let mut found = Finder::default();
        match document {
            Ok(document) => found.in_value(&document.root, Bearing::Unknown, ""),
            Err(error) => found.quoted(&error.problem),
        }
        for (name, variable) in environment.iter() {
            if let VariableValue::Known(secret) = &variable.value {
                let bearing = found.of_variable(name);
                // All that a Secret holds is secret where it is written.
                let kept = matches!(variable.value_from, Some(ValueFrom::Secret { .. }));
                let there = if kept { Bearing::SecretTree } else { bearing };
                found.known.extend(variable.span.map(|span| (span, there)));
                found.text(secret.reveal(), bearing);
            }
        }
        let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
        for client in outcome.redis_py_clients().chain(fallback) {
            for connection in client.connection.iter().chain(&client.sentinels) {
                if let Knowable::Known(Some(password)) = &connection.password.value {
                    found.secrets.insert(password.reveal().to_owned());
                }
            }
        }
        let Finder { mut known, mut secrets, doubtful, harmless, .. } = found;
        known.sort_unstable_by_key(|(span, _)| (span.source, span.start, span.end));
        // `redis`, `password`: as a secret they are none, and they stand everywhere.
        secrets.retain(|secret| !is_name(secret) && secret != "redis");
        let tells = |text: &String| text.len() >= TELLING || !plain::is_plain(text);
        if !doubtful.is_empty() {
            let harmless: HashSet<&str> = harmless.into_iter().collect();
            let hidden = |text: &String| tells(text) && !harmless.contains(text.as_str());
            secrets.extend(doubtful.into_iter().filter(hidden));
        }
        let telling = Needles::new(secrets.iter().filter(|text| tells(text)).cloned());
        let (words, secrets) = secrets.into_iter().partition::<Vec<_>, _>(|text| is_word(text));
        Self { known, secrets: Needles::new(secrets), words: Needles::new(words), telling }
    }

    /// What must be hidden of PyYAML's words on a text that it can't read.
    pub fn of_error(error: &ReadError) -> Self {
        let mut found = Finder::default();
        found.quoted(&error.problem);
        Self { secrets: Needles::new(found.secrets), ..Self::default() }
    }

    /// A source's text without what must not be shown.
    pub fn masked(&self, source: SourceId, text: &str) -> Masked {
        let start = self.known.partition_point(|(span, _)| span.source < source);
        let end = self.known.partition_point(|(span, _)| span.source <= source);
        Masked::new(text, hidden(text, &self.known[start..end]))
    }

    /// A source's text to be given away: without its secrets wherever they are.
    pub fn shareable(&self, source: SourceId, text: &str) -> String {
        let masked = self.masked(source, text).text;
        self.telling.replaced(&masked, MASK).unwrap_or(masked)
    }

    /// A text that may quote a secret, without it.
    pub fn clean_text(&self, text: &str) -> String {
        let text = self.secrets.replaced(text, MASK).unwrap_or_else(|| text.to_owned());
        let text = self.words.replaced_where(&text, MASK, is_value).unwrap_or(text);
        let urls = parts::in_words(&text);
        if urls.is_empty() { text } else { Masked::new(&text, urls).text }
    }

    /// Whether a text quotes a secret.
    pub fn quotes_secret(&self, text: &str) -> bool {
        self.secrets.are_in(text)
            || self.words.replaced_where(text, MASK, is_value).is_some()
            || !parts::in_words(text).is_empty()
    }

    /// Whether a text that is to be written into a config holds what must not be shown.
    pub fn hides_in(&self, text: &str) -> bool {
        self.quotes_secret(text) || !hidden(text, &[]).is_empty()
    }

    /// Takes secrets out of everything that a finding says, and makes visible what would act on a
    /// terminal; its edits stay.
    pub fn clean(&self, diagnostic: &mut Finding) {
        let cleaned = |text: &str| self.quotes_secret(text).then(|| self.clean_text(text));
        let line = |text: &mut String| {
            if let Some(cleaned) = cleaned(text) {
                *text = cleaned;
            }
            if let Cow::Owned(shown) = visible(text) {
                *text = shown;
            }
        };
        if let Some(cleaned) = cleaned(&diagnostic.message) {
            diagnostic.message = cleaned;
        }
        if let Some(shown) = own_lines(&diagnostic.message) {
            diagnostic.message = shown;
        }
        line(&mut diagnostic.path);
        line(&mut diagnostic.primary.text);
        diagnostic.related.iter_mut().for_each(|label| line(&mut label.text));
        if let Some(help) = &mut diagnostic.help {
            if let Some(cleaned) = cleaned(help) {
                *help = cleaned.into();
            }
            if let Some(shown) = own_lines(help) {
                *help = shown.into();
            }
        }
        if let Some(proposal) = &mut diagnostic.proposal {
            line(&mut proposal.title);
        }
    }
}

/// Whether a secret is a short word, such as `cache`: a sentence that has it quotes nothing, and a mask
/// there would tell it.
fn is_word(secret: &str) -> bool {
    secret.len() < TELLING && secret.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether a word is a value where it is found: in quotes, behind `=`, `:` or `: `, or all of the text.
fn is_value(text: &str, at: Range<usize>) -> bool {
    let before = &text[..at.start];
    let after = text[at.end..].chars().next();
    let starts = before.is_empty()
        || before.ends_with(['\'', '"', '`', '=', ':', '/', '@'])
        || before.ends_with(": ");
    starts && after.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-')
}

/// A message of several lines: PyYAML's second line says where. Any other line break was in a value
/// that the message quotes, and becomes a sign.
fn own_lines(text: &str) -> Option<String> {
    let shown = visible_lines(text);
    if matches!(shown, Cow::Borrowed(_)) && !text.contains('\n') {
        return None;
    }
    let mut parts = shown.split('\n');
    let mut own = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let place = part.trim_start();
        let is_own = (part.starts_with("  ") && place.starts_with("in \""))
            || ["while ", "found ", "expected ", "did not ", "could not ", "mapping ", "sequence "]
                .iter()
                .any(|start| part.starts_with(start));
        own.push(if is_own { '\n' } else { '\u{240a}' });
        own.push_str(part);
    }
    (own != text).then_some(own)
}

/// Masks a text by what its lines look like alone: for output that no document was read from.
pub fn mask_lines(text: &str) -> String {
    Masked::new(text, hidden(text, &[])).text
}

/// What must not be shown of a text beside the values that were read from it: comments, values that
/// YAML drops because their key is there again. In the text's order.
pub fn unread(text: &str, document: &Result<Document, ReadError>) -> Vec<Hidden> {
    let mut found = Finder::default();
    if let Ok(document) = document {
        found.in_value(&document.root, Bearing::Unknown, "");
    }
    found.known.sort_unstable_by_key(|(span, _)| (span.start, span.end));
    let mut hidden = vec![];
    for piece in scan::pieces(text).into_iter().filter(|piece| !is_read(piece, &found.known)) {
        let parts = in_piece(text, &piece).into_iter();
        hidden.extend(parts.map(|range| Hidden { range, comment: piece.comment }));
    }
    hidden
}

/// A stretch of a text that must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where it is.
    pub range: Range<usize>,
    /// It is in a comment.
    pub comment: bool,
}

fn in_piece(text: &str, piece: &scan::Piece) -> Vec<Range<usize>> {
    let value = &text[piece.range.clone()];
    let parts = if piece.comment {
        parts::in_comment(value, piece.bearing)
    } else {
        hidden_in(value, piece.bearing)
    };
    let start = piece.range.start;
    parts.into_iter().map(|part| start + part.start..start + part.end).collect()
}

/// What must not be shown of a text: of the values that were read, by what is known of them; of all
/// else by what its lines look like.
fn hidden(text: &str, known: &[(Span, Bearing)]) -> Vec<Range<usize>> {
    let mut ranges = vec![];
    for (span, bearing) in known {
        let Some(written) = text.get(span.range()) else { continue };
        let value = unquoted(written, text);
        let start = span.range().start + value.start;
        for part in hidden_in(&written[value], *bearing) {
            ranges.extend(lines_of(text, start + part.start..start + part.end));
        }
    }
    for piece in scan::pieces(text).into_iter().filter(|piece| !is_read(piece, known)) {
        let parts = in_piece(text, &piece).into_iter();
        ranges.extend(parts.flat_map(|part| lines_of(text, part)));
    }
    parts::merged(ranges)
}

/// Whether a piece is one of the values that were read; they are in the text's order.
fn is_read(piece: &scan::Piece, known: &[(Span, Bearing)]) -> bool {
    let after = known.partition_point(|(span, _)| span.range().start <= piece.range.start);
    let mut near = known[..after].iter().rev().take(1).chain(known.get(after));
    near.any(|(span, _)| {
        let span = span.range();
        span.start < piece.range.end && piece.range.start < span.end
    })
}

/// Where the value is in a scalar as it is written in a text.
fn unquoted(written: &str, text: &str) -> Range<usize> {
    let quoted = written.len() > 1
        && written.starts_with(['"', '\''])
        && written.chars().next() == written.chars().next_back();
    if quoted {
        return 1..written.len() - 1;
    }
    // A tag stays, and an anchor that an alias refers to. Another one may be what was meant as a
    // password: `password: &Xq7 rest`.
    let mut start = 0;
    while written[start..].starts_with(['&', '!'])
        && let Some(end) = written[start..].find(char::is_whitespace)
    {
        let property = &written[start..start + end];
        if property.strip_prefix('&').is_some_and(|name| !text.contains(&format!("*{name}"))) {
            break;
        }
        start += end;
        start += written[start..].len() - written[start..].trim_start().len();
    }
    if written[start..].starts_with(['|', '>']) {
        let header = written[start..].find('\n').map_or(written.len(), |end| start + end);
        return header..written.len();
    }
    if start > 0 && written[start..].starts_with(['"', '\'']) {
        let inside = unquoted(&written[start..], text);
        return start + inside.start..start + inside.end;
    }
    start..written.len()
}

impl Masked {
    fn new(text: &str, replaced: Vec<Range<usize>>) -> Self {
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for range in &replaced {
            masked.push_str(&text[at..range.start]);
            masked.push_str(MASK);
            at = range.end;
        }
        masked.push_str(&text[at..]);
        Self { text: masked, replaced }
    }

    /// Where a span of the original text is in this one.
    pub fn range(&self, span: Span) -> Range<usize> {
        let range = span.range();
        let start = self.offset(range.start, false);
        start..self.offset(range.end, true).max(start)
    }

    fn offset(&self, offset: usize, end: bool) -> usize {
        let before = self.replaced.partition_point(|range| range.end <= offset);
        let removed: usize = self.replaced[..before].iter().map(ExactSizeIterator::len).sum();
        let at = offset - removed + before * MASK.len();
        match self.replaced.get(before) {
            Some(range) if range.start < offset => {
                at - (offset - range.start) + if end { MASK.len() } else { 0 }
            }
            _ => at,
        }
    }
}

/// A range cut into the parts of its lines that are not white space.
fn lines_of(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let Some(written) = text.get(range.clone()) else {
        return vec![];
    };
    let mut parts = vec![];
    let mut start = range.start;
    for line in written.split_inclusive('\n') {
        let lead = line.len() - line.trim_start().len();
        let content = line.trim();
        if !content.is_empty() {
            parts.push(start + lead..start + lead + content.len());
        }
        start += line.len();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Masked, mask_lines, unquoted};
    use base::source::{SourceId, Span};

    #[test]
    fn an_anchor_that_no_alias_refers_to_may_be_a_password() {
        let cases = [
            ("&Xq7 rest", "password: &Xq7 rest\nhost: h\n", "&Xq7 rest"),
            ("&shared rest", "password: &shared rest\nhost: *shared\n", "rest"),
        ];
        for (written, text, value) in cases {
            assert_eq!(&written[unquoted(written, text)], value);
        }
    }

    #[test]
    fn lines_lose_their_secrets_and_keep_the_rest() {
        let cases = [
            ("password: s3cret", "password: •••"),
            ("  password: \"s3cret\" # c", "  password: \"•••\" # •••"),
            ("REDIS_PASSWORD=s3cret", "REDIS_PASSWORD=•••"),
            ("REDIS_PASWORD=s3cret", "REDIS_PASWORD=•••"),
            ("export REDIS_PASSWORD='s3 cret'", "export REDIS_PASSWORD='•••'"),
            ("A=1 REDIS_PASSWORD=s3cret litellm", "A=•••"),
            ("url: redis://u:p@ss/1@h:1/0", "url: redis://u:•••@h:1/0"),
            ("- REDIS_URL=rediss://:pw@h", "- REDIS_URL=rediss://:•••@h"),
            ("- name: REDIS_PASSWORD\n  value: s3cret", "- name: REDIS_PASSWORD\n  value: •••"),
            ("- name: REDIS_HOST\n  value: h", "- name: REDIS_HOST\n  value: h"),
            ("{name: REDIS_HOST, value: h}", "{name: REDIS_HOST, value: h}"),
            ("{\"REDIS_HOTS\": \"h1X\"}", "{\"REDIS_HOTS\": \"•••\"}"),
            ("password: os.environ/REDIS_PASSWORD", "password: os.environ/REDIS_PASSWORD"),
            ("password: os.environ/PW # old pw", "password: os.environ/PW # •••"),
            ("password: #x9", "password: #•••"),
            ("password: *Xq7", "password: •••"),
            ("password: !Xq7 a", "password: •••"),
            ("password: [x9, y9]", "password: [•••, •••]"),
            ("password: {a: x9}", "password: {a: •••}"),
            ("a: &b\n  <<: *b", "a: &b\n  <<: *b"),
            ("azure_redis_ad_token: \"true\"", "azure_redis_ad_token: \"true\""),
            ("host: redis.example.com", "host: redis.example.com"),
            ("ssl_keyfile: /etc/key.pem", "ssl_keyfile: /etc/key.pem"),
            (
                "ssl_keyfile: |\n  -----BEGIN K-----\n  MIIE=\n  -----END K-----\nhost: h",
                "ssl_keyfile: |\n  •••\n  •••\n  •••\nhost: h",
            ),
            ("max_tokens: 100", "max_tokens: 100"),
            ("input_cost_per_token: 5.0e-8", "input_cost_per_token: 5.0e-8"),
            ("success_callback: [langfuse]", "success_callback: [langfuse]"),
            ("fallbacks:\n- gpt-4: [gpt-4o]", "fallbacks:\n- gpt-4: [gpt-4o]"),
            ("cache_params:\n  - s3cret", "cache_params:\n  - •••"),
            (
                "kind: Secret\ndata:\n  a: aGk=\n  b: |\n    aGk=",
                "kind: Secret\ndata:\n  a: •••\n  b: |\n    •••",
            ),
            ("kind: ConfigMap\ndata:\n  REDIS_HOST: h", "kind: ConfigMap\ndata:\n  REDIS_HOST: h"),
            (
                "secretKeyRef:\n  name: redis\n  key: password",
                "secretKeyRef:\n  name: redis\n  key: password",
            ),
            ("# redis_password: x9", "# redis_password: •••"),
            (
                "# the wiki says more: https://wiki.example.com/redis",
                "# the wiki says more: https://wiki.example.com/redis",
            ),
            ("# the old one is Xq7canary", "# the old one is •••"),
            ("# redproof: ignore[RP302] ours", "# redproof: ignore[RP302] ours"),
            (
                "# redproof: ignore-file[RP30, password-in-config]",
                "# redproof: ignore-file[RP30, password-in-config]",
            ),
            (
                "password: s3cret # redproof: ignore[RP307] was s3cret",
                "password: ••• # redproof: ignore[RP307] •••",
            ),
            ("# redproof: ignore[Xq7canary]", "# redproof: ignore[•••]"),
            ("# redproof: ignore Xq7canary", "# redproof: ignore •••"),
            ("x9 y9", "•••"),
            ("kind: \"open\npassword: s3cret", "kind: \"open\npassword: •••"),
            ("{kind: \"open\npassword: s3cret", "{kind: \"open\npassword: •••"),
        ];
        for (text, masked) in cases {
            assert_eq!(mask_lines(text), masked);
        }
    }

    #[test]
    fn spans_follow_the_masking() {
        let text = "password: long-secret # c";
        let masked = Masked::new(text, std::iter::once(10..21).collect());
        let of = |start, end| &masked.text[masked.range(Span::new(SourceId(0), start, end))];
        assert_eq!(of(0, 8), "password");
        assert_eq!(of(10, 21), "•••");
        assert_eq!(of(12, 15), "•••");
        assert_eq!(of(22, 25), "# c");
    }
}
