//! Which parts of a value must not be shown, by what its name says of it.

use std::ops::Range;

use base::secret::is_secret_name;
use facts::bearing::{Bearing, bearing};

use super::plain::is_plain;
use super::scan::{self, is_name, key};

/// The parts of a value that must not be shown.
pub fn hidden_in(value: &str, bearing: Bearing) -> Vec<Range<usize>> {
    hidden_at(value, bearing, 0)
}

/// So many texts within texts are looked into: JSON in a string of JSON. What is deeper is hidden.
const DEEPEST: usize = 6;

/// Whether a value is nothing but a word, a number, a name or a path.
fn is_word(value: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
    value.bytes().all(plain) && !value.contains("-----BEGIN")
}

fn hidden_at(value: &str, bearing: Bearing, depth: usize) -> Vec<Range<usize>> {
    // Nothing in it is looked for below.
    if matches!(bearing, Bearing::Harmless | Bearing::HarmlessTree)
        && depth <= DEEPEST
        && is_word(value)
    {
        return vec![];
    }
    if value.trim().is_empty() || is_flag(value) {
        return vec![];
    }
    if let Some(reference) = reference(value) {
        return match reference {
            Reference::Plain => vec![],
            Reference::WithDefault(default) => {
                let inside = hidden_at(&value[default.clone()], bearing, depth + 1).into_iter();
                inside.map(|part| default.start + part.start..default.start + part.end).collect()
            }
        };
    }
    let whole = || std::iter::once(0..value.len()).collect();
    if depth > DEEPEST || value.contains("-----BEGIN") {
        return whole();
    }
    if bearing == Bearing::Command {
        return in_command(value);
    }
    if bearing < Bearing::Secret && is_number(value) {
        return vec![];
    }
    let shown = match bearing {
        Bearing::Harmless | Bearing::HarmlessTree => true,
        Bearing::Address => is_json(value) || is_address(value),
        Bearing::Nested => is_json(value),
        Bearing::Command | Bearing::Unknown | Bearing::Secret | Bearing::SecretTree => false,
    };
    if !shown {
        whole()
    } else if is_json(value) {
        in_json(value, depth)
    } else {
        in_text(value, depth)
    }
}

/// The parts of words that people read which look like a URL's user, whatever was found before: the
/// net below all else.
pub(super) fn in_words(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    if !text.contains('@') {
        return found;
    }
    let mut start = 0;
    for word in text.split_inclusive([' ', '\n', '`', '"', '\'', '<', '>']) {
        if word.contains("://") {
            let word = word.trim_end_matches(['.', ',', ')', ';']);
            found.extend(user(word).map(|part| start + part.start..start + part.end));
        }
        start += word.len();
    }
    found
}

/// Whether a text is a secret that is there, and no flag or reference to where it is kept.
pub fn is_literal(value: &str) -> bool {
    !value.trim().is_empty() && !is_flag(value) && reference(value) != Some(Reference::Plain)
}

fn is_flag(value: &str) -> bool {
    const FLAGS: [&str; 11] =
        ["true", "false", "none", "null", "yes", "no", "on", "off", "~", "required", "optional"];
    let value = value.trim();
    value.len() <= 8 && FLAGS.iter().any(|flag| value.eq_ignore_ascii_case(flag))
}

fn is_number(value: &str) -> bool {
    let value = value.trim().trim_start_matches(['+', '-']);
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    // `30s`, `5.0e-8`, `512Mi`: a number and a unit.
    let plain = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | ',' | ':'));
    let scientific =
        value.parse::<f64>().is_ok() && value.starts_with(|c: char| c.is_ascii_digit());
    scientific
        || (plain
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && value.len() - digits.len() <= 2)
}

fn is_json(value: &str) -> bool {
    let value = value.trim_start();
    let inside = value.strip_prefix('[').and_then(|rest| rest.split(']').next());
    // `[::1]:6379` is an address.
    let address = |inside: &str| {
        inside.contains(':') && inside.chars().all(|c| c.is_ascii_hexdigit() || ":.%".contains(c))
    };
    value.starts_with(['{', '[']) && !value.starts_with("{{") && !inside.is_some_and(address)
}

