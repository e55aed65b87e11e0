//! From an Outcome to the distinct connections to open.

use std::time::Duration;

use redproof_core::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Knowable, Outcome, Setting, Startup, Tls,
    Verify,
};
use redproof_core::python::{Data, Origin, Truth, Value};
use redproof_core::releases::{Behaviour, Pair};
use redproof_core::secret::Secret;

use crate::login::TokenSource;
use crate::needs::{Demands, Needs};
use crate::report::{Failure, ProbeOutcome, User};

/// What to probe for one or more of LiteLLM's clients.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) users: Vec<(Consumer, Api)>,
    pub(crate) kind: ClientKind,
    pub(crate) target: Result<Target, Failure>,
    /// LiteLLM does without these clients where their Redis does not answer at start-up.
    pub(crate) optional: bool,
    /// What the pools of these clients open at most, in all; those without a limit left out.
    pub(crate) pool: u64,
    /// It is the client of a semantic cache.
    pub(crate) semantic: bool,
    /// What LiteLLM needs of the server.
    pub(crate) demands: Demands,
}

/// What a client connects to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    Server(Settings),
    Cluster { nodes: Vec<(String, u16)>, settings: Settings },
    Sentinel { service_name: String, sentinels: Vec<Settings>, master: Settings },
}

/// A connection's settings, as far as they matter on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) address: Address,
    /// Sent as it stands, unless falsy: `SELECT db`.
    pub(crate) db: Option<String>,
    pub(crate) login: Login,
    pub(crate) tls: Option<TlsSettings>,
    /// `None` waits for ever.
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) client_name: Option<String>,
}

impl Settings {
    /// The user that it logs in as.
    pub(crate) fn user(&self) -> &str {
        match &self.login {
            Login::Static(credentials) => credentials.username.as_deref(),
            Login::Token(TokenSource::Azure { username, .. }) => username.as_deref(),
            Login::Token(TokenSource::Aws { user_name, .. }) => Some(user_name.as_str()),
            Login::None | Login::Token(TokenSource::Gcp { .. }) => None,
        }
        .unwrap_or("default")
    }
}

/// Where a connection goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Tcp {
        host: String,
        port: u16,
    },
    Unix(String),
    /// The cluster or the sentinels tell.
    Discovered,
}

/// How a connection logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    None,
    Static(Credentials),
    /// With a cloud's token.
    Token(TokenSource),
}

/// What AUTH or HELLO sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) username: Option<String>,
    pub(crate) password: Secret,
}

/// TLS settings as the client's API uses them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsSettings {
    pub(crate) verify: bool,
    pub(crate) check_hostname: bool,
    /// Nobody chose `check_hostname`: another release's default may differ.
    pub(crate) default_check_hostname: bool,
    /// The files that `load_cert_chain` gets, when redis-py calls it.
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) ca_file: Option<String>,
    pub(crate) ca_path: Option<String>,
    pub(crate) ca_data: Option<String>,
    /// A `TLSVersion` number: 771 is TLS 1.2.
    pub(crate) min_version: Option<i64>,
    pub(crate) ciphers: Option<String>,
}

impl TlsSettings {
    /// Whether the settings name authorities of their own.
    pub(crate) fn names_authorities(&self) -> bool {
        self.ca_file.is_some() || self.ca_path.is_some() || self.ca_data.is_some()
    }
}

/// The arguments of `SSLContext.load_cert_chain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientCertificate {
    pub(crate) certfile: Option<String>,
    pub(crate) keyfile: Option<String>,
    pub(crate) password: Option<Secret>,
}

impl Plan {
    /// The parts of LiteLLM that use it, each once.
    pub(crate) fn consumers(&self) -> Vec<&'static str> {
        let mut consumers = Vec::new();
        for (consumer, _) in &self.users {
            add(&mut consumers, consumer_name(*consumer));
        }
        consumers
    }

    /// Whether a client of this API uses it.
    pub(crate) fn serves(&self, api: Api) -> bool {
        self.users.iter().any(|(_, of)| *of == api)
    }

    /// `sync`, `async` or `both`.
    pub(crate) fn api_name(&self) -> &'static str {
        match (self.serves(Api::Sync), self.serves(Api::Async)) {
            (true, true) => "both",
            (true, false) => "sync",
            (false, _) => "async",
        }
    }

    pub(crate) fn users(&self) -> Vec<User> {
        let user = |(consumer, api): &(Consumer, Api)| User {
            consumer: consumer_name(*consumer),
            api: match api {
                Api::Sync => "sync",
                Api::Async => "async",
                Api::Native => "native",
            },
        };
        self.users.iter().map(user).collect()
    }
}

