//! Two outcomes of one configuration side by side: what differs, and what that means.
//!
//! [`outcomes`] finds where they differ, [`difference`] is what it notes, [`severity`] what that means, [`sides`] shows both values.
#![forbid(unsafe_code)]

pub mod connection;
pub mod difference;
pub mod outcomes;
mod phrases;
mod severity;
pub mod sides;
pub mod unknown_variables;

use base::source::Span;
use facts::Version;
use report::display::Words;
use simulate::outcome::{Api, Consumer, Outcome};

use difference::Difference;
use outcomes::differences;
use severity::Judge;

pub use facts::Aspect;
pub use severity::Verdict;

/// One change, for all the clients that it affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose clients; empty for LiteLLM as a whole.
    pub clients: Vec<(Consumer, Api)>,
    /// On the connections to the sentinels, not on that to the master.
    pub sentinels: bool,
    /// What it is about.
    pub aspect: Aspect,
    /// The setting, as the config calls it: `ssl_check_hostname`.
    pub setting: String,
    /// How it is today.
    pub before: Side,
    /// How it is after the upgrade.
    pub after: Side,
    /// How bad it is.
    pub verdict: Verdict,
    /// What follows from it. One or two sentences.
    pub consequence: String,
    /// What to do about it. An imperative.
    pub advice: Option<String>,
    /// What brings it.
    pub cause: Cause,
}

/// A value on one side of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value, as text, without secrets.
    pub text: String,
    /// Where it comes from; empty where that says nothing.
    pub origin: String,
    /// The place that it was written in.
    pub at: Option<Span>,
}

/// Which upgrade brings a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// LiteLLM's, redis-py's, either alone, or only both together.
    pub upgrade: Upgrade,
    /// The release on the way that brought it, where that is neither end.
    pub since: Option<Version>,
    /// What this release does differently, where that is known. One sentence.
    pub why: Option<&'static str>,
}

/// Which of the two upgrades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Upgrade {
    /// LiteLLM's alone.
    LiteLlm,
    /// redis-py's alone.
    RedisPy,
    /// No release: other files.
    Files,
    /// Each alone.
    Either,
    /// Only both together.
    Both,
}

/// What changes from one outcome to another of the same configuration, whatever brings it.
pub fn between(before: &Outcome, after: &Outcome, words: &Words<'_>) -> Vec<Change> {
    let found = differences(before, after);
    let cause = Cause { upgrade: Upgrade::Both, since: None, why: None };
    let mut changes = vec![];
    for difference in &found {
        add(&mut changes, change(difference, before, &found, words, cause), false);
    }
    said_once(changes)
}

/// Whether two outcomes differ in one of these aspects.
pub fn differ_in(aspects: &[Aspect], one: &Outcome, other: &Outcome) -> bool {
    let counts = |found: &Difference<'_>| !found.moved && aspects.contains(&found.key.aspect);
    differences(one, other).iter().any(counts)
}

/// A difference in words, with what it means.
pub fn change(
    difference: &Difference<'_>,
    before: &Outcome,
    all: &[Difference<'_>],
    words: &Words<'_>,
    cause: Cause,
) -> Change {
    let key = &difference.key;
    let judgement = Judge { before, all }.judge(difference);
    let apis = match key.user.map(|user| user.api) {
        None => vec![],
        Some(None) => vec![Api::Sync, Api::Async],
        Some(Some(api)) => vec![api],
    };
    let consumer = key.user.map(|user| user.consumer);
    Change {
        clients: apis.into_iter().filter_map(|api| Some((consumer?, api))).collect(),
        sentinels: key.sentinels,
        aspect: key.aspect,
        setting: key.name.to_owned(),
        before: sides::side(difference, &difference.before, words),
        after: sides::side(difference, &difference.after, words),
        verdict: judgement.verdict,
        consequence: judgement.consequence,
        advice: judgement.advice.map(str::to_owned),
        cause,
    }
}

/// Adds a change, or its clients to the same change of others. `origins` tells values apart by where
/// they come from, too.
pub fn add(changes: &mut Vec<Change>, change: Change, origins: bool) {
    let same_side = |one: &Side, other: &Side| {
        one.text == other.text && (!origins || (&one.origin, one.at) == (&other.origin, other.at))
    };
    let same = |other: &&mut Change| {
        (other.sentinels, other.aspect, &other.setting)
            == (change.sentinels, change.aspect, &change.setting)
            && same_side(&other.before, &change.before)
            && same_side(&other.after, &change.after)
            && (other.verdict, other.cause.upgrade, other.cause.since)
                == (change.verdict, change.cause.upgrade, change.cause.since)
    };
    match changes.iter_mut().find(same) {
        Some(other) => {
            for client in &change.clients {
                if !other.clients.contains(client) {
                    other.clients.push(*client);
                }
            }
        }
        None => changes.push(change),
    }
}

/// Leaves out settings that a change of a value speaks of already, and puts the rest in order:
/// start-up, then by client, those whose worst change is the worst first, then the settings.
pub fn said_once(changes: Vec<Change>) -> Vec<Change> {
    let values = || changes.iter().filter(|change| change.aspect != Aspect::Setting);
    let spoken_of = |setting: &Change| {
        let name = setting.setting.rsplit('.').next().unwrap_or_default();
        let name = name.strip_prefix("redis_").unwrap_or(name);
        values().any(|change| {
            let at = [change.before.at, change.after.at];
            let target = matches!(change.aspect, Aspect::Server | Aspect::Topology);
            let here = [setting.before.at, setting.after.at].into_iter().flatten();
            here.into_iter().any(|span| at.into_iter().flatten().any(|at| holds(span, at)))
                || change.setting == name
                || target && TARGET.contains(&name)
        })
    };
    // A part that goes to another server has other connections, too.
    let implied = |sharing: &Change| {
        let elsewhere = values().filter(|change| {
            matches!(change.aspect, Aspect::Server | Aspect::Topology)
                && change.verdict == Verdict::Breaks
        });
        let clients: Vec<_> = elsewhere.flat_map(|change| &change.clients).collect();
        sharing.clients.iter().all(|client| clients.contains(&client))
    };
    let worst = |change: &Change| {
        let group = values().filter(|other| other.clients == change.clients);
        group.map(|other| other.verdict as usize).min().unwrap_or(0)
    };
    let keys: Vec<Option<[usize; 4]>> = changes
        .iter()
        .map(|change| {
            let clients = change.clients.iter().fold(usize::from(change.sentinels), |sum, one| {
                sum * 8 + 2 * (one.0 as usize) + one.1 as usize + 1
            });
            let rank = match change.aspect {
                Aspect::Setting if spoken_of(change) => return None,
                Aspect::Sharing if implied(change) => return None,
                Aspect::Setting => 9,
                Aspect::Startup => 0,
                _ => 1 + worst(change),
            };
            Some([rank, clients, change.verdict as usize, change.aspect as usize])
        })
        .collect();
    let kept = changes.into_iter().zip(keys).filter_map(|(change, key)| Some((change, key?)));
    let mut kept: Vec<_> = kept.collect();
    kept.sort_by_key(|(_, key)| *key);
    kept.into_iter().map(|(change, _)| change).collect()
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}

/// Settings that name a target: where the server changes, that says it.
const TARGET: [&str; 7] =
    ["host", "port", "path", "url", "REDIS_URL", "startup_nodes", "sentinel_nodes"];
