//! The configuration in the forms that it is deployed in, to copy and to download.

use redproof_core::export::{Exports, File, Format, Placeholder, Secrets};
use redproof_desk::prose;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use crate::host;
use crate::view::ViewProps;

#[component]
pub(crate) fn Export(props: &ViewProps) -> Html {
    let format = use_state(|| Format::Config);
    let said = use_state(String::new);
    let exports = use_memo(props.clone(), |ViewProps { desk }| {
        desk.texts.with_input(desk.now, |input| Exports::of(input, Secrets::Placeholders))
    });
    // What was copied is another text now.
    use_effect_with((props.clone(), *format), {
        let said = said.setter();
        move |_| said.set(String::new())
    });
    html! {
        <>
            <h2>{ "Export" }</h2>
            <p class="note">
                { "The configuration as you deploy it. Secrets stay here: " }
                <mark>{ "FILL_IN_…" }</mark>
                { " stands for each, and for whatever is not known." }
            </p>
            <div class="formats" role="group" aria-label="Format">
                { for Format::ALL.into_iter().map(|one| choice(one, &format)) }
            </div>
            { match &*exports {
                Err(error) => html! { <p class="empty">{ prose(&format!("Nothing to export: {error}.")) }</p> },
                Ok(exports) => {
                    let export = exports.export(*format);
                    html! {
                        <>
                            <p class="note">{ prose(about(*format)) }</p>
                            { left_open(&export.to_fill_in) }
                            { for export.notes.iter().map(|note| html! {
                                <p class="note">{ prose(&format!("{}.", capital(note))) }</p>
                            }) }
                            { for export.files.iter().map(|file| one_file(file, &said)) }
                        </>
                    }
                }
            } }
            <p class="said" role="status">{ (*said).clone() }</p>
        </>
    }
}

fn title(format: Format) -> &'static str {
    match format {
        Format::Config => "config.yaml",
        Format::Env => ".env",
        Format::Kubernetes => "Kubernetes",
        Format::Compose => "Compose",
        Format::RedisConf => "redis.conf",
        Format::Commands => "Commands",
    }
}

fn about(format: Format) -> &'static str {
    match format {
        Format::Config => {
            "Each secret that is written in the config becomes an `os.environ/` reference; comments and layout stay."
        }
        Format::Env => {
            "Each variable that is set or that the config names, as python-dotenv reads it."
        }
        Format::Kubernetes => {
            "Config, Secrets and Deployment in one file: `kubectl apply -f kubernetes.yaml`. The files that the config names are mounted at their paths."
        }
        Format::Compose => "Put the files into one folder and run `docker compose up`.",
        Format::RedisConf => "What the server needs for what LiteLLM's clients do.",
        Format::Commands => {
            "Each connection, tried by hand with `redis-cli` and `openssl`. Passwords come from variables: no command line shows one."
        }
    }
}

fn choice(format: Format, chosen: &UseStateHandle<Format>) -> Html {
    let is_chosen = format == **chosen;
    let chosen = chosen.clone();
    html! {
        <button
            type="button"
            class={classes!(is_chosen.then_some("chosen"))}
            aria-pressed={if is_chosen { "true" } else { "false" }}
            onclick={move |_| chosen.set(format)}
        >{ title(format) }</button>
    }
}

/// What the reader has to supply.
fn left_open(placeholders: &[Placeholder]) -> Html {
    if placeholders.is_empty() {
        return html! {};
    }
    html! {
        <section class="fill-in" aria-label="To fill in">
            <h3>{ "To fill in" }</h3>
            <dl>
                { for placeholders.iter().map(|placeholder| html! {
                    <div>
                        <dt><mark>{ placeholder.token.clone() }</mark></dt>
                        <dd>{ placeholder.what.clone() }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}

fn one_file(file: &File, said: &UseStateHandle<String>) -> Html {
    let copy = {
        let (name, text, said) = (file.name.clone(), file.text.clone(), said.setter());
        move |_| copy(name.clone(), text.clone(), said.clone())
    };
    let download = {
        let (name, text, said) = (file.name.clone(), file.text.clone(), said.setter());
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
        <section class="file" key={file.name.clone()} aria-label={file.name.clone()}>
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
fn marked(file: &File) -> Vec<Html> {
    let mut parts = vec![];
    let mut at = 0;
    for place in &file.placeholders {
        parts.push(html! { file.text[at..place.start].to_owned() });
        parts.push(html! { <mark>{ file.text[place.clone()].to_owned() }</mark> });
        at = place.end;
    }
    parts.push(html! { file.text[at..].to_owned() });
    parts
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}

/// Puts a text on the clipboard, and says how that went.
fn copy(name: String, text: String, said: UseStateSetter<String>) {
    spawn_local(async move {
        said.set(if host::copy(&text).await {
            format!("Copied {name}")
        } else {
            "The browser did not let this page copy: select the text, or download the file"
                .to_owned()
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
