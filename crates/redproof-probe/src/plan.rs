//! From an Outcome to the distinct connections to open.

use std::time::Duration;

use redproof_core::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Knowable, Native, Outcome, Startup,
};
use redproof_core::python::Origin;
use redproof_core::releases::{Behaviour, Pair};
use redproof_core::secret::Secret;

use crate::login::{Credentials, TokenSource};
use crate::needs::{Demands, Needs};
use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::report::User;
use crate::rust_clients::{self, RustClient};
use crate::tls_settings::{TlsSettings, tls_settings};
use crate::values::{port, required_text, seconds, truthy_text, unknown, value_text};

/// The target of a client that LiteLLM can't build.
pub(crate) const NOT_BUILT: &str = "(not built)";

/// What to probe for one or more of LiteLLM's clients.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) users: Vec<(Consumer, Api)>,
    pub(crate) kind: ClientKind,
    pub(crate) target: Result<Target, Failure>,
    /// LiteLLM does without these clients where their Redis does not answer at start-up.
    pub(crate) optional: bool,
    /// What the pools of all clients of its server open at most in each process; those without a limit left out.
    pub(crate) pool: u64,
    /// It is the client of a semantic cache.
    pub(crate) semantic: bool,
    /// Its pool comes from a URL.
    pub(crate) by_url: bool,
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
    /// It begins with HELLO: RESP 3.
    pub(crate) resp3: bool,
}

impl Settings {
    /// Where it goes, in words.
    pub(crate) fn target(&self) -> String {
        match &self.address {
            Address::Tcp { host, port } => crate::target_text(host, *port),
            Address::Unix(path) => path.clone(),
            Address::Discovered => "(discovered)".to_owned(),
        }
    }

    /// What decides how a connection goes.
    pub(crate) fn on_the_wire(&self) -> Self {
        let tls = self.tls.as_ref().map(TlsSettings::as_chosen);
        Self { tls, ..self.clone() }
    }

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

    /// Whether it is LiteLLM's Rust client, which shares no connection with redis-py's.
    pub(crate) fn is_native(&self) -> bool {
        self.serves(Api::Native)
    }

    /// Which server it goes to.
    fn place(&self) -> Option<Vec<String>> {
        Some(match self.target.as_ref().ok()? {
            Target::Server(settings) => vec![settings.target()],
            Target::Sentinel { service_name, sentinels, .. } => {
                let sentinels = sentinels.iter().map(Settings::target);
                std::iter::once(service_name.clone()).chain(sentinels).collect()
            }
            Target::Cluster { .. } => return None,
        })
    }

    /// `sync`, `async`, `both` or `native`.
    pub(crate) fn api_name(&self) -> &'static str {
        match (self.serves(Api::Sync), self.serves(Api::Async)) {
            _ if self.is_native() => "native",
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
        // Its plan says that it is the index.
        Consumer::Response | Consumer::Semantic => "response",
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
    for client in rust_clients::all(outcome) {
        collect_native(&client, pair, &mut plans);
    }
    for plan in plans.iter_mut().filter(|plan| !plan.semantic) {
        plan.demands = needs.of(&plan.users);
    }
    count_pools(outcome, &mut plans);
    plans
}

/// What each server's clients open in each process, as `explain` has it.
fn count_pools(outcome: &Outcome, plans: &mut [Plan]) {
    let mut opened = vec![0_u64; plans.len()];
    for pool in serving::pools::pools(outcome) {
        let user = (pool.client.consumer, Api::Async);
        let at = plans.iter().position(|plan| !plan.semantic && plan.users.contains(&user));
        if let (Some(at), Some(most)) = (at, pool.most) {
            opened[at] = opened[at].saturating_add(most);
        }
    }
    let places: Vec<Option<Vec<String>>> = plans.iter().map(Plan::place).collect();
    for (plan, place) in plans.iter_mut().zip(&places) {
        let same =
            places.iter().zip(&opened).filter(|(other, _)| place.is_some() && *other == place);
        plan.pool = same.map(|(_, opened)| *opened).fold(0, u64::saturating_add);
    }
}

/// A Rust client, or why there is none where there should be one.
fn collect_native(client: &RustClient<'_>, pair: Pair, plans: &mut Vec<Plan>) {
    let RustClient { consumer, native, if_reachable } = *client;
    if let Some(client) = &native.client {
        let client = Client { consumer, ..client.clone() };
        return collect(&[client], pair, if_reachable, plans);
    }
    let Native { reason: Some(Knowable::Known(reason)), .. } = native else {
        return;
    };
    let failure = Failure::new(
        ProbeOutcome::InvalidConfig,
        format!(
            "LiteLLM's Rust client can't use the settings, and its state stays in memory: {reason}."
        ),
    )
    .presented("settings that the Rust client refuses")
    .side(Side::Client);
    plans.push(Plan {
        users: vec![(consumer, Api::Native)],
        kind: ClientKind::Redis,
        target: Err(failure),
        optional: if_reachable,
        pool: 0,
        semantic: false,
        by_url: false,
        demands: Demands::default(),
    });
}

fn collect(clients: &[Client], pair: Pair, optional: bool, plans: &mut Vec<Plan>) {
    let by_api = |wanted: Api| clients.iter().filter(move |client| client.api == wanted);
    for client in by_api(Api::Async).chain(by_api(Api::Sync)).chain(by_api(Api::Native)) {
        let target = target(client, pair);
        let same = plans.iter_mut().find(|plan| {
            plan.kind == client.kind
                && plan.target == target
                && plan.is_native() == (client.api == Api::Native)
                && !plan.semantic
        });
        if let Some(plan) = same {
            add(&mut plan.users, (client.consumer, client.api));
        } else {
            plans.push(Plan {
                users: vec![(client.consumer, client.api)],
                kind: client.kind,
                target,
                optional,
                pool: 0,
                semantic: false,
                by_url: by_url(client),
                demands: Demands::default(),
            });
        }
    }
}

/// Whether a URL says where the client goes: what is in it is computed.
fn by_url(client: &Client) -> bool {
    client
        .connection
        .as_ref()
        .is_some_and(|connection| matches!(connection.host.value.origin, Origin::Computed(_)))
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
            format!("LiteLLM {}: {exception}", outcome.stopped()),
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
        resp3: match value_text("protocol", &connection.protocol.value)? {
            None => pair.behaves(Behaviour::Resp3ByDefault),
            Some(text) => text.trim().parse() == Ok(3),
        },
    })
}

fn address(connection: &Connection) -> Result<Address, Failure> {
    let parts = [Some(&connection.host), Some(&connection.port), connection.path.as_ref()];
    if parts.into_iter().flatten().any(|part| part.value.origin.is_secret()) {
        // A name server would be asked for a part of the password.
        return Err(Failure::new(
            ProbeOutcome::Dns,
            "The URL's host is a part of the password: a character of it ends the host. It is not looked up.",
        )
        .help("Write `/`, `?` and `#` in the password as `%2F`, `%3F` and `%23`."));
    }
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