fn in_json(value: &str, depth: usize) -> Vec<Range<usize>> {
    let mut found = vec![];
    for piece in scan::flow(value) {
        let inside = hidden_at(&value[piece.range.clone()], piece.bearing, depth + 1).into_iter();
        found.extend(
            inside.map(|part| piece.range.start + part.start..piece.range.start + part.end),
        );
    }
    found
}

#[derive(Debug, PartialEq, Eq)]
enum Reference {
    Plain,
    /// With a default that is in the text.
    WithDefault(Range<usize>),
}

/// What a value refers to, where all of it is a reference.
fn reference(value: &str) -> Option<Reference> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.len() <= 100
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if let Some(name) = value.strip_prefix("os.environ/") {
        return is_name(name).then_some(Reference::Plain);
    }
    if let Some(rest) = value.strip_prefix("oidc/") {
        const PROVIDERS: [&str; 6] = ["google", "circleci", "github", "azure", "file", "env"];
        let (provider, path) = rest.split_once('/')?;
        let known = PROVIDERS.contains(&provider) && (is_plain(path) || is_address(path));
        return known.then_some(Reference::Plain);
    }
    if value.starts_with("{{") && value.ends_with("}}") {
        return (!value.contains(['"', '\'', '`'])).then_some(Reference::Plain);
    }
    if let Some(inside) = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, rest) = inside.split_at(end.unwrap_or(inside.len()));
        if !is_name(name) {
            return None;
        }
        let default = rest.trim_start_matches(':').trim_start_matches(['-', '?', '+', '=']);
        return Some(if default.is_empty() {
            Reference::Plain
        } else {
            let end = 2 + inside.len();
            Reference::WithDefault(end - default.len()..end)
        });
    }
    if let Some(name) = value.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')) {
        return is_name(name).then_some(Reference::Plain);
    }
    let name = value.strip_prefix('$')?;
    let upper = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    (is_name(name) && upper).then_some(Reference::Plain)
}

/// Whether a value is written as an address: a URL, `host:port`, a host.
fn is_address(value: &str) -> bool {
    let value = value.trim();
    if value.contains("://") {
        return true;
    }
    if value.contains(char::is_whitespace) {
        return false;
    }
    let host = value.split(['/', ',', '?']).next().unwrap_or(value);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    is_plain(host) || host.starts_with('[') || host.split(',').all(is_plain)
}

/// What a text that is shown holds all the same: a URL's user and query, `name=value`, what a shell
/// works out.
fn in_text(value: &str, depth: usize) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut from = 0;
    if let Some(user) = user(value) {
        from = user.end;
        if reference(&value[user.clone()]).is_none() {
            found.push(user);
        }
    }
    // Lines below the first may be other settings, behind a quote that was left open.
    if let Some(below) = value.find('\n').map(|at| at + 1) {
        for piece in scan::pieces(&value[below..]) {
            let range = below + piece.range.start..below + piece.range.end;
            let inside = if piece.comment {
                in_comment(&value[range.clone()], piece.bearing)
            } else if value[range.clone()].contains('\n') {
                std::iter::once(0..range.len()).collect()
            } else {
                hidden_at(&value[range.clone()], piece.bearing, depth + 1)
            };
            let start = range.start;
            found.extend(inside.into_iter().map(|part| start + part.start..start + part.end));
        }
    }
    let rest = &value[from..];
    let url = value.contains("://");
    let query = rest.find('?').filter(|_| url);
    pairs(rest, from, query, depth, &mut found);
    if url {
        if let Some(fragment) = rest.find('#').map(|at| from + at + 1)
            && fragment < value.len()
        {
            found.push(fragment..value.len());
        }
        let start = if from == 0 { value.find("://").map_or(0, |at| at + 3) } else { from };
        path(value, start, &mut found);
    }
    for opening in ["$(", "`"] {
        if let Some(at) = value.find(opening)
            && value[at..].contains(char::is_whitespace)
        {
            found.push(at + opening.len()..value.len());
        }
    }
    merged(found)
}

