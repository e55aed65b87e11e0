//! The live test: what it found so far, and how that looks.

use yew::prelude::*;

use crate::companion::{News, StepEvent};
use crate::json::Json;

/// A probe's report, as far as it is shown: the JSON of `redproof probe --format json`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProbeReport {
    pub outcome: String,
    pub detail: Option<String>,
    pub connections: Vec<ConnectionReport>,
    pub ms: f64,
}

/// One connection's report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConnectionReport {
    pub consumers: Vec<String>,
    pub api: String,
    pub target: String,
    pub outcome: String,
    pub detail: Option<String>,
    pub help: Option<String>,
    pub strict: Option<Strict>,
    pub steps: Vec<Step>,
    pub tls: Option<Tls>,
    pub server: Option<String>,
}

/// The verdict of a client that checks chain and name, whatever is configured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strict {
    pub outcome: String,
    pub detail: Option<String>,
}

/// One step with its time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub name: String,
    pub ms: f64,
    pub result: String,
}

/// What TLS gave.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tls {
    pub version: String,
    pub cipher: Option<String>,
    pub chain: Vec<Certificate>,
}

/// A certificate that the server sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Certificate {
    pub subject: String,
    pub issuer: String,
    pub sans: Vec<String>,
    pub not_after: String,
    pub days_left: f64,
    pub key: String,
}

impl ProbeReport {
    pub(crate) fn read(json: &Json) -> Self {
        Self {
            outcome: json.text("outcome"),
            detail: json.maybe_text("detail"),
            connections: json.list("connections", ConnectionReport::read),
            ms: json.number("ms"),
        }
    }
}

impl ConnectionReport {
    fn read(json: &Json) -> Self {
        Self {
            consumers: json.texts("consumers"),
            api: json.text("api"),
            target: json.text("target"),
            outcome: json.text("outcome"),
            detail: json.maybe_text("detail"),
            help: json.maybe_text("help"),
            strict: json.get("strict").map(|strict| Strict {
                outcome: strict.text("outcome"),
                detail: strict.maybe_text("detail"),
            }),
            steps: json.list("steps", Step::read),
            tls: json.get("tls").map(|tls| Tls {
                version: tls.text("version"),
                cipher: tls.maybe_text("cipher"),
                chain: tls.list("chain", Certificate::read),
            }),
            server: json.maybe_text("server"),
        }
    }
}

impl Step {
    pub(crate) fn read(json: &Json) -> Self {
        Self { name: json.text("step"), ms: json.number("ms"), result: json.text("result") }
    }
}

impl Certificate {
    fn read(json: &Json) -> Self {
        Self {
            subject: json.text("subject"),
            issuer: json.text("issuer"),
            sans: json.texts("sans"),
            not_after: json.text("not_after"),
            days_left: json.number("days_left"),
            key: json.text("key"),
        }
    }
}

/// Where the live test stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Live {
    /// None was asked for.
    Idle,
    /// One was asked for, but the page is not served by a companion.
    NoCompanion,
    /// It runs, and these steps are over.
    Running { run: u32, steps: Vec<StepEvent> },
    /// It is over.
    Done { run: u32, report: Box<ProbeReport> },
    /// It could not be done.
    Failed { run: u32, why: String },
}

impl Live {
    /// Starts a new one, and gives its number.
    pub(crate) fn begin(&mut self) -> u32 {
        let run = match self {
            Self::Idle | Self::NoCompanion => 0,
            Self::Running { run, .. } | Self::Done { run, .. } | Self::Failed { run, .. } => {
                *run + 1
            }
        };
        *self = Self::Running { run, steps: vec![] };
        run
    }

    /// Takes news of a run in; gives whether it was of the one that runs.
    pub(crate) fn take(&mut self, of: u32, news: News) -> bool {
        let Self::Running { run, steps } = self else { return false };
        if *run != of {
            return false;
        }
        match news {
            News::Step(step) => steps.push(step),
            News::Report(report) => *self = Self::Done { run: of, report },
            News::Failed(why) => *self = Self::Failed { run: of, why },
        }
        true
    }

