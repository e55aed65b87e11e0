//! Whether LiteLLM starts, and which Redis serves which part of it.

use redproof_core::diagnostic::Severity;
use redproof_core::explain::Verdict;
use yew::prelude::*;

use crate::checked::{Checked, severity};

pub(crate) fn view(checked: &Checked) -> Html {
    let pair = checked.report.pair;
    let counts = checked.counts();
    let worst = counts.iter().find(|(_, count)| *count > 0).map(|(severity, _)| *severity);
    let (tone, headline) = match (&checked.explanation.startup, worst) {
        (Verdict::Stops { .. }, _) => ("error", "LiteLLM does not start"),
        (Verdict::Unknown(_), _) => ("warning", "Whether LiteLLM starts can't be known"),
        (Verdict::Starts, Some(Severity::Error)) => ("error", "LiteLLM starts, but not as meant"),
        (Verdict::Starts, Some(Severity::Warning)) => ("warning", "LiteLLM starts, with care"),
        (Verdict::Starts, _) => ("good", "LiteLLM starts"),
    };
    html! {
        <div class={classes!("verdict", tone)} role="status">
            <p class="headline">{ headline }</p>
            <p class="pair">
                { format!("LiteLLM {} on redis-py {}", pair.litellm, pair.redis_py) }
                { for counts.iter().filter(|(_, count)| *count > 0).map(|(level, count)| html! {
                    <span class={classes!("tally", severity(*level))}>{ tally(*level, *count) }</span>
                }) }
            </p>
            { for checked.pair_note().map(|note| html! { <p class="note">{ note }</p> }) }
            { details(&checked.explanation.startup) }
            <dl class="roles">
                { for checked.explanation.roles.iter().map(|(part, role)| html! {
                    <div><dt>{ *part }</dt><dd>{ role }</dd></div>
                }) }
            </dl>
            { for checked.report.notes.iter().map(|note| {
                let place = note.span.and_then(|span| checked.place(span));
                html! {
                    <p class="note">
                        { for place.map(|place| html! { <span class="place">{ place }</span> }) }
                        { format!(" {}.", note.text) }
                    </p>
                }
            }) }
        </div>
    }
}

fn details(startup: &Verdict) -> Html {
    match startup {
        Verdict::Starts => html! {},
        Verdict::Unknown(why) => html! { <p class="note">{ why }</p> },
        Verdict::Stops { class, message, origins } => html! {
            <>
                <pre class="exception"><code><b>{ class }</b>{ format!(": {message}") }</code></pre>
                { for (!origins.is_empty()).then(|| html! {
                    <p class="note">{ format!("From {}.", origins.join(", ")) }</p>
                }) }
            </>
        },
    }
}

/// `1 error`, `2 warnings`
fn tally(level: Severity, count: usize) -> String {
    format!("{count} {}{}", severity(level), if count == 1 { "" } else { "s" })
}
