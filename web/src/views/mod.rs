//! The views of the result: the check, and those beside it.

mod cache;
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
use cache::Cache;
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
    Cache,
    Upgrade,
    Start,
    Certificates,
    Export,
}

/// What is said of a view, and what draws it.
struct Entry {
    /// Its name, in the address and in style sheets.
    name: &'static str,
    /// What is on its button.
    title: &'static str,
    /// What it is for.
    about: &'static str,
    body: fn(ViewProps) -> Html,
}

impl View {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 6] =
        [Self::Settings, Self::Cache, Self::Upgrade, Self::Start, Self::Certificates, Self::Export];

    fn entry(self) -> Entry {
        let entry = |name, title, about, body| Entry { name, title, about, body };
        match self {
            Self::Settings => entry(
                "settings",
                "Settings",
                "each value of each connection, and its origin",
                |props| {
                    html! { <Settings ..props /> }
                },
            ),
            Self::Cache => entry(
                "cache",
                "Cache",
                "what is cached and shared, also for one request",
                |props| {
                    html! { <Cache ..props /> }
                },
            ),
            Self::Upgrade => entry("upgrade", "Upgrade", "what other releases change", |props| {
                html! { <Upgrade ..props /> }
            }),
            Self::Start => entry("start", "Start", "forms that write a configuration", |props| {
                html! { <Start ..props /> }
            }),
            Self::Certificates => entry(
                "certificates",
                "Certificates",
                "chains, names and keys of your files",
                |props| {
                    html! { <Certificates ..props /> }
                },
            ),
            Self::Export => entry(
                "export",
                "Export",
                "Kubernetes, compose, .env, redis.conf, commands",
                |props| {
                    html! { <Export ..props /> }
                },
            ),
        }
    }

    /// Its name, in the address and in style sheets.
    pub(crate) fn name(self) -> &'static str {
        self.entry().name
    }

    /// The view of a name; the check for any other.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

/// What is on a view's button; `None` is the check.
pub(crate) fn title(view: Option<View>) -> &'static str {
    view.map_or("Check", |view| view.entry().title)
}

/// What a view is for.
pub(crate) fn about(view: Option<View>) -> &'static str {
    view.map_or("verdict, map, releases and problems", |view| view.entry().about)
}

/// What a view shows until the engine has answered: its rest may still be on its way.
pub(crate) fn waiting() -> Html {
    html! { <p class="empty" role="status">{ "Loading this part of the checker…" }</p> }
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
    /// How many errors were found.
    pub errors: usize,
}

/// What every view shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ViewProps {
    pub host: Host,
    /// What was checked last.
    pub revision: u32,
    /// Whether the user wrote nothing yet.
    pub untouched: bool,
    /// How many errors were found.
    pub errors: usize,
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
        let (host, untouched, errors) = (props.host.clone(), props.untouched, props.errors);
        Some(html! {
            <div key={view.name()} class={classes!("view", view.name())} {hidden}>
                { (view.entry().body)(ViewProps { host, revision, untouched, errors }) }
            </div>
        })
    });
    html! { <div class="bench" hidden={props.view.is_none()}>{ for views }</div> }
}
