//! Writes `docs/fidelity.md` from the recordings and a replay of all of them.

use std::fs;

use redproof_oracle::{Judges, Network, Share, evidence, page, replay};

use crate::shell::{Done, root};

const PAGE: &str = "docs/fidelity.md";

pub(super) fn report() -> Done {
    let folder = Network::Cut.recordings();
    let told = |error: std::io::Error| error.to_string();
    let replayed = |network: Network| {
        replay(&network.recordings(), network, &|_, _| true, Share::All).map_err(told)
    };
    let (cut, answering) = (replayed(Network::Cut)?, replayed(Network::Answering)?);
    let servers = replayed(Network::Servers)?;
    let evidence = evidence(&folder).map_err(told)?;
    let path = root().join(PAGE);
    let judges =
        Judges { cut: &cut, answering: &answering, servers: &servers, evidence: &evidence };
    fs::write(&path, page(judges)).map_err(|error| format!("{PAGE}: {error}"))?;
    let unproved = evidence.rows.iter().filter(|(_, proofs)| proofs.is_empty());
    let unproved: Vec<String> =
        unproved.map(|(row, _)| format!("  {} ({})", row.name, row.since)).collect();
    if !unproved.is_empty() {
        println!("The recordings do not show these changes:\n{}", unproved.join("\n"));
    }
    let wrong: usize = [cut, answering, servers].iter().map(|one| one.total().disagree()).sum();
    println!("{PAGE} is written: {wrong} answers disagree");
    Ok(())
}
