//! `redproof admission`: what an API server asks, over a real TLS handshake.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openssl::ssl::{SslAcceptor, SslConnector, SslFiletype, SslMethod, SslStream, SslVersion};
use redproof_tests::certificates::{Identity, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::topologies::wait_until;
use serde_json::{Value as Json, json};

const SOUND: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n";
const BROKEN: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    hots: x\n";

/// A server that runs, until this value goes.
struct Admission {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
    root: Identity,
}

fn write(folder: &Path, root: &Identity) {
    let server = Identity::new(&Wish::server(), Some(root)).expect("a certificate");
    server.write(folder, "server", &[]).expect("its files");
}

impl Admission {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
        root.write(folder.path(), "root", &[]).expect("its files");
        write(folder.path(), &root);
        let mut child = Command::new(redproof())
            .args(["admission", "--tls-cert", "server.crt", "--tls-key", "server.key"])
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(variables.iter().copied())
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redproof starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let line = lines.next().expect("a line").expect("text");
        let said = support::schema::read("admission-log", line.as_bytes());
        let address = said["address"].as_str().expect("an address").to_owned();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, address, folder, root }
    }

    fn connect(&self) -> SslStream<TcpStream> {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a limit");
        let mut builder = SslConnector::builder(SslMethod::tls_client()).expect("a client");
        builder.set_ca_file(self.folder.path().join("root.crt")).expect("the CA");
        builder.build().connect("localhost", stream).expect("a handshake")
    }

    fn send(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut stream = self.connect();
        let length = body.len();
        write!(stream, "{head}Content-Length: {length}\r\nHost: h\r\nConnection: close\r\n\r\n")
            .expect("it reads");
        // A server that refuses the head need not read on.
        let _ = stream.write_all(body);
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
        (status, body)
    }

    /// What is answered to a review.
    fn ask(&self, request: &Json) -> Json {
        let review = json!({
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request,
        });
        let head = "POST /validate?timeout=10s HTTP/1.1\r\nContent-Type: application/json\r\n";
        let (status, body) = self.send(head, review.to_string().as_bytes());
        assert_eq!(status, 200, "{body}");
        let answer: Json = serde_json::from_str(&body).expect("JSON");
        assert_eq!(answer["apiVersion"], "admission.k8s.io/v1");
        assert_eq!(answer["kind"], "AdmissionReview");
        assert_eq!(answer["response"]["uid"], request["uid"]);
        answer["response"].clone()
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn config_map(config: &str) -> Json {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "litellm-config", "namespace": "ai"},
        "data": {"config.yaml": config},
    })
}

fn deployment(tag: &str) -> Json {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "litellm", "namespace": "ai"},
        "spec": {"replicas": 2, "template": {"spec": {
            "containers": [{
                "name": "litellm", "image": format!("ghcr.io/berriai/litellm:{tag}"),
                "args": ["--config", "/app/config.yaml"],
                "volumeMounts": [
                    {"name": "config", "mountPath": "/app/config.yaml", "subPath": "config.yaml"},
                ],
            }],
            "volumes": [{"name": "config", "configMap": {"name": "litellm-config"}}],
        }}},
    })
}

fn request(operation: &str, object: &Json, old: &Json) -> Json {
    json!({
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": object["kind"]},
        "namespace": "ai", "name": object["metadata"]["name"],
        "operation": operation, "object": object, "oldObject": old,
        "dryRun": false,
    })
}

#[test]
fn what_breaks_is_refused_and_what_was_broken_passes() {
    let admission = Admission::start(&[], &[]);
    let ask =
        |operation: &str, new: &Json, old: &Json| admission.ask(&request(operation, new, old));

    let answer = ask("CREATE", &config_map(SOUND), &Json::Null);
    assert_eq!(answer["allowed"], true, "{answer}");

    let answer = ask("CREATE", &config_map(BROKEN), &Json::Null);
    assert_eq!(answer["allowed"], false, "{answer}");
    assert_eq!(answer["status"]["code"], 403);
    let message = answer["status"]["message"].as_str().expect("a message");
    assert!(message.contains("RP103") && message.contains("hots"), "{message}");
    assert!(answer["auditAnnotations"]["findings"].as_str().expect("codes").contains("RP103"));

    // An error that is new refuses; one that was there warns, so that labels can be changed.
    let answer = ask("UPDATE", &config_map(BROKEN), &config_map(SOUND));
    assert_eq!(answer["allowed"], false, "{answer}");
    let answer = ask("UPDATE", &config_map(BROKEN), &config_map(BROKEN));
    assert_eq!(answer["allowed"], true, "{answer}");
    let warnings = answer["warnings"].to_string();
    assert!(warnings.contains("as before: RP103"), "{warnings}");

    // What goes, and what has nothing to do with LiteLLM.
    let mut gone = request("DELETE", &config_map(BROKEN), &Json::Null);
    gone["object"] = Json::Null;
    gone["oldObject"] = config_map(BROKEN);
    assert_eq!(admission.ask(&gone)["allowed"], true);
    let other = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "b"}});
    assert_eq!(ask("CREATE", &other, &Json::Null)["allowed"], true);

    // The page that a kubelet asks for.
    assert_eq!(admission.send("GET /healthz HTTP/1.1\r\n", b"").0, 200);
}

