//! `Connection`, `SSLConnection`, `UnixDomainSocketConnection`: construction and attributes.

use crate::outcome::{Api, Auth, Connection, Knowable, SecretSetting, Setting, Tls, Verify};
use base::secret::Secret;
use facts::{Behaviour, DefaultValue, Pair, Signature};
use python::{Arg, AzureIam, Data, Kwargs, Object, Origin, Part, PyResult, Stop, Value, convert};

use super::{Classes, default_value};

/// Which connection class a pool uses.
#[derive(Clone, Debug)]
pub(crate) enum ConnectionClass {
    /// `Connection`
    Tcp,
    /// `SSLConnection`
    Ssl,
    /// `UnixDomainSocketConnection`
    Unix,
    /// TCP; whether with TLS can't be known, and why.
    Unknown(String),
    /// What the config gives as `connection_class`; calling it raises.
    NotAClass(Value),
}

impl ConnectionClass {
    /// `SSLConnection if ssl else Connection`
    ///
    /// # Errors
    /// What `bool(ssl)` raises.
    pub(super) fn of(ssl: &Value) -> PyResult<Self> {
        match convert::truth(ssl) {
            Ok(false) => Ok(Self::Tcp),
            Ok(true) => Ok(Self::Ssl),
            Err(Stop::Unknown(why)) => Ok(Self::Unknown(why)),
            Err(stop) => Err(stop),
        }
    }
}

/// `connection_class(**kwargs)`, read attribute by attribute.
///
/// # Errors
/// What the constructors raise.
pub(crate) fn construct(
    pair: Pair,
    api: Api,
    class: &ConnectionClass,
    tls_origin: &Origin,
    arguments: &Kwargs,
) -> PyResult<Connection> {
    let classes = Classes::of(pair, api);
    if let ConnectionClass::NotAClass(value) = class {
        callable(Some(value))?;
    }
    let arguments = Part::whole(arguments);
    let mut unset_attribute = None;
    let (tls, rest) = match class {
        ConnectionClass::Ssl => {
            let (own, rest) = arguments.bind(&classes.ssl_connection)?;
            let tls = match tls_settings(pair, api, &classes.ssl_connection, &own) {
                // It shows where the attribute is read: once the connection is there.
                Err(Stop::Raised(stop)) if stop.class == "AttributeError" => {
                    unset_attribute = Some(Stop::Raised(stop));
                    None
                }
                read => Some(read?),
            };
            (Knowable::Known(tls), rest)
        }
        ConnectionClass::Unknown(why) => {
            let (_, rest) = arguments.bind(&classes.ssl_connection)?;
            (Knowable::Unknown(why.clone()), rest)
        }
        ConnectionClass::Tcp | ConnectionClass::Unix | ConnectionClass::NotAClass(_) => {
            (Knowable::Known(None), arguments)
        }
    };
    let unix = matches!(class, ConnectionClass::Unix);
    let signature = if unix { classes.unix_connection } else { classes.connection };
    let (own, rest) = rest.bind(&signature)?;
    let host = setting(&signature, &own, "host");
    let mut port = setting(&signature, &own, "port");
    if !unix {
        port.value = known_or(convert::int(&port.value).map(Data::Int), &port.value)?;
    }
    let mut connection = abstract_connection(pair, api, &classes.abstract_connection, &rest)?;
    connection.host = host;
    connection.port = port;
    connection.tls = tls;
    connection.tls_origin = tls_origin.clone();
    if unix {
        connection.path = Some(setting(&signature, &own, "path"));
        if signature.names("socket_timeout") {
            connection.socket_timeout = setting(&signature, &own, "socket_timeout");
        }
    }
    unset_attribute.map_or(Ok(connection), Err)
}

/// The converted value; an unknown one stays unknown.
fn known_or(converted: PyResult<Data>, value: &Value) -> PyResult<Value> {
    match converted {
        Ok(data) => Ok(Value::new(data, value.origin.clone())),
        Err(Stop::Unknown(_)) => Ok(value.clone()),
        Err(stop) => Err(stop),
    }
}

fn argument(signature: &Signature, arguments: &Part<'_>, name: &str) -> Arg {
    let mut arg = match arguments.arg(name) {
        Some(arg) => arg.clone(),
        None => default_value(signature, name).into(),
    };
    arg.overrode.extend(arguments.replaced(name).filter(|value| !value.is_none()).cloned());
    arg
}

