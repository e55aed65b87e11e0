//! The live test: what is known of it so far, and how that looks.

use yew::html::Scope;
use yew::prelude::*;
use yew::virtual_dom::{VTag, VText};

use crate::app::{App, Msg};
use crate::bridge;
use crate::json::Json;
use crate::prose::prose;

/// The live test.
#[derive(Default)]
pub(crate) struct Live {
    run: u32,
    stage: Stage,
    connections: Vec<Connection>,
    /// The files have changed since.
    outdated: bool,
}

/// How far it is.
#[derive(Clone, Default)]
enum Stage {
    /// None was asked for, or it was given up.
    #[default]
    Idle,
    /// A companion is looked for.
    Looking,
    /// There is none; this starts one.
    Absent {
        command: String,
        /// The browser keeps the page from looking.
        denied: bool,
    },
    /// The companion at this address wants the pairing code; why the last one was not taken.
    Pairing {
        at: String,
        why: String,
    },
    Running,
    /// It is over, with this report.
    Done(Json),
    /// It could not be done, and why.
    Failed(String),
}

/// A connection, as far as it is known: what the JSON of `redproof probe` holds of it.
struct Connection {
    told: Json,
    steps: Vec<Json>,
    /// Empty until it is over.
    outcome: String,
}

/// What became of a client's connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not all are over.
    Running,
    Ok,
    /// One failed, with this outcome.
    Failed(String),
}

impl Live {
    /// Starts a new one, and gives its number.
    pub(crate) fn begin(&mut self) -> u32 {
        *self = Self { run: self.run + 1, stage: Stage::Looking, ..Self::default() };
        self.run
    }

    /// Notes that the files have changed.
    pub(crate) fn outdate(&mut self) {
        self.outdated = true;
    }

    /// Whether there is something to see of it.
    pub(crate) fn is_shown(&self) -> bool {
        !matches!(self.stage, Stage::Idle)
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Looking | Stage::Running)
    }

    /// Takes news of a run in; gives whether it was of the one that runs.
    pub(crate) fn take(&mut self, of: u32, news: Json) -> bool {
        if of != self.run {
            return false;
        }
        match news.text("event").as_str() {
            "looking" => self.stage = Stage::Looking,
            "absent" => {
                let denied = news.get("denied").is_truthy();
                self.stage = Stage::Absent { command: news.text("command"), denied };
            }
            "pair" => self.stage = Stage::Pairing { at: news.text("at"), why: news.text("why") },
            "paired" => self.stage = Stage::Running,
            "cancelled" => *self = Self { run: of, ..Self::default() },
            "failed" => self.stage = Stage::Failed(news.text("why")),
            "error" => self.stage = Stage::Failed(news.text("message")),
            "began" => {
                self.stage = Stage::Running;
                let outcome = String::new();
                self.connections.push(Connection { told: news, steps: vec![], outcome });
            }
            "report" => {
                let report = news.get("report");
                let connections = report.list("connections").into_iter().map(|told| Connection {
                    steps: told.list("steps"),
                    outcome: told.text("outcome"),
                    told,
                });
                self.connections = connections.collect();
                self.stage = Stage::Done(report);
            }
            event => {
                let id = news.get("connection");
                let mut all = self.connections.iter_mut();
                let Some(connection) = all.find(|one| one.told.get("connection") == id) else {
                    return false;
                };
                match event {
                    "step" => connection.steps.push(news),
                    "ended" => connection.outcome = news.text("outcome"),
                    // A newer companion may tell more.
                    _ => {}
                }
            }
        }
        true
    }

    /// What became of the connections of a client (`response`, `usage`, `router`; `sync`, `async`) to a
    /// target of this kind, of the files as they are.
    pub(crate) fn status(&self, consumer: &str, api: &str, kind: &str) -> Option<Status> {
        if self.outdated {
            return None;
        }
        let own = |one: &&Connection| {
            let user = |user: &Json| user.text("consumer") == consumer && user.text("api") == api;
            let sentinel = one.told.text("part") == "sentinel";
            one.told.list("users").iter().any(user) && sentinel == (kind == "Sentinel")
        };
        let done = matches!(self.stage, Stage::Done(_));
        let mut status = None;
        for one in self.connections.iter().filter(own) {
            match (one.outcome.as_str(), &status) {
                (_, Some(Status::Running)) => {}
                ("", _) => status = Some(Status::Running),
                (_, Some(Status::Failed(_))) => {}
                // The report tells which ones no part of LiteLLM misses.
                (outcome, _)
                    if outcome != "ok"
                        && (!done
                            || one.told.get("needed").is_truthy()
                            || one.told.get("optional").is_truthy()) =>
                {
                    status = Some(Status::Failed(outcome.to_owned()));
                }
                _ => status = Some(Status::Ok),
            }
        }
        status
    }

    /// What was done so far; nothing before a test was asked for.
    pub(crate) fn view(&self, link: &Scope<App>) -> Html {
        let again = || button("Test again", link.callback(|_: MouseEvent| Msg::Test));
        let cancel = || button("Cancel", Callback::from(|_| bridge::cancel_test()));
        let (tone, headline, body) = match &self.stage {
            Stage::Idle => return html! {},
            Stage::Looking => ("", "Looking for the companion…", cancel()),
            Stage::Absent { command, denied } => {
                ("", "", html! { <Absent command={command.clone()} denied={*denied} /> })
            }
            Stage::Pairing { at, why } => ("", "", html! { <>{ pairing(at, why) }{ cancel() }</> }),
            Stage::Running => ("", "Testing the connections…", cancel()),
            Stage::Failed(why) => (
                "error",
                "The live test could not run",
                html! { <>{ text("p", "", why) }{ again() }</> },
            ),
            Stage::Done(report) => {
                let ok = report.text("outcome") == "ok";
                let detail = report.text("detail");
                let body = html! {
                    <>
                        if self.connections.is_empty() {
                            { text("p", "", &detail) }
                        }
                        { text("p", "note if-outdated", "The files have changed since.") }
                        { again() }
                    </>
                };
                match (ok, self.connections.is_empty()) {
                    (true, true) => ("", "LiteLLM opens no connection to Redis", body),
                    (true, false) => ("good", "Works on the live servers", body),
                    (false, _) => ("error", "Does not work on the live servers", body),
                }
            }
        };
        html! {
            <div class={classes!(self.outdated.then_some("outdated"))}>
                <section class={classes!("live", tone)} aria-label="Live test" tabindex="-1">
                    { text("h2", "", "Live test") }
                    <p class="headline" role="status">{ headline }</p>
                    { body }
                    { for self.connections.iter().map(Connection::view) }
                </section>
            </div>
        }
    }
}

