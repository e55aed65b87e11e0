//! `redproof schema`.

use redproof_core::Releases;
use redproof_core::catalogue::{helm_values, schema};

use crate::Ending;
use crate::args::SchemaArgs;
use crate::output::{self, Failure};
use crate::settings;

/// Prints the JSON Schema for a release.
///
/// # Errors
/// When the release is not supported.
pub(crate) fn run(args: &SchemaArgs) -> Result<Ending, Failure> {
    if args.settings {
        output::write_all(format!("{:#}\n", settings::schema()).as_bytes())?;
        return Ok(Ending::Clean);
    }
    let releases = Releases::parse(args.litellm.as_deref(), args.redis_py.as_deref())?;
    let pair = releases.pair();
    let schema = if args.helm_values { helm_values(pair) } else { schema(pair) };
    output::write_all(format!("{schema:#}\n").as_bytes())?;
    Ok(Ending::Clean)
}
