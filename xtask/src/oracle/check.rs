//! Replays recordings through the simulation and shows where it is wrong.

use std::collections::BTreeMap;
use std::time::Instant;

use redproof_oracle::{Difference, Disagreement, Report, read_all, replay};
use serde_json::Value;

use super::Options;
use crate::shell::Done;

/// Longer values are cut in the list of disagreements.
const WIDTH: usize = 300;

/// Replays and prints; disagreement is an error.
pub(super) fn check(options: &Options) -> Done {
    let folder = options.folder();
    let recordings = read_all(&folder)
        .map_err(|error| format!("{error}\nMake recordings by `cargo xtask oracle record`"))?;
    let mut wrong = 0;
    for mut recording in recordings {
        if !options.wants(&recording.release.litellm, &recording.release.redis_py) {
            continue;
        }
        if let Some(text) = &options.only {
            // A field's name or a value's text is looked for later, in what differs.
            let topics = recording.outcomes.iter().any(|(case, _)| case.id.contains(text));
            if topics {
                recording.outcomes.retain(|(case, _)| case.id.contains(text));
            }
        }
        let start = Instant::now();
        let report = replay(&recording);
        summary(&report, start.elapsed().as_secs_f32());
        fields(&report, options.fields);
        disagreements(&report, options);
        wrong += report.disagreements.len();
    }
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} cases disagree")) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases are small")]
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn summary(report: &Report, seconds: f32) {
    let agreeing = report.cases - report.disagreements.len();
    println!(
        "{}: {agreeing} of {} cases agree ({:.2} %), {seconds:.1} s",
        report.release,
        report.cases,
        percent(agreeing, report.cases)
    );
}

fn fields(report: &Report, complete_too: bool) {
    for (field, (recorded, differing)) in &report.fields {
        if *differing > 0 || complete_too {
            let agreeing = recorded.saturating_sub(*differing);
            println!(
                "  {:>6.2} %  {field}: {agreeing} of {recorded}",
                percent(agreeing, *recorded)
            );
        }
    }
}

/// Disagreements with the same first difference, most frequent first, one example each.
fn disagreements(report: &Report, options: &Options) {
    let mut groups: BTreeMap<(&str, String, String), Vec<&Disagreement>> = BTreeMap::new();
    for disagreement in &report.disagreements {
        // A case that disagrees has at least one difference.
        let Some(first) = disagreement.differences.first() else { continue };
        let named = |text: &String| {
            disagreement.case.id.contains(text)
                || disagreement.differences.iter().any(|d| d.field.contains(text))
        };
        if options.only.as_ref().is_none_or(named) {
            let key =
                (first.field.as_str(), shown(first.real.as_ref()), shown(first.simulated.as_ref()));
            groups.entry(key).or_default().push(disagreement);
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let left = groups.len().saturating_sub(options.show);
    for group in groups.into_iter().take(options.show) {
        let Some(example) = group.first() else { continue };
        println!("\n  {} × {}", group.len(), example.case.id);
        for line in example.case.config.lines() {
            println!("    | {line}");
        }
        for (name, value) in &example.case.env {
            println!("    $ {name}={}", value.as_str().unwrap_or_default());
        }
        for Difference { field, real, simulated } in &example.differences {
            println!("    {field}");
            let start = difference_start(real.as_ref(), simulated.as_ref());
            println!("      - LiteLLM   {}", shown_from(real.as_ref(), start));
            println!("      + Redproof  {}", shown_from(simulated.as_ref(), start));
        }
    }
    if left > 0 {
        println!("\n  … and {left} more kinds (--show {})", options.show + left);
    }
    println!();
}

/// How much of two long values is left out so that their difference shows.
fn difference_start(real: Option<&Value>, simulated: Option<&Value>) -> usize {
    let (Some(real), Some(simulated)) = (real, simulated) else { return 0 };
    let (real, simulated) = (real.to_string(), simulated.to_string());
    let equal = real.chars().zip(simulated.chars()).take_while(|(a, b)| a == b).count();
    if equal < WIDTH / 2 { 0 } else { equal - WIDTH / 4 }
}

fn shown(value: Option<&Value>) -> String {
    shown_from(value, 0)
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
