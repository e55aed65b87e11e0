//! What `redproof simulate` answers, as types: its published schema is generated from them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Knowable, Native, Outcome, Role, SecretSetting,
    Setting, Startup, Stores, Tls, Verify,
};
use crate::value::value_json;
use base::secret::MASK;
use python::PyException;

/// The answer to a line of JSON Lines.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Line<'a> {
    /// It was simulated.
    Answer(Box<Answer<'a>>),
    /// It was not.
    Refused(Refused),
}

/// What was asked, and what LiteLLM does.
#[derive(Serialize, JsonSchema)]
pub struct Answer<'a> {
    /// The case's own.
    pub id: &'a Json,
    /// The LiteLLM release.
    pub litellm: &'a str,
    /// The redis-py release.
    pub redis_py: &'a str,
    /// What LiteLLM does.
    #[serde(flatten)]
    pub outcome: Fields<'a>,
}

/// A line that is not a case, or names a release that is not known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Refused {
    /// The case's own, where it has one.
    pub id: Json,
    /// Why.
    pub error: String,
}

/// What LiteLLM does: `startup`, and where it starts the rest.
#[derive(Serialize, JsonSchema)]
pub struct Fields<'a> {
    startup: Startable<'a>,
    #[serde(flatten)]
    running: Option<Running<'a>>,
    /// What is different where every Redis answers at start-up; left out where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    when_redis_answers: Option<WhenRedisAnswers<'a>>,
}

/// What can't be known: why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
struct Unknown<'a> {
    unknown: &'a str,
}

/// What is known, or why it can't be.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
#[serde(untagged)]
enum Maybe<'a, T> {
    Known(T),
    Unknown(Unknown<'a>),
}

/// Whether LiteLLM starts: `ok`, or the exception that stops it.
type Startable<'a> = Maybe<'a, Start<'a>>;

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
#[serde(untagged)]
enum Start<'a> {
    Ok(Word),
    Exception(Exception<'a>),
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "snake_case")]
enum Word {
    Ok,
}

/// An exception: LiteLLM's or redis-py's own words.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
struct Exception<'a> {
    /// Its class: `ValueError`.
    exception: &'a str,
    message: &'a str,
}

/// What a proxy that starts has.
#[derive(Serialize, JsonSchema)]
struct Running<'a> {
    /// The class of `litellm.cache.cache`.
    response_cache: Option<Maybe<'a, &'a str>>,
    /// `shared` (the response cache's own), `usage`, or a class.
    router_cache: Option<Maybe<'a, &'a str>>,
    /// The proxy's coordination Redis: `shared`, or a class.
    usage_cache: Option<Maybe<'a, &'a str>>,
    /// Those who share one have it once: under `response`, else `usage`, else `router`.
    clients: Vec<ClientPart<'a>>,
    /// The Rust client of budgets, rate limits, cooldowns and the auth cache; null on releases that
    /// have none.
    native: Option<NativePart<'a>>,
    /// The router's, where the router has a Redis of its own beside the coordination Redis.
    #[serde(skip_serializing_if = "Option::is_none")]
    router_native: Option<NativePart<'a>>,
}

/// The fields that differ where every Redis answers at start-up.
#[derive(Default, PartialEq, Serialize, JsonSchema)]
struct WhenRedisAnswers<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    startup: Option<Exception<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_cache: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    router_cache: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clients: Option<Vec<ClientPart<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native: Option<NativePart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    router_native: Option<NativePart<'a>>,
}

/// LiteLLM's Rust client.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
struct NativePart<'a> {
    /// Where state is kept: `redis` or `memory`.
    stores: Maybe<'a, StoresWord>,
    /// Why it stays in memory, as the log says.
    reason: Option<Maybe<'a, &'a str>>,
    connection: Option<ConnectionPart<'a>>,
    /// The settings that it ignores.
    ignored: Vec<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "snake_case")]
enum StoresWord {
    Redis,
    Memory,
}

/// One of redis-py's clients.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
struct ClientPart<'a> {
    consumer: ConsumerWord,
    api: ApiWord,
    client: Kind,
    /// What is raised when the client or its first connection is constructed.
    error: Option<Maybe<'a, Exception<'a>>>,
    /// Of a cluster, what every node gets; of sentinels, the one to the master.
    connection: Option<ConnectionPart<'a>>,
    /// A cluster's.
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<Vec<Node>>,
    /// What sentinels call the master.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<PyValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentinels: Option<Vec<ConnectionPart<'a>>>,
}

/// Who uses it: the response cache, the coordination Redis, the router.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ConsumerWord {
    Response,
    Usage,
    Router,
}

/// `async` serves requests.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ApiWord {
    Sync,
    Async,
    Native,
}