/// A part of LiteLLM, by its name in JSON.
pub(crate) fn consumer_name(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response => "response",
        Consumer::Usage => "usage",
        Consumer::Router => "router",
    }
}

/// The distinct connections of an Outcome, those that serve requests first.
pub(crate) fn plans(outcome: &Outcome, pair: Pair, needs: &Needs) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    collect(&outcome.clients, pair, false, &mut plans);
    if let Some(client) = &outcome.semantic {
        let before = plans.len();
        let mut own = Vec::new();
        collect(std::slice::from_ref(client), pair, false, &mut own);
        plans.extend(own);
        plans[before..].iter_mut().for_each(|plan| plan.semantic = true);
    }
    if let Some(fallback) = &outcome.usage_if_reachable {
        collect(&fallback.clients, pair, true, &mut plans);
    }
    for plan in plans.iter_mut().filter(|plan| !plan.semantic) {
        plan.demands = needs.of(&plan.users);
    }
    plans
}

fn collect(clients: &[Client], pair: Pair, optional: bool, plans: &mut Vec<Plan>) {
    let by_api = |wanted: Api| clients.iter().filter(move |client| client.api == wanted);
    for client in by_api(Api::Async).chain(by_api(Api::Sync)) {
        let target = target(client, pair);
        let pool = client.connection.as_ref().and_then(|connection| connection.max_connections);
        let pool = pool.unwrap_or(0);
        let same = plans
            .iter_mut()
            .find(|plan| plan.kind == client.kind && plan.target == target && !plan.semantic);
        if let Some(plan) = same {
            plan.pool = plan.pool.saturating_add(pool);
            add(&mut plan.users, (client.consumer, client.api));
        } else {
            plans.push(Plan {
                users: vec![(client.consumer, client.api)],
                kind: client.kind,
                target,
                optional,
                pool,
                semantic: false,
                demands: Demands::default(),
            });
        }
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Why nothing can be probed at all: the proxy does not start.
pub(crate) fn startup_failure(outcome: &Outcome) -> Option<Failure> {
    match &outcome.startup {
        Startup::Ok => None,
        Startup::Exception(exception) => Some(Failure::new(
            ProbeOutcome::InvalidConfig,
            format!("LiteLLM does not start: {exception}"),
        )),
        Startup::Unknown(why) => Some(Failure::new(
            ProbeOutcome::Other,
            format!("Whether LiteLLM starts can't be known: {why}"),
        )),
    }
}

fn target(client: &Client, pair: Pair) -> Result<Target, Failure> {
    match &client.error {
        None => {}
        Some(Knowable::Known(error)) => {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                format!("redis-py refuses the settings: {error}"),
            ));
        }
        Some(Knowable::Unknown(why)) => {
            return Err(unknown("whether redis-py takes the settings", why));
        }
    }
    let Some(connection) = &client.connection else {
        return Err(Failure::new(
            ProbeOutcome::InvalidConfig,
            "redis-py builds no connection from these settings.",
        ));
    };
    let settings = settings(connection, client.api, pair)?;
    match client.kind {
        ClientKind::Redis => {
            Ok(Target::Server(Settings { address: address(connection)?, ..settings }))
        }
        ClientKind::RedisCluster => {
            let nodes = client
                .nodes
                .iter()
                .map(|node| Ok((required_text("host", &node.host)?, port(&node.port)?)))
                .collect::<Result<Vec<_>, Failure>>()?;
            Ok(Target::Cluster { nodes, settings })
        }
        ClientKind::Sentinel => {
            let sentinels = client
                .sentinels
                .iter()
                .map(|sentinel| {
                    Ok(Settings {
                        address: address(sentinel)?,
                        ..self::settings(sentinel, client.api, pair)?
                    })
                })
                .collect::<Result<Vec<_>, Failure>>()?;
            let service_name = match &client.service_name {
                Some(value) => value_text("service_name", value)?.unwrap_or_default(),
                None => String::new(),
            };
            Ok(Target::Sentinel { service_name, sentinels, master: settings })
        }
    }
}

