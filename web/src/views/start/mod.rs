//! Starting from nothing: a form for each kind of Redis, and the text that it writes. Form and text
//! are one document: what is typed into either shows in the other.

mod field;
mod form;
mod servers;
mod systems;

use redproof_messages::{Answer, Ask, Screen};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{ViewProps, waiting};
use crate::engine::use_answer;
use form::Form;
use systems::Systems;

#[component]
pub(crate) fn Start(props: &ViewProps) -> Html {
    let host = &props.host;
    let screen = use_state_eq(|| Screen::ByText(None));
    // A system that would replace what the user wrote: until that is decided.
    let asked = use_state_eq(|| None::<String>);
    // A text that can't be read for the moment keeps its form.
    let last = use_mut_ref(|| None::<String>);
    // What was begun here and is not changed yet.
    let begun = use_mut_ref(|| None::<u32>);
    let guide = use_answer(
        &host.engine,
        (props.revision, (*screen).clone()),
        {
            let last = last.clone();
            move |(_, screen)| {
                Ask::Guide(match screen {
                    Screen::ByText(_) => Screen::ByText(last.borrow().clone()),
                    screen => screen.clone(),
                })
            }
        },
        |answer| if let Answer::Guide(guide) = answer { Some(*guide) } else { None },
    );
    let go = {
        let (screen, asked) = (screen.clone(), asked.clone());
        Callback::from(move |to: Screen| {
            asked.set(None);
            screen.set(to);
        })
    };
    let begin = {
        let (host, go, begun, revision) = (host.clone(), go.clone(), begun.clone(), props.revision);
        Callback::from(move |system: String| {
            let (host_then, go, begun) = (host.clone(), go.clone(), begun.clone());
            host.ask(&Ask::Begin { system: system.clone() }, move |answer| {
                if let Answer::Begin(Some(texts)) = answer {
                    host_then.begin(texts.config, texts.env);
                    *begun.borrow_mut() = Some(revision + 1);
                    go.emit(Screen::Form(system));
                }
            });
        })
    };
    let Some(guide) = guide else { return waiting() };
    *last.borrow_mut() = guide.form.as_ref().map(|form| form.system.name.clone());
    let choose = {
        let (go, begin, asked) = (go.clone(), begin.clone(), asked.clone());
        let found = guide.found.clone();
        let untouched = props.untouched || *begun.borrow() == Some(props.revision);
        Callback::from(move |system: String| {
            if untouched {
                begin.emit(system);
            } else if found.as_ref() == Some(&system) {
                go.emit(Screen::Form(system));
            } else {
                asked.set(Some(system));
            }
        })
    };
    match &guide.form {
        Some(form) => html! {
            <Form key={form.system.name.clone()} host={host.clone()} guide={guide.clone()} {begin} {go} />
        },
        None => html! {
            <Systems guide={guide.clone()} asked={(*asked).clone()} {choose} {begin} {go} />
        },
    }
}

/// Gives an element the keyboard when it appears.
#[hook]
fn use_focus() -> NodeRef {
    let element = use_node_ref();
    use_effect_with(element.clone(), |element| {
        if let Some(element) = element.cast::<HtmlElement>() {
            // An element that can't take it leaves the keyboard where it is.
            let _ = element.focus();
        }
    });
    element
}
