//! What of the result is drawn.

use redproof_messages::Checked;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{App, Msg};
use crate::diagnose::Diagnose;
use crate::keys::named;
use crate::strip::Strip;
use crate::{map, problems, verdict};

impl App {
    /// What a check says.
    pub(super) fn result(&self, checked: Option<&Checked>, link: &yew::html::Scope<Self>) -> Html {
        let Some(checked) = checked else {
            return html! { <p class="note" role="status">{ "Checking…" }</p> };
        };
        let previewed = self.preview.as_ref();
        let edges = map::Shown {
            map: previewed.map_or(&checked.map, |(_, preview)| &preview.map),
            lit: if previewed.is_some() { &[] } else { &self.lit },
            live: &self.live,
            preview: previewed.is_some(),
            link,
        };
        html! {
            <>
                <p class="note loading" role="status">
                    if self.loading && !self.is_current() {
                        { "Loading the rest of the checker: this text needs it. What is below is of the text before." }
                    }
                </p>
                if checked.blank {
                    { verdict::blank(link) }
                } else {
                    { verdict::view(checked, self.filter, &self.host, link) }
                }
                { self.live.view(link) }
                { edges.view() }
                <Strip
                        host={self.host.clone()}
                        known={self.strip.clone()}
                        shown={!checked.blank}
                        texts={self.files_revision}
                        litellm={checked.litellm.clone()}
                        redis_py={checked.redis_py.clone()}
                        chosen={!self.workspace.litellm.is_empty()}
                        asked_redis_py={self.workspace.redis_py.clone()}
                />
                if !checked.blank {
                    { problems::view(checked, self.filter, self.preview.as_ref(), &self.host, link) }
                }
                if !checked.blank || self.error.is_some() {
                    <Diagnose
                        host={self.host.clone()}
                        revision={self.revision_checked()}
                        given={self.error.clone()}
                    />
                }
                <footer>
                    <p>{ "Your text stays in this browser: nothing is sent anywhere." }</p>
                    { self.drafts(link) }
                    // Also for those who have no keys.
                    <p class="keys">
                        <button type="button" class="quiet" onclick={link.callback(|_: MouseEvent| Msg::Palette)}>
                            <kbd>{ named("Ctrl K") }</kbd>{ " commands" }
                        </button>
                        <button type="button" class="quiet" onclick={link.callback(|_: MouseEvent| Msg::Keys)}>
                            <kbd>{ "?" }</kbd>{ " all keys" }
                        </button>
                        <span><kbd>{ "Esc Tab" }</kbd>{ " leave the editor" }</span>
                    </p>
                </footer>
            </>
        }
    }

    /// The switch that keeps the text between visits.
    fn drafts(&self, link: &yew::html::Scope<Self>) -> Html {
        let keep = link.batch_callback(|event: Event| {
            Some(Msg::Drafts(event.target_dyn_into::<HtmlInputElement>()?.checked()))
        });
        html! {
            <p class="drafts">
                <label class="tick">
                    <input type="checkbox" checked={self.drafts} onchange={keep} />
                    { "Keep my text in this browser, passwords too" }
                </label>
                if self.drafts {
                    { " It is stored here unencrypted, passwords included. Switch this off to delete it." }
                }
            </p>
        }
    }
}
