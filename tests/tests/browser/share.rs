//! Links that hold a configuration, and drafts.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::{choose, desk};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                      host: ünïcode.test\n    password: hunter2-long\n";

/// The link that the dialog makes.
fn link(browser: &Browser) -> String {
    browser.wait("a link", "return document.querySelector('.share .link input').value !== ''");
    let made = browser.run("return document.querySelector('.share .link input').value", &[]);
    made.as_str().unwrap_or_default().to_owned()
}

/// What the bar at the bottom says.
fn told(browser: &Browser) -> String {
    browser.wait("something is told", "return !document.getElementById('told').hidden");
    browser.texts("#told p").concat()
}

#[test]
fn a_link_holds_the_files_without_secrets_unless_wanted() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "REDIS_URL=redis://:another-secret@h:1\nREDIS_PORT=6380\n");
    choose(&browser, ".bar .choice:not(.example) select", "1.80.0");
    browser.click(".share-button");
    let without = link(&browser);
    browser.click(".share .tick input");
    browser.wait(
        "what it does is said",
        "return document.querySelector('.share .danger')?.textContent.includes('can read') ?? false",
    );
    let with = {
        let other = format!(
            "const {{ value }} = document.querySelector('.share .link input');
             return value !== '' && value !== '{without}'"
        );
        browser.wait("another link", &other);
        link(&browser)
    };
    // Escape closes it, and the keyboard is back where it was.
    browser.press(&["\u{e00c}"]);
    browser.wait("it is closed", "return !document.querySelector('.share').open");
    let focus = "return document.activeElement.classList.contains('share-button')";
    assert_eq!(browser.run(focus, &[]), json!(true));

    for (link, secret) in [(without, "•••"), (with, "hunter2-long")] {
        assert!(link.contains("/#s=1."), "{link}");
        let opened = Browser::open(&link, 1280, 900);
        opened.wait_for_text("config", CONFIG.replace("hunter2-long", secret));
        let environment = opened.editor_text("environment");
        assert_eq!(environment.contains("another-secret"), secret != "•••", "{environment}");
        assert!(environment.ends_with("REDIS_PORT=6380\n"), "{environment}");
        assert!(opened.texts(".pair").concat().contains("LiteLLM 1.80.0"));
        // Whoever gets it learns what is not theirs to have.
        let says = opened.texts("#told p").concat();
        assert_eq!(says.contains("replaced by •••"), secret == "•••", "{says}");
        assert_eq!(opened.run("return location.hash", &[]), json!(""), "no bookmark holds it");
    }
}

#[test]
fn a_plain_link_opens_and_one_that_is_no_good_harms_nothing() {
    let (companion, browser, _directory) = desk();
    let page = companion.address.split('#').next().unwrap_or_default();
    let plain = "#config=litellm_settings:%0A%20%20cache:%20true%0A&env=A=1%2B1%26b&litellm=1.80.0";
    browser.go("about:blank");
    browser.go(&format!("{page}{plain}"));
    browser.wait_for_text("config", "litellm_settings:\n  cache: true\n");
    browser.wait_for_text("environment", "A=1+1&b");
    assert!(browser.texts(".pair").concat().contains("LiteLLM 1.80.0"));

    let bomb = "
        const json = JSON.stringify([[['config.yaml', 'a'.repeat(9e6)], ['.env', '']], '', '']);
        const packed = new Blob([json]).stream().pipeThrough(new CompressionStream('deflate-raw'));
        new Response(packed).arrayBuffer().then((buffer) => {
            const bytes = new Uint8Array(buffer);
            let binary = '';
            for (const byte of bytes) binary += String.fromCharCode(byte);
            globalThis.bomb = btoa(binary).replaceAll('+', '-').replaceAll('/', '_');
        })";
    browser.run(bomb, &[]);
    browser.wait("a bomb", "return !!globalThis.bomb");
    let bomb = browser.run("return globalThis.bomb", &[]);
    let bomb = format!("#s=1.{}", bomb.as_str().unwrap_or_default());
    let long = format!("#s=1.{}", "A".repeat(300_000));
    for bad in ["#s=", "#s=1.", "#s=1.!!!", "#s=1.q1YqLi1J", "#s=2.q1Y", bomb.as_str(), &long] {
        browser.go("about:blank");
        browser.go(&format!("{page}{bad}"));
        let said = told(&browser);
        assert!(said.contains("can't be read"), "{said}");
        assert!(browser.editor_text("config").contains("litellm_settings"), "the example is there");
    }
}

#[test]
fn each_tab_keeps_its_own_draft() {
    let (companion, browser, _directory) = desk();
    let page = companion.address.split('#').next().unwrap_or_default();
    browser.click(".drafts input");
    browser.paste("config", "# of this tab\n");
    browser.go("about:blank");
    browser.go(page);
    // What another tab keeps in the meantime.
    let other = "const draft = JSON.parse(localStorage.getItem('redproof-draft'));
        draft.texts[0] = '# of another tab';
        localStorage.setItem('redproof-draft', JSON.stringify(draft))";
    browser.run(other, &[]);
    browser.go(&format!("{page}?again"));
    browser.wait_for_text("config", "# of this tab\n");
    // This tab changed nothing since: what the other one keeps stays.
    browser.go("about:blank");
    browser.go(&format!("{page}?once-more"));
    let kept = "return JSON.parse(localStorage.getItem('redproof-draft')).texts[0]";
    assert_eq!(browser.run(kept, &[]), json!("# of another tab"));
    browser.click(".drafts input");
    let kept = "return [localStorage, sessionStorage].some((store) => 'redproof-draft' in store)";
    assert_eq!(browser.run(kept, &[]), json!(false), "switched off, nothing is left");
}

#[test]
fn a_draft_is_kept_when_wanted_and_no_link_takes_it() {
    let (companion, browser, _directory) = desk();
    let page = companion.address.split('#').next().unwrap_or_default();
    let stored = "return localStorage.length";
    browser.paste("config", "# mine\n");
    assert_eq!(browser.run(stored, &[]), json!(0), "it is off by default");
    browser.click(".drafts input");
    let warned = browser.texts(".drafts").concat();
    assert!(warned.contains("passwords"), "{warned}");
    browser.paste("config", "# mine, later\n");
    browser.go("about:blank");
    browser.go(page);
    browser.wait_for_text("config", "# mine, later\n");

    // A link that is opened in this very tab.
    browser.run("globalThis.old = true; location.hash = '#config=%23%20theirs'", &[]);
    browser
        .wait("the link is open", "return !globalThis.old && !!document.querySelector('.verdict')");
    browser.wait_for_text("config", "# theirs");
    assert!(told(&browser).contains("came from a link"));
    browser.paste("config", "# theirs, changed\n");
    browser.run("globalThis.old = true", &[]);
    browser.click("#told button");
    browser.wait(
        "the own text is back",
        "return !globalThis.old && !!document.querySelector('.verdict')",
    );
    browser.wait_for_text("config", "# mine, later\n");

    browser.click(".drafts input");
    assert_eq!(browser.run(stored, &[]), json!(0), "switched off, it is gone");
    browser.paste("config", "# kept in this tab alone\n");
    browser.go("about:blank");
    browser.go(page);
    browser.wait_for_text("config", "# kept in this tab alone\n");
    // Another tab begins with nothing of it.
    browser.run("sessionStorage.clear()", &[]);
    browser.go("about:blank");
    browser.go(page);
    assert!(!browser.editor_text("config").contains("this tab"));
}