fn settings(connection: &Connection, api: Api, pair: Pair) -> Result<Settings, Failure> {
    let tls = match &connection.tls {
        Knowable::Known(tls) => tls.as_ref(),
        Knowable::Unknown(why) => return Err(unknown("whether the connection uses TLS", why)),
    };
    Ok(Settings {
        address: Address::Discovered,
        db: truthy_text("db", &connection.db.value)?,
        login: login(connection)?,
        tls: tls.map(|tls| tls_settings(tls, api, pair)).transpose()?,
        connect_timeout: seconds("socket_connect_timeout", &connection.socket_connect_timeout)?,
        timeout: seconds("socket_timeout", &connection.socket_timeout)?,
        client_name: truthy_text("client_name", &connection.client_name.value)?,
    })
}

fn address(connection: &Connection) -> Result<Address, Failure> {
    if let Some(path) = &connection.path {
        return Ok(Address::Unix(required_text("path", path)?));
    }
    Ok(Address::Tcp {
        host: required_text("host", &connection.host)?,
        port: port(&connection.port)?,
    })
}

/// How a connection logs in: `if self.username or self.password` of `on_connect`, or the
/// credential provider's pair.
fn login(connection: &Connection) -> Result<Login, Failure> {
    let source = match &connection.auth {
        Auth::Static => {
            return Ok(credentials(connection)?.map_or(Login::None, Login::Static));
        }
        Auth::Gcp { service_account } => {
            TokenSource::Gcp { service_account: service_account.clone() }
        }
        Auth::Azure(iam) => TokenSource::Azure {
            iam: iam.clone(),
            username: truthy_text("username", &connection.username.value)?,
        },
        Auth::Aws { user_name, cache_name, region, serverless } => TokenSource::Aws {
            user_name: user_name.clone(),
            cache_name: cache_name.clone(),
            region: region.clone(),
            serverless: *serverless,
        },
    };
    Ok(Login::Token(source))
}

fn credentials(connection: &Connection) -> Result<Option<Credentials>, Failure> {
    let username = truthy_text("username", &connection.username.value)?;
    let password = match &connection.password.value {
        Knowable::Known(password) => {
            password.clone().filter(|password| !password.reveal().is_empty())
        }
        Knowable::Unknown(why) => return Err(unknown("the password", why)),
    };
    Ok((username.is_some() || password.is_some())
        .then(|| Credentials { username, password: password.unwrap_or_else(|| Secret::new("")) }))
}

