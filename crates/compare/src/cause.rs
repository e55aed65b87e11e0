//! Which upgrade brings a change, in which release, and why.

use facts::{Pair, Version};
use report::Prepared;
use simulate::outcome::Outcome;

use super::{Detour, explanations};
use difference::difference::{Difference, Key};
use difference::outcomes::differences;
use difference::{Cause, Change, Upgrade, Verdict};
use facts::Aspect;

/// The pairs that have but one of the two upgrades, where there are two.
pub(super) struct Crossing {
    old: Pair,
    new: Pair,
    crossed: Option<Crossed>,
}

struct Crossed {
    /// LiteLLM new, redis-py old.
    litellm: (Pair, Outcome),
    /// LiteLLM old, redis-py new.
    redis_py: (Pair, Outcome),
}

/// The releases on the way: of those that do the same, one is simulated.
pub(super) struct History<'p> {
    prepared: &'p Prepared<'p>,
    outcomes: Vec<(Pair, Outcome)>,
}

impl<'p> History<'p> {
    pub(super) fn new(prepared: &'p Prepared<'p>) -> Self {
        Self { prepared, outcomes: vec![] }
    }

    fn outcome(&mut self, pair: Pair) -> &Outcome {
        let known = self.outcomes.iter().position(|(of, outcome)| outcome.asked.same(*of, pair));
        let at = known.unwrap_or_else(|| {
            self.outcomes.push((pair, self.prepared.simulated(pair)));
            self.outcomes.len() - 1
        });
        &self.outcomes[at].1
    }
}

impl Crossing {
    pub(super) fn new(prepared: &Prepared<'_>, old: Pair, new: Pair) -> Self {
        let both = old.litellm != new.litellm && old.redis_py != new.redis_py;
        let simulated = |litellm, redis_py| {
            let pair = pair(litellm, redis_py)?;
            Some((pair, prepared.simulated(pair)))
        };
        let crossed = || {
            Some(Crossed {
                litellm: simulated(new.litellm, old.redis_py)?,
                redis_py: simulated(old.litellm, new.redis_py)?,
            })
        };
        Self { old, new, crossed: both.then(crossed).flatten() }
    }

