//! Opens the connections of an [`redproof_core::outcome::Outcome`] against real servers.
//!
//! The probe goes by what LiteLLM's redis-py clients do, release by release, and never by the
//! config itself. TLS is OpenSSL's, as CPython's is, so that the verdict on an odd certificate is
//! the same by construction.

mod advice;
mod cluster;
mod cluster_map;
mod commands;
mod connecting;
mod findings;
mod health;
mod interrupt;
mod judge;
mod latency;
mod network;
mod options;
mod outcomes;
mod permissions;
mod plan;
mod reply;
mod report;
mod runner;
mod second_look;
mod sentinel;
mod session;
mod tls;
mod tokens;
mod waiting;
mod wire;

pub use findings::{FINDING_RULES, finding_page, findings_index};
pub use health::Health;
pub use interrupt::Interrupt;
pub use latency::{Latencies, Percentiles, Times};
pub use options::{FileAccess, Options};
pub use outcomes::outcomes_page;
pub use report::{
    CertificateReport, ConnectionReport, ConsumerReport, Event, Part, ProbeOutcome, Report, Side,
    Step, Strict, TlsReport, User, Which,
};
pub use runner::{probe, probe_blocking};
pub use tokens::{AwsCredentials, ElastiCacheToken, Identity, elasticache_token};

/// `host:port`, an IPv6 address in brackets.
fn target_text(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}
