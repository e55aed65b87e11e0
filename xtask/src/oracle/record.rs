//! Asks the real LiteLLM about cases and keeps its answers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redproof_oracle::{Case, Network, ROWS, Release, Written, visit, write};
use serde_json::{Value, json};

use super::Options;
use super::cases::{cases, generator};
use super::driver::{Outcome, ask_each};
use super::environments::{bases, install};
use super::pairs::Planned;
use crate::shell::{Done, root, step};

/// Records what is not recorded yet, or with `--again` everything.
pub(super) fn record(options: &Options) -> Done {
    if !options.known {
        bases()?;
    }
    let cases = cases(options)?;
    let mut failed = Vec::new();
    let mut book = Book::open(options)?;
    let pairs = options.planned()?;
    let arguments: &[&str] = match options.network() {
        Network::Cut => &[],
        Network::Answering => &["--answering"],
        Network::Servers => &["--servers"],
    };
    // Those first that know nothing, then those that answer every case.
    let mut queue: Vec<&Planned> = pairs.iter().collect();
    queue.sort_by_key(|pair| (book.answers.contains_key(&pair.release), !pair.is_whole()));
    for pair in queue {
        let asks = |case: &&Case| options.all || options.asks(pair, case);
        let Release { litellm, redis_py } = &pair.release;
        let wanted = options.wants(litellm, redis_py) && (pair.is_whole() || !options.all);
        if options.known || !wanted {
            continue;
        }
        let missing = |case: &&Case| asks(case) && !book.knows(&pair.release, case);
        let missing: Vec<&Case> = cases.iter().filter(missing).collect();
        if missing.is_empty() {
            continue;
        }
        let asked = step(&pair.release.to_string(), || {
            install(litellm, redis_py)?;
            println!("   {} cases", missing.len());
            let mut page = book.page_for(&pair.release)?;
            ask_each(&pair.release, &missing, arguments, |case, outcome| {
                book.enter(&pair.release, &mut page, case, &outcome)
            })
        });
        // The others need not wait for it.
        failed.extend(asked.err().inspect(|error| eprintln!("{error}")));
    }
    let folder = options.folder();
    let recorded = cases.into_iter().filter_map(|case| book.recorded(case, &pairs, options));
    let rows = generator(&["--rows"])?;
    let releases: Vec<Release> = pairs.iter().map(|pair| pair.release.clone()).collect();
    step("write the recordings", || {
        write(&folder, &releases, recorded)
            .and_then(|()| match (&options.fresh, options.network()) {
                (None, Network::Cut) => fs::write(folder.join(ROWS), rows),
                _ => Ok(()),
            })
            .map_err(|error| format!("{}: {error}", folder.display()))
    })?;
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

/// What a pair answered, by the cases' ids.
pub(super) fn known_answers(release: &Release) -> Result<HashMap<String, Arc<str>>, String> {
    Ok(Book::open(&Options::default())?.answers.remove(release).unwrap_or_default())
}

/// The answers that are known: those recorded, and those of a run that has not ended yet.
struct Book {
    /// Where answers are kept at once.
    folder: PathBuf,
    answers: BTreeMap<Release, HashMap<String, Arc<str>>>,
    /// Each text once: most pairs say the same.
    texts: HashSet<Arc<str>>,
}

impl Book {
    fn open(options: &Options) -> Result<Self, String> {
        let name = match (&options.fresh, options.network()) {
            (Some(_), _) => "fresh-answers",
            (None, Network::Cut) => "answers",
            (None, Network::Answering) => "answering",
            (None, Network::Servers) => "servers",
        };
        let folder = root().join(".tools/oracle").join(name);
        if options.again {
            let _ = fs::remove_dir_all(&folder);
        }
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut book = Self { folder, answers: BTreeMap::new(), texts: HashSet::new() };
        if !options.again {
            if options.fresh.is_none() {
                book.read_recordings(&options.network().recordings());
            }
            book.read_pages(&options.planned()?);
        }
        Ok(book)
    }

    fn keep(&mut self, release: &Release, id: String, outcome: &str) {
        let text = self.texts.get(outcome).cloned().unwrap_or_else(|| {
            let text = Arc::from(outcome);
            self.texts.insert(Arc::clone(&text));
            text
        });
        self.answers.entry(release.clone()).or_default().insert(id, text);
    }

    /// Without recordings, nothing is known.
    fn read_recordings(&mut self, folder: &Path) {
        let Ok(pairs) = redproof_oracle::pairs(folder) else { return };
        let read = visit(folder, |all: &mut Vec<(Vec<usize>, String, String)>, recorded| {
            for (numbers, outcome) in recorded.answers {
                all.push((numbers, recorded.case.id.clone(), text(&outcome)));
            }
        });
        for (numbers, id, outcome) in read.into_iter().flatten().flatten() {
            for pair in numbers.into_iter().filter_map(|number| pairs.get(number)) {
                self.keep(pair, id.clone(), &outcome);
            }
        }
    }

    fn read_pages(&mut self, pairs: &[Planned]) {
        for pair in pairs {
            let page = fs::read_to_string(self.page(&pair.release)).unwrap_or_default();
            for line in page.lines() {
                // The last line of a run that was interrupted may be half.
                let Ok(mut fields) = serde_json::from_str::<Outcome>(line) else { continue };
                if let (Some(Value::String(id)), Some(Value::Object(outcome))) =
                    (fields.remove("id"), fields.remove("outcome"))
                {
                    self.keep(&pair.release, id, &text(&outcome));
                }
            }
        }
    }

    fn page(&self, release: &Release) -> PathBuf {
        let Release { litellm, redis_py } = release;
        self.folder.join(format!("{litellm}-on-{redis_py}.jsonl"))
    }

    fn knows(&self, release: &Release, case: &Case) -> bool {
        self.answers.get(release).is_some_and(|known| known.contains_key(&case.id))
    }

    /// Keeps answers at once: a run over all pairs takes long.
    fn enter(
        &mut self,
        release: &Release,
        page: &mut File,
        case: &Case,
        outcome: &Outcome,
    ) -> Done {
        writeln!(page, "{}", json!({ "id": case.id, "outcome": outcome }))
            .map_err(|error| format!("{}: {error}", self.page(release).display()))?;
        self.keep(release, case.id.clone(), &text(outcome));
        Ok(())
    }

    fn page_for(&self, release: &Release) -> Result<File, String> {
        let path = self.page(release);
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The case with its answers, unless nobody was asked about it.
    fn recorded(&self, case: Case, pairs: &[Planned], options: &Options) -> Option<Written> {
        let mut answers: Vec<(Vec<usize>, Arc<str>)> = Vec::new();
        for (number, pair) in pairs.iter().enumerate() {
            let known = self.answers.get(&pair.release);
            let Some(outcome) = known.and_then(|known| known.get(&case.id)) else { continue };
            if !options.all && !options.asks(pair, &case) {
                continue;
            }
            match answers.iter_mut().find(|(_, same)| Arc::ptr_eq(same, outcome)) {
                Some((numbers, _)) => numbers.push(number),
                None => answers.push((vec![number], Arc::clone(outcome))),
            }
        }
        (!answers.is_empty()).then_some(Written { case, answers })
    }
}

fn text(outcome: &Outcome) -> String {
    serde_json::to_string(outcome).unwrap_or_default()
}
