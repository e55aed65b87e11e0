//! Configurations to start from: those of `examples`, which the tests check too.

use redproof_messages::File;

/// A configuration with its environment.
pub(crate) struct Example {
    /// What it shows.
    pub title: &'static str,
    /// `config.yaml`
    pub config: &'static str,
    /// `.env`, or a manifest that sets the environment.
    pub environment: &'static str,
}

impl Example {
    /// Its files, as the page holds them.
    pub(crate) fn files(&self) -> Vec<File> {
        let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
        // A manifest says more than `.env` can: which variables a Secret holds.
        let manifest = self.environment.starts_with("apiVersion:");
        let name = if manifest { "deployment.yaml" } else { ".env" };
        vec![file("config.yaml", self.config), file(name, self.environment)]
    }
}

macro_rules! example {
    ($title:literal, $config:literal) => {
        Example {
            title: $title,
            config: include_str!(concat!("../../examples/", $config)),
            environment: "",
        }
    };
    ($title:literal, $config:literal, $environment:literal) => {
        Example {
            environment: include_str!(concat!("../../examples/", $environment)),
            ..example!($title, $config)
        }
    };
}

/// All of them; the page opens with the first.
pub(crate) const EXAMPLES: &[Example] = &[
    example!("A gateway: TLS for one of two clients", "gateway.yaml", "gateway.env"),
    example!("TLS for cache and router", "seeds/basic-tls.yaml"),
    example!("TLS with a client certificate", "seeds/mtls.yaml"),
    example!("TLS and Redis Cluster", "seeds/cluster-tls.yaml"),
    example!("TLS and Sentinel", "seeds/sentinel-tls.yaml"),
    example!(
        "Settings in a Deployment",
        "seeds/from-environment.yaml",
        "seeds/deployment-env.yaml"
    ),
    example!("A URL in the environment", "seeds/precedence.yaml", "seeds/precedence.env"),
    example!("Production settings", "seeds/production.yaml"),
    example!("Google Cloud IAM", "seeds/gcp-iam.yaml", "seeds/gcp-iam.env"),
    example!("Google Cloud IAM, cluster", "seeds/gcp-iam-cluster.yaml", "seeds/gcp-iam.env"),
    example!("Timeouts", "seeds/timeouts.yaml"),
    example!("Cache in memory", "seeds/local.yaml"),
    example!("The Redis of cargo xtask run", "local-tls.yaml", "local-tls.env"),
];
