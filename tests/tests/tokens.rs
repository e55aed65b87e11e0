//! Logins with the tokens of clouds, against stand-ins for their services; and which of LiteLLM's
//! commands a user may run.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::sign::Verifier;
use redproof_core::releases::Pair;
use redproof_core::secret::Secret;
use redproof_probe::{
    AwsCredentials, ElastiCacheToken, Identity, Options, ProbeOutcome as O, Report,
    elasticache_token, probe_blocking,
};
use redproof_tests::certificates::{Identity as Certificate, Wish};
use redproof_tests::servers::{RedisServer, Stranger};
use redproof_tests::situations::{PAIRS, outcome_with};
use redproof_tests::token_service::TokenService;
use serde_json::{Value, json};

const TOKEN: &str = "ya29.the-token";

fn identity(variables: &[(&str, &str)]) -> Identity {
    let variables: BTreeMap<String, Secret> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect();
    Identity::new(variables, None)
}

fn probe(settings: &Value, options: &Options) -> Report {
    let (litellm, redis_py) = PAIRS[1];
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    // `Cache` swallows `gcp_service_account` where there are no startup nodes.
    let mut settings = settings.as_object().expect("an object").clone();
    let account = settings.remove("gcp_service_account");
    let account = account.as_ref().and_then(Value::as_str);
    let variables: Vec<(&str, &str)> =
        account.map(|account| ("REDIS_GCP_SERVICE_ACCOUNT", account)).into_iter().collect();
    let outcome = outcome_with(&settings, &variables, pair);
    probe_blocking(&outcome, pair, options, &mut |_| {}).expect("a runtime starts")
}

fn with(identity: Identity) -> Options {
    Options { identity: Some(identity), ..Options::default() }
}

fn said(report: &Report) -> String {
    let text = serde_json::to_string_pretty(report).expect("a report is JSON");
    assert!(!text.contains(TOKEN), "the token shows: {text}");
    text
}

/// A server whose password is the token.
fn server(directory: &Path) -> RedisServer {
    RedisServer::start(directory, &["--port", "{port}", "--requirepass", TOKEN])
}

#[test]
fn google_by_a_key_file_and_by_the_metadata_server() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let redis = server(directory.path());
    let service = TokenService::start(|asked| {
        let metadata = "GET /computeMetadata/v1/instance/service-accounts/default/token";
        if asked.line == "POST /token" || asked.line == metadata {
            (200, json!({"access_token": "first"}).to_string())
        } else if asked.line.ends_with(":generateAccessToken")
            && asked.headers.iter().any(|header| header == "authorization: Bearer first")
        {
            (200, json!({"accessToken": TOKEN, "expireTime": "2026-11-21T08:06:27Z"}).to_string())
        } else {
            (403, json!({"error": {"message": "Permission denied"}}).to_string())
        }
    });
    let key = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    let pem = String::from_utf8(key.private_key_to_pem_pkcs8().expect("PEM")).expect("text");
    let file = directory.path().join("key.json");
    let content = json!({
        "type": "service_account",
        "client_email": "probe@project.iam.gserviceaccount.com",
        "private_key": pem,
        "token_uri": format!("{}/token", service.url()),
    });
    std::fs::write(&file, content.to_string()).expect("the file is written");
    let account = "projects/-/serviceAccounts/redis@project.iam.gserviceaccount.com";
    let settings = json!({"host": "127.0.0.1", "port": redis.port, "gcp_service_account": account});

    let by_file = Identity {
        gcp_iam: service.url(),
        ..identity(&[("GOOGLE_APPLICATION_CREDENTIALS", &file.display().to_string())])
    };
    let report = probe(&settings, &with(by_file));
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    let asked = service.asked();
    let grant = asked.iter().find(|asked| asked.line == "POST /token").expect("a grant");
    let assertion = grant.body.split("assertion=").nth(1).expect("an assertion");
    let (signed, signature) = assertion.rsplit_once('.').expect("three parts");
    let standard = signature.replace('-', "+").replace('_', "/");
    let padded = format!("{standard}{}", "=".repeat((4 - standard.len() % 4) % 4));
    let signature = openssl::base64::decode_block(&padded).expect("base64");
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).expect("a verifier");
    verifier.update(signed.as_bytes()).expect("it hashes");
    assert!(verifier.verify(&signature).expect("it verifies"), "signed by the file's key");
    let wanted = format!("POST /v1/{account}:generateAccessToken");
    assert!(asked.iter().any(|asked| asked.line == wanted), "{asked:?}");

    let host = service.url().replace("http://", "");
    let by_metadata =
        Identity { gcp_iam: service.url(), ..identity(&[("GCE_METADATA_HOST", &host)]) };
    let report = probe(&settings, &with(by_metadata));
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    let metadata = service.asked();
    let metadata = metadata.iter().find(|asked| asked.line.contains("computeMetadata"));
    let headers = &metadata.expect("asked").headers;
    assert!(headers.contains(&"metadata-flavor: Google".to_owned()), "{headers:?}");
}

