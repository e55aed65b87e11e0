//! AWS: where botocore finds credentials, in its order: variables, a web identity, the shared
//! file, the container's endpoint, the instance's metadata.

use std::path::{Path, PathBuf};

use redproof_core::secret::Secret;
use serde::Deserialize;

use super::Identity;
use super::http::{Ask, escape};
use super::sigv4::AwsCredentials;

type Found = Result<(AwsCredentials, String), String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    access_key_id: String,
    secret_access_key: String,
    token: Option<String>,
}

/// The credentials, and where they come from.
pub(super) async fn credentials(identity: &Identity, region: &str) -> Found {
    let keys = identity.get("AWS_ACCESS_KEY_ID").zip(identity.get("AWS_SECRET_ACCESS_KEY"));
    if let Some((access_key, secret_key)) = keys {
        let token =
            identity.get("AWS_SESSION_TOKEN").or_else(|| identity.get("AWS_SECURITY_TOKEN"));
        return Ok((made(access_key, secret_key, token), "the variables".to_owned()));
    }
    let role = identity.get("AWS_WEB_IDENTITY_TOKEN_FILE").zip(identity.get("AWS_ROLE_ARN"));
    if let Some((file, role)) = role {
        return web_identity(identity, region, file, role).await;
    }
    if let Some(found) = shared_file(identity) {
        return found;
    }
    let relative = identity.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    let container = relative
        .map(|path| format!("http://169.254.170.2{path}"))
        .or_else(|| identity.get("AWS_CONTAINER_CREDENTIALS_FULL_URI").map(str::to_owned));
    if let Some(url) = container {
        return of_container(identity, &url).await;
    }
    of_instance(identity).await
}

fn made(access_key: &str, secret_key: &str, token: Option<&str>) -> AwsCredentials {
    AwsCredentials {
        access_key: access_key.to_owned(),
        secret_key: Secret::new(secret_key),
        session_token: token.map(Secret::new),
    }
}

/// `AssumeRoleWithWebIdentity`, as service accounts of Kubernetes use it.
async fn web_identity(identity: &Identity, region: &str, file: &str, role: &str) -> Found {
    let token = crate::small_file::read_text(Path::new(file))
        .map_err(|error| format!("{file}: {error}"))?;
    let default = format!("https://sts.{region}.amazonaws.com");
    let endpoint = identity.get("AWS_ENDPOINT_URL_STS").unwrap_or(&default).trim_end_matches('/');
    let session = identity.get("AWS_ROLE_SESSION_NAME").unwrap_or("redproof");
    let url = format!(
        "{endpoint}/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={}&RoleSessionName={}&WebIdentityToken={}",
        escape(role),
        escape(session),
        escape(token.trim())
    );
    let answer = Ask::get(&url, &[("accept", "application/xml")]).text().await?;
    let get = |name: &str| element(&answer, name);
    match (get("AccessKeyId"), get("SecretAccessKey"), get("SessionToken")) {
        (Some(access_key), Some(secret_key), token) => {
            Ok((made(access_key, secret_key, token), format!("the web identity of {role}")))
        }
        _ => Err(format!("{endpoint}: the answer holds no credentials")),
    }
}

/// The text of an XML element without attributes, as STS writes them.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

/// A profile of `~/.aws/credentials`.
fn shared_file(identity: &Identity) -> Option<Found> {
    let path = identity
        .get("AWS_SHARED_CREDENTIALS_FILE")
        .map(PathBuf::from)
        .or_else(|| identity.home.as_ref().map(|home| home.join(".aws/credentials")))?;
    let text = crate::small_file::read_text(&path).ok()?;
    let profile = identity
        .get("AWS_PROFILE")
        .or_else(|| identity.get("AWS_DEFAULT_PROFILE"))
        .unwrap_or("default");
    let mut inside = false;
    let (mut access_key, mut secret_key, mut token) = (None, None, None);
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = name.trim() == profile;
        } else if let (true, Some((key, value))) = (inside, line.split_once('=')) {
            let value = Some(value.trim());
            match key.trim() {
                "aws_access_key_id" => access_key = value,
                "aws_secret_access_key" => secret_key = value,
                "aws_session_token" => token = value,
                _ => {}
            }
        }
    }
    let (access_key, secret_key) = access_key.zip(secret_key)?;
    Some(Ok((made(access_key, secret_key, token), path.display().to_string())))
}

async fn of_container(identity: &Identity, url: &str) -> Found {
    let file = identity.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    let token = match file {
        Some(file) => crate::small_file::read_text(Path::new(file))
            .map_err(|error| format!("{file}: {error}"))?,
        None => identity.get("AWS_CONTAINER_AUTHORIZATION_TOKEN").unwrap_or_default().to_owned(),
    };
    let header = [("authorization", token.trim())];
    let headers = if token.trim().is_empty() { &[][..] } else { &header[..] };
    let answer: Answer = Ask::get(url, headers).json().await?;
    Ok((of_answer(&answer), "the container's endpoint".to_owned()))
}

/// The instance's role, by its service in version 2.
async fn of_instance(identity: &Identity) -> Found {
    let base = identity
        .get("AWS_EC2_METADATA_SERVICE_ENDPOINT")
        .unwrap_or("http://169.254.169.254")
        .trim_end_matches('/');
    let url = format!("{base}/latest/api/token");
    let lasting = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")];
    let session = Ask::new(hyper::Method::PUT, &url, &lasting, String::new()).text().await?;
    let headers = [("x-aws-ec2-metadata-token", session.trim())];
    let roles = format!("{base}/latest/meta-data/iam/security-credentials/");
    let role = Ask::get(&roles, &headers).text().await?;
    let role = role.lines().next().unwrap_or_default().trim().to_owned();
    let answer: Answer = Ask::get(&format!("{roles}{role}"), &headers).json().await?;
    Ok((of_answer(&answer), format!("the instance's role {role}")))
}

fn of_answer(answer: &Answer) -> AwsCredentials {
    made(&answer.access_key_id, &answer.secret_access_key, answer.token.as_deref())
}
