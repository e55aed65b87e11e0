//! What the page says beside its own work: a line at the bottom, with what to do about it.

use yew::prelude::*;

use crate::workspace::Key;

/// A sentence, and buttons.
#[derive(Clone, Default)]
pub(crate) struct Toast {
    pub text: String,
    pub choices: Vec<(&'static str, Callback<()>)>,
    /// What it offers is about the last step of these files: they hold these texts since.
    pub since: Vec<(Key, String)>,
}

impl Toast {
    /// What takes back what it tells of.
    pub(crate) fn undo(&self) -> Option<&Callback<()>> {
        self.choices.iter().find(|(label, _)| *label == UNDO).map(|(_, act)| act)
    }

    /// Whether it is over once a file holds this text: to take the last step back would take back another one.
    pub(crate) fn is_over(&self, key: Key, text: &str) -> bool {
        self.since.iter().any(|(of, held)| *of == key && held != text)
    }
}

/// On the button that takes back what was done.
pub(crate) const UNDO: &str = "Undo";

/// On the button that does it again.
pub(crate) const REDO: &str = "Redo";

/// The line; `close` takes it off the page. What it is said in is always there: a screen reader hears nothing of
/// one that comes together with its words.
pub(crate) fn view(toast: Option<&Toast>, close: &Callback<()>) -> Html {
    html! {
        <div role="status">
            <div class="toast" hidden={toast.is_none()}>
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
        </div>
    }
}
