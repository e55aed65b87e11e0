//! `redproof compare`.

mod human;
mod markdown;
mod revision;
pub(crate) mod revisions;

use redproof_core::{Comparison, PairOrigin, Releases, compare};

use crate::Ending;
use crate::args::CompareArgs;
use crate::input::Surroundings;
use crate::output::Failure;

/// Prints what an upgrade changes.
///
/// # Errors
/// When an input can't be used, or nothing says which release runs today.
pub(crate) fn run(args: &CompareArgs) -> Result<Ending, Failure> {
    let from = Releases::parse(args.from.as_deref(), args.from_redis_py.as_deref())?;
    let to = Releases::parse(args.to.as_deref(), args.to_redis_py.as_deref())?;
    if let Some(base) = &args.base {
        // What is asked for today is asked for in both, unless the upgrade is, too.
        return revisions::run(args, base, (from, to.or(from)));
    }
    let Some(config) = &args.config else {
        return Err(Failure::Said("name the config, or a revision with --base".to_owned()));
    };
    let mut surroundings = Surroundings::new(&args.environment, from, config)?;
    let (config, text) = surroundings.config(config)?;
    let comparison = surroundings.with_input(&config, &text, |input| compare(input, to));
    today_is_known(&comparison)?;
    args.format.print(&comparison)?;
    Ok(if comparison.fails() { Ending::Findings } else { Ending::Clean })
}

/// Without the release that runs today, there is nothing to compare with.
fn today_is_known(comparison: &Comparison) -> Result<(), Failure> {
    match &comparison.from.pair_origin {
        PairOrigin::Newest => Err(Failure::Said(
            "no image tag says which LiteLLM release runs today; name it with --from".to_owned(),
        )),
        PairOrigin::Older { place: image, .. } | PairOrigin::UnsupportedImage(image) => {
            Err(Failure::Said(format!(
                "the release of {image} is not supported; name a supported one with --from"
            )))
        }
        _ => Ok(()),
    }
}
