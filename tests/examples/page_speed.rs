//! How fast the built page is in headless Chromium, as JSON: `ready_ms`, one figure for each load by
//! a new browser; `slow`, what a load takes over slow 4G with a processor four times slower, served as a
//! host does, packed by brotli: `bytes` before the verdict, `paint_ms` and `verdict_ms`, which is the
//! engine's own; `keystroke_ms`, one for each key typed into a config of 1,000 lines, from the key to
//! what the engine says of the new text drawn; `blocked_ms`, how long the page's thread is busy with the
//! key itself. For `cargo xtask bench`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use redproof_tests::static_site::StaticSite;
use serde_json::{Value, json};

/// Notes when there are editors and the engine's own verdict.
const WATCH: &str = "
    new MutationObserver((_, observer) => {
        if (!document.querySelector('.verdict') || !document.querySelector('.cm-content')) return;
        if (document.querySelector('#result').getAttribute('aria-busy') !== 'false') return;
        observer.disconnect();
        globalThis.ready = performance.now();
    }).observe(document, { attributes: true, childList: true, subtree: true })";

/// How often it is asked whether something is over: the question costs the page as much as a key does.
const LOOK: Duration = Duration::from_secs(1);

/// Nobody types sooner after they pasted a text.
const BEFORE_TYPING: Duration = Duration::from_secs(1);

const SLOW_LOADS: usize = 3;
const LOADS: usize = 7;
const KEYS: usize = 400;

fn main() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let ready: Vec<Value> = (0..LOADS).map(|_| ready(&companion.address)).collect();
    let keystrokes = keystrokes(&companion.address);
    let slow: Vec<Value> = (0..SLOW_LOADS).map(|_| slow(&page())).collect();
    let [keystrokes, blocked] = ["drawn", "blocked"].map(|which| &keystrokes[which]);
    let speed = json!({
        "ready_ms": ready, "keystroke_ms": keystrokes, "blocked_ms": blocked, "slow": slow,
    });
    println!("{speed}");
}

/// Until a script returns true, in a page that is left alone meanwhile.
fn wait(browser: &Browser, script: &str) {
    while browser.run(script, &[]) != json!(true) {
        sleep(LOOK);
    }
}

/// A load over slow 4G with a processor four times slower, with nothing cached.
fn slow(page: &Path) -> Value {
    let host = StaticSite::start(packed(page), "/");
    let browser = Browser::open_page("about:blank", 1280, 900);
    // What Chromium's developer tools call slow 4G.
    let network = json!({
        "offline": false, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8,
    });
    browser.develop("Network.enable", &json!({}));
    browser.develop("Network.emulateNetworkConditions", &network);
    browser.develop("Emulation.setCPUThrottlingRate", &json!({ "rate": 4 }));
    browser.develop("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": WATCH }));
    browser.visit(&format!("{}/index.html", host.origin));
    wait(&browser, "return globalThis.ready !== undefined");
    let script = "
        const files = [performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')];
        return {
            bytes: files.reduce((sum, file) => sum + file.encodedBodySize, 0),
            paint_ms: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
            verdict_ms: globalThis.ready,
        }";
    browser.run(script, &[])
}

/// The files of a page beside themselves, packed by brotli.
fn packed(page: &Path) -> PathBuf {
    let script = "
        const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
        const { brotliCompressSync } = require('node:zlib');
        const folder = process.argv[1];
        for (const name of readdirSync(folder).filter((name) => /\\.(html|css|js|wasm|svg)$/.test(name)))
            writeFileSync(`${folder}/${name}.br`, brotliCompressSync(readFileSync(`${folder}/${name}`)))";
    let folder = tempfile::tempdir().expect("a temporary directory").keep();
    for entry in fs::read_dir(page).expect("the page is built") {
        let path = entry.expect("the page is built").path();
        if path.is_file() {
            let name = path.file_name().expect("it is a file");
            fs::copy(&path, folder.join(name)).expect("there is room");
        }
    }
    let status = Command::new("node").args(["-e", script]).arg(&folder).status();
    assert!(status.is_ok_and(|status| status.success()), "node packs the files");
    folder
}

/// Milliseconds until there are editors and a verdict, with nothing cached.
fn ready(address: &str) -> Value {
    let browser = Browser::open(address, 1280, 900);
    browser.develop("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": WATCH }));
    let forget = "globalThis.gone = false;
        navigator.serviceWorker.getRegistrations()
            .then((all) => Promise.all(all.map((one) => one.unregister())))
            .then(() => globalThis.gone = true)";
    browser.run(forget, &[]);
    browser.wait("there is no worker", "return globalThis.gone");
    browser.develop("Network.clearBrowserCache", &json!({}));
    browser.go("about:blank");
    browser.go(address.split('#').next().unwrap_or_default());
    wait(&browser, "return globalThis.ready !== undefined");
    browser.run("return globalThis.ready", &[])
}

fn keystrokes(address: &str) -> Value {
    let browser = Browser::open(address, 1280, 900);
    browser.paste("environment", "REDIS_HOST=redis.test\nREDIS_PASSWORD=a-secret\n");
    browser.paste("config", &config());
    browser.wait("it checks", "return document.querySelectorAll('.problem').length > 0");
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    // To the end of the text, where the last value stands: each key changes a setting.
    browser.press(&["\u{e009}", "\u{e010}"]);
    sleep(BEFORE_TYPING);
    let type_keys = "
        globalThis.times = { drawn: [], blocked: [] };
        const channel = new MessageChannel();
        const result = document.querySelector('#result');
        let start, before;
        const key = () => {
            before = document.querySelector('.pane.config .cm-content').textContent;
            start = performance.now();
            // A digit, and away with it again.
            if (times.drawn.length % 2) document.execCommand('delete');
            else document.execCommand('insertText', false, '7');
            channel.port2.postMessage(0);
        };
        // After every microtask of the key.
        channel.port1.onmessage = () => {
            times.blocked.push(performance.now() - start);
            if (document.querySelector('.pane.config .cm-content').textContent === before) {
                times.failed = 'the key changed nothing';
            }
        };
        // It is busy from the key on until the answer to the new text is drawn.
        const drawn = () => {
            if (result.getAttribute('aria-busy') !== 'false') return;
            times.drawn.push(performance.now() - start);
            if (times.drawn.length < KEYS) requestAnimationFrame(() => setTimeout(key));
        };
        new MutationObserver(drawn).observe(result, { attributeFilter: ['aria-busy'] });
        key()";
    browser.run(&type_keys.replace("KEYS", &KEYS.to_string()), &[]);
    wait(&browser, &format!("return times.drawn.length === {KEYS} || times.failed !== undefined"));
    let times = browser.run("return times", &[]);
    assert!(times["failed"].is_null(), "{}", times["failed"]);
    times
}

/// 1,000 lines: a list of models, as proxies have it, and the Redis settings behind them.
fn config() -> String {
    let settings = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                    host: os.environ/REDIS_HOST\n    password: os.environ/REDIS_PASSWORD\n    \
                    sentinel_hosts: [a]\n    ssl: true\nrouter_settings:\n  redis_host: redis.test\n  \
                    redis_port: 6379";
    let model = |number: usize| {
        format!(
            "  - model_name: model-{number}\n    litellm_params:\n      model: openai/gpt-{number}\n      \
             api_key: os.environ/KEY_{number}\n      api_base: https://api-{number}.test\n"
        )
    };
    let models: String = (0..197).map(model).collect();
    let rest = 1000 - 1 - 197 * 5 - settings.lines().count();
    format!("model_list:\n{models}{}{settings}", "# a comment\n".repeat(rest))
}