impl Connection {
    fn is_ok(&self) -> bool {
        self.outcome == "ok"
    }

    fn view(&self) -> Html {
        let told = &self.told;
        let (tone, outcome) = match self.outcome.as_str() {
            "" => ("plain", "…"),
            "ok" => ("good", "ok"),
            outcome => ("error", outcome),
        };
        let api = told.text("api");
        let api = match api.as_str() {
            "both" => "sync and async",
            "native" => "Rust",
            api => api,
        };
        let line = |class: &'static str, name: &str| sentence(class, &told.text(name));
        let findings = told.list("findings");
        let serious = findings.iter().any(|found| found.text("severity") == "error");
        let passed_over = |step: &&Json| step.text("result").ends_with("the client ignores that");
        let steps = self.steps.iter().filter(|step| !passed_over(step));
        let consumers = told.joined("consumers");
        let consumers =
            consumers.replace("response", "response cache").replace("usage", "coordination");
        html! {
            <details class={classes!("connection", tone)} open={!self.is_ok() || serious}>
                <summary>
                    { text("span", "consumer", &consumers) }
                    { text("span", "api", api) }
                    { text("span", "address", &told.text("target")) }
                    <span class={classes!("badge", tone)}>{ outcome }</span>
                </summary>
                { line("message", "detail") }
                { line("help", "help") }
                { strict_verdict(&told.get("strict"), &self.outcome) }
                { for findings.iter().map(finding) }
                <ol class="steps">{ for steps.map(step) }</ol>
                { chain(&told.get("tls")) }
                { line("note", "server") }
            </details>
        }
    }
}

/// An element with a text; nothing without one.
fn text(tag: &'static str, class: &'static str, text: &str) -> Html {
    if text.is_empty() {
        return html! {};
    }
    let mut element = VTag::new(tag);
    element.add_attribute("class", class);
    element.add_child(VText::new(text.to_owned()).into());
    element.into()
}

