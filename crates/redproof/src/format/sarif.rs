//! `--format sarif`: SARIF 2.1.0, fixes included.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use documents::places::{Place, Places};
use documents::words::rule_url;
use redproof_core::deployment::Runs;
use redproof_core::finding::{Edit, Finding, Label, Severity};
use redproof_core::rule::Rule;
use redproof_core::source::Span;
use redproof_core::{Report, offered};
use serde_json::{Value as Json, json};

use super::{Format, How};
use crate::fingerprint::fingerprint;
use crate::rule;
use crate::summary::Summary;

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn help(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning"
    }

    fn start(&self) -> String {
        "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\
         \"columnKind\":\"unicodeCodePoints\",\"results\":[\n"
            .to_owned()
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, _how: How) -> String {
        let places = Places::new(report);
        let results = report.diagnostics.iter();
        let results = results.map(|found| result(found, report, &places).to_string());
        results.collect::<Vec<_>>().join(",\n")
    }

    fn between(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, summary: &Summary, _how: How) -> String {
        let rules = rule::all().filter(|rule| summary.rules.contains(&(rule.code, rule.name)));
        let rules = rules.map(described);
        let tool = json!({ "driver": {
            "name": "redproof",
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules.collect::<Vec<_>>(),
        }});
        format!("\n],\"tool\":{tool}}}]}}\n")
    }
}

/// A rule, as code scanning shows it beside its findings.
fn described(rule: &Rule) -> Json {
    json!({
        "id": rule.code,
        "name": rule.name,
        "helpUri": rule_url(rule.code),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.why, "markdown": rule.why },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "category": rule.category.title() },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn result(found: &Finding, report: &Report, places: &Places<'_>) -> Json {
    let help = found.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
    let mut result = json!({
        "ruleId": found.code,
        "level": level(found.severity),
        "message": { "text": format!("{}{help}", found.message_of_all()) },
        // GitHub takes no result without a place.
        "locations": [physical(&places.of_finding(found))],
        "partialFingerprints": {
            "redproof/v1": fingerprint(found, report.sources.first().map_or("", |one| &one.name)),
        },
    });
    let related = found.related.iter();
    let related: Vec<Json> =
        related.filter_map(|Label { span, text }| location(*span, Some(text), places)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(fix) = offered(report, found)
        && !fix.edits.iter().any(|edit| report.redaction.hides_in(&edit.text))
    {
        let replacements = fix.edits.iter().filter_map(|edit| replacement(edit, places));
        let file = report.sources.first().map_or("", |source| &source.name);
        let mut description = fix.title.clone();
        for effect in &fix.effects {
            let _ = write!(description, "\n{effect}");
        }
        result["fixes"] = json!([{
            "description": { "text": description },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri(file) },
                "replacements": replacements.collect::<Vec<_>>(),
            }],
        }]);
    }
    result
}

fn replacement(edit: &Edit, places: &Places<'_>) -> Option<Json> {
    let place = places.of(edit.span)?;
    Some(json!({
        "deletedRegion": region(&place),
        "insertedContent": { "text": edit.text },
    }))
}

fn location(span: Option<Span>, text: Option<&str>, places: &Places<'_>) -> Option<Json> {
    let mut location = physical(&places.of(span?)?);
    if let Some(text) = text {
        location["message"] = json!({ "text": text });
    }
    Some(location)
}

fn physical(place: &Place<'_>) -> Json {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(place.file) },
        "region": region(place),
    }})
}

fn region(place: &Place<'_>) -> Json {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

/// A path as a URI reference, from where the command runs: GitHub finds files by their path in the
/// repository.
fn uri(path: &str) -> String {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).ok();
    let below = here.as_ref().and_then(|here| Path::new(path).strip_prefix(here).ok());
    let path = below.map_or(Cow::Borrowed(path), |below| below.to_string_lossy());
    let plain = path.replace('\\', "/");
    let plain = plain.trim_start_matches("./");
    let mut uri = String::with_capacity(plain.len());
    if plain.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in plain.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
