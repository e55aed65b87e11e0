//! How fast the built page is in headless Chromium, as JSON: `ready_ms`, one figure for each load by
//! a new browser; `keystroke_ms`, one for each key typed into a config of 1,000 lines, from the key to
//! the diagnostics and the result drawn. For `cargo xtask bench`.

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::{Value, json};

const LOADS: usize = 7;
const KEYS: usize = 400;

fn main() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let ready: Vec<Value> = (0..LOADS).map(|_| ready(&companion.address)).collect();
    let keystrokes = keystrokes(&companion.address);
    println!("{}", json!({ "ready_ms": ready, "keystroke_ms": keystrokes }));
}

/// Milliseconds until there are editors and a verdict, with nothing cached.
fn ready(address: &str) -> Value {
    let browser = Browser::open(address, 1280, 900);
    let watch = "
        new MutationObserver((_, observer) => {
            if (!document.querySelector('.verdict') || !document.querySelector('.cm-content')) return;
            observer.disconnect();
            globalThis.ready = performance.now();
        }).observe(document, { childList: true, subtree: true })";
    browser.develop("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": watch }));
    let forget = "globalThis.gone = false;
        navigator.serviceWorker.getRegistrations()
            .then((all) => Promise.all(all.map((one) => one.unregister())))
            .then(() => globalThis.gone = true)";
    browser.run(forget, &[]);
    browser.wait("there is no worker", "return globalThis.gone");
    browser.develop("Network.clearBrowserCache", &json!({}));
    browser.go("about:blank");
    browser.go(address.split('#').next().unwrap_or_default());
    browser.wait("it is ready", "return globalThis.ready !== undefined");
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
    let type_keys = "
        globalThis.times = [];
        const channel = new MessageChannel();
        let start, before;
        const key = () => {
            before = document.querySelector('.pane.config .cm-content').textContent;
            start = performance.now();
            // A digit, and away with it again.
            if (times.length % 2) document.execCommand('delete');
            else document.execCommand('insertText', false, '7');
            channel.port2.postMessage(0);
        };
        // After every microtask of the key: the check, the marks and the result's drawing.
        channel.port1.onmessage = () => {
            times.push(performance.now() - start);
            if (document.querySelector('.pane.config .cm-content').textContent === before) {
                times = ['the key changed nothing'];
            } else if (times.length < KEYS) {
                requestAnimationFrame(() => setTimeout(key));
            }
        };
        key()";
    browser.run(&type_keys.replace("KEYS", &KEYS.to_string()), &[]);
    let over = format!("return times.length === {KEYS} || typeof times[0] === 'string'");
    browser.wait("all keys are typed", &over);
    browser.run("return times", &[])
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
