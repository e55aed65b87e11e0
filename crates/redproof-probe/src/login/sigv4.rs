//! The `ElastiCache` token: a presigned URL, as LiteLLM's `ElastiCacheIAMCredentialProvider` has
//! botocore's `SigV4QueryAuth` make it, byte for byte.

use std::time::{SystemTime, UNIX_EPOCH};

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sha::sha256;
use openssl::sign::Signer;
use redproof_core::secret::Secret;

use super::http::escape;
use redproof_core::calendar::civil_from_days;

use crate::tls::hex;

/// Seconds that a token is good for.
const EXPIRES: u32 = 900;

/// AWS's credentials.
#[derive(Clone, Debug)]
pub struct AwsCredentials {
    /// `AWS_ACCESS_KEY_ID`
    pub access_key: String,
    /// `AWS_SECRET_ACCESS_KEY`
    pub secret_key: Secret,
    /// `AWS_SESSION_TOKEN`
    pub session_token: Option<Secret>,
}

/// Whom the token signs in, and where.
#[derive(Clone, Copy, Debug)]
pub struct ElastiCacheToken<'a> {
    /// The IAM-enabled user.
    pub user_name: &'a str,
    /// The replication group or serverless cache.
    pub cache_name: &'a str,
    /// The region.
    pub region: &'a str,
    /// Whether the cache is serverless.
    pub serverless: bool,
}

/// The token at a time, seconds since 1970.
///
/// # Errors
/// When OpenSSL has no SHA-256.
pub fn elasticache_token(
    whom: &ElastiCacheToken<'_>,
    credentials: &AwsCredentials,
    seconds: i64,
) -> Result<String, ErrorStack> {
    let host = whom.cache_name.to_lowercase();
    let (date, time) = stamps(seconds);
    let scope = format!("{date}/{}/elasticache/aws4_request", whom.region);
    let mut query = vec![("Action", "connect".to_owned()), ("User", whom.user_name.to_owned())];
    if whom.serverless {
        query.push(("ResourceType", "ServerlessCache".to_owned()));
    }
    query.push(("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()));
    query.push(("X-Amz-Credential", format!("{}/{scope}", credentials.access_key)));
    query.push(("X-Amz-Date", time.clone()));
    query.push(("X-Amz-Expires", EXPIRES.to_string()));
    query.push(("X-Amz-SignedHeaders", "host".to_owned()));
    if let Some(token) = &credentials.session_token {
        query.push(("X-Amz-Security-Token", token.reveal().to_owned()));
    }
    let url_query = joined(&query);
    let mut sorted = query;
    sorted.sort_by_key(|(name, _)| *name);
    let canonical =
        format!("GET\n/\n{}\nhost:{host}\n\nhost\n{}", joined(&sorted), hex(&sha256(b"")));
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&sha256(canonical.as_bytes())));
    let mut key = format!("AWS4{}", credentials.secret_key.reveal()).into_bytes();
    for part in [date.as_str(), whom.region, "elasticache", "aws4_request"] {
        key = hmac(&key, part)?;
    }
    let signature = hex(&hmac(&key, &to_sign)?);
    Ok(format!("{host}/?{url_query}&X-Amz-Signature={signature}"))
}

fn joined(query: &[(&str, String)]) -> String {
    let pairs: Vec<String> =
        query.iter().map(|(key, value)| format!("{key}={}", escape(value))).collect();
    pairs.join("&")
}

fn hmac(key: &[u8], text: &str) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::hmac(key)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    signer.update(text.as_bytes())?;
    signer.sign_to_vec()
}

/// `20261121` and `20261121T070627Z`
fn stamps(seconds: i64) -> (String, String) {
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let date = format!("{year:04}{month:02}{day:02}");
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let time = format!("{date}T{hour:02}{minute:02}{second:02}Z");
    (date, time)
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
