//! Situations to probe: a server, the settings of a client, and what is to come of it.

use std::path::{Path, PathBuf};

use redproof_core::document::Document;
use redproof_core::environment::Environment;
use redproof_core::outcome::Outcome;
use redproof_core::python::{Origin, json};
use redproof_core::releases::Pair;
use redproof_core::simulate::simulate;
use redproof_probe::ProbeOutcome;
use serde_json::{Map, Value, json};

use crate::certificates::{Files, Identity, Key, Wish};
use crate::servers::{RedisServer, Stranger};

type Error = Box<dyn std::error::Error>;

/// The pairs that every situation is probed as: LiteLLM, redis-py.
pub const PAIRS: [(&str, &str); 2] = [("1.80.0", "5.3.1"), ("1.109.1", "8.1.0")];

/// A server that runs while a situation is probed.
#[derive(Debug)]
#[expect(missing_docs, reason = "named for what they are")]
pub enum Running {
    Redis(RedisServer),
    Stranger(Stranger),
    Nothing,
}

/// One situation.
#[derive(Debug)]
pub struct Situation {
    /// Its name.
    pub name: &'static str,
    /// `cache_params`, without `type`: redis-py's arguments.
    pub settings: Map<String, Value>,
    /// The outcome on redis-py 5.3.1 and on 8.1.0.
    pub expected: [ProbeOutcome; 2],
    /// The strict verdict, where a certificate comes.
    pub strict: Option<ProbeOutcome>,
    /// The server.
    pub running: Running,
}

/// Certificates that situations share.
struct Pki {
    directory: PathBuf,
    root: Identity,
    other_root: Identity,
    client: Files,
}

impl Pki {
    fn new(directory: &Path) -> Result<Self, Error> {
        let root = Identity::new(&Wish::authority("Test Root"), None)?;
        let other_root = Identity::new(&Wish::authority("Other Root"), None)?;
        root.write(directory, "root", &[])?;
        other_root.write(directory, "other-root", &[])?;
        let client = Identity::new(&Wish::client(), Some(&root))?;
        client.write_encrypted_key(&directory.join("client-encrypted.key"), "open sesame")?;
        let stranger = Identity::new(&Wish::client(), Some(&other_root))?;
        stranger.write(directory, "stranger", &[])?;
        Ok(Self {
            directory: directory.to_owned(),
            client: client.write(directory, "client", &[])?,
            root,
            other_root,
        })
    }

    fn path(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }

    /// A TLS server with this certificate.
    fn serve(
        &self,
        name: &str,
        identity: &Identity,
        chain: &[&Identity],
    ) -> Result<RedisServer, Error> {
        self.serve_with(name, identity, chain, &["--tls-auth-clients", "no"])
    }

    fn serve_with(
        &self,
        name: &str,
        identity: &Identity,
        chain: &[&Identity],
        more: &[&str],
    ) -> Result<RedisServer, Error> {
        let arguments = self.arguments(name, identity, chain, more)?;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Ok(RedisServer::start(&self.directory, &arguments))
    }

    /// A server with a certificate or a protocol that OpenSSL's defaults refuse.
    fn serve_lenient(
        &self,
        name: &str,
        identity: &Identity,
        more: &[&str],
    ) -> Result<RedisServer, Error> {
        let more = [&["--tls-auth-clients", "no"], more].concat();
        let arguments = self.arguments(name, identity, &[], &more)?;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Ok(RedisServer::start_lenient(&self.directory, &arguments))
    }

    fn arguments(
        &self,
        name: &str,
        identity: &Identity,
        chain: &[&Identity],
        more: &[&str],
    ) -> Result<Vec<String>, Error> {
        let files = identity.write(&self.directory, name, chain)?;
        let (certificate, key) =
            (files.certificate.display().to_string(), files.key.display().to_string());
        let authority = self.path("root.crt");
        let mut arguments = vec![
            "--port",
            "0",
            "--tls-port",
            "{port}",
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &authority,
        ];
        arguments.extend_from_slice(more);
        Ok(arguments.into_iter().map(str::to_owned).collect())
    }

    fn tls(&self, host: &str, port: u16, more: Value) -> Map<String, Value> {
        merged(
            json!({
                "host": host, "port": port, "ssl": true, "ssl_ca_certs": self.path("root.crt"),
            }),
            more,
        )
    }
}

