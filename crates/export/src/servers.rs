//! The servers that the clients of an outcome connect to, each once.

use super::literals::TELLING;
use super::mask::masked;
use super::tokens::{Tokens, is_token};
use facts::bearing::Bearing;
use python::{Data, Origin, Value, convert};
use report::explain::consumer_name;
use simulate::outcome::{
    Api, Auth, Client, ClientKind, Connection, Knowable, Outcome, SecretSetting, Setting, Startup,
    Tls,
};

/// What a connection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One server.
    Redis,
    /// A node of a cluster.
    Cluster,
    /// A sentinel.
    Sentinel,
    /// The master that sentinels name.
    Master,
}

/// A server with those who connect to it.
#[derive(Clone, Debug)]
pub(super) struct Server<'r> {
    pub(super) kind: Kind,
    /// The host, or a placeholder; the path of a Unix socket.
    pub(super) host: String,
    /// The port, or a placeholder; empty for a Unix socket.
    pub(super) port: String,
    /// The master's name, of sentinels and masters.
    pub(super) service: Option<String>,
    pub(super) users: Vec<User<'r>>,
}

/// A client's connection to a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User<'r> {
    pub(super) client: &'r Client,
    pub(super) connection: &'r Connection,
}

impl User<'_> {
    /// The TLS settings; `None` for plaintext, and where that is not known.
    pub(super) fn tls(&self) -> Option<&Tls> {
        match &self.connection.tls {
            Knowable::Known(tls) => tls.as_ref(),
            Knowable::Unknown(_) => None,
        }
    }

    /// `response cache, sync`
    pub(super) fn name(&self) -> String {
        let consumer = consumer_name(self.client.consumer);
        let api = match self.client.api {
            Api::Sync => "sync",
            Api::Async => "async",
            Api::Native => "Rust",
        };
        format!("{consumer}, {api}")
    }
}

impl Server<'_> {
    /// Why it is not known whether a client speaks TLS.
    pub(super) fn tls_unknown(&self) -> Option<&str> {
        self.users.iter().find_map(|user| match &user.connection.tls {
            Knowable::Unknown(why) => Some(why.as_str()),
            Knowable::Known(_) => None,
        })
    }

    pub(super) fn is_socket(&self) -> bool {
        self.port.is_empty()
    }
}

/// The servers of an outcome, in the order of its clients.
pub(super) fn of<'r>(outcome: &'r Outcome, tokens: &mut Tokens) -> Vec<Server<'r>> {
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    let mut servers: Vec<Server<'r>> = vec![];
    for client in outcome.clients.iter().chain(fallback) {
        let Some(connection) = &client.connection else { continue };
        let user = User { client, connection };
        let service = client
            .service_name
            .as_ref()
            .map(|name| text(name, "SERVICE_NAME", "the master's name", tokens));
        match client.kind {
            ClientKind::Redis => {
                let (host, port) = match &connection.path {
                    Some(path) => (
                        text(&path.value, "REDIS_SOCKET", "the socket's path", tokens),
                        String::new(),
                    ),
                    None => address(&connection.host, &connection.port, tokens),
                };
                add(&mut servers, Kind::Redis, host, port, None, user);
            }
            ClientKind::RedisCluster => {
                for node in &client.nodes {
                    let (host, port) = address(&node.host, &node.port, tokens);
                    add(&mut servers, Kind::Cluster, host, port, None, user);
                }
            }
            ClientKind::Sentinel => {
                for sentinel in &client.sentinels {
                    let (host, port) = address(&sentinel.host, &sentinel.port, tokens);
                    let user = User { client, connection: sentinel };
                    add(&mut servers, Kind::Sentinel, host, port, service.clone(), user);
                }
                let host =
                    tokens.named("MASTER_HOST", "the master's host, which the sentinels name");
                let port =
                    tokens.named("MASTER_PORT", "the master's port, which the sentinels name");
                add(&mut servers, Kind::Master, host, port, service, user);
            }
        }
    }
    servers
}

fn add<'r>(
    servers: &mut Vec<Server<'r>>,
    kind: Kind,
    host: String,
    port: String,
    service: Option<String>,
    user: User<'r>,
) {
    let same = |server: &&mut Server<'r>| {
        server.kind == kind
            && server.host == host
            && server.port == port
            && server.service == service
    };
    match servers.iter_mut().find(same) {
        Some(server) => server.users.push(user),
        None => servers.push(Server { kind, host, port, service, users: vec![user] }),
    }
}

