//! One configuration on every LiteLLM release and every redis-py release: where it behaves alike,
//! and what changes between.
//!
//! Releases that answer alike all that a simulation asks do the same ([`facts::Asked`]): of these,
//! one is simulated and judged.

use std::collections::{BTreeSet, HashMap};

use difference::outcomes::differences;
use difference::{Change, Upgrade, add, change, said_once};
use facts::{Asked, Pair, Places, Version};
use judge::errors;
use report::display::Words;
use report::redaction::Redaction;
use report::{CheckInput, Prepared};
use schemars::JsonSchema;
use serde::Serialize;
use simulate::outcome::{Outcome, Startup};

use crate::explanations;
use difference::Cause;

/// What every release does with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllReleases {
    /// The releases that a check takes.
    pub here: Releases,
    /// All LiteLLM releases.
    pub litellm: Stretch,
    /// All redis-py releases.
    pub redis_py: Stretch,
    /// redis-py's releases, oldest first: those next to each other on which every LiteLLM release
    /// behaves alike.
    pub columns: Vec<Column>,
    /// How many pairs were simulated.
    pub simulated: usize,
}

/// A LiteLLM release on a redis-py release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Releases {
    /// LiteLLM's.
    pub litellm: String,
    /// redis-py's.
    pub redis_py: String,
}

/// Releases next to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stretch {
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
    /// How many there are.
    pub count: usize,
}

/// What LiteLLM's releases do on some redis-py releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Column {
    /// redis-py's releases.
    pub redis_py: Stretch,
    /// Whether the releases that a check takes are among these.
    pub here: bool,
    /// LiteLLM's releases, oldest first, by what they do.
    pub spans: Vec<Span>,
}

/// LiteLLM releases next to each other that behave alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Span {
    /// The releases.
    pub litellm: Stretch,
    /// Whether the release that a check takes is one of them, on the redis-py release that it takes.
    pub here: bool,
    /// Spans of one number behave alike, in other columns too. From 0 on.
    pub behaviour: usize,
    /// Whether LiteLLM starts.
    pub starts: Start,
    /// What stops it, without secrets: `ValueError: …`; or what that depends on.
    pub stopped_by: Option<String>,
    /// The codes of the errors that a check finds, in order.
    pub errors: Vec<&'static str>,
    /// Whether LiteLLM starts, and a check finds no error.
    pub safe: bool,
    /// All that in a few words.
    pub caption: String,
    /// What is different from the span before: the worst first, as in an upgrade.
    pub changes: Vec<Brought>,
}

/// Whether LiteLLM starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on what is not known.
    Unknown,
}

/// One difference between two spans.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Brought {
    /// `breaks`, `weakens`, `changes` or `improves`.
    pub verdict: &'static str,
    /// Whose: `router, sync client`; `LiteLLM` as a whole.
    pub whose: String,
    /// What it is about.
    pub what: String,
    /// How it is before.
    pub before: String,
    /// How it is from here on.
    pub after: String,
    /// What follows from it.
    pub consequence: String,
    /// What the release does differently, where that is known.
    pub why: Option<&'static str>,
}

/// One behaviour: the first pair that has it, and what that does.
struct Behaves {
    outcome: Outcome,
    errors: Vec<&'static str>,
}

/// What no pair has: it is not worked out yet.
const NOT_YET: usize = usize::MAX;

/// What every LiteLLM release on every redis-py release does with a configuration.
///
/// Of `input`'s releases, those given or found in its files are marked as `here`.
pub fn releases(input: &CheckInput<'_>) -> AllReleases {
    let prepared = Prepared::new(input);
    let here = input.releases.choose(&prepared.gathered).pair;
    let (litellm, redis_py) = (Pair::litellm_releases(), Pair::redis_py_releases());
    let mut grid = vec![vec![NOT_YET; litellm.len()]; redis_py.len()];
    let mut covered = vec![Places::none(); redis_py.len()];
    let mut behaviours: Vec<Behaves> = vec![];
    let mut simulated = 0;
    for place in 0..redis_py.len() {
        while let Some(gap) = covered[place].first_gap(litellm.len()) {
            let pair = Pair::at(gap, place);
            let ((outcome, errors), asked) = Asked::during(|| {
                let outcome = prepared.simulated(pair);
                let errors = errors(&prepared, pair, &outcome);
                (outcome, errors)
            });
            simulated += 1;
            let known = behaviours.iter().position(|one| one.is_as(&outcome, &errors));
            let number = known.unwrap_or_else(|| {
                behaviours.push(Behaves { outcome, errors });
                behaviours.len() - 1
            });
            let alike = asked.alike(pair);
            for (column, places) in covered.iter_mut().enumerate() {
                if alike.redis_py.has(column) {
                    places.add(&alike.litellm);
                    for (at, cell) in grid[column].iter_mut().enumerate() {
                        if alike.litellm.has(at) {
                            *cell = number;
                        }
                    }
                }
            }
        }
    }
    let mut boundaries = Boundaries::new(&prepared, &behaviours);
    let columns = runs(&grid).map(|run| {
        let stays = run.contains(&last_place(redis_py, here.redis_py));
        let numbers = &grid[run.start];
        let spans = runs(numbers).map(|span| {
            let newest = run.end - 1;
            let number = numbers[span.start];
            let changes = match span.start.checked_sub(1) {
                Some(before) => boundaries.changes(
                    (numbers[before], Pair::at(before, newest)),
                    (number, Pair::at(span.start, newest)),
                ),
                None => vec![],
            };
            let here = stays && span.contains(&last_place(litellm, here.litellm));
            let stretch = stretch(litellm, span);
            boundaries.span(stretch, here, number, changes)
        });
        Column { redis_py: stretch(redis_py, run.clone()), here: stays, spans: spans.collect() }
    });
    AllReleases {
        here: Releases { litellm: here.litellm.to_string(), redis_py: here.redis_py.to_string() },
        litellm: stretch(litellm, 0..litellm.len()),
        redis_py: stretch(redis_py, 0..redis_py.len()),
        columns: columns.collect(),
        simulated,
    }
}

