//! Files that can't be taken, come too soon, or come beside others.

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;

use crate::{desk, drop_files, view};

fn config(host: &str) -> String {
    format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: {host}\n    port: 6379\n"
    )
}

/// Drops files of these bytes.
fn drop_bytes(browser: &Browser, files: &[(&str, &[u8])]) {
    let script = "const dataTransfer = new DataTransfer();
        for (const [name, bytes] of JSON.parse(arguments[0])) {
            dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
        }
        document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(script, &[&json!(files).to_string()]);
}

#[test]
fn of_several_files_those_that_cannot_be_taken_are_named() {
    let (_companion, browser, _directory) = desk();
    let large = vec![b'#'; (4 << 20) + 1];
    let utf16: Vec<u8> = config("h")
        .encode_utf16()
        .fold(vec![0xff, 0xfe], |bytes, unit| [bytes, unit.to_le_bytes().to_vec()].concat());
    let script = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(Number(arguments[0]))], 'litellm.log'));
        for (const [name, bytes] of JSON.parse(arguments[1])) {
            dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
        }
        document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    let files = json!([
        ["old.yaml", utf16],
        ["prod.env", b"REDIS_HOST=h\xe9\n"],
        ["config.yaml", config("redis.test").into_bytes()],
    ]);
    browser.run(script, &[&large.len().to_string(), &files.to_string()]);
    browser.wait_for_texts(
        ".notice",
        &["4 files: 1 config, 3 skipped. Skipped litellm.log: it is larger than 4 MB. \
           Skipped old.yaml: it is UTF-16; save it as UTF-8. Skipped prod.env: byte 12 is not UTF-8."],
    );
    browser.wait_for_text("config", config("redis.test"));
    // What no config names says nothing, be it text or not.
    drop_bytes(&browser, &[("a.png", b"\x89PNG\0"), ("b.env", b"REDIS_PORT=1\n")]);
    browser.wait(
        "it is told",
        "return document.querySelector('.notice').textContent.startsWith('2 files')",
    );
}

/// The page's wasm is still on its way.
#[test]
fn what_is_dropped_too_soon_is_taken_later() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open_page("about:blank", 1280, 900);
    browser.develop("Network.enable", &json!({}));
    browser.develop("Network.setBlockedURLs", &json!({ "urls": ["*redproof-web*.wasm"] }));
    browser.visit(&companion.address);
    browser.wait("the failure is told", "return !document.getElementById('failure').hidden");
    drop_files(&browser, &[("mine.yaml", &config("redis.test"))]);
    browser.develop("Network.setBlockedURLs", &json!({ "urls": [] }));
    browser.run("document.getElementById('failure-restart').click()", &[]);
    browser.wait_for_text("config", config("redis.test"));
    browser.wait_for_texts(".notice", &["mine.yaml was added."]);
}

/// Both are still configs: the other one sets no environment.
#[test]
fn two_configs_are_two_after_a_reload() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", &config("one.test"));
    drop_files(&browser, &[("second.yaml", &config("two.test"))]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .fix");
    browser.click(".check-it");
    browser.wait_for_texts(".map-wide .target", &["Redistwo.test:6379"]);
    // A screen reader calls each editor by its file.
    let names = "return [...document.querySelectorAll('.pane .editor:not([hidden]) .cm-content')]
        .map((one) => one.getAttribute('aria-label')).join()";
    assert_eq!(browser.run(names, &[]), json!("second.yaml,.env"));
    browser.wait(
        "it is kept",
        "return (sessionStorage.getItem('redproof-tab') ?? '').startsWith('{\"names\":[\"second.yaml\",\".env\",')",
    );
    browser.run("globalThis.before = true; location.reload()", &[]);
    browser.wait("it is reloaded", "return !globalThis.before");
    browser.wait_for_texts(".map-wide .target", &["Redistwo.test:6379"]);
    browser
        .wait_for_texts(".pane.environment .files .file [aria-pressed]", &[".env", "config.yaml"]);
    browser.click(".check-it");
    browser.wait_for_texts(".map-wide .target", &["Redisone.test:6379"]);
}

/// A fresh start takes the place of every file: another deployment's say nothing of it.
#[test]
fn a_fresh_start_keeps_nothing_of_the_last_deployment() {
    let (_companion, browser, _directory) = desk();
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\nspec:\n  template:\n    \
        spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.80.0-stable\n          \
        env: [{name: REDIS_SSL, value: 'true'}]\n";
    drop_files(&browser, &[("mine.yaml", &config("one.test")), ("deployment.yaml", manifest)]);
    browser.wait_for_texts(".map-wide .target", &["Redisone.test:6379"]);
    view(&browser, "start");
    let press = "[...document.querySelectorAll('.start button')]
        .find((one) => one.textContent.includes(arguments[0])).click()";
    browser.run(press, &["All systems"]);
    browser.wait("the systems show", "return !!document.querySelector('.start .card')");
    browser.run(press, &["Sentinel"]);
    browser.click(".start .question .primary");
    browser.wait_for_texts(".pane.environment .files h2", &[".env"]);
    assert!(browser.texts(".toast p").concat().contains("put away"));
    browser.click(".toast button");
    browser.wait_for_text("config", config("one.test"));
    browser.wait_for_texts(
        ".pane.environment .files .file [aria-pressed]",
        &[".env", "deployment.yaml"],
    );
}
