//! An error text from a log: what it means here.

use redproof_tests::browser::Browser;

use crate::desk;

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
    host: redis.test\n    port: 6380\n";

/// Pastes into the field for error texts.
fn say(browser: &Browser, text: &str) {
    let paste = "const field = document.getElementById('error-text');
        field.focus();
        field.value = arguments[0];
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    browser.run(paste, &[text]);
}

#[test]
fn an_error_text_lights_its_client_and_names_the_cure() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    say(&browser, "redis.exceptions.AuthenticationError: Authentication required.");
    browser.wait(
        "a cause that applies",
        "return !!document.querySelector('.recognised .cause.error .help')?.textContent",
    );
    browser.wait(
        "its client lights up on the map",
        "return document.querySelectorAll('.map-wide .edge.lit').length > 0",
    );
    // Plaintext to a port for TLS: the line that names the port lights up.
    say(&browser, "redis.exceptions.ConnectionError: Connection closed by server.");
    browser.wait(
        "the causes are those of the other text",
        "return document.querySelector('.recognised')?.textContent.includes('closed')",
    );
    browser.hover(".recognised .cause .related .place");
    browser.wait(
        "the line lights up",
        "return [...document.querySelectorAll('.cm-line.line-lit')]
            .some((line) => line.textContent.includes('port: 6380'))",
    );
    browser.click(".recognised .cause .related .place");
    browser.wait(
        "the editor has the keyboard",
        "return !!document.activeElement.closest('.pane.config')",
    );
}

#[test]
fn a_text_that_is_not_known_is_not_guessed_at() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    say(&browser, "everything is fine");
    browser.wait(
        "it says so",
        "return document.querySelector('.diagnose [role=status]').textContent.includes('Not a known error')",
    );
    say(&browser, "");
    browser.wait(
        "nothing is said of nothing",
        "return document.querySelector('.diagnose [role=status]').textContent === ''",
    );
}

/// A whole log is pasted: its end is read, and no key in the config waits for it.
#[test]
fn of_a_long_log_the_end_is_read() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let paste = "const field = document.getElementById('error-text');
        field.value = 'INFO: 10.0.0.1 GET /health 200\\n'.repeat(1e5)
            + 'redis.exceptions.ConnectionError: Error 111 connecting to redis.test:6380. Connection refused.\\n';
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    browser.run(paste, &[]);
    browser.wait(
        "its error is explained",
        "return document.querySelector('.recognised h3')?.textContent.includes('Connection refused') ?? false",
    );
    assert!(browser.texts(".diagnose .note").concat().contains("last megabyte"));
    let kept = browser.run("return document.getElementById('error-text').value.length", &[]);
    assert!(kept.as_u64() <= Some(1 << 20), "{kept}");
}
