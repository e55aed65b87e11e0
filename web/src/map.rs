//! The connection map: LiteLLM's parts on one side, Redis on the other, a line for each client.

use redproof_messages::{Edge, Map, Padlock, Target, User};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::views::{Live, Status};

/// Where things stand, in SVG units; a wide page and a narrow one each have theirs.
struct Geometry {
    class: &'static str,
    width: usize,
    users: usize,
    targets: usize,
    /// How many characters of an address fit.
    address: usize,
    /// Whether there is room for words beside the padlocks.
    words: bool,
}

const WIDE: Geometry =
    Geometry { class: "map-wide", width: 664, users: 136, targets: 212, address: 27, words: true };
const NARROW: Geometry = Geometry {
    class: "map-narrow",
    width: 330,
    users: 116,
    targets: 122,
    address: 16,
    words: false,
};

const LINE: usize = 17;
const ROW: usize = 30;
const GAP: usize = 14;
const PADDING: usize = 9;
/// Where the words of an edge begin, behind its padlock.
const WORDS: usize = 23;
/// The bend of an edge takes so much at least.
const BEND: usize = 24;

/// A box of the map: its top and its height.
#[derive(Clone, Copy)]
struct Slot {
    top: usize,
    height: usize,
}

/// The map, as it is to be shown.
pub(crate) struct Shown<'a> {
    pub map: &'a Map,
    /// The edges that are lit.
    pub lit: &'a [usize],
    /// What the live test found.
    pub live: &'a Live,
    /// Whether it is how a fix would make it.
    pub preview: bool,
    pub link: &'a Scope<App>,
}

impl Shown<'_> {
    pub(crate) fn view(&self) -> Html {
        let Self { map, lit, live, preview, link } = self;
        if map.edges.is_empty() {
            return html! {};
        }
        let statuses: Vec<_> = map
            .edges
            .iter()
            .map(|edge| if *preview { None } else { status(map, edge, live) })
            .collect();
        let of_one = |edge: &usize| {
            map.edges.get(*edge).map(|one| describe(map, one, statuses[*edge].as_ref()))
        };
        let words = match lit {
            _ if *preview => "Preview: the connections after this fix.".to_owned(),
            [] => "Hover a connection to see the lines behind it.".to_owned(),
            lit => lit.iter().filter_map(of_one).collect::<Vec<_>>().join(" "),
        };
        html! {
            <section
                class={classes!("map", preview.then_some("previewed"))}
                aria-labelledby="map-title"
            >
                <div class="map-head">
                    <h2 id="map-title">
                        { if *preview { "Connections after the fix" } else { "Connections" } }
                    </h2>
                    { take_along("svg", "Copy as SVG", link) }
                    { take_along("png", "Save as PNG", link) }
                </div>
                { drawing(self, &statuses, &WIDE) }
                { drawing(self, &statuses, &NARROW) }
                { legend(map) }
                <p class="note">{ words }</p>
            </section>
        }
    }
}

/// A button that makes a picture of the map.
fn take_along(kind: &'static str, words: &'static str, link: &Scope<App>) -> Html {
    let onclick = link.callback(move |_: MouseEvent| Msg::Picture(kind));
    html! { <button type="button" class="quiet" {onclick}>{ words }</button> }
}

/// What the padlocks mean: those that are there.
fn legend(map: &Map) -> Html {
    const WORDS: [(Padlock, &str, &str); 4] = [
        (Padlock::Verified, "Verified", "TLS, certificate and host name verified"),
        (
            Padlock::Unverified,
            "Encrypted only",
            "TLS, but someone in between could impersonate the server",
        ),
        (Padlock::Open, "Open", "plaintext: anyone in between can read it, passwords included"),
        (Padlock::Unknown, "Unknown", "depends on something your files don't say"),
    ];
    let opens = |edge: &&Edge| edge.error.is_none();
    let there = |padlock: Padlock| map.edges.iter().filter(opens).any(|one| one.padlock == padlock);
    let native = map.edges.iter().any(|edge| edge.api == "native");
    html! {
        <ul class="padlocks">
            { for WORDS.into_iter().filter(|(padlock, ..)| there(*padlock)).map(|(padlock, name, words)| html! {
                <li class={tone_of(padlock)}>
                    <svg viewBox="0 0 12 13" aria-hidden="true">{ icon(padlock) }</svg>
                    <b>{ name }</b>{ format!(": {words}") }
                </li>
            }) }
            if native {
                <li><b>{ "Rust" }</b>{ ": LiteLLM's own Rust client (rustls), beside redis-py's two" }</li>
            }
        </ul>
    }
}

