//! The bar on top: examples, releases, the live test.

use redproof_core::releases::{Pair, Version};
use redproof_desk::examples::EXAMPLES;
use web_sys::HtmlSelectElement;
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;

/// What the bar shows.
pub(crate) struct Header<'a> {
    /// The pair that was checked.
    pub pair: Pair,
    /// The release asked for; empty for automatic.
    pub litellm: &'a str,
    /// The release asked for; empty for the one that LiteLLM ships.
    pub redis_py: &'a str,
    /// The example that the editors hold, unchanged.
    pub example: Option<usize>,
    /// Whether a live test runs.
    pub testing: bool,
    pub link: &'a Scope<App>,
}

pub(crate) fn view(header: &Header<'_>) -> Html {
    let Header { pair, link, .. } = header;
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
                        <option value="" selected={header.example.is_none()} disabled=true hidden=true>
                            { "Your own" }
                        </option>
                        { for EXAMPLES.iter().enumerate().map(|(place, example)| html! {
                            <option value={place.to_string()} selected={header.example == Some(place)}>
                                { example.title }
                            </option>
                        }) }
                    </select>
                </label>
                <label class="choice">
                    <span>{ "LiteLLM" }</span>
                    <select onchange={choose(|value| Some(Msg::Litellm(value)))}>
                        <Releases
                            asked={header.litellm.to_owned()}
                            current={pair.litellm.to_string()}
                            all={Pair::litellm_releases()}
                        />
                    </select>
                </label>
                <label class="choice">
                    <span>{ "redis-py" }</span>
                    <select onchange={choose(|value| Some(Msg::RedisPy(value)))}>
                        <Releases
                            asked={header.redis_py.to_owned()}
                            current={pair.redis_py.to_string()}
                            all={Pair::redis_py_releases()}
                        />
                    </select>
                </label>
                <a class="quiet docs" href="docs/index.html" target="_blank" rel="noopener">{ "Docs" }</a>
                <button type="button" class="quiet share-button" onclick={|_| bridge::share()}>{ "Share" }</button>
                <button type="button" class="primary test-live" onclick={test} disabled={header.testing}>
                    { if header.testing { "Testing…" } else { "Test live" } }
                </button>
            </div>
        </header>
    }
}

/// What was chosen in a list.
pub(crate) fn chosen(event: &Event) -> Option<String> {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value())
}

#[derive(Properties, PartialEq)]
struct ReleasesProps {
    /// The release asked for; empty for automatic.
    asked: AttrValue,
    /// What automatic is; empty where that is not known.
    current: AttrValue,
    all: &'static [Version],
}

/// The automatic choice, with what it is where that is known; then every release, newest first. Some
/// hundred options: drawn again only where something changed.
#[component]
fn Releases(props: &ReleasesProps) -> Html {
    let ReleasesProps { asked, current, all } = props;
    let named = asked.is_empty() && !current.is_empty();
    let automatic = if named { format!("Auto: {current}") } else { "Auto".to_owned() };
    html! {
        <>
            <option value="" selected={asked.is_empty()}>{ automatic }</option>
            { for all.iter().rev().map(|release| {
                let release = release.to_string();
                html! {
                    <option value={release.clone()} selected={*asked == release}>{ release }</option>
                }
            }) }
        </>
    }
}
