//! Which configurations meet a defect, as data: the judge evaluates it, the reference says it.

use std::fmt;

/// A condition on what LiteLLM makes of a configuration.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Each of these.
    All(&'static [When]),
    /// At least one of these.
    AnyOf(&'static [When]),
    /// The opposite.
    Not(&'static When),
    /// The setting at this path is given, and not null.
    Given(&'static str),
    /// The setting at this path is true.
    On(&'static str),
    /// The setting at this path is one of these texts.
    Is(&'static str, &'static [&'static str]),
    /// The list at this path, or the one text in its place, names this.
    Names(&'static str, &'static str),
    /// This variable says no.
    VariableOff(&'static str),
    /// Models are stored in the database, by the config or by `STORE_MODEL_IN_DB`.
    StoresModelsInDatabase,
    /// The response cache keeps answers of this call type.
    Caches(&'static str),
    /// There is a coordination Redis.
    Coordination,
    /// Only `REDIS_*` names the coordination Redis.
    CoordinationFromVariables,
    /// The coordination Redis is a cluster.
    CoordinationIsCluster,
    /// The coordination Redis is one server whose name ends with one of these.
    CoordinationEndsWith(&'static [&'static str]),
    /// The coordination Redis is logged in to by a user name.
    CoordinationHasUser,
    /// The router has a Redis.
    Router,
    /// The router has a cluster of its own.
    RouterOwnsCluster,
    /// Any part of LiteLLM has a Redis.
    AnyRedis,
    /// Any part of LiteLLM has a cluster.
    AnyCluster,
    /// Keys in Redis have a namespace.
    Namespace,
    /// Keys in Redis have a namespace that this text starts with.
    NamespaceStarts(&'static str),
    /// Rate limits are held by `parallel_request_limiter_v3`.
    LimiterV3,
    /// A deployment of `model_list` gives this setting in its `litellm_params`.
    DeploymentGives(&'static str),
    /// A deployment of `model_list` gives this setting in its `litellm_params`, as 0.
    DeploymentGivesZero(&'static str),
    /// A model of `model_list` has one deployment.
    SingleDeployment,
    /// The setting at this path is a `model_name` of `model_list`, and names no provider.
    IsModelName(&'static str),
    /// A connection's `health_check_interval` is a text.
    HealthCheckIntervalIsText,
    /// A client of one server logs in by Entra ID, and has a user name or password beside.
    EntraBesideName,
    /// Entra ID or a Google service account is set, and a client has a url or Sentinel.
    IdentityByUrlOrSentinel,
    /// A cluster is logged in to by Entra ID.
    EntraOnCluster,
    /// A cluster is logged in to by a Google service account.
    GoogleOnCluster,
    /// `db` is sent to sentinels.
    SentinelHasDb,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Self], word| {
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    write!(f, "{word}")?;
                }
                match part {
                    Self::All(_) | Self::AnyOf(_) if parts.len() > 1 => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        let quoted = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
            texts.join(" or ")
        };
        match self {
            Self::All(parts) => joined(f, parts, ", and "),
            Self::AnyOf(parts) => joined(f, parts, ", or "),
            Self::Not(Self::Given(path)) => write!(f, "`{path}` is not set"),
            Self::Not(Self::On(path)) => write!(f, "`{path}` is not true"),
            Self::Not(Self::VariableOff(name)) => write!(f, "{name} is not false"),
            Self::Not(Self::Router) => write!(f, "the router has no Redis"),
            Self::Not(Self::Coordination) => write!(f, "there is no coordination Redis"),
            Self::Not(part) => write!(f, "not: {part}"),
            Self::Given(path) => write!(f, "`{path}` is set"),
            Self::On(path) => write!(f, "`{path}` is true"),
            Self::Is(path, texts) => write!(f, "`{path}` is {}", quoted(texts)),
            Self::Names(path, text) => write!(f, "`{path}` names `{text}`"),
            Self::VariableOff(name) => write!(f, "{name} is false"),
            Self::StoresModelsInDatabase => write!(f, "models are stored in the database"),
            Self::Caches(call) => write!(f, "the response cache keeps answers of `{call}`"),
            Self::Coordination => write!(f, "there is a coordination Redis"),
            Self::CoordinationFromVariables => {
                write!(f, "only `REDIS_*` names the coordination Redis")
            }
            Self::CoordinationIsCluster => write!(f, "the coordination Redis is a cluster"),
            Self::CoordinationEndsWith(ends) => {
                write!(f, "the coordination Redis is one server at `*{}`", ends.join("` or `*"))
            }
            Self::CoordinationHasUser => write!(f, "the coordination Redis has a user name"),
            Self::Router => write!(f, "the router has a Redis"),
            Self::RouterOwnsCluster => write!(f, "the router has a cluster of its own"),
            Self::AnyRedis => write!(f, "any part of LiteLLM has a Redis"),
            Self::AnyCluster => write!(f, "any part of LiteLLM has a Redis Cluster"),
            Self::Namespace => write!(f, "`namespace` is set"),
            Self::NamespaceStarts(text) => write!(f, "`{text}` starts with the `namespace`"),
            Self::LimiterV3 => write!(f, "rate limits are held by parallel_request_limiter_v3"),
            Self::DeploymentGives(name) => write!(f, "a deployment sets `{name}`"),
            Self::DeploymentGivesZero(name) => write!(f, "a deployment sets `{name}: 0`"),
            Self::SingleDeployment => write!(f, "a model has a single deployment"),
            Self::IsModelName(path) => {
                write!(f, "`{path}` is a `model_name` without a provider's name")
            }
            Self::HealthCheckIntervalIsText => {
                write!(f, "a connection's `health_check_interval` is text")
            }
            Self::EntraBesideName => {
                write!(f, "one server is logged in to by Entra ID, with a user name or password")
            }
            Self::IdentityByUrlOrSentinel => {
                write!(f, "Entra ID or Google IAM is set, and a client has a url or Sentinel")
            }
            Self::EntraOnCluster => write!(f, "a cluster is logged in to by Entra ID"),
            Self::GoogleOnCluster => write!(f, "a cluster is logged in to by Google IAM"),
            Self::SentinelHasDb => write!(f, "`db` is not 0 with Sentinel"),
        }
    }
}
