//! What a LiteLLM release on a redis-py release does with a configuration.
//!
//! Each module mirrors one of LiteLLM's, function by function, under LiteLLM's own names. Where
//! releases differ, the code asks a [`facts::Behaviour`].

#![forbid(unsafe_code)]

pub mod answer;
mod caching;
mod callbacks;
mod client_logic;
mod clients;
mod coordination;
mod http_clients;
pub mod json;
mod json_dump;
mod load_config;
mod module_settings;
mod native;
mod objects;
pub mod outcome;
mod process;
mod pydantic;
mod redis_cache;
mod redis_py;
mod router;
mod router_settings;
mod sections;
mod settings;
pub mod trace;
mod value;

use crate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Fallback, Knowable, Namespace, Native, Outcome,
    Role, Running, Setting, Startup,
};
use crate::trace::{DropReason, Event};
use deployment::environment::{Environment, Lookup};
use facts::{Asked, Behaviour, Pair};
use python::{Origin, PyException, Raise, Stop, convert};
use yaml::{Document, ReadError};

use objects::BuiltClient;
use objects::{GlobalCache, RedisCacheId};
use process::Process;

/// Loads a document in an environment, as a release pair does.
///
/// A text that is not YAML stops the proxy too: pass the reader's error.
pub fn simulate(
    document: &Result<Document, ReadError>,
    environment: &Environment,
    pair: Pair,
) -> Outcome {
    let (outcome, asked) = Asked::during(|| simulate_somehow(document, environment, pair));
    Outcome { asked, ..outcome }
}

fn simulate_somehow(
    document: &Result<Document, ReadError>,
    environment: &Environment,
    pair: Pair,
) -> Outcome {
    let outcome = simulate_leaning(document, environment, pair, &[]);
    if !lacks_target(&outcome) {
        return outcome;
    }
    // What is not given is not unset: something out of sight may name the Redis.
    let not_given = |name: &&str| matches!(environment.lookup(name), Lookup::NotGiven);
    let trials = TARGETS.iter().filter(|names| names.iter().all(not_given));
    let mut leaning = trials.map(|names| simulate_leaning(document, environment, pair, names));
    leaning.find(|trial| !lacks_target(trial)).unwrap_or(outcome)
}

/// Variables that name a Redis where the config names none, the fewest first.
const TARGETS: [&[&str]; 2] = [&["REDIS_URL"], &["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"]];

/// Whether a url, and no other target, is behind it.
fn is_due_to_url(event: &Event) -> bool {
    match event {
        Event::Dropped { why, .. } => {
            matches!(why, DropReason::UrlTakesNoSettings | DropReason::UrlReplacesTarget)
        }
        Event::Overridden { winner, .. } => {
            matches!(winner, Origin::Environment(name) if &**name == "REDIS_URL")
        }
    }
}

/// Whether it stops for want of a host or url.
fn lacks_target(outcome: &Outcome) -> bool {
    matches!(&outcome.startup, Startup::Exception(exception)
        if matches!(exception.reason, Raise::NoTarget | Raise::NoSemanticTarget))
}

/// What happens where these variables are set, to something unknown, and where no others are than
/// those given and those that the config names.
pub fn simulate_leaning(
    document: &Result<Document, ReadError>,
    environment: &Environment,
    pair: Pair,
    leans_on: &'static [&'static str],
) -> Outcome {
    let mut process = Process::new(pair, environment);
    process.leans_on = leans_on;
    match load(&mut process, document) {
        Ok(loaded) => {
            let mut outcome = finished(process, &loaded);
            outcome.trace.retain(|event| !is_due_to_url(event) || leans_on.is_empty());
            outcome
        }
        Err(stop) => {
            let startup = match stop {
                Stop::Raised(exception) => Startup::Exception(exception),
                Stop::Unknown(why) => Startup::Unknown(why),
            };
            let cluster_refuses = process.cluster_refuses;
            Outcome {
                startup,
                leans_on,
                cluster_refuses,
                trace: process.trace,
                ..Outcome::nothing()
            }
        }
    }
}

fn load(
    process: &mut Process<'_>,
    document: &Result<Document, ReadError>,
) -> python::PyResult<load_config::Loaded> {
    match document {
        Ok(document) => load_config::load_config(process, &document.root),
        // LiteLLM is imported before it reads the file.
        Err(error) => load_config::import_constants(process).and_then(|()| {
            Err(Stop::Raised(PyException {
                class: error.exception.to_owned(),
                message: error.to_string(),
                origins: vec![python::Origin::Config(error.span)],
                reason: Raise::NotYaml,
            }))
        }),
    }
}

