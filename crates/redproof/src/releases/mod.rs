//! `redproof releases`.

mod human;

use redproof_core::releases;
use redproof_core::releases::Version;

use crate::Ending;
use crate::args::{ExplainFormat, ReleasesArgs};
use crate::documents;
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
        ExplainFormat::Json => {
            output::write_all(documents::releases::text(&name, &all).as_bytes())?;
        }
    }
    let safe = all.columns.iter().flat_map(|column| &column.spans).any(|span| span.safe);
    Ok(if safe { Ending::Clean } else { Ending::Findings })
}
