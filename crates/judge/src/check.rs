//! One check from end to end: texts, environment and releases in, everything known about them out.

use base::finding::Severity;
use deployment::environment::Note;
use deployment::release_choice::Chosen;
use facts::{Pair, Version};
use report::redaction::Redaction;
use report::{CheckInput, Prepared, Proved, Report, Running};
use simulate::outcome::Outcome;

use crate::rules;
use crate::silenced::silence;

/// What must be said of releases that are not known.
fn stand_ins(pair: Pair) -> impl Iterator<Item = Note> {
    let note = |software: &str, asked: Version, known: Version| Note {
        span: None,
        text: format!("{software} {asked} is not known here: it is simulated as {known}"),
    };
    let litellm = pair.litellm_stand_in().map(|known| note("LiteLLM", pair.litellm, known));
    let redis_py = pair.redis_py_stand_in().map(|known| note("redis-py", pair.redis_py, known));
    litellm.into_iter().chain(redis_py)
}

/// Checks a configuration.
pub fn check(input: &CheckInput<'_>) -> Report {
    let prepared = Prepared::new(input);
    let chosen = input.releases.choose(&prepared.gathered);
    judged(prepared, chosen)
}

/// All that is known of a configuration on a pair of releases.
pub fn judged(prepared: Prepared<'_>, chosen: Chosen) -> Report {
    let pair = chosen.pair;
    let outcome = prepared.simulated(pair);
    let Prepared { input, read, gathered } = prepared;
    let redaction = Redaction::of(&read.document, &gathered.environment, &outcome);
    let worked_out = rules::Memo::default();
    let context = rules::Context {
        sources: &gathered.sources,
        config_text: read.embedded.as_ref().map_or(input.text, |embedded| &embedded.text),
        document: &read.document,
        sections: rules::Sections::of(&read.document),
        environment: &gathered.environment,
        outcome: &outcome,
        pair,
        redis_py_assumed: chosen.redis_py.is_assumed(),
        container: gathered.container.as_ref(),
        now: input.now,
        memo: &worked_out,
    };
    let mut diagnostics = rules::check(&context);
    for diagnostic in &mut diagnostics {
        redaction.clean(diagnostic);
    }
    let mut notes: Vec<Note> =
        gathered.notes.into_iter().chain(chosen.notes).chain(stand_ins(pair)).collect();
    silence(&gathered.sources, &mut diagnostics, &mut notes);
    Report {
        sources: gathered.sources,
        document: read.document,
        environment: gathered.environment,
        pair,
        pair_origin: chosen.litellm,
        redis_py_origin: chosen.redis_py,
        outcome,
        diagnostics,
        notes,
        redaction,
        embedded: read.embedded,
        place: input.environment.config.clone(),
        included: gathered.included,
        running: gathered.container.as_ref().and_then(|one| Running::of(one, pair.litellm)),
        now: input.now,
        proved: Proved::default(),
    }
}

/// The codes of the errors that a check finds on a pair of releases, each
/// once. `outcome` is what the pair does.
pub fn errors(prepared: &Prepared<'_>, pair: Pair, outcome: &Outcome) -> Vec<&'static str> {
    let Prepared { input, read, gathered } = prepared;
    let plain = rules::Memo::plain();
    let context = rules::Context {
        sources: &gathered.sources,
        config_text: read.embedded.as_ref().map_or(input.text, |embedded| &embedded.text),
        document: &read.document,
        sections: rules::Sections::of(&read.document),
        environment: &gathered.environment,
        outcome,
        pair,
        redis_py_assumed: false,
        container: gathered.container.as_ref(),
        now: input.now,
        memo: &plain,
    };
    let mut found = rules::check_here(&context);
    found.retain(|one| one.severity == Severity::Error);
    silence(&gathered.sources, &mut found, &mut vec![]);
    let mut codes: Vec<&'static str> = vec![];
    for one in &found {
        if !codes.contains(&one.code) {
            codes.push(one.code);
        }
    }
    codes
}
