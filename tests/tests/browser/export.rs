//! The export view: what it shows, copies and saves is what core writes, and no secret is in it.

use redproof_core::export::{Export, Format, Secrets, export};
use serde_json::{Value, json};

use crate::{desk, seeds, view};
use support::Checking;

const TITLES: [(Format, &str); 6] = [
    (Format::Config, "config.yaml"),
    (Format::Env, ".env"),
    (Format::Kubernetes, "Kubernetes"),
    (Format::Compose, "Compose"),
    (Format::RedisConf, "redis.conf"),
    (Format::Commands, "Commands"),
];

/// What core writes of what is on the page.
fn written(config: &str, environment: &str, format: Format) -> Export {
    let checking = Checking::new(config).files([(".env", environment)]).incomplete();
    let written = checking.with(|input| export(input, format, Secrets::Placeholders));
    written.expect("a config that can be exported")
}

/// Presses the button of this name in the view.
const PRESS: &str = "[...document.querySelectorAll('.view.export button')]
    .find((button) => (button.getAttribute('aria-label') ?? button.textContent) === arguments[0]).click()";

/// The names and texts of the files that the view shows.
const SHOWN: &str = "return [...document.querySelectorAll('.view.export .file')].map((file) =>
    [file.querySelector('h3').textContent, file.querySelector('pre').textContent])";

fn files(export: &Export) -> Value {
    export.files.iter().map(|file| json!([file.name, file.text])).collect()
}

#[test]
fn every_format_of_every_seed_is_cores() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "export");
    for (name, config, environment) in seeds() {
        browser.paste("config", &config);
        browser.paste("environment", &environment);
        for (format, title) in TITLES {
            browser.run(PRESS, &[title]);
            let expected = files(&written(&config, &environment, format));
            let is_there = format!(
                "return JSON.stringify((() => {{ {SHOWN} }})()) === {}",
                json!(expected.to_string())
            );
            browser.wait(&format!("{name} as {title}"), &is_there);
        }
    }
}

#[test]
fn what_is_copied_and_saved_is_the_file() {
    let (_companion, browser, directory) = desk();
    let config = "# Kept: ✓\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.test\n    port: 6379\n    password: a-secret-password\n    ssl: true\n    ssl_ca_certs: /etc/ca.crt\n";
    browser.paste("config", config);
    browser.paste("environment", "REDIS_USERNAME=litellm\nOPENAI_API_KEY=sk-another-secret\n");
    view(&browser, "export");
    let grant = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.develop("Browser.grantPermissions", &grant);
    let folder = directory.path().join("downloads");
    std::fs::create_dir(&folder).expect("the test's directory can be written");
    let to = json!({ "behavior": "allow", "downloadPath": folder.display().to_string() });
    browser.develop("Browser.setDownloadBehavior", &to);
    for (format, title) in TITLES {
        browser.run(PRESS, &[title]);
        let export =
            written(config, "REDIS_USERNAME=litellm\nOPENAI_API_KEY=sk-another-secret\n", format);
        for file in &export.files {
            for secret in ["a-secret-password", "sk-another-secret"] {
                assert!(!file.text.contains(secret), "{secret} in {}", file.name);
            }
            let copy = format!("Copy {}", file.name);
            let there = format!(
                "return !!document.querySelector('.view.export [aria-label={}]')",
                json!(copy)
            );
            browser.wait(&format!("{title} shows {}", file.name), &there);
            browser.run(PRESS, &[&copy]);
            let said = format!(
                "return document.querySelector('.view.export [role=status]').textContent === {}",
                json!(format!("Copied {}", file.name))
            );
            browser.wait("it says that it copied", &said);
            browser.run("window.pasted = null; navigator.clipboard.readText().then((text) => { window.pasted = text })", &[]);
            let pasted = format!("return window.pasted === {}", json!(file.text));
            browser.wait("the clipboard holds the file", &pasted);
        }
    }
    // The page marks what has to be filled in, and names it.
    browser.run(PRESS, &["Compose"]);
    browser.wait(
        "the secrets' file",
        "return !!document.querySelector('[aria-label=\"Download litellm.env\"]')",
    );
    let marks = browser.texts(".view.export pre mark");
    assert!(marks.contains(&"FILL_IN_REDIS_PASSWORD".to_owned()), "{marks:?}");
    let named = browser.texts(".view.export .fill-in").concat();
    assert!(
        named.contains("the secret written at litellm_settings.cache_params.password"),
        "{named}"
    );
    let export = written(
        config,
        "REDIS_USERNAME=litellm\nOPENAI_API_KEY=sk-another-secret\n",
        Format::Compose,
    );
    for file in &export.files {
        browser.run(PRESS, &[&format!("Download {}", file.name)]);
        redproof_tests::topologies::wait_until("the file is saved", || {
            std::fs::read_to_string(folder.join(&file.name)).is_ok_and(|text| text == file.text)
        });
    }
    // What cannot be read is not exported, and the view says why.
    browser.paste("config", "litellm_settings: [\n");
    let said = "return document.querySelector('.view.export .empty')?.textContent.includes(\"can't be read\") ?? false";
    browser.wait("the view says why there is nothing", said);
    browser.paste("config", "litellm_settings: {cache: true}\n");
    browser.wait("it is there again", "return !!document.querySelector('.view.export .file')");
}

#[test]
fn the_keyboard_reaches_formats_and_files() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "export");
    browser.run("document.querySelector('.view.export .formats button').focus()", &[]);
    // Tab to the next format, and Enter.
    browser.press(&["\u{e004}"]);
    browser.press(&["\u{e007}"]);
    let chosen = "return document.querySelector('.view.export .formats [aria-pressed=true]').textContent === '.env'";
    browser.wait("the format is chosen", chosen);
    for _ in 0..7 {
        browser.press(&["\u{e004}"]);
    }
    // Past four formats, and Copy and Download: the text itself, which scrolls.
    let scrolls = "return document.activeElement.matches('.view.export pre')";
    browser.wait("the text has the keyboard", scrolls);
}
