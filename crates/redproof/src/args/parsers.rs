//! How the values of options are read.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use redproof_core::asked::CallType;
use redproof_core::releases::Python;

pub(super) fn python(text: &str) -> Result<Python, String> {
    Python::parse(text).ok_or_else(|| "write a release of Python 3, such as 3.13".to_owned())
}

/// `1.80.0`, or the name of an image whose tag says it.
pub(super) fn release(text: &str) -> Result<String, String> {
    match redproof_core::environment::Image::parse(text, None) {
        Some(image) => image.release.ok_or_else(|| "the image's tag names no release".to_owned()),
        None => Ok(text.to_owned()),
    }
}

pub(super) fn host_address(text: &str) -> Result<(String, IpAddr), String> {
    let parts = text.split_once('=').filter(|(host, _)| !host.is_empty());
    parts
        .and_then(|(host, address)| Some((host.to_owned(), address.parse().ok()?)))
        .ok_or_else(|| "write it as HOST=ADDRESS, such as redis.example=127.0.0.1".to_owned())
}

/// `90s`, `5m`, `1h`, `30d`
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let wrong = || "write a span such as 30s, 5m, 1h or 7d".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let seconds = number.checked_mul(unit).filter(|seconds| (1..=1 << 32).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds")?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero() && *duration <= Duration::from_hours(1))
        .ok_or_else(|| "write a number of seconds above 0, up to 3600".to_owned())
}

pub(super) fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = match text.parse::<u16>() {
        Ok(port) => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        Err(_) => text
            .replacen("localhost", "127.0.0.1", 1)
            .parse()
            .map_err(|_| "write a port, or an address with a port such as 127.0.0.1:8700")?,
    };
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("only loopback addresses: whoever reaches this server can probe from here".to_owned())
    }
}

/// `https://host` or `https://host:port`, as browsers write it.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(text),
        _ => Err("write it as https://host or https://host:port, without a path".to_owned()),
    }
}

/// The endpoint of this name, with or without `/v1`.
pub(crate) fn endpoint(text: &str) -> Result<CallType, String> {
    let bare = text.trim_start_matches('/');
    let bare = bare.strip_prefix("v1/").unwrap_or(bare);
    let found = CallType::ALL.into_iter().find(|call| {
        let path = call.endpoint().trim_start_matches('/');
        path == bare || path.strip_prefix("v1/") == Some(bare)
    });
    found.ok_or_else(|| {
        let known = CallType::ALL.map(CallType::endpoint).join(", ");
        format!("LiteLLM caches the answers of {known}")
    })
}
