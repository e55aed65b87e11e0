//! What Redproof answers as JSON: a type for each document that comes of texts alone, and its published
//! schema, which is generated from the type. The command prints them, the npm package gives them.
#![forbid(unsafe_code)]

mod check;
mod compare;
mod diagnose;
mod explain;
mod fix;
mod parts;
pub mod places;
mod releases;
mod request;
pub mod words;

pub use check::{CheckDocument, CheckedFile, Counts};
pub use compare::{ComparisonDocument, Revisions, RevisionsDocument, compared};
pub use diagnose::{DiagnosisDocument, TableDocument, diagnosed, table};
pub use explain::{ExplanationDocument, explained};
pub use fix::{FixedDocument, fixed};
pub use releases::{ReleasesDocument, releases};
pub use request::{RequestDocument, requested};

use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

/// The version of the documents that say one: what was there stays as it is, new fields come beside it.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
#[schemars(inline, extend("const" = 1))]
#[serde(transparent)]
pub struct Version(u8);

/// The only one so far.
pub const VERSION: Version = Version(1);

/// A document that is printed.
#[derive(Debug)]
pub struct Document {
    /// Its schema's file, without `-output.json`.
    pub name: &'static str,
    /// What it is.
    title: &'static str,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

/// Every document that comes of texts alone.
pub static DOCUMENTS: &[Document] = &[
    Document::of::<CheckDocument<'static>>("check", "What `redproof check --format json` prints"),
    Document::of::<ExplanationDocument<'static>>(
        "explain",
        "What `redproof explain --format json` prints",
    ),
    Document::of::<RequestDocument<'static>>(
        "explain-request",
        "What `redproof explain --request … --format json` prints",
    ),
    Document::of::<ReleasesDocument<'static>>(
        "releases",
        "What `redproof releases --format json` prints",
    ),
    Document::of::<ComparisonDocument<'static>>(
        "compare",
        "What `redproof compare --format json` prints",
    ),
    Document::of::<RevisionsDocument<'static>>(
        "compare-base",
        "What `redproof compare --base … --format json` prints",
    ),
    Document::of::<DiagnosisDocument<'static>>(
        "diagnose",
        "What `redproof diagnose --format json` prints",
    ),
    Document::of::<TableDocument<'static>>(
        "diagnose-list",
        "What `redproof diagnose --list --format json` prints",
    ),
];

impl Document {
    /// A document of this type; `title` says what it is.
    pub const fn of<T: JsonSchema>(name: &'static str, title: &'static str) -> Self {
        Self { name, title, schema: SchemaGenerator::root_schema_for::<T> }
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> Schema {
        let mut schema = (self.schema)(&mut generator());
        // The type's own name says nothing to a reader.
        let address = format!("https://redproof.dev/schemas/{}-output.json", self.name);
        schema.insert("$id".to_owned(), address.into());
        schema.insert("title".to_owned(), self.title.into());
        schema
    }
}

/// Makes the schemas of documents.
pub fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(closed);
    settings.into_generator()
}

/// An object has the fields that its type has, and no others.
fn closed(schema: &mut Schema) {
    const PARTS: [&str; 3] = ["oneOf", "anyOf", "allOf"];
    let own = schema.get("properties").is_some();
    // What is flattened into an object must let its fields pass.
    let open: Vec<_> = match own {
        true => {
            PARTS.iter().filter_map(|key| schema.remove(*key).map(|part| (*key, part))).collect()
        }
        false => vec![],
    };
    transform_subschemas(&mut closed, schema);
    if let Some(text) = schema.get("description").and_then(|text| text.as_str()) {
        // A comment's lines end where the source's do.
        let text = text.split("\n\n").map(|part| part.replace('\n', " "));
        let text = text.collect::<Vec<_>>().join("\n\n");
        schema.insert("description".to_owned(), text.into());
    }
    if own && schema.get("additionalProperties").is_none() {
        let key = if open.is_empty() { "additionalProperties" } else { "unevaluatedProperties" };
        schema.insert(key.to_owned(), false.into());
    }
    for (key, mut part) in open {
        for one in part.as_array_mut().into_iter().flatten() {
            if let Ok(one) = one.try_into() {
                transform_subschemas(&mut closed, one);
            }
        }
        schema.insert(key.to_owned(), part);
    }
}

/// A document as it is printed: indented, and a line break at its end.
pub fn text(document: &impl Serialize) -> String {
    // Structures, numbers and texts: this serialises.
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

/// A document on one line, without a line break.
pub fn line(document: &impl Serialize) -> String {
    // Structures, numbers and texts: this serialises.
    serde_json::to_string(document).unwrap_or_default()
}
