//! The simulation says what the real LiteLLM did, in every recorded case and field.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use redproof_oracle::{Judges, Network, Report, Share, evidence, page, replay};

const SHOWN: usize = 10;

/// Fewer pairs than this were not all that are recorded.
const PAIRS: usize = 100;

static REPORT: LazyLock<Report> = LazyLock::new(|| {
    replay(&Network::Cut.recordings(), Network::Cut, &|_, _| true, Share::Ends)
        .expect("the recordings are readable")
});

static ANSWERING: LazyLock<Report> = LazyLock::new(|| {
    replay(&Network::Answering.recordings(), Network::Answering, &|_, _| true, Share::All)
        .expect("the recordings are readable")
});

static SERVERS: LazyLock<Report> = LazyLock::new(|| {
    replay(&Network::Servers.recordings(), Network::Servers, &|_, _| true, Share::All)
        .expect("the recordings are readable")
});

#[test]
fn the_simulation_agrees_with_litellm_on_every_recorded_field() {
    assert!(REPORT.pairs.len() >= PAIRS, "not all of them are recorded");
    let told = told(&REPORT);
    assert!(told.is_empty(), "{told}\nAll of them: cargo xtask oracle check --show 100");
}

#[test]
fn the_simulation_agrees_with_litellm_while_a_redis_answers() {
    let releases: BTreeSet<&str> =
        ANSWERING.pairs.iter().map(|release| release.litellm.as_str()).collect();
    assert!(releases.len() >= 25, "{} releases", releases.len());
    assert!(ANSWERING.cases >= 2_000, "{} configurations", ANSWERING.cases);
    let told = told(&ANSWERING);
    assert!(told.is_empty(), "{told}\nAll of them: cargo xtask oracle check --answering");
}

#[test]
fn the_simulation_agrees_with_litellm_while_real_servers_answer() {
    assert!(SERVERS.cases >= 40, "{} configurations", SERVERS.cases);
    let told = told(&SERVERS);
    assert!(told.is_empty(), "{told}\nAll of them: cargo xtask oracle check --servers");
}

#[test]
fn every_excuse_is_needed_and_small() {
    for (outside, count) in &REPORT.outside {
        let (text, why) = (&outside.text, &outside.why);
        assert!(*count > 0, "{text} agrees by now, or is asked no more: strike it off ({why})");
        // An excuse is for one odd value, not for a field.
        let limit = REPORT.total().answers / 500;
        assert!(*count <= limit, "{text} excuses {count} answers");
    }
}

#[test]
fn the_page_about_fidelity_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fidelity.md");
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let evidence = evidence(&Network::Cut.recordings()).expect("the recordings are readable");
    let judges =
        Judges { cut: &REPORT, answering: &ANSWERING, servers: &SERVERS, evidence: &evidence };
    let fresh = page(judges);
    if std::env::var_os("REDPROOF_UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("docs can be written");
        return;
    }
    let stale = fresh.lines().zip(written.lines()).find(|(fresh, written)| fresh != written);
    assert!(
        fresh == written,
        "docs/fidelity.md is stale, from {stale:?} on: run `cargo xtask oracle report`",
    );
}

fn told(report: &Report) -> String {
    let mut text = String::new();
    for disagreement in report.disagreements.iter().take(SHOWN) {
        let case = &disagreement.example;
        let release = &report.pairs[disagreement.pair];
        let _ = writeln!(text, "{release}: {} such as {}", disagreement.answers, case.id);
        let _ = writeln!(text, "{}{:?}", case.config, case.env);
        for d in &disagreement.differences {
            let _ = writeln!(text, "    {}: {:?} is {:?}", d.field, d.simulated, d.real);
        }
    }
    text
}
