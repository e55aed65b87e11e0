//! No secret comes out: a canary is in each of many places, and no output has it.

mod places;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use redproof_core::export::{Exports, Format, Secrets};
use redproof_core::finding::Severity;
use redproof_core::source::SourceId;
use redproof_core::{
    CheckInput, Gathered, Releases, Report, Selection, check, compare, connection_map, depends,
    diagnose, explain, fix, gather,
};
use serde_json::json;

use crate::answer::{Formatter, Human, Json};
use crate::diagnose::Diagnosed;
use crate::explain::Explained;
use crate::format::{FORMATS, How, human};
use crate::summary::Summary;
use crate::words::{CHOOSERS, releases_in_words};
use places::{CANARY, Place, places};

fn gathered(place: &Place) -> Gathered {
    gather(&place.files, &place.variables, false)
}

/// Every output that a configuration has, by name.
fn outputs(place: &Place) -> Vec<(String, String)> {
    let environment = gathered(place);
    let releases = if place.files.is_empty() {
        Releases::parse(Some("1.80.0"), Some("5.3.1")).expect("supported")
    } else {
        // As the files say.
        Releases::default()
    };
    let input = CheckInput {
        name: "config.yaml",
        text: &place.config,
        environment: &environment,
        releases,
        now: None,
    };
    let mut all = vec![];
    let mut add = |name: &str, text: String| all.push((name.to_owned(), text));
    let report = check(&input);
    let how = How { coloured: false, quiet: false, fail_on: Severity::Error };
    for form in FORMATS {
        add(&format!("check {}", form.name()), form.file(&report, None, how));
    }
    let summary =
        Summary { releases: Some(releases_in_words(&report, CHOOSERS)), ..Summary::default() };
    add("summary", human::summary(&summary, false));
    let people = Human { coloured: false };
    let explained = Explained { explanation: explain(&report, false), report: check(&input) };
    add("explain", people.text(&explained));
    add("explain json", Json.text(&explained));
    add("map", format!("{:?}", connection_map(&report)));
    add("depends", format!("{:?}", depends(&report)));
    for also_unsafe in [false, true] {
        let fixed = fix(&input, &Selection { also_unsafe, ..Selection::default() });
        let before = (place.config.as_str(), &report.redaction);
        add(&format!("fix --diff {also_unsafe}"), crate::fix::diff("c", before, &fixed, false));
        add(&format!("fix {also_unsafe}"), crate::fix::said("c", &fixed, false));
        for form in FORMATS.iter().filter(|form| form.tells_all()) {
            let again = form.file(&fixed.report, None, how);
            add(&format!("check after fix {also_unsafe}"), again);
        }
    }
    let exports = Exports::of(&input, Secrets::Placeholders);
    for format in Format::ALL {
        let text = match &exports {
            Ok(exports) => {
                let export = exports.export(format);
                let files: String = export
                    .files
                    .iter()
                    .map(|file| format!("{}\n{}", file.name, file.text))
                    .collect();
                format!("{files}\n{:?}\n{:?}", export.notes, export.to_fill_in)
            }
            Err(error) => error.to_string(),
        };
        add(&format!("export {}", format.name()), text);
    }
    add("share", shared(&report));
    let to = Releases::parse(Some("1.109.1"), Some("8.1.0")).expect("supported");
    let comparison = compare(&input, to);
    add("compare", people.text(&comparison));
    add("compare json", Json.text(&comparison));
    let log = format!(
        "redis.exceptions.ConnectionError: Error 111 connecting to h:6379. Connection refused.\n\
         ValueError: Port could not be cast to integer value as '{CANARY}'\n\
         redis://u:{CANARY}@h:6379/0\nREDIS_PASSWORD={CANARY}\n"
    );
    let diagnosis = diagnose(&log, Some(&report));
    let diagnosed = Diagnosed { diagnosis, report: Some(report), cut: false };
    add("diagnose", people.text(&diagnosed));
    add("diagnose json", Json.text(&diagnosed));
    let case = json!({
        "id": 1, "config": place.config, "litellm": "1.80.0", "redis_py": "5.3.1",
        "env": place.variables.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
    });
    // Its contract has the user's name and the host as they are, which redis-py takes out of a URL.
    let mut answer = redproof_core::simulated::run_line(&case.to_string(), false);
    for (name, held) in [("username", CANARY.to_owned()), ("host", CANARY.to_lowercase())] {
        answer = answer.replace(&format!("\"{name}\":\"{held}\""), "");
    }
    add("simulate", answer);
    all
}

/// The texts of a share link.
fn shared(report: &Report) -> String {
    let mut text = String::new();
    for (at, source) in (0..).zip(&report.sources) {
        let _ = writeln!(text, "{}", report.redaction.shareable(SourceId(at), &source.text));
    }
    text
}

#[test]
fn a_canary_comes_out_of_no_output() {
    let places = places();
    let next = AtomicUsize::new(0);
    let found = Mutex::new((BTreeSet::new(), vec![]));
    let work = || {
        while let Some(place) = places.get(next.fetch_add(1, Ordering::Relaxed)) {
            let all = outputs(place);
            let mut found = found.lock().expect("no thread panics with it");
            for (output, text) in all {
                // A host is read in small letters.
                let tells = |text: &str| text.to_lowercase().contains(&CANARY.to_lowercase());
                if tells(&text) {
                    let line = text.lines().find(|line| tells(line)).unwrap_or_default();
                    found.1.push(format!("{} → {output}: {}", place.name, line.trim()));
                }
                found.0.insert(output);
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let (outs, leaks) = found.into_inner().expect("no thread panicked");
    assert!(places.len() >= 400, "{} places", places.len());
    assert!(outs.len() >= 24, "{outs:?}");
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}
