//! The weight of the page's first load, and how fast the page is in headless Chromium.

use serde::Deserialize;

use super::Programs;
use super::report::{Row, Table};
use crate::shell::{cargo, output, which};
use crate::site;

/// From a key to the engine's answer drawn, of 99 keys in 100.
const KEYSTROKE_MS: f64 = 16.0;

/// How long the page's thread is busy with a key, of 99 keys in 100.
const BLOCKED_MS: f64 = 8.0;

/// From an empty tab to editors and a verdict.
const READY_MS: f64 = 500.0;

/// The same over slow 4G with a processor four times slower; the example's verdict is in the first paint.
const SLOW_PAINT_MS: f64 = 1000.0;
const SLOW_VERDICT_MS: f64 = 6000.0;

/// What `tests/examples/page_speed.rs` prints.
#[derive(Deserialize)]
struct Speed {
    ready_ms: Vec<f64>,
    keystroke_ms: Vec<f64>,
    blocked_ms: Vec<f64>,
    slow: Vec<Slow>,
}

/// A load over slow 4G with a processor four times slower.
#[derive(Deserialize)]
struct Slow {
    bytes: f64,
    paint_ms: f64,
    verdict_ms: f64,
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
    let Speed { mut ready_ms, mut keystroke_ms, mut blocked_ms, slow } =
        serde_json::from_str(&output(&mut cargo(&run))?).map_err(|error| error.to_string())?;
    let [ready, _] = percentiles(&mut ready_ms);
    let [median, slowest] = percentiles(&mut keystroke_ms);
    let [busy, busiest] = percentiles(&mut blocked_ms);
    let of_slow = |figure: fn(&Slow) -> f64| {
        let mut all: Vec<f64> = slow.iter().map(figure).collect();
        percentiles(&mut all)[0]
    };
    let [paint, verdict, bytes] =
        [|one: &Slow| one.paint_ms, |one: &Slow| one.verdict_ms, |one: &Slow| one.bytes]
            .map(of_slow);
    let rows = vec![
        Row::new("first load, until editors and verdict are there")
            .figure(format!("median {ready:.0} ms"))
            .budget(format!("median < {READY_MS:.0} ms"), ready < READY_MS),
        Row::new("a key in a config of 1,000 lines, until the engine's answer is drawn")
            .figure(format!("median {median:.1} ms, p99 {slowest:.1} ms"))
            .budget(format!("p99 < {KEYSTROKE_MS:.0} ms"), slowest < KEYSTROKE_MS),
        Row::new("the page's own thread, busy with that key")
            .figure(format!("median {busy:.1} ms, p99 {busiest:.1} ms"))
            .budget(format!("p99 < {BLOCKED_MS:.0} ms"), busiest < BLOCKED_MS),
        Row::new("slow 4G, processor 4 x slower: first paint, the example's verdict in it")
            .figure(format!("median {paint:.0} ms"))
            .budget(format!("median < {SLOW_PAINT_MS:.0} ms"), paint < SLOW_PAINT_MS),
        Row::new("the same, until the engine's own verdict")
            .figure(format!("median {verdict:.0} ms, {:.0} kB", bytes / 1000.0))
            .budget(format!("median < {SLOW_VERDICT_MS:.0} ms"), verdict < SLOW_VERDICT_MS),
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
