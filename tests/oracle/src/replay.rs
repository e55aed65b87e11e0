//! Recordings through the simulation.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use redproof_core::document;
use redproof_core::environment::Environment;
use redproof_core::releases::Pair;
use redproof_core::simulate::json::outcome_json;
use redproof_core::simulate::simulate;
use redproof_core::source::SourceId;
use serde_json::{Map, Value};

use crate::comparison::{Difference, differences, leaves};
use crate::outside::{Outside, excuse, outside, outside_answering};
use crate::recordings::{Case, Recorded, pairs, visit};
use crate::release::Release;

/// Which answers are replayed.
pub type Wanted<'a> = &'a (dyn Fn(&Case, &Release) -> bool + Sync);

/// What recordings were made on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// No connection is made.
    #[default]
    Cut,
    /// A stand-in answers each connection of redis-py.
    Answering,
    /// Real servers on loopback answer.
    Servers,
}

impl Network {
    /// The folder of what was recorded on it.
    pub fn recordings(self) -> PathBuf {
        let name = match self {
            Self::Cut => "recordings",
            Self::Answering => "answering",
            Self::Servers => "servers",
        };
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/litellm").join(name)
    }
}

/// How much is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Every answer.
    All,
    /// Of pairs in a row that gave the same answer, the first and the last; those between are taken
    /// to agree where both ends do, since releases keep what they changed.
    Ends,
}

/// Answers that disagree alike: their first difference is the same.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// How many.
    pub answers: usize,
    /// The numbers of the pairs that gave them.
    pub pairs: BTreeSet<usize>,
    /// The first case, by its id.
    pub example: Case,
    /// The first pair that gave the example's answer.
    pub pair: usize,
    /// The fields that differ in the example: at least one.
    pub differences: Vec<Difference>,
}

/// How many answers a pair gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub answers: usize,
    /// Those that the simulation gives too.
    pub agree: usize,
    /// Those that differ where nothing is claimed: see [`outside`].
    pub outside: usize,
}

impl Counts {
    /// Those that are wrong.
    pub fn disagree(&self) -> usize {
        self.answers - self.agree - self.outside
    }
}

/// How a replay went.
#[derive(Debug, Default)]
pub struct Report {
    /// The pairs, by number.
    pub pairs: Vec<Release>,
    /// How many cases were replayed.
    pub cases: usize,
    /// The counts of each pair.
    pub counts: Vec<Counts>,
    /// For each field of the contract: how often it was recorded, and how often it differed in
    /// what is claimed.
    pub fields: BTreeMap<String, (usize, usize)>,
    /// What differs, the most frequent first.
    pub disagreements: Vec<Disagreement>,
    /// The list of what is outside, and how many answers each entry excuses.
    pub outside: Vec<(Outside, usize)>,
}

impl Report {
    /// The counts of all pairs together.
    pub fn total(&self) -> Counts {
        self.counts.iter().fold(Counts::default(), |sum, one| Counts {
            answers: sum.answers + one.answers,
            agree: sum.agree + one.agree,
            outside: sum.outside + one.outside,
        })
    }
}

/// Runs the recordings of a folder through the simulation, on all processors.
///
/// # Errors
/// When the recordings cannot be read.
///
/// # Panics
/// When the simulation panics.
pub fn replay(folder: &Path, network: Network, wanted: Wanted, share: Share) -> io::Result<Report> {
    let releases = pairs(folder)?;
    let known: Vec<Option<Pair>> =
        releases.iter().map(|pair| Pair::parse(&pair.litellm, &pair.redis_py).ok()).collect();
    let outside = match network {
        Network::Cut => outside(),
        Network::Answering | Network::Servers => {
            outside().into_iter().chain(outside_answering()).collect()
        }
    };
    let replayer =
        Replayer { releases: &releases, known: &known, outside: &outside, network, wanted, share };
    let tallies = visit(folder, |tally: &mut Tally, recorded| replayer.replay(tally, &recorded))?;
    let mut all = Tally::default();
    for tally in tallies {
        all.add(tally);
    }
    let count = |pair| all.counts.get(&pair).copied().unwrap_or_default();
    let mut disagreements: Vec<Disagreement> = all.groups.into_values().collect();
    disagreements.sort_by(|a, b| b.answers.cmp(&a.answers).then_with(|| a.place().cmp(&b.place())));
    let excused = |place: usize| all.excused.get(&place).copied().unwrap_or_default();
    Ok(Report {
        counts: (0..releases.len()).map(count).collect(),
        pairs: releases,
        cases: all.cases,
        fields: all.fields,
        disagreements,
        outside: outside.into_iter().enumerate().map(|(i, one)| (one, excused(i))).collect(),
    })
}

struct Replayer<'a> {
    releases: &'a [Release],
    known: &'a [Option<Pair>],
    outside: &'a [Outside],
    network: Network,
    wanted: Wanted<'a>,
    share: Share,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    counts: HashMap<usize, Counts>,
    fields: BTreeMap<String, (usize, usize)>,
    groups: HashMap<String, Disagreement>,
    excused: HashMap<usize, usize>,
}

