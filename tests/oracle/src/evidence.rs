//! What the recordings themselves prove: where one release answers otherwise than the one before.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use redproof_core::releases::{Pair, Version};
use serde_json::Value;

use crate::recordings::{Recorded, bad, pairs, visit};
use crate::release::Release;

/// The file that names changes and the cases that show them: what `epochs.py` says.
pub const ROWS: &str = "rows.json";

/// A change that a release brought.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its short name.
    pub name: String,
    /// Whether LiteLLM changed, or else redis-py.
    pub of_litellm: bool,
    /// The first release that has it.
    pub since: String,
    /// What changed.
    pub what: String,
    cases: Vec<String>,
}

/// Two recorded pairs that are neighbours: one of the two releases is the same, and nothing that
/// is recorded lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of the older pair.
    pub before: usize,
    /// The number of the newer pair.
    pub after: usize,
    /// Whether LiteLLM is what differs.
    pub of_litellm: bool,
    /// Whether the releases follow each other, as far as releases are known.
    pub adjacent: bool,
}

/// How many cases both pairs of a step were asked about, and how many they answer otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differing {
    /// Asked of both.
    pub asked: usize,
    /// Answered otherwise.
    pub differing: usize,
}

/// What the recordings prove.
#[derive(Debug, Default)]
pub struct Evidence {
    /// The pairs, by number.
    pub pairs: Vec<Release>,
    /// All steps, with the differences over all cases.
    pub steps: Vec<(Step, Differing)>,
    /// Each change with the steps over its release that differ on its own cases.
    pub rows: Vec<(Row, Vec<(Step, Differing)>)>,
    /// How many cases, distinct answers and answers in all are recorded.
    pub sizes: (usize, usize, usize),
}

/// Reads a folder of recordings.
pub fn evidence(folder: &Path) -> io::Result<Evidence> {
    let pairs = pairs(folder)?;
    let steps = steps(&pairs);
    let rows = rows(folder)?;
    let mut row_of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, row) in rows.iter().enumerate() {
        for case in &row.cases {
            row_of.entry(case).or_default().push(number);
        }
    }
    let tallies = visit(folder, |tally: &mut Tally, recorded| {
        let rows = row_of.get(recorded.case.id.as_str()).map_or(&[][..], Vec::as_slice);
        tally.count(pairs.len(), &steps, rows, &recorded);
    })?;
    let mut all = Tally::default();
    for tally in tallies {
        for (place, more) in tally.steps {
            all.steps.entry(place).or_default().add(more);
        }
        for (place, more) in tally.rows {
            all.rows.entry(place).or_default().add(more);
        }
        let (cases, distinct, answers) = tally.sizes;
        all.sizes = (all.sizes.0 + cases, all.sizes.1 + distinct, all.sizes.2 + answers);
    }
    let of_step = |place: usize| all.steps.get(&place).copied().unwrap_or_default();
    let proofs = |number: usize, row: &Row| {
        let since = Version::parse(&row.since);
        let proving = steps.iter().enumerate().filter(|(_, step)| {
            let version = |pair: usize| {
                let (litellm, redis_py) = pairs[pair].versions();
                if row.of_litellm { litellm } else { redis_py }
            };
            let brings = version(step.before) < since && since <= version(step.after);
            step.of_litellm == row.of_litellm && brings
        });
        let counted = proving.filter_map(|(place, step)| {
            let differing = *all.rows.get(&(number, place))?;
            (differing.differing > 0).then_some((*step, differing))
        });
        counted.collect()
    };
    Ok(Evidence {
        steps: steps.iter().enumerate().map(|(i, step)| (*step, of_step(i))).collect(),
        rows: rows.iter().enumerate().map(|(i, row)| (row.clone(), proofs(i, row))).collect(),
        pairs,
        sizes: all.sizes,
    })
}

#[derive(Default)]
struct Tally {
    steps: HashMap<usize, Differing>,
    rows: HashMap<(usize, usize), Differing>,
    sizes: (usize, usize, usize),
}

impl Differing {
    fn add(&mut self, more: Self) {
        self.asked += more.asked;
        self.differing += more.differing;
    }
}

impl Tally {
    fn count(&mut self, pairs: usize, steps: &[Step], rows: &[usize], recorded: &Recorded) {
        let mut answer_of = vec![None; pairs];
        for (answer, (numbers, _)) in recorded.answers.iter().enumerate() {
            for number in numbers {
                answer_of[*number] = Some(answer);
            }
            self.sizes.2 += numbers.len();
        }
        self.sizes.0 += 1;
        self.sizes.1 += recorded.answers.len();
        for (place, step) in steps.iter().enumerate() {
            if let (Some(before), Some(after)) = (answer_of[step.before], answer_of[step.after]) {
                let one = Differing { asked: 1, differing: usize::from(before != after) };
                self.steps.entry(place).or_default().add(one);
                for row in rows {
                    self.rows.entry((*row, place)).or_default().add(one);
                }
            }
        }
    }
}

fn steps(pairs: &[Release]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (after, release) in pairs.iter().enumerate() {
        let (litellm, redis_py) = release.versions();
        // The pairs are in order: the last that fits is the nearest.
        let nearest = |fits: &dyn Fn(&Release) -> bool| pairs[..after].iter().rposition(fits);
        let older_litellm =
            |other: &Release| other.redis_py == release.redis_py && other.versions().0 < litellm;
        let older_redis_py =
            |other: &Release| other.litellm == release.litellm && other.versions().1 < redis_py;
        if let Some(before) = nearest(&older_litellm) {
            let adjacent = follow(Pair::litellm_releases(), pairs[before].versions().0, litellm);
            steps.push(Step { before, after, of_litellm: true, adjacent });
        }
        if let Some(before) = nearest(&older_redis_py) {
            let adjacent = follow(Pair::redis_py_releases(), pairs[before].versions().1, redis_py);
            steps.push(Step { before, after, of_litellm: false, adjacent });
        }
    }
    steps
}

/// Whether no known release lies between.
fn follow(known: &[Version], before: Option<Version>, after: Option<Version>) -> bool {
    !known.iter().any(|release| Some(*release) > before && Some(*release) < after)
}

fn rows(folder: &Path) -> io::Result<Vec<Row>> {
    let path = folder.join(ROWS);
    let text = fs::read_to_string(&path).map_err(|error| bad(&path, &error.to_string()))?;
    let rows: Vec<Value> =
        serde_json::from_str(&text).map_err(|error| bad(&path, &error.to_string()))?;
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        let cases = row["cases"].as_array()?.iter().map(|id| id.as_str().map(str::to_owned));
        Some(Row {
            name: text("name")?,
            of_litellm: text("software")? == "LiteLLM",
            since: text("since")?,
            what: text("what")?,
            cases: cases.collect::<Option<_>>()?,
        })
    };
    rows.iter().map(|one| row(one).ok_or_else(|| bad(&path, "a row is malformed"))).collect()
}
