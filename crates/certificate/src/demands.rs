//! What the configuration wants of certificates: which hosts, which files, what is checked.

use facts::{Behaviour, Pair, Version};
use python::{Data, Truth};
use serde::{Deserialize, Serialize};
use simulate::outcome::{Client, ClientKind, Connection, Knowable, Outcome, Setting, Tls, Verify};

/// What the configuration's clients want of certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demands {
    /// The hosts that they connect to.
    pub hosts: Vec<HostDemand>,
    /// The paths in `ssl_ca_certs`.
    pub ca_files: Vec<String>,
    /// The paths in `ssl_certfile`.
    pub cert_files: Vec<String>,
    /// The paths in `ssl_keyfile`.
    pub key_files: Vec<String>,
    /// Whether `ssl_password` is set.
    pub has_password: bool,
    /// The first redis-py release whose asyncio client takes `ssl_password`, where this pair's does not.
    pub password_needs: Option<String>,
    /// What LiteLLM's Rust client wants; `None` on a release that has none.
    pub rust: Option<RustDemand>,
}

/// What LiteLLM's Rust client wants of certificates: the files are redis-py's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RustDemand {
    /// The hosts that it connects to.
    pub hosts: Vec<HostDemand>,
    /// Whether it has `ssl_password`.
    pub has_password: bool,
    /// Whether it has `ssl_keyfile`: it reads the key in the file of `ssl_certfile` otherwise.
    pub names_key: bool,
    /// A configuration was given, and its Rust client keeps state in Redis over TLS.
    pub is_configured: bool,
}

/// A host, and how its certificate is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostDemand {
    /// The host as redis-py holds it.
    pub host: String,
    /// Whether the connection is TLS.
    pub tls: bool,
    /// Whether the chain is verified.
    pub verified: bool,
    /// Whether the name is checked.
    pub name_checked: bool,
}

impl Demands {
    /// What the clients of a pair want of certificates where no configuration is known.
    pub fn without_config(pair: Pair) -> Self {
        let rust = pair.behaves(Behaviour::RustClient).then(RustDemand::default);
        Self { rust, ..Self::default() }
    }

    /// What the clients of an outcome want.
    pub fn of(outcome: &Outcome, pair: Pair) -> Self {
        let mut demands = Self::default();
        for client in outcome.redis_py_clients() {
            demands.client(client);
        }
        demands.rust = pair.behaves(Behaviour::RustClient).then(|| RustDemand::of(outcome));
        if !pair.redis_py_data().async_redis().names("ssl_password") {
            demands.password_needs = first_with_password(pair).map(|release| release.to_string());
        }
        demands
    }

    fn client(&mut self, client: &Client) {
        if let Some(connection) = &client.connection {
            let tls = tls_of(connection);
            if client.kind == ClientKind::Redis {
                self.host(&connection.host, tls);
            }
            for node in &client.nodes {
                self.host(&node.host, tls);
                // redis-py's cluster client resolves this one name before it checks the certificate.
                if node.host.value.as_str() == Some("localhost") {
                    self.name("127.0.0.1", tls);
                }
            }
        }
        for sentinel in &client.sentinels {
            self.host(&sentinel.host, tls_of(sentinel));
        }
        for connection in client.connection.iter().chain(&client.sentinels) {
            let Some(tls) = tls_of(connection) else {
                continue;
            };
            path(&mut self.ca_files, &tls.ca_certs);
            path(&mut self.cert_files, &tls.certfile);
            path(&mut self.key_files, &tls.keyfile);
            self.has_password |= has_password(tls);
        }
    }

    fn host(&mut self, host: &Setting, tls: Option<&Tls>) {
        if let Some(host) = host.value.as_str() {
            self.name(host, tls);
        }
    }

    fn name(&mut self, host: &str, tls: Option<&Tls>) {
        add(&mut self.hosts, host, tls);
    }
}

impl RustDemand {
    fn of(outcome: &Outcome) -> Self {
        let mut demand = Self::default();
        for client in outcome.native_clients() {
            let Some(connection) = &client.connection else { continue };
            let tls = tls_of(connection);
            demand.is_configured |= tls.is_some();
            let nodes = client.nodes.iter().map(|node| &node.host);
            let own = (client.kind == ClientKind::Redis).then_some(&connection.host);
            for host in own.into_iter().chain(nodes).filter_map(|host| host.value.as_str()) {
                add(&mut demand.hosts, host, tls);
            }
            for sentinel in &client.sentinels {
                if let Some(host) = sentinel.host.value.as_str() {
                    add(&mut demand.hosts, host, tls_of(sentinel));
                }
            }
            demand.has_password |= tls.is_some_and(has_password);
            demand.names_key |= tls.is_some_and(|tls| !tls.keyfile.value.is_none());
        }
        demand
    }
}

/// Notes a host, and how a client checks its certificate.
fn add(hosts: &mut Vec<HostDemand>, host: &str, tls: Option<&Tls>) {
    let verified = tls.is_some_and(|tls| tls.verify != Verify::None);
    let wanted = HostDemand {
        host: host.to_owned(),
        tls: tls.is_some(),
        verified,
        name_checked: verified
            && tls.is_some_and(|tls| tls.check_hostname.value.truth() != Truth::False),
    };
    // The strictest client of a host decides whether all of them work.
    match hosts.iter_mut().find(|known| known.host == wanted.host) {
        Some(known) => {
            known.tls |= wanted.tls;
            known.verified |= wanted.verified;
            known.name_checked |= wanted.name_checked;
        }
        None => hosts.push(wanted),
    }
}

fn has_password(tls: &Tls) -> bool {
    tls.others.iter().any(|(name, setting)| {
        name.contains("password") && !matches!(setting.value.data, Data::None)
    })
}

fn tls_of(connection: &Connection) -> Option<&Tls> {
    match &connection.tls {
        Knowable::Known(tls) => tls.as_ref(),
        Knowable::Unknown(_) => None,
    }
}

fn path(paths: &mut Vec<String>, setting: &Setting) {
    if let Some(path) = setting.value.as_str().filter(|path| !path.is_empty())
        && !paths.iter().any(|known| known == path)
    {
        paths.push(path.to_owned());
    }
}

fn first_with_password(pair: Pair) -> Option<Version> {
    Pair::redis_py_releases().iter().copied().find(|release| {
        Pair::parse(&pair.litellm.to_string(), &release.to_string())
            .is_ok_and(|pair| pair.redis_py_data().async_redis().names("ssl_password"))
    })
}
