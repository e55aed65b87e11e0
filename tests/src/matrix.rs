//! The situations as one table: what real redis-py does, and what the probe says.

use std::fmt::Write as _;

use redproof_core::releases::Python;
use redproof_probe::ProbeOutcome;
use serde_json::Value;

use crate::recorded_topologies::Places;
use crate::redis_py::{recorded, recorded_strictly, recorded_topologies};
use crate::rust_client;
use crate::situations::{PAIRS, Situation};

const HEAD: &str = "# The probe beside redis-py

Each row is a server that was started and a client that connected to it: real redis-py, sync and
asyncio, whose answer is recorded in `truth/redis-py`, and `redproof probe`, whose verdict a
test holds to that recording. *Strict* is the verdict of a client that checks the chain and the
name, whatever the configuration says. A verdict that both releases, or both clients, share stands
once.

This page is written by `REDPROOF_UPDATE=1 cargo test -p redproof-tests --test probe`.
";

/// The page.
pub fn page(situations: &[Situation]) -> String {
    let recordings = PAIRS.map(|(_, release)| recorded(release));
    let mut text = HEAD.to_owned();
    let over_tls = situations.iter().filter(|situation| situation.speaks_tls()).count();
    let agreeing = (situations.len() + over_tls) * PAIRS.len() * 2;
    // Writing to a String does not fail.
    let _ = writeln!(
        text,
        "\n{} situations, {agreeing} verdicts; the probe and redis-py agree on all of them.",
        situations.len(),
    );
    let mut group = "";
    for situation in situations {
        if situation.group != group {
            group = situation.group;
            let _ = write!(
                text,
                "\n## {group}\n\n| situation | redis-py {} | redis-py {} | probe | strict |\n\
                 | --- | --- | --- | --- | --- |\n",
                PAIRS[0].1, PAIRS[1].1,
            );
        }
        let [old, new] = recordings.each_ref().map(|recording| cell(&recording[situation.name]));
        let _ = writeln!(
            text,
            "| {} | {old} | {new} | {} | {} |",
            situation.name,
            verdict(situation),
            strict(situation)
        );
    }
    newer_python(&mut text, situations);
    topologies(&mut text);
    text
}

const RUST_HEAD: &str = "# LiteLLM's Rust client beside redis-py

From LiteLLM 1.110 on, a client in Rust keeps budgets, rate limits, cooldowns and the auth cache: redis-rs over rustls. Each
row is a server that was started and the clients that connected to it: redis-py's asyncio client, and the real Rust client of
LiteLLM {litellm}, which counted a budget. `truth/rustls` has its answers. `redproof probe` is held to each
of them, `redproof certificate` where files decide.

This page is written by `REDPROOF_UPDATE=1 cargo test -p redproof-tests --test certificates`.
";

/// The page on the Rust client.
pub fn rust_client_page(situations: &[Situation]) -> String {
    let (litellm, redis_py) = rust_client::PAIR;
    let (python, rust) = (recorded(redis_py), rust_client::recorded());
    let of = |situation: &Situation| {
        let python = words(&python[situation.name]["async"]);
        let said = rust_client::said(&rust[situation.name]);
        (python, said.map_or_else(|| "works".to_owned(), |text| shortened(&text)))
    };
    let differ = |situation: &&Situation| {
        let (python, rust) = of(situation);
        (python == "works") != (rust == "works")
    };
    let mut text = RUST_HEAD.replace("{litellm}", litellm);
    // Writing to a String does not fail.
    let _ = write!(
        text,
        "\n{} situations; in {} of them one of the two works and the other does not: these are marked.\n",
        situations.len(),
        situations.iter().filter(differ).count(),
    );
    let mut group = "";
    for situation in situations {
        if situation.group != group {
            group = situation.group;
            let _ = write!(
                text,
                "\n## {group}\n\n| situation | redis-py {redis_py} | Rust client | |\n| --- | --- | --- | --- |\n"
            );
        }
        let (python, rust) = of(situation);
        let mark = if differ(&situation) { "differs" } else { "" };
        let _ = writeln!(text, "| {} | {python} | {rust} | {mark} |", situation.name);
    }
    text
}

/// What the Rust client says, without what it says twice or is the same each time.
fn shortened(text: &str) -> String {
    let text = match text.split_once("', ").filter(|_| text.starts_with("('")) {
        Some((_, said)) => said.trim_start_matches(['\'', '"']),
        None => text,
    };
    let doubt = "Redis did not answer, so the command may or may not have applied: ";
    let text = text.trim_start_matches(doubt);
    let text = text.trim_start_matches("Redis rejected the command: ");
    let text = text.trim_end_matches("')").trim_end_matches("\")");
    let text = match text.split_at_checked(text.len().saturating_sub(2) / 2) {
        // The same text, a colon, and the same text.
        Some((half, rest)) if rest.strip_prefix(": ") == Some(half) => half,
        _ => text,
    };
    let text = text.split(": verification time").next().unwrap_or(text);
    let text: String = text.chars().take(140).filter(|c| *c != '\n').collect();
    text.replace('|', "\\|").replace('<', "\\<").replace('[', "\\[")
}

