//! The page in headless Chromium, served by the companion.

mod access;
mod certificates;
mod check;
mod diagnose;
mod early;
mod editing;
mod export;
mod files;
mod given;
mod live;
mod map;
mod offline;
mod page;
mod palette;
mod policy;
mod share;
mod start;
mod strip;
mod undo;
mod views;

use std::path::Path;

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;
use support::Checking;
use tempfile::TempDir;

/// What `redproof check` says of a config: the codes of its findings.
fn codes(config: &str, environment: &str) -> Vec<&'static str> {
    let files = Some(("environment", environment)).filter(|(_, text)| !text.trim().is_empty());
    let report = Checking::new(config).files(files).incomplete().report();
    // The page shows the worst first.
    let mut found: Vec<_> = report.diagnostics.iter().collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.severity));
    found.iter().map(|found| found.code).collect()
}

/// Waits until the page lists findings of these codes, and no others.
fn lists(browser: &Browser, what: &str, codes: &[&str]) {
    let script = format!(
        "const shown = [...document.querySelectorAll('.problems .finding-code')];
        return JSON.stringify(shown.map((code) => code.textContent)) === JSON.stringify({})",
        json!(codes)
    );
    browser.wait(&format!("{what} shows {codes:?}"), &script);
}

/// Every configuration under `examples/seeds`, with the environment that belongs to it.
fn seeds() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/seeds");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let files = std::fs::read_dir(&folder).expect("the examples are there");
    let mut seeds: Vec<_> = files
        .filter_map(|file| {
            let name = file.ok()?.file_name().into_string().ok()?;
            let stem = name.strip_suffix(".yaml").filter(|stem| !stem.ends_with("-env"))?;
            let environment = read(&format!("{stem}.env"));
            Some((name.clone(), read(&name)?, environment.unwrap_or_default()))
        })
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 10, "the seeds' configurations are there");
    seeds
}

/// The page, served from this machine, in a window of a desk's size.
fn desk() -> (Companion, Browser, TempDir) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    (companion, browser, directory)
}

/// Drops files on the page: their names and what they hold.
fn drop_files(browser: &Browser, files: &[(&str, &str)]) {
    let script = "const dataTransfer = new DataTransfer();
        for (const [name, text] of JSON.parse(arguments[0])) {
            dataTransfer.items.add(new File([text], name));
        }
        document.querySelector('.pane.config .cm-content').dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(script, &[&json!(files).to_string()]);
}

/// Shows a view of the result, once it is there.
fn view(browser: &Browser, name: &str) {
    let click = "[...document.querySelectorAll('.views button')]
        .find((button) => button.textContent.toLowerCase() === arguments[0]).click()";
    browser.run(click, &[name]);
    let there = format!(
        "return !!document.querySelector('.bench .view.{name}:not([hidden]) > :not(.empty)')"
    );
    browser.wait(&format!("the view {name} is there"), &there);
}

/// Chooses in the list that a CSS selector finds.
fn choose(browser: &Browser, selector: &str, value: &str) {
    let script = "const select = document.querySelector(arguments[0]);
        select.value = arguments[1]; select.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.run(script, &[selector, value]);
}
