//! Microsoft Entra ID: `_build_azure_credential`, then `get_token` for Azure Cache for Redis.

use redproof_core::python::AzureIam;
use serde::Deserialize;

use super::Identity;
use super::http::{Ask, escape};

const RESOURCE: &str = "https://redis.azure.com";
const SCOPE: &str = "https://redis.azure.com/.default";

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

/// The access token, and by which credential.
pub(super) async fn token(iam: &AzureIam, identity: &Identity) -> Result<(String, String), String> {
    let authority =
        identity.get("AZURE_AUTHORITY_HOST").unwrap_or("https://login.microsoftonline.com");
    let url = |tenant: &str| {
        let authority = authority.trim_end_matches('/');
        let scheme = if authority.contains("://") { "" } else { "https://" };
        format!("{scheme}{authority}/{}/oauth2/v2.0/token", escape(tenant))
    };
    let client_id = iam.client_id.as_deref().or_else(|| identity.get("AZURE_CLIENT_ID"));
    let tenant = iam.tenant_id.as_deref().or_else(|| identity.get("AZURE_TENANT_ID"));
    let secret = iam
        .client_secret
        .as_ref()
        .map(redproof_core::secret::Secret::reveal)
        .or_else(|| identity.get("AZURE_CLIENT_SECRET"));
    if let (Some(client_id), Some(tenant), Some(secret)) = (client_id, tenant, secret) {
        let fields = [
            ("client_id", client_id),
            ("scope", SCOPE),
            ("client_secret", secret),
            ("grant_type", "client_credentials"),
        ];
        let token: Token = Ask::form(&url(tenant), &fields).json().await?;
        return Ok((token.access_token, "the client secret".to_owned()));
    }
    let federated = identity.get("AZURE_FEDERATED_TOKEN_FILE");
    if let (Some(client_id), Some(tenant), Some(file)) = (client_id, tenant, federated) {
        let assertion = crate::small_file::read_text(std::path::Path::new(file))
            .map_err(|e| format!("{file}: {e}"))?;
        let fields = [
            ("client_id", client_id),
            ("scope", SCOPE),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion.trim()),
            ("grant_type", "client_credentials"),
        ];
        let token: Token = Ask::form(&url(tenant), &fields).json().await?;
        return Ok((token.access_token, "the workload identity".to_owned()));
    }
    managed(client_id, identity).await
}

/// A managed identity: App Service's endpoint, else the instance metadata service.
async fn managed(client_id: Option<&str>, identity: &Identity) -> Result<(String, String), String> {
    let client = client_id.map_or_else(String::new, |id| format!("&client_id={}", escape(id)));
    let resource = escape(RESOURCE);
    let endpoint = identity.get("IDENTITY_ENDPOINT").zip(identity.get("IDENTITY_HEADER"));
    let token: Token = if let Some((endpoint, header)) = endpoint {
        let url = format!("{endpoint}?api-version=2019-08-01&resource={resource}{client}");
        Ask::get(&url, &[("x-identity-header", header)]).json().await?
    } else {
        let base = identity.get("AZURE_POD_IDENTITY_AUTHORITY_HOST");
        let base = base.unwrap_or(&identity.azure_metadata).trim_end_matches('/');
        let url = format!(
            "{base}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={resource}{client}"
        );
        Ask::get(&url, &[("metadata", "true")]).json().await?
    };
    Ok((token.access_token, "the managed identity".to_owned()))
}
