//! The views of the result: the check, which is the page's own, and those of the workbench.

use web_sys::Element;
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;

/// A view of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Check,
    Settings,
    Upgrade,
    Start,
    Certificates,
    Export,
}

impl View {
    const ALL: [Self; 6] =
        [Self::Check, Self::Settings, Self::Upgrade, Self::Start, Self::Certificates, Self::Export];

    fn title(self) -> &'static str {
        match self {
            Self::Check => "Check",
            Self::Settings => "Settings",
            Self::Upgrade => "Upgrade",
            Self::Start => "Start",
            Self::Certificates => "Certificates",
            Self::Export => "Export",
        }
    }

    /// Its name in the workbench; `None` for the page's own.
    pub(crate) fn bench(self) -> Option<&'static str> {
        match self {
            Self::Check => None,
            Self::Settings => Some("settings"),
            Self::Upgrade => Some("upgrade"),
            Self::Start => Some("start"),
            Self::Certificates => Some("certificates"),
            Self::Export => Some("export"),
        }
    }

    /// The workbench's view of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.bench() == Some(name))
    }
}

/// What chooses the view.
pub(crate) fn choice(shown: View, link: &Scope<App>) -> Html {
    html! {
        <nav class="views" aria-label="Views">
            { for View::ALL.into_iter().map(|view| html! {
                <button
                    type="button"
                    class={classes!((view == shown).then_some("chosen"))}
                    aria-pressed={if view == shown { "true" } else { "false" }}
                    onclick={link.callback(move |_| Msg::View(view))}
                >{ view.title() }</button>
            }) }
        </nav>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct BenchProps {
    /// The view's name in the workbench.
    pub view: AttrValue,
}

/// A view of the workbench, which draws it by itself.
#[component]
pub(crate) fn Bench(props: &BenchProps) -> Html {
    let parent = use_node_ref();
    use_effect_with(props.view.clone(), {
        let parent = parent.clone();
        move |view| {
            if let Some(parent) = parent.cast::<Element>() {
                bridge::show_view(view, &parent);
            }
            bridge::hide_view
        }
    });
    html! { <div class="bench" ref={parent}></div> }
}
