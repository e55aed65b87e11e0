use std::collections::HashSet;

use super::context::client_name;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use base::visible::is_hidden;
use deployment::environment::VariableValue;
use python::Value;
use simulate::outcome::Knowable;

pub(super) static RULE: Rule = Rule {
    code: "RP112",
    name: "misleading-character",
    category: Category::Environment,
    aspects: &[Aspect::Connects],
    severity: Severity::Error,
    summary: "A host, key or variable holds a character that can't be seen, or looks like another one.",
    why: "Whitespace at the end, a zero-width space, a direction mark, a Cyrillic `е` or a typographic quote \
        (`“`) comes along when text is copied from a chat, a web page or a PDF. LiteLLM and redis-py take it for a \
        part of the text: the host is not found, the key or variable is another one, `“true”` is not true, \
        and on the screen everything looks right.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r#"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: "localhost "
    port: 6379
    ssl: true
    ssl_check_hostname: true
"#,
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
    ssl_check_hostname: true
",
    ),
    cases: &[
        super::case::raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n")
            .beside(
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {REDIS_PASSWORD: czNjcjN0LXBhNTUK}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n      envFrom: [{secretRef: {name: s}}]\n",
            )
            .says(&["a line break", "printf"])
            .says_not(&["s3cr3t"]),
        super::case::raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, port: 6379, ssl: “true”}}\n")
            .path("litellm_settings.cache_params.ssl")
            .says(&["typographic quote", "`\"`"]),
        super::case::raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, port: 6379, password: os.environ/PW}}\n")
            .env("PW=“hunter2hunter”\n")
            .says(&["PW", "typographic quote"])
            .says_not(&["hunter2"]),
        super::case::silent("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, port: 6379}}\n")
            .env("GREETING=“hello”\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = hosts(context);
    found.extend(logins(context));
    for (section, key, entry) in context.redis_settings() {
        if let Some(what) = misleads(key) {
            let message = format!("A key of {section} holds {what}: LiteLLM knows no such key.");
            let diagnostic = RULE.at(entry.key.span(), message).label("not what it looks like");
            found.push(diagnostic.severity(Severity::Warning).help(AGAIN));
        }
    }
    found.extend(quoted(context, &found));
    for (name, variable) in context.environment.iter() {
        if let Some(what) = misleads(name) {
            let message = format!("The name of a variable holds {what}: it is another variable.");
            let diagnostic = RULE.at(variable.span, message).label("not what it looks like");
            found.push(diagnostic.severity(Severity::Warning).help(AGAIN));
        }
    }
    found
}

const AGAIN: &str = "Type it again by hand.";

/// The hosts of all clients, each place once.
fn hosts(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    let mut seen = HashSet::new();
    for client in context.outcome.redis_py_clients() {
        let connections = client.connection.iter().chain(&client.sentinels);
        let own = connections.map(|connection| &connection.host.value);
        let hosts = own.chain(client.nodes.iter().map(|node| &node.host.value));
        for (host, what) in hosts.filter_map(|host| Some((host, of_host(host)?))) {
            let span = context.span_of(&host.origin);
            if !seen.insert(span) {
                continue;
            }
            let message =
                format!("{} looks for a host whose name holds {what}.", client_name(client));
            let diagnostic = RULE.at(span, message).label("not what it looks like").help(AGAIN);
            found.push(match span.and_then(|span| context.key_at(span)) {
                Some((path, _)) => diagnostic.path(path),
                None => diagnostic,
            });
        }
    }
    found
}

/// Passwords and users with what nobody sees at their ends: the line break of `echo pass | base64`.
fn logins(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    let mut seen = HashSet::new();
    for (client, connection) in context.connections() {
        let password = match &connection.password.value {
            Knowable::Known(Some(secret)) => Some(secret.reveal()),
            _ => None,
        };
        let user = connection.username.value.as_str();
        for (what, text, origin) in [
            ("password", password, &connection.password.origin),
            ("user", user, &connection.username.value.origin),
        ] {
            let Some(text) = text.filter(|text| text.trim() != *text && !text.trim().is_empty())
            else {
                continue;
            };
            let span = context.span_of(origin);
            if !seen.insert((span, what)) {
                continue;
            }
            let whitespace = if text.ends_with('\n') { "a line break" } else { "whitespace" };
            let message = format!(
                "{} logs in with a {what} that has {whitespace} at its start or end.",
                client_name(client)
            );
            let help = match whitespace {
                "a line break" => {
                    "Remove the line break: `printf %s` writes none where `echo` does."
                }
                _ => "Remove the whitespace.",
            };
            let diagnostic = RULE.at(span, message).label("not what it looks like").help(help);
            let diagnostic = diagnostic.severity(Severity::Warning);
            found.push(super::targets::placed(context, diagnostic, span));
        }
    }
    found
}

