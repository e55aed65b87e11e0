//! What must not be shown of a text: passwords, tokens, keys, and the same in URLs.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use base::finding::Finding;
use base::secret::is_secret_name;
use base::secret::{MASK, Secret};
use base::source::{SourceId, Span};
use deployment::environment::{Environment, VariableValue};
use python::{Data, Value};
use simulate::outcome::{Knowable, Outcome};
use yaml::Document;

/// A value shorter than this is masked where it stands, but not looked for elsewhere.
pub const SHORTEST: usize = 4;

/// The secrets of a check's texts.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    /// Where values under a secret's name stand.
    spans: Vec<Span>,
    /// Their values, longest first.
    values: Vec<Secret>,
    /// How the values start: most texts quote none, which this tells fast.
    starts: HashSet<[u8; SHORTEST]>,
}

/// A text without its secrets.
#[derive(Clone, Debug)]
pub struct Masked {
    /// The text, `•••` in place of each secret; it has the same lines.
    pub text: String,
    replaced: Vec<Range<usize>>,
}

impl Redaction {
    /// Finds the secrets of a config and its environment, and of what LiteLLM makes of them: a
    /// password may come from a variable of any name.
    pub fn of(document: Option<&Document>, environment: &Environment, outcome: &Outcome) -> Self {
        let mut found = Finder::default();
        if let Some(document) = document {
            found.in_value(&document.root);
        }
        for (name, variable) in environment.iter() {
            if let VariableValue::Known(secret) = &variable.value {
                let value = secret.reveal();
                if is_secret_name(name) && is_literal(value) {
                    found.spans.extend(variable.span);
                    found.value(value);
                }
                found.in_url(value);
            }
        }
        let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
        for client in outcome.clients.iter().chain(fallback) {
            for connection in client.connection.iter().chain(&client.sentinels) {
                if let Knowable::Known(Some(password)) = &connection.password.value {
                    found.value(password.reveal());
                }
            }
        }
        let mut values: Vec<Secret> = found.values.into_iter().map(Secret::new).collect();
        values.sort_by_key(|value| Reverse(value.reveal().len()));
        let starts = values.iter().filter_map(|value| value.reveal().as_bytes().first_chunk());
        let starts = starts.copied().collect();
        Self { spans: found.spans, values, starts }
    }

    /// A source's text without its secrets.
    pub fn masked(&self, source: SourceId, text: &str) -> Masked {
        let own = self.spans.iter().filter(|span| span.source == source);
        let mut ranges: Vec<_> = own.flat_map(|span| lines_of(text, span.range())).collect();
        ranges.extend(secrets_in_lines(text));
        Masked::new(text, merged(ranges))
    }

    /// A source's text to be given away: without its secrets wherever they stand, and without
    /// anything that a Kubernetes Secret holds.
    pub fn shareable(&self, source: SourceId, text: &str) -> String {
        let masked = self.masked(source, text).text;
        let masked = Masked::new(&masked, merged(secret_manifests(&masked))).text;
        self.clean_text(&masked)
    }

    /// A text that may quote a secret, without it.
    pub fn clean_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if !self.quotes_secret(&text) {
            return text;
        }
        for value in &self.values {
            if text.contains(value.reveal()) {
                text = text.replace(value.reveal(), MASK);
            }
        }
        text
    }

    /// Whether a text quotes a secret.
    pub fn quotes_secret(&self, text: &str) -> bool {
        let mut windows = text.as_bytes().windows(SHORTEST);
        windows.any(|window| self.starts.contains(window))
            && self.values.iter().any(|value| text.contains(value.reveal()))
    }

    /// Takes secrets out of everything that a finding says; its edits stay.
    pub fn clean(&self, diagnostic: &mut Finding) {
        let clean = |text: &mut String| {
            if self.quotes_secret(text) {
                *text = self.clean_text(text);
            }
        };
        clean(&mut diagnostic.message);
        clean(&mut diagnostic.primary.text);
        diagnostic.related.iter_mut().for_each(|label| clean(&mut label.text));
        if let Some(help) = &mut diagnostic.help
            && self.quotes_secret(help)
        {
            *help = self.clean_text(help).into();
        }
        if let Some(fix) = &mut diagnostic.fix {
            clean(&mut fix.title);
        }
    }
}

