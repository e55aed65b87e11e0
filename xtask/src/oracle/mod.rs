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

use clap::{Args, Parser, Subcommand};
use redproof_oracle::Network;

pub(crate) use release::{Taken, release};

use crate::shell::Done;

/// What the real LiteLLM does, recorded, and how the simulation compares
#[derive(Parser)]
#[command(name = "oracle")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install LiteLLM and redis-py releases from `PyPI` into .tools/oracle (needs Python 3.11)
    Setup,
    /// Ask them about the cases that have no answer yet, and write truth/litellm/recordings
    Record(Options),
    /// Ask a pair about the cases on standard input, one object a line: id, config, env
    Ask {
        /// The LiteLLM release
        litellm: String,
        /// The redis-py release
        redis_py: String,
    },
    /// Replay everything and write docs/fidelity.md
    Report,
    /// Print the cases that the generator makes from the catalogue
    Cases(Options),
    /// Print the catalogue's fields as the generator reads them
    Catalogue,
    /// Replay the recordings through the simulation
    Check(check::Shown),
    /// Ask about a sample in another order and one process each, and compare with the recordings: no case
    /// may leave anything behind for the next
    Isolation(Options),
    /// Read the releases' signatures again and write crates/facts/src/data.rs
    Extract {
        /// Only say whether that file is up to date
        #[arg(long)]
        check: bool,
        /// Only add this LiteLLM release, and those between the newest known and it: no other's wheel is fetched
        #[arg(long, value_name = "RELEASE", conflicts_with = "check")]
        new: Option<String>,
    },
}

/// Where the answers about every case go: too large to commit.
const ALL: &str = ".tools/oracle/all";

/// Where those about configurations that nobody chose go.
const FRESH: &str = ".tools/oracle/fresh";

/// Runs one of the commands.
pub(crate) fn oracle(arguments: Arguments) -> Done {
    match arguments.chore {
        Chore::Setup => environments::setup(),
        Chore::Record(options) => record::record(&options),
        Chore::Ask { litellm, redis_py } => driver::converse(&litellm, &redis_py),
        Chore::Report => report::report(),
        Chore::Cases(options) => {
            print!("{}", cases::generated(&options)?);
            Ok(())
        }
        Chore::Catalogue => {
            println!("{:#}", cases::catalogue());
            Ok(())
        }
        Chore::Check(shown) => check::check(&shown),
        Chore::Isolation(options) => isolation::isolation(&options),
        Chore::Extract { new: Some(release), .. } => extract::extract_new(&release),
        Chore::Extract { check, .. } => extract::extract(check),
    }
}

/// Runs one of the commands by its words.
pub(crate) fn words(first: &[&str], rest: &[String]) -> Done {
    let rest = rest.iter().map(String::as_str);
    let all = ["oracle"].into_iter().chain(first.iter().copied()).chain(rest);
    oracle(Arguments::try_parse_from(all).map_err(|error| error.to_string())?)
}

/// A Python that imports this pair, which is installed where it is missing.
pub(crate) fn python(litellm: &str, redis_py: &str) -> Result<Command, String> {
    environments::install(litellm, redis_py)?;
    Ok(environments::pair(litellm, redis_py))
}

/// Which cases and pairs a command is about.
#[derive(Args, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct Options {
    /// Every case, whether it has an answer or not
    #[arg(long)]
    again: bool,
    /// None: write what is known, of a run that goes on or ended early
    #[arg(long)]
    known: bool,
    /// All that the generator knows, in .tools/oracle/all
    #[arg(long)]
    all: bool,
    /// While a Redis answers, in truth/litellm/answering
    #[arg(long)]
    answering: bool,
    /// While real servers answer, in truth/litellm/servers
    #[arg(long, conflicts_with = "answering")]
    servers: bool,
    /// About configurations that nobody chose, random ones or the files of a folder, in .tools/oracle/fresh
    #[arg(long, value_name = "SEED|FOLDER", conflicts_with_all = ["answering", "servers", "all"])]
    fresh: Option<String>,
    /// How many random ones
    #[arg(long, value_name = "N", default_value_t = 3000)]
    count: usize,
    /// Only this LiteLLM on this redis-py, with --fresh any there is; as often as wanted
    #[arg(long = "pair", num_args = 2, value_names = ["LITELLM", "REDIS_PY"])]
    pairs: Vec<String>,
}

impl Options {
    fn wants(&self, litellm: &str, redis_py: &str) -> bool {
        self.pairs.is_empty() || self.pairs.chunks(2).any(|pair| pair == [litellm, redis_py])
    }

    fn folder(&self) -> std::path::PathBuf {
        match self {
            Self { fresh: Some(_), .. } => crate::shell::root().join(FRESH),
            Self { all: true, .. } => crate::shell::root().join(ALL),
            _ => self.network().recordings(),
        }
    }

    /// The pairs that are recorded.
    fn planned(&self) -> Result<Vec<pairs::Planned>, String> {
        match (&self.fresh, self.network()) {
            (Some(_), _) if !self.pairs.is_empty() => {
                let named = |pair: &[String]| pairs::Planned::whole(&pair[0], &pair[1]);
                Ok(self.pairs.chunks_exact(2).map(named).collect())
            }
            (Some(_), _) => pairs::fresh(),
            (None, Network::Cut) => pairs::planned(),
            (None, Network::Answering) => pairs::answering(),
            (None, Network::Servers) => pairs::servers(),
        }
    }

    /// Whether the case is asked of the pair.
    fn asks(&self, pair: &pairs::Planned, case: &redproof_oracle::Case) -> bool {
        match (&self.fresh, self.network()) {
            (None, Network::Cut) => pair.asks(case),
            (None, Network::Answering) => pair.asks_answering(case),
            (Some(_), _) | (None, Network::Servers) => true,
        }
    }

    /// What the recordings were made on.
    fn network(&self) -> Network {
        match self {
            Self { answering: true, .. } => Network::Answering,
            Self { servers: true, .. } => Network::Servers,
            _ => Network::Cut,
        }
    }
}
