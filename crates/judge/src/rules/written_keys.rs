//! The keys of a config, place by place, for the rules on keys that LiteLLM does not read.

use super::{Context, misplaced_cache_settings};
use base::finding::Severity;
use facts::catalogue;
use facts::keys::Place;
use python::Entry;
use yaml::{Path, Step};

/// A key that is written.
pub(super) struct Written<'a> {
    pub(super) place: Place,
    pub(super) name: &'a str,
    pub(super) entry: &'a Entry,
}

impl Written<'_> {
    pub(super) fn path(&self) -> String {
        path(self.place, self.name)
    }
}

/// The keys of all places that the release does not read as they are, and no other rule speaks of: the Router
/// says itself what it drops.
pub(super) fn written<'a>(context: &Context<'a>) -> impl Iterator<Item = Written<'a>> {
    let unread = context.memo.unread.get_or_init(|| unread(context));
    unread.iter().filter_map(|(place, at)| {
        let entry = context.entries(place.path()).get(*at)?;
        Some(Written { place: *place, name: entry.key.as_str()?, entry })
    })
}

/// Where those keys are: the place, and the number of the entry.
fn unread(context: &Context<'_>) -> Vec<(Place, usize)> {
    let mut found = vec![];
    for place in [Place::Top, Place::Litellm, Place::General] {
        for (at, entry) in context.entries(place.path()).iter().enumerate() {
            let Some(name) = entry.key.as_str() else { continue };
            let is_read =
                place.knows(name, context.pair) && place.respelled(name, context.pair).is_none();
            if !is_read
                && !misplaced_cache_settings::speaks_of(place.path(), name)
                && !context.is_anchored(entry)
            {
                found.push((place, at));
            }
        }
    }
    found
}

/// The path of a key, however it is written.
pub(super) fn path(place: Place, name: &str) -> String {
    let section = (place != Place::Top).then(|| Step::Key(place.path().to_owned()));
    let steps = section.into_iter().chain([Step::Key(name.to_owned())]);
    Path(steps.collect()).to_string()
}

/// How bad it is that a key is not read: without a section, or without what names a Redis, much else is lost.
pub(super) fn severity(place: Place, name: &str) -> Severity {
    let redis = place.section().is_some_and(|section| catalogue::find(name, section).is_some());
    if redis || place == Place::Top { Severity::Error } else { Severity::Warning }
}
