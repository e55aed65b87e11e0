//! `redproof releases`.

mod human;

use redproof_core::releases::Version;
use redproof_core::{AllReleases, releases};

use crate::Ending;
use crate::args::ReleasesArgs;
use crate::input::Surroundings;
use crate::output::Failure;

/// What each release does with a configuration.
pub(crate) struct OnReleases {
    /// The configuration's file.
    pub(crate) name: String,
    pub(crate) all: AllReleases,
}

/// Prints what each release does with a configuration.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &ReleasesArgs) -> Result<Ending, Failure> {
    let (mut surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let (config, text) = surroundings.config(&args.config)?;
    let (name, all) =
        surroundings.with_input(&config, &text, |input| (input.name.to_owned(), releases(input)));
    let asked = |given: &Option<String>| given.as_deref().and_then(Version::parse);
    let all = all.only(asked(&args.surroundings.litellm), asked(&args.surroundings.redis_py));
    let answer = OnReleases { name, all };
    args.format.print(&answer)?;
    let safe = answer.all.columns.iter().flat_map(|column| &column.spans).any(|span| span.safe);
    Ok(if safe { Ending::Clean } else { Ending::Findings })
}
