//! Whether a key would have an effect where it could be written: each one is simulated there.

use std::ops::Range;
use std::sync::Arc;

use base::source::{Source, SourceId, Span};
use deployment::manifest;
use facts::catalogue::{self, Field, Kind, Reach, Section};
use python::{Data, Dict, Entry, Origin, Value};
use simulate::simulate;
use simulate::trace::{DropReason, Event};
use yaml::Document;

use super::File;
use super::completion::{Completion, CompletionKind};

/// A longer text is not simulated for each key: someone is waiting for the list.
const LONGEST: usize = 200_000;

/// Why a key reaches no client at all.
const REASONS: [DropReason; 9] = [
    DropReason::UrlTakesNoSettings,
    DropReason::UrlReplacesTarget,
    DropReason::ClusterReplacesTarget,
    DropReason::ClusterClientDropsIt,
    DropReason::NotForSentinel,
    DropReason::CacheSwallowsIt,
    DropReason::NotForThisCacheType,
    DropReason::IamReplacesPassword,
    DropReason::SectionNotKnown,
];

/// Marks the keys of a section that LiteLLM would drop, were they written in place of `range`.
/// Where the text can't be read even with a key there, nothing is marked.
pub(super) fn mark(
    file: &File<'_>,
    range: &Range<usize>,
    section: Section,
    items: &mut [Completion],
) {
    let text = file.report.text(file.source);
    let simple = |item: &&Completion| {
        item.kind == CompletionKind::Key && item.insert[..item.cursor].ends_with(": ")
    };
    let Some(probe) = items.iter().find(simple).filter(|_| text.len() < LONGEST) else {
        return;
    };
    let value = format!("1{}", &probe.insert[probe.cursor..]);
    let whole = [&text[..range.start], &probe.insert[..probe.cursor], &value, &text[range.end..]];
    let source = Source {
        id: SourceId::CONFIG,
        name: file.report.name(file.source).to_owned(),
        text: whole.concat(),
    };
    let Ok(document) = manifest::read_config(&source, None).document else { return };
    let path: Vec<&str> = section.path().split('.').collect();
    let probe = probe.label.clone();
    let Some(place) = find(&document.root, &path, &probe).and_then(|entry| entry.value.span())
    else {
        return;
    };
    let cache_type = find(&document.root, &path, "type").and_then(|entry| entry.value.as_str());
    if section == Section::CacheParams && cache_type.is_none() {
        // It comes first; what the others do depends on it.
        if let Some(at) = items.iter().position(|item| item.label == "type") {
            items[..=at].rotate_right(1);
        }
        return;
    }
    for item in items {
        let Some(field) = catalogue::find(&item.label, section) else { continue };
        if cache_type.is_some_and(|cache_type| !is_for(field.reach, cache_type)) {
            item.mark = Some("no effect here");
            continue;
        }
        let candidate = Candidate { field, probe: &probe, place };
        let root = candidate.written(&document.root, &path);
        let outcome = simulate(&Ok(Document { root }), &file.report.environment, file.report.pair);
        if item.mark.is_none() && candidate.is_lost(&outcome.trace) {
            item.mark = Some("no effect here");
        }
    }
}

/// Whether a cache of a type has what a field has an effect on. A reference to a variable may be any
/// type.
fn is_for(reach: Reach, cache_type: &str) -> bool {
    match reach {
        Reach::Litellm => true,
        Reach::CacheTypes(types) => types.contains(&cache_type) || cache_type.contains('/'),
        _ => {
            cache_type.contains("redis")
                || cache_type.contains("valkey")
                || cache_type.contains('/')
        }
    }
}

fn find<'v>(root: &'v Value, path: &[&str], name: &str) -> Option<&'v Entry> {
    let section = path.iter().try_fold(root, |value, name| value.as_dict()?.get(name))?;
    section.as_dict()?.entry(name)
}

/// A field that takes the place of the probe.
struct Candidate<'a> {
    field: &'static Field,
    probe: &'a str,
    place: Span,
}

impl Candidate<'_> {
    /// The tree with the field in the probe's place.
    fn written(&self, value: &Value, path: &[&str]) -> Value {
        let Data::Dict(dict) = &value.data else { return value.clone() };
        let origin = Origin::Config(self.place);
        let entries = dict.entries.iter().map(|entry| match path.split_first() {
            Some((name, rest)) if entry.key.as_str() == Some(name) => {
                Entry { value: self.written(&entry.value, rest), ..entry.clone() }
            }
            None if entry.key.as_str() == Some(self.probe) => Entry {
                key: Value::str(self.field.name, origin.clone()),
                value: Value::new(sample(self.field), origin.clone()),
                ..entry.clone()
            },
            _ => entry.clone(),
        });
        let dict = Dict { entries: entries.collect() };
        Value::new(Data::Dict(Arc::new(dict)), value.origin.clone())
    }

    fn is_lost(&self, trace: &[Event]) -> bool {
        let here = |origin: &Origin| origin.span() == Some(self.place);
        let whys = || {
            trace.iter().filter_map(|event| match event {
                Event::Dropped { origin, why, .. } if here(origin) => Some(*why),
                _ => None,
            })
        };
        let for_cluster = |api: DropReason| whys().any(|why| why == api);
        whys().any(|why| REASONS.contains(&why))
            || (for_cluster(DropReason::NotForSyncCluster)
                && for_cluster(DropReason::NotForAsyncCluster))
    }
}

/// A value that a field could have.
fn sample(field: &Field) -> Data {
    match field.kind {
        Kind::Bool => Data::Bool(true),
        Kind::Int => Data::Int(1.into()),
        Kind::Float => Data::Float(1.0),
        Kind::Choice(names) => Data::Str((*names.last().unwrap_or(&"x")).into()),
        Kind::Url => Data::Str("redis://x:1".into()),
        Kind::List | Kind::ListOf(_) | Kind::Nodes | Kind::Pairs => Data::List(Arc::default()),
        Kind::Map => Data::Dict(Arc::default()),
        Kind::Str | Kind::Path | Kind::Json | Kind::Object | Kind::Any => Data::Str("x".into()),
    }
}
