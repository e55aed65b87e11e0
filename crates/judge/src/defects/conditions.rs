//! Whether a condition holds for a configuration.

use facts::defects::{LIMITER_V3_IS_DEFAULT, When};
use python::{Data, Origin, Value};
use simulate::outcome::{Auth, Client, ClientKind, Consumer, Knowable, Role, Startup};

use super::configured::{Configured, below};

/// Whether a condition holds. What is not known does not.
pub(super) fn holds(when: &When, c: Configured<'_>) -> bool {
    match *when {
        When::All(parts) => parts.iter().all(|part| holds(part, c)),
        When::AnyOf(parts) => parts.iter().any(|part| holds(part, c)),
        // Where nothing starts, that a part has no Redis says nothing.
        When::Not(part) => c.outcome.startup == Startup::Ok && !holds(part, c),
        When::Given(path) => c.value(path).is_some(),
        When::On(path) => c.is_on(path),
        When::Is(path, texts) => {
            let text = c.value(path).and_then(|value| c.text(value));
            text.is_some_and(|text| texts.contains(&text.as_ref()))
        }
        When::Names(path, name) => c.names(path, name),
        When::VariableOff(name) => {
            let value = c.variable(name).map(str::trim);
            value.is_some_and(|value| value.eq_ignore_ascii_case("false"))
        }
        When::StoresModelsInDatabase => {
            let variable = c.variable("STORE_MODEL_IN_DB");
            c.is_on("general_settings.store_model_in_db")
                || variable.is_some_and(|value| value.eq_ignore_ascii_case("true"))
        }
        When::Caches(call) => caches(c, call),
        When::Coordination => c.coordination().next().is_some(),
        When::CoordinationFromVariables => {
            c.outcome.usage_if_reachable.is_some() && c.outcome.usage_cache.is_none()
        }
        When::CoordinationIsCluster => c.coordination().any(is_cluster),
        When::CoordinationEndsWith(ends) => coordination_ends_with(c, ends),
        When::CoordinationHasUser => c.coordination().any(|client| {
            let connection = client.connection.as_ref();
            connection.is_some_and(|connection| connection.username.value.as_str().is_some())
        }),
        When::Router => c.outcome.router_cache.is_some(),
        When::RouterOwnsCluster => {
            let own = matches!(c.outcome.router_cache, Some(Knowable::Known(Role::Own(_))));
            own && c.clients().any(|one| one.consumer == Consumer::Router && is_cluster(one))
        }
        When::AnyRedis => c.clients().next().is_some(),
        When::AnyCluster => c.clients().any(is_cluster),
        When::Namespace => c.namespace().is_some(),
        When::NamespaceStarts(text) => c.namespace().is_some_and(|name| text.starts_with(name)),
        When::LimiterV3 => limiter_v3(c),
        When::DeploymentGives(name) => c.deployments().any(|(_, params)| gives(params, name)),
        When::DeploymentGivesZero(name) => c.deployments().any(|(_, params)| {
            let text = below(params, name).and_then(|value| c.text(value));
            text.is_some_and(|text| text.parse() == Ok(0.0))
        }),
        When::SingleDeployment => single_deployment(c),
        When::IsModelName(path) => {
            let name = c.value(path).and_then(|value| c.text(value));
            let name = name.filter(|name| !name.contains('/'));
            name.is_some_and(|name| c.deployments().any(|(model, _)| model == Some(&name)))
        }
        When::HealthCheckIntervalIsText => c
            .connections()
            .any(|connection| matches!(connection.health_check_interval.value.data, Data::Str(_))),
        When::EntraBesideName => c.clients().any(|client| {
            client.kind == ClientKind::Redis
                && client.connection.as_ref().is_some_and(|connection| {
                    let secret = &connection.password.value;
                    matches!(connection.auth, Auth::Azure(_))
                        && (connection.username.value.as_str().is_some()
                            || matches!(secret, Knowable::Known(Some(_))))
                })
        }),
        When::IdentityByUrlOrSentinel => identity_by_url_or_sentinel(c),
        When::EntraOnCluster => cluster_logs_in(c, |auth| matches!(auth, Auth::Azure(_))),
        When::GoogleOnCluster => cluster_logs_in(c, |auth| matches!(auth, Auth::Gcp { .. })),
        When::SentinelHasDb => c.clients().flat_map(|client| &client.sentinels).any(|sentinel| {
            match &sentinel.db.value.data {
                Data::Int(db) => db.to_string() != "0",
                Data::Str(db) => db.trim() != "0",
                _ => false,
            }
        }),
    }
}

