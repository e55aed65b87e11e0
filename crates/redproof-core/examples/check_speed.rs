//! Prints how long a check of the named config takes within a process: the median, in
//! microseconds. `cargo xtask bench` runs it.
//!
//! With a number after the config, it only works so many times, for who counts instructions: it checks,
//! or does what another word says. An environment file beside the config is read. `join` finds out how so many
//! configs run that lie beside what that file holds; `@@` in a config is its number.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use redproof_core::deployment::Area;
use redproof_core::export::{Format, Secrets};
use redproof_core::{
    CheckInput, NamedText, Releases, Selection, check, export, fix, gather, releases,
};

/// How long to measure, at most.
const WHILE: Duration = Duration::from_secs(1);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a config")?;
    let text = std::fs::read_to_string(&path)?;
    let beside = Path::new(&path).with_extension("env");
    let beside = std::fs::read_to_string(beside).unwrap_or_default();
    let files = [NamedText { name: ".env".to_owned(), text: beside }];
    let environment = gather(if files[0].text.is_empty() { &[] } else { &files }, &[], false);
    let input = CheckInput {
        name: &path,
        text: &text,
        environment: &environment,
        releases: Releases::default(),
        now: Some(0),
    };
    if let Some(times) = std::env::args().nth(2) {
        if std::env::args().nth(3).as_deref() == Some("join") {
            let configs = (0..times.parse()?)
                .map(|at: u32| (format!("team-{at}.yaml"), text.replace("@@", &at.to_string())));
            let [NamedText { text: beside, .. }] = files;
            let all = configs.chain([("beside.yaml".to_owned(), beside)]);
            black_box(Area::of_texts(all));
            return Ok(());
        }
        for _ in 0..times.parse()? {
            work(&input, std::env::args().nth(3).as_deref());
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

fn work(input: &CheckInput<'_>, what: Option<&str>) {
    match what {
        Some("fix") => drop(black_box(fix(black_box(input), &Selection::any()))),
        Some("releases") => drop(black_box(releases(black_box(input)))),
        Some("export") => {
            drop(black_box(export(black_box(input), Format::Config, Secrets::Placeholders)));
        }
        _ => drop(black_box(check(black_box(input)))),
    }
}
