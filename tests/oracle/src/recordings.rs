//! The recordings on disk: each case once, with the distinct answers that pairs gave to it.
//!
//! `pairs.txt` numbers the pairs. Each other file holds the cases of a topic, one per line:
//! `{"id", "config", "env", "answers": [{"pairs": "0-3 7", "outcome": {"startup", …}}]}`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::release::Release;

/// The file that lists the pairs.
const PAIRS: &str = "pairs.txt";
const EXTENSION: &str = ".jsonl.gz";

/// A configuration in an environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it is about, and a hash of its content.
    pub id: String,
    /// The text of the config.
    pub config: String,
    /// The variables that are set.
    pub env: Map<String, Value>,
}

impl Case {
    /// The case of an object `{"id", "config", "env"}`.
    pub fn from_fields(fields: &mut Map<String, Value>) -> Option<Self> {
        match (fields.remove("id"), fields.remove("config"), fields.remove("env")) {
            (Some(Value::String(id)), Some(Value::String(config)), Some(Value::Object(env))) => {
                Some(Self { id, config, env })
            }
            _ => None,
        }
    }

    /// The case for a pair, as the driver and `redproof simulate` read it.
    pub fn line(&self, release: &Release) -> String {
        json!({
            "id": self.id, "config": self.config, "env": self.env,
            "litellm": release.litellm, "redis_py": release.redis_py,
        })
        .to_string()
    }

    /// What the case is about: `env-cluster`.
    pub fn topic(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(topic, _)| topic)
    }

    /// The hash of the case's content.
    pub fn number(&self) -> u32 {
        let hash = self.id.rsplit_once('-').map_or("", |(_, hash)| hash);
        u32::from_str_radix(hash, 16).unwrap_or_default()
    }
}

/// A case with what each pair did with it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The case.
    pub case: Case,
    /// The distinct answers, each with the numbers of the pairs that gave it.
    pub answers: Vec<(Vec<usize>, Map<String, Value>)>,
}

impl Recorded {
    fn parse(line: &str) -> Option<Self> {
        let mut fields: Map<String, Value> = serde_json::from_str(line).ok()?;
        let case = Case::from_fields(&mut fields)?;
        let Some(Value::Array(answers)) = fields.remove("answers") else { return None };
        let answers = answers.into_iter().map(|answer| {
            let Value::Object(mut answer) = answer else { return None };
            match (answer.remove("pairs"), answer.remove("outcome")) {
                (Some(Value::String(pairs)), Some(Value::Object(outcome))) => {
                    Some((read_numbers(&pairs)?, outcome))
                }
                _ => None,
            }
        });
        Some(Self { case, answers: answers.collect::<Option<_>>()? })
    }
}

/// A case with its distinct answers as JSON text, to be written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The case.
    pub case: Case,
    /// The answers, each with the numbers of the pairs that gave it.
    pub answers: Vec<(Vec<usize>, Arc<str>)>,
}

impl Written {
    fn line(&self) -> String {
        let Case { id, config, env } = &self.case;
        let (id, config, env) = (json!(id), json!(config), json!(env));
        let answers = self.answers.iter().map(|(pairs, outcome)| {
            format!("{{\"pairs\":\"{}\",\"outcome\":{outcome}}}", numbers(pairs))
        });
        let answers = answers.collect::<Vec<_>>().join(",");
        format!("{{\"id\":{id},\"config\":{config},\"env\":{env},\"answers\":[{answers}]}}")
    }
}

/// `0-3 7` for 0, 1, 2, 3 and 7, which are in order.
fn numbers(pairs: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &pair in pairs {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == pair => *last = pair,
            _ => ranges.push((pair, pair)),
        }
    }
    let shown = ranges.into_iter().map(|(first, last)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn read_numbers(text: &str) -> Option<Vec<usize>> {
    let mut pairs = Vec::new();
    for range in text.split(' ') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        pairs.extend(first..=last);
    }
    Some(pairs)
}

/// The pairs of a folder of recordings, in the order of their numbers.
pub fn pairs(folder: &Path) -> io::Result<Vec<Release>> {
    let path = folder.join(PAIRS);
    let text = fs::read_to_string(&path).map_err(|error| bad(&path, &error.to_string()))?;
    text.lines().map(|line| line.parse().map_err(|error: String| bad(&path, &error))).collect()
}

