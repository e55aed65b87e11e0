//! Google Cloud: `generate_gcp_iam_access_token`.
//!
//! Application Default Credentials give a first token; with it the service account's own is made
//! by the IAM Credentials API.

use std::path::PathBuf;

use openssl::base64::encode_block;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde::Deserialize;
use serde_json::json;

use super::Identity;
use super::http::Ask;

const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    access_token: String,
}

/// A credentials file of Google's.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum File {
    ServiceAccount {
        client_email: String,
        private_key: String,
        token_uri: String,
    },
    AuthorizedUser {
        client_id: String,
        client_secret: String,
        refresh_token: String,
        #[serde(default = "token_uri")]
        token_uri: String,
    },
}

fn token_uri() -> String {
    "https://oauth2.googleapis.com/token".to_owned()
}

/// The service account's access token, and where the first one came from.
pub(super) async fn token(
    service_account: &str,
    identity: &Identity,
) -> Result<(String, String), String> {
    let (first, by) = default_credentials(identity).await?;
    let url = format!("{}/v1/{service_account}:generateAccessToken", identity.gcp_iam);
    let bearer = format!("Bearer {first}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = json!({"scope": [SCOPE]}).to_string();
    let made: Made = Ask::new(hyper::Method::POST, &url, &headers, body).json().await?;
    Ok((made.access_token, by))
}

async fn default_credentials(identity: &Identity) -> Result<(String, String), String> {
    let named = identity.get("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from);
    let well_known = identity
        .home
        .as_ref()
        .map(|home| home.join(".config/gcloud/application_default_credentials.json"))
        .filter(|path| path.is_file());
    if let Some(path) = named.or(well_known) {
        let text = crate::small_file::read(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let file: File = serde_json::from_slice(&text).map_err(|_| {
            format!(
                "{} is not a service account's key file nor a user's credentials; the probe knows no other",
                path.display()
            )
        })?;
        return of_file(file).await.map(|token| (token, path.display().to_string()));
    }
    let host = identity.get("GCE_METADATA_HOST").unwrap_or("metadata.google.internal");
    let url = format!("http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
    let token: Token = Ask::get(&url, &[("metadata-flavor", "Google")]).json().await?;
    Ok((token.access_token, "the metadata server".to_owned()))
}

async fn of_file(file: File) -> Result<String, String> {
    let token: Token = match file {
        File::ServiceAccount { client_email, private_key, token_uri } => {
            let assertion = assertion(&client_email, &private_key, &token_uri)
                .map_err(|error| format!("the key file's private key does not sign: {error}"))?;
            let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
            let fields = [("grant_type", grant), ("assertion", &assertion)];
            Ask::form(&token_uri, &fields).json().await?
        }
        File::AuthorizedUser { client_id, client_secret, refresh_token, token_uri } => {
            let fields = [
                ("grant_type", "refresh_token"),
                ("client_id", &client_id),
                ("client_secret", &client_secret),
                ("refresh_token", &refresh_token),
            ];
            Ask::form(&token_uri, &fields).json().await?
        }
    };
    Ok(token.access_token)
}

/// A JSON Web Token signed with RS256, good for an hour.
fn assertion(
    email: &str,
    private_key: &str,
    audience: &str,
) -> Result<String, openssl::error::ErrorStack> {
    let now = super::sigv4::now();
    let header = json!({"alg": "RS256", "typ": "JWT"});
    let claims =
        json!({"iss": email, "scope": SCOPE, "aud": audience, "iat": now, "exp": now + 3600});
    let text = format!("{}.{}", url_safe(header.to_string()), url_safe(claims.to_string()));
    let key = PKey::private_key_from_pem(private_key.as_bytes())?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    signer.update(text.as_bytes())?;
    Ok(format!("{text}.{}", url_safe(signer.sign_to_vec()?)))
}

fn url_safe(bytes: impl AsRef<[u8]>) -> String {
    encode_block(bytes.as_ref()).trim_end_matches('=').replace('+', "-").replace('/', "_")
}