#[test]
fn a_service_that_refuses_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let redis = server(directory.path());
    let service = TokenService::start(|_| {
        (403, json!({"error": {"message": "Permission iam.getAccessToken denied"}}).to_string())
    });
    let host = service.url().replace("http://", "");
    let account = "projects/-/serviceAccounts/redis@project.iam.gserviceaccount.com";
    let settings = json!({"host": "127.0.0.1", "port": redis.port, "gcp_service_account": account});
    let refused = Identity { gcp_iam: service.url(), ..identity(&[("GCE_METADATA_HOST", &host)]) };
    let report = probe(&settings, &with(refused));
    assert_eq!(report.outcome, O::AuthFailed, "{}", said(&report));
    let detail = report.detail.clone().unwrap_or_default();
    assert!(detail.contains("HTTP 403: Permission iam.getAccessToken denied"), "{detail}");
    // Without an identity, as in the companion, nothing is asked.
    let count = service.asked().len();
    let report = probe(&settings, &Options::default());
    assert_eq!(report.outcome, O::Other, "{}", said(&report));
    assert_eq!(service.asked().len(), count);
    // A token that the server does not know.
    let wrong = TokenService::start(|asked| {
        let name = if asked.line.contains(":generate") { "accessToken" } else { "access_token" };
        (200, json!({name: "another"}).to_string())
    });
    let host = wrong.url().replace("http://", "");
    let other = Identity { gcp_iam: wrong.url(), ..identity(&[("GCE_METADATA_HOST", &host)]) };
    let report = probe(&settings, &with(other));
    assert_eq!(report.outcome, O::AuthFailed, "{}", said(&report));
}

#[test]
fn microsoft_by_a_client_secret_and_by_a_managed_identity() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let user = format!("--user app on >{TOKEN} ~* +@all");
    let arguments: Vec<&str> = ["--port", "{port}"].into_iter().chain(user.split(' ')).collect();
    let redis = RedisServer::start(directory.path(), &arguments);
    let service = TokenService::start(|_| (200, json!({"access_token": TOKEN}).to_string()));
    let settings = json!({
        "host": "127.0.0.1", "port": redis.port, "username": "app",
        "azure_redis_ad_token": true, "azure_client_id": "the-client",
        "azure_tenant_id": "the-tenant", "azure_client_secret": "the secret",
    });
    let by_secret = identity(&[("AZURE_AUTHORITY_HOST", &service.url())]);
    let report = probe(&settings, &with(by_secret));
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    let asked = service.asked().remove(0);
    assert_eq!(asked.line, "POST /the-tenant/oauth2/v2.0/token");
    assert_eq!(
        asked.body,
        "client_id=the-client&scope=https%3A%2F%2Fredis.azure.com%2F.default&client_secret=the%20secret&grant_type=client_credentials"
    );

    let settings = json!({
        "host": "127.0.0.1", "port": redis.port, "username": "app",
        "azure_redis_ad_token": true, "azure_client_id": "the-client",
    });
    let managed = Identity { azure_metadata: service.url(), ..identity(&[]) };
    let report = probe(&settings, &with(managed));
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    let asked = service.asked().pop().expect("a request");
    assert_eq!(
        asked.line,
        "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fredis.azure.com&client_id=the-client"
    );
    assert!(asked.headers.contains(&"metadata: true".to_owned()));
}

/// What LiteLLM's own provider made at a fixed time: `truth/aws/record.py`.
#[test]
fn amazon_tokens_are_litellms_byte_for_byte() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../truth/aws/recording.json");
    let recorded = std::fs::read_to_string(path).expect("the recording is committed");
    let recorded: Value = serde_json::from_str(&recorded).expect("JSON");
    let now = recorded["now"].as_i64().expect("a time");
    let cases = recorded["cases"].as_array().expect("cases");
    assert!(cases.len() >= 6);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap_or_default();
        let credentials = AwsCredentials {
            access_key: "AKIDEXAMPLE".to_owned(),
            secret_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: case["token"].as_str().map(Secret::new),
        };
        let whom = ElastiCacheToken {
            user_name: text("user"),
            cache_name: text("cache"),
            region: text("region"),
            serverless: case["serverless"].as_bool() == Some(true),
        };
        let token = elasticache_token(&whom, &credentials, now).expect("OpenSSL signs");
        assert_eq!(token, text("expected"), "{case}");
    }
}

