//! The built site, from a host of files that serves it under a path of its own: its links, and the
//! book as a reader uses it.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, site};
use redproof_tests::static_site::StaticSite;
use serde_json::json;

/// Where the site is served.
const BELOW: &str = "/some/path/";

fn host() -> StaticSite {
    StaticSite::start(site(), BELOW)
}

/// What a host answers to `GET`: the status, and the body.
fn get(port: u16, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the host is there");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")
        .expect("a request");
    let mut answer = vec![];
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_owned())
}

/// The relative links and files that a page names.
fn named(html: &str) -> impl Iterator<Item = &str> {
    let values = [" href=\"", " src=\""].into_iter().flat_map(|start| html.split(start).skip(1));
    let values = values.filter_map(|rest| rest.split('"').next());
    values.filter(|link| !link.contains("://") && !link.starts_with(['#', '{']))
}

/// Where a link leads from a path.
fn resolved(from: &str, link: &str) -> String {
    let link = link.split(['#', '?']).next().unwrap_or_default();
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    let path = parts.join("/");
    if link.ends_with("..") { format!("{path}/") } else { path }
}

#[test]
fn every_link_works_below_any_path() {
    let host = host();
    let mut seen = BTreeSet::from([BELOW.to_owned()]);
    let mut waiting = vec![BELOW.to_owned(), format!("{BELOW}docs/index.html")];
    let mut broken = vec![];
    let mut pages = 0;
    while let Some(path) = waiting.pop() {
        let (status, body) = get(host.port, &path);
        if status != 200 {
            broken.push(path);
            continue;
        }
        if !body.starts_with("<!") {
            continue;
        }
        pages += 1;
        for link in named(&body).filter(|link| !link.is_empty()) {
            let target = resolved(&path, link);
            if !target.starts_with(BELOW) {
                broken.push(format!("{path}: {link} leads out of the site"));
            } else if seen.insert(target.clone()) {
                waiting.push(target);
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(pages > 80, "the book is there: {pages} pages");
}

#[test]
fn the_companion_serves_the_book_too() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&site(), directory.path());
    let port = companion.address.split(['/', ':']).find_map(|part| part.parse::<u16>().ok());
    let port = port.expect("an address with a port");
    for path in ["/docs/", "/docs/rules/RP301.html", "/schemas/litellm-latest.json"] {
        assert_eq!(get(port, path).0, 200, "{path}");
    }
}

/// A browser on a page of the book.
fn reader(host: &StaticSite, page: &str, width: u32) -> Browser {
    let address = format!("http://localhost:{}{BELOW}docs/{page}", host.port);
    Browser::open_page(&address, width, 900)
}

/// Everything that a page fetched is the site's.
fn asks_nobody_else(browser: &Browser) {
    let foreign = "return performance.getEntriesByType('resource')
        .map((entry) => entry.name).filter((name) => !name.startsWith(location.origin))";
    assert_eq!(browser.run(foreign, &[]), json!([]));
}

#[test]
fn a_reader_searches_and_follows() {
    let host = host();
    let browser = reader(&host, "index.html", 1280);
    browser.wait("the contents are there", "return !!document.querySelector('#contents a')");
    browser.press(&["/"]);
    for key in ["s", "s", "l", "_", "c", "a", "_", "c", "e", "r", "t", "s"] {
        browser.press(&[key]);
    }
    browser.wait(
        "the setting is found",
        "return [...document.querySelectorAll('#search-results a')]
            .some((link) => link.textContent.includes('ssl_ca_certs'))",
    );
    // The keyboard alone: down to the first place, and there.
    browser.press(&["\u{e015}"]);
    browser.press(&["\u{e007}"]);
    browser.wait("another page opens", "return !location.pathname.endsWith('docs/index.html')");
    browser.wait("the page has its heading", "return !!document.querySelector('main h1')");
    asks_nobody_else(&browser);
}

/// What people ask, or paste from a log, and the page that answers: it is among the first three found.
const ASKED: [(&str, &str); 24] = [
    ("redis_ssl", "guides/in-cluster-tls.html"),
    ("my router is not using TLS", "guides/in-cluster-tls.html"),
    ("how do I turn on tls", "guides/in-cluster-tls.html"),
    ("cache not hit", "guides/not-caching.html"),
    ("rate limits shared", "guides/shared-limits.html"),
    ("REDIS_URL", "guides/redis-url.html"),
    ("sentinel password", "guides/sentinel.html"),
    ("cluster", "guides/cluster.html"),
    ("Error 61 connecting", "errors/connection-refused.html"),
    ("admission webhook", "kubernetes.html"),
    ("renovate", "editors.html"),
    ("ssl_check_hostname", "settings/cache_params.html#ssl_check_hostname"),
    ("WRONGPASS", "errors/wrong-password.html"),
    ("WRONGPASS invalid username-password pair or user is disabled.", "errors/wrong-password.html"),
    ("NOAUTH Authentication required.", "errors/login-required.html"),
    ("Istio", "guides/service-mesh.html"),
    ("Connection closed by server.", "errors/connection-closed.html"),
    ("CERTIFICATE_VERIFY_FAILED", "errors/certificate-verify-failed.html"),
    ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "errors/wrong-version-number.html"),
    // With what only this log has.
    (
        "redis.exceptions.ConnectionError: Error 111 connecting to cache.svc:6379. Connection refused.",
        "errors/connection-refused.html",
    ),
    (
        "redis.exceptions.TimeoutError: Timeout connecting to server",
        "errors/connecting-times-out.html",
    ),
    (
        "NOPERM User lit has no permissions to run the 'evalsha' command",
        "errors/command-not-permitted.html",
    ),
    ("unexpected keyword argument 'ssl_check_hostname'", "errors/tls-argument-on-plaintext.html"),
    ("Either 'host' or 'url' must be specified for redis.", "errors/no-target.html"),
];

