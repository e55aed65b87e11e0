//! Replays recordings through the simulation and shows where it is wrong.

use std::time::Instant;

use redproof_oracle::{Case, Counts, Difference, Disagreement, Release, Report, Share, replay};
use serde_json::Value;

use super::Options;
use crate::shell::Done;

/// Longer values are cut in the list of disagreements.
const WIDTH: usize = 300;

/// What is replayed, and how much of it is shown.
#[derive(clap::Args)]
pub(super) struct Shown {
    #[command(flatten)]
    options: Options,
    /// How many of the most frequent disagreements are shown
    #[arg(long, value_name = "N", default_value_t = 10)]
    show: usize,
    /// Only cases whose name holds this text
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Count agreement field by field, also where it is complete
    #[arg(long)]
    fields: bool,
}

/// Replays and prints; disagreement is an error.
pub(super) fn check(shown: &Shown) -> Done {
    let options = &shown.options;
    let start = Instant::now();
    let wanted = |case: &Case, release: &Release| {
        let named = shown.only.as_ref().is_none_or(|text| case.id.contains(text));
        named && options.wants(&release.litellm, &release.redis_py)
    };
    let report = replay(&options.folder(), options.network(), &wanted, Share::All)
        .map_err(|error| format!("{error}\nMake recordings by `cargo xtask oracle record`"))?;
    for (release, counts) in report.pairs.iter().zip(&report.counts) {
        if counts.answers > 0 {
            println!("{}", summary(&release.to_string(), *counts));
        }
    }
    fields(&report, shown.fields);
    disagreements(&report, shown.show);
    let all = report.total();
    let pairs = report.counts.iter().filter(|counts| counts.answers > 0).count();
    let name = format!("{} cases on {pairs} pairs", report.cases);
    println!("{} in {:.1} s", summary(&name, all), start.elapsed().as_secs_f32());
    match all.disagree() {
        0 => Ok(()),
        wrong => Err(format!("{wrong} answers disagree")),
    }
}

fn summary(name: &str, counts: Counts) -> String {
    let Counts { answers, agree, outside } = counts;
    let claimed = answers - outside;
    let percent = percent(agree, claimed);
    let outside = if outside > 0 { format!(", {outside} outside") } else { String::new() };
    format!("{name}: {agree} of {claimed} answers agree ({percent:.2} %){outside}")
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases are small")]
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn fields(report: &Report, complete_too: bool) {
    for (field, (recorded, differing)) in &report.fields {
        if *differing > 0 || complete_too {
            let agreeing = recorded.saturating_sub(*differing);
            let percent = percent(agreeing, *recorded);
            println!("  {percent:>6.2} %  {field}: {agreeing} of {recorded}");
        }
    }
}

/// One example of each kind, most frequent first.
fn disagreements(report: &Report, show: usize) {
    for disagreement in report.disagreements.iter().take(show) {
        let Disagreement { answers, pairs, example, pair, differences } = disagreement;
        let pairs = match pairs.len() {
            1 => String::new(),
            more => format!(" on {more} pairs"),
        };
        println!("\n  {answers} ×{pairs} such as {} of {}", example.id, report.pairs[*pair]);
        for line in example.config.lines() {
            println!("    | {line}");
        }
        for (name, value) in &example.env {
            println!("    $ {name}={}", value.as_str().unwrap_or_default());
        }
        for Difference { field, real, simulated } in differences {
            println!("    {field}");
            let start = difference_start(real.as_ref(), simulated.as_ref());
            println!("      - LiteLLM   {}", shown_from(real.as_ref(), start));
            println!("      + Redproof  {}", shown_from(simulated.as_ref(), start));
        }
    }
    let left = report.disagreements.len().saturating_sub(show);
    if left > 0 {
        println!("\n  … and {left} more kinds (--show {})", show + left);
    }
}

/// How much of two long values is left out so that their difference shows.
fn difference_start(real: Option<&Value>, simulated: Option<&Value>) -> usize {
    let (Some(real), Some(simulated)) = (real, simulated) else { return 0 };
    let (real, simulated) = (real.to_string(), simulated.to_string());
    let equal = real.chars().zip(simulated.chars()).take_while(|(a, b)| a == b).count();
    if equal < WIDTH / 2 { 0 } else { equal - WIDTH / 4 }
}

fn shown_from(value: Option<&Value>, start: usize) -> String {
    let Some(value) = value else { return "(no such field)".to_owned() };
    let text = value.to_string();
    let length = text.chars().count();
    let before = if start > 0 { "…" } else { "" };
    let after = if length > start + WIDTH { "…" } else { "" };
    let part: String = text.chars().skip(start).take(WIDTH).collect();
    format!("{before}{part}{after}")
}
