//! Certificates and keys: the chain, the dates, the names against the configured hosts, the key.
//!
//! Core judges; this shows. Private keys are wiped as soon as they were read.

mod chain;
mod held;

use redproof_core::certificate::{Demands, Inspection, Role, assign, inspect};
use redproof_core::finding::Finding;
use redproof_desk::prose;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::host;
use crate::view::ViewProps;
use held::Held;
pub(crate) use held::receive;

const ROLES: [Role; 5] = [Role::Authorities, Role::Server, Role::Client, Role::Key, Role::Nothing];

#[component]
pub(crate) fn Certificates(props: &ViewProps) -> Html {
    let held = use_state(held::all);
    let area = use_node_ref();
    use_effect_with((), {
        let set = held.setter();
        move |()| held::listen(Callback::from(move |now| set.set(now)))
    });
    let report = &props.desk.report;
    let demands = Demands::of(&report.outcome, report.pair);
    let holdings: Vec<_> = held.iter().map(|one| one.holding.clone()).collect();
    let assigned = assign(&holdings, &demands);
    let roles: Vec<Role> =
        held.iter().zip(&assigned).map(|(one, (role, _))| one.chosen.unwrap_or(*role)).collect();
    let inspection = inspect(&holdings, &roles, &demands, props.desk.now);
    html! {
        <>
            <h2>{ "Certificates" }</h2>
            { intake(held.is_empty(), &area) }
            if !held.is_empty() {
                <div role="status">
                    { conclusion(&inspection) }
                </div>
                { plaintext(&demands) }
                { findings(&inspection.findings) }
                <ul class="held" aria-label="Files">
                    { for held.iter().zip(&roles).zip(&assigned).map(|((one, role), (_, setting))| {
                        file(one, *role, setting.filter(|_| one.chosen.is_none()))
                    }) }
                </ul>
                { for inspection.chains.iter().map(|one| chain::chain(one, &holdings, props.desk.now)) }
                { chain::others(&inspection, props.desk.now) }
            }
        </>
    }
}

/// How files come in.
fn intake(first: bool, area: &NodeRef) -> Html {
    let paste = {
        let area = area.clone();
        Callback::from(move |_: MouseEvent| {
            let area = area.cast::<HtmlTextAreaElement>();
            if let Some(area) = area.filter(|area| !area.value().trim().is_empty()) {
                receive(pasted_name(&area.value()), area.value().into_bytes());
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
                <button type="button" class="fix" onclick={|_| host::open_files()}>{ "Open files…" }</button>
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

/// A pasted text has no name: one for each kind, so that several stand beside each other.
fn pasted_name(text: &str) -> &'static str {
    match (text.contains("PRIVATE KEY-----"), text.contains("CERTIFICATE-----")) {
        (true, false) => "pasted key",
        (false, true) if text.matches("-----BEGIN CERTIFICATE-----").count() > 1 => "pasted chain",
        (false, true) => "pasted certificate",
        _ => "pasted text",
    }
}

fn conclusion(inspection: &Inspection) -> Html {
    let (tone, headline) = inspection.conclusion();
    html! { <p class={classes!("summary", chain::class(tone))}>{ headline }</p> }
}

/// Where the configuration does not speak TLS, all this is for nothing.
fn plaintext(demands: &Demands) -> Html {
    if demands.hosts.is_empty() {
        return html! {
            <p class="note">{ "The configuration names no host that is known: names are not checked." }</p>
        };
    }
    if demands.hosts.iter().any(|host| host.tls) {
        return html! {};
    }
    html! {
        <p class="note plaintext">
            { prose("The configuration's connections are plaintext, so that certificates have no effect: set `ssl: true`.") }
        </p>
    }
}

fn file(held: &Held, role: Role, setting: Option<&'static str>) -> Html {
    let name = held.holding.name.clone();
    let contents = held.holding.contents();
    let choose = {
        let name = name.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
                return;
            };
            let chosen = ROLES.into_iter().find(|role| role.name() == select.value());
            held::change(|all| {
                if let Some(one) = all.iter_mut().find(|one| one.holding.name == name) {
                    one.chosen = chosen;
                }
            });
        })
    };
    let forget = {
        let name = name.clone();
        Callback::from(move |_: MouseEvent| {
            held::change(|all| all.retain(|one| one.holding.name != name));
        })
    };
    html! {
        <li key={name.clone()}>
            <span class="file-name">{ &name }</span>
            <span class="contents">{ contents }</span>
            <label>
                <span class="as">{ match setting {
                    Some(setting) => html! { <>{ "as " }<code>{ setting }</code></> },
                    None => html! { "as" },
                } }</span>
                <select onchange={choose} aria-label={format!("What {name} is")}>
                    { for ROLES.into_iter().map(|one| html! {
                        <option value={one.name()} selected={one == role}>{ one.name() }</option>
                    }) }
                </select>
            </label>
            <button type="button" class="forget" onclick={forget} aria-label={format!("Forget {name}")}>{ "Forget" }</button>
        </li>
    }
}

fn findings(all: &[Finding]) -> Html {
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
                                    title={one.rule}
                                >{ one.code }</a>
                            </p>
                            <p class="message">{ prose(&one.message) }</p>
                            { for one.help.as_deref().map(|help| html! { <p class="help">{ prose(help) }</p> }) }
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}