#[test]
fn amazon_by_variables_and_by_the_containers_endpoint() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let root = Certificate::new(&Wish::authority("Root"), None).expect("a CA");
    let files = root.write(directory.path(), "root", &[]).expect("its file");
    let certificate = Certificate::new(&Wish::server(), Some(&root)).expect("a certificate");
    let login = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&login);
    let redis = Stranger::tls(&certificate, move |mut stream| {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).unwrap_or(0);
        let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
        *heard.lock().expect("no panic") = text;
        let _ = stream.write_all(b"-WRONGPASS invalid username-password pair\r\n");
        let _ = stream.read(&mut buffer);
    });
    let settings = json!({
        "host": "localhost", "port": redis.port, "ssl": true,
        "ssl_ca_certs": files.certificate,
        "aws_iam_auth": true, "aws_iam_user_name": "litellm",
        "aws_iam_cache_name": "my-cache", "aws_iam_region": "eu-central-1",
    });
    let service = TokenService::start(|asked| {
        if !asked.headers.contains(&"authorization: let me in".to_owned()) {
            return (401, String::new());
        }
        let body = json!({"AccessKeyId": "AKIDCONTAINER", "SecretAccessKey": "s", "Token": "t"});
        (200, body.to_string())
    });
    let url = format!("{}/credentials", service.url());
    let container = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in"),
    ];
    let variables = [("AWS_ACCESS_KEY_ID", "AKIDVARIABLE"), ("AWS_SECRET_ACCESS_KEY", "s")];
    for (name, identity, key) in [
        ("container", identity(&container), "AKIDCONTAINER"),
        ("variables", identity(&variables), "AKIDVARIABLE"),
    ] {
        let report = probe(&settings, &with(identity));
        assert_eq!(report.outcome, O::AuthFailed, "{name}: {}", said(&report));
        let login = login.lock().expect("no panic").clone();
        let start = "my-cache/?Action=connect&User=litellm&X-Amz-Algorithm=AWS4-HMAC-SHA256";
        assert!(login.contains(start), "{name}: {login}");
        assert!(login.contains(&format!("X-Amz-Credential={key}%2F")), "{name}: {login}");
        assert!(login.contains("litellm\r\n"), "{name}: {login}");
    }
    let nothing = identity(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1")]);
    let report = probe(&settings, &with(nothing));
    assert_eq!(report.outcome, O::AuthFailed, "{}", said(&report));
}

#[test]
fn commands_that_the_user_may_not_run_are_found() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let start = |rules: &str| {
        let user = format!("--port {{port}} --user app on >secret ~* {rules}");
        let arguments: Vec<&str> = user.split(' ').collect();
        RedisServer::start(directory.path(), &arguments)
    };
    let findings = |server: &RedisServer, read_only: bool| -> Vec<String> {
        let login = json!({"host": "127.0.0.1", "port": server.port, "username": "app", "password": "secret"});
        let report = probe(&login, &Options { read_only, ..Options::default() });
        assert_eq!(report.outcome, O::Ok, "{}", said(&report));
        let findings = &report.connections[0].findings;
        let permissions = findings.iter().filter(|finding| finding.code == "RP651");
        permissions.map(|finding| finding.message.clone()).collect()
    };
    let all = start("+@all");
    assert!(findings(&all, false).is_empty());
    assert!(findings(&all, true).is_empty());
    assert!(all.plain_command("DBSIZE").expect("it answers").starts_with(":0"), "nothing stays");
    let some = start("+@all -eval -evalsha -lpop -acl");
    let found = findings(&some, false);
    assert_eq!(found.len(), 1, "{found:?}");
    // What this configuration never sends is not demanded: it has no queue of spend.
    assert!(found[0].contains("may not run: EVALSHA."), "{found:?}");
    assert!(found[0].contains("rate limits"), "{found:?}");
    // Without writing, ACL DRYRUN tells, to those who may run it.
    assert!(findings(&some, true).is_empty());
    let dryrun = start("+@all -evalsha -rpush");
    let found = findings(&dryrun, true);
    assert!(found.len() == 1 && found[0].contains("may not run: EVALSHA."), "{found:?}");
    let renamed = RedisServer::start(
        directory.path(),
        &[
            "--port",
            "{port}",
            "--rename-command",
            "EVALSHA",
            "",
            "--user",
            "app",
            "on",
            ">secret",
            "~*",
            "+@all",
        ],
    );
    let found = findings(&renamed, false);
    assert!(
        found.len() == 1 && found[0].starts_with("The server does not know: EVALSHA"),
        "{found:?}"
    );
}
