//! A chain, drawn from the certificate up to its root.

use redproof_core::calendar::rfc3339;
use redproof_core::certificate::{
    Certificate, Chain, Holding, Inspection, KeyMatch, Link, NameCheck, Origin, Purpose, Verdict,
    Verified,
};
use yew::prelude::*;

/// A chain with its names and its key.
pub(super) fn chain(chain: &Chain, holdings: &[Holding], now: i64) -> Html {
    let name = |place: usize| holdings.get(place).map_or("", |holding| holding.name.as_str());
    let who = match chain.purpose {
        Purpose::Server => "Server",
        Purpose::Client => "Client",
    };
    let (tone, words) = verdict(chain.verdict);
    html! {
        <section class="certificate-chain" aria-label={format!("{who}, {}", name(chain.file))}>
            <h2>
                { who }<span class="of-file">{ name(chain.file).to_owned() }</span>
                <span class={classes!("badge", tone)}>{ words }</span>
            </h2>
            if !chain.names.is_empty() {
                <ul class="hosts" aria-label="The configuration's hosts">
                    { for chain.names.iter().map(host) }
                </ul>
            }
            { key(chain, &name) }
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
    let in_chain = |certificate: &Certificate| {
        inspection
            .chains
            .iter()
            .any(|chain| chain.links.iter().any(|link| link.certificate == *certificate))
    };
    let rest: Vec<&Certificate> =
        inspection.authorities.iter().map(|(_, one)| one).filter(|one| !in_chain(one)).collect();
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

fn verdict(verdict: Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Ok => ("good", "✓ OpenSSL takes it".to_owned()),
        Verdict::Unknown => ("plain", "not known from these files".to_owned()),
        other => ("error", format!("✗ {}", other.name())),
    }
}

fn host(check: &NameCheck) -> Html {
    let demand = &check.demand;
    let (tone, mark, words) = match &check.fits {
        Some(name) => ("good", "✓", format!("fits {name}")),
        None if demand.name_checked => ("error", "✗", "is not in the certificate".to_owned()),
        None => (
            "warning",
            "✗",
            "is not in the certificate, and this client does not check it".to_owned(),
        ),
    };
    html! {
        <li class={tone}>
            <span class="mark" aria-hidden="true">{ mark }</span>
            <code>{ demand.host.clone() }</code>{ " " }<span>{ words }</span>
        </li>
    }
}

fn key<'h>(chain: &Chain, name: &impl Fn(usize) -> &'h str) -> Html {
    let (tone, mark, words) = match chain.key {
        KeyMatch::Matches(place) => {
            ("good", "✓", format!("The private key in {} belongs to it.", name(place)))
        }
        KeyMatch::Differs(place) => (
            "error",
            "✗",
            format!("The private key in {} belongs to another certificate.", name(place)),
        ),
        KeyMatch::Encrypted(place) => (
            "warning",
            "?",
            format!(
                "The private key in {} is encrypted: whether it belongs to it is not seen.",
                name(place)
            ),
        ),
        KeyMatch::NotJudged(place) => (
            "warning",
            "?",
            format!("The private key in {} is of a kind that is not known here.", name(place)),
        ),
        KeyMatch::NotGiven => ("plain", "–", "Its private key is not here.".to_owned()),
    };
    html! {
        <p class={classes!("key", tone)}><span class="mark" aria-hidden="true">{ mark }</span>{ words }</p>
    }
}

fn link(link: &Link, last: bool, now: i64) -> Html {
    let sound = link.problems.is_empty();
    let origin = match link.origin {
        Origin::Presented => "presented",
        Origin::Sent => "sent along",
        Origin::Trusted => "trusted",
    };
    let signed = match link.signature {
        Verified::Good if last => "signed by itself",
        Verified::Good => "signed by",
        Verified::Bad => "not signed by",
        Verified::NotJudged => "signature not checked",
    };
    // The last one of an incomplete chain says nothing of its issuer.
    let says = !last || link.signature == Verified::Good;
    html! {
        <>
            <li class={classes!("link", (!sound).then_some("broken"), (link.origin == Origin::Trusted).then_some("trusted"))}>
                <span class="origin-badge">{ origin }</span>
                { body(&link.certificate, now) }
                { for link.problems.iter().map(|problem| html! {
                    <p class="problem-line">{ format!("✗ {problem}") }</p>
                }) }
            </li>
            if says {
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
    let days = certificate.days_left(now);
    let (tone, when) = match days {
        _ if certificate.not_before > now => {
            ("error", format!("not valid before {}", date(certificate.not_before)))
        }
        _ if certificate.not_after <= now => ("error", format!("expired {} ago", count(-days - 1))),
        0..=30 => ("warning", format!("{} left", count(days))),
        _ => ("good", format!("{} left", count(days))),
    };
    let names: Vec<String> = certificate.names.iter().flatten().map(ToString::to_string).collect();
    let constraints = certificate.constraints.map(|(is_ca, below)| match (is_ca, below) {
        (true, Some(below)) => format!("CA, with {below} CAs below it at most"),
        (true, None) => "CA".to_owned(),
        (false, _) => "no CA".to_owned(),
    });
    let joined = |list: Vec<String>| (!list.is_empty()).then(|| list.join(", "));
    let usage = certificate.key_usage.as_ref().map(|list| list.join(", "));
    let purposes = certificate.purposes.as_ref().map(|list| list.join(", "));
    let key =
        certificate.key.as_ref().map_or_else(|| "does not decode".to_owned(), ToString::to_string);
    let facts: [(&str, Option<String>); 9] = [
        ("names", joined(names)),
        ("key", Some(key)),
        ("signature", Some(certificate.signature.to_string())),
        ("basicConstraints", constraints),
        ("keyUsage", usage),
        ("extendedKeyUsage", purposes),
        ("issuer", Some(certificate.issuer().to_owned())),
        ("serial", Some(certificate.serial.clone())),
        ("SHA-256", Some(certificate.fingerprint.clone())),
    ];
    let (shown, hidden) = facts.split_at(6);
    html! {
        <>
            <p class="subject">{ certificate.subject().to_owned() }</p>
            <p class="dates">
                <span class={classes!("days", tone)}>{ when }</span>
                { " " }
                <span class="from-until">{ format!("{} to {}", date(certificate.not_before), date(certificate.not_after)) }</span>
            </p>
            <dl class="facts">{ for shown.iter().map(fact) }</dl>
            <details class="more">
                <summary>{ "Issuer, serial number, fingerprint" }</summary>
                <dl class="facts">{ for hidden.iter().map(fact) }</dl>
            </details>
        </>
    }
}

fn fact((name, value): &(&'static str, Option<String>)) -> Html {
    match value {
        Some(value) => html! { <div><dt>{ *name }</dt><dd>{ value.clone() }</dd></div> },
        None => html! {},
    }
}

fn count(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// `2026-11-21`
fn date(seconds: i64) -> String {
    rfc3339(seconds).chars().take(10).collect()
}
