//! A config after its fixes. The command prints no such document: it writes the text, which may quote secrets.

use redproof_core::finding::Effect as Brought;
use redproof_core::{Applied, Fixed};
use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Diagnostic, Releases, Startup};
use super::{VERSION, Version};
use crate::places::Places;

/// A config after its fixes.
#[derive(Serialize, JsonSchema)]
pub struct FixedDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The release that made it.
    redproof: &'static str,
    file: Option<&'a str>,
    /// The new text, comments and layout kept. It quotes what the old one does, secrets among it.
    text: &'a str,
    /// The fixes that were applied, in order.
    applied: Vec<AppliedPart<'a>>,
    releases: Releases<'a>,
    /// Whether LiteLLM starts with the new text.
    startup: Startup<'a>,
    /// What a check finds in the new text.
    left: Vec<Diagnostic<'a>>,
}

/// A fix that was applied.
#[derive(Serialize, JsonSchema)]
struct AppliedPart<'a> {
    /// The finding's code.
    #[schemars(regex(pattern = r"^RP[1-9][0-9][0-9]$"))]
    code: &'static str,
    /// What it does. An imperative.
    title: &'a str,
    /// What it brought about; of fixes applied together, the first has it all.
    effects: Vec<Effect<'a>>,
}

/// One thing that a fix brought about.
#[derive(Serialize, JsonSchema)]
struct Effect<'a> {
    /// Whose clients; empty for LiteLLM as a whole.
    whose: &'a str,
    /// What it is about.
    aspect: &'a str,
    before: &'a str,
    after: &'a str,
}

/// A config after its fixes, as it is given.
pub fn fixed(fixed: &Fixed) -> String {
    let Fixed { text, applied, report, .. } = fixed;
    let places = Places::new(report);
    let left = report.diagnostics.iter();
    super::text(&FixedDocument {
        schema: VERSION,
        redproof: env!("CARGO_PKG_VERSION"),
        file: report.sources.first().map(|source| &*source.name),
        text,
        applied: applied.iter().map(AppliedPart::of).collect(),
        releases: Releases::of(report),
        startup: Startup::of(report),
        left: left.map(|found| Diagnostic::of(found, report, &places)).collect(),
    })
}

impl<'a> AppliedPart<'a> {
    fn of(applied: &'a Applied) -> Self {
        let effect = |one: &'a Brought| Effect {
            whose: &one.whose,
            aspect: &one.aspect,
            before: &one.before,
            after: &one.after,
        };
        Self {
            code: applied.code,
            title: &applied.title,
            effects: applied.effects.iter().map(effect).collect(),
        }
    }
}
