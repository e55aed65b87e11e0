//! Names that all faces use.

use redproof_core::outcome::{Api, ClientKind};

/// Where a rule's page is.
pub fn rule_url(code: &str) -> String {
    format!("{}/docs/rules/{code}.html", env!("CARGO_PKG_HOMEPAGE"))
}

/// The name of a client in JSON.
pub fn api_name(api: Api) -> &'static str {
    match api {
        Api::Sync => "sync",
        Api::Async => "async",
        Api::Native => "native",
    }
}

/// redis-py's class.
pub fn kind_name(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Redis => "Redis",
        ClientKind::RedisCluster => "RedisCluster",
        ClientKind::Sentinel => "Sentinel",
    }
}
