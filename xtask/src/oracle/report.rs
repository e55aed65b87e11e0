//! Writes `docs/fidelity.md` from the recordings and a replay of all of them.

use std::fs;

use redproof_oracle::{Network, Share, evidence, page, replay};

use crate::shell::{Done, root};

const PAGE: &str = "docs/fidelity.md";

pub(super) fn report() -> Done {
    let folder = Network::Cut.recordings();
    let told = |error: std::io::Error| error.to_string();
    let replayed = replay(&folder, Network::Cut, &|_, _| true, Share::All).map_err(told)?;
    let evidence = evidence(&folder).map_err(told)?;
    let path = root().join(PAGE);
    fs::write(&path, page(&replayed, &evidence)).map_err(|error| format!("{PAGE}: {error}"))?;
    let unproved = evidence.rows.iter().filter(|(_, proofs)| proofs.is_empty());
    let unproved: Vec<String> =
        unproved.map(|(row, _)| format!("  {} ({})", row.name, row.since)).collect();
    if !unproved.is_empty() {
        println!("The recordings do not show these changes:\n{}", unproved.join("\n"));
    }
    println!("{PAGE} is written: {} answers disagree", replayed.total().disagree());
    Ok(())
}
