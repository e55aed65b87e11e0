//! What becomes of one request's answer: whether it is cached, where, for how long.

use redproof_messages::{Answer, Ask, Requested};
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::engine::use_answer;
use crate::host::Host;
use crate::prose::prose;

/// What the field holds at first.
const FIRST: &str = r#"{"model": "gpt-4o", "messages": [], "cache": {"ttl": 600}}"#;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub host: Host,
    /// What was checked last.
    pub revision: u32,
    /// Those whose answers LiteLLM caches.
    pub endpoints: Vec<String>,
}

#[component]
pub(crate) fn Request(props: &Props) -> Html {
    let host = &props.host;
    let json = use_state(|| FIRST.to_owned());
    let endpoint = use_state(String::new);
    let answer = use_answer(
        &host.engine,
        (props.revision, (*json).clone(), (*endpoint).clone()),
        |(_, json, endpoint)| Ask::Request { json: json.clone(), endpoint: endpoint.clone() },
        |answer| if let Answer::Request(said) = answer { Some(said) } else { None },
    );
    let oninput = {
        let json = json.clone();
        move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                json.set(field.value());
            }
        }
    };
    let onchange = {
        let endpoint = endpoint.clone();
        move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                endpoint.set(select.value());
            }
        }
    };
    html! {
        <section class="request" aria-labelledby="request-title">
            <h2 id="request-title">{ "Is this request's answer cached?" }</h2>
            <div class="ask">
                <label class="choice">
                    <span>{ "Endpoint" }</span>
                    <select {onchange}>
                        <option value="" selected={endpoint.is_empty()}>{ "from the request" }</option>
                        { for props.endpoints.iter().map(|one| html! {
                            <option value={one.clone()} selected={**endpoint == *one}>{ one }</option>
                        }) }
                    </select>
                </label>
                <textarea
                    rows="2"
                    aria-label="The request as JSON"
                    spellcheck="false"
                    value={(*json).clone()}
                    {oninput}
                />
            </div>
            <div role="status">
                { match answer.as_deref() {
                    None => html! {},
                    Some(Err(why)) => html! { <p class="note">{ why }</p> },
                    Some(Ok(said)) => told(said, host),
                } }
            </div>
        </section>
    }
}

fn told(said: &Requested, host: &Host) -> Html {
    html! {
        <div class="requested">
            <p class="headline"><span class={classes!("severity", said.tone.name())}>{ &said.headline }</span></p>
            <dl>
                { for said.rows.iter().map(|row| html! {
                    <div>
                        <dt>{ &row.setting }</dt>
                        <dd>
                            { prose(&row.value) }
                            if !row.origin.is_empty() {
                                { " " }{ host.place(row.at.as_ref(), &row.origin) }
                            }
                        </dd>
                    </div>
                }) }
            </dl>
        </div>
    }
}
