//! Certificates and keys: the chain, the dates, the names against the configured hosts, the key.
//!
//! The engine holds and judges them; this shows what it says. Private keys are wiped there as soon as
//! they were read.

mod chain;

use std::rc::Rc;

use redproof_messages::{
    Answer, Ask, AskHeld, CertificateFinding, Certificates as Judged, HeldFile,
};
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{ViewProps, waiting};
use crate::bridge;
use crate::prose::prose;

#[component]
pub(crate) fn Certificates(props: &ViewProps) -> Html {
    let host = props.host.clone();
    let area = use_node_ref();
    // How often the files were changed here.
    let changes = use_state(|| 0_u32);
    let judged = use_state(|| None::<Rc<Judged>>);
    use_effect_with((props.revision, *changes), {
        let (host, set) = (host.clone(), judged.setter());
        move |_| {
            host.ask(&Ask::Certificates(AskHeld::Judge), move |answer| {
                if let Answer::Certificates(judged) = answer {
                    set.set(Some(Rc::from(judged)));
                }
            });
        }
    });
    let change = {
        let (host, changes) = (host.clone(), changes.clone());
        Callback::from(move |ask: AskHeld| {
            host.ask(&Ask::Certificates(ask), |_| {});
            changes.set(*changes + 1);
        })
    };
    let Some(judged) = (*judged).clone() else { return waiting() };
    html! {
        <>
            <h2>{ "Certificates" }</h2>
            { intake(judged.held.is_empty(), &area, &change) }
            if !judged.held.is_empty() {
                { all(&judged, &change) }
            }
        </>
    }
}

fn all(judged: &Judged, change: &Callback<AskHeld>) -> Html {
    let (tone, headline) = &judged.conclusion;
    let (idle, more) = &judged.idle;
    html! {
        <>
            <div role="status">
                <p class={classes!("summary", tone.name())}>{ headline }</p>
            </div>
            { for judged.note.iter().map(|note| html! { <p class="note plaintext">{ prose(note) }</p> }) }
            { findings(&judged.findings) }
            <ul class="held" aria-label="Files">
                { for judged.held.iter().map(|one| file(one, &judged.roles, change)) }
            </ul>
            { for judged.chains.iter().map(chain::chain) }
            { chain::others(idle, *more) }
        </>
    }
}

/// How files come in.
fn intake(first: bool, area: &NodeRef, change: &Callback<AskHeld>) -> Html {
    let paste = {
        let (area, change) = (area.clone(), change.clone());
        Callback::from(move |_: MouseEvent| {
            let area = area.cast::<HtmlTextAreaElement>();
            if let Some(area) = area.filter(|area| !area.value().trim().is_empty()) {
                let name = pasted_name(&area.value()).to_owned();
                change.emit(AskHeld::Hold { name, bytes: area.value().into_bytes() });
                area.set_value("");
            }
        })
    };
    html! {
        <div class="intake">
            <p>
                { "Drop PEM files or a Kubernetes TLS Secret anywhere on this page: the CA's certificate, the \
                   server's, the client's, and the key." }
            </p>
            <p class="note">
                { "They stay in this page's memory and are gone when you reload it: nothing is stored, sent, or put into \
                   a link. A private key is compared with its certificate and wiped at once." }
            </p>
            <div class="ways">
                <button type="button" class="fix" onclick={|_| bridge::open_files()}>{ "Open files…" }</button>
                <details class="paste" open={first}>
                    <summary>{ "Paste" }</summary>
                    <textarea ref={area.clone()} rows="4" spellcheck="false" autocomplete="off" aria-label="PEM text, or a Secret's manifest"
                        placeholder="-----BEGIN CERTIFICATE-----" />
                    <button type="button" class="fix" onclick={paste}>{ "Read it" }</button>
                </details>
            </div>
        </div>
    }
}

/// A pasted text has no name: one for each kind, so that several are next to each other.
fn pasted_name(text: &str) -> &'static str {
    match (text.contains("PRIVATE KEY-----"), text.contains("CERTIFICATE-----")) {
        (true, false) => "pasted key",
        (false, true) if text.matches("-----BEGIN CERTIFICATE-----").count() > 1 => "pasted chain",
        (false, true) => "pasted certificate",
        _ => "pasted text",
    }
}

fn file(held: &HeldFile, roles: &[String], change: &Callback<AskHeld>) -> Html {
    let HeldFile { name, contents, role, setting } = held;
    let choose = {
        let (name, change) = (name.clone(), change.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                change.emit(AskHeld::Assign { name: name.clone(), role: Some(select.value()) });
            }
        })
    };
    let forget = {
        let (name, change) = (name.clone(), change.clone());
        Callback::from(move |_: MouseEvent| {
            change.emit(AskHeld::Assign { name: name.clone(), role: None });
        })
    };
    html! {
        <li key={name.clone()}>
            <span class="file-name">{ name }</span>
            <span class="contents">{ contents }</span>
            <label>
                <span class="as">{ match setting {
                    Some(setting) => html! { <>{ "as " }<code>{ setting }</code></> },
                    None => html! { "as" },
                } }</span>
                <select onchange={choose} aria-label={format!("What {name} is")}>
                    { for roles.iter().map(|one| html! {
                        <option value={one.clone()} selected={one == role}>{ one }</option>
                    }) }
                </select>
            </label>
            <button type="button" class="forget" onclick={forget} aria-label={format!("Forget {name}")}>{ "Forget" }</button>
        </li>
    }
}

fn findings(all: &[CertificateFinding]) -> Html {
    if all.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="certificate-findings">
            <h2 id="certificate-findings">{ "Findings" }<span class="count">{ all.len() }</span></h2>
            <ol class="problems">
                { for all.iter().map(|one| {
                    let level = one.severity.name();
                    html! {
                        <li class="problem">
                            <p class="problem-head">
                                <span class={classes!("severity", level)}>{ level }</span>
                                <a
                                    class="finding-code"
                                    href={format!("docs/certificates/{}.html", one.code)}
                                    target="_blank"
                                    rel="noopener"
                                    title={one.rule.clone()}
                                >{ &one.code }</a>
                            </p>
                            <p class="message">{ prose(&one.message) }</p>
                            <p class="help">{ prose(&one.help) }</p>
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}
