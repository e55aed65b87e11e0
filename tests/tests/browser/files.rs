//! Files that are dropped on the page.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::{choose, desk, drop_files};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";

/// Drops a file on the page, and waits until the page says what became of it.
fn drop_file(browser: &Browser, name: &str, text: &str) {
    drop_files(browser, &[(name, text)]);
    let told =
        format!("return document.querySelector('.notice').textContent.includes({})", json!(name));
    browser.wait(&format!("the page tells of {name}"), &told);
}

/// The names of the files in the lower pane.
const NAMES: &str = ".pane.environment .files :is(h2, [aria-pressed])";

fn names(browser: &Browser) -> Vec<String> {
    browser.texts(NAMES)
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
    browser.wait(
        "the new text counts",
        "return document.querySelector('.map-wide .target').textContent === 'Redisother.test:6380'",
    );

    browser.click(".pane.environment .close");
    assert_eq!(names(&browser), [".env"]);
    browser.wait("there is no Redis again", stops);
}

#[test]
fn a_config_takes_the_configs_place_and_undo_brings_the_old_one_back() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    let config = "model_list: []\nlitellm_settings:\n  cache: false\n";
    drop_files(&browser, &[("mine.yaml", config)]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    assert_eq!(browser.editor_text("config"), CONFIG, "nothing is replaced unasked");
    browser.click(".intake-question .primary");
    browser.settle();
    browser.wait_for_text("config", config);
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["\u{e009}", "z"]);
    browser.wait_for_text("config", CONFIG);
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
        ["Skipped constraints.txt: it names no supported release."]
    );
    pair("LiteLLM 1.80.0 on redis-py 6.4.0");
}

#[test]
fn what_is_no_text_is_refused() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    drop_file(&browser, "dump.rdb", "REDIS\0\0\0");
    assert_eq!(browser.texts(".notice"), ["Skipped dump.rdb: it is not text."]);
    let large = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(5 << 20)], 'large.yaml'));
        document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    browser.run(large, &[]);
    let told = "return document.querySelector('.notice').textContent.includes('4 MB')";
    browser.wait("the page tells of large.yaml", told);
    browser.wait_for_text("config", CONFIG);
    assert_eq!(names(&browser).len(), 1);
}

/// What is pasted over the example is judged alone: the example's environment is another deployment's.
#[test]
fn a_first_paste_puts_the_example_away() {
    let (_companion, browser, _directory) = desk();
    assert_ne!(browser.editor_text("environment"), "", "the example has an environment");
    let example = browser.editor_text("config");
    let config =
        "litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n";
    browser.paste("config", config);
    browser.settle();
    let empty = "return !!document.querySelector('.pane.environment .cm-placeholder')";
    assert_eq!(browser.run(empty, &[]), json!(true), "its environment is put away");
    let problems = browser.texts(".problem.error");
    assert!(problems.is_empty(), "{problems:?}");
    assert!(browser.texts(".toast p").concat().contains("put away"));
    browser.click(".toast button");
    browser.settle();
    browser.wait_for_text("config", example);
    assert_ne!(browser.editor_text("environment"), "");
}

/// The editor's own undo of that first paste brings all of the example back, not half of it.
#[test]
fn undo_of_a_first_paste_brings_the_whole_example_back() {
    let (_companion, browser, _directory) = desk();
    let [config, environment] = ["config", "environment"].map(|one| browser.editor_text(one));
    browser.paste("config", "litellm_settings: {cache: true}\n");
    browser.wait_for_text("environment", "NAME=value lines, a Deployment or a compose file");
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["\u{e009}", "z"]);
    browser.wait_for_text("config", config);
    browser.wait_for_text("environment", environment);
    let chosen = "return document.querySelector('.bar .example select').value === '0'";
    browser.wait("it is the example again", chosen);
    assert_eq!(browser.run("return document.querySelector('.toast').hidden", &[]), json!(true));
}

/// What the page is for, and how to begin, is said until the visitor has files of their own.
#[test]
fn the_first_glance_says_what_this_is_and_how_to_begin() {
    let (_companion, browser, _directory) = desk();
    let said = browser.texts(".hello").concat();
    assert!(said.contains("before you deploy") && said.contains("nothing is sent"), "{said}");
    let example = browser.editor_text("config");
    browser.run("document.querySelectorAll('.hello .fix')[1].click()", &[]);
    browser.wait(
        "another example",
        "return document.querySelector('.bar .example select').value === '1'",
    );
    assert_ne!(browser.editor_text("config"), example);
    // Typing into an example moves nothing under the hands of who types.
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["#"]);
    browser.settle();
    assert_eq!(browser.texts(".hello").len(), 1);
    browser.click(".hello .primary");
    browser.wait_for_texts(".verdict .headline", &["Nothing to check yet"]);
    let ready = "return !document.querySelector('.hello')
        && !!document.activeElement.closest('.pane.config')";
    browser.wait("the empty config has the keyboard", ready);
    assert!(browser.texts(".toast p").concat().contains("Paste your config.yaml"));
}

