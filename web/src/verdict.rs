//! Whether LiteLLM starts, and which Redis serves which part of it.

use redproof_core::explain::{Verdict, roles, verdict};
use redproof_core::finding::Severity;
use redproof_core::{PairOrigin, RedisPyOrigin, Report};
use redproof_desk::{Desk, View, prose};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};

/// What stands in place of a verdict while there is nothing to judge.
pub(crate) fn blank(link: &Scope<App>) -> Html {
    html! {
        <div class="verdict" role="status">
            <p class="headline">{ "Nothing to check yet" }</p>
            <p class="note">
                { "Paste LiteLLM's config.yaml, drop files anywhere on the page, choose an example, or:" }
            </p>
            <button type="button" class="fix" onclick={link.callback(|_| Msg::View(Some(View::Start)))}>
                { "Start from a form" }
            </button>
        </div>
    }
}

pub(crate) fn view(desk: &Desk) -> Html {
    let pair = desk.report.pair;
    let startup = verdict(&desk.report);
    let counts = desk.counts();
    let worst = counts.iter().find(|(_, count)| *count > 0).map(|(severity, _)| *severity);
    let (tone, headline) = match (&startup, worst) {
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
                    <span class={classes!("tally", level.name())}>{ tally(*level, *count) }</span>
                }) }
            </p>
            { for pair_note(&desk.report).map(|note| html! { <p class="note">{ note }</p> }) }
            { details(&startup) }
            <dl class="roles">
                { for roles(&desk.report).iter().map(|(part, role)| html! {
                    <div><dt>{ *part }</dt><dd>{ role }</dd></div>
                }) }
            </dl>
            { for desk.report.notes.iter().map(|note| {
                let place = note.span.and_then(|span| desk.place(span));
                html! {
                    <p class="note">
                        { for place.map(|place| html! { <span class="place">{ place }</span> }) }
                        { " " }{ prose(&format!("{}.", note.text)) }
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
    format!("{count} {}{}", level.name(), if count == 1 { "" } else { "s" })
}

/// Why these releases, in words, unless they were asked for.
fn pair_note(report: &Report) -> Option<String> {
    let litellm = report.pair.litellm;
    match &report.pair_origin {
        PairOrigin::Asked | PairOrigin::Newest => {
            let assumed = report.redis_py_origin == RedisPyOrigin::Assumed;
            let redis_py = report.pair.redis_py;
            assumed.then(|| {
                format!("redis-py {redis_py} is assumed; Upgrade shows what another one does")
            })
        }
        PairOrigin::Image(name) => Some(format!("LiteLLM {litellm}, from the image {name}")),
        PairOrigin::Lock(place) => Some(format!("LiteLLM {litellm}, from {place}")),
        PairOrigin::UnsupportedImage(name) => Some(format!(
            "the image {name} is of a release that Redproof does not know: checked as LiteLLM {litellm}"
        )),
    }
}
