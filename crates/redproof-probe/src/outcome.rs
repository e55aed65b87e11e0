//! The verdict on a connection, and what is behind one that is not ok.

use schemars::JsonSchema;
use serde::Serialize;

/// The verdict on a connection, or on the whole configuration. Its JSON name is the variant in
/// snake case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named for what it says")]
pub enum ProbeOutcome {
    Ok,
    Dns,
    Refused,
    Timeout,
    NotTlsServer,
    TlsRequired,
    CertExpired,
    CertNotYetValid,
    HostnameMismatch,
    UnknownCa,
    ChainIncomplete,
    WeakCert,
    BadKeyUsage,
    ClientCertRequired,
    ClientCertRejected,
    ClientKeyMismatch,
    ClientKeyEncrypted,
    CaFileMissing,
    CaFileInvalid,
    CertFileMissing,
    ProtocolVersion,
    AuthRequired,
    AuthFailed,
    NoPermission,
    WrongDb,
    ClusterDisabled,
    ClusterDown,
    SentinelUnknownMaster,
    SentinelUnreachable,
    ProtocolError,
    InvalidConfig,
    ServerState,
    Other,
}

impl ProbeOutcome {
    /// All of them, in the order in which a connection meets them.
    pub const ALL: [Self; 33] = [
        Self::Ok,
        Self::InvalidConfig,
        Self::CaFileMissing,
        Self::CaFileInvalid,
        Self::CertFileMissing,
        Self::ClientKeyMismatch,
        Self::ClientKeyEncrypted,
        Self::Dns,
        Self::Refused,
        Self::Timeout,
        Self::NotTlsServer,
        Self::TlsRequired,
        Self::ProtocolVersion,
        Self::UnknownCa,
        Self::ChainIncomplete,
        Self::CertExpired,
        Self::CertNotYetValid,
        Self::HostnameMismatch,
        Self::WeakCert,
        Self::BadKeyUsage,
        Self::ClientCertRequired,
        Self::ClientCertRejected,
        Self::AuthRequired,
        Self::AuthFailed,
        Self::NoPermission,
        Self::WrongDb,
        Self::ClusterDisabled,
        Self::ClusterDown,
        Self::SentinelUnreachable,
        Self::SentinelUnknownMaster,
        Self::ServerState,
        Self::ProtocolError,
        Self::Other,
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::NotTlsServer => "not_tls_server",
            Self::TlsRequired => "tls_required",
            Self::CertExpired => "cert_expired",
            Self::CertNotYetValid => "cert_not_yet_valid",
            Self::HostnameMismatch => "hostname_mismatch",
            Self::UnknownCa => "unknown_ca",
            Self::ChainIncomplete => "chain_incomplete",
            Self::WeakCert => "weak_cert",
            Self::BadKeyUsage => "bad_key_usage",
            Self::ClientCertRequired => "client_cert_required",
            Self::ClientCertRejected => "client_cert_rejected",
            Self::ClientKeyMismatch => "client_key_mismatch",
            Self::ClientKeyEncrypted => "client_key_encrypted",
            Self::CaFileMissing => "ca_file_missing",
            Self::CaFileInvalid => "ca_file_invalid",
            Self::CertFileMissing => "cert_file_missing",
            Self::ProtocolVersion => "protocol_version",
            Self::AuthRequired => "auth_required",
            Self::AuthFailed => "auth_failed",
            Self::NoPermission => "no_permission",
            Self::WrongDb => "wrong_db",
            Self::ClusterDisabled => "cluster_disabled",
            Self::ClusterDown => "cluster_down",
            Self::SentinelUnknownMaster => "sentinel_unknown_master",
            Self::SentinelUnreachable => "sentinel_unreachable",
            Self::ProtocolError => "protocol_error",
            Self::InvalidConfig => "invalid_config",
            Self::ServerState => "server_state",
            Self::Other => "other",
        }
    }
}

/// Where a failure is to be fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// In LiteLLM's configuration, environment or mounted files.
    Client,
    /// At the Redis server.
    Server,
    /// Between them.
    Network,
    /// On either side: the two do not fit.
    Either,
}

/// Why a connection does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) outcome: ProbeOutcome,
    pub(crate) detail: String,
    pub(crate) presented: Option<String>,
    pub(crate) expected: Option<String>,
    /// Says better than the outcome's general advice what to change.
    pub(crate) help: Option<String>,
    /// Says better than the outcome where to change it.
    pub(crate) side: Option<Side>,
    /// To redis-py it is a `ResponseError` or `InvalidResponse`, and no trouble with the connection.
    pub(crate) response: bool,
    /// A cluster sends the client elsewhere.
    pub(crate) redirected: bool,
}

impl Failure {
    pub(crate) fn new(outcome: ProbeOutcome, detail: impl Into<String>) -> Self {
        Self {
            outcome,
            detail: detail.into(),
            presented: None,
            expected: None,
            help: None,
            side: None,
            response: false,
            redirected: false,
        }
    }

    pub(crate) fn presented(mut self, presented: impl Into<String>) -> Self {
        self.presented = Some(presented.into());
        self
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn response(self) -> Self {
        Self { response: true, ..self }
    }

    pub(crate) fn redirected(self) -> Self {
        Self { redirected: true, ..self }
    }

    /// A better help, where there is one.
    pub(crate) fn help_or(self, better: Option<String>) -> Self {
        Self { help: better.or(self.help), ..self }
    }

    pub(crate) fn side(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }
}
