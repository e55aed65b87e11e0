//! What one connection says to a condition.

use base::secret::MASK;
use base::source::{LineIndex, Span};
use python::{Data, Origin, Value};
use report::Report;
use simulate::outcome::{Auth, Client, ClientKind, Connection, Knowable, Setting, Tls, Verify};

use crate::{Holds, When};

/// An answer, and the setting that decides it.
type Asked<'a> = (Holds, Option<(&'static str, &'a Origin)>);

impl When {
    /// What one connection says to it.
    pub(crate) fn of_connection<'a>(
        &self,
        client: &Client,
        connection: &'a Connection,
        is_sentinel: bool,
    ) -> Asked<'a> {
        let set = |setting: &'a Setting, name: &'static str| {
            (presence(&setting.value), Some((name, &setting.value.origin)))
        };
        match self {
            Self::Tls => (tls(connection), Some(("ssl", &connection.tls_origin))),
            Self::Plaintext => (not(tls(connection)), Some(("ssl", &connection.tls_origin))),
            Self::PlaintextToTlsPort => {
                let port = port_is(client, connection, &TLS_PORTS);
                (not(tls(connection)).max(port), Some(("port", &connection.port.value.origin)))
            }
            Self::TlsToPlaintextPort => {
                let port = port_is(client, connection, &[6379]);
                (tls(connection).max(port), Some(("ssl", &connection.tls_origin)))
            }
            Self::Login => (login(connection), Some(("password", &connection.password.origin))),
            Self::NoLogin => {
                (not(login(connection)), Some(("password", &connection.password.origin)))
            }
            Self::Username => set(&connection.username, "username"),
            Self::PasswordAlone => {
                let alone = not(presence(&connection.username.value)).max(login(connection));
                let alone = alone.max(is(connection.auth == Auth::Static));
                (alone, Some(("password", &connection.password.origin)))
            }
            Self::Token => (is(connection.auth != Auth::Static), None),
            Self::NumberedDatabase => {
                let value = &connection.db.value;
                let holds = match &value.data {
                    Data::Unknown(_) => Holds::Perhaps,
                    Data::None => Holds::No,
                    _ => is(text(value).is_some_and(|db| db != "0")),
                };
                (holds, Some(("db", &value.origin)))
            }
            Self::Single => (is(client.kind == ClientKind::Redis), None),
            Self::Cluster => (is(client.kind == ClientKind::RedisCluster), None),
            Self::Sentinel => (is(client.kind == ClientKind::Sentinel), None),
            Self::SentinelPort => {
                let single = is(client.kind == ClientKind::Redis);
                let port = port_is(client, connection, &[26379]);
                (single.max(port), Some(("port", &connection.port.value.origin)))
            }
            Self::OtherThanSentinel => (is(!is_sentinel), None),
            Self::SentinelsWithoutPassword => {
                let without = is(is_sentinel).max(not(login(connection)));
                (without, Some(("sentinel_password", &connection.password.origin)))
            }
            Self::Loopback => host_is(client, connection, |host| {
                matches!(host, "localhost" | "::1" | "0.0.0.0") || host.starts_with("127.")
            }),
            Self::HostIsAddress => {
                host_is(client, connection, |host| host.parse::<std::net::IpAddr>().is_ok())
            }
            Self::HostIsShort => host_is(client, connection, |host| {
                !host.is_empty() && !host.contains(['.', ':']) && host != "localhost"
            }),
            Self::HostEnds(ends) => host_is(client, connection, |host| {
                let host = host.trim_end_matches('.').to_ascii_lowercase();
                ends.iter().any(|end| host.ends_with(end))
            }),
            Self::HostIsOdd => host_is(client, connection, |host| {
                let odd = |c: char| c.is_whitespace() || "\"'/@?#".contains(c);
                host.contains(odd)
                    || (host.contains(':') && host.parse::<std::net::IpAddr>().is_err())
            }),
            Self::UnixSocket => (is(connection.path.is_some()), None),
            Self::ShortTimeout => {
                let times = [&connection.socket_timeout, &connection.socket_connect_timeout];
                let short = times
                    .into_iter()
                    .find(|time| number(&time.value).is_some_and(|seconds| seconds < 0.5));
                let by = short.unwrap_or(&connection.socket_timeout);
                (is(short.is_some()), Some(("socket_timeout", &by.value.origin)))
            }
            Self::NoTimeout => {
                let value = &connection.socket_timeout.value;
                (not(presence(value)), Some(("socket_timeout", &value.origin)))
            }
            Self::LimitedPool => (is(connection.max_connections.is_some()), None),
            Self::Resp3 => {
                let value = &connection.protocol.value;
                (is(text(value).as_deref() == Some("3")), Some(("protocol", &value.origin)))
            }
            Self::ClientName => set(&connection.client_name, "client_name"),
            of_tls => of_tls.of_tls_settings(connection),
        }
    }

    /// What the TLS settings of a connection say to it.
    fn of_tls_settings<'a>(&self, connection: &'a Connection) -> Asked<'a> {
        let tls = match &connection.tls {
            Knowable::Known(Some(tls)) => tls,
            Knowable::Known(None) => return (Holds::No, None),
            Knowable::Unknown(_) => return (Holds::Perhaps, None),
        };
        let certificate = &tls.certfile;
        match self {
            Self::Verified => {
                (is(tls.verify != Verify::None), Some(("ssl_cert_reqs", &tls.verify_origin)))
            }
            Self::Unverified => {
                (is(tls.verify == Verify::None), Some(("ssl_cert_reqs", &tls.verify_origin)))
            }
            Self::NamesChecked => {
                let value = &tls.check_hostname.value;
                (truth(value), Some(("ssl_check_hostname", &value.origin)))
            }
            Self::SystemRoots => {
                let verifies = is(tls.verify != Verify::None);
                (
                    verifies.max(not(own_roots(tls).0)),
                    Some(("ssl_ca_certs", &tls.ca_certs.value.origin)),
                )
            }
            Self::OwnRoots => own_roots(tls),
            Self::ClientCertificate => {
                (presence(&certificate.value), Some(("ssl_certfile", &certificate.value.origin)))
            }
            Self::NoClientCertificate => (
                not(presence(&certificate.value)),
                Some(("ssl_certfile", &certificate.value.origin)),
            ),
            // The other conditions ask no connection.
            _ => (Holds::Perhaps, None),
        }
    }
}

