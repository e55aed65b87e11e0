//! Did you mean: for a name that LiteLLM does not know, the one that was meant.

use crate::Pair;
use base::spelling::nearest;

use super::{Field, Section, fields, find};

/// Names that people write, with the real ones, by section.
const INVENTED: &[(Section, &str, &str)] = &[
    (Section::CacheParams, "sentinel_hosts", "sentinel_nodes"),
    (Section::CacheParams, "sentinels", "sentinel_nodes"),
    (Section::CacheParams, "sentinel_master", "service_name"),
    (Section::CacheParams, "sentinel_master_name", "service_name"),
    (Section::CacheParams, "sentinel_service_name", "service_name"),
    (Section::CacheParams, "master_name", "service_name"),
    (Section::CacheParams, "cluster_mode", "redis_startup_nodes"),
    (Section::CacheParams, "cluster", "redis_startup_nodes"),
    (Section::CacheParams, "cluster_nodes", "redis_startup_nodes"),
    (Section::CacheParams, "connection_pool_timeout", "socket_timeout"),
    (Section::CacheParams, "timeout", "socket_timeout"),
    (Section::CacheParams, "connect_timeout", "socket_connect_timeout"),
    (Section::CacheParams, "connection_timeout", "socket_connect_timeout"),
    (Section::CacheParams, "gcp_iam_service_account", "gcp_service_account"),
    (Section::CacheParams, "cache_type", "type"),
    (Section::CacheParams, "default_redis_ttl", "default_in_redis_ttl"),
    (Section::CacheParams, "tls", "ssl"),
    (Section::CacheParams, "use_ssl", "ssl"),
    (Section::CacheParams, "use_tls", "ssl"),
    (Section::CacheParams, "ssl_enabled", "ssl"),
    (Section::CacheParams, "ssl_cert", "ssl_certfile"),
    (Section::CacheParams, "ssl_key", "ssl_keyfile"),
    (Section::CacheParams, "ssl_ca", "ssl_ca_certs"),
    (Section::CacheParams, "ssl_ca_cert", "ssl_ca_certs"),
    (Section::CacheParams, "ssl_ca_file", "ssl_ca_certs"),
    (Section::CacheParams, "ca_certs", "ssl_ca_certs"),
    (Section::CacheParams, "ssl_verify", "ssl_cert_reqs"),
    (Section::CacheParams, "user", "username"),
    (Section::CacheParams, "pool_size", "max_connections"),
    (Section::CacheParams, "max_pool_size", "max_connections"),
    (Section::CacheParams, "database", "db"),
    (Section::CacheParams, "prefix", "namespace"),
    (Section::CacheParams, "key_prefix", "namespace"),
    (Section::CacheParams, "embedding_model", "redis_semantic_cache_embedding_model"),
    (Section::RouterSettings, "redis_ssl", "cache_kwargs"),
    (Section::RouterSettings, "redis_username", "cache_kwargs"),
    (Section::RouterSettings, "redis_startup_nodes", "cache_kwargs"),
    (Section::RouterSettings, "redis_enabled", "redis_host"),
    (Section::RouterSettings, "host", "redis_host"),
    (Section::RouterSettings, "port", "redis_port"),
    (Section::RouterSettings, "password", "redis_password"),
    (Section::RouterSettings, "url", "redis_url"),
    (Section::RouterSettings, "db", "redis_db"),
    (Section::CoordinationRedis, "redis_startup_nodes", "startup_nodes"),
    (Section::LitellmSettings, "caching", "cache"),
    (Section::LitellmSettings, "enable_cache", "cache"),
    (Section::LitellmSettings, "cache_type", "cache_params"),
    (Section::LitellmSettings, "cache_host", "cache_params"),
    (Section::LitellmSettings, "cache_port", "cache_params"),
    (Section::LitellmSettings, "cache_password", "cache_params"),
    (Section::LitellmSettings, "cache_settings", "cache_params"),
    (Section::LitellmSettings, "cache_config", "cache_params"),
    (Section::Environment, "REDIS_GCP_IAM_SERVICE_ACCOUNT", "REDIS_GCP_SERVICE_ACCOUNT"),
    (Section::Environment, "REDIS_TLS", "REDIS_SSL"),
    (Section::Environment, "REDIS_USE_SSL", "REDIS_SSL"),
    (Section::Environment, "REDIS_USER", "REDIS_USERNAME"),
    (Section::Environment, "REDIS_PASS", "REDIS_PASSWORD"),
    (Section::Environment, "REDIS_AUTH", "REDIS_PASSWORD"),
    (Section::Environment, "REDIS_URI", "REDIS_URL"),
    (Section::Environment, "REDIS_DATABASE", "REDIS_DB"),
    (Section::Environment, "REDIS_STARTUP_NODES", "REDIS_CLUSTER_NODES"),
    (Section::Environment, "REDIS_SENTINEL_HOSTS", "REDIS_SENTINEL_NODES"),
    (Section::Environment, "REDIS_SENTINELS", "REDIS_SENTINEL_NODES"),
    (Section::Environment, "REDIS_SENTINEL_MASTER", "REDIS_SERVICE_NAME"),
    (Section::Environment, "REDIS_SENTINEL_SERVICE_NAME", "REDIS_SERVICE_NAME"),
    (Section::Environment, "REDIS_MASTER_NAME", "REDIS_SERVICE_NAME"),
    (Section::Environment, "REDIS_CA_CERTS", "REDIS_SSL_CA_CERTS"),
    (Section::Environment, "REDIS_SSL_CA", "REDIS_SSL_CA_CERTS"),
    (Section::Environment, "REDIS_SSL_CERT", "REDIS_SSL_CERTFILE"),
    (Section::Environment, "REDIS_SSL_KEY", "REDIS_SSL_KEYFILE"),
    (Section::Environment, "REDIS_CONNECTION_POOL_KWARGS", "REDIS_MAX_CONNECTIONS"),
];

