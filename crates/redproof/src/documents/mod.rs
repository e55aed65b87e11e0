//! What the command prints as JSON. What comes of texts alone is in the crate `documents`; here are the documents that
//! take a network, a clock or a cluster, with the [`Formatter`](crate::answer::Formatter) of each answer.

mod admission_log;
mod answers;
mod baseline;
pub(crate) mod certificate;
mod companion;
pub(crate) mod drift;
mod monitor_log;
pub(crate) mod probe;

pub(crate) use admission_log::AdmissionEvent;
pub(crate) use baseline::{BaselineDocument, KnownFinding};
pub(crate) use companion::{HelloAnswer, PairAnswer, RefusalAnswer};
pub(crate) use monitor_log::{HealthDocument, MonitorEvent};

pub(crate) use documents::{Document, VERSION, Version, line, text};
use redproof_core::simulate::answer::Line;

use crate::journal::Entry;
use certificate::CertificateDocument;
use drift::DriftDocument;
use probe::ProbeDocument;

/// Every document.
pub(crate) fn all() -> impl Iterator<Item = &'static Document> {
    documents::DOCUMENTS.iter().chain(OWN)
}

/// What the command alone prints.
static OWN: &[Document] = &[
    Document::of::<CertificateDocument<'static>>(
        "certificate",
        "What `redproof certificate --format json` prints",
    ),
    Document::of::<ProbeDocument<'static>>("probe", "What `redproof probe --format json` prints"),
    Document::of::<DriftDocument<'static>>("drift", "What `redproof drift --format json` prints"),
    Document::of::<Line<'static>>("simulate", "What `redproof simulate` prints, line by line"),
    Document::of::<Entry<MonitorEvent<'static>>>(
        "monitor-log",
        "What `redproof monitor` writes into its log, line by line",
    ),
    Document::of::<HealthDocument>("monitor-health", "What `redproof monitor` answers at /healthz"),
    Document::of::<Entry<AdmissionEvent<'static>>>(
        "admission-log",
        "What `redproof admission` writes into its log, line by line",
    ),
    Document::of::<BaselineDocument<'static>>(
        "baseline",
        "What `redproof check --update-baseline` writes",
    ),
    Document::of::<HelloAnswer>("serve-hello", "What `redproof serve` answers at /api/v1/hello"),
    Document::of::<PairAnswer>("serve-pair", "What `redproof serve` answers at /api/v1/pair"),
    Document::of::<RefusalAnswer<'static>>(
        "serve-refusal",
        "What `redproof serve` answers where it refuses",
    ),
];