/// Ports at which services speak TLS: Azure Cache and Heroku-like 6380, Memorystore's 6378, Azure
/// Managed Redis' 10000, `DigitalOcean`'s 25061.
const TLS_PORTS: [u16; 4] = [6380, 6378, 10000, 25061];

/// What a client opens: each connection, and whether it goes to a sentinel.
pub(crate) fn connections(client: &Client) -> impl Iterator<Item = (&Connection, bool)> {
    let own = client.connection.iter().map(|connection| (connection, false));
    own.chain(client.sentinels.iter().map(|sentinel| (sentinel, true)))
}

/// Where a connection goes, in lower case as `host:port`; `None` where that is not known.
pub(crate) fn address(connection: &Connection) -> Option<String> {
    let (host, port) = (text(&connection.host.value)?, text(&connection.port.value)?);
    Some(format!("{host}:{port}").to_ascii_lowercase())
}

/// The addresses that a client goes to at first, as `host` and `port`.
pub(crate) fn addresses(client: &Client) -> Vec<(String, String)> {
    let of = |host: &Setting, port: &Setting| Some((text(&host.value)?, text(&port.value)?));
    let own = connections(client).filter_map(|(one, _)| of(&one.host, &one.port));
    own.chain(client.nodes.iter().filter_map(|node| of(&node.host, &node.port))).collect()
}

pub(crate) fn is(holds: bool) -> Holds {
    if holds { Holds::Yes } else { Holds::No }
}

fn not(holds: Holds) -> Holds {
    match holds {
        Holds::Yes => Holds::No,
        Holds::Perhaps => Holds::Perhaps,
        Holds::No => Holds::Yes,
    }
}

fn presence(value: &Value) -> Holds {
    match &value.data {
        Data::Unknown(_) => Holds::Perhaps,
        Data::None => Holds::No,
        Data::Str(text) => is(!text.is_empty()),
        _ => Holds::Yes,
    }
}