/// A padlock, 12 wide and 13 high: with a tick, closed, open, or with a question.
fn icon(padlock: Padlock) -> Html {
    let shackle = match padlock {
        Padlock::Open => "M3.2 6V3.6a2.8 2.8 0 0 1 5.6 0",
        _ => "M3.2 6V3.6a2.8 2.8 0 0 1 5.6 0V6",
    };
    let sign = match padlock {
        Padlock::Verified => "m3.9 9.1 1.5 1.5 2.8-3",
        Padlock::Unverified => "M6 8.3v1.8",
        Padlock::Unknown => "M4.6 8.2a1.4 1.4 0 1 1 1.4 1.6M6 11.2v.1",
        Padlock::Open => "",
    };
    let body = match padlock {
        Padlock::Verified => "body filled",
        _ => "body",
    };
    html! {
        <>
            <path class="shackle" d={shackle} />
            <rect class={body} x="1.4" y="6" width="9.2" height="6.4" rx="1.4" />
            <path class="sign" d={sign} />
        </>
    }
}

fn drawing(shown: &Shown<'_>, statuses: &[Option<Status>], geometry: &Geometry) -> Html {
    let Shown { map, lit, link, .. } = shown;
    let rows = |user: usize| map.edges.iter().filter(move |edge| edge.user == user).count();
    let users: Vec<usize> = map
        .users
        .iter()
        .enumerate()
        .map(|(at, user)| 2 * PADDING + lines_of(user).len() * LINE + rows(at) * ROW)
        .collect();
    let targets: Vec<usize> = map
        .targets
        .iter()
        .map(|one| 2 * PADDING + lines_of_target(one, geometry.address).len() * LINE)
        .collect();
    let total = |heights: &[usize]| heights.iter().map(|one| one + GAP).sum::<usize>();
    let height = total(&users).max(total(&targets));
    let users = stacked(&users, height);
    let targets = stacked(&targets, height);
    let x = geometry.width - geometry.targets;
    let starts: Vec<usize> = map
        .edges
        .iter()
        .enumerate()
        .map(|(at, edge)| {
            let row = map.edges[..at].iter().filter(|one| one.user == edge.user).count();
            let head = PADDING + lines_of(&map.users[edge.user]).len() * LINE;
            users[edge.user].top + head + row * ROW + ROW / 2
        })
        .collect();
    let shown: Vec<String> = map
        .edges
        .iter()
        .zip(statuses)
        .map(|(edge, status)| words_of(edge, status.as_ref(), geometry))
        .collect();
    // They all bend behind the longest of their words: none runs through them, and none crosses another.
    let longest = shown.iter().map(|words| length_of(words)).max().unwrap_or_default();
    let bend = (geometry.users + WORDS + longest + 5).clamp(geometry.users + BEND, x - BEND);
    // The keyboard goes through them from top to bottom.
    let mut order: Vec<usize> = (0..map.edges.len()).collect();
    order.sort_by_key(|at| starts[*at]);
    let edges = order.into_iter().map(|at| {
        let edge = &map.edges[at];
        let from = (geometry.users, starts[at]);
        let to = edge.target.map(|target| {
            let slot = targets[target];
            // They arrive in the order in which they leave: no line crosses another one.
            let same =
                || map.edges.iter().zip(&starts).filter(|(one, _)| one.target == edge.target);
            let before = same().filter(|(_, start)| **start < starts[at]).count();
            (x, slot.top + slot.height * (before + 1) / (same().count() + 1))
        });
        line(
            edge,
            from,
            to.unwrap_or((from.0 + 90, from.1)),
            lit.contains(&at),
            Place {
                at,
                words: &shown[at],
                label: describe(map, edge, statuses[at].as_ref()),
                status: statuses[at].as_ref(),
                bend,
                link,
            },
        )
    });
    html! {
        <svg
            class={geometry.class}
            viewBox={format!("0 0 {} {height}", geometry.width)}
            role="group"
            aria-labelledby="map-title"
        >
            { for users.iter().zip(&map.users).map(|(slot, user)| {
                card("user", 0, geometry.users, *slot, &lines_of(user))
            }) }
            { for targets.iter().zip(&map.targets).map(|(slot, target)| {
                card("target", x, geometry.targets, *slot, &lines_of_target(target, geometry.address))
            }) }
            { for edges }
        </svg>
    }
}

/// Boxes under each other, centred in a height.
fn stacked(heights: &[usize], total: usize) -> Vec<Slot> {
    let used = heights.iter().map(|one| one + GAP).sum::<usize>();
    let mut top = (total - used) / 2 + GAP / 2;
    heights
        .iter()
        .map(|&height| {
            let slot = Slot { top, height };
            top += height + GAP;
            slot
        })
        .collect()
}

fn lines_of(user: &User) -> Vec<String> {
    let names = user.names.iter().cloned();
    names.chain(user.only_if_reachable.then(|| "if it answers".to_owned())).collect()
}

