//! The configuration in the forms that it is deployed in, to copy and to download.

use redproof_messages::{Answer, Ask, Exported};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use super::ViewProps;
use crate::app::Msg;
use crate::bridge;
use crate::engine::use_answer;
use crate::files::counted;
use crate::prose::prose;

#[component]
pub(crate) fn Export(props: &ViewProps) -> Html {
    let format = use_state(|| 0_usize);
    let said = use_state(String::new);
    let exports = use_answer(
        &props.host.engine,
        props.revision,
        |_| Ask::Export,
        |answer| if let Answer::Export(exports) = answer { Some(exports) } else { None },
    );
    // What was copied is another text now.
    use_effect_with((props.revision, *format), {
        let said = said.setter();
        move |_| said.set(String::new())
    });
    let Some(exports) = exports else { return super::waiting() };
    html! {
        <>
            <h2>{ "Export" }</h2>
            if props.errors > 0 {
                <p class="note still-wrong" role="status">
                    { format!("This configuration still has {}. ", counted(props.errors, "error")) }
                    <button type="button" class="place" onclick={props.host.link.callback(|_: MouseEvent| Msg::View(None))}>
                        { "See what is wrong" }
                    </button>
                </p>
            }
            <p class="note">
                { "Secrets are never exported. Replace each " }
                <mark>{ "FILL_IN_…" }</mark>
                { " before you deploy." }
            </p>
            { match &*exports {
                Err(error) => html! { <p class="empty">{ prose(error) }</p> },
                Ok(exports) => html! {
                    <>
                        <div class="formats" role="group" aria-label="Format">
                            { for exports.iter().enumerate().map(|(at, one)| choice(at, &one.title, &format)) }
                        </div>
                        { for exports.get(*format).map(|export| html! {
                            <>
                                <p class="note">{ prose(&export.about) }</p>
                                { left_open(&export.to_fill_in) }
                                { for export.notes.iter().map(|note| html! {
                                    <p class="note">{ prose(note) }</p>
                                }) }
                                { for export.files.iter().map(|file| one_file(file, &export.title, &said)) }
                            </>
                        }) }
                    </>
                },
            } }
            <p class="said" role="status">{ (*said).clone() }</p>
        </>
    }
}

fn choice(at: usize, title: &str, chosen: &UseStateHandle<usize>) -> Html {
    let is_chosen = at == **chosen;
    let chosen = chosen.clone();
    html! {
        <button
            type="button"
            class={classes!(is_chosen.then_some("chosen"))}
            aria-pressed={if is_chosen { "true" } else { "false" }}
            onclick={move |_| chosen.set(at)}
        >{ title }</button>
    }
}

/// What the reader has to supply.
fn left_open(placeholders: &[(String, String)]) -> Html {
    if placeholders.is_empty() {
        return html! {};
    }
    html! {
        <section class="fill-in" aria-label="To fill in">
            <h3>{ "To fill in" }</h3>
            <dl>
                { for placeholders.iter().map(|(token, what)| html! {
                    <div>
                        <dt><mark>{ token }</mark></dt>
                        <dd>{ what }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}

fn one_file(file: &Exported, format: &str, said: &UseStateHandle<String>) -> Html {
    let copy = {
        let (name, text, said) = (file.name.clone(), file.text(), said.setter());
        move |_| copy(name.clone(), text.clone(), said.clone())
    };
    let download = {
        let (name, text, said) = (file.name.clone(), file.text(), said.setter());
        move |_| {
            let saved = download(&name, &text).is_ok();
            said.set(if saved {
                format!("Downloaded {name}")
            } else {
                format!("This browser does not save {name}")
            });
        }
    };
    html! {
        <section class="file" key={file.name.clone()} aria-label={format!("{}, {format}", file.name)}>
            <header>
                <h3>{ file.name.clone() }</h3>
                <button type="button" class="quiet" aria-label={format!("Copy {}", file.name)} onclick={copy}>
                    { "Copy" }
                </button>
                <button type="button" class="quiet" aria-label={format!("Download {}", file.name)} onclick={download}>
                    { "Download" }
                </button>
            </header>
            <pre tabindex="0"><code>{ for marked(file) }</code></pre>
        </section>
    }
}

/// The text, its placeholders marked.
fn marked(file: &Exported) -> impl Iterator<Item = Html> {
    file.parts.iter().map(|(text, marked)| match marked {
        true => html! { <mark>{ text }</mark> },
        false => html! { text },
    })
}

/// Puts a text on the clipboard, and says how that went.
fn copy(name: String, text: String, said: UseStateSetter<String>) {
    spawn_local(async move {
        said.set(if bridge::copy(&text).await {
            format!("Copied {name}")
        } else {
            "The browser blocked copying: select the text, or download the file".to_owned()
        });
    });
}

/// Saves a text as a file. It never leaves the browser: its address is one of this page's own.
fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.ok_or(JsValue::NULL)?.create_element("a")?;
    let link: HtmlAnchorElement = link.dyn_into().map_err(JsValue::from)?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}