/// Drops a folder of this machine on the page, as a user does.
fn drop_folder(browser: &Browser, folder: &std::path::Path) {
    let data = json!({ "items": [], "files": [folder], "dragOperationsMask": 1 });
    for kind in ["dragEnter", "dragOver", "drop"] {
        let event = json!({ "type": kind, "x": 300, "y": 400, "data": data });
        browser.develop("Input.dispatchDragEvent", &event);
    }
}

/// As `redproof check FOLDER` picks them: `.env` is read although `.gitignore` names it, as everywhere.
#[test]
fn of_a_dropped_folder_what_git_ignores_is_left_out() {
    let (_companion, browser, directory) = desk();
    let folder = directory.path().join("gateway");
    for (name, text) in [
        (".gitignore", "/build/\n*.bak.yaml\n.env\n"),
        ("config.yaml", CONFIG),
        (".env", "REDIS_HOST=redis.test\nREDIS_PORT=6380\n"),
        ("build/config.yaml", "litellm_settings: {cache: false}\n"),
        ("old.bak.yaml", "litellm_settings: {cache: false}\n"),
        ("sub/.gitignore", "!kept.bak.yaml\n"),
        ("sub/kept.bak.yaml", "router_settings: {redis_host: other.test}\n"),
        ("node_modules/litellm/config.yaml", "litellm_settings: {cache: false}\n"),
    ] {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    drop_folder(&browser, &folder);
    browser.wait_for_texts(".map-wide .target", &["Redisredis.test:6380"]);
    let kept =
        "return JSON.parse(sessionStorage.getItem('redproof-tab') ?? '{}').names?.toSorted().join()
        === 'gateway/.env,gateway/config.yaml,gateway/sub/kept.bak.yaml'";
    browser.wait("these files are on the page", kept);
}

/// A deployment, as two files.
fn deployment(host: &str) -> [(String, String); 2] {
    [
        ("config.yaml".to_owned(), format!("{CONFIG}    host: {host}\n    port: 6379\n")),
        (
            "deployment.yaml".to_owned(),
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\nspec:\n  \
             template:\n    spec:\n      containers:\n        - name: litellm\n          \
             image: ghcr.io/berriai/litellm:v1.80.0-stable\n          \
             env: [{name: REDIS_SSL, value: 'true'}]\n"
                .to_owned(),
        ),
    ]
}

#[test]
fn the_next_deployment_keeps_nothing_of_the_last() {
    let (_companion, browser, _directory) = desk();
    let drop = |files: &[(String, String)]| {
        let files: Vec<_> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        drop_files(&browser, &files);
    };
    drop(&deployment("one"));
    browser.wait(
        "it is in",
        "return document.querySelector('.notice').textContent.includes('1 config')",
    );
    browser.wait_for_texts(NAMES, &[".env", "deployment.yaml"]);
    let mut second = deployment("two").to_vec();
    second[1].0 = "other.yaml".to_owned();
    second.push(("README.md".to_owned(), "Nothing to see.\n".to_owned()));
    drop(&second);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .primary");
    browser.settle();
    assert_eq!(names(&browser), [".env", "other.yaml"]);
    assert_eq!(browser.texts(".map-wide .target"), ["Redistwo:6379"]);
    browser.click(".toast button");
    browser.settle();
    assert_eq!(names(&browser), [".env", "deployment.yaml"], "Undo brings the first one back");
}

#[test]
fn two_hundred_files_are_taken_at_once() {
    let (_companion, browser, _directory) = desk();
    let mut files: Vec<(String, String)> = (0..200)
        .map(|at| {
            (format!("svc-{at}.yaml"), format!("kind: Service\nmetadata: {{name: svc-{at}}}\n"))
        })
        .collect();
    files.extend(deployment("redis.test"));
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    drop_files(&browser, &files);
    browser.wait(
        "they are in",
        "return document.querySelector('.notice').textContent.startsWith('202 files')",
    );
    let notice = browser.texts(".notice").concat();
    assert_eq!(notice, "202 files: 1 config, 1 file with settings, 200 not used.");
    assert_eq!(names(&browser), [".env", "deployment.yaml"]);
    assert_eq!(browser.texts(".map-wide .target"), ["Redisredis.test:6379"]);
}

#[test]
fn of_two_configs_one_is_checked_and_the_other_can_be() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", &format!("{CONFIG}    host: one.test\n    port: 1\n"));
    let other = format!("{CONFIG}    host: two.test\n    port: 2\n");
    drop_files(&browser, &[("second.yaml", &other)]);
    browser.wait("it asks", "return !!document.querySelector('.intake-question')");
    browser.click(".intake-question .fix");
    assert_eq!(browser.texts(".map-wide .target"), ["Redisone.test:1"]);
    browser.click(".check-it");
    assert_eq!(browser.texts(".map-wide .target"), ["Redistwo.test:2"]);
}

const COMPOSE: &str = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    \
    command: [--config, /app/config.yaml]\n    volumes: ['./conf/config.yaml:/app/config.yaml']\n    \
    environment: {REDIS_HOST: redis.test, REDIS_PORT: '6380'}\n  canary:\n    \
    image: ghcr.io/berriai/litellm:v1.74.0-stable\n    command: [--config, /app/config.yaml]\n    \
    volumes: ['./conf/config.yaml:/app/config.yaml']\n    environment: {REDIS_HOST: canary.test}\n";