/// A sentence or two, with code in it; nothing without one.
fn sentence(class: &'static str, words: &str) -> Html {
    if words.is_empty() {
        return html! {};
    }
    html! { <p {class}>{ prose(words) }</p> }
}

/// What is wrong though the connection works.
fn finding(found: &Json) -> Html {
    let severity = found.text("severity");
    let label = format!("{severity} {}", found.text("code"));
    html! {
        <>
            <p class="message">
                <span class={classes!("severity", severity)}>{ label }</span>{ " " }
                { prose(&found.text("message")) }
            </p>
            { sentence("help", &found.text("help")) }
        </>
    }
}

fn button(label: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="fix" {onclick}>{ label }</button> }
}

#[derive(Properties, PartialEq)]
struct AbsentProps {
    command: AttrValue,
    denied: bool,
}

/// How to start a companion.
#[component]
fn Absent(props: &AbsentProps) -> Html {
    let copied = use_state(|| false);
    let copy = {
        let (command, copied) = (props.command.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let (command, copied) = (command.clone(), copied.clone());
            wasm_bindgen_futures::spawn_local(async move {
                copied.set(bridge::copy(&command).await);
            });
        })
    };
    let denied = if props.denied {
        "The browser blocks this page from reaching your computer: allow local network access in the site settings."
    } else {
        ""
    };
    html! {
        <>
            <p>
                { "To open the connections from this computer, run " }
                { text("code", "", &props.command) }
                { " in a terminal, and press Test live again." }
            </p>
            { text("p", "note", denied) }
            { button(if *copied { "Copied" } else { "Copy the command" }, copy) }
        </>
    }
}

/// Asks for the pairing code.
fn pairing(at: &str, why: &str) -> Html {
    let onsubmit = Callback::from(|event: SubmitEvent| {
        event.prevent_default();
        bridge::pair();
    });
    html! {
        <form {onsubmit}>
            <label for="pairing-code">{ format!("Pairing code, as the companion at {at} printed it in its terminal") }</label>
            <input
                id="pairing-code"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                placeholder="ABCD-2345"
                required=true
                aria-invalid={if why.is_empty() { "false" } else { "true" }}
                aria-describedby="pairing-problem"
            />
            <button class="primary">{ "Pair" }</button>
            <p id="pairing-problem" class="problem-text" role="alert">{ why }</p>
        </form>
    }
}

/// What a client says that checks chain and name, whatever is configured, where that differs.
fn strict_verdict(strict: &Json, outcome: &str) -> Html {
    let verdict = strict.text("outcome");
    if verdict.is_empty() || verdict == outcome {
        return html! {};
    }
    let detail = strict.text("detail");
    let detail = detail.trim_end_matches('.');
    let words = match (verdict.as_str(), detail) {
        ("ok", _) => "TLS is sound: chain and name verify.".to_owned(),
        (verdict, "") => format!("A client that verifies chain and name fails: {verdict}."),
        (verdict, detail) => {
            format!("A client that verifies chain and name fails ({verdict}): {detail}.")
        }
    };
    text("p", "note", &words)
}

fn step(step: &Json) -> Html {
    html! {
        <li>
            { text("span", "step", &step.text("step")) }
            { text("span", "outcome", &step.text("result")) }
            { text("span", "time", &milliseconds(step.number("ms"))) }
        </li>
    }
}

fn chain(tls: &Json) -> Html {
    if !tls.is_truthy() {
        return html! {};
    }
    html! {
        <div class="chain">
            { text("p", "note", &format!("{} {}", tls.text("version"), tls.text("cipher"))) }
            <ol>
                { for tls.list("chain").iter().map(|certificate| {
                    let text_of = |name: &str| certificate.text(name);
                    let names = certificate.joined("sans");
                    let facts = format!(
                        "{}; {}; {} days left, until {}; signed by {}",
                        if names.is_empty() { "no names" } else { &names },
                        text_of("key"),
                        certificate.number("days_left"),
                        text_of("not_after"),
                        text_of("issuer"),
                    );
                    html! { <li>{ text("p", "subject", &text_of("subject")) }{ text("p", "note", &facts) }</li> }
                }) }
            </ol>
        </div>
    }
}

/// Three digits of a fraction are noise.
fn milliseconds(ms: f64) -> String {
    format!("{ms:.1} ms")
}
