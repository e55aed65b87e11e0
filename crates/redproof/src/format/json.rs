//! `--format json`: one document, versioned by `schema`.

use redproof_core::deployment::{Form, Link};
use redproof_core::finding::{Edit, Effect, Finding, Label, Safety, Severity};
use redproof_core::outcome::Startup;
use redproof_core::source::{Position, Span};
use redproof_core::{PairOrigin, RedisPyOrigin, Report, offered};
use serde_json::{Value as Json, json};

use super::{Places, rule_url};
use crate::input::Runs;
use crate::summary::Summary;

pub(super) fn start() -> String {
    format!("{{\"schema\":1,\"redproof\":{},\"files\":[\n", json!(env!("CARGO_PKG_VERSION")))
}

pub(super) fn report(report: &Report, runs: Option<&Runs>) -> String {
    let places = Places::new(report);
    let diagnostics = report.diagnostics.iter().map(|found| diagnostic(found, report, &places));
    let notes = report
        .notes
        .iter()
        .map(|note| json!({ "text": note.text, "location": location(note.span, &places) }));
    json!({
        "file": report.sources.first().map(|source| &source.name),
        "deployment": runs.map(deployment),
        "releases": releases(report),
        "startup": startup(report),
        "diagnostics": diagnostics.collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
    })
    .to_string()
}

pub(super) fn end(summary: &Summary, fail_on: Severity) -> String {
    let counts = json!({
        "files": summary.files,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "hints": summary.hints,
        "failed": summary.fails(fail_on),
    });
    format!("\n],\"summary\":{counts}}}\n")
}

/// What runs the config, and which files said so.
fn deployment(runs: &Runs) -> Json {
    let (link, through) = match &runs.link {
        Link::Named(how) => ("named", Some(how)),
        Link::Beside => ("beside", None),
        Link::Alone => ("alone", None),
    };
    json!({
        "name": runs.name,
        "form": runs.form.map(Form::words),
        "link": link,
        "through": through,
        "files": runs.files,
        "replicas": runs.replicas,
    })
}

/// Whether LiteLLM starts.
pub(crate) fn startup(report: &Report) -> Json {
    match &report.outcome.startup {
        Startup::Ok => json!("ok"),
        Startup::Unknown(why) => json!({ "unknown": why }),
        Startup::Exception(exception) => json!({
            "exception": exception.class,
            "message": report.redaction.clean_text(&exception.message),
        }),
    }
}

/// The releases, and why these.
pub(crate) fn releases(report: &Report) -> Json {
    let (from, image, lock) = match &report.pair_origin {
        PairOrigin::Asked => ("asked", None, None),
        PairOrigin::Image(image) => ("image", Some(image), None),
        PairOrigin::UnsupportedImage(image) => ("newest-for-unsupported-image", Some(image), None),
        PairOrigin::Lock(place) => ("lock", None, Some(place)),
        PairOrigin::Newest => ("newest", None, None),
    };
    let (redis_py_from, redis_py_lock) = match &report.redis_py_origin {
        RedisPyOrigin::Asked => ("asked", None),
        RedisPyOrigin::Lock(place) => ("lock", Some(place)),
        RedisPyOrigin::Image => ("image", None),
        RedisPyOrigin::Assumed => ("assumed", None),
    };
    json!({
        "litellm": report.pair.litellm.to_string(),
        "redis_py": report.pair.redis_py.to_string(),
        "from": from,
        "image": image,
        "lock": lock,
        "redis_py_from": redis_py_from,
        "redis_py_lock": redis_py_lock,
    })
}

/// A finding.
pub(crate) fn diagnostic(found: &Finding, report: &Report, places: &Places<'_>) -> Json {
    let fix = offered(report, found).map(|fix| {
        json!({
            "title": fix.title,
            "safe": fix.safety == Safety::Safe,
            "effects": fix.effects.iter().map(effect).collect::<Vec<_>>(),
            "edits": fix.edits.iter().map(|one| edit(one, report, places)).collect::<Vec<_>>(),
        })
    });
    json!({
        "code": found.code,
        "url": rule_url(found.code),
        "rule": found.rule,
        "severity": found.severity.name(),
        "message": found.message,
        "path": found.path,
        "location": location(found.primary.span, places),
        "label": found.primary.text,
        "related": found.related.iter().map(|one| label(one, places)).collect::<Vec<_>>(),
        "help": found.help,
        "fix": fix,
    })
}

fn effect(effect: &Effect) -> Json {
    let Effect { whose, aspect, before, after } = effect;
    json!({ "whose": whose, "aspect": aspect, "before": before, "after": after })
}

fn label(label: &Label, places: &Places<'_>) -> Json {
    json!({ "text": label.text, "location": location(label.span, places) })
}

/// New text that quotes a secret is withheld: `fix` applies it without showing it.
fn edit(edit: &Edit, report: &Report, places: &Places<'_>) -> Json {
    let secret = report.redaction.hides_in(&edit.text);
    json!({
        "location": location(Some(edit.span), places),
        "text": (!secret).then_some(&edit.text),
    })
}

/// A place, or null.
pub(crate) fn location(span: Option<Span>, places: &Places<'_>) -> Json {
    let position = |at: Position| json!({ "line": at.line, "column": at.column });
    match span.and_then(|span| places.of(span)) {
        None => Json::Null,
        Some(place) => json!({
            "file": place.file,
            "start": position(place.start),
            "end": position(place.end),
        }),
    }
}
