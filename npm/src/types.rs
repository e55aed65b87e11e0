//! The types of the package: of what its functions take and give, from the same Rust types.

use documents::{
    CheckDocument, ComparisonDocument, DiagnosisDocument, ExplanationDocument, FixedDocument,
    ReleasesDocument, RequestDocument,
};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value as Json, json};

use crate::input::{Config, Fixes, Input, Log, Request, Upgrade};

/// A JSON Schema whose definitions are all types of the package.
pub fn schema() -> Json {
    let mut generator = documents::generator();
    name::<Input>(&mut generator);
    name::<Config>(&mut generator);
    name::<Request>(&mut generator);
    name::<Fixes>(&mut generator);
    name::<Upgrade>(&mut generator);
    name::<Log>(&mut generator);
    name::<CheckDocument<'static>>(&mut generator);
    name::<ExplanationDocument<'static>>(&mut generator);
    name::<RequestDocument<'static>>(&mut generator);
    name::<FixedDocument<'static>>(&mut generator);
    name::<ComparisonDocument<'static>>(&mut generator);
    name::<ReleasesDocument<'static>>(&mut generator);
    name::<DiagnosisDocument<'static>>(&mut generator);
    let definitions = generator.take_definitions(true);
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions })
}

/// Gives a type its place among the definitions.
fn name<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}
