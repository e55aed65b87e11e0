//! `redproof releases`.

mod human;

use redproof_core::releases::Version;
use redproof_core::{AllReleases, releases};
use serde_json::json;

use crate::Ending;
use crate::args::{ExplainFormat, ReleasesArgs};
use crate::files;
use crate::input::Surroundings;
use crate::output::{self, Failure};

/// Prints what each release does with a configuration.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &ReleasesArgs) -> Result<Ending, Failure> {
    let (surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let text = files::read(&args.config)?;
    let (name, all) = surroundings
        .with_input(&args.config, &text, |input| (input.name.to_owned(), releases(input)));
    let asked = |given: &Option<String>| given.as_deref().and_then(Version::parse);
    let all = all.only(asked(&args.surroundings.litellm), asked(&args.surroundings.redis_py));
    match args.format {
        ExplainFormat::Human => output::say(&human::text(&name, &all, output::coloured()))?,
        ExplainFormat::Json => output::write_all(json_text(&name, &all).as_bytes())?,
    }
    let safe = all.columns.iter().flat_map(|column| &column.spans).any(|span| span.safe);
    Ok(if safe { Ending::Clean } else { Ending::Findings })
}

/// One document, versioned by `schema`.
fn json_text(name: &str, all: &AllReleases) -> String {
    let document = json!({
        "schema": 1,
        "redproof": env!("CARGO_PKG_VERSION"),
        "file": name,
        "here": all.here,
        "litellm": all.litellm,
        "redis_py": all.redis_py,
        "columns": all.columns,
    });
    format!("{document:#}\n")
}
