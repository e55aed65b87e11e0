//! The recordings on disk: cases once, one file of outcomes for each pair of releases.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

/// The file of cases: `{"id", "config", "env"}`, one per line.
pub const CASES: &str = "cases.jsonl.gz";

/// A pair of releases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The LiteLLM release.
    pub litellm: String,
    /// The redis-py release.
    pub redis_py: String,
}

impl Release {
    /// The file that holds this pair's outcomes: `{"id", "startup", …}`, one per line.
    pub fn file_name(&self) -> String {
        format!("litellm-{}-redis-py-{}.jsonl.gz", self.litellm, self.redis_py)
    }

    fn from_file_name(name: &str) -> Option<Self> {
        let pair = name.strip_prefix("litellm-")?.strip_suffix(".jsonl.gz")?;
        let (litellm, redis_py) = pair.split_once("-redis-py-")?;
        Some(Self { litellm: litellm.to_owned(), redis_py: redis_py.to_owned() })
    }
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LiteLLM {} on redis-py {}", self.litellm, self.redis_py)
    }
}

/// A configuration in an environment.
#[derive(Debug)]
pub struct Case {
    /// What it is about, and a hash of its content.
    pub id: String,
    /// The text of the config.
    pub config: String,
    /// The variables that are set.
    pub env: Map<String, Value>,
}

impl Case {
    /// The case for a pair, as the driver and `redproof simulate` read it.
    pub fn line(&self, release: &Release) -> String {
        json!({
            "id": self.id, "config": self.config, "env": self.env,
            "litellm": release.litellm, "redis_py": release.redis_py,
        })
        .to_string()
    }
}

/// One pair's outcomes.
#[derive(Debug)]
pub struct Recording {
    /// The pair.
    pub release: Release,
    /// Each case with the fields of the contract from `startup` on.
    pub outcomes: Vec<(Arc<Case>, Map<String, Value>)>,
}

/// Reads a folder of recordings, in the order of the pairs.
///
/// Fails on a missing or unreadable file, and on an outcome whose case is missing.
pub fn read_all(folder: &Path) -> io::Result<Vec<Recording>> {
    let cases = read_lines(&folder.join(CASES))?.into_iter().map(case);
    let cases: Vec<Arc<Case>> = cases.collect::<io::Result<_>>()?;
    let by_id: HashMap<&str, &Arc<Case>> = cases.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut files: Vec<(Release, PathBuf)> = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(release) = name.and_then(Release::from_file_name) {
            files.push((release, path));
        }
    }
    files.sort();
    let mut recordings = Vec::new();
    for (release, path) in files {
        let mut outcomes = Vec::new();
        for mut outcome in read_lines(&path)? {
            let id = outcome.remove("id");
            let case = id.as_ref().and_then(Value::as_str).and_then(|id| by_id.get(id));
            let case = case.ok_or_else(|| bad(&path, &format!("no case {id:?}")))?;
            outcomes.push((Arc::clone(case), outcome));
        }
        recordings.push(Recording { release, outcomes });
    }
    Ok(recordings)
}

fn case(mut fields: Map<String, Value>) -> io::Result<Arc<Case>> {
    match (fields.remove("id"), fields.remove("config"), fields.remove("env")) {
        (Some(Value::String(id)), Some(Value::String(config)), Some(Value::Object(env))) => {
            Ok(Arc::new(Case { id, config, env }))
        }
        _ => Err(bad(Path::new(CASES), "a line is no case")),
    }
}

fn read_lines(path: &Path) -> io::Result<Vec<Map<String, Value>>> {
    let file = File::open(path).map_err(|error| bad(path, &error.to_string()))?;
    let reader = BufReader::new(GzDecoder::new(BufReader::new(file)));
    reader
        .lines()
        .map(|line| serde_json::from_str(&line?).map_err(|error| bad(path, &error.to_string())))
        .collect()
}

/// Writes lines compressed; the same lines give the same bytes.
pub fn write_lines(path: &Path, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
    let mut file = GzEncoder::new(File::create(path)?, Compression::best());
    for line in lines {
        file.write_all(line.as_bytes())?;
        file.write_all(b"\n")?;
    }
    file.finish()?.flush()
}

fn bad(path: &Path, message: &str) -> io::Error {
    io::Error::other(format!("{}: {message}", path.display()))
}
