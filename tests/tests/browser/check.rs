//! The check: what was found, where, and how it is fixed.

use crate::{choose, codes, desk, lists, seeds, view};

#[test]
fn pasted_configurations_show_what_check_says() {
    let (_companion, browser, _directory) = desk();
    for (name, config, environment) in seeds() {
        browser.paste("config", &config);
        browser.paste("environment", &environment);
        assert_eq!(browser.editor_text("config"), config, "{name}");
        let shown = codes(&config, &environment);
        lists(&browser, &name, &shown);
        let marks = browser.texts(".pane.config .cm-lintRange, .pane.config .cm-lintPoint");
        assert_eq!(marks.is_empty(), shown.is_empty(), "{name}: squiggles for {shown:?}");
    }
}

#[test]
fn what_hangs_on_the_release_is_found_too() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n";
    browser.paste("config", config);
    browser.paste("environment", "REDIS_SSL=true\nREDIS_SSL_CHECK_HOSTNAME=true\n");
    choose(&browser, ".bar .choice:not(.example) select", "1.80.0");
    let listed = "return [...document.querySelectorAll('.problems .finding-code')]
        .some((code) => code.textContent === 'RP902')";
    browser.wait("RP902 is listed", listed);
    // It stays, in its place, while the text before it is changed.
    let place = |line: u32| {
        let place = format!(
            "const found = [...document.querySelectorAll('.problem')].find((one) => one.textContent.includes('RP902'));
            return found?.querySelector('.place').textContent === '.env:{line}'"
        );
        browser.wait(&format!("RP902 stands in line {line}"), &place);
    };
    place(1);
    browser.run("document.querySelector('.pane.environment .cm-content').focus()", &[]);
    browser.press(&["\u{e009}", "\u{e011}"]);
    browser.press(&["\u{e007}"]);
    place(2);
    choose(&browser, ".bar .choice:last-of-type select", "5.3.1");
    let gone = listed.replace("return ", "return !");
    browser.wait("a release that was chosen needs no guess", &gone);
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
    // A fix is that of its own problem, wherever it is in the list.
    browser
        .paste("config", &config.replace("port: 6379\n    ", "").replace("prot: 1", "prot: 6379"));
    browser.click(".problem .fix");
    assert!(browser.editor_text("config").contains("\n    port: 6379\n"));
}

#[test]
fn a_chip_of_the_verdict_shows_the_problems_that_are_about_it() {
    let (_companion, browser, _directory) = desk();
    lists(&browser, "the example", &["RP301", "RP110", "RP304"]);
    browser.run("document.querySelectorAll('.chip')[1].click()", &[]);
    lists(&browser, "TLS", &["RP301"]);
    assert_eq!(browser.texts(".problems h2 .count"), ["1 of 3"]);
    assert!(!browser.texts(".map-wide .edge.lit").is_empty(), "those that lack it light up");
    browser.click(".show-all");
    lists(&browser, "all", &["RP301", "RP110", "RP304"]);
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
fn a_click_fixes_a_problem_and_undo_brings_it_back() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings: # é\n  cache: true\n  cache_params:\n    type: redis\n    \
                  sentinel_hosts:\n      - host: sentinel-1\n        port: 26379\n    \
                  sentinel_master: mymaster\n    ssl: true\n";
    browser.paste("config", config);
    browser.paste("environment", "");
    let stops = "return !!document.querySelector('.problem.warning .fix')";
    let starts = "return !document.querySelector('.problem.warning .fix')";
    browser.wait("the sentinels are found to be no target", stops);
    let mut fixes = 0;
    while fixes < 5 && !browser.texts(".problem.warning .fix").is_empty() {
        browser.click(".problem.warning .fix");
        fixes += 1;
    }
    browser.wait("the fixes name the sentinels", starts);
    let text = browser.editor_text("config");
    assert!(text.starts_with("litellm_settings: # é\n"), "comments stay: {text}");
    assert!(text.contains("sentinel_nodes") && text.contains("service_name"), "{text}");
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    for _ in 0..fixes {
        browser.press(&["\u{e009}", "z"]);
    }
    browser.wait_for_text("config", config);
    browser.wait("undo brings the problem back", stops);
}

#[test]
fn releases_change_the_answer() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n");
    browser.paste("environment", "REDIS_HOST=redis.test\nREDIS_PORT=6379\nREDIS_SSL=true\n");
    let (first, second) =
        (".bar .choice:nth-of-type(2) select", ".bar .choice:nth-of-type(3) select");
    for (litellm, redis_py, tls) in [
        ("1.80.0", "5.3.1", "TLS"),
        ("1.80.0", "8.1.0", "TLS unknown"),
        ("1.109.1", "8.1.0", "TLS"),
    ] {
        choose(&browser, first, litellm);
        choose(&browser, second, redis_py);
        browser.click(".views button");
        let pair = format!("LiteLLM {litellm} on redis-py {redis_py}");
        let script =
            format!("return document.querySelector('.pair').textContent.includes('{pair}')");
        browser.wait(&pair, &script);
        view(&browser, "settings");
        let badges = browser.texts(".connections .badge");
        assert!(
            badges.iter().all(|badge| badge.split(',').next() == Some(tls)),
            "{pair}: {badges:?}"
        );
    }
}

/// Whoever made a fix by its button takes it back by the key that takes back everywhere.
#[test]
fn the_key_takes_back_a_fix_outside_of_the_editors() {
    let (_companion, browser, _directory) = desk();
    let example = browser.editor_text("config");
    browser.run("document.querySelector('.problem .fix').focus()", &[]);
    browser.press(&["\u{e007}"]);
    browser.wait("it says so", "return !document.querySelector('.toast').hidden");
    assert_ne!(browser.editor_text("config"), example);
    assert_eq!(browser.run("return !!document.activeElement.closest('.cm-content')", &[]), false);
    browser.press(&["\u{e009}", "z"]);
    browser.wait_for_text("config", &example);
    // What it told of is over, and the key does no more.
    browser.wait("the line goes", "return document.querySelector('.toast').hidden");
    browser.press(&["\u{e009}", "z"]);
    browser.wait_for_text("config", example);
}

#[test]
fn a_fix_shows_what_it_changes_before_it_is_made() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                  host: redis.test\n    port: 6380\n    ssl: true\nrouter_settings:\n  \
                  redis_host: redis.test\n  redis_port: 6380\n";
    browser.paste("config", config);
    browser.paste("environment", "");
    let open = "return document.querySelectorAll('.map-wide .edge.open').length";
    browser.settle();
    assert_ne!(browser.run(open, &[]), serde_json::json!(0));
    browser.click(".problem .preview-it");
    browser.wait("the lines show", "return !!document.querySelector('.diff .added')");
    assert!(browser.texts(".diff .added").concat().contains("ssl: true"));
    assert!(browser.texts(".preview").concat().contains("Then: LiteLLM"));
    browser.wait("the map shows the connections then", &open.replace("return ", "return 0 === "));
    assert_eq!(browser.editor_text("config"), config, "nothing is changed yet");
    browser.click(".problem .preview-it");
    browser.wait("it is as before", &open.replace("return ", "return 0 !== "));
    browser.click(".problem .preview-it");
    browser.wait("the lines show", "return !!document.querySelector('.diff .added')");
    browser.click(".problem .fix");
    browser.wait("it is made", &open.replace("return ", "return 0 === "));
    browser.wait("no preview is left", "return !document.querySelector('.preview, .previewed')");
    browser.click(".toast button");
    browser.wait("undo brings the text back", &open.replace("return ", "return 0 !== "));
    browser.wait_for_text("config", config);
}
