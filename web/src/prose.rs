//! Sentences as the page shows them.

use yew::prelude::*;

/// A sentence, what is between backticks as code.
pub(crate) fn prose(text: &str) -> Html {
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 {
            html! { <code>{ part }</code> }
        } else {
            html! { part }
        }
    };
    text.split('`').enumerate().map(part).collect()
}
