//! What a view may do to the page.

use redproof_messages::{Answer, Ask, At, Edit};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::engine::Engine;

/// The page, to its views.
#[derive(Clone)]
pub(crate) struct Host {
    pub engine: Engine,
    pub link: Scope<App>,
}

/// There is one page.
impl PartialEq for Host {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Host {
    /// Shows a place in its editor, and gives that the keyboard.
    pub(crate) fn follow(&self, at: At) {
        self.link.send_message(Msg::Follow(at));
    }

    /// Lights the lines of these places, and no others, in every editor, and shows the first; the
    /// keyboard stays where it is.
    pub(crate) fn point(&self, places: Vec<At>) {
        self.link.send_message(Msg::Lines(places));
    }

    /// Applies edits of the texts that were checked last.
    pub(crate) fn edit(&self, edits: Vec<Edit>) {
        self.link.send_message(Msg::Edit(edits));
    }

    /// Puts new texts in place of the config and the environment.
    pub(crate) fn begin(&self, config: String, env: String) {
        self.link.send_message(Msg::Begin(config, env));
    }

    pub(crate) fn ask(&self, ask: &Ask, reply: impl FnOnce(Answer) + 'static) {
        self.engine.ask(ask, reply);
    }

    /// A place that leads there; the words alone where there is none.
    pub(crate) fn place(&self, at: Option<&At>, words: &str) -> Html {
        let words = words.to_owned();
        match at.cloned() {
            Some(at) => {
                let host = self.clone();
                let onclick = Callback::from(move |_: MouseEvent| host.follow(at.clone()));
                html! { <button type="button" class="place" {onclick}>{ words }</button> }
            }
            None => html! { words },
        }
    }
}