/// What another Python makes of the same servers.
fn newer_python(text: &mut String, situations: &[Situation]) {
    let python = Python::OF_IMAGES;
    let _ = write!(
        text,
        "\n## Python {python}\n\nThe tables above were recorded on Python 3.11. From {} on Python verifies more \
         strictly, and LiteLLM's official images run it. Everything over TLS was recorded there, too \
         (`redproof probe --python {python}`); this is what differs, and \
         [RP353](findings/RP353.md) says so beforehand.\n\n\
         | situation | redis-py | before | Python {python} |\n| --- | --- | --- | --- |\n",
        Python::FIRST_STRICT
    );
    for (_, release) in PAIRS {
        let (before, newer) = (recorded(release), recorded_strictly(release));
        for name in situations.iter().map(|situation| situation.name) {
            let works = |of: &Value| of[name]["async"]["ok"].as_bool() == Some(true);
            if works(&before) != works(&newer) {
                let [before, newer] = [&before, &newer].map(|of| cell(&of[name]));
                let _ = writeln!(text, "| {name} | {release} | {before} | {newer} |");
            }
        }
    }
}

/// Clusters and sentinels, as LiteLLM's own clients meet them.
fn topologies(text: &mut String) {
    let recordings = PAIRS.map(|(_, release)| recorded_topologies(release));
    let [old, new] =
        PAIRS.map(|(litellm, redis_py)| format!("LiteLLM {litellm}, redis-py {redis_py}"));
    let _ = write!(
        text,
        "\n## Clusters and sentinels\n\nThree masters with a replica each, and a master with a \
         replica behind three sentinels, all over TLS. Here LiteLLM itself was asked.\n\n\
         | situation | {old} | {new} | probe |\n| --- | --- | --- | --- |\n"
    );
    let places = Places::default();
    for case in places.cases().iter().chain(&places.broken()) {
        let [old, new] = recordings.each_ref().map(|recording| cell(&recording[case.name]));
        let [asyncio, sync] = [case.expected, case.sync].map(names);
        let probe =
            if asyncio == sync { asyncio } else { format!("sync: {sync}<br>asyncio: {asyncio}") };
        let _ = writeln!(text, "| {} | {old} | {new} | {probe} |", case.name);
    }
}

/// What one release says: once where sync and asyncio say the same.
fn cell(recorded: &Value) -> String {
    let [sync, asyncio] = ["sync", "async"].map(|api| words(&recorded[api]));
    if sync == asyncio { sync } else { format!("sync: {sync}<br>asyncio: {asyncio}") }
}

fn words(recorded: &Value) -> String {
    if recorded["ok"].as_bool() == Some(true) {
        return "works".to_owned();
    }
    let message = recorded["message"].as_str().unwrap_or("");
    let message = message.split(", with args").next().unwrap_or(message);
    let message = message.split(" : <redis.").next().unwrap_or(message);
    let reachable = "Please provide at least one reachable node: ";
    let message = message.split(reachable).last().unwrap_or(message);
    let message: String = without_line_number(message).chars().take(140).collect();
    let exception = recorded["exception"].as_str().unwrap_or("");
    format!("{exception}: {}", message.replace('|', "\\|").replace('<', "\\<"))
}

/// `(_ssl.c:1006)` says nothing to readers.
fn without_line_number(message: &str) -> &str {
    message.split(" (_ssl.c").next().unwrap_or(message)
}

fn verdict(situation: &Situation) -> String {
    let [asyncio, sync] = [situation.expected, situation.sync].map(names);
    if asyncio == sync { asyncio } else { format!("sync: {sync}<br>asyncio: {asyncio}") }
}

fn names([old, new]: [ProbeOutcome; 2]) -> String {
    if old == new {
        format!("`{}`", old.name())
    } else {
        format!("`{}`, then `{}`", old.name(), new.name())
    }
}

fn strict(situation: &Situation) -> String {
    let name = |strict: Option<ProbeOutcome>| {
        strict.map_or_else(|| "–".to_owned(), |strict| format!("`{}`", strict.name()))
    };
    let [old, new] = situation.strict.map(name);
    if old == new { old } else { format!("{old}, then {new}") }
}
