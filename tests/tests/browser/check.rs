//! The check: what was found, where, and how it is mended.

use crate::{choose, codes, desk, seeds, view};

#[test]
fn pasted_configurations_show_what_check_says() {
    let (_companion, browser, _directory) = desk();
    for (name, config, environment) in seeds() {
        browser.paste("config", &config);
        browser.paste("environment", &environment);
        assert_eq!(browser.editor_text("config"), config, "{name}");
        let shown = browser.texts(".problems .finding-code");
        assert_eq!(shown, codes(&config, &environment), "{name}");
        let marks = browser.texts(".pane.config .cm-lintRange, .pane.config .cm-lintPoint");
        assert_eq!(marks.is_empty(), shown.is_empty(), "{name}: squiggles for {shown:?}");
    }
}

#[test]
fn an_empty_page_says_how_to_begin() {
    let (_companion, browser, _directory) = desk();
    for blank in ["", "# to be written\n\n"] {
        browser.paste("config", blank);
        assert_eq!(browser.texts(".verdict .headline"), ["Nothing to check yet"]);
        assert!(browser.texts(".problem, .pane.config .cm-lint-marker").is_empty(), "{blank:?}");
    }
    browser.click(".verdict .fix");
    browser.wait("the forms are there", "return !!document.querySelector('.bench .view.start')");
}

#[test]
fn the_worst_comes_first() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                  host: localhost\n    port: 6379\n    password: correct-horse\n    prot: 1\n";
    browser.paste("config", config);
    browser.paste("environment", "");
    assert_eq!(browser.texts(".problem .finding-code"), ["RP103", "RP307"]);
    // A fix is that of its own problem, wherever it stands in the list.
    browser
        .paste("config", &config.replace("port: 6379\n    ", "").replace("prot: 1", "prot: 6379"));
    browser.click(".problem .fix");
    assert!(browser.editor_text("config").contains("\n    port: 6379\n"));
}

#[test]
fn a_problem_leads_to_its_place() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "# é 🔑\nlitellm_settings:\n  cache: \"true\"\n");
    browser.click(".problem .place");
    let focus =
        "return document.activeElement.closest('.pane')?.classList.contains('config') ?? false";
    browser.wait("the editor has the keyboard", focus);
    let line = browser.texts(".pane.config .cm-activeLine");
    assert_eq!(line, ["cache: \"true\""]);
}

#[test]
fn a_click_mends_a_problem_and_undo_brings_it_back() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings: # é\n  cache: true\n  cache_params:\n    type: redis\n    \
                  sentinel_hosts:\n      - host: sentinel-1\n        port: 26379\n    \
                  sentinel_master: mymaster\n    ssl: true\n";
    browser.paste("config", config);
    browser.paste("environment", "");
    let stops = "return document.querySelector('.verdict').textContent.includes('does not start')";
    let starts = "return document.querySelector('.verdict').textContent.includes('LiteLLM starts')";
    browser.wait("LiteLLM does not start", stops);
    let mut fixes = 0;
    while fixes < 5 && !browser.texts(".problem.error .fix").is_empty() {
        browser.click(".problem.error .fix");
        fixes += 1;
    }
    browser.wait("the fixes make it start", starts);
    let mended = browser.editor_text("config");
    assert!(mended.starts_with("litellm_settings: # é\n"), "comments stay: {mended}");
    assert!(mended.contains("sentinel_nodes") && mended.contains("service_name"), "{mended}");
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    for _ in 0..fixes {
        browser.press(&["\u{e009}", "z"]);
    }
    assert_eq!(browser.editor_text("config"), config);
    browser.wait("undo brings the problem back", stops);
}

#[test]
fn releases_change_the_answer() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n");
    browser.paste("environment", "REDIS_HOST=redis.test\nREDIS_PORT=6379\nREDIS_SSL=true\n");
    let (first, second) =
        (".bar .choice:nth-of-type(2) select", ".bar .choice:nth-of-type(3) select");
    for (litellm, redis_py, tls) in
        [("1.80.0", "5.3.1", "TLS"), ("1.80.0", "8.1.0", "plaintext"), ("1.109.1", "8.1.0", "TLS")]
    {
        choose(&browser, first, litellm);
        choose(&browser, second, redis_py);
        browser.click(".views button");
        let pair = format!("LiteLLM {litellm} on redis-py {redis_py}");
        let script =
            format!("return document.querySelector('.pair').textContent.includes('{pair}')");
        browser.wait(&pair, &script);
        view(&browser, "settings");
        let badges = browser.texts(".connections .badge");
        assert!(badges.iter().all(|badge| badge == tls), "{pair}: {badges:?}");
    }
}