/// All that the clients hold, as text: for telling whether two configurations make the same. The
/// exception where start-up, or a client of the response cache, fails.
pub fn held(
    document: &Result<Document, ReadError>,
    environment: &Environment,
    pair: Pair,
) -> Result<String, String> {
    let said = |stop: Stop| match stop {
        Stop::Raised(exception) => exception.to_string(),
        Stop::Unknown(why) => why,
    };
    let mut process = Process::new(pair, environment);
    let loaded = load(&mut process, document).map_err(said)?;
    let mut text = String::new();
    // What no connection of an outcome tells.
    if let Some(GlobalCache::Redis(id)) = process.cache {
        let sync = process.redis_caches[id.0].client.clone();
        let serving = redis_cache::init_async_client(&mut process, id).map_err(said)?;
        for client in [sync, serving] {
            if let BuiltClient::Redis(pool) = client {
                let arguments = pool.kwargs.iter().filter_map(|(name, arg)| {
                    let value = python::convert::repr(&arg.value).ok()?;
                    Some(format!("{name}={value}\n"))
                });
                let mut arguments: Vec<String> = arguments.collect();
                arguments.sort();
                text += &arguments.concat();
            }
        }
    }
    let outcome = finished(process, &loaded);
    let failed = outcome.clients.iter().find_map(|client| client.error.as_ref());
    if let Some(Knowable::Known(raised)) = failed {
        return Err(raised.to_string());
    }
    for connection in outcome.clients.iter().filter_map(|client| client.connection.as_ref()) {
        text += &format!("{:?} {:?}\n", connection.auth, connection.max_connections);
    }
    Ok(format!("{text}{:?}", json::outcome_json(&outcome, true)))
}

fn finished(mut process: Process<'_>, loaded: &load_config::Loaded) -> Outcome {
    let response = match &process.cache {
        Some(GlobalCache::Redis(id)) => Some(*id),
        _ => None,
    };
    let response_cache = match &process.cache {
        Some(GlobalCache::Redis(id)) => Some(process.redis_caches[id.0].class.to_owned()),
        Some(GlobalCache::Other(class)) => Some((*class).to_owned()),
        Some(GlobalCache::Junk(_)) | None => None,
    };
    let usage = process.usage_cache;
    let shares = process.pair.behaves(Behaviour::RouterSharesCoordinationRedis);
    let router = loaded.router_cache.or(usage.filter(|_| shares));
    let class = |process: &Process<'_>, id: RedisCacheId| {
        Role::Own(process.redis_caches[id.0].class.to_owned())
    };
    let usage_cache =
        usage.map(|id| if Some(id) == response { Role::Shared } else { class(&process, id) });
    let router_cache = router.map(|id| {
        if Some(id) == response {
            Role::Shared
        } else if Some(id) == usage {
            Role::Usage
        } else {
            class(&process, id)
        }
    });
    let mut listed = Vec::new();
    let mut clients = Vec::new();
    for (consumer, id) in
        [(Consumer::Response, response), (Consumer::Usage, usage), (Consumer::Router, router)]
    {
        if let Some(id) = id
            && !listed.contains(&id)
        {
            listed.push(id);
            clients.extend(both_clients(&mut process, consumer, id));
        }
    }
    let of_cache = process.cache_arguments.as_ref().and_then(|own| own.given("namespace"));
    let mut namespaces = Vec::new();
    let fed = [
        (Consumer::Response, response),
        (Consumer::Usage, usage.or(loaded.usage_if_reachable)),
        (Consumer::Router, router),
    ];
    for (consumer, id) in fed.into_iter().filter_map(|(consumer, id)| Some((consumer, id?))) {
        let constructed = process.redis_caches[id.0].namespace.clone();
        let of_cache = of_cache.filter(|_| Some(id) == response);
        let held = of_cache.or(constructed.as_ref()).cloned();
        if held.is_some() {
            namespaces.push(Namespace { consumer, constructed, held });
        }
    }
    let semantic = process.semantic_url.take().map(|url| semantic_client(process.pair, &url));
    let running = Running {
        config: loaded.config.clone(),
        cache: process.cache_arguments.take(),
        default_redis_ttl: process.default_redis_ttl.clone(),
        namespaces,
        cache_responses: loaded.cache_responses.clone(),
    };
    let rust = process.pair.behaves(Behaviour::RustClient);
    let native = |process: &mut Process<'_>, consumer, id| {
        rust.then(|| Box::new(made_at_startup(process, consumer, id)))
    };
    let fallback = loaded.usage_if_reachable.map(|id| {
        Box::new(Fallback {
            class: process.redis_caches[id.0].class,
            origin: coordination::environment_target(&process),
            clients: both_clients(&mut process, Consumer::Usage, id),
            native: native(&mut process, Consumer::Usage, id),
        })
    });
    let fallback = fallback.filter(|fallback| can_ping(process.pair, fallback));
    let client = match (usage, router) {
        (Some(id), _) => native(&mut process, Consumer::Usage, id),
        (None, Some(id)) => native(&mut process, Consumer::Router, id),
        (None, None) => rust.then(|| Box::new(native::memory())),
    };
    let own_router = router.filter(|id| usage.is_some_and(|usage| usage != *id));
    let router_client = own_router.and_then(|id| native(&mut process, Consumer::Router, id));
    Outcome {
        startup: process.starts_if.map_or(Startup::Ok, |what| Startup::Unknown(what.to_owned())),
        native: client,
        router_native: router_client,
        response_cache: response_cache.map(Knowable::Known),
        router_cache: router_cache.map(Knowable::Known),
        usage_cache: usage_cache.map(Knowable::Known),
        clients,
        semantic,
        cluster_refuses: process.cluster_refuses,
        usage_if_reachable: fallback,
        running: Some(running),
        leans_on: process.leans_on,
        opens: process.opened.into_inner(),
        trace: process.trace,
        asked: Asked::default(),
    }
}

