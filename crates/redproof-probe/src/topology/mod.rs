//! Clusters and sentinels: the servers behind the ones that are configured.

pub(crate) mod cluster;
pub(crate) mod cluster_map;
pub(crate) mod sentinel;