#[test]
fn a_folder_is_judged_as_it_is_deployed() {
    let (_companion, browser, _directory) = desk();
    drop_files(
        &browser,
        &[
            ("conf/config.yaml", CONFIG),
            ("compose.yaml", COMPOSE),
            ("prod.env", "REDIS_HOST=other.test\n"),
            ("README.md", "Nothing to see.\n"),
        ],
    );
    browser.wait_for_texts(".map-wide .target", &["Redisredis.test:6380"]);
    browser.wait_for_texts(".notice", &["4 files: 1 config, 1 file with settings, 2 not used."]);
    let pair =
        "return document.querySelector('.verdict .pair').textContent.includes('LiteLLM 1.80.0')";
    browser.wait("the release is that of the image", pair);
    browser.wait_for_texts(".verdict .runs-it", &["compose.yaml, service litellm runs it."]);
    assert_eq!(browser.texts(".pane.config .role"), ["config"]);
    assert_eq!(
        browser.texts(".pane.environment .files .file.chosen > [aria-pressed]"),
        ["compose.yaml"]
    );
    assert_eq!(browser.texts(".pane.environment .files .file.chosen .role"), ["release 1.80.0"]);
    assert_eq!(
        browser.texts(".unused li"),
        ["prod.env What runs the config does not reference it."]
    );

    // The list of deployments is over none of the buttons beside it.
    let covers = "const parts = [...document.querySelectorAll('.pane.config .files > *')]
            .map((part) => part.getBoundingClientRect());
        return parts.slice(1).filter((part, at) => part.left < parts[at].right - 1).length";
    for width in [320, 1000, 1440] {
        browser.resize(width, 900);
        assert_eq!(browser.run(covers, &[]), json!(0), "at {width}");
    }
    browser.resize(1280, 900);
    // The other deployment, by the list.
    choose(&browser, ".deployment select", "1");
    browser.wait_for_texts(".map-wide .target", &["Rediscanary.test:6379"]);
    browser.wait_for_texts(".verdict .runs-it", &["compose.yaml, service canary runs it."]);

    // A reload keeps the choice.
    browser.wait(
        "it is kept",
        "return (sessionStorage.getItem('redproof-tab') ?? '').includes('service canary')",
    );
    browser.run("location.reload()", &[]);
    browser.wait_for_texts(".verdict .runs-it", &["compose.yaml, service canary runs it."]);

    // Whoever knows better takes every file for the environment, and can take that back.
    browser.run("document.querySelector('.unused').open = true", &[]);
    browser.click(".unused .quiet");
    browser.wait_for_texts(NAMES, &["conf/.env", "compose.yaml", "prod.env"]);
    browser.wait_for_texts(".map-wide .target", &["Rediscanary.test:6380"]);
    browser.click(".toast button");
    browser.wait_for_texts(".map-wide .target", &["Rediscanary.test:6379"]);
}

/// What people paste instead of a config is named, with a button that helps where there is one.
#[test]
fn an_error_and_a_page_that_are_pasted_as_a_config_are_known() {
    let (_companion, browser, _directory) = desk();
    let error = "Traceback (most recent call last):\n  File \"a.py\", line 1\n\
                 redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.\n";
    browser.paste("config", error);
    browser.wait_for_texts(".misplaced p", &["This is an error message, not a LiteLLM config."]);
    browser.click(".misplaced .primary");
    browser.wait(
        "it is explained",
        "return document.querySelector('.recognised h3')?.textContent.includes('Connection refused') ?? false",
    );
    browser.wait("the field has the keyboard", "return document.activeElement.id === 'error-text'");
    browser.paste("config", &format!("Mine:\n\n```yaml\n{CONFIG}```\nIt fails.\n"));
    browser.click(".misplaced .primary");
    browser.wait_for_text("config", CONFIG);
    browser.paste("config", "https://example.com/config.yaml\n");
    browser.wait(
        "a link is named",
        "return document.querySelector('.misplaced')?.textContent.startsWith('This is a link.') ?? false",
    );
    assert!(browser.texts(".misplaced button").is_empty(), "nothing is fetched");
}

/// What is pasted into the wrong place is known, and goes to the right one by a button.
#[test]
fn a_text_in_the_wrong_place_is_moved() {
    let (_companion, browser, _directory) = desk();
    browser.paste("environment", "");
    browser.paste("config", "REDIS_HOST=redis.test\nREDIS_PORT=6380\n");
    browser.wait_for_texts(
        ".misplaced p",
        &["These are environment variables, not a LiteLLM config."],
    );
    browser.click(".misplaced .primary");
    browser.wait_for_text("environment", "REDIS_HOST=redis.test\nREDIS_PORT=6380\n");
    browser.wait("the question is gone", "return !document.querySelector('.misplaced')");
    browser.paste("config", CONFIG);
    browser.wait_for_texts(".map-wide .target", &["Redisredis.test:6380"]);
}
