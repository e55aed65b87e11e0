//! `urllib.parse`: `urlsplit`, `parse_qs` and `unquote`, as CPython 3.11 has them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::case;
use super::convert::repr_str;
use super::exception::{PyResult, Raise, Stop};

/// `urlsplit(url)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitUrl {
    /// Lower-cased scheme; empty where there is none.
    pub scheme: String,
    /// Between `//` and the path.
    pub netloc: String,
    /// The path, with its slash.
    pub path: String,
    /// The query, without `?`.
    pub query: String,
    /// The fragment, without `#`.
    pub fragment: String,
}

/// `urllib.parse.urlsplit(url)`.
///
/// # Errors
/// `ValueError` for brackets that do not pair or do not hold an IPv6 address.
pub fn urlsplit(url: &str) -> PyResult<SplitUrl> {
    let url = url.trim_start_matches(|c: char| u32::from(c) <= 0x20);
    let url: String = url.chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
    let mut rest = url.as_str();
    let mut scheme = String::new();
    if let Some((before, after)) = url.split_once(':')
        && before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        scheme = before.to_ascii_lowercase();
        rest = after;
    }
    let mut netloc = "";
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        (netloc, rest) = after.split_at(end);
        if netloc.contains('[') != netloc.contains(']') {
            return Err(Stop::raise("ValueError", "Invalid IPv6 URL"));
        }
        if netloc.contains('[') {
            let (_, bracketed) = netloc.split_once('[').unwrap_or(("", ""));
            check_bracketed_host(bracketed.split(']').next().unwrap_or(""))?;
        }
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Ok(SplitUrl {
        scheme,
        netloc: netloc.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        fragment: fragment.to_owned(),
    })
}

/// A URL whose password ends its host: in `redis://:12/34@redis:6379`, the host is empty, and the port
/// is 12. What stands for host, port and path is then a part of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut<'a> {
    /// The character that ends the host: `/`, `?` or `#`.
    pub by: char,
    /// What is behind the last `@`: the host that is meant, and what follows it.
    pub meant: &'a str,
}

impl<'a> Cut<'a> {
    /// Whether a URL is cut so, as far as that shows.
    pub fn of(url: &'a str) -> Option<Self> {
        let (_, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#'])?;
        let (netloc, tail) = rest.split_at(end);
        let first = tail.find('@')?;
        let in_query = tail.find('?').is_some_and(|query| query < first)
            && tail.find('#').is_none_or(|fragment| first < fragment);
        // `redis:6379` is a host, and `:pass` or `user:pass` is none.
        let is_host = match netloc.rsplit_once(':') {
            Some((host, port)) => {
                !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
            }
            None => !netloc.is_empty(),
        };
        // An option may hold an `@`.
        if in_query && (netloc.contains('@') || is_host) {
            return None;
        }
        let (_, meant) = tail.rsplit_once('@')?;
        Some(Self { by: tail.chars().next()?, meant })
    }
}

fn check_bracketed_host(host: &str) -> PyResult<()> {
    let raise = |message: String| Err(Stop::raise("ValueError", message));
    if let Some(future) = host.strip_prefix('v') {
        let (version, rest) = future.split_once('.').unwrap_or(("", ""));
        let hex = !version.is_empty() && version.chars().all(|c| c.is_ascii_hexdigit());
        return if hex && !rest.is_empty() {
            Ok(())
        } else {
            raise("IPvFuture address is invalid".to_owned())
        };
    }
    if host.parse::<Ipv4Addr>().is_ok() {
        return raise("An IPv4 address cannot be in brackets".to_owned());
    }
    let (address, zone) = host.split_once('%').map_or((host, None), |(a, z)| (a, Some(z)));
    let zone_ok = zone.is_none_or(|zone| !zone.is_empty() && !zone.contains('%'));
    if address.parse::<Ipv6Addr>().is_ok() && zone_ok {
        return Ok(());
    }
    raise(format!("{} does not appear to be an IPv4 or IPv6 address", repr_str(host)))
}

impl SplitUrl {
    /// `(username, password)`
    pub fn userinfo(&self) -> (Option<&str>, Option<&str>) {
        match self.netloc.rsplit_once('@') {
            None => (None, None),
            Some((userinfo, _)) => match userinfo.split_once(':') {
                Some((username, password)) => (Some(username), Some(password)),
                None => (Some(userinfo), None),
            },
        }
    }