fn setting(signature: &Signature, arguments: &Part<'_>, name: &str) -> Setting {
    let Arg { value, overrode } = argument(signature, arguments, name);
    Setting { value, overrode }
}

fn tls_settings(
    pair: Pair,
    api: Api,
    signature: &Signature,
    arguments: &Part<'_>,
) -> PyResult<Tls> {
    let get = |name| setting(signature, arguments, name);
    let cert_reqs = get("ssl_cert_reqs").value;
    let verify = verify_mode(pair, api, &cert_reqs)?;
    let mut check_hostname = get("ssl_check_hostname");
    if verify == Verify::None && pair.behaves(Behaviour::CertNoneDropsHostnameCheck) {
        let origin =
            Origin::computed("off, since ssl_cert_reqs is none", [cert_reqs.origin.clone()]);
        let overrode = vec![check_hostname.value];
        check_hostname = Setting { value: Value::bool(false, origin), overrode };
    }
    let others = [
        ("ca_data", "ssl_ca_data"),
        ("password", "ssl_password"),
        ("min_version", "ssl_min_version"),
        ("ciphers", "ssl_ciphers"),
    ];
    Ok(Tls {
        verify,
        verify_origin: cert_reqs.origin,
        check_hostname,
        ca_certs: get("ssl_ca_certs"),
        ca_path: get("ssl_ca_path"),
        certfile: get("ssl_certfile"),
        keyfile: get("ssl_keyfile"),
        others: others.into_iter().map(|(attribute, name)| (attribute, get(name))).collect(),
        include_verify_flags: get("ssl_include_verify_flags"),
        exclude_verify_flags: get("ssl_exclude_verify_flags"),
    })
}

/// `ssl_cert_reqs` as `SSLConnection.__init__` (sync) and `RedisSSLContext.__init__` resolve it.
fn verify_mode(pair: Pair, api: Api, cert_reqs: &Value) -> PyResult<Verify> {
    let refused = |stop: Stop| Err(stop.because_of(&cert_reqs.origin));
    let number = match &cert_reqs.data {
        Data::None => return Ok(Verify::None),
        Data::Str(text) => {
            return match &**text {
                "none" => Ok(Verify::None),
                "optional" => Ok(Verify::Optional),
                "required" => Ok(Verify::Required),
                other => refused(Stop::raise(
                    "RedisError",
                    format!("Invalid SSL Certificate Requirements Flag: {other}"),
                )),
            };
        }
        Data::Unknown(why) => return Err(Stop::Unknown(why.to_string())),
        Data::Bool(flag) => u8::from(*flag),
        Data::Int(number) => u8::try_from(number).unwrap_or(u8::MAX),
        // `2.0 == ssl.CERT_REQUIRED`
        Data::Float(number) => [0.0_f64, 1.0, 2.0]
            .iter()
            .position(|mode| mode.total_cmp(&(number + 0.0)).is_eq())
            .and_then(|mode| u8::try_from(mode).ok())
            .unwrap_or(u8::MAX),
        _ => u8::MAX,
    };
    if api == Api::Async && !pair.behaves(Behaviour::AsyncTakesNumericCertReqs) {
        // `RedisSSLContext` leaves the attribute unset; connecting raises.
        let message = "'RedisSSLContext' object has no attribute 'cert_reqs'";
        return refused(Stop::raise("AttributeError", message));
    }
    match number {
        0 => Ok(Verify::None),
        1 => Ok(Verify::Optional),
        2 => Ok(Verify::Required),
        _ => Err(Stop::Unknown("ssl_cert_reqs is not a verify mode".to_owned())),
    }
}

