//! Markdown as mdBook reads it.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser};

/// What is in a text, each with its place.
pub(crate) fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter()
}

/// The words of an event, without their markup.
pub(crate) fn plain(event: Event<'_>) -> Option<CowStr<'_>> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak => Some(" ".into()),
        _ => None,
    }
}
