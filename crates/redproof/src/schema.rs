//! `redproof schema`.

use redproof_core::Releases;
use redproof_core::catalogue::schema;

use crate::Ending;
use crate::args::SchemaArgs;
use crate::output::{self, Failure};

/// Prints the JSON Schema for a release.
///
/// # Errors
/// When the release is not supported.
pub(crate) fn run(args: &SchemaArgs) -> Result<Ending, Failure> {
    let releases = Releases::parse(args.litellm.as_deref(), args.redis_py.as_deref())?;
    let pair = releases.pair();
    output::write_all(format!("{:#}\n", schema(pair)).as_bytes())?;
    Ok(Ending::Clean)
}
