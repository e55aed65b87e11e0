//! What the real proxy did, and what is computed: `truth/proxy/recordings`.

mod replayed;

use std::collections::BTreeMap;

use replayed::{Tally, recordings, replay};

/// All of the recordings, or what is said is that it can't be known.
#[test]
fn agrees_with_the_running_proxy() {
    let mut tally = Tally::default();
    for recorded in recordings() {
        replay(&recorded, &mut tally);
    }
    // What a script can ask for need not be asked of each release that has the script.
    // The recorded proxies have no database: those that have tell each other of changes (`truth/wheels`).
    let mut needed: std::collections::BTreeSet<String> =
        ["publish", "subscribe"].map(str::to_owned).into();
    let by_age = |release: &&String| {
        let numbers = release.split('.').filter_map(|part| part.parse::<u32>().ok());
        std::cmp::Reverse(numbers.collect::<Vec<_>>())
    };
    let mut releases: Vec<&String> = tally.seen.computed.keys().collect();
    releases.sort_by_key(by_age);
    for release in releases {
        needed.extend(tally.seen.recorded.get(release).into_iter().flatten().cloned());
        let superfluous: Vec<&String> = tally.seen.computed[release].difference(&needed).collect();
        if !superfluous.is_empty() {
            tally.wrong.push(("allowed for nothing", format!("{release}: {superfluous:?}")));
        }
    }
    let mut kinds: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (kind, text) in &tally.wrong {
        kinds.entry(kind).or_default().push(text);
    }
    let shown: String = kinds
        .iter()
        .map(|(kind, texts)| {
            let some: String = texts.iter().take(12).map(|text| format!("    {text}\n")).collect();
            format!("{} × {kind}\n{some}", texts.len())
        })
        .collect();
    println!("{} compared, {} unknown", tally.compared, tally.unknown);
    assert!(tally.wrong.is_empty(), "{} of {} wrong\n{shown}", tally.wrong.len(), tally.compared);
}

/// Enough was asked, of enough releases.
#[test]
fn recordings_are_many() {
    let recorded = recordings();
    let mut releases = std::collections::BTreeSet::new();
    let mut steps = 0;
    for scenario in &recorded {
        for entry in scenario["answers"].as_array().into_iter().flatten() {
            let pairs = entry["pairs"].as_array().map_or(0, Vec::len);
            releases.extend(
                entry["pairs"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|pair| pair.as_str()?.split(' ').next().map(str::to_owned)),
            );
            steps += pairs * entry["answer"]["steps"].as_array().map_or(0, Vec::len);
        }
    }
    assert!(releases.len() >= 40, "{} releases", releases.len());
    assert!(steps >= 3000, "{steps} requests and counters");
}
