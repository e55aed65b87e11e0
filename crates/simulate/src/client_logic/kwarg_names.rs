//! The names that LiteLLM maps from `REDIS_*`, and what the environment says by them.

use std::sync::{Arc, Mutex, PoisonError};

use facts::litellm_names::{AWS, AZURE};
use facts::{Behaviour, Pair, Version};
use python::Kwargs;

use crate::process::Process;

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
pub(crate) struct Mapped {
    pub(crate) name: &'static str,
    variable: String,
}

/// The names that LiteLLM maps from `REDIS_*`, and those that it does not.
pub(crate) struct MappedNames {
    names: Vec<Mapped>,
    /// Those that redis-py has in other releases.
    others: Vec<Mapped>,
    /// Whether redis-py's signature gives names.
    seen: bool,
}

impl MappedNames {
    /// Whether `REDIS_*` gives an argument of this name.
    pub(crate) fn has(&self, pair: Pair, name: &str) -> bool {
        let _asked = self.seen && pair.redis_py_data().redis().names(name);
        self.names.iter().any(|known| known.name == name)
    }
}

/// `_get_redis_kwargs`: the names that LiteLLM maps from `REDIS_*`.
///
/// Each client that is built asks for them, and they are the same for a pair of releases: working
/// them out once keeps a check fast.
pub(crate) fn redis_kwarg_names(pair: Pair) -> Arc<MappedNames> {
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
pub(crate) fn kwargs_from_environment(process: &Process<'_>) -> Kwargs {
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