/// `AbstractConnection.__init__`; host, port and TLS are filled in by the caller.
fn abstract_connection(
    pair: Pair,
    api: Api,
    signature: &Signature,
    arguments: &Part<'_>,
) -> PyResult<Connection> {
    arguments.clone().bind(signature)?;
    let get = |name| setting(signature, arguments, name);
    let username = get("username");
    let password = argument(signature, arguments, "password");
    let provider = get("credential_provider").value;
    if !provider.is_none() && (truthy(&username.value) || truthy(&password.value)) {
        let message = "'username' and 'password' cannot be passed along with 'credential_provider'. \
             Please provide only one of the following arguments: \n\
             1. 'password' and (optional) 'username'\n\
             2. 'credential_provider'";
        return Err(Stop::raise("DataError", message)
            .because_of(&username.value.origin)
            .because_of(&password.value.origin));
    }
    let socket_timeout = get("socket_timeout");
    let mut socket_connect_timeout = get("socket_connect_timeout");
    if socket_connect_timeout.value.is_none() {
        let from = [socket_timeout.value.origin.clone()];
        let origin = Origin::computed("socket_timeout, since none is set", from);
        socket_connect_timeout.value = Value::new(socket_timeout.value.data.clone(), origin);
    }
    check_driver_info(signature, arguments.given("driver_info"))?;
    check_retry(pair, api, signature, arguments)?;
    check_protocol(pair, &get("protocol").value)?;
    callable(arguments.get("parser_class"))?;
    if api == Api::Sync
        && pair.behaves(Behaviour::HiredisIsInstalled)
        && let Some(size) = arguments.get("socket_read_size")
    {
        bytearray(size)?;
    }
    let nothing = || Setting {
        value: Value::none(Origin::RedisPyDefault(signature.qualname)),
        overrode: vec![],
    };
    Ok(Connection {
        max_connections: None,
        host: nothing(),
        port: nothing(),
        path: None,
        db: get("db"),
        username,
        password: secret(password),
        auth: auth(&provider, &get("redis_connect_func").value),
        tls: Knowable::Known(None),
        tls_origin: Origin::RedisPyDefault(signature.qualname),
        socket_timeout,
        socket_connect_timeout,
        health_check_interval: get("health_check_interval"),
        client_name: get("client_name"),
        protocol: get("protocol"),
    })
}

