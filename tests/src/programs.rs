//! The project's own program and page, as the tests start them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The `redproof` binary that is next to the tests.
///
/// # Panics
/// When it was not built.
pub fn redproof() -> PathBuf {
    // A test is at `<target>/debug/deps/name-hash`.
    let test = std::env::current_exe().expect("a running test knows its file");
    let binary = test
        .ancestors()
        .nth(2)
        .map(|folder| folder.join("redproof"))
        .expect("a test is two folders deep");
    assert!(
        binary.is_file(),
        "{} is missing; build it: cargo build --package redproof",
        binary.display()
    );
    binary
}

/// The built page.
///
/// # Panics
/// When it was not built.
pub fn page() -> PathBuf {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
    assert!(
        page.join("index.html").is_file(),
        "{} holds no page; build it: cargo xtask site",
        page.display()
    );
    page
}

/// The whole built site: the page, the book, the JSON Schemas.
///
/// # Panics
/// When it was not built.
pub fn site() -> PathBuf {
    // The binary is at `<target>/debug/redproof`.
    let site = redproof().ancestors().nth(2).map(|target| target.join("site")).unwrap_or_default();
    assert!(
        site.join("docs/index.html").is_file(),
        "{} holds no site; build it: cargo xtask site",
        site.display()
    );
    site
}

/// `redproof serve`, on a port of its own; it ends with this value.
#[derive(Debug)]
pub struct Companion {
    child: Child,
    /// The address that it printed, token included.
    pub address: String,
    /// The pairing code that it printed.
    pub code: String,
}

impl Companion {
    /// Serves a folder; probes may read files under `allowed`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(site: &Path, allowed: &Path) -> Self {
        Self::start_with(site, allowed, &[])
    }

    /// [`Self::start`], with further arguments.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_with(site: &Path, allowed: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(redproof())
            .args(["serve", "--listen", "127.0.0.1:0", "--site"])
            .arg(site)
            .arg("--allow-files")
            .arg(allowed)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redproof serve starts");
        let output = child.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines.next().expect("redproof serve prints its address");
        let code = lines.next().expect("redproof serve prints a pairing code");
        std::thread::spawn(move || lines.for_each(drop));
        let code = code.rsplit(' ').next().unwrap_or_default().to_owned();
        Self { child, address, code }
    }

    /// `http://127.0.0.1:8700`
    pub fn origin(&self) -> &str {
        self.address.split("/#").next().unwrap_or_default()
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
