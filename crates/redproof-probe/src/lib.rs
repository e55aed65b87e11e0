//! Opens the connections of an [`redproof_core::outcome::Outcome`] against real servers.
//!
//! The probe goes by what LiteLLM's clients do, release by release, and never by the config itself.
//! redis-py's TLS is OpenSSL's, as CPython's is, and that of LiteLLM's Rust client rustls', so that the
//! verdict on an odd certificate is the same by construction.

mod diagnosis;
#[doc(hidden)]
pub mod fuzzing;
mod login;
mod needs;
mod network;
mod options;
mod outcome;
mod patience;
mod plan;
mod proved;
mod redis;
mod report;
mod roles;
mod run;
mod runner;
mod rust_clients;
mod session;
mod small_file;
mod tls;
mod tls_settings;
mod topology;
mod values;

pub use diagnosis::findings::RULES;
pub use diagnosis::outcomes::outcomes_page;
pub use login::{
    AwsCredentials, ElastiCacheToken, Identity, ask_cluster, ask_proxy, elasticache_token,
};
pub use network::interrupt::Interrupt;
pub use options::{FileAccess, Options};
pub use outcome::{ProbeOutcome, Side};
pub use report::{
    CertificateReport, ConnectionReport, ConsumerReport, Event, FileReport, Health, IGNORED,
    Latencies, OfferedVersion, Part, Patience, Percentiles, Report, RoleReport, StartReport, Step,
    Strict, Times, TlsReport, TlsScan, User, WeakCipher, Which,
};
pub use runner::{probe, probe_blocking};

/// `host:port`, an IPv6 address in brackets; on one line, whatever the host is.
fn target_text(host: &str, port: u16) -> String {
    let host = redproof_core::visible::visible(host);
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::target_text;

    #[test]
    fn a_target_is_one_line() {
        assert_eq!(target_text("redis\n", 6379).lines().count(), 1);
        assert_eq!(target_text("::1", 6379), "[::1]:6379");
    }
}
