use super::case::{raises, silent};
use super::context::client_name;
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::secret::Secret;
use base::source::Span;
use deployment::environment::VariableValue;
use python::url::{Cut, unquote};
use python::{Origin, PyException};
use simulate::outcome::{Auth, Client};

pub(super) static RULE: Rule = Rule {
    code: "RP113",
    name: "url-password-is-misread",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "A character of the user or password means something else in a URL, or the password stands in the user's place.",
    why: "In a URL, `#`, `/` and `?` end the part that holds user, password and host: what follows is a \
        fragment, a path or a query. `redis://:12#4@redis:6379` names port 12 of no host, and redis-py goes to \
        `localhost:12` without a password. `[` and `]` are for IPv6 addresses. `%` and two digits are \
        one character. These are written `%23`, `%2F`, `%3F`, `%5B`, `%5D` and `%25`; `:` and `@` may stay. What \
        stands before the `@` without a `:` is the user: `rediss://PASSWORD@redis:6379` logs in as a user of that name.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: os.environ/REDIS_URL
",
    )
    .env("REDIS_URL=redis://:1234#5678@redis.internal:6379/0\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: os.environ/REDIS_URL
",
    )
    .env("REDIS_URL=rediss://:1234%235678@redis.internal:6379/0?ssl_check_hostname=true\n"),
    cases: &[
        // No character before the `/` is in the way: host and port are another one's.
        raises(URL)
            .env("REDIS_URL=rediss://us:12@cache/34@redis.internal:6379/0\n")
            .says(&["`%2F`", "redis.internal:6379/0"])
            .says_not(&["34", "us:"]),
        raises(URL).env("REDIS_URL=rediss://:99?x@redis.internal:6379\n").says(&["`%3F`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .env("REDIS_URL=redis://:12#4@redis.internal:6379\n")
            .says(&["localhost", "`%23`"])
            .says_not(&["12"]),
        // What is not UTF-8 is another character; a letter needs no escape.
        raises(URL)
            .env("REDIS_URL=rediss://:p%ffw@redis.internal:6379?ssl_check_hostname=true\n")
            .says(&["`%25`"])
            .says_not(&["p%ff"]),
        raises(URL)
            .env("REDIS_URL=rediss://:p%41w@redis.internal:6379?ssl_check_hostname=true\n")
            .severity(Severity::Hint),
        silent(URL)
            .env("REDIS_URL=rediss://us:p%23w%25%40@redis.internal:6379/0?client_name=a@b\n"),
        silent(URL).env("REDIS_URL=redis://redis:6379/0?client_name=a@b\n"),
        silent(URL).env("REDIS_URL=rediss://:p@ss:w%rd@redis.internal:6379/1\n"),
        silent(URL).env("REDIS_URL=redis://redis:6379/0#x\n"),
        raises(URL)
            .env("REDIS_URL=rediss://s3cretpw@redis.internal:6379?ssl_check_hostname=true\n")
            .severity(Severity::Warning)
            .says(&["empty password", "rediss://:PASSWORD@"])
            .says_not(&["s3cretpw"]),
        silent(URL).env("REDIS_URL=rediss://user:@redis.internal:6379?ssl_check_hostname=true\n"),
        silent(URL).env(
            "REDIS_URL=rediss://user@redis.internal:6379?password=pw-1234&ssl_check_hostname=true\n",
        ),
        // Start-up fails, and says it with this cure.
        silent(URL).env("REDIS_URL=redis://:redispass#abc@redis:6379/0\n"),
    ],
    check,
};

const URL: &str =
    "litellm_settings: {cache: true, cache_params: {type: redis, url: os.environ/REDIS_URL}}\n";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = vec![];
    let outcome = context.outcome;
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    let clients: Vec<&Client> = outcome.redis_py_clients().chain(fallback).collect();
    let mut failing = clients.iter().filter_map(|client| error(client));
    if context.startup_exception().is_some_and(|one| cure(context, one).is_some())
        || failing.any(|one| cure(context, one).is_some())
    {
        return found;
    }
    for client in clients {
        let Some(connection) = &client.connection else { continue };
        let origins = [
            &connection.tls_origin,
            &connection.host.value.origin,
            &connection.port.value.origin,
            &connection.password.origin,
        ];
        let Some((url, span)) = origins.into_iter().find_map(|origin| url_of(context, origin))
        else {
            continue;
        };
        if found.iter().any(|one| one.primary.span == span) {
            continue;
        }
        if let (Some(cut), Some(help)) = (Cut::of(url), uncut(url)) {
            // Where it goes is a part of the secret.
            let goes = match connection.host.value.as_str() {
                Some("localhost") | None => "localhost, to a port out of the password or none",
                Some(_) => "a host out of the password",
            };
            let message = format!(
                "A `{}` in the URL's user or password ends the host's part there: {} goes to {goes}.",
                cut.by,
                lower(&client_name(client)),
            );
            let finding = RULE.at(span, message).label("cut off").help(help);
            found.push(placed(context, finding, span));
        } else if let Some((severity, message)) = decoded(url) {
            let finding = RULE
                .at(span, message)
                .label("an escape")
                .severity(severity)
                .help("Write `%25` for a `%` that is one.");
            found.push(placed(context, finding, span));
        } else if has_user_alone(url) && connection.auth == Auth::Static {
            let message = format!(
                "The URL has a user and no password: {} logs in as that user, with an empty password.",
                lower(&client_name(client)),
            );
            let finding = RULE
                .at(span, message)
                .label("a user")
                .severity(Severity::Warning)
                .help("Write `:` before the password: `rediss://:PASSWORD@HOST:PORT`, or `USER:PASSWORD@`.");
            found.push(placed(context, finding, span));
        }
    }
    found
}