    /// What it looks like.
    pub(crate) fn view(&self) -> Html {
        let (tone, body) = match self {
            Self::Idle => return html! {},
            Self::NoCompanion => (
                "",
                html! {
                    <p>
                        { "A web page can't open connections to Redis. Run " }
                        <code>{ "redproof serve" }</code>
                        { " on a machine that reaches your servers, and open the address that it prints: this same page, with the live test." }
                    </p>
                },
            ),
            Self::Running { steps, .. } => (
                "running",
                html! {
                    <>
                        <p class="headline">{ "Testing the connections…" }</p>
                        <ol class="steps">
                            { for steps.iter().map(|event| step(&event.done, Some(&event.target))) }
                        </ol>
                    </>
                },
            ),
            Self::Failed { why, .. } => (
                "error",
                html! {
                    <><p class="headline">{ "The live test could not run" }</p><p>{ why }</p></>
                },
            ),
            Self::Done { report, .. } => (tone(&report.outcome), done(report)),
        };
        html! {
            <section class={classes!("live", tone)} aria-label="Live test" role="status">
                <h2>{ "Live test" }</h2>
                { body }
            </section>
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }
}

fn tone(outcome: &str) -> &'static str {
    if outcome == "ok" { "good" } else { "error" }
}

fn done(report: &ProbeReport) -> Html {
    let ok = report.outcome == "ok";
    let headline =
        if ok { "Works on the live servers" } else { "Does not work on the live servers" };
    html! {
        <>
            <p class="headline">
                { headline }<span class="time">{ milliseconds(report.ms) }</span>
            </p>
            { for report.detail.iter().filter(|_| report.connections.is_empty()).map(|detail| html! {
                <p>{ detail }</p>
            }) }
            { for report.connections.iter().map(connection) }
        </>
    }
}

fn connection(report: &ConnectionReport) -> Html {
    let ok = report.outcome == "ok";
    let strict = report.strict.as_ref().filter(|strict| strict.outcome != report.outcome);
    html! {
        <details class={classes!("connection", tone(&report.outcome))} open={!ok}>
            <summary>
                <span class="consumer">{ report.consumers.join(", ") }</span>
                <span class="api">
                    { if report.api == "both" { "sync and async" } else { report.api.as_str() } }
                </span>
                <span class="address">{ &report.target }</span>
                <span class={classes!("badge", tone(&report.outcome))}>{ &report.outcome }</span>
            </summary>
            { for report.detail.iter().map(|detail| html! { <p class="message">{ detail }</p> }) }
            { for report.help.iter().map(|help| html! { <p class="help">{ help }</p> }) }
            { for strict.map(|strict| html! {
                <p class="note">
                    { format!("A strict client says {}", strict.outcome) }
                    { for strict.detail.iter().map(|detail| html! { { format!(": {detail}") } }) }
                </p>
            }) }
            <ol class="steps">{ for report.steps.iter().map(|done| step(done, None)) }</ol>
            { for report.tls.iter().map(tls) }
            { for report.server.iter().map(|server| html! { <p class="note">{ server }</p> }) }
        </details>
    }
}

fn step(step: &Step, target: Option<&str>) -> Html {
    html! {
        <li>
            <span class="step">{ &step.name }</span>
            <span class="outcome">
                { for target.map(|target| html! { <span class="target">{ target }{ " " }</span> }) }
                { &step.result }
            </span>
            <span class="time">{ milliseconds(step.ms) }</span>
        </li>
    }
}

fn tls(tls: &Tls) -> Html {
    html! {
        <div class="chain">
            <p class="note">
                { &tls.version }
                { for tls.cipher.iter().map(|cipher| html! { { format!(", {cipher}") } }) }
            </p>
            <ol>
                { for tls.chain.iter().map(|certificate| html! {
                    <li>
                        <p class="subject">{ &certificate.subject }</p>
                        <p class="note">
                            { format!(
                                "{}; {}; {} days left, until {}; signed by {}",
                                if certificate.sans.is_empty() { "no names".to_owned() } else { certificate.sans.join(", ") },
                                certificate.key,
                                certificate.days_left,
                                certificate.not_after,
                                certificate.issuer,
                            ) }
                        </p>
                    </li>
                }) }
            </ol>
        </div>
    }
}

fn milliseconds(ms: f64) -> String {
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}
