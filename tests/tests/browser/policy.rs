//! The content security policy: the page keeps to it, and what is slipped in does not run.

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;

use crate::view;

#[test]
fn the_page_keeps_to_its_policy_and_strangers_must() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    let listen = "globalThis.violations = [];
        addEventListener('securitypolicyviolation', (event) =>
            violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))";
    browser.develop("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": listen }));
    browser.go(companion.address.split('#').next().unwrap_or_default());
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["\u{e038}"]);
    browser
        .wait("a finding's tip", "return !!document.querySelector('.cm-tooltip, .cm-diagnostic')");
    view(&browser, "settings");
    view(&browser, "upgrade");
    browser.click(".share-button");
    browser.wait("a link", "return document.querySelector('.share .link input').value !== ''");
    let violations = "return globalThis.violations";
    assert_eq!(browser.run(violations, &[]), json!([]));

    let slip = "
        const style = document.createElement('style');
        style.textContent = '.bar { display: none }';
        document.head.append(style);
        document.querySelector('.work').setAttribute('style', 'display: none');
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = true';
        document.head.append(script);
        const shown = (selector) => getComputedStyle(document.querySelector(selector)).display;
        return [shown('.bar') !== 'none', shown('.work') !== 'none', !globalThis.injected]";
    assert_eq!(browser.run(slip, &[]), json!([true, true, true]), "style, attribute, script");
    // The page's own policy and its server's both report them.
    let reported = "return new Set(violations.map((one) => one.split(' ')[0])).size === 3";
    browser.wait("all three are reported", reported);
    // Nothing leaves for another origin, whatever asks for it.
    let leave = "globalThis.left = undefined;
        fetch('https://example.com/').then(() => left = true, () => left = false)";
    browser.run(leave, &[]);
    browser.wait("it is refused", "return globalThis.left === false");
}
