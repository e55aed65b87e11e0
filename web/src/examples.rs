//! Configurations to start from: those of `examples/seeds`.

/// A configuration with its environment.
pub(crate) struct Example {
    /// What it shows.
    pub title: &'static str,
    /// `config.yaml`
    pub config: &'static str,
    /// `.env`, or a manifest that sets the environment.
    pub environment: &'static str,
}

macro_rules! seed {
    ($title:literal, $folder:literal) => {
        seed!($title, $folder, "")
    };
    ($title:literal, $folder:literal, env $file:literal) => {
        seed!($title, $folder, include_str!(concat!("../../examples/seeds/", $folder, "/", $file)))
    };
    ($title:literal, $folder:literal, $environment:expr) => {
        Example {
            title: $title,
            config: include_str!(concat!("../../examples/seeds/", $folder, "/config.yaml")),
            environment: $environment,
        }
    };
}

/// All of them; the page opens with the first.
pub(crate) const EXAMPLES: &[Example] = &[
    seed!("TLS for cache and router", "tls-basic", env ".env"),
    seed!("TLS with a client certificate", "tls-mutual", env ".env"),
    seed!("TLS and Redis Cluster", "tls-cluster"),
    seed!("TLS and Sentinel", "tls-sentinel"),
    seed!("Settings in a Deployment", "kubernetes-env", env "deployment.yaml"),
    seed!("A URL in the environment", "url-in-environment", env ".env"),
    seed!("Connection pool", "pool", env ".env"),
    seed!("Google Cloud IAM", "iam-google", env ".env"),
    seed!("Timeouts", "timeouts"),
    seed!("Cache in memory", "local"),
];