#[test]
fn no_secret_is_in_what_it_says() {
    let admission = Admission::start(&[], &[]);
    let config = format!("{BROKEN}    password: Zq8-hunter2-Zq8\n");
    let answer = admission.ask(&request("CREATE", &config_map(&config), &Json::Null));
    assert_eq!(answer["allowed"], false);
    assert!(!answer.to_string().contains("hunter2"), "{answer}");
}

#[test]
fn what_is_no_review_is_turned_away() {
    let admission = Admission::start(&[], &[]);
    let post = "POST /validate HTTP/1.1\r\nContent-Type: application/json\r\n";
    for (head, body, status) in [
        (post, &b"{"[..], 400),
        (post, b"{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}", 400),
        (post, b"[[[[]]]]", 400),
        ("POST /validate HTTP/1.1\r\nContent-Type: text/plain\r\n", b"{}", 415),
        ("GET /validate HTTP/1.1\r\n", b"", 405),
        ("GET /metrics HTTP/1.1\r\n", b"", 404),
    ] {
        assert_eq!(admission.send(head, body).0, status, "{head}");
    }
    let large = vec![b' '; (8 << 20) + 1];
    assert_eq!(admission.send(post, &large).0, 413);

    // Who does not speak TLS, or nothing at all, keeps nobody away.
    let silent: Vec<TcpStream> =
        (0..70).map(|_| TcpStream::connect(&admission.address).expect("a connection")).collect();
    let mut plain = TcpStream::connect(&admission.address).expect("a connection");
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").expect("it reads");
    assert_eq!(admission.send("GET /healthz HTTP/1.1\r\n", b"").0, 200);
    drop(silent);
}

#[test]
fn a_rotated_certificate_is_served_and_old_tls_is_not() {
    let admission = Admission::start(&[], &[]);
    let serial = || {
        let stream = admission.connect();
        stream.ssl().peer_certificate().expect("a certificate").to_der().expect("its bytes")
    };
    let first = serial();
    // In the midst of a rotation, the old one stays.
    std::fs::write(admission.folder.path().join("server.crt"), "half").expect("a file");
    assert!(serial() == first);
    write(admission.folder.path(), &admission.root);
    assert!(serial() != first);

    let stream = TcpStream::connect(&admission.address).expect("it listens");
    let mut builder = SslConnector::builder(SslMethod::tls_client()).expect("a client");
    builder.set_ca_file(admission.folder.path().join("root.crt")).expect("the CA");
    builder.set_max_proto_version(Some(SslVersion::TLS1_1)).expect("a version");
    builder.set_security_level(0);
    assert!(builder.build().connect("localhost", stream).is_err());
}

