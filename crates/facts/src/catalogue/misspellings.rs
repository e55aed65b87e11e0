//! Names that people write and that LiteLLM does not know, with the one that was meant.

use base::spelling::nearest;

use super::Section::{
    self, CacheKwargs, CacheParams, CoordinationRedis, Environment, RouterSettings,
};
use super::{Name, find, names_of};
use crate::Pair;

/// Misspellings by section. Connection settings are called the same in each of their sections: those of
/// `cache_params` count for all of them. A name with a section's own prefix (`redis_host` for `host`)
/// needs no row.
const MISSPELLINGS: &[(Section, &str, &str)] = &[
    (CacheParams, "sentinel_hosts", "sentinel_nodes"),
    (CacheParams, "sentinels", "sentinel_nodes"),
    (CacheParams, "sentinel_master", "service_name"),
    (CacheParams, "sentinel_master_name", "service_name"),
    (CacheParams, "sentinel_service_name", "service_name"),
    (CacheParams, "master_name", "service_name"),
    (CacheParams, "cluster_mode", "redis_startup_nodes"),
    (CacheParams, "cluster", "redis_startup_nodes"),
    (CacheParams, "cluster_nodes", "redis_startup_nodes"),
    (CacheParams, "timeout", "socket_timeout"),
    (CacheParams, "connect_timeout", "socket_connect_timeout"),
    (CacheParams, "connection_timeout", "socket_connect_timeout"),
    (CacheParams, "gcp_iam_service_account", "gcp_service_account"),
    (CacheParams, "aws_region_name", "aws_iam_region"),
    (CacheParams, "aws_region", "aws_iam_region"),
    (CacheParams, "aws_iam_user_id", "aws_iam_user_name"),
    (CacheParams, "aws_iam_username", "aws_iam_user_name"),
    (CacheParams, "cache_type", "type"),
    (CacheParams, "default_redis_ttl", "default_in_redis_ttl"),
    (CacheParams, "tls", "ssl"),
    (CacheParams, "use_ssl", "ssl"),
    (CacheParams, "use_tls", "ssl"),
    (CacheParams, "ssl_enabled", "ssl"),
    (CacheParams, "ssl_cert", "ssl_certfile"),
    (CacheParams, "ssl_key", "ssl_keyfile"),
    (CacheParams, "ssl_ca", "ssl_ca_certs"),
    (CacheParams, "ssl_ca_cert", "ssl_ca_certs"),
    (CacheParams, "ssl_ca_file", "ssl_ca_certs"),
    (CacheParams, "ca_certs", "ssl_ca_certs"),
    (CacheParams, "ssl_verify", "ssl_cert_reqs"),
    (CacheParams, "user", "username"),
    (CacheParams, "pool_size", "max_connections"),
    (CacheParams, "max_pool_size", "max_connections"),
    (CacheParams, "database", "db"),
    (CacheParams, "prefix", "namespace"),
    (CacheParams, "key_prefix", "namespace"),
    (CacheParams, "embedding_model", "redis_semantic_cache_embedding_model"),
    (CacheParams, "ssl_cafile", "ssl_ca_certs"),
    (CacheParams, "certfile", "ssl_certfile"),
    (CacheParams, "keyfile", "ssl_keyfile"),
    (CacheParams, "nodes", "redis_startup_nodes"),
    (CacheKwargs, "redis_tls", "ssl"),
    (CacheKwargs, "redis_user", "username"),
    (RouterSettings, "redis_enabled", "redis_host"),
    (RouterSettings, "host", "redis_host"),
    (RouterSettings, "port", "redis_port"),
    (RouterSettings, "password", "redis_password"),
    (RouterSettings, "url", "redis_url"),
    (RouterSettings, "db", "redis_db"),
    (CoordinationRedis, "redis_startup_nodes", "startup_nodes"),
    (Environment, "REDIS_GCP_IAM_SERVICE_ACCOUNT", "REDIS_GCP_SERVICE_ACCOUNT"),
    (Environment, "REDIS_TLS", "REDIS_SSL"),
    (Environment, "REDIS_USE_SSL", "REDIS_SSL"),
    (Environment, "REDIS_TLS_ENABLED", "REDIS_SSL"),
    (Environment, "REDIS_SSL_ENABLED", "REDIS_SSL"),
    (Environment, "REDIS_HOSTNAME", "REDIS_HOST"),
    (Environment, "REDIS_PWD", "REDIS_PASSWORD"),
    (Environment, "REDIS_USER", "REDIS_USERNAME"),
    (Environment, "REDIS_PASS", "REDIS_PASSWORD"),
    (Environment, "REDIS_AUTH", "REDIS_PASSWORD"),
    (Environment, "REDIS_URI", "REDIS_URL"),
    (Environment, "REDIS_TLS_URL", "REDIS_URL"),
    (Environment, "REDIS_PUBLIC_URL", "REDIS_URL"),
    (Environment, "REDIS_DATABASE", "REDIS_DB"),
    (Environment, "REDIS_STARTUP_NODES", "REDIS_CLUSTER_NODES"),
    (Environment, "REDIS_SENTINEL_HOSTS", "REDIS_SENTINEL_NODES"),
    (Environment, "REDIS_SENTINELS", "REDIS_SENTINEL_NODES"),
    (Environment, "REDIS_SENTINEL_MASTER", "REDIS_SERVICE_NAME"),
    (Environment, "REDIS_SENTINEL_SERVICE_NAME", "REDIS_SERVICE_NAME"),
    (Environment, "REDIS_MASTER_NAME", "REDIS_SERVICE_NAME"),
    (Environment, "REDIS_CA_CERTS", "REDIS_SSL_CA_CERTS"),
    (Environment, "REDIS_SSL_CA", "REDIS_SSL_CA_CERTS"),
    (Environment, "REDIS_SSL_CERT", "REDIS_SSL_CERTFILE"),
    (Environment, "REDIS_SSL_KEY", "REDIS_SSL_KEYFILE"),
    (Environment, "REDIS_CONNECTION_POOL_KWARGS", "REDIS_MAX_CONNECTIONS"),
    (Environment, "REDIS_USE_TLS", "REDIS_SSL"),
    (Environment, "REDIS_CA_CERT", "REDIS_SSL_CA_CERTS"),
    (Environment, "REDIS_SSL_CA_CERT", "REDIS_SSL_CA_CERTS"),
];

