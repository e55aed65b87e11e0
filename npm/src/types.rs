//! The types of the package: of what its functions take and give, from the same Rust types.

use documents::{
    CheckDocument, ComparisonDocument, DiagnosisDocument, ExplanationDocument, FixedDocument,
    ReleasesDocument, RequestDocument,
};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value as Json, json};

use crate::input::{Config, Fixes, Input, Log, ProxyRequest, Upgrade};

/// A JSON Schema whose definitions are all types of the package.
pub fn schema() -> Json {
    let mut given = documents::generator();
    name::<CheckDocument<'static>>(&mut given);
    name::<ExplanationDocument<'static>>(&mut given);
    name::<RequestDocument<'static>>(&mut given);
    name::<FixedDocument<'static>>(&mut given);
    name::<ComparisonDocument<'static>>(&mut given);
    name::<ReleasesDocument<'static>>(&mut given);
    name::<DiagnosisDocument<'static>>(&mut given);
    // What has a default need not be there.
    let mut taken = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    name::<Input>(&mut taken);
    name::<Config>(&mut taken);
    name::<ProxyRequest>(&mut taken);
    name::<Fixes>(&mut taken);
    name::<Upgrade>(&mut taken);
    name::<Log>(&mut taken);
    let mut definitions = given.take_definitions(true);
    definitions.extend(taken.take_definitions(true));
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions })
}

/// Gives a type its place among the definitions.
fn name<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}
