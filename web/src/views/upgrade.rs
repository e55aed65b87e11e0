//! What an upgrade changes: another pair of releases beside the one that is checked.

use std::rc::Rc;

use redproof_messages::{Answer, Ask, Change, Defect, Found, Releases, Side, Stop};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::ViewProps;
use crate::app::Msg;
use crate::engine::use_answer;
use crate::header::ReleaseOptions;
use crate::host::Host;
use crate::prose::prose;

#[component]
pub(crate) fn Upgrade(props: &ViewProps) -> Html {
    let host = &props.host;
    // Empty for the newest, and for what its image ships.
    let (litellm, redis_py) = (use_state(String::new), use_state(String::new));
    let releases = use_answer(
        &host.engine,
        (),
        |()| Ask::Releases,
        |answer| if let Answer::Releases(releases) = answer { Some(releases) } else { None },
    );
    let compared = use_answer(
        &host.engine,
        (props.revision, (*litellm).clone(), (*redis_py).clone()),
        |(_, litellm, redis_py)| Ask::Upgrade {
            litellm: litellm.clone(),
            redis_py: redis_py.clone(),
        },
        |answer| if let Answer::Upgrade(upgrade) = answer { Some(upgrade) } else { None },
    );
    let releases = releases.unwrap_or_default();
    html! {
        <>
            <h2>{ "Upgrade" }</h2>
            <p class="note">{ "What other releases would change for this configuration." }</p>
            <div class="choices">
                { choice("to LiteLLM", &litellm, "newest", &releases, true) }
                { choice("redis-py", &redis_py, "from its image", &releases, false) }
            </div>
            <div class="comparison" role="status">
                { match compared.as_deref() {
                    None => super::waiting(),
                    Some(Ok(upgrade)) => view(upgrade, &redis_py, host),
                    Some(Err(why)) => html! { <p class="empty">{ why.clone() }</p> },
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
    all: &Rc<Releases>,
    litellm: bool,
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
                <ReleaseOptions asked={(**chosen).clone()} current={automatic} all={Rc::clone(all)} {litellm} />
            </select>
        </label>
    }
}

/// What to do where there is nothing to compare.
fn same(pair: &str, newest: Option<&String>, redis_py: &UseStateHandle<String>) -> Html {
    html! {
        <>
            <p class="empty">
                { format!("You are checking {pair} already. ") }
                { "To see what an upgrade changes, choose the releases that you run today at the top." }
            </p>
            { for newest.map(|newest| {
                let (set, newest) = (redis_py.clone(), newest.clone());
                let words = format!("Compare with redis-py {newest}");
                let onclick = move |_: MouseEvent| set.set(newest.clone());
                html! { <button type="button" class="fix" {onclick}>{ words }</button> }
            }) }
        </>
    }
}

fn view(
    upgrade: &redproof_messages::Upgrade,
    redis_py: &UseStateHandle<String>,
    host: &Host,
) -> Html {
    if let Some(newest) = &upgrade.same {
        return same(&upgrade.from, newest.as_ref(), redis_py);
    }
    let labels = if upgrade.instead.is_some() { ["before", "now"] } else { ["today", "then"] };
    html! {
        <>
            { for upgrade.instead.iter().map(|words| html! { <p class="note instead">{ words }</p> }) }
            { conclusion(upgrade, host) }
            { for upgrade.stops.iter().map(|said| html! { <pre class="exception"><code>{ said }</code></pre> }) }
            { for upgrade.groups.iter().map(|(heading, changes)| html! {
                <>
                    <h3 class="change-group">{ heading }</h3>
                    <ol class="changes">
                        { for changes.iter().map(|one| change(one, labels, host)) }
                    </ol>
                </>
            }) }
            { for upgrade.findings.iter().map(|(heading, found)| {
                list(heading, found.iter().map(|one| finding(one, host)))
            }) }
            { for upgrade.defects.iter().map(|(heading, all)| list(heading, all.iter().map(defect))) }
            { for upgrade.detours.iter().map(|(heading, all)| list(heading, all.iter().map(stop))) }
        </>
    }
}

fn conclusion(upgrade: &redproof_messages::Upgrade, host: &Host) -> Html {
    let (tone, words) = &upgrade.conclusion;
    let (litellm, redis_py) = upgrade.other.clone();
    let check_on = format!("Check on LiteLLM {litellm}");
    let check = host.link.batch_callback(move |_: MouseEvent| {
        vec![Msg::Pair(litellm.clone(), redis_py.clone()), Msg::View(None)]
    });
    html! {
        <div class={classes!("conclusion", tone.name())}>
            <p class="headline">{ prose(words) }</p>
            <p class="pair">
                { format!("{} → {}", upgrade.from, upgrade.to) }
                { for upgrade.tallies.iter().map(|(tone, words)| html! {
                    <span class={classes!("tally", tone.name())}>{ words }</span>
                }) }
            </p>
            <button type="button" class="fix check-on" onclick={check}>{ check_on }</button>
        </div>
    }
}

/// What the two sides of a change are called: of an upgrade that is behind, or of one that may come.
type Labels = [&'static str; 2];

fn change(change: &Change, labels: Labels, host: &Host) -> Html {
    let (tone, verdict) = &change.verdict;
    html! {
        <li class={classes!("change", tone.name())}>
            <p class="change-head">
                <span class={classes!("severity", tone.name())}>{ verdict }</span>
                <b>{ &change.title }</b>
            </p>
            <div class="sides">
                { side(labels[0], &change.before, host) }
                { side(labels[1], &change.after, host) }
            </div>
            <p class="message">{ prose(&change.consequence) }</p>
            <p class="related">{ prose(&change.why) }</p>
            { for change.advice.iter().map(|advice| html! { <p class="help">{ prose(advice) }</p> }) }
        </li>
    }
}

fn side(label: &'static str, side: &Side, host: &Host) -> Html {
    html! {
        <div class="side">
            <span class="side-label">{ label }</span>
            <span class="value">{ &side.text }</span>
            <span class="origin">{ host.place(side.at.as_ref(), &side.origin) }</span>
        </div>
    }
}

fn list(heading: &str, items: impl Iterator<Item = Html>) -> Html {
    html! {
        <>
            <h3 class="change-group">{ heading }</h3>
            <ul class="finding-list">{ for items }</ul>
        </>
    }
}

fn finding(one: &Found, host: &Host) -> Html {
    let level = one.severity.name();
    html! {
        <li>
            <span class={classes!("severity", level)}>{ level }</span>
            <a
                class="finding-code"
                href={format!("docs/rules/{}.html", one.code)}
                target="_blank"
                rel="noopener"
            >{ &one.code }</a>
            { host.place(one.at.as_ref(), &one.rule) }
            <p class="message">{ prose(&one.message) }</p>
        </li>
    }
}

fn defect(one: &Defect) -> Html {
    html! {
        <li>
            <span class={classes!("severity", one.tone.name())}>{ &one.id }</span>
            { for one.seen.iter().map(|(name, address)| html! {
                <a class="finding-code" href={address.clone()} target="_blank" rel="noopener">{ name }</a>
            }) }
            <b>{ &one.name }</b>
            <p class="message">{ prose(&one.happens) }</p>
            { for one.cure.iter().map(|cure| html! { <p class="help">{ prose(cure) }</p> }) }
        </li>
    }
}

fn stop(one: &Stop) -> Html {
    let (tone, verdict) = &one.verdict;
    html! {
        <li>
            <span class={classes!("severity", tone.name())}>{ verdict }</span>
            <b>{ &one.aspect }</b>
            <p class="message">{ &one.sides }</p>
        </li>
    }
}
