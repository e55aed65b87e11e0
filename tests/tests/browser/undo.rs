//! What was done can be taken back, and nothing else with it; the keyboard stays on the page.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::{desk, drop_files};

const CTRL: &str = "\u{e009}";
const ENTER: &str = "\u{e007}";
const BLANK: &str = "";

/// A config with a fix that needs no decision.
const QUOTED: &str = "litellm_settings:\n  cache: \"true\"\n";

fn config(host: &str) -> String {
    format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: {host}\n    port: 6379\n"
    )
}

/// Presses a key in an editor, at its start.
fn type_into(browser: &Browser, editor: &str, keys: &[&str]) {
    let focus =
        "document.querySelector(`.pane.${arguments[0]} .editor:not([hidden]) .cm-content`).focus()";
    browser.run(focus, &[editor]);
    browser.press(keys);
    browser.settle();
}

fn toast(browser: &Browser) -> String {
    browser.wait("something is said", "return !document.querySelector('.toast').hidden");
    browser.texts(".toast p").concat()
}

fn over(browser: &Browser) {
    browser.wait("nothing is offered", "return document.querySelector('.toast').hidden");
}

fn fix(browser: &Browser) {
    browser.wait("a fix", "return !!document.querySelector('.problem .fix')");
    browser.click(".problem .fix");
    browser.wait_for_text("config", "litellm_settings:\n  cache: true\n");
    assert!(toast(browser).starts_with("Done"));
}

/// The line's Undo is about the fix: once the text went on, it would take back something else.
#[test]
fn undo_of_a_fix_is_offered_as_long_as_it_is_the_last_step() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", QUOTED);
    fix(&browser);
    type_into(&browser, "config", &[CTRL, "z"]);
    browser.wait_for_text("config", QUOTED);
    over(&browser);

    fix(&browser);
    type_into(&browser, "config", &["#"]);
    browser.wait_for_text("config", "litellm_settings:\n  cache: true\n#");
    over(&browser);
}

/// What took the place of one's files can be had again too, with what was typed since.
#[test]
fn undo_of_replace_loses_nothing_that_was_typed_since() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", &config("one.test"));
    browser.paste("environment", "REDIS_PORT=1\n");
    drop_files(&browser, &[("mine.yaml", &config("two.test"))]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .primary");
    browser.wait_for_text("config", config("two.test"));
    type_into(&browser, "config", &["#"]);
    let typed = format!("#{}", config("two.test"));
    browser.wait_for_text("config", &typed);
    browser.click(".toast button");
    browser.wait_for_text("config", config("one.test"));
    browser.wait_for_text("environment", "REDIS_PORT=1\n");
    assert_eq!(browser.texts(".toast button")[0], "Redo");
    browser.click(".toast button");
    browser.wait_for_text("config", &typed);
    assert_eq!(browser.texts(".pane.config h2"), ["mine.yaml"]);
}

/// The editor's own undo brings back all of what was replaced: half of it would be another deployment.
#[test]
fn the_editors_undo_of_replace_brings_every_file_back() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", &config("one.test"));
    browser.paste("environment", "REDIS_PORT=1\n");
    drop_files(&browser, &[("config.yaml", &config("two.test")), (".env", "REDIS_SSL=true\n")]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .primary");
    browser.wait_for_text("environment", "REDIS_SSL=true\n");
    type_into(&browser, "config", &[CTRL, "z"]);
    browser.wait_for_text("config", config("one.test"));
    browser.wait_for_text("environment", "REDIS_PORT=1\n");
}

/// Windows ends lines otherwise: places are those of the text as the editor has it.
#[test]
fn a_file_with_the_line_ends_of_windows_is_as_any_other() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", &config("one.test"));
    browser.paste("environment", BLANK);
    drop_files(&browser, &[("mine.yaml", &format!("# one\n{QUOTED}").replace('\n', "\r\n"))]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .primary");
    browser.wait_for_text("config", format!("# one\n{QUOTED}"));
    assert!(toast(&browser).contains("put away"), "Undo stays");
    browser.wait("a fix", "return !!document.querySelector('.problem .fix')");
    browser.click(".problem .fix");
    browser.wait_for_text("config", "# one\nlitellm_settings:\n  cache: true\n");
}

/// A button that goes with what it did takes the keyboard nowhere: it stays on the page.
#[test]
fn the_keyboard_is_never_lost() {
    let (_companion, browser, _directory) = desk();
    let by_key = |selector: &str, what: &str| {
        browser.wait(what, &format!("return !!document.querySelector('{selector}')"));
        browser.run(&format!("document.querySelector('{selector}').focus()"), &[]);
        browser.press(&[ENTER]);
        browser.settle();
        let gone = format!("return !document.querySelector('{selector}:focus')");
        browser.wait("it did its work", &gone);
        browser.wait(
            &format!("after {what} the keyboard is on the page"),
            "return document.activeElement !== document.body",
        );
    };
    by_key(".hello .quiet", "closing the introduction");
    browser.paste("config", &config("one.test"));
    browser.run("document.querySelector('.toast button').focus()", &[]);
    browser.press(&[ENTER]);
    browser.wait_for_texts(".toast p", &["Undone."]);
    browser.wait("the keyboard is there", "return document.activeElement.textContent === 'Redo'");
    by_key(".toast .close", "closing what is said");
    browser.paste("config", &config("one.test"));
    for (button, what) in [(".fix", "Add"), (".primary", "Replace"), (".quiet", "Cancel")] {
        drop_files(&browser, &[("second.yaml", &config("two.test")), ("three.env", "A=1\n")]);
        // It has the keyboard, so that it is read aloud.
        browser.wait("it asks", "return document.activeElement.matches('.intake-question')");
        by_key(&format!(".intake-question {button}"), what);
    }
    drop_files(&browser, &[("fourth.yaml", &config("two.test"))]);
    browser.wait("it asks", "return document.activeElement.matches('.intake-question')");
    browser.press(&["\u{e00c}"]);
    browser.wait("Escape cancels", "return !document.querySelector('.intake-question')");
    by_key(".environment .file .close", "closing a file");
    browser.run(
        "[...document.querySelectorAll('.files .quiet')].find((one) => one.textContent === 'New').click()",
        &[],
    );
    browser.wait_for_texts(".verdict .headline", &["Nothing to check yet"]);
    browser.paste("config", "REDIS_HOST=redis.test\nREDIS_PORT=6380\n");
    by_key(".misplaced .primary", "moving a text");
    assert_eq!(
        browser.run("return document.querySelectorAll('[role=status][hidden]').length", &[]),
        json!(0)
    );
}
