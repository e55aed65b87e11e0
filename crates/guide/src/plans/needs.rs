//! What releases do and do not do, for the fields that depend on it.

use crate::field::Needs;
use facts::{Behaviour, Pair, Version};

pub(super) fn always(_: Pair) -> Needs {
    Needs::Met
}

/// The first LiteLLM release with a behaviour.
pub(super) fn first(behaviour: Behaviour) -> String {
    behaviour.releases().since.map_or_else(String::new, |since| since.to_string())
}

pub(super) fn since(pair: Pair, behaviour: Behaviour, what: &str) -> Needs {
    if pair.behaves(behaviour) {
        Needs::Met
    } else {
        Needs::Not(format!("{what} from {} on.", first(behaviour)))
    }
}

pub(super) fn refused(pair: Pair, behaviour: Behaviour, what: &str) -> Option<String> {
    match since(pair, behaviour, what) {
        Needs::Not(why) => Some(why),
        Needs::Met | Needs::Hidden => None,
    }
}

pub(super) fn router_without_redis(pair: Pair) -> Vec<String> {
    match since(
        pair,
        Behaviour::RouterSharesCoordinationRedis,
        "LiteLLM gives it the response cache's",
    ) {
        Needs::Not(since) => vec![format!("On this release the router has no Redis then. {since}")],
        Needs::Met | Needs::Hidden => vec![],
    }
}

pub(super) fn cluster_certificates(pair: Pair) -> Needs {
    let behaviour = Behaviour::ClusterTakesCertificateSettings;
    since(pair, behaviour, "LiteLLM passes it to cluster clients")
}

pub(super) fn cluster_hostname(pair: Pair) -> Needs {
    let allowed =
        |pair: Pair| pair.redis_py_data().cluster_allows("ssl_check_hostname").then_some(pair);
    match cluster_certificates(pair) {
        Needs::Met if allowed(pair).is_none() => {
            let on =
                |release: &Version| Pair::parse(&pair.litellm.to_string(), &release.to_string());
            let mut releases = Pair::redis_py_releases().iter();
            let first = releases.find_map(|release| allowed(on(release).ok()?));
            let from = first
                .map_or_else(String::new, |first| format!(" from redis-py {} on", first.redis_py));
            Needs::Not(format!("redis-py's sync cluster client takes it{from}."))
        }
        needs => needs,
    }
}

/// Whether Sentinel clients get TLS, user, password and timeouts.
pub(super) fn sentinel_settings(pair: Pair) -> Needs {
    let settings = Behaviour::SentinelGetsRedisSettings;
    let needs = since(pair, settings, "LiteLLM passes it to Sentinel");
    let hidden = !pair.behaves(Behaviour::UnwrappedSignatures)
        && !pair.redis_py_data().redis().argspec_names("ssl");
    if needs == Needs::Met && hidden {
        return Needs::Not(format!(
            "LiteLLM {} drops it on redis-py {}. It passes it from {} on, or on an older redis-py.",
            pair.litellm,
            pair.redis_py,
            first(Behaviour::UnwrappedSignatures)
        ));
    }
    needs
}

/// Whether both Sentinel clients send `sentinel_password` to the master.
pub(super) fn sends_master_sentinel_password(pair: Pair) -> bool {
    pair.behaves(Behaviour::SyncSentinelSendsPassword)
        && !pair.behaves(Behaviour::SentinelGetsRedisSettings)
}

pub(super) fn master_password(pair: Pair) -> Needs {
    if sends_master_sentinel_password(pair) { Needs::Hidden } else { sentinel_settings(pair) }
}