fn lines_of_target(target: &Target, fits: usize) -> Vec<String> {
    let names: Vec<String> = match target.names.as_slice() {
        // A lone one may take two lines.
        [name] => whole(name, fits),
        names => names.iter().take(names_of(target)).map(|name| shortened(name, fits)).collect(),
    };
    let rest = target.names.len() - names_of(target);
    let rest = (rest > 0).then(|| format!("and {rest} more"));
    std::iter::once(target.kind.clone()).chain(names).chain(rest).collect()
}

/// How many of a target's names are shown: a large cluster says how many there are besides.
fn names_of(target: &Target) -> usize {
    match target.names.len() {
        all @ ..=6 => all,
        _ => 5,
    }
}

/// An address, in two lines where it is too long for one: the second begins with a dot.
fn whole(address: &str, fits: usize) -> Vec<String> {
    let mut dots = address.match_indices(['.', '-']).map(|(at, _)| at);
    let last = dots.rfind(|at| *at > 0 && address[..*at].chars().count() <= fits);
    match last {
        Some(at) if address.chars().count() > fits => {
            vec![address[..at].to_owned(), shortened(&address[at..], fits)]
        }
        _ => vec![shortened(address, fits)],
    }
}

/// An address that fits: its middle left out, so that the port stays.
fn shortened(address: &str, fits: usize) -> String {
    let length = address.chars().count();
    if length <= fits {
        return address.to_owned();
    }
    let end: String = address.chars().skip(length - 6).collect();
    address.chars().take(fits - 7).chain(['…']).chain(end.chars()).collect()
}

fn card(class: &'static str, x: usize, width: usize, slot: Slot, lines: &[String]) -> Html {
    let text = |(at, line): (usize, &String)| {
        let y = slot.top + PADDING + at * LINE + 13;
        html! { <text x={(x + 11).to_string()} y={y.to_string()}>{ line }</text> }
    };
    html! {
        <g {class}>
            <rect
                x={x.to_string()}
                y={slot.top.to_string()}
                width={width.to_string()}
                height={slot.height.to_string()}
                rx="9"
            />
            { for lines.iter().enumerate().map(text) }
        </g>
    }
}

/// What an edge needs besides its ends.
struct Place<'a> {
    at: usize,
    words: &'a str,
    label: String,
    status: Option<&'a Status>,
    /// Where it leaves its height.
    bend: usize,
    link: &'a Scope<App>,
}

/// What stands at an edge. A narrow map leaves to the padlock what that says, and to the list below what failed.
fn words_of(edge: &Edge, status: Option<&Status>, geometry: &Geometry) -> String {
    let words = match (&edge.error, edge.padlock) {
        (Some(_), _) if edge.api == "native" => "not used".to_owned(),
        (Some(_), _) => "cannot open".to_owned(),
        (None, _) if geometry.words => protection(edge),
        (None, Padlock::Open) => "plaintext".to_owned(),
        (None, Padlock::Unknown) => "unknown".to_owned(),
        (None, Padlock::Verified | Padlock::Unverified) => "TLS".to_owned(),
    };
    match status {
        None => words,
        Some(Status::Running) => format!("… {words}"),
        Some(Status::Ok) => format!("✓ {words}"),
        Some(Status::Failed(outcome)) if geometry.words => format!("✗ {}", in_words(outcome)),
        Some(Status::Failed(_)) => "✗ failed".to_owned(),
    }
}

/// `TLS, verified · password`
fn protection(edge: &Edge) -> String {
    format!("{} · {}", edge.tls, edge.login)
}

/// How long words are at most, in SVG units.
fn length_of(words: &str) -> usize {
    words.chars().count() * 34 / 5
}

