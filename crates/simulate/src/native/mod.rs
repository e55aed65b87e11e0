//! `litellm.rust_bridge._native`: `NativeRedisClient.connect`, the Rust client of budgets, rate limits, cooldowns, router usage
//! and the auth cache, since LiteLLM 1.110.0.
//!
//! Its source is not in the wheel: what is here was asked of the client itself, setting by setting
//! (`truth/native`, `truth/litellm`).

mod http;
mod settings;
mod target;
mod url;
mod values;

use std::rc::Rc;

use crate::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Ignored, Knowable, Native, NodeAddress,
    SecretSetting, Setting, Stores, Tls, Verify,
};
use base::secret::Secret;
use python::{Data, Kwargs, Met, Origin, PyResult, Stop, Truth, Value};

use super::objects::RedisCacheId;
use super::process::Process;
use settings::Reader;
use target::Target;
use url::Link;
use values::{Refused, is_set, text};

/// What redis-py's clients know and the Rust client ignores, saying so; by name, which is its order too.
static IGNORED: [&str; 52] = [
    "address_remap",
    "auto_close_connection_pool",
    "cache",
    "cache_config",
    "charset",
    "client_name",
    "cluster_error_retry_attempts",
    "command_packer",
    "connection_class",
    "connection_error_retry_attempts",
    "connection_pool",
    "decode_responses",
    "driver_info",
    "dynamic_startup_nodes",
    "encoder_class",
    "encoding",
    "encoding_errors",
    "errors",
    "event_dispatcher",
    "legacy_responses",
    "lib_name",
    "lib_version",
    "load_balancing_strategy",
    "maint_notifications_config",
    "maint_notifications_pool_handler",
    "maintenance_notification_hash",
    "maintenance_state",
    "max_connections",
    "orig_host_address",
    "orig_socket_connect_timeout",
    "orig_socket_timeout",
    "oss_cluster_maint_notifications_handler",
    "parser",
    "parser_class",
    "path",
    "policy_resolver",
    "protocol",
    "read_from_replicas",
    "redis_connect_func",
    "reinitialize_steps",
    "require_full_coverage",
    "retry",
    "retry_on_error",
    "retry_on_timeout",
    "single_connection_client",
    "socket_keepalive_options",
    "socket_read_size",
    "socket_type",
    "ssl_ciphers",
    "ssl_min_version",
    "ssl_ocsp_context",
    "ssl_ocsp_expected_cert",
];

/// How a reason begins that is found on connecting.
const CONNECTING: &str = "connecting to Redis: ";

/// The stores without a client: each process for itself.
pub(super) fn memory() -> Native {
    Native { stores: Knowable::Known(Stores::Memory), reason: None, client: None, ignored: vec![] }
}

/// Numbers that JSON's integers do not hold stop the cache.
///
/// # Errors
/// `ValueError`.
pub(super) fn is_json(value: &Value) -> PyResult<()> {
    is_json_once(value, &mut Met::default())
}

fn is_json_once(value: &Value, met: &mut Met) -> PyResult<()> {
    if !met.is_first(value) {
        return Ok(());
    }
    match &value.data {
        Data::Int(number) if i64::try_from(number).is_err() && u64::try_from(number).is_err() => {
            Err(Stop::raise("ValueError", "JSON number out of range").because_of(&value.origin))
        }
        Data::List(items) | Data::Tuple(items) => {
            items.iter().try_for_each(|item| is_json_once(item, met))
        }
        Data::Dict(dict) => {
            dict.entries.iter().try_for_each(|entry| is_json_once(&entry.value, met))
        }
        _ => Ok(()),
    }
}

/// The client of a cache, made at start-up, once for each of its users.
///
/// # Errors
/// As [`connect`], and what the settings of LiteLLM's own HTTP clients raise.
pub(super) fn of_cache(
    process: &mut Process<'_>,
    id: RedisCacheId,
    consumer: Consumer,
) -> PyResult<Native> {
    made(process, id, consumer)?;
    // Who asks once more has it made once more.
    let made = match Rc::get_mut(&mut process.redis_caches[id.0]) {
        Some(cache) => cache.native.take(),
        None => process.redis_caches[id.0].native.get().cloned(),
    };
    let mut native = made.unwrap_or_else(memory);
    if let Some(client) = &mut native.client {
        client.consumer = consumer;
    }
    Ok(native)
}