fn merged(base: Value, more: Value) -> Map<String, Value> {
    let mut map = match base {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    if let Value::Object(more) = more {
        map.extend(more);
    }
    map
}

fn plain(port: u16, more: Value) -> Map<String, Value> {
    merged(json!({"host": "127.0.0.1", "port": port}), more)
}

/// What LiteLLM does with these `cache_params` on a pair.
///
/// # Panics
/// When the pair is not supported, or the settings are no JSON to Python.
pub fn outcome_of(settings: &Map<String, Value>, pair: Pair) -> Outcome {
    let mut cache_params = settings.clone();
    cache_params.insert("type".to_owned(), json!("redis"));
    let config = json!({
        "model_list": [],
        "litellm_settings": {"cache": true, "cache_params": cache_params},
    });
    let root = json::loads(&config.to_string(), &Origin::LitellmDefault("the test"))
        .expect("what serde_json writes, json.loads reads");
    let environment = Environment::exactly::<String, String>([]);
    simulate(&Ok(Document { root }), &environment, pair)
}

/// Makes the certificates in `directory`, starts the servers, and lists every situation.
///
/// # Errors
/// When a certificate or a file can't be made.
pub fn all(directory: &Path) -> Result<Vec<Situation>, Error> {
    let pki = Pki::new(directory)?;
    let mut list = Vec::new();
    plaintext(directory, &mut list);
    strangers(&pki, &mut list);
    certificates(&pki, &mut list)?;
    client_certificates(&pki, &mut list)?;
    Ok(list)
}

fn redis(
    name: &'static str,
    server: RedisServer,
    settings: impl FnOnce(u16) -> Map<String, Value>,
    expected: [ProbeOutcome; 2],
    strict: Option<ProbeOutcome>,
) -> Situation {
    Situation {
        name,
        settings: settings(server.port),
        expected,
        strict,
        running: Running::Redis(server),
    }
}

fn both(outcome: ProbeOutcome) -> [ProbeOutcome; 2] {
    [outcome; 2]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn plaintext(directory: &Path, list: &mut Vec<Situation>) {
    use ProbeOutcome as O;
    let start = |arguments: &[&str]| {
        RedisServer::start(directory, &[&["--port", "{port}"], arguments].concat())
    };
    let acl = |name, user: &str, settings: Value, expected| {
        let words: Vec<&str> = ["--user"]
            .into_iter()
            .chain(user.split(' '))
            .chain(["--user", "default", "off"])
            .collect();
        let server = start(&words);
        redis(name, server, |port| plain(port, settings), expected, None)
    };
    let locked = || start(&["--requirepass", "secret"]);
    list.extend([
        redis("plain", start(&[]), |port| plain(port, json!({})), both(O::Ok), None),
        redis("plain, db 3", start(&[]), |port| plain(port, json!({"db": 3})), both(O::Ok), None),
        redis(
            "plain, db 99",
            start(&[]),
            |port| plain(port, json!({"db": 99})),
            both(O::WrongDb),
            None,
        ),
        redis(
            "password right",
            locked(),
            |port| plain(port, json!({"password": "secret"})),
            both(O::Ok),
            None,
        ),
        redis(
            "password wrong",
            locked(),
            |port| plain(port, json!({"password": "guess"})),
            both(O::AuthFailed),
            None,
        ),
        redis(
            "password missing",
            locked(),
            |port| plain(port, json!({})),
            both(O::AuthRequired),
            None,
        ),
        redis(
            "password that the server does not need",
            start(&[]),
            |port| plain(port, json!({"password": "secret"})),
            [O::AuthFailed, O::Ok],
            None,
        ),
        acl(
            "ACL user",
            "app on >secret ~* +@all",
            json!({"username": "app", "password": "secret"}),
            both(O::Ok),
        ),
        acl(
            "ACL user unknown",
            "app on >secret ~* +@all",
            json!({"username": "nobody", "password": "secret"}),
            both(O::AuthFailed),
        ),
        acl(
            "ACL without SET",
            "app on >secret ~* +@all -set",
            json!({"username": "app", "password": "secret"}),
            both(O::NoPermission),
        ),
        acl(
            "ACL without SELECT",
            "app on >secret ~* +@all -select",
            json!({"username": "app", "password": "secret", "db": 1}),
            both(O::NoPermission),
        ),
        acl(
            "ACL without CLIENT",
            "app on >secret ~* +@all -client",
            json!({"username": "app", "password": "secret"}),
            both(O::Ok),
        ),
        redis(
            "out of memory",
            start(&["--maxmemory", "1", "--maxmemory-policy", "noeviction"]),
            |port| plain(port, json!({})),
            both(O::ServerState),
            None,
        ),
        redis(
            "read-only replica",
            start(&["--replicaof", "127.0.0.1", "1"]),
            |port| plain(port, json!({})),
            both(O::ServerState),
            None,
        ),
        redis(
            "SET renamed",
            start(&["--rename-command", "SET", "HIDDEN"]),
            |port| plain(port, json!({})),
            both(O::ServerState),
            None,
        ),
        redis(
            "cluster node without slots",
            start(&["--cluster-enabled", "yes", "--cluster-config-file", "lone-node.conf"]),
            |port| plain(port, json!({})),
            both(O::ClusterDown),
            None,
        ),
        redis(
            "TLS client, plaintext server",
            start(&[]),
            |port| plain(port, json!({"ssl": true})),
            both(O::NotTlsServer),
            None,
        ),
    ]);
}

fn strangers(pki: &Pki, list: &mut Vec<Situation>) {
    use ProbeOutcome as O;
    let tls = json!({"ssl": true});
    let mut add = |name, stranger: Stranger, more: &Value, expected| {
        list.push(Situation {
            name,
            settings: plain(stranger.port, more.clone()),
            expected,
            strict: None,
            running: Running::Stranger(stranger),
        });
    };
    let none = json!({});
    let http = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    add("silent server", Stranger::silent(), &none, both(O::Timeout));
    add("silent server, TLS client", Stranger::silent(), &tls, both(O::Timeout));
    add("HTTP server", Stranger::saying(http), &none, both(O::ProtocolError));
    add("HTTP server, TLS client", Stranger::saying(http), &tls, both(O::NotTlsServer));
    add("garbage", Stranger::saying(b"\x00\x01\x02 what?\r\n"), &none, both(O::ProtocolError));
    add("server that closes", Stranger::closing(), &none, both(O::ProtocolError));
    add("server without HELLO", Stranger::redis_5(), &none, [O::Ok, O::ProtocolError]);
    let nothing = |name, settings, expected| Situation {
        name,
        settings,
        expected,
        strict: None,
        running: Running::Nothing,
    };
    // Nothing listens on port 1.
    list.push(nothing("refused", plain(1, none.clone()), both(O::Refused)));
    list.push(nothing("refused, TLS client", pki.tls("127.0.0.1", 1, json!({})), both(O::Refused)));
    list.push(nothing(
        "host that does not resolve",
        merged(json!({"host": "redis.invalid", "port": 6379}), json!({})),
        both(O::Dns),
    ));
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn certificates(pki: &Pki, list: &mut Vec<Situation>) -> Result<(), Error> {
    use ProbeOutcome as O;
    let root = Some(&pki.root);
    let mut add = |name,
                   wish: &Wish,
                   host: &str,
                   more: Value,
                   expected,
                   strict|
     -> Result<(), Error> {
        let server = pki.serve(name, &Identity::new(wish, root)?, &[])?;
        list.push(redis(name, server, |port| pki.tls(host, port, more), expected, Some(strict)));
        Ok(())
    };
    let good = Wish::server();
    let none = || json!({});
    add("TLS, EC key", &good, "localhost", none(), both(O::Ok), O::Ok)?;
    let rsa = Wish { key: Key::Rsa(2048), ..good.clone() };
    add("TLS, RSA key", &rsa, "localhost", none(), both(O::Ok), O::Ok)?;
    add("TLS by address", &good, "127.0.0.1", none(), both(O::Ok), O::Ok)?;
    let expired = Wish { from: -30, until: -2, ..good.clone() };
    add("expired", &expired, "localhost", none(), both(O::CertExpired), O::CertExpired)?;
    add(
        "expired, not verified",
        &expired,
        "localhost",
        json!({"ssl_cert_reqs": "none"}),
        both(O::Ok),
        O::CertExpired,
    )?;
    let early = Wish { from: 2, until: 30, ..good.clone() };
    add(
        "not yet valid",
        &early,
        "localhost",
        none(),
        both(O::CertNotYetValid),
        O::CertNotYetValid,
    )?;
    let elsewhere =
        Wish { common_name: "x", dns: vec!["elsewhere.test"], ips: vec![], ..good.clone() };
    let mismatch = O::HostnameMismatch;
    add("other host", &elsewhere, "localhost", none(), [O::Ok, mismatch], mismatch)?;
    add("other address", &elsewhere, "127.0.0.1", none(), [O::Ok, mismatch], mismatch)?;
    add(
        "other host, checked",
        &elsewhere,
        "localhost",
        json!({"ssl_check_hostname": true}),
        both(mismatch),
        mismatch,
    )?;
    add(
        "other host, not checked",
        &elsewhere,
        "localhost",
        json!({"ssl_check_hostname": false}),
        both(O::Ok),
        mismatch,
    )?;
    let common_name = Wish { common_name: "localhost", dns: vec![], ips: vec![], ..good.clone() };
    add("common name only", &common_name, "localhost", none(), both(O::Ok), O::Ok)?;
    let address_name = Wish { common_name: "127.0.0.1", dns: vec![], ips: vec![], ..good.clone() };
    add("address as common name", &address_name, "127.0.0.1", none(), [O::Ok, mismatch], mismatch)?;
    add(
        "CA of another name",
        &good,
        "localhost",
        json!({"ssl_ca_certs": pki.path("other-root.crt")}),
        both(O::UnknownCa),
        O::UnknownCa,
    )?;
    add(
        "CA of another name, optional",
        &good,
        "localhost",
        json!({"ssl_ca_certs": pki.path("other-root.crt"), "ssl_cert_reqs": "optional"}),
        both(O::UnknownCa),
        O::UnknownCa,
    )?;
    let small = Wish { key: Key::Rsa(1024), ..good.clone() };
    let small = Identity::new(&small, root)?;
    let server = pki.serve_lenient("small", &small, &[])?;
    let settings = pki.tls("localhost", server.port, none());
    list.push(Situation {
        name: "RSA of 1024 bits",
        settings,
        expected: both(O::WeakCert),
        strict: Some(O::WeakCert),
        running: Running::Redis(server),
    });
    let sha1 = Identity::new(&Wish { sha1: true, ..Wish::server() }, root)?;
    let server = pki.serve_lenient("sha1", &sha1, &[])?;
    let settings = pki.tls("localhost", server.port, none());
    list.push(Situation {
        name: "SHA-1 signature",
        settings,
        expected: both(O::WeakCert),
        strict: Some(O::WeakCert),
        running: Running::Redis(server),
    });
    chains(pki, list)
}

fn chains(pki: &Pki, list: &mut Vec<Situation>) -> Result<(), Error> {
    use ProbeOutcome as O;
    let none = || json!({});
    let middle = Identity::new(&Wish::authority("Test Intermediate"), Some(&pki.root))?;
    let middle_file = middle.write(&pki.directory, "middle", &[])?;
    let leaf = Identity::new(&Wish::server(), Some(&middle))?;
    let mut add = |name, server: RedisServer, more: Value, expected| {
        list.push(redis(
            name,
            server,
            |port| pki.tls("localhost", port, more),
            both(expected),
            Some(expected),
        ));
    };
    add("intermediate sent", pki.serve("chain", &leaf, &[&middle])?, none(), O::Ok);
    add("intermediate missing", pki.serve("gap", &leaf, &[])?, none(), O::ChainIncomplete);
    add(
        "intermediate trusted alone",
        pki.serve("partial", &leaf, &[])?,
        json!({"ssl_ca_certs": middle_file.certificate.display().to_string()}),
        O::ChainIncomplete,
    );
    let mut own = Wish::server();
    own.common_name = "localhost";
    let own = Identity::new(&own, None)?;
    let server = pki.serve("own", &own, &[])?;
    add("self-signed, unknown", server, none(), O::UnknownCa);
    let server = pki.serve("own-trusted", &own, &[])?;
    add(
        "self-signed, trusted",
        server,
        json!({"ssl_ca_certs": pki.path("own-trusted.crt")}),
        O::Ok,
    );
    let whole = Identity::new(&Wish::server(), Some(&pki.other_root))?;
    let server = pki.serve("whole", &whole, &[&pki.other_root])?;
    add("root sent, unknown", server, none(), O::UnknownCa);
    let for_clients = Wish { client_only: true, ..Wish::server() };
    let server = pki.serve("client-only", &Identity::new(&for_clients, Some(&pki.root))?, &[])?;
    add("certificate for clients only", server, none(), O::BadKeyUsage);
    let not_an_authority = Identity::new(&Wish::server(), Some(&pki.root))?;
    let under = Identity::new(&Wish::server(), Some(&not_an_authority))?;
    let server = pki.serve("under-leaf", &under, &[&not_an_authority])?;
    add("signed by no CA", server, none(), O::BadKeyUsage);
    Ok(())
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn client_certificates(pki: &Pki, list: &mut Vec<Situation>) -> Result<(), Error> {
    use ProbeOutcome as O;
    let identity = Identity::new(&Wish::server(), Some(&pki.root))?;
    let mutual = |protocols: &str, name: &str| {
        pki.serve_with(
            name,
            &identity,
            &[],
            &["--tls-auth-clients", "yes", "--tls-protocols", protocols],
        )
    };
    let mut add = |name,
                   protocols: &str,
                   more: Value,
                   expected: [ProbeOutcome; 2],
                   strict|
     -> Result<(), Error> {
        let server = mutual(protocols, "mutual")?;
        list.push(redis(name, server, |port| pki.tls("localhost", port, more), expected, strict));
        Ok(())
    };
    let (certificate, key) =
        (pki.client.certificate.display().to_string(), pki.client.key.display().to_string());
    let good = json!({"ssl_certfile": certificate, "ssl_keyfile": key});
    let seen = Some(O::Ok);
    for (protocols, names) in [
        ("TLSv1.3", ["mTLS", "mTLS without certificate", "mTLS with a stranger's certificate"]),
        (
            "TLSv1.2",
            ["mTLS 1.2", "mTLS 1.2 without certificate", "mTLS 1.2 with a stranger's certificate"],
        ),
    ] {
        let [with, without, stranger] = names;
        add(with, protocols, good.clone(), both(O::Ok), seen)?;
        add(without, protocols, json!({}), both(O::ClientCertRequired), seen)?;
        add(
            stranger,
            protocols,
            json!({"ssl_certfile": pki.path("stranger.crt"), "ssl_keyfile": pki.path("stranger.key")}),
            both(O::ClientCertRejected),
            seen,
        )?;
    }
    let with =
        |certificate: &str, key: &str| json!({"ssl_certfile": certificate, "ssl_keyfile": key});
    let other_key = pki.path("stranger.key");
    add(
        "client key of another certificate",
        "TLSv1.3",
        with(&certificate, &other_key),
        both(O::ClientKeyMismatch),
        None,
    )?;
    let encrypted = pki.path("client-encrypted.key");
    add(
        "client key encrypted",
        "TLSv1.3",
        with(&certificate, &encrypted),
        both(O::ClientKeyEncrypted),
        None,
    )?;
    add(
        "client certificate missing",
        "TLSv1.3",
        with(&pki.path("absent.crt"), &key),
        both(O::CertFileMissing),
        None,
    )?;
    add(
        "client key missing",
        "TLSv1.3",
        with(&certificate, &pki.path("absent.key")),
        both(O::CertFileMissing),
        None,
    )?;
    add(
        "CA file missing",
        "TLSv1.3",
        json!({"ssl_ca_certs": pki.path("absent.crt")}),
        both(O::CaFileMissing),
        None,
    )?;
    add("CA file is a key", "TLSv1.3", json!({"ssl_ca_certs": key}), both(O::CaFileInvalid), None)?;
    add(
        "CA file is a directory",
        "TLSv1.3",
        json!({"ssl_ca_certs": pki.directory.display().to_string()}),
        both(O::CaFileInvalid),
        None,
    )?;
    let plaintext_client = mutual("TLSv1.3", "plaintext-client")?;
    list.push(redis(
        "plaintext client, TLS server",
        plaintext_client,
        |port| plain(port, json!({})),
        both(O::TlsRequired),
        None,
    ));
    let old = pki.serve_lenient("old", &identity, &["--tls-protocols", "TLSv1.1"])?;
    list.push(redis(
        "TLS 1.1 server",
        old,
        |port| pki.tls("localhost", port, json!({})),
        both(O::ProtocolVersion),
        None,
    ));
    let newest = mutual("TLSv1.2", "newest")?;
    list.push(redis(
        "TLS 1.3 client, TLS 1.2 server",
        newest,
        |port| pki.tls("localhost", port, json!({"ssl_min_version": 772})),
        both(O::ProtocolVersion),
        None,
    ));
    Ok(())
}