    /// What brings a difference between `before` and `after`.
    pub(super) fn cause(
        &self,
        difference: &Difference<'_>,
        all: &[Difference<'_>],
        before: &Outcome,
        after: &Outcome,
        history: &mut History<'_>,
    ) -> Cause {
        let key = &difference.key;
        let (upgrade, other) = self.upgrade(key, before, after);
        let (earlier, later) = self.edge(upgrade, other, key, after, history);
        let release = match upgrade {
            Upgrade::LiteLlm => (later.litellm != self.new.litellm).then_some(later.litellm),
            Upgrade::RedisPy => (later.redis_py != self.new.redis_py).then_some(later.redis_py),
            Upgrade::Files | Upgrade::Either | Upgrade::Both => None,
        };
        let forward =
            self.old.litellm <= self.new.litellm && self.old.redis_py <= self.new.redis_py;
        Cause {
            upgrade,
            since: release.filter(|_| forward),
            why: match upgrade {
                Upgrade::LiteLlm | Upgrade::RedisPy => {
                    explanations::explanation(difference, all, earlier, later)
                }
                Upgrade::Files | Upgrade::Either | Upgrade::Both => None,
            },
        }
    }

    /// The upgrade that brings a difference, and the pair that holds the other release meanwhile.
    fn upgrade(&self, key: &Key<'_>, before: &Outcome, after: &Outcome) -> (Upgrade, Pair) {
        let Some(crossed) = &self.crossed else {
            let stays = self.old.litellm == self.new.litellm;
            return (if stays { Upgrade::RedisPy } else { Upgrade::LiteLlm }, self.old);
        };
        let side = |outcome: &Outcome| (agree(key, outcome, before), agree(key, outcome, after));
        match (side(&crossed.litellm.1), side(&crossed.redis_py.1)) {
            ((false, true), (false, true)) => (Upgrade::Either, self.old),
            ((false, true), _) => (Upgrade::LiteLlm, self.old),
            (_, (false, true)) => (Upgrade::RedisPy, self.old),
            // One upgrade alone changes nothing, or something else: the other one completes it.
            ((true, false), (false, false)) => (Upgrade::RedisPy, self.new),
            ((false, false), (true, false)) => (Upgrade::LiteLlm, self.new),
            _ => (Upgrade::Both, self.old),
        }
    }

    /// Two neighbouring releases between which the difference comes about.
    fn edge(
        &self,
        upgrade: Upgrade,
        other: Pair,
        key: &Key<'_>,
        after: &Outcome,
        history: &mut History<'_>,
    ) -> (Pair, Pair) {
        let line: Vec<Pair> = match upgrade {
            Upgrade::LiteLlm => {
                between(self.old.litellm, self.new.litellm, Pair::litellm_releases())
                    .into_iter()
                    .filter_map(|litellm| pair(litellm, other.redis_py))
                    .collect()
            }
            Upgrade::RedisPy => {
                between(self.old.redis_py, self.new.redis_py, Pair::redis_py_releases())
                    .into_iter()
                    .filter_map(|redis_py| pair(other.litellm, redis_py))
                    .collect()
            }
            Upgrade::Files | Upgrade::Either | Upgrade::Both => vec![self.old, self.new],
        };
        // The first differs from `after`, the last agrees: halve until they are neighbours.
        let (mut low, mut high) = (0, line.len().saturating_sub(1));
        while low + 1 < high {
            let middle = low.midpoint(high);
            if agree(key, history.outcome(line[middle]), after) {
                high = middle;
            } else {
                low = middle;
            }
        }
        match (line.get(low), line.get(high)) {
            (Some(earlier), Some(later)) => (*earlier, *later),
            _ => (self.old, self.new),
        }
    }

    /// What breaks or weakens on a pair in between, and is not so in the end.
    pub(super) fn detours(
        &self,
        in_the_end: &[Change],
        compared: impl Fn(&Outcome) -> Vec<Change>,
    ) -> Vec<Detour> {
        let Some(crossed) = &self.crossed else {
            return vec![];
        };
        let known = |change: &Change| {
            in_the_end.iter().any(|other| {
                (other.aspect, &other.setting) == (change.aspect, &change.setting)
                    && other.verdict <= change.verdict
            })
        };
        [&crossed.litellm, &crossed.redis_py]
            .into_iter()
            .map(|(pair, outcome)| {
                let bad = |change: &Change| change.verdict <= Verdict::Weakens && !known(change);
                let changes = compared(outcome).into_iter().filter(bad).collect();
                Detour { pair: *pair, changes }
            })
            .filter(|detour: &Detour| !detour.changes.is_empty())
            .collect()
    }
}

/// Whether two outcomes agree on what a difference is about.
fn agree(key: &Key<'_>, one: &Outcome, other: &Outcome) -> bool {
    !differences(one, other).iter().any(|found| found.key == *key || hides(&found.key, key))
}

/// Whether outcomes that differ in the one can't be compared in the other.
fn hides(found: &Key<'_>, key: &Key<'_>) -> bool {
    let consumer = |key: &Key<'_>| key.user.map(|user| user.consumer);
    match found.aspect {
        Aspect::Startup => key.aspect != Aspect::Startup,
        Aspect::Presence => {
            // Of the Rust client: nothing of the others.
            let api = |key: &Key<'_>| key.user.and_then(|user| user.api);
            consumer(found) == consumer(key) && (api(found).is_none() || api(found) == api(key))
        }
        Aspect::Error => found.user == key.user,
        Aspect::Tls => {
            (found.user, found.sentinels) == (key.user, key.sentinels) && key.aspect.is_of_tls()
        }
        _ => false,
    }
}

fn pair(litellm: Version, redis_py: Version) -> Option<Pair> {
    Pair::parse(&litellm.to_string(), &redis_py.to_string()).ok()
}

/// The releases from one to another, both included, in the order of the way.
fn between(from: Version, to: Version, known: &[Version]) -> Vec<Version> {
    let (low, high) = (from.min(to), from.max(to));
    let mut line = vec![low];
    line.extend(known.iter().filter(|version| low < **version && **version < high));
    line.push(high);
    if from > to {
        line.reverse();
    }
    line
}
