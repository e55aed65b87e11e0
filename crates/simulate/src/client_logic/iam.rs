//! Signing in to GCP, Azure and AWS in place of a password.

use std::sync::Arc;

use base::secret::Secret;
use facts::Behaviour;
use facts::litellm_names::{AWS, AZURE};
use python::{
    AwsIam, AzureIam, Data, Kwargs, Object, Origin, PyResult, Stop, Value, case, convert, url,
};

use super::{coerces_to_true, or_secret, truthy_arg};
use crate::process::Process;
use crate::trace::DropReason;

/// GCP, Azure and AWS IAM.
pub(super) fn resolve_iam(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<()> {
    let pair = process.pair;
    let explicit_provider = pair.behaves(Behaviour::CredentialProvider)
        && redis_kwargs.given("credential_provider").is_some();
    if !explicit_provider && pair.behaves(Behaviour::GcpIam) {
        let gcp = resolve_gcp(process, redis_kwargs)?;
        if pair.behaves(Behaviour::AzureAd) {
            resolve_azure_and_aws(process, redis_kwargs, gcp)?;
        }
    }
    if pair.behaves(Behaviour::CredentialProvider) {
        redis_kwargs.pop("gcp_service_account");
        redis_kwargs.pop("gcp_ssl_ca_certs");
    }
    if pair.behaves(Behaviour::AzureAd) {
        for name in AZURE {
            redis_kwargs.pop(name);
        }
    }
    if pair.behaves(Behaviour::AwsIam) {
        for name in AWS {
            redis_kwargs.pop(name);
        }
    }
    if pair.behaves(Behaviour::CredentialProvider)
        && redis_kwargs.given("credential_provider").is_some()
    {
        for name in ["redis_connect_func", "username", "password"] {
            if let Some(arg) = redis_kwargs.pop(name)
                && !arg.value.is_none()
            {
                process.dropped(name, &arg.value, DropReason::IamReplacesPassword);
            }
        }
        if let Some(value) = redis_kwargs.given("url").cloned()
            && let Some(text) = value.as_str()
        {
            let mut parts = url::urlsplit(text)?;
            if let Some((_, host)) = parts.netloc.rsplit_once('@') {
                parts.netloc = host.to_owned();
            }
            redis_kwargs.convert("url", Value::str(parts.unsplit(), value.origin));
        }
    }
    Ok(())
}

/// Whether GCP IAM is on.
fn resolve_gcp(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<bool> {
    let account =
        identity(process, redis_kwargs, "gcp_service_account", "REDIS_GCP_SERVICE_ACCOUNT")?;
    let ca_certs = identity(process, redis_kwargs, "gcp_ssl_ca_certs", "REDIS_GCP_SSL_CA_CERTS")?;
    let Some(account) = account.filter(|value| !value.is_none()) else {
        return Ok(false);
    };
    let service_account =
        convert::str_of(&account).unwrap_or_else(|_| "a service account".to_owned()).into();
    let connect = Data::Object(Object::GcpConnectFunc { service_account });
    redis_kwargs.insert("redis_connect_func", Value::new(connect, account.origin));
    if !process.pair.behaves(Behaviour::CredentialProvider) {
        redis_kwargs.pop("gcp_service_account");
        redis_kwargs.pop("gcp_ssl_ca_certs");
    }
    if let Some(ca_certs) = ca_certs.filter(|value| convert::truth(value).unwrap_or(true))
        && truthy_arg(redis_kwargs, "ssl")?.is_some()
    {
        redis_kwargs.insert("ssl_ca_certs", ca_certs);
    }
    Ok(true)
}

/// A setting of IAM: given, or in the environment. Merged settings hold both, and of them
/// `_setting_text` takes text alone.
fn identity(
    process: &Process<'_>,
    redis_kwargs: &Kwargs,
    name: &str,
    variable: &str,
) -> PyResult<Option<Value>> {
    let given = truthy_arg(redis_kwargs, name)?;
    if process.pair.behaves(Behaviour::RustClient) {
        let is_text = |value: &Value| matches!(value.data, Data::Str(_) | Data::Unknown(_));
        return Ok(given.filter(is_text));
    }
    match given {
        Some(value) => Ok(Some(value)),
        None => process.get_secret_str(variable),
    }
}

fn resolve_azure_and_aws(
    process: &mut Process<'_>,
    redis_kwargs: &mut Kwargs,
    gcp: bool,
) -> PyResult<()> {
    let token = or_secret(process, redis_kwargs, "azure_redis_ad_token", "REDIS_AZURE_AD_TOKEN")?;
    let azure = match &token {
        Some(token) => case::lower(&convert::str_of(token)?) == "true",
        None => false,
    };
    if azure && !gcp {
        let iam = azure_identity(process, redis_kwargs)?;
        let origin = token.map_or(Origin::LitellmDefault("azure_redis_ad_token"), |t| t.origin);
        let connect = Data::Object(Object::AzureConnectFunc(Arc::new(iam)));
        redis_kwargs.insert("redis_connect_func", Value::new(connect, origin));
    }
    let aws = process.pair.behaves(Behaviour::AwsIam)
        && redis_kwargs.get("aws_iam_auth").is_some_and(coerces_to_true);
    if aws && !gcp && !azure {
        if !uses_tls(redis_kwargs)? {
            let message = "AWS ElastiCache IAM Redis authentication requires TLS";
            let stop = Stop::raise("ValueError", message);
            let origin = redis_kwargs.get("aws_iam_auth").map(|value| value.origin.clone());
            return Err(origin.map_or(stop.clone(), |origin| stop.because_of(&origin)));
        }
        let provider = elasticache_provider(process, redis_kwargs)?;
        redis_kwargs.insert("credential_provider", provider);
    }
    Ok(())
}

/// Whom Entra ID is to sign in. `ClientSecretCredential(…)` refuses a tenant that is not a tenant's
/// name; it is made only with a client id and a client secret too.
fn azure_identity(process: &Process<'_>, redis_kwargs: &Kwargs) -> PyResult<AzureIam> {
    let setting = |name: &str, variable: &str| -> PyResult<Option<Value>> {
        let given = identity(process, redis_kwargs, name, variable)?;
        let given = given.filter(|value| convert::truth(value).unwrap_or(true));
        Ok(given.or_else(|| process.environ(variable)))
    };
    let client_id = setting("azure_client_id", "AZURE_CLIENT_ID")?;
    let tenant_id = setting("azure_tenant_id", "AZURE_TENANT_ID")?;
    let secret = setting("azure_client_secret", "AZURE_CLIENT_SECRET")?;
    let set = |value: &Option<Value>| {
        value.as_ref().is_some_and(|value| convert::truth(value).unwrap_or(true))
    };
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let iam = AzureIam {
        client_id: text(&client_id),
        tenant_id: text(&tenant_id),
        client_secret: text(&secret).map(Secret::new),
    };
    if !set(&client_id) || !set(&tenant_id) || !set(&secret) {
        return Ok(iam);
    }
    let valid = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    match tenant_id.as_ref().and_then(|value| value.as_str().map(|text| (value, text))) {
        Some((value, text)) if !valid(text) => Err(Stop::raise(
            "ValueError",
            "Invalid tenant ID provided. You can locate your tenant ID by following the instructions here: https://learn.microsoft.com/partner-center/find-ids-and-domain-names",
        )
        .because_of(&value.origin)),
        _ => Ok(iam),
    }
}

/// `_uses_tls`
fn uses_tls(redis_kwargs: &Kwargs) -> PyResult<bool> {
    let ssl = redis_kwargs.get("ssl").is_some_and(coerces_to_true);
    if redis_kwargs.given("startup_nodes").is_some() {
        return Ok(ssl);
    }
    match redis_kwargs.get("url").and_then(Value::as_str) {
        Some(text) => Ok(url::urlsplit(text)?.scheme == "rediss"),
        None => Ok(ssl),
    }
}

/// `_build_elasticache_iam_provider`
fn elasticache_provider(process: &Process<'_>, redis_kwargs: &Kwargs) -> PyResult<Value> {
    let user_name = redis_kwargs.get("aws_iam_user_name").cloned();
    let cache_name = redis_kwargs.get("aws_iam_cache_name").cloned();
    let mut region = truthy_arg(redis_kwargs, "aws_iam_region")?;
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if region.as_ref().is_none_or(|value| !convert::truth(value).unwrap_or(true)) {
            region = process.get_secret_str(variable)?;
        }
    }
    let settings = [
        ("aws_iam_user_name", user_name),
        ("aws_iam_cache_name", cache_name),
        ("aws_iam_region", region),
    ];
    let missing: Vec<&str> = settings
        .iter()
        .filter(|(_, value)| {
            value.as_ref().is_none_or(|value| !convert::truth(value).unwrap_or(true))
        })
        .map(|(name, _)| *name)
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let message = format!("AWS ElastiCache IAM Redis authentication requires: {missing}");
        return Err(Stop::raise("ValueError", message));
    }
    let text = |value: &Option<Value>| {
        value.as_ref().and_then(|v| convert::str_of(v).ok()).unwrap_or_default().into()
    };
    let [(_, user_name), (_, cache_name), (_, region)] = &settings;
    let origin = redis_kwargs
        .get("aws_iam_auth")
        .map_or(Origin::LitellmDefault("aws_iam_auth"), |value| value.origin.clone());
    let provider = Object::AwsCredentialProvider(Arc::new(AwsIam {
        user_name: text(user_name),
        cache_name: text(cache_name),
        region: text(region),
        serverless: redis_kwargs.get("aws_iam_serverless").is_some_and(coerces_to_true),
    }));
    Ok(Value::new(Data::Object(provider), origin))
}