impl Replayer<'_> {
    fn replay(&self, tally: &mut Tally, recorded: &Recorded) {
        let case = &recorded.case;
        let document = document::read(SourceId::CONFIG, &case.config);
        let env = case
            .env
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        let mut environment = Environment::exactly(env);
        environment.has_no_files = true;
        let mut asked = false;
        for (numbers, outcome) in &recorded.answers {
            let real = Value::Object(outcome.clone());
            let wanted = |number: &&usize| (self.wanted)(case, &self.releases[**number]);
            let numbers: Vec<usize> = numbers.iter().filter(wanted).copied().collect();
            asked |= !numbers.is_empty();
            leaves(&real, |field| match tally.fields.get_mut(field) {
                Some(count) => count.0 += numbers.len(),
                None => {
                    tally.fields.insert(field.to_owned(), (numbers.len(), 0));
                }
            });
            let wrong = |number: usize| {
                let mut simulated = match self.known[number] {
                    Some(pair) => outcome_json(&simulate(&document, &environment, pair), true),
                    None => Map::new(),
                };
                self.network.turn(&mut simulated);
                without_native_connections(&mut simulated);
                differences(&real, &Value::Object(simulated))
            };
            let between = self.share == Share::All || excuse(self.outside, case).is_some();
            for run in numbers.chunk_by(|one, next| one + 1 == *next) {
                let (first, last) = (run[0], run[run.len() - 1]);
                let ends = [wrong(first), if first == last { Vec::new() } else { wrong(last) }];
                let agree = !between && ends.iter().all(Vec::is_empty);
                let [of_first, of_last] = ends;
                self.count(tally, case, first, &of_first);
                if first < last {
                    self.count(tally, case, last, &of_last);
                }
                for number in first + 1..last {
                    let found = if agree { Vec::new() } else { wrong(number) };
                    self.count(tally, case, number, &found);
                }
            }
        }
        tally.cases += usize::from(asked);
    }

    fn count(&self, tally: &mut Tally, case: &Case, pair: usize, found: &[Difference]) {
        let counts = tally.counts.entry(pair).or_default();
        counts.answers += 1;
        let Some(first) = found.first() else {
            counts.agree += 1;
            return;
        };
        if let Some(place) = excuse(self.outside, case) {
            counts.outside += 1;
            *tally.excused.entry(place).or_default() += 1;
            return;
        }
        for difference in found {
            tally.fields.entry(difference.field.clone()).or_default().1 += 1;
        }
        let one = Disagreement {
            answers: 1,
            pairs: BTreeSet::from([pair]),
            example: case.clone(),
            pair,
            differences: found.to_vec(),
        };
        join(&mut tally.groups, format!("{first:?}"), one);
    }
}

impl Disagreement {
    fn place(&self) -> (&str, usize) {
        (&self.example.id, self.pair)
    }
}

fn join(groups: &mut HashMap<String, Disagreement>, key: String, more: Disagreement) {
    let Some(group) = groups.get_mut(&key) else {
        groups.insert(key, more);
        return;
    };
    let answers = group.answers + more.answers;
    let pairs = group.pairs.union(&more.pairs).copied().collect();
    if more.place() < group.place() {
        *group = more;
    }
    (group.answers, group.pairs) = (answers, pairs);
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        for (pair, counts) in other.counts {
            let sum = self.counts.entry(pair).or_default();
            sum.answers += counts.answers;
            sum.agree += counts.agree;
            sum.outside += counts.outside;
        }
        for (field, (recorded, differing)) in other.fields {
            let sum = self.fields.entry(field).or_default();
            sum.0 += recorded;
            sum.1 += differing;
        }
        for (place, count) in other.excused {
            *self.excused.entry(place).or_default() += count;
        }
        for (key, group) in other.groups {
            join(&mut self.groups, key, group);
        }
    }
}

impl Network {
    /// The outcome as it is on this network.
    fn turn(self, simulated: &mut Map<String, Value>) {
        let Some(Value::Object(answering)) = simulated.remove("when_redis_answers") else { return };
        match self {
            Self::Cut => {}
            // Nothing follows an exception.
            Self::Answering | Self::Servers if answering.contains_key("startup") => {
                *simulated = answering;
            }
            Self::Answering | Self::Servers => simulated.extend(answering),
        }
    }
}

/// What the Rust client connects with is not to be read from it: `truth/native` has it from the
/// servers. Of releases without one, nothing is recorded.
fn without_native_connections(simulated: &mut Map<String, Value>) {
    if simulated.get("native").is_some_and(Value::is_null) {
        simulated.remove("native");
    }
    for name in ["native", "router_native"] {
        if let Some(native) = simulated.get_mut(name).and_then(Value::as_object_mut) {
            native.remove("connection");
        }
    }
}