    fn hostinfo(&self) -> (&str, Option<&str>) {
        let hostinfo = self.netloc.rsplit_once('@').map_or(self.netloc.as_str(), |(_, h)| h);
        let (hostname, port) = match hostinfo.split_once('[') {
            Some((_, bracketed)) => {
                let (hostname, rest) = bracketed.split_once(']').unwrap_or((bracketed, ""));
                (hostname, rest.split_once(':').map_or("", |(_, port)| port))
            }
            None => hostinfo.split_once(':').unwrap_or((hostinfo, "")),
        };
        (hostname, Some(port).filter(|port| !port.is_empty()))
    }

    /// `hostname`: lower-cased but for an IPv6 zone.
    pub fn hostname(&self) -> Option<String> {
        let (hostname, _) = self.hostinfo();
        if hostname.is_empty() {
            return None;
        }
        Some(match hostname.split_once('%') {
            Some((name, zone)) => format!("{}%{zone}", case::lower(name)),
            None => case::lower(hostname),
        })
    }

    /// `port`.
    ///
    /// # Errors
    /// `ValueError` when it is not a number up to 65535.
    pub fn port(&self) -> PyResult<Option<u16>> {
        let (_, Some(port)) = self.hostinfo() else {
            return Ok(None);
        };
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("Port could not be cast to integer value as {}", repr_str(port));
            return Err(Stop::raise("ValueError", message).for_reason(Raise::UrlPort));
        }
        match port.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Stop::raise("ValueError", "Port out of range 0-65535")),
        }
    }

    /// `urlunsplit`, for a URL that has a netloc.
    pub fn unsplit(&self) -> String {
        let mut url = String::new();
        if !self.scheme.is_empty() {
            url.push_str(&self.scheme);
            url.push(':');
        }
        if !self.netloc.is_empty() || self.path.starts_with("//") {
            url.push_str("//");
            url.push_str(&self.netloc);
            if !self.path.is_empty() && !self.path.starts_with('/') {
                url.push('/');
            }
        }
        url.push_str(&self.path);
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if !part.is_empty() {
                url.push(mark);
                url.push_str(part);
            }
        }
        url
    }
}

/// `parse_qs(query)`: each name with its first value, in order of first appearance. Blank values
/// are dropped.
pub fn parse_qs(query: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for field in query.split('&') {
        if let Some((name, value)) = field.split_once('=')
            && !value.is_empty()
        {
            let name = unquote(&name.replace('+', " "));
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, unquote(&value.replace('+', " "))));
            }
        }
    }
    found
}

/// `unquote(text)`: percent escapes read as UTF-8, what is not UTF-8 replaced.
pub fn unquote(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut out = String::new();
    // Only runs of ASCII are decoded, as `unquote` splits the text.
    for run in ascii_runs(text) {
        if run.is_ascii() {
            out.push_str(&String::from_utf8_lossy(&unquote_bytes(run.as_bytes())));
        } else {
            out.push_str(run);
        }
    }
    out
}

fn ascii_runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut kind = text.chars().next().is_none_or(|c| c.is_ascii());
    for (at, c) in text.char_indices() {
        if c.is_ascii() != kind {
            runs.push(&text[start..at]);
            start = at;
            kind = !kind;
        }
    }
    runs.push(&text[start..]);
    runs
}

fn unquote_bytes(bytes: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%'
            && let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2)))
        {
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{parse_qs, unquote, urlsplit};

    #[test]
    fn userinfo_host_and_port_are_split_at_the_last_at_sign() {
        let url = urlsplit("rediss://us%40er:p:w@x@[::1]:6380/2?db=3#f").expect("splits");
        assert_eq!(url.userinfo(), (Some("us%40er"), Some("p:w@x")));
        assert_eq!(url.hostname().as_deref(), Some("::1"));
        assert_eq!(url.port(), Ok(Some(6380)));
        assert_eq!((url.path.as_str(), url.query.as_str()), ("/2", "db=3"));
    }

    #[test]
    fn blank_values_are_dropped_and_the_first_one_wins() {
        let pairs = parse_qs("a=1&b=&a=2&c=x%20y+z");
        assert_eq!(pairs, [("a".into(), "1".into()), ("c".into(), "x y z".into())]);
    }

    #[test]
    fn escapes_that_are_none_stay() {
        assert_eq!(unquote("100%zz%41é%C3%A9"), "100%zzAéé");
    }
}
