//! Configurations to start from: those of `examples/seeds`, which the tests check too.

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
    ($title:literal, $config:literal) => {
        Example {
            title: $title,
            config: include_str!(concat!("../../examples/seeds/", $config)),
            environment: "",
        }
    };
    ($title:literal, $config:literal, $environment:literal) => {
        Example {
            environment: include_str!(concat!("../../examples/seeds/", $environment)),
            ..seed!($title, $config)
        }
    };
}

/// All of them; the page opens with the first.
pub(crate) const EXAMPLES: &[Example] = &[
    seed!("TLS for cache and router", "basic-tls.yaml"),
    seed!("TLS with a client certificate", "mtls.yaml"),
    seed!("TLS and Redis Cluster", "cluster-tls.yaml"),
    seed!("TLS and Sentinel", "sentinel-tls.yaml"),
    seed!("Settings in a Deployment", "from-environment.yaml", "deployment-env.yaml"),
    seed!("A URL in the environment", "precedence.yaml", "precedence.env"),
    seed!("Production settings", "production.yaml"),
    seed!("Google Cloud IAM", "gcp-iam.yaml", "gcp-iam.env"),
    seed!("Google Cloud IAM, cluster", "gcp-iam-cluster.yaml", "gcp-iam.env"),
    seed!("Timeouts", "timeouts.yaml"),
    seed!("Cache in memory", "local.yaml"),
];
