//! One system's form.

use std::rc::Rc;

use redproof_messages::{Answer, Ask, Edit, Field, Given, Guide, Screen};
use yew::prelude::*;

use super::field::FieldRow;
use super::use_focus;
use crate::host::Host;
use crate::prose::prose;

#[derive(Properties, PartialEq)]
pub(super) struct FormProps {
    pub host: Host,
    pub guide: Rc<Guide>,
    pub begin: Callback<String>,
    pub go: Callback<Screen>,
}

/// What an answer comes to: the edits that write it, or what is wrong with it.
pub(super) type Written = Result<Vec<Edit>, String>;

#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let FormProps { host, guide, begin, go } = props;
    let title = use_focus();
    // While the config can't be read, the form shows what it last could.
    let kept = use_mut_ref(Vec::<Rc<Field>>::new);
    let Some(form) = &guide.form else { return html! {} };
    let readable = form.fields.is_some();
    if let Some(fields) = &form.fields {
        *kept.borrow_mut() = fields.iter().cloned().map(Rc::new).collect();
    }
    let offer = &form.system;
    let write = {
        let (host, system) = (host.clone(), offer.name.clone());
        Callback::from(move |(field, answer, written): (String, Given, Callback<Written>)| {
            let ask = Ask::Write { system: system.clone(), field, answer };
            let then = host.clone();
            host.ask(&ask, move |answer| {
                if let Answer::Write(edits) = answer {
                    written.emit(edits.clone());
                    then.edit(edits.unwrap_or_default());
                }
            });
        })
    };
    let leave = {
        let go = go.clone();
        move |_: MouseEvent| go.emit(Screen::Systems)
    };
    html! {
        <section class="guide" aria-labelledby="guide-title">
            <button type="button" class="quiet leave" onclick={leave}>{ "All systems" }</button>
            <h2 id="guide-title" ref={title} tabindex="-1">{ &offer.name }</h2>
            <p class="note">{ &offer.sentence }</p>
            { for offer.refused.iter().map(|why| html! {
                <p class="caution">{ "Not on this release. " }{ prose(why) }</p>
            }) }
            { for offer.cautions.iter().map(|caution| html! {
                <p class="caution">{ prose(caution) }</p>
            }) }
            if !readable {
                <p class="caution" role="status">
                    { "The config can't be parsed. Fix it in the editor first." }
                </p>
            }
            { for (readable && form.differs).then(|| other(guide, &offer.name, begin, go)) }
            if !readable || guide.found.is_some() {
                <form onsubmit={|event: SubmitEvent| event.prevent_default()}>
                    { for kept.borrow().iter().map(|field| html! {
                        <FieldRow
                            key={field.id.clone()}
                            host={host.clone()}
                            field={Rc::clone(field)}
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
fn other(guide: &Guide, system: &str, begin: &Callback<String>, go: &Callback<Screen>) -> Html {
    match &guide.found {
        Some(found) => {
            let words = format!("The text looks like “{found}”. ");
            let (go, found) = (go.clone(), found.clone());
            html! {
                <p class="caution" role="status">
                    { words }
                    <button type="button" class="place" onclick={move |_| go.emit(Screen::Form(found.clone()))}>
                        { "Show its form" }
                    </button>
                </p>
            }
        }
        None => {
            let (begin, system) = (begin.clone(), system.to_owned());
            html! {
                <p class="caution" role="status">
                    { "The config has no cache that this form can show. " }
                    <button type="button" class="place" onclick={move |_| begin.emit(system.clone())}>
                        { "Write a new one" }
                    </button>
                </p>
            }
        }
    }
}
