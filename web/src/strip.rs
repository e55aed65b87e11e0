//! The strip of releases: what the texts do on each of them, and a slider over it. Wherever it is put,
//! the page shows the texts on that release.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use redproof_messages::{
    Answer, Ask, Strip as Known, StripChange, StripError, StripRow, StripSpan, Tone,
};
use web_sys::Element;
use yew::html::Scope;
use yew::prelude::*;

use crate::app::Msg as Page;
use crate::host::Host;
use crate::prose::prose;

/// The texts rest for so long before they are tried on every release: a check comes first.
const REST: u32 = 400;

/// The height of a row, and of the band in it.
const ROW: usize = 34;
const BAND: usize = 14;

/// Below the rows are the numbers of releases.
const AXIS: usize = 18;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub host: Host,
    /// The number of the texts: another one asks anew.
    pub texts: u32,
    /// What they do on all releases, where that is known when the page opens.
    #[prop_or_default]
    pub known: Option<Rc<Known>>,
    /// Whether there is something to be shown.
    pub shown: bool,
    /// The LiteLLM release that is shown.
    pub litellm: AttrValue,
    /// The redis-py release that is shown.
    pub redis_py: AttrValue,
    /// Whether the LiteLLM release was chosen.
    pub chosen: bool,
    /// The redis-py release that was chosen; empty for the one that comes with LiteLLM.
    pub asked_redis_py: AttrValue,
}

pub(crate) enum Msg {
    /// The texts rest.
    Ask,
    /// What they do on all releases, by the number of the texts.
    Known(u32, Rc<Known>),
    /// The pointer takes hold of the slider: how far along, of what width, how far down, in pixels.
    Press(f64, f64, f64),
    /// It holds it: how far along, of what width. It stays on its row, which moves up and down as the result grows.
    Drag(f64, f64),
    /// A key is down.
    Key(&'static str),
    /// The places of a row and a release to be shown.
    Go(usize, usize),
    /// The releases are to be those that the files name.
    Reset,
}

/// The strip.
pub(crate) struct Strip {
    known: Option<Rc<Known>>,
    /// The number of the texts that this is of.
    of: Option<u32>,
    /// The row that the pointer took hold of.
    held: Option<usize>,
    timer: Option<Timeout>,
}

impl Component for Strip {
    type Message = Msg;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let props = context.props();
        let of = props.known.is_some().then_some(props.texts);
        Self { known: props.known.clone(), of, held: None, timer: None }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first && self.known.is_none() {
            self.timer = Some(ask_soon(context.link()));
        }
    }

    fn changed(&mut self, context: &Context<Self>, old: &Props) -> bool {
        if old.texts != context.props().texts {
            self.timer = Some(ask_soon(context.link()));
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let props = context.props();
        match message {
            Msg::Ask => {
                let (texts, link) = (props.texts, context.link().clone());
                props.host.ask(&Ask::Strip, move |answer| {
                    if let Answer::Strip(known) = answer {
                        link.send_message(Msg::Known(texts, Rc::from(known)));
                    }
                });
                false
            }
            Msg::Known(texts, known) => {
                let current = texts == props.texts;
                if current {
                    self.known = Some(known);
                    self.of = Some(texts);
                }
                current
            }
            Msg::Press(across, width, down) => {
                let Some(known) = &self.known else { return false };
                let rows = known.rows.len();
                let row = place(down, length(rows), rows);
                self.held = Some(row);
                go(known, row, place(across, width, known.litellm.len()), &props.host);
                false
            }
            Msg::Drag(across, width) => {
                if let (Some(known), Some(row)) = (&self.known, self.held) {
                    go(known, row, place(across, width, known.litellm.len()), &props.host);
                }
                false
            }
            Msg::Go(row, at) => {
                if let Some(known) = &self.known {
                    go(known, row, at, &props.host);
                }
                false
            }
            Msg::Key(key) => {
                if let Some(known) = &self.known {
                    let (row, at) = moved(known, here(known, props), key);
                    go(known, row, at, &props.host);
                }
                false
            }
            Msg::Reset => {
                props.host.link.send_message(Page::Pair(String::new(), String::new()));
                false
            }
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let Some(known) = self.known.as_deref().filter(|known| !known.litellm.is_empty()) else {
            return html! {};
        };
        let (props, link) = (context.props(), context.link());
        let (row, at) = here(known, props);
        let Some((number, span)) = span_at(known, row, at) else { return html! {} };
        let pinned = props.chosen || !props.asked_redis_py.is_empty();
        html! {
            <section
                class="strip"
                aria-labelledby="strip-title"
                aria-busy={if self.of == Some(props.texts) { "false" } else { "true" }}
                hidden={!props.shown}
            >
                <div class="strip-head">
                    <h2 id="strip-title">{ "Releases" }</h2>
                    <button
                        type="button"
                        class="quiet"
                        disabled={number == 0}
                        onclick={link.callback(|_: MouseEvent| Msg::Key("PageDown"))}
                    >{ "‹ Previous change" }</button>
                    <button
                        type="button"
                        class="quiet"
                        disabled={number + 1 == known.rows[row].spans.len()}
                        onclick={link.callback(|_: MouseEvent| Msg::Key("PageUp"))}
                    >{ "Next change ›" }</button>
                    if pinned {
                        <button
                            type="button"
                            class="quiet reset"
                            onclick={link.callback(|_: MouseEvent| Msg::Reset)}
                        >{ "Back to the automatic release" }</button>
                    }
                </div>
                { slider(known, (row, at), props, span, link) }
                { legend(known) }
                { caption(known, (row, number), props, span) }
                { changes(known, row, link) }
            </section>
        }
    }
}

fn ask_soon(link: &Scope<Strip>) -> Timeout {
    let link = link.clone();
    Timeout::new(REST, move || link.send_message(Msg::Ask))
}

/// Which of so many equal parts a place is in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few hundred parts at most"
)]
fn place(at: f64, length: f64, parts: usize) -> usize {
    let part = (at / length.max(1.0) * parts as f64).max(0.0) as usize;
    part.min(parts.saturating_sub(1))
}

