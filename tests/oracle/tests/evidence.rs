//! Each behaviour of a release is recorded on both sides of its boundary: `facts::BEHAVIOURS` against what
//! the real software answered at start-up, and against what its wheels say.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use redproof_core::releases::{BEHAVIOURS, BehaviourRow, Pair, Software, Version};
use redproof_oracle::{Differing, Network, Reading, Step, evidence, readings};

type Boundary = (Software, Version);

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// What each name of recorded evidence is about: the first release on the far side; those alone that
/// show it between releases that follow each other, or all.
fn shown(proved_alone: bool) -> HashMap<String, Boundary> {
    let recorded = evidence(&Network::Cut.recordings()).expect("the recordings are readable");
    let proved = |proofs: &[(Step, Differing)]| proofs.iter().any(|(step, _)| step.adjacent);
    let rows = recorded.rows.iter().filter(|(_, proofs)| !proved_alone || proved(proofs));
    let of_rows = rows.map(|(row, _)| {
        let software = if row.of_litellm { Software::Litellm } else { Software::RedisPy };
        (row.name.clone(), (software, version(&row.since)))
    });
    let path = folder("../../truth/wheels/recording.json");
    let readings = readings(&path).expect("the readings are readable");
    let of_readings = readings.into_iter().filter(differs).map(|reading| {
        let software = software(&reading);
        let (before, after) = (version(&reading.before.release), version(&reading.after.release));
        let known = match software {
            Software::Litellm => Pair::litellm_releases(),
            Software::RedisPy => Pair::redis_py_releases(),
        };
        let place = known.iter().position(|release| *release == after);
        let neighbour = place.and_then(|place| known.get(place.checked_sub(1)?));
        assert_eq!(neighbour, Some(&before), "{}: another release lies between", reading.name);
        (reading.name, (software, after))
    });
    let mut shown = HashMap::new();
    for (name, boundary) in of_rows.chain(of_readings) {
        assert!(shown.insert(name.clone(), boundary).is_none(), "{name} names two recordings");
    }
    shown
}

fn differs(reading: &Reading) -> bool {
    reading.before.found != reading.after.found
}

fn software(reading: &Reading) -> Software {
    match reading.project.as_str() {
        "litellm" => Software::Litellm,
        "redis" => Software::RedisPy,
        other => panic!("{other} is not a project that Redproof knows"),
    }
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap_or_else(|| panic!("{text} is not a release"))
}

/// The releases at which a row begins and ends, as the first ones that are known: a row may name one
/// that was withdrawn.
fn boundaries(row: &BehaviourRow) -> Vec<Boundary> {
    [Some(row.since), row.lost].into_iter().flatten().map(first_known).collect()
}

fn first_known((software, release): Boundary) -> Boundary {
    let known = match software {
        Software::Litellm => Pair::litellm_releases(),
        Software::RedisPy => Pair::redis_py_releases(),
    };
    let first = known.iter().find(|known| **known >= release);
    (software, *first.expect("a release that is known"))
}

#[test]
fn each_behaviour_has_evidence_on_both_sides_of_its_boundary() {
    let shown = shown(true);
    let mut missing = Vec::new();
    for row in BEHAVIOURS {
        let proved: Vec<Boundary> = row
            .evidence
            .iter()
            .filter_map(|name| shown.get(*name).copied())
            .map(first_known)
            .collect();
        for boundary in boundaries(row) {
            if !proved.contains(&boundary) {
                missing.push(format!("{:?} at {:?} {}", row.behaviour, boundary.0, boundary.1));
            }
        }
    }
    assert!(missing.is_empty(), "no recording shows these:\n{}", missing.join("\n"));
}

#[test]
fn all_evidence_is_recorded_and_is_of_its_own_boundary() {
    let shown = shown(false);
    let mut wrong = Vec::new();
    for row in BEHAVIOURS {
        for name in row.evidence {
            match shown.get(*name).copied().map(first_known) {
                None => wrong.push(format!("{:?}: {name} is not recorded", row.behaviour)),
                Some(boundary) if !boundaries(row).contains(&boundary) => {
                    wrong.push(format!("{:?}: {name} is of another release", row.behaviour));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
