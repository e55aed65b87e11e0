//! Prints how long a check of the named config takes within a process: the median, in
//! microseconds. `cargo xtask bench` runs it.
//!
//! With a number after the config, it only checks it so many times: for who counts instructions.

use std::hint::black_box;
use std::time::{Duration, Instant};

use redproof_core::{CheckInput, Releases, check, gather};

/// How long to measure, at most.
const WHILE: Duration = Duration::from_secs(1);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a config")?;
    let text = std::fs::read_to_string(&path)?;
    let environment = gather(&[], &[], false);
    let input = CheckInput {
        name: &path,
        text: &text,
        environment: &environment,
        releases: Releases::default(),
        now: Some(0),
    };
    if let Some(times) = std::env::args().nth(2) {
        for _ in 0..times.parse()? {
            black_box(check(black_box(&input)));
        }
        return Ok(());
    }
    let mut took = vec![];
    let start = Instant::now();
    while start.elapsed() < WHILE && took.len() < 10_000 {
        let before = Instant::now();
        black_box(check(black_box(&input)));
        took.push(before.elapsed());
    }
    took.sort_unstable();
    println!("{:.2}", took[took.len() / 2].as_secs_f64() * 1e6);
    Ok(())
}