/// The same, for its first user.
///
/// # Errors
/// As [`of_cache`].
pub(super) fn made<'p>(
    process: &'p Process<'_>,
    id: RedisCacheId,
    consumer: Consumer,
) -> PyResult<&'p Native> {
    let cache = &process.redis_caches[id.0];
    let native = match cache.native.get() {
        Some(made) => made,
        None => {
            let native = connect(&cache.store_kwargs, cache.namespace.as_ref(), consumer)?;
            cache.native.get_or_init(|| native)
        }
    };
    // A url that redis-rs does not read fails on connecting, which comes after.
    let connects =
        matches!(&native.reason, Some(Knowable::Known(why)) if why.starts_with(CONNECTING));
    if native.client.is_some() || connects {
        http::settings(process)?;
    }
    Ok(native)
}

/// `litellm.redis.stores.connection.connect(cache)`, from `cache.store_settings`.
///
/// # Errors
/// What it raises; what it only logs is the [`Native::reason`] why state stays in memory.
pub(super) fn connect(
    store_kwargs: &Kwargs,
    namespace: Option<&Value>,
    consumer: Consumer,
) -> PyResult<Native> {
    if let Some(namespace) = namespace
        && !matches!(namespace.data, Data::None | Data::Str(_) | Data::Unknown(_))
    {
        let message = "failed to extract field StoreSettings.namespace";
        return Err(Stop::raise("TypeError", message).because_of(&namespace.origin));
    }
    match resolve(store_kwargs, consumer) {
        Ok(native) => Ok(native),
        Err(Refused::Raised(stop)) => Err(stop),
        Err(Refused::Unusable(reason)) => {
            Ok(Native { reason: Some(Knowable::Known(reason)), ..memory() })
        }
    }
}

fn resolve(kwargs: &Kwargs, consumer: Consumer) -> Result<Native, Refused> {
    let reader = Reader { kwargs };
    let url = given(kwargs, "url").filter(|_| !reader.names_nodes());
    let link = url.and_then(|url| Some(Link::of(&text(url)?, &url.origin)));
    let hidden = url.and_then(|url| match &url.data {
        Data::Unknown(why) => Some((url, why.to_string())),
        _ => None,
    });
    reader.refuse_unverifiable()?;
    if let Some(link) = &link {
        link.refuse_unverifiable()?;
    }
    let mut connection = unset();
    let mut client = without_connection(consumer);
    let over_tls = match &link {
        Some(link) => Ok(Knowable::Known(link.tls())),
        None if let Some((_, why)) = &hidden => Ok(Knowable::Unknown(why.clone())),
        None if reader.socket().is_some() => Ok(Knowable::Known(false)),
        None => reader.flag("ssl"),
    };
    connection.auth = reader.auth(&over_tls)?;
    match &link {
        Some(link) => link.fill(&mut connection, kwargs)?,
        None if let Some((url, why)) = &hidden => {
            // Whatever the address says.
            let Connection { host, port, db, username, .. } = &mut connection;
            for slot in [host, port, db, username] {
                *slot = setting((*url).clone());
            }
            connection.password.value = Knowable::Unknown(why.clone());
            connection.tls = Knowable::Unknown(why.clone());
            connection.tls_origin = url.origin.clone();
        }
        None => {
            match reader.target()? {
                Target::Host(host) => match reader.socket() {
                    Some(path) => connection.path = Some(setting(path.clone())),
                    None => (connection.host, connection.port) = (host, reader.port()?),
                },
                Target::Nodes(nodes) => {
                    client.kind = ClientKind::RedisCluster;
                    client.nodes = nodes;
                }
                Target::Sentinels { service, addresses } => {
                    client.kind = ClientKind::Sentinel;
                    client.service_name = Some(service);
                    client.sentinels =
                        addresses.into_iter().map(|at| sentinel(at, kwargs)).collect();
                }
            }
            connection.db = reader.whole("db", 0)?;
            let tls = over_tls?;
            if let Some(ssl) = kwargs.get("ssl") {
                connection.tls_origin = ssl.origin.clone();
            }
            connection.tls = match tls {
                Knowable::Known(true) if connection.path.is_none() => {
                    Knowable::Known(Some(reader.tls()?))
                }
                Knowable::Known(_) => Knowable::Known(None),
                Knowable::Unknown(why) => Knowable::Unknown(why),
            };
            over_sentinels(&mut client, &mut connection);
            login(&mut connection, kwargs.arg("username"), kwargs.arg("password"));
        }
    }
    for (name, slot) in [
        ("socket_timeout", &mut connection.socket_timeout),
        ("socket_connect_timeout", &mut connection.socket_connect_timeout),
    ] {
        if slot.value.is_none() {
            *slot = reader.seconds(name)?;
        }
    }
    if connection.health_check_interval.value.is_none() {
        connection.health_check_interval = reader.whole("health_check_interval", 0)?;
    }
    reader.flag("socket_keepalive")?;
    client.connection = Some(connection);
    let mut native = Native {
        stores: Knowable::Known(Stores::Redis),
        reason: None,
        client: Some(client),
        ignored: ignored(kwargs),
    };
    if let Some(link) = &link {
        let noted = |name| Ignored { name, origin: link.origin.clone() };
        native.ignored.extend(link.ignored().into_iter().map(noted));
        if let Some(why) = link.unreadable() {
            let reason = Some(Knowable::Known(format!("{CONNECTING}{why}")));
            return Ok(Native { reason, ignored: native.ignored, ..memory() });
        }
    }
    reads_files(&mut native);
    Ok(native)
}

