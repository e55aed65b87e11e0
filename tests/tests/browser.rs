//! The page in headless Chromium, served by the companion, against a real TLS Redis.

use std::path::Path;

use redproof_core::{CheckInput, NamedText, Releases, check, gather};
use redproof_tests::browser::Browser;
use redproof_tests::certificates::{Identity, Wish};
use redproof_tests::programs::{Companion, page};
use redproof_tests::servers::RedisServer;
use serde_json::json;
use tempfile::TempDir;

/// What `redproof check` says of a config: the codes of its findings.
fn codes(config: &str, environment: &str) -> Vec<&'static str> {
    let file = NamedText { name: "environment".to_owned(), text: environment.to_owned() };
    let files = if environment.trim().is_empty() { vec![] } else { vec![file] };
    let report = check(&CheckInput {
        name: "config.yaml",
        text: config,
        environment: &gather(&files, &[], false),
        releases: Releases::default(),
        now: None,
    });
    let codes = report.diagnostics.iter().map(|found| found.code);
    // What another redis-py release would do is in the upgrade view, not in the first load.
    codes.filter(|code| *code != "RP902").collect()
}

/// Every configuration under `examples/seeds`, with the environment that belongs to it.
fn seeds() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/seeds");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let files = std::fs::read_dir(&folder).expect("the examples are there");
    let mut seeds: Vec<_> = files
        .filter_map(|file| {
            let name = file.ok()?.file_name().into_string().ok()?;
            let stem = name.strip_suffix(".yaml").filter(|stem| !stem.ends_with("-env"))?;
            let environment = read(&format!("{stem}.env"));
            Some((name.clone(), read(&name)?, environment.unwrap_or_default()))
        })
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 10, "the seeds' configurations are there");
    seeds
}

/// The page, served from this machine, in a window of a desk's size.
fn desk() -> (Companion, Browser, TempDir) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    (companion, browser, directory)
}

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
fn connections_say_where_each_setting_comes_from() {
    let (_companion, browser, _directory) = desk();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                  host: redis.test\n    ssl: true\n    password: os.environ/REDIS_PASSWORD\n";
    browser.paste("config", config);
    browser.paste("environment", "REDIS_PORT=6380\nREDIS_PASSWORD=a-secret\n");
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
fn releases_change_the_answer() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n");
    browser.paste("environment", "REDIS_HOST=redis.test\nREDIS_PORT=6379\nREDIS_SSL=true\n");
    let choose =
        "const select = document.querySelectorAll('.choice:not(.example) select')[arguments[0]];
        select.value = arguments[1]; select.dispatchEvent(new Event('change', { bubbles: true }))";
    for (litellm, redis_py, tls) in
        [("1.80.0", "5.3.1", "TLS"), ("1.80.0", "8.1.0", "plaintext"), ("1.109.1", "8.1.0", "TLS")]
    {
        browser.run(choose, &["0", litellm]);
        browser.run(choose, &["1", redis_py]);
        let pair = format!("LiteLLM {litellm} on redis-py {redis_py}");
        let script =
            format!("return document.querySelector('.pair').textContent.includes('{pair}')");
        browser.wait(&pair, &script);
        let badges = browser.texts(".connections .badge");
        assert!(badges.iter().all(|badge| badge == tls), "{pair}: {badges:?}");
    }
}

#[test]
fn the_upgrade_view_shows_both_sides() {
    let (_companion, browser, _directory) = desk();
    let loaded = "return performance.getEntriesByType('resource')
        .some((entry) => entry.name.includes('redproof-upgrade'))";
    assert_eq!(browser.run(loaded, &[]), json!(false), "it is not part of the first load");
    browser.paste(
        "config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
         host: redis.test\n    port: 6380\n",
    );
    browser.paste("environment", "REDIS_URL=rediss://:a-secret@<b>elsewhere:6390\n");
    let choose = "const select = document.querySelectorAll(arguments[0])[0];
        select.value = arguments[1]; select.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.run(choose, &[".bar .choice:not(.example) select", "1.80.0"]);
    browser.click(".upgrade > summary");
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
    browser.run(choose, &[".upgrade select", "1.81.0"]);
    let unbroken = "return !document.querySelector('.upgrade .change.error')";
    browser.wait("1.81.0 still takes REDIS_URL", unbroken);
    browser.paste("environment", "");
    let safe = "return document.querySelector('.upgrade .conclusion')?.textContent
        .includes('breaks and weakens nothing') || document.querySelector('.upgrade .conclusion')
        ?.textContent.includes('changes nothing')";
    browser.wait("nothing weakens without the variable", safe);
}

#[test]
fn the_live_test_probes_a_real_server() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let authority = Identity::new(&Wish::authority("Redproof test CA"), None).expect("a CA");
    let server = Identity::new(&Wish::server(), Some(&authority)).expect("a certificate");
    authority.write(directory.path(), "ca", &[]).expect("the CA is written");
    server.write(directory.path(), "server", &[]).expect("the certificate is written");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let redis = RedisServer::start(
        directory.path(),
        &[
            "--port",
            "0",
            "--tls-port",
            "{port}",
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            &path("server.crt"),
            "--tls-key-file",
            &path("server.key"),
            "--tls-ca-cert-file",
            &path("ca.crt"),
            "--requirepass",
            "a-secret",
        ],
    );
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1280, 900);
    let hash = browser.run("return location.hash", &[]);
    assert_eq!(hash, json!(""), "the token stays in no address");

    let config = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    \
         port: {}\n    ssl: true\n    ssl_ca_certs: {}\n    password: os.environ/REDIS_PASSWORD\n",
        redis.port,
        path("ca.crt"),
    );
    browser.paste("config", &config);
    browser.paste("environment", "REDIS_PASSWORD=a-secret\n");
    browser.click(".test-live");
    browser.wait("the live test is over", "return !!document.querySelector('.live .badge')");
    let live = browser.texts(".live").concat();
    let badges = browser.texts(".live .badge");
    assert!(badges.iter().all(|badge| badge == "ok"), "{live}");
    assert!(
        live.contains("PING") && live.contains("TLSv1.3") && live.contains("redis.test"),
        "{live}"
    );

    browser.paste("environment", "REDIS_PASSWORD=wrong\n");
    browser.click(".test-live");
    let failed = "return !!document.querySelector('.live .badge.error')";
    browser.wait("the live test fails", failed);
    let badges = browser.texts(".live .badge");
    assert!(badges.iter().any(|badge| badge == "auth_failed"), "{badges:?}");
}

#[test]
fn the_text_survives_a_failure_of_the_checker() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", "litellm_settings:\n  cache: true\n");
    let fail = "dispatchEvent(new ErrorEvent('error',
        { error: new WebAssembly.RuntimeError('unreachable') }))";
    browser.run(fail, &[]);
    browser.wait("the failure is told", "return !document.getElementById('failure').hidden");
    browser.click("#failure-restart");
    browser.wait("it runs again", "return !!document.querySelector('.verdict')");
    assert_eq!(browser.editor_text("config"), "litellm_settings:\n  cache: true\n");
    browser.paste("config", "cache: [\n");
    let found = "return document.querySelector('.verdict').classList.contains('error')";
    browser.wait("it checks again", found);
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
    // Chromium's narrowest window is 500 pixels wide; the page is made narrower below.
    let browser = Browser::open(&companion.address, 500, 800);
    browser.run("document.querySelector('.page').style.width = '360px'", &[]);
    let fits = "const page = document.querySelector('.page'); return page.scrollWidth <= 360";
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
