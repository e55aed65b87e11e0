//! `parse_url`: what a Redis URL says.

use crate::outcome::Api;
use facts::{Behaviour, Pair, UrlParser};
use python::url::{Cut, parse_qs, unquote, urlsplit};
use python::{Data, Integer, Kwargs, Origin, PyResult, Stop, Value, case, convert};

use super::connection::ConnectionClass;

/// `parse_url(url)`: the connection class and the keyword arguments.
///
/// # Errors
/// `ValueError` for another scheme, a bad port or query value; `AttributeError` for what is not text.
pub(super) fn parse_url(pair: Pair, api: Api, url: &Value) -> PyResult<(ConnectionClass, Kwargs)> {
    let text = match &url.data {
        Data::Str(text) => text,
        Data::Unknown(why) => return Ok(unknown_url(why, &url.origin)),
        _ => return Err(not_text(api, url)),
    };
    parse_text(pair, api, text, &url.origin).map_err(|stop| stop.because_of(&url.origin))
}

fn not_text(api: Api, url: &Value) -> Stop {
    let attribute = if api == Api::Sync { "startswith" } else { "decode" };
    Stop::no_attribute(url, attribute)
}

/// Of a URL that is set elsewhere, each part is unknown.
fn unknown_url(why: &str, origin: &Origin) -> (ConnectionClass, Kwargs) {
    let mut options = Kwargs::new();
    for name in ["host", "port", "db", "username", "password"] {
        options.insert(name, Value::new(Data::Unknown(why.into()), origin.clone()));
    }
    (ConnectionClass::Unknown(why.to_owned()), options)
}

fn parse_text(
    pair: Pair,
    api: Api,
    text: &str,
    origin: &Origin,
) -> PyResult<(ConnectionClass, Kwargs)> {
    let schemes = ["redis://", "rediss://", "unix://"];
    if api == Api::Sync && !schemes.iter().any(|scheme| text.starts_with(scheme)) {
        let message = "Redis URL must specify one of the following schemes \
             (redis://, rediss://, unix://)";
        return Err(Stop::raise("ValueError", message));
    }
    let url = urlsplit(text)?;
    let mut options = Kwargs::new();
    let part = |how: &'static str, data| Value::new(data, Origin::computed(how, [origin.clone()]));
    for (name, value) in parse_qs(&url.query) {
        let value =
            if pair.behaves(Behaviour::UrlQueryUnquotedOnce) { value } else { unquote(&value) };
        let data = query_value(pair, api, &name, &value)?;
        options.insert(name, part("an option in the url's query", data));
    }
    let (username, password) = url.userinfo();
    for (name, how, value) in [
        ("username", "the user in the url", username),
        ("password", "the password in the url", password),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            options.insert(name, part(how, Data::Str(unquote(value).into())));
        }
    }
    let class = match url.scheme.as_str() {
        "unix" => {
            if !url.path.is_empty() {
                let path = Data::Str(unquote(&url.path).into());
                options.insert("path", part("the path of the url", path));
            }
            return Ok((ConnectionClass::Unix, options));
        }
        "redis" => ConnectionClass::Tcp,
        "rediss" => ConnectionClass::Ssl,
        _ => {
            let message = "Redis URL must specify one of the following schemes \
                 (redis://, rediss://, unix://)";
            return Err(Stop::raise("ValueError", message));
        }
    };
    // Where a character of the password ends the host, what follows is a part of the password.
    let cut = Cut::of(text).is_some();
    let part = |how: &'static str, data| match cut {
        true => Value::new(data, Origin::out_of_a_password(how, origin.clone())),
        false => part(how, data),
    };
    if let Some(host) = url.hostname() {
        options.insert("host", part("the host of the url", Data::Str(unquote(&host).into())));
    }
    if let Some(port) = url.port()?.filter(|port| *port != 0) {
        options.insert("port", part("the port of the url", Data::Int(Integer::from(port))));
    }
    if !url.path.is_empty()
        && !options.contains("db")
        && let Some(db) = convert::parse_int(&unquote(&url.path).replace('/', ""))
    {
        options.insert("db", part("the path of the url", Data::Int(db)));
    }
    Ok((class, options))
}

fn query_value(pair: Pair, api: Api, name: &str, value: &str) -> PyResult<Data> {
    let data = pair.redis_py_data();
    let parser = match api {
        Api::Sync => data.url_parser(name),
        Api::Async | Api::Native => data.async_url_parser(name),
    };
    let text = || Data::Str(value.into());
    let Some(parser) = parser else {
        return Ok(text());
    };
    let quote = if pair.behaves(Behaviour::UrlErrorQuotesPlainly) { '\'' } else { '`' };
    let invalid = || {
        let message = format!("Invalid value for {quote}{name}{quote} in connection URL.");
        Stop::raise("ValueError", message)
    };
    match parser {
        UrlParser::Int => convert::parse_int(value).map(Data::Int).ok_or_else(invalid),
        UrlParser::Float => convert::parse_float(value).map(Data::Float).ok_or_else(invalid),
        UrlParser::Bool => {
            let falsy = ["0", "F", "FALSE", "N", "NO"];
            Ok(Data::Bool(!falsy.contains(&case::upper_word(value).as_str())))
        }
        UrlParser::List => {
            let origin = Origin::RedisPyDefault("parse_url");
            let items = value.chars().map(|c| Value::str(c.to_string(), origin.clone()));
            Ok(Data::List(items.collect::<Vec<_>>().into()))
        }
        UrlParser::VerifyFlags => verify_flags(value).ok_or_else(invalid),
    }
}

/// `parse_ssl_verify_flags`: the flags of `ssl.VerifyFlags` by name.
fn verify_flags(value: &str) -> Option<Data> {
    const FLAGS: [&str; 7] = [
        "VERIFY_DEFAULT",
        "VERIFY_CRL_CHECK_LEAF",
        "VERIFY_CRL_CHECK_CHAIN",
        "VERIFY_X509_STRICT",
        "VERIFY_ALLOW_PROXY_CERTS",
        "VERIFY_X509_TRUSTED_FIRST",
        "VERIFY_X509_PARTIAL_CHAIN",
    ];
    let origin = Origin::RedisPyDefault("parse_ssl_verify_flags");
    let value = value.replace(['[', ']'], "");
    let flags: Option<Vec<Value>> = value
        .split(',')
        .map(|flag| FLAGS.contains(&flag.trim()).then(|| Value::str(flag.trim(), origin.clone())))
        .collect();
    Some(Data::List(flags?.into()))
}