/// Sentinels are asked as the master is, and both names are checked.
fn over_sentinels(client: &mut Client, connection: &mut Connection) {
    if let (ClientKind::Sentinel, Knowable::Known(Some(tls))) = (client.kind, &mut connection.tls) {
        always_check_the_name(tls);
    }
    for sentinel in &mut client.sentinels {
        sentinel.tls.clone_from(&connection.tls);
        sentinel.tls_origin.clone_from(&connection.tls_origin);
    }
}

/// redis-rs' client for sentinels checks every name where it verifies, the sentinels' and the master's, whatever
/// `ssl_check_hostname` says.
fn always_check_the_name(tls: &mut Tls) {
    if tls.verify == Verify::None {
        return;
    }
    let given = std::mem::replace(&mut tls.check_hostname, setting(Value::bool(true, own())));
    let is_given = !matches!(given.value.origin, Origin::LitellmDefault(_));
    if is_given && given.value.truth() != Truth::True {
        tls.check_hostname.overrode.push(given.value);
    } else if is_given {
        tls.check_hostname = given;
    }
}

/// What redis-py would have taken, by name.
fn ignored(kwargs: &Kwargs) -> Vec<Ignored> {
    let passes_over = |name: &str, value: &Value| {
        IGNORED.binary_search(&name).is_ok() && !(name == "ssl_min_version" && rustls_has(value))
    };
    let unread = kwargs.iter().filter(|(name, arg)| passes_over(name, &arg.value));
    let noted = |(name, arg): (&python::Name, &python::Arg)| Ignored {
        name: name.to_string(),
        origin: arg.value.origin.clone(),
    };
    let mut ignored: Vec<Ignored> = unread.map(noted).collect();
    ignored.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    ignored
}

/// A lowest version that rustls is above anyway: of TLS 1.0, 1.1 and 1.2.
fn rustls_has(version: &Value) -> bool {
    match &version.data {
        Data::Int(number) => (769.into()..=771.into()).contains(number),
        Data::Str(text) => &**text == "TLSv1_2",
        _ => false,
    }
}

/// Certificates and keys are read when the client is made; whether they can be is not known here.
fn reads_files(native: &mut Native) {
    let Some(Connection { tls: Knowable::Known(Some(tls)), .. }) = native.connection() else {
        return;
    };
    let file = [&tls.ca_certs, &tls.ca_path, &tls.certfile]
        .into_iter()
        .find_map(|setting| text(&setting.value));
    if let Some(file) = file {
        let why = format!("whether {file} can be read");
        native.stores = Knowable::Unknown(why.clone());
        native.reason = Some(Knowable::Unknown(why));
    }
}

