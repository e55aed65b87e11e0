//! A chain, drawn from the certificate up to its root.

use redproof_messages::{CertificateFacts, Chain, Host, Link, Tone};
use yew::prelude::*;

/// A chain with its names and its key.
pub(super) fn chain(chain: &Chain) -> Html {
    let (tone, words) = &chain.verdict;
    let mark = if *tone == Tone::Plain { "" } else { mark(*tone) };
    html! {
        <section class="certificate-chain" aria-label={format!("{}, {}", chain.who, chain.file)}>
            <h2>
                { &chain.who }<span class="of-file">{ &chain.file }</span>
                <span class={classes!("badge", tone.name())}>{ format!("{mark} {words}").trim().to_owned() }</span>
            </h2>
            if !chain.hosts.is_empty() {
                <ul class="hosts" aria-label="The configuration's hosts">
                    { for chain.hosts.iter().map(host) }
                </ul>
            }
            { key(chain) }
            <ol class="links" aria-label="The chain, from the certificate to its root">
                { for chain.links.iter().enumerate().map(|(at, one)| link(one, at + 1 == chain.links.len())) }
                { for chain.missing.iter().map(|issuer| html! {
                    <li class="link missing">
                        <p class="subject">{ issuer }</p>
                        <p class="problem-line">{ "✗ This certificate is missing." }</p>
                    </li>
                }) }
            </ol>
        </section>
    }
}

/// The trusted certificates that no chain goes through, and how many more there are.
pub(super) fn others(idle: &[CertificateFacts], more: usize) -> Html {
    if idle.is_empty() {
        return html! {};
    }
    html! {
        <section class="certificate-chain" aria-label="Trusted certificates">
            <h2>{ "Trusted, but in no chain here" }<span class="count">{ idle.len() + more }</span></h2>
            <ul class="links apart">
                { for idle.iter().map(|one| html! {
                    <li class="link">{ body(one) }</li>
                }) }
            </ul>
            if more > 0 {
                <p class="note">{ format!("and {more} more") }</p>
            }
        </section>
    }
}

fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Plain | Tone::Hint => "–",
        Tone::Warning => "?",
        Tone::Error => "✗",
    }
}

fn host(host: &Host) -> Html {
    html! {
        <li class={host.tone.name()}>
            <span class="mark" aria-hidden="true">{ if host.fits { "✓" } else { "✗" } }</span>
            <code>{ &host.host }</code>{ " " }<span>{ &host.words }</span>
        </li>
    }
}

fn key(chain: &Chain) -> Html {
    let (tone, words) = &chain.key;
    html! {
        <p class={classes!("key", tone.name())}><span class="mark" aria-hidden="true">{ mark(*tone) }</span>{ words }</p>
    }
}

fn link(link: &Link, last: bool) -> Html {
    let sound = link.problems.is_empty();
    html! {
        <>
            <li class={classes!("link", (!sound).then_some("broken"), link.trusted.then_some("trusted"))}>
                <span class="origin-badge">{ &link.origin }</span>
                { body(&link.certificate) }
                { for link.problems.iter().map(|problem| html! {
                    <p class="problem-line">{ format!("✗ {problem}") }</p>
                }) }
            </li>
            { for link.signed.iter().map(|(words, tone)| html! {
                <li class={classes!(
                    "signed",
                    (*tone == Tone::Error).then_some("bad"),
                    last.then_some("last"),
                )}>
                    { if *tone == Tone::Good { format!("{words} ✓") } else { words.clone() } }
                </li>
            }) }
        </>
    }
}

fn body(certificate: &CertificateFacts) -> Html {
    let (tone, when) = &certificate.time_left;
    let facts = &certificate.facts;
    let (shown, hidden) = facts.split_at(facts.len().saturating_sub(3));
    html! {
        <>
            <p class="subject">{ &certificate.subject }</p>
            <p class="dates">
                <span class={classes!("days", tone.name())}>{ when }</span>
                { " " }
                <span class="from-until">{ &certificate.dates }</span>
            </p>
            <dl class="facts">{ for shown.iter().map(fact) }</dl>
            <details class="more">
                <summary>{ "Issuer, serial number, fingerprint" }</summary>
                <dl class="facts">{ for hidden.iter().map(fact) }</dl>
            </details>
        </>
    }
}

fn fact((name, value): &(String, String)) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}
