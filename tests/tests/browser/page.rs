//! The page as a whole: failures, other origins, narrow windows.

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;

use crate::{desk, drop_files};

#[test]
fn the_text_survives_a_failure_of_the_checker() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: true\n");
    // A module of one function, which traps.
    let fail = "
        redproof.panicked('crates/one.rs:7:1', '0.0.1');
        const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0,
            10, 5, 1, 3, 0, 0, 11];
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
        setTimeout(() => exports.f())";
    browser.run(fail, &[]);
    browser.wait("the failure is told", "return !document.getElementById('failure').hidden");
    let report = browser.run("return document.getElementById('failure-report').href", &[]);
    let report = report.as_str().unwrap_or_default();
    let place = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues/new?");
    assert!(report.starts_with(place), "{report}");
    assert!(report.contains("one.rs") && report.contains("0.0.1"), "{report}");
    assert!(!report.contains("litellm_settings"), "the text is not in the report: {report}");
    browser.click("#failure-restart");
    browser.wait("it runs again", "return !!document.querySelector('.verdict')");
    browser.wait_for_text("config", "litellm_settings:\n  cache: true\n");
    browser.paste("config", "cache: [\n");
    let found = "return document.querySelector('.verdict').classList.contains('error')";
    browser.wait("it checks again", found);
}

/// The memory of the page's own wasm is overwritten: what it does next traps, wherever that is.
#[test]
fn the_text_survives_when_the_checker_itself_traps() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: true\n");
    browser.paste("environment", "REDIS_HOST=redis.internal\n");
    // The module is the page's own, and is running already: it gives what it exports.
    let overwrite = "
        const [script] = document.querySelector('meta[name=\"redproof-app\"]').content.split(' ');
        return import(new URL(script, document.baseURI).href)
            .then((app) => app.default())
            .then(({ memory }) => {
                new Uint8Array(memory.buffer).fill(255);
                return memory.buffer.byteLength > 1_000_000;
            })";
    assert_eq!(browser.run(overwrite, &[]), json!(true), "the checker's memory is at hand");
    let after = "litellm_settings:\n  cache: true\n  cache_params: {type: redis}\n";
    browser.paste("config", after);
    browser.wait("the failure is told", "return !document.getElementById('failure').hidden");
    assert_ne!(browser.texts("#failure-reason"), [""], "it says what happened");
    let report = browser.run("return document.getElementById('failure-report').href", &[]);
    let report = report.as_str().unwrap_or_default();
    assert!(!report.contains("cache_params") && !report.contains("redis.internal"), "{report}");
    // The editors are not part of the wasm: they hold the text, and take more.
    browser.wait_for_text("config", after);
    browser.paste("environment", "REDIS_HOST=another.internal\n");
    browser.click("#failure-restart");
    browser.wait("it runs again", "return !!document.querySelector('.verdict')");
    browser.wait_for_text("config", after);
    browser.wait_for_text("environment", "REDIS_HOST=another.internal\n");
    browser.paste("config", "cache: [\n");
    let found = "return document.querySelector('.verdict').classList.contains('error')";
    browser.wait("it checks again", found);
    browser.click(".verdict");
    // Nothing of the dead page hears what is done in the new one.
    let hidden = "return document.getElementById('failure').hidden";
    assert_eq!(browser.run(hidden, &[]), json!(true));
}

#[test]
fn nothing_comes_from_elsewhere() {
    let (companion, browser, _directory) = desk();
    let script = "return performance.getEntriesByType('resource').map((entry) => entry.name)";
    let loaded: Vec<String> = serde_json::from_value(browser.run(script, &[])).expect("addresses");
    let origin = companion.address.split("/#").next().unwrap_or_default();
    assert!(loaded.len() >= 5, "{loaded:?}");
    for address in loaded {
        assert!(address.starts_with(origin), "{address} is not of {origin}");
    }
    let inject = "
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = true';
        document.head.append(script);
        return globalThis.injected === undefined";
    assert_eq!(browser.run(inject, &[]), json!(true), "an inline script must not run");
}

#[test]
fn a_phone_shows_one_part_at_a_time() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 500, 800);
    // Chromium's narrowest window is 500 pixels wide.
    browser.resize(360, 740);
    let fits = "return document.documentElement.scrollWidth <= 360";
    let shown = "return [...document.querySelectorAll('.pane')]
        .filter((pane) => pane.offsetParent !== null).map((pane) => pane.classList[1])";
    for (tab, part) in ["config", "environment", "result"].iter().enumerate() {
        browser.click(&format!(".tabs button:nth-child({})", tab + 1));
        browser.wait("the page fits", fits);
        let script =
            format!("return document.querySelector('.page').classList.contains('shows-{part}')");
        browser.wait(part, &script);
        assert_eq!(browser.run(shown, &[]), json!([part]));
    }
}