/// How far down the rows reach.
#[expect(clippy::cast_precision_loss, reason = "a few rows")]
fn length(rows: usize) -> f64 {
    (rows * ROW) as f64
}

/// The row and the place of what is shown.
fn here(known: &Known, props: &Props) -> (usize, usize) {
    let at = known.litellm.iter().position(|one| **one == *props.litellm);
    let row = known.rows.iter().position(|row| {
        if props.asked_redis_py.is_empty() {
            row.redis_py.is_empty()
        } else {
            row.releases.iter().any(|one| **one == *props.redis_py)
        }
    });
    (row.unwrap_or_default(), at.unwrap_or(known.litellm.len().saturating_sub(1)))
}

fn span_at(known: &Known, row: usize, at: usize) -> Option<(usize, &StripSpan)> {
    let spans = known.rows.get(row)?.spans.iter().enumerate();
    spans.rev().find(|(_, span)| span.from <= at)
}

/// Has the page show a release.
fn go(known: &Known, row: usize, at: usize, host: &Host) {
    let (Some(row), Some(litellm)) = (known.rows.get(row), known.litellm.get(at)) else { return };
    host.link.send_message(Page::Pair(litellm.clone(), row.redis_py.clone()));
}

/// Where a key leads from here.
fn moved(known: &Known, (row, at): (usize, usize), key: &str) -> (usize, usize) {
    let (rows, last) = (known.rows.len() - 1, known.litellm.len() - 1);
    let number = span_at(known, row, at).map_or(0, |(number, _)| number);
    let spans = &known.rows[row].spans;
    match key {
        "ArrowLeft" => (row, at.saturating_sub(1)),
        "ArrowRight" => (row, (at + 1).min(last)),
        "ArrowUp" => (row.saturating_sub(1), at),
        "ArrowDown" => ((row + 1).min(rows), at),
        "Home" => (row, 0),
        "End" => (row, last),
        // To the last release before the change, and to the first one behind it.
        "PageDown" => (row, spans[number].from.saturating_sub(1)),
        "PageUp" => (row, spans.get(number + 1).map_or(last, |next| next.from)),
        _ => (row, at),
    }
}

const KEYS: [&str; 8] =
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageDown", "PageUp"];

