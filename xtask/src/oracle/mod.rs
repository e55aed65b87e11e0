//! `cargo xtask oracle`: asks the real LiteLLM, and compares the simulation with its answers.

mod cases;
mod check;
mod driver;
mod environments;
mod extract;
mod isolation;
mod pairs;
mod record;
mod release;
mod report;

use std::process::Command;

use redproof_oracle::Network;

pub(crate) use release::release;

use crate::shell::Done;

const HELP: &str = "\
What the real LiteLLM does, recorded, and how the simulation compares.

Usage: cargo xtask oracle <command>

  setup     Install LiteLLM and redis-py releases from PyPI into .tools/oracle (needs Python 3.11)
  record    Ask them about the cases that have no answer yet, and write truth/litellm/recordings
              --again          about every case, whether it has an answer or not
              --known          about none: write what is known, of a run that goes on or ended early
              --all            about all that the generator knows, into .tools/oracle/all
              --pair L R       only LiteLLM L on redis-py R; as often as wanted
              --answering      while a Redis answers, into truth/litellm/answering
              --servers        while real servers answer, into truth/litellm/servers
              --fresh SEED     about random configurations that nobody chose, or about the files of a
                               folder, on the pairs of truth/litellm/fresh.txt, into .tools/oracle/fresh
              --count N        how many random ones (default 3000)
  ask L R   Ask LiteLLM L on redis-py R about the cases on standard input, one object a line:
            id, config, env
  report    Replay everything and write docs/fidelity.md
  cases     Print the cases that the generator makes from the catalogue; --all prints all
  catalogue Print the catalogue's fields as the generator reads them
  check     Replay the recordings through the simulation
              --show N         show the N most frequent disagreements (default 10)
              --only TEXT      only cases or fields whose name holds TEXT
              --pair L R       only LiteLLM L on redis-py R
              --all            replay .tools/oracle/all
              --answering      replay what was recorded while a Redis answers
              --servers        replay what was recorded while real servers answered
              --fresh          replay .tools/oracle/fresh
              --fields         count agreement field by field, also where it is complete
  isolation Ask about a sample in another order and one process each, and compare with the
            recordings: no case may leave anything behind for the next
              --pair L R       LiteLLM L on redis-py R, instead of the pairs that answer every case
  extract   Read the releases' signatures again and write crates/facts/src/data.rs
              --check          only say whether that file is up to date
";

/// Where those of every case go: too large to commit.
const ALL: &str = ".tools/oracle/all";
/// Where those of configurations that nobody chose go.
const FRESH: &str = ".tools/oracle/fresh";

/// Runs one of the commands.
pub(crate) fn oracle(arguments: &[String]) -> Done {
    let command = arguments.first().map_or("help", String::as_str);
    if command == "ask" {
        return driver::converse(arguments.get(1..).unwrap_or_default());
    }
    let options = Options::parse(arguments.get(1..).unwrap_or_default())?;
    match command {
        "setup" => environments::setup(),
        "record" => record::record(&options),
        "cases" => {
            print!("{}", cases::generated(&options)?);
            Ok(())
        }
        "catalogue" => {
            println!("{:#}", cases::catalogue());
            Ok(())
        }
        "check" => check::check(&options),
        "report" => report::report(),
        "isolation" => isolation::isolation(&options),
        "extract" => extract::extract(options.check),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("no command `oracle {other}`\n\n{HELP}")),
    }
}

/// A Python that imports this pair, which is installed where it is missing.
pub(crate) fn python(litellm: &str, redis_py: &str) -> Result<Command, String> {
    environments::install(litellm, redis_py)?;
    Ok(environments::pair(litellm, redis_py))
}

/// What was asked for on the command line.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct Options {
    again: bool,
    all: bool,
    network: Network,
    check: bool,
    count: usize,
    fields: bool,
    /// The seed of random configurations, or the folder of some.
    fresh: Option<String>,
    known: bool,
    show: usize,
    only: Option<String>,
    pairs: Vec<(String, String)>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self { show: 10, count: 3000, ..Self::default() };
        let mut rest = arguments.iter();
        let value = |rest: &mut std::slice::Iter<'_, String>, of: &str| {
            rest.next().cloned().ok_or_else(|| format!("{of} needs a value"))
        };
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--again" => options.again = true,
                "--all" => options.all = true,
                "--answering" => options.network = Network::Answering,
                "--servers" => options.network = Network::Servers,
                "--check" => options.check = true,
                "--known" => options.known = true,
                "--count" => {
                    let number = value(&mut rest, "--count")?;
                    options.count =
                        number.parse().map_err(|_| format!("--count {number}: not a number"))?;
                }
                "--fresh" => {
                    options.fresh = Some(rest.next().cloned().unwrap_or_default());
                }
                "--fields" => options.fields = true,
                "--show" => {
                    let number = value(&mut rest, "--show")?;
                    options.show =
                        number.parse().map_err(|_| format!("--show {number}: not a number"))?;
                }
                "--only" => options.only = Some(value(&mut rest, "--only")?),
                "--pair" => {
                    let litellm = value(&mut rest, "--pair")?;
                    options.pairs.push((litellm, value(&mut rest, "--pair")?));
                }
                other => return Err(format!("no option `{other}`\n\n{HELP}")),
            }
        }
        Ok(options)
    }

    fn wants(&self, litellm: &str, redis_py: &str) -> bool {
        let named = |(l, r): &(String, String)| (l.as_str(), r.as_str()) == (litellm, redis_py);
        self.pairs.is_empty() || self.pairs.iter().any(named)
    }

    fn folder(&self) -> std::path::PathBuf {
        match self {
            Self { fresh: Some(_), .. } => crate::shell::root().join(FRESH),
            Self { all: true, .. } => crate::shell::root().join(ALL),
            _ => self.network.recordings(),
        }
    }

    /// The pairs that are recorded.
    fn planned(&self) -> Result<Vec<pairs::Planned>, String> {
        match (&self.fresh, self.network) {
            (Some(_), _) => pairs::fresh(),
            (None, Network::Cut) => pairs::planned(),
            (None, Network::Answering) => pairs::answering(),
            (None, Network::Servers) => pairs::servers(),
        }
    }

    /// Whether the case is asked of the pair.
    fn asks(&self, pair: &pairs::Planned, case: &redproof_oracle::Case) -> bool {
        match (&self.fresh, self.network) {
            (None, Network::Cut) => pair.asks(case),
            (None, Network::Answering) => pair.asks_answering(case),
            (Some(_), _) | (None, Network::Servers) => true,
        }
    }
}