/// Masks a text by what its lines look like alone: for output that no document was read from.
pub fn mask_lines(text: &str) -> String {
    Masked::new(text, merged(secrets_in_lines(text))).text
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

    /// Where a span of the original text stands in this one.
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

/// Whether a secret's value is one, and no flag or reference to where it is kept.
pub fn is_literal(value: &str) -> bool {
    let reference = ["os.environ/", "oidc/", "${"];
    let flag = ["", "true", "false", "none", "null"];
    !reference.iter().any(|prefix| value.starts_with(prefix))
        && !flag.contains(&value.to_ascii_lowercase().as_str())
}

#[derive(Default)]
struct Finder {
    spans: Vec<Span>,
    values: BTreeSet<String>,
    seen: HashSet<*const ()>,
}

impl Finder {
    fn value(&mut self, value: &str) {
        if value.len() >= SHORTEST && is_literal(value) {
            self.values.insert(value.to_owned());
        }
    }

    /// The password of a URL, whole and in the parts that Python cuts it into where it holds one of
    /// these characters unescaped: an exception quotes a part.
    fn in_url(&mut self, text: &str) {
        if let Some(password) = url_password(text) {
            let password = &text[password];
            self.value(password);
            password.split(['/', '?', '#', '@', ':', '[', ']']).for_each(|part| self.value(part));
        }
    }

    fn in_value(&mut self, value: &Value) {
        match &value.data {
            Data::Dict(dict) if self.seen.insert(Arc::as_ptr(dict).cast()) => {
                for entry in &dict.entries {
                    let name = entry.key.as_str().unwrap_or("");
                    match &entry.value.data {
                        Data::Str(text) if is_secret_name(name) && is_literal(text) => {
                            self.spans.extend(entry.value.span());
                            self.value(text);
                        }
                        // A password of digits alone is a number to YAML.
                        Data::Int(_) | Data::Float(_) if is_secret_name(name) => {
                            self.spans.extend(entry.value.span());
                        }
                        _ => self.in_value(&entry.value),
                    }
                }
            }
            Data::List(items) if self.seen.insert(Arc::as_ptr(items).cast()) => {
                items.iter().for_each(|item| self.in_value(item));
            }
            Data::Str(text) => self.in_url(text),
            _ => {}
        }
    }
}

/// The password of a URL in `text`: everything up to the last `@`, since it may hold any character.
pub fn url_password(text: &str) -> Option<Range<usize>> {
    let start = text.find("://")? + 3;
    let end = text[start..]
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        .map_or(text.len(), |end| start + end);
    let at = start + text[start..end].rfind('@')?;
    let password = match text[start..at].find(':') {
        Some(colon) => start + colon + 1,
        None => start,
    };
    let is_reference = text[password..at].starts_with('$') || text[password..at].starts_with("{{");
    (password < at && !is_reference).then_some(password..at)
}

/// Secrets by what each line looks like: `password: x`, `REDIS_PASSWORD=x`, `redis://:x@host`, and a
/// `value:` below a `name:` that is a secret's.
pub fn secrets_in_lines(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut start = 0;
    let mut named_before = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let mut from = 0;
        while let Some(password) = url_password(&content[from..]) {
            found.push(start + from + password.start..start + from + password.end);
            from += password.end;
        }
        let key = content
            .trim_start()
            .trim_start_matches("- ")
            .trim_start_matches("export ")
            .trim_start();
        if let Some((name, value)) = key.split_once([':', '=']) {
            let name =
                name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '{'));
            let secret = is_secret_name(name) || (name == "value" && named_before);
            let plain = value.trim().trim_matches(['"', '\'']);
            let simple = !plain.starts_with(['|', '>', '&', '*', '!', '{', '[', '#']);
            if secret
                && simple
                && is_literal(plain)
                && !plain.contains("://")
                && !plain.contains("{{")
            {
                let value_start = start + content.len() - value.len();
                let lead = value.len() - value.trim_start().len();
                found.push(value_start + lead..value_start + value.trim_end().len());
            }
            if !name.is_empty() {
                named_before = name == "name" && is_secret_name(plain);
            }
        }
        start += line.len();
    }
    found
}

