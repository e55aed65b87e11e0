//! The page for everyone: by keyboard alone, by screen reader, on any screen, light and dark.

use std::path::Path;

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::desk;

/// Everything serious that axe-core finds.
fn serious(browser: &Browser) -> Vec<String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask setup", path.display()));
    if browser.run("return typeof axe", &[]) == json!("undefined") {
        browser.run(&format!("{axe}; globalThis.axe = axe"), &[]);
    }
    browser.run(
        "globalThis.found = undefined;
         axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => {
             const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
             globalThis.found = serious.flatMap(({ id, nodes }) =>
                 nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
         })",
        &[],
    );
    browser.wait("axe is done", "return globalThis.found !== undefined");
    serde_json::from_value(browser.run("return globalThis.found", &[])).expect("texts")
}

fn fits(browser: &Browser, state: &str) {
    let wide = "return document.documentElement.scrollWidth - innerWidth";
    assert_eq!(browser.run(wide, &[]), json!(0), "{state}: the page is wider than its window");
    let cut = "return [...document.querySelectorAll('.bar, .views, #result, .hello')]
        .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth)
        .map((one) => one.className)";
    assert_eq!(browser.run(cut, &[]), json!([]), "{state}: something is cut off");
}

#[test]
fn axe_finds_nothing_serious() {
    let (_companion, browser, _directory) = desk();
    let mut found = vec![];
    let mut look = |state: &str| {
        found.extend(serious(&browser).into_iter().map(|one| format!("{state}: {one}")));
    };
    let bad = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
               sentinel_hosts: [a]\n    ssl: true\n    password: plain-secret\nrouter_settings:\n  \
               redis_host: h\n";
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        for (width, height) in [(320, 640), (1024, 768), (3840, 2160)] {
            browser.resize(width, height);
            for (state, text) in [("empty", ""), ("errors", bad)] {
                if width < 900 {
                    browser.click(".tabs button");
                }
                browser.paste("config", text);
                for part in 1..=browser.texts(".tabs button").len() {
                    let state = format!("{scheme}, {width} px, {state}, part {part}");
                    if width < 900 {
                        browser.click(&format!(".tabs button:nth-child({part})"));
                    }
                    look(&state);
                    fits(&browser, &state);
                    if width >= 900 {
                        break;
                    }
                }
            }
        }
        browser.resize(1280, 900);
        for name in ["settings", "cache", "upgrade", "start", "certificates", "export"] {
            let open = "[...document.querySelectorAll('.views button')]
                .find((button) => button.textContent.toLowerCase() === arguments[0]).click()";
            browser.run(open, &[name]);
            let there = format!("return !!document.querySelector('.view.{name}:not([hidden])')");
            browser.wait(name, &there);
            look(&format!("{scheme}, {name}"));
        }
        browser.click(".views button");
        browser.click(".share-button");
        browser.wait("the dialog", "return document.querySelector('.share').open");
        look(&format!("{scheme}, sharing"));
        browser.press(&["\u{e00c}"]);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_control_is_reached_by_keyboard_and_shows_it() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    browser.wait("a fix", "return !!document.querySelector('.problem .fix')");
    let controls = "
        globalThis.wanted = new Set([...document.querySelectorAll(
            'button, select, input, summary, a[href], [tabindex=\"0\"], .cm-content')]
            .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0));
        document.activeElement.blur();
        getSelection().removeAllRanges();
        return wanted.size";
    let count = browser.run(controls, &[]).as_u64().expect("a number");
    assert!(count > 12, "{count} controls");
    let here = "
        const at = document.activeElement;
        wanted.delete(at);
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        const framed = at.closest('.texts .pane')?.matches(':focus-within') ?? false;
        const seen = at === document.body || framed || (outlineStyle !== 'none' && outlineWidth !== '0px');
        return [at.closest('.cm-content') !== null, seen, at.outerHTML.slice(0, 200), wanted.size]";
    for _ in 0..3 * count {
        browser.press(&["\u{e004}"]);
        let now = browser.run(here, &[]);
        assert_eq!(now[1], json!(true), "the keyboard is not seen at {}", now[2]);
        if now[0] == json!(true) {
            // In an editor, Tab indents, unless Escape goes before it.
            browser.press(&["\u{e00c}"]);
        }
        if now[3] == json!(0) {
            break;
        }
    }
    let missed = browser.run("return [...wanted].map((one) => one.outerHTML.slice(0, 200))", &[]);
    assert_eq!(missed, json!([]), "no Tab leads there");
    let unchanged = browser.editor_text("config");
    assert_eq!(unchanged, "litellm_settings:\n  cache: \"true\"\n", "no Tab wrote into the text");
}