fn is_cluster(client: &Client) -> bool {
    client.kind == ClientKind::RedisCluster
}

fn gives(params: &Value, name: &str) -> bool {
    below(params, name).is_some()
}

/// Whether the response cache keeps answers of a call type: all of them, unless
/// `supported_call_types` chooses.
fn caches(c: Configured<'_>, call: &str) -> bool {
    let path = "litellm_settings.cache_params.supported_call_types";
    let chosen = c.value(path).is_none() || c.names(path, call);
    // S3 takes other ways.
    let s3 =
        matches!(&c.outcome.response_cache, Some(Knowable::Known(class)) if class == "S3Cache");
    chosen && c.outcome.response_cache.is_some() && !s3
}

fn coordination_ends_with(c: Configured<'_>, ends: &[&str]) -> bool {
    let single = c.coordination().filter(|client| client.kind == ClientKind::Redis);
    single.filter_map(|client| client.connection.as_ref()?.host.value.as_str()).any(|host| {
        let host = host.to_ascii_lowercase();
        ends.iter().any(|end| host.ends_with(end))
    })
}

/// `PROXY_HOOKS["parallel_request_limiter"]`
fn limiter_v3(c: Configured<'_>) -> bool {
    let on = |name| c.variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if c.pair.litellm >= LIMITER_V3_IS_DEFAULT {
        !on("LEGACY_MULTI_INSTANCE_RATE_LIMITING")
    } else {
        on("EXPERIMENTAL_MULTI_INSTANCE_RATE_LIMITING")
    }
}

fn single_deployment(c: Configured<'_>) -> bool {
    let mut names: Vec<&str> = c.deployments().filter_map(|(name, _)| name).collect();
    names.sort_unstable();
    names.chunk_by(|one, next| one == next).any(|same| same.len() == 1)
}

/// Whether a cloud's identity is set, and a client has a url or Sentinel.
fn identity_by_url_or_sentinel(c: Configured<'_>) -> bool {
    let sections = [
        "litellm_settings.cache_params",
        "general_settings.coordination_redis",
        "router_settings.cache_kwargs",
    ];
    let google = |section| {
        // The cache drops what is there.
        let value = c.value(section).and_then(|value| below(value, "gcp_service_account"));
        value.is_some() && section != sections[0]
    };
    let entra = |section| c.is_on(&format!("{section}.azure_redis_ad_token"));
    let variable = |name| c.variable(name).is_some_and(|value| !value.is_empty());
    let identity = sections.iter().any(|section| google(*section) || entra(*section))
        || ["REDIS_GCP_SERVICE_ACCOUNT", "REDIS_AZURE_AD_TOKEN"].into_iter().any(variable);
    identity && c.clients().any(|client| client.kind == ClientKind::Sentinel || has_url(client))
}

/// Whether a client of one server was made from a url.
fn has_url(client: &Client) -> bool {
    let origin = client.connection.as_ref().map(|connection| &connection.host.value.origin);
    matches!(origin, Some(Origin::Computed(computed)) if computed.how == "the host of the url")
}

fn cluster_logs_in(c: Configured<'_>, by: fn(&Auth) -> bool) -> bool {
    let clusters = c.clients().filter(|client| is_cluster(client));
    clusters.filter_map(|client| client.connection.as_ref()).any(|one| by(&one.auth))
}