/// The name that was meant by one that a section does not know; `None` where nothing is near.
pub fn meant(name: &str, section: Section, pair: Pair) -> Option<&'static str> {
    if let Some(real) = listed(name, section, pair) {
        return Some(real);
    }
    let bare = name.trim().to_ascii_lowercase().replace('-', "_");
    let spelled = if section == Environment { bare.to_ascii_uppercase() } else { bare };
    let read = |name: &&Name| name.is_writable() && name.known_to(pair);
    let text = |name: &'static Name| &*name.text;
    let names = names_of(section).iter();
    let same = |other: &str| names.clone().filter(|name| name.text == other).find(read).map(text);
    let unprefixed = spelled.strip_prefix("redis_").or(spelled.strip_prefix("cache_"));
    same(&spelled)
        .filter(|known| *known != name)
        .or_else(|| unprefixed.and_then(same))
        .or_else(|| same(&format!("redis_{spelled}")))
        .or_else(|| {
            // What is too far away need not be looked up in the releases.
            let near = names.clone().filter(|name| nearest(&spelled, &[&name.text]).is_some());
            let near: Vec<&str> = near.filter(read).map(text).collect();
            nearest(&spelled, &near)
        })
}

/// What people write in a section, each with the name that was meant.
pub fn misspellings(section: Section) -> impl Iterator<Item = (&'static str, &'static str)> {
    let written = MISSPELLINGS.iter().map(|(_, written, _)| *written);
    written.filter_map(move |written| Some((written, row(written, section)?)))
}