/// The Rust client of a cache. Start-up has made it: what it raises has stopped it.
fn made_at_startup(process: &mut Process<'_>, consumer: Consumer, id: RedisCacheId) -> Native {
    native::of_cache(process, id, consumer).unwrap_or_else(|_| native::memory())
}

/// Whether the coordination Redis of `REDIS_*` alone can answer: its ping is the async client's.
fn can_ping(pair: Pair, fallback: &Fallback) -> bool {
    let fails = |client: &Client| {
        let over =
            |timeout: &Setting| convert::float(&timeout.value).is_ok_and(|seconds| seconds < 0.0);
        let times = client.connection.as_ref();
        let times = times.map(|one| [&one.socket_timeout, &one.socket_connect_timeout]);
        let is_over_at_once = times.into_iter().flatten().any(over);
        // `parse_sentinel_state` of the older clients does not read what a sentinel says in RESP 3.
        let resp3 = |sentinel: &Connection| {
            convert::int(&sentinel.protocol.value).is_ok_and(|number| number == 3.into())
        };
        let finds_no_master =
            client.sentinels.iter().any(resp3) && !pair.behaves(Behaviour::Resp3ByDefault);
        matches!(client.error, Some(Knowable::Known(_))) || is_over_at_once || finds_no_master
    };
    !fallback.clients.iter().any(|client| client.api == Api::Async && fails(client))
}

/// What a semantic cache on Redis connects with.
fn semantic_client(pair: Pair, url: &python::Value) -> Client {
    let built = redis_py::from_url(pair, Api::Async, url, &python::Kwargs::new(), false);
    let mut client = empty_client(Consumer::Semantic, Api::Async, ClientKind::Redis);
    take(&mut client, built.and_then(|pool| pool.connection(pair)));
    client
}

/// The sync client, and the one that serves requests.
fn both_clients(process: &mut Process<'_>, consumer: Consumer, id: RedisCacheId) -> Vec<Client> {
    let pair = process.pair;
    let cache = process.redis_caches[id.0].clone();
    let kind = client_kind(&cache.client);
    let sync = describe(pair, consumer, Api::Sync, &cache.client);
    let serving = match redis_cache::init_async_client(process, id) {
        Ok(client) => describe(pair, consumer, Api::Async, &client),
        Err(stop) => {
            let mut client = empty_client(consumer, Api::Async, kind);
            client.error = Some(exception(stop));
            client
        }
    };
    vec![sync, serving]
}

fn client_kind(client: &BuiltClient) -> ClientKind {
    match client {
        BuiltClient::Redis(_) => ClientKind::Redis,
        BuiltClient::Cluster(_) => ClientKind::RedisCluster,
        BuiltClient::Sentinel(_) => ClientKind::Sentinel,
    }
}

fn empty_client(consumer: Consumer, api: Api, kind: ClientKind) -> Client {
    Client {
        consumer,
        api,
        kind,
        error: None,
        connection: None,
        nodes: vec![],
        service_name: None,
        sentinels: vec![],
    }
}

fn describe(pair: Pair, consumer: Consumer, api: Api, built: &BuiltClient) -> Client {
    let mut client = empty_client(consumer, api, client_kind(built));
    let connection = match built {
        BuiltClient::Redis(pool) => pool.connection(pair),
        BuiltClient::Cluster(cluster) => {
            client.nodes.clone_from(&cluster.nodes);
            cluster.connection(pair)
        }
        BuiltClient::Sentinel(sentinel) => {
            client.service_name = Some(sentinel.service_name.clone());
            sentinel.master(pair).and_then(|master| {
                client.sentinels = sentinel.sentinels(pair)?;
                Ok(master)
            })
        }
    };
    take(&mut client, connection);
    client
}

fn take(client: &mut Client, connection: python::PyResult<Connection>) {
    match connection {
        Ok(connection) => client.connection = Some(connection),
        Err(stop) => client.error = Some(exception(stop)),
    }
}

fn exception(stop: Stop) -> Knowable<PyException> {
    match stop {
        Stop::Raised(exception) => Knowable::Known(exception),
        Stop::Unknown(why) => Knowable::Unknown(why),
    }
}
