//! `litellm/_redis.py`: `_get_redis_client_logic` and the allow-lists.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use crate::trace::{DropReason, Event};
use base::secret::Secret;
use facts::litellm_names::{AWS, AZURE};
use facts::{Behaviour, DefaultValue, Pair, Version};
use python::{
    AwsIam, AzureIam, Data, Kwargs, Object, Origin, PyResult, Raise, Stop, Value, case, convert,
    json, url,
};

use super::process::{Process, State};

/// Arguments of `redis.Redis` that LiteLLM never takes from the environment.
const NOT_PRIMITIVE: [&str; 2] = ["connection_pool", "retry"];
/// The order in which Python walks the set of names that newer releases make, with PYTHONHASHSEED=0.
/// It differs from process to process, and decides only which of several faults is named first.
const SET_ORDER: [&str; 63] = [
    "ssl_min_version",
    "single_connection_client",
    "gcp_service_account",
    "aws_iam_region",
    "username",
    "socket_read_size",
    "ssl_ocsp_expected_cert",
    "azure_tenant_id",
    "socket_timeout",
    "ssl_exclude_verify_flags",
    "ssl_validate_ocsp",
    "oss_cluster_maint_notifications_handler",
    "azure_client_secret",
    "ssl_ocsp_context",
    "cache_config",
    "driver_info",
    "ssl_cert_reqs",
    "ssl_check_hostname",
    "lib_name",
    "credential_provider",
    "ssl_keyfile",
    "port",
    "aws_iam_auth",
    "aws_iam_serverless",
    "retry_on_timeout",
    "socket_keepalive",
    "errors",
    "ssl_include_verify_flags",
    "legacy_responses",
    "azure_client_id",
    "aws_iam_cache_name",
    "ssl_ca_certs",
    "password",
    "ssl_ciphers",
    "ssl_validate_ocsp_stapled",
    "ssl",
    "cache",
    "event_dispatcher",
    "encoding",
    "socket_keepalive_options",
    "host",
    "unix_socket_path",
    "decode_responses",
    "protocol",
    "redis_connect_func",
    "health_check_interval",
    "client_name",
    "ssl_password",
    "maint_notifications_config",
    "azure_redis_ad_token",
    "socket_connect_timeout",
    "db",
    "ssl_certfile",
    "max_connections",
    "url",
    "gcp_ssl_ca_certs",
    "lib_version",
    "encoding_errors",
    "retry_on_error",
    "ssl_ca_path",
    "ssl_ca_data",
    "aws_iam_user_name",
    "charset",
];

/// A name that LiteLLM maps from `REDIS_*`.
pub(super) struct Mapped {
    pub(super) name: &'static str,
    variable: String,
}

/// The names that LiteLLM maps from `REDIS_*`, and those that it does not.
pub(super) struct MappedNames {
    names: Vec<Mapped>,
    /// Those that redis-py has in other releases.
    others: Vec<Mapped>,
    /// Whether redis-py's signature gives names.
    seen: bool,
}

impl MappedNames {
    /// Whether `REDIS_*` gives an argument of this name.
    pub(super) fn has(&self, pair: Pair, name: &str) -> bool {
        let _asked = self.seen && pair.redis_py_data().redis().names(name);
        self.names.iter().any(|known| known.name == name)
    }
}

