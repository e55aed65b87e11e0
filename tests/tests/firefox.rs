//! The page in headless Firefox: what most people do with it.

use redproof_tests::firefox::Firefox;
use redproof_tests::programs::{Companion, page};
use serde_json::json;
use tempfile::TempDir;

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
    host: redis.test\n    port: 6380\n    ssl: true\nrouter_settings:\n  redis_host: redis.test\n  \
    redis_port: 6380\n";

const COMPOSE: &str = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    \
    command: [--config, /app/config.yaml]\n    volumes: ['./config.yaml:/app/config.yaml']\n    \
    environment: {REDIS_HOST: redis.test}\n";

fn desk() -> (Companion, Firefox, TempDir) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Firefox::open(&companion.address, 1280, 900);
    (companion, browser, directory)
}

/// Types a text over all that the config's editor holds.
fn replace(browser: &Firefox, text: &str) {
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["\u{e009}", "a"]);
    browser.run("document.execCommand('insertText', false, arguments[0])", &[text]);
}

fn drop_files(browser: &Firefox, files: &[(&str, &str)]) {
    let script = "const dataTransfer = new DataTransfer();
        for (const [name, text] of JSON.parse(arguments[0])) {
            dataTransfer.items.add(new File([text], name));
        }
        document.querySelector('.pane.config .cm-content').dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(script, &[&json!(files).to_string()]);
}

#[test]
fn it_checks_and_fixes_in_firefox() {
    let (_companion, browser, _directory) = desk();
    assert!(browser.texts(".verdict .headline").concat().contains("starts"));
    replace(&browser, CONFIG);
    browser.wait(
        "it is checked",
        "return [...document.querySelectorAll('.problem .finding-code')]
            .some((code) => code.textContent === 'RP301')",
    );
    assert_eq!(browser.texts(".map-wide .target"), ["Redisredis.test:6380"]);
    let fix = "[...document.querySelectorAll('.problem')]
        .find((one) => one.textContent.includes('RP301')).querySelector('.fix').click()";
    browser.run(fix, &[]);
    browser.wait(
        "it is fixed",
        "return document.querySelector('.pane.config .cm-content').textContent.includes('cache_kwargs')",
    );
    browser.run("document.querySelector('.toast button').click()", &[]);
    browser.wait(
        "and back",
        "return !document.querySelector('.pane.config .cm-content').textContent.includes('cache_kwargs')",
    );
}

#[test]
fn a_folder_is_judged_in_firefox() {
    let (_companion, browser, _directory) = desk();
    drop_files(&browser, &[("config.yaml", CONFIG), ("compose.yaml", COMPOSE)]);
    browser.wait(
        "it is judged as it runs",
        "return document.querySelector('.verdict .runs-it')?.textContent === 'compose.yaml, service litellm runs it.'",
    );
    assert!(browser.texts(".verdict .pair").concat().contains("LiteLLM 1.80.0"));
}

#[test]
fn every_view_opens_in_firefox() {
    let (_companion, browser, _directory) = desk();
    for view in ["settings", "upgrade", "start", "certificates", "export"] {
        let click = "[...document.querySelectorAll('.views button')]
            .find((button) => button.textContent.toLowerCase() === arguments[0]).click()";
        browser.run(click, &[view]);
        browser.wait(
            view,
            &format!("return !!document.querySelector('.bench .view.{view}:not([hidden]) > :not(.empty)')"),
        );
    }
    browser.run("document.querySelector('.share-button').click()", &[]);
    browser.wait("a link", "return document.querySelector('.share .link input').value !== ''");
}
