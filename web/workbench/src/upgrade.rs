//! What an upgrade changes: another pair of releases beside the one that is checked.

use redproof_core::compare::{Change, Detour, Side, Verdict};
use redproof_core::finding::Finding;
use redproof_core::outcome::Startup;
use redproof_core::releases::defects::Defect;
use redproof_core::releases::{Pair, Version};
use redproof_core::{Comparison, compare};
use redproof_desk::{prose, releases};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::view::{ViewProps, place};

#[component]
pub(crate) fn Upgrade(props: &ViewProps) -> Html {
    // Empty for the newest, and for what its image ships.
    let (litellm, redis_py) = (use_state(String::new), use_state(String::new));
    let compared = use_memo(
        (props.clone(), (*litellm).clone(), (*redis_py).clone()),
        |(ViewProps { desk }, litellm, redis_py)| {
            let to = releases(litellm, redis_py)?;
            Ok::<_, String>(desk.texts.with_input(desk.now, |input| compare(input, to)))
        },
    );
    html! {
        <>
            <h2>{ "Upgrade" }</h2>
            <p class="note">{ "What other releases would change for this configuration." }</p>
            <div class="choices">
                { choice("to LiteLLM", &litellm, "newest", Pair::litellm_releases()) }
                { choice("redis-py", &redis_py, "as its image has it", Pair::redis_py_releases()) }
            </div>
            <div class="comparison" role="status">
                { match &*compared {
                    Ok(comparison) => view(comparison, &redis_py),
                    Err(why) => html! { <p class="empty">{ why.clone() }</p> },
                } }
            </div>
        </>
    }
}

/// A choice of releases, newest first after the automatic one.
fn choice(
    label: &'static str,
    chosen: &UseStateHandle<String>,
    automatic: &'static str,
    all: &[Version],
) -> Html {
    let set = chosen.clone();
    let onchange = move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            set.set(select.value());
        }
    };
    html! {
        <label class="choice">
            <span>{ label }</span>
            <select {onchange}>
                <option value="" selected={chosen.is_empty()}>{ format!("Auto: {automatic}") }</option>
                { for all.iter().rev().map(|release| {
                    let release = release.to_string();
                    html! {
                        <option value={release.clone()} selected={**chosen == release}>{ release }</option>
                    }
                }) }
            </select>
        </label>
    }
}

/// What to do where there is nothing to compare.
fn same(pair: Pair, redis_py: &UseStateHandle<String>) -> Html {
    let newest = Pair::redis_py_releases().last().filter(|newest| **newest != pair.redis_py);
    html! {
        <>
            <p class="empty">
                { format!("{} is what is checked already. ", named(pair)) }
                { "To see what an upgrade changes, choose at the top the releases that you run today." }
            </p>
            { for newest.map(|newest| {
                let (set, newest) = (redis_py.clone(), newest.to_string());
                let words = format!("Compare with redis-py {newest}");
                let onclick = move |_: MouseEvent| set.set(newest.clone());
                html! { <button type="button" class="fix" {onclick}>{ words }</button> }
            }) }
        </>
    }
}

fn view(comparison: &Comparison, redis_py: &UseStateHandle<String>) -> Html {
    if comparison.from.pair == comparison.to.pair {
        return same(comparison.from.pair, redis_py);
    }
    let stops = match &comparison.to.outcome.startup {
        Startup::Exception(exception) if comparison.starts_on_neither() => {
            let said = exception.to_string();
            Some(comparison.to.redaction.clean_text(&said))
        }
        _ => None,
    };
    let same = |one: &Change, next: &Change| one.heading() == next.heading();
    html! {
        <>
            { conclusion(comparison) }
            { for stops.map(|said| html! { <pre class="exception"><code>{ said }</code></pre> }) }
            { for comparison.changes.chunk_by(same).map(|group| html! {
                <>
                    <h3 class="change-group">{ group[0].heading() }</h3>
                    <ol class="changes">
                        { for group.iter().map(|one| change(comparison, one)) }
                    </ol>
                </>
            }) }
            { findings("Problems that appear", &comparison.appear) }
            { findings("Problems that vanish", &comparison.vanish) }
            { defects("Known defects that come in", &comparison.enter, "warning") }
            { defects("Known defects that go", &comparison.leave, "good") }
            { for comparison.detours.iter().map(|one| detour(comparison, one)) }
        </>
    }
}

