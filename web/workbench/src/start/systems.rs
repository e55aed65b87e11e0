//! The systems to choose from.

use std::rc::Rc;

use redproof_core::guide::{self, Offer, System};
use redproof_desk::{Desk, prose};
use yew::prelude::*;

use super::{Screen, use_focus};

#[derive(Properties)]
pub(super) struct SystemsProps {
    pub desk: Rc<Desk>,
    /// What the editors hold.
    pub found: Option<System>,
    /// What would replace it.
    pub asked: Option<System>,
    pub choose: Callback<System>,
    pub begin: Callback<System>,
    pub go: Callback<Screen>,
}

impl PartialEq for SystemsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.desk, &other.desk)
            && (self.found, self.asked) == (other.found, other.asked)
    }
}

#[component]
pub(super) fn Systems(props: &SystemsProps) -> Html {
    let pair = props.desk.report.pair;
    html! {
        <section class="systems" aria-labelledby="systems-title">
            <h2 id="systems-title">{ "Which Redis?" }</h2>
            <p class="note">
                { format!(
                    "A form writes a commented configuration for LiteLLM {} on redis-py {}. The text \
                     stays yours to edit, and the form follows it.",
                    pair.litellm, pair.redis_py
                ) }
            </p>
            if let Some(system) = props.asked {
                <Question {system} begin={props.begin.clone()} go={props.go.clone()} />
            }
            <ul class="cards">
                { for guide::systems(pair).iter().map(|offer| card(offer, props)) }
            </ul>
        </section>
    }
}

fn card(offer: &Offer, props: &SystemsProps) -> Html {
    let system = offer.system;
    let choose = props.choose.clone();
    let onclick = move |_: MouseEvent| choose.emit(system);
    html! {
        <li class="card">
            <button type="button" disabled={offer.refused.is_some()} {onclick}>
                <b>{ offer.name }</b>
                <span>{ offer.sentence }</span>
                if props.found == Some(system) {
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
    system: System,
    begin: Callback<System>,
    go: Callback<Screen>,
}

/// Asks before a text that somebody wrote is replaced.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let system = props.system;
    let first = use_focus();
    let begin = props.begin.clone();
    let go = props.go.clone();
    html! {
        <div class="question" role="alertdialog" aria-labelledby="question-title">
            <p id="question-title">
                { format!("“{}” replaces what is in the editors. Undo in an editor brings its text back.", system.name()) }
            </p>
            <div class="answers">
                <button ref={first} type="button" class="primary" onclick={move |_| begin.emit(system)}>
                    { "Replace" }
                </button>
                <button type="button" class="quiet" onclick={move |_| go.emit(Screen::Systems)}>
                    { "Keep my text" }
                </button>
            </div>
        </div>
    }
}
