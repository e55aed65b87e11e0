//! One system's form.

use std::rc::Rc;

use redproof_core::guide::{self, Answer, System};
use redproof_desk::{Desk, prose};
use yew::prelude::*;

use super::field::FieldRow;
use super::{Screen, use_focus};
use crate::host;

#[derive(Properties)]
pub(super) struct FormProps {
    pub desk: Rc<Desk>,
    pub system: System,
    /// What the editors hold.
    pub found: Option<System>,
    pub begin: Callback<System>,
    pub go: Callback<Screen>,
}

impl PartialEq for FormProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.desk, &other.desk)
            && (self.system, self.found) == (other.system, other.found)
    }
}

#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let FormProps { desk, system, found, begin, go } = props;
    let system = *system;
    let title = use_focus();
    let offer = system.offer(desk.report.pair);
    // While the config can't be read, the form shows what it last could.
    let kept = use_mut_ref(Vec::new);
    let readable = match guide::read(system, &desk.report) {
        Some(readings) => {
            *kept.borrow_mut() = readings.into_iter().map(Rc::new).collect();
            true
        }
        None => false,
    };
    let write = {
        let desk = Rc::clone(desk);
        Callback::from(move |(id, answer): (&'static str, Answer)| {
            let edits = guide::write(system, id, &answer, &desk.report);
            let edits = edits.map_err(|error| error.to_string())?;
            host::edit(&desk, &edits);
            Ok::<_, String>(!edits.is_empty())
        })
    };
    let leave = {
        let go = go.clone();
        move |_: MouseEvent| go.emit(Screen::Systems)
    };
    html! {
        <section class="guide" aria-labelledby="guide-title">
            <button type="button" class="quiet leave" onclick={leave}>{ "All systems" }</button>
            <h2 id="guide-title" ref={title} tabindex="-1">{ offer.name }</h2>
            <p class="note">{ offer.sentence }</p>
            { for offer.refused.iter().map(|why| html! {
                <p class="caution">{ "Not on this release. " }{ prose(why) }</p>
            }) }
            { for offer.cautions.iter().map(|caution| html! {
                <p class="caution">{ prose(caution) }</p>
            }) }
            if !readable {
                <p class="caution" role="status">
                    { "The config can't be read. Mend it in its text: the form waits." }
                </p>
            }
            { other(system, *found, readable, begin, go) }
            if !readable || found.is_some() {
                <form onsubmit={|event: SubmitEvent| event.prevent_default()}>
                    { for kept.borrow().iter().map(|reading| html! {
                        <FieldRow
                            key={reading.field.id}
                            desk={Rc::clone(desk)}
                            reading={Rc::clone(reading)}
                            readable={readable}
                            write={write.clone()}
                        />
                    }) }
                </form>
            }
        </section>
    }
}

/// What to do where the text is not this system's.
fn other(
    system: System,
    found: Option<System>,
    readable: bool,
    begin: &Callback<System>,
    go: &Callback<Screen>,
) -> Html {
    // These two differ by a client certificate alone.
    let server = |one: System| matches!(one, System::InClusterTls | System::MutualTls);
    match found {
        _ if !readable => html! {},
        Some(found) if found == system || (server(found) && server(system)) => html! {},
        Some(found) => {
            let go = go.clone();
            html! {
                <p class="caution" role="status">
                    { format!("The text looks like “{}”. ", found.name()) }
                    <button type="button" class="place" onclick={move |_| go.emit(Screen::Form(found))}>
                        { "Show its form" }
                    </button>
                </p>
            }
        }
        None => {
            let begin = begin.clone();
            html! {
                <p class="caution" role="status">
                    { "The text has no cache that this form could show. " }
                    <button type="button" class="place" onclick={move |_| begin.emit(system)}>
                        { "Write a new one" }
                    </button>
                </p>
            }
        }
    }
}
