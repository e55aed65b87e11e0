//! Starting from nothing: a form for each kind of Redis, and the text that it writes. Form and text
//! are one document: what is typed into either shows in the other.

mod field;
mod form;
mod servers;
mod systems;

use std::rc::Rc;

use redproof_core::guide::{self, System};
use redproof_core::source::SourceId;
use redproof_desk::Desk;
use redproof_desk::examples::EXAMPLES;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::host;
use crate::view::ViewProps;
use form::Form;
use systems::Systems;

/// What the view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    /// The form that fits the text, where one does; else the systems.
    ByText,
    /// The systems to choose from.
    Systems,
    /// This system's form.
    Form(System),
}

#[component]
pub(crate) fn Start(props: &ViewProps) -> Html {
    let desk = &props.desk;
    let screen = use_state_eq(|| Screen::ByText);
    // A system that would replace what the user wrote: until that is decided.
    let asked = use_state_eq(|| None::<System>);
    let found = guide::detect(&desk.report);
    let go = {
        let (screen, asked) = (screen.clone(), asked.clone());
        Callback::from(move |to: Screen| {
            asked.set(None);
            screen.set(to);
        })
    };
    let begin = {
        let (desk, go) = (Rc::clone(desk), go.clone());
        Callback::from(move |system: System| {
            if let Ok(texts) = guide::start(system, desk.report.pair) {
                host::set_text(SourceId::CONFIG, &texts.config);
                host::set_text(SourceId(1), &texts.env);
                go.emit(Screen::Form(system));
            }
        })
    };
    let choose = {
        let (desk, go, begin, asked) = (Rc::clone(desk), go.clone(), begin.clone(), asked.clone());
        Callback::from(move |system: System| {
            if is_untouched(&desk) {
                begin.emit(system);
            } else if found == Some(system) {
                go.emit(Screen::Form(system));
            } else {
                asked.set(Some(system));
            }
        })
    };
    // A text that can't be read for the moment keeps its form.
    let last = use_mut_ref(|| None::<System>);
    let readable = desk.report.document.is_ok();
    let form = match *screen {
        Screen::ByText if readable => found,
        Screen::ByText => *last.borrow(),
        Screen::Systems => None,
        Screen::Form(system) => Some(system),
    };
    *last.borrow_mut() = form;
    match form {
        Some(system) => html! {
            <Form key={system.name()} desk={Rc::clone(desk)} {system} {found} {begin} {go} />
        },
        None => html! {
            <Systems desk={Rc::clone(desk)} {found} asked={*asked} {choose} {begin} {go} />
        },
    }
}

/// Whether nobody wrote what the editors hold: it is nothing, an example, or a fresh start.
fn is_untouched(desk: &Desk) -> bool {
    let text = |at: usize| desk.texts.files.get(at).map_or("", |file| &file.text);
    let holds = |config: &str, env: &str| text(0) == config && text(1) == env;
    let blank = text(0).trim().is_empty() && text(1).trim().is_empty();
    blank
        || EXAMPLES.iter().any(|example| holds(example.config, example.environment))
        || System::all()
            .filter_map(|system| guide::start(system, desk.report.pair).ok())
            .any(|texts| holds(&texts.config, &texts.env))
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
