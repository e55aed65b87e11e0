//! The findings, as a list: each leads to its place, and to its fix.

use redproof_core::finding::{Finding, Safety};
use redproof_core::offered;
use redproof_core::source::{SourceId, Span};
use redproof_desk::{Desk, prose};
use yew::prelude::*;

use crate::bridge;

pub(crate) fn view(desk: &Desk, on_follow: &Callback<Span>, on_fix: &Callback<usize>) -> Html {
    let found = &desk.report.diagnostics;
    // The worst first; among equals, in the order of the text.
    let mut listed = vec![];
    for (severity, _) in desk.counts() {
        for (id, diagnostic) in found.iter().enumerate() {
            if diagnostic.severity == severity {
                listed.push(problem(desk, id, diagnostic, on_follow, on_fix));
            }
        }
    }
    let safe = found.iter().filter(|found| is_mended_at_once(desk, found)).count();
    html! {
        <section class="problems" aria-labelledby="problems-title">
            <h2 id="problems-title">
                { "Problems" }<span class="count">{ found.len() }</span>
            </h2>
            if safe > 1 {
                <button
                    type="button"
                    class="fix"
                    title="Ctrl Shift ."
                    onclick={|_| bridge::fix_all()}
                >{ "Fix all (" }{ safe }{ ")" }</button>
            }
            if found.is_empty() {
                <p class="empty">{ "Nothing to report." }</p>
            } else {
                <ol>
                    { listed }
                </ol>
            }
        </section>
    }
}

/// Whether "Fix all" mends it: without a guess, and in the config alone.
fn is_mended_at_once(desk: &Desk, found: &Finding) -> bool {
    offered(&desk.report, found).is_some_and(|fix| {
        fix.safety == Safety::Safe
            && fix.edits.iter().all(|edit| edit.span.source == SourceId::CONFIG)
    })
}

fn problem(
    desk: &Desk,
    id: usize,
    diagnostic: &Finding,
    on_follow: &Callback<Span>,
    on_fix: &Callback<usize>,
) -> Html {
    let level = diagnostic.severity.name();
    let related = diagnostic.related.iter().map(|label| {
        html! {
            <p class="related">
                { place(desk, label.span, on_follow) }{ " " }{ prose(&label.text) }
            </p>
        }
    });
    let fix = offered(&desk.report, diagnostic).map(|fix| {
        let onclick = on_fix.reform(move |_: MouseEvent| id);
        let guess = fix.safety == Safety::Unsafe;
        let effects: Vec<String> = fix.effects.iter().map(ToString::to_string).collect();
        let effects = effects.join("\n");
        html! {
            <button type="button" class="fix" {onclick} title={effects}>
                { prose(&fix.title) }
                if guess { <span class="guess">{ "a guess" }</span> }
            </button>
        }
    });
    html! {
        <li class={classes!("problem", level)} key={id}>
            <div class="problem-head">
                <span class={classes!("severity", level)}>{ level }</span>
                // Another tab: this one holds the user's text.
                <a
                    class="finding-code"
                    href={format!("docs/rules/{}.html", diagnostic.code)}
                    target="_blank"
                    rel="noopener"
                    title={diagnostic.rule}
                >{ diagnostic.code }</a>
                { place(desk, diagnostic.primary.span, on_follow) }
            </div>
            <p class="message">{ prose(&diagnostic.message) }</p>
            { for related }
            { for diagnostic.help.as_deref().map(|help| html! { <p class="help">{ prose(help) }</p> }) }
            { for fix }
        </li>
    }
}

/// A place that leads there.
fn place(desk: &Desk, span: Option<Span>, on_follow: &Callback<Span>) -> Html {
    let Some((span, name)) = span.and_then(|span| Some((span, desk.place(span)?))) else {
        return html! {};
    };
    let onclick = on_follow.reform(move |_: MouseEvent| span);
    html! { <button type="button" class="place" {onclick}>{ name }</button> }
}
