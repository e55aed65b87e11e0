//! Certificates and keys that are dropped on the page.

use openssl::base64::encode_block;
use redproof_tests::browser::Browser;
use redproof_tests::certificates::{Identity, Wish};
use serde_json::json;

use crate::{desk, drop_files, view};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                      host: redis.test\n    port: 6380\n    ssl: true\n    \
                      ssl_check_hostname: true\n    ssl_ca_certs: /certs/ca.crt\n    \
                      ssl_certfile: /certs/client.crt\n    ssl_keyfile: /certs/client.key\n";

/// Drops a file anywhere on the page, and waits until the view holds it.
fn drop_file(browser: &Browser, name: &str, text: &str, held: usize) {
    let script = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([arguments[1]], arguments[0]));
        document.querySelector('.pane.config .cm-content').dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(script, &[name, text]);
    let there =
        format!("return document.querySelectorAll('.certificates .held li').length >= {held}");
    browser.wait(&format!("{name} is held"), &there);
}

fn certificate(identity: &Identity) -> String {
    String::from_utf8(identity.certificate_pem().expect("PEM")).expect("ASCII")
}

fn key(identity: &Identity) -> String {
    String::from_utf8(identity.key.private_key_to_pem_pkcs8().expect("PKCS#8")).expect("ASCII")
}

fn shown(browser: &Browser) -> String {
    browser.texts(".certificates").concat()
}

/// A root, and a client certificate of its.
fn client() -> (Identity, Identity) {
    let root = Identity::new(&Wish::authority("Test Root"), None).expect("a root");
    let client = Identity::new(&Wish::client(), Some(&root)).expect("a client");
    (root, client)
}

#[test]
fn a_good_chain_is_drawn_with_its_names_and_key() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let (root, client) = client();
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a server");
    drop_file(&browser, "ca.crt", &certificate(&root), 1);
    drop_file(&browser, "server.crt", &certificate(&server), 2);
    drop_file(&browser, "client.crt", &certificate(&client), 3);
    drop_file(&browser, "client.key", &key(&client), 4);
    let text = shown(&browser);
    for expected in [
        "OpenSSL takes these certificates.",
        "ssl_ca_certs",
        "redis.test fits DNS:redis.test",
        "The private key in client.key belongs to it.",
        "CN = Test Root",
        " days left",
        "ECDSA with SHA-256",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let links = browser.texts(".certificate-chain[aria-label^='Server'] .subject");
    assert_eq!(links, ["CN = redis.test", "CN = Test Root"], "from the certificate to its root");
    // Another host is no longer one of its names.
    browser.paste("config", &CONFIG.replace("redis.test", "elsewhere.test"));
    let misfit = "return [...document.querySelectorAll('.certificates .finding-code')]
        .some((code) => code.textContent === 'RP709')";
    browser.wait("the name is found missing", misfit);
    assert!(shown(&browser).contains("elsewhere.test is not in the certificate"));
    // Nothing of it is kept anywhere, and a reload forgets it all.
    let stored = "return JSON.stringify({ ...localStorage, ...sessionStorage }) + location.hash";
    let stored = browser.run(stored, &[]).to_string();
    assert!(!stored.contains("BEGIN") && !stored.contains("MII"), "{stored}");
    browser.run("location.reload()", &[]);
    browser.wait("it starts anew", "return !!document.querySelector('.verdict')");
    view(&browser, "certificates");
    assert_eq!(browser.texts(".certificates .held li"), Vec::<String>::new());
}

#[test]
fn what_depends_on_other_files_is_not_said_to_work() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let (root, _) = client();
    let soon = Wish { until: 3, ..Wish::server() };
    let server = Identity::new(&soon, Some(&root)).expect("a server");
    drop_file(&browser, "server.crt", &certificate(&server), 1);
    let said = browser.texts(".certificates .summary").concat();
    assert!(said.contains("files that are not here"), "{said}");
    let link =
        browser.run("return document.querySelector('.certificates .finding-code').pathname", &[]);
    let link = link.as_str().unwrap_or_default().to_owned();
    assert!(link.contains("/docs/certificates/RP7"), "{link}");
}