#[test]
fn what_people_ask_is_found() {
    let host = host();
    let browser = reader(&host, "index.html", 1280);
    let paste = "const field = document.querySelector('#search-words');
        field.focus();
        field.value = arguments[0];
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    for (words, page) in ASKED {
        browser.run(paste, &[words]);
        let found = format!(
            "return [...document.querySelectorAll('#search-results a')].slice(0, 3)
                .some((link) => link.href.includes('/docs/{page}'))"
        );
        browser.wait(&format!("{words} finds {page}"), &found);
    }
    // Nothing is found for what nobody wrote, and that is said.
    browser.run(paste, &["xyzzyplugh"]);
    browser.wait(
        "it says so",
        "return document.querySelector('#search-status').textContent === '0 places found'
            && document.querySelector('#search-results').hidden",
    );
    asks_nobody_else(&browser);
}

#[test]
fn an_example_opens_in_the_editor() {
    let host = host();
    // The second one's environment is a manifest, where a Secret holds REDIS_SSL; the page finds it.
    for (page, shown) in [("rules/RP301.html", "RP301"), ("rules/RP309.html", "RP309")] {
        let browser = reader(&host, page, 1280);
        let config = browser.texts("main pre code")[0].clone();
        browser.click("main .open a");
        browser.wait("the editor opens", "return location.pathname === '/some/path/'");
        let script = format!("return document.body.textContent.includes('{shown}')");
        browser.wait("the example is checked", &script);
        assert_eq!(browser.editor_text("config").trim(), config, "{page}");
        asks_nobody_else(&browser);
    }
}

#[test]
fn a_page_shows_where_it_stands() {
    let host = host();
    let browser = reader(&host, "rules/RP301.html", 1280);
    browser.wait("the contents are there", "return !!document.querySelector('#contents a')");
    let current = browser.texts("#contents [aria-current=page]");
    assert_eq!(current, ["RP301 tls differs between clients"]);
    let coloured = browser.run("return !!document.querySelector('.hljs-attr')", &[]);
    assert_eq!(coloured, json!(true), "YAML has colours");
}

#[test]
fn pages_fit_a_telephone() {
    let host = host();
    let browser = reader(&host, "index.html", 500);
    browser.resize(360, 800);
    for page in [
        "index.html",
        "rules/index.html",
        "rules/RP301.html",
        "settings/cache_params.html",
        "variables.html",
        "outcomes.html",
        "commands.html",
        "guides/in-cluster-tls.html",
        "tls-matrix.html",
        "fidelity.html",
        "benchmarks.html",
    ] {
        browser.visit(&format!("http://localhost:{}{BELOW}docs/{page}", host.port));
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.run(fits, &[]), json!(true), "{page} is wider than the screen");
    }
    browser.click("#contents-button");
    browser.wait(
        "the contents show",
        "return document.querySelector('#contents a').getBoundingClientRect().width > 0",
    );
    browser.press(&["\u{e00c}"]);
    browser.wait(
        "the contents are gone",
        "return document.querySelector('#contents a').getBoundingClientRect().width === 0",
    );
}
