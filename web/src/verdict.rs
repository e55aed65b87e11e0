//! Whether LiteLLM starts, what that costs, and which Redis serves which part of it.

use redproof_messages::{Checked, Chip, Finding, Tone};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;
use crate::host::Host;
use crate::prose::prose;
use crate::views::View;

/// What is in place of a verdict while there is nothing to judge.
pub(crate) fn blank(link: &Scope<App>) -> Html {
    html! {
        <div class="verdict">
            <p class="headline" role="status">{ "Nothing to check yet" }</p>
            <p class="note">
                { "Paste LiteLLM's config.yaml, drop files anywhere on the page, choose an example, or:" }
            </p>
            <button type="button" class="fix" onclick={link.callback(|_| Msg::View(Some(View::Start)))}>
                { "Start from a form" }
            </button>
        </div>
    }
}

/// The verdict; `filter` is the chip whose problems alone are shown.
pub(crate) fn view(
    checked: &Checked,
    filter: Option<usize>,
    host: &Host,
    link: &Scope<App>,
) -> Html {
    let verdict = &checked.verdict;
    html! {
        <div class={classes!("verdict", verdict.tone.name())}>
            <p class="headline" role="status">{ &verdict.headline }</p>
            { for verdict.exception.iter().map(|(class, message)| html! {
                <pre class="exception"><code><b>{ class }</b>{ format!(": {message}") }</code></pre>
            }) }
            { for (!verdict.origins.is_empty()).then(|| html! {
                <p class="note">{ format!("From {}.", verdict.origins.join(", ")) }</p>
            }) }
            { for verdict.unknown.iter().map(|why| html! { <p class="note">{ why }</p> }) }
            { for costs(checked).map(|(at, found)| cost(at, found, link)) }
            <div class="chips" role="group" aria-label="What holds, and what is about it">
                { for verdict.chips.iter().enumerate().map(|(at, one)| chip(at, one, filter == Some(at), link)) }
            </div>
            <p class="pair">
                <span>{ format!("LiteLLM {} on redis-py {}", checked.litellm, checked.redis_py) }</span>
                { for tallies(checked).map(|(tone, words)| html! {
                    <span class={classes!("tally", tone.name())}>{ words }</span>
                }) }
                { for checked.pair_note.iter().map(|note| html! { <span>{ note }</span> }) }
            </p>
            { for checked.runs.iter().filter(|one| one.chosen && one.runs).map(|one| html! {
                <p class="note runs-it" title={one.link.clone()}>{ format!("{} runs it.", one.name) }</p>
            }) }
            { for checked.notes.iter().map(|note| html! {
                <p class="note">
                    { for note.at.iter().map(|at| html! {
                        <><span class="place">{ host.place(Some(at), &at.name) }</span>{ " " }</>
                    }) }
                    { prose(&format!("{}.", note.text)) }
                    if note.misses {
                        { " " }
                        <button type="button" class="place" onclick={|_| bridge::open_files()}>{ "Add files…" }</button>
                    }
                </p>
            }) }
            { for (!checked.roles.is_empty()).then(|| html! {
                <details class="roles-list">
                    <summary>{ "Which Redis serves what" }</summary>
                    <dl class="roles">
                        { for checked.roles.iter().map(|(part, role)| html! {
                            <div><dt>{ part }</dt><dd>{ role }</dd></div>
                        }) }
                    </dl>
                    <button type="button" class="quiet" onclick={link.callback(|_: MouseEvent| Msg::View(Some(View::Cache)))}>
                        { "What is cached and shared" }
                    </button>
                </details>
            }) }
        </div>
    }
}

/// The finding that costs most.
fn costs(checked: &Checked) -> Option<(usize, &Finding)> {
    let first = checked.findings.first().filter(|found| found.severity != Tone::Hint)?;
    // The exception is there already.
    checked.verdict.exception.is_none().then_some((0, first))
}

fn cost(at: usize, found: &Finding, link: &Scope<App>) -> Html {
    html! {
        <p class="cost">
            { prose(&found.message) }
            { for found.fix.iter().map(|fix| {
                let onclick = link.callback(move |_: MouseEvent| Msg::Fix(at));
                html! {
                    <button type="button" class="place fix-first" {onclick}>{ prose(&fix.title) }</button>
                }
            }) }
        </p>
    }
}

/// How many have a property: pointed at, those that lack it light up; pressed, the problems about it alone show.
fn chip(at: usize, chip: &Chip, pressed: bool, link: &Scope<App>) -> Html {
    let light = |edges: Vec<usize>| link.callback(move |_: FocusEvent| Msg::Light(edges.clone()));
    let hover = |edges: Vec<usize>| link.callback(move |_: MouseEvent| Msg::Light(edges.clone()));
    let after = if pressed { chip.edges.clone() } else { vec![] };
    html! {
        <button
            type="button"
            class={classes!("chip", chip.tone.name())}
            title="Show the connections that lack it, and the problems about it"
            aria-pressed={if pressed { "true" } else { "false" }}
            onclick={link.callback(move |_: MouseEvent| Msg::Filter(Some(at)))}
            onmouseenter={hover(chip.edges.clone())}
            onmouseleave={hover(after.clone())}
            onfocus={light(chip.edges.clone())}
            onblur={light(after)}
        >
            <b>{ &chip.name }</b>{ " " }{ &chip.count }
        </button>
    }
}

/// `1 error`, `2 warnings`
fn tallies(checked: &Checked) -> impl Iterator<Item = (Tone, String)> {
    [Tone::Error, Tone::Warning, Tone::Hint].into_iter().filter_map(|tone| {
        let count = checked.findings.iter().filter(|found| found.severity == tone).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| (tone, format!("{count} {}{plural}", tone.name())))
    })
}