/// The bands with what is dragged over them.
fn slider(
    known: &Known,
    (row, at): (usize, usize),
    props: &Props,
    span: &StripSpan,
    link: &Scope<Strip>,
) -> Html {
    let value =
        format!("LiteLLM {} on redis-py {}: {}", props.litellm, props.redis_py, span.caption);
    let onkeydown = link.batch_callback(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            return Some(Msg::Reset);
        }
        let key = KEYS.into_iter().find(|key| *key == event.key())?;
        event.prevent_default();
        Some(Msg::Key(key))
    });
    // Yew listens at the page's root: that is the event's current target.
    let slider = |event: &PointerEvent| {
        event.target_dyn_into::<Element>()?.closest(".slider").ok().flatten()
    };
    let press = link.batch_callback(move |event: PointerEvent| {
        let slider = slider(&event)?;
        // It is dragged on beyond the edge.
        let _ = slider.set_pointer_capture(event.pointer_id());
        let bands = slider.first_element_child()?.get_bounding_client_rect();
        let (across, down) = (f64::from(event.client_x()), f64::from(event.client_y()));
        Some(Msg::Press(across - bands.left(), bands.width(), down - bands.top()))
    });
    let drag = link.batch_callback(move |event: PointerEvent| {
        if event.buttons() == 0 {
            return None;
        }
        let bands = slider(&event)?.first_element_child()?.get_bounding_client_rect();
        Some(Msg::Drag(f64::from(event.client_x()) - bands.left(), bands.width()))
    });
    let height = known.rows.len() * ROW + AXIS;
    html! {
        <div
            class="slider"
            role="slider"
            tabindex="0"
            aria-label="Release"
            aria-valuemin="0"
            aria-valuemax={(known.litellm.len() - 1).to_string()}
            aria-valuenow={at.to_string()}
            aria-valuetext={value}
            {onkeydown}
            onpointerdown={press}
            onpointermove={drag}
        >
            <svg width="100%" height={height.to_string()} aria-hidden="true">
                { for known.rows.iter().enumerate().map(|(number, one)| {
                    band(known, one, number, number == row)
                }) }
                { axis(known) }
                { thumb(known, row, at) }
            </svg>
        </div>
    }
}

