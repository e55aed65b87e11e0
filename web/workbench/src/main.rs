//! The workbench: all of the page that its first load does without. The page fetches it once its first
//! check is there (`web/editor/workbench.ts`), puts its texts on the desk, and shows the views.

mod certificates;
mod export;
mod host;
mod live;
mod settings;
mod share;
mod start;
mod upgrade;
mod view;

use std::rc::Rc;

use redproof_core::NamedText;
use redproof_core::environment::{self, Package};
use redproof_core::source::SourceId;
use redproof_desk::{Desk, Texts, View, answers, releases};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::AppHandle;
use yew::prelude::{Html, component, html};

use live::Live;
use share::Share;
use view::{Root, RootProps};

/// What the page talks to.
#[wasm_bindgen]
pub struct Workbench {
    texts: Texts,
    /// When the texts came: seconds since 1970.
    now: i64,
    /// The texts, checked; only once somebody asks.
    desk: Option<Rc<Desk>>,
    shown: Option<View>,
    /// Where the views live while none is shown, so that they keep what they hold.
    holder: Option<Element>,
    root: Option<AppHandle<Root>>,
    /// The live test, and where it is drawn.
    live: Option<(Element, AppHandle<Live>)>,
    /// The dialog that shares.
    share: Option<AppHandle<Share>>,
}

#[wasm_bindgen]
impl Workbench {
    /// A workbench with an empty desk.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no Default")]
    pub fn new() -> Self {
        spend_first_root();
        Self {
            texts: Texts::default(),
            now: 0,
            desk: None,
            shown: None,
            holder: None,
            root: None,
            live: None,
            share: None,
        }
    }

    /// Puts texts on the desk: the files by their numbers, and the releases asked for. `now` is in
    /// seconds since 1970.
    pub fn desk(
        &mut self,
        names: Vec<String>,
        texts: Vec<String>,
        litellm: String,
        redis_py: String,
        now: f64,
    ) {
        let files = names.into_iter().zip(texts).map(|(name, text)| NamedText { name, text });
        let texts = Texts { files: files.collect(), litellm, redis_py };
        if texts != self.texts {
            #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
            let now = now as i64;
            (self.texts, self.now, self.desk) = (texts, now, None);
            self.render();
        }
    }

    /// Takes a file with certificates or keys.
    pub fn receive(&self, name: &str, bytes: Vec<u8>) {
        certificates::receive(name, bytes);
    }

    /// Shows a view inside an element.
    pub fn show(&mut self, view: &str, parent: &Element) {
        self.shown = View::named(view);
        self.render();
        if let Some(holder) = &self.holder {
            parent.replace_children_with_node_1(holder);
        }
    }

    /// Takes the views off the page; they keep what they hold.
    pub fn hide(&mut self) {
        self.shown = None;
        if let Some(holder) = &self.holder {
            holder.remove();
        }
    }

    /// Shows the live test inside an element.
    pub fn live(&mut self, parent: &Element) {
        if let Some((holder, _)) = self.live_test() {
            parent.replace_children_with_node_1(holder);
        }
    }

    /// Tells the live test what happens.
    pub fn told(&mut self, event: JsValue) {
        if let Some((_, live)) = self.live_test() {
            live.send_message(live::Msg::News(event.into()));
        }
    }

    /// Opens the dialog that shares what lies on the desk.
    pub fn share(&mut self) {
        let desk = self.checked();
        if self.share.is_none() {
            self.share = new_element().map(|holder| {
                holder.set_id("share");
                let body = web_sys::window().and_then(|window| window.document()?.body());
                if let Some(body) = body {
                    // It can always be put there.
                    let _ = body.append_child(&holder);
                }
                yew::Renderer::<Share>::with_root(holder).render()
            });
        }
        if let Some(share) = &self.share {
            share.send_message(share::Msg::Open(desk));
        }
    }

    fn live_test(&mut self) -> Option<&(Element, AppHandle<Live>)> {
        if self.live.is_none() {
            let holder = new_element()?;
            let live = yew::Renderer::<Live>::with_root(holder.clone()).render();
            self.live = Some((holder, live));
        }
        self.live.as_ref()
    }

    /// Documentation of what stands at a place (in UTF-16 code units) of a file, in JSON.
    pub fn hover(&mut self, source: u16, at: u32) -> Option<String> {
        answers::hover(&self.checked(), SourceId(source), at)
    }

    /// What could be written at a place (in UTF-16 code units) of a file, in JSON. `explicit`: it was
    /// asked for, else it is told at each keystroke.
    pub fn complete(&mut self, source: u16, at: u32, explicit: bool) -> Option<String> {
        answers::complete(&self.checked(), SourceId(source), at, explicit)
    }

    /// Mends what can be mended safely, as one step of the editor's history; says what it did.
    #[wasm_bindgen(js_name = fixAll)]
    pub fn fix_all(&mut self) -> String {
        let desk = self.checked();
        let (edits, told) = answers::fix_all(&desk);
        host::edit(&desk, &edits);
        told
    }

    /// The releases of LiteLLM and redis-py that a requirements or lock file names; empty for one that
    /// it leaves open, or that is not known here.
    pub fn pinned(&self, name: &str, text: &str) -> Vec<String> {
        let pins = environment::pins(name, text);
        let release = |package| pins.iter().find(|pin| pin.package == package)?.release.clone();
        let litellm = release(Package::Litellm).unwrap_or_default();
        let redis_py = release(Package::RedisPy).unwrap_or_default();
        [
            if releases(&litellm, "").is_ok() { litellm } else { String::new() },
            if releases("", &redis_py).is_ok() { redis_py } else { String::new() },
        ]
        .into()
    }

    /// What lies on the desk, checked: the page has done that for itself at each keystroke.
    fn checked(&mut self) -> Rc<Desk> {
        let Self { texts, now, desk, .. } = self;
        Rc::clone(desk.get_or_insert_with(|| Rc::new(Desk::new(texts.clone(), *now))))
    }

    fn render(&mut self) {
        let Some(shown) = self.shown else { return };
        let props = RootProps { desk: self.checked(), shown };
        if let Some(root) = &mut self.root {
            root.update(props);
            return;
        }
        let Some(holder) = new_element() else { return };
        self.root =
            Some(yew::Renderer::<Root>::with_root_and_props(holder.clone(), props).render());
        self.holder = Some(holder);
    }
}

/// A `div`, which is always made where there is a document.
fn new_element() -> Option<Element> {
    web_sys::window()?.document()?.create_element("div").ok()
}

/// Takes the number that Yew gives to its first root. The page, a wasm of its own, counts from there
/// too, and would take a click on the workbench's first root for one on itself.
fn spend_first_root() {
    if let Some(element) = new_element() {
        yew::Renderer::<Nothing>::with_root(element).render().destroy();
    }
}

#[component]
fn Nothing() -> Html {
    html! {}
}

fn main() {
    // Its message may quote the user's text: the place alone is told.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        host::panicked(&place, env!("CARGO_PKG_VERSION"));
    }));
}
