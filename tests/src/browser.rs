//! A headless Chromium, driven as a user would.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longer than the page ever takes; only a broken one waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks: each takes the page, and what it waits for, a part of the processor.
const GLANCE: Duration = Duration::from_millis(10);

/// The key of an element in `WebDriver`'s JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one page; it ends with this value.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    port: u16,
    /// `/session/…`
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens the editor at an address, in a window of this size, in pixels; `about:blank` opens
    /// nothing yet.
    ///
    /// # Panics
    /// As [`Self::open_page`] and [`Self::go`].
    pub fn open(address: &str, width: u32, height: u32) -> Self {
        let browser = Self::open_page("about:blank", width, height);
        browser.go(address);
        browser
    }

    /// Opens any page in a window of this size, in pixels.
    ///
    /// # Panics
    /// When Chromium or its driver is missing or does not start.
    pub fn open_page(address: &str, width: u32, height: u32) -> Self {
        Self::open_with(address, width, height, &[])
    }

    /// Opens any page, with further arguments for Chromium.
    ///
    /// # Panics
    /// As [`Self::open_page`].
    pub fn open_with(address: &str, width: u32, height: u32, arguments: &[&str]) -> Self {
        // It takes a port that is free, and says which.
        let mut driver = match Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
        {
            Ok(driver) => driver,
            Err(error) => panic!(
                "chromedriver does not start ({error}); install it: \
                 apt-get install chromium chromium-driver"
            ),
        };
        let output = driver.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let port = port.expect("chromedriver says its port");
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().expect("the system has room for a profile");
        let wanted = capabilities(&profile.path().to_string_lossy(), width, height, arguments);
        let mut browser = Self { driver, port, session: String::new(), _profile: profile };
        let session = sound("/session", &wanted, browser.ask("POST", "/session", &wanted));
        let id = session["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {session}"));
        browser.session = format!("/session/{id}");
        browser.visit(address);
        browser
    }

    /// Goes to an address, and waits until the page there has checked; `about:blank` has none.
    ///
    /// # Panics
    /// When it does not start.
    pub fn go(&self, address: &str) {
        self.visit(address);
        if address != "about:blank" {
            // The verdict of the example is in the HTML: what is on the page has to be checked.
            self.wait(
                "the checker has started",
                "return !!document.querySelector('.verdict')
                    && document.querySelector('#result')?.getAttribute('aria-busy') === 'false'",
            );
        }
    }

    /// Goes to any page.
    ///
    /// # Panics
    /// When nothing answers there.
    pub fn visit(&self, address: &str) {
        self.call("/url", &json!({ "url": address }));
    }

    /// Waits until the editor, where there is one, has checked what was typed.
    ///
    /// # Panics
    /// When it does not in time.
    pub fn settle(&self) {
        self.wait("it has checked", "return !document.querySelector('[aria-busy=\"true\"]')");
    }

    /// Runs a script's body, and gives what it returns: once the element that it looks for is there, since what is
    /// clicked or typed shows later.
    ///
    /// # Panics
    /// When the script throws, of an element that is missing not until it is late.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Value {
        let body = json!({ "script": script, "args": arguments });
        let path = format!("{}/execute/sync", self.session);
        let start = Instant::now();
        loop {
            let value = self.ask("POST", &path, &body);
            let message = value["message"].as_str().filter(|_| !value["error"].is_null());
            let is_missing =
                message.is_some_and(|message| MISSING.iter().any(|one| message.contains(one)));
            if !is_missing || start.elapsed() > PATIENCE {
                return sound(&path, &body, value);
            }
        }
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
            std::thread::sleep(GLANCE);
        }
    }

    /// Clicks the first element that a CSS selector finds.
    ///
    /// # Panics
    /// When there is none, or it can't be clicked.
    pub fn click(&self, selector: &str) {
        self.settle();
        let element = self.element(selector);
        // A part of the page that is scrolled in itself may cover the edge that it was scrolled to.
        self.run(
            "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
            &[selector],
        );
        self.call(&format!("/element/{element}/click"), &json!({}));
    }

    /// Moves the mouse over the first element that a CSS selector finds.
    ///
    /// # Panics
    /// When there is none.
    pub fn hover(&self, selector: &str) {
        self.settle();
        let origin = json!({ ELEMENT: self.element(selector) });
        let to = json!({ "type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0 });
        self.call(
            "/actions",
            &json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": [to] }] }),
        );
    }

    /// Presses the mouse on the first element that a CSS selector finds, moves it through places, each so far from
    /// the element's left edge and from its top when it was pressed, in pixels, and lets it go.
    ///
    /// # Panics
    /// When there is none.
    pub fn drag(&self, selector: &str, places: &[(f64, f64)]) {
        self.settle();
        let find = "const found = document.querySelector(arguments[0]);
            found.scrollIntoView({ block: 'center' });
            const { left, top } = found.getBoundingClientRect();
            return [left, top]";
        let corner = self.run(find, &[selector]);
        let [left, top] = [0, 1].map(|at| corner[at].as_f64().unwrap_or_default());
        for (at, (x, y)) in places.iter().enumerate() {
            let to = json!({ "type": "pointerMove", "duration": 0, "x": left + x, "y": top + y });
            let press = json!({ "type": "pointerDown", "button": 0 });
            let actions = if at == 0 { vec![to, press] } else { vec![to] };
            self.call(
                "/actions",
                &json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": actions }] }),
            );
            self.settle();
        }
        let up = json!([{ "type": "pointerUp", "button": 0 }]);
        self.call(
            "/actions",
            &json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": up }] }),
        );
        self.settle();
    }

    /// The driver's name for the first element that a CSS selector finds.
    fn element(&self, selector: &str) -> String {
        let found = self.call("/element", &json!({ "using": "css selector", "value": selector }));
        let element = found[ELEMENT].as_str().unwrap_or_else(|| panic!("{selector}: {found}"));
        element.to_owned()
    }

    /// Presses keys, where the keyboard is.
    ///
    /// # Panics
    /// When the browser does not take them.
    pub fn press(&self, keys: &[&str]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.call(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        );
    }

    /// Pastes a text over all that an editor (`config`, `environment`) holds, and waits until it is checked.
    ///
    /// # Panics
    /// When there is no such editor.
    pub fn paste(&self, editor: &str, text: &str) {
        self.run("document.querySelector(`.pane.${arguments[0]} .cm-content`).focus()", &[editor]);
        self.press(&["\u{e009}", "a"]);
        if text.is_empty() {
            self.press(&["\u{e017}"]);
            return self.settle();
        }
        let paste = "
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', arguments[0]);
            document.activeElement.dispatchEvent(
                new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));";
        self.run(paste, &[text]);
        self.settle();
    }

    /// The texts of all elements that a CSS selector finds.
    ///
    /// # Panics
    /// When the page is gone.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.settle();
        let script = "return [...document.querySelectorAll(arguments[0])]
            .map((element) => element.textContent.trim())";
        serde_json::from_value(self.run(script, &[selector])).expect("texts")
    }

    /// The lines that an editor shows.
    ///
    /// # Panics
    /// When the page is gone.
    pub fn editor_text(&self, editor: &str) -> String {
        let script = "return [...document.querySelectorAll(`.pane.${arguments[0]} .cm-line`)]
            .map((line) => line.textContent).join('\\n')";
        serde_json::from_value(self.run(script, &[editor])).expect("a text")
    }

    /// Waits until an editor holds this text: what is clicked or typed elsewhere reaches it later.
    ///
    /// # Panics
    /// When it does not in time, with the text that it holds.
    pub fn wait_for_text(&self, editor: &str, expected: impl AsRef<str>) {
        let start = Instant::now();
        loop {
            let text = self.editor_text(editor);
            if text == expected.as_ref() {
                return;
            }
            if start.elapsed() > PATIENCE {
                assert_eq!(text, expected.as_ref(), "the {editor} editor");
            }
        }
    }

    /// Waits until the elements that a CSS selector finds have these texts.
    ///
    /// # Panics
    /// When they do not in time, with the texts that they have.
    pub fn wait_for_texts(&self, selector: &str, expected: &[&str]) {
        let start = Instant::now();
        loop {
            let texts = self.texts(selector);
            if texts == expected {
                return;
            }
            if start.elapsed() > PATIENCE {
                assert_eq!(texts, expected, "{selector}");
            }
        }
    }

    /// Makes the page this large, in CSS pixels: narrower than any window, if need be.
    ///
    /// # Panics
    /// When the browser refuses.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.develop("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Has the user prefer `light` or `dark` pages.
    ///
    /// # Panics
    /// When the browser refuses.
    pub fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.develop("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Gives a command of the developers' protocol (CDP), and its answer.
    ///
    /// # Panics
    /// When the browser refuses it.
    pub fn develop(&self, command: &str, parameters: &Value) -> Value {
        self.call("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Writes what the page looks like to a file, as PNG: for people to look at.
    ///
    /// # Panics
    /// When it can't be taken or written.
    pub fn screenshot(&self, path: &std::path::Path) {
        let call = format!("{}/screenshot", self.session);
        let taken = sound(&call, &Value::Null, self.ask("GET", &call, &json!({})));
        let bytes = openssl::base64::decode_block(taken.as_str().unwrap_or_default());
        std::fs::write(path, bytes.expect("a screenshot in base64")).expect("it is written");
    }

    fn call(&self, path: &str, body: &Value) -> Value {
        let path = format!("{}{path}", self.session);
        sound(&path, body, self.ask("POST", &path, body))
    }

    /// One call of the driver; its value, which may be an error.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = exchange(self.port, method, path, &body.to_string())
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let mut answer: Value = serde_json::from_slice(&answer)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        answer["value"].take()
    }
}

/// What Chromium says of a script that found no element.
const MISSING: [&str; 2] =
    ["Cannot read properties of undefined", "Cannot read properties of null"];

/// The value of a call that is no error.
fn sound(path: &str, body: &Value, value: Value) -> Value {
    if let Some(error) = value["error"].as_str() {
        panic!("{path} {body}: {error}: {}", value["message"]);
    }
    value
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, the driver takes its browser down with it; killed, it would leave it behind.
        if exchange(self.port, "GET", "/shutdown", "").is_err() {
            let _ = self.driver.kill();
        }
        let _ = self.driver.wait();
    }
}

/// One request over HTTP/1.1; the answer's body.
fn exchange(port: u16, method: &str, path: &str, body: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(given) = line.strip_prefix("content-length:") {
            length = given.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok(answer)
}

fn capabilities(profile: &str, width: u32, height: u32, more: &[&str]) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        // The sandbox does not run as root, which continuous integration often is.
        "--no-sandbox".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        format!("--user-data-dir={profile}"),
        format!("--window-size={width},{height}"),
    ];
    arguments.extend(more.iter().map(|one| (*one).to_owned()));
    json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": { "args": arguments } } } })
}
