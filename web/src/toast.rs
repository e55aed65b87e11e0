//! What the page says beside its own work: a line at the bottom, with what to do about it.

use yew::prelude::*;

/// A sentence, and buttons.
#[derive(Clone)]
pub(crate) struct Toast {
    pub text: String,
    pub choices: Vec<(&'static str, Callback<()>)>,
}

impl Toast {
    /// What takes back what it tells of.
    pub(crate) fn undo(&self) -> Option<&Callback<()>> {
        self.choices.iter().find(|(label, _)| *label == UNDO).map(|(_, act)| act)
    }
}

/// On the button that takes back what was done.
pub(crate) const UNDO: &str = "Undo";

/// The line; `close` takes it off the page.
pub(crate) fn view(toast: Option<&Toast>, close: &Callback<()>) -> Html {
    html! {
        <div class="toast" role="status" hidden={toast.is_none()}>
            { for toast.map(|toast| html! {
                <>
                    <p>{ &toast.text }</p>
                    { for toast.choices.iter().map(|(label, act)| {
                        let (act, close) = (act.clone(), close.clone());
                        let onclick = move |_: MouseEvent| {
                            close.emit(());
                            act.emit(());
                        };
                        html! { <button type="button" {onclick}>{ *label }</button> }
                    }) }
                    <button
                        type="button"
                        class="close"
                        aria-label="Close this message"
                        onclick={close.reform(|_: MouseEvent| ())}
                    >{ "×" }</button>
                </>
            }) }
        </div>
    }
}
