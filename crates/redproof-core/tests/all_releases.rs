//! What is said of all releases at once is what each pair does by itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use redproof_core::compare::all_releases::{AllReleases, Column, Span, Start};
use redproof_core::compare::between;
use redproof_core::finding::Severity;
use redproof_core::outcome::Startup;
use redproof_core::releases::Pair;
use redproof_core::{CheckInput, Releases, Report, check, releases};
use support::Checking;

struct Seed {
    name: String,
    text: String,
    env: Option<String>,
}

fn seeds() -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seeds");
    let text = |path: &PathBuf| fs::read_to_string(path).expect("a text");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the seeds").map(|one| one.expect("a file").path()).collect();
    files.sort();
    let configs = files.iter().filter(|path| path.extension().is_some_and(|one| one == "yaml"));
    let seeds = configs.map(|path| {
        let env = path.with_extension("env");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let env = env.exists().then(|| text(&env));
        Seed { name, text: text(path), env }
    });
    seeds.collect()
}

impl Seed {
    fn of(text: &str, env: &str) -> Self {
        let env = Some(env.to_owned());
        Self { name: "config.yaml".to_owned(), text: text.to_owned(), env }
    }

    fn with<T>(&self, releases: Releases, ask: impl Fn(&CheckInput<'_>) -> T) -> T {
        let env = self.env.iter().map(|env| (".env", &**env));
        Checking::new(&*self.text).called(&self.name).files(env).releases(releases).with(ask)
    }

    fn all(&self) -> AllReleases {
        self.with(Releases::default(), releases)
    }

    fn on(&self, pair: Pair) -> Report {
        let (litellm, redis_py) = (pair.litellm.to_string(), pair.redis_py.to_string());
        let releases = Releases::parse(Some(&litellm), Some(&redis_py)).expect("supported");
        self.with(releases, check)
    }
}

/// The column and span that a pair of places falls into.
fn at(all: &AllReleases, litellm: usize, redis_py: usize) -> (&Column, &Span) {
    let mut before = 0;
    let column = all.columns.iter().find(|column| {
        before += column.redis_py.count;
        redis_py < before
    });
    let column = column.expect("a column for each release");
    let mut before = 0;
    let span = column.spans.iter().find(|span| {
        before += span.litellm.count;
        litellm < before
    });
    (column, span.expect("a span for each release"))
}

fn errors(report: &Report) -> BTreeSet<&str> {
    let errors = report.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    errors.map(|one| one.code).collect()
}

#[test]
fn each_pair_does_what_its_span_says() {
    for seed in seeds() {
        let all = seed.all();
        let mut first: Vec<(usize, Report)> = vec![];
        let pairs = Pair::litellm_releases().len() * Pair::redis_py_releases().len();
        for number in (0..pairs).step_by(211) {
            let (litellm, redis_py) = (
                number / Pair::redis_py_releases().len(),
                number % Pair::redis_py_releases().len(),
            );
            let report = seed.on(Pair::at(litellm, redis_py));
            let (_, span) = at(&all, litellm, redis_py);
            let place = format!("{}, {:?}", seed.name, report.pair);
            let starts = match &report.outcome.startup {
                Startup::Ok => Start::Yes,
                Startup::Exception(_) => Start::No,
                Startup::Unknown(_) => Start::Unknown,
            };
            assert_eq!(span.starts, starts, "{place}");
            assert_eq!(
                span.errors.iter().copied().collect::<BTreeSet<_>>(),
                errors(&report),
                "{place}"
            );
            assert_eq!(span.safe, starts == Start::Yes && errors(&report).is_empty(), "{place}");
            match first.iter().find(|(behaviour, _)| *behaviour == span.behaviour) {
                Some((_, same)) if starts == Start::Yes => {
                    let changes = between(same, &report.outcome);
                    let changes: Vec<_> =
                        changes.iter().filter(|one| one.before.text != one.after.text).collect();
                    assert!(changes.is_empty(), "{place}: {changes:#?}");
                }
                Some(_) => {}
                None => first.push((span.behaviour, report)),
            }
        }
        assert!(all.simulated < 700, "{}: {} simulations", seed.name, all.simulated);
    }
}

#[test]
fn boundaries_say_what_changes_and_why() {
    let seed = Seed::of(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: cache\n    port: 6379\n    password: correct-horse\n",
        "REDIS_URL=redis://:correct-battery@elsewhere:6380\n",
    );
    let all = seed.all();
    let changes: Vec<_> = all
        .columns
        .iter()
        .flat_map(|column| &column.spans)
        .flat_map(|span| &span.changes)
        .collect();
    let server = changes.iter().find(|one| one.what == "server").expect("another server");
    assert!(server.before.contains("elsewhere:6380"), "{server:?}");
    assert!(server.after.contains("cache:6379"), "{server:?}");
    assert!(server.why.is_some_and(|why| why.contains("REDIS_URL")), "{server:?}");
    let said = serde_json::to_string(&all).expect("JSON");
    assert!(!said.contains("correct-"), "{said}");
}

#[test]
fn the_releases_of_a_check_are_marked() {
    let seed = Seed::of(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: cache\n",
        "",
    );
    let releases_of = Releases::parse(Some("1.80.0"), Some("5.3.1")).expect("supported");
    let all = seed.with(releases_of, releases);
    let spans = || all.columns.iter().flat_map(|column| &column.spans);
    assert_eq!(spans().filter(|span| span.here).count(), 1);
    let only = all.clone().only(Some(Pair::newest().litellm), Some(Pair::newest().redis_py));
    assert_eq!((only.columns.len(), only.columns[0].spans.len()), (1, 1));
    assert_eq!(only.columns[0].spans[0].litellm.last, Pair::newest().litellm.to_string());
}