/// Reads a folder of recordings on all processors; each has a state of its own, which `each` gets
/// with a case.
///
/// # Errors
/// On an unreadable file and on a line that is not a recorded case.
///
/// # Panics
/// When `each` panics, or the system starts no thread.
pub fn visit<State: Default + Send>(
    folder: &Path,
    each: impl Fn(&mut State, Recorded) + Sync,
) -> io::Result<Vec<State>> {
    let mut files = files(folder)?;
    // The largest first, so that no processor is left alone with it.
    files.sort_by_key(|path| std::cmp::Reverse(path.metadata().map_or(0, |data| data.len())));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut state = State::default();
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            read(path, |recorded| each(&mut state, recorded))?;
        }
        Ok(state)
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let start = || {
            // Deeply nested configs need more stack than a thread has by default.
            thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work)
        };
        let workers: Vec<_> = (0..workers).map(|_| start().expect("a thread starts")).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
    })
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(|error| bad(folder, &error.to_string()))? {
        let path = entry?.path();
        if path.to_str().is_some_and(|path| path.ends_with(EXTENSION)) {
            files.push(path);
        }
    }
    Ok(files)
}

fn read(path: &Path, mut each: impl FnMut(Recorded)) -> io::Result<()> {
    let file = File::open(path).map_err(|error| bad(path, &error.to_string()))?;
    for line in BufReader::new(GzDecoder::new(BufReader::new(file))).lines() {
        each(Recorded::parse(&line?).ok_or_else(|| bad(path, "a line is no recorded case"))?);
    }
    Ok(())
}

/// Writes a folder of recordings; the same cases and answers give the same bytes.
///
/// The cases keep their order. A topic's first word names its file.
pub fn write(
    folder: &Path,
    pairs: &[Release],
    cases: impl IntoIterator<Item = Written>,
) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for old in files(folder)? {
        fs::remove_file(old)?;
    }
    let names = pairs.iter().map(|pair| format!("{} {}\n", pair.litellm, pair.redis_py));
    fs::write(folder.join(PAIRS), names.collect::<String>())?;
    let mut topics: BTreeMap<String, GzEncoder<File>> = BTreeMap::new();
    for recorded in cases {
        let topic = recorded.case.topic();
        let topic = topic.split('-').next().unwrap_or(topic);
        let file = match topics.entry(topic.to_owned()) {
            Entry::Occupied(file) => file.into_mut(),
            Entry::Vacant(place) => {
                let file = File::create(folder.join(format!("{topic}{EXTENSION}")))?;
                place.insert(GzEncoder::new(file, Compression::best()))
            }
        };
        writeln!(file, "{}", recorded.line())?;
    }
    for file in topics.into_values() {
        file.finish()?.flush()?;
    }
    Ok(())
}

pub(crate) fn bad(path: &Path, message: &str) -> io::Error {
    io::Error::other(format!("{}: {message}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_ranges() {
        for pairs in [vec![0], vec![0, 1, 2, 3, 7], vec![2, 4, 5], vec![11, 12]] {
            assert_eq!(read_numbers(&numbers(&pairs)), Some(pairs));
        }
        assert_eq!(numbers(&[0, 1, 2, 3, 7]), "0-3 7");
    }

    #[test]
    fn a_case_is_read_as_it_was_written() {
        let fields = json!({ "id": "t-0000002a", "config": "a: 1\n", "env": { "A": "b" } });
        let Value::Object(mut fields) = fields else { unreachable!("an object") };
        let case = Case::from_fields(&mut fields).expect("a case");
        assert_eq!((case.topic(), case.number()), ("t", 42));
        let outcome = Map::from_iter([("startup".to_owned(), json!("ok"))]);
        let text = Arc::from(json!(outcome).to_string());
        let written = Written { case: case.clone(), answers: vec![(vec![0, 1], text)] };
        let again = Recorded::parse(&written.line()).expect("a recorded case");
        assert_eq!((again.case, again.answers), (case, vec![(vec![0, 1], outcome)]));
    }
}