fn without_connection(consumer: Consumer) -> Client {
    Client {
        consumer,
        api: Api::Native,
        kind: ClientKind::Redis,
        error: None,
        connection: None,
        nodes: vec![],
        service_name: None,
        sentinels: vec![],
    }
}

/// A sentinel has a password of its own, and no user.
fn sentinel(NodeAddress { host, port }: NodeAddress, kwargs: &Kwargs) -> Connection {
    let mut connection = Connection { host, port, ..unset() };
    login(&mut connection, None, kwargs.arg("sentinel_password"));
    connection
}

/// A connection of which nothing is set.
fn unset() -> Connection {
    Connection {
        max_connections: None,
        host: none(),
        port: none(),
        path: None,
        db: none(),
        username: none(),
        password: SecretSetting {
            value: Knowable::Known(None),
            held: Value::none(own()),
            origin: own(),
            overrode: vec![],
        },
        auth: Auth::Static,
        tls: Knowable::Known(None),
        tls_origin: own(),
        socket_timeout: none(),
        socket_connect_timeout: none(),
        health_check_interval: none(),
        client_name: none(),
        protocol: none(),
    }
}

fn own() -> Origin {
    Origin::LitellmDefault("NativeRedisClient")
}

fn none() -> Setting {
    setting(Value::none(own()))
}

fn setting(value: Value) -> Setting {
    Setting { value, overrode: vec![] }
}

/// AUTH is sent only where there is a password.
fn login(
    connection: &mut Connection,
    username: Option<&python::Arg>,
    password: Option<&python::Arg>,
) {
    let Some(password) = password else { return };
    let overrode = password.overrode.iter().map(|value| value.origin.clone()).collect();
    let origin = password.value.origin.clone();
    if let Data::Unknown(why) = &password.value.data {
        connection.password = SecretSetting {
            value: Knowable::Unknown(why.to_string()),
            held: password.value.clone(),
            origin,
            overrode,
        };
    } else if let Some(word) = text(&password.value) {
        connection.password = SecretSetting {
            value: Knowable::Known(Some(Secret::new(word.clone()))),
            held: Value::str(word, origin.clone()),
            origin,
            overrode,
        };
    } else {
        return;
    }
    if let Some(username) = username {
        let known = text(&username.value)
            .map(|name| Value::str(name, username.value.origin.clone()))
            .or_else(|| {
                matches!(username.value.data, Data::Unknown(_)).then(|| username.value.clone())
            });
        if let Some(value) = known {
            connection.username = Setting { value, overrode: username.overrode.clone() };
        }
    }
}

/// Settings of TLS; `get` finds one by its name.
fn tls_settings(
    verify: Verify,
    check_hostname: Setting,
    get: &dyn Fn(&str) -> Option<Value>,
) -> Tls {
    let file = |name: &str| match get(name) {
        Some(value) if matches!(value.data, Data::Unknown(_)) => setting(value),
        Some(value) => match text(&value) {
            Some(path) => setting(Value::str(path, value.origin)),
            None => none(),
        },
        None => none(),
    };
    let certfile = file("ssl_certfile");
    // Without a certificate the key is not read.
    let keyfile = if certfile.value.is_none() { none() } else { file("ssl_keyfile") };
    let others = ["ssl_ca_data", "ssl_password"].map(|name| (&name[4..], file(name)));
    let others = others.into_iter().filter(|(_, setting)| !setting.value.is_none()).collect();
    Tls {
        verify,
        verify_origin: get("ssl_cert_reqs").map_or_else(own, |value| value.origin),
        check_hostname,
        ca_certs: file("ssl_ca_certs"),
        ca_path: file("ssl_ca_path"),
        certfile,
        keyfile,
        others,
        include_verify_flags: none(),
        exclude_verify_flags: none(),
    }
}

/// Whether the setting is there at all.
fn given<'k>(kwargs: &'k Kwargs, name: &str) -> Option<&'k Value> {
    kwargs.get(name).filter(|value| is_set(value))
}
