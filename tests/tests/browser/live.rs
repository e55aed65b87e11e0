//! The live test: by the companion that serves the page, and by one that a page elsewhere finds.

use std::net::TcpListener;
use std::path::Path;

use redproof_tests::browser::Browser;
use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::programs::{Companion, page};
use redproof_tests::servers::{RedisServer, free_port};
use redproof_tests::static_site::StaticSite;
use serde_json::json;

/// The test is over, one way or the other.
const OVER: &str = "return [...document.querySelectorAll('.live button')]
    .some((button) => button.textContent === 'Test again')";

/// A Redis that speaks TLS, with its CA in `ca.crt`, and another CA in `other.crt`.
fn redis(directory: &Path) -> RedisServer {
    let authority = Identity::new(&Wish::authority("Redproof test CA"), None).expect("a CA");
    let other = Identity::new(&Wish::authority("Another CA"), None).expect("a CA");
    let server = Identity::new(&Wish::server(), Some(&authority)).expect("a certificate");
    let authority = authority.write(directory, "ca", &[]).expect("the CA is written");
    other.write(directory, "other", &[]).expect("the CA is written");
    let server = server.write(directory, "server", &[]).expect("the certificate is written");
    let files = TlsFiles::new(&server, &authority);
    RedisServer::start(directory, &[files.arguments(), vec!["--requirepass", "a-secret"]].concat())
}

fn config(port: u16, tls: &str) -> String {
    format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    \
         port: {port}\n    {tls}\n    password: os.environ/REDIS_PASSWORD\n"
    )
}

fn with_ca(directory: &Path, name: &str) -> String {
    format!("ssl: true\n    ssl_ca_certs: {}", directory.join(name).display())
}

/// Presses the button, and gives the badges once the test is over.
fn tested(browser: &Browser) -> Vec<String> {
    browser.click(".test-live");
    // What an earlier test left is gone as soon as the button was pressed.
    browser.wait("the live test is over", OVER);
    browser.texts(".live .badge")
}

fn type_text(browser: &Browser, text: &str) {
    for letter in text.chars() {
        browser.press(&[&letter.to_string()]);
    }
}

#[test]
fn a_real_server_is_proved_and_a_broken_one_explained() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let folder = directory.path();
    let redis = redis(folder);
    let companion = Companion::start(&page(), folder);
    let browser = Browser::open(&companion.address, 1280, 900);
    let hash = browser.run("return location.hash", &[]);
    assert_eq!(hash, json!(""), "the token stays in no address");

    let good = config(redis.port, &with_ca(folder, "ca.crt"));
    browser.paste("config", &good);
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    let badges = tested(&browser);
    let live = browser.texts(".live").concat();
    assert!(!badges.is_empty() && badges.iter().all(|badge| badge == "ok"), "{live}");
    for shown in ["Works on the live servers", "PING", "TLSv1.3", "redis.test", "days left"] {
        assert!(live.contains(shown), "{shown} in {live}");
    }
    // LiteLLM's client in Rust is not opened.
    let lines = browser.texts(".map .map-wide .edge");
    let mut opened = lines.iter().filter(|line| !line.contains("Rust"));
    assert!(opened.all(|line| line.contains('✓')), "the map shows it: {lines:?}");

    // A change takes the verdict off the map, and says so in the panel.
    browser.paste("environment", "REDIS_PASSWORD=wrong\n");
    browser.wait("the map forgets", "return !document.querySelector('.edge.proved')");
    let outdated = "return document.querySelector('.if-outdated').offsetParent !== null";
    browser.wait("the panel says that the files have changed", outdated);

    let other_ca = config(redis.port, &with_ca(folder, "other.crt"));
    let plaintext = config(redis.port, "ssl: false");
    let cases = [
        (&good, "wrong", "auth_failed", "login failed", "password"),
        (&other_ca, "a-secret", "unknown_ca", "CA is not trusted", "ssl_ca_certs"),
        (&plaintext, "a-secret", "tls_required", "server wants TLS", "ssl: true"),
    ];
    for (config, password, outcome, words, advice) in cases {
        browser.paste("config", config);
        browser.paste("environment", &format!("REDIS_PASSWORD={password}\n"));
        let badges = tested(&browser);
        assert!(badges.iter().any(|badge| badge == outcome), "{outcome}: {badges:?}");
        let live = browser.texts(".live").concat();
        assert!(live.contains("Does not work") && live.contains(advice), "{advice}: {live}");
        assert!(!live.contains("a-secret"), "{live}");
        let lines = browser.texts(".map .map-wide .edge.failed");
        assert!(lines.iter().any(|line| line.contains(words)), "{outcome}: {lines:?}");
    }
}