#[test]
fn what_is_wrong_is_said_with_a_remedy() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let (root, client) = client();
    let late = Wish { from: -30, until: -2, ..Wish::server() };
    let expired = Identity::new(&late, Some(&root)).expect("a server");
    let other = Identity::new(&Wish::client(), Some(&root)).expect("another client");
    drop_file(&browser, "ca.crt", &certificate(&root), 1);
    drop_file(&browser, "server.crt", &certificate(&expired), 2);
    drop_file(&browser, "client.crt", &certificate(&client), 3);
    drop_file(&browser, "client.key", &key(&other), 4);
    let text = shown(&browser);
    for expected in ["RP704", "expired", "RP712", "2 things do not work.", "Renew the certificate"]
    {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    // The right key in place of the wrong one.
    drop_file(&browser, "client.key", &key(&client), 4);
    let fixed = "return document.querySelector('.certificates').textContent
        .includes('The private key in client.key belongs to it.')";
    browser.wait("the key belongs to it", fixed);
    // A file can be forgotten, by the keyboard.
    browser.run("document.querySelector('.held li:nth-child(2) .forget').focus()", &[]);
    browser.press(&["\u{e007}"]);
    let gone = "return document.querySelectorAll('.certificates .held li').length === 3";
    browser.wait("it is gone", gone);
}

#[test]
fn a_secret_is_taken_apart() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let (root, client) = client();
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: redis-tls\ntype: kubernetes.io/tls\ndata:\n  \
         tls.crt: {}\n  tls.key: {}\n  ca.crt: {}\n",
        encode_block(certificate(&client).as_bytes()),
        encode_block(key(&client).as_bytes()),
        encode_block(certificate(&root).as_bytes())
    );
    drop_file(&browser, "secret.yaml", &manifest, 3);
    let text = shown(&browser);
    for expected in [
        "tls.crt of the Secret redis-tls",
        "The private key in tls.key of the Secret redis-tls belongs to it.",
        "OpenSSL takes these certificates.",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let elsewhere =
        "return document.querySelector('.pane.environment').textContent.includes('tls.key')";
    assert_eq!(browser.run(elsewhere, &[]), json!(false), "it is not a file of the configuration");
}

#[test]
fn a_text_can_be_pasted() {
    let (_companion, browser, _directory) = desk();
    let (root, _) = client();
    view(&browser, "certificates");
    let paste = "document.querySelector('.certificates textarea').value = arguments[0]";
    browser.run(paste, &[&certificate(&root).replace('\n', "\\n")]);
    browser.click(".certificates .paste .fix");
    let said = "return document.querySelector('.certificates').textContent.includes('on one line')";
    browser.wait("the one line is named", said);
}

/// The certificates of the last deployment say nothing of the next; Undo brings them back with it.
#[test]
fn the_next_deployment_keeps_no_certificate_of_the_last() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    let (root, _) = client();
    drop_file(&browser, "ca.crt", &certificate(&root), 1);
    let other = CONFIG.replace("redis.test", "other.test");
    drop_files(&browser, &[("next.yaml", &other), ("next.crt", &certificate(&root))]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .primary");
    browser.wait_for_texts(".held .file-name", &["next.crt"]);
    browser.click(".toast button");
    browser.wait_for_texts(".held .file-name", &["ca.crt"]);
    browser.wait_for_text("config", CONFIG);
    browser.click(".toast button");
    browser.wait_for_texts(".held .file-name", &["next.crt"]);
    // What is asked of a config that comes with certificates is the verdict on it.
    view(&browser, "settings");
    drop_files(&browser, &[("third.yaml", CONFIG), ("third.crt", &certificate(&root))]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .fix");
    browser.wait_for_texts(".views .chosen", &["Settings"]);
}
