//! The shape of a catalogue entry.

use crate::litellm_names;
use crate::{Behaviour, Pair, ReleaseRange, Signature};
use base::secret::is_secret_name;

/// Where a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// `litellm_settings.cache_params`
    CacheParams,
    /// `router_settings`
    RouterSettings,
    /// `router_settings.cache_kwargs`
    CacheKwargs,
    /// `general_settings.coordination_redis`
    CoordinationRedis,
    /// `litellm_settings`
    LitellmSettings,
    /// `general_settings`
    GeneralSettings,
    /// A variable of the environment, or of `environment_variables`.
    Environment,
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::CacheParams,
        Self::RouterSettings,
        Self::CacheKwargs,
        Self::CoordinationRedis,
        Self::LitellmSettings,
        Self::GeneralSettings,
        Self::Environment,
    ];

    /// The section at a path in the config.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.path() == path)
    }

    /// The path in the config.
    pub fn path(self) -> &'static str {
        match self {
            Self::CacheParams => "litellm_settings.cache_params",
            Self::RouterSettings => "router_settings",
            Self::CacheKwargs => "router_settings.cache_kwargs",
            Self::CoordinationRedis => "general_settings.coordination_redis",
            Self::LitellmSettings => "litellm_settings",
            Self::GeneralSettings => "general_settings",
            Self::Environment => "environment_variables",
        }
    }
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Text.
    Str,
    /// The path of a file or directory that LiteLLM's container can read.
    Path,
    /// A URL.
    Url,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list.
    List,
    /// A list of these texts.
    ListOf(&'static [&'static str]),
    /// A mapping.
    Map,
    /// A list of `host` and `port` mappings.
    Nodes,
    /// A list of `[host, port]` pairs.
    Pairs,
    /// JSON text: a variable's way to hold a list.
    Json,
    /// An object that only Python code can make.
    Object,
    /// Anything.
    Any,
}

/// What a field has an effect on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// LiteLLM itself, no client.
    Litellm,
    /// Every client that the section builds.
    Every,
    /// Clients of one server; not clusters.
    Standalone,
    /// Clients of one server and their sync pool alone: LiteLLM's async pool refuses it.
    SyncStandalone,
    /// Cluster clients.
    Cluster,
    /// Sentinel clients.
    Sentinel,
    /// TLS connections that no `url` configures.
    Tls,
    /// The cache types of these names.
    CacheTypes(&'static [&'static str]),
}

/// Which releases know a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// All that are supported.
    Always,
    /// Those with the behaviour.
    Since(Behaviour),
    /// Those whose `redis.Redis` takes it.
    RedisPy,
    /// Those whose `Cache.__init__` takes it.
    Cache,
    /// Those whose `Router.__init__` takes it.
    Router,
}

/// One field of the configuration, or one variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Where it is written.
    pub sections: &'static [Section],
    /// What it takes.
    pub kind: Kind,
    /// What applies without it, as one would write it; empty for nothing.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub meaning: &'static str,
    /// What it has an effect on.
    pub reach: Reach,
    pub(super) known: Known,
}

impl Field {
    /// Whether a pair of releases knows the field.
    pub fn known_to(&self, pair: Pair) -> bool {
        let names =
            |signature: Option<Signature>| signature.is_some_and(|one| one.names(self.name));
        match self.known {
            Known::Always => true,
            Known::Since(behaviour) => pair.behaves(behaviour),
            Known::RedisPy => pair.redis_py_data().redis().names(self.name),
            Known::Cache => names(pair.litellm_data().cache()),
            Known::Router => names(pair.litellm_data().router()),
        }
    }

    /// The releases that know the field.
    pub fn releases(&self) -> ReleaseRange {
        match self.known {
            Known::Always => ReleaseRange::default(),
            Known::Since(behaviour) => behaviour.releases(),
            Known::RedisPy => ReleaseRange::of_redis_parameter(self.name).unwrap_or_default(),
            Known::Cache => ReleaseRange::of_cache_parameter(self.name).unwrap_or_default(),
            Known::Router => ReleaseRange::of_router_parameter(self.name).unwrap_or_default(),
        }
    }

    /// Whether its value is a secret.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Str) && is_secret_name(self.name)
    }

    /// Whether a newer name stands in for it.
    pub fn is_deprecated(&self) -> bool {
        let router = self.name == "redis_db" && self.sections.contains(&Section::RouterSettings);
        router || matches!(self.name, "charset" | "errors")
    }

    /// Whether it can be written in a file at all, and is not the proxy's own to set: what the
    /// proxy gives the router itself, it drops from `router_settings`, or Python refuses the second.
    pub fn is_writable(&self) -> bool {
        self.kind != Kind::Object && !self.is_proxys_own()
    }

    /// Whether it is a router setting that the proxy gives itself.
    pub fn is_proxys_own(&self) -> bool {
        self.sections.contains(&Section::RouterSettings) && litellm_names::is_proxys_own(self.name)
    }

    /// The variable that LiteLLM reads by itself where the field is not written.
    pub fn variable(&self) -> Option<String> {
        match self.name {
            "azure_redis_ad_token" => Some("REDIS_AZURE_AD_TOKEN".to_owned()),
            "azure_client_id" | "azure_tenant_id" | "azure_client_secret" => {
                Some(self.name.to_ascii_uppercase())
            }
            "startup_nodes" | "redis_startup_nodes" => Some("REDIS_CLUSTER_NODES".to_owned()),
            "namespace" | "redis_flush_size" => None,
            _ if self.kind == Kind::Object => None,
            _ if self.sections.contains(&Section::CacheKwargs) => {
                Some(format!("REDIS_{}", self.name.to_ascii_uppercase()))
            }
            _ => None,
        }
    }

    /// Whether a pair of releases reads [`Field::variable`]: LiteLLM learns most names from
    /// redis-py's signature, which newer redis-py hides from older LiteLLM.
    pub fn variable_known_to(&self, pair: Pair) -> bool {
        let seen = self.known != Known::RedisPy
            || pair.behaves(Behaviour::UnwrappedSignatures)
            || pair.redis_py_data().redis().argspec_names(self.name);
        seen && self.known_to(pair)
    }
}
