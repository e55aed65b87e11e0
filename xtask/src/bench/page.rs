//! The weight of the page's first load, and how fast the page is in headless Chromium.

use serde::Deserialize;

use super::Programs;
use super::report::{Row, Table};
use crate::shell::{cargo, output, which};
use crate::site;

/// From a key to its diagnostics, of 99 keys in 100.
const KEYSTROKE_MS: f64 = 8.0;

/// From an empty tab to editors and a verdict.
const READY_MS: f64 = 1500.0;

/// What `tests/examples/page_speed.rs` prints.
#[derive(Deserialize)]
struct Speed {
    ready_ms: Vec<f64>,
    keystroke_ms: Vec<f64>,
}

/// Loads the built page, and types into it.
pub(super) fn speed(_: &Programs) -> Result<Table, String> {
    let title = "The page in headless Chromium, served on loopback";
    let unmeasured =
        |why: &str| Ok(Table::new(title, vec![]).remark(format!("Not measured: {why}")));
    if !site::dist().join("index.html").is_file() {
        return unmeasured("the page is not built. `cargo xtask site` builds it.");
    }
    if which("chromedriver").is_none() {
        return unmeasured("`apt-get install chromium chromium-driver` installs what is missing.");
    }
    let run = [
        "run",
        "--quiet",
        "--locked",
        "--release",
        "-p",
        "redproof-tests",
        "--example",
        "page_speed",
    ];
    let Speed { mut ready_ms, mut keystroke_ms } =
        serde_json::from_str(&output(&mut cargo(&run))?).map_err(|error| error.to_string())?;
    let [ready, _] = percentiles(&mut ready_ms);
    let [median, slow] = percentiles(&mut keystroke_ms);
    let rows = vec![
        Row::new("first load, until editors and verdict are there")
            .figure(format!("median {ready:.0} ms"))
            .budget(format!("median < {READY_MS:.0} ms"), ready < READY_MS),
        Row::new("a key in a config of 1,000 lines, until all is drawn")
            .figure(format!("median {median:.1} ms, p99 {slow:.1} ms"))
            .budget(format!("p99 < {KEYSTROKE_MS:.0} ms"), slow < KEYSTROKE_MS),
    ];
    Ok(Table::new(title, rows))
}

/// The median, and what 99 in 100 are below.
fn percentiles(all: &mut [f64]) -> [f64; 2] {
    all.sort_by(f64::total_cmp);
    [all.len() / 2, (all.len() * 99 / 100).min(all.len().saturating_sub(1))]
        .map(|at| all.get(at).copied().unwrap_or(f64::NAN))
}

/// Weighs the built page; without one, says how to build it.
#[allow(clippy::unnecessary_wraps, reason = "all parts look alike")]
pub(super) fn measure(_: &Programs) -> Result<Table, String> {
    let title = "First load of the page, packed by brotli";
    let files = match site::sizes() {
        Ok(files) if !files.is_empty() => files,
        _ => {
            return Ok(Table::new(title, vec![])
                .remark("Not measured: the page is not built. `cargo xtask site` builds it."));
        }
    };
    let kilobytes = |bytes: usize| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
    let row = |what: &str, total: usize, budget: usize| {
        Row::new(what)
            .figure(kilobytes(total))
            .budget(format!("< {}", kilobytes(budget)), total < budget)
    };
    let early: usize = files.iter().filter(|file| file.early).map(|file| file.size).sum();
    let all: usize = files.iter().map(|file| file.size).sum();
    let mut rows: Vec<Row> = vec![
        row("before the first paint", early, site::FIRST_PAINT),
        row("all", all, site::IN_ALL),
    ];
    rows.extend(files.into_iter().map(|file| {
        let kind = file.name.rsplit('.').next().unwrap_or("?").to_owned();
        Row::new(kind).figure(kilobytes(file.size))
    }));
    Ok(Table::new(title, rows))
}
