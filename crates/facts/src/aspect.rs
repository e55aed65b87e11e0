//! What two releases can do differently, seen from outside.

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Whether LiteLLM starts.
    Startup,
    /// Which part of LiteLLM uses Redis at all.
    Presence,
    /// Whose Redis connection it is: its own, or another part's.
    Sharing,
    /// The class of the response cache.
    Cache,
    /// Whether the client can be built.
    Error,
    /// One server, a cluster, or a master behind sentinels.
    Topology,
    /// The server, the nodes, the sentinels.
    Server,
    /// The database number.
    Database,
    /// TLS or plaintext.
    Tls,
    /// Whether the server's certificate is verified.
    Verification,
    /// Whether the certificate must name the host.
    HostName,
    /// The authorities that are trusted.
    Authorities,
    /// The client's own certificate and key.
    ClientCertificate,
    /// Further TLS settings.
    TlsOption,
    /// The user name.
    Username,
    /// The password.
    Password,
    /// Cloud IAM in place of a password.
    Iam,
    /// `socket_timeout`
    SocketTimeout,
    /// `socket_connect_timeout`
    ConnectTimeout,
    /// `health_check_interval`
    HealthCheck,
    /// `client_name`
    ClientName,
    /// A setting that is written down, and honoured by one of the two alone.
    Setting,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Startup,
        Self::Presence,
        Self::Sharing,
        Self::Cache,
        Self::Error,
        Self::Topology,
        Self::Server,
        Self::Database,
        Self::Tls,
        Self::Verification,
        Self::HostName,
        Self::Authorities,
        Self::ClientCertificate,
        Self::TlsOption,
        Self::Username,
        Self::Password,
        Self::Iam,
        Self::SocketTimeout,
        Self::ConnectTimeout,
        Self::HealthCheck,
        Self::ClientName,
        Self::Setting,
    ];

    /// What it is about, in a few words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Startup => "start-up",
            Self::Presence => "use of Redis",
            Self::Sharing => "connections",
            Self::Cache => "cache class",
            Self::Error => "client",
            Self::Topology => "topology",
            Self::Server => "server",
            Self::Database => "database",
            Self::Tls => "TLS",
            Self::Verification => "certificate verification",
            Self::HostName => "host name check",
            Self::Authorities => "trusted authorities",
            Self::ClientCertificate => "client certificate",
            Self::TlsOption => "TLS setting",
            Self::Username => "user name",
            Self::Password => "password",
            Self::Iam => "IAM",
            Self::SocketTimeout => "answer timeout",
            Self::ConnectTimeout => "connection timeout",
            Self::HealthCheck => "health check",
            Self::ClientName => "client name",
            Self::Setting => "setting",
        }
    }

    /// Whether only TLS connections have it.
    pub fn is_of_tls(self) -> bool {
        matches!(
            self,
            Self::Verification
                | Self::HostName
                | Self::Authorities
                | Self::ClientCertificate
                | Self::TlsOption
        )
    }
}
