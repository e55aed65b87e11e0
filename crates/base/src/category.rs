//! The headings that rules and findings have in lists.

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Start-up raises an exception.
    DoesNotStart,
    /// The proxy starts, and what needs Redis raises an exception.
    ClientFails,
    /// A setting that nothing reads.
    NoEffect,
    /// Variables: not set, not expanded, not read.
    Environment,
    /// Whether connections speak TLS, and what they verify.
    Tls,
    /// Who can read or guess a password.
    Passwords,
    /// Which of two settings counts.
    Precedence,
    /// Redis Cluster and Sentinel.
    Topology,
    /// IAM, and what a user may do.
    Logins,
    /// Certificates and keys, and the files that hold them.
    Certificates,
    /// Timeouts, memory, speed.
    Reliability,
    /// What is wrong in LiteLLM itself.
    KnownDefects,
    /// Nothing is wrong yet.
    Hints,
}

impl Category {
    /// All of them, as lists have them.
    pub const ALL: [Self; 13] = [
        Self::DoesNotStart,
        Self::ClientFails,
        Self::NoEffect,
        Self::Environment,
        Self::Tls,
        Self::Passwords,
        Self::Precedence,
        Self::Topology,
        Self::Logins,
        Self::Certificates,
        Self::Reliability,
        Self::KnownDefects,
        Self::Hints,
    ];

    /// A heading: `Settings without effect`.
    pub fn title(self) -> &'static str {
        match self {
            Self::DoesNotStart => "LiteLLM does not start",
            Self::ClientFails => "LiteLLM starts, and a client fails",
            Self::NoEffect => "Settings without effect",
            Self::Environment => "Environment variables",
            Self::Tls => "TLS",
            Self::Passwords => "Passwords",
            Self::Precedence => "Precedence and conflicts",
            Self::Topology => "Cluster and Sentinel",
            Self::Logins => "Logins and permissions",
            Self::Certificates => "Certificates and files",
            Self::Reliability => "Performance and reliability",
            Self::KnownDefects => "Known defects of LiteLLM",
            Self::Hints => "Hints",
        }
    }
}
