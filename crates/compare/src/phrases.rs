//! What every face says of a comparison, in the same words.

use difference::{Cause, Upgrade, Verdict};

use super::Comparison;

impl Comparison {
    /// What brings a change: which upgrade, since when, and what it does.
    pub fn why(&self, cause: &Cause) -> String {
        let (from, to) = (self.from.pair, self.to.pair);
        let verb = |down: bool| if down { "downgrade" } else { "upgrade" };
        let litellm = verb(to.litellm < from.litellm);
        let redis_py = verb(to.redis_py < from.redis_py);
        let who = match (cause.upgrade, cause.since) {
            (Upgrade::LiteLlm, Some(version)) => format!("since LiteLLM {version}"),
            (Upgrade::RedisPy, Some(version)) => format!("since redis-py {version}"),
            (Upgrade::LiteLlm, None) => format!("the {litellm} to LiteLLM {}", to.litellm),
            (Upgrade::RedisPy, None) => format!("the {redis_py} to redis-py {}", to.redis_py),
            (Upgrade::Either, _) => "either upgrade alone brings it".to_owned(),
            (Upgrade::Both, _) if self.revisions => "the other releases bring it".to_owned(),
            (Upgrade::Both, _) => "both upgrades together bring it".to_owned(),
            (Upgrade::Files, _) => "the files say it".to_owned(),
        };
        match cause.why {
            Some(why) => format!("{who}: {why}"),
            None => format!("{who}."),
        }
    }

    /// How many changes have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.changes.iter().filter(|change| change.verdict == verdict).count()
    }

    /// Whether it brings known defects of what the configuration asks for.
    fn brings_defects(&self) -> bool {
        self.enter.iter().any(|defect| defect.reach.is_asked())
    }

    /// Whether the upgrade is safe, in one sentence without its full stop.
    pub fn conclusion(&self) -> &'static str {
        let say = |upgrade: &'static str, change: &'static str| {
            if self.revisions { change } else { upgrade }
        };
        match self.verdict() {
            _ if self.starts_on_neither() => say(
                "There is nothing to compare until LiteLLM starts: `redproof check` says what to fix",
                "LiteLLM starts neither before nor after: `redproof check` says what to fix",
            ),
            None if self.brings_defects() => say(
                "The upgrade changes no connection, and brings known defects that this configuration meets",
                "The change changes no connection, and brings known defects that this configuration meets",
            ),
            None if self.enter.is_empty() && self.leave.is_empty() => say(
                "The upgrade changes nothing for this configuration",
                "The change changes no connection of this configuration",
            ),
            None => say(
                "The upgrade changes no connection of this configuration, only known defects",
                "The change changes no connection of this configuration, only known defects",
            ),
            Some(Verdict::Breaks | Verdict::Weakens) => say(
                "The upgrade is not safe for this configuration as it stands",
                "The change is not safe for this configuration",
            ),
            Some(Verdict::Changes | Verdict::Improves) if self.brings_defects() => say(
                "The upgrade breaks no connection, and brings known defects that this configuration meets",
                "The change breaks no connection, and brings known defects that this configuration meets",
            ),
            Some(Verdict::Changes | Verdict::Improves) => say(
                "The upgrade breaks and weakens nothing for this configuration",
                "The change breaks and weakens nothing for this configuration",
            ),
        }
    }
}
