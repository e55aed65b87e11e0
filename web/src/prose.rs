//! Sentences as the page shows them.

use yew::prelude::*;

/// A sentence, what is between backticks as code. One without another is itself.
pub(crate) fn prose(text: &str) -> Html {
    let parts: Vec<&str> = text.split('`').collect();
    let pairs = (parts.len() - 1) / 2 * 2;
    let part = |(at, part): (usize, &str)| {
        if at > pairs {
            html! { { format!("`{part}") } }
        } else if at % 2 == 1 {
            html! { <code>{ part }</code> }
        } else {
            html! { part }
        }
    };
    parts.into_iter().enumerate().map(part).collect()
}
