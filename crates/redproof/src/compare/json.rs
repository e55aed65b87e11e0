//! `--format json`: one document, versioned by `schema`.

use redproof_core::compare::{Aspect, Cause, Change, Detour, Side, Upgrade, Verdict};
use redproof_core::explain::consumer_name;
use redproof_core::outcome::Api;
use redproof_core::releases::defects::Defect;
use redproof_core::{Comparison, Report};
use serde_json::{Value as Json, json};

use crate::explain::api_json;
use crate::format::{Places, diagnostic_json, location_json, releases_json, startup_json};

pub(crate) fn text(comparison: &Comparison) -> String {
    format!("{:#}\n", document(comparison))
}

/// The document of one comparison.
pub(crate) fn document(comparison: &Comparison) -> Json {
    let places = Places::new(&comparison.to);
    let side = |report: &Report| json!({ "releases": releases_json(report), "startup": startup_json(report) });
    let findings = |report: &Report, found: &[redproof_core::finding::Finding]| -> Vec<Json> {
        found.iter().map(|found| diagnostic_json(found, report, &places)).collect()
    };
    json!({
        "schema": 1,
        "redproof": env!("CARGO_PKG_VERSION"),
        "file": comparison.from.sources.first().map(|source| &source.name),
        "from": side(&comparison.from),
        "to": side(&comparison.to),
        "verdict": comparison.verdict().map_or("same", Verdict::name),
        "failed": comparison.fails(),
        "summary": {
            "breaks": comparison.count(Verdict::Breaks),
            "weakens": comparison.count(Verdict::Weakens),
            "changes": comparison.count(Verdict::Changes),
            "improves": comparison.count(Verdict::Improves),
        },
        "changes": comparison.changes.iter().map(|one| change(one, &places)).collect::<Vec<_>>(),
        "findings": {
            "appear": findings(&comparison.to, &comparison.appear),
            "vanish": findings(&comparison.from, &comparison.vanish),
        },
        "defects": {
            "enter": comparison.enter.iter().map(|one| defect(one)).collect::<Vec<_>>(),
            "leave": comparison.leave.iter().map(|one| defect(one)).collect::<Vec<_>>(),
        },
        "detours": comparison.detours.iter().map(|one| detour(one, &places)).collect::<Vec<_>>(),
        "notes": comparison.to.notes.iter().map(|note| &note.text).collect::<Vec<_>>(),
    })
}

fn defect(defect: &Defect) -> Json {
    json!({
        "id": defect.id,
        "name": defect.name,
        "asked": defect.reach.is_asked(),
        "if": defect.depends,
        "happens": defect.happens,
        "cure": defect.cure,
        "references": defect.references.iter().map(|one| one.url()).collect::<Vec<_>>(),
    })
}

fn detour(detour: &Detour, places: &Places<'_>) -> Json {
    json!({
        "litellm": detour.pair.litellm.to_string(),
        "redis_py": detour.pair.redis_py.to_string(),
        "changes": detour.changes.iter().map(|one| change(one, places)).collect::<Vec<_>>(),
    })
}

fn change(change: &Change, places: &Places<'_>) -> Json {
    let client = |(consumer, api): &(_, Api)| {
        json!({
            "consumer": consumer_name(*consumer),
            "api": api_json(*api),
        })
    };
    json!({
        "verdict": change.verdict.name(),
        "clients": change.clients.iter().map(client).collect::<Vec<_>>(),
        "connection": if change.sentinels { "sentinels" } else { "server" },
        "aspect": aspect_name(change.aspect),
        "setting": change.setting,
        "before": side(&change.before, places),
        "after": side(&change.after, places),
        "consequence": change.consequence,
        "advice": change.advice,
        "cause": cause(&change.cause),
    })
}

fn side(side: &Side, places: &Places<'_>) -> Json {
    json!({
        "value": side.text,
        "origin": (!side.origin.is_empty()).then_some(&side.origin),
        "location": location_json(side.at, places),
    })
}

fn cause(cause: &Cause) -> Json {
    json!({
        "upgrade": match cause.upgrade {
            Upgrade::LiteLlm => "litellm",
            Upgrade::RedisPy => "redis-py",
            Upgrade::Files => "files",
            Upgrade::Either => "either",
            Upgrade::Both => "both",
        },
        "since": cause.since.map(|version| version.to_string()),
        "why": cause.why,
    })
}

fn aspect_name(aspect: Aspect) -> String {
    aspect.name().to_ascii_lowercase().replace(' ', "-")
}
