//! The settings and the upgrade.

use serde_json::json;

use crate::{choose, desk, view};

#[test]
fn connections_say_where_each_setting_comes_from() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                  host: redis.test\n    ssl: true\n    password: os.environ/REDIS_PASSWORD\n";
    browser.paste("config", config);
    browser.paste("environment", "REDIS_PORT=6380\nREDIS_PASSWORD=a-secret\n");
    view(&browser, "settings");
    let rows = browser.texts(".connections details[open] tbody tr");
    let row = |setting: &str| {
        rows.iter()
            .find(|row| row.starts_with(setting))
            .unwrap_or_else(|| panic!("no {setting} in {rows:?}"))
    };
    assert!(
        row("host").contains("redis.test") && row("host").contains("config.yaml:5"),
        "{rows:?}"
    );
    assert!(row("port").contains("6380") && row("port").contains(".env:1"), "{rows:?}");
    assert!(row("tls").contains("on"), "{rows:?}");
    assert!(row("password").contains("•••"), "{rows:?}");
    let result = browser.texts(".pane.result").concat();
    assert!(!result.contains("a-secret"), "the result shows a secret:\n{result}");
    // The row's place leads to the line that sets it.
    let follow = "[...document.querySelectorAll('.connections tbody tr')]
        .find((row) => row.textContent.startsWith('port')).querySelector('.place').click()";
    browser.run(follow, &[]);
    let focus = "return document.activeElement.closest('.pane')?.classList.contains('environment') ?? false";
    browser.wait("the environment's editor has the keyboard", focus);
}

#[test]
fn settings_say_how_long_an_unreachable_redis_holds_start_up_up() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                  host: redis.test\n    port: 6380\n";
    browser.paste("config", config);
    choose(&browser, ".bar .choice:nth-of-type(3) select", "8.1.0");
    view(&browser, "settings");
    let there =
        "return document.querySelector('.waits')?.textContent.includes('redis.test:6380') ?? false";
    browser.wait("how long it takes", there);
    let said = browser.texts(".waits").concat();
    for words in ["response cache", "where it refuses", "where it does not answer", "attempts"] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn the_upgrade_view_shows_both_sides() {
    let (_companion, browser, _directory) = desk();
    browser.paste(
        "config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
         host: redis.test\n    port: 6380\n",
    );
    browser.paste("environment", "REDIS_URL=rediss://:a-secret@<b>elsewhere:6390\n");
    choose(&browser, ".bar .choice:not(.example) select", "1.80.0");
    view(&browser, "upgrade");
    browser.wait("a comparison", "return !!document.querySelector('.upgrade .change')");
    let shown = browser.texts(".upgrade .comparison").concat();
    for expected in ["redis.test:6380", "plaintext", "since LiteLLM 1.93.0", "not safe"] {
        assert!(shown.contains(expected), "{expected} in {shown}");
    }
    assert!(!shown.contains("a-secret"), "{shown}");
    let injected = "return document.querySelectorAll('.comparison b b, .value b').length";
    assert_eq!(browser.run(injected, &[]), json!(0), "texts are not markup");
    // A place leads to its line.
    browser.click(".upgrade .side .place");
    let focus = "return !!document.activeElement.closest('.pane')";
    browser.wait("an editor has the keyboard", focus);
    // It follows the text, and the release that is chosen.
    choose(&browser, ".upgrade select", "1.81.0");
    browser.settle();
    let unbroken = "return !document.querySelector('.upgrade .change.error')";
    browser.wait("1.81.0 still takes REDIS_URL", unbroken);
    browser.paste("environment", "");
    let safe = "return document.querySelector('.upgrade .conclusion')?.textContent
        .includes('breaks and weakens nothing') || document.querySelector('.upgrade .conclusion')
        ?.textContent.includes('changes no connection')";
    browser.wait("nothing weakens without the variable", safe);
}

#[test]
fn on_the_newest_release_the_upgrade_view_says_what_to_compare() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "upgrade");
    // It opens filled: with what brought the newest release to what it does.
    browser.wait("a comparison", "return !!document.querySelector('.upgrade .change')");
    let said = browser.texts(".upgrade .instead").concat();
    assert!(said.contains("choose it at the top"), "{said}");
    // Of a release that is chosen twice, nobody says that it is the newest.
    choose(&browser, ".bar .choice:not(.example) select", "1.80.0");
    choose(&browser, ".upgrade select", "1.80.0");
    browser.wait(
        "it is not called the newest",
        "return document.querySelector('.upgrade .instead')?.textContent.startsWith('You are checking LiteLLM 1.80.0 already.') ?? false",
    );
    choose(&browser, ".upgrade select", "");
    choose(&browser, ".bar .choice:not(.example) select", "");
    // Each minor release is one group of the list, with those that were mended after it.
    let groups =
        "const labels = [...document.querySelectorAll('.bar .choice:not(.example) optgroup')]
            .map((one) => one.label);
        return labels.length === new Set(labels).size || labels";
    browser.wait("the releases are there", "return !!document.querySelector('.bar optgroup')");
    for select in [1, 2] {
        let groups = groups
            .replace(".choice:not(.example)", &format!(".choice:nth-of-type({})", select + 1));
        assert_eq!(browser.run(&groups, &[]), json!(true));
    }
    // Where every release does the same, there is nothing to compare.
    browser.paste("config", "litellm_settings: {}\n");
    browser.wait(
        "it says what to choose",
        "return document.querySelector('.upgrade .comparison').textContent.includes('run today at the top')",
    );
}

#[test]
fn the_other_release_can_be_checked_at_once() {
    let (_companion, browser, _directory) = desk();
    choose(&browser, ".bar .choice:not(.example) select", "1.80.0");
    view(&browser, "upgrade");
    let listed = "return !!document.querySelector('.upgrade option[value=\"1.92.2\"]')";
    browser.wait("the releases are listed", listed);
    choose(&browser, ".upgrade select", "1.92.2");
    browser.wait_for_texts(".check-on", &["Check on LiteLLM 1.92.2"]);
    browser.click(".check-on");
    browser.wait(
        "it is checked",
        "return document.querySelector('.verdict .headline').textContent.includes('1.92.2')
            && document.querySelector('.verdict').checkVisibility()",
    );
}

#[test]
fn one_request_says_whether_its_answer_is_cached() {
    let (_companion, browser, _directory) = desk();
    browser.paste(
        "config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.test\n    \
         port: 6380\n    ttl: 600\n",
    );
    view(&browser, "cache");
    let shared = browser.texts(".shared .part:first-child").concat();
    for words in ["cached answers", "the response cache's Redis", "shared"] {
        assert!(shared.contains(words), "{words} in {shared}");
    }
    let kept = browser.texts(".cache table").concat();
    assert!(kept.contains("answers, in Redis") && kept.contains("600 s"), "{kept}");
    let said = |expected: &str| {
        let script = format!(
            "return document.querySelector('.request [role=status]')?.textContent.includes({}) ?? false",
            json!(expected)
        );
        browser.wait(expected, &script);
    };
    said("to gpt-4o: cached");
    let write = "const field = document.querySelector('.request textarea');
        field.value = arguments[0];
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    browser.run(write, &[r#"{"model": "m", "messages": [], "cache": {"no-store": true}}"#]);
    said("to m: served from the cache, not stored");
    browser.run(write, &["{"]);
    said("not JSON");
    choose(&browser, ".request select", "/embeddings");
    browser.run(write, &[r#"{"model": "m", "input": "x"}"#]);
    said("/embeddings to m: cached");
}