/// The password of a URL in `value`, or the user where there is no password: everything up to the
/// last `@`, since it may hold any character, and however the scheme is misspelled.
pub fn user(value: &str) -> Option<Range<usize>> {
    let at = value.rfind('@')?;
    let head = &value[..at];
    let tail = &value[at + 1..];
    if !head.contains(':') && !head.contains("//") {
        // A mailbox, a service account, a release of a model.
        let whole = |text: &str| text.split(['/', ',']).all(is_plain) && !text.is_empty();
        let digits = tail.chars().all(|c| c.is_ascii_digit() || c == '-');
        let known = whole(head) && whole(tail) && (tail.contains('.') || digits);
        return (!known && !head.is_empty()).then_some(0..at);
    }
    if tail.starts_with("sha256:") && !head.contains("//") {
        return None;
    }
    let scheme = head.find(|c: char| !c.is_ascii_alphanumeric() && !"+.-".contains(c));
    let scheme = scheme.map_or(0, |end| {
        let rest = head[end..].strip_prefix(':').unwrap_or(&head[end..]);
        let slashes = rest.len() - rest.trim_start_matches('/').len();
        if slashes == 0 { 0 } else { head.len() - rest.len() + slashes.min(2) }
    });
    let start = head.find("://").map_or(scheme, |at| at + 3);
    let password = match head[start..].find(':') {
        Some(colon) => start + colon + 1,
        None => start,
    };
    (password < at).then_some(password..at)
}

/// `name=value` in a text: the values whose name is not known to be harmless, and what follows them
/// without a name.
fn pairs(
    rest: &str,
    from: usize,
    query: Option<usize>,
    depth: usize,
    found: &mut Vec<Range<usize>>,
) {
    if !rest.contains('=') {
        return;
    }
    let start = query.map_or(0, |at| at + 1);
    let separators: &[char] =
        if query.is_some() { &['&'] } else { &['&', ',', ';', ' ', '\t', '\n'] };
    let mut at = from + start;
    let mut hides = false;
    for argument in rest[start..].split(separators) {
        match argument.split_once('=') {
            Some((name, value)) => {
                let name = name.rsplit(['?', '/']).next().unwrap_or(name);
                let start = at + argument.len() - value.len();
                let known = match bearing(name.trim()) {
                    Bearing::Unknown if name.is_empty() => Bearing::Harmless,
                    bearing => bearing,
                };
                let parts = match known {
                    Bearing::Harmless | Bearing::HarmlessTree => vec![],
                    other => hidden_at(value, other, depth + 1),
                };
                hides = !parts.is_empty();
                found.extend(parts.into_iter().map(|part| start + part.start..start + part.end));
            }
            None if hides && !argument.is_empty() => found.push(at..at + argument.len()),
            None => {}
        }
        at += argument.len() + 1;
    }
}

/// The segments of a URL's path that are not plain words.
fn path(value: &str, start: usize, found: &mut Vec<Range<usize>>) {
    let end = value[start..].find(['?', '#']).map_or(value.len(), |at| start + at);
    let Some(slash) = value[start..end].find('/').map(|at| start + at) else { return };
    let mut at = slash + 1;
    for segment in value[at..end].split('/') {
        let template = segment.contains(['{', '}', '$']);
        if !segment.is_empty() && !template && !is_plain(segment) {
            found.push(at..at + segment.len());
        }
        at += segment.len() + 1;
    }
}

/// A command line's words that are neither flags, numbers, files nor LiteLLM itself.
fn in_command(value: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut at = 0;
    for word in value.split([' ', '\t', '\n', ',']) {
        let bare = word.trim_matches(['"', '\'', '[', ']']);
        let flag = bare.starts_with('-') && is_plain(bare.trim_start_matches('-'));
        let file = bare.contains('/') && is_plain(bare.trim_start_matches(['/', '.']));
        let program = ["litellm", "sh", "bash", "python", "exec", "redis-server"].contains(&bare);
        if !(bare.is_empty() || flag || file || program || is_number(bare) || is_flag(bare)) {
            found.push(at..at + word.len());
        }
        at += word.len() + 1;
    }
    found
}