fn address(host: &Setting, port: &Setting, tokens: &mut Tokens) -> (String, String) {
    let host = text(&host.value, "REDIS_HOST", "the server's host", tokens);
    (host, text(&port.value, "REDIS_PORT", "the server's port", tokens))
}

/// A value, or the placeholder of the variable that it comes from. Empty for `None`.
pub(super) fn text(value: &Value, name: &str, what: &str, tokens: &mut Tokens) -> String {
    match &value.data {
        Data::None => String::new(),
        Data::Unknown(why) => unknown(&value.origin, name, what, why, tokens),
        _ if value.origin.is_secret() => tokens.named(name, what),
        _ => {
            let text = convert::str_of(value).unwrap_or_default();
            // What is a secret elsewhere is none to show here.
            let secret = tokens.of_secret(&text, name).filter(|_| text.len() >= TELLING);
            match secret.map(str::to_owned) {
                Some(token) => token,
                None => masked(&text, Bearing::Harmless, name, what, tokens),
            }
        }
    }
}

fn unknown(origin: &Origin, name: &str, what: &str, why: &str, tokens: &mut Tokens) -> String {
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match origin.variable() {
        None => tokens.named(name, &format!("{what}: {why}")),
        Some(variable) if is_name(&variable) => tokens.named(variable, &format!("{what}: {why}")),
        // The name of no variable may be a secret.
        Some(_) => tokens.named(name, what),
    }
}

/// A password with the placeholder that stands for it; none where none is sent.
pub(super) fn password(setting: &SecretSetting, tokens: &mut Tokens) -> Option<Password> {
    match &setting.value {
        Knowable::Known(None) => None,
        Knowable::Known(Some(secret)) if secret.reveal().is_empty() => None,
        Knowable::Known(Some(secret)) => {
            let value =
                convert::str_of(&setting.held).unwrap_or_else(|_| secret.reveal().to_owned());
            let name = setting.origin.variable().unwrap_or("REDIS_PASSWORD");
            let token = match tokens.of_secret(&value, name) {
                Some(token) => token.to_owned(),
                None if is_token(&value) => value.clone(),
                None => tokens.fresh(name, "the password".to_owned(), Some(&value)),
            };
            Some(Password { token, value: Some(value) })
        }
        Knowable::Unknown(why) => {
            let what = "the password";
            let token = unknown(&setting.origin, "REDIS_PASSWORD", what, why, tokens);
            Some(Password { token, value: None })
        }
    }
}

/// A password that a client sends.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Password {
    pub(super) token: String,
    /// The password itself, where it is known.
    value: Option<String>,
}

impl Password {
    /// As it is written where secrets may be.
    pub(super) fn written(&self, revealed: bool) -> &str {
        match &self.value {
            Some(value) if revealed => value,
            _ => &self.token,
        }
    }
}

/// Why there is no server: the config makes no connection, or does not start.
pub(super) fn none(outcome: &Outcome) -> String {
    match &outcome.startup {
        Startup::Exception(exception) => format!(
            "LiteLLM {} with this configuration ({}): it opens no connection to Redis.",
            outcome.stopped(),
            exception.class
        ),
        Startup::Unknown(why) => {
            format!("Which connections LiteLLM opens is not known: {why}.")
        }
        Startup::Ok => {
            let clients = &outcome.clients;
            match clients.iter().find_map(|client| client.error.as_ref()) {
                None => "LiteLLM opens no connection to Redis with this configuration.".to_owned(),
                Some(Knowable::Known(exception)) => format!(
                    "LiteLLM can't open a connection with this configuration ({}).",
                    exception.class
                ),
                Some(Knowable::Unknown(why)) => {
                    format!("Which connections LiteLLM opens is not known: {why}.")
                }
            }
        }
    }
}

/// How a client signs in, where that is not a password.
pub(super) fn token_of(auth: &Auth) -> Option<&'static str> {
    match auth {
        Auth::Static => None,
        Auth::Gcp { .. } => Some("GCP IAM"),
        Auth::Azure(_) => Some("Microsoft Entra ID"),
        Auth::Aws { .. } => Some("AWS IAM"),
    }
}