/// A narrow page does what a wide one does: it takes files, starts over, chooses and closes.
#[test]
fn on_a_phone_files_are_added_chosen_and_closed() {
    let (_companion, browser, _directory) = desk();
    for width in [320, 768] {
        browser.resize(width, 740);
        let shown = "return [...document.querySelectorAll('.pane.config .files button')]
            .filter((one) => one.checkVisibility()).map((one) => one.textContent)";
        browser.wait("the config shows", "return !!document.querySelector('.shows-config')");
        assert_eq!(browser.run(shown, &[]), json!(["Add files…", "New", "Wrap"]), "at {width}");
    }
    let config = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: one.test, port: 1}\n";
    browser.paste("config", config);
    drop_files(&browser, &[("two.yaml", &config.replace("one", "two"))]);
    browser.click(".intake-question .fix");
    browser.wait("it shows", "return !!document.querySelector('.shows-environment .check-it')");
    browser.click(".check-it");
    browser.wait_for_texts(".map-narrow .target", &["Redistwo.test:1"]);
    browser.click(".tabs button:nth-child(2)");
    drop_files(&browser, &[("secret.yaml", "kind: Secret\nmetadata: {name: litellm}\n")]);
    browser
        .wait("it shows", "return !!document.querySelector('.shows-environment .chosen .close')");
    browser.click(".files .chosen .close");
    browser.wait("it is closed", "return document.querySelectorAll('.tabs button').length === 4");
    // Of a folder, those that are not used are within reach too.
    let beside = [("config.yaml", config), ("other.env", "A=1\n")];
    drop_files(&browser, &beside);
    browser.click(".intake-question .primary");
    browser.wait_for_texts(".tabs .name", &["config.yaml", ".env"]);
    browser.click(".tabs button:nth-child(2)");
    browser.wait(
        "they are listed",
        "return document.querySelector('.unused')?.checkVisibility() ?? false",
    );
}

#[test]
fn on_a_phone_a_problem_leads_to_its_line_too() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: \"true\"\n");
    browser.resize(360, 780);
    browser.click(".tabs button:last-child");
    browser.click(".problem .place");
    browser.wait(
        "the editor shows and has the keyboard",
        "return document.activeElement.closest('.pane.config')?.offsetParent !== null
            && !!document.activeElement.closest('.pane.config')",
    );
}

#[test]
fn the_page_looks_as_the_user_wants_it() {
    let (_companion, browser, _directory) = desk();
    browser.prefer("dark");
    let ground = "return getComputedStyle(document.documentElement).backgroundColor";
    let dark = browser.run(ground, &[]);
    browser.click(".theme-button");
    browser.wait("the theme is light", "return document.documentElement.dataset.theme === 'light'");
    assert_ne!(browser.run(ground, &[]), dark, "regardless of the system");
    browser.run("location.reload()", &[]);
    browser.wait("it is kept", "return document.documentElement.dataset.theme === 'light'");
    browser.settle();
    assert_ne!(browser.run(ground, &[]), dark);

    browser.click(".wrap-it");
    browser.wait("long lines wrap", "return !!document.querySelector('.cm-lineWrapping')");
    browser.click(".fold-it");
    let folded = "return document.querySelector('.pane.environment .editor').checkVisibility()";
    browser.wait("the environment is folded away", &folded.replace("return ", "return !"));
    browser.click(".fold-it");
    browser.wait("and back", folded);

    let width = "return document.querySelector('.pane.config').getBoundingClientRect().width";
    let before = browser.run(width, &[]).as_f64().unwrap_or_default();
    browser.run("document.querySelector('.splitter.columns').focus()", &[]);
    browser.press(&["\u{e014}"]);
    let wider = format!("{width} > {}", before + 20.0);
    browser.wait("the texts are wider", &wider);
}

/// A page of the book opens beside the text, where the book is.
#[test]
fn the_book_opens_beside_the_text() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let site = directory.path().join("site");
    std::fs::create_dir_all(site.join("docs/rules")).expect("a folder");
    for file in std::fs::read_dir(page()).expect("the page").map_while(Result::ok) {
        if file.path().is_file() {
            std::fs::copy(file.path(), site.join(file.file_name())).expect("a copy");
        }
    }
    let rule = "<html><body><nav>Contents</nav><main><h1>RP301</h1><p>Why it matters. \
        <a href=\"RP302.html\">Another</a></p><script>globalThis.injected = true</script></main></body></html>";
    std::fs::write(site.join("docs/rules/RP301.html"), rule).expect("it is written");
    let companion = Companion::start(&site, directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    browser.paste("environment", "");
    browser.paste(
        "config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    \
         port: 1\n    ssl: true\nrouter_settings:\n  redis_host: h\n  redis_port: 1\n",
    );
    let open = "[...document.querySelectorAll('.finding-code')]
        .find((code) => code.textContent === 'RP301').click()";
    browser.run(open, &[]);
    browser.wait(
        "the page of the rule",
        "return document.querySelector('#beside .book')?.textContent.includes('Why it matters.') ?? false",
    );
    let shown = browser.texts("#beside").concat();
    assert!(!shown.contains("Contents"), "{shown}");
    assert_eq!(browser.run("return globalThis.injected ?? null", &[]), json!(null));
    let link = "return document.querySelector('#beside .book a').pathname";
    assert_eq!(browser.run(link, &[]), json!("/docs/rules/RP302.html"));
    browser.press(&["\u{e00c}"]);
    browser.wait("it closes", "return document.getElementById('beside').hidden");
}
