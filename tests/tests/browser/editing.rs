//! Editing: completion, documentation, search, folding, all fixes at once.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::{choose, desk};

const CONTROL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";

const PARAMS: &str =
    "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.test\n";

/// Puts a text into an editor, the cursor at its end, and its later parts loaded.
fn write(browser: &Browser, editor: &str, text: &str) {
    browser.paste(editor, text);
    let later = format!("return !!document.querySelector('.pane.{editor} .cm-foldGutter')");
    browser.wait("the editor is complete", &later);
}

/// Asks for completions; waits until they take keys.
fn complete(browser: &Browser) {
    browser.settle();
    browser.press(&[CONTROL, " "]);
    let there = "return !!document.querySelector('.cm-tooltip-autocomplete li[aria-selected]')";
    browser.wait("completions are there", there);
    // A list that just came up lets the keyboard be: someone may still be typing.
    let age = "const list = document.querySelector('.cm-tooltip-autocomplete');
        return performance.now() - (list.cameUp ??= performance.now()) > 100";
    browser.wait("they take keys", age);
}

fn offered(browser: &Browser) -> Vec<String> {
    browser.texts(".cm-tooltip-autocomplete .cm-completionLabel")
}

/// Points the mouse at the first word of an editor that is this.
fn point_at(browser: &Browser, editor: &str, word: &str) {
    let place = "
        const content = document.querySelector(`.pane.${arguments[0]} .cm-content`);
        const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
        for (let node; (node = texts.nextNode()); ) {
            const at = node.data.indexOf(arguments[1]);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + arguments[1].length);
            const { x, y, width, height } = range.getBoundingClientRect();
            return [x + width / 2, y + height / 2];
        }";
    let place = browser.run(place, &[editor, word]);
    for step in [3.0, 0.0] {
        let x = place[0].as_f64().expect("a place") + step;
        let event = json!({ "type": "mouseMoved", "x": x, "y": place[1] });
        browser.develop("Input.dispatchMouseEvent", &event);
    }
}

/// Waits for documentation that holds a text.
fn told(browser: &Browser, text: &str) {
    let script = format!(
        "return [...document.querySelectorAll('.doc')]
            .some((doc) => doc.textContent.includes({text:?}))"
    );
    browser.wait(text, &script);
}

#[test]
fn keys_and_values_are_completed_by_keyboard() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "config", &format!("{PARAMS}    "));
    for letter in ["s", "s", "l"] {
        browser.press(&[letter]);
    }
    complete(&browser);
    assert_eq!(offered(&browser)[0], "ssl");
    told(&browser, "Whether the connection uses TLS.");
    browser.press(&[ENTER]);
    // Its values come up by themselves.
    browser.wait(
        "values are offered",
        "return document.querySelector('.cm-completionLabel')?.textContent === 'true'",
    );
    browser.wait_for_text("config", format!("{PARAMS}    ssl: "));
    complete(&browser);
    browser.press(&[ENTER]);
    browser.wait_for_text("config", format!("{PARAMS}    ssl: true"));
    browser.press(&[CONTROL, "z"]);
    browser.wait_for_text("config", format!("{PARAMS}    ssl: "));
}

#[test]
fn variables_are_completed() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "environment", "REDIS_HOST=redis.test\nREDIS_PO");
    complete(&browser);
    assert_eq!(offered(&browser)[0], "REDIS_PORT");
    browser.press(&[ENTER]);
    browser.wait_for_text("environment", "REDIS_HOST=redis.test\nREDIS_PORT=");
}

#[test]
fn completion_goes_by_the_release() {
    let (_companion, browser, _directory) = desk();
    let offered = |litellm: &str| {
        choose(&browser, ".bar .choice:nth-of-type(2) select", litellm);
        write(&browser, "config", "general_settings:\n  coo");
        browser.press(&[CONTROL, " "]);
        browser.wait(
            "an answer",
            "return !!document.querySelector('.cm-tooltip-autocomplete li[aria-selected]')",
        );
        let labels = browser.texts(".cm-tooltip-autocomplete .cm-completionLabel");
        browser.press(&[ESCAPE]);
        labels
    };
    assert_eq!(offered("1.109.1")[0], "coordination_redis");
    choose(&browser, ".bar .choice:nth-of-type(2) select", "1.60.0");
    write(&browser, "config", "general_settings:\n  ");
    complete(&browser);
    let labels = browser.texts(".cm-tooltip-autocomplete .cm-completionLabel");
    assert!(!labels.iter().any(|label| label == "coordination_redis"), "{labels:?}");
    assert!(labels.iter().any(|label| label == "user_api_key_cache_ttl"), "{labels:?}");
}