/// `_get_redis_kwargs`: the names that LiteLLM maps from `REDIS_*`.
///
/// Each client that is built asks for them, and they are the same for a pair of releases: working
/// them out once keeps a check fast.
pub(super) fn redis_kwarg_names(pair: Pair) -> Arc<MappedNames> {
    type Known = Vec<((Version, [bool; 5]), Arc<MappedNames>)>;
    static KNOWN: Mutex<Known> = Mutex::new(Vec::new());
    let added = [
        Behaviour::UnwrappedSignatures,
        Behaviour::GcpIam,
        Behaviour::AzureAd,
        Behaviour::CredentialProvider,
        Behaviour::AwsIam,
    ];
    let unwrapped = pair.behaves(Behaviour::UnwrappedSignatures);
    let signature = pair.redis_py_data().redis();
    let seen = unwrapped || !signature.decorated();
    let releases = (pair.redis_py, added.map(|behaviour| pair.behaves(behaviour)));
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, names)) = known.iter().find(|(of, _)| *of == releases) {
        return names.clone();
    }
    let mapped = |name: &'static str| Mapped {
        name,
        variable: format!("REDIS_{}", name.to_ascii_uppercase()),
    };
    let listed = names(pair);
    let mut others: Vec<&str> = signature
        .ever()
        .filter(|(name, here)| seen && !here && !listed.contains(name))
        .map(|(name, _)| name)
        .collect();
    others.sort_unstable();
    others.dedup();
    let names: Arc<MappedNames> = Arc::new(MappedNames {
        names: listed.into_iter().map(mapped).collect(),
        others: others.into_iter().map(mapped).collect(),
        seen,
    });
    known.push((releases, names.clone()));
    names
}

fn names(pair: Pair) -> Vec<&'static str> {
    let signature = &pair.redis_py_data().redis();
    let unwrapped = pair.behaves(Behaviour::UnwrappedSignatures);
    let mut names: Vec<&'static str> = if !unwrapped && signature.decorated() {
        Vec::new()
    } else {
        signature.ever().filter(|(_, here)| *here).map(|(name, _)| name).collect()
    };
    names.retain(|name| !NOT_PRIMITIVE.contains(name));
    names.push("url");
    if pair.behaves(Behaviour::GcpIam) {
        names.extend(["redis_connect_func", "gcp_service_account", "gcp_ssl_ca_certs"]);
    }
    if pair.behaves(Behaviour::AzureAd) {
        names.extend(AZURE);
    }
    if pair.behaves(Behaviour::CredentialProvider) {
        names.push("credential_provider");
    }
    if pair.behaves(Behaviour::AwsIam) {
        names.extend(AWS);
    }
    let mut seen = Vec::with_capacity(names.len());
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    if pair.behaves(Behaviour::AzureAd) {
        let place = |name: &str| SET_ORDER.iter().position(|known| *known == name);
        seen.sort_by_cached_key(|name| place(name).unwrap_or(SET_ORDER.len()));
    }
    seen
}

/// `_redis_kwargs_from_environment`
pub(super) fn kwargs_from_environment(process: &Process<'_>) -> Kwargs {
    if let Some(known) = process.from_environment.get() {
        return known.clone();
    }
    let mut found = Kwargs::new();
    if process.sets_nothing() {
        return found;
    }
    let no_provider = process.pair.behaves(Behaviour::CredentialProvider);
    let mapped = redis_kwarg_names(process.pair);
    let signature = process.pair.redis_py_data().redis();
    // A variable that is set makes a difference where a release maps it.
    for Mapped { name, variable } in &mapped.others {
        let _asked = process.environ(variable).is_some() && signature.names(name);
    }
    for Mapped { name, variable } in &mapped.names {
        if no_provider && *name == "credential_provider" {
            continue;
        }
        if let Some(value) = process.secret(variable) {
            let _asked = mapped.seen && signature.names(name);
            found.insert(*name, value);
        }
    }
    process.from_environment.get_or_init(|| found).clone()
}

/// The arguments of a cache's clients, and what LiteLLM makes of them: each client asks for it.
#[derive(Debug)]
pub(super) struct Overrides {
    pub(super) kwargs: Kwargs,
    merged: RefCell<Option<Known>>,
    logic: RefCell<Option<Known>>,
}

/// What came of arguments.
#[derive(Debug)]
struct Known {
    /// Of the process.
    state: State,
    kwargs: Kwargs,
    /// What was noted each time.
    overridden: Vec<Event>,
}

impl Overrides {
    pub(super) fn new(kwargs: Kwargs) -> Self {
        Self { kwargs, merged: RefCell::default(), logic: RefCell::default() }
    }

