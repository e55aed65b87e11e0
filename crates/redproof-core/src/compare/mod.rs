//! What an upgrade changes for one configuration: two pairs of releases, side by side.
//!
//! Both are simulated; [`difference`] says where the outcomes differ, [`judge`] what that means,
//! [`cause`] which upgrade brings it and why.

mod cause;
mod connection;
mod difference;
mod judge;
mod phrases;
mod why;
mod wording;

use crate::choice::{RedisPyOrigin, Releases};
use crate::diagnostic::{Diagnostic, Severity};
use crate::environment::Gathered;
use crate::order;
use crate::outcome::{Api, Consumer, Outcome, Startup};
use crate::releases::{Pair, Version};
use crate::report::{CheckInput, Prepared, Report};
use crate::source::Span;
use crate::words::Words;

use cause::{Crossing, History};
use difference::{Difference, differences};
use judge::Judge;

pub use difference::Aspect;
pub use judge::Verdict;

/// Two pairs of releases side by side, for one configuration.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The configuration today.
    pub from: Report,
    /// The configuration after the upgrade.
    pub to: Report,
    /// What changes: start-up first, then by client, the worst first.
    pub changes: Vec<Change>,
    /// Findings that the upgrade brings.
    pub appear: Vec<Diagnostic>,
    /// Findings that it takes away.
    pub vanish: Vec<Diagnostic>,
    /// What would break on the way, if one of the two were upgraded before the other.
    pub detours: Vec<Detour>,
}

/// One change, for all the clients that it befalls.
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
    /// Each alone.
    Either,
    /// Only both together.
    Both,
}

/// What would break if one upgrade went before the other.
#[derive(Clone, Debug)]
pub struct Detour {
    /// The pair in between.
    pub pair: Pair,
    /// What breaks or weakens there, and not in the end.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// The worst of all changes; `None` when nothing changes.
    pub fn verdict(&self) -> Option<Verdict> {
        let worst = self.changes.iter().map(|change| change.verdict).min();
        // Where LiteLLM starts on neither, another error says that in other words.
        let broken = !self.starts_on_neither()
            && self.appear.iter().any(|found| found.severity == Severity::Error);
        if broken { worst.min(Some(Verdict::Weakens)).or(Some(Verdict::Weakens)) } else { worst }
    }

    /// Whether something breaks or weakens.
    pub fn fails(&self) -> bool {
        self.verdict().is_some_and(|verdict| verdict <= Verdict::Weakens)
    }

    /// Whether LiteLLM starts on neither.
    pub fn starts_on_neither(&self) -> bool {
        let stops = |report: &Report| matches!(report.outcome.startup, Startup::Exception(_));
        stops(&self.from) && stops(&self.to)
    }
}

/// Compares what the releases of `input` do with a configuration to what those of `to` do.
///
/// Image tags and lock files speak of today: where `to` leaves LiteLLM out, it is the newest release.
/// A redis-py release that today's side is sure of stays, unless `to` names another.
pub fn compare(input: &CheckInput<'_>, to: Releases) -> Comparison {
    let prepared = Prepared::new(input);
    let from = input.releases.choose(&prepared.gathered);
    // A redis-py release that is asked for or locked stays as it is, unless something else is asked.
    let stays = match from.redis_py {
        RedisPyOrigin::Asked | RedisPyOrigin::Lock(_) => {
            to.or(Releases::of_redis_py(from.pair.redis_py))
        }
        RedisPyOrigin::Image | RedisPyOrigin::Assumed => to,
    };
    let to = stays.choose(&Gathered::default());
    let (old, new) = (from.pair, to.pair);
    let from = prepared.clone().judged(from);
    let to = prepared.clone().judged(to);
    let found = differences(&from.outcome, &to.outcome);
    let crossing = Crossing::new(&prepared, old, new);
    let mut history = History::new(&prepared);
    let words = Words::new(&to, false);
    let mut changes = vec![];
    for difference in &found {
        let cause = crossing.cause(difference, &found, &from.outcome, &to.outcome, &mut history);
        let mut change = change(difference, &from.outcome, &found, &words, cause);
        if change.aspect == Aspect::Startup && change.verdict == Verdict::Breaks {
            change.advice = to_start(&to.diagnostics);
        }
        add(&mut changes, change, true);
    }
    let changes = said_once(changes);
    let detours = crossing.detours(&changes, |outcome| between(&from.outcome, outcome, &words));
    let is_new = |one: &Diagnostic, others: &[Diagnostic]| {
        !others.iter().any(|other| {
            (other.code, &other.path, other.primary.span) == (one.code, &one.path, one.primary.span)
        })
    };
    let only = |these: &[Diagnostic], others: &[Diagnostic]| -> Vec<Diagnostic> {
        these.iter().filter(|one| is_new(one, others)).cloned().collect()
    };
    Comparison {
        appear: only(&to.diagnostics, &from.diagnostics),
        vanish: only(&from.diagnostics, &to.diagnostics),
        from,
        to,
        changes,
        detours,
    }
}

/// What makes LiteLLM start again.
fn to_start(found: &[Diagnostic]) -> Option<String> {
    let stops = found.iter().find(|found| found.code.starts_with("RP1"))?;
    stops.help.as_deref().map(str::to_owned)
}

/// What changes from one outcome to another of the same configuration, whatever brings it.
pub(crate) fn between(before: &Outcome, after: &Outcome, words: &Words<'_>) -> Vec<Change> {
    let found = differences(before, after);
    let cause = Cause { upgrade: Upgrade::Both, since: None, why: None };
    let mut changes = vec![];
    for difference in &found {
        add(&mut changes, change(difference, before, &found, words, cause), false);
    }
    said_once(changes)
}

/// Whether two outcomes differ in one of these aspects.
pub(crate) fn differ_in(aspects: &[Aspect], one: &Outcome, other: &Outcome) -> bool {
    let counts = |found: &Difference<'_>| !found.moved && aspects.contains(&found.key.aspect);
    differences(one, other).iter().any(counts)
}

fn change(
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
        before: wording::side(difference, &difference.before, words),
        after: wording::side(difference, &difference.after, words),
        verdict: judgement.verdict,
        consequence: judgement.consequence,
        advice: judgement.advice.map(str::to_owned),
        cause,
    }
}

/// Adds a change, or its clients to the same change of others. `origins` tells values apart by where
/// they come from, too.
fn add(changes: &mut Vec<Change>, change: Change, origins: bool) {
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
fn said_once(changes: Vec<Change>) -> Vec<Change> {
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
    order::by_key(kept.collect(), |(_, key)| *key).into_iter().map(|(change, _)| change).collect()
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}

/// Settings that name a target: where the server changes, that says it.
const TARGET: [&str; 7] =
    ["host", "port", "path", "url", "REDIS_URL", "startup_nodes", "sentinel_nodes"];