/// The field that was meant by `name`; `None` when nothing is near.
///
/// For a section whose fields a variable or another section feeds, `cache_kwargs` stands for every
/// connection setting of the router.
pub fn suggest(name: &str, section: Section, pair: Pair) -> Option<Suggestion> {
    let by_table = |section| {
        let invented =
            INVENTED.iter().find(|(at, invented, _)| *at == section && *invented == name);
        invented.map(|(_, _, real)| *real)
    };
    // Connection settings are called the same in each of their sections.
    let shared = matches!(section, Section::CacheKwargs | Section::CoordinationRedis);
    let known =
        by_table(section).or_else(|| shared.then(|| by_table(Section::CacheParams)).flatten());
    let real = known.map(|real| {
        let nodes = shared && real == "redis_startup_nodes";
        if nodes { "startup_nodes" } else { real }
    });
    if let Some(real) =
        real.filter(|real| find(real, section).is_none_or(|field| field.known_to(pair)))
    {
        return Some(Suggestion { name: real.to_owned() });
    }
    let same = |name: &str| super::names(section, pair).into_iter().find(|known| known == name);
    let bare = name.trim().to_ascii_lowercase().replace('-', "_");
    let spelled = if section == Section::Environment { bare.to_ascii_uppercase() } else { bare };
    let unprefixed = spelled.strip_prefix("redis_").or(spelled.strip_prefix("cache_"));
    let prefixed = format!("redis_{spelled}");
    let exact = same(&spelled).filter(|known| known != name);
    let exact = exact.or_else(|| unprefixed.and_then(same));
    if let Some(name) = exact.or_else(|| same(&prefixed)) {
        return Some(Suggestion { name });
    }
    let known = super::names(section, pair);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    nearest(&spelled, &known).map(|name| Suggestion { name: name.to_owned() })
}

/// The name that was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// A field of the same section, or the variable.
    pub name: String,
}

impl Suggestion {
    /// Its entry in the catalogue.
    pub fn field(&self, section: Section) -> Option<&'static Field> {
        find(&self.name, section)
    }
}

/// Where else a field of this name is at home.
pub fn elsewhere(name: &str, section: Section) -> Option<Section> {
    let homes = fields().find(|field| field.name == name && !field.sections.contains(&section))?;
    homes.sections.first().copied()
}

#[cfg(test)]
mod tests {
    use super::{INVENTED, Section, elsewhere, suggest};
    use crate::Pair;

    fn meant(name: &str, section: Section) -> Option<String> {
        suggest(name, section, Pair::newest()).map(|suggestion| suggestion.name)
    }

    #[test]
    fn names_are_made_right() {
        let cases = [
            ("redis_host", Section::CacheParams, "host"),
            ("cache_port", Section::CacheParams, "port"),
            ("hostt", Section::CacheParams, "host"),
            ("passwrod", Section::CacheParams, "password"),
            ("ssl_ca_cert", Section::CacheParams, "ssl_ca_certs"),
            ("max-connections", Section::CacheParams, "max_connections"),
            ("sentinel_hosts", Section::CacheKwargs, "sentinel_nodes"),
            ("cluster_mode", Section::CoordinationRedis, "startup_nodes"),
            ("num_retrys", Section::RouterSettings, "num_retries"),
            ("redis_ssl", Section::RouterSettings, "cache_kwargs"),
            ("host", Section::RouterSettings, "redis_host"),
            ("REDIS_PASWORD", Section::Environment, "REDIS_PASSWORD"),
            ("redis_ssl", Section::Environment, "REDIS_SSL"),
            ("REDIS_GCP_IAM_SERVICE_ACCOUNT", Section::Environment, "REDIS_GCP_SERVICE_ACCOUNT"),
        ];
        for (name, section, real) in cases {
            assert_eq!(meant(name, section).as_deref(), Some(real), "{name}");
        }
    }

    #[test]
    fn strangers_stay_strangers() {
        for name in ["foo", "my_setting", "description", "x"] {
            assert_eq!(meant(name, Section::CacheParams), None, "{name}");
        }
    }

    #[test]
    fn every_invention_leads_to_a_real_field_and_is_none_itself() {
        let pair = Pair::newest();
        for (section, invented, real) in INVENTED {
            let names = crate::catalogue::names(*section, pair);
            assert!(names.iter().any(|name| name == real), "{real}");
            assert!(!names.iter().any(|name| name == invented), "{invented}");
        }
    }

    #[test]
    fn a_field_is_found_in_its_own_section() {
        assert_eq!(
            elsewhere("routing_strategy", Section::CacheParams),
            Some(Section::RouterSettings)
        );
        assert_eq!(
            elsewhere("cache_params", Section::RouterSettings),
            Some(Section::LitellmSettings)
        );
        assert_eq!(elsewhere("nothing", Section::CacheParams), None);
    }
}
