//! The findings, as a list: each leads to its place, and to its fix.

use redproof_messages::{Checked, DiffLine, Finding, Preview};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::host::Host;
use crate::keys::named;
use crate::prose::prose;

/// The list; `filter` is the chip of the verdict whose problems alone are shown.
pub(crate) fn view(
    checked: &Checked,
    filter: Option<usize>,
    preview: Option<&(usize, Preview)>,
    host: &Host,
    link: &Scope<App>,
) -> Html {
    let found = &checked.findings;
    let safe = found.iter().filter(|found| found.fix.as_ref().is_some_and(|fix| fix.at_once));
    let safe = safe.count();
    let chip = filter.and_then(|at| checked.verdict.chips.get(at));
    let is_shown = |at: &usize| chip.is_none_or(|chip| chip.findings.contains(at));
    let shown = (0..found.len()).filter(is_shown).count();
    let count = match chip {
        Some(_) => format!("{shown} of {}", found.len()),
        None => found.len().to_string(),
    };
    html! {
        <section id="problems" class="problems" aria-labelledby="problems-title" tabindex="-1">
            <div class="problems-head">
                <h2 id="problems-title">
                    { "Problems" }<span class="count">{ count }</span>
                </h2>
                { for chip.map(|chip| html! {
                    <button
                        type="button"
                        class="quiet show-all"
                        onclick={link.callback(|_: MouseEvent| Msg::Filter(None))}
                    >{ format!("About {}. Show all", chip.name) }</button>
                }) }
                <button
                    type="button"
                    class="quiet"
                    onclick={link.callback(|_: MouseEvent| Msg::CopyReport)}
                >{ "Copy report" }</button>
                if safe > 1 {
                    <button
                        type="button"
                        class="fix fix-all"
                        title={named("Ctrl Shift .")}
                        onclick={link.callback(|_: MouseEvent| Msg::FixAll)}
                    >{ format!("Fix all ({safe})") }</button>
                }
            </div>
            if found.is_empty() {
                <p class="empty">{ "No problems found." }</p>
            } else if shown == 0 {
                <p class="empty">{ "No problems about this." }</p>
            } else {
                <ol>
                    { for found.iter().enumerate().filter(|(at, _)| is_shown(at)).map(|(at, one)| {
                        let shown = preview.filter(|(of, _)| *of == at).map(|(_, preview)| preview);
                        problem(at, one, shown, host, link)
                    }) }
                </ol>
            }
        </section>
    }
}

fn problem(
    at: usize,
    found: &Finding,
    preview: Option<&Preview>,
    host: &Host,
    link: &Scope<App>,
) -> Html {
    let level = found.severity.name();
    let place = |at: &Option<redproof_messages::At>| {
        at.as_ref().map(|at| host.place(Some(at), &at.name)).unwrap_or_default()
    };
    let fix = found.fix.as_ref().map(|fix| {
        let onclick = link.callback(move |_: MouseEvent| Msg::Fix(at));
        let shown = preview.is_some();
        let show = link.callback(move |_: MouseEvent| Msg::Preview((!shown).then_some(at)));
        html! {
            <>
                <button type="button" class="fix" {onclick}>
                    { prose(&fix.title) }
                    if fix.guess { <span class="guess">{ "Needs your decision" }</span> }
                </button>
                <button
                    type="button"
                    class="quiet preview-it"
                    aria-expanded={if shown { "true" } else { "false" }}
                    onclick={show}
                >{ if shown { "Hide what it changes" } else { "What it changes" } }</button>
                { for preview.map(before_it_is_made) }
                { for (!fix.effects.is_empty()).then(|| html! {
                    <ul class="effects" aria-label="What the fix changes">
                        { for fix.effects.iter().map(|effect| html! { <li>{ effect }</li> }) }
                    </ul>
                }) }
            </>
        }
    });
    html! {
        <li class={classes!("problem", level)} key={at} id={id(at)} tabindex="-1">
            <div class="problem-head">
                <span class={classes!("severity", level)}>{ level }</span>
                // Another tab: this one holds the user's text.
                <a
                    class="finding-code"
                    href={format!("docs/rules/{}.html", found.code)}
                    target="_blank"
                    rel="noopener"
                    title={found.rule.clone()}
                >{ &found.code }</a>
                { place(&found.at) }
            </div>
            <p class="message">{ prose(&found.message) }</p>
            { for found.related.iter().map(|note| html! {
                <p class="related">{ place(&note.at) }{ " " }{ prose(&note.text) }</p>
            }) }
            { for found.help.as_deref().map(|help| html! { <p class="help">{ prose(help) }</p> }) }
            { for fix }
        </li>
    }
}

/// Where a finding is on the page.
pub(crate) fn id(at: usize) -> String {
    format!("problem-{}", at + 1)
}

/// What a fix changes, in the text and for LiteLLM.
fn before_it_is_made(preview: &Preview) -> Html {
    let line = |one: &DiffLine| {
        let (class, sign) = if one.added { ("added", "+") } else { ("removed", "-") };
        html! {
            <div {class}>
                <span class="where">{ &one.place }</span>
                { format!("{sign} {}", one.text) }
            </div>
        }
    };
    let (before, after) = preview.problems;
    html! {
        <div class="preview" role="status">
            <pre class="diff" tabindex="0">{ for preview.lines.iter().map(line) }</pre>
            if preview.more > 0 {
                <p class="note">{ format!("and {} more lines", preview.more) }</p>
            }
            <p>
                { "Then: " }
                <b class={preview.tone.name()}>{ &preview.headline }</b>
                { format!(". Problems: {before} → {after}. The map above shows the connections then.") }
            </p>
        </div>
    }
}