/// Of a folder, the companion opens what runs the config, with the files that this refers to.
#[test]
fn a_folder_is_tested_as_it_is_deployed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let folder = directory.path();
    let redis = redis(folder);
    let companion = Companion::start(&page(), folder);
    let browser = Browser::open(&companion.address, 1280, 900);
    let compose = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    \
        command: [--config, /app/config.yaml]\n    volumes: ['./conf/config.yaml:/app/config.yaml']\n    \
        env_file: secret.env\n";
    let files = [
        ("conf/config.yaml", config(redis.port, &with_ca(folder, "ca.crt"))),
        ("compose.yaml", compose.to_owned()),
        ("secret.env", "REDIS_PASSWORD=a-secret\n".to_owned()),
        ("other.env", "REDIS_PASSWORD=wrong\n".to_owned()),
    ];
    let drop = "const dataTransfer = new DataTransfer();
        for (const [name, text] of JSON.parse(arguments[0])) dataTransfer.items.add(new File([text], name));
        document.querySelector('.pane.config .cm-content').dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(drop, &[&json!(files).to_string()]);
    browser.wait_for_texts(".verdict .runs-it", &["compose.yaml, service litellm runs it."]);
    let badges = tested(&browser);
    let live = browser.texts(".live").concat();
    assert!(!badges.is_empty() && badges.iter().all(|badge| badge == "ok"), "{live}");
}

#[test]
fn a_page_elsewhere_is_paired_once() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let folder = directory.path();
    let redis = redis(folder);
    let site = StaticSite::start(page(), "/");
    let companion = Companion::start_with(folder, folder, &["--allow-origin", &site.origin]);
    site.look_at(companion.origin());
    let browser = Browser::open(&site.origin, 1280, 900);
    browser.paste("config", &config(redis.port, &with_ca(folder, "ca.crt")));
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    let asked = format!(
        "return performance.getEntriesByType('resource')
            .some((entry) => entry.name.startsWith('{}'))",
        companion.origin()
    );
    assert_eq!(browser.run(&asked, &[]), json!(false), "nothing is asked before the button");

    browser.click(".test-live");
    let asks = "return document.activeElement.id === 'pairing-code'";
    browser.wait("the field for the code has the keyboard", asks);
    let label = browser.texts("label[for=pairing-code]").concat();
    assert!(label.contains(companion.origin()), "{label}");
    type_text(&browser, "2222-2222");
    browser.press(&["\u{e007}"]);
    let told = "return document.querySelector('#pairing-problem').textContent !== ''";
    browser.wait("the wrong code is refused", told);
    assert_eq!(browser.texts("#pairing-problem"), ["That is not the code. 4 tries are left."]);
    browser.wait("the field has the keyboard again", asks);
    // What was typed is selected: typing replaces it.
    type_text(&browser, &companion.code.to_lowercase());
    browser.press(&["\u{e007}"]);
    browser.wait("the live test is over", OVER);
    let badges = browser.texts(".live .badge");
    assert!(!badges.is_empty() && badges.iter().all(|badge| badge == "ok"), "{badges:?}");

    browser.run("location.reload()", &[]);
    browser.wait("it starts again", "return !!document.querySelector('.verdict')");
    browser.paste("config", &config(redis.port, &with_ca(folder, "ca.crt")));
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    assert!(tested(&browser).iter().all(|badge| badge == "ok"), "no code is asked for again");

    // Another companion knows nothing of that token.
    drop(companion);
    let companion = Companion::start_with(folder, folder, &["--allow-origin", &site.origin]);
    site.look_at(companion.origin());
    browser.run("location.reload()", &[]);
    browser.wait("it starts again", "return !!document.querySelector('.verdict')");
    browser.click(".test-live");
    browser.wait("it asks anew", asks);
    browser.run("[...document.querySelectorAll('.live button')].at(-1).click()", &[]);
    browser.wait("Cancel takes it away", "return !document.querySelector('.live')");
}

