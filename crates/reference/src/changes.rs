//! What changed for Redis, release by release, in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use facts::defects::Defect;
use facts::{BEHAVIOURS, Software, Version};

/// What a release brings and takes away.
#[derive(Default)]
struct Changes {
    does: Vec<String>,
    enters: Vec<&'static Defect>,
    leaves: Vec<&'static Defect>,
}

/// Each release that changes something, the newest first: LiteLLM's, then redis-py's.
pub fn page() -> String {
    let mut text = String::from(
        "# What changed\n\nWhat each release does otherwise with Redis than the one before it. Each line is a behaviour that the \
         simulation asks for, with recordings of the real software on both sides of its boundary, or a \
         [known defect](defects.md) whose bounds were read in the published wheels. Releases that are not named change nothing \
         that is known here. `redproof compare` says what of it concerns your configuration.\n",
    );
    for (software, name) in [(Software::Litellm, "LiteLLM"), (Software::RedisPy, "redis-py")] {
        for (version, changes) in by_release(software).iter().rev() {
            release(&mut text, name, *version, changes);
        }
    }
    text
}

fn by_release(software: Software) -> BTreeMap<Version, Changes> {
    let mut all: BTreeMap<Version, Changes> = BTreeMap::new();
    for row in BEHAVIOURS {
        let (of, since) = row.since;
        if of == software {
            let explains = row.explains.unwrap_or(row.what);
            all.entry(since).or_default().does.push(explains.to_owned());
        }
        if let Some((of, lost)) = row.lost
            && of == software
        {
            let what = row.what.trim_end_matches('.');
            let explains = row.explains_loss.map_or(format!("No longer: {what}."), str::to_owned);
            all.entry(lost).or_default().does.push(explains);
        }
    }
    if software == Software::Litellm {
        for defect in Defect::all() {
            for affected in defect.affected {
                all.entry(affected.since).or_default().enters.push(defect);
                if let Some(until) = affected.until {
                    all.entry(until).or_default().leaves.push(defect);
                }
            }
        }
    }
    // Two behaviours may explain an upgrade in the same words.
    for changes in all.values_mut() {
        changes.does.sort_unstable();
        changes.does.dedup();
    }
    all
}

fn release(text: &mut String, name: &str, version: Version, changes: &Changes) {
    // Writing to a String does not fail.
    let _ = write!(text, "\n## {name} {version}\n\n");
    for does in &changes.does {
        let _ = writeln!(text, "- {does}");
    }
    for (word, defects) in [("Enters", &changes.enters), ("Leaves", &changes.leaves)] {
        for defect in defects {
            let anchor = defect.id.to_lowercase();
            let _ =
                writeln!(text, "- {word}: [{}](defects.md#{anchor}) {}", defect.id, defect.name);
        }
    }
}
