//! The views of the result: the check, and those beside it.

mod certificates;
mod export;
mod live;
mod request;
mod settings;
mod share;
mod start;
mod upgrade;

use std::iter;

use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::host::Host;
use certificates::Certificates;
use export::Export;
pub(crate) use live::{Live, Status};
use settings::Settings;
pub(crate) use share::Share;
use start::Start;
use upgrade::Upgrade;

/// A view beside the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Settings,
    Upgrade,
    Start,
    Certificates,
    Export,
}

impl View {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 5] =
        [Self::Settings, Self::Upgrade, Self::Start, Self::Certificates, Self::Export];

    /// Its name, in the address and in style sheets.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Upgrade => "upgrade",
            Self::Start => "start",
            Self::Certificates => "certificates",
            Self::Export => "export",
        }
    }

    /// The view of a name; the check for any other.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

/// What is on a view's button; `None` is the check.
pub(crate) fn title(view: Option<View>) -> &'static str {
    match view {
        None => "Check",
        Some(View::Settings) => "Settings",
        Some(View::Upgrade) => "Upgrade",
        Some(View::Start) => "Start",
        Some(View::Certificates) => "Certificates",
        Some(View::Export) => "Export",
    }
}

/// What a view is for.
pub(crate) fn about(view: Option<View>) -> &'static str {
    match view {
        None => "verdict, map, releases and problems",
        Some(View::Settings) => "each value of each connection, what is cached and shared",
        Some(View::Upgrade) => "what other releases change",
        Some(View::Start) => "forms that write a configuration",
        Some(View::Certificates) => "chains, names and keys of your files",
        Some(View::Export) => "Kubernetes, compose, .env, redis.conf, commands",
    }
}

/// What chooses the view.
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
    pub host: Host,
    /// What was checked last.
    pub revision: u32,
    pub view: Option<View>,
    /// Whether the user wrote nothing yet.
    pub untouched: bool,
}

/// What every view shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ViewProps {
    pub host: Host,
    /// What was checked last.
    pub revision: u32,
    /// Whether the user wrote nothing yet.
    pub untouched: bool,
}

/// The views that were shown so far, each with the revision that it was shown of last: a hidden one
/// keeps what it holds, and asks nothing.
#[component]
pub(crate) fn Bench(props: &BenchProps) -> Html {
    let shown = use_mut_ref(|| View::ALL.map(|_| None::<u32>));
    let mut shown = shown.borrow_mut();
    let views = View::ALL.into_iter().zip(shown.iter_mut()).filter_map(|(view, revision)| {
        let hidden = props.view != Some(view);
        if !hidden {
            *revision = Some(props.revision);
        }
        let revision = (*revision)?;
        let (host, untouched) = (props.host.clone(), props.untouched);
        Some(html! {
            <div key={view.name()} class={classes!("view", view.name())} {hidden}>
                { body(view, ViewProps { host, revision, untouched }) }
            </div>
        })
    });
    html! { <div class="bench" hidden={props.view.is_none()}>{ for views }</div> }
}

fn body(view: View, props: ViewProps) -> Html {
    match view {
        View::Settings => html! { <Settings ..props /> },
        View::Upgrade => html! { <Upgrade ..props /> },
        View::Start => html! { <Start ..props /> },
        View::Certificates => html! { <Certificates ..props /> },
        View::Export => html! { <Export ..props /> },
    }
}