    /// Notes what [`redis_client_logic`] notes each time, where it would do the same again.
    pub(super) fn notes_again(&self, process: &mut Process<'_>) -> bool {
        let logic = self.logic.borrow();
        let known = logic.as_ref().filter(|known| known.state == process.state());
        process.trace.extend(known.iter().flat_map(|known| &known.overridden).cloned());
        known.is_some()
    }
}

/// What `work` makes of the arguments, worked out once in each state of the process.
fn once(
    process: &mut Process<'_>,
    known: &RefCell<Option<Known>>,
    work: impl FnOnce(&mut Process<'_>) -> PyResult<Kwargs>,
) -> PyResult<Kwargs> {
    let state = process.state();
    if let Some(known) = known.borrow().as_ref().filter(|known| known.state == state) {
        process.trace.extend(known.overridden.iter().cloned());
        return Ok(known.kwargs.clone());
    }
    let noted = process.trace.len();
    let kwargs = work(process)?;
    // What is dropped is noted once.
    let again = process.trace[noted..].iter().filter(|one| matches!(one, Event::Overridden { .. }));
    let overridden = again.cloned().collect();
    *known.borrow_mut() = Some(Known { state, kwargs: kwargs.clone(), overridden });
    Ok(kwargs)
}

/// `_get_redis_client_logic(**overrides)`: the arguments for redis-py.
///
/// # Errors
/// `ValueError` without a target, and what JSON and IAM settings raise.
pub(super) fn redis_client_logic(
    process: &mut Process<'_>,
    overrides: &Overrides,
) -> PyResult<Kwargs> {
    once(process, &overrides.logic, |process| work_out(process, overrides))
}

fn work_out(process: &mut Process<'_>, overrides: &Overrides) -> PyResult<Kwargs> {
    let pair = process.pair;
    let mut redis_kwargs = if pair.behaves(Behaviour::RustClient) {
        let mut merged = merge_redis_kwargs(process, overrides)?;
        topology_of_merged(&mut merged)?;
        merged
    } else {
        let mut layered = layer(process, &overrides.kwargs)?;
        resolve_topology(process, &mut layered)?;
        layered
    };
    resolve_iam(process, &mut redis_kwargs)?;
    choose_target(process, &mut redis_kwargs)?;
    if pair.behaves(Behaviour::TypeCoercion) {
        coerce_types(process, &mut redis_kwargs);
    }
    if pair.behaves(Behaviour::SocketTimeoutConstantFillsIn)
        && redis_kwargs.given("socket_timeout").is_none()
    {
        let timeout = socket_timeout_constant(process)?;
        redis_kwargs.insert("socket_timeout", timeout);
    }
    Ok(redis_kwargs)
}

/// The settings over those of the environment.
fn layer(process: &mut Process<'_>, overrides: &Kwargs) -> PyResult<Kwargs> {
    let pair = process.pair;
    let mut overrides = overrides.clone();
    let names: Vec<_> = overrides.iter().map(|(name, _)| name.clone()).collect();
    for name in names {
        if let Some(value) = overrides.get(&name).cloned()
            && let Some(text) = value.as_str()
            && text.starts_with("os.environ/")
        {
            let resolved = process.resolve_reference(text, &value)?;
            overrides.convert(&name, resolved);
        }
    }
    let mut redis_kwargs = kwargs_from_environment(process);
    if pair.behaves(Behaviour::ConfiguredTargetBeatsEnvironmentUrl) {
        let target = ["host", "startup_nodes", "sentinel_nodes"]
            .iter()
            .find_map(|name| overrides.given(name));
        if let Some(target) = target
            && overrides.given("url").is_none()
            && let Some(url) = redis_kwargs.pop("url")
        {
            let winner = target.origin.clone();
            process.overridden("url", &url.value, &winner);
            process.dropped("REDIS_URL", &url.value, DropReason::ConfiguredTargetReplacesUrl);
        }
    }
    redis_kwargs.update(&overrides);
    Ok(redis_kwargs)
}

/// How a secret is asked for.
type Ask = for<'p> fn(&'p Process<'_>, &str) -> PyResult<Option<Value>>;

/// `merge_redis_kwargs(overrides)`: what redis-py's clients and the Rust client are made of.
///
/// # Errors
/// What asking for a secret raises.
pub(super) fn merge_redis_kwargs(
    process: &mut Process<'_>,
    overrides: &Overrides,
) -> PyResult<Kwargs> {
    once(process, &overrides.merged, |process| merge(process, &overrides.kwargs))
}

fn merge(process: &mut Process<'_>, overrides: &Kwargs) -> PyResult<Kwargs> {
    let secret: Ask = |process, name| process.get_secret(name);
    let words: Ask = |process, name| process.get_secret_str(name);
    let mut merged = layer(process, overrides)?;
    fall_back(process, &mut merged, "startup_nodes", secret, &["REDIS_CLUSTER_NODES"])?;
    fall_back(process, &mut merged, "sentinel_nodes", secret, &["REDIS_SENTINEL_NODES"])?;
    fall_back(process, &mut merged, "sentinel_password", words, &["REDIS_SENTINEL_PASSWORD"])?;
    fall_back(process, &mut merged, "service_name", secret, &["REDIS_SERVICE_NAME"])?;
    if merged.given("credential_provider").is_some() {
        return Ok(merged);
    }
    let account = ["REDIS_GCP_SERVICE_ACCOUNT"];
    let gcp = fall_back(process, &mut merged, "gcp_service_account", words, &account)?;
    fall_back(process, &mut merged, "gcp_ssl_ca_certs", words, &["REDIS_GCP_SSL_CA_CERTS"])?;
    let token =
        fall_back(process, &mut merged, "azure_redis_ad_token", secret, &["REDIS_AZURE_AD_TOKEN"])?;
    let azure = match &token {
        Some(token) => case::lower(&convert::str_of(token)?) == "true",
        None => false,
    };
    if azure && gcp.is_none() {
        fall_back(process, &mut merged, "azure_client_id", words, &["AZURE_CLIENT_ID"])?;
        fall_back(process, &mut merged, "azure_tenant_id", words, &["AZURE_TENANT_ID"])?;
        fall_back(process, &mut merged, "azure_client_secret", words, &["AZURE_CLIENT_SECRET"])?;
    }
    if merged.get("aws_iam_auth").is_some_and(coerces_to_true) && gcp.is_none() && !azure {
        let names = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        fall_back(process, &mut merged, "aws_iam_region", words, &names)?;
    }
    Ok(merged)
}

/// `_or_secrets(kwargs.get(name), read, *variables)`, put back where it is not None.
fn fall_back(
    process: &Process<'_>,
    kwargs: &mut Kwargs,
    name: &'static str,
    ask: Ask,
    variables: &[&str],
) -> PyResult<Option<Value>> {
    if let Some(value) = truthy_arg(kwargs, name)? {
        return Ok(Some(value));
    }
    // The last that was asked counts, empty or not.
    let mut found = kwargs.get(name).cloned();
    for variable in variables {
        found = ask(process, variable)?;
        if let Some(value) = &found
            && convert::truth(value).unwrap_or(true)
        {
            break;
        }
    }
    let found = found.filter(|value| !value.is_none());
    if let Some(value) = &found {
        kwargs.insert(name, value.clone());
    }
    Ok(found)
}

/// `startup_nodes` and `sentinel_nodes` as JSON.
fn topology_of_merged(kwargs: &mut Kwargs) -> PyResult<()> {
    match truthy_arg(kwargs, "startup_nodes")? {
        Some(nodes) => json_text(kwargs, "startup_nodes", &nodes)?,
        None => {
            kwargs.pop("startup_nodes");
        }
    }
    match kwargs.get("sentinel_nodes").cloned() {
        Some(nodes) => json_text(kwargs, "sentinel_nodes", &nodes),
        None => Ok(()),
    }
}

/// `startup_nodes`, `sentinel_nodes`, `sentinel_password` and `service_name`, from the arguments or
/// from the environment.
fn resolve_topology(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<()> {
    let startup_nodes = or_secret(process, redis_kwargs, "startup_nodes", "REDIS_CLUSTER_NODES")?;
    match startup_nodes {
        Some(nodes) if !nodes.is_none() => json_text(redis_kwargs, "startup_nodes", &nodes)?,
        _ if process.pair.behaves(Behaviour::StartupNodesBeatUrl) => {
            redis_kwargs.pop("startup_nodes");
        }
        _ => {}
    }
    let sentinel_nodes =
        or_secret(process, redis_kwargs, "sentinel_nodes", "REDIS_SENTINEL_NODES")?;
    if let Some(nodes) = sentinel_nodes {
        json_text(redis_kwargs, "sentinel_nodes", &nodes)?;
    }
    let password = match truthy_arg(redis_kwargs, "sentinel_password")? {
        Some(value) => Some(value),
        None => process.get_secret_str("REDIS_SENTINEL_PASSWORD")?,
    };
    if let Some(password) = password.filter(|value| !value.is_none()) {
        redis_kwargs.convert("sentinel_password", password);
    }
    let service_name = or_secret(process, redis_kwargs, "service_name", "REDIS_SERVICE_NAME")?;
    if let Some(service_name) = service_name.filter(|value| !value.is_none()) {
        redis_kwargs.convert("service_name", service_name);
    }
    Ok(())
}

fn truthy_arg(kwargs: &Kwargs, name: &str) -> PyResult<Option<Value>> {
    match kwargs.get(name) {
        Some(value) => match convert::truth(value) {
            // Unknown: set elsewhere, so taken as not empty.
            Ok(true) | Err(Stop::Unknown(_)) => Ok(Some(value.clone())),
            Ok(false) => Ok(None),
            Err(stop) => Err(stop),
        },
        None => Ok(None),
    }
}

/// `kwargs.get(name) or get_secret(variable)`
fn or_secret(
    process: &Process<'_>,
    kwargs: &Kwargs,
    name: &str,
    variable: &str,
) -> PyResult<Option<Value>> {
    match truthy_arg(kwargs, name)? {
        Some(value) => Ok(Some(value)),
        None => process.get_secret(variable),
    }
}

/// `if isinstance(value, str): kwargs[name] = json.loads(value)`
fn json_text(kwargs: &mut Kwargs, name: &'static str, value: &Value) -> PyResult<()> {
    if let Some(text) = value.as_str() {
        kwargs.convert(name, json::loads(text, &value.origin)?);
    } else if let Data::Unknown(_) = value.data {
        kwargs.convert(name, value.clone());
    }
    Ok(())
}

/// GCP, Azure and AWS IAM.
fn resolve_iam(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<()> {
    let pair = process.pair;
    let explicit_provider = pair.behaves(Behaviour::CredentialProvider)
        && redis_kwargs.given("credential_provider").is_some();
    if !explicit_provider && pair.behaves(Behaviour::GcpIam) {
        let gcp = resolve_gcp(process, redis_kwargs)?;
        if pair.behaves(Behaviour::AzureAd) {
            resolve_azure_and_aws(process, redis_kwargs, gcp)?;
        }
    }
    if pair.behaves(Behaviour::CredentialProvider) {
        redis_kwargs.pop("gcp_service_account");
        redis_kwargs.pop("gcp_ssl_ca_certs");
    }
    if pair.behaves(Behaviour::AzureAd) {
        for name in AZURE {
            redis_kwargs.pop(name);
        }
    }
    if pair.behaves(Behaviour::AwsIam) {
        for name in AWS {
            redis_kwargs.pop(name);
        }
    }
    if pair.behaves(Behaviour::CredentialProvider)
        && redis_kwargs.given("credential_provider").is_some()
    {
        for name in ["redis_connect_func", "username", "password"] {
            if let Some(arg) = redis_kwargs.pop(name)
                && !arg.value.is_none()
            {
                process.dropped(name, &arg.value, DropReason::IamReplacesPassword);
            }
        }
        if let Some(value) = redis_kwargs.given("url").cloned()
            && let Some(text) = value.as_str()
        {
            let mut parts = url::urlsplit(text)?;
            if let Some((_, host)) = parts.netloc.rsplit_once('@') {
                parts.netloc = host.to_owned();
            }
            redis_kwargs.convert("url", Value::str(parts.unsplit(), value.origin));
        }
    }
    Ok(())
}

/// Whether GCP IAM is on.
fn resolve_gcp(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<bool> {
    let account =
        identity(process, redis_kwargs, "gcp_service_account", "REDIS_GCP_SERVICE_ACCOUNT")?;
    let ca_certs = identity(process, redis_kwargs, "gcp_ssl_ca_certs", "REDIS_GCP_SSL_CA_CERTS")?;
    let Some(account) = account.filter(|value| !value.is_none()) else {
        return Ok(false);
    };
    let service_account =
        convert::str_of(&account).unwrap_or_else(|_| "a service account".to_owned()).into();
    let connect = Data::Object(Object::GcpConnectFunc { service_account });
    redis_kwargs.insert("redis_connect_func", Value::new(connect, account.origin));
    if !process.pair.behaves(Behaviour::CredentialProvider) {
        redis_kwargs.pop("gcp_service_account");
        redis_kwargs.pop("gcp_ssl_ca_certs");
    }
    if let Some(ca_certs) = ca_certs.filter(|value| convert::truth(value).unwrap_or(true))
        && truthy_arg(redis_kwargs, "ssl")?.is_some()
    {
        redis_kwargs.insert("ssl_ca_certs", ca_certs);
    }
    Ok(true)
}

/// A setting of IAM: given, or in the environment. Merged settings hold both, and of them
/// `_setting_text` takes text alone.
fn identity(
    process: &Process<'_>,
    redis_kwargs: &Kwargs,
    name: &str,
    variable: &str,
) -> PyResult<Option<Value>> {
    let given = truthy_arg(redis_kwargs, name)?;
    if process.pair.behaves(Behaviour::RustClient) {
        let is_text = |value: &Value| matches!(value.data, Data::Str(_) | Data::Unknown(_));
        return Ok(given.filter(is_text));
    }
    match given {
        Some(value) => Ok(Some(value)),
        None => process.get_secret_str(variable),
    }
}

fn resolve_azure_and_aws(
    process: &mut Process<'_>,
    redis_kwargs: &mut Kwargs,
    gcp: bool,
) -> PyResult<()> {
    let token = or_secret(process, redis_kwargs, "azure_redis_ad_token", "REDIS_AZURE_AD_TOKEN")?;
    let azure = match &token {
        Some(token) => case::lower(&convert::str_of(token)?) == "true",
        None => false,
    };
    if azure && !gcp {
        let iam = azure_identity(process, redis_kwargs)?;
        let origin = token.map_or(Origin::LitellmDefault("azure_redis_ad_token"), |t| t.origin);
        let connect = Data::Object(Object::AzureConnectFunc(Arc::new(iam)));
        redis_kwargs.insert("redis_connect_func", Value::new(connect, origin));
    }
    let aws = process.pair.behaves(Behaviour::AwsIam)
        && redis_kwargs.get("aws_iam_auth").is_some_and(coerces_to_true);
    if aws && !gcp && !azure {
        if !uses_tls(redis_kwargs)? {
            let message = "AWS ElastiCache IAM Redis authentication requires TLS";
            let stop = Stop::raise("ValueError", message);
            let origin = redis_kwargs.get("aws_iam_auth").map(|value| value.origin.clone());
            return Err(origin.map_or(stop.clone(), |origin| stop.because_of(&origin)));
        }
        let provider = elasticache_provider(process, redis_kwargs)?;
        redis_kwargs.insert("credential_provider", provider);
    }
    Ok(())
}

/// Whom Entra ID is to sign in. `ClientSecretCredential(…)` refuses a tenant that is not a tenant's
/// name; it is made only with a client id and a client secret too.
fn azure_identity(process: &Process<'_>, redis_kwargs: &Kwargs) -> PyResult<AzureIam> {
    let setting = |name: &str, variable: &str| -> PyResult<Option<Value>> {
        let given = identity(process, redis_kwargs, name, variable)?;
        let given = given.filter(|value| convert::truth(value).unwrap_or(true));
        Ok(given.or_else(|| process.environ(variable)))
    };
    let client_id = setting("azure_client_id", "AZURE_CLIENT_ID")?;
    let tenant_id = setting("azure_tenant_id", "AZURE_TENANT_ID")?;
    let secret = setting("azure_client_secret", "AZURE_CLIENT_SECRET")?;
    let set = |value: &Option<Value>| {
        value.as_ref().is_some_and(|value| convert::truth(value).unwrap_or(true))
    };
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let iam = AzureIam {
        client_id: text(&client_id),
        tenant_id: text(&tenant_id),
        client_secret: text(&secret).map(Secret::new),
    };
    if !set(&client_id) || !set(&tenant_id) || !set(&secret) {
        return Ok(iam);
    }
    let valid = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    match tenant_id.as_ref().and_then(|value| value.as_str().map(|text| (value, text))) {
        Some((value, text)) if !valid(text) => Err(Stop::raise(
            "ValueError",
            "Invalid tenant ID provided. You can locate your tenant ID by following the instructions here: https://learn.microsoft.com/partner-center/find-ids-and-domain-names",
        )
        .because_of(&value.origin)),
        _ => Ok(iam),
    }
}

/// `_coerces_to_true`
fn coerces_to_true(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => str_to_bool(text),
        None => convert::truth(value).unwrap_or(true),
    }
}

/// `_str_to_bool`
fn str_to_bool(text: &str) -> bool {
    matches!(case::lower(text).as_str(), "true" | "1" | "yes")
}

/// `_uses_tls`
fn uses_tls(redis_kwargs: &Kwargs) -> PyResult<bool> {
    let ssl = redis_kwargs.get("ssl").is_some_and(coerces_to_true);
    if redis_kwargs.given("startup_nodes").is_some() {
        return Ok(ssl);
    }
    match redis_kwargs.get("url").and_then(Value::as_str) {
        Some(text) => Ok(url::urlsplit(text)?.scheme == "rediss"),
        None => Ok(ssl),
    }
}

/// `_build_elasticache_iam_provider`
fn elasticache_provider(process: &Process<'_>, redis_kwargs: &Kwargs) -> PyResult<Value> {
    let user_name = redis_kwargs.get("aws_iam_user_name").cloned();
    let cache_name = redis_kwargs.get("aws_iam_cache_name").cloned();
    let mut region = truthy_arg(redis_kwargs, "aws_iam_region")?;
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if region.as_ref().is_none_or(|value| !convert::truth(value).unwrap_or(true)) {
            region = process.get_secret_str(variable)?;
        }
    }
    let settings = [
        ("aws_iam_user_name", user_name),
        ("aws_iam_cache_name", cache_name),
        ("aws_iam_region", region),
    ];
    let missing: Vec<&str> = settings
        .iter()
        .filter(|(_, value)| {
            value.as_ref().is_none_or(|value| !convert::truth(value).unwrap_or(true))
        })
        .map(|(name, _)| *name)
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let message = format!("AWS ElastiCache IAM Redis authentication requires: {missing}");
        return Err(Stop::raise("ValueError", message));
    }
    let text = |value: &Option<Value>| {
        value.as_ref().and_then(|v| convert::str_of(v).ok()).unwrap_or_default().into()
    };
    let [(_, user_name), (_, cache_name), (_, region)] = &settings;
    let origin = redis_kwargs
        .get("aws_iam_auth")
        .map_or(Origin::LitellmDefault("aws_iam_auth"), |value| value.origin.clone());
    let provider = Object::AwsCredentialProvider(Arc::new(AwsIam {
        user_name: text(user_name),
        cache_name: text(cache_name),
        region: text(region),
        serverless: redis_kwargs.get("aws_iam_serverless").is_some_and(coerces_to_true),
    }));
    Ok(Value::new(Data::Object(provider), origin))
}

/// Which of url, cluster, sentinels and host counts.
fn choose_target(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<()> {
    if let Some(url) = redis_kwargs.given("url").cloned() {
        let cluster = process.pair.behaves(Behaviour::StartupNodesBeatUrl)
            && truthy_arg(redis_kwargs, "startup_nodes")?.is_some();
        if !cluster {
            for name in ["host", "port", "db", "password"] {
                if let Some(value) = redis_kwargs.replace(name)
                    && !value.is_none()
                {
                    process.overridden(name, &value, &url.origin);
                    process.dropped(name, &value, DropReason::UrlReplacesTarget);
                }
            }
        }
        return Ok(());
    }
    let topology = redis_kwargs.given("startup_nodes").is_some()
        || redis_kwargs.given("sentinel_nodes").is_some();
    if !topology && redis_kwargs.given("host").is_none() {
        let message = "Either 'host' or 'url' must be specified for redis.";
        let stop = Stop::raise("ValueError", message).for_reason(Raise::NoTarget);
        let host = redis_kwargs.get("host").map(|host| host.origin.clone());
        return Err(host.map_or(stop.clone(), |origin| stop.because_of(&origin)));
    }
    Ok(())
}

/// `_coerce_redis_kwargs_types`
fn coerce_types(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) {
    let data = process.pair.redis_py_data();
    let mut signatures = vec![data.redis()];
    if redis_kwargs.get("startup_nodes").is_some_and(|v| convert::truth(v).unwrap_or(true)) {
        signatures.extend([data.redis_cluster(), data.async_redis_cluster()]);
    }
    let names: Vec<_> = redis_kwargs.iter().map(|(name, _)| name.clone()).collect();
    for name in names {
        let Some(value) = redis_kwargs.get(&name).cloned() else {
            continue;
        };
        let Some(text) = value.as_str() else { continue };
        let Some(parameter) = signatures.iter().find_map(|s| s.parameter(&name)) else {
            continue;
        };
        let converted = match (&*name, parameter.default) {
            ("socket_keepalive", _) | (_, DefaultValue::Bool(_)) => {
                Some(Data::Bool(str_to_bool(text)))
            }
            ("max_connections", _) => convert::parse_int(text).map(Data::Int),
            ("socket_timeout" | "socket_connect_timeout", _) | (_, DefaultValue::Float(_)) => {
                convert::parse_float(text).map(Data::Float)
            }
            (_, DefaultValue::Int(_)) => convert::parse_int(text).map(Data::Int),
            _ => continue,
        };
        match converted {
            Some(data) => redis_kwargs.convert(&name, Value::new(data, value.origin)),
            None => {
                redis_kwargs.pop(&name);
                process.dropped(&name, &value, DropReason::NotConvertible);
            }
        }
    }
}

/// `litellm.constants.REDIS_SOCKET_TIMEOUT`, read when LiteLLM is imported.
///
/// # Errors
/// `ValueError` on releases whose import stops at a value that is not a number.
pub(super) fn socket_timeout_constant(process: &Process<'_>) -> PyResult<Value> {
    let fills_in = process.pair.behaves(Behaviour::SocketTimeoutConstantFillsIn);
    let default = Value::new(
        Data::Float(if fills_in { 5.0 } else { 0.1 }),
        Origin::LitellmDefault("REDIS_SOCKET_TIMEOUT"),
    );
    if !process.pair.behaves(Behaviour::ConstantsReadEnvironment) {
        return Ok(default);
    }
    let Some(value) = process.import_environ("REDIS_SOCKET_TIMEOUT") else {
        return Ok(default);
    };
    if let Data::Unknown(_) = value.data {
        return Ok(value);
    }
    match convert::float(&value) {
        Ok(number) => Ok(Value::new(Data::Float(number), value.origin)),
        Err(_) if fills_in => Ok(default),
        Err(stop) => Err(stop),
    }
}
