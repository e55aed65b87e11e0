//! The dialog that makes a link: the texts themselves, packed into the part of an address that
//! browsers send to no server.

use std::rc::Rc;

use redproof_messages::{Answer, Ask, Texts};
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::html::Scope;
use yew::prelude::*;

use crate::bridge::{self, Kept};
use crate::host::Host;

/// Links longer than this are cut off by some programs.
const LONG: usize = 2000;

#[derive(Properties)]
pub(crate) struct Props {
    pub host: Host,
    /// How often it was asked for.
    pub asked: u32,
    /// What is shared.
    pub texts: Rc<Texts>,
    /// Which of its files are: a folder's others say nothing.
    pub used: Vec<bool>,
}

/// Nothing is drawn before it is asked for.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked
    }
}

/// What happens to it.
pub(crate) enum Msg {
    /// Whether passwords and keys are to be in the link.
    Secrets(bool),
    /// The texts that go into it.
    Texts(u32, Vec<String>),
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
    copy: NodeRef,
    /// It opens once it is drawn.
    opens: bool,
    secrets: bool,
    /// The link; `None` while there is none.
    link: Option<String>,
    said: String,
    run: u32,
}

impl Component for Share {
    type Message = Msg;
    type Properties = Props;

    fn create(_context: &Context<Self>) -> Self {
        Self::default()
    }

    fn changed(&mut self, context: &Context<Self>, _: &Props) -> bool {
        // Nobody's passwords are in a link because they were in the last one.
        self.secrets = false;
        self.opens = true;
        self.pack(context);
        true
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let link = context.link();
        match message {
            Msg::Secrets(secrets) => {
                self.secrets = secrets;
                self.pack(context);
            }
            // Another link was asked for since.
            Msg::Link(run, _) | Msg::Texts(run, _) if run != self.run => return false,
            Msg::Texts(run, texts) => {
                make(run, context.props(), texts, link.clone());
                return false;
            }
            Msg::Link(_, made) => {
                self.said = match &made {
                    None => "This is too much for a link. Send the files instead.".to_owned(),
                    Some(made) if made.len() > LONG => format!(
                        "{} characters: some mail and chat programs truncate links this long.",
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
                    let copied = bridge::copy(&made).await;
                    link.send_message(Msg::Copied(copied));
                });
            }
            Msg::Copied(copied) => {
                let said = if copied { "Copied." } else { "Copy the selected link by hand." };
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
            // What is wanted most, and no stray Space ticks the box.
            if let Some(copy) = self.copy.cast::<HtmlElement>() {
                let _ = copy.focus();
            }
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let tick = link.batch_callback(|event: Event| {
            let ticked = event.target_dyn_into::<HtmlInputElement>()?.checked();
            Some(Msg::Secrets(ticked))
        });
        let what = if self.secrets {
            "The link contains every password and key in your text. Anyone with the link can read them."
        } else {
            "Passwords, tokens and keys are replaced by •••."
        };
        html! {
            <dialog class="share" ref={self.dialog.clone()} aria-labelledby="share-title">
                <form method="dialog">
                    <h2 id="share-title">{ "Share this configuration" }</h2>
                    <p>
                        { "The link contains your files, in the part of the address that browsers never send to a server." }
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
                            ref={self.copy.clone()}
                            aria-disabled={if self.link.is_none() { "true" } else { "false" }}
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
    fn pack(&mut self, context: &Context<Self>) {
        self.run += 1;
        self.link = None;
        let (run, link) = (self.run, context.link().clone());
        let Props { host, texts, .. } = context.props();
        if self.secrets {
            let texts = texts.files.iter().map(|file| file.text.clone()).collect();
            link.send_message(Msg::Texts(run, texts));
            return;
        }
        host.ask(&Ask::Shareable, move |answer| {
            if let Answer::Shareable(texts) = answer {
                link.send_message(Msg::Texts(run, texts));
            }
        });
    }
}

/// Makes a link of texts under the names of the files.
fn make(run: u32, props: &Props, texts: Vec<String>, link: Scope<Share>) {
    let mut of = Texts::clone(&props.texts);
    for (file, text) in of.files.iter_mut().zip(texts) {
        file.text = text;
    }
    let mut used = props.used.iter();
    of.files.retain(|_| used.next().copied().unwrap_or(true));
    let kept = Kept::of(of);
    wasm_bindgen_futures::spawn_local(async move {
        let made = bridge::share_link(&kept).await;
        link.send_message(Msg::Link(run, made));
    });
}