impl Behaves {
    /// Whether another outcome is no other behaviour. An exception in other words is none.
    fn is_as(&self, outcome: &Outcome, errors: &[&'static str]) -> bool {
        let same = match (&self.outcome.startup, &outcome.startup) {
            (Startup::Exception(one), Startup::Exception(other)) => one.class == other.class,
            _ => differences(&self.outcome, outcome)
                .iter()
                .all(difference::difference::Difference::is_moved),
        };
        same && self.errors == errors
    }
}

/// What is said of each behaviour, and of the bounds between.
struct Boundaries<'p> {
    behaviours: &'p [Behaves],
    redactions: Vec<Redaction>,
    prepared: &'p Prepared<'p>,
    known: HashMap<(usize, usize, Version), Vec<Brought>>,
}

impl<'p> Boundaries<'p> {
    fn new(prepared: &'p Prepared<'p>, behaviours: &'p [Behaves]) -> Self {
        let (document, environment) = (&prepared.read.document, &prepared.gathered.environment);
        let redaction = |one: &Behaves| Redaction::of(document, environment, &one.outcome);
        let redactions = behaviours.iter().map(redaction).collect();
        Self { behaviours, redactions, prepared, known: HashMap::new() }
    }

    fn span(&self, litellm: Stretch, here: bool, number: usize, changes: Vec<Brought>) -> Span {
        let Behaves { outcome, errors } = &self.behaviours[number];
        let shown = |text: &str| self.redactions[number].clean_text(text);
        let (starts, stopped_by) = match &outcome.startup {
            Startup::Ok => (Start::Yes, None),
            Startup::Exception(exception) => (Start::No, Some(shown(&exception.to_string()))),
            Startup::Unknown(why) => (Start::Unknown, Some(shown(why))),
        };
        let safe = starts == Start::Yes && errors.is_empty();
        let found = match errors.as_slice() {
            [] => "no errors".to_owned(),
            codes => codes.join(", "),
        };
        let caption = match starts {
            Start::Yes => format!("starts, {found}"),
            Start::No => "does not start".to_owned(),
            Start::Unknown => "whether it starts is not known".to_owned(),
        };
        let errors = errors.clone();
        Span {
            litellm,
            here,
            behaviour: number,
            starts,
            stopped_by,
            errors,
            safe,
            caption,
            changes,
        }
    }

    fn changes(&mut self, before: (usize, Pair), after: (usize, Pair)) -> Vec<Brought> {
        let key = (before.0, after.0, after.1.litellm);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let (old, new) = (&self.behaviours[before.0].outcome, &self.behaviours[after.0].outcome);
        let found = differences(old, new);
        let Prepared { gathered, .. } = self.prepared;
        let words = Words::of(&gathered.sources, &gathered.environment, &self.redactions[after.0]);
        let mut changes = vec![];
        for difference in found.iter().filter(|one| !one.is_moved()) {
            let why = explanations::explanation(difference, &found, before.1, after.1);
            let cause = Cause { upgrade: Upgrade::LiteLlm, since: Some(after.1.litellm), why };
            add(&mut changes, change(difference, old, &found, &words, cause), false);
        }
        let clean = |text: &str| self.redactions[before.0].clean_text(text);
        let brought: Vec<Brought> =
            said_once(changes).iter().map(|change| brought(change, clean)).collect();
        self.known.insert(key, brought.clone());
        brought
    }
}

fn brought(change: &Change, clean: impl Fn(&str) -> String) -> Brought {
    Brought {
        verdict: change.verdict.name(),
        whose: change.heading(),
        what: change.title(),
        before: clean(&change.before.text),
        after: clean(&change.after.text),
        consequence: clean(&change.consequence),
        why: change.cause.why,
    }
}

/// Where neighbours are the same.
fn runs<T: PartialEq>(items: &[T]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    items.chunk_by(|one, next| one == next).map(move |run| {
        let range = start..start + run.len();
        start = range.end;
        range
    })
}

fn stretch(known: &[Version], places: std::ops::Range<usize>) -> Stretch {
    let at = |place: usize| known.get(place).map(Version::to_string).unwrap_or_default();
    Stretch { first: at(places.start), last: at(places.end - 1), count: places.len() }
}

/// The place of the nearest known release that is not newer.
fn last_place(known: &[Version], release: Version) -> usize {
    known.partition_point(|one| *one <= release).saturating_sub(1)
}

impl AllReleases {
    /// Those of the columns and spans that hold these releases.
    #[must_use]
    pub fn only(mut self, litellm: Option<Version>, redis_py: Option<Version>) -> Self {
        let holds = |stretch: &Stretch, release: Option<Version>, known: &[Version]| {
            let place = |text: &str| Version::parse(text).map(|one| last_place(known, one));
            let Some(at) = release.map(|release| last_place(known, release)) else { return true };
            place(&stretch.first).is_some_and(|first| first <= at)
                && place(&stretch.last).is_some_and(|last| at <= last)
        };
        self.columns.retain(|one| holds(&one.redis_py, redis_py, Pair::redis_py_releases()));
        for column in &mut self.columns {
            column.spans.retain(|one| holds(&one.litellm, litellm, Pair::litellm_releases()));
        }
        self
    }

    /// How many behaviours there are.
    pub fn behaviours(&self) -> usize {
        let spans = self.columns.iter().flat_map(|column| &column.spans);
        spans.map(|span| span.behaviour).collect::<BTreeSet<_>>().len()
    }
}