/// Whoever goes back up by keyboard sees where it is: the row of views stays on top.
#[test]
fn what_has_the_keyboard_is_not_behind_the_views() {
    let (_companion, browser, _directory) = desk();
    browser.wait("the strip is there", "return !!document.querySelector('.slider')");
    let hidden = "const top = document.querySelector('.views').getBoundingClientRect().bottom;
        const all = [...document.querySelectorAll('.checked :is(button, a, summary, [tabindex=\"0\"])')]
            .filter((one) => one.checkVisibility() && !one.disabled);
        return all.reverse().filter((one) => {
            one.focus();
            return one.getBoundingClientRect().top < top - 1;
        }).map((one) => one.outerHTML.slice(0, 100))";
    assert_eq!(browser.run(hidden, &[]), json!([]));
}

#[test]
fn the_skip_link_comes_first() {
    let (_companion, browser, _directory) = desk();
    browser.run("document.activeElement.blur()", &[]);
    browser.press(&["\u{e004}"]);
    let first = browser.run("return document.activeElement.textContent.trim()", &[]);
    assert_eq!(first, json!("Skip to the result"));
    browser.press(&["\u{e007}"]);
    browser.wait("the result has the keyboard", "return document.activeElement.id === 'result'");
}

#[test]
fn what_is_clicked_is_large_enough() {
    let (_companion, browser, _directory) = desk();
    // Links and buttons within a sentence are as high as its lines.
    let small =
        "return [...document.querySelectorAll('button, select, summary, a[href], label.tick')]
        .filter((one) => one.checkVisibility() && !one.matches('.skip, p *, li *, td *, dd *'))
        .map((one) => [one, one.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 24 || height < 24)
        .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 120)}: ${width} x ${height}`)";
    for (width, height) in [(1280, 900), (320, 640)] {
        browser.resize(width, height);
        if width < 900 {
            browser.click(".tabs button:last-child");
        }
        assert_eq!(browser.run(small, &[]), json!([]), "{width} px");
    }
}

#[test]
fn forced_colours_show_what_is_chosen_and_every_word_of_the_map() {
    let (_companion, browser, _directory) = desk();
    let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser.develop("Emulation.setEmulatedMedia", &forced);
    let border = |selector: &str| {
        let script = format!(
            "const {{ borderBottomColor, borderBottomWidth }} = getComputedStyle(document.querySelector('{selector}'));
            return `${{borderBottomColor}} ${{borderBottomWidth}}`"
        );
        browser.run(&script, &[])
    };
    assert_ne!(border(".views .chosen"), border(".views button:not(.chosen)"));
    let colours = "const probe = document.createElement('p');
        probe.style.color = 'CanvasText';
        document.body.append(probe);
        const { color } = getComputedStyle(probe);
        probe.remove();
        return [...document.querySelectorAll('.map-wide text')]
            .filter((one) => getComputedStyle(one).fill !== color).map((one) => one.textContent)";
    assert_eq!(browser.run(colours, &[]), json!([]), "in the user's own colour");
}

#[test]
fn nothing_moves_for_those_who_do_not_want_it() {
    let (_companion, browser, _directory) = desk();
    let less = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.develop("Emulation.setEmulatedMedia", &less);
    let moving = "return [...document.querySelectorAll('*')].filter((one) => {
            const { animationName, transitionDuration } = getComputedStyle(one);
            // The editor's caret is the browser's own.
            return !one.closest('.cm-cursorLayer')
                && (animationName !== 'none' || !/^0s(, 0s)*$/.test(transitionDuration));
        }).map((one) => one.outerHTML.slice(0, 120))";
    assert_eq!(browser.run(moving, &[]), json!([]));
}

#[test]
fn the_verdict_is_said_to_those_who_do_not_see_it_and_no_more_than_that() {
    let (_companion, browser, _directory) = desk();
    let said = "return document.querySelector('.verdict [role=status]').textContent";
    browser.paste("config", "router_settings:\n  routing_strategy: nearest\n");
    browser.wait("it is said", &format!("{said}.includes('does not start')"));
    let words = browser.run(said, &[]);
    let words = words.as_str().unwrap_or_default();
    assert!(words.len() < 120, "a sentence, not the page: {words}");
    browser.paste("config", "litellm_settings:\n  cache: false\n");
    browser.wait("it is said anew", &format!("{said} !== {}", json!(words)));
}
