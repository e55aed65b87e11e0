//! What a fix says that it is about.

use base::operation::Operation;
use difference::{Aspect, Change};
use serde_json::Value as Json;
use simulate::outcome::Consumer;

/// The settings that a fix names, and whose they are.
pub(super) struct Named<'o> {
    /// Each with the section that it is in.
    settings: Vec<(&'o str, &'o str)>,
    /// A whole section, or the switch of the cache, is what it is about.
    all: bool,
    /// A key is taken elsewhere.
    pub(super) moves: bool,
}

/// Keys that stand for everything below them.
const WHOLE: [&str; 7] =
    ["cache", "cache_params", "type", "litellm_settings", "coordination_redis", "redis", "mode"];

impl<'o> Named<'o> {
    pub(super) fn of(operations: &'o [Operation]) -> Self {
        let mut named = Self { settings: vec![], all: false, moves: false };
        for operation in operations {
            named.path(operation.path());
            match operation {
                Operation::Rename { path, to } => {
                    let (section, _) = path.rsplit_once('.').unwrap_or(("", path));
                    named.setting(section, to);
                }
                Operation::Move { to, .. } => {
                    named.moves = true;
                    named.path(to);
                }
                Operation::Set { path, value: Json::Object(map) } => {
                    map.keys().for_each(|key| named.setting(path, key));
                }
                _ => {}
            }
        }
        named
    }

    fn path(&mut self, path: &'o str) {
        let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
        self.setting(section, key);
    }

    fn setting(&mut self, section: &'o str, key: &'o str) {
        self.all |= WHOLE.contains(&key);
        self.settings.push((section, key));
    }

    /// Whether a change is one of what the fix names.
    pub(super) fn means(&self, change: &Change) -> bool {
        self.all
            || self.settings.iter().any(|(section, key)| {
                let whose = |consumer: &Consumer| match *section {
                    "router_settings" | "router_settings.cache_kwargs" => {
                        *consumer == Consumer::Router
                    }
                    "general_settings.coordination_redis" => *consumer != Consumer::Response,
                    _ => true,
                };
                change.clients.iter().all(|(consumer, _)| whose(consumer))
                    && is_about(key, change.aspect)
            })
    }
}

/// Whether a setting decides on an aspect of a connection.
fn is_about(key: &str, aspect: Aspect) -> bool {
    let key = key.to_ascii_lowercase();
    let key = key.strip_prefix("redis_").unwrap_or(&key);
    match aspect {
        Aspect::Tls => matches!(key, "ssl" | "tls" | "use_ssl" | "ssl_enabled" | "url"),
        Aspect::Verification => matches!(key, "ssl_cert_reqs" | "url"),
        Aspect::HostName => matches!(key, "ssl_check_hostname" | "url"),
        Aspect::Authorities => key.starts_with("ssl_ca") || key == "ca_certs",
        Aspect::ClientCertificate => {
            key.starts_with("ssl_cert") || key.starts_with("ssl_key") || key.ends_with("file")
        }
        Aspect::TlsOption => key.starts_with("ssl_"),
        Aspect::Username => matches!(key, "username" | "user" | "url"),
        Aspect::Password => key.contains("password") || key == "url",
        Aspect::Database => matches!(key, "db" | "database" | "url"),
        Aspect::Iam => ["gcp_", "aws_", "azure_"].iter().any(|cloud| key.starts_with(cloud)),
        Aspect::SocketTimeout | Aspect::ConnectTimeout => key.ends_with("timeout"),
        Aspect::HealthCheck => key == "health_check_interval",
        Aspect::ClientName => key == "client_name",
        Aspect::Cache => key.contains("nodes"),
        Aspect::Server | Aspect::Topology | Aspect::Presence => {
            matches!(key, "host" | "port" | "url" | "path" | "service_name" | "sentinel_master")
                || key.contains("nodes")
                || key.starts_with("sentinel")
        }
        Aspect::Startup | Aspect::Sharing | Aspect::Error | Aspect::Setting => false,
    }
}