fn line(
    edge: &Edge,
    (x1, y1): (usize, usize),
    (x2, y2): (usize, usize),
    lit: bool,
    place: Place<'_>,
) -> Html {
    let Place { at, words, label, status, bend, link } = place;
    let follow = edge.places.first().cloned();
    let live = match status {
        None => "",
        Some(Status::Running) => "running",
        Some(Status::Ok) => "proved",
        Some(Status::Failed(_)) => "failed",
    };
    // One that leads nowhere ends before it bends.
    let straight = bend.min(x2);
    let half = usize::midpoint(straight, x2);
    let path = format!("M{x1} {y1}H{straight}C{half} {y1} {half} {y2} {x2} {y2}");
    let whole = protection(edge);
    let said = match words.contains(&whole) || edge.error.is_some() {
        true => label,
        false => format!("{whole}. {label}"),
    };
    let api = api(edge);
    html! {
        <g
            class={classes!("edge", tone(edge), live, lit.then_some("lit"))}
            tabindex="0"
            role="button"
            // What is read aloud begins with what is seen.
            aria-label={format!("{api} {words}: {said}")}
            onmouseenter={link.callback(move |_| Msg::Light(vec![at]))}
            onmouseleave={link.callback(move |_| Msg::Light(vec![]))}
            onfocus={link.callback(move |_| Msg::Light(vec![at]))}
            onblur={link.callback(move |_| Msg::Light(vec![]))}
            onclick={link.batch_callback({
                let follow = follow.clone();
                move |_| follow.clone().map(Msg::Follow)
            })}
            onkeydown={link.batch_callback(move |event: KeyboardEvent| {
                let follow = follow.clone().filter(|_| matches!(event.key().as_str(), "Enter" | " "))?;
                // A blank would scroll the page.
                event.prevent_default();
                Some(Msg::Follow(follow))
            })}
        >
            <path class="reach" d={path.clone()} />
            <path class="line" d={path} />
            <text class="api" x={(x1 - 10).to_string()} y={(y1 + 4).to_string()}>{ api }</text>
            // A blank between the words, for whoever reads the edge as one text.
            { " " }
            if edge.error.is_none() {
                <g class="padlock" transform={format!("translate({} {})", x1 + 7, y1 - 17)}>
                    { icon(edge.padlock) }
                </g>
            }
            <text
                x={(x1 + if edge.error.is_none() { WORDS } else { 8 }).to_string()}
                y={(y1 - 6).to_string()}
            >{ words.to_owned() }</text>
        </g>
    }
}

fn api(edge: &Edge) -> &str {
    // LiteLLM's client in Rust.
    if edge.api == "native" { "Rust" } else { &edge.api }
}

fn tone(edge: &Edge) -> Vec<&'static str> {
    let shape = match edge.padlock {
        Padlock::Open => Some("open"),
        Padlock::Unverified => Some("unverified"),
        Padlock::Verified | Padlock::Unknown => None,
    };
    let colour = match edge.padlock {
        _ if edge.error.is_some() || edge.falls_behind => "error",
        padlock => tone_of(padlock),
    };
    std::iter::once(colour).chain(shape).collect()
}

fn tone_of(padlock: Padlock) -> &'static str {
    match padlock {
        Padlock::Open => "error",
        Padlock::Unverified => "warning",
        Padlock::Verified => "good",
        Padlock::Unknown => "unknown",
    }
}

/// An outcome of the probe in words.
fn in_words(outcome: &str) -> String {
    match outcome {
        "dns" => "host not found".to_owned(),
        "refused" => "connection refused".to_owned(),
        "timeout" => "no answer".to_owned(),
        "not_tls_server" => "server has no TLS".to_owned(),
        "tls_required" => "server wants TLS".to_owned(),
        "cert_expired" => "certificate expired".to_owned(),
        "hostname_mismatch" => "certificate is for another host".to_owned(),
        "unknown_ca" => "CA is not trusted".to_owned(),
        "auth_required" => "password missing".to_owned(),
        "auth_failed" => "login failed".to_owned(),
        "no_permission" => "user lacks permission".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What the live test found of an edge.
fn status(map: &Map, edge: &Edge, live: &Live) -> Option<Status> {
    let kind = edge.target.map_or("", |target| map.targets[target].kind.as_str());
    live.status(&map.users[edge.user].consumer, &edge.api, kind)
}

/// An edge in a sentence or two.
fn describe(map: &Map, edge: &Edge, status: Option<&Status>) -> String {
    let user = format!("{}, {}", map.users[edge.user].names.join(", "), api(edge));
    let target = edge.target.map_or_else(String::new, |at| {
        format!(" to {} {}", map.targets[at].kind, map.targets[at].names.join(", "))
    });
    let error = edge.error.as_ref().map_or_else(String::new, |error| format!(": {error}"));
    let mut places: Vec<&str> = edge.places.iter().map(|at| at.name.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let places =
        if places.is_empty() { String::new() } else { format!(" From {}.", places.join(", ")) };
    let live = match status {
        None => "",
        Some(Status::Running) => " It is being tested.",
        Some(Status::Ok) => " It works on the live servers.",
        Some(Status::Failed(_)) => " It fails on the live servers.",
    };
    format!("{user}{target}{error}.{live}{places}")
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_long_address_takes_two_lines_and_keeps_its_port() {
        assert_eq!(whole("redis:6379", 27), ["redis:6379"]);
        assert_eq!(
            whole("redis.internal.example.com:6379", 27),
            ["redis.internal.example", ".com:6379"]
        );
        let long = whole("clustercfg.litellm-production.abc123.euw1.cache.amazonaws.com:6379", 27);
        assert_eq!(long, ["clustercfg.litellm", "-production.abc123.e…m:6379"]);
        assert_eq!(whole("é".repeat(40).as_str(), 27).len(), 1);
    }
}