/// Whether what stands before the host is one word: redis-py takes it for the user.
fn has_user_alone(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let netloc = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let user = netloc.rsplit_once('@').map_or("", |(user, _)| user);
    !user.is_empty() && !user.contains(':') && !query.contains("password=")
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

fn error(client: &Client) -> Option<&PyException> {
    match client.error.as_ref()? {
        simulate::outcome::Knowable::Known(exception) => Some(exception),
        simulate::outcome::Knowable::Unknown(_) => None,
    }
}

/// What to write where an exception comes of what is in a URL.
pub(super) fn cure(context: &Context<'_>, exception: &PyException) -> Option<String> {
    let text = exception.origins.iter().find_map(|origin| text_of(context, origin));
    let text = text?;
    if !is_url(text) {
        let scheme = exception.message.starts_with("Redis URL must specify");
        return scheme.then(|| of_scheme(text)).flatten();
    }
    if let Some(help) = uncut(text) {
        return Some(help);
    }
    let rest = text.split_once("://")?.1;
    let netloc = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (userinfo, host) = netloc.rsplit_once('@').unwrap_or(("", netloc));
    if userinfo.contains(['[', ']']) {
        return Some(format!(
            "Write `[` as `%5B` and `]` as `%5D` in the password: only an IPv6 address is in brackets.{}",
            shown(text, host)
        ));
    }
    if host.contains(',') {
        return Some(
            "Name one server: a URL has one host and one port. List a cluster's nodes under \
             `redis_startup_nodes`, and sentinels under `sentinel_nodes`."
                .to_owned(),
        );
    }
    if exception.reason != python::Raise::UrlPort {
        return None;
    }
    if host.trim() != host {
        return Some("Remove the whitespace behind the port.".to_owned());
    }
    let help = "Correct the port. Where that is a part of the password, write `#`, `/`, `?` and `[` in it as \
                `%23`, `%2F`, `%3F` and `%5B`, and an `@` before the host.";
    Some(help.to_owned())
}

const SENTINELS: &str = "List the sentinels under `sentinel_nodes` and write the master's name as `service_name`: LiteLLM \
     takes no URL for Sentinel.";

/// What to write instead of a URL of another scheme.
fn of_scheme(text: &str) -> Option<String> {
    let scheme = match text.split_once("://") {
        Some((scheme, _)) => scheme.to_ascii_lowercase(),
        None if text.is_empty() || text.starts_with(['"', '\'']) => return None,
        None if text.contains(":26379") => {
            return Some(SENTINELS.to_owned());
        }
        None => {
            return Some("Begin the URL with `redis://`, or with `rediss://` for TLS.".to_owned());
        }
    };
    Some(if scheme.contains("sentinel") {
        SENTINELS.to_owned()
    } else if scheme.contains("cluster") {
        "List the nodes under `redis_startup_nodes`: LiteLLM takes no URL for a cluster.".to_owned()
    } else {
        "Begin the URL with `redis://`, or with `rediss://` for TLS.".to_owned()
    })
}

/// What an exception says of a URL, without the part of the password that it may quote.
pub(super) fn said(context: &Context<'_>, exception: &PyException) -> String {
    let said = exception.to_string();
    let url = exception.origins.iter().find_map(|origin| text_of(context, origin));
    let quotes_password = url.is_some_and(|url| {
        is_url(url)
            && (Cut::of(url).is_some()
                || url.rsplit_once('@').is_some_and(|(user, _)| user.contains(['[', ']'])))
    });
    match (said.find('\''), said.rfind('\'')) {
        (Some(first), Some(last)) if quotes_password && first < last => {
            format!("{}•••{}", &said[..=first], &said[last..])
        }
        _ => said,
    }
}

fn is_url(text: &str) -> bool {
    let schemes = ["redis://", "rediss://", "unix://"];
    schemes.iter().any(|scheme| text.trim_start().starts_with(scheme))
}

/// The text that a value comes from.
pub(super) fn text_of<'a>(context: &Context<'a>, origin: &Origin) -> Option<&'a str> {
    if let Some(name) = origin.variable() {
        return match &context.environment.get(name)?.value {
            VariableValue::Known(value) => Some(Secret::reveal(value)),
            VariableValue::Unknown(_) => None,
        };
    }
    let (path, _) = context.key_at(origin.span()?)?;
    context.value(&path)?.as_str()
}