/// `bytearray(size)`, the buffer of `_HiredisParser`.
fn bytearray(size: &Value) -> PyResult<()> {
    let kind = size.type_name().unwrap_or("object");
    let raise =
        |class: &str, message: String| Err(Stop::raise(class, message).because_of(&size.origin));
    let no_integer = |item: &Value| {
        let kind = item.type_name().unwrap_or("object");
        raise("TypeError", format!("'{kind}' object cannot be interpreted as an integer"))
    };
    match &size.data {
        Data::Int(size) => match i64::try_from(size) {
            Ok(size) if size < 0 => raise("ValueError", "negative count".to_owned()),
            Ok(_) => Ok(()),
            Err(_) => {
                let message = "cannot fit 'int' into an index-sized integer";
                raise("OverflowError", message.to_owned())
            }
        },
        Data::Str(_) => raise("TypeError", "string argument without an encoding".to_owned()),
        Data::None | Data::Float(_) => {
            raise("TypeError", format!("cannot convert '{kind}' object to bytearray"))
        }
        Data::List(_) | Data::Dict(_) => {
            for item in super::iterate(size)? {
                match &item.data {
                    Data::Bool(_) | Data::Unknown(_) => {}
                    Data::Int(byte) if u8::try_from(byte).is_ok() => {}
                    Data::Int(_) => {
                        let message = "byte must be in range(0, 256)";
                        return raise("ValueError", message.to_owned());
                    }
                    _ => return no_integer(&item),
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn truthy(value: &Value) -> bool {
    // A value that can't be known is one that is set elsewhere: taken as not empty.
    convert::truth(value).unwrap_or(true)
}

fn secret(arg: Arg) -> SecretSetting {
    let value = match &arg.value.data {
        Data::None => Knowable::Known(None),
        Data::Unknown(why) => Knowable::Unknown(why.to_string()),
        _ => match convert::str_of(&arg.value) {
            Ok(text) => Knowable::Known(Some(Secret::new(text))),
            Err(_) => Knowable::Unknown("a password that is not text".to_owned()),
        },
    };
    SecretSetting {
        value,
        origin: arg.value.origin.clone(),
        held: arg.value,
        overrode: arg.overrode.into_iter().map(|value| value.origin).collect(),
    }
}

fn auth(provider: &Value, connect_func: &Value) -> Auth {
    let ((Data::Object(object), _) | (_, Data::Object(object))) =
        (&provider.data, &connect_func.data)
    else {
        return Auth::Static;
    };
    match object {
        Object::GcpConnectFunc { service_account }
        | Object::GcpCredentialProvider { service_account } => {
            Auth::Gcp { service_account: service_account.to_string() }
        }
        Object::AzureConnectFunc(iam) | Object::AzureCredentialProvider(iam) => {
            Auth::Azure(AzureIam::clone(iam))
        }
        Object::AwsCredentialProvider(iam) => Auth::Aws {
            user_name: iam.user_name.to_string(),
            cache_name: iam.cache_name.to_string(),
            region: iam.region.to_string(),
            serverless: iam.serverless,
        },
    }
}

/// Calls what should be a class: nothing that a config can hold is one.
pub(super) fn callable(value: Option<&Value>) -> PyResult<()> {
    match value {
        Some(value) if !matches!(value.data, Data::Object(_) | Data::Unknown(_)) => {
            let kind = value.type_name().unwrap_or("object");
            let message = format!("'{kind}' object is not callable");
            Err(Stop::raise("TypeError", message).because_of(&value.origin))
        }
        _ => Ok(()),
    }
}

/// `resolve_driver_info`: an object that no config can hold.
pub(super) fn check_driver_info(signature: &Signature, given: Option<&Value>) -> PyResult<()> {
    match given {
        // Where `None` is the default, any value is taken as it is.
        Some(value)
            if signature
                .parameter("driver_info")
                .is_some_and(|parameter| parameter.default == DefaultValue::Object) =>
        {
            let message = "driver_info must be a DriverInfo instance or None";
            Err(Stop::raise("TypeError", message).because_of(&value.origin))
        }
        _ => Ok(()),
    }
}

/// `retry`, `retry_on_error` and `retry_on_timeout`.
fn check_retry(pair: Pair, api: Api, signature: &Signature, arguments: &Part<'_>) -> PyResult<()> {
    let on_timeout = truthy(&setting(signature, arguments, "retry_on_timeout").value);
    let on_error = arguments.get("retry_on_error");
    let retry = arguments.given("retry");
    let copied = api == Api::Sync && pair.behaves(Behaviour::RetryOnErrorIsCopied);
    let mut errors = on_timeout;
    if let Some(value) = on_error {
        if copied {
            iterable(value)?;
        }
        if on_timeout && !copied && !matches!(value.data, Data::List(_)) {
            return Err(Stop::no_attribute(value, "append"));
        }
        errors |= truthy(value);
    }
    let retry = retry.filter(|retry| truthy(retry));
    if let Some(retry) = retry
        && (errors || !copied)
        && !matches!(retry.data, Data::Object(_))
    {
        return Err(Stop::no_attribute(retry, "update_supported_errors"));
    }
    match on_error {
        Some(value) if errors => exception_classes(value),
        _ => Ok(()),
    }
}

fn iterable(value: &Value) -> PyResult<()> {
    match super::iterate(value) {
        Ok(_) | Err(Stop::Unknown(_)) => Ok(()),
        Err(stop) => Err(stop),
    }
}

/// `Retry.update_supported_errors(value)`: makes a set of the elements.
pub(super) fn exception_classes(value: &Value) -> PyResult<()> {
    iterable(value)?;
    let items = super::iterate(value).unwrap_or_default();
    for item in items {
        let kind = match item.data {
            Data::List(_) => "list",
            Data::Dict(_) => "dict",
            Data::Set(_) => "set",
            _ => continue,
        };
        let message = format!("unhashable type: '{kind}'");
        return Err(Stop::raise("TypeError", message).because_of(&value.origin));
    }
    Ok(())
}

/// `protocol`: 2 or 3, as a number or text.
fn check_protocol(pair: Pair, protocol: &Value) -> PyResult<()> {
    let raise =
        |class: &str, message: &str| Err(Stop::raise(class, message).because_of(&protocol.origin));
    match convert::int(protocol) {
        Ok(number) => {
            if number < 2.into() || number > 3.into() {
                return raise("ConnectionError", "protocol must be either 2 or 3");
            }
            Ok(())
        }
        Err(Stop::Raised(exception)) if exception.class == "TypeError" => Ok(()),
        Err(Stop::Raised(_)) if pair.behaves(Behaviour::ProtocolErrorIsClean) => {
            raise("ConnectionError", "protocol must be an integer")
        }
        Err(Stop::Raised(_)) => raise(
            "UnboundLocalError",
            "cannot access local variable 'p' where it is not associated with a value",
        ),
        Err(Stop::Unknown(_)) => Ok(()),
    }
}
