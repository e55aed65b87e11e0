//! The strip of releases: what it shows, and what it does to the rest of the page.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::desk;

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
    host: redis.test\n    port: 6380\n";

/// A URL in the environment: which of the two wins depends on the release.
const ENVIRONMENT: &str = "REDIS_URL=rediss://elsewhere:6390\n";

fn ready(browser: &Browser) {
    browser.paste("config", CONFIG);
    browser.paste("environment", ENVIRONMENT);
    let there = "return document.querySelectorAll('.slider .band:first-child .change').length > 0";
    browser.wait("the strip shows where the configuration changes", there);
}

fn said(browser: &Browser) -> String {
    let said = browser.run("return document.querySelector('.slider').ariaValueText", &[]);
    said.as_str().unwrap_or_default().to_owned()
}

/// Where the response cache connects to.
fn targets(browser: &Browser) -> String {
    browser.texts(".map-wide .target").concat()
}

#[test]
fn dragging_shows_the_configuration_on_another_release() {
    let (_companion, browser, _directory) = desk();
    ready(&browser);
    assert!(targets(&browser).contains("redis.test:6380"), "{}", targets(&browser));
    let newest = said(&browser);
    // From the newest release to the oldest, with the pointer held.
    let drag = "const slider = document.querySelector('.slider');
        const { left, right, top } = slider.getBoundingClientRect();
        const at = (kind, clientX, buttons) => slider.dispatchEvent(new PointerEvent(kind,
            { clientX, clientY: top + 25, buttons, bubbles: true, pointerId: 1 }));
        at('pointermove', left + 5, 0);
        const untouched = slider.ariaValueText;
        at('pointerdown', right - 2, 1);
        for (let x = right - 2; x > left; x -= 20) at('pointermove', x, 1);
        at('pointermove', left + 1, 1);
        at('pointerup', left + 1, 0);
        return untouched";
    assert_eq!(
        browser.run(drag, &[]),
        json!(newest),
        "a pointer that is not pressed moves nothing"
    );
    browser.wait(
        "the map shows where the oldest release connects to",
        "return document.querySelector('.map-wide .target').textContent.includes('elsewhere:6390')",
    );
    let oldest = said(&browser);
    assert_ne!(oldest, newest);
    let headline = browser.texts(".verdict .headline").concat();
    let release = oldest.strip_prefix("LiteLLM ").and_then(|rest| rest.split(' ').next());
    assert!(headline.contains(release.unwrap_or("?")), "{headline} is of {oldest}");
    // The list of releases follows.
    let chosen = "return document.querySelectorAll('.bar select')[1].value";
    assert_eq!(browser.run(chosen, &[]).as_str(), release);
    browser.click(".strip .reset");
    browser.wait(
        "the automatic release is back",
        "return document.querySelector('.map-wide .target').textContent.includes('redis.test')",
    );
    assert_eq!(said(&browser), newest);
}

/// A mouse is over what is drawn in the slider, and the result above it grows and shrinks meanwhile.
#[test]
fn a_mouse_drags_it_along_one_row() {
    let (_companion, browser, _directory) = desk();
    ready(&browser);
    let width = browser.run("return document.querySelector('.slider svg').clientWidth", &[]);
    let width = width.as_f64().expect("a width");
    // On the first row's band, from the right end to the left.
    let places: Vec<(f64, f64)> =
        [0.98, 0.7, 0.4, 0.2, 0.0].iter().map(|part| (9.0 + part * width, 25.0)).collect();
    browser.drag(".slider", &places);
    let list = "return [...document.querySelectorAll('.bar select')[1].options].at(-1).value";
    let oldest = browser.run(list, &[]);
    let chosen = "return document.querySelectorAll('.bar select')[1].value";
    assert_eq!(browser.run(chosen, &[]), oldest, "{}", said(&browser));
    let redis_py = "return document.querySelectorAll('.bar select')[2].value";
    assert_eq!(browser.run(redis_py, &[]), json!(""), "redis-py is still what LiteLLM ships");
}

#[test]
fn the_caption_says_what_changed_and_why() {
    let (_companion, browser, _directory) = desk();
    ready(&browser);
    browser.click(".strip .ticks summary");
    let ticks = browser.texts(".strip .ticks li");
    assert!(!ticks.is_empty());
    // Through the changes one by one, until the URL loses.
    browser.run("document.querySelector('.slider').focus()", &[]);
    let moves = |key: &str, what: &str| {
        let before = said(&browser);
        browser.press(&[key]);
        let moved = "return document.querySelector('.slider').ariaValueText !== ";
        browser.wait(what, &format!("{moved}{}", json!(before)));
    };
    moves("\u{e011}", "the first release");
    let mut captions = vec![];
    for _ in 0..ticks.len() {
        moves("\u{e00e}", "the next change");
        captions.push(browser.texts(".strip .caption").concat());
    }
    let about = |caption: &&String| caption.contains("elsewhere:6390") && caption.contains("→");
    let caption = captions.iter().find(about).unwrap_or_else(|| panic!("{captions:?}"));
    assert!(caption.contains("What changed with LiteLLM "), "{caption}");
    // Down to another redis-py, and away with all of it.
    browser.press(&["\u{e015}"]);
    browser.wait(
        "a redis-py release is chosen",
        "return document.querySelectorAll('.bar select')[2].value !== ''",
    );
    browser.press(&["\u{e00c}"]);
    browser.wait(
        "both are automatic",
        "return [...document.querySelectorAll('.bar select')].slice(1).every((one) => one.value === '')",
    );
}

#[test]
fn an_error_of_a_release_is_said_in_words() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", &format!("{CONFIG}    ssl_ca_certs: /ca.crt\n    hots: x\n"));
    let there = "return document.querySelectorAll('.strip .caption .errors li').length > 0
        || document.querySelector('.strip .caption')?.textContent.includes('does not start')";
    browser.wait("what the release does", there);
    let said = browser.run("return document.querySelector('.slider').ariaValueText", &[]);
    assert!(!said.as_str().unwrap_or_default().contains("RP"), "{said}");
    for line in browser.texts(".strip .caption .errors li") {
        assert!(line.starts_with("RP") && line.ends_with('.'), "{line}");
    }
}

#[test]
fn a_change_in_the_list_leads_there() {
    let (_companion, browser, _directory) = desk();
    ready(&browser);
    browser.click(".strip .ticks summary");
    let release = browser.texts(".strip .ticks li .place").remove(0);
    browser.click(".strip .ticks li .place");
    let there = format!(
        "return document.querySelector('.slider').ariaValueText.startsWith('LiteLLM {release} ')"
    );
    browser.wait("that release is shown", &there);
    // What is in the text changes what the strip shows.
    browser.paste("environment", "");
    browser.wait(
        "one change fewer",
        "return !document.querySelector('.strip .caption').textContent.includes('elsewhere')",
    );
}
