//! The systems: what each one asks for, and what its configuration starts with.

/// A setting of the response cache.
macro_rules! cache {
    ($key:literal) => {
        concat!("litellm_settings.cache_params.", $key)
    };
}

/// A setting of the router's own Redis.
macro_rules! kwargs {
    ($key:literal) => {
        Some(concat!("router_settings.cache_kwargs.", $key))
    };
}

mod clouds;
mod common;
mod needs;
mod others;
mod servers;
mod topologies;

use super::Plan;

/// All of them, in the order to show them.
pub(super) static PLANS: [&Plan; 9] = [
    &servers::IN_CLUSTER_TLS,
    &servers::MUTUAL_TLS,
    &topologies::CLUSTER,
    &topologies::SENTINEL,
    &clouds::MEMORYSTORE,
    &clouds::AZURE_REDIS,
    &clouds::ELASTI_CACHE,
    &others::LOCAL,
    &others::SEMANTIC,
];
