//! The bar on top: examples, releases, the live test.

use redproof_core::releases::Pair;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::{Msg, Shared};
use crate::examples::EXAMPLES;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub checked: Shared,
    /// The release asked for; empty for automatic.
    pub litellm: String,
    /// The release asked for; empty for the one that LiteLLM ships.
    pub redis_py: String,
    /// The example that the editors hold, unchanged.
    pub example: Option<usize>,
    /// Whether a live test runs.
    pub testing: bool,
    pub on_message: Callback<Msg>,
}

#[component]
pub(crate) fn Header(props: &Props) -> Html {
    let pair = props.checked.0.report.pair;
    let choose = |make: fn(String) -> Option<Msg>| {
        let on_message = props.on_message.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>();
            if let Some(message) = chosen.and_then(|select| make(select.value())) {
                on_message.emit(message);
            }
        })
    };
    let test = props.on_message.reform(|_: MouseEvent| Msg::Test);
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
                        <option value="" selected={props.example.is_none()} disabled=true hidden=true>
                            { "Your own" }
                        </option>
                        { for EXAMPLES.iter().enumerate().map(|(place, example)| html! {
                            <option value={place.to_string()} selected={props.example == Some(place)}>
                                { example.title }
                            </option>
                        }) }
                    </select>
                </label>
                <label class="choice">
                    <span>{ "LiteLLM" }</span>
                    <select onchange={choose(|value| Some(Msg::Litellm(value)))}>
                        { releases(&props.litellm, &pair.litellm.to_string(), Pair::litellm_releases()) }
                    </select>
                </label>
                <label class="choice">
                    <span>{ "redis-py" }</span>
                    <select onchange={choose(|value| Some(Msg::RedisPy(value)))}>
                        { releases(&props.redis_py, &pair.redis_py.to_string(), Pair::redis_py_releases()) }
                    </select>
                </label>
                <button type="button" class="primary test-live" onclick={test} disabled={props.testing}>
                    { if props.testing { "Testing…" } else { "Test live" } }
                </button>
            </div>
        </header>
    }
}

/// The automatic choice, then every release, newest first.
fn releases(asked: &str, current: &str, all: Vec<&'static str>) -> Html {
    let automatic = if asked.is_empty() { format!("Auto: {current}") } else { "Auto".to_owned() };
    html! {
        <>
            <option value="" selected={asked.is_empty()}>{ automatic }</option>
            { for all.into_iter().rev().map(|release| html! {
                <option value={release} selected={asked == release}>{ release }</option>
            }) }
        </>
    }
}
