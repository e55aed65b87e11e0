//! The views of the result: the check, which is the page's own, and those of the workbench.

use std::iter;

use redproof_desk::View;
use web_sys::Element;
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;

/// What stands on a view's button; `None` is the check.
fn title(view: Option<View>) -> &'static str {
    match view {
        None => "Check",
        Some(View::Settings) => "Settings",
        Some(View::Upgrade) => "Upgrade",
        Some(View::Start) => "Start",
        Some(View::Certificates) => "Certificates",
        Some(View::Export) => "Export",
    }
}

/// What chooses the view: the check, or one of the workbench's.
pub(crate) fn choice(shown: Option<View>, link: &Scope<App>) -> Html {
    html! {
        <nav class="views" aria-label="Views">
            { for iter::once(None).chain(View::ALL.map(Some)).map(|view| html! {
                <button
                    type="button"
                    class={classes!((view == shown).then_some("chosen"))}
                    aria-pressed={if view == shown { "true" } else { "false" }}
                    onclick={link.callback(move |_| Msg::View(view))}
                >{ title(view) }</button>
            }) }
        </nav>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct BenchProps {
    pub view: View,
}

/// A view of the workbench, which draws it by itself.
#[component]
pub(crate) fn Bench(props: &BenchProps) -> Html {
    let parent = use_node_ref();
    use_effect_with(props.view, {
        let parent = parent.clone();
        move |view| {
            if let Some(parent) = parent.cast::<Element>() {
                bridge::show_view(view.name(), &parent);
            }
            bridge::hide_view
        }
    });
    html! { <div class="bench" ref={parent}></div> }
}
