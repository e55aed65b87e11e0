//! A chain, drawn from the certificate up to its root.

use redproof_core::certificate::{
    Certificate, Chain, Holding, Inspection, Link, NameCheck, Origin, Tone, Verified,
};
use yew::prelude::*;

/// A chain with its names and its key.
pub(super) fn chain(chain: &Chain, holdings: &[Holding], now: i64) -> Html {
    let name = holdings.get(chain.file).map_or("", |holding| holding.name.as_str());
    let who = chain.purpose.name();
    let (tone, words) = chain.verdict.in_words();
    let mark = if tone == Tone::Plain { "" } else { mark(tone) };
    html! {
        <section class="certificate-chain" aria-label={format!("{who}, {name}")}>
            <h2>
                { who }<span class="of-file">{ name.to_owned() }</span>
                <span class={classes!("badge", class(tone))}>{ format!("{mark} {words}").trim().to_owned() }</span>
            </h2>
            if !chain.names.is_empty() {
                <ul class="hosts" aria-label="The configuration's hosts">
                    { for chain.names.iter().map(host) }
                </ul>
            }
            { key(chain, holdings) }
            <ol class="links" aria-label="The chain, from the certificate to its root">
                { for chain.links.iter().enumerate().map(|(at, one)| link(one, at + 1 == chain.links.len(), now)) }
                { for chain.missing.iter().map(|issuer| html! {
                    <li class="link missing">
                        <p class="subject">{ issuer.clone() }</p>
                        <p class="problem-line">{ "✗ This certificate is missing." }</p>
                    </li>
                }) }
            </ol>
        </section>
    }
}

/// The trusted certificates that no chain goes through.
pub(super) fn others(inspection: &Inspection, now: i64) -> Html {
    let rest = inspection.idle_authorities();
    if rest.is_empty() {
        return html! {};
    }
    html! {
        <section class="certificate-chain" aria-label="Trusted certificates">
            <h2>{ "Trusted, and in no chain here" }<span class="count">{ rest.len() }</span></h2>
            <ul class="links apart">
                { for rest.iter().take(20).map(|one| html! {
                    <li class="link">{ body(one, now) }</li>
                }) }
            </ul>
            if rest.len() > 20 {
                <p class="note">{ format!("and {} more", rest.len() - 20) }</p>
            }
        </section>
    }
}

/// The style of a tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Plain => "plain",
        Tone::Warning => "warning",
        Tone::Error => "error",
    }
}

fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Plain => "–",
        Tone::Warning => "?",
        Tone::Error => "✗",
    }
}

fn host(check: &NameCheck) -> Html {
    let (tone, words) = check.in_words();
    let mark = if check.fits.is_some() { "✓" } else { "✗" };
    html! {
        <li class={class(tone)}>
            <span class="mark" aria-hidden="true">{ mark }</span>
            <code>{ check.demand.host.clone() }</code>{ " " }<span>{ words }</span>
        </li>
    }
}

fn key(chain: &Chain, holdings: &[Holding]) -> Html {
    let (tone, words) = chain.key_in_words(holdings);
    html! {
        <p class={classes!("key", class(tone))}><span class="mark" aria-hidden="true">{ mark(tone) }</span>{ words }</p>
    }
}

fn link(link: &Link, last: bool, now: i64) -> Html {
    let sound = link.problems.is_empty();
    let signed = link.signed_in_words(last);
    html! {
        <>
            <li class={classes!("link", (!sound).then_some("broken"), (link.origin == Origin::Trusted).then_some("trusted"))}>
                <span class="origin-badge">{ link.origin.name() }</span>
                { body(&link.certificate, now) }
                { for link.problems.iter().map(|problem| html! {
                    <p class="problem-line">{ format!("✗ {problem}") }</p>
                }) }
            </li>
            if let Some(signed) = signed {
                <li class={classes!(
                    "signed",
                    (link.signature == Verified::Bad).then_some("bad"),
                    last.then_some("last"),
                )}>
                    { if link.signature == Verified::Good { format!("{signed} ✓") } else { signed.to_owned() } }
                </li>
            }
        </>
    }
}

fn body(certificate: &Certificate, now: i64) -> Html {
    let (tone, when) = certificate.time_left(now);
    let facts = certificate.facts();
    let (shown, hidden) = facts.split_at(facts.len().saturating_sub(3));
    html! {
        <>
            <p class="subject">{ certificate.subject().to_owned() }</p>
            <p class="dates">
                <span class={classes!("days", class(tone))}>{ when }</span>
                { " " }
                <span class="from-until">{ certificate.dates() }</span>
            </p>
            <dl class="facts">{ for shown.iter().map(fact) }</dl>
            <details class="more">
                <summary>{ "Issuer, serial number, fingerprint" }</summary>
                <dl class="facts">{ for hidden.iter().map(fact) }</dl>
            </details>
        </>
    }
}

fn fact((name, value): &(&'static str, String)) -> Html {
    html! { <div><dt>{ *name }</dt><dd>{ value.clone() }</dd></div> }
}
