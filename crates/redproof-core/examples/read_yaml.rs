//! Reads YAML texts, each a JSON string on a line, and prints what they hold, a line each:
//! what `xtask/yaml/fuzz.py` compares with PyYAML.

#[path = "../tests/yaml/canonical.rs"]
mod canonical;

use std::io::{BufRead as _, Write as _};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        writeln!(out, "{}", canonical::canonical(&text))?;
        out.flush()?;
    }
    Ok(())
}
