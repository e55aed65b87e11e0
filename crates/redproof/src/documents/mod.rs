//! What the commands print as JSON: a type for each document. Its published schema, in `schemas/`, is
//! generated from the type; [`DOCUMENTS`] lists them all.

mod admission_log;
mod baseline;
pub(crate) mod certificate;
mod check;
mod companion;
pub(crate) mod compare;
pub(crate) mod diagnose;
pub(crate) mod drift;
pub(crate) mod explain;
mod monitor_log;
mod parts;
pub(crate) mod probe;
pub(crate) mod releases;
pub(crate) mod request;

pub(crate) use admission_log::AdmissionEvent;
pub(crate) use baseline::{BaselineDocument, KnownFinding};
pub(crate) use check::{CheckDocument, CheckedFile};
pub(crate) use companion::{HelloAnswer, PairAnswer, RefusalAnswer};
pub(crate) use monitor_log::{HealthDocument, MonitorEvent};

use redproof_core::simulate::answer::Line;
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use crate::journal::Entry;
use certificate::CertificateDocument;
use compare::{ComparisonDocument, RevisionsDocument};
use diagnose::{DiagnosisDocument, TableDocument};
use drift::DriftDocument;
use explain::ExplanationDocument;
use probe::ProbeDocument;
use releases::ReleasesDocument;
use request::RequestDocument;

/// The version of the documents that say one: what was there stays as it is, new fields come beside it.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
#[schemars(inline, extend("const" = 1))]
#[serde(transparent)]
pub(crate) struct Version(u8);

/// The only one so far.
pub(crate) const VERSION: Version = Version(1);

/// A document that a command prints.
pub(crate) struct Document {
    /// Its schema's file, without `-output.json`.
    pub(crate) name: &'static str,
    /// What it is.
    title: &'static str,
    schema: fn(&mut schemars::SchemaGenerator) -> Schema,
}

/// Every document.
pub(crate) static DOCUMENTS: &[Document] = &[
    document::<CheckDocument<'static>>("check", "What `redproof check --format json` prints"),
    document::<ExplanationDocument<'static>>(
        "explain",
        "What `redproof explain --format json` prints",
    ),
    document::<RequestDocument<'static>>(
        "explain-request",
        "What `redproof explain --request … --format json` prints",
    ),
    document::<ReleasesDocument<'static>>(
        "releases",
        "What `redproof releases --format json` prints",
    ),
    document::<ComparisonDocument<'static>>(
        "compare",
        "What `redproof compare --format json` prints",
    ),
    document::<RevisionsDocument<'static>>(
        "compare-base",
        "What `redproof compare --base … --format json` prints",
    ),
    document::<DiagnosisDocument<'static>>(
        "diagnose",
        "What `redproof diagnose --format json` prints",
    ),
    document::<TableDocument<'static>>(
        "diagnose-list",
        "What `redproof diagnose --list --format json` prints",
    ),
    document::<CertificateDocument<'static>>(
        "certificate",
        "What `redproof certificate --format json` prints",
    ),
    document::<ProbeDocument<'static>>("probe", "What `redproof probe --format json` prints"),
    document::<DriftDocument<'static>>("drift", "What `redproof drift --format json` prints"),
    document::<Line<'static>>("simulate", "What `redproof simulate` prints, line by line"),
    document::<Entry<MonitorEvent<'static>>>(
        "monitor-log",
        "What `redproof monitor` writes into its log, line by line",
    ),
    document::<HealthDocument>("monitor-health", "What `redproof monitor` answers at /healthz"),
    document::<Entry<AdmissionEvent<'static>>>(
        "admission-log",
        "What `redproof admission` writes into its log, line by line",
    ),
    document::<BaselineDocument<'static>>(
        "baseline",
        "What `redproof check --update-baseline` writes",
    ),
    document::<HelloAnswer>("serve-hello", "What `redproof serve` answers at /api/v1/hello"),
    document::<PairAnswer>("serve-pair", "What `redproof serve` answers at /api/v1/pair"),
    document::<RefusalAnswer<'static>>(
        "serve-refusal",
        "What `redproof serve` answers where it refuses",
    ),
];

const fn document<T: JsonSchema>(name: &'static str, title: &'static str) -> Document {
    Document { name, title, schema: schemars::SchemaGenerator::root_schema_for::<T> }
}

impl Document {
    /// Its JSON Schema.
    pub(crate) fn schema(&self) -> Schema {
        let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(closed);
        let mut schema = (self.schema)(&mut settings.into_generator());
        // The type's own name says nothing to a reader.
        let address = format!("https://redproof.dev/schemas/{}-output.json", self.name);
        schema.insert("$id".to_owned(), address.into());
        schema.insert("title".to_owned(), self.title.into());
        schema
    }
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
pub(crate) fn text(document: &impl Serialize) -> String {
    // Structures, numbers and texts: this serialises.
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

/// A document on one line, without a line break.
pub(crate) fn line(document: &impl Serialize) -> String {
    // Structures, numbers and texts: this serialises.
    serde_json::to_string(document).unwrap_or_default()
}
