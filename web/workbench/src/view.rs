//! The views, one of which shows.

use std::rc::Rc;

use redproof_core::source::Span;
use redproof_desk::{Desk, View};
use yew::prelude::*;

use crate::certificates::Certificates;
use crate::export::Export;
use crate::host;
use crate::settings::Settings;
use crate::start::Start;
use crate::upgrade::Upgrade;

/// What every view shows.
#[derive(Clone, Properties)]
pub(crate) struct ViewProps {
    /// The texts, checked.
    pub desk: Rc<Desk>,
}

/// A desk is never changed, only replaced.
impl PartialEq for ViewProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.desk, &other.desk)
    }
}

#[derive(Properties)]
pub(crate) struct RootProps {
    pub desk: Rc<Desk>,
    pub shown: View,
}

impl PartialEq for RootProps {
    fn eq(&self, other: &Self) -> bool {
        self.shown == other.shown && Rc::ptr_eq(&self.desk, &other.desk)
    }
}

/// The views that were shown so far, with the desk that each was shown last: a hidden one keeps what
/// it holds, and is not drawn again.
#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    let desks = use_mut_ref(|| View::ALL.map(|_| None::<Rc<Desk>>));
    let mut desks = desks.borrow_mut();
    View::ALL
        .into_iter()
        .zip(desks.iter_mut())
        .filter_map(|(view, kept)| {
            let shown = view == props.shown;
            if shown {
                *kept = Some(Rc::clone(&props.desk));
            }
            let desk = Rc::clone(kept.as_ref()?);
            Some(html! {
                <div key={view.name()} class={classes!("view", view.name())} hidden={!shown}>
                    { body(view, desk) }
                </div>
            })
        })
        .collect()
}

fn body(view: View, desk: Rc<Desk>) -> Html {
    match view {
        View::Settings => html! { <Settings {desk} /> },
        View::Upgrade => html! { <Upgrade {desk} /> },
        View::Start => html! { <Start {desk} /> },
        View::Certificates => html! { <Certificates {desk} /> },
        View::Export => html! { <Export {desk} /> },
    }
}

/// A place that leads there; the words alone where there is none.
pub(crate) fn place(span: Option<Span>, words: &str) -> Html {
    let words = words.to_owned();
    match span {
        Some(span) => {
            let onclick = Callback::from(move |_: MouseEvent| host::follow(span));
            html! { <button type="button" class="place" {onclick}>{ words }</button> }
        }
        None => html! { words },
    }
}
