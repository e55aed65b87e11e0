//! Cures prove themselves: a help text names what makes the finding go away, and nothing else.

use base::cure::Cure;
use base::finding::Finding;
use base::rule::Category;
use base::source::{Source, SourceId};
use deployment::environment::Variable;
use deployment::include::is_merged;
use facts::{Pair, Version};
use simulate::outcome::Startup;
use yaml::patch::{Part, apply};

use super::{Check, Context, Memo, Sections};

/// What stands for a value that only its owner knows.
const SOME: &str = "value";

impl Context<'_> {
    /// The finding with those of the cures that cure it, the best first. Where nobody reads it, it
    /// stays without.
    pub(super) fn cured_by(
        &self,
        check: &Check,
        found: Finding,
        cures: impl IntoIterator<Item = Cure>,
    ) -> Finding {
        if !self.advises() {
            return found;
        }
        let cures = cures.into_iter().filter(|cure| holds(self, check, &found, cure));
        cures.collect::<Vec<_>>().into_iter().fold(found, Finding::cure)
    }

    /// The releases on which a finding does not occur and LiteLLM starts: from which newer LiteLLM
    /// release on, up to which older redis-py release.
    pub(super) fn other_releases(&self, check: &Check, found: &Finding) -> Vec<Cure> {
        if !self.advises() {
            return vec![];
        }
        let pair = |litellm: Version, redis_py: Version| {
            Pair::parse(&litellm.to_string(), &redis_py.to_string()).ok()
        };
        let clean = |pair: Option<Pair>| {
            pair.is_some_and(|pair| self.on(pair, |context| gone(context, check, found)))
        };
        // What a release brings, later ones keep: the newest tells whether any does, and halving finds
        // the first.
        let newer = Pair::litellm_releases();
        let newer = &newer[newer.partition_point(|release| *release <= self.pair.litellm)..];
        let on_litellm = |release: &Version| clean(pair(*release, self.pair.redis_py));
        let first = newer
            .last()
            .filter(|newest| on_litellm(newest))
            .and_then(|_| newer.get(newer.partition_point(|release| !on_litellm(release))));
        let newer = first.map(|release| Cure::Release {
            software: "LiteLLM",
            release: release.to_string(),
            newer: true,
        });
        let older = Pair::redis_py_releases();
        let older = &older[..older.partition_point(|release| *release < self.pair.redis_py)];
        let on_redis_py = |release: &Version| clean(pair(self.pair.litellm, *release));
        let last = older
            .first()
            .filter(|oldest| on_redis_py(oldest))
            .and_then(|_| older[..older.partition_point(on_redis_py)].last());
        let older = last.map(|release| Cure::Release {
            software: "redis-py",
            release: release.to_string(),
            newer: false,
        });
        newer.into_iter().chain(older).collect()
    }

    /// The same configuration on other releases.
    fn on<T>(&self, pair: Pair, look: impl FnOnce(&Context<'_>) -> T) -> T {
        let outcome = simulate::simulate(self.document, self.environment, pair);
        look(&Context { outcome: &outcome, pair, memo: &Memo::plain(), ..*self })
    }
}

/// Whether a cure makes a finding go away, and LiteLLM still starts if it did. What is done outside of
/// the configuration is taken at its word.
pub fn holds(context: &Context<'_>, check: &Check, found: &Finding, cure: &Cure) -> bool {
    let cured = |context: &Context<'_>| gone(context, check, found);
    let in_environment = |name: &str, value: Option<&str>| {
        let mut environment = context.environment.clone();
        match value {
            Some(value) => environment.set(name, Variable::known(value, None)),
            None => environment.set_absent(name),
        }
        let outcome = simulate::simulate(context.document, &environment, context.pair);
        let memo = &Memo::plain();
        cured(&Context { environment: &environment, outcome: &outcome, memo, ..*context })
    };
    match cure {
        Cure::Edit { operations, .. } => {
            // What an edit of one of several files does is not worked out.
            let document = context.document.as_ref().ok().filter(|one| !is_merged(one));
            let Some(document) = document else { return false };
            let text = context.config_text;
            let Some(edit) = Part::whole(document, text).edit(operations) else { return false };
            let text = apply(text, &[edit]);
            let document = yaml::read(SourceId::CONFIG, &text);
            let outcome = simulate::simulate(&document, context.environment, context.pair);
            let mut sources: Vec<Source> = context.sources.to_vec();
            if let Some(first) = sources.first_mut() {
                first.text.clone_from(&text);
            }
            cured(&Context {
                sources: &sources,
                config_text: &text,
                document: &document,
                sections: Sections::of(&document),
                outcome: &outcome,
                memo: &Memo::plain(),
                ..*context
            })
        }
        Cure::Set { variable, value } => in_environment(variable, Some(value.unwrap_or(SOME))),
        Cure::Unset { variable } => in_environment(variable, None),
        Cure::Release { software, release, .. } => {
            let (litellm, redis_py) = match *software {
                "LiteLLM" => (release.clone(), context.pair.redis_py.to_string()),
                _ => (context.pair.litellm.to_string(), release.clone()),
            };
            Pair::parse(&litellm, &redis_py).is_ok_and(|pair| context.on(pair, cured))
        }
        Cure::Elsewhere { .. } => true,
    }
}

/// Whether a finding is not there, nor an exception at start-up in its place.
fn gone(context: &Context<'_>, check: &Check, found: &Finding) -> bool {
    let key = |one: &Finding| match one.path.is_empty() {
        true => (one.code, one.message.clone()),
        false => (one.code, one.path.clone()),
    };
    // A client that can't be used sends nothing, and so does nothing wrong.
    let fails = check.rule.code != "RP110"
        && context.outcome.clients.iter().any(|client| client.error.is_some());
    let startup = check.rule.category == Category::DoesNotStart;
    (startup || context.outcome.startup == Startup::Ok && !fails)
        && !(check.check)(context).iter().any(|other| key(other) == key(found))
}
