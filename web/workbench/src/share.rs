//! The dialog that makes a link: the texts themselves, packed into the part of an address that
//! browsers send to no server.

use std::rc::Rc;

use redproof_core::source::SourceId;
use redproof_desk::Desk;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::html::Scope;
use yew::prelude::*;

use crate::host;

/// Links longer than this are cut off by some programs.
const LONG: usize = 2000;

/// What happens to it.
pub(crate) enum Msg {
    /// It is opened, to share this.
    Open(Rc<Desk>),
    /// Whether passwords and keys are to be in the link.
    Secrets(bool),
    /// A link is made, or there can be none.
    Link(u32, Option<String>),
    /// The link is to be copied.
    Copy,
    /// Whether the link was copied.
    Copied(bool),
}

/// The dialog.
#[derive(Default)]
pub(crate) struct Share {
    dialog: NodeRef,
    field: NodeRef,
    /// It opens once it is drawn.
    opens: bool,
    /// What is shared.
    desk: Option<Rc<Desk>>,
    secrets: bool,
    /// The link; `None` while there is none.
    link: Option<String>,
    said: String,
    run: u32,
}

impl Component for Share {
    type Message = Msg;
    type Properties = ();

    fn create(_context: &Context<Self>) -> Self {
        Self::default()
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let link = context.link();
        match message {
            Msg::Open(desk) => {
                self.desk = Some(desk);
                // Nobody's passwords are in a link because they were in the last one.
                self.secrets = false;
                self.opens = true;
                self.pack(link);
            }
            Msg::Secrets(secrets) => {
                self.secrets = secrets;
                self.pack(link);
            }
            // Another link was asked for since.
            Msg::Link(run, _) if run != self.run => return false,
            Msg::Link(_, made) => {
                self.said = match &made {
                    None => "This is too much for a link: take the files along instead.".to_owned(),
                    Some(made) if made.len() > LONG => format!(
                        "{} characters: some mail and chat programs cut off so long a link.",
                        made.len()
                    ),
                    Some(made) => format!("{} characters.", made.len()),
                };
                self.link = made;
            }
            Msg::Copy => {
                let Some(made) = self.link.clone() else { return false };
                if let Some(field) = self.field.cast::<HtmlInputElement>() {
                    field.select();
                }
                let link = link.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let copied = host::copy(&made).await;
                    link.send_message(Msg::Copied(copied));
                });
            }
            Msg::Copied(copied) => {
                let said = if copied { "Copied." } else { "Copy the marked link by hand." };
                said.clone_into(&mut self.said);
            }
        }
        true
    }

    fn rendered(&mut self, _context: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.opens)
            && let Some(dialog) = self.dialog.cast::<HtmlDialogElement>()
        {
            // It fails where it is open already.
            let _ = dialog.show_modal();
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let tick = link.batch_callback(|event: Event| {
            let ticked = event.target_dyn_into::<HtmlInputElement>()?.checked();
            Some(Msg::Secrets(ticked))
        });
        let what = if self.secrets {
            "The link holds every password and key in your text. Whoever sees the link can read them."
        } else {
            "Passwords, tokens and keys are left out: ••• stands in their place."
        };
        html! {
            <dialog class="share" ref={self.dialog.clone()} aria-labelledby="share-title">
                <form method="dialog">
                    <h2 id="share-title">{ "Share this configuration" }</h2>
                    <p>
                        { "The link holds your files themselves, in the part of the address that \
                           browsers do not send to servers." }
                    </p>
                    <label class="tick">
                        <input type="checkbox" checked={self.secrets} onchange={tick} />
                        { "Include passwords and keys" }
                    </label>
                    <p class={classes!("note", self.secrets.then_some("danger"))}>{ what }</p>
                    <div class="link">
                        <input
                            ref={self.field.clone()}
                            readonly=true
                            aria-label="Link"
                            value={self.link.clone().unwrap_or_default()}
                        />
                        <button
                            type="button"
                            class="primary"
                            disabled={self.link.is_none()}
                            onclick={link.callback(|_| Msg::Copy)}
                        >{ "Copy" }</button>
                    </div>
                    <p class="said" role="status">{ &self.said }</p>
                    <button class="quiet">{ "Close" }</button>
                </form>
            </dialog>
        }
    }
}

impl Share {
    /// Makes the link anew.
    fn pack(&mut self, link: &Scope<Self>) {
        let Some(desk) = self.desk.clone() else { return };
        self.run += 1;
        self.link = None;
        let files = (0..).map(SourceId).zip(&desk.texts.files);
        let texts = files.map(|(source, file)| {
            if self.secrets {
                file.text.clone()
            } else {
                desk.report.redaction.shareable(source, &file.text)
            }
        });
        let texts = texts.collect();
        let names = desk.texts.files.iter().map(|file| file.name.clone()).collect();
        let (litellm, redis_py) = (desk.texts.litellm.clone(), desk.texts.redis_py.clone());
        let (run, link) = (self.run, link.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let made = host::share_link(names, texts, &litellm, &redis_py).await;
            link.send_message(Msg::Link(run, made));
        });
    }
}