/// How far along a place is.
#[expect(clippy::cast_precision_loss, reason = "a few hundred releases")]
fn percent(at: f64, known: &Known) -> String {
    format!("{:.3}%", at * 100.0 / known.litellm.len() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred releases")]
fn band(known: &Known, row: &StripRow, number: usize, chosen: bool) -> Html {
    let top = number * ROW + ROW - BAND - 3;
    html! {
        <g class={classes!("band", chosen.then_some("chosen"))}>
            <text x="0" y={(top - 5).to_string()}>{ &row.name }</text>
            { for row.spans.iter().map(|span| html! {
                <rect
                    class={span.tone.name()}
                    x={percent(span.from as f64, known)}
                    y={top.to_string()}
                    width={percent(span.count as f64, known)}
                    height={BAND.to_string()}
                />
            }) }
            { for row.spans.iter().filter_map(|span| Some((span, span.tick?))).map(|(span, tick)| html! {
                <rect
                    class={classes!("change", tick.name())}
                    x={percent(span.from as f64, known)}
                    y={(top - 3).to_string()}
                    width="3"
                    height={(BAND + 6).to_string()}
                />
            }) }
        </g>
    }
}

/// A few numbers below the bands.
#[expect(clippy::cast_precision_loss, reason = "a few hundred releases")]
fn axis(known: &Known) -> Html {
    let y = (known.rows.len() * ROW + AXIS - 4).to_string();
    let last = known.litellm.len() - 1;
    let mark = |part: usize| {
        let at = last * part / 4;
        let anchor = match part {
            0 => "start",
            4 => "end",
            _ => "middle",
        };
        let x = match part {
            0 => "0".to_owned(),
            4 => "100%".to_owned(),
            _ => percent(at as f64 + 0.5, known),
        };
        html! { <text class={if part % 2 == 1 { "axis between" } else { "axis" }} {x} y={y.clone()} text-anchor={anchor}>{ &known.litellm[at] }</text> }
    };
    (0..=4).map(mark).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred releases")]
fn thumb(known: &Known, row: usize, at: usize) -> Html {
    let x = percent(at as f64 + 0.5, known);
    let top = row * ROW + ROW - BAND - 3;
    html! {
        <g class="thumb">
            <line x1={x.clone()} x2={x.clone()} y1="0" y2={(known.rows.len() * ROW).to_string()} />
            <circle cx={x} cy={(top + BAND / 2).to_string()} r="8" />
        </g>
    }
}

/// What the colours mean: those that are there.
fn legend(known: &Known) -> Html {
    let words = [
        (Tone::Good, "starts, no errors"),
        (Tone::Warning, "starts, with errors"),
        (Tone::Error, "does not start"),
        (Tone::Plain, "can't be known"),
    ];
    let spans = || known.rows.iter().flat_map(|row| &row.spans);
    let there = words.into_iter().filter(|(tone, _)| spans().any(|span| span.tone == *tone));
    html! {
        <p class="legend">
            { for there.map(|(tone, words)| html! {
                <span class={tone.name()}>{ words }</span>
            }) }
        </p>
    }
}

/// What the release that is shown does, and what brought that.
fn caption(known: &Known, (row, number): (usize, usize), props: &Props, span: &StripSpan) -> Html {
    let spans = &known.rows[row].spans;
    let (first, last) = (&known.litellm[span.from], &known.litellm[span.from + span.count - 1]);
    let alike = match (spans.len(), span.count) {
        (1, _) => "The same on every LiteLLM release.".to_owned(),
        (_, 1) => "On this LiteLLM release only.".to_owned(),
        _ => format!("The same from LiteLLM {first} to {last}."),
    };
    html! {
        <div class="caption">
            <p>
                <b>{ format!("LiteLLM {} on redis-py {}", props.litellm, props.redis_py) }</b>
                { format!(": {}. {alike}", span.caption) }
            </p>
            { errors(&span.errors) }
            { for span.stopped_by.iter().map(|why| html! { <p class="note">{ why }</p> }) }
            if number > 0 {
                <p class="since">{ format!("What changed with LiteLLM {first}:") }</p>
                if span.changes.is_empty() {
                    <p class="note">{ "LiteLLM connects as before; a check finds other errors." }</p>
                }
                <ul>
                    { for span.changes.iter().enumerate().map(|(at, change)| {
                        let (tone, verdict) = &change.verdict;
                        html! {
                            <li>
                                <span class={classes!("severity", tone.name())}>{ verdict }</span>
                                { " " }{ &change.what }{ ": " }
                                <span class="value">{ format!("{} → {}", change.before, change.after) }</span>
                                { "." }
                                if !is_said(&span.changes[..at], &change.consequence) {
                                    { " " }{ prose(&change.consequence) }
                                }
                                { for change.why.iter().filter(|why| {
                                    !repeats(why, &change.consequence) && !is_said(&span.changes[..at], why)
                                }).map(|why| html! {
                                    <span class="why">{ " " }{ prose(why) }</span>
                                }) }
                            </li>
                        }
                    }) }
                </ul>
            }
        </div>
    }
}

/// The errors that a check finds.
fn errors(all: &[StripError]) -> Html {
    if all.is_empty() {
        return html! {};
    }
    html! {
        <ul class="errors">
            { for all.iter().map(|one| html! {
                <li>
                    <a
                        class="finding-code"
                        href={format!("docs/rules/{}.html", one.code)}
                        target="_blank"
                        rel="noopener"
                    >{ &one.code }</a>
                    { " " }{ prose(&one.words) }
                </li>
            }) }
        </ul>
    }
}

/// Whether a text ends as another one does.
fn repeats(why: &str, consequence: &str) -> bool {
    let last = |text: &str| text.trim_end_matches('.').rsplit(". ").next().map(ToOwned::to_owned);
    last(why) == last(consequence)
}

/// Whether one of these changes says the same: several of a release have one cause.
fn is_said(before: &[StripChange], sentence: &str) -> bool {
    let says = |change: &StripChange| {
        change.consequence == sentence || change.why.as_deref() == Some(sentence)
    };
    before.iter().any(says)
}

/// Every change of the row, to go there.
fn changes(known: &Known, row: usize, link: &Scope<Strip>) -> Html {
    let ticks = known.rows[row].spans.iter().filter_map(|span| Some((span, span.tick?)));
    let ticks: Vec<_> = ticks.collect();
    if ticks.is_empty() {
        return html! {};
    }
    let count = match ticks.len() {
        1 => "1 release changes this configuration".to_owned(),
        count => format!("{count} releases change this configuration"),
    };
    html! {
        <details class="ticks">
            <summary>{ count }</summary>
            <ol>
                { for ticks.iter().map(|(span, tick)| {
                    let at = span.from;
                    let what = match span.changes.first() {
                        Some(change) => format!("{} {}", change.verdict.1, change.what),
                        None => match span.errors.first() {
                            Some(error) => format!("{}: {}", span.caption, error.words),
                            None => span.caption.clone(),
                        },
                    };
                    let more = match span.changes.len() {
                        0 | 1 => String::new(),
                        all => format!(", and {} more", all - 1),
                    };
                    html! {
                        <li>
                            <button
                                type="button"
                                class="place"
                                onclick={link.callback(move |_: MouseEvent| Msg::Go(row, at))}
                            >{ &known.litellm[at] }</button>
                            { " " }
                            <span class={classes!("severity", tick.name())}>{ prose(&what) }{ more }</span>
                        </li>
                    }
                }) }
            </ol>
        </details>
    }
}
