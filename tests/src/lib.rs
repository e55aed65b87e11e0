//! Shared helpers of the integration tests: certificates, real servers, situations to probe.

pub mod certificates;
pub mod servers;
pub mod situations;
