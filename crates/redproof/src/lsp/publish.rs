//! Findings, as editors show them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use documents::words::rule_url;
use ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location,
    NumberOrString, Range, Uri,
};
use redproof_core::Report;
use redproof_core::finding::{Finding, Label, Severity};

use super::checked::{Workspace, file};
use super::positions::Encoding;

/// What is found in each file.
pub(super) fn by_file(
    workspace: &Workspace,
    texts: &BTreeMap<PathBuf, String>,
    encoding: Encoding,
) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    // A file without findings is told so: what was found before is gone.
    let mut all: BTreeMap<PathBuf, Vec<Diagnostic>> =
        texts.keys().map(|path| (path.clone(), vec![])).collect();
    for (config, report) in workspace.reports() {
        all.entry(config.to_owned()).or_default();
        for finding in &report.diagnostics {
            let (path, found) = diagnostic(config, report, finding, encoding);
            let of_file = all.entry(path).or_default();
            // Several deployments of a config find much alike.
            if !of_file.contains(&found) {
                of_file.push(found);
            }
        }
    }
    all
}

/// A finding, and the file that it is in: the config, if it has no place.
pub(super) fn diagnostic(
    config: &Path,
    report: &Report,
    finding: &Finding,
    encoding: Encoding,
) -> (PathBuf, Diagnostic) {
    let (path, range) = place(config, report, &finding.primary, encoding)
        .unwrap_or_else(|| (config.to_owned(), Range::default()));
    let related = finding.related.iter().filter_map(|label| {
        let (path, range) = place(config, report, label, encoding)?;
        let location = Location { uri: Uri::from_file_path(path)?, range };
        Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
    });
    let related: Vec<_> = related.collect();
    let help = finding.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
    let found = Diagnostic {
        range,
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.code.to_owned())),
        code_description: rule_url(finding.code).parse().ok().map(|href| CodeDescription { href }),
        source: Some("redproof".to_owned()),
        message: format!("{}{help}", finding.message),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    };
    (path, found)
}

/// The file and the range of a label.
fn place(
    config: &Path,
    report: &Report,
    label: &Label,
    encoding: Encoding,
) -> Option<(PathBuf, Range)> {
    let span = label.span?;
    let source = report.sources.iter().find(|source| source.id == span.source)?;
    Some((file(config, source), encoding.range(&source.text, span)))
}