/// Chromium asks before a page of the internet may reach this computer. Headless, it takes the
/// question for a refusal, and its developers' protocol answers for the user.
#[test]
fn a_page_of_the_internet_needs_the_browsers_leave() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let folder = directory.path();
    let redis = redis(folder);
    let site = StaticSite::start(page(), "/");
    let companion = Companion::start_with(folder, folder, &["--allow-origin", &site.origin]);
    site.look_at(companion.origin());
    let public = format!("--ip-address-space-overrides=127.0.0.1:{}=public", site.port);
    let browser = Browser::open_with("about:blank", 1280, 900, &[&public]);
    browser.go(&site.origin);
    let answer = |setting: &str| {
        let permission = json!({ "name": "loopback-network" });
        let answer = json!({ "permission": permission, "setting": setting, "origin": site.origin });
        browser.develop("Browser.setPermission", &answer);
    };
    let told = "return document.querySelector('.live')?.textContent.includes('The browser blocks')";

    // Asked for the first time: the answer is no.
    browser.click(".test-live");
    browser.wait("it says who keeps it from the companion", told);
    let notes = browser.texts(".live .note").concat();
    assert!(notes.contains("allow local network access"), "{notes}");

    // The setting says no.
    browser.run("location.reload()", &[]);
    browser.wait("it starts again", "return !!document.querySelector('.verdict')");
    answer("denied");
    browser.click(".test-live");
    browser.wait("it says so again", told);

    answer("granted");
    browser.paste("config", &config(redis.port, &with_ca(folder, "ca.crt")));
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    browser.click(".test-live");
    let asks = "return document.activeElement.id === 'pairing-code'";
    browser.wait("the field for the code has the keyboard", asks);
    type_text(&browser, &companion.code);
    browser.press(&["\u{e007}"]);
    browser.wait("the live test is over", OVER);
    let badges = browser.texts(".live .badge");
    assert!(!badges.is_empty() && badges.iter().all(|badge| badge == "ok"), "{badges:?}");
}

#[test]
fn without_a_companion_a_line_says_how_to_start_one() {
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let site = StaticSite::start(page(), "/");
    site.look_at(&nobody);
    let browser = Browser::open(&site.origin, 1280, 900);
    browser.click(".test-live");
    browser.wait("it says what to run", "return !!document.querySelector('.live code')");
    let command = format!("redproof serve --allow-origin {}", site.origin);
    assert_eq!(browser.texts(".live code"), [command]);
    let button = "return !document.querySelector('.test-live').disabled";
    assert_eq!(browser.run(button, &[]), json!(true), "it can be pressed again");
}

#[test]
fn a_test_that_hangs_is_cancelled() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    browser.paste("config", &config(port, "ssl: false"));
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    browser.click(".test-live");
    let connected = "return [...document.querySelectorAll('.live .step')]
        .some((step) => step.textContent === 'connect')";
    browser.wait("the steps show as they happen", connected);
    let running = "return !!document.querySelector('.edge.running')";
    browser.wait("the map shows what runs", running);
    browser.run("document.querySelector('.live > button').click()", &[]);
    browser.wait("Cancel takes it away", "return !document.querySelector('.live')");
    let focus = "return document.activeElement.classList.contains('test-live')";
    browser.wait("the button has the keyboard", focus);
}
