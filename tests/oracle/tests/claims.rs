//! What `docs/litellm-pages.md` names as showing a statement was recorded.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use redproof_core::reference::claims::{Recording, claims};
use redproof_oracle::Network;
use serde_json::Value as Json;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A member of each line of a folder's recordings.
fn named(folder: &Path, member: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    for file in std::fs::read_dir(folder).expect("the recordings").flatten() {
        if file.path().extension().is_none_or(|end| end != "gz") {
            continue;
        }
        let mut text = String::new();
        let file = std::fs::File::open(file.path()).expect("a recording");
        GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
        found.extend(text.lines().filter_map(|line| {
            let line: Json = serde_json::from_str(line).ok()?;
            Some(line[member].as_str()?.to_owned())
        }));
    }
    found
}

#[test]
fn each_recording_that_is_named_is_there() {
    let starts = named(&Network::Cut.recordings(), "id");
    let scenarios = named(&folder("../../truth/proxy/recordings"), "name");
    let keys = std::fs::read_to_string(folder("../../truth/startup/keys.json")).expect("recorded");
    let missing: Vec<String> = claims()
        .flat_map(|claim| claim.shown)
        .filter(|recording| match recording {
            Recording::Start(id) => !starts.contains(*id),
            Recording::Proxy(name) => !scenarios.contains(*name),
            Recording::Keys(case) => !keys.contains(&format!("\"case\": \"{case}\"")),
            // Another test holds the evidence of each change, and of what the wheels say.
            Recording::Change(_) | Recording::Signatures => false,
            Recording::Delays => !folder("../../truth/startup/delays.json").exists(),
        })
        .map(|recording| format!("{recording:?}"))
        .collect();
    assert!(missing.is_empty(), "not recorded: {missing:?}");
}