fn truth(value: &Value) -> Holds {
    match value.data {
        Data::Bool(flag) => is(flag),
        _ => presence(value),
    }
}

fn tls(connection: &Connection) -> Holds {
    match &connection.tls {
        Knowable::Known(tls) => is(tls.is_some()),
        Knowable::Unknown(_) => Holds::Perhaps,
    }
}

fn own_roots(tls: &Tls) -> Asked<'_> {
    let data = tls.others.iter().filter(|(name, _)| *name == "ca_data").map(|(_, data)| data);
    let sources = [&tls.ca_certs, &tls.ca_path].into_iter().chain(data);
    let holds = sources.map(|source| presence(&source.value)).min().unwrap_or(Holds::No);
    (holds, Some(("ssl_ca_certs", &tls.ca_certs.value.origin)))
}

fn login(connection: &Connection) -> Holds {
    if connection.auth != Auth::Static {
        return Holds::Yes;
    }
    match &connection.password.value {
        Knowable::Known(Some(secret)) => is(!secret.reveal().is_empty()),
        Knowable::Known(None) => Holds::No,
        Knowable::Unknown(_) => Holds::Perhaps,
    }
}

/// What a condition on a host says of where a client goes.
fn host_is<'a>(
    client: &Client,
    connection: &'a Connection,
    holds: impl Fn(&str) -> bool,
) -> Asked<'a> {
    let of = |value: &Value| match &value.data {
        Data::Str(host) => is(holds(host)),
        Data::Unknown(_) => Holds::Perhaps,
        _ => Holds::No,
    };
    let nodes = client.nodes.iter().map(|node| of(&node.host.value));
    let holds = nodes.chain([of(&connection.host.value)]).min().unwrap_or(Holds::No);
    (holds, Some(("host", &connection.host.value.origin)))
}

fn port_is(client: &Client, connection: &Connection, ports: &[u16]) -> Holds {
    let of = |value: &Value| match &value.data {
        Data::Unknown(_) => Holds::Perhaps,
        _ => is(text(value).and_then(|port| port.parse().ok()).is_some_and(|p| ports.contains(&p))),
    };
    let nodes = client.nodes.iter().map(|node| of(&node.port.value));
    nodes.chain([of(&connection.port.value)]).min().unwrap_or(Holds::No)
}

fn text(value: &Value) -> Option<String> {
    match &value.data {
        Data::Str(text) => Some(text.to_string()),
        Data::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Float(number) => Some(*number),
        Data::Int(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// Where a connection goes, in words without secrets.
pub(crate) fn target(report: &Report, client: &Client, connection: &Connection) -> String {
    let shown = |value: &Value| match value.origin.is_secret() {
        true => Some(MASK.to_owned()),
        false => text(value).map(|text| report.redaction.clean_text(&text)),
    };
    if let Some(path) = connection.path.as_ref().and_then(|path| shown(&path.value)) {
        return path;
    }
    let node = client.nodes.first().map(|node| (&node.host, &node.port));
    let (host, port) = match (client.kind, node) {
        (ClientKind::RedisCluster, Some(node)) => node,
        _ => (&connection.host, &connection.port),
    };
    match (shown(&host.value), shown(&port.value)) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host,
        (None, _) if client.kind == ClientKind::Sentinel => {
            let name = client.service_name.as_ref().and_then(shown).unwrap_or_default();
            format!("the master {name}")
        }
        (None, _) => "a host that is not known here".to_owned(),
    }
}

/// Where a value is written, or who set it.
pub(crate) fn place(report: &Report, origin: &Origin) -> Option<String> {
    let written = |span: Span| {
        let source = report.sources.iter().find(|source| source.id == span.source)?;
        let at = LineIndex::new(&source.text).position(&source.text, span.start);
        Some(format!("{}:{}:{}", source.name, at.line, at.column))
    };
    match (origin.variable(), origin.span(), origin) {
        (Some(variable), _, _) => Some(variable.to_owned()),
        (None, Some(span), _) => written(span),
        (None, None, Origin::LitellmDefault(_)) => Some("LiteLLM's default".to_owned()),
        (None, None, Origin::RedisPyDefault(_)) => Some("redis-py's default".to_owned()),
        _ => None,
    }
}
