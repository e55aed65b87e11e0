//! Keys and variables that other releases know, and this one does not.

use facts::catalogue::{self, Field, Section};
use facts::{Pair, ReleaseRange, Software};

/// Which releases know a key of the section at this path; `None` where the pair does, or none.
pub(super) fn of_key(section: &str, name: &str, pair: Pair) -> Option<String> {
    let field = catalogue::find(name, Section::at(section)?)?;
    if field.is_proxys_own() { None } else { of_field(field, pair) }
}

/// Which releases know a field; `None` where the pair does.
pub(super) fn of_field(field: &Field, pair: Pair) -> Option<String> {
    in_words(field.releases(), pair)
}

/// One sentence; `None` where the pair is one of the range.
pub(super) fn in_words(range: ReleaseRange, pair: Pair) -> Option<String> {
    let release = match range.software {
        Software::Litellm => pair.litellm,
        Software::RedisPy => pair.redis_py,
    };
    let name = range.software.name();
    if let (Some(since), Some(until)) = (range.since, range.until)
        && !(since..=until).contains(&release)
    {
        return Some(format!("{name} {release} does not know it, {name} {since} to {until} do."));
    }
    let (other, side) = match (range.since, range.until) {
        (Some(since), _) if release < since => (since, "newer"),
        (_, Some(until)) if release > until => (until, "older"),
        _ => return None,
    };
    Some(format!("{name} {release} does not know it, {name} {other} and {side} do."))
}
