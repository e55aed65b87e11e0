//! The project's chores: `cargo xtask help`.

mod bench;
mod exports;
mod instructions;
mod licences;
mod npm;
mod oracle;
mod pages;
mod run;
mod setup;
mod shell;
mod site;
mod system;
mod test;
mod tools;
mod truth;
mod wheel;
mod yaml;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Set up what is missing, build the editor and serve it on localhost
    Run(Rest),
    /// Set up what is missing, then run every check and test
    Test(Rest),
    /// Only set up: wasm target, trunk, wasm-bindgen, the editor's npm packages
    Setup,
    /// Build the site into target/site: the editor, the book, the JSON Schemas
    Site,
    /// Write the generated pages under docs/, and the JSON Schemas, again
    Pages,
    /// Measure speed, memory and size beside other tools
    Bench(bench::Options),
    /// Run a command and print the peak of its memory in kilobytes
    #[command(hide = true)]
    BenchPeak(Rest),
    /// Ask the real LiteLLM, and compare the simulation with its answers
    Oracle(oracle::Arguments),
    /// Count the instructions of the core's work, and hold its budgets
    Instructions,
    /// Check licences, sources and duplicates of the dependencies against deny.toml
    Licences,
    /// Build the Python wheel with the command and the site, install it and try it
    Wheel {
        /// The cargo profile of the command in it
        #[arg(long, default_value = "release")]
        profile: String,
    },
    /// Build the npm package of the engine, install it and try it
    Npm,
    /// Hold `redproof drift` against running LiteLLM proxies, which pip installs
    Proxies {
        /// LiteLLM releases [default: two]
        releases: Vec<String>,
    },
    /// What the release workflow's wheels share
    #[command(hide = true)]
    WheelData,
    /// Fetch a LiteLLM release, and say what it does otherwise than the newest recorded one
    Release(oracle::Taken),
    /// List what the real software answered, or record NAME again
    Truth {
        /// The recording
        name: Option<String>,
        /// Words for its recorder
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Compare the reader with PyYAML, at random or in a report
    #[command(subcommand)]
    Yaml(yaml::Chore),
}

/// Words for the program that the chore starts.
#[derive(clap::Args)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Run(rest) => run::run(&rest.words),
        Chore::Test(rest) => test::test(&rest.words),
        Chore::Setup => setup::for_page().and_then(|()| setup::for_tests()),
        Chore::Site => setup::for_page().and_then(|()| site::build()),
        Chore::Pages => pages::write(),
        Chore::Bench(options) => bench::run(&options),
        Chore::BenchPeak(rest) => bench::peak(&rest.words),
        Chore::Oracle(arguments) => oracle::oracle(arguments),
        Chore::Instructions => system::install_for_tests().and_then(|()| instructions::all()),
        Chore::Licences => licences::check(),
        Chore::Wheel { profile } => setup::for_page().and_then(|()| wheel::wheel(&profile)),
        Chore::Npm => setup::for_page().and_then(|()| npm::with_command()),
        Chore::Proxies { releases } => {
            system::install_for_tests().and_then(|()| truth::proxies(&releases))
        }
        Chore::WheelData => {
            setup::for_page().and_then(|()| site::build()).and_then(|()| wheel::data())
        }
        Chore::Release(taken) => oracle::release(&taken),
        Chore::Truth { name, rest } => truth::truth(name.as_deref(), &rest),
        Chore::Yaml(chore) => yaml::yaml(&chore),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