/// Values of Redis settings and of the variables that LiteLLM reads for them, between quotes that are not quotes
/// to YAML and shells; not where `found` is there already.
fn quoted(context: &Context<'_>, found: &[Finding]) -> Vec<Finding> {
    let is_found = |span| found.iter().any(|one| one.primary.span == span);
    let say = |subject: String, span| {
        let message =
            format!("{subject} has a typographic quote in it, which is a part of the value.");
        let found = RULE.at(span, message).label("not what it looks like");
        found.help("Write `\"` or `'` in its place, or no quotes.")
    };
    let settings = context.redis_settings().filter_map(|(section, key, entry)| {
        let quoted = entry.value.as_str().is_some_and(is_quoted);
        let span = entry.value.span();
        (quoted && !is_found(span))
            .then(|| say(format!("`{section}.{key}`"), span).path(format!("{section}.{key}")))
    });
    let variables = context.environment.iter().filter_map(|(name, variable)| {
        let quoted =
            matches!(&variable.value, VariableValue::Known(value) if is_quoted(value.reveal()));
        let read = || {
            name.starts_with("REDIS_")
                || context.config_text.contains(&format!("os.environ/{name}"))
        };
        (quoted && !is_found(variable.span) && read()).then(|| say(name.to_owned(), variable.span))
    });
    settings.chain(variables).collect()
}

/// Quotes of word processors and of other languages.
const TYPOGRAPHIC: &str = "“”„‟‘’‚‛«»‹›＂＇";

fn is_quoted(text: &str) -> bool {
    let ends = || {
        text.starts_with(|c| TYPOGRAPHIC.contains(c)) || text.ends_with(|c| TYPOGRAPHIC.contains(c))
    };
    !text.is_ascii() && ends() && text.chars().count() > 1
}

fn of_host(host: &Value) -> Option<String> {
    // What is more than a name is another rule's.
    host.as_str().filter(|host| !host.contains("://")).and_then(misleads)
}

/// What is in a name that misleads, in words.
fn misleads(name: &str) -> Option<String> {
    if name.is_ascii() && !name.contains(|c: char| c.is_ascii_control() || c == ' ') {
        return None;
    }
    let code = |c: char| format!("U+{:04X}", u32::from(c));
    if let Some(c) = name.chars().find(|c| is_hidden(*c)) {
        return Some(format!("a character that can't be seen ({})", code(c)));
    }
    if name.starts_with(char::is_whitespace) || name.ends_with(char::is_whitespace) {
        return Some("whitespace at its start or end".to_owned());
    }
    if let Some(c) = name.chars().find(|c| c.is_whitespace() && *c != ' ') {
        return Some(format!("whitespace other than a space ({})", code(c)));
    }
    if let Some(c) = name.chars().find(|c| TYPOGRAPHIC.contains(*c)) {
        return Some(format!("a typographic quote ({})", code(c)));
    }
    let other = name.chars().find(|c| looks_latin(*c))?;
    let latin = name.chars().any(|c| c.is_ascii_alphabetic());
    // A name that is all of one script is what it looks like.
    latin.then(|| format!("a character that looks like a Latin letter ({})", code(other)))
}

/// Letters of other scripts, and forms of Latin ones, that no one tells from Latin letters.
fn looks_latin(c: char) -> bool {
    "аеорсухіјѕԁԛԝһӏкмтвнАВЕКМНОРСТУХІЈЅοιανυρτκχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑ".contains(c)
        || matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' | '\u{2010}'..='\u{2015}' | '\u{2024}')
}

#[cfg(test)]
mod tests {
    use super::misleads;

    #[test]
    fn what_misleads_is_named() {
        for (name, word) in [
            ("redis ", "whitespace at its start or end"),
            ("\u{a0}redis", "whitespace at its start or end"),
            ("re\u{a0}dis", "other than a space (U+00A0)"),
            ("re\u{200b}dis", "(U+200B)"),
            ("redis\u{202e}", "(U+202E)"),
            ("redis\n", "(U+000A)"),
            ("r\u{435}dis.internal", "(U+0435)"),
            ("redis\u{2010}master", "(U+2010)"),
            ("ｒedis", "(U+FF52)"),
            ("“redis”", "a typographic quote (U+201C)"),
        ] {
            let said = misleads(name).unwrap_or_default();
            assert!(said.contains(word), "{name:?}: {said}");
        }
        for name in ["redis.internal", "REDIS_HOST", "münchen.example", "редис", "", "::1"] {
            assert_eq!(misleads(name), None, "{name}");
        }
    }
}
