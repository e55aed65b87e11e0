//! Starting from nothing: the forms, and the text that is one with them.

use redproof_core::guide::{System, start};
use redproof_core::releases::Pair;
use redproof_tests::browser::Browser;
use serde_json::{Value, json};

use crate::{choose, codes, desk, view};

const CONTROL: &str = "\u{e009}";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Clicks the button that says this, in the view, once it is there.
fn button(browser: &Browser, text: &str) {
    let named = named(text);
    browser.wait(&format!("there is a button {text}"), &format!("return !!{named}"));
    browser.run(&format!("{named}.click()"), &[]);
}

/// The JavaScript that finds the button that says this, in the view.
fn named(text: &str) -> String {
    format!(
        "[...document.querySelectorAll('.start button')]
            .find((button) => button.textContent.includes({}))",
        json!(text)
    )
}

/// Starts a system from its card.
fn begin(browser: &Browser, system: System) {
    button(browser, system.name());
    begun(browser, system);
}

/// Waits for a system's form, with what a new configuration starts with.
fn begun(browser: &Browser, system: System) {
    form(browser, system);
    browser.wait("the form shows the text", &format!("return {}.value !== ''", input("ttl")));
}

/// Waits for a system's form.
fn form(browser: &Browser, system: System) {
    let there = format!(
        "return document.querySelector('#guide-title')?.textContent === {}
            && !!document.querySelector('.start .field')",
        json!(system.name())
    );
    browser.wait(&format!("the form of {system:?}"), &there);
}

/// The input of a field; of a list of servers, the first.
fn input(field: &str) -> String {
    format!("document.querySelector('[data-field=\"{field}\"] :is(input, select)')")
}

/// Types an answer in place of a field's, and goes on to the next.
fn fill(browser: &Browser, field: &str, text: &str) {
    browser.run(&format!("{}.focus()", input(field)), &[]);
    browser.press(&[CONTROL, "a"]);
    browser.press(&["\u{e017}"]);
    for key in text.chars() {
        browser.press(&[&key.to_string()]);
    }
    browser.press(&[TAB]);
}

/// Waits until a field shows a text.
fn shows(browser: &Browser, field: &str, text: &str) {
    let script = format!("return {}.value === {}", input(field), json!(text));
    browser.wait(&format!("{field} shows {text}"), &script);
}

/// Waits until an editor holds a text.
fn holds(browser: &Browser, editor: &str, text: &str) {
    browser.wait(&format!("{editor} holds {text}"), &format!("return {}", held(editor, text)));
}

fn lacks(browser: &Browser, editor: &str, text: &str) {
    browser.wait(&format!("{editor} lacks {text}"), &format!("return !{}", held(editor, text)));
}

/// The JavaScript that asks whether an editor's text has this in it.
fn held(editor: &str, text: &str) -> String {
    format!(
        "[...document.querySelectorAll('.pane.{editor} .cm-line')]
            .map((line) => line.textContent).join('\\n').includes({})",
        json!(text)
    )
}

fn undo(browser: &Browser, editor: &str) {
    browser.run("document.querySelector(`.pane.${arguments[0]} .cm-content`).focus()", &[editor]);
    browser.press(&[CONTROL, "z"]);
}

/// The releases that the page checks when nothing says which.
fn pair() -> Pair {
    redproof_core::Releases::default().pair()
}

#[test]
fn every_system_starts_clean_and_takes_an_answer() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "start");
    for (at, system) in System::all().enumerate() {
        button(&browser, "All systems");
        browser.wait("the systems", "return !!document.querySelector('.start .cards')");
        button(&browser, system.name());
        if at > 0 {
            // The form's own answers are somebody's words too.
            button(&browser, "Replace");
        }
        begun(&browser, system);
        let texts = start(system, pair()).expect("the newest release does it");
        let first = texts.config.lines().next().expect("a comment");
        holds(&browser, "config", first);
        assert_eq!(browser.editor_text("config").trim(), texts.config.trim());
        if !texts.env.is_empty() {
            assert_eq!(browser.editor_text("environment").trim(), texts.env.trim());
        }
        let wrong = browser.texts(".start .field.wrong");
        assert!(wrong.is_empty(), "{system:?}: {wrong:?}");
        fill(&browser, "ttl", "77");
        holds(&browser, "config", "ttl: 77  # seconds that a response is kept");
        shows(&browser, "ttl", "77");
        let config = browser.editor_text("config");
        assert_eq!(
            config,
            texts.config.trim_end().replace("ttl: 3600", "ttl: 77").replace("ttl: 1800", "ttl: 77")
                + "\n"
        );
        // Hints on what a form can't decide: the host name's check, and who else shares a semantic cache's Redis.
        let severe: Vec<_> = codes(&config, &texts.env)
            .into_iter()
            .filter(|code| !["RP304", "RP804"].contains(code))
            .collect();
        assert_eq!(severe, Vec::<&str>::new(), "{system:?}\n{config}");
    }
}

