//! The page without a network, and new versions of it.

use std::fs;
use std::path::Path;

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;

use crate::{desk, view};

const KEPT: &str = "return !!navigator.serviceWorker.controller";

#[test]
fn it_works_without_its_server() {
    let (companion, browser, _directory) = desk();
    browser.wait("the files are kept", KEPT);
    let address = companion.address.split('#').next().unwrap_or_default().to_owned();
    drop(companion);
    browser.go(&address);
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    browser.wait(
        "it checks",
        "return document.querySelector('.problems').textContent.includes('RP107')",
    );
    view(&browser, "settings");
    view(&browser, "upgrade");
}

/// All pages of the book, also those that nobody has opened.
#[test]
fn the_book_works_without_its_server() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let site = directory.path().join("site");
    copy(&page(), &site);
    let rules = site.join("docs/rules");
    fs::create_dir_all(&rules).expect("a folder");
    let list = r#"{"version": "1", "files": ["index.html", "rules/RP101.html"]}"#;
    for (name, text) in [
        ("docs/files.json", list),
        ("docs/index.html", "<p>the book</p>"),
        ("docs/rules/RP101.html", "<p>a rule</p>"),
    ] {
        fs::write(site.join(name), text).expect("a file of the book");
    }
    let companion = Companion::start(&site, directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    browser.wait("the files are kept", KEPT);
    let list = "caches.match('docs/files.json').then((list) => globalThis.list = !!list)";
    browser.wait("the book is kept", &format!("{list}; return globalThis.list === true"));
    let page = companion.address.split(['#', '?']).next().unwrap_or_default().to_owned();
    drop(companion);
    for (path, says) in [
        ("docs/rules/RP101.html?highlight=x", "a rule"),
        ("docs/rules/RP101", "a rule"),
        ("docs/", "the book"),
    ] {
        browser.visit(&format!("{page}{path}"));
        let said = format!("return document.body?.textContent.includes({})", json!(says));
        browser.wait(path, &said);
    }
}

#[test]
fn a_new_version_is_told_and_loses_no_text() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let site = directory.path().join("site");
    copy(&page(), &site);
    let companion = Companion::start(&site, directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    browser.wait("the files are kept", KEPT);
    let caches = "caches.keys().then((names) => globalThis.kept = names)";
    browser.run(caches, &[]);
    browser.wait("one version is kept", "return globalThis.kept?.length === 1");
    let first = browser.run("return globalThis.kept[0]", &[]);
    let first = first.as_str().and_then(|name| name.rsplit(' ').next()).expect("a version");

    let worker = fs::read_to_string(site.join("sw.js")).expect("the page has a worker");
    let next = "0".repeat(first.len());
    assert!(worker.contains(first), "{first} is in the worker");
    fs::write(site.join("sw.js"), worker.replace(first, &next)).expect("it is writable");
    browser.paste("config", "# mine\n");
    browser.run("navigator.serviceWorker.getRegistration().then((one) => one.update())", &[]);
    browser.wait("it is told", "return !document.getElementById('told').hidden");
    browser.run("globalThis.old = true", &[]);
    browser.click("#told button");
    browser.wait(
        "the page is loaded anew",
        "return !globalThis.old && !!document.querySelector('.verdict')",
    );
    browser.wait_for_text("config", "# mine\n");
    browser.run(caches, &[]);
    browser.wait("the old version is gone", "return globalThis.kept?.length === 1");
    let name = browser.run("return globalThis.kept[0]", &[]);
    assert!(name.as_str().is_some_and(|name| name.ends_with(&next)), "{name}");
    let carried = "return 'redproof-carried' in sessionStorage";
    assert_eq!(browser.run(carried, &[]), json!(false), "what was carried over is on the page");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in fs::read_dir(from).expect("the page").map_while(Result::ok) {
        if file.path().is_file() {
            fs::copy(file.path(), to.join(file.file_name())).expect("a copy");
        }
    }
}
