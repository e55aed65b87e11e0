//! Files that are dropped on the page.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::desk;

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";

/// Drops a file on the page: its name and what it holds.
fn drop_file(browser: &Browser, name: &str, text: &str) {
    let script = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([arguments[1]], arguments[0]));
        document.querySelector('.pane.config .cm-content').dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(script, &[name, text]);
    let told =
        format!("return document.querySelector('.notice').textContent.includes({})", json!(name));
    browser.wait(&format!("the page tells of {name}"), &told);
}

/// The names of the files in the lower pane.
fn names(browser: &Browser) -> Vec<String> {
    browser.texts(".pane.environment .files :is(h2, [aria-pressed])")
}

#[test]
fn a_manifest_is_a_file_of_its_own_and_counts() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let stops = "return [...document.querySelectorAll('.problem')]
        .some((problem) => problem.textContent.includes('Whether LiteLLM starts depends on'))";
    browser.wait("there is no Redis", stops);
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\nspec:\n  \
        template:\n    spec:\n      containers:\n        - name: litellm\n          env:\n            \
        - {name: REDIS_HOST, value: redis.test}\n            - {name: REDIS_PORT, value: '6380'}\n";
    drop_file(&browser, "deployment.yaml", manifest);
    assert_eq!(names(&browser), [".env", "deployment.yaml"]);
    assert_eq!(browser.texts(".map-wide .target"), ["Redisredis.test:6380"]);
    let shown = "return [...document.querySelectorAll('.pane.environment .editor')]
        .map((editor) => !editor.hidden)";
    assert_eq!(browser.run(shown, &[]), json!([false, true]), "the new file shows");

    // Dropped anew, it is a new text of the same file.
    drop_file(&browser, "deployment.yaml", &manifest.replace("redis.test", "other.test"));
    assert_eq!(names(&browser), [".env", "deployment.yaml"]);
    assert_eq!(browser.texts(".map-wide .target"), ["Redisother.test:6380"]);

    browser.click(".pane.environment .close");
    assert_eq!(names(&browser), [".env"]);
    browser.wait("there is no Redis again", stops);
}

#[test]
fn a_config_takes_the_configs_place_and_undo_brings_the_old_one_back() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    let config = "model_list: []\nlitellm_settings:\n  cache: false\n";
    drop_file(&browser, "mine.yaml", config);
    assert_eq!(browser.editor_text("config"), config);
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["\u{e009}", "z"]);
    assert_eq!(browser.editor_text("config"), CONFIG);
}

#[test]
fn a_dotenv_fills_the_empty_one_and_stands_beside_a_full_one() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    drop_file(&browser, "prod.env", "REDIS_URL=redis://one.test:1\n");
    assert_eq!(names(&browser), [".env"]);
    assert_eq!(browser.texts(".map-wide .target"), ["Redisone.test:1"]);
    drop_file(&browser, "test.env", "REDIS_URL=redis://two.test:2\n");
    assert_eq!(names(&browser), [".env", "test.env"]);
    // Findings lead into the file that they are about.
    browser.run(
        "document.querySelectorAll('.pane.environment .files [aria-pressed]')[0].click()",
        &[],
    );
    browser.run("document.querySelector('.map-wide .edge').focus()", &[]);
    browser.press(&["\u{e007}"]);
    browser.wait(
        "the second file has the keyboard",
        "return !!document.activeElement.closest('.pane.environment .editor:nth-of-type(3):not([hidden])')",
    );
}

#[test]
fn a_requirements_file_chooses_the_releases() {
    let (_companion, browser, _directory) = desk();
    let pair = |expected: &str| {
        let pair = browser.texts(".verdict .pair").concat();
        assert!(pair.contains(expected), "{pair}");
    };
    drop_file(&browser, "requirements.txt", "litellm[proxy]==1.80.0\nredis==5.3.1\n");
    assert_eq!(
        browser.texts(".notice"),
        ["requirements.txt names LiteLLM 1.80.0 and redis-py 5.3.1: chosen above."]
    );
    pair("LiteLLM 1.80.0 on redis-py 5.3.1");
    assert_eq!(names(&browser), [".env"], "it is not a file of the environment");
    let lock = "[[package]]\nname = \"redis\"\nversion = \"6.4.0\"\n";
    drop_file(&browser, "uv.lock", lock);
    assert_eq!(browser.texts(".notice"), ["uv.lock names redis-py 6.4.0: chosen above."]);
    pair("LiteLLM 1.80.0 on redis-py 6.4.0");
    drop_file(&browser, "constraints.txt", "litellm>=1.80\nredis==1.0.0\n");
    assert_eq!(
        browser.texts(".notice"),
        ["constraints.txt was not taken: it names no release that is known here."]
    );
    pair("LiteLLM 1.80.0 on redis-py 6.4.0");
}

#[test]
fn what_is_no_text_is_refused() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    drop_file(&browser, "dump.rdb", "REDIS\0\0\0");
    assert_eq!(browser.texts(".notice"), ["dump.rdb was not taken: it is no text."]);
    let large = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(5 << 20)], 'large.yaml'));
        document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(large, &[]);
    let told = "return document.querySelector('.notice').textContent.includes('4 MB')";
    browser.wait("the page tells of large.yaml", told);
    assert_eq!(browser.editor_text("config"), CONFIG);
    assert_eq!(names(&browser).len(), 1);
}