#[test]
fn with_a_client_ca_only_its_certificates_ask() {
    let admission = Admission::start(&["--client-ca", "root.crt"], &[]);
    let mut builder = SslConnector::builder(SslMethod::tls_client()).expect("a client");
    builder.set_ca_file(admission.folder.path().join("root.crt")).expect("the CA");
    let stranger = builder.build();
    let asked = |connector: &SslConnector| {
        let stream = TcpStream::connect(&admission.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a limit");
        let mut text = String::new();
        if let Ok(mut stream) = connector.connect("localhost", stream) {
            let _ =
                stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            let _ = stream.read_to_string(&mut text);
        }
        text.starts_with("HTTP/1.1 200")
    };
    assert!(!asked(&stranger));
    let client = Identity::new(&Wish::client(), Some(&admission.root)).expect("a certificate");
    client.write(admission.folder.path(), "client", &[]).expect("its files");
    let mut builder = SslConnector::builder(SslMethod::tls_client()).expect("a client");
    builder.set_ca_file(admission.folder.path().join("root.crt")).expect("the CA");
    builder
        .set_certificate_chain_file(admission.folder.path().join("client.crt"))
        .expect("a certificate");
    builder
        .set_private_key_file(admission.folder.path().join("client.key"), SslFiletype::PEM)
        .expect("its key");
    assert!(asked(&builder.build()));
}

/// An API server with these objects; what it was asked for.
fn api_server(folder: &Path, objects: Vec<(&'static str, Json)>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let root = Identity::new(&Wish::authority("Cluster"), None).expect("a CA");
    let authority = root.write(folder, "cluster", &[]).expect("its files");
    std::fs::copy(&authority.certificate, folder.join("ca.crt")).expect("a copy");
    std::fs::write(folder.join("token"), "of-the-account\n").expect("a file");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let files = server.write(folder, "api", &[]).expect("its files");
    let mut acceptor =
        SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).expect("a server");
    acceptor.set_certificate_chain_file(PathBuf::from(&files.certificate)).expect("a certificate");
    acceptor.set_private_key_file(PathBuf::from(&files.key), SslFiletype::PEM).expect("its key");
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let asked = Arc::new(Mutex::new(vec![]));
    let seen = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let Ok(mut stream) = acceptor.accept(stream) else { continue };
            let mut head = vec![];
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let known = head.contains("authorization: Bearer of-the-account");
            let object = objects.iter().find(|(one, _)| *one == path);
            let (status, body) = match object {
                _ if !known => ("401 Unauthorized", json!({})),
                Some((_, object)) => ("200 OK", object.clone()),
                None if path.ends_with('s') => ("200 OK", json!({"items": []})),
                None => ("404 Not Found", json!({})),
            };
            seen.lock().expect("whole").push(path);
            let body = body.to_string();
            let _ =
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    (port, asked)
}

#[test]
fn the_cluster_is_asked_for_what_belongs_to_an_object() {
    // The image's release ignores a key that newer ones know, and the Deployment's variable wins.
    let account = tempfile::tempdir().expect("a temporary directory");
    let broken = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "litellm-config", "namespace": "ai"}, "data": {"config.yaml": BROKEN}});
    let mut listed = deployment("v1.80.0-stable");
    listed.as_object_mut().expect("a mapping").remove("kind");
    let (port, asked) = api_server(
        account.path(),
        vec![
            ("/api/v1/namespaces/ai/configmaps/litellm-config", broken),
            ("/apis/apps/v1/namespaces/ai/deployments", json!({"items": [listed]})),
        ],
    );
    let port = port.to_string();
    let folder = account.path().display().to_string();
    let admission = Admission::start(
        &["--cluster", "--service-account", &folder],
        &[("KUBERNETES_SERVICE_HOST", "localhost"), ("KUBERNETES_SERVICE_PORT", &port)],
    );
    let answer = admission.ask(&request("CREATE", &deployment("v1.80.0-stable"), &Json::Null));
    assert_eq!(answer["allowed"], false, "{answer}");
    assert!(answer["status"]["message"].to_string().contains("RP103"), "{answer}");

    let answer = admission.ask(&request("CREATE", &config_map(SOUND), &Json::Null));
    assert_eq!(answer["allowed"], true, "{answer}");
    let asked = asked.lock().expect("whole").clone();
    assert!(asked.contains(&"/apis/apps/v1/namespaces/ai/statefulsets".to_owned()), "{asked:?}");
    assert!(!asked.iter().any(|path| path.contains("secret")), "{asked:?}");

    // A cluster that does not answer: the object alone, and a word of it.
    std::fs::write(account.path().join("token"), "another").expect("a file");
    let answer = admission.ask(&request("CREATE", &config_map(SOUND), &Json::Null));
    assert_eq!(answer["allowed"], true, "{answer}");
    assert!(answer["warnings"].to_string().contains("judged alone"), "{answer}");
}

#[test]
fn it_stops_when_it_is_told() {
    let mut admission = Admission::start(&[], &[]);
    let status = Command::new("kill").arg(admission.child.id().to_string()).status();
    assert!(status.expect("kill runs").success());
    let mut code = None;
    wait_until("it ended", || {
        code = admission.child.try_wait().expect("its state").and_then(|status| status.code());
        code.is_some()
    });
    assert_eq!(code, Some(0));
}
