//! A field for an error text: what it means, which of its causes apply here, and what to do.

use redproof_messages::{Answer, Ask, Cause, Diagnosis, Recognised, Tone};
use web_sys::{Element, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::app::Msg;
use crate::engine::use_answer;
use crate::host::Host;
use crate::prose::prose;

/// So much of a log is read, in bytes: what is checked anew with each key.
const MOST: usize = 1 << 20;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub host: Host,
    /// What was checked last: another one answers anew.
    pub revision: u32,
    /// An error's text that was pasted elsewhere.
    pub given: Option<AttrValue>,
}

#[component]
pub(crate) fn Diagnose(props: &Props) -> Html {
    let host = &props.host;
    let log = use_state(String::new);
    let cut = use_state(|| false);
    let take = {
        let (log, cut) = (log.clone(), cut.clone());
        move |text: &str| {
            cut.set(text.len() > MOST);
            log.set(end_of(text).to_owned());
        }
    };
    use_effect_with(props.given.clone(), {
        let take = take.clone();
        move |given| {
            if let Some(given) = given {
                take(given);
            }
        }
    });
    let answer = use_answer(
        &host.engine,
        (props.revision, (*log).clone()),
        |(_, log)| (!log.trim().is_empty()).then(|| Ask::Diagnose { log: log.clone() }),
        |answer| if let Answer::Diagnose(found) = answer { Some(found) } else { None },
    );
    // What applies here lights up, once it is known.
    use_effect_with(answer.clone(), {
        let host = host.clone();
        move |answer| {
            if let Some(cause) = answer.as_deref().and_then(first_that_applies) {
                host.link.send_message(Msg::Lit(cause.edges.clone(), cause.places.clone()));
            }
        }
    });
    // An answer comes below the field, where it may be out of sight; one to another text of the config does not.
    let below = use_node_ref();
    let answered = use_mut_ref(String::new);
    use_effect_with(answer.clone(), {
        let (below, log) = (below.clone(), (*log).clone());
        move |_| {
            if *answered.borrow() != log {
                if let Some(below) = below.cast::<Element>().filter(|_| !log.trim().is_empty()) {
                    let nearest = ScrollIntoViewOptions::new();
                    nearest.set_block(ScrollLogicalPosition::Nearest);
                    below.scroll_into_view_with_scroll_into_view_options(&nearest);
                }
                *answered.borrow_mut() = log;
            }
        }
    });
    let oninput = move |event: InputEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
            take(&field.value());
        }
    };
    html! {
        <section class="diagnose" aria-labelledby="diagnose-title">
            <h2 id="diagnose-title">{ "Got an error message?" }</h2>
            <textarea
                id="error-text"
                rows={if log.is_empty() { "1" } else { "4" }}
                aria-labelledby="diagnose-title"
                placeholder="Paste it from LiteLLM's log: WRONGPASS, Error 111 connecting to …"
                spellcheck="false"
                value={(*log).clone()}
                {oninput}
            />
            <div role="status" ref={below}>
                if *cut {
                    <p class="note">{ "This is a long log: its last megabyte is read." }</p>
                }
                { for answer.as_deref().filter(|_| !log.trim().is_empty()).map(|found| html! {
                    <>
                        { for found.said.iter().map(|one| recognised(one, host)) }
                        { unknown(found) }
                    </>
                }) }
            </div>
        </section>
    }
}

/// The last lines of a log, as much as is read.
fn end_of(log: &str) -> &str {
    let from = log.len().saturating_sub(MOST);
    let rest = log.get(log.ceil_char_boundary(from)..).unwrap_or_default();
    match rest.split_once('\n') {
        Some((_, whole)) if from > 0 => whole,
        _ => rest,
    }
}

/// The cause that lights up: the first that applies.
fn first_that_applies(found: &Diagnosis) -> Option<&Cause> {
    let causes = found.said.iter().flat_map(|one| &one.causes);
    causes.into_iter().find(|cause| cause.holds.0 == Tone::Error)
}

fn recognised(one: &Recognised, host: &Host) -> Html {
    html! {
        <article class="recognised">
            <h3>
                { &one.title }{ " " }
                <a class="finding-code" href={one.page.clone()} target="_blank" rel="noopener">
                    { "Read more" }
                </a>
            </h3>
            <p class="message">{ prose(&one.means) }</p>
            if !one.findings.is_empty() {
                <p class="found">
                    { "Found here: " }
                    { for one.findings.iter().map(|at| finding(*at, host)) }
                </p>
            }
            <ol>{ for one.causes.iter().map(|cause| a_cause(cause, host)) }</ol>
            if one.causes.iter().all(|cause| cause.holds.0 != Tone::Error) {
                <p class="help">{ prose(&one.look) }</p>
            }
        </article>
    }
}

/// A finding, which its button leads to.
fn finding(at: usize, host: &Host) -> Html {
    let onclick = {
        let link = host.link.clone();
        move |_: MouseEvent| link.send_message(Msg::ShowProblem(at))
    };
    html! { <button type="button" class="place" {onclick}>{ format!("problem {}", at + 1) }</button> }
}

fn a_cause(cause: &Cause, host: &Host) -> Html {
    let (tone, words) = &cause.holds;
    let light = |edges: Vec<usize>, places: Vec<redproof_messages::At>| {
        let link = host.link.clone();
        move || link.send_message(Msg::Lit(edges.clone(), places.clone()))
    };
    let on = light(cause.edges.clone(), cause.places.clone());
    let focus = on.clone();
    html! {
        <li
            class={classes!("cause", tone.name())}
            onmouseenter={move |_: MouseEvent| on()}
            onfocusin={move |_: FocusEvent| focus()}
        >
            <span class={classes!("badge", tone.name())}>{ words }</span>
            <p class="message">{ prose(&cause.says) }</p>
            <p class="help">{ prose(&cause.cure) }</p>
            { for (!cause.evidence.is_empty()).then(|| html! {
                <p class="related">
                    { for cause.evidence.iter().map(|one| html! {
                        <>
                            { prose(&one.text) }
                            { for one.at.iter().map(|at| html! {
                                <>{ " " }{ host.place(Some(at), &at.name) }</>
                            }) }
                            { ". " }
                        </>
                    }) }
                </p>
            }) }
        </li>
    }
}

fn unknown(found: &Diagnosis) -> Html {
    let words = match (found.said.as_slice(), found.unknown.as_slice()) {
        (_, [_, ..]) => format!("Not recognized: {}.", found.unknown.join(", ")),
        ([], []) => "Not a known error of LiteLLM, redis-py, TLS or Redis.".to_owned(),
        _ => return html! {},
    };
    html! { <p class="note">{ words }</p> }
}