/// What `_wrap_socket_with_ssl` (sync) and `RedisSSLContext.get` (async) make of the settings.
fn tls_settings(tls: &Tls, api: Api, pair: Pair) -> Result<TlsSettings, Failure> {
    let full = api == Api::Sync || pair.behaves(Behaviour::AsyncTlsMatchesSync);
    let other = |names: &[&str]| {
        tls.others.iter().find(|(name, _)| names.contains(name)).map(|(_, setting)| &setting.value)
    };
    // The sync connection asks `is not None`, the async one for truth.
    let file = |name: &str, value: &Value| {
        let text = value_text(name, value)?;
        Ok(text.filter(|text| api == Api::Sync || !text.is_empty()))
    };
    let verify = tls.verify != Verify::None;
    let mut check_hostname = truth("ssl_check_hostname", &tls.check_hostname.value)?;
    if !verify && check_hostname {
        if pair.behaves(Behaviour::CertNoneDropsHostnameCheck) {
            check_hostname = false;
        } else {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                "ValueError: Cannot set verify_mode to CERT_NONE when check_hostname is enabled.",
            )
            .help("Set `ssl_check_hostname: false` beside `ssl_cert_reqs: none`, or verify."));
        }
    }
    let certfile = truthy_text("ssl_certfile", &tls.certfile.value)?;
    let keyfile = truthy_text("ssl_keyfile", &tls.keyfile.value)?;
    let loads_certificate = if full {
        certfile.is_some() || keyfile.is_some()
    } else {
        certfile.is_some() && keyfile.is_some()
    };
    let key_password = match other(&["password"]) {
        Some(value) if full => value_text("ssl_password", value)?.map(Secret::new),
        _ => None,
    };
    let optional = |name: &str, names: &[&str]| match other(names) {
        Some(value) => file(name, value),
        None => Ok(None),
    };
    let min_version = match other(&["min_version"]).map(|value| &value.data) {
        None | Some(Data::None) => None,
        Some(Data::Int(number)) => Some(i64::try_from(number).unwrap_or(i64::MAX)),
        Some(Data::Unknown(why)) => return Err(unknown("`ssl_min_version`", why)),
        Some(_) => {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                "`ssl_min_version` must be a number: 771 is TLS 1.2, 772 is TLS 1.3.",
            ));
        }
    };
    Ok(TlsSettings {
        verify,
        check_hostname,
        default_check_hostname: matches!(
            tls.check_hostname.value.origin,
            Origin::RedisPyDefault(_)
        ),
        client_certificate: loads_certificate.then_some(ClientCertificate {
            certfile,
            keyfile,
            password: key_password,
        }),
        ca_file: file("ssl_ca_certs", &tls.ca_certs.value)?,
        ca_path: if full { file("ssl_ca_path", &tls.ca_path.value)? } else { None },
        ca_data: optional("ssl_ca_data", &["ca_data"])?,
        min_version,
        ciphers: optional("ssl_ciphers", &["ciphers"])?,
    })
}

fn unknown(what: &str, why: &str) -> Failure {
    Failure::new(ProbeOutcome::Other, format!("Can't know {what}: {why}"))
        .help("Give the value, with `--env NAME=VALUE` or `--env-file`.")
}

fn truth(name: &str, value: &Value) -> Result<bool, Failure> {
    match value.truth() {
        Truth::True => Ok(true),
        Truth::False => Ok(false),
        Truth::Unknown => Err(unknown(&format!("`{name}`"), "it is set from out of sight")),
    }
}

/// The text of a value, numbers as Python prints them; `None` for `None`.
fn value_text(name: &str, value: &Value) -> Result<Option<String>, Failure> {
    Ok(Some(match &value.data {
        Data::None => return Ok(None),
        Data::Str(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => format!("{number:?}"),
        Data::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Data::Unknown(why) => return Err(unknown(&format!("`{name}`"), why)),
        _ => {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                format!(
                    "`{name}` is a {}, which redis-py can't use.",
                    value.type_name().unwrap_or("value")
                ),
            ));
        }
    }))
}

/// The text of a value that redis-py uses only when it is truthy.
fn truthy_text(name: &str, value: &Value) -> Result<Option<String>, Failure> {
    if truth(name, value)? { value_text(name, value) } else { Ok(None) }
}

fn required_text(name: &str, setting: &Setting) -> Result<String, Failure> {
    value_text(name, &setting.value)?
        .ok_or_else(|| Failure::new(ProbeOutcome::InvalidConfig, format!("There is no {name}.")))
}

fn port(setting: &Setting) -> Result<u16, Failure> {
    let text = required_text("port", setting)?;
    text.trim().parse().map_err(|_| {
        Failure::new(
            ProbeOutcome::InvalidConfig,
            format!("`{text}` is not a port: ports go from 1 to 65535."),
        )
    })
}

fn seconds(name: &str, setting: &Setting) -> Result<Option<Duration>, Failure> {
    let Some(text) = value_text(name, &setting.value)? else {
        return Ok(None);
    };
    let invalid = || {
        Failure::new(
            ProbeOutcome::InvalidConfig,
            format!("`{name}` must be a number of seconds above 0."),
        )
    };
    let seconds: f64 = text.parse().map_err(|_| invalid())?;
    if seconds.is_infinite() {
        return Ok(None);
    }
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
        .map(Some)
        .ok_or_else(invalid)
}