#[test]
fn the_form_follows_the_text() {
    let (_companion, browser, _directory) = desk();
    let config = "# ours\nrouter_settings: {redis_host: a, redis_port: 6379}\nlitellm_settings:\n    cache: yes\n    \
                  cache_params:\n        # the server\n        'host': \"a\"   # here\n        port: 6379\n        type: redis\n";
    browser.paste("config", config);
    browser.paste("environment", "");
    view(&browser, "start");
    form(&browser, System::InClusterTls);
    shows(&browser, "host", "a");
    // Text to form.
    browser.paste("config", &config.replace("\"a\"", "\"b\""));
    shows(&browser, "host", "b");
    let said = browser.texts("[data-field=host] .said").concat();
    assert!(said.contains("The router has a at router_settings.redis_host"), "{said}");
    // Form to text: both places, and nothing else.
    fill(&browser, "host", "elsewhere");
    holds(&browser, "config", "redis_host: elsewhere");
    let expected =
        config.replace("redis_host: a", "redis_host: elsewhere").replace("\"a\"", "elsewhere");
    browser.wait_for_text("config", expected);
    let agreed = "return document.querySelector('[data-field=host] .said').textContent === ''";
    browser.wait("both say the same", agreed);
    // One step back.
    undo(&browser, "config");
    shows(&browser, "host", "b");
    browser.wait_for_text("config", config.replace("\"a\"", "\"b\""));
    // While the text can't be read, the form waits.
    browser.paste("config", "litellm_settings: [");
    let waits = "return document.querySelector('[data-field=host] input').disabled";
    browser.wait("the form waits", waits);
    browser.paste("config", config);
    shows(&browser, "host", "a");
    // Another system's text.
    browser.paste(
        "config",
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n    ttl: 5\n",
    );
    form(&browser, System::Local);
    shows(&browser, "ttl", "5");
}

#[test]
fn a_field_lights_its_lines_and_keeps_the_keyboard() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "start");
    button(&browser, "All systems");
    begin(&browser, System::Cluster);
    // A page that nobody touched has no keyboard to give.
    browser.click("#guide-title");
    browser.run(&format!("{}.focus()", input("password")), &[]);
    let lit = || browser.texts(".cm-line.line-lit");
    browser
        .wait("the line is lit", "return !!document.querySelector('.pane.environment .line-lit')");
    assert_eq!(
        lit(),
        ["password: os.environ/REDIS_PASSWORD  # from the environment", "REDIS_PASSWORD=change-me"]
    );
    browser.run(&format!("{}.focus()", input("nodes")), &[]);
    browser.wait("the list is lit", "return document.querySelectorAll('.line-lit').length === 7");
    let focus = "return !!document.activeElement.closest('[data-field=nodes]')";
    assert_eq!(browser.run(focus, &[]), json!(true), "the keyboard stays");
    browser.run("document.activeElement.blur()", &[]);
    browser.wait("nothing is lit", "return !document.querySelector('.line-lit')");
}

#[test]
fn what_somebody_wrote_is_not_replaced_unasked() {
    let (_companion, browser, _directory) = desk();
    let own = "litellm_settings:\n  cache: false\n";
    browser.paste("config", own);
    view(&browser, "start");
    button(&browser, System::Sentinel.name());
    let asked = "return document.activeElement.textContent === 'Replace'";
    browser.wait("it is asked, and the keyboard is there", asked);
    browser.wait_for_text("config", own);
    browser.press(&[TAB]);
    browser.press(&[ENTER]);
    browser.wait("no question", "return !document.querySelector('.start .question')");
    browser.wait_for_text("config", own);
    button(&browser, System::Sentinel.name());
    browser.wait("it is asked", asked);
    browser.press(&[ENTER]);
    begun(&browser, System::Sentinel);
    holds(&browser, "config", "service_name: mymaster");
    undo(&browser, "config");
    holds(&browser, "config", "cache: false");
}

