//! The palette, the sheet of keys, views in the address, and the report that is copied.

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;

use crate::{desk, view};

/// Ctrl, as the driver calls it.
const CTRL: &str = "\u{e009}";
const ENTER: &str = "\u{e007}";

fn open_palette(browser: &Browser, typed: &str) {
    browser.press(&[CTRL, "k"]);
    browser.wait("the palette is open", "return document.querySelector('.palette').open");
    for key in typed.chars() {
        browser.press(&[&key.to_string()]);
    }
}

/// Waits until the first entry has a name.
fn first(browser: &Browser, name: &str) {
    let there =
        format!("return document.querySelector('.palette li b')?.textContent === {}", json!(name));
    browser.wait(&format!("{name} comes first"), &there);
}

#[test]
fn the_palette_leads_to_views_releases_and_the_book() {
    let (_companion, browser, _directory) = desk();
    open_palette(&browser, "setti");
    first(&browser, "Settings");
    browser.press(&[ENTER]);
    let shown = "return !!document.querySelector('.bench .view.settings:not([hidden])')";
    browser.wait("the settings show", shown);
    assert_eq!(browser.run("return document.querySelector('.palette').open", &[]), json!(false));

    let keep = "globalThis.opened = []; window.open = (page) => { opened.push(page); return null }";
    browser.run(keep, &[]);
    for (typed, name, page) in [
        ("rp301", "RP301 tls-differs-between-clients", "docs/rules/RP301.html"),
        ("redis_startup", "redis_startup_nodes", "docs/settings/cache_params.html"),
        ("REDIS_HOST", "REDIS_HOST", "docs/variables.html"),
    ] {
        open_palette(&browser, typed);
        first(&browser, name);
        browser.press(&[ENTER]);
        // The book is not here: its page opens in a tab of its own.
        let opened =
            format!("return opened.pop()?.endsWith({}) ?? false", json!(format!("/{page}")));
        browser.wait(&format!("{page} opens"), &opened);
    }

    open_palette(&browser, "litellm 1.80.0");
    first(&browser, "LiteLLM 1.80.0");
    browser.press(&[ENTER]);
    let chosen = "return document.querySelectorAll('.bar select')[1].value === '1.80.0'";
    browser.wait("the release is chosen", chosen);
    // What has no name of its own is looked up in the whole book.
    open_palette(&browser, "no such thing & all");
    first(&browser, "Search for no such thing & all");
    browser.press(&[ENTER]);
    let search = "return opened.pop()?.endsWith('/docs/index.html?search=no%20such%20thing%20%26%20all') ?? false";
    browser.wait("the book's search opens", search);
}

#[test]
fn a_question_mark_shows_the_keys_but_not_while_typing() {
    let (_companion, browser, _directory) = desk();
    browser.run("document.querySelector('.slider, .views button').focus()", &[]);
    browser.press(&["?"]);
    browser.wait("the keys show", "return document.querySelector('.keys-sheet').open");
    browser.click(".keys-sheet button");
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["?"]);
    assert!(browser.editor_text("config").contains('?'), "it is typed");
    assert_eq!(browser.run("return document.querySelector('.keys-sheet').open", &[]), json!(false));
}

#[test]
fn a_view_is_in_the_address_and_back_leads_from_it() {
    let (companion, browser, _directory) = desk();
    view(&browser, "settings");
    view(&browser, "export");
    let hash = |expected: &str| {
        browser.wait(expected, &format!("return location.hash === {}", json!(expected)));
    };
    hash("#export");
    browser.run("history.back()", &[]);
    hash("#settings");
    let shown = "return !!document.querySelector('.bench .view.settings:not([hidden])')";
    browser.wait("the settings show", shown);
    browser.run("history.back()", &[]);
    browser.wait("the check shows", "return !document.querySelector('.checked').hidden");
    let page = companion.address.split('#').next().unwrap_or_default();
    browser.go("about:blank");
    browser.go(&format!("{page}#upgrade"));
    let shown = "return !!document.querySelector('.bench .view.upgrade:not([hidden])')";
    browser.wait("an address opens its view", shown);
    // What leads to the check by itself says so in the address too.
    browser.click(".test-live");
    browser.wait("the address is the check's", "return location.hash === ''");
    browser.run("history.back()", &[]);
    hash("#upgrade");
    browser.wait("the view shows again", shown);
}

/// Who has no keyboard opens the palette by a button, and leaves it by what is beside it.
#[test]
fn a_finger_opens_the_palette_and_leaves_it() {
    let (_companion, browser, _directory) = desk();
    browser.resize(360, 740);
    browser.click(".tabs button:last-child");
    browser.click(".keys button");
    browser.wait("the palette is open", "return document.querySelector('.palette').open");
    let small = "return [...document.querySelectorAll('.palette li')].length";
    assert!(browser.run(small, &[]).as_u64() > Some(20), "everything is offered");
    // What keys lead to comes into sight.
    for _ in 0..20 {
        browser.press(&["\u{e015}"]);
    }
    browser.wait(
        "the chosen one is in sight",
        "const list = document.querySelector('.palette ul').getBoundingClientRect();
        const { top, bottom } = document.querySelector('.palette .chosen').getBoundingClientRect();
        return top >= list.top && bottom <= list.bottom + 1",
    );
    let beside = serde_json::json!({ "type": "mousePressed", "x": 5, "y": 5, "button": "left", "clickCount": 1 });
    browser.develop("Input.dispatchMouseEvent", &beside);
    let mut up = beside;
    up["type"] = json!("mouseReleased");
    browser.develop("Input.dispatchMouseEvent", &up);
    browser.wait("it is closed", "return !document.querySelector('.palette').open");
}

/// A Mac calls the key otherwise.
#[test]
fn a_mac_is_told_its_own_keys() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open_page("about:blank", 1280, 900);
    let agent = json!({ "userAgent": "Mozilla/5.0 (Macintosh)", "platform": "MacIntel" });
    browser.develop("Emulation.setUserAgentOverride", &agent);
    browser.go(&companion.address);
    assert_eq!(browser.texts(".keys kbd")[0], "⌘ K");
    browser.click(".keys .quiet + .quiet");
    let keys = browser.texts(".keys-sheet kbd");
    assert!(
        keys.iter().any(|one| one == "⌘ Shift .") && keys.iter().any(|one| one == "Ctrl Space"),
        "{keys:?}"
    );
}

#[test]
fn the_report_is_copied_as_markdown_without_secrets() {
    let (_companion, browser, _directory) = desk();
    browser.paste(
        "config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.test\n    \
         port: 6380\n    password: a-secret\n",
    );
    browser
        .run("navigator.clipboard.writeText = async (text) => { globalThis.copied = text }", &[]);
    browser.click(".problems-head .quiet");
    browser.wait("it is copied", "return globalThis.copied !== undefined");
    let report = browser.run("return globalThis.copied", &[]);
    let report = report.as_str().unwrap_or_default();
    assert!(report.starts_with("## LiteLLM ") && report.contains("RP307"), "{report}");
    assert!(report.contains("Redis redis.test:6380") && !report.contains("a-secret"), "{report}");
}
