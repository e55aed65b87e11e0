//! The systems to choose from.

use std::rc::Rc;

use redproof_messages::{Guide, Offer, Screen};
use yew::prelude::*;

use super::use_focus;
use crate::prose::prose;

#[derive(Properties, PartialEq)]
pub(super) struct SystemsProps {
    pub guide: Rc<Guide>,
    /// What would replace what the editors hold.
    pub asked: Option<String>,
    pub choose: Callback<String>,
    pub begin: Callback<String>,
    pub go: Callback<Screen>,
}

#[component]
pub(super) fn Systems(props: &SystemsProps) -> Html {
    html! {
        <section class="systems" aria-labelledby="systems-title">
            <h2 id="systems-title">{ "Which Redis?" }</h2>
            <p class="note">
                { format!(
                    "This form writes a commented configuration for {}. You can edit the text too: the form follows.",
                    props.guide.pair
                ) }
            </p>
            if let Some(system) = props.asked.clone() {
                <Question {system} begin={props.begin.clone()} go={props.go.clone()} />
            }
            <ul class="cards">
                { for props.guide.offers.iter().map(|offer| card(offer, props)) }
            </ul>
        </section>
    }
}

fn card(offer: &Offer, props: &SystemsProps) -> Html {
    let (choose, system) = (props.choose.clone(), offer.name.clone());
    let onclick = move |_: MouseEvent| choose.emit(system.clone());
    html! {
        <li class="card">
            <button type="button" disabled={offer.refused.is_some()} {onclick}>
                <b>{ &offer.name }</b>
                <span>{ &offer.sentence }</span>
                if props.guide.found.as_ref() == Some(&offer.name) {
                    <span class="badge good">{ "in the editor" }</span>
                }
                { for offer.refused.iter().map(|why| html! {
                    <span class="refused">{ "Not on this release. " }{ prose(why) }</span>
                }) }
            </button>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct QuestionProps {
    system: String,
    begin: Callback<String>,
    go: Callback<Screen>,
}

/// Asks before a text that somebody wrote is replaced.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let system = props.system.clone();
    let first = use_focus();
    let begin = props.begin.clone();
    let go = props.go.clone();
    html! {
        <div class="question" role="alertdialog" aria-labelledby="question-title">
            <p id="question-title">
                { format!("“{}” replaces the text in both editors. Undo restores it.", system) }
            </p>
            <div class="answers">
                <button ref={first} type="button" class="primary" onclick={move |_| begin.emit(system.clone())}>
                    { "Replace" }
                </button>
                <button type="button" class="quiet" onclick={move |_| go.emit(Screen::Systems)}>
                    { "Keep my text" }
                </button>
            </div>
        </div>
    }
}
