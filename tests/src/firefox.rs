//! A headless Firefox. It takes `WebDriver`'s commands by itself, over its own protocol (Marionette): no
//! driver is needed beside it.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longer than it ever takes; only a broken one waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A browser with one page; it ends with this value.
#[derive(Debug)]
pub struct Firefox {
    browser: Child,
    stream: RefCell<TcpStream>,
    asked: Cell<u32>,
    _profile: tempfile::TempDir,
}

impl Firefox {
    /// Opens the editor at an address, in a window of this size, in pixels, and waits until it has checked.
    ///
    /// # Panics
    /// When Firefox is missing or does not start.
    pub fn open(address: &str, width: u32, height: u32) -> Self {
        let profile = tempfile::tempdir().expect("the system has room for a profile");
        // It takes a port that is free, and says which. Nothing of its own is fetched.
        let preferences = "user_pref(\"marionette.port\", 0);\n\
             user_pref(\"app.update.disabledForTesting\", true);\n\
             user_pref(\"browser.shell.checkDefaultBrowser\", false);\n\
             user_pref(\"datareporting.policy.dataSubmissionEnabled\", false);\n\
             user_pref(\"network.captive-portal-service.enabled\", false);\n\
             user_pref(\"network.connectivity-service.enabled\", false);\n\
             user_pref(\"services.settings.server\", \"data:,\");\n";
        std::fs::write(profile.path().join("user.js"), preferences).expect("it is written");
        let start = |program: &str| {
            Command::new(program)
                .args(["--headless", "--marionette", "--no-remote", "--profile"])
                .arg(profile.path())
                .arg("about:blank")
                .env("HOME", profile.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
        };
        let mut browser = match start("firefox-esr").or_else(|_| start("firefox")) {
            Ok(browser) => browser,
            Err(error) => panic!(
                "Firefox does not start ({error}); install it: \
                 apt-get install --no-install-recommends firefox-esr"
            ),
        };
        let stream = connect(&mut browser, profile.path());
        let firefox =
            Self { browser, stream: RefCell::new(stream), asked: Cell::new(0), _profile: profile };
        // It says first what it is.
        firefox.hear().expect("a greeting");
        firefox.ask("WebDriver:NewSession", &json!({}));
        firefox.ask("WebDriver:SetWindowRect", &json!({ "width": width, "height": height }));
        firefox.ask("WebDriver:Navigate", &json!({ "url": address }));
        firefox.wait(
            "the checker has started",
            "return !!document.querySelector('.verdict')
                && document.querySelector('#result')?.getAttribute('aria-busy') === 'false'",
        );
        firefox
    }

    /// Runs a script's body, and gives what it returns.
    ///
    /// # Panics
    /// When the script throws.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Value {
        let ask = json!({ "script": script, "args": arguments });
        self.ask("WebDriver:ExecuteScript", &ask)["value"].take()
    }

    /// Waits until a script returns true.
    ///
    /// # Panics
    /// When it does not in time.
    pub fn wait(&self, what: &str, script: &str) {
        let start = Instant::now();
        while self.run(script, &[]) != json!(true) {
            if start.elapsed() > PATIENCE {
                let text = self.run("return document.body.innerText", &[]);
                panic!("waited in vain until {what}; the page says:\n{text}");
            }
        }
    }

    /// Presses keys together, where the keyboard is.
    ///
    /// # Panics
    /// When the browser does not take them.
    pub fn press(&self, keys: &[&str]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        self.ask("WebDriver:PerformActions", &actions);
    }

    /// The texts of all elements that a CSS selector finds, once what was typed is checked.
    ///
    /// # Panics
    /// When the page is gone.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.wait("it has checked", "return !document.querySelector('[aria-busy=\"true\"]')");
        let script = "return [...document.querySelectorAll(arguments[0])]
            .map((element) => element.textContent.trim())";
        serde_json::from_value(self.run(script, &[selector])).expect("texts")
    }

    /// One command; its result.
    fn ask(&self, command: &str, parameters: &Value) -> Value {
        let number = self.asked.get() + 1;
        self.asked.set(number);
        let message = json!([0, number, command, parameters]).to_string();
        let written = write!(self.stream.borrow_mut(), "{}:{message}", message.len());
        written.unwrap_or_else(|error| panic!("{command}: {error}"));
        let mut answer = self.hear().unwrap_or_else(|error| panic!("{command}: {error}"));
        assert!(answer[2].is_null(), "{command} {parameters}: {}", answer[2]);
        answer[3].take()
    }

    /// One message: its length, a colon, JSON.
    fn hear(&self) -> io::Result<Value> {
        let mut stream = self.stream.borrow_mut();
        let mut length = 0;
        loop {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            match byte[0] {
                b':' => break,
                digit => length = length * 10 + usize::from(digit.wrapping_sub(b'0')),
            }
        }
        let mut message = vec![0; length];
        stream.read_exact(&mut message)?;
        serde_json::from_slice(&message).map_err(io::Error::other)
    }
}

/// Its port, once it listens: it writes the number into its profile.
fn connect(browser: &mut Child, profile: &Path) -> TcpStream {
    let start = Instant::now();
    loop {
        let port = std::fs::read_to_string(profile.join("MarionetteActivePort")).ok();
        let port = port.and_then(|port| port.trim().parse::<u16>().ok());
        if let Some(stream) = port.and_then(|port| TcpStream::connect(("127.0.0.1", port)).ok()) {
            stream.set_read_timeout(Some(PATIENCE)).expect("a time");
            return stream;
        }
        let ended = browser.try_wait().expect("a child");
        assert!(ended.is_none(), "Firefox ended at once: {ended:?}");
        assert!(start.elapsed() < PATIENCE, "Firefox does not listen");
        std::thread::yield_now();
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        // Killed, it would leave its processes for pages behind.
        let message = json!([0, 0, "Marionette:Quit", { "flags": ["eForceQuit"] }]).to_string();
        let quit = write!(self.stream.borrow_mut(), "{}:{message}", message.len());
        if quit.is_err() || self.hear().is_err() {
            let _ = self.browser.kill();
        }
        let _ = self.browser.wait();
    }
}