/// The name that was meant by one that people are known to write, where a release knows it.
pub fn listed(name: &str, section: Section, pair: Pair) -> Option<&'static str> {
    let known_to = |real: &&str| find(real, section).is_none_or(|field| field.known_to(pair));
    row(name, section).filter(known_to)
}

/// The name that the table has for it.
fn row(name: &str, section: Section) -> Option<&'static str> {
    let of = |section| {
        let row = MISSPELLINGS.iter().find(|(at, written, _)| *at == section && *written == name);
        row.map(|(_, _, real)| *real)
    };
    let shared = matches!(section, CacheKwargs | CoordinationRedis);
    let real = of(section).or_else(|| shared.then(|| of(CacheParams)).flatten())?;
    Some(if shared && real == "redis_startup_nodes" { "startup_nodes" } else { real })
}

/// The argument of `router_settings.cache_kwargs` that a key beside it stands for: `redis_ssl` for `ssl`.
pub fn cache_kwarg(name: &str, pair: Pair) -> Option<String> {
    let known = |name: &str| {
        find(name, CacheKwargs).is_some_and(|field| field.known_to(pair) && field.is_writable())
    };
    let bare = name.strip_prefix("redis_").unwrap_or(name);
    [name, bare].into_iter().find_map(|name| {
        if known(name) {
            return Some(name.to_owned());
        }
        row(name, CacheKwargs).filter(|real| known(real)).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Section;
    use super::super::names;
    use super::{MISSPELLINGS, cache_kwarg, meant};
    use crate::Pair;

    #[test]
    fn names_are_made_right() {
        let cases = [
            ("redis_host", Section::CacheParams, "host"),
            ("cache_port", Section::CacheParams, "port"),
            ("hostt", Section::CacheParams, "host"),
            ("passwrod", Section::CacheParams, "password"),
            ("ssl_ca_cert", Section::CacheParams, "ssl_ca_certs"),
            ("pool_size", Section::CacheParams, "max_connections"),
            ("max-connections", Section::CacheParams, "max_connections"),
            ("sentinel_hosts", Section::CacheKwargs, "sentinel_nodes"),
            ("cluster_mode", Section::CoordinationRedis, "startup_nodes"),
            ("num_retrys", Section::RouterSettings, "num_retries"),
            ("host", Section::RouterSettings, "redis_host"),
            ("REDIS_PASWORD", Section::Environment, "REDIS_PASSWORD"),
            ("REDIS_URI", Section::Environment, "REDIS_URL"),
            ("redis_ssl", Section::Environment, "REDIS_SSL"),
            ("REDIS_GCP_IAM_SERVICE_ACCOUNT", Section::Environment, "REDIS_GCP_SERVICE_ACCOUNT"),
        ];
        for (name, section, real) in cases {
            assert_eq!(meant(name, section, Pair::newest()), Some(real), "{name}");
        }
    }

    #[test]
    fn strangers_stay_strangers() {
        for name in ["foo", "my_setting", "description", "x"] {
            assert_eq!(meant(name, Section::CacheParams, Pair::newest()), None, "{name}");
        }
    }

    #[test]
    fn keys_beside_cache_kwargs_lead_into_it() {
        let cases = [
            ("redis_ssl", Some("ssl")),
            ("ssl_ca_certs", Some("ssl_ca_certs")),
            ("redis_tls", Some("ssl")),
            ("redis_startup_nodes", Some("startup_nodes")),
            ("redis_namespace", Some("namespace")),
            ("enable_pre_call_check", None),
        ];
        for (name, real) in cases {
            assert_eq!(cache_kwarg(name, Pair::newest()).as_deref(), real, "{name}");
        }
    }

    #[test]
    fn each_row_leads_to_a_real_name_and_is_none_itself() {
        let pair = Pair::newest();
        let mut seen = HashSet::new();
        for (section, written, real) in MISSPELLINGS {
            let names = names(*section, pair);
            assert!(names.contains(real), "{real}");
            assert!(!names.contains(written), "{written}");
            assert!(seen.insert((section, written)), "{written} twice");
        }
    }
}
