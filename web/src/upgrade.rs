//! What an upgrade changes: another pair of releases beside the one that is checked.

use redproof_core::releases::Pair;
use redproof_core::source::{SourceId, Span};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;
use crate::checked::{Inputs, environment_name};
use crate::header::{chosen, releases};

/// What happens to it.
pub(crate) enum Change {
    /// It was opened or closed.
    Open(bool),
    /// Another LiteLLM release was chosen; empty for the newest.
    Litellm(String),
    /// Another redis-py release was chosen; empty for the one that LiteLLM's image ships.
    RedisPy(String),
    /// A comparison is there, or why it is not.
    Done(u32, Result<AttrValue, AttrValue>),
}

/// What it holds.
#[derive(Default)]
pub(crate) struct Upgrade {
    open: bool,
    litellm: String,
    redis_py: String,
    /// What was compared last: the texts and releases of today, then those of the upgrade.
    asked: Option<(Inputs, String, String)>,
    run: u32,
    shown: Option<Result<AttrValue, AttrValue>>,
}

impl Upgrade {
    /// Takes what happened.
    pub(crate) fn take(&mut self, change: Change) {
        match change {
            Change::Open(open) => self.open = open,
            Change::Litellm(release) => self.litellm = release,
            Change::RedisPy(release) => self.redis_py = release,
            // An answer to a question that was asked anew since is of no use.
            Change::Done(run, shown) if run == self.run => self.shown = Some(shown),
            Change::Done(..) => {}
        }
    }

    /// Compares again, if it is open and anything is new.
    pub(crate) fn refresh(&mut self, inputs: &Inputs, link: &Scope<App>) {
        let ask = Some((inputs.clone(), self.litellm.clone(), self.redis_py.clone()));
        if !self.open || self.asked == ask {
            return;
        }
        self.asked = ask;
        self.run += 1;
        let (run, link, inputs) = (self.run, link.clone(), inputs.clone());
        let (litellm, redis_py) = (self.litellm.clone(), self.redis_py.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let answer = bridge::upgrade(
                &inputs.config,
                &inputs.environment,
                environment_name(&inputs.environment),
                &inputs.litellm,
                &inputs.redis_py,
                &litellm,
                &redis_py,
            );
            let text = |value: wasm_bindgen::JsValue| {
                AttrValue::from(value.as_string().unwrap_or_default())
            };
            let answer = answer.await.map(text).map_err(text);
            link.send_message(Msg::Upgrade(Change::Done(run, answer)));
        });
    }

    pub(crate) fn view(&self, link: &Scope<App>) -> Html {
        let newest = Pair::newest();
        let ontoggle = link.batch_callback(|event: Event| {
            let details = event.target()?.dyn_into::<HtmlDetailsElement>().ok()?;
            Some(Msg::Upgrade(Change::Open(details.open())))
        });
        let choose = |change: fn(String) -> Change| {
            link.batch_callback(move |event: Event| Some(Msg::Upgrade(change(chosen(&event)?))))
        };
        html! {
            <details class="upgrade" {ontoggle}>
                <summary><h2>{ "Upgrade" }</h2></summary>
                <p class="note">{ "What other releases would change for this configuration." }</p>
                <div class="choices">
                    <label class="choice">
                        <span>{ "to LiteLLM" }</span>
                        <select onchange={choose(Change::Litellm)}>
                            { releases(&self.litellm, &newest.litellm.to_string(), Pair::litellm_releases()) }
                        </select>
                    </label>
                    <label class="choice">
                        <span>{ "redis-py" }</span>
                        <select onchange={choose(Change::RedisPy)}>
                            { releases(&self.redis_py, "", Pair::redis_py_releases()) }
                        </select>
                    </label>
                </div>
                <div class="comparison" role="status" onclick={link.batch_callback(|event| followed(&event))}>
                    { match &self.shown {
                        // The module escapes every text.
                        Some(Ok(html)) => Html::from_html_unchecked(html.clone()),
                        Some(Err(why)) => html! { <p class="empty">{ why }</p> },
                        None => html! { <p class="empty">{ "Comparing…" }</p> },
                    } }
                </div>
            </details>
        }
    }
}

/// The place that a click in the comparison leads to.
fn followed(event: &MouseEvent) -> Option<Msg> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let place = target.closest("[data-place]").ok()??.get_attribute("data-place")?;
    let mut numbers = place.split(' ').map(|number| number.parse::<u32>().ok());
    let (source, start, end) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let source = SourceId(u16::try_from(source).ok()?);
    Some(Msg::Follow(Span { source, start, end }))
}
