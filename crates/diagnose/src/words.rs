//! Conditions in words.

use facts::Behaviour;
use facts::defects::Defect;

use crate::When;

impl When {
    /// The condition in words, for a page: what comes after "if".
    pub fn words(&self) -> String {
        let plain = |text: &str| text.to_owned();
        match self {
            Self::Always => String::new(),
            Self::Tls => plain("a client speaks TLS"),
            Self::Plaintext => plain("a client speaks plaintext"),
            Self::Verified => plain("a client verifies the server's certificate"),
            Self::Unverified => plain("a TLS client does not verify the certificate"),
            Self::NamesChecked => plain("a client checks the certificate's name"),
            Self::SystemRoots => plain("a verifying client trusts the system's authorities alone"),
            Self::OwnRoots => plain("a client has authorities of its own (`ssl_ca_certs`)"),
            Self::ClientCertificate => plain("a client has a certificate (`ssl_certfile`)"),
            Self::NoClientCertificate => plain("a TLS client has no certificate of its own"),
            Self::PlaintextToTlsPort => plain("a plaintext client goes to a TLS port such as 6380"),
            Self::TlsToPlaintextPort => plain("a TLS client goes to port 6379"),
            Self::Login => plain("a client sends a password or token"),
            Self::NoLogin => plain("a client sends no password"),
            Self::Username => plain("a client sends a username"),
            Self::PasswordAlone => plain("a client sends a password without a username"),
            Self::Token => plain("a client logs in with a cloud's token"),
            Self::NumberedDatabase => plain("a client selects a database other than 0"),
            Self::Single => plain("a client is made for one server"),
            Self::Cluster => plain("a client is made for a cluster"),
            Self::Sentinel => plain("a client asks sentinels"),
            Self::SentinelPort => plain("a client for one server goes to port 26379"),
            Self::OtherThanSentinel => plain("a client goes to a server that is not a sentinel"),
            Self::SentinelsWithoutPassword => plain("the sentinels get no password"),
            Self::Loopback => plain("the host is this machine"),
            Self::HostIsAddress => plain("the host is an IP address"),
            Self::HostIsShort => plain("the host is a name without a dot"),
            Self::HostIsOdd => plain("the host holds a space, a quote, a slash, `@` or a port"),
            Self::HostEnds(ends) => format!("the host ends in `{}`", ends.join("` or `")),
            Self::UnixSocket => plain("a client uses a Unix socket"),
            Self::ShortTimeout => plain("a timeout is below half a second"),
            Self::NoTimeout => plain("a client waits without end"),
            Self::LimitedPool => plain("the pool is limited"),
            Self::Resp3 => plain("`protocol` is 3"),
            Self::ClientName => plain("`client_name` is set"),
            Self::Behaves(behaviour) => releases(*behaviour),
            Self::Meets(Defect { id, depends: None, .. }) => {
                format!("the release and the configuration have the known defect {id}")
            }
            Self::Meets(Defect { id, depends: Some(depends), .. }) => {
                format!(
                    "the release and the configuration have the known defect {id}, and {depends}"
                )
            }
            Self::Found(codes) => format!("`redproof check` reports {}", codes.join(" or ")),
            Self::ResponseCache(classes) => format!("the cache is a {}", classes.join(" or a ")),
            Self::CacheType(types) => format!("`cache_params.type` is `{}`", types.join("` or `")),
            Self::NoResponseCache => plain("there is no response cache"),
            Self::NoClient => plain("no Redis client is built"),
            Self::All(all) => joined(all, ", and "),
            Self::Any(any) => joined(any, ", or "),
            Self::Allows(one) => one.words(),
            Self::Not(one) => format!("not: {}", one.words()),
        }
    }
}

/// `on redis-py 8.0.0 and newer`
fn releases(behaviour: Behaviour) -> String {
    let range = behaviour.releases();
    let name = range.software.name();
    match (range.since, range.until) {
        (Some(since), None) => format!("on {name} {since} and newer"),
        (None, Some(until)) => format!("on {name} up to {until}"),
        (Some(since), Some(until)) => format!("on {name} {since} to {until}"),
        (None, None) => format!("on every {name}"),
    }
}

fn joined(conditions: &[When], with: &str) -> String {
    let words: Vec<_> = conditions.iter().map(When::words).filter(|one| !one.is_empty()).collect();
    words.join(with)
}
