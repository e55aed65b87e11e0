//! The page before its wasm is there, and without it.

use std::fs;

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use redproof_tests::static_site::StaticSite;
use serde_json::json;

/// The page without some of its files: `*.wasm`.
fn without(blocked: &[&str]) -> (Companion, Browser, tempfile::TempDir) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open_page("about:blank", 1280, 900);
    browser.develop("Network.enable", &json!({}));
    browser.develop("Network.setBlockedURLs", &json!({ "urls": blocked }));
    browser.visit(&companion.address);
    (companion, browser, directory)
}

#[test]
fn the_first_example_is_in_the_html() {
    let html = fs::read_to_string(page().join("index.html")).expect("the page is built");
    for part in ["headline", "map-wide", "finding-code", "litellm_settings", "RP301"] {
        assert!(html.contains(part), "{part}");
    }
    let (_companion, browser, _directory) = without(&["*.js", "*.wasm"]);
    let seen = browser.run("return document.body.innerText", &[]);
    let seen = seen.as_str().unwrap_or_default();
    for words in ["starts, but not as configured", "Connections", "cache_params:", "RP301"] {
        assert!(seen.contains(words), "{words} in {seen}");
    }
}

#[test]
fn the_engine_says_of_the_example_what_the_html_says() {
    let (_companion, browser, _directory) = without(&["*.wasm"]);
    let drawn = "return ['.verdict .headline', '.map-wide', '.problems ol']
        .map((one) => document.querySelector(one)?.textContent.replace(/\\s+/g, ''))";
    let before = browser.run(drawn, &[]);
    browser.develop("Network.setBlockedURLs", &json!({ "urls": [] }));
    browser.run("location.reload()", &[]);
    let ready = "return globalThis.redproof !== undefined
        && document.querySelector('#result')?.getAttribute('aria-busy') === 'false'";
    browser.wait("the engine has checked", ready);
    assert_eq!(browser.run(drawn, &[]), before);
    let chosen = browser.run("return document.querySelector('.bar select').value", &[]);
    assert_eq!(chosen, json!("0"), "it is still the example");
}

#[test]
fn the_first_verdict_needs_the_first_part_of_the_engine_alone() {
    const REST: &str = "redproof-engine_rest.wasm";
    let folder = tempfile::tempdir().expect("a temporary directory");
    let files = fs::read_dir(page()).expect("the page is built").filter_map(Result::ok);
    for file in files.filter(|file| file.path().is_file() && file.file_name() != REST) {
        fs::copy(file.path(), folder.path().join(file.file_name())).expect("there is room");
    }
    let host = StaticSite::start(folder.path().to_path_buf(), "/");
    let browser = Browser::open_page("about:blank", 1280, 900);
    browser.visit(&format!("{}/index.html", host.origin));
    let checked = "return globalThis.redproof !== undefined
        && document.querySelector('#result')?.getAttribute('aria-busy') === 'false'";
    browser.wait("the engine has checked", checked);
    let told = browser.run("return document.getElementById('failure').hidden", &[]);
    assert_eq!(told, json!(true), "it does without the rest");
    // What can't do without it says so, and goes on once it can be had.
    browser.run("document.querySelector('.views button:last-child').click()", &[]);
    browser.wait("it says so", "return !document.getElementById('failure').hidden");
    // Each view that waits for the rest says that it does.
    for (view, name) in [("Start", "start"), ("Certificates", "certificates")] {
        let click = "[...document.querySelectorAll('.views button')]
            .find((button) => button.textContent === arguments[0]).click()";
        browser.run(click, &[view]);
        let says = format!(
            "return document.querySelector('.bench .view.{name} .empty')?.textContent.startsWith('Loading') ?? false"
        );
        browser.wait(&format!("{view} says so"), &says);
    }
    fs::copy(page().join(REST), folder.path().join(REST)).expect("there is room");
    browser.run("document.getElementById('failure-restart').click()", &[]);
    browser.wait("it goes on", "return document.getElementById('failure').hidden");
    browser.run("document.querySelector('.views button').click()", &[]);
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    browser.wait(
        "all is well",
        "return document.querySelector('.problems')?.textContent.includes('RP107') ?? false",
    );
}

#[test]
fn what_is_typed_before_the_wasm_is_there_is_kept() {
    let (_companion, browser, _directory) = without(&["*redproof-web*.wasm"]);
    browser.wait("an editor", "return !!document.querySelector('.pane.config .cm-content')");
    browser.wait("the failure is told", "return !document.getElementById('failure').hidden");
    let told = browser.run("return document.getElementById('failure').innerText", &[]);
    let told = told.as_str().unwrap_or_default();
    assert!(told.contains("redproof check"), "it says how to do without the page: {told}");
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    browser.develop("Network.setBlockedURLs", &json!({ "urls": [] }));
    browser.run("document.getElementById('failure-restart').click()", &[]);
    browser.wait(
        "what was typed is checked",
        "return document.querySelector('.problems')?.textContent.includes('RP107') ?? false",
    );
    browser.wait_for_text("config", "litellm_settings:\n  cache: \"true\"\n");
    // It was the user's, and not the example's: its environment went away.
    assert_eq!(browser.texts(".pane.environment .cm-placeholder").len(), 1, "it is empty");
}
