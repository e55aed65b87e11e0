//! The bar on top: examples, releases, the live test.

use std::rc::Rc;

use redproof_messages::{Checked, Releases};
use web_sys::HtmlSelectElement;
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::examples::EXAMPLES;
use crate::files::Part;
use crate::workspace::Workspace;

/// What the bar shows.
pub(crate) struct Header<'a> {
    pub workspace: &'a Workspace,
    /// What the engine said last.
    pub checked: Option<&'a Checked>,
    /// The releases that can be chosen.
    pub releases: &'a Rc<Releases>,
    /// Whether a live test runs.
    pub testing: bool,
    /// `light`, `dark`; empty for the system's.
    pub theme: &'a str,
    pub link: &'a Scope<App>,
}

pub(crate) fn view(header: &Header<'_>) -> Html {
    let Header { workspace, checked, releases, link, .. } = header;
    let example = workspace.example;
    let choose = |make: fn(String) -> Option<Msg>| {
        let link = (*link).clone();
        Callback::from(move |event: Event| {
            if let Some(message) = chosen(&event).and_then(make) {
                link.send_message(message);
            }
        })
    };
    let test = link.callback(|_: MouseEvent| Msg::Test);
    html! {
        <header class="bar">
            <a class="skip" href="#result" onclick={link.callback(|_: MouseEvent| Msg::Show(Part::Result))}>
                { "Skip to the result" }
            </a>
            <h1 class="brand">
                <svg viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M16 2 4 6.5v8.6C4 22.4 9 28 16 30c7-2 12-7.6 12-14.9V6.5z" />
                    <path class="tick" d="m10.5 16 4 4 7.5-8" />
                </svg>
                <span>{ "Redproof" }</span>
            </h1>
            <p class="claim">{ "What LiteLLM will do with your Redis configuration" }</p>
            <div class="choices">
                <label class="choice example">
                    <span>{ "Example" }</span>
                    <select onchange={choose(|value| value.parse().ok().map(Msg::Example))}>
                        <option value="" selected={example.is_none()} disabled=true hidden=true>
                            { "Your own" }
                        </option>
                        { for EXAMPLES.iter().enumerate().map(|(place, one)| html! {
                            <option value={place.to_string()} selected={example == Some(place)}>
                                { one.title }
                            </option>
                        }) }
                    </select>
                </label>
                <label class="choice">
                    <span>{ "LiteLLM" }</span>
                    <select onchange={choose(|value| Some(Msg::Litellm(value)))}>
                        <ReleaseOptions
                            asked={workspace.litellm.clone()}
                            current={checked.map_or_else(String::new, |one| one.litellm.clone())}
                            all={Rc::clone(releases)}
                            litellm=true
                        />
                    </select>
                </label>
                <label class="choice">
                    <span>{ "redis-py" }</span>
                    <select onchange={choose(|value| Some(Msg::RedisPy(value)))}>
                        <ReleaseOptions
                            asked={workspace.redis_py.clone()}
                            current={checked.map_or_else(String::new, |one| one.redis_py.clone())}
                            all={Rc::clone(releases)}
                            litellm=false
                        />
                    </select>
                </label>
                { theme(header.theme, link) }
                <a class="quiet docs" href="docs/index.html" target="_blank" rel="noopener">{ "Docs" }</a>
                <button type="button" class="quiet share-button" onclick={link.callback(|_: MouseEvent| Msg::Share)}>{ "Share" }</button>
                <button type="button" class="primary test-live" onclick={test} disabled={header.testing}>
                    { if header.testing { "Testing…" } else { "Test live" } }
                </button>
            </div>
        </header>
    }
}

/// The next theme, by a button that names the one that is on.
fn theme(name: &str, link: &Scope<App>) -> Html {
    let (sign, words) = match name {
        "light" => ("☀", "light"),
        "dark" => ("☾", "dark"),
        _ => ("◐", "system"),
    };
    html! {
        <button
            type="button"
            class="quiet theme-button"
            title={format!("Theme: {words}")}
            aria-label={format!("Theme: {words}. Change it")}
            onclick={link.callback(|_: MouseEvent| Msg::NextTheme)}
        >{ sign }</button>
    }
}

/// What was chosen in a list.
pub(crate) fn chosen(event: &Event) -> Option<String> {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value())
}

#[derive(Properties, PartialEq)]
pub(crate) struct ReleasesProps {
    /// The release asked for; empty for automatic.
    pub asked: AttrValue,
    /// What automatic is; empty where that is not known.
    pub current: AttrValue,
    pub all: Rc<Releases>,
    /// Whether LiteLLM's are meant, else redis-py's.
    pub litellm: bool,
}

/// The automatic choice, with what it is where that is known; then every release, newest first, by
/// their minor releases. Some hundred options: drawn again only where something changed.
#[component]
pub(crate) fn ReleaseOptions(props: &ReleasesProps) -> Html {
    let ReleasesProps { asked, current, all, litellm } = props;
    let named = asked.is_empty() && !current.is_empty();
    let automatic = if named { format!("Auto: {current}") } else { "Auto".to_owned() };
    let all = if *litellm { &all.litellm } else { &all.redis_py };
    let newest_first: Vec<&String> = all.iter().rev().collect();
    let known = asked.is_empty() || newest_first.iter().any(|one| **one == **asked);
    let option = |release: &str| {
        let newest = newest_first.first().is_some_and(|newest| *newest == release);
        let words = if newest { format!("{release} (newest)") } else { release.to_owned() };
        html! {
            <option value={release.to_owned()} selected={**asked == *release}>{ words }</option>
        }
    };
    html! {
        <>
            <option value="" selected={asked.is_empty()}>{ automatic }</option>
            // Until the list is there.
            { for (!known).then(|| option(asked)) }
            { for newest_first.chunk_by(|one, next| minor(one) == minor(next)).map(|group| html! {
                <optgroup label={minor(group[0]).to_owned()}>
                    { for group.iter().map(|release| option(release)) }
                </optgroup>
            }) }
        </>
    }
}

/// `1.80` of `1.80.5`, and of `1.80.5.post1`
fn minor(release: &str) -> &str {
    let second = release.match_indices('.').nth(1);
    second.map_or(release, |(at, _)| &release[..at])
}
