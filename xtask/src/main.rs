//! The project's chores: `cargo xtask help`.

mod bench;
mod exports;
mod instructions;
mod licences;
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

const HELP: &str = "\
The project's chores.

Usage: cargo xtask <command>

  run       Set up what is missing, build the editor and serve it on localhost
  test      Set up what is missing, then run every check and test
  setup     Only set up: wasm target, trunk, wasm-bindgen, the editor's npm packages
  site      Build the site into target/site: the editor, the book, the JSON Schemas
  pages     Write the generated pages under docs/, and the JSON Schemas, again
  bench     Measure speed, memory and size beside other tools; --write, --json FILE, --check
  oracle    Ask the real LiteLLM, and compare the simulation with its answers: oracle help
  instructions  Count the instructions of the core's work, and hold its budgets
  licences  Check licences, sources and duplicates of the dependencies against deny.toml
  wheel     Build the Python wheel with the command and the site, install it and try it; --profile dev
  release   Fetch LiteLLM VERSION or --newest, say what it does otherwise; --write takes it in
  truth     List what the real software answered, or record NAME again
  yaml      Compare the reader with PyYAML, at random or in a report
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().map_or("help", String::as_str);
    let rest = arguments.get(1..).unwrap_or_default();
    let result = match command {
        "run" => run::run(rest),
        "test" => test::test(rest),
        "setup" => setup::for_page().and_then(|()| setup::for_tests()),
        "site" => setup::for_page().and_then(|()| site::build()),
        "pages" => pages::write(),
        "bench" => bench::run(rest),
        // What `bench` calls to weigh a process alone.
        "bench-peak" => bench::peak(rest),
        "oracle" => oracle::oracle(rest),
        "instructions" => system::install_for_tests().and_then(|()| instructions::all()),
        "licences" => licences::check(),
        "wheel" => setup::for_page().and_then(|()| wheel::wheel(rest)),
        // What the release workflow's wheels share.
        "wheel-data" => setup::for_page().and_then(|()| site::build()).and_then(|()| wheel::data()),
        "release" => oracle::release(rest),
        "truth" => truth::truth(rest),
        "yaml" => yaml::yaml(rest),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("no command `{other}`\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}