#[test]
fn answers_that_would_not_work_stand_by_their_fields() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "start");
    button(&browser, "All systems");
    begin(&browser, System::InClusterTls);
    let said = |field: &str| browser.texts(&format!("[data-field={field}] .said")).concat();
    let before = browser.editor_text("config");
    for (field, answer, expected) in [
        ("port", "70000", "Give a port from 1 to 65535."),
        ("host", "redis://redis", "without redis://"),
        ("password", "open sesame", "Give the name of a variable"),
        ("ca", "~/ca.crt", "write the whole path"),
        ("host", "", "An answer is needed here."),
    ] {
        fill(&browser, field, answer);
        let wrong = format!(
            "return {}.getAttribute('aria-invalid') === 'true'
                && document.querySelector('[data-field={field}] .said').textContent.includes({})",
            input(field),
            json!(expected),
        );
        browser.wait(&format!("{field} is marked, and why"), &wrong);
        assert_eq!(browser.editor_text("config"), before, "{field}");
    }
    fill(&browser, "port", "6380");
    holds(&browser, "config", "port: 6380");
    assert_eq!(said("port"), "");
    // What a release can't do, and what the check says of it.
    button(&browser, "All systems");
    browser.wait("the systems", "return !!document.querySelector('.start .cards')");
    button(&browser, System::Sentinel.name());
    button(&browser, "Replace");
    begun(&browser, System::Sentinel);
    choose(&browser, ".bar .choice:not(.example) select", "1.80.0");
    let refused = "return document.querySelector('[data-field=tls] .refused')?.textContent.includes('1.85.0') ?? false";
    browser.wait("this release can't", refused);
    assert!(said("tls").contains("drops ssl for Sentinel"), "{}", said("tls"));
    // It can be taken out, and then not put in again.
    browser.click("[data-field=tls] input");
    let off = "return document.querySelector('[data-field=tls] input').disabled";
    browser.wait("it is off", off);
    assert!(!browser.editor_text("config").contains("ssl"), "{}", browser.editor_text("config"));
    button(&browser, "All systems");
    browser.wait("the systems", "return !!document.querySelector('.start .cards')");
    let cards = browser.texts(".start .card > button:disabled b");
    assert_eq!(
        cards,
        [System::AzureRedis, System::ElastiCache, System::Semantic].map(System::name)
    );
}

#[test]
fn secrets_are_asked_for_by_name() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "start");
    button(&browser, "All systems");
    begin(&browser, System::MutualTls);
    browser.paste("environment", "REDIS_PASSWORD=hunter2-and-more\n");
    let there = "return !document.querySelector('[data-field=password] .said').textContent";
    browser.wait("the placeholder is gone", there);
    fill(&browser, "password", "CACHE_PASSWORD");
    holds(&browser, "config", "password: os.environ/CACHE_PASSWORD");
    holds(&browser, "environment", "CACHE_PASSWORD=hunter2-and-more");
    let shown = browser.texts(".start").concat();
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn servers_are_added_and_removed_by_keyboard() {
    let (_companion, browser, _directory) = desk();
    view(&browser, "start");
    button(&browser, "All systems");
    let sentinel = named(System::Sentinel.name());
    browser.wait("there is a card for Sentinel", &format!("return !!{sentinel}"));
    browser.run(&format!("{sentinel}.focus()"), &[]);
    browser.press(&[ENTER]);
    begun(&browser, System::Sentinel);
    let title = "return document.activeElement.id === 'guide-title'";
    browser.wait("the form has the keyboard", title);
    browser.run("document.querySelector('[data-field=sentinels] .add').focus()", &[]);
    browser.press(&[ENTER]);
    browser.wait("a fourth", "return document.querySelectorAll('.servers li').length === 4");
    let fourth = "document.querySelector('.servers li:last-child .host')";
    browser.run(&format!("{fourth}.focus()"), &[]);
    for key in ["s", "4", TAB, "1", TAB] {
        browser.press(&[key]);
    }
    holds(&browser, "config", "- [s4, 1]");
    browser.run("document.querySelector('.servers li .remove').focus()", &[]);
    browser.press(&[ENTER]);
    browser.wait("three again", "return document.querySelectorAll('.servers li').length === 3");
    lacks(&browser, "config", "redis-sentinel-1");
    holds(&browser, "config", "- [s4, 1]");
}

#[test]
fn it_fits_a_narrow_page_and_every_input_has_a_name() {
    let (_companion, browser, _directory) = desk();
    browser.resize(360, 740);
    let part = "[...document.querySelectorAll('.tabs button')].at(-1).click()";
    browser.run(part, &[]);
    view(&browser, "start");
    let width = || browser.run("return document.querySelector('.result').scrollWidth", &[]);
    let fits = |width: Value| width.as_f64().is_some_and(|width| width <= 360.0);
    button(&browser, "All systems");
    assert!(fits(width()), "{}", width());
    for system in System::all() {
        begin(&browser, system);
        assert!(fits(width()), "{system:?}: {}", width());
        let nameless = "return [...document.querySelectorAll('.start :is(input, select)')]
            .filter((input) => !input.labels?.length && !input.ariaLabel).length";
        assert_eq!(browser.run(nameless, &[]), json!(0), "{system:?}");
        button(&browser, "All systems");
        browser.wait("the systems", "return !!document.querySelector('.start .cards')");
    }
}