#[test]
fn documentation_comes_up_under_the_mouse() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "environment", "REDIS_PORT=6380\n");
    write(&browser, "config", PARAMS);
    point_at(&browser, "config", "host");
    told(&browser, "The server's host name or address.");
    told(&browser, "redis.test");
    point_at(&browser, "environment", "REDIS_PORT");
    told(&browser, "REDIS_PORT (.env:1:12) is 6380");
}

#[test]
fn documentation_comes_up_by_keyboard() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "config", "litellm_settings:\n  cache: true");
    browser.press(&[CONTROL, "i"]);
    told(&browser, "Whether responses are cached.");
    browser.press(&[ESCAPE]);
    browser.wait("it is gone", "return !document.querySelector('.doc')");
}

#[test]
fn search_opens_by_keyboard() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "config", PARAMS);
    browser.press(&[CONTROL, "f"]);
    let field = "return document.activeElement.name === 'search'";
    browser.wait("the search field has the keyboard", field);
    for letter in "redis".split("").filter(|letter| !letter.is_empty()) {
        browser.press(&[letter]);
    }
    browser
        .wait("matches show", "return document.querySelectorAll('.cm-searchMatch').length === 2");
    browser.press(&[ENTER]);
    browser.wait("one is chosen", "return !!document.querySelector('.cm-searchMatch-selected')");
    browser.press(&[ESCAPE]);
    let closed = "return !document.querySelector('.cm-search')
        && !!document.activeElement.closest('.pane.config')";
    browser.wait("the editor has the keyboard again", closed);
}

#[test]
fn sections_fold_by_keyboard() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "config", &format!("router_settings:\n  num_retries: 1\n{PARAMS}"));
    browser.press(&[CONTROL, "\u{e011}"]);
    browser.press(&[DOWN, DOWN]);
    browser.press(&["\u{e013}"]);
    browser.press(&["\u{e013}"]);
    browser.press(&[CONTROL, "\u{e011}"]);
    browser.press(&[CONTROL, SHIFT, "["]);
    let folded = "return !!document.querySelector('.cm-foldPlaceholder')";
    browser.wait("the section is folded", folded);
    assert!(!browser.editor_text("config").contains("num_retries"));
    assert!(browser.editor_text("config").contains("redis.test"));
    browser.press(&[CONTROL, SHIFT, "]"]);
    browser.wait("it is open", "return !document.querySelector('.cm-foldPlaceholder')");
}

#[test]
fn a_new_line_goes_in_below_a_key() {
    let (_companion, browser, _directory) = desk();
    write(&browser, "config", "litellm_settings:");
    browser.press(&[ENTER]);
    browser.press(&["x"]);
    browser.wait_for_text("config", "litellm_settings:\n  x");
}

/// Two mistakes that can be fixed without a guess.
const MISTAKES: &str = "litellm_settings: # kept\n  cache: true\n  cache_params:\n    type: redis\n    \
    host: redis.test\n    port: 6379\nrouter_settings:\n  redis_host: redis.test\n  redis_port: 6379\n  \
    redis_max_connections: 7\n  redis_db: 1 # too\n";

#[test]
fn all_fixes_are_one_step() {
    let (_companion, browser, _directory) = desk();
    let problems = |browser: &Browser| browser.texts(".problem").len();
    write(&browser, "config", MISTAKES);
    let before = problems(&browser);
    let fix_all = ".fix-all";
    assert_eq!(browser.texts(fix_all), ["Fix all (2)"]);
    browser.click(fix_all);
    let told = "return document.querySelector('.toast').textContent.includes(' fixes.')";
    browser.wait("what was done is told", told);
    let fixed = browser.editor_text("config");
    assert!(!fixed.contains("redis_max_connections") && fixed.contains("cache_kwargs"), "{fixed}");
    assert!(fixed.contains("# kept"), "{fixed}");
    assert!(problems(&browser) < before);
    assert_eq!(browser.texts(fix_all), Vec::<String>::new());
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&[CONTROL, "z"]);
    browser.wait_for_text("config", MISTAKES);
    browser.wait("the findings are back", "return !!document.querySelector('.fix-all')");
    assert_eq!(problems(&browser), before);
    browser.press(&[CONTROL, SHIFT, "."]);
    browser.wait(
        "the keyboard does it too",
        "return !document.querySelector('.pane.config .cm-content').textContent.includes('redis_max_connections')",
    );
}

/// The tooltip that F8 opens is for eyes: what it goes to is read aloud.
#[test]
fn the_next_problem_is_said_to_those_who_do_not_see_it() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    let found = "return document.querySelectorAll('.problem').length > 0";
    browser.wait("a problem is found", found);
    browser.press(&["\u{e038}"]);
    let said = "const said = document.querySelector('.pane.config .cm-announced').textContent;
        return said.startsWith('Line 2, error: ') && said.includes('cache')";
    browser.wait("it is said", said);
}