/// redis-py's class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
enum Kind {
    Redis,
    RedisCluster,
    Sentinel,
}

/// A node of a cluster.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
struct Node {
    host: PyValue,
    port: PyValue,
}

/// A Python value as JSON; numbers that JSON lacks are `nan`, `inf` and `-inf`, and what can't be known
/// is `{"unknown": why}`.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
#[serde(transparent)]
struct PyValue(Json);

/// What a constructed redis-py connection holds, defaults included.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
struct ConnectionPart<'a> {
    /// null for a cluster and for the master behind sentinels.
    host: PyValue,
    /// null likewise.
    port: PyValue,
    db: PyValue,
    username: PyValue,
    /// `•••`, unless it is asked to be shown.
    password: PyValue,
    tls: Maybe<'a, bool>,
    /// Of TLS, as all up to `keyfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    verify: Option<VerifyWord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check_hostname: Option<PyValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_certs: Option<PyValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_path: Option<PyValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certfile: Option<PyValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyfile: Option<PyValue>,
    socket_timeout: PyValue,
    socket_connect_timeout: PyValue,
    health_check_interval: PyValue,
    client_name: PyValue,
}

/// How the server's certificate is verified.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum VerifyWord {
    Required,
    Optional,
    None,
}

impl<'a> Fields<'a> {
    /// What an outcome says.
    pub fn of(outcome: &'a Outcome, reveal: bool) -> Self {
        let startup = match &outcome.startup {
            Startup::Ok => match outcome.opens.first() {
                Some(file) => unknown(&file.whether),
                None => Maybe::Known(Start::Ok(Word::Ok)),
            },
            Startup::Exception(exception) => Maybe::Known(Start::Exception(exception.into())),
            Startup::Unknown(why) => unknown(why),
        };
        let starts = outcome.startup == Startup::Ok;
        let running = starts.then(|| Running::of(outcome, reveal));
        let answering = WhenRedisAnswers::of(outcome, running.as_ref(), reveal);
        let differs = answering != WhenRedisAnswers::default();
        Self { startup, running, when_redis_answers: differs.then_some(answering) }
    }
}

impl<'a> Running<'a> {
    fn of(outcome: &'a Outcome, reveal: bool) -> Self {
        let native = |native: &'a Native| NativePart::of(native, reveal);
        Self {
            response_cache: outcome
                .response_cache
                .as_ref()
                .map(|class| known(class, String::as_str)),
            router_cache: outcome.router_cache.as_ref().map(|role| known(role, role_name)),
            usage_cache: outcome.usage_cache.as_ref().map(|role| known(role, role_name)),
            clients: outcome.clients.iter().map(|one| ClientPart::of(one, reveal)).collect(),
            native: outcome.native.as_deref().map(native),
            router_native: outcome.router_native.as_deref().map(native),
        }
    }
}

impl<'a> WhenRedisAnswers<'a> {
    fn of(outcome: &'a Outcome, running: Option<&Running<'a>>, reveal: bool) -> Self {
        if let Some(exception) = &outcome.cluster_refuses {
            return Self { startup: Some(exception.into()), ..Self::default() };
        }
        let Some(fallback) = &outcome.usage_if_reachable else { return Self::default() };
        let is = |cache: &Option<Maybe<'a, &'a str>>, name| *cache == Some(Maybe::Known(name));
        let class = fallback.class;
        let usage = running.is_none_or(|one| !is(&one.usage_cache, class)).then_some(class);
        let router = outcome.router_cache.is_none()
            && running.is_none_or(|one| !is(&one.router_cache, "usage"));
        let (response, others): (Vec<&Client>, Vec<&Client>) =
            outcome.clients.iter().partition(|client| client.consumer == Consumer::Response);
        let clients = response.into_iter().chain(&fallback.clients).chain(others);
        let clients: Vec<_> = clients.map(|client| ClientPart::of(client, reveal)).collect();
        let differ = running.is_none_or(|one| one.clients != clients);
        let native = fallback.native.as_ref().map(|native| NativePart::of(native, reveal));
        let of_router = (native.is_some() && outcome.router_cache.is_some())
            .then_some(outcome.native.as_ref())
            .flatten()
            .map(|native| NativePart::of(native, reveal));
        Self {
            startup: None,
            usage_cache: usage,
            router_cache: router.then_some("usage"),
            clients: differ.then_some(clients),
            native: native.filter(|it| running.is_none_or(|one| one.native.as_ref() != Some(it))),
            router_native: of_router
                .filter(|it| running.is_none_or(|one| one.router_native.as_ref() != Some(it))),
        }
    }
}

