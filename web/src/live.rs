//! The live test, as far as the map and the bar show it: the workbench shows what was done.

use redproof_core::outcome::{Api, Consumer};
use redproof_desk::Json;
use web_sys::Element;
use yew::prelude::*;

use crate::bridge;

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
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// None was asked for, or it was given up.
    #[default]
    Idle,
    Running,
    /// The user is asked something.
    Waiting,
    Done,
}

/// A connection that was begun: who uses it, and what became of it.
struct Connection {
    which: Json,
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
        *self = Self { run: self.run + 1, stage: Stage::Running, ..Self::default() };
        self.run
    }

    /// Takes news of a run in; gives whether it was of the one that runs, and changes the page.
    pub(crate) fn take(&mut self, of: u32, news: Json) -> bool {
        if of != self.run {
            return false;
        }
        match news.text("event").as_str() {
            "absent" | "pair" => self.stage = Stage::Waiting,
            "paired" => self.stage = Stage::Running,
            "cancelled" => *self = Self { run: of, ..Self::default() },
            "failed" | "error" => self.stage = Stage::Done,
            "began" => {
                self.connections.push(Connection { which: news, outcome: String::new() });
            }
            "ended" => {
                let id = news.get("connection");
                for one in &mut self.connections {
                    if one.which.get("connection") == id {
                        one.outcome = news.text("outcome");
                    }
                }
            }
            "report" => {
                let all = news.get("report").list("connections").into_iter();
                self.connections =
                    all.map(|which| Connection { outcome: which.text("outcome"), which }).collect();
                self.stage = Stage::Done;
            }
            _ => return false,
        }
        true
    }

    /// Notes that the files have changed.
    pub(crate) fn outdate(&mut self) {
        self.outdated = true;
    }

    pub(crate) fn is_running(&self) -> bool {
        self.stage == Stage::Running
    }

    /// What became of the connections of a client to a target of this kind, of the files as they
    /// stand.
    pub(crate) fn status(&self, consumer: Consumer, api: Api, kind: &str) -> Option<Status> {
        if self.outdated {
            return None;
        }
        let consumer = match consumer {
            Consumer::Response => "response",
            Consumer::Usage => "usage",
            Consumer::Router => "router",
        };
        let api = match api {
            Api::Sync => "sync",
            Api::Async => "async",
            Api::Native => "native",
        };
        let own = |one: &&Connection| {
            let user = |user: &Json| user.text("consumer") == consumer && user.text("api") == api;
            let sentinel = one.which.text("part") == "sentinel";
            one.which.list("users").iter().any(user) && sentinel == (kind == "Sentinel")
        };
        let mut status = None;
        for one in self.connections.iter().filter(own) {
            match (one.outcome.as_str(), &status) {
                (_, Some(Status::Running)) => {}
                ("", _) => status = Some(Status::Running),
                (_, Some(Status::Failed(_))) => {}
                // The report tells which ones LiteLLM can do without.
                (outcome, _)
                    if outcome != "ok"
                        && (one.which.get("needed").is_truthy() || self.stage != Stage::Done) =>
                {
                    status = Some(Status::Failed(outcome.to_owned()));
                }
                _ => status = Some(Status::Ok),
            }
        }
        status
    }

    /// Where the workbench shows what was done.
    pub(crate) fn view(&self) -> Html {
        if self.stage == Stage::Idle {
            return html! {};
        }
        html! { <div class={classes!(self.outdated.then_some("outdated"))}><Shown /></div> }
    }
}

/// An element that the workbench draws in by itself.
#[component]
fn Shown() -> Html {
    let parent = use_node_ref();
    use_effect_with((), {
        let parent = parent.clone();
        move |()| {
            if let Some(parent) = parent.cast::<Element>() {
                bridge::show_live(&parent);
            }
        }
    });
    html! { <div ref={parent}></div> }
}