fn conclusion(comparison: &Comparison) -> Html {
    let tone = match comparison.verdict() {
        _ if comparison.starts_on_neither() => "error",
        Some(Verdict::Breaks | Verdict::Weakens) => "error",
        _ => "good",
    };
    let tallies = [Verdict::Breaks, Verdict::Weakens, Verdict::Changes, Verdict::Improves];
    let tallies = tallies.map(|verdict| (verdict, comparison.count(verdict)));
    let pairs = format!("{} → {}", named(comparison.from.pair), named(comparison.to.pair));
    html! {
        <div class={classes!("conclusion", tone)}>
            <p class="headline">{ prose(&format!("{}.", comparison.conclusion())) }</p>
            <p class="pair">
                { pairs }
                { for tallies.iter().filter(|(_, count)| *count > 0).map(|(verdict, count)| html! {
                    <span class={classes!("tally", tone_of(*verdict))}>
                        { format!("{count} {}", verdict.name()) }
                    </span>
                }) }
            </p>
        </div>
    }
}

fn named(pair: Pair) -> String {
    format!("LiteLLM {} on redis-py {}", pair.litellm, pair.redis_py)
}

fn change(comparison: &Comparison, change: &Change) -> Html {
    let tone = tone_of(change.verdict);
    html! {
        <li class={classes!("change", tone)}>
            <p class="change-head">
                <span class={classes!("severity", tone)}>{ change.verdict.name() }</span>
                <b>{ change.title() }</b>
            </p>
            <div class="sides">
                { side("today", &change.before) }
                { side("then", &change.after) }
            </div>
            <p class="message">{ prose(&change.consequence) }</p>
            <p class="related">{ prose(&comparison.why(&change.cause)) }</p>
            { for change.advice.iter().map(|advice| html! { <p class="help">{ prose(advice) }</p> }) }
        </li>
    }
}

fn side(label: &'static str, side: &Side) -> Html {
    let at = side.at.filter(|_| !side.origin.is_empty());
    html! {
        <div class="side">
            <span class="side-label">{ label }</span>
            <span class="value">{ side.text.clone() }</span>
            <span class="origin">{ place(at, &side.origin) }</span>
        </div>
    }
}

fn findings(title: &'static str, found: &[Finding]) -> Html {
    if found.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3 class="change-group">{ title }</h3>
            <ul class="finding-list">
                { for found.iter().map(|one| {
                    let level = one.severity.name();
                    html! {
                        <li>
                            <span class={classes!("severity", level)}>{ level }</span>
                            <a
                                class="finding-code"
                                href={format!("docs/rules/{}.html", one.code)}
                                target="_blank"
                                rel="noopener"
                            >{ one.code }</a>
                            { place(one.primary.span, one.rule) }
                            <p class="message">{ prose(&one.message) }</p>
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}

fn defects(title: &'static str, found: &[&'static Defect], tone: &'static str) -> Html {
    if found.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3 class="change-group">{ title }</h3>
            <ul class="finding-list">
                { for found.iter().map(|one| {
                    let depends = one.depends.map(|depends| format!("If {depends}: "));
                    let happens = format!("{}{}", depends.unwrap_or_default(), one.happens);
                    html! {
                        <li>
                            <span class={classes!("severity", tone)}>{ one.id }</span>
                            { for one.references.first().map(|seen| html! {
                                <a
                                    class="finding-code"
                                    href={seen.url()}
                                    target="_blank"
                                    rel="noopener"
                                >{ seen.to_string() }</a>
                            }) }
                            <b>{ one.name }</b>
                            <p class="message">{ prose(&happens) }</p>
                            if tone != "good" {
                                <p class="help">{ prose(one.cure) }</p>
                            }
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}

fn detour(comparison: &Comparison, detour: &Detour) -> Html {
    let litellm_first = detour.pair.litellm == comparison.to.pair.litellm;
    let first = if litellm_first { "LiteLLM" } else { "redis-py" };
    html! {
        <>
            <h3 class="change-group">{ format!("If {first} goes first: {}", named(detour.pair)) }</h3>
            <ul class="finding-list">
                { for detour.changes.iter().map(|one| {
                    let tone = tone_of(one.verdict);
                    let sides =
                        format!("{} → {} ({})", one.before.text, one.after.text, one.heading());
                    html! {
                        <li>
                            <span class={classes!("severity", tone)}>{ one.verdict.name() }</span>
                            <b>{ one.aspect.name() }</b>
                            <p class="message">{ sides }</p>
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}

/// The page's colours go by severity.
fn tone_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaks => "error",
        Verdict::Weakens => "warning",
        Verdict::Changes => "hint",
        Verdict::Improves => "good",
    }
}
