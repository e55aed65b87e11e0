//! Sentences as the page shows them.

use yew::prelude::*;

/// A sentence, what stands between backticks as code.
pub fn prose(text: &str) -> Html {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| {
            if at % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                html! { part }
            }
        })
        .collect()
}
