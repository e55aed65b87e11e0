//! Keys and variables that other releases know, and this one does not.
//!
//! The catalogue says the same (`tests/newer_keys.rs` compares), with texts that the page's first
//! load has no room for.

use facts::{Behaviour, Pair, ReleaseRange, Software};

/// Which releases know a key of the section at this path; `None` where the pair does, or none.
pub(super) fn of_key(section: &str, name: &str, pair: Pair) -> Option<String> {
    let range = match section {
        "router_settings" if facts::litellm_names::is_proxys_own(name) => None,
        "router_settings" => ReleaseRange::of_router_parameter(name),
        "litellm_settings.cache_params" => {
            ReleaseRange::of_cache_parameter(name).or_else(|| of_connection(name))
        }
        _ => of_connection(name),
    };
    in_words(range?, pair)
}

/// Which releases have a behaviour that none has lost; `None` where the pair has it.
pub(super) fn of_behaviour(behaviour: Behaviour, pair: Pair) -> Option<String> {
    in_words(behaviour.brought_in(), pair)
}

/// The releases that take a setting of the connection.
fn of_connection(name: &str) -> Option<ReleaseRange> {
    match facts::litellm_names::brought_by(name) {
        Some(behaviour) => Some(behaviour.brought_in()),
        None => ReleaseRange::of_redis_parameter(name),
    }
}

/// One sentence; `None` where the pair is one of the range.
fn in_words(range: ReleaseRange, pair: Pair) -> Option<String> {
    let release = match range.software {
        Software::Litellm => pair.litellm,
        Software::RedisPy => pair.redis_py,
    };
    let (other, side) = match (range.since, range.until) {
        (Some(since), _) if release < since => (since, "newer"),
        (_, Some(until)) if release > until => (until, "older"),
        _ => return None,
    };
    let name = range.software.name();
    Some(format!("{name} {release} does not know it, {name} {other} and {side} do."))
}