/// Whether what is written at a place may be a URL: as it is, with escapes, or by an alias.
fn may_be_url(written: &str) -> bool {
    written.contains("://") || written.contains(['\\', '*'])
}

/// The text of the URL that a value comes from, and its place.
fn url_of<'a>(context: &Context<'a>, origin: &Origin) -> Option<(&'a str, Option<Span>)> {
    let written = origin.span().and_then(|span| context.written(span));
    if written.is_some_and(|written| !may_be_url(written)) && origin.variable().is_none() {
        return None;
    }
    let text = text_of(context, origin)?;
    is_url(text).then(|| (text, context.span_of(origin)))
}

/// What to write instead of a character that cuts a URL off; `None` where none does.
pub(super) fn uncut(url: &str) -> Option<String> {
    let cut = Cut::of(url)?;
    let written = match cut.by {
        '#' => "%23",
        '/' => "%2F",
        _ => "%3F",
    };
    Some(format!(
        "Write `{}` as `{written}` in the password (`/` `?` `#` `[` `%` are `%2F` `%3F` `%23` `%5B` `%25`).{}",
        cut.by,
        shown(url, cut.meant)
    ))
}

/// The URL as it works, without what is secret; nothing where what is in the host's place is not a host.
fn shown(url: &str, host: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:/".contains(c);
    let host = host.split('?').next().unwrap_or(host);
    match url.split_once("://") {
        Some((scheme, _)) if !host.is_empty() && host.chars().all(plain) => {
            format!(" The URL is then `{}://:…@{host}`.", scheme.trim_start())
        }
        _ => String::new(),
    }
}

/// Whether an escape in the password is one that nobody means.
fn decoded(url: &str) -> Option<(Severity, String)> {
    let (_, rest) = url.split_once("://")?;
    let netloc = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (userinfo, _) = netloc.rsplit_once('@')?;
    let (_, password) = userinfo.split_once(':')?;
    let read = unquote(password);
    if read.contains(char::REPLACEMENT_CHARACTER) && !password.contains(char::REPLACEMENT_CHARACTER)
    {
        let message = "A `%` and two digits in the URL's password are read as a byte that is not a character: the \
                       password is another one.";
        return Some((Severity::Error, message.to_owned()));
    }
    if read.chars().any(char::is_control) && !password.contains(char::is_control) {
        let message = "A `%` and two digits in the URL's password are read as a control character.";
        return Some((Severity::Warning, message.to_owned()));
    }
    // Nothing escapes letters and digits.
    let mut escapes =
        password.match_indices('%').filter_map(|(at, _)| password.get(at + 1..at + 3));
    let needless = escapes.any(|digits| {
        u8::from_str_radix(digits, 16).is_ok_and(|byte| byte.is_ascii_alphanumeric())
    });
    needless.then(|| {
        let message = "A `%` and two digits in the URL's password are read as one letter or digit.";
        (Severity::Hint, message.to_owned())
    })
}