/// Ranges in order, those that touch made one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
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

/// What starts a comment of our own.
pub const IGNORE: &str = "redproof: ignore";

/// How long our own mark at a comment's start is: `redproof: ignore-file[RP302, RP30]`.
fn mark(content: &str) -> usize {
    let Some(rest) = content.strip_prefix(IGNORE) else { return 0 };
    let rest = rest.strip_prefix("-file").unwrap_or(rest);
    let before = content.len() - rest.len();
    let rules = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let is_rule = |rule: &str| {
        let rule = rule.trim();
        let code = rule.strip_prefix("RP").unwrap_or("");
        let is_code = (1..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        is_code || (rule.contains('-') && rule.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()))
    };
    match rules {
        Some((rules, _)) if rules.split(',').all(is_rule) => before + rules.len() + 2,
        _ => before,
    }
}

/// The parts of a comment that must not be shown: values under names, and words that no one writes.
pub(super) fn in_comment(comment: &str, beside: Bearing) -> Vec<Range<usize>> {
    let blank = |text: &str| text.len() - text.trim_start_matches(['#', ' ', '\t', '!', '-']).len();
    let start = blank(comment);
    let own = start + mark(&comment[start..]);
    let lead = own + blank(&comment[own..]);
    let content = &comment[lead..];
    if beside == Bearing::Secret || beside == Bearing::SecretTree {
        return if content.is_empty() {
            vec![]
        } else {
            std::iter::once(lead..lead + content.trim_end().len()).collect()
        };
    }
    let mut found = vec![];
    // A setting that is commented out, or `old password: x`.
    if let Some((name, after)) = key(content) {
        let name = &content[name];
        let last = name.rsplit(char::is_whitespace).next().unwrap_or(name);
        let value = content[after..].trim();
        let start = lead + content.len() - content[after..].trim_start().len();
        let own = bearing(last);
        let one_word = !value.contains(char::is_whitespace);
        let setting = name == last;
        if !value.is_empty() && one_word && (own == Bearing::Secret || setting) {
            let bare = value.trim_matches(['"', '\'']);
            let start = start + value.find(bare).unwrap_or(0);
            let parts = hidden_in(bare, own).into_iter();
            return parts.map(|part| start + part.start..start + part.end).collect();
        }
    }
    let mentions = content.split(|c: char| !c.is_alphanumeric()).any(is_secret_name);
    let mut at = lead;
    for word in content.split_inclusive([' ', '\t']) {
        let bare = word.trim_end();
        let inner = bare.trim_matches(|c: char| ".,;:!?()\"'`<>[]{}*|=".contains(c));
        let start = at + bare.find(inner).unwrap_or(0);
        let letters = inner.chars().all(|c| c.is_alphabetic() || "-'/_.".contains(c));
        let known = if mentions { letters } else { letters || is_plain(inner) };
        if !inner.is_empty() && !known {
            let address = inner.contains("://") || inner.contains("os.environ/");
            let own = if address { Bearing::Address } else { Bearing::Unknown };
            let parts = match inner.split_once('=').filter(|(name, _)| is_name(name)) {
                Some((name, value)) => {
                    let offset = inner.len() - value.len();
                    let parts = hidden_in(value, bearing(name)).into_iter();
                    parts.map(|part| offset + part.start..offset + part.end).collect()
                }
                None => hidden_in(inner, own),
            };
            found.extend(parts.into_iter().map(|part| start + part.start..start + part.end));
        }
        at += word.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::hidden_in;
    use facts::bearing::{Bearing, bearing};

    fn shown(value: &str, bearing: Bearing) -> String {
        let mut shown = value.to_owned();
        for part in hidden_in(value, bearing).into_iter().rev() {
            shown.replace_range(part, "*");
        }
        shown
    }

    #[test]
    fn what_may_be_secret_is_hidden() {
        for (name, value, expected) in [
            ("password", "hunter2", "*"),
            ("password", "12345678", "*"),
            ("password", "os.environ/REDIS_PASSWORD", "os.environ/REDIS_PASSWORD"),
            ("password", "os.environ/hunter 2!", "*"),
            ("password", "${REDIS_PASSWORD}", "${REDIS_PASSWORD}"),
            ("password", "${REDIS_PASSWORD:-hunter2}", "${REDIS_PASSWORD:-*}"),
            ("password", "${hunter2", "*"),
            ("password", "oidc/hunter2", "*"),
            ("password", "{{ .Values.password }}", "{{ .Values.password }}"),
            ("password", "{{ \"hunter2\" }}", "*"),
            ("azure_redis_ad_token", "true", "true"),
            ("redis_hots", "hunter2", "*"),
            ("redis_hots", "30", "30"),
            ("timeout_s", "30s", "30s"),
            ("input_cost_per_token", "5.0e-8", "5.0e-8"),
            ("url", "redis://u:p'a\" ss/1@h:1/0", "redis://u:*@h:1/0"),
            ("url", "redis://token@h:1/0", "redis://*@h:1/0"),
            ("url", "redis://:$ecret@h", "redis://:*@h"),
            ("url", "redis://:${PW}@h:6379", "redis://:${PW}@h:6379"),
            ("url", "redis:/:pw@h", "redis:/:*@h"),
            ("host", "redis:/:pw@h", "redis:/:*@h"),
            ("host", "redis//:pw@h", "redis//:*@h"),
            ("host", ":pw@h:1", ":*@h:1"),
            ("host", "u:pw@h:1", "u:*@h:1"),
            ("host", "pw9Q@h", "*@h"),
            ("host", "redis.internal", "redis.internal"),
            ("host", "h:6380,password=pw=,ssl=True", "h:6380,password=*,ssl=True"),
            ("host", "redis://h/0?password=a b&db=1", "redis://h/0?password=*&db=1"),
            ("url", "redis://h/0?x=y&db=1#z", "redis://h/0?x=*&db=1#*"),
            ("api_base", "https://api.example.com/v1", "https://api.example.com/v1"),
            ("api_base", "https://h/services/T0AB9/xYz91Kq", "https://h/services/*/*"),
            (
                "REDIS_CLUSTER_NODES",
                "[{\"host\": \"h\", \"password\": \"x\"}]",
                "[{\"host\": \"h\", \"password\": \"*\"}]",
            ),
            (
                "REDIS_CLUSTER_NODES",
                "[{\"host\": \"h\", \"password\": \"x",
                "[{\"host\": \"h\", \"password\": \"*",
            ),
            ("gcp_service_account", "{\"private_key\": \"x\"}", "{\"private_key\": \"*\"}"),
            (
                "gcp_service_account",
                "sa@my-project.iam.gserviceaccount.com",
                "sa@my-project.iam.gserviceaccount.com",
            ),
            (
                "gcp_service_account",
                "projects/-/serviceAccounts/sa@p.iam.gserviceaccount.com",
                "projects/-/serviceAccounts/sa@p.iam.gserviceaccount.com",
            ),
            (
                "model",
                "vertex_ai/claude-3-5-sonnet@20240620",
                "vertex_ai/claude-3-5-sonnet@20240620",
            ),
            (
                "image",
                "ghcr.io/berriai/litellm:v1@sha256:0123abcdef",
                "ghcr.io/berriai/litellm:v1@sha256:0123abcdef",
            ),
            ("ssl_keyfile", "-----BEGIN PRIVATE KEY-----\nx", "*"),
            (
                "command",
                "redis-server --requirepass x9 --port 1",
                "redis-server --requirepass * --port 1",
            ),
            ("command", "--config /app/config.yaml", "--config /app/config.yaml"),
            ("host", "$(vault read pw)", "$(*"),
            (
                "DATABASE_URL",
                "postgres://llm:pw@db:5432/litellm",
                "postgres://llm:*@db:5432/litellm",
            ),
        ] {
            assert_eq!(shown(value, bearing(name)), expected, "{name}: {value}");
        }
    }
}
