//! Shared helpers of the integration tests: certificates, real servers, situations to probe, the
//! project's own programs, a browser.

pub mod browser;
pub mod certificates;
pub mod exported;
pub mod firefox;
pub mod matrix;
pub mod patched;
pub mod programs;
pub mod recorded_topologies;
pub mod recorder;
pub mod redis_py;
pub mod rust_client;
pub mod servers;
pub mod situations;
pub mod static_site;
pub mod token_service;
pub mod topologies;