/// Every value in the `data` and `stringData` of Kubernetes Secrets: base64 hides nothing.
fn secret_manifests(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut start = 0;
    for document in text.split_inclusive("\n---") {
        let is_secret = document.lines().any(|line| {
            let line = line.trim_start().trim_start_matches("- ");
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            name.trim_matches('"') == "kind" && value.trim().trim_matches(['"', '\'']) == "Secret"
        });
        let flow = document.trim_start_matches(['-', '\n', ' ']).starts_with('{');
        if flow && document.contains("\"Secret\"") {
            found.push(start..start + document.trim_end_matches("\n---").len());
        } else if is_secret {
            found.extend(
                values_of_data(document)
                    .into_iter()
                    .map(|value| start + value.start..start + value.end),
            );
        }
        start += document.len();
    }
    found
}

/// The values below `data:` and `stringData:`, line by line.
fn values_of_data(document: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    // How far `data:` is indented, and the keys in it.
    let (mut data, mut keys): (Option<usize>, Option<usize>) = (None, None);
    let mut start = 0;
    for line in document.split_inclusive('\n') {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if data.is_some_and(|data| indent <= data) && !content.is_empty() {
            (data, keys) = (None, None);
        }
        if data.is_some() && !content.is_empty() && !content.starts_with('#') {
            let key = *keys.get_or_insert(indent) == indent;
            let value = content.find(':').filter(|_| key).map_or(0, |colon| colon + 1);
            let lead = content[value..].len() - content[value..].trim_start().len();
            let (from, to) = (start + indent + value + lead, start + indent + content.len());
            // A block's header stays, so that its lines stay a text.
            if from < to && !matches!(document.as_bytes()[from], b'|' | b'>') {
                found.push(from..to);
            }
        } else if let Some((name, rest)) = content.split_once(':')
            && matches!(name.trim_start_matches("- "), "data" | "stringData")
        {
            if rest.trim().is_empty() {
                data = Some(indent);
            } else {
                found.push(start + indent + name.len() + 1..start + indent + content.len());
            }
        }
        start += line.len();
    }
    found
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

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = vec![];
    ranges.sort_by_key(|range| (range.start, range.end));
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::{Masked, is_secret_name, mask_lines};
    use base::source::{SourceId, Span};

    #[test]
    fn lines_lose_their_secrets_and_keep_the_rest() {
        let cases = [
            ("password: s3cret", "password: •••"),
            ("  password: \"s3cret\" # c", "  password: •••"),
            ("REDIS_PASSWORD=s3cret", "REDIS_PASSWORD=•••"),
            ("export REDIS_PASSWORD='s3 cret'", "export REDIS_PASSWORD=•••"),
            ("url: redis://u:p@ss/1@h:1/0", "url: redis://u:•••@h:1/0"),
            ("- REDIS_URL=rediss://:pw@h", "- REDIS_URL=rediss://:•••@h"),
            ("- name: REDIS_PASSWORD\n  value: s3cret", "- name: REDIS_PASSWORD\n  value: •••"),
            ("password: os.environ/REDIS_PASSWORD", "password: os.environ/REDIS_PASSWORD"),
            ("azure_redis_ad_token: \"true\"", "azure_redis_ad_token: \"true\""),
            ("host: redis.example.com", "host: redis.example.com"),
            ("ssl_keyfile: /etc/key.pem", "ssl_keyfile: /etc/key.pem"),
            ("max_tokens: 100", "max_tokens: 100"),
        ];
        for (text, masked) in cases {
            assert_eq!(mask_lines(text), masked);
        }
    }

    #[test]
    fn secret_names() {
        for name in [
            "password",
            "sentinel_password",
            "REDIS_PASSWORD",
            "master_key",
            "azure_client_secret",
            "redis-password",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["ssl_keyfile", "host", "max_tokens", "key_alias", "namespace"] {
            assert!(!is_secret_name(name), "{name}");
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