fn role_name(role: &Role) -> &str {
    match role {
        Role::Shared => "shared",
        Role::Usage => "usage",
        Role::Own(class) => class,
    }
}

fn unknown<T>(why: &str) -> Maybe<'_, T> {
    Maybe::Unknown(Unknown { unknown: why })
}

fn known<'a, T, U>(value: &'a Knowable<T>, of: impl FnOnce(&'a T) -> U) -> Maybe<'a, U> {
    match value {
        Knowable::Known(value) => Maybe::Known(of(value)),
        Knowable::Unknown(why) => unknown(why),
    }
}

impl<'a> From<&'a PyException> for Exception<'a> {
    fn from(exception: &'a PyException) -> Self {
        Self { exception: &exception.class, message: &exception.message }
    }
}

impl<'a> NativePart<'a> {
    fn of(native: &'a Native, reveal: bool) -> Self {
        let stores = |stores: &Stores| match stores {
            Stores::Redis => StoresWord::Redis,
            Stores::Memory => StoresWord::Memory,
        };
        Self {
            stores: known(&native.stores, stores),
            reason: native.reason.as_ref().map(|reason| known(reason, |one| &**one)),
            connection: native.connection().map(|one| ConnectionPart::of(one, reveal)),
            ignored: native.ignored.iter().map(|one| &*one.name).collect(),
        }
    }
}

impl<'a> ClientPart<'a> {
    fn of(client: &'a Client, reveal: bool) -> Self {
        let connection = |connection: &'a Connection| ConnectionPart::of(connection, reveal);
        let node = |node: &crate::outcome::NodeAddress| Node {
            host: PyValue(value_json(&node.host.value)),
            port: PyValue(value_json(&node.port.value)),
        };
        let cluster = client.kind == ClientKind::RedisCluster;
        let sentinel = client.kind == ClientKind::Sentinel;
        let service = || PyValue(client.service_name.as_ref().map_or(Json::Null, value_json));
        Self {
            consumer: match client.consumer {
                Consumer::Response | Consumer::Semantic => ConsumerWord::Response,
                Consumer::Usage => ConsumerWord::Usage,
                Consumer::Router => ConsumerWord::Router,
            },
            api: match client.api {
                Api::Sync => ApiWord::Sync,
                Api::Async => ApiWord::Async,
                Api::Native => ApiWord::Native,
            },
            client: match client.kind {
                ClientKind::Redis => Kind::Redis,
                ClientKind::RedisCluster => Kind::RedisCluster,
                ClientKind::Sentinel => Kind::Sentinel,
            },
            error: client.error.as_ref().map(|error| known(error, Exception::from)),
            connection: client.connection.as_ref().map(connection),
            nodes: cluster.then(|| client.nodes.iter().map(node).collect()),
            service_name: sentinel.then(service),
            sentinels: sentinel.then(|| client.sentinels.iter().map(connection).collect()),
        }
    }
}

impl<'a> ConnectionPart<'a> {
    fn of(connection: &'a Connection, reveal: bool) -> Self {
        let setting = |setting: &Setting| PyValue(value_json(&setting.value));
        let tls = match &connection.tls {
            Knowable::Known(tls) => tls.as_ref(),
            Knowable::Unknown(_) => None,
        };
        let of_tls = |of: fn(&Tls) -> &Setting| tls.map(|tls| setting(of(tls)));
        Self {
            host: setting(&connection.host),
            port: setting(&connection.port),
            db: setting(&connection.db),
            username: setting(&connection.username),
            password: password(&connection.password, reveal),
            tls: known(&connection.tls, Option::is_some),
            verify: tls.map(|tls| match tls.verify {
                Verify::Required => VerifyWord::Required,
                Verify::Optional => VerifyWord::Optional,
                Verify::None => VerifyWord::None,
            }),
            check_hostname: of_tls(|tls| &tls.check_hostname),
            ca_certs: of_tls(|tls| &tls.ca_certs),
            ca_path: of_tls(|tls| &tls.ca_path),
            certfile: of_tls(|tls| &tls.certfile),
            keyfile: of_tls(|tls| &tls.keyfile),
            socket_timeout: setting(&connection.socket_timeout),
            socket_connect_timeout: setting(&connection.socket_connect_timeout),
            health_check_interval: setting(&connection.health_check_interval),
            client_name: setting(&connection.client_name),
        }
    }
}

fn password(secret: &SecretSetting, reveal: bool) -> PyValue {
    PyValue(match &secret.value {
        Knowable::Known(None) => Json::Null,
        Knowable::Known(Some(_)) if reveal => value_json(&secret.held),
        Knowable::Known(Some(_)) => MASK.into(),
        Knowable::Unknown(why) => serde_json::json!({ "unknown": why }),
    })
}
