//! What the built page looks like, as PNG files in a folder: at five widths, light, dark and in forced
//! colours. For people to look at: `cargo run -p redproof-tests --example page_pictures -- FOLDER`.

use std::path::PathBuf;

use redproof_tests::browser::Browser;
use redproof_tests::programs::{Companion, page};
use serde_json::json;

const SIZES: [(u32, u32); 6] =
    [(320, 640), (360, 740), (768, 1024), (1024, 768), (1440, 900), (2560, 1440)];

fn main() {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let directory = tempfile::tempdir().expect("a temporary directory");
    let companion = Companion::start(&page(), directory.path());
    let browser = Browser::open(&companion.address, 1440, 900);
    browser.wait("the strip is there", "return !!document.querySelector('.slider')");
    let picture = |name: String| browser.screenshot(&folder.join(format!("{name}.png")));
    for looks in ["light", "dark", "forced"] {
        let features = match looks {
            "forced" => json!([{ "name": "forced-colors", "value": "active" }]),
            scheme => json!([{ "name": "prefers-color-scheme", "value": scheme }]),
        };
        browser.develop("Emulation.setEmulatedMedia", &json!({ "features": features }));
        for (width, height) in SIZES {
            browser.resize(width, height);
            if width < 900 {
                picture(format!("{looks}-{width}-text"));
                browser.click(".tabs button:last-child");
            }
            picture(format!("{looks}-{width}"));
            // Farther down, where the strip and the problems are.
            browser.run("document.querySelector('.strip').scrollIntoView()", &[]);
            picture(format!("{looks}-{width}-strip"));
            browser.run("document.querySelector('#result').scrollTop = 0", &[]);
            if width < 900 {
                browser.click(".tabs button");
            }
        }
        browser.resize(1440, 900);
        for view in ["settings", "cache", "upgrade", "start", "certificates", "export"] {
            let open = "[...document.querySelectorAll('.views button')]
                .find((button) => button.textContent.toLowerCase() === arguments[0]).click()";
            browser.run(open, &[view]);
            let there =
                format!("return !!document.querySelector('.view.{view}:not([hidden]) > *')");
            browser.wait(view, &there);
            picture(format!("{looks}-view-{view}"));
        }
        browser.click(".views button");
    }
}
