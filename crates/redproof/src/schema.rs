//! `redproof schema`.

use redproof_core::Releases;
use redproof_core::catalogue::{helm_values, schema};
use serde_json::Value as Json;

use crate::Ending;
use crate::args::SchemaArgs;
use crate::documents;
use crate::output::{self, Failure};
use crate::settings;

/// Prints the JSON Schema for a release, or of an output.
///
/// # Errors
/// When the release is not supported, or there is no such output.
pub(crate) fn run(args: &SchemaArgs) -> Result<Ending, Failure> {
    if args.settings {
        return print(settings::schema().as_value());
    }
    if let Some(of) = &args.of {
        let document = documents::all().find(|document| document.name == of);
        let document = document.ok_or_else(|| {
            let names: Vec<&str> = documents::all().map(|document| document.name).collect();
            Failure::Said(format!("there is no output `{of}`; there are {}", names.join(", ")))
        })?;
        return print(document.schema().as_value());
    }
    let releases = Releases::parse(args.litellm.as_deref(), args.redis_py.as_deref())?;
    let pair = releases.pair();
    let schema = if args.helm_values { helm_values(pair) } else { schema(pair) };
    print(&schema)
}

fn print(schema: &Json) -> Result<Ending, Failure> {
    output::write_all(format!("{schema:#}\n").as_bytes())?;
    Ok(Ending::Clean)
}
