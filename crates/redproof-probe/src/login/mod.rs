//! Cloud IAM: the token that LiteLLM's credential providers would log in with.
//!
//! Each is fetched as the cloud's own library does that LiteLLM calls, from where the probe runs,
//! with the variables of LiteLLM's environment before the probe's own.

mod aws;
mod azure;
mod gcp;
mod http;
pub use http::{ask_cluster, ask_proxy};
mod sigv4;

use std::collections::BTreeMap;
use std::path::PathBuf;

use redproof_core::python::AzureIam;
use redproof_core::secret::Secret;

use crate::outcome::{Failure, ProbeOutcome, Side};

pub use sigv4::{AwsCredentials, ElastiCacheToken, elasticache_token};

/// What AUTH or HELLO sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) username: Option<String>,
    pub(crate) password: Secret,
}

/// Where a cloud's credentials come from. Without it, no token is fetched.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The variables of LiteLLM's environment, then those of the process.
    pub variables: BTreeMap<String, Secret>,
    /// The home directory, for the clouds' own files.
    pub home: Option<PathBuf>,
    /// Google's service that makes access tokens for service accounts.
    pub gcp_iam: String,
    /// Microsoft's instance metadata service.
    pub azure_metadata: String,
}

impl Identity {
    /// These variables, at the clouds' own addresses.
    pub fn new(variables: BTreeMap<String, Secret>, home: Option<PathBuf>) -> Self {
        Self {
            variables,
            home,
            gcp_iam: "https://iamcredentials.googleapis.com".to_owned(),
            azure_metadata: "http://169.254.169.254".to_owned(),
        }
    }

    /// A variable that is set and not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(Secret::reveal).filter(|value| !value.is_empty())
    }
}

/// What makes a login's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenSource {
    Gcp { service_account: String },
    Azure { iam: AzureIam, username: Option<String> },
    Aws { user_name: String, cache_name: String, region: String, serverless: bool },
}

impl TokenSource {
    /// What it is, for the timeline.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Gcp { .. } => "Google Cloud IAM",
            Self::Azure { .. } => "Microsoft Entra ID",
            Self::Aws { .. } => "AWS IAM",
        }
    }

    /// Fetches the token, and says how.
    pub(crate) async fn fetch(
        &self,
        identity: &Identity,
    ) -> Result<(Credentials, String), Failure> {
        let login = |username: Option<String>, token: String| Credentials {
            username,
            password: Secret::new(token),
        };
        let fetched = match self {
            Self::Gcp { service_account } => {
                gcp::token(service_account, identity).await.map(|(t, by)| (login(None, t), by))
            }
            Self::Azure { iam, username } => azure::token(iam, identity)
                .await
                .map(|(token, by)| (login(username.clone(), token), by)),
            Self::Aws { user_name, cache_name, region, serverless } => {
                aws::credentials(identity, region).await.and_then(|(credentials, by)| {
                    let token = elasticache_token(
                        &ElastiCacheToken {
                            user_name,
                            cache_name,
                            region,
                            serverless: *serverless,
                        },
                        &credentials,
                        sigv4::now(),
                    )
                    .map_err(|error| format!("OpenSSL can't sign: {error}"))?;
                    Ok((login(Some(user_name.clone()), token), by))
                })
            }
        };
        fetched.map_err(|why| self.failure(&why))
    }

    fn failure(&self, why: &str) -> Failure {
        let name = self.name();
        Failure::new(ProbeOutcome::AuthFailed, format!("There is no {name} token: {why}."))
            .presented("no token")
            .expected(format!("a token of {name}"))
            .help(match self {
                Self::Gcp { .. } => "Run the probe where LiteLLM runs, or set GOOGLE_APPLICATION_CREDENTIALS; grant that account `roles/iam.serviceAccountTokenCreator` on the service account.",
                Self::Azure { .. } => "Set `azure_client_id`, `azure_tenant_id` and `azure_client_secret`, or run the probe where the managed identity is.",
                Self::Aws { .. } => "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run the probe where the role is.",
            })
            .side(Side::Client)
    }
}
