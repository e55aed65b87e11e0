//! The first glance: what this page is, that nothing leaves it, and how to begin.

use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;
use crate::examples::EXAMPLES;
use crate::workspace::Workspace;

/// The band above the texts, until the visitor has files of their own.
pub(crate) fn view(workspace: &Workspace, link: &Scope<App>) -> Html {
    let next = workspace.example.map_or(0, |example| (example + 1) % EXAMPLES.len());
    let send = |make: fn() -> Msg| link.callback(move |_: MouseEvent| make());
    html! {
        <section class="hello" aria-label="What this page does">
            <p>
                <b>{ "See what LiteLLM will do with your Redis settings before you deploy." }</b>
                { " Checked in your browser: nothing is sent." }
            </p>
            <div class="answers">
                <button type="button" class="primary" onclick={send(|| Msg::PasteOwn)}>{ "Paste yours" }</button>
                <button type="button" class="fix" onclick={|_| bridge::open_folder()}>{ "Open a folder" }</button>
                <button
                    type="button"
                    class="fix another"
                    onclick={link.callback(move |_: MouseEvent| Msg::Example(next))}
                >
                    { "Another example" }
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-label="Close this introduction"
                    onclick={send(|| Msg::CloseHello)}
                >{ "×" }</button>
            </div>
        </section>
    }
}
